/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_POINT_CROSS (ut_point_cross_get_type ())
G_DECLARE_FINAL_TYPE (UtPointCross, ut_point_cross, UT, POINT_CROSS, GtkWidget)

/**
 * UtPointCross:
 *
 * A pointer for the keyboard over a picture: a cross that arrows move, Enter presses with and
 * Backspace fetches the last point back to (UT_KEYS_POINT). It has as much room as the picture and
 * stays out of the real pointer's way.
 *
 * Signals: `moved` (double x, y): it stands there now; `set` (double x, y): Enter; `back`:
 * Backspace. All in pixels of the widget.
 */

/** ut_point_cross_new: (transfer floating): answers the keys while @picture has focus, once it is
 * switched on; lives no longer than @picture */
GtkWidget *ut_point_cross_new (GtkWidget *picture);

/** ut_point_cross_set_on: whether it takes the keys; shown from the first arrow on */
void ut_point_cross_set_on (UtPointCross *self, gboolean on);

/** ut_point_cross_hide: until the next arrow, which finds it where it was */
void ut_point_cross_hide (UtPointCross *self);

/** ut_point_cross_place: shows it at @place, kept inside the widget */
void ut_point_cross_place (UtPointCross *self, const graphene_point_t *place);

/** ut_point_cross_get_shown: whether it is to be seen */
gboolean ut_point_cross_get_shown (UtPointCross *self);

G_END_DECLS
