/* SPDX-License-Identifier: Apache-2.0 */
#include "app/lesson/lesson-point.h"

#define POINT_CLASS "lesson-point"
#define MARGIN      6.0 /* pixels, for the frame */

/* Frames of the clock in which a page may still be laid out anew: half a second. */
#define N_TICKS 30

/* The widget below @root that a template names so and that is there to be seen. */
static GtkWidget *
find_control (GtkWidget *root, const char *id)
{
  if (!gtk_widget_get_visible (root))
    return NULL;
  if (g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (root)), id) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_control (child, id);
    if (found != NULL)
      return found;
  }
  return NULL;
}

void
ut_lesson_point_at (UtLessonPoint *self, GtkWidget *root, const char *id)
{
  GtkWidget *control = id != NULL ? find_control (root, id) : NULL;
  if (control == self->control)
    return;
  if (self->control != NULL) {
    if (self->tick_id > 0)
      gtk_widget_remove_tick_callback (self->control, self->tick_id);
    gtk_widget_remove_css_class (self->control, POINT_CLASS);
    g_object_remove_weak_pointer (G_OBJECT (self->control), (gpointer *)&self->control);
  }
  *self = (UtLessonPoint){.control = control};
  if (control == NULL)
    return;
  g_object_add_weak_pointer (G_OBJECT (control), (gpointer *)&self->control);
  gtk_widget_add_css_class (control, POINT_CLASS);
}

static void
scroll (GtkWidget *control)
{
  GtkWidget *page = gtk_widget_get_ancestor (control, GTK_TYPE_SCROLLED_WINDOW);
  graphene_rect_t bounds;
  if (page == NULL || !gtk_widget_compute_bounds (control, page, &bounds))
    return;
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page));
  double top = gtk_adjustment_get_value (place) + bounds.origin.y - MARGIN;
  double height = bounds.size.height + 2 * MARGIN;
  gtk_adjustment_clamp_page (place, top, top + MIN (height, gtk_adjustment_get_page_size (place)));
}

/* What the step has set, and numbers that come later, move what is below them. */
static gboolean
tick_cb (GtkWidget *control, GdkFrameClock *clock, gpointer user_data)
{
  UtLessonPoint *self = user_data;
  scroll (control);
  if (++self->n_ticks < N_TICKS)
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

void
ut_lesson_point_scroll (UtLessonPoint *self)
{
  if (self->control == NULL)
    return;
  self->n_ticks = 0;
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (self->control, tick_cb, self, NULL);
}
