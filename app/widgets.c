/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/widgets.h"

#include <glib/gi18n.h>

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

void
ut_widget_colour (GtkWidget *widget, const char *name, GdkRGBA *ret)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  if (!gtk_style_context_lookup_color (style, name, ret))
    gtk_style_context_get_color (style, ret);
}

gboolean
ut_widget_may_move (GtkWidget *widget)
{
  gboolean animate = FALSE;
  g_object_get (gtk_widget_get_settings (widget), "gtk-enable-animations", &animate, NULL);
  return animate;
}

/* @ret_unit: what stands behind the number, without spaces around it */
static gboolean
split_number (const char *text, double *ret, char **ret_unit)
{
  g_autofree char *number = g_strstrip (g_strdup (text));
  char *end;
  *ret = g_ascii_strtod (g_strdelimit (number, ",", '.'), &end);
  *ret_unit = g_strstrip (g_strdup (end));
  return end != number;
}

gboolean
ut_number_from_text (const char *text, double *ret)
{
  g_autofree char *unit = NULL;
  return split_number (text, ret, &unit) && unit[0] == 0;
}

static gboolean
length_from_text (const char *text, double *ret_mm)
{
  g_autofree char *unit = NULL;
  if (!split_number (text, ret_mm, &unit))
    return FALSE;
  if (g_ascii_strcasecmp (unit, "cm") == 0)
    *ret_mm *= 10;
  else if (unit[0] != 0 && g_ascii_strcasecmp (unit, "mm") != 0)
    return FALSE;
  return TRUE;
}

#define REFUSED "refused"

static int
input_cb (GtkSpinButton *spin, double *ret_value, gpointer user_data)
{
  double low, high;
  gtk_spin_button_get_range (spin, &low, &high);
  gboolean good = length_from_text (gtk_editable_get_text (GTK_EDITABLE (spin)), ret_value) &&
                  *ret_value >= low && *ret_value <= high;
  g_object_set_data (G_OBJECT (spin), REFUSED, GINT_TO_POINTER (!good));
  return good ? TRUE : GTK_INPUT_ERROR;
}

void
ut_spin_reads_lengths (GtkSpinButton *spin)
{
  gtk_spin_button_set_update_policy (spin, GTK_UPDATE_IF_VALID);
  g_signal_connect (spin, "input", G_CALLBACK (input_cb), NULL);
}

gboolean
ut_spin_take_length (GtkSpinButton *spin, double *ret_mm)
{
  if (g_object_get_data (G_OBJECT (spin), REFUSED) == NULL)
    gtk_spin_button_update (spin);
  *ret_mm = gtk_spin_button_get_value (spin);
  return g_object_steal_data (G_OBJECT (spin), REFUSED) == NULL;
}

/* ---- windows beside the main one ------------------------------------------------------------ */

void
ut_widget_close_by_escape (GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                      gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
}

GtkWidget *
ut_side_window_new (GtkWindow *parent, const char *title, GtkWidget *content, int width, int height)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *whole = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (whole), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (whole), content);
  adw_window_set_content (ADW_WINDOW (window), whole);
  ut_widget_close_by_escape (window);
  gtk_window_set_title (GTK_WINDOW (window), title);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  return window;
}

AdwToast *
ut_toast (GtkWidget *overlay, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (markup);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  return toast;
}

void
ut_show_error (GtkWindow *parent, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- drags ------------------------------------------------------------------------------ */

static void
remember_start_cb (GtkGestureDrag *drag, double x, double y)
{
  const double start[2] = {x, y};
  g_object_set_data_full (G_OBJECT (drag), "ut-start", g_memdup2 (start, sizeof start), g_free);
}

GtkGesture *
ut_drag_new (void)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  g_signal_connect (drag, "drag-begin", G_CALLBACK (remember_start_cb), NULL);
  return drag;
}

void
ut_drag_get_start (GtkGestureDrag *self, double *ret_x, double *ret_y)
{
  const double *start = g_object_get_data (G_OBJECT (self), "ut-start");
  g_return_if_fail (start != NULL);
  *ret_x = start[0];
  *ret_y = start[1];
}

gboolean
ut_drag_was_let_go (GtkGestureDrag *self)
{
  GtkEventController *controller = GTK_EVENT_CONTROLLER (self);
  GdkEvent *event = gtk_event_controller_get_current_event (controller);
  const GdkModifierType buttons = GDK_BUTTON1_MASK | GDK_BUTTON2_MASK | GDK_BUTTON3_MASK;
  return event != NULL && gdk_event_get_event_type (event) == GDK_MOTION_NOTIFY &&
         (gdk_event_get_modifier_state (event) & buttons) == 0;
}
