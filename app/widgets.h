/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <adwaita.h>

/* Small things that several widgets want. */

/** ut_widget_set_label: @label (transfer full) becomes accessible name, and tooltip where asked */
void ut_widget_set_label (GtkWidget *widget, char *label, gboolean tooltip);

/** ut_widget_set_value_text: @text (transfer full) says to screen readers what a slider is at, with
 * its unit */
void ut_widget_set_value_text (GtkWidget *widget, char *text);

/** ut_widget_name_inside: gives the buttons that a control of GTK is made of its name as well */
void ut_widget_name_inside (GtkWidget *widget, const char *name);

/** ut_widget_set_css_class: gives @widget the class or takes it away */
void ut_widget_set_css_class (GtkWidget *widget, const char *css_class, gboolean on);

/** ut_widget_colour: the style sheet's colour of that name; the widget's own where it has none */
void ut_widget_colour (GtkWidget *widget, const char *name, GdkRGBA *ret);

/** ut_widget_may_move: FALSE where the desktop asks for little motion: then nothing moves on its
 * own
 */
gboolean ut_widget_may_move (GtkWidget *widget);

/** ut_number_from_text: a number with a point or a comma, whatever the locale writes; FALSE where
 * @text is none */
gboolean ut_number_from_text (const char *text, double *ret);

/** ut_spin_reads_lengths: what is typed is read by ut_number_from_text(), in mm, or in cm where
 * that stands behind it. What is no length, or out of range, changes nothing. */
void ut_spin_reads_lengths (GtkSpinButton *spin);

/** ut_spin_take_length: FALSE where what was typed last was refused; once, then its value counts */
gboolean ut_spin_take_length (GtkSpinButton *spin, double *ret_mm);

/** ut_side_window_new: (transfer none): a window of @width by @height (-1: as its content asks)
 * over
 * @parent, with a header bar above @content, that Escape closes; present it */
GtkWidget *ut_side_window_new (
  GtkWindow *parent, const char *title, GtkWidget *content, int width, int height);

/** ut_widget_close_by_escape: @window closes by Escape */
void ut_widget_close_by_escape (GtkWidget *window);

/** ut_toast: (transfer none): says @text, which is no markup, on an AdwToastOverlay */
AdwToast *ut_toast (GtkWidget *overlay, const char *text);

/** ut_show_error: a dialog over @parent: what failed, why, and what to do next */
void ut_show_error (GtkWindow *parent, const char *heading, const char *body);

/**
 * Drags that survive a slow moment. After a change of layout GTK 4 makes up a motion with the
 * buttons as they are now. Where a button went up that its event has not reached yet, that motion
 * resets the gesture: "cancel", then "drag-end", and the gesture has forgotten where it began.
 */

/** ut_drag_new: a GtkGestureDrag whose start is remembered */
GtkGesture *ut_drag_new (void);

/** ut_drag_get_start: where the running or ending drag began, in the widget */
void ut_drag_get_start (GtkGestureDrag *self, double *ret_x, double *ret_y);

/** ut_drag_was_let_go: in "cancel": the button is up, nobody took the drag away */
gboolean ut_drag_was_let_go (GtkGestureDrag *self);
