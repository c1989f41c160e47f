/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/recent.h"

#include <glib.h>

/** UtStyle: the colours of the window */
typedef enum { UT_STYLE_SYSTEM, UT_STYLE_DARK, UT_STYLE_LIGHT } UtStyle;

/**
 * What the window remembers between runs, in ultratwin/window.ini of the user's
 * configuration folder. A file that is missing or damaged means the defaults.
 * State of a case lives in the study, never here. Main thread.
 */
typedef struct UtSettings {
  int width, height; /* of the window, pixels; 0 = default */
  gboolean maximized;
  UtStyle style;     /* dark unless chosen otherwise */
  int n_seeds;       /* to begin with, 1 to UT_TWIN_MAX_SEEDS */
  gboolean remember; /* whether studies are kept in recent */
  gboolean letters;  /* single-letter keys work */
  gboolean running;  /* a study is open: still set at the next start if the program was cut off */
  GPtrArray *recent; /* UtRecent, to offer again */
  char *reviewer;    /* name in the review log as a person wrote it, "" = ut_settings_reviewer();
                      * never NULL */
  char *device;      /* where the network runs: "auto" or as ut_twin_model_open(); never NULL */
  double seconds_per_heart; /* that the last run took on device; 0 = not known */
} UtSettings;

/** ut_settings_load: (transfer full) */
UtSettings *ut_settings_load (void);

void ut_settings_free (UtSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtSettings, ut_settings_free)

/** ut_settings_reviewer: (transfer none): who reviews: the name that was written down, else the
 * real name that this login has, else its user name */
const char *ut_settings_reviewer (const UtSettings *self);

/** ut_settings_save: a failure is traced only, since nothing of value is lost */
void ut_settings_save (const UtSettings *self);
