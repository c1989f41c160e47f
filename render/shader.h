/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <epoxy/gl.h>
#include <glib.h>

/**
 * ut_shader_program:
 * @vertex, @fragment: file names in resources/shaders, without ".vert.glsl", ".frag.glsl"
 * @defines: lines to put in front of both, e.g. "#define PAINTED\n"; "" for none
 *
 * Compiles and links two shaders that are built into the program. A current context is wanted.
 *
 * Errors: UT_RENDER_ERROR_SHADER with the file's name and the driver's log.
 *
 * Returns: the program's name, or 0 with @error set
 */
GLuint
ut_shader_program (const char *vertex, const char *fragment, const char *defines, GError **error);
