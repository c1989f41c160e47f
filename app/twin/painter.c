/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/painter.h"

#include <string.h>

#define FINISH_MS 150 /* without another change, until a picture is drawn in full */
#define AHEAD_MS  100 /* after that, until the next ones are drawn */

struct UtPainter {
  GtkGLArea *area;
  UtRenderer *renderer; /* lives from realize to unrealize */
  UtNextScene next;
  gpointer next_data;

  guint64 drawn_change; /* of the scene, as last drawn */
  UtCamera drawn_camera;
  guint later_id; /* timeout or idle: what is left to do when nothing more comes */
  guint n_ahead;  /* next scenes that were asked for */
};

UtPainter *
ut_painter_new (GtkGLArea *area)
{
  UtPainter *self = g_new0 (UtPainter, 1);
  self->area = area;
  return self;
}

void
ut_painter_free (UtPainter *self)
{
  g_warn_if_fail (self->renderer == NULL);
  g_free (self);
}

void
ut_painter_set_next (UtPainter *self, UtNextScene next, gpointer user_data)
{
  self->next = next;
  self->next_data = user_data;
}

gboolean
ut_painter_realize (UtPainter *self, GError **error)
{
  self->renderer = ut_renderer_new (error);
  if (self->renderer != NULL && ut_renderer_is_software (self->renderer))
    ut_renderer_keep_pictures (self->renderer);
  return self->renderer != NULL;
}

void
ut_painter_unrealize (UtPainter *self)
{
  g_clear_handle_id (&self->later_id, g_source_remove);
  g_clear_pointer (&self->renderer, ut_renderer_free);
}

const char *
ut_painter_device (UtPainter *self)
{
  return self->renderer != NULL ? ut_renderer_device (self->renderer) : NULL;
}

void
ut_painter_size (UtPainter *self, int *ret_width, int *ret_height)
{
  GtkWidget *widget = GTK_WIDGET (self->area);
  int scale = gtk_widget_get_scale_factor (widget);
  *ret_width = MAX (1, gtk_widget_get_width (widget) * scale);
  *ret_height = MAX (1, gtk_widget_get_height (widget) * scale);
}

/* One picture a call; the one that is seen stays kept, too. */
static gboolean
ahead_cb (gpointer user_data)
{
  UtPainter *self = user_data;
  g_autoptr (GError) error = NULL;
  int width, height;
  ut_painter_size (self, &width, &height);
  guint limit = ut_renderer_pictures_limit (self->renderer, width, height);
  g_autoptr (UtScene) scene =
    self->n_ahead + 1 < limit ? self->next (self->n_ahead++, self->next_data) : NULL;
  if (scene != NULL) {
    gtk_gl_area_make_current (self->area);
    if (ut_renderer_draw_ahead (self->renderer,
                                scene,
                                &self->drawn_camera,
                                width,
                                height,
                                (float)gtk_widget_get_scale_factor (GTK_WIDGET (self->area)),
                                &error))
      return G_SOURCE_CONTINUE;
    g_debug ("no picture ahead: %s", error->message);
  }
  self->later_id = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
begin_ahead_cb (gpointer user_data)
{
  UtPainter *self = user_data;
  self->n_ahead = 0;
  self->later_id = g_idle_add_full (G_PRIORITY_LOW, ahead_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
finish_cb (gpointer user_data)
{
  UtPainter *self = user_data;
  self->later_id = 0;
  gtk_gl_area_queue_render (self->area);
  return G_SOURCE_REMOVE;
}

/* Returns: TRUE where the picture is to be drawn plainer now and in full later */
static gboolean
plan (UtPainter *self, const UtScene *scene, const UtCamera *camera)
{
  gboolean changed = scene->change != self->drawn_change ||
                     memcmp (camera, &self->drawn_camera, sizeof *camera) != 0;
  self->drawn_change = scene->change;
  self->drawn_camera = *camera;
  g_clear_handle_id (&self->later_id, g_source_remove);
  if (!ut_renderer_is_software (self->renderer))
    return FALSE;
  if (changed)
    self->later_id = g_timeout_add (FINISH_MS, finish_cb, self);
  else if (self->next != NULL)
    self->later_id = g_timeout_add (AHEAD_MS, begin_ahead_cb, self);
  return changed;
}

gboolean
ut_painter_draw (UtPainter *self, const UtScene *scene, const UtCamera *camera, GError **error)
{
  int width, height;
  ut_painter_size (self, &width, &height);
  ut_renderer_set_draft (self->renderer, plan (self, scene, camera));
  return ut_renderer_draw (self->renderer,
                           scene,
                           camera,
                           width,
                           height,
                           (float)gtk_widget_get_scale_factor (GTK_WIDGET (self->area)),
                           error);
}
