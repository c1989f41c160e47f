/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/**
 * ut_caliper_draw:
 * @widget: over whose picture it stands; gives the colours
 * @points: [@n_points], in the widget; 1 to UT_CALIPER_POINTS
 * @text: (nullable): its number
 *
 * Draws a caliper: ends, lines, an arc round the corner of an angle, and the number on a dark
 * ground.
 */
void ut_caliper_draw (GtkWidget *widget,
                      GtkSnapshot *snapshot,
                      const graphene_point_t *points,
                      guint n_points,
                      const char *text);
