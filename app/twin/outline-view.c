/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/outline-view.h"

#include "app/keys.h"
#include "render/colour-map.h"

#include <glib/gi18n.h>
#include <string.h>

#define LINE_WIDTH 1.6 /* on the screen */

struct _UtOutlineView {
  GtkWidget parent_instance;

  UtDocument *document;
  UtView view;
  gboolean there;
  UtEchoPlane plane;
  GdkTexture *texture;
  UtMesh *meshes[UT_N_LABELS];
  gboolean shown[UT_N_LABELS];
};

G_DEFINE_FINAL_TYPE (UtOutlineView, ut_outline_view, GTK_TYPE_WIDGET)

/* ---- picture ---------------------------------------------------------------------- */

static void
trace (const UtEchoPlane *plane, const UtSection *section, cairo_t *cr)
{
  for (gsize i = 0; i < section->n_curves; i++) {
    const UtSectionCurve *curve = &section->curves[i];
    cairo_new_sub_path (cr);
    for (guint k = 0; k < curve->n_points; k++) {
      double px[2];
      ut_echo_plane_pixel (plane, section->points[curve->first + k], px);
      cairo_line_to (cr, px[0] + 0.5, px[1] + 0.5);
    }
    if (curve->closed)
      cairo_close_path (cr);
  }
}

void
ut_outline_view_draw (
  const UtEchoPlane *plane, UtMesh *const *meshes, const gboolean *shown, double width, cairo_t *cr)
{
  cairo_set_line_width (cr, width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    float srgb[3];
    if (!shown[s] || meshes[s] == NULL)
      continue;
    g_autoptr (UtSection) section = ut_echo_plane_outline (plane, meshes[s]);
    ut_structure_colour (s, srgb);
    cairo_set_source_rgb (cr, (double)srgb[0], (double)srgb[1], (double)srgb[2]);
    trace (plane, section, cr);
    cairo_stroke (cr);
  }
}

static void
ut_outline_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtOutlineView *self = UT_OUTLINE_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  if (!self->there || width <= 0 || height <= 0)
    return;
  double wide_mm = self->plane.width * self->plane.spacing_mm[1];
  double high_mm = self->plane.height * self->plane.spacing_mm[0];
  double px_per_mm = MIN (width / wide_mm, height / high_mm);
  graphene_rect_t place = GRAPHENE_RECT_INIT ((float)(width - wide_mm * px_per_mm) / 2,
                                              (float)(height - high_mm * px_per_mm) / 2,
                                              (float)(wide_mm * px_per_mm),
                                              (float)(high_mm * px_per_mm));
  gtk_snapshot_append_texture (snapshot, self->texture, &place);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &place);
  double scale[2] = {place.size.width / self->plane.width, place.size.height / self->plane.height};
  cairo_translate (cr, place.origin.x, place.origin.y);
  cairo_scale (cr, scale[0], scale[1]);
  ut_outline_view_draw (&self->plane, self->meshes, self->shown, LINE_WIDTH / scale[0], cr);
  cairo_destroy (cr);
}

static void
forget (UtOutlineView *self)
{
  g_clear_object (&self->texture);
  for (UtStructure s = 0; s < UT_N_LABELS; s++)
    g_clear_pointer (&self->meshes[s], ut_mesh_unref);
}

void
ut_outline_view_show (UtOutlineView *self,
                      const UtEchoFrames *frames,
                      UtMesh *const *meshes,
                      const gboolean *shown)
{
  g_return_if_fail (UT_IS_OUTLINE_VIEW (self));
  forget (self);
  self->there = frames->there[self->view];
  memcpy (self->shown, shown, sizeof self->shown);
  if (self->there) {
    self->plane = frames->planes[self->view];
    self->texture = gdk_texture_new_for_pixbuf (frames->pictures[self->view]);
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
      self->meshes[s] = meshes[s] != NULL ? ut_mesh_ref (meshes[s]) : NULL;
  }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- adjusting ----------------------------------------------------------------------- */

static void
adjust (UtOutlineView *self, const UtPlaneShift *shift)
{
  g_autoptr (GError) error = NULL;
  UtStudy *study = ut_document_get_study (self->document);
  if (!self->there || !ut_study_adjust_plane (study, self->view, shift, &error))
    gtk_widget_error_bell (GTK_WIDGET (self));
}

static void
nudge_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UtOutlineView *self = UT_OUTLINE_VIEW (widget);
  UtPlaneShift shift = ut_document_get_view (self->document, self->view)->plane_shift;
  int by[3];
  g_variant_get (parameter, "(iii)", &by[0], &by[1], &by[2]);
  for (int i = 0; i < 3; i++) {
    if (g_str_equal (action, "plane.turn"))
      shift.deg[i] += by[i];
    else
      shift.mm[i] += by[i];
  }
  adjust (self, &shift);
}

static void
reset_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adjust (UT_OUTLINE_VIEW (widget), &(UtPlaneShift){{0}});
}

static void
pressed_cb (UtOutlineView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* ---- life ---------------------------------------------------------------------------- */

static void
ut_outline_view_dispose (GObject *object)
{
  UtOutlineView *self = UT_OUTLINE_VIEW (object);
  forget (self);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_outline_view_parent_class)->dispose (object);
}

static void
ut_outline_view_class_init (UtOutlineViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_outline_view_dispose;
  widget_class->snapshot = ut_outline_view_snapshot;
  gtk_widget_class_set_css_name (widget_class, "slice");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_install_action (widget_class, "plane.move", "(iii)", nudge_action);
  gtk_widget_class_install_action (widget_class, "plane.turn", "(iii)", nudge_action);
  gtk_widget_class_install_action (widget_class, "plane.reset", NULL, reset_action);
}

static void
ut_outline_view_init (UtOutlineView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  ut_keys_add_controller (widget, UT_KEYS_PLANE);
}

GtkWidget *
ut_outline_view_new (UtDocument *document, UtView view)
{
  UtOutlineView *self = g_object_new (UT_TYPE_OUTLINE_VIEW, NULL);
  g_autofree char *label =
    g_strdup_printf (_ ("%s frame with outlines in its estimated plane"), ut_view_name (view));
  self->document = g_object_ref (document);
  self->view = view;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               _ ("Arrows move the plane in its picture, Page Up and Page Down "
                                  "through it; with Shift they turn it; R resets"));
  return GTK_WIDGET (self);
}
