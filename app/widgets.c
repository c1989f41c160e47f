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
ut_widget_set_value_text (GtkWidget *widget, char *text)
{
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
  g_free (text);
}

void
ut_widget_name_inside (GtkWidget *widget, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_MENU_BUTTON (child) || GTK_IS_TOGGLE_BUTTON (child)) {
      ut_widget_set_label (child, g_strdup (name), FALSE);
      ut_widget_name_inside (child, name);
    }
}

void
ut_widget_set_css_class (GtkWidget *widget, const char *css_class, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, css_class);
  else
    gtk_widget_remove_css_class (widget, css_class);
}

gboolean
ut_widget_may_move (GtkWidget *widget)
{
  gboolean animate = FALSE;
  g_object_get (gtk_widget_get_settings (widget), "gtk-enable-animations", &animate, NULL);
  return animate;
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
