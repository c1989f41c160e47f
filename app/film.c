/* SPDX-License-Identifier: Apache-2.0 */
#include "app/film.h"

#include "app/figures.h"
#include "app/moments.h"
#include "app/video-file.h"
#include "engine/base/error.h"

#include <glib/gi18n.h>

#define BEAT_FRAMES (UT_BEAT_MS * UT_FILM_FPS / 1000)
#define N_MOMENTS   (BEAT_FRAMES / 2 + 1) /* ED to ES; back through the same */

guint
ut_film_n_frames (const UtFilm *self)
{
  guint n_beats = self->kind & UT_FILM_TURN ? 5 : 1;
  return BEAT_FRAMES * (self->n_beats > 0 ? self->n_beats : n_beats);
}

static gboolean
has_hearts (const UtStudyState *state, const UtFilm *self, GError **error)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if ((self->kind & UT_FILM_BEAT || phase == self->phase) &&
        ut_study_twin (state, phase) == NULL) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   _ ("there is no heart at %s to film: reconstruct it first"),
                   ut_phase_name (phase));
      return FALSE;
    }
  return TRUE;
}

/* Adds the surfaces of the other phase, where there is one, or takes them away again. */
static void
set_other (UtScene *scene, const UtScene *other, gboolean shown)
{
  for (guint i = 0; other != NULL && i < other->items->len; i++) {
    const UtSceneItem *item = ut_scene_item (other, i);
    ut_scene_set_mesh (scene, item->id + UT_N_LABELS, item->structure, shown ? item->mesh : NULL);
  }
}

/* Looks at both phases, so that neither leaves the picture and their sizes compare. */
static gboolean
place_camera (
  UtScene *scene, const UtTwin *other, const UtFilm *self, UtCamera *ret_camera, GError **error)
{
  float aspect = ut_figure_aspect (self->width_px, self->height_px);
  g_autoptr (UtScene) behind = other != NULL ? ut_figure_scene (other, NULL, error) : NULL;
  if (other != NULL && behind == NULL)
    return FALSE;
  set_other (scene, behind, TRUE);
  if (self->kind & UT_FILM_TURN)
    ut_turntable_camera (scene, self->camera, aspect, ret_camera);
  else
    ut_figure_camera (scene, self->camera, aspect, ret_camera);
  set_other (scene, behind, FALSE);
  return TRUE;
}

static GPtrArray *
make_moments (const UtStudyState *state, UtProgress *progress, GCancellable *cancel, GError **error)
{
  double t[N_MOMENTS];
  for (guint i = 0; i < N_MOMENTS; i++)
    t[i] = ut_beat_contraction ((double)i / BEAT_FRAMES);
  return ut_moments_new (ut_study_twin (state, UT_PHASE_ED),
                         ut_study_twin (state, UT_PHASE_ES),
                         t,
                         N_MOMENTS,
                         progress,
                         cancel,
                         error);
}

static void
show_moment (UtScene *scene, const GPtrArray *moments, guint frame)
{
  guint i = frame % BEAT_FRAMES;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    ut_scene_set_mesh (scene, s, s, ut_moments_mesh (moments, MIN (i, BEAT_FRAMES - i), s));
}

/* @moments: NULL where it does not beat */
static gboolean
write_frames (UtVideoFile *video,
              const UtFilm *self,
              UtScene *scene,
              const UtCamera *first,
              const char *caption,
              const GPtrArray *moments,
              UtProgress *progress,
              GCancellable *cancel,
              GError **error)
{
  g_autoptr (UtOffscreen) offscreen = ut_offscreen_new (error);
  guint n = ut_film_n_frames (self);
  for (guint i = 0; offscreen != NULL && i < n; i++) {
    UtCamera camera = *first;
    ut_progress_set (progress, (double)i / n, UT_STAGE_WRITE);
    if (moments != NULL)
      show_moment (scene, moments, i);
    if (self->kind & UT_FILM_TURN)
      ut_camera_orbit (&camera, (float)(2 * G_PI * i / n), 0);
    cairo_surface_t *frame =
      ut_figure_draw (offscreen, scene, &camera, caption, self->width_px, self->height_px, error);
    gboolean added = frame != NULL && ut_video_file_add (video, frame, cancel, error);
    g_clear_pointer (&frame, cairo_surface_destroy);
    if (!added)
      return FALSE;
  }
  return offscreen != NULL && ut_video_file_finish (video, cancel, error);
}

gboolean
ut_film_write (const UtStudyState *state,
               const UtFilm *self,
               const char *path,
               UtProgress *progress,
               GCancellable *cancel,
               GError **error)
{
  UtCamera camera;
  gboolean beats = self->kind & UT_FILM_BEAT;
  UtPhase phase = beats ? UT_PHASE_ED : self->phase;
  const UtTwin *twin = ut_study_twin (state, phase);
  const UtTwin *other = ut_study_twin (state, phase == UT_PHASE_ED ? UT_PHASE_ES : UT_PHASE_ED);
  const char *seen = self->kind & UT_FILM_TURN ? _ ("turntable") : ut_camera_name (self->camera);
  if (!has_hearts (state, self, error))
    return FALSE;
  g_autoptr (UtVideoFile) video =
    ut_video_file_new (path, self->width_px, self->height_px, UT_FILM_FPS, error);
  g_autoptr (UtScene) scene = video != NULL ? ut_figure_scene (twin, NULL, error) : NULL;
  if (scene == NULL || !place_camera (scene, other, self, &camera, error))
    return FALSE;
  UtProgress shapes = ut_progress_step (progress, beats ? 0.2 : 0);
  UtProgress frames = ut_progress_step (progress, beats ? 0.8 : 1);
  g_autoptr (GPtrArray) moments = beats ? make_moments (state, &shapes, cancel, error) : NULL;
  if (beats && moments == NULL)
    return FALSE;
  g_autofree char *caption =
    beats ? ut_figure_caption_between (state, seen) : ut_figure_caption (state, twin, seen);
  return write_frames (video, self, scene, &camera, caption, moments, &frames, cancel, error);
}
