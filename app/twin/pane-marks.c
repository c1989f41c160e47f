/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/pane-marks.h"

#include "app/caliper-draw.h"
#include "app/widgets.h"

#define GAP_PX 4 /* from the crosshair's middle to its arms */
#define ARM_PX 9

struct _UtPaneMarks {
  GtkWidget parent_instance;

  UtTwinView *view;
  UtCalipers *calipers;
  UtCrosshair *crosshair;
  char *on;
  gboolean crossed;
};

G_DEFINE_FINAL_TYPE (UtPaneMarks, ut_pane_marks, GTK_TYPE_WIDGET)

static void
draw_caliper (UtPaneMarks *self, GtkSnapshot *snapshot, const UtCaliper *caliper)
{
  graphene_point_t points[UT_CALIPER_POINTS];
  g_autofree char *text = caliper->n_points >= 2 ? ut_caliper_text (caliper) : NULL;
  for (guint i = 0; i < caliper->n_points; i++)
    if (!ut_twin_view_project (self->view, caliper->points[i], &points[i]))
      return;
  ut_caliper_draw (GTK_WIDGET (self), snapshot, points, caliper->n_points, text);
}

/* Four arms round the point, @rim pixels thicker all round. */
static void
draw_arms (GtkSnapshot *snapshot, graphene_point_t p, float rim, const GdkRGBA *colour)
{
  float half = 1 + rim, length = ARM_PX + 2 * rim;
  for (int side = -1; side <= 1; side += 2) {
    float start = side > 0 ? GAP_PX - rim : rim - GAP_PX - length;
    gtk_snapshot_append_color (
      snapshot, colour, &GRAPHENE_RECT_INIT (p.x + start, p.y - half, length, 2 * half));
    gtk_snapshot_append_color (
      snapshot, colour, &GRAPHENE_RECT_INIT (p.x - half, p.y + start, 2 * half, length));
  }
}

/* Dark under bright: seen on any surface. */
static void
draw_crosshair (UtPaneMarks *self, GtkSnapshot *snapshot)
{
  graphene_point_t p;
  GdkRGBA dark, bright;
  if (!ut_twin_view_project (self->view, ut_crosshair_get (self->crosshair), &p))
    return;
  ut_widget_colour (GTK_WIDGET (self), "ut_number_ground_color", &dark);
  ut_widget_colour (GTK_WIDGET (self), "ut_accent_color", &bright);
  draw_arms (snapshot, p, 1, &dark);
  draw_arms (snapshot, p, 0, &bright);
}

static void
ut_pane_marks_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtPaneMarks *self = UT_PANE_MARKS (widget);
  if (self->crossed)
    draw_crosshair (self, snapshot);
  for (guint i = 0; self->on != NULL && i < ut_calipers_count (self->calipers); i++) {
    const UtStandingCaliper *standing = ut_calipers_get (self->calipers, i);
    if (g_str_equal (standing->on, self->on))
      draw_caliper (self, snapshot, &standing->caliper);
  }
}

void
ut_pane_marks_show (UtPaneMarks *self, const char *on, gboolean crosshair)
{
  g_return_if_fail (UT_IS_PANE_MARKS (self));
  char *copy = g_strdup (on);
  g_free (self->on);
  self->on = copy;
  self->crossed = crosshair;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
ut_pane_marks_finalize (GObject *object)
{
  UtPaneMarks *self = UT_PANE_MARKS (object);
  g_free (self->on);
  g_clear_object (&self->calipers);
  g_clear_object (&self->crosshair);
  G_OBJECT_CLASS (ut_pane_marks_parent_class)->finalize (object);
}

static void
ut_pane_marks_class_init (UtPaneMarksClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ut_pane_marks_finalize;
  GTK_WIDGET_CLASS (klass)->snapshot = ut_pane_marks_snapshot;
}

static void
ut_pane_marks_init (UtPaneMarks *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
ut_pane_marks_new (UtTwinView *view, UtCalipers *calipers, UtCrosshair *crosshair)
{
  UtPaneMarks *self = g_object_new (UT_TYPE_PANE_MARKS, NULL);
  self->view = view; /* they go together with their pane */
  self->calipers = g_object_ref (calipers);
  self->crosshair = g_object_ref (crosshair);
  g_signal_connect_object (
    view, "camera-changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    calipers, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    crosshair, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
