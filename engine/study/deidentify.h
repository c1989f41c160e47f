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
 *                           outside of the echo picture (sector-mask.h) and in areas that a person
 *                           blacked out are black in every frame
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
 *   added     how many areas of a view's loop were blacked out, not where or why: that they are
 * black anybody sees, what was written there nobody is to guess replaced  loops and references by
 * the files above; their hashes by those of these files; where a spacing was read from, by
 * "sidecar" (DEIDENTIFIED.txt says what it was) left out  label, sex, height and weight, paths and
 * names of files, reviewers' names, all dates and times of day, reasons that are none of
 * ut_review_reasons(), notes on the loops, the study beside this one, members that this program
 * does not know; references, results and edits that could not be read
 *
 * A result whose network would be given other pixels by the copy (something was written, or
 * compression left noise, outside of the echo picture but in its region; or an area that it saw was
 * blacked out) becomes out of date in the copy, because it was made from what the copy does not
 * have; so does one that was already.
 */
#define UT_DEIDENTIFIED_FILE "DEIDENTIFIED.txt"

/** UtDeidentification: a copy to be made. Belongs to one thread at a time; changed by
 * ut_deidentification_black_out() only. */
typedef struct UtDeidentification {
  UtStudyState *state;
  guint8 *masks[UT_N_VIEWS];       /* 1 where a pixel of the loop is kept; NULL: empty slot */
  UtCine *pictures[UT_N_VIEWS];    /* ut_sector_mask_brightest(), before anything was blacked out */
  guint n_blacked_out[UT_N_VIEWS]; /* areas of each loop */
} UtDeidentification;

/** UtBlackArea: a rectangle of a loop as it was filmed, whole pixels, never mirrored; (0, 0) is the
 * upper left pixel */
typedef struct UtBlackArea {
  guint x, y, width, height;
} UtBlackArea;

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
 * ut_deidentification_black_out:
 *
 * Makes the pixels of @area black in every frame of the copy's loop of @view. An area in which none
 * was left to be made so is not counted.
 *
 * Errors: RANGE where @view holds no loop, @area is empty or reaches outside the picture; nothing
 * changes.
 */
gboolean ut_deidentification_black_out (UtDeidentification *self,
                                        UtView view,
                                        const UtBlackArea *area,
                                        GError **error);

/** ut_deidentification_frame: (transfer full): frame @frame (from 0) of the loop of @view, which
 * must hold one, as the copy will show it; NULL with @error (MEMORY) set */
UtCine *ut_deidentification_frame (const UtDeidentification *self,
                                   UtView view,
                                   guint frame,
                                   GError **error);

/**
 * ut_deidentification_write:
 * @ui: (nullable): ut_deidentified_ui()
 * @folder: not there yet, or empty
 * @looked: a person looked at the pictures and left nothing written in them
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
