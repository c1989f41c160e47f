/* SPDX-License-Identifier: Apache-2.0 */
#include "render/renderer.h"

#include <epoxy/gl.h>
#include <string.h>

#include "engine/base/words.h"
#include "render/cap-pass.h"
#include "render/cube-pass.h"
#include "render/frame.h"
#include "render/image-pass.h"
#include "render/kept-pictures.h"
#include "render/line-pass.h"
#include "render/mesh-pass.h"
#include "render/overlay.h"
#include "render/panel-pass.h"

/* logical pixels */
#define CUBE_SIDE 92
#define MARGIN    16
#define RIM       1.5f /* outline of a cut surface */
#define OUTLINE   2.0f /* of a cut surface that is not filled */

struct UtRenderer {
  char *device;
  gboolean draft;
  UtFrame *frame, *draft_frame; /* each keeps its buffers */
  UtKeptPictures *kept;         /* NULL: none are kept */
  UtMeshPass *mesh_pass;
  UtCapPass *cap_pass;
  UtImagePass *image_pass;
  UtLinePass *line_pass;
  UtCubePass *cube_pass;
  UtPanelPass *panel_pass;
  UtPanel legend, note;
  UtSceneCut clip_cut, image_cuts[UT_SCENE_MAX_IMAGES];
  GArray *lines;         /* UtLine, of the frame */
  guint64 panels_change; /* of the scene that the panels show */
  int panels_width, panels_height;
  float panels_scale;
};

static void GLAPIENTRY
debug_message_cb (GLenum source,
                  GLenum type,
                  GLuint id,
                  GLenum severity,
                  GLsizei length,
                  const GLchar *message,
                  const void *user_data)
{
  gboolean wrong = type == GL_DEBUG_TYPE_ERROR || type == GL_DEBUG_TYPE_UNDEFINED_BEHAVIOR;
  g_log (wrong ? UT_GL_ERROR_DOMAIN : "ut-gl", G_LOG_LEVEL_DEBUG, "%s", message);
}

static void
listen_to_driver (void)
{
  if (!epoxy_has_gl_extension ("GL_KHR_debug"))
    return;
  glEnable (GL_DEBUG_OUTPUT);
  glEnable (GL_DEBUG_OUTPUT_SYNCHRONOUS);
  glDebugMessageCallback (debug_message_cb, NULL);
}

static gboolean
check_errors (const char *doing, GError **error)
{
  GLenum first = glGetError ();
  if (first == GL_NO_ERROR)
    return TRUE;
  while (glGetError () != GL_NO_ERROR)
    continue;
  g_debug ("OpenGL error 0x%04x: %s", first, doing);
  g_set_error_literal (error,
                       UT_RENDER_ERROR,
                       UT_RENDER_ERROR_CONTEXT,
                       ut_words ("the graphics driver failed to draw the picture"));
  return FALSE;
}

static gboolean
check_context (GError **error)
{
  if (epoxy_is_desktop_gl () && epoxy_gl_version () >= 33)
    return TRUE;
  g_set_error (error,
               UT_RENDER_ERROR,
               UT_RENDER_ERROR_CONTEXT,
               ut_words ("the 3D view needs OpenGL 3.3, but the driver offers %s %d.%d"),
               epoxy_is_desktop_gl () ? "OpenGL" : "OpenGL ES",
               epoxy_gl_version () / 10,
               epoxy_gl_version () % 10);
  return FALSE;
}

UtRenderer *
ut_renderer_new (GError **error)
{
  if (!check_context (error))
    return NULL;

  listen_to_driver ();
  g_autoptr (UtRenderer) self = g_new0 (UtRenderer, 1);
  self->lines = g_array_new (FALSE, FALSE, sizeof (UtLine));
  self->device = g_strdup_printf ("%s, OpenGL %s",
                                  (const char *)glGetString (GL_RENDERER),
                                  (const char *)glGetString (GL_VERSION));
  if (!(self->frame = ut_frame_new (error)) || !(self->draft_frame = ut_frame_new (error)) ||
      !(self->mesh_pass = ut_mesh_pass_new (error)) ||
      !(self->cap_pass = ut_cap_pass_new (error)) ||
      !(self->image_pass = ut_image_pass_new (error)) ||
      !(self->line_pass = ut_line_pass_new (error)) ||
      !(self->cube_pass = ut_cube_pass_new (error)) ||
      !(self->panel_pass = ut_panel_pass_new (error)))
    return NULL;
  if (!check_errors ("setting up", error))
    return NULL;
  return g_steal_pointer (&self);
}

void
ut_renderer_free (UtRenderer *self)
{
  g_clear_pointer (&self->frame, ut_frame_free);
  g_clear_pointer (&self->draft_frame, ut_frame_free);
  g_clear_pointer (&self->kept, ut_kept_pictures_free);
  ut_panel_clear (&self->legend);
  ut_panel_clear (&self->note);
  g_clear_pointer (&self->mesh_pass, ut_mesh_pass_free);
  g_clear_pointer (&self->cap_pass, ut_cap_pass_free);
  g_clear_pointer (&self->image_pass, ut_image_pass_free);
  g_clear_pointer (&self->line_pass, ut_line_pass_free);
  g_clear_pointer (&self->cube_pass, ut_cube_pass_free);
  g_clear_pointer (&self->panel_pass, ut_panel_pass_free);
  ut_scene_cut_clear (&self->clip_cut);
  for (int i = 0; i < UT_SCENE_MAX_IMAGES; i++)
    ut_scene_cut_clear (&self->image_cuts[i]);
  g_array_unref (self->lines);
  g_free (self->device);
  g_free (self);
}

const char *
ut_renderer_device (const UtRenderer *self)
{
  return self->device;
}

gboolean
ut_renderer_is_software (const UtRenderer *self)
{
  static const char *const names[] = {"llvmpipe", "softpipe", "SWR", "Software Rasterizer"};
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strstr (self->device, names[i]) != NULL)
      return TRUE;
  return FALSE;
}

void
ut_renderer_set_draft (UtRenderer *self, gboolean draft)
{
  self->draft = draft;
}

void
ut_renderer_keep_pictures (UtRenderer *self)
{
  if (self->kept == NULL)
    self->kept = ut_kept_pictures_new ();
}

guint
ut_renderer_pictures_limit (const UtRenderer *self, int width_px, int height_px)
{
  return self->kept != NULL ? ut_kept_pictures_limit (width_px, height_px) : 0;
}

/* Corners of the box round the visible surfaces and of the pictures, [n][3]. */
static GArray *
outer_points (const UtScene *scene)
{
  GArray *points = g_array_new (FALSE, FALSE, 3 * sizeof (float));
  float bounds[2][3];
  for (int i = 0; ut_scene_bounds (scene, bounds[0], bounds[1]) && i < 8; i++) {
    const float corner[3] = {bounds[i & 1][0], bounds[i >> 1 & 1][1], bounds[i >> 2][2]};
    g_array_append_val (points, corner);
  }
  for (int i = 0; i < 4 * UT_SCENE_MAX_IMAGES; i++) {
    const UtSceneImage *image = &scene->images[i / 4];
    UtVec3 p =
      ut_vec3_mad (ut_vec3_mad (image->corner, i & 1, image->across), i >> 1 & 1, image->down);
    const float corner[3] = {p.x, p.y, p.z};
    if (image->picture != NULL)
      g_array_append_val (points, corner);
  }
  return points;
}

/* The part of the picture that something can reach; all of it where the eye is among it. */
static UtRect
scene_rect (const UtScene *scene, const UtCamera *camera, int width, int height)
{
  float low[2] = {width, height}, high[2] = {0, 0};
  g_autoptr (GArray) points = outer_points (scene);
  if (points->len == 0)
    return (UtRect){0};
  for (guint i = 0; i < points->len; i++) {
    float xy[2];
    if (!ut_camera_project (camera, (const float *)points->data + 3 * i, width, height, xy))
      return (UtRect){0, 0, width, height};
    for (int c = 0; c < 2; c++) {
      low[c] = MIN (low[c], xy[c] - 2);
      high[c] = MAX (high[c], xy[c] + 2);
    }
  }
  int x0 = CLAMP (low[0], 0, width), x1 = ceilf (CLAMP (high[0], x0, width));
  int y0 = CLAMP (low[1], 0, height), y1 = ceilf (CLAMP (high[1], y0, height));
  return (UtRect){x0, height - y1, x1 - x0, y1 - y0};
}

static UtRect
cube_rect (const UtScene *scene, float scale)
{
  int margin = lroundf (MARGIN * scale / 2), side = lroundf (CUBE_SIDE * scale);
  return (UtRect){margin, margin + lroundf ((float)scene->cube_lift * scale), side, side};
}

static void
update_panels (UtRenderer *self, const UtScene *scene, int width, int height, float scale)
{
  if (self->panels_change == scene->change && self->panels_scale == scale &&
      self->panels_width == width && self->panels_height == height)
    return;

  ut_panel_clear (&self->legend);
  ut_panel_clear (&self->note);
  if (scene->map.scalar != NULL && scene->show_legend) {
    cairo_surface_t *surface = ut_overlay_legend (&scene->map, height, scale);
    ut_panel_set (&self->legend, surface);
    cairo_surface_destroy (surface);
  }
  if (scene->note != NULL) {
    cairo_surface_t *surface = ut_overlay_note (scene->note, width, scale);
    ut_panel_set (&self->note, surface);
    cairo_surface_destroy (surface);
  }
  self->panels_change = scene->change;
  self->panels_scale = scale;
  self->panels_width = width;
  self->panels_height = height;
}

static void
draw_panels (UtRenderer *self, int w, int h, float scale)
{
  int margin = lroundf (MARGIN * scale);
  glViewport (0, 0, w, h);
  ut_panel_pass_draw (self->panel_pass,
                      &self->legend,
                      w - margin - self->legend.width_px,
                      (h - self->legend.height_px) / 2,
                      w,
                      h);
  ut_panel_pass_draw (
    self->panel_pass, &self->note, w - margin - self->note.width_px, margin * 5 / 8, w, h);
}

/* Every cut surface gets a rim: dark round what is filled, else its own colour, bright. */
static void
add_outlines (
  UtRenderer *self, const UtScene *scene, const UtSceneCut *cut, gboolean filled, float scale)
{
  for (guint i = 0; i < cut->n_parts; i++) {
    const UtCutPart *part = &cut->parts[i];
    gboolean dark = filled && part->filled;
    UtLine look = {.width_px = scale * (dark ? RIM : OUTLINE)};
    if (!part->shown)
      continue;
    ut_scene_item_colour (scene, ut_scene_item (scene, i), FALSE, look.colour);
    look.colour[3] = 1;
    for (int c = 0; c < 3; c++) /* a bright line is seen on its own surface, too */
      look.colour[c] = dark ? 0.25f * look.colour[c] : 0.7f * look.colour[c] + 0.3f;
    for (gsize k = 0; k < part->section->n_curves; k++)
      ut_lines_add_curve (self->lines, part->section, &part->section->curves[k], &look);
  }
}

/* What hides what is behind it comes before the glass. */
static void
draw_scene (
  UtRenderer *self, const UtScene *scene, const UtCamera *camera, int w, int h, float scale)
{
  float aspect = (float)w / h;
  g_array_set_size (self->lines, 0);
  ut_mesh_pass_draw_opaque (self->mesh_pass, scene, camera, aspect);
  if (scene->clipped) {
    ut_scene_cut_update (&self->clip_cut, scene, &scene->clip);
    ut_cap_pass_draw (self->cap_pass, scene, &self->clip_cut, camera, aspect);
    add_outlines (self, scene, &self->clip_cut, TRUE, scale);
  }
  ut_image_pass_draw (self->image_pass, scene, camera, aspect);
  for (int i = 0; i < UT_SCENE_MAX_IMAGES; i++) {
    const UtSceneImage *image = &scene->images[i];
    UtVec3 normal = ut_vec3_normalise (ut_vec3_cross (image->across, image->down));
    if (image->picture == NULL)
      continue;
    ut_scene_cut_update (&self->image_cuts[i], scene, &(UtPlane){image->corner, normal});
    add_outlines (self, scene, &self->image_cuts[i], FALSE, scale);
  }
  ut_line_pass_draw (self->line_pass, self->lines, camera, w, h);
  ut_mesh_pass_draw_translucent (self->mesh_pass, scene, camera, aspect);
}

static gboolean
draw_anew (UtRenderer *self, const UtShot *shot, GLuint framebuffer, GError **error)
{
  const UtScene *scene = shot->scene;
  const UtCamera *camera = &shot->camera;
  int w = shot->width_px, h = shot->height_px;
  UtFrame *frame = shot->draft ? self->draft_frame : self->frame;
  if (!ut_frame_begin (frame, w, h, !shot->draft, error))
    return FALSE;

  UtRect cube = cube_rect (scene, shot->scale);
  UtRect rects[2] = {scene_rect (scene, camera, w, h), cube};
  ut_mesh_pass_update (self->mesh_pass, scene);
  update_panels (self, scene, w, h, shot->scale);
  draw_scene (self, scene, camera, w, h, shot->scale);
  if (scene->show_cube)
    ut_cube_pass_draw (self->cube_pass, camera, scene->axes, cube.x, cube.y, cube.width);
  ut_frame_finish (frame, scene, rects, scene->show_cube ? 2 : 1, framebuffer);
  draw_panels (self, w, h, shot->scale);
  return TRUE;
}

/* To a @sheet of the kept pictures. */
static gboolean
draw_to_keep (UtRenderer *self, const UtShot *shot, GLuint sheet, GError **error)
{
  gboolean drawn = draw_anew (self, shot, sheet, error);
  if (!drawn)
    ut_kept_pictures_drop (self->kept);
  return drawn;
}

static gboolean
draw_shot (UtRenderer *self, const UtShot *shot, GLuint framebuffer, GError **error)
{
  if (self->kept != NULL && ut_kept_pictures_show (self->kept, shot, framebuffer))
    return TRUE;
  GLuint sheet = self->kept != NULL && !shot->draft ? ut_kept_pictures_add (self->kept, shot) : 0;
  if (sheet == 0)
    return draw_anew (self, shot, framebuffer, error);
  return draw_to_keep (self, shot, sheet, error) &&
         ut_kept_pictures_show (self->kept, shot, framebuffer);
}

static gboolean
keep_shot (UtRenderer *self, const UtShot *shot, GError **error)
{
  if (self->kept == NULL || ut_kept_pictures_has (self->kept, shot))
    return TRUE;
  GLuint sheet = ut_kept_pictures_add (self->kept, shot);
  return sheet == 0 || draw_to_keep (self, shot, sheet, error);
}

/* @seen: to the bound framebuffer, which stays bound; else to the kept pictures only */
static gboolean
draw_or_keep (UtRenderer *self, const UtShot *shot, gboolean seen, GError **error)
{
  g_return_val_if_fail (shot->width_px > 0 && shot->height_px > 0 && shot->scale > 0, FALSE);

  GLint framebuffer = 0;
  glGetIntegerv (GL_DRAW_FRAMEBUFFER_BINDING, &framebuffer);
  gboolean drawn =
    seen ? draw_shot (self, shot, framebuffer, error) : keep_shot (self, shot, error);
  glBindFramebuffer (GL_FRAMEBUFFER, framebuffer);
  return drawn && check_errors ("drawing", error);
}

gboolean
ut_renderer_draw (UtRenderer *self,
                  const UtScene *scene,
                  const UtCamera *camera,
                  int width_px,
                  int height_px,
                  float scale,
                  GError **error)
{
  const UtShot shot = {scene, *camera, width_px, height_px, scale, self->draft};
  return draw_or_keep (self, &shot, TRUE, error);
}

gboolean
ut_renderer_draw_ahead (UtRenderer *self,
                        const UtScene *scene,
                        const UtCamera *camera,
                        int width_px,
                        int height_px,
                        float scale,
                        GError **error)
{
  const UtShot shot = {scene, *camera, width_px, height_px, scale, TRUE};
  return draw_or_keep (self, &shot, FALSE, error);
}
