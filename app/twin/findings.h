/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "engine/measure/stage-change.h"
#include "engine/measure/topology-report.h"

G_BEGIN_DECLS

/**
 * UtPhaseFindings: what looking closely at the label maps of one phase's twin found. Index of the
 * stages that are there: 0 to n_stages - 1, in their order.
 */
typedef struct UtPhaseFindings {
  UtStudyResult *result;
  UtStudyReference *reference; /* compared with; NULL where there is none */
  guint n_stages;
  UtTwinStage stages[UT_N_TWIN_STAGES];
  UtTopologyReport *topology[UT_N_TWIN_STAGES];
  UtStageChange changes[UT_N_TWIN_STAGES][UT_N_LABELS];
} UtPhaseFindings;

/** ut_phase_findings_find: index of @stage, of the last one for -1; n_stages where it is absent */
guint ut_phase_findings_find (const UtPhaseFindings *self, int stage);

/** ut_phase_findings_topology: (nullable): of @stage, of the last one for -1 */
const UtTopologyReport *ut_phase_findings_topology (const UtPhaseFindings *self, int stage);

/** ut_phase_findings_changes: (nullable) (array length=UT_N_LABELS): the same */
const UtStageChange *ut_phase_findings_changes (const UtPhaseFindings *self, int stage);

#define UT_TYPE_FINDINGS (ut_findings_get_type ())
G_DECLARE_FINAL_TYPE (UtFindings, ut_findings, UT, FINDINGS, GObject)

/**
 * UtFindings:
 *
 * Topology of every stage of the open study's twins, and what each changed. Follows the document
 * by itself, in the background. Signal `changed`: new content.
 */
UtFindings *ut_findings_new (UtDocument *document);

/** ut_findings_get: (transfer none) (nullable): NULL where the phase has no twin, or while the
 * first look at it lasts */
const UtPhaseFindings *ut_findings_get (UtFindings *self, UtPhase phase);

G_END_DECLS
