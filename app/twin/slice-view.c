/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/slice-view.h"

#include "app/keys.h"
#include "app/widgets.h"

#include "render/colour-map.h"

#include <glib/gi18n.h>
#include <string.h>

#define WHEEL_MM 1.5 /* half a voxel */
#define BAR_MM   50

struct _UtSliceView {
  GtkWidget parent_instance;

  UtCutDirection direction;
  UtCrosshair *crosshair;
  UtBrush *brush;
  UtVolume *labels; /* NULL: nothing to show */
  UtMesh *meshes[UT_N_LABELS];
  UtVec3 low, high;
  gboolean shown[UT_N_LABELS], calibrated, smoothed;
  gboolean has_plane[UT_N_VIEWS];
  UtViewPlane planes[UT_N_VIEWS];
  float axes[3][3];
};

G_DEFINE_FINAL_TYPE (UtSliceView, ut_slice_view, GTK_TYPE_WIDGET)

/* FALSE where there is nothing to see. */
static gboolean
find_slice (UtSliceView *self, UtSlice *ret)
{
  const UtViewPlane *planes[UT_N_VIEWS];
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  if (self->labels == NULL || self->low.x > self->high.x || width <= 0 || height <= 0)
    return FALSE;
  for (UtView v = 0; v < UT_N_VIEWS; v++)
    planes[v] = self->has_plane[v] ? &self->planes[v] : NULL;
  ut_slice_init (ret,
                 self->direction,
                 planes,
                 self->axes,
                 self->low,
                 self->high,
                 ut_crosshair_get (self->crosshair),
                 width,
                 height);
  return TRUE;
}

/* ---- picture ---------------------------------------------------------------------- */

static void
draw_sections (UtSliceView *self, const UtSlice *slice, cairo_t *cr)
{
  UtPlane plane = ut_slice_plane (slice);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    float srgb[3];
    if (!self->shown[s] || self->meshes[s] == NULL)
      continue;
    g_autoptr (UtSection) section = ut_section_new (self->meshes[s], &plane);
    ut_structure_colour (s, srgb);
    cairo_set_source_rgb (cr, (double)srgb[0], (double)srgb[1], (double)srgb[2]);
    ut_slice_trace (slice, section, cr);
    cairo_fill (cr);
  }
}

static void
draw_crosshair (UtSliceView *self, const UtSlice *slice, cairo_t *cr)
{
  double xy[2], gap = 7;
  GdkRGBA colour;
  ut_slice_pixel (slice, ut_crosshair_get (self->crosshair), xy);
  double x = floor (xy[0]) + 0.5, y = floor (xy[1]) + 0.5;
  ut_widget_colour (GTK_WIDGET (self), "ut_overlay_color", &colour);
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, 0, y);
  cairo_line_to (cr, x - gap, y);
  cairo_move_to (cr, x + gap, y);
  cairo_line_to (cr, slice->width, y);
  cairo_move_to (cr, x, 0);
  cairo_line_to (cr, x, y - gap);
  cairo_move_to (cr, x, y + gap);
  cairo_line_to (cr, x, slice->height);
  cairo_stroke (cr);
}

/* The ball that the brush paints with, round the crosshair. */
static void
draw_brush (UtSliceView *self, const UtSlice *slice, cairo_t *cr)
{
  const UtBrushState *brush = ut_brush_get (self->brush);
  double xy[2];
  ut_slice_pixel (slice, ut_crosshair_get (self->crosshair), xy);
  for (int i = 0; i < 2; i++) { /* to be seen on light and dark */
    cairo_set_source_rgba (cr, i, i, i, 0.9);
    cairo_set_line_width (cr, i == 0 ? 3 : 1.2);
    cairo_new_sub_path (cr);
    cairo_arc (cr, xy[0], xy[1], brush->radius_mm * slice->px_per_mm, 0, 2 * G_PI);
    cairo_stroke (cr);
  }
}

/* At a share of the width and height of the widget that is free beside the text. */
static void
draw_text (UtSliceView *self, GtkSnapshot *snapshot, const char *text, float x, float y)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  GdkRGBA colour;
  int width, height;
  ut_widget_colour (GTK_WIDGET (self), "ut_overlay_color", &colour);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot,
    &GRAPHENE_POINT_INIT (8 + x * (float)(gtk_widget_get_width (GTK_WIDGET (self)) - width - 16),
                          6 +
                            y * (float)(gtk_widget_get_height (GTK_WIDGET (self)) - height - 12)));
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

static void
draw_letters (UtSliceView *self, const UtSlice *slice, GtkSnapshot *snapshot)
{
  const struct {
    UtVec3 way;
    float x, y;
  } sides[] = {{ut_vec3_scale (slice->right, -1), 0, 0.5f},
               {slice->right, 1, 0.5f},
               {ut_vec3_scale (slice->down, -1), 0.5f, 0},
               {slice->down, 0.5f, 1}};
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++) {
    const char text[2] = {ut_slice_letter (sides[i].way, self->axes), '\0'};
    draw_text (self, snapshot, text, sides[i].x, sides[i].y);
  }
}

static void
draw_bar (UtSliceView *self, const UtSlice *slice, GtkSnapshot *snapshot)
{
  GdkRGBA colour;
  ut_widget_colour (GTK_WIDGET (self), "ut_overlay_color", &colour);
  float length = (float)(BAR_MM * slice->px_per_mm), y = (float)slice->height - 8;
  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (8, y, length, 2));
  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (8, y - 3, 1, 8));
  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (7 + length, y - 3, 1, 8));
  g_autofree char *text = g_strdup_printf (_ ("%d mm"), BAR_MM);
  draw_text (self, snapshot, text, 0, 1 - 12 / (float)slice->height);
}

static UtStructure
structure_at (UtSliceView *self)
{
  UtAffine m_voxel_from_mm;
  if (!ut_affine_invert (&self->labels->m_patient_from_voxel, &m_voxel_from_mm))
    return UT_BACKGROUND;
  UtVec3 v = ut_affine_point (&m_voxel_from_mm, ut_crosshair_get (self->crosshair));
  const double at[3] = {floor (v.x + 0.5), floor (v.y + 0.5), floor (v.z + 0.5)};
  const gsize *dims = self->labels->dims;
  for (int c = 0; c < 3; c++)
    if (at[c] < 0 || at[c] >= (double)dims[c])
      return UT_BACKGROUND;
  return self->labels->u8[((gsize)at[2] * dims[1] + (gsize)at[1]) * dims[0] + (gsize)at[0]];
}

static void
ut_slice_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtSliceView *self = UT_SLICE_VIEW (widget);
  UtSlice slice;
  draw_text (self, snapshot, ut_cut_direction_title (self->direction), 0, 0);
  if (!find_slice (self, &slice))
    return;
  graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, (float)slice.width, (float)slice.height);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &all);
  gboolean painting = ut_brush_get (self->brush)->on;
  if (self->smoothed && !painting) {
    draw_sections (self, &slice, cr);
  } else {
    cairo_surface_t *surface = ut_slice_labels (&slice, self->labels, self->shown);
    cairo_set_source_surface (cr, surface, 0, 0);
    cairo_paint (cr);
    cairo_surface_destroy (surface);
  }
  draw_crosshair (self, &slice, cr);
  if (painting)
    draw_brush (self, &slice, cr);
  cairo_destroy (cr);
  draw_letters (self, &slice, snapshot);
  if (self->calibrated)
    draw_bar (self, &slice, snapshot);
  UtStructure s = structure_at (self);
  if (s != UT_BACKGROUND)
    draw_text (self, snapshot, ut_structure_name (s), 1, 0);
}

/* ---- changes ----------------------------------------------------------------------- */

/* (nullable): NULL while it is off */
static char *
brush_words (const UtBrushState *brush)
{
  if (!brush->on)
    return NULL;
  if (brush->structure == UT_BACKGROUND)
    return g_strdup_printf (_ ("eraser of %.1f mm"), brush->radius_mm);
  /* Translators: a structure and the radius of the brush that paints it */
  return g_strdup_printf (
    _ ("%s brush of %.1f mm"), ut_structure_name (brush->structure), brush->radius_mm);
}

/* The picture in words, for screen readers. */
static void
changed_cb (UtSliceView *self)
{
  UtStructure s = self->labels != NULL ? structure_at (self) : UT_BACKGROUND;
  /* Translators: a slice of the heart and what its crosshair lies in: "Coronal slice, at LV" */
  g_autofree char *place =
    g_strdup_printf (_ ("%s slice, at %s"),
                     ut_cut_direction_title (self->direction),
                     s != UT_BACKGROUND ? ut_structure_name (s) : _ ("no structure"));
  g_autofree char *brush = brush_words (ut_brush_get (self->brush));
  g_autofree char *text = g_strjoin (", ", place, brush, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ut_slice_view_set_direction (UtSliceView *self, UtCutDirection direction)
{
  g_return_if_fail (UT_IS_SLICE_VIEW (self) && direction < UT_N_CUT_DIRECTIONS);
  self->direction = direction;
  changed_cb (self);
}

void
ut_slice_view_set_smoothed (UtSliceView *self, gboolean smoothed)
{
  g_return_if_fail (UT_IS_SLICE_VIEW (self));
  self->smoothed = smoothed;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
forget_heart (UtSliceView *self)
{
  g_clear_pointer (&self->labels, ut_volume_unref);
  for (UtStructure s = 0; s < UT_N_LABELS; s++)
    g_clear_pointer (&self->meshes[s], ut_mesh_unref);
}

void
ut_slice_view_show (UtSliceView *self, const UtSliceHeart *heart)
{
  g_return_if_fail (UT_IS_SLICE_VIEW (self));
  forget_heart (self);
  self->labels = heart->labels != NULL ? ut_volume_ref (heart->labels) : NULL;
  self->calibrated = heart->calibrated;
  self->low = heart->low;
  self->high = heart->high;
  memcpy (self->axes, heart->axes, sizeof self->axes);
  memcpy (self->shown, heart->shown, sizeof self->shown);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    self->meshes[s] = heart->meshes[s] != NULL ? ut_mesh_ref (heart->meshes[s]) : NULL;
  for (UtView v = 0; v < UT_N_VIEWS; v++) {
    self->has_plane[v] = heart->planes[v] != NULL;
    if (self->has_plane[v])
      self->planes[v] = *heart->planes[v];
  }
  changed_cb (self);
}

/* ---- hand --------------------------------------------------------------------------- */

static void
put_crosshair (UtSliceView *self, double x, double y)
{
  UtSlice slice;
  if (find_slice (self, &slice))
    ut_crosshair_set (self->crosshair, ut_slice_point (&slice, x, y));
}

static void
drag_begin_cb (UtSliceView *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  put_crosshair (self, x, y);
  ut_brush_begin (self->brush, ut_crosshair_get (self->crosshair));
}

static void
drag_update_cb (UtSliceView *self, double dx, double dy, GtkGestureDrag *drag)
{
  double x, y;
  ut_drag_get_start (drag, &x, &y);
  /* what is not seen is not painted */
  if (ut_brush_get (self->brush)->on && !gtk_widget_contains (GTK_WIDGET (self), x + dx, y + dy))
    return;
  put_crosshair (self, x + dx, y + dy);
  ut_brush_extend (self->brush, ut_crosshair_get (self->crosshair));
}

static void
drag_end_cb (UtSliceView *self)
{
  ut_brush_end (self->brush);
}

static void
drag_cancel_cb (UtSliceView *self, GdkEventSequence *sequence, GtkGestureDrag *drag)
{
  if (!ut_drag_was_let_go (drag)) /* else the end follows */
    ut_brush_cancel (self->brush);
}

static void
move (UtSliceView *self, double right_mm, double down_mm, double deeper_mm)
{
  UtSlice slice;
  if (!find_slice (self, &slice))
    return;
  UtVec3 p = ut_crosshair_get (self->crosshair);
  p = ut_vec3_mad (ut_vec3_mad (p, right_mm, slice.right), down_mm, slice.down);
  ut_crosshair_set (self->crosshair, ut_vec3_mad (p, deeper_mm, slice.into));
}

static gboolean
scroll_cb (UtSliceView *self, double dx, double dy)
{
  move (self, 0, 0, WHEEL_MM * dy);
  return GDK_EVENT_STOP;
}

static void
move_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  int right, down;
  g_variant_get (parameter, "(ii)", &right, &down);
  move (UT_SLICE_VIEW (widget), right, down, 0);
}

static void
deeper_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  move (UT_SLICE_VIEW (widget), 0, 0, g_variant_get_int32 (parameter));
}

/* ---- the brush by keys ---------------------------------------------------------------- */

static void
brush_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UtBrush *brush = UT_SLICE_VIEW (widget)->brush;
  UtBrushState state = *ut_brush_get (brush);
  if (g_str_equal (action, "slice.brush-end") && ut_brush_cancel (brush))
    return;
  state.on = !state.on;
  ut_brush_set (brush, &state);
}

static void
paint_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UtSliceView *self = UT_SLICE_VIEW (widget);
  ut_brush_begin (self->brush, ut_crosshair_get (self->crosshair));
  ut_brush_end (self->brush);
}

static void
brush_size_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ut_brush_resize (UT_SLICE_VIEW (widget)->brush, g_variant_get_int32 (parameter));
}

static gboolean
digit_cb (UtSliceView *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  UtBrushState state = *ut_brush_get (self->brush);
  int digit = ut_keys_digit (keyval, keycode);
  if (!state.on || digit < 0 || digit > UT_N_STRUCTURES ||
      (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_SHIFT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  state.structure = digit > 0 ? ut_structure_order[digit - 1] : UT_BACKGROUND;
  ut_brush_set (self->brush, &state);
  return GDK_EVENT_STOP;
}

/* Its keys are for others while it is off. */
static void
brush_changed_cb (UtSliceView *self)
{
  static const char *const actions[] = {"slice.brush-end", "slice.paint", "slice.brush-size"};
  gboolean on = ut_brush_get (self->brush)->on;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], on);
  changed_cb (self);
}

/* ---- life ---------------------------------------------------------------------------- */

static void
ut_slice_view_dispose (GObject *object)
{
  UtSliceView *self = UT_SLICE_VIEW (object);
  forget_heart (self);
  g_clear_object (&self->crosshair);
  g_clear_object (&self->brush);
  G_OBJECT_CLASS (ut_slice_view_parent_class)->dispose (object);
}

static void
ut_slice_view_class_init (UtSliceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_slice_view_dispose;
  widget_class->snapshot = ut_slice_view_snapshot;
  gtk_widget_class_set_css_name (widget_class, "slice");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_install_action (widget_class, "slice.move", "(ii)", move_action);
  gtk_widget_class_install_action (widget_class, "slice.deeper", "i", deeper_action);
  gtk_widget_class_install_action (widget_class, "slice.brush", NULL, brush_action);
  gtk_widget_class_install_action (widget_class, "slice.brush-end", NULL, brush_action);
  gtk_widget_class_install_action (widget_class, "slice.paint", NULL, paint_action);
  gtk_widget_class_install_action (widget_class, "slice.brush-size", "i", brush_size_action);
}

static void
ut_slice_view_init (UtSliceView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);

  GtkGesture *drag = ut_drag_new ();
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);
  ut_keys_add_controller (widget, UT_KEYS_SLICE);
  GtkEventController *digits = gtk_event_controller_key_new ();
  g_signal_connect_swapped (digits, "key-pressed", G_CALLBACK (digit_cb), self);
  gtk_widget_add_controller (widget, digits);
}

GtkWidget *
ut_slice_view_new (UtCutDirection direction, UtCrosshair *crosshair, UtBrush *brush)
{
  UtSliceView *self = g_object_new (UT_TYPE_SLICE_VIEW, NULL);
  self->direction = direction;
  self->crosshair = g_object_ref (crosshair);
  self->brush = g_object_ref (brush);
  g_signal_connect_object (crosshair, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    brush, "changed", G_CALLBACK (brush_changed_cb), self, G_CONNECT_SWAPPED);
  brush_changed_cb (self);
  return GTK_WIDGET (self);
}
