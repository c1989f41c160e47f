/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/blackout-layer.h"

#include "app/keys.h"
#include "app/widgets.h"

#include <glib/gi18n.h>
#include <math.h>

#define CLICK_PX 4.0  /* pointer movement up to which a press is no drag */
#define CROSS_PX 9.0f /* half an arm */
#define ZOOM     1.15

struct _UtBlackoutLayer {
  GtkWidget parent_instance;

  UtCineView *cine_view;
  guint size[2];           /* of the picture, pixels along x and y */
  GArray *areas;           /* UtBlackArea */
  GPtrArray *history;      /* GArray: @areas before each change, oldest first */
  int chosen;              /* of @areas, -1 = none */
  gboolean drawing;        /* an area between @corner and @other is being drawn */
  gboolean by_keys;        /* with the cross */
  int corner[2], other[2]; /* pixels */
  gboolean has_cross;
  int cross[2];      /* pixel */
  double pointer[2]; /* in the widget */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtBlackoutLayer, ut_blackout_layer, GTK_TYPE_WIDGET)

static UtBlackArea *
area_at (UtBlackoutLayer *self, guint i)
{
  return &g_array_index (self->areas, UtBlackArea, i);
}

/* The smallest area that holds both pixels. */
static UtBlackArea
area_between (const int a[2], const int b[2])
{
  return (UtBlackArea){(guint)MIN (a[0], b[0]),
                       (guint)MIN (a[1], b[1]),
                       (guint)ABS (a[0] - b[0]) + 1,
                       (guint)ABS (a[1] - b[1]) + 1};
}

/* ---- picture ---------------------------------------------------------------------------- */

static graphene_rect_t
place_of (UtBlackoutLayer *self, const UtBlackArea *area)
{
  const double ends[2][2] = {{area->x, area->y},
                             {(double)area->x + area->width, (double)area->y + area->height}};
  graphene_point_t a = ut_cine_view_to_widget (self->cine_view, ends[0]);
  graphene_point_t b = ut_cine_view_to_widget (self->cine_view, ends[1]);
  graphene_rect_t place;
  graphene_rect_init (&place, a.x, a.y, b.x - a.x, b.y - a.y);
  graphene_rect_normalize (&place); /* a mirrored picture has them the other way round */
  return place;
}

static void
draw_area (UtBlackoutLayer *self, GtkSnapshot *snapshot, const UtBlackArea *area, gboolean chosen)
{
  const graphene_rect_t place = place_of (self, area);
  const float width = chosen ? 2 : 1;
  GskRoundedRect outline;
  GdkRGBA colour;
  ut_widget_colour (GTK_WIDGET (self), chosen ? "accent_color" : "ut_ruler_color", &colour);
  gtk_snapshot_append_color (snapshot, &(GdkRGBA){0, 0, 0, 1}, &place);
  gsk_rounded_rect_init_from_rect (&outline, &place, 0);
  gtk_snapshot_append_border (snapshot,
                              &outline,
                              (float[4]){width, width, width, width},
                              (GdkRGBA[4]){colour, colour, colour, colour});
}

static void
draw_cross (UtBlackoutLayer *self, GtkSnapshot *snapshot)
{
  const double middle[2] = {self->cross[0] + 0.5, self->cross[1] + 0.5};
  graphene_point_t p = ut_cine_view_to_widget (self->cine_view, middle);
  GdkRGBA colour;
  ut_widget_colour (GTK_WIDGET (self), "ut_ruler_color", &colour);
  gtk_snapshot_append_color (
    snapshot, &colour, &GRAPHENE_RECT_INIT (p.x - CROSS_PX, p.y - 1, 2 * CROSS_PX, 2));
  gtk_snapshot_append_color (
    snapshot, &colour, &GRAPHENE_RECT_INIT (p.x - 1, p.y - CROSS_PX, 2, 2 * CROSS_PX));
}

static void
ut_blackout_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtBlackoutLayer *self = UT_BLACKOUT_LAYER (widget);
  for (guint i = 0; i < self->areas->len; i++)
    draw_area (self, snapshot, area_at (self, i), (int)i == self->chosen);
  if (self->drawing) {
    UtBlackArea area = area_between (self->corner, self->other);
    draw_area (self, snapshot, &area, TRUE);
  }
  if (self->has_cross)
    draw_cross (self, snapshot);
}

/* Says how things are to who cannot see it. */
static void
say (UtBlackoutLayer *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  if (self->has_cross)
    /* Translators: for screen readers, where the cross stands, in pixels */
    g_string_append_printf (text, _ ("cross at %d, %d"), self->cross[0], self->cross[1]);
  if (self->drawing && self->by_keys)
    g_string_append_printf (text, ", %s", _ ("one corner is set, Return sets the opposite one"));
  if (self->chosen >= 0) {
    const UtBlackArea *area = area_at (self, (guint)self->chosen);
    g_string_append (text, text->len > 0 ? ", " : "");
    g_string_append_printf (text,
                            /* Translators: for screen readers: a black rectangle, in pixels */
                            _ ("area at %u, %u of %u by %u pixels is chosen, Delete removes it"),
                            area->x,
                            area->y,
                            area->width,
                            area->height);
  }
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- changes ---------------------------------------------------------------------------- */

static void
remember (UtBlackoutLayer *self)
{
  g_ptr_array_add (self->history, g_array_copy (self->areas));
}

static void
changed (UtBlackoutLayer *self, int chosen)
{
  self->chosen = chosen;
  self->drawing = FALSE;
  say (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_drawn (UtBlackoutLayer *self)
{
  UtBlackArea area = area_between (self->corner, self->other);
  remember (self);
  g_array_append_val (self->areas, area);
  changed (self, (int)self->areas->len - 1);
}

void
ut_blackout_layer_undo (UtBlackoutLayer *self)
{
  g_return_if_fail (UT_IS_BLACKOUT_LAYER (self));
  if (self->history->len == 0)
    return;
  g_array_unref (self->areas);
  self->areas = g_ptr_array_steal_index (self->history, self->history->len - 1);
  changed (self, -1);
}

gboolean
ut_blackout_layer_can_undo (UtBlackoutLayer *self)
{
  g_return_val_if_fail (UT_IS_BLACKOUT_LAYER (self), FALSE);
  return self->history->len > 0;
}

const UtBlackArea *
ut_blackout_layer_get_areas (UtBlackoutLayer *self, guint *ret_n)
{
  g_return_val_if_fail (UT_IS_BLACKOUT_LAYER (self), NULL);
  *ret_n = self->areas->len;
  return (const UtBlackArea *)(void *)self->areas->data;
}

/* ---- hand ------------------------------------------------------------------------------- */

/* The pixel at (@x, @y) in the widget, the nearest one of the picture. */
static void
pixel_at (UtBlackoutLayer *self, double x, double y, int ret[2])
{
  double point[2];
  ut_cine_view_to_picture (self->cine_view, x, y, point);
  for (int k = 0; k < 2; k++)
    ret[k] = (int)CLAMP (floor (point[k]), 0, self->size[k] - 1.0);
}

/* The uppermost area that holds a pixel, -1 = none. */
static int
area_on (UtBlackoutLayer *self, const int pixel[2])
{
  for (guint i = self->areas->len; i > 0; i--) {
    const UtBlackArea *area = area_at (self, i - 1);
    if ((guint)pixel[0] >= area->x && (guint)pixel[0] - area->x < area->width &&
        (guint)pixel[1] >= area->y && (guint)pixel[1] - area->y < area->height)
      return (int)i - 1;
  }
  return -1;
}

static void
drag_begin_cb (UtBlackoutLayer *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->has_cross = self->drawing = self->by_keys = FALSE;
  pixel_at (self, x, y, self->corner);
  say (self);
}

static void
drag_update_cb (UtBlackoutLayer *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;
  ut_drag_get_start (gesture, &x, &y);
  self->drawing = self->drawing || hypot (dx, dy) >= CLICK_PX;
  pixel_at (self, x + dx, y + dy, self->other);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_end_cb (UtBlackoutLayer *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;
  ut_drag_get_start (gesture, &x, &y);
  self->drawing = FALSE;
  if (hypot (dx, dy) >= CLICK_PX) {
    pixel_at (self, x + dx, y + dy, self->other);
    add_drawn (self);
    return;
  }
  self->chosen = area_on (self, self->corner);
  say (self);
}

static void
motion_cb (UtBlackoutLayer *self, double x, double y)
{
  self->pointer[0] = x;
  self->pointer[1] = y;
}

static gboolean
scroll_cb (UtBlackoutLayer *self, double dx, double dy)
{
  if (dy != 0)
    ut_cine_view_zoom_at (
      self->cine_view, dy < 0 ? ZOOM : 1 / ZOOM, self->pointer[0], self->pointer[1]);
  return GDK_EVENT_STOP;
}

/* ---- keys ------------------------------------------------------------------------------- */

/* To the right and down on the screen. */
static void
move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtBlackoutLayer *self = UT_BLACKOUT_LAYER (widget);
  int steps[2];
  g_variant_get (parameter, "(ii)", &steps[0], &steps[1]);
  if (ut_cine_view_get_mirrored (self->cine_view))
    steps[0] = -steps[0];
  for (int k = 0; k < 2; k++) {
    if (!self->has_cross)
      self->cross[k] = (int)self->size[k] / 2;
    self->cross[k] = CLAMP (self->cross[k] + steps[k], 0, (int)self->size[k] - 1);
  }
  self->has_cross = TRUE;
  memcpy (self->other, self->cross, sizeof self->other);
  say (self);
}

static void
set_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtBlackoutLayer *self = UT_BLACKOUT_LAYER (widget);
  if (!self->has_cross)
    return;
  if (self->drawing) {
    add_drawn (self);
    return;
  }
  memcpy (self->corner, self->cross, sizeof self->corner);
  memcpy (self->other, self->cross, sizeof self->other);
  self->drawing = self->by_keys = TRUE;
  self->chosen = -1;
  say (self);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtBlackoutLayer *self = UT_BLACKOUT_LAYER (widget);
  if (!self->drawing) {
    ut_blackout_layer_undo (self);
    return;
  }
  self->drawing = FALSE; /* of an area that has one corner, that corner */
  say (self);
}

/* The chosen area, else the one under the cross. */
static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtBlackoutLayer *self = UT_BLACKOUT_LAYER (widget);
  int area = self->chosen;
  if (area < 0 && self->has_cross)
    area = area_on (self, self->cross);
  if (area < 0)
    return;
  remember (self);
  g_array_remove_index (self->areas, (guint)area);
  changed (self, -1);
}

static void
choose_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtBlackoutLayer *self = UT_BLACKOUT_LAYER (widget);
  if (self->areas->len == 0)
    return;
  self->chosen = (self->chosen + 1) % (int)self->areas->len;
  say (self);
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtBlackoutLayer *self = UT_BLACKOUT_LAYER (widget);
  double factor = g_variant_get_int32 (parameter) > 0 ? ZOOM : 1 / ZOOM;
  const double middle[2] = {self->cross[0] + 0.5, self->cross[1] + 0.5};
  if (!self->has_cross) {
    ut_cine_view_zoom (self->cine_view, factor);
    return;
  }
  graphene_point_t place = ut_cine_view_to_widget (self->cine_view, middle);
  ut_cine_view_zoom_at (self->cine_view, factor, (double)place.x, (double)place.y);
}

static void
fit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ut_cine_view_zoom_fit (UT_BLACKOUT_LAYER (widget)->cine_view);
}

/* ---- life ------------------------------------------------------------------------------- */

static void
ut_blackout_layer_dispose (GObject *object)
{
  g_clear_object (&UT_BLACKOUT_LAYER (object)->cine_view);
  G_OBJECT_CLASS (ut_blackout_layer_parent_class)->dispose (object);
}

static void
ut_blackout_layer_finalize (GObject *object)
{
  UtBlackoutLayer *self = UT_BLACKOUT_LAYER (object);
  g_array_unref (self->areas);
  g_ptr_array_unref (self->history);
  G_OBJECT_CLASS (ut_blackout_layer_parent_class)->finalize (object);
}

static void
ut_blackout_layer_class_init (UtBlackoutLayerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ut_blackout_layer_dispose;
  G_OBJECT_CLASS (klass)->finalize = ut_blackout_layer_finalize;
  widget_class->snapshot = ut_blackout_layer_snapshot;
  gtk_widget_class_set_css_name (widget_class, "blackout");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_install_action (widget_class, "blackout.move", "(ii)", move_action);
  gtk_widget_class_install_action (widget_class, "blackout.set", NULL, set_action);
  gtk_widget_class_install_action (widget_class, "blackout.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "blackout.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "blackout.choose", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "blackout.zoom", "i", zoom_action);
  gtk_widget_class_install_action (widget_class, "blackout.fit", NULL, fit_action);
  signals[CHANGED] = g_signal_new (
    "changed", UT_TYPE_BLACKOUT_LAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_blackout_layer_init (UtBlackoutLayer *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  self->areas = g_array_new (FALSE, FALSE, sizeof (UtBlackArea));
  self->history = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  self->chosen = -1;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_cursor_from_name (widget, "crosshair");

  GtkGesture *drag = ut_drag_new ();
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));

  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (widget, motion);

  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);
  ut_keys_add_controller (widget, UT_KEYS_BLACKOUT);
}

GtkWidget *
ut_blackout_layer_new (UtCineView *cine_view, UtCine *cine, char *name)
{
  UtBlackoutLayer *self = g_object_new (UT_TYPE_BLACKOUT_LAYER, NULL);
  self->cine_view = g_object_ref (cine_view);
  self->size[0] = cine->width;
  self->size[1] = cine->height;
  ut_widget_set_label (GTK_WIDGET (self), name, FALSE);
  g_signal_connect_object (
    cine_view, "moved", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
