/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"
#include "render/scene-cut.h"

/** UtLine: a straight piece */
typedef struct UtLine {
  float from[3], to[3]; /* mm */
  float colour[4];      /* linear, opaque */
  float width_px;       /* device pixels */
} UtLine;

/** ut_lines_add_curve: appends the pieces of a curve to an array of UtLine; @look gives colour and
 * width */
void ut_lines_add_curve (GArray *lines,
                         const UtSection *section,
                         const UtSectionCurve *curve,
                         const UtLine *look);

/**
 * UtLinePass:
 *
 * Draws lines as wide on the screen wherever they lie, hidden by what is in front of them.
 * OpenGL 3.3 core promises no line wider than a pixel.
 */
typedef struct UtLinePass UtLinePass;

/* All of these want the renderer's context current. */
UtLinePass *ut_line_pass_new (GError **error);
void ut_line_pass_free (UtLinePass *self);

/** ut_line_pass_draw: @lines: UtLine */
void ut_line_pass_draw (
  UtLinePass *self, const GArray *lines, const UtCamera *camera, int width_px, int height_px);
