/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin-input.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/twin/sector-tip.h"

#include <math.h>

void
ut_twin_input_free (UtTwinInput *self)
{
  for (int v = 0; v < UT_N_VIEWS; v++)
    g_free (self->sha256[v]);
  g_free (self->grey);
  g_free (self);
}

/* The stretch of one axis that fills the network's picture, in pixels of the region; may reach
 * beyond it on both sides. */
typedef struct Window {
  double begin, length;
} Window;

/* Weights of one axis: output i is the sum of weight[j] in[first[i] + j], j < n_taps. */
typedef struct Taps {
  gsize n_taps;
  gssize *first;
  float *weight; /* [n_out, n_taps] */
} Taps;

static void
taps_clear (Taps *self)
{
  g_free (self->first);
  g_free (self->weight);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taps, taps_clear)

/* bilinear, half-pixel centres; the edge pixel of the window continues outwards */
static void
fill_enlarging (Taps *self, const Window *window, gsize n_out, gsize i)
{
  double at = ((double)i + 0.5) * window->length / (double)n_out - 0.5;
  at = window->begin + CLAMP (at, 0, MAX (window->length - 1, 0));
  double low = floor (at);
  self->first[i] = (gssize)low;
  self->weight[i * self->n_taps] = (float)(1 - (at - low));
  self->weight[i * self->n_taps + 1] = (float)(at - low);
}

/* mean over the stretch of input that one output pixel covers */
static void
fill_reducing (Taps *self, const Window *window, gsize n_out, gsize i)
{
  double scale = window->length / (double)n_out;
  double begin = window->begin + (double)i * scale, end = begin + scale;
  self->first[i] = (gssize)floor (begin);
  for (gsize j = 0; j < self->n_taps; j++) {
    double pixel = floor (begin) + (double)j;
    double covered = MIN (end, pixel + 1) - MAX (begin, pixel);
    self->weight[i * self->n_taps + j] = (float)(MAX (covered, 0) / scale);
  }
}

static Taps
taps_new (const Window *window, gsize n_out)
{
  gboolean reducing = window->length > (double)n_out;
  Taps self = {.n_taps = reducing ? (gsize)ceil (window->length / (double)n_out) + 1 : 2};
  self.first = g_new (gssize, n_out);
  self.weight = g_new (float, n_out *self.n_taps);
  for (gsize i = 0; i < n_out; i++) {
    if (reducing)
      fill_reducing (&self, window, n_out, i);
    else
      fill_enlarging (&self, window, n_out, i);
  }
  return self;
}

/* the windows of the region of a frame -> out [side, side], 0 to 1; outside the region is black */
static void
resize (const UtCine *cine, guint frame, const Window windows[2], gsize side, float *out)
{
  gsize stride = cine->width, width = cine->region[2], height = cine->region[3];
  const guint8 *corner = ut_cine_frame (cine, frame) + cine->region[1] * stride + cine->region[0];
  g_auto (Taps) rows = taps_new (&windows[0], side);
  g_auto (Taps) columns = taps_new (&windows[1], side);
  g_autofree float *narrow = g_new0 (float, height *side); /* [height, side] */
  for (gsize y = 0; y < height; y++)
    for (gsize i = 0; i < side; i++)
      for (gsize j = 0; j < columns.n_taps; j++) {
        gsize x = (gsize)(columns.first[i] + (gssize)j);
        if (x < width)
          narrow[y * side + i] += columns.weight[i * columns.n_taps + j] * corner[y * stride + x];
      }
  for (gsize i = 0; i < side; i++)
    for (gsize j = 0; j < rows.n_taps; j++) {
      gsize y = (gsize)(rows.first[i] + (gssize)j);
      float weight = rows.weight[i * rows.n_taps + j] / 255;
      for (gsize x = 0; x < side && y < height; x++)
        out[i * side + x] += weight * narrow[y * side + x];
    }
}

/* the whole region, padded to a square; or a square of fixed size with the probe top centre */
static void
choose_windows (const UtCine *cine, guint frame, double field_mm, Window ret_windows[2])
{
  const guint *region = cine->region, side = MAX (region[2], region[3]);
  double tip[2];
  if (field_mm > 0)
    ut_sector_tip (cine, frame, tip);
  for (int axis = 0; axis < 2; axis++) {
    Window *window = &ret_windows[axis];
    if (field_mm > 0) {
      window->length = field_mm / cine->spacing_mm[axis];
      window->begin = tip[axis] - (axis == 1 ? window->length / 2 : 0);
    } else {
      guint pad = (side - region[axis == 0 ? 3 : 2]) / 2;
      *window = (Window){.begin = -(double)pad, .length = side};
    }
  }
}

static gboolean
region_is_inside (const UtCine *cine)
{
  const guint *region = cine->region;
  return region[2] > 0 && region[3] > 0 && region[0] < cine->width && region[1] < cine->height &&
         region[2] <= cine->width - region[0] && region[3] <= cine->height - region[1];
}

static gboolean
check_view (const UtCine *cine, UtView view, guint frame, GError **error)
{
  const char *name = ut_view_name (view);
  if (cine->calibration == UT_CALIBRATION_NONE)
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s has no pixel spacing: calibrate it first"),
                 name);
  else if (!ut_cine_spacing_is_sound (cine->spacing_mm[0]) ||
           !ut_cine_spacing_is_sound (cine->spacing_mm[1]))
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: pixel spacing %g x %g mm is not from %g to %g"),
                 name,
                 cine->spacing_mm[0],
                 cine->spacing_mm[1],
                 UT_CINE_MIN_SPACING_MM,
                 UT_CINE_MAX_SPACING_MM);
  else if (frame >= cine->n_frames)
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: frame %u of a loop of %u"),
                 name,
                 frame + 1,
                 cine->n_frames);
  else if (!region_is_inside (cine))
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: the echo's region lies outside the picture"),
                 name);
  else
    return TRUE;
  return FALSE;
}

UtTwinInput *
ut_twin_input_new (UtCine *const cines[UT_N_VIEWS],
                   const guint frames[UT_N_VIEWS],
                   const UtTwinRaster *raster,
                   GError **error)
{
  const guint side = raster->side;
  g_return_val_if_fail (side >= UT_TWIN_INPUT_MIN_SIDE && side <= UT_TWIN_INPUT_MAX_SIDE, NULL);
  g_autoptr (UtTwinInput) self = g_new0 (UtTwinInput, 1);
  self->side = side;
  self->grey = g_new0 (float, (gsize)UT_N_VIEWS *side *side);
  gboolean any = FALSE;
  for (int v = 0; v < UT_N_VIEWS; v++) {
    const UtCine *cine = cines[v];
    if (cine == NULL)
      continue;
    if (!check_view (cine, v, frames[v], error))
      return NULL;
    any = self->present[v] = TRUE;
    self->frame[v] = frames[v];
    self->sha256[v] = g_strdup (cine->sha256);
    Window windows[2];
    choose_windows (cine, frames[v], raster->field_mm, windows);
    for (int axis = 0; axis < 2; axis++) {
      self->spacing_mm[v][axis] = cine->spacing_mm[axis] * windows[axis].length / side;
      self->corner[v][axis] = cine->region[axis == 0 ? 1 : 0] + windows[axis].begin;
    }
    resize (cine, frames[v], windows, side, self->grey + (gsize)v * side * side);
  }
  if (!any) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("no view is present: load at least one loop"));
    return NULL;
  }
  return g_steal_pointer (&self);
}
