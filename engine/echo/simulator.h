/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/heart-motion.h"
#include "engine/anatomy/view-plane.h"
#include "engine/base/progress.h"
#include "engine/echo/scanner.h"
#include "engine/image/cine.h"

#include <gio/gio.h>

/**
 * UtEchoScene:
 *
 * A heart at one moment of the beat, ready to be imaged from anywhere: smooth
 * distance fields of its structures, the walls that the labels lack (RV, atria,
 * pericardium), papillary muscles, and a texture that is fixed to the tissue.
 * Immutable: several threads may render one scene.
 */
typedef struct UtEchoScene UtEchoScene;

/**
 * ut_echo_scene_new:
 * @labels: UT_VOXEL_U8 heart; codes as UtStructure; not kept
 * @landmarks: of @labels
 * @landmarks_ed: (nullable): of the same heart at end-diastole: ties the texture to
 *   the tissue, so that speckle moves with the wall; NULL where @labels is at ED
 * @seed: of the patient's tissue; the same for all moments of a heart
 *
 * Cost: about 0.1 s and 35 MB for a heart of 100^3 voxels.
 * Errors: FORMAT where @labels is not uint8; RANGE where its grid is too large.
 */
UtEchoScene *ut_echo_scene_new (const UtVolume *labels,
                                const UtLandmarks *landmarks,
                                const UtLandmarks *landmarks_ed,
                                guint64 seed,
                                GError **error);

void ut_echo_scene_free (UtEchoScene *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtEchoScene, ut_echo_scene_free)

/** UtEchoMoment: what differs between two frames of one scene */
typedef struct UtEchoMoment {
  double mitral_opening;    /* 0 closed line, 0.3 domed, 1 leaflets along the walls */
  double tricuspid_opening; /* the same */
  double ecg_phase;         /* 0 to 1, where the trace of the overlay stands */
  guint64 seed;             /* of what changes from frame to frame: blood, electronic noise */
} UtEchoMoment;

/** ut_echo_moment_draw: valves as real ED or ES frames show them, and a new seed */
UtEchoMoment ut_echo_moment_draw (UtPhase phase, UtRandom *random);

/**
 * UtEchoPicture:
 *
 * The raster of a picture. Pixel (row, col) has its centre at
 * x = (col - probe_col) mm_per_px, y = (row - probe_row) mm_per_px in the
 * coordinates of UtViewPlane: square pixels, the tip of the sector at the probe.
 */
typedef struct UtEchoPicture {
  guint width, height; /* pixels, 16 to 2048 */
  double mm_per_px;
  double probe_col, probe_row;
} UtEchoPicture;

/**
 * ut_echo_picture_fit:
 *
 * The raster in which the whole sector of @scanner (less what its cut takes) just
 * fits @width x @height, tip at the top centre.
 */
UtEchoPicture ut_echo_picture_fit (const UtScanner *scanner, guint width, guint height);

/**
 * ut_echo_scene_render:
 * @plane: picture plane; only origin and axes count, the depth is the scanner's
 * @ret_pixels: (out): [height, width] grey, row 0 at the top, 0 outside the sector
 * @ret_labels: (out) (nullable): [height, width] UtStructure at the pixel centres
 *   in the plane, sector or not: nearest voxel of the scene's labels
 *
 * Makes the B-mode picture of a scene. Same arguments, same picture, on one machine.
 *
 * Threads: pure. Cost: about 10 ms for 224 x 224.
 * Method: echo levels on a grid of beams and samples, point-spread function and
 * speckle there, then compression and scan conversion; see simulator.c.
 */
void ut_echo_scene_render (const UtEchoScene *self,
                           const UtViewPlane *plane,
                           const UtScanner *scanner,
                           const UtEchoPicture *picture,
                           const UtEchoMoment *moment,
                           guint8 *ret_pixels,
                           guint8 *ret_labels);

/** UtEchoLoopParams: all zero is one beat at 60 bpm, 30 frames a second, 448 x 448 */
typedef struct UtEchoLoopParams {
  UtView view;
  guint width, height; /* 0: 448 */
  guint n_beats;       /* 0: 1 */
  double heart_rate_bpm;
  double frame_rate;
  guint64 seed;
  gboolean marked_only; /* of the loop, keep the ED and the ES frame, as they are in it */
} UtEchoLoopParams;

/** UtEchoFilm: one view to film */
typedef struct UtEchoFilm {
  UtViewPlane plane;
  UtScanner scanner;
  UtEchoLoopParams params;
} UtEchoFilm;

/**
 * ut_echo_film:
 * @motion: the beating heart
 * @films: (array length=n_films): views of it
 * @seed: of the patient's tissue, see ut_echo_scene_new()
 * @ret_cines: (out) (array length=n_films): (transfer full elements): the loops
 *
 * Films whole beats from several sides: frame times, R-waves, heart rate, view and ED
 * and ES hints (of the first beat) set; calibration is that of a sidecar file. The first
 * frame is at end-diastole, and one more frame than the beats hold closes the last beat.
 * The heart's contraction moves in 16 steps, so that views and beats share their scenes.
 *
 * Errors: as ut_heart_motion_at() and ut_cine_new(); G_IO_ERROR_CANCELLED.
 * Threads: uses the worker pool. Cost: about 4 s of one core, and 17 ms per frame; 0.5 s where
 * all films are marked_only.
 */
gboolean ut_echo_film (const UtHeartMotion *motion,
                       const UtEchoFilm *films,
                       guint n_films,
                       guint64 seed,
                       UtCine **ret_cines,
                       UtProgress *progress,
                       GCancellable *cancellable,
                       GError **error);
