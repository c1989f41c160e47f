/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/echo-frames.h"

#define FRAY  2 /* pixels */
#define SLOPE 2 /* pixels to either side */
#define BLACK 6 /* grey up to this is outside the sector, where nothing brighter lies around it */

/* First and last lit pixel of each of @n lines; none: first > last. */
static void
find_spans (const guint8 *grey, gsize n, gsize length, gsize line, gsize step, gsize (*ret)[2])
{
  for (gsize i = 0; i < n; i++) {
    ret[i][0] = length;
    ret[i][1] = 0;
    for (gsize k = 0; k < length; k++)
      if (grey[i * line + k * step] > BLACK) {
        ret[i][0] = MIN (ret[i][0], k);
        ret[i][1] = k;
      }
  }
}

/* The longest reach of neighbours: speckle frays the border. */
static void
smooth_spans (gsize n, gsize (*spans)[2])
{
  g_autofree gsize (*frayed)[2] = g_memdup2 (spans, n * sizeof *spans);
  for (gsize i = 0; i < n; i++)
    for (gsize k = i - MIN (i, FRAY); k <= MIN (i + FRAY, n - 1); k++) {
      spans[i][0] = MIN (spans[i][0], frayed[k][0]);
      spans[i][1] = MAX (spans[i][1], frayed[k][1]);
    }
}

/* Mean of 2 * SLOPE + 1 alphas along a line of @n pixels, @step bytes apart, as many at its ends */
static void
soften_line (guint8 *alpha, gssize n, gssize step, guint8 *scratch)
{
  for (gssize i = 0; i < n; i++)
    scratch[i] = alpha[i * step];
  for (gssize i = 0; i < n; i++) {
    guint sum = 0;
    for (gssize k = i - SLOPE; k <= i + SLOPE; k++)
      sum += scratch[CLAMP (k, 0, n - 1)];
    alpha[i * step] = (guint8)(sum / (2 * SLOPE + 1));
  }
}

/* A border of whole pixels is a staircase; a slope can be cut in a smooth line. */
static void
soften_border (GdkPixbuf *picture)
{
  gssize width = gdk_pixbuf_get_width (picture), height = gdk_pixbuf_get_height (picture);
  gssize stride = gdk_pixbuf_get_rowstride (picture);
  guint8 *alpha = gdk_pixbuf_get_pixels (picture) + 3;
  g_autofree guint8 *scratch = g_malloc ((gsize)MAX (width, height));
  for (gssize y = 0; y < height; y++)
    soften_line (alpha + y * stride, width, 4, scratch);
  for (gssize x = 0; x < width; x++)
    soften_line (alpha + 4 * x, height, stride, scratch);
}

/* A pixel belongs to the sector where something is lit on both sides of it, and above and below. */
static GdkPixbuf *
make_picture (const UtCine *frame)
{
  gsize width = frame->width, height = frame->height;
  const guint8 *grey = ut_cine_frame (frame, 0);
  GdkPixbuf *picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, (int)width, (int)height);
  g_autofree gsize (*rows)[2] = g_malloc_n (height, sizeof *rows);
  g_autofree gsize (*columns)[2] = g_malloc_n (width, sizeof *columns);
  find_spans (grey, height, width, width, 1, rows);
  find_spans (grey, width, height, 1, width, columns);
  smooth_spans (height, rows);
  smooth_spans (width, columns);
  for (gsize y = 0; y < height; y++) {
    guint8 *p = gdk_pixbuf_get_pixels (picture) + y * (gsize)gdk_pixbuf_get_rowstride (picture);
    for (gsize x = 0; x < width; x++, p += 4) {
      gboolean inside =
        x >= rows[y][0] && x <= rows[y][1] && y >= columns[x][0] && y <= columns[x][1];
      p[0] = p[1] = p[2] = grey[y * width + x];
      p[3] = inside ? 255 : 0;
    }
  }
  soften_border (picture);
  return picture;
}

void
ut_echo_frames_clear (UtEchoFrames *self)
{
  g_clear_pointer (&self->state, ut_study_state_unref);
  g_clear_pointer (&self->labels, ut_volume_unref);
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    g_clear_object (&self->pictures[view]);
  *self = (UtEchoFrames){0};
}

void
ut_echo_frames_update (UtEchoFrames *self, UtStudyState *state, UtPhase phase, UtVolume *labels)
{
  if (self->state == state && self->labels == labels && self->phase == phase)
    return;
  ut_echo_frames_clear (self);
  self->state = state != NULL ? ut_study_state_ref (state) : NULL;
  self->labels = labels != NULL ? ut_volume_ref (labels) : NULL;
  self->phase = phase;
  for (UtView view = 0; state != NULL && labels != NULL && view < UT_N_VIEWS; view++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (UtCine) frame = NULL;
    self->there[view] =
      ut_echo_plane_estimate (state, phase, view, labels, &self->planes[view], &error);
    if (self->there[view])
      frame = ut_study_marked_frame (&state->views[view], phase, &error);
    self->there[view] = frame != NULL;
    if (frame != NULL)
      self->pictures[view] = make_picture (frame);
    else
      g_debug ("%s", error->message);
  }
}

void
ut_echo_frames_stand (const UtEchoFrames *self, gboolean shown, UtScene *scene)
{
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    const UtEchoPlane *plane = &self->planes[view];
    if (!shown || !self->there[view]) {
      ut_scene_set_image (scene, view, NULL);
      continue;
    }
    UtSceneImage image = {
      .picture = self->pictures[view],
      .corner = ut_echo_plane_point (plane, -0.5, -0.5),
      .across = ut_vec3_scale (plane->plane.right, plane->width * plane->spacing_mm[1]),
      .down = ut_vec3_scale (plane->plane.down, plane->height * plane->spacing_mm[0]),
    };
    ut_scene_set_image (scene, view, &image);
  }
}
