/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/passport.h"

#include "app/number-text.h"
#include "app/quantity-words.h"

#include <glib/gi18n.h>

#define CARD_WIDTH_CHARS 52

/* What a card is made from once it is asked for. */
typedef struct Content {
  UtPassport spec;
  char *value; /* "8.3 mm = 2.8 voxels" */
  char *notes; /* sentences of their own lines; NULL = none */
} Content;

static void
content_free (gpointer data)
{
  Content *content = data;
  g_free (content->value);
  g_free (content->notes);
  g_free (content);
}

/* The same distance in the other unit; the quantity itself where it has one unit only. */
static UtQuantity
other_unit (UtQuantity quantity)
{
  static const UtQuantity pairs[][2] = {{UT_QUANTITY_HD_MM, UT_QUANTITY_HD_VOXELS},
                                        {UT_QUANTITY_HD95_MM, UT_QUANTITY_HD95_VOXELS},
                                        {UT_QUANTITY_ASSD_MM, UT_QUANTITY_ASSD_VOXELS}};
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    for (guint k = 0; k < 2; k++)
      if (pairs[i][k] == quantity)
        return pairs[i][1 - k];
  return quantity;
}

/* (transfer full): "LV, ED" */
static char *
subject (const UtPassport *spec)
{
  return g_strdup_printf ("%s, %s",
                          spec->structure < 0 ? _ ("mean over the structures")
                                              : ut_structure_name ((UtStructure)spec->structure),
                          spec->phase < 0 ? _ ("ED and ES") : ut_phase_name ((UtPhase)spec->phase));
}

static Content *
content_new (const UtMeasurements *measurements, const UtPassport *spec)
{
  Content *content = g_new0 (Content, 1);
  const UtMeasurement *found =
    ut_measurements_find (measurements, spec->quantity, spec->phase, spec->structure);
  UtQuantity other = other_unit (spec->quantity);
  const UtMeasurement *twin =
    other != spec->quantity
      ? ut_measurements_find (measurements, other, spec->phase, spec->structure)
      : NULL;
  g_autofree char *value = ut_number_text (found, TRUE);
  g_autofree char *in_other = twin != NULL ? ut_number_text (twin, TRUE) : NULL;
  content->spec = *spec;
  content->value = g_strjoin (" = ", value, in_other, NULL);

  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  char *note = found != NULL ? ut_number_note (found) : NULL;
  if (note != NULL)
    g_ptr_array_add (notes, note);
  if (spec->quantity == UT_QUANTITY_EF)
    g_ptr_array_add (notes, ut_number_ef_sources (&measurements->ef));
  g_autofree char *range =
    ut_number_range (spec->quantity, spec->phase, spec->structure, measurements->body.sex);
  if (range != NULL) {
    g_autofree char *source = ut_number_range_source (measurements->body.sex);
    /* Translators: "Healthy: men 52–72, women 54–74. Reference ranges: ..." */
    g_ptr_array_add (notes, g_strdup_printf (_ ("Healthy: %s. %s"), range, source));
  }
  if (found != NULL && found->stale)
    g_ptr_array_add (notes, g_strdup (ut_number_stale (measurements)));
  if (notes->len > 0) {
    g_ptr_array_add (notes, NULL);
    content->notes = g_strjoinv ("\n", (char **)notes->pdata);
  }
  return content;
}

static void
add_text (GtkGrid *grid, int row, const char *title, const char *text)
{
  GtkWidget *name = gtk_label_new (title), *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_yalign (GTK_LABEL (name), 0);
  gtk_widget_add_css_class (name, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), CARD_WIDTH_CHARS);
  gtk_grid_attach (grid, name, 0, row, 1, 1);
  gtk_grid_attach (grid, label, 1, row, 1, 1);
}

static GtkWidget *
card_new (const Content *content)
{
  const UtQuantityInfo *info = ut_quantity_words (content->spec.quantity);
  const struct {
    const char *title, *text;
  } lines[] = {
    {_ ("Value"), content->value},
    {_ ("Formula"), info->formula},
    {C_ ("definition", "Direction"), ut_quantity_words_better (info->better)},
    {_ ("Percentile"), info->percentile != NULL ? info->percentile : _ ("None is taken.")},
    {C_ ("definition", "Sampling"), info->sampling},
    {_ ("Unit"), info->unit[0] != 0 ? info->unit : C_ ("unit", "none")},
    {_ ("Empty structure"), info->empty},
    {_ ("Note"), content->notes},
  };
  GtkWidget *grid = gtk_grid_new ();
  g_autofree char *about = subject (&content->spec);
  g_autofree char *title = g_strdup_printf ("%s – %s", info->name, about);
  GtkWidget *heading = gtk_label_new (title);
  gtk_widget_add_css_class (grid, "passport");
  gtk_widget_add_css_class (heading, "heading");
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_grid_attach (GTK_GRID (grid), heading, 0, 0, 2, 1);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (lines[i].text != NULL)
      add_text (GTK_GRID (grid), (int)i + 1, lines[i].title, lines[i].text);
  return grid;
}

/* The card is made when it is asked for: a report has a hundred numbers. */
static void
popup_cb (GtkMenuButton *button, gpointer content)
{
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), card_new (content));
  gtk_menu_button_set_popover (button, popover);
}

GtkWidget *
ut_passport_button_new (const UtMeasurements *measurements, const UtPassport *spec, gboolean unit)
{
  const UtQuantityInfo *info = ut_quantity_words (spec->quantity);
  const UtMeasurement *found =
    ut_measurements_find (measurements, spec->quantity, spec->phase, spec->structure);
  g_autofree char *text = ut_number_text (found, unit);
  g_autofree char *about = subject (spec);
  g_autofree char *tooltip = g_strdup_printf (_ ("%s – %s: what it means"), info->name, about);
  GtkWidget *label = gtk_label_new (text), *button = gtk_menu_button_new ();
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR); /* digits, "≥" and units keep their order */
  gtk_menu_button_set_has_frame (GTK_MENU_BUTTON (button), FALSE);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), label);
  gtk_menu_button_set_create_popup_func (
    GTK_MENU_BUTTON (button), popup_cb, content_new (measurements, spec), content_free);
  gtk_widget_set_tooltip_text (button, tooltip);
  gboolean stale = found != NULL && found->stale;
  g_autofree char *value = ut_number_text (found, TRUE);
  /* Translators: for screen readers, "Volume – LV, ED: 141 ml" */
  g_autofree char *number = g_strdup_printf (_ ("%s – %s: %s"), info->name, about, value);
  /* Translators: for screen readers, "Volume – LV, ED: 141 ml, out of date" */
  g_autofree char *name = stale ? g_strdup_printf (_ ("%s, out of date"), number) : NULL;
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (button)), /* focus */
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  stale ? name : number,
                                  -1);
  gtk_widget_add_css_class (button, "number");
  gtk_widget_add_css_class (button, "numeric");
  if (stale)
    gtk_widget_add_css_class (button, "stale");
  if (found != NULL && (found->cause != UT_VOLUMES_AGREE || found->cut_off))
    gtk_widget_add_css_class (button, "flagged");
  return button;
}

void
ut_passport_button_attach (GtkGrid *grid,
                           int column,
                           int row,
                           const UtMeasurements *measurements,
                           const UtPassport *spec,
                           gboolean unit)
{
  GtkWidget *button = ut_passport_button_new (measurements, spec, unit);
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_grid_attach (grid, button, column, row, 1, 1);
}
