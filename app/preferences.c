/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/preferences.h"

#include "engine/twin/twin.h"

#include <glib/gi18n.h>

typedef struct Page {
  UtSettings *settings;
  UtPreferencesFunc changed;
  gpointer data;
} Page;

/* In the order of UtStyle. */
static const char *const styles[] = {
  NC_ ("choice", "As the System Says"), NC_ ("choice", "Dark"), NC_ ("choice", "Light"), NULL};
static const char *const devices[] = {"auto", "cpu", "cuda"};
static const char *const device_names[] = {NC_ ("choice", "Whatever Is Fastest"),
                                           NC_ ("choice", "The Processor"),
                                           NC_ ("choice", "The Graphics Card (CUDA)"),
                                           NULL};

static void
style_cb (AdwComboRow *row, GParamSpec *pspec, Page *page)
{
  page->settings->style = (UtStyle)adw_combo_row_get_selected (row);
  page->changed (page->data);
}

static void
device_cb (AdwComboRow *row, GParamSpec *pspec, Page *page)
{
  g_free (page->settings->device);
  page->settings->device = g_strdup (devices[adw_combo_row_get_selected (row)]);
  page->settings->seconds_per_heart = 0; /* those of the other device */
  page->changed (page->data);
}

static void
seeds_cb (GtkSpinButton *spin, Page *page)
{
  page->settings->n_seeds = gtk_spin_button_get_value_as_int (spin);
  page->changed (page->data);
}

static void
remember_cb (GtkSwitch *toggle, GParamSpec *pspec, Page *page)
{
  page->settings->remember = gtk_switch_get_active (toggle);
  page->changed (page->data);
}

static void
letters_cb (GtkSwitch *toggle, GParamSpec *pspec, Page *page)
{
  page->settings->letters = gtk_switch_get_active (toggle);
  page->changed (page->data);
}

static void
reviewer_cb (GtkEditable *row, Page *page)
{
  g_free (page->settings->reviewer);
  page->settings->reviewer = g_strstrip (g_strdup (gtk_editable_get_text (row)));
  page->changed (page->data);
}

static AdwPreferencesGroup *
add_group (AdwPreferencesPage *page, const char *title)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (group, title);
  adw_preferences_page_add (page, group);
  return group;
}

static GtkWidget *
add_choice (AdwPreferencesGroup *group, const char *title, const char *const *names, guint chosen)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  for (guint i = 0; names[i] != NULL; i++)
    gtk_string_list_append (list, g_dpgettext2 (NULL, "choice", names[i]));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), chosen);
  adw_preferences_group_add (group, row);
  return row;
}

static void
add_control (AdwPreferencesGroup *group,
             const char *title,
             const char *subtitle,
             GtkWidget *control)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  adw_preferences_group_add (group, row);
}

static GtkWidget *
switch_new (gboolean active)
{
  GtkWidget *toggle = gtk_switch_new ();
  gtk_switch_set_active (GTK_SWITCH (toggle), active);
  return toggle;
}

static void
add_network (AdwPreferencesPage *sheet, Page *page)
{
  AdwPreferencesGroup *group = add_group (sheet, _ ("Network"));
  guint chosen = 0;
  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    if (g_str_equal (devices[i], page->settings->device))
      chosen = i;
  GtkWidget *device = add_choice (group, _ ("Runs On"), device_names, chosen);
  GtkWidget *seeds = gtk_spin_button_new_with_range (1, UT_TWIN_MAX_SEEDS, 1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (seeds), page->settings->n_seeds);
  add_control (
    group, _ ("Seeds to Begin With"), _ ("Each takes its time; the heart is their mean"), seeds);
  g_signal_connect (device, "notify::selected", G_CALLBACK (device_cb), page);
  g_signal_connect (seeds, "value-changed", G_CALLBACK (seeds_cb), page);
}

static void
add_habits (AdwPreferencesPage *sheet, Page *page)
{
  AdwPreferencesGroup *group = add_group (sheet, _ ("Habits"));
  GtkWidget *remember = switch_new (page->settings->remember);
  GtkWidget *letters = switch_new (page->settings->letters);
  add_control (group,
               _ ("Remember the Last Study"),
               _ ("Offers it at the next start. Off forgets it at once."),
               remember);
  add_control (group,
               _ ("Single-Letter Keys"),
               _ ("Letters such as D, S and N act where a picture has the focus"),
               letters);
  g_signal_connect (remember, "notify::active", G_CALLBACK (remember_cb), page);
  g_signal_connect (letters, "notify::active", G_CALLBACK (letters_cb), page);
}

static void
add_review (AdwPreferencesPage *sheet, Page *page)
{
  AdwPreferencesGroup *group = add_group (sheet, _ ("Review"));
  GtkWidget *name = adw_entry_row_new ();
  adw_preferences_group_set_description (
    group, _ ("The study keeps who judged or edited a structure, and when"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (name), _ ("Name of the Reviewer"));
  gtk_editable_set_text (GTK_EDITABLE (name), ut_settings_reviewer (page->settings));
  g_signal_connect (name, "changed", G_CALLBACK (reviewer_cb), page);
  adw_preferences_group_add (group, name);
}

GtkWidget *
ut_preferences_window_new (UtSettings *settings, UtPreferencesFunc changed, gpointer data)
{
  GtkWidget *window = adw_preferences_window_new ();
  AdwPreferencesPage *sheet = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  Page *page = g_new (Page, 1);
  *page = (Page){.settings = settings, .changed = changed, .data = data};
  g_object_set_data_full (G_OBJECT (window), "page", page, g_free);

  AdwPreferencesGroup *group = add_group (sheet, _ ("Appearance"));
  GtkWidget *style = add_choice (group, _ ("Style"), styles, settings->style);
  g_signal_connect (style, "notify::selected", G_CALLBACK (style_cb), page);
  add_network (sheet, page);
  add_habits (sheet, page);
  add_review (sheet, page);

  gtk_window_set_title (GTK_WINDOW (window), _ ("Preferences"));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), sheet);
  return window;
}
