/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * UtRenderError:
 * @UT_RENDER_ERROR_CONTEXT: no usable OpenGL 3.3 core context, or it was lost or ran out of memory
 * @UT_RENDER_ERROR_SHADER: a shader does not compile or does not link
 *
 * Error codes of everything in render/.
 */
typedef enum {
  UT_RENDER_ERROR_CONTEXT,
  UT_RENDER_ERROR_SHADER,
} UtRenderError;

#define UT_RENDER_ERROR (ut_render_error_quark ())
GQuark ut_render_error_quark (void);
