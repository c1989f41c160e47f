/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/study/study.h"

/**
 * A copy of a study that says nothing of who the patient was, who looked, when and where: to hand
 * to a colleague. It is a study folder that needs nothing outside of itself. In it
 *
 *   a4c/ a2c/ psax/         the loops as pictures (ut_cine_write_stills()); of the files that they
 *                           were read from nothing else is copied, so no header can leak. Pixels
 *                           outside of the echo picture (sector-mask.h) are black in every frame
 *   reference_ed.nii.gz ..  references in the canonical pose, as the study measures against them
 *   results/ edits/         as they are, but for the loops' hashes
 *   study.json              the rest of it
 *   DEIDENTIFIED.txt        what was done, for whoever gets the copy
 *
 * What becomes of all that a study holds:
 *
 *   kept      size, number and times of frames, R waves, heart rate, spacing (of each frame too),
 *             region, ED and ES that a file proposes; calibrations with their lines; marks, mirror
 *             flags, plane shifts, contours; verdicts; order, kind and size of edits and of the
 *             lines of the log; stages, maps and provenance of results (network, device, options,
 *             seeds, frames, seconds); of the window's place: step, frames, camera, phase, layout,
 *             calipers
 *   replaced  loops and references by the files above; their hashes by those of these files; where
 *             a spacing was read from, by "sidecar" (DEIDENTIFIED.txt says what it was)
 *   left out  label, sex, height and weight, paths and names of files, reviewers' names, all dates
 *             and times of day, reasons that are none of ut_review_reasons(), notes on the loops,
 *             the study beside this one, members that this program does not know; references,
 *             results and edits that could not be read
 *
 * A result whose network would be given other pixels by the copy (something was written, or
 * compression left noise, outside of the echo picture but in its region) becomes out of date in the
 * copy, because it was made from what the copy does not have; so does one that was already.
 */
#define UT_DEIDENTIFIED_FILE "DEIDENTIFIED.txt"

/** UtDeidentification: a copy to be made. Changed by nobody once made; any thread. */
typedef struct UtDeidentification {
  UtStudyState *state;
  guint8 *masks[UT_N_VIEWS];    /* ut_sector_mask() of each loop; NULL: empty slot */
  UtCine *pictures[UT_N_VIEWS]; /* ut_sector_mask_brightest() of it: all that a copy will show */
} UtDeidentification;

/**
 * ut_deidentification_new:
 * @progress: (nullable)
 * @cancel: (nullable)
 *
 * Finds the echo pictures of a study's loops. Text inside of these no program can tell: a person is
 * to look at the pictures before the copy is written.
 *
 * Errors: RANGE where no slot holds a loop, or one's file is missing; FORMAT where a loop has no
 * echo picture that can be found: nothing is ever copied unmasked. All name the view. CANCELLED,
 * MEMORY.
 * Threads: any; reads all pixels, so use a worker.
 */
UtDeidentification *ut_deidentification_new (UtStudyState *state,
                                             UtProgress *progress,
                                             GCancellable *cancel,
                                             GError **error);
void ut_deidentification_free (UtDeidentification *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtDeidentification, ut_deidentification_free)

/**
 * ut_deidentification_write:
 * @ui: (nullable): ut_deidentified_ui()
 * @folder: not there yet, or empty
 * @looked: a person looked at the pictures and found nothing written in them
 * @ret_stale: (out): the phases whose result is out of date in the copy
 *
 * Writes the copy beside its place, and puts it there when it is whole: what fails or is cancelled
 * leaves nothing behind but the folders above @folder, which are made where missing.
 *
 * Errors: G_FILE_ERROR_EXIST where @folder holds anything, other G_FILE_ERROR; G_IO_ERROR;
 * CANCELLED. Messages name the last part of @folder only.
 */
gboolean ut_deidentification_write (const UtDeidentification *self,
                                    JsonObject *ui,
                                    const char *folder,
                                    gboolean looked,
                                    gboolean ret_stale[UT_N_PHASES],
                                    UtProgress *progress,
                                    GCancellable *cancel,
                                    GError **error);

/** ut_deidentified_ui: (transfer full) (nullable): what of the window's place (ut_study_get_ui())
 * tells nothing; shares no node with @ui (nullable), so that a worker may have it */
JsonObject *ut_deidentified_ui (JsonObject *ui);

/** ut_deidentified_state: (transfer full): @self without names, times and typed texts; its loops,
 * references and results still are the study's own */
UtStudyState *ut_deidentified_state (const UtStudyState *self);
