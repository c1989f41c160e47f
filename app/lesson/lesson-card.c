/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/lesson/lesson-card.h"

#include "app/app-id.h"

#include <glib/gi18n.h>

struct _UtLessonCard {
  GtkWidget parent_instance;
  GtkWidget *box, *title, *count, *text, *control, *next_button;
};

G_DEFINE_FINAL_TYPE (UtLessonCard, ut_lesson_card, GTK_TYPE_WIDGET)

void
ut_lesson_card_show (UtLessonCard *self,
                     const char *title,
                     guint n,
                     guint n_steps,
                     const char *text,
                     const char *control,
                     gboolean waits)
{
  g_return_if_fail (UT_IS_LESSON_CARD (self));
  /* Translators: of a lesson, "Step 2 of 6" */
  g_autofree char *count = g_strdup_printf (_ ("Step %u of %u"), n, n_steps);
  g_autofree char *hint = NULL;
  if (control != NULL && waits)
    /* Translators: %s is a control, "Layouts, above the heart" */
    hint = g_strdup_printf (_ ("Try it: %s"), control);
  else if (control != NULL)
    /* Translators: %s is a control, "Layouts, above the heart" */
    hint = g_strdup_printf (_ ("See: %s"), control);
  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_label_set_text (GTK_LABEL (self->count), count);
  gtk_label_set_text (GTK_LABEL (self->text), text);
  gtk_label_set_text (GTK_LABEL (self->control), hint != NULL ? hint : "");
  gtk_widget_set_visible (self->control, hint != NULL);
  gtk_button_set_label (GTK_BUTTON (self->next_button), n < n_steps ? _ ("_Next") : _ ("_Finish"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text,
                                  -1);
}

void
ut_lesson_card_grab_focus (UtLessonCard *self)
{
  g_return_if_fail (UT_IS_LESSON_CARD (self));
  gtk_widget_grab_focus (self->next_button);
}

static void
ut_lesson_card_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), UT_TYPE_LESSON_CARD);
  G_OBJECT_CLASS (ut_lesson_card_parent_class)->dispose (object);
}

static void
ut_lesson_card_class_init (UtLessonCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_lesson_card_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/lesson-card.ui");
  gtk_widget_class_bind_template_child (widget_class, UtLessonCard, box);
  gtk_widget_class_bind_template_child (widget_class, UtLessonCard, title);
  gtk_widget_class_bind_template_child (widget_class, UtLessonCard, count);
  gtk_widget_class_bind_template_child (widget_class, UtLessonCard, text);
  gtk_widget_class_bind_template_child (widget_class, UtLessonCard, control);
  gtk_widget_class_bind_template_child (widget_class, UtLessonCard, next_button);
}

static void
ut_lesson_card_init (UtLessonCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
