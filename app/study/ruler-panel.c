/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/study/ruler-panel.h"

#include "app/app-id.h"
#include "app/study/frame-calipers.h"
#include "app/study/slot-text.h"
#include "app/widgets.h"

#include <glib/gi18n.h>

struct _UtRulerPanel {
  GtkWidget parent_instance;

  UtView view;
  UtDocument *document;
  UtCineView *cine_view; /* of the slot this stands in */
  UtCalipers *calipers;
  double line[4]; /* drawn, not yet applied; cine view's coordinates */
  gboolean has_line;

  GtkWidget *box, *spacing_label, *ruler_button, *length_spin, *apply_button;
};

enum { MESSAGE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtRulerPanel, ut_ruler_panel, GTK_TYPE_WIDGET)

static const UtStudyView *
study_view (UtRulerPanel *self)
{
  return ut_document_get_view (self->document, self->view);
}

static void
set_has_line (UtRulerPanel *self, gboolean has_line)
{
  self->has_line = has_line;
  gtk_widget_set_sensitive (self->length_spin, has_line);
  gtk_widget_set_sensitive (self->apply_button, has_line);
}

static void
show_ruler (UtRulerPanel *self)
{
  ut_frame_calipers_show_ruler (&study_view (self)->calibration, self->cine_view);
}

static void
line_drawn_cb (UtRulerPanel *self, double x0, double y0, double x1, double y1)
{
  const double line[4] = {x0, y0, x1, y1};
  memcpy (self->line, line, sizeof line);
  set_has_line (self, TRUE);
  gtk_widget_grab_focus (self->length_spin);
}

static void
ruler_toggled_cb (UtRulerPanel *self)
{
  gboolean active = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->ruler_button));
  ut_cine_view_set_ruler (self->cine_view, active);
  if (active)
    ut_calipers_set_measuring (self->calipers, FALSE);
  else if (!self->has_line)
    show_ruler (self);
}

static void
apply_cb (UtRulerPanel *self)
{
  double length_mm;
  if (!self->has_line)
    return;
  if (!ut_spin_take_length (GTK_SPIN_BUTTON (self->length_spin), &length_mm)) {
    g_signal_emit (self,
                   signals[MESSAGE],
                   0,
                   _ ("The length of the line is a number of mm, or of cm, 1 to 400 mm."));
    return;
  }
  UtStudyRuler ruler = {
    .from_px = {self->line[0] - 0.5, self->line[1] - 0.5}, /* pixel centres on whole numbers */
    .to_px = {self->line[2] - 0.5, self->line[3] - 0.5},
    .length_mm = length_mm};
  g_autoptr (GError) error = NULL;

  ut_ruler_panel_leave (self);
  if (!ut_study_calibrate_ruler (
        ut_document_get_study (self->document), self->view, &ruler, &error))
    g_signal_emit (self, signals[MESSAGE], 0, error->message);
  gtk_widget_grab_focus (GTK_WIDGET (self->cine_view));
}

/* ---- public ----------------------------------------------------------------------- */

void
ut_ruler_panel_show (UtRulerPanel *self)
{
  g_return_if_fail (UT_IS_RULER_PANEL (self));
  double spacing_mm[2];
  guint frame = ut_cine_view_get_frame (self->cine_view);
  g_autofree char *text = ut_slot_text_spacing (study_view (self), frame);
  ut_study_view_spacing_at (study_view (self), frame, spacing_mm);
  ut_cine_view_set_spacing (self->cine_view, spacing_mm);
  gtk_label_set_text (GTK_LABEL (self->spacing_label), text);
}

void
ut_ruler_panel_toggle (UtRulerPanel *self)
{
  g_return_if_fail (UT_IS_RULER_PANEL (self));
  GtkToggleButton *button = GTK_TOGGLE_BUTTON (self->ruler_button);
  gtk_toggle_button_set_active (button, !gtk_toggle_button_get_active (button));
}

void
ut_ruler_panel_leave (UtRulerPanel *self)
{
  g_return_if_fail (UT_IS_RULER_PANEL (self));
  set_has_line (self, FALSE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->ruler_button), FALSE);
  show_ruler (self);
}

static void
changed_cb (UtRulerPanel *self)
{
  gtk_widget_set_sensitive (self->ruler_button, study_view (self)->cine != NULL);
  show_ruler (self);
}

void
ut_ruler_panel_set_up (UtRulerPanel *self,
                       UtView view,
                       UtDocument *document,
                       UtCineView *cine_view,
                       UtCalipers *calipers)
{
  g_return_if_fail (UT_IS_RULER_PANEL (self) && self->document == NULL);
  const char *name = ut_view_name (view);
  self->view = view;
  self->document = g_object_ref (document);
  self->cine_view = g_object_ref (cine_view);
  self->calipers = g_object_ref (calipers);
  ut_widget_set_label (self->ruler_button, g_strdup_printf (_ ("Draw line in %s"), name), FALSE);
  ut_widget_set_label (self->apply_button, g_strdup_printf (_ ("Apply line to %s"), name), FALSE);
  g_signal_connect_object (
    cine_view, "line-drawn", G_CALLBACK (line_drawn_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
}

static void
ut_ruler_panel_dispose (GObject *object)
{
  UtRulerPanel *self = UT_RULER_PANEL (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), UT_TYPE_RULER_PANEL);
  g_clear_object (&self->document);
  g_clear_object (&self->cine_view);
  g_clear_object (&self->calipers);
  G_OBJECT_CLASS (ut_ruler_panel_parent_class)->dispose (object);
}

#define BIND(widget_class, name)                                                                   \
  gtk_widget_class_bind_template_child (widget_class, UtRulerPanel, name)

static void
ut_ruler_panel_class_init (UtRulerPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ut_ruler_panel_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/ruler-panel.ui");
  BIND (widget_class, box);
  BIND (widget_class, spacing_label);
  BIND (widget_class, ruler_button);
  BIND (widget_class, length_spin);
  BIND (widget_class, apply_button);
  gtk_widget_class_bind_template_callback (widget_class, ruler_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  signals[MESSAGE] = g_signal_new ("message",
                                   UT_TYPE_RULER_PANEL,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   1,
                                   G_TYPE_STRING);
}

static void
ut_ruler_panel_init (UtRulerPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ut_spin_reads_lengths (GTK_SPIN_BUTTON (self->length_spin));
  g_signal_connect_swapped (gtk_editable_get_delegate (GTK_EDITABLE (self->length_spin)),
                            "activate",
                            G_CALLBACK (apply_cb),
                            self);
}
