/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study-file.h"

#define FIXTURE_FRAMES    8
#define FIXTURE_WIDTH     40
#define FIXTURE_HEIGHT    30
#define FIXTURE_ROW_MM    0.4
#define FIXTURE_COLUMN_MM 0.5

/** fixture_folder: (transfer full): a new empty folder that goes away with its parent when the test
 * ends */
char *fixture_folder (void);

/** fixture_count_entries: of a folder; 0 where there is none */
guint fixture_count_entries (const char *folder);

/** fixture_cine: a loop of noise by @seed; calibrated by "sidecar" where asked */
UtCine *fixture_cine (guint32 seed, gboolean calibrated);

/** fixture_add_loop: writes a loop as stills to @folder/@name, opens it and puts it into @view */
void fixture_add_loop (UtStudy *study,
                       UtView view,
                       const char *folder,
                       const char *name,
                       guint32 seed,
                       gboolean calibrated);

/**
 * fixture_twin:
 * @lv_radius_mm: of the LV cavity; Myo is a shell of 10 mm round it, the other chambers
 *   are balls of 20 mm that touch nothing
 * @stages: bits of UtTwinStage that get probabilities
 */
UtTwin *fixture_twin (UtPhase phase, double lv_radius_mm, guint stages);

/** fixture_whole_twin: fixture_twin() with every stage (the template as labels), template 3, maps
 * of the branches, spread and volumes of 4 seeds */
UtTwin *fixture_whole_twin (UtPhase phase, double lv_radius_mm);

/** fixture_set_results: makes results of @twins (NULL = leave that phase) and adds them */
void
fixture_set_results (UtStudy *study, const UtStudyState *inputs, UtTwin *const twins[UT_N_PHASES]);

/** fixture_reference: the labels of fixture_twin() as a file in @folder, read as a reference */
UtStudyReference *
fixture_reference (const char *folder, const char *name, UtPhase phase, double lv_radius_mm);

/** fixture_study: three calibrated loops, marked at ED 2 and ES 5 (counted from 0), two results, an
 * ED reference, saved in @folder */
UtStudy *fixture_study (const char *folder);

/** fixture_mark_all: sets both marks in every view */
void fixture_mark_all (UtStudy *study);
