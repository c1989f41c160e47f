/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_LESSON_CARD (ut_lesson_card_get_type ())
G_DECLARE_FINAL_TYPE (UtLessonCard, ut_lesson_card, UT, LESSON_CARD, GtkWidget)

/**
 * UtLessonCard:
 *
 * The step of a lesson under the page that it speaks of. Its buttons ask for the actions
 * "win.lesson-next", "win.lesson-back" and "win.lesson-leave".
 */

/**
 * ut_lesson_card_show:
 * @n: of the step, counted from 1
 * @control: (nullable): what it points at, as a person would call it
 * @waits: it goes on when that is done
 */
void ut_lesson_card_show (UtLessonCard *self,
                          const char *title,
                          guint n,
                          guint n_steps,
                          const char *text,
                          const char *control,
                          gboolean waits);

/** ut_lesson_card_grab_focus: to the button that goes on */
void ut_lesson_card_grab_focus (UtLessonCard *self);

G_END_DECLS
