/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <epoxy/gl.h>
#include <glib.h>

/** UtRect: pixels from the lower left corner of a frame */
typedef struct UtRect {
  int x, y, width, height;
} UtRect;

/** UtSheet: a picture of sRGB bytes that shaders can read and that can be drawn to */
typedef struct UtSheet {
  GLuint framebuffer, texture;
} UtSheet;

/* All of these want the context current. */

/** ut_sheet_init: FALSE where the driver cannot make it; clear it even so. Binds it. */
gboolean ut_sheet_init (UtSheet *self, int width_px, int height_px);
void ut_sheet_clear (UtSheet *self);

/** ut_sheet_blit: copies a part, or resolves it where @from has samples. Binds both. */
void ut_sheet_blit (GLuint from, GLuint to, UtRect part);
