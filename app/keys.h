/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** UtKeysContext: where a key works. Single letters work only while a viewport has focus. */
typedef enum {
  UT_KEYS_WINDOW,   /* everywhere in the window */
  UT_KEYS_CINE,     /* while a view slot has focus */
  UT_KEYS_TRACE,    /* while a contour is traced and has focus, before those of its slot */
  UT_KEYS_POINT,    /* while a picture that is measured has focus, before those of the picture */
  UT_KEYS_BLACKOUT, /* while a picture of a de-identified copy has focus */
  UT_KEYS_TWIN,     /* while the 3D view has focus */
  UT_KEYS_SLICE,    /* while a slice has focus */
  UT_KEYS_PLANE,    /* while a frame with outlines has focus */
  UT_KEYS_REPORT,   /* while the step Report or its pages as they are printed have focus */
  UT_KEYS_LESSON,   /* while a lesson runs, after whatever has focus */
  UT_N_KEYS_CONTEXTS,
} UtKeysContext;

/** UtKey: one line of the table that feeds the accelerators and the shortcuts window. */
typedef struct UtKey {
  UtKeysContext context;
  const char *action;  /* detailed name, "win.open" or "twin.camera::a4c"; NULL: the widget's own */
  const char *trigger; /* as gtk_shortcut_trigger_parse_string() takes it */
  const char *title;   /* untranslated, marked for gettext; NULL: not shown */
} UtKey;

/** ut_keys_table: (array length=ret_n): the whole table */
const UtKey *ut_keys_table (guint *ret_n);

/** ut_keys_install_accels: gives @app the window's keys */
void ut_keys_install_accels (GtkApplication *app);

/** ut_keys_add_positions: makes @widget answer the digits of @context by their place on the
 * keyboard where the layout has other signs on them; ut_keys_add_controller() does it too */
void ut_keys_add_positions (GtkWidget *widget, UtKeysContext context);

/** ut_keys_add_controller: makes @viewport answer the keys of @context while it has focus */
void ut_keys_add_controller (GtkWidget *viewport, UtKeysContext context);

/** ut_keys_set_letters: whether single letters do anything, in viewports of now and later */
void ut_keys_set_letters (gboolean on);

/** ut_keys_digit: 0 to 9 by its place on the keyboard, whatever stands on the keys, the keypad by
 * value; -1: no digit */
int ut_keys_digit (guint keyval, guint keycode);

/** ut_keys_window_new: (transfer full): the shortcuts window */
GtkWidget *ut_keys_window_new (void);

G_END_DECLS
