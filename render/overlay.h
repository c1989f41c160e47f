/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cairo.h>

#include "render/scene.h"

/**
 * The pictures of text that the renderer lays over the frame, drawn by cairo and pango; no
 * OpenGL here. Numbers have a decimal point in every locale.
 */

/**
 * ut_overlay_legend:
 * @max_height_px: height of the picture; the legend takes half of it, within limits
 * @scale: device pixels per logical pixel
 *
 * Quantity and unit, colour bar with contour lines, ticks at round values.
 *
 * Returns: (transfer full): ARGB32
 */
cairo_surface_t *ut_overlay_legend (const UtScalarMap *map, int max_height_px, float scale);

/** ut_overlay_note: (transfer full): one small line of text, ARGB32, at most @max_width_px wide */
cairo_surface_t *ut_overlay_note (const char *text, int max_width_px, float scale);

/**
 * ut_overlay_letters:
 * @cell_px: side of a cell, a multiple of 4
 *
 * Returns: (transfer full): A8, one row of six square cells: L R P A H F
 */
cairo_surface_t *ut_overlay_letters (int cell_px);

/**
 * ut_overlay_tick_step:
 *
 * Returns: 1, 2 or 5 times a power of ten: the smallest that cuts @range into at most @max_ticks
 */
double ut_overlay_tick_step (double range, int max_ticks);
