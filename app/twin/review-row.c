/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/review-row.h"

#include "app/sentence.h"
#include "app/widgets.h"
#include "engine/base/words.h"
#include "engine/study/label-offset.h"

#include <glib/gi18n.h>

#define POPOVER_CHARS 34 /* width of words that wrap */

struct _UtReviewRow {
  GtkListBoxRow parent_instance;
  UtStructure structure;
  gboolean quiet; /* the accept button is being set from here */
  GtkWidget *verdict, *accept, *edit, *mm, *move;
  GtkWidget *reasons[UT_N_VERDICTS]; /* menu buttons, where there are reasons to give */
  GtkWidget *others[UT_N_VERDICTS];  /* entries in these */
};

enum { JUDGE, MOVE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtReviewRow, ut_review_row, GTK_TYPE_LIST_BOX_ROW)

UtStructure
ut_review_row_get_structure (UtReviewRow *self)
{
  g_return_val_if_fail (UT_IS_REVIEW_ROW (self), UT_BACKGROUND);
  return self->structure;
}

void
ut_review_row_show (UtReviewRow *self, UtVerdict verdict, const char *reason, gboolean edited)
{
  g_return_if_fail (UT_IS_REVIEW_ROW (self));
  g_autofree char *text = g_strconcat (ut_sentence_verdict (verdict),
                                       reason != NULL ? ": " : "",
                                       reason != NULL ? reason : "",
                                       edited ? " · " : "",
                                       edited ? _ ("edited") : "",
                                       NULL);
  gtk_label_set_text (GTK_LABEL (self->verdict), text);
  gtk_widget_set_tooltip_text (self->verdict, text);
  ut_widget_set_label (GTK_WIDGET (self),
                       g_strdup_printf ("%s: %s", ut_structure_name (self->structure), text),
                       FALSE);
  self->quiet = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->accept), verdict == UT_VERDICT_ACCEPTED);
  self->quiet = FALSE;
}

/* ---- what is asked for ---------------------------------------------------------------- */

static void
accept_cb (UtReviewRow *self)
{
  gboolean accepted = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->accept));
  if (!self->quiet)
    g_signal_emit (
      self, signals[JUDGE], 0, (int)(accepted ? UT_VERDICT_ACCEPTED : UT_VERDICT_NONE), "");
}

/* The verdict in whose popover @widget is. */
static UtVerdict
verdict_of (UtReviewRow *self, GtkWidget *widget)
{
  return gtk_widget_is_ancestor (widget, self->reasons[UT_VERDICT_LIMITED]) ? UT_VERDICT_LIMITED
                                                                            : UT_VERDICT_REJECTED;
}

static void
judge_for (UtReviewRow *self, UtVerdict verdict, const char *reason)
{
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->reasons[verdict]));
  g_signal_emit (self, signals[JUDGE], 0, (int)verdict, reason);
}

static void
reason_cb (UtReviewRow *self, GtkButton *button)
{
  judge_for (self, verdict_of (self, GTK_WIDGET (button)), gtk_button_get_label (button));
}

static void
other_cb (UtReviewRow *self, GtkWidget *widget)
{
  UtVerdict verdict = verdict_of (self, widget);
  judge_for (self, verdict, gtk_editable_get_text (GTK_EDITABLE (self->others[verdict])));
}

static void
mm_cb (UtReviewRow *self)
{
  gtk_widget_set_sensitive (self->move,
                            gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->mm)) != 0);
}

static void
move_cb (UtReviewRow *self)
{
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->edit));
  g_signal_emit (self, signals[MOVE], 0, gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->mm)));
}

/* ---- what it is made of ---------------------------------------------------------------- */

static GtkWidget *
add_text_button (UtReviewRow *self, GtkWidget *box, const char *text, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (text);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static GtkWidget *
popover_with (GtkWidget **ret_box)
{
  GtkWidget *popover = gtk_popover_new ();
  *ret_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_popover_set_child (GTK_POPOVER (popover), *ret_box);
  return popover;
}

static GtkWidget *
reasons_popover (UtReviewRow *self, UtVerdict verdict)
{
  const char *name = ut_structure_name (self->structure);
  gboolean limited = verdict == UT_VERDICT_LIMITED;
  GtkWidget *box, *popover = popover_with (&box);
  for (const char *const *reason = ut_review_reasons (verdict); *reason != NULL; reason++)
    add_text_button (self, box, ut_words (*reason), G_CALLBACK (reason_cb));
  GtkWidget *other = self->others[verdict] = gtk_entry_new ();
  gtk_entry_set_max_length (GTK_ENTRY (other), UT_REVIEW_MAX_REASON);
  gtk_entry_set_placeholder_text (GTK_ENTRY (other), _ ("Another reason"));
  ut_widget_set_label (
    other,
    limited ? g_strdup_printf (_ ("Another reason why %s is limited; no names of patients"), name)
            : g_strdup_printf (_ ("Another reason to reject %s; no names of patients"), name),
    TRUE);
  g_signal_connect_object (other, "activate", G_CALLBACK (other_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), other);
  GtkWidget *button =
    add_text_button (self, box, limited ? _ ("Limited") : _ ("Reject"), G_CALLBACK (other_cb));
  if (!limited)
    gtk_widget_add_css_class (button, "destructive-action");
  return popover;
}

static GtkWidget *
edit_popover (UtReviewRow *self)
{
  GtkWidget *box, *popover = popover_with (&box);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->mm =
    gtk_spin_button_new_with_range (-UT_OFFSET_MAX_MM, UT_OFFSET_MAX_MM, UT_OFFSET_STEP_MM);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (self->mm), 1);
  gtk_spin_button_set_snap_to_ticks (GTK_SPIN_BUTTON (self->mm), TRUE);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->mm), 2 * UT_OFFSET_STEP_MM);
  ut_widget_set_label (self->mm,
                       g_strdup_printf (_ ("Move the surface of %s outwards by, mm"),
                                        ut_structure_name (self->structure)),
                       TRUE);
  g_signal_connect_object (self->mm, "value-changed", G_CALLBACK (mm_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (line), self->mm);
  gtk_box_append (GTK_BOX (line), gtk_label_new (_ ("mm outwards")));
  gtk_box_append (GTK_BOX (box), line);
  GtkWidget *rule = gtk_label_new (
    self->structure == UT_LV
      ? _ ("Negative: inwards. The wall gives way and follows; other structures stay. Good to half "
           "a voxel, 1.5 mm. The network's heart is kept.")
      : _ ("Negative: inwards. Only surface that faces the outside moves; other structures stay. "
           "Good to half a voxel, 1.5 mm. The network's heart is kept."));
  gtk_label_set_wrap (GTK_LABEL (rule), TRUE);
  gtk_label_set_xalign (GTK_LABEL (rule), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (rule), POPOVER_CHARS);
  gtk_widget_add_css_class (rule, "caption");
  gtk_box_append (GTK_BOX (box), rule);
  self->move = add_text_button (self, box, _ ("Move Surface"), G_CALLBACK (move_cb));
  gtk_widget_add_css_class (self->move, "suggested-action");
  return popover;
}

static GtkWidget *
add_menu (GtkWidget *box, const char *icon, GtkWidget *popover, char *label)
{
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), icon);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_add_css_class (button, "flat");
  ut_widget_set_label (button, label, TRUE);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static void
ut_review_row_class_init (UtReviewRowClass *klass)
{
  GType type = UT_TYPE_REVIEW_ROW;
  signals[JUDGE] = g_signal_new ("judge",
                                 type,
                                 G_SIGNAL_RUN_LAST,
                                 0,
                                 NULL,
                                 NULL,
                                 NULL,
                                 G_TYPE_NONE,
                                 2,
                                 G_TYPE_INT,
                                 G_TYPE_STRING);
  signals[MOVE] = g_signal_new (
    "move", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
ut_review_row_init (UtReviewRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (self), FALSE);
}

GtkWidget *
ut_review_row_new (UtStructure structure)
{
  UtReviewRow *self = g_object_new (UT_TYPE_REVIEW_ROW, NULL);
  const char *name = ut_structure_name (structure);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4), *letters = gtk_label_new (name);
  self->structure = structure;
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), ut_sentence_structure (structure));
  gtk_widget_add_css_class (letters, "heading");
  gtk_label_set_width_chars (GTK_LABEL (letters), 4);
  gtk_label_set_xalign (GTK_LABEL (letters), 0);
  gtk_box_append (GTK_BOX (box), letters);
  self->verdict = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->verdict), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->verdict), 0);
  gtk_widget_set_hexpand (self->verdict, TRUE);
  gtk_box_append (GTK_BOX (box), self->verdict);

  self->accept = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->accept), "object-select-symbolic");
  gtk_widget_add_css_class (self->accept, "flat");
  ut_widget_set_label (self->accept, g_strdup_printf (_ ("Accept %s"), name), TRUE);
  g_signal_connect_object (
    self->accept, "toggled", G_CALLBACK (accept_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->accept);
  self->edit = add_menu (box,
                         "document-edit-symbolic",
                         edit_popover (self),
                         g_strdup_printf (_ ("Edit %s on a copy"), name));
  self->reasons[UT_VERDICT_LIMITED] = add_menu (box,
                                                "dialog-warning-symbolic",
                                                reasons_popover (self, UT_VERDICT_LIMITED),
                                                g_strdup_printf (_ ("%s is limited"), name));
  self->reasons[UT_VERDICT_REJECTED] = add_menu (box,
                                                 "window-close-symbolic",
                                                 reasons_popover (self, UT_VERDICT_REJECTED),
                                                 g_strdup_printf (_ ("Reject %s"), name));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  return GTK_WIDGET (self);
}
