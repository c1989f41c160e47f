/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/review-log-list.h"

#include "app/review-text.h"
#include "app/widgets.h"

#include <glib/gi18n.h>

#define MAX_LINES 20 /* the study has all */

struct _UtReviewLogList {
  GtkWidget parent_instance;
  GtkWidget *expander, *text;
};

G_DEFINE_FINAL_TYPE (UtReviewLogList, ut_review_log_list, GTK_TYPE_WIDGET)

GtkWidget *
ut_review_log_list_new (void)
{
  return g_object_new (UT_TYPE_REVIEW_LOG_LIST, NULL);
}

void
ut_review_log_list_show (UtReviewLogList *self, const GPtrArray *log)
{
  g_return_if_fail (UT_IS_REVIEW_LOG_LIST (self));
  gtk_widget_set_visible (GTK_WIDGET (self), log->len > 0);
  /* Translators: who did what to the structures; %u is the number of lines in it */
  g_autofree char *title = g_strdup_printf (_ ("Review Log (%u)"), log->len);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < MIN (log->len, MAX_LINES); i++) {
    g_autofree char *line = ut_review_act_text (log->pdata[log->len - 1 - i]);
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
  }
  if (log->len > MAX_LINES)
    g_string_append_printf (text,
                            ngettext ("\nand %u before; an export has all of them",
                                      "\nand %u before; an export has all of them",
                                      log->len - MAX_LINES),
                            log->len - MAX_LINES);
  gtk_expander_set_label (GTK_EXPANDER (self->expander), title);
  ut_widget_set_label (self->expander, g_strdup (title), FALSE);
  gtk_label_set_text (GTK_LABEL (self->text), text->str);
}

static void
ut_review_log_list_dispose (GObject *object)
{
  g_clear_pointer (&UT_REVIEW_LOG_LIST (object)->expander, gtk_widget_unparent);
  G_OBJECT_CLASS (ut_review_log_list_parent_class)->dispose (object);
}

static void
ut_review_log_list_class_init (UtReviewLogListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_review_log_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ut_review_log_list_init (UtReviewLogList *self)
{
  self->expander = gtk_expander_new (NULL);
  self->text = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->text), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->text), 0);
  gtk_label_set_selectable (GTK_LABEL (self->text), TRUE);
  gtk_widget_add_css_class (self->text, "caption");
  gtk_widget_set_margin_top (self->text, 6);
  gtk_widget_set_tooltip_text (self->expander,
                               _ ("Who did what and when. What is undone stays in it."));
  gtk_expander_set_child (GTK_EXPANDER (self->expander), self->text);
  gtk_widget_set_parent (self->expander, GTK_WIDGET (self));
}
