/* SPDX-License-Identifier: Apache-2.0 */
#include "app/figures.h"

#include "app/review-text.h"
#include "app/sentence.h"
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/study/twin-mesh.h"
#include "engine/surface/marching-cubes.h"
#include "engine/surface/mesh-distance.h"
#include "render/colour-map.h"

#include <glib/gi18n.h>
#include <math.h>
#include <pango/pangocairo.h>

#define STRIP_HEIGHT 44 /* of the legend under a picture, where that is UT_FIGURE_WIDTH_PX wide */

/* The same for every heart. */
static const UtCameraName cameras[] = {
  UT_CAMERA_A, UT_CAMERA_L, UT_CAMERA_A4C, UT_CAMERA_A2C, UT_CAMERA_PSAX};

/* (transfer full): @mesh with its distance to the reference; @mesh itself where either is empty */
static UtMesh *
measured_mesh (UtMesh *mesh,
               const UtStudyReference *reference,
               UtStructure structure,
               GError **error)
{
  g_autoptr (UtMesh) truth =
    ut_mesh_from_labels (reference->labels, (guint8)structure, UT_MESH_FRAME_CANONICAL, error);
  if (truth == NULL)
    return NULL;
  if (truth->n_triangles == 0 || mesh->n_triangles == 0)
    return ut_mesh_ref (mesh);
  g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (mesh, truth, error);
  return distance ? ut_mesh_with_distance (mesh, distance, error) : NULL;
}

UtScene *
ut_figure_scene (const UtTwin *twin, const UtStudyReference *reference, GError **error)
{
  g_autoptr (UtScene) scene = ut_scene_new ();
  for (UtStructure structure = UT_MYO; structure < UT_N_LABELS; structure++) {
    UtTwinStage stage = ut_twin_final_stage (twin);
    g_autoptr (UtMesh) mesh = ut_twin_mesh (twin, stage, structure, error);
    g_autoptr (UtMesh) measured = NULL, shown = NULL;
    if (mesh != NULL)
      measured = reference ? measured_mesh (mesh, reference, structure, error) : ut_mesh_ref (mesh);
    if (measured != NULL)
      shown = ut_twin_shown_mesh (twin, stage, structure, measured, error);
    if (shown == NULL)
      return NULL;
    ut_scene_set_mesh (scene, structure, structure, shown);
  }
  if (reference != NULL) {
    UtScalarMap map = ut_scalar_map_distance (UT_DISTANCE_LIMIT_MM);
    ut_scene_set_map (scene, &map);
  }
  return g_steal_pointer (&scene);
}

void
ut_figure_camera (const UtScene *scene, UtCameraName name, float aspect, UtCamera *ret_camera)
{
  ut_camera_init (ret_camera);
  ut_camera_set_named (ret_camera, name, scene->axes);
  ut_scene_fit (scene, ret_camera, aspect);
}

cairo_surface_t *
ut_picture_surface (const GdkPixbuf *picture)
{
  int width = gdk_pixbuf_get_width (picture), height = gdk_pixbuf_get_height (picture);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_surface_flush (surface);
  for (int y = 0; y < height; y++) {
    const guint8 *from =
      gdk_pixbuf_read_pixels (picture) + (gsize)y * gdk_pixbuf_get_rowstride (picture);
    guint32 *to = (guint32 *)(cairo_image_surface_get_data (surface) +
                              (gsize)y * cairo_image_surface_get_stride (surface));
    for (int x = 0; x < width; x++, from += 3)
      to[x] = (guint32)from[0] << 16 | (guint32)from[1] << 8 | from[2];
  }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* How large the legend is, in a picture of any width. */
static double
strip_scale (int width_px)
{
  return (double)width_px / UT_FIGURE_WIDTH_PX;
}

static int
strip_px (int width_px)
{
  return (int)lround (STRIP_HEIGHT * strip_scale (width_px));
}

float
ut_figure_aspect (int width_px, int height_px)
{
  return (float)width_px / (float)(height_px - strip_px (width_px));
}

/* Draws @text from x on in the middle of the strip, or up to the right end of @room, in as many
 * lines as that takes; returns its width. */
static double
draw_words (cairo_t *cr, const char *text, double x, double room)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();
  int width, height;
  pango_font_description_set_family_static (font, "Sans");
  pango_font_description_set_absolute_size (font, 15.0 * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  if (room > 0) {
    pango_layout_set_width (layout, (int)room * PANGO_SCALE);
    pango_layout_set_alignment (layout, PANGO_ALIGN_RIGHT);
  }
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, x, (STRIP_HEIGHT - height) / 2.0);
  pango_cairo_show_layout (cr, layout);
  g_object_unref (layout);
  return width;
}

/* In a space as wide as UT_FIGURE_WIDTH_PX. */
static void
draw_strip (cairo_t *cr, const UtScene *scene, const char *caption)
{
  double x = 16;
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_rectangle (cr, 0, 0, UT_FIGURE_WIDTH_PX, STRIP_HEIGHT + 1);
  cairo_fill (cr);
  for (guint i = 0; i < UT_N_STRUCTURES; i++) {
    const UtSceneItem *item = ut_scene_find (scene, ut_structure_order[i]);
    if (item == NULL)
      continue;
    cairo_set_source_rgb (cr, item->colour[0], item->colour[1], item->colour[2]);
    cairo_rectangle (cr, x, STRIP_HEIGHT / 2.0 - 8, 16, 16);
    cairo_fill (cr);
    cairo_set_source_rgb (cr, 0.1, 0.1, 0.1);
    x += 24 + draw_words (cr, ut_structure_name (ut_structure_order[i]), x + 22, 0) + 16;
  }
  draw_words (cr, caption, x, UT_FIGURE_WIDTH_PX - 16 - x);
}

cairo_surface_t *
ut_figure_draw (UtOffscreen *offscreen,
                const UtScene *scene,
                const UtCamera *camera,
                const char *caption,
                int width_px,
                int height_px,
                GError **error)
{
  int top = height_px - strip_px (width_px);
  double scale = strip_scale (width_px);
  g_return_val_if_fail (top > 0, NULL);
  g_autoptr (GdkPixbuf) picture =
    ut_offscreen_draw (offscreen, scene, camera, width_px, top, MAX (1, (float)scale), error);
  if (picture == NULL)
    return NULL;
  cairo_surface_t *heart = ut_picture_surface (picture);
  cairo_surface_t *figure = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width_px, height_px);
  cairo_t *cr = cairo_create (figure);
  cairo_set_source_surface (cr, heart, 0, 0);
  cairo_paint (cr);
  cairo_translate (cr, 0, top);
  cairo_scale (cr, scale, scale);
  draw_strip (cr, scene, caption);
  cairo_destroy (cr);
  cairo_surface_destroy (heart);
  return figure;
}

/* "ED, edited stage, unreviewed" */
static char *
heart_words (const UtStudyState *state, const UtTwin *twin)
{
  return g_strdup_printf (ut_study_is_stale (state, twin->phase)
                            ? _ ("%s, %s stage, %s, out of date")
                            : _ ("%s, %s stage, %s"),
                          ut_phase_name (twin->phase),
                          ut_sentence_twin_stage (ut_twin_final_stage (twin)),
                          ut_review_word (ut_study_verdict (state, (int)twin->phase, -1)));
}

char *
ut_figure_caption (const UtStudyState *state, const UtTwin *twin, const char *camera)
{
  g_autofree char *heart = heart_words (state, twin);
  /* Translators: a heart, and where it is seen from */
  return g_strdup_printf (_ ("%s, %s"), heart, camera);
}

char *
ut_figure_caption_between (const UtStudyState *state, const char *camera)
{
  g_autofree char *ed = heart_words (state, ut_study_twin (state, UT_PHASE_ED));
  g_autofree char *es = heart_words (state, ut_study_twin (state, UT_PHASE_ES));
  /* Translators: where it is seen from, ED, ES */
  return g_strdup_printf (_ ("interpolated between ED and ES, %s (%s; %s)"), camera, ed, es);
}

static gboolean
write_figure (UtOffscreen *offscreen,
              const UtScene *scene,
              const UtCamera *camera,
              const char *caption,
              const char *path,
              GError **error)
{
  cairo_surface_t *figure = ut_figure_draw (
    offscreen, scene, camera, caption, UT_FIGURE_WIDTH_PX, UT_FIGURE_HEIGHT_PX, error);
  if (figure == NULL)
    return FALSE;
  cairo_status_t status = cairo_surface_write_to_png (figure, path);
  cairo_surface_destroy (figure);
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_autofree char *name = g_path_get_basename (path);
  g_set_error (error,
               G_FILE_ERROR,
               G_FILE_ERROR_FAILED,
               _ ("%s: cannot be written: %s"),
               name,
               cairo_status_to_string (status));
  return FALSE;
}

static float
figure_aspect (void)
{
  return ut_figure_aspect (UT_FIGURE_WIDTH_PX, UT_FIGURE_HEIGHT_PX);
}

void
ut_turntable_camera (const UtScene *scene, UtCameraName name, float aspect, UtCamera *ret_first)
{
  const int n_tries = 16;
  float low[3], high[3], distance_mm = 0;
  ut_figure_camera (scene, name, aspect, ret_first);
  if (!ut_scene_bounds (scene, low, high))
    return;
  for (int i = 0; i < n_tries; i++) {
    UtCamera turned = *ret_first;
    ut_camera_orbit (&turned, (float)(2 * G_PI * i / n_tries), 0);
    ut_camera_fit (&turned, low, high, aspect);
    distance_mm = MAX (distance_mm, turned.distance_mm);
  }
  ut_camera_fit (ret_first, low, high, aspect);
  ret_first->distance_mm = distance_mm;
}

gboolean
ut_turntable_write (UtOffscreen *offscreen,
                    const UtScene *scene,
                    const char *caption,
                    guint n,
                    const char *stem,
                    UtProgress *progress,
                    GCancellable *cancel,
                    GError **error)
{
  UtCamera camera, first;
  ut_turntable_camera (scene, UT_CAMERA_A, figure_aspect (), &first);
  for (guint i = 0; i < n; i++) {
    g_autofree char *path = g_strdup_printf ("%s_%03u.png", stem, i + 1);
    ut_progress_set (progress, (double)i / n, UT_STAGE_WRITE);
    camera = first;
    ut_camera_orbit (&camera, (float)(2 * G_PI * i / n), 0);
    if (g_cancellable_set_error_if_cancelled (cancel, error) ||
        !write_figure (offscreen, scene, &camera, caption, path, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_phase (UtOffscreen *offscreen,
             const UtStudyState *state,
             const UtTwin *twin,
             UtCamera places[],
             gboolean *placed,
             const char *folder,
             guint turntable,
             UtProgress *progress,
             GCancellable *cancel,
             GError **error)
{
  g_autoptr (UtScene) scene = ut_figure_scene (twin, NULL, error);
  if (scene == NULL)
    return FALSE;
  UtProgress pictures = ut_progress_step (progress, 0.5);
  for (guint i = 0; i < G_N_ELEMENTS (cameras); i++) {
    g_autofree char *caption = ut_figure_caption (state, twin, ut_camera_name (cameras[i]));
    g_autofree char *name =
      g_strdup_printf ("%s_%s.png", ut_phase_name (twin->phase), ut_camera_name (cameras[i]));
    g_autofree char *lower = g_ascii_strdown (name, -1);
    g_autofree char *path = g_build_filename (folder, lower, NULL);
    ut_progress_set (&pictures, i / (double)G_N_ELEMENTS (cameras), UT_STAGE_WRITE);
    if (!*placed)
      ut_figure_camera (scene, cameras[i], figure_aspect (), &places[i]);
    if (g_cancellable_set_error_if_cancelled (cancel, error) ||
        !write_figure (offscreen, scene, &places[i], caption, path, error))
      return FALSE;
  }
  *placed = TRUE;
  UtProgress turn = ut_progress_step (progress, 0.5);
  g_autofree char *caption = ut_figure_caption (state, twin, _ ("turntable"));
  const char *stem = twin->phase == UT_PHASE_ED ? "ed_turn" : "es_turn";
  g_autofree char *path = g_build_filename (folder, stem, NULL);
  return ut_turntable_write (offscreen, scene, caption, turntable, path, &turn, cancel, error);
}

gboolean
ut_figures_write (const UtStudyState *state,
                  const char *folder,
                  guint turntable,
                  UtProgress *progress,
                  GCancellable *cancel,
                  GError **error)
{
  UtCamera places[G_N_ELEMENTS (cameras)];
  gboolean placed = FALSE;
  if (ut_study_twin (state, UT_PHASE_ED) == NULL && ut_study_twin (state, UT_PHASE_ES) == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 _ ("there is no heart to draw: reconstruct first"));
    return FALSE;
  }
  g_autoptr (UtOffscreen) offscreen = ut_offscreen_new (error);
  if (offscreen == NULL || !ut_folder_make (folder, error))
    return FALSE;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const UtTwin *twin = ut_study_twin (state, phase);
    UtProgress part = ut_progress_step (progress, 1.0 / UT_N_PHASES);
    if (twin != NULL &&
        !write_phase (
          offscreen, state, twin, places, &placed, folder, turntable, &part, cancel, error))
      return FALSE;
  }
  return TRUE;
}
