/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/structure-row.h"

#include "app/app-id.h"
#include "app/sentence.h"
#include "app/widgets.h"
#include "render/colour-map.h"

#include <glib/gi18n.h>

struct _UtStructureRow {
  GtkListBoxRow parent_instance;
  UtStructure structure;
  gboolean quiet; /* the solo button is being set from here */
  GtkWidget *swatch, *letters, *opacity_scale, *solo_button, *visible_button;
  GtkAdjustment *opacity;
};

enum { CHANGED, SOLO, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtStructureRow, ut_structure_row, GTK_TYPE_LIST_BOX_ROW)

static void
draw_swatch (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  UtStructureRow *self = user_data;
  float srgb[3];
  ut_structure_colour (self->structure, srgb);
  cairo_set_source_rgb (cr, srgb[0], srgb[1], srgb[2]);
  cairo_arc (cr, width / 2.0, height / 2.0, MIN (width, height) / 2.0, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
changed_cb (UtStructureRow *self)
{
  gboolean shown = ut_structure_row_get_shown (self);
  gtk_button_set_icon_name (GTK_BUTTON (self->visible_button),
                            shown ? "view-reveal-symbolic" : "view-conceal-symbolic");
  gtk_widget_set_sensitive (self->opacity_scale, shown);
  /* Translators: for screen readers, what a slider is at */
  ut_widget_set_value_text (
    self->opacity_scale, g_strdup_printf (_ ("%.0f %%"), gtk_adjustment_get_value (self->opacity)));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
solo_cb (UtStructureRow *self)
{
  if (!self->quiet)
    g_signal_emit (
      self, signals[SOLO], 0, gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->solo_button)));
}

UtStructure
ut_structure_row_get_structure (UtStructureRow *self)
{
  g_return_val_if_fail (UT_IS_STRUCTURE_ROW (self), UT_BACKGROUND);
  return self->structure;
}

gboolean
ut_structure_row_get_shown (UtStructureRow *self)
{
  g_return_val_if_fail (UT_IS_STRUCTURE_ROW (self), FALSE);
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->visible_button));
}

void
ut_structure_row_set_shown (UtStructureRow *self, gboolean shown)
{
  g_return_if_fail (UT_IS_STRUCTURE_ROW (self));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->visible_button), shown);
}

double
ut_structure_row_get_opacity (UtStructureRow *self)
{
  g_return_val_if_fail (UT_IS_STRUCTURE_ROW (self), 1);
  return gtk_adjustment_get_value (self->opacity) / 100;
}

void
ut_structure_row_set_opacity (UtStructureRow *self, double opacity)
{
  g_return_if_fail (UT_IS_STRUCTURE_ROW (self));
  gtk_adjustment_set_value (self->opacity, opacity * 100);
}

void
ut_structure_row_set_solo (UtStructureRow *self, gboolean solo)
{
  g_return_if_fail (UT_IS_STRUCTURE_ROW (self));
  self->quiet = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->solo_button), solo);
  self->quiet = FALSE;
}

static void
ut_structure_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), UT_TYPE_STRUCTURE_ROW);
  G_OBJECT_CLASS (ut_structure_row_parent_class)->dispose (object);
}

static void
ut_structure_row_class_init (UtStructureRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = UT_TYPE_STRUCTURE_ROW;

  G_OBJECT_CLASS (klass)->dispose = ut_structure_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               UT_RESOURCE_PATH "/ui/structure-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UtStructureRow, swatch);
  gtk_widget_class_bind_template_child (widget_class, UtStructureRow, letters);
  gtk_widget_class_bind_template_child (widget_class, UtStructureRow, opacity);
  gtk_widget_class_bind_template_child (widget_class, UtStructureRow, opacity_scale);
  gtk_widget_class_bind_template_child (widget_class, UtStructureRow, solo_button);
  gtk_widget_class_bind_template_child (widget_class, UtStructureRow, visible_button);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, solo_cb);

  signals[CHANGED] =
    g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SOLO] = g_signal_new (
    "solo", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
ut_structure_row_init (UtStructureRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ut_structure_row_new (UtStructure structure, guint key, double opacity)
{
  UtStructureRow *self = g_object_new (UT_TYPE_STRUCTURE_ROW, NULL);
  const char *name = ut_structure_name (structure);

  self->structure = structure;
  gtk_label_set_text (GTK_LABEL (self->letters), name);
  ut_widget_set_label (GTK_WIDGET (self), g_strdup (ut_sentence_structure (structure)), TRUE);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->swatch), draw_swatch, self, NULL);
  ut_structure_row_set_opacity (self, opacity);
  ut_widget_set_label (self->opacity_scale, g_strdup_printf (_ ("Opacity of %s"), name), TRUE);
  ut_widget_set_label (
    self->solo_button, g_strdup_printf (_ ("Show %s alone (Shift+%u)"), name, key), TRUE);
  ut_widget_set_label (self->visible_button, g_strdup_printf (_ ("Show %s (%u)"), name, key), TRUE);
  return GTK_WIDGET (self);
}
