/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/cine.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

#define GUESSED_FRAME_MS 40.0

UtCine *
ut_cine_new (guint n_frames, guint height, guint width, GError **error)
{
  gsize bytes;
  if (n_frames == 0 || n_frames > UT_CINE_MAX_FRAMES || height == 0 || height > UT_CINE_MAX_SIDE ||
      width == 0 || width > UT_CINE_MAX_SIDE ||
      !g_size_checked_mul (&bytes, (gsize)height * width, n_frames) || bytes > UT_CINE_MAX_BYTES) {
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_RANGE,
      ut_words ("loop of %u frames of %u x %u pixels, want 1 to %d frames of at most %d x %d "
                "and 2 GiB in all"),
      n_frames,
      width,
      height,
      UT_CINE_MAX_FRAMES,
      UT_CINE_MAX_SIDE,
      UT_CINE_MAX_SIDE);
    return NULL;
  }
  guint8 *pixels = g_try_malloc0 (bytes);
  if (pixels == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_MEMORY,
                 ut_words ("no memory for a loop of %zu bytes"),
                 bytes);
    return NULL;
  }

  UtCine *self = g_new0 (UtCine, 1);
  self->n_frames = n_frames;
  self->height = height;
  self->width = width;
  self->pixels = pixels;
  self->times_ms = g_new (double, n_frames);
  for (guint i = 0; i < n_frames; i++)
    self->times_ms[i] = i * GUESSED_FRAME_MS;
  self->region[2] = width;
  self->region[3] = height;
  self->view_hint = self->ed_hint = self->es_hint = -1;
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

UtCine *
ut_cine_ref (UtCine *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_cine_unref (UtCine *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->pixels);
  g_free (self->frame_spacing_mm);
  g_free (self->times_ms);
  g_free (self->r_waves_ms);
  g_free (self->patient);
  g_free (self->exam);
  g_free (self->note);
  g_free (self->sha256);
  g_free (self);
}

double
ut_cine_duration_ms (const UtCine *self)
{
  guint last = self->n_frames - 1;
  double frame_ms = last > 0 ? self->times_ms[last] / last : GUESSED_FRAME_MS;
  return self->times_ms[last] + frame_ms;
}

double
ut_cine_beat_ms (const UtCine *self)
{
  if (self->n_r_waves >= 2)
    return (self->r_waves_ms[self->n_r_waves - 1] - self->r_waves_ms[0]) / (self->n_r_waves - 1);
  return self->heart_rate_bpm > 0 ? 60000 / self->heart_rate_bpm : 0;
}

guint
ut_cine_frame_at (const UtCine *self, double time_ms)
{
  guint low = 0, high = self->n_frames; /* the frame is in [low, high) */
  while (high - low > 1) {
    guint middle = low + (high - low) / 2;
    if (self->times_ms[middle] <= time_ms)
      low = middle;
    else
      high = middle;
  }
  return low;
}

guint
ut_cine_nearest_frame (const UtCine *self, double time_ms)
{
  guint frame = ut_cine_frame_at (self, time_ms);
  gboolean next = frame + 1 < self->n_frames &&
                  self->times_ms[frame + 1] - time_ms < time_ms - self->times_ms[frame];
  return next ? frame + 1 : frame;
}
