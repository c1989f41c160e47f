/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/study/cine-view.h"

#include "app/caliper-draw.h"
#include "app/point-cross.h"
#include "app/widgets.h"

#include <glib/gi18n.h>

#define MAX_ZOOM 16.0
#define CLICK_PX 4.0 /* pointer movement up to which a press is no drag */

typedef struct {
  UtCaliper caliper;
  char *text;
} ShownCaliper;

struct _UtCineView {
  GtkWidget parent_instance;

  UtCine *cine;
  guint frame;
  GdkTexture *texture; /* of @frame; NULL where it must be made anew */
  double spacing_mm[2];
  gboolean mirrored;
  gboolean bare;
  gboolean ruler;
  gboolean has_line;
  double line[4]; /* x0, y0, x1, y1, pixels of the picture */
  gboolean measuring;
  GArray *calipers; /* ShownCaliper */
  GtkWidget *cross;

  double zoom;   /* 1 = the whole frame fits */
  double pan[2]; /* widget pixels, of the picture's middle from the widget's */
  double pan_at_press[2];
};

enum { LINE_DRAWN, PRESSED, BACK, MOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtCineView, ut_cine_view, GTK_TYPE_WIDGET)

static void
shown_caliper_clear (gpointer shown)
{
  g_free (((ShownCaliper *)shown)->text);
}

/* Widget pixels per picture pixel along x and y. */
static void
picture_scale (UtCineView *self, double ret_scale[2])
{
  double aspect = self->spacing_mm[0] > 0 ? self->spacing_mm[1] / self->spacing_mm[0] : 1;
  double wide = self->cine->width * aspect, high = self->cine->height;
  double fit = MIN (gtk_widget_get_width (GTK_WIDGET (self)) / wide,
                    gtk_widget_get_height (GTK_WIDGET (self)) / high);
  ret_scale[0] = fit * self->zoom * aspect;
  ret_scale[1] = fit * self->zoom;
}

static graphene_point_t
widget_from_picture (UtCineView *self, double x, double y)
{
  double scale[2];
  picture_scale (self, scale);
  double dx = (x - self->cine->width / 2.0) * scale[0] * (self->mirrored ? -1 : 1);
  double dy = (y - self->cine->height / 2.0) * scale[1];
  return GRAPHENE_POINT_INIT (
    (float)(gtk_widget_get_width (GTK_WIDGET (self)) / 2.0 + self->pan[0] + dx),
    (float)(gtk_widget_get_height (GTK_WIDGET (self)) / 2.0 + self->pan[1] + dy));
}

static void
picture_from_widget (UtCineView *self, double x, double y, double ret[2])
{
  double scale[2];
  picture_scale (self, scale);
  double dx = x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0 - self->pan[0];
  double dy = y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0 - self->pan[1];
  ret[0] = self->cine->width / 2.0 + dx / scale[0] * (self->mirrored ? -1 : 1);
  ret[1] = self->cine->height / 2.0 + dy / scale[1];
}

graphene_point_t
ut_cine_view_to_widget (UtCineView *self, const double point[2])
{
  return widget_from_picture (self, point[0], point[1]);
}

void
ut_cine_view_to_picture (UtCineView *self, double x, double y, double ret[2])
{
  picture_from_widget (self, x, y, ret);
}

static void
moved (UtCineView *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[MOVED], 0);
}

/* GTK 4.8 has no grey memory format, so each byte is written three times. */
static GdkTexture *
make_texture (UtCine *cine, guint frame)
{
  gsize n_pixels = (gsize)cine->width * cine->height;
  const guint8 *grey = ut_cine_frame (cine, frame);
  guint8 *rgb = g_malloc (n_pixels * 3);
  for (gsize i = 0; i < n_pixels; i++)
    rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = grey[i];

  g_autoptr (GBytes) bytes = g_bytes_new_take (rgb, n_pixels * 3);
  return gdk_memory_texture_new (
    (int)cine->width, (int)cine->height, GDK_MEMORY_R8G8B8, bytes, (gsize)cine->width * 3);
}

/* With its lower left corner at @x, @y. */
static void
draw_text (UtCineView *self,
           GtkSnapshot *snapshot,
           const char *text,
           float x,
           float y,
           const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width, height;
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y - (float)height));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

/* A bar of a round number of millimetres, between a tenth and a third of the widget. */
static void
draw_scale_bar (UtCineView *self, GtkSnapshot *snapshot)
{
  static const int lengths_mm[] = {5, 10, 20, 50, 100};
  double scale[2];
  picture_scale (self, scale);
  double px_per_mm = scale[0] / self->spacing_mm[1];
  double wanted = gtk_widget_get_width (GTK_WIDGET (self)) / 3.0;

  int length_mm = 0;
  for (guint i = 0; i < G_N_ELEMENTS (lengths_mm); i++)
    if (lengths_mm[i] * px_per_mm <= wanted)
      length_mm = lengths_mm[i];
  if (length_mm == 0)
    return;

  GdkRGBA colour;
  ut_widget_colour (GTK_WIDGET (self), "ut_overlay_color", &colour);
  float x = 12, y = (float)gtk_widget_get_height (GTK_WIDGET (self)) - 14;
  float length = (float)(length_mm * px_per_mm);
  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (x, y, length, 2));
  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (x, y - 4, 1.5f, 8));
  gtk_snapshot_append_color (
    snapshot, &colour, &GRAPHENE_RECT_INIT (x + length - 1.5f, y - 4, 1.5f, 8));
  /* Translators: length of the scale bar in an ultrasound picture */
  g_autofree char *text = g_strdup_printf (_ ("%d mm"), length_mm);
  draw_text (self, snapshot, text, x, y - 5, &colour);
}

/* The probe's index mark: on the left of the file's picture, on the right when mirrored. */
static void
draw_orientation (UtCineView *self, GtkSnapshot *snapshot)
{
  GdkRGBA colour;
  ut_widget_colour (GTK_WIDGET (self), "ut_accent_color", &colour);
  float x = self->mirrored ? (float)gtk_widget_get_width (GTK_WIDGET (self)) - 26 : 12;
  graphene_rect_t dot = GRAPHENE_RECT_INIT (x, 12, 14, 14);
  GskRoundedRect rounded;
  gsk_rounded_rect_init_from_rect (&rounded, &dot, 7);
  gtk_snapshot_append_border (
    snapshot, &rounded, (float[4]){2, 2, 2, 2}, (GdkRGBA[4]){colour, colour, colour, colour});
}

static void
draw_line (UtCineView *self, GtkSnapshot *snapshot)
{
  graphene_point_t a = widget_from_picture (self, self->line[0], self->line[1]);
  graphene_point_t b = widget_from_picture (self, self->line[2], self->line[3]);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0,
                                               0,
                                               (float)gtk_widget_get_width (GTK_WIDGET (self)),
                                               (float)gtk_widget_get_height (GTK_WIDGET (self)));
  GdkRGBA colour;
  ut_widget_colour (GTK_WIDGET (self), "ut_ruler_color", &colour);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  double dx = b.x - a.x, dy = b.y - a.y, length = MAX (1, hypot (dx, dy));
  double nx = -dy / length * 7, ny = dx / length * 7; /* end ticks, across the line */

  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, a.x, a.y);
  cairo_line_to (cr, b.x, b.y);
  cairo_move_to (cr, a.x - nx, a.y - ny);
  cairo_line_to (cr, a.x + nx, a.y + ny);
  cairo_move_to (cr, b.x - nx, b.y - ny);
  cairo_line_to (cr, b.x + nx, b.y + ny);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
draw_caliper (UtCineView *self, GtkSnapshot *snapshot, const ShownCaliper *shown)
{
  graphene_point_t points[UT_CALIPER_POINTS];
  const UtCaliper *caliper = &shown->caliper;
  for (guint i = 0; i < caliper->n_points; i++)
    points[i] = widget_from_picture (self, caliper->points[i].x, caliper->points[i].y);
  ut_caliper_draw (GTK_WIDGET (self), snapshot, points, caliper->n_points, shown->text);
}

static void
ut_cine_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtCineView *self = UT_CINE_VIEW (widget);
  float width = (float)gtk_widget_get_width (widget),
        height = (float)gtk_widget_get_height (widget);
  if (self->cine == NULL || width <= 0 || height <= 0)
    return;
  if (self->texture == NULL)
    self->texture = make_texture (self->cine, self->frame);

  double scale[2];
  picture_scale (self, scale);
  float w = (float)(self->cine->width * scale[0]), h = (float)(self->cine->height * scale[1]);
  graphene_point_t middle =
    widget_from_picture (self, self->cine->width / 2.0, self->cine->height / 2.0);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &middle);
  if (self->mirrored)
    gtk_snapshot_scale (snapshot, -1, 1);
  gtk_snapshot_append_texture (snapshot, self->texture, &GRAPHENE_RECT_INIT (-w / 2, -h / 2, w, h));
  gtk_snapshot_restore (snapshot);

  if (!self->bare)
    draw_orientation (self, snapshot);
  if (!self->bare && self->spacing_mm[1] > 0)
    draw_scale_bar (self, snapshot);
  if (self->has_line)
    draw_line (self, snapshot);
  for (guint i = 0; i < self->calipers->len; i++)
    draw_caliper (self, snapshot, &g_array_index (self->calipers, ShownCaliper, i));
  gtk_snapshot_pop (snapshot);
  gtk_widget_snapshot_child (widget, self->cross, snapshot);
}

/* ---- hand and keys ------------------------------------------------------------------- */

static void
drag_begin_cb (UtCineView *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  ut_point_cross_hide (UT_POINT_CROSS (self->cross));
  memcpy (self->pan_at_press, self->pan, sizeof self->pan);
  if (self->cine == NULL || !self->ruler)
    return;
  picture_from_widget (self, x, y, self->line);
  picture_from_widget (self, x, y, self->line + 2);
}

static void
drag_update_cb (UtCineView *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;
  if (self->cine == NULL)
    return;
  ut_drag_get_start (gesture, &x, &y);
  if (self->ruler) {
    picture_from_widget (self, x + dx, y + dy, self->line + 2);
    self->has_line = TRUE;
  } else if (self->zoom > 1) {
    self->pan[0] = self->pan_at_press[0] + dx;
    self->pan[1] = self->pan_at_press[1] + dy;
  }
  moved (self);
}

static void
drag_end_cb (UtCineView *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y, place[2];
  gboolean click = hypot (dx, dy) < CLICK_PX;
  if (self->cine == NULL)
    return;
  ut_drag_get_start (gesture, &x, &y);
  picture_from_widget (self, x, y, place);
  if (click && self->measuring)
    g_signal_emit (self, signals[PRESSED], 0, place[0], place[1]);
  else if (!click && self->ruler)
    g_signal_emit (
      self, signals[LINE_DRAWN], 0, self->line[0], self->line[1], self->line[2], self->line[3]);
}

static void
cross_moved_cb (UtCineView *self, double x, double y)
{
  double place[2];
  picture_from_widget (self, x, y, place);
  g_autofree char *text = g_strdup_printf (_ ("cross at %.0f, %.0f"), place[0], place[1]);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
cross_set_cb (UtCineView *self, double x, double y)
{
  double place[2];
  picture_from_widget (self, x, y, place);
  g_signal_emit (self, signals[PRESSED], 0, place[0], place[1]);
}

static void
cross_back_cb (UtCineView *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

void
ut_cine_view_place_cross (UtCineView *self, const double point[2])
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  graphene_point_t place = ut_cine_view_to_widget (self, point);
  ut_point_cross_place (UT_POINT_CROSS (self->cross), &place);
}

static gboolean
scroll_cb (UtCineView *self, double dx, double dy)
{
  if (self->cine == NULL || dy == 0)
    return GDK_EVENT_PROPAGATE;
  ut_cine_view_zoom (self, dy < 0 ? 1.15 : 1 / 1.15);
  return GDK_EVENT_STOP;
}

void
ut_cine_view_set_cine (UtCineView *self, UtCine *cine)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  if (self->cine == cine)
    return;
  g_clear_pointer (&self->cine, ut_cine_unref);
  self->cine = cine != NULL ? ut_cine_ref (cine) : NULL;
  self->frame = 0;
  self->has_line = FALSE;
  ut_point_cross_set_on (UT_POINT_CROSS (self->cross), self->measuring && cine != NULL);
  g_clear_object (&self->texture);
  ut_cine_view_zoom_fit (self);
}

void
ut_cine_view_exchange_cine (UtCineView *self, UtCine *cine)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self) && self->cine != NULL &&
                    cine->width == self->cine->width && cine->height == self->cine->height);
  UtCine *old = self->cine;
  self->cine = ut_cine_ref (cine);
  self->frame = 0;
  ut_cine_unref (old);
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ut_cine_view_set_bare (UtCineView *self, gboolean bare)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  self->bare = bare;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ut_cine_view_set_frame (UtCineView *self, guint frame)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  if (self->cine == NULL)
    return;
  frame = MIN (frame, self->cine->n_frames - 1);
  if (frame == self->frame)
    return;
  self->frame = frame;
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
ut_cine_view_get_frame (UtCineView *self)
{
  g_return_val_if_fail (UT_IS_CINE_VIEW (self), 0);
  return self->frame;
}

void
ut_cine_view_set_spacing (UtCineView *self, const double spacing_mm[2])
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  memcpy (self->spacing_mm, spacing_mm, sizeof self->spacing_mm);
  moved (self);
}

void
ut_cine_view_set_mirrored (UtCineView *self, gboolean mirrored)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  self->mirrored = mirrored;
  moved (self);
}

gboolean
ut_cine_view_get_mirrored (UtCineView *self)
{
  g_return_val_if_fail (UT_IS_CINE_VIEW (self), FALSE);
  return self->mirrored;
}

static void
show_cursor (UtCineView *self)
{
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self),
                                   self->ruler || self->measuring ? "crosshair" : NULL);
}

void
ut_cine_view_set_ruler (UtCineView *self, gboolean ruler)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  self->ruler = ruler;
  show_cursor (self);
}

void
ut_cine_view_set_measuring (UtCineView *self, gboolean measuring)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  self->measuring = measuring;
  ut_point_cross_set_on (UT_POINT_CROSS (self->cross), measuring && self->cine != NULL);
  show_cursor (self);
}

void
ut_cine_view_clear_calipers (UtCineView *self)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  g_array_set_size (self->calipers, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ut_cine_view_add_caliper (UtCineView *self, const UtCaliper *caliper, const char *text)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  ShownCaliper shown = {*caliper, g_strdup (text)};
  g_array_append_val (self->calipers, shown);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ut_cine_view_set_line (UtCineView *self, const double line[4])
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  self->has_line = line != NULL;
  if (line != NULL)
    memcpy (self->line, line, sizeof self->line);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ut_cine_view_zoom_at (UtCineView *self, double factor, double x, double y)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  double zoom = CLAMP (self->zoom * factor, 1, MAX_ZOOM);
  const double from_middle[2] = {x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
                                 y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0};
  for (guint i = 0; i < 2; i++)
    self->pan[i] =
      zoom > 1 ? from_middle[i] + (self->pan[i] - from_middle[i]) * zoom / self->zoom : 0;
  self->zoom = zoom;
  moved (self);
}

void
ut_cine_view_zoom (UtCineView *self, double factor)
{
  ut_cine_view_zoom_at (self,
                        factor,
                        gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
                        gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

void
ut_cine_view_zoom_fit (UtCineView *self)
{
  g_return_if_fail (UT_IS_CINE_VIEW (self));
  self->zoom = 1;
  self->pan[0] = self->pan[1] = 0;
  moved (self);
}

static void
ut_cine_view_dispose (GObject *object)
{
  UtCineView *self = UT_CINE_VIEW (object);
  g_clear_pointer (&self->cross, gtk_widget_unparent);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->cine, ut_cine_unref);
  G_OBJECT_CLASS (ut_cine_view_parent_class)->dispose (object);
}

static void
ut_cine_view_finalize (GObject *object)
{
  g_array_unref (UT_CINE_VIEW (object)->calipers);
  G_OBJECT_CLASS (ut_cine_view_parent_class)->finalize (object);
}

static void
ut_cine_view_class_init (UtCineViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ut_cine_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = ut_cine_view_finalize;
  widget_class->snapshot = ut_cine_view_snapshot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "cine");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  signals[LINE_DRAWN] = g_signal_new ("line-drawn",
                                      UT_TYPE_CINE_VIEW,
                                      G_SIGNAL_RUN_LAST,
                                      0,
                                      NULL,
                                      NULL,
                                      NULL,
                                      G_TYPE_NONE,
                                      4,
                                      G_TYPE_DOUBLE,
                                      G_TYPE_DOUBLE,
                                      G_TYPE_DOUBLE,
                                      G_TYPE_DOUBLE);
  signals[PRESSED] = g_signal_new ("pressed",
                                   UT_TYPE_CINE_VIEW,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   2,
                                   G_TYPE_DOUBLE,
                                   G_TYPE_DOUBLE);
  signals[BACK] = g_signal_new (
    "back", UT_TYPE_CINE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVED] = g_signal_new (
    "moved", UT_TYPE_CINE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_cine_view_init (UtCineView *self)
{
  self->zoom = 1;
  self->calipers = g_array_new (FALSE, FALSE, sizeof (ShownCaliper));
  g_array_set_clear_func (self->calipers, shown_caliper_clear);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  self->cross = ut_point_cross_new (GTK_WIDGET (self));
  gtk_widget_set_parent (self->cross, GTK_WIDGET (self));
  g_signal_connect_swapped (self->cross, "moved", G_CALLBACK (cross_moved_cb), self);
  g_signal_connect_swapped (self->cross, "set", G_CALLBACK (cross_set_cb), self);
  g_signal_connect_swapped (self->cross, "back", G_CALLBACK (cross_back_cb), self);

  GtkGesture *drag = ut_drag_new ();
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));

  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
}
