/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/grade-popover.h"

#include "app/keys.h"
#include "app/sentence.h"
#include "app/widgets.h"
#include "engine/base/words.h"
#include "engine/study/review.h"

#include <glib/gi18n.h>

#define N_DIGITS    10 /* 1 to 9, then 0 */
#define TITLE_CHARS 30 /* width of words that wrap */

typedef struct Grade {
  UtVerdict verdict;
  const char *reason; /* as it is shown and kept; NULL = none */
} Grade;

struct _UtGradePopover {
  GtkPopover parent_instance;
  GtkWidget *box;
  Grade grades[N_DIGITS];
  guint n_grades;
};

enum { GRADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtGradePopover, ut_grade_popover, GTK_TYPE_POPOVER)

static void
answer (UtGradePopover *self, guint i)
{
  const Grade grade = self->grades[i];
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[GRADED], 0, (int)grade.verdict, grade.reason);
}

static void
button_cb (UtGradePopover *self, GtkWidget *button)
{
  answer (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "grade")));
}

static gboolean
key_cb (UtGradePopover *self, guint keyval, guint keycode, GdkModifierType state)
{
  int digit = ut_keys_digit (keyval, keycode);
  guint i = (guint)(digit + N_DIGITS - 1) % N_DIGITS;
  if (digit < 0 || i >= self->n_grades || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  answer (self, i);
  return GDK_EVENT_STOP;
}

/* ---- what it is made of ----------------------------------------------------------------- */

static GtkWidget *
add_label (GtkWidget *box, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), TITLE_CHARS);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static void
add_grade (UtGradePopover *self, UtVerdict verdict, const char *reason)
{
  g_return_if_fail (self->n_grades < N_DIGITS);
  const char *word = ut_sentence_verdict (verdict);
  GtkWidget *button = gtk_button_new (), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  g_autofree char *digit = g_strdup_printf ("%u", (self->n_grades + 1) % N_DIGITS);
  add_label (line, digit, "dim-label");
  add_label (line, reason != NULL ? reason : word, "grade");
  gtk_button_set_child (GTK_BUTTON (button), line);
  gtk_widget_add_css_class (button, "flat");
  ut_widget_set_label (
    button, reason != NULL ? g_strdup_printf ("%s: %s", word, reason) : g_strdup (word), FALSE);
  g_object_set_data (G_OBJECT (button), "grade", GUINT_TO_POINTER (self->n_grades));
  g_signal_connect_object (button, "clicked", G_CALLBACK (button_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->box), button);
  self->grades[self->n_grades++] = (Grade){verdict, reason};
}

static void
add_grades (UtGradePopover *self, UtVerdict verdict)
{
  add_label (self->box, ut_sentence_verdict (verdict), "heading");
  for (const char *const *reason = ut_review_reasons (verdict); *reason != NULL; reason++)
    add_grade (self, verdict, ut_words (*reason));
}

static void
ut_grade_popover_class_init (UtGradePopoverClass *klass)
{
  signals[GRADED] = g_signal_new ("graded",
                                  UT_TYPE_GRADE_POPOVER,
                                  G_SIGNAL_RUN_LAST,
                                  0,
                                  NULL,
                                  NULL,
                                  NULL,
                                  G_TYPE_NONE,
                                  2,
                                  G_TYPE_INT,
                                  G_TYPE_STRING);
}

static void
ut_grade_popover_init (UtGradePopover *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_popover_set_child (GTK_POPOVER (self), self->box);
  add_label (self->box, _ ("How good is this heart?"), "heading");
  add_label (self->box,
             _ ("The answer goes to each of its structures that nobody has judged worse."),
             "caption");
  add_grade (self, UT_VERDICT_ACCEPTED, NULL);
  add_grades (self, UT_VERDICT_LIMITED);
  add_grades (self, UT_VERDICT_REJECTED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

GtkWidget *
ut_grade_popover_new (void)
{
  return g_object_new (UT_TYPE_GRADE_POPOVER, NULL);
}

/* Not while it still tells its parent that it closed. */
static gboolean
unparent_cb (gpointer self)
{
  if (gtk_widget_get_parent (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

static void
closed_cb (UtGradePopover *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, unparent_cb, g_object_ref (self), g_object_unref);
}

void
ut_grade_popover_show_over (UtGradePopover *self, GtkWidget *over)
{
  g_return_if_fail (UT_IS_GRADE_POPOVER (self));
  GdkRectangle top = {gtk_widget_get_width (over) / 2, 0, 1, 1}; /* it hangs in the middle */
  int height;
  gtk_widget_set_parent (GTK_WIDGET (self), over);
  gtk_widget_measure (self->box, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  top.y = MAX (0, (gtk_widget_get_height (over) - height) / 2);
  gtk_popover_set_pointing_to (GTK_POPOVER (self), &top);
  gtk_popover_set_has_arrow (GTK_POPOVER (self), FALSE);
  g_signal_connect (self, "closed", G_CALLBACK (closed_cb), NULL);
  g_signal_connect_object (over, "unrealize", G_CALLBACK (unparent_cb), self, G_CONNECT_SWAPPED);
  gtk_popover_popup (GTK_POPOVER (self));
}
