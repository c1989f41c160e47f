/* SPDX-License-Identifier: Apache-2.0 */
#include "app/widgets.h"

void
ut_widget_set_label (GtkWidget *widget, char *label, gboolean tooltip)
{
  if (tooltip)
    gtk_widget_set_tooltip_text (widget, label);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_free (label);
}

void
ut_widget_set_css_class (GtkWidget *widget, const char *css_class, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, css_class);
  else
    gtk_widget_remove_css_class (widget, css_class);
}

static int
input_cb (GtkSpinButton *spin, double *ret_value, gpointer user_data)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (spin))));
  char *end;
  *ret_value = g_ascii_strtod (g_strdelimit (text, ",", '.'), &end);
  return end != text && *end == 0 ? TRUE : GTK_INPUT_ERROR;
}

void
ut_spin_reads_lengths (GtkSpinButton *spin)
{
  g_signal_connect (spin, "input", G_CALLBACK (input_cb), NULL);
}
