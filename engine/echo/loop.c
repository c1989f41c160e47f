/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/echo/simulator.h"

#include "engine/base/parallel.h"

#include <math.h>
#include <string.h>

#define N_LEVELS 24 /* moments of contraction for which a scene is made */

/* valve opening over the beat: shut in systole, wide in early filling and at the atrial kick,
 * drifting shut between */
static double
valve_opening (double phase, double es_phase)
{
  double t = (phase - es_phase - 0.03) / (1 - es_phase - 0.03); /* 0 to 1 over diastole */
  if (t <= 0 || t >= 1)
    return 0.0;
  double early = exp (-pow ((t - 0.2) / 0.14, 2)), late = 0.7 * exp (-pow ((t - 0.84) / 0.09, 2));
  double drift = 0.3 * sin (G_PI * t);
  return CLAMP (MAX (MAX (early, late), drift) * MIN (1, 12 * (1 - t)), 0, 1);
}

typedef struct Loop {
  const UtHeartMotion *motion;
  const UtViewPlane *plane;
  const UtScanner *scanner;
  const UtEchoLoopParams *params;
  UtEchoPicture picture;
  UtLandmarks landmarks_ed;
  UtCine *cine;
  double *phases; /* [n_frames] */
  GCancellable *cancellable;
  guint first_level; /* of the piece that is being filmed */
  GMutex mutex;
  GError *error; /* the first one of any thread, under the mutex */
} Loop;

static guint
level_of (double phase)
{
  return (guint)lrint (ut_heart_motion_contraction (phase) * N_LEVELS);
}

/* all frames of one moment of contraction */
static gboolean
film_level (const Loop *self, guint level, GError **error)
{
  g_autoptr (UtVolume) labels = NULL;
  g_autoptr (UtEchoScene) scene = NULL;
  for (guint i = 0; i < self->cine->n_frames; i++) {
    double phase = self->phases[i];
    if (level_of (phase) != level)
      continue;
    if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
    if (scene == NULL) {
      UtLandmarks landmarks;
      labels = ut_heart_motion_at (self->motion, (double)level / N_LEVELS, error);
      if (labels == NULL || !ut_landmarks_find (labels, &landmarks, error))
        return FALSE;
      scene =
        ut_echo_scene_new (labels, &landmarks, &self->landmarks_ed, self->params->seed, error);
      if (scene == NULL)
        return FALSE;
    }
    double opening = valve_opening (phase, ut_heart_motion_es_phase ());
    UtEchoMoment moment = {opening, opening, phase, self->params->seed * 1000003u + i};
    ut_echo_scene_render (scene,
                          self->plane,
                          self->scanner,
                          &self->picture,
                          &moment,
                          self->cine->pixels + (gsize)i * self->cine->height * self->cine->width,
                          NULL);
  }
  return TRUE;
}

static void
film_levels (gsize begin, gsize end, gpointer user_data)
{
  Loop *self = user_data;
  for (gsize i = begin; i < end; i++) {
    g_autoptr (GError) error = NULL;
    if (film_level (self, self->first_level + (guint)i, &error))
      continue;
    g_mutex_lock (&self->mutex);
    if (self->error == NULL)
      self->error = g_steal_pointer (&error);
    g_mutex_unlock (&self->mutex);
  }
}

static gboolean
set_times (Loop *self, guint n_beats, double beat_ms, double frame_ms, GError **error)
{
  guint n_frames = (guint)floor (n_beats * beat_ms / frame_ms + 1e-6) + 1;
  self->cine = ut_cine_new (n_frames, self->picture.height, self->picture.width, error);
  if (self->cine == NULL)
    return FALSE;
  UtCine *cine = self->cine;
  double es_ms = ut_heart_motion_es_phase () * beat_ms;
  self->phases = g_new (double, n_frames);
  for (guint i = 0; i < n_frames; i++) {
    cine->times_ms[i] = i * frame_ms;
    self->phases[i] = fmod (i * frame_ms / beat_ms + 1e-9, 1);
  }
  cine->times_known = TRUE;
  cine->calibration = UT_CALIBRATION_SIDECAR;
  cine->spacing_mm[0] = cine->spacing_mm[1] = self->picture.mm_per_px;
  cine->r_waves_ms = g_new (double, n_beats + 1);
  for (guint beat = 0; beat <= n_beats; beat++)
    if (beat * beat_ms <= cine->times_ms[n_frames - 1] + 0.5 * frame_ms)
      cine->r_waves_ms[cine->n_r_waves++] = beat * beat_ms;
  cine->heart_rate_bpm = 60000 / beat_ms;
  cine->view_hint = (int)self->params->view;
  cine->ed_hint = 0;
  cine->es_hint = (int)ut_cine_frame_at (cine, es_ms + 0.5 * frame_ms);
  return TRUE;
}

UtCine *
ut_echo_loop (const UtHeartMotion *motion,
              const UtViewPlane *plane,
              const UtScanner *scanner,
              const UtEchoLoopParams *params,
              UtProgress *progress,
              GCancellable *cancellable,
              GError **error)
{
  Loop self = {.motion = motion,
               .plane = plane,
               .scanner = scanner,
               .params = params,
               .cancellable = cancellable};
  guint n_beats = params->n_beats > 0 ? params->n_beats : 1;
  double beat_ms = 60000 / (params->heart_rate_bpm > 0 ? params->heart_rate_bpm : 60);
  double frame_ms = 1000 / (params->frame_rate > 0 ? params->frame_rate : 30);
  self.picture = ut_echo_picture_fit (
    scanner, params->width > 0 ? params->width : 448, params->height > 0 ? params->height : 448);
  g_autoptr (UtVolume) labels_ed = ut_heart_motion_at (motion, 0, error);
  if (labels_ed == NULL || !ut_landmarks_find (labels_ed, &self.landmarks_ed, error))
    return NULL;
  if (!set_times (&self, n_beats, beat_ms, frame_ms, error))
    return NULL;
  g_autoptr (UtCine) cine = self.cine;
  g_autofree double *phases = self.phases;
  for (guint level = 0; level <= N_LEVELS; level += ut_parallel_n_threads ()) {
    self.first_level = level;
    gsize n = MIN (ut_parallel_n_threads (), N_LEVELS + 1 - level);
    g_mutex_init (&self.mutex);
    ut_parallel_for (n, 1, film_levels, &self);
    g_mutex_clear (&self.mutex);
    if (self.error != NULL) {
      g_propagate_error (error, self.error);
      return NULL;
    }
    ut_progress_set (progress, (double)(level + n) / (N_LEVELS + 1), UT_STAGE_SIMULATE);
  }
  return g_steal_pointer (&cine);
}
