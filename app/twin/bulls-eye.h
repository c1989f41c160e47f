/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/bulls-eye-draw.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_BULLS_EYE (ut_bulls_eye_get_type ())
G_DECLARE_FINAL_TYPE (UtBullsEye, ut_bulls_eye, UT, BULLS_EYE, GtkWidget)

/**
 * UtBullsEye:
 *
 * ut_bulls_eye_draw() with its legend below; for screen readers all of it in words.
 */
GtkWidget *ut_bulls_eye_new (void);

/** ut_bulls_eye_show: @map is copied */
void ut_bulls_eye_show (UtBullsEye *self, const UtBullsEyeMap *map);

G_END_DECLS
