/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/review-panel.h"

#include "app/report/review-text.h"
#include "app/sentence.h"
#include "app/twin/review-log-list.h"
#include "app/twin/review-row.h"

#include <glib/gi18n.h>

struct _UtReviewPanel {
  AdwPreferencesGroup parent_instance;
  UtDocument *document;
  UtLook *look;
  GtkWidget *rows[UT_N_STRUCTURES], *problem, *discard, *log;
};

G_DEFINE_FINAL_TYPE (UtReviewPanel, ut_review_panel, ADW_TYPE_PREFERENCES_GROUP)

static UtPhase
phase_of (UtReviewPanel *self)
{
  return ut_look_get (self->look)->phase;
}

static void
update (UtReviewPanel *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  UtPhase phase = phase_of (self);
  gboolean any = state != NULL && ut_study_twin (state, phase) != NULL;
  gtk_widget_set_visible (GTK_WIDGET (self), any);
  gtk_widget_set_visible (self->problem, FALSE);
  if (!any)
    return;
  g_autofree char *edit = ut_review_edit_line (state, phase);
  g_autofree char *text =
    edit != NULL ? g_strdup_printf (_ ("%s, edited by hand: %s"), ut_sentence_phase (phase), edit)
                 : g_strdup_printf (_ ("%s, as the network made it"), ut_sentence_phase (phase));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text);
  gtk_widget_set_visible (self->discard, edit != NULL);
  ut_review_log_list_show (UT_REVIEW_LOG_LIST (self->log), state->log);
  for (guint i = 0; i < UT_N_STRUCTURES; i++) {
    UtStructure s = ut_look_order[i];
    ut_review_row_show (UT_REVIEW_ROW (self->rows[i]),
                        state->reviews[phase].verdicts[s],
                        state->reviews[phase].reasons[s],
                        ut_study_is_edited (state, phase, (int)s));
  }
}

static void
document_changed_cb (UtReviewPanel *self, guint changes)
{
  if (changes & (UT_STUDY_CHANGE_RESULTS | UT_STUDY_CHANGE_REVIEW))
    update (self);
}

/* ---- edits ------------------------------------------------------------------------------ */

static void
show_problem (UtReviewPanel *self, const GError *error)
{
  gtk_label_set_text (GTK_LABEL (self->problem), error->message);
  gtk_widget_set_visible (self->problem, TRUE);
}

static void
judge (UtReviewPanel *self, UtStructure structure, UtVerdict verdict, const char *reason)
{
  g_autoptr (GError) error = NULL;
  UtStudy *study = ut_document_get_study (self->document);
  if (!ut_study_set_verdict (study, phase_of (self), structure, verdict, reason, &error))
    show_problem (self, error);
}

static void
accept_cb (UtReviewPanel *self, gboolean accepted, UtReviewRow *row)
{
  judge (self,
         ut_review_row_get_structure (row),
         accepted ? UT_VERDICT_ACCEPTED : UT_VERDICT_NONE,
         NULL);
}

static void
reject_cb (UtReviewPanel *self, const char *reason, UtReviewRow *row)
{
  judge (self, ut_review_row_get_structure (row), UT_VERDICT_REJECTED, reason);
}

/* The eye goes to the edit, whichever stage it was at. */
static void
move_cb (UtReviewPanel *self, double mm, UtReviewRow *row)
{
  g_autoptr (GError) error = NULL;
  UtStudy *study = ut_document_get_study (self->document);
  UtStructure structure = ut_review_row_get_structure (row);
  if (!ut_study_offset_structure (study, phase_of (self), structure, mm, &error)) {
    show_problem (self, error);
    return;
  }
  UtLookState look = *ut_look_get (self->look);
  look.stage = -1;
  ut_look_set (self->look, &look);
}

static void
discard_cb (UtReviewPanel *self)
{
  ut_study_discard_edit (ut_document_get_study (self->document), phase_of (self));
}

void
ut_review_panel_accept_all (UtReviewPanel *self)
{
  g_return_if_fail (UT_IS_REVIEW_PANEL (self));
  UtStudy *study = ut_document_get_study (self->document);
  UtPhase phase = phase_of (self);
  if (study == NULL || ut_study_twin (ut_study_get_state (study), phase) == NULL)
    return;
  ut_study_begin_group (study);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (ut_study_get_state (study)->reviews[phase].verdicts[s] == UT_VERDICT_NONE)
      judge (self, s, UT_VERDICT_ACCEPTED, NULL);
  ut_study_end_group (study);
}

/* ---- life ---------------------------------------------------------------------------------- */

void
ut_review_panel_set_up (UtReviewPanel *self, UtDocument *document, UtLook *look)
{
  g_return_if_fail (UT_IS_REVIEW_PANEL (self) && self->look == NULL);
  self->document = g_object_ref (document);
  self->look = g_object_ref (look);
  g_signal_connect_object (look, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    document, "changed", G_CALLBACK (document_changed_cb), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
add_rows (UtReviewPanel *self)
{
  GtkWidget *list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_add_css_class (list, "structures");
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Review of each structure"), -1);
  for (guint i = 0; i < UT_N_STRUCTURES; i++) {
    GtkWidget *row = self->rows[i] = ut_review_row_new (ut_look_order[i]);
    g_signal_connect_object (row, "accept", G_CALLBACK (accept_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (row, "reject", G_CALLBACK (reject_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (row, "move", G_CALLBACK (move_cb), self, G_CONNECT_SWAPPED);
    gtk_list_box_append (GTK_LIST_BOX (list), row);
  }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), list);
}

static void
ut_review_panel_dispose (GObject *object)
{
  UtReviewPanel *self = UT_REVIEW_PANEL (object);
  g_clear_object (&self->look);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_review_panel_parent_class)->dispose (object);
}

static void
ut_review_panel_class_init (UtReviewPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_review_panel_dispose;
}

static void
ut_review_panel_init (UtReviewPanel *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);
  GtkWidget *all = gtk_button_new_with_label (_ ("Accept All"));
  adw_preferences_group_set_title (group, _ ("Review"));
  gtk_widget_set_tooltip_text (all, _ ("Accept every structure that is unreviewed (Return)"));
  gtk_widget_set_valign (all, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (all), "twin.accept-all");
  adw_preferences_group_set_header_suffix (group, all);
  add_rows (self);

  self->problem = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->problem), 0);
  gtk_widget_add_css_class (self->problem, "error");
  adw_preferences_group_add (group, self->problem);
  self->discard = gtk_button_new_with_label (_ ("Discard Edit"));
  gtk_widget_set_tooltip_text (self->discard, _ ("Back to the heart as the network made it"));
  g_signal_connect_object (
    self->discard, "clicked", G_CALLBACK (discard_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_margin_top (self->discard, 6);
  adw_preferences_group_add (group, self->discard);
  self->log = ut_review_log_list_new ();
  gtk_widget_set_margin_top (self->log, 6);
  adw_preferences_group_add (group, self->log);
}
