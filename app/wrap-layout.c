/* SPDX-License-Identifier: Apache-2.0 */
#include "app/wrap-layout.h"

struct _UtWrapLayout {
  GtkLayoutManager parent_instance;
  int spacing;
};

G_DEFINE_FINAL_TYPE (UtWrapLayout, ut_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
ut_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* No child is narrower than it must be, nor wider than it wants to be, nor than all there is. */
static int
child_width (GtkWidget *child, int width)
{
  int min, natural;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &min, &natural, NULL, NULL);
  return MAX (min, MIN (natural, width));
}

/* Height of all lines at @width; places the children where @place. */
static int
lay_out (UtWrapLayout *self, GtkWidget *widget, int width, gboolean place)
{
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0, y = 0, line_height = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (!gtk_widget_should_layout (child))
      continue;
    int w = child_width (child, width), h;
    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, w, NULL, &h, NULL, NULL);
    if (x > 0 && x + w > width) {
      x = 0;
      y += line_height + self->spacing;
      line_height = 0;
    }
    if (place)
      gtk_widget_size_allocate (child, &(GtkAllocation){rtl ? width - x - w : x, y, w, h}, -1);
    x += w + self->spacing;
    line_height = MAX (line_height, h);
  }
  return y + line_height;
}

static void
measure_width (UtWrapLayout *self, GtkWidget *widget, int *ret_min, int *ret_natural)
{
  int n = 0;
  *ret_min = *ret_natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int min, natural;
    if (!gtk_widget_should_layout (child))
      continue;
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &min, &natural, NULL, NULL);
    *ret_min = MAX (*ret_min, min);
    *ret_natural += natural + (n++ > 0 ? self->spacing : 0);
  }
}

static void
ut_wrap_layout_measure (GtkLayoutManager *manager,
                        GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  UtWrapLayout *self = UT_WRAP_LAYOUT (manager);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (self, widget, minimum, natural);
  else
    *minimum = *natural = lay_out (self, widget, for_size < 0 ? G_MAXINT / 2 : for_size, FALSE);
}

static void
ut_wrap_layout_allocate (
  GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  lay_out (UT_WRAP_LAYOUT (manager), widget, width, TRUE);
}

static void
ut_wrap_layout_class_init (UtWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);
  manager_class->get_request_mode = ut_wrap_layout_get_request_mode;
  manager_class->measure = ut_wrap_layout_measure;
  manager_class->allocate = ut_wrap_layout_allocate;
}

static void
ut_wrap_layout_init (UtWrapLayout *self)
{
}

GtkLayoutManager *
ut_wrap_layout_new (int spacing)
{
  UtWrapLayout *self = g_object_new (UT_TYPE_WRAP_LAYOUT, NULL);
  self->spacing = spacing;
  return GTK_LAYOUT_MANAGER (self);
}
