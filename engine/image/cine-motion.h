/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/cine.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define UT_CINE_MOTION_MIN_FRAMES 8 /* fewer show no beat */

/** UtCineBeat: one beat of a loop, from an end-diastole to the frame before the next one */
typedef struct UtCineBeat {
  guint first, last;       /* frames; the loop's ends where a beat is cut by them */
  int frames[UT_N_PHASES]; /* ED and ES as they are proposed, -1 = not in the loop */
  gboolean whole;          /* both ends of it are in the loop */
  double begin_ms, end_ms; /* the same in time, between frames */
} UtCineBeat;

/**
 * UtCineMotion:
 *
 * How the heart in a loop empties and fills, its beats, and the frames proposed for ED and ES.
 * Proposals only: nobody has looked at them. Never changed once made.
 */
typedef struct UtCineMotion {
  guint n_frames;
  float *emptying;   /* [n_frames], 0 the fullest frame of the loop, 1 the emptiest */
  UtCineBeat *beats; /* [n_beats], in time; NULL where the loop shows none */
  guint n_beats;
  int proposed;          /* the first beat that shows both clearly, -1 = none */
  gboolean from_r_waves; /* the beats begin at the file's R waves */
  gatomicrefcount ref_count;
} UtCineMotion;

/**
 * ut_cine_motion_new:
 * @view: what the loop shows
 * @cancel: (nullable)
 *
 * Finds the beats of a loop by the pictures alone and, where the file has them, by its R waves.
 * Of a still picture, a loop of fewer than UT_CINE_MOTION_MIN_FRAMES frames and one in which
 * nothing moves there are no beats.
 *
 * Errors: G_IO_ERROR_CANCELLED.
 * Threads: pure; any thread. Cost: one reading of the pixels, about 1 s for 2 GiB.
 * Method: cine-motion.c
 *
 * Returns: (transfer full): the motion, or NULL with @error set
 */
UtCineMotion *
ut_cine_motion_new (const UtCine *cine, UtView view, GCancellable *cancel, GError **error);

UtCineMotion *ut_cine_motion_ref (UtCineMotion *self);
void ut_cine_motion_unref (UtCineMotion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtCineMotion, ut_cine_motion_unref)

/** ut_cine_motion_beat_at: the beat that holds @frame, or the nearest one; -1 = there are none */
int ut_cine_motion_beat_at (const UtCineMotion *self, guint frame);

G_END_DECLS
