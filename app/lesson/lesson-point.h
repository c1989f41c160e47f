/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/** UtLessonPoint: the control that a step points at; all zero: none. Main thread. */
typedef struct UtLessonPoint {
  GtkWidget *control; /* lent, NULL: none, or it went away */
  guint tick_id;      /* on it, until it has been scrolled into view */
  guint n_ticks;
} UtLessonPoint;

/**
 * ut_lesson_point_at:
 * @root: the control is looked for below it
 * @id: (nullable): as a template names it; NULL points at nothing
 *
 * Draws a frame around a control that is there to be seen, and takes it from the one before.
 */
void ut_lesson_point_at (UtLessonPoint *self, GtkWidget *root, const char *id);

/** ut_lesson_point_scroll: scrolls the page that holds the control so that it is seen, once the
 * page is laid out; where it is higher than the page, its upper end */
void ut_lesson_point_scroll (UtLessonPoint *self);
