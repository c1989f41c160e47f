/* SPDX-License-Identifier: Apache-2.0 */
#include "render/shader.h"

#include <gio/gio.h>

#include "engine/base/words.h"
#include "render/error.h"
#include "ut-shaders.h"

#define PREFIX "/org/ultratwin/shaders/"

/* @said: for the log */
static GLuint
fail (const char *name, char *said, GError **error)
{
  g_debug ("%s: %s", name, g_strstrip (said));
  g_set_error_literal (error,
                       UT_RENDER_ERROR,
                       UT_RENDER_ERROR_SHADER,
                       ut_words ("the graphics driver refuses a part of what draws the picture; a "
                                 "newer driver may take it"));
  return 0;
}

static GLuint
compile (GLenum kind, const char *file, const char *defines, GError **error)
{
  g_autofree char *path = g_strconcat (PREFIX, file, NULL);
  g_autoptr (GBytes) source =
    g_resource_lookup_data (ut_shaders_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert (source != NULL);

  const char *parts[] = {
    "#version 330 core\n", defines, "#line 1\n", g_bytes_get_data (source, NULL)};
  const GLint lengths[] = {-1, -1, -1, g_bytes_get_size (source)};
  GLint compiled = GL_FALSE;
  GLuint shader = glCreateShader (kind);
  glShaderSource (shader, G_N_ELEMENTS (parts), parts, lengths);
  glCompileShader (shader);
  glGetShaderiv (shader, GL_COMPILE_STATUS, &compiled);
  if (compiled)
    return shader;

  char log[1024] = "";
  glGetShaderInfoLog (shader, sizeof log, NULL, log);
  glDeleteShader (shader);
  return fail (file, log, error);
}

static GLuint
link_program (GLuint vertex, GLuint fragment, const char *name, GError **error)
{
  GLint linked = GL_FALSE;
  GLuint program = glCreateProgram ();
  glAttachShader (program, vertex);
  glAttachShader (program, fragment);
  glLinkProgram (program);
  glGetProgramiv (program, GL_LINK_STATUS, &linked);
  if (linked)
    return program;

  char log[1024] = "";
  glGetProgramInfoLog (program, sizeof log, NULL, log);
  glDeleteProgram (program);
  return fail (name, log, error);
}

GLuint
ut_shader_program (const char *vertex, const char *fragment, const char *defines, GError **error)
{
  g_autofree char *vertex_file = g_strconcat (vertex, ".vert.glsl", NULL);
  g_autofree char *fragment_file = g_strconcat (fragment, ".frag.glsl", NULL);
  GLuint vertex_shader = compile (GL_VERTEX_SHADER, vertex_file, defines, error);
  if (vertex_shader == 0)
    return 0;

  GLuint program = 0, fragment_shader = compile (GL_FRAGMENT_SHADER, fragment_file, defines, error);
  if (fragment_shader != 0)
    program = link_program (vertex_shader, fragment_shader, fragment, error);
  /* a linked program keeps them; 0 is ignored */
  glDeleteShader (vertex_shader);
  glDeleteShader (fragment_shader);
  return program;
}
