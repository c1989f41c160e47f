/* SPDX-License-Identifier: Apache-2.0 */
#include <epoxy/gl.h>
#include <gtk/gtk.h>

#include "app/twin/painter.h"
#include "tests/unit/render/solids.h"

#define SIDE   120
#define N_NEXT 3

/* A window with one painted area, and what is asked of it. */
typedef struct Fixture {
  GtkWidget *window, *area;
  UtPainter *painter;
  UtScene *scene;
  UtCamera camera;
  GString *asked; /* the numbers of the next scenes that were asked for, one after the other */
  guint n_drawn;
  guint8 middle[4]; /* of the picture that was drawn last */
} Fixture;

static UtScene *
make_scene (float grey)
{
  g_autoptr (UtMesh) ball = ut_solid_sphere (ut_vec3 (0, 0, 0), 20, 8);
  UtScene *scene = ut_scene_new ();
  ut_scene_set_cube (scene, FALSE);
  ut_scene_set_mesh (scene, 1, UT_LV, ball);
  ut_scene_set_colour (scene, 1, (const float[]){grey, grey, grey});
  return scene;
}

static UtScene *
next_scene (guint i, gpointer user_data)
{
  Fixture *self = user_data;
  g_string_append_c (self->asked, (char)('0' + i));
  return i < N_NEXT ? make_scene (0.2f * (float)(i + 1)) : NULL;
}

static void
realize_cb (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  gtk_gl_area_make_current (GTK_GL_AREA (self->area));
  g_assert_no_error (gtk_gl_area_get_error (GTK_GL_AREA (self->area)));
  g_assert_true (ut_painter_realize (self->painter, &error));
  g_assert_no_error (error);
}

static void
unrealize_cb (Fixture *self)
{
  gtk_gl_area_make_current (GTK_GL_AREA (self->area));
  ut_painter_unrealize (self->painter);
}

static gboolean
render_cb (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  int width, height;
  ut_painter_size (self->painter, &width, &height);
  g_assert_true (ut_painter_draw (self->painter, self->scene, &self->camera, &error));
  g_assert_no_error (error);
  glReadPixels (width / 2, height / 2, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, self->middle);
  self->n_drawn++;
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->asked = g_string_new (NULL);
  self->scene = make_scene (1);
  ut_camera_init (&self->camera);
  self->window = gtk_window_new ();
  self->area = gtk_gl_area_new ();
  gtk_gl_area_set_use_es (GTK_GL_AREA (self->area), FALSE);
  gtk_gl_area_set_auto_render (GTK_GL_AREA (self->area), FALSE);
  gtk_widget_set_size_request (self->area, SIDE, SIDE);
  self->painter = ut_painter_new (GTK_GL_AREA (self->area));
  ut_painter_set_next (self->painter, next_scene, self);
  g_signal_connect_swapped (self->area, "realize", G_CALLBACK (realize_cb), self);
  g_signal_connect_swapped (self->area, "unrealize", G_CALLBACK (unrealize_cb), self);
  g_signal_connect_swapped (self->area, "render", G_CALLBACK (render_cb), self);
  gtk_window_set_child (GTK_WINDOW (self->window), self->area);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  ut_painter_free (self->painter);
  ut_scene_free (self->scene);
  g_string_free (self->asked, TRUE);
}

static void
wait_ms (guint ms)
{
  gboolean over = FALSE;
  g_timeout_add_once (ms, (GSourceOnceFunc)g_atomic_int_inc, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* Until all next scenes were asked for. */
static void
wait_for_ahead (Fixture *self)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
  while (!g_str_has_suffix (self->asked->str, "3")) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    wait_ms (20);
  }
}

static void
show (Fixture *self, float grey)
{
  guint before = self->n_drawn;
  ut_scene_set_colour (self->scene, 1, (const float[]){grey, grey, grey});
  gtk_gl_area_queue_render (GTK_GL_AREA (self->area));
  while (self->n_drawn == before)
    g_main_context_iteration (NULL, TRUE);
}

/* A draft, then the full picture, then what is next, once. */
static void
test_rest (Fixture *self, gconstpointer data)
{
  wait_for_ahead (self);
  wait_ms (500);
  g_assert_cmpstr (self->asked->str, ==, "0123");
  g_assert_cmpuint (self->n_drawn, ==, 2);
  g_assert_nonnull (ut_painter_device (self->painter));
}

/* While something changes nothing is drawn ahead; what is shown is what was asked for. */
static void
test_change (Fixture *self, gconstpointer data)
{
  guint8 seen[N_NEXT];
  wait_for_ahead (self);
  g_string_truncate (self->asked, 0);
  for (guint i = 0; i < 4 * N_NEXT; i++) {
    show (self, 0.2f * (float)(i % N_NEXT + 1));
    seen[i % N_NEXT] = self->middle[0];
    wait_ms (40);
  }
  g_assert_cmpstr (self->asked->str, ==, "");
  g_assert_cmpuint (seen[0], <, seen[1]);
  g_assert_cmpuint (seen[1], <, seen[2]);
  wait_for_ahead (self);
  g_assert_cmpstr (self->asked->str, ==, "0123");
}

/* Taken from the screen while there is work left, and back again. */
static void
test_unrealize (Fixture *self, gconstpointer data)
{
  wait_for_ahead (self);
  for (int i = 0; i < 3; i++) {
    show (self, 0.1f * (float)(i + 1));
    g_object_ref (self->area);
    gtk_window_set_child (GTK_WINDOW (self->window), NULL);
    g_string_truncate (self->asked, 0);
    g_assert_null (ut_painter_device (self->painter));
    wait_ms (400);
    g_assert_cmpstr (self->asked->str, ==, "");
    gtk_window_set_child (GTK_WINDOW (self->window), self->area);
    g_object_unref (self->area);
    wait_for_ahead (self);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  g_log_set_fatal_mask (UT_GL_ERROR_DOMAIN, G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_ERROR);
  g_test_add ("/ui/painter/rest", Fixture, NULL, set_up, test_rest, tear_down);
  g_test_add ("/ui/painter/change", Fixture, NULL, set_up, test_change, tear_down);
  g_test_add ("/ui/painter/unrealize", Fixture, NULL, set_up, test_unrealize, tear_down);
  return g_test_run ();
}
