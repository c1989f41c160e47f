/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/report-pictures.h"

#include "app/figures.h"

#include <glib/gi18n.h>
#include <math.h>

#define WIDTH_PX  680 /* of a heart: 290 dpi on the page */
#define HEIGHT_PX 600
#define SCALE     1.8f /* of cube and note, to be read on paper */

static const UtCameraName cameras[UT_REPORT_N_CAMERAS] = {
  UT_CAMERA_A, UT_CAMERA_A4C, UT_CAMERA_PSAX};

char *
ut_report_heart_caption (const UtStudyState *state, UtPhase phase, guint i)
{
  g_return_val_if_fail (i < UT_REPORT_N_CAMERAS, NULL);
  gboolean edited = ut_study_is_edited (state, phase, -1);
  return g_strdup_printf ("%s%s%s, %s",
                          ut_phase_name (phase),
                          edited ? ", " : "",
                          edited ? _ ("edited") : "",
                          ut_camera_name (cameras[i]));
}

/* Part of the frame that is echo: the text beside it may name a person. */
static cairo_surface_t *
echo_picture (const UtStudyView *view, guint frame, double aspect)
{
  const UtCine *cine = view->cine;
  const int width = (int)cine->region[2], height = (int)cine->region[3];
  const int wide = MAX (1, (int)lround (width * aspect));
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_RGB24, wide, height);
  guint8 *pixels = cairo_image_surface_get_data (picture);
  if (pixels == NULL) { /* too wide for cairo */
    cairo_surface_destroy (picture);
    return NULL;
  }
  cairo_surface_flush (picture);
  for (int y = 0; y < height; y++) {
    const guint8 *from = ut_cine_frame (cine, frame) +
                         ((gsize)cine->region[1] + (gsize)y) * cine->width + cine->region[0];
    guint32 *to = (guint32 *)(pixels + (gsize)y * cairo_image_surface_get_stride (picture));
    for (int x = 0; x < wide; x++) {
      int column = MIN (width - 1, (int)((x + 0.5) * width / wide));
      to[x] = from[view->mirrored ? width - 1 - column : column] * 0x10101u;
    }
  }
  cairo_surface_mark_dirty (picture);
  return picture;
}

static void
draw_echo (UtReportPictures *self, const UtStudyState *state)
{
  for (UtView v = 0; v < UT_N_VIEWS; v++)
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
      const UtStudyView *view = &state->views[v];
      double spacing_mm[2];
      if (view->cine == NULL || view->marks[phase] < 0 ||
          (guint)view->marks[phase] >= view->cine->n_frames)
        continue;
      guint frame = (guint)view->marks[phase];
      if (ut_study_view_spacing_at (view, frame, spacing_mm) == UT_CALIBRATION_NONE)
        continue;
      self->echo[v][phase] = echo_picture (view, frame, spacing_mm[1] / spacing_mm[0]);
      self->echo_mm[v][phase] = view->cine->region[2] * spacing_mm[1];
    }
}

/* Both phases from the same places, so that sizes compare. */
static gboolean
draw_hearts (UtReportPictures *self,
             const UtStudyState *state,
             UtOffscreen *offscreen,
             UtProgress *progress,
             GCancellable *cancel,
             GError **error)
{
  static const float paper[3] = {0.93f, 0.94f, 0.95f};
  UtCamera places[UT_REPORT_N_CAMERAS];
  gboolean placed = FALSE;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const UtTwin *twin = ut_study_twin (state, phase);
    UtProgress part = ut_progress_step (progress, 1.0 / UT_N_PHASES);
    g_autoptr (UtScene) scene = twin ? ut_figure_scene (twin, NULL, error) : NULL;
    if (twin == NULL)
      continue;
    if (scene == NULL)
      return FALSE;
    ut_scene_set_background (scene, paper, paper);
    for (guint i = 0; i < UT_REPORT_N_CAMERAS; i++) {
      ut_progress_set (&part, (double)i / UT_REPORT_N_CAMERAS, UT_STAGE_WRITE);
      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
      if (!placed)
        ut_figure_camera (scene, cameras[i], (float)WIDTH_PX / HEIGHT_PX, &places[i]);
      g_autoptr (GdkPixbuf) picture =
        ut_offscreen_draw (offscreen, scene, &places[i], WIDTH_PX, HEIGHT_PX, SCALE, error);
      if (picture == NULL)
        return FALSE;
      self->hearts[phase][i] = ut_picture_surface (picture);
    }
    placed = TRUE;
  }
  return TRUE;
}

gboolean
ut_report_pictures_init (UtReportPictures *self,
                         const UtStudyState *state,
                         UtProgress *progress,
                         GCancellable *cancel,
                         GError **error)
{
  g_autoptr (GError) reason = NULL;
  *self = (UtReportPictures){0};
  draw_echo (self, state);
  g_autoptr (UtOffscreen) offscreen = ut_offscreen_new (&reason);
  if (offscreen == NULL) {
    self->no_hearts = g_strdup (reason->message);
    return TRUE;
  }
  if (draw_hearts (self, state, offscreen, progress, cancel, error))
    return TRUE;
  ut_report_pictures_clear (self);
  return FALSE;
}

void
ut_report_pictures_clear (UtReportPictures *self)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    for (guint i = 0; i < UT_REPORT_N_CAMERAS; i++)
      g_clear_pointer (&self->hearts[phase][i], cairo_surface_destroy);
    for (UtView v = 0; v < UT_N_VIEWS; v++)
      g_clear_pointer (&self->echo[v][phase], cairo_surface_destroy);
  }
  g_clear_pointer (&self->no_hearts, g_free);
}
