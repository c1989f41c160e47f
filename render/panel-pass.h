/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cairo.h>
#include <epoxy/gl.h>
#include <glib.h>

/** UtPanel: a picture that lies on the frame */
typedef struct UtPanel {
  GLuint texture; /* 0: none yet */
  int width_px, height_px;
} UtPanel;

/* All of these want the renderer's context current. */

/** ut_panel_set: uploads an ARGB32 picture in place of the one before */
void ut_panel_set (UtPanel *self, cairo_surface_t *surface);
void ut_panel_clear (UtPanel *self);

/** UtPanelPass: the program that draws panels */
typedef struct UtPanelPass UtPanelPass;

UtPanelPass *ut_panel_pass_new (GError **error);
void ut_panel_pass_free (UtPanelPass *self);

/**
 * ut_panel_pass_draw:
 * @x_px, @y_px: the panel's lower left corner in the frame, from its lower left corner
 *
 * Lays the panel on the bound framebuffer, pixel for pixel.
 */
void ut_panel_pass_draw (
  UtPanelPass *self, const UtPanel *panel, int x_px, int y_px, int width_px, int height_px);
