/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/echo/simulator.h"

#include "engine/base/parallel.h"

#include <math.h>
#include <string.h>

#define N_LEVELS 16 /* moments of contraction for which a scene is made */

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

/* one view being filmed */
typedef struct Reel {
  const UtEchoFilm *film;
  UtEchoPicture picture;
  UtCine *cine;
  double *phases; /* [n_frames] */
  guint *numbers; /* [n_frames] of the frames in the whole loop */
} Reel;

static void
reel_clear (Reel *self)
{
  g_clear_pointer (&self->cine, ut_cine_unref);
  g_clear_pointer (&self->phases, g_free);
  g_clear_pointer (&self->numbers, g_free);
}

typedef struct Filming {
  const UtHeartMotion *motion;
  UtLandmarks landmarks_ed;
  guint64 seed;
  Reel *reels;
  guint n_reels;
  GCancellable *cancellable;
  guint order[N_LEVELS + 1]; /* levels, those with most frames first */
  int next;                  /* atomic: the next place in it */
  GMutex mutex;              /* over the rest */
  const UtProgress *progress;
  guint n_done;  /* levels */
  GError *error; /* the first one of any thread */
} Filming;

static guint
level_of (double phase)
{
  return (guint)lrint (ut_heart_motion_contraction (phase) * N_LEVELS);
}

static UtEchoScene *
make_scene (const Filming *self, guint level, GError **error)
{
  UtLandmarks landmarks;
  g_autoptr (UtVolume) labels = ut_heart_motion_at (self->motion, (double)level / N_LEVELS, error);
  if (labels == NULL || !ut_landmarks_find (labels, &landmarks, error))
    return NULL;
  return ut_echo_scene_new (labels, &landmarks, &self->landmarks_ed, self->seed, error);
}

static void
film_frame (const Reel *reel, const UtEchoScene *scene, guint i)
{
  const UtEchoFilm *film = reel->film;
  double opening = valve_opening (reel->phases[i], ut_heart_motion_es_phase ());
  UtEchoMoment moment = {
    opening, opening, reel->phases[i], film->params.seed * 1000003u + reel->numbers[i]};
  ut_echo_scene_render (scene,
                        &film->plane,
                        &film->scanner,
                        &reel->picture,
                        &moment,
                        reel->cine->pixels + (gsize)i * reel->cine->height * reel->cine->width,
                        NULL);
}

/* all frames of all views at one moment of contraction */
static gboolean
film_level (const Filming *self, guint level, GError **error)
{
  g_autoptr (UtEchoScene) scene = NULL;
  for (Reel *reel = self->reels; reel < self->reels + self->n_reels; reel++)
    for (guint i = 0; i < reel->cine->n_frames; i++) {
      if (level_of (reel->phases[i]) != level)
        continue;
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (scene == NULL && (scene = make_scene (self, level, error)) == NULL)
        return FALSE;
      film_frame (reel, scene, i);
    }
  return TRUE;
}

/* One thread's work: it takes the next level until none is left, as they differ in length. */
static void
film_levels (gsize begin, gsize end, gpointer user_data)
{
  Filming *self = user_data;
  for (int i; (i = g_atomic_int_add (&self->next, 1)) <= N_LEVELS;) {
    g_autoptr (GError) error = NULL;
    film_level (self, self->order[i], &error);
    g_mutex_lock (&self->mutex);
    if (error == NULL)
      ut_progress_set (self->progress, ++self->n_done / (N_LEVELS + 1.0), UT_STAGE_SIMULATE);
    else if (self->error == NULL)
      self->error = g_steal_pointer (&error);
    g_mutex_unlock (&self->mutex);
  }
}

/* Leaves the ED and the ES frame of a reel that is not filmed yet. */
static gboolean
keep_marked (Reel *self, GError **error)
{
  UtCine *whole = self->cine;
  UtCine *cine = ut_cine_new (2, whole->height, whole->width, error);
  if (cine == NULL)
    return FALSE;
  const int kept[2] = {whole->ed_hint, whole->es_hint};
  for (int i = 0; i < 2; i++) {
    cine->times_ms[i] = whole->times_ms[kept[i]] - whole->times_ms[kept[0]];
    self->phases[i] = self->phases[kept[i]];
    self->numbers[i] = self->numbers[kept[i]];
  }
  cine->times_known = TRUE;
  cine->calibration = whole->calibration;
  memcpy (cine->spacing_mm, whole->spacing_mm, sizeof cine->spacing_mm);
  cine->heart_rate_bpm = whole->heart_rate_bpm;
  cine->view_hint = whole->view_hint;
  cine->es_hint = 1;
  cine->ed_hint = 0;
  ut_cine_unref (whole);
  self->cine = cine;
  return TRUE;
}

static gboolean
load_reel (Reel *self, const UtEchoFilm *film, GError **error)
{
  const UtEchoLoopParams *params = &film->params;
  guint n_beats = params->n_beats > 0 ? params->n_beats : 1;
  double beat_ms = 60000 / (params->heart_rate_bpm > 0 ? params->heart_rate_bpm : 60);
  double frame_ms = 1000 / (params->frame_rate > 0 ? params->frame_rate : 30);
  guint n_frames = (guint)floor (n_beats * beat_ms / frame_ms + 1e-6) + 1;
  self->film = film;
  self->picture = ut_echo_picture_fit (&film->scanner,
                                       params->width > 0 ? params->width : 448,
                                       params->height > 0 ? params->height : 448);
  UtCine *cine = ut_cine_new (n_frames, self->picture.height, self->picture.width, error);
  if (cine == NULL)
    return FALSE;
  self->cine = cine;
  self->phases = g_new (double, n_frames);
  self->numbers = g_new (guint, n_frames);
  for (guint i = 0; i < n_frames; i++) {
    cine->times_ms[i] = i * frame_ms;
    self->phases[i] = fmod (i * frame_ms / beat_ms + 1e-9, 1);
    self->numbers[i] = i;
  }
  cine->times_known = TRUE;
  cine->calibration = UT_CALIBRATION_SIDECAR;
  cine->spacing_mm[0] = cine->spacing_mm[1] = self->picture.mm_per_px;
  cine->r_waves_ms = g_new (double, n_beats + 1);
  for (guint beat = 0; beat <= n_beats; beat++)
    if (beat * beat_ms <= cine->times_ms[n_frames - 1] + 0.5 * frame_ms)
      cine->r_waves_ms[cine->n_r_waves++] = beat * beat_ms;
  cine->heart_rate_bpm = 60000 / beat_ms;
  cine->view_hint = (int)params->view;
  cine->ed_hint = 0;
  cine->es_hint =
    (int)ut_cine_frame_at (cine, ut_heart_motion_es_phase () * beat_ms + 0.5 * frame_ms);
  return !params->marked_only || keep_marked (self, error);
}

static guint
count_frames (const Filming *self, guint level)
{
  guint n = 0;
  for (const Reel *reel = self->reels; reel < self->reels + self->n_reels; reel++)
    for (guint i = 0; i < reel->cine->n_frames; i++)
      n += level_of (reel->phases[i]) == level;
  return n;
}

static int
more_frames_first (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const guint *levels[2] = {a, b};
  guint n[2];
  for (int i = 0; i < 2; i++)
    n[i] = count_frames (user_data, *levels[i]);
  return n[0] != n[1] ? (n[0] < n[1] ? 1 : -1) : (int)*levels[0] - (int)*levels[1];
}

static gboolean
film_all (Filming *self, GError **error)
{
  for (guint level = 0; level <= N_LEVELS; level++)
    self->order[level] = level;
  g_qsort_with_data (self->order, N_LEVELS + 1, sizeof *self->order, more_frames_first, self);
  g_mutex_init (&self->mutex);
  ut_parallel_for (ut_parallel_n_threads (), 1, film_levels, self);
  g_mutex_clear (&self->mutex);
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, self->error);
  return FALSE;
}

gboolean
ut_echo_film (const UtHeartMotion *motion,
              const UtEchoFilm *films,
              guint n_films,
              guint64 seed,
              UtCine **ret_cines,
              UtProgress *progress,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GArray) reels = g_array_sized_new (FALSE, TRUE, sizeof (Reel), n_films);
  g_array_set_clear_func (reels, (GDestroyNotify)reel_clear);
  g_array_set_size (reels, n_films);
  Filming self = {.motion = motion,
                  .seed = seed,
                  .reels = (Reel *)reels->data,
                  .n_reels = n_films,
                  .cancellable = cancellable,
                  .progress = progress};
  g_autoptr (UtVolume) labels_ed = ut_heart_motion_at (motion, 0, error);
  if (labels_ed == NULL || !ut_landmarks_find (labels_ed, &self.landmarks_ed, error))
    return FALSE;
  for (guint i = 0; i < n_films; i++)
    if (!load_reel (&self.reels[i], &films[i], error))
      return FALSE;
  if (!film_all (&self, error))
    return FALSE;
  for (guint i = 0; i < n_films; i++)
    ret_cines[i] = g_steal_pointer (&self.reels[i].cine);
  return TRUE;
}
