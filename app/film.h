/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/study/study.h"
#include "render/camera.h"

#include <gio/gio.h>

#define UT_FILM_FPS 30

/** Smaller than this the legend of a film cannot be read. */
#define UT_FILM_MIN_WIDTH_PX  640
#define UT_FILM_MIN_HEIGHT_PX 360

/** UtFilmKind: what happens in it; bits */
typedef enum {
  UT_FILM_TURN = 1 << 0, /* a full turn about what is upright in the first frame */
  UT_FILM_BEAT = 1 << 1, /* from ED to ES and back, interpolated (app/moments.h) */
} UtFilmKind;

/** UtFilm: all but the size may be zero. */
typedef struct UtFilm {
  guint kind;
  UtPhase phase;           /* of a heart that does not beat */
  UtCameraName camera;     /* of the first frame; from A, P, L and R, feet and head are upright */
  guint n_beats;           /* that it lasts, UT_BEAT_MS each; 0 = 1, or 5 for a heart that turns */
  int width_px, height_px; /* even, at least the smallest */
} UtFilm;

/** ut_film_n_frames: after the last comes the first again, without a jump */
guint ut_film_n_frames (const UtFilm *self);

/**
 * ut_film_write:
 *
 * Figures (ut_figure_draw()) as a film, UT_FILM_FPS a second, captioned as figures are; all of a
 * beating heart says that it is interpolated. Whatever the phase, the hearts of a study have one
 * scale.
 *
 * Errors: RANGE where a heart that it needs is not there; as ut_video_file_new(),
 * ut_figure_draw(); CANCELLED. Nothing is left behind then. Threads: any.
 */
gboolean ut_film_write (const UtStudyState *state,
                        const UtFilm *self,
                        const char *path,
                        UtProgress *progress,
                        GCancellable *cancel,
                        GError **error);
