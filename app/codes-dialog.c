/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/codes-dialog.h"

#include "app/number-text.h"

#include <glib/gi18n.h>

typedef struct {
  GtkWidget *dialog; /* which owns this */
  AdwComboRow *rows[UT_N_LABELS];
  GArray *codes; /* int: of the entries after the first, which is none */
  UtCodesChosen chosen;
  gpointer user_data;
  GDestroyNotify free_data;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;
  g_array_unref (self->codes);
  self->free_data (self->user_data);
  g_free (self);
}

static UtHeartCodes
codes_of (const Asking *self)
{
  UtHeartCodes codes = {.origin = UT_HEART_CODES_TOLD};
  for (int s = UT_MYO; s < UT_N_LABELS; s++) {
    guint selected = adw_combo_row_get_selected (self->rows[s]);
    if (selected > 0 && selected <= self->codes->len)
      codes.codes[s] = g_array_index (self->codes, int, selected - 1);
  }
  return codes;
}

/* No code is two structures, and something must be left. */
static gboolean
may_be_used (const UtHeartCodes *codes)
{
  for (int a = UT_MYO; a < UT_N_LABELS; a++)
    for (int b = a + 1; b < UT_N_LABELS; b++)
      if (codes->codes[a] != 0 && codes->codes[a] == codes->codes[b])
        return FALSE;
  return ut_heart_codes_any (codes);
}

static void
selected_cb (Asking *self)
{
  UtHeartCodes codes = codes_of (self);
  adw_message_dialog_set_response_enabled (
    ADW_MESSAGE_DIALOG (self->dialog), "use", may_be_used (&codes));
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Asking *self)
{
  UtHeartCodes codes = codes_of (self);
  if (g_str_equal (response, "use") && may_be_used (&codes))
    self->chosen (&codes, self->user_data);
}

/* "500 · left ventricle · 120.3 ml"; (transfer full) */
static char *
entry_text (const UtLabelFile *file, guint i)
{
  const UtLabelCode *code = ut_label_file_code (file, i);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *ml = ut_number_in_locale (
    g_ascii_formatd (number, sizeof number, "%.1f", ut_label_file_ml (file, i)));
  if (code->name != NULL && code->name[0] != '\0')
    return g_strdup_printf ("%d · %s · %s ml", code->code, code->name, ml);
  return g_strdup_printf ("%d · %s ml", code->code, ml);
}

static GtkWidget *
rows_new (Asking *self, const UtLabelFile *file, const UtHeartCodes *guess)
{
  static const char *const names[UT_N_LABELS] = {
    [UT_MYO] = N_ ("Myo, wall of the LV"),
    [UT_LV] = N_ ("LV, left ventricle"),
    [UT_LA] = N_ ("LA, left atrium"),
    [UT_RV] = N_ ("RV, right ventricle"),
    [UT_RA] = N_ ("RA, right atrium"),
  };
  GtkWidget *group = adw_preferences_group_new ();
  g_autoptr (GtkStringList) entries = gtk_string_list_new (NULL);
  gtk_string_list_append (entries, _ ("Not in the file"));
  for (guint i = 0; i < file->codes->len; i++) {
    g_autofree char *text = entry_text (file, i);
    gtk_string_list_append (entries, text);
    g_array_append_val (self->codes, ut_label_file_code (file, i)->code);
  }
  for (int s = UT_MYO; s < UT_N_LABELS; s++) {
    GtkWidget *row = adw_combo_row_new ();
    self->rows[s] = ADW_COMBO_ROW (row);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (names[s]));
    adw_combo_row_set_model (self->rows[s], G_LIST_MODEL (entries));
    adw_combo_row_set_selected (self->rows[s],
                                (guint)(ut_label_file_find (file, guess->codes[s]) + 1));
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    g_signal_connect_swapped (row, "notify::selected", G_CALLBACK (selected_cb), self);
  }
  return group;
}

GtkWidget *
ut_codes_dialog_new (GtkWindow *parent,
                     const char *name,
                     const UtLabelFile *file,
                     const UtHeartCodes *guess,
                     const char *why,
                     UtCodesChosen chosen,
                     gpointer user_data,
                     GDestroyNotify free_data)
{
  Asking *self = g_new0 (Asking, 1);
  *self = (Asking){.dialog = adw_message_dialog_new (parent, NULL, NULL),
                   .codes = g_array_new (FALSE, FALSE, sizeof (int)),
                   .chosen = chosen,
                   .user_data = user_data,
                   .free_data = free_data};
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self->dialog);
  adw_message_dialog_format_heading (dialog, _ ("Which code of “%s” is which structure?"), name);
  adw_message_dialog_set_body (dialog, why);
  adw_message_dialog_set_extra_child (dialog, rows_new (self, file, guess));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "use", _ ("_Use"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "use", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "use");
  adw_message_dialog_set_close_response (dialog, "cancel");
  selected_cb (self);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), self);
  g_object_set_data_full (G_OBJECT (dialog), "asking", self, asking_free);
  return self->dialog;
}
