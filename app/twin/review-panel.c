/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/review-panel.h"

#include "app/review-text.h"
#include "app/sentence.h"
#include "app/twin/grade-popover.h"
#include "app/twin/review-log-list.h"
#include "app/twin/review-row.h"
#include "app/widgets.h"

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

static gboolean
has_heart (UtReviewPanel *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  return state != NULL && ut_study_twin (state, phase_of (self)) != NULL;
}

static void
update (UtReviewPanel *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  UtPhase phase = phase_of (self);
  gboolean any = has_heart (self);
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
    UtStructure s = ut_structure_order[i];
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
judge_cb (UtReviewPanel *self, int verdict, const char *reason, UtReviewRow *row)
{
  g_autoptr (GError) error = NULL;
  UtStudy *study = ut_document_get_study (self->document);
  UtStructure structure = ut_review_row_get_structure (row);
  if (!ut_study_set_verdict (study, phase_of (self), structure, (UtVerdict)verdict, reason, &error))
    show_problem (self, error);
}

static void
grade_cb (UtReviewPanel *self, int verdict, const char *reason)
{
  g_autoptr (GError) error = NULL;
  UtStudy *study = ut_document_get_study (self->document);
  if (study != NULL && !ut_study_grade (study, phase_of (self), (UtVerdict)verdict, reason, &error))
    show_problem (self, error);
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
  if (has_heart (self))
    grade_cb (self, UT_VERDICT_ACCEPTED, NULL);
}

void
ut_review_panel_ask (UtReviewPanel *self, GtkWidget *over)
{
  g_return_if_fail (UT_IS_REVIEW_PANEL (self));
  if (!has_heart (self))
    return;
  GtkWidget *popover = ut_grade_popover_new ();
  g_signal_connect_object (popover, "graded", G_CALLBACK (grade_cb), self, G_CONNECT_SWAPPED);
  ut_grade_popover_show_over (UT_GRADE_POPOVER (popover), over);
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
    GtkWidget *row = self->rows[i] = ut_review_row_new (ut_structure_order[i]);
    g_signal_connect_object (row, "judge", G_CALLBACK (judge_cb), self, G_CONNECT_SWAPPED);
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

/* Accepts, or asks for the grade and its reason. */
static GtkWidget *
new_grades (UtReviewPanel *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *all = gtk_button_new_with_label (_ ("Accept All"));
  GtkWidget *grade = gtk_menu_button_new (), *popover = ut_grade_popover_new ();
  gtk_widget_set_tooltip_text (all, _ ("Accept every structure that is unreviewed (Return)"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (all), "twin.accept-all");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (grade), popover);
  ut_widget_set_label (
    grade, g_strdup (_ ("Quality of the heart: good, limited or rejected, and why (Q)")), TRUE);
  g_signal_connect_object (popover, "graded", G_CALLBACK (grade_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_valign (line, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (line, "linked");
  gtk_box_append (GTK_BOX (line), all);
  gtk_box_append (GTK_BOX (line), grade);
  return line;
}

static void
ut_review_panel_init (UtReviewPanel *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);
  adw_preferences_group_set_title (group, _ ("Review"));
  adw_preferences_group_set_header_suffix (group, new_grades (self));
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
