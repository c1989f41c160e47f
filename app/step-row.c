/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/step-row.h"

#include "app/app-id.h"

#include <glib/gi18n.h>

struct _UtStepRow {
  GtkListBoxRow parent_instance;
  const char *step, *title;
  GtkWidget *mark_stack, *number_label, *title_label, *reason_label;
};

G_DEFINE_FINAL_TYPE (UtStepRow, ut_step_row, GTK_TYPE_LIST_BOX_ROW)

const char *
ut_step_row_get_step (UtStepRow *self)
{
  g_return_val_if_fail (UT_IS_STEP_ROW (self), NULL);
  return self->step;
}

void
ut_step_row_set_state (UtStepRow *self, gboolean done, const char *reason)
{
  g_return_if_fail (UT_IS_STEP_ROW (self));
  gtk_stack_set_visible_child_name (GTK_STACK (self->mark_stack), done ? "done" : "number");
  gtk_label_set_text (GTK_LABEL (self->reason_label), reason != NULL ? reason : "");
  gtk_widget_set_visible (self->reason_label, reason != NULL);
  if (reason != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "blocked");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "blocked");

  /* Translators: name of a finished step for screen readers */
  g_autofree char *label = done ? g_strdup_printf (_ ("%s, done"), self->title) : NULL;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label != NULL ? label : self->title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  reason != NULL ? reason : "",
                                  -1);
}

static void
ut_step_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), UT_TYPE_STEP_ROW);
  G_OBJECT_CLASS (ut_step_row_parent_class)->dispose (object);
}

static void
ut_step_row_class_init (UtStepRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_step_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/step-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UtStepRow, mark_stack);
  gtk_widget_class_bind_template_child (widget_class, UtStepRow, number_label);
  gtk_widget_class_bind_template_child (widget_class, UtStepRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, UtStepRow, reason_label);
}

static void
ut_step_row_init (UtStepRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ut_step_row_new (guint number, const char *step, const char *title)
{
  UtStepRow *self = g_object_new (UT_TYPE_STEP_ROW, NULL);
  g_autofree char *text = g_strdup_printf ("%u", number);
  self->step = g_intern_string (step);
  self->title = g_intern_string (title);
  gtk_label_set_text (GTK_LABEL (self->number_label), text);
  gtk_label_set_text (GTK_LABEL (self->title_label), title);
  ut_step_row_set_state (self, FALSE, NULL);
  return GTK_WIDGET (self);
}
