/* SPDX-License-Identifier: Apache-2.0 */
#include <epoxy/egl.h>
#include <epoxy/gl.h>

#include "render/renderer.h"
#include "tests/unit/render/solids.h"

#define SIDE 160

/* A context as a window would make it, with a framebuffer of its own. */
static gboolean
open_context (void)
{
  static const EGLint attributes[] = {
    EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 3, EGL_NONE};
  static const EGLint wanted[] = {
    EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE, EGL_DONT_CARE, EGL_NONE};
  EGLConfig config;
  EGLint n_configs = 0;
  EGLDisplay display =
    eglGetPlatformDisplayEXT (EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, NULL);
  if (!eglInitialize (display, NULL, NULL) || !eglBindAPI (EGL_OPENGL_API) ||
      !eglChooseConfig (display, wanted, &config, 1, &n_configs) || n_configs == 0)
    return FALSE;
  EGLContext context = eglCreateContext (display, config, EGL_NO_CONTEXT, attributes);
  return context != EGL_NO_CONTEXT &&
         eglMakeCurrent (display, EGL_NO_SURFACE, EGL_NO_SURFACE, context);
}

static GLuint
make_framebuffer (GLenum format)
{
  GLuint framebuffer, buffer;
  glGenFramebuffers (1, &framebuffer);
  glGenRenderbuffers (1, &buffer);
  glBindFramebuffer (GL_FRAMEBUFFER, framebuffer);
  glBindRenderbuffer (GL_RENDERBUFFER, buffer);
  glRenderbufferStorage (GL_RENDERBUFFER, format, SIDE, SIDE);
  glFramebufferRenderbuffer (GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, buffer);
  g_assert_cmpuint (glCheckFramebufferStatus (GL_FRAMEBUFFER), ==, GL_FRAMEBUFFER_COMPLETE);
  glClearColor (1, 0, 1, 1);
  glClear (GL_COLOR_BUFFER_BIT);
  return framebuffer;
}

static guint8 *
read_framebuffer (GLuint framebuffer)
{
  guint8 *pixels = g_new (guint8, SIDE * SIDE * 4);
  glBindFramebuffer (GL_FRAMEBUFFER, framebuffer);
  glReadPixels (0, 0, SIDE, SIDE, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
  return pixels;
}

static UtScene *
make_scene (void)
{
  const float white[3] = {1, 1, 1}, black[3] = {0, 0, 0};
  UtScene *scene = ut_scene_new ();
  g_autoptr (UtMesh) box = ut_solid_box (ut_vec3 (-20, 0, -20), ut_vec3 (20, 2, 20), 6);
  ut_scene_set_cube (scene, FALSE);
  ut_scene_set_mesh (scene, 1, UT_LV, box);
  ut_scene_set_colour (scene, 1, white);
  ut_scene_set_background (scene, black, black);
  return scene;
}

static void
draw_scene_to (UtRenderer *renderer, const UtScene *scene, float roll_rad, GLuint framebuffer)
{
  g_autoptr (GError) error = NULL;
  UtCamera camera;
  GLint bound = 0;
  ut_camera_init (&camera);
  ut_camera_roll (&camera, roll_rad);
  glBindFramebuffer (GL_FRAMEBUFFER, framebuffer);
  g_assert_true (ut_renderer_draw (renderer, scene, &camera, SIDE, SIDE, 1, &error));
  g_assert_no_error (error);
  glGetIntegerv (GL_DRAW_FRAMEBUFFER_BINDING, &bound);
  g_assert_cmpint (bound, ==, framebuffer);
  g_assert_cmpuint (glGetError (), ==, GL_NO_ERROR);
}

static void
draw_to (UtRenderer *renderer, GLuint framebuffer)
{
  g_autoptr (UtScene) scene = make_scene ();
  draw_scene_to (renderer, scene, 0.3f, framebuffer);
}

/* Pixels that are neither background nor a face in full light: the shades between. */
static int
count_between (const guint8 *pixels)
{
  int n = 0;
  for (int i = 0; i < SIDE * SIDE; i++)
    n += pixels[4 * i] > 30 && pixels[4 * i] < 180;
  return n;
}

static void
test_framebuffer (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtRenderer) renderer = ut_renderer_new (&error);
  g_assert_no_error (error);
  GLuint other = make_framebuffer (GL_RGBA8), asked = make_framebuffer (GL_RGBA8);
  GLuint srgb = make_framebuffer (GL_SRGB8_ALPHA8), deep = make_framebuffer (GL_RGB10_A2);
  draw_to (renderer, asked);
  g_autofree guint8 *untouched = read_framebuffer (other), *drawn = read_framebuffer (asked);
  for (int i = 0; i < SIDE * SIDE; i++) {
    g_assert_cmpuint (untouched[4 * i + 1], ==, 0);
    g_assert_cmpuint (untouched[4 * i], ==, 255);
    g_assert_cmpuint (drawn[4 * i + 3], ==, 255);
    g_assert_false (drawn[4 * i] == 255 && drawn[4 * i + 1] == 0);
  }
  /* whatever its format, it shows the same bytes */
  const GLuint formats[2] = {srgb, deep};
  for (int f = 0; f < 2; f++) {
    draw_to (renderer, formats[f]);
    g_autofree guint8 *same = read_framebuffer (formats[f]);
    for (int i = 0; i < 4 * SIDE * SIDE; i++)
      g_assert_cmpint (ABS (same[i] - drawn[i]), <=, 1);
  }
}

static void
test_draft (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtRenderer) renderer = ut_renderer_new (&error);
  g_assert_no_error (error);
  g_assert_true (ut_renderer_is_software (renderer)); /* the suite asks for it */
  GLuint framebuffer = make_framebuffer (GL_RGBA8);
  draw_to (renderer, framebuffer);
  g_autofree guint8 *smooth = read_framebuffer (framebuffer);
  ut_renderer_set_draft (renderer, TRUE);
  draw_to (renderer, framebuffer);
  g_autofree guint8 *draft = read_framebuffer (framebuffer);
  ut_renderer_set_draft (renderer, FALSE);
  draw_to (renderer, framebuffer);
  g_autofree guint8 *again = read_framebuffer (framebuffer);
  g_assert_cmpmem (again, 4 * SIDE * SIDE, smooth, 4 * SIDE * SIDE);
  g_assert_cmpint (count_between (smooth), >, 30);
  g_assert_cmpint (count_between (draft), <, count_between (smooth) / 4);
}

/* A draft of the scene with the box in a grey: smooth where its picture was kept. */
static guint8 *
read_draft (UtRenderer *renderer, UtScene *scene, float grey, float roll_rad, GLuint framebuffer)
{
  ut_scene_set_colour (scene, 1, (const float[]){grey, grey, grey});
  ut_renderer_set_draft (renderer, TRUE);
  draw_scene_to (renderer, scene, roll_rad, framebuffer);
  return read_framebuffer (framebuffer);
}

static guint8 *
read_full (UtRenderer *renderer, UtScene *scene, float grey, GLuint framebuffer)
{
  ut_scene_set_colour (scene, 1, (const float[]){grey, grey, grey});
  ut_renderer_set_draft (renderer, FALSE);
  draw_scene_to (renderer, scene, 0.3f, framebuffer);
  return read_framebuffer (framebuffer);
}

static void
test_kept (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtRenderer) renderer = ut_renderer_new (&error);
  g_assert_no_error (error);
  g_autoptr (UtScene) scene = make_scene ();
  GLuint framebuffer = make_framebuffer (GL_RGBA8);
  gsize size = 4 * SIDE * SIDE;
  ut_renderer_keep_pictures (renderer);
  g_autofree guint8 *light = read_full (renderer, scene, 1, framebuffer);
  g_autofree guint8 *dark = read_full (renderer, scene, 0.5f, framebuffer);
  g_assert_cmpint (memcmp (light, dark, size), !=, 0);

  /* the same content, whatever it was between, and only the same */
  g_autofree guint8 *back = read_draft (renderer, scene, 1, 0.3f, framebuffer);
  g_autofree guint8 *forth = read_draft (renderer, scene, 0.5f, 0.3f, framebuffer);
  g_autofree guint8 *turned = read_draft (renderer, scene, 1, 0.4f, framebuffer);
  g_assert_cmpmem (back, size, light, size);
  g_assert_cmpmem (forth, size, dark, size);
  g_assert_cmpint (count_between (turned), <, count_between (light) / 4);

  /* drafts are not kept; of many pictures those that were shown first go */
  g_autofree guint8 *full = read_full (renderer, scene, 0.9f, framebuffer);
  g_autofree guint8 *light_again = read_draft (renderer, scene, 1, 0.3f, framebuffer);
  g_assert_cmpmem (light_again, size, light, size);
  for (int i = 0; i < 7; i++)
    g_free (read_full (renderer, scene, 0.1f * (float)(i + 1), framebuffer));
  g_autofree guint8 *late = read_draft (renderer, scene, 1, 0.3f, framebuffer);
  g_autofree guint8 *gone = read_draft (renderer, scene, 0.9f, 0.3f, framebuffer);
  g_assert_cmpmem (late, size, light, size);
  g_assert_cmpint (memcmp (gone, full, size), !=, 0);
}

static void
draw_ahead (UtRenderer *renderer, UtScene *scene, float grey, GLuint framebuffer)
{
  g_autoptr (GError) error = NULL;
  UtCamera camera;
  GLint bound = 0;
  ut_camera_init (&camera);
  ut_camera_roll (&camera, 0.3f);
  ut_scene_set_colour (scene, 1, (const float[]){grey, grey, grey});
  glBindFramebuffer (GL_FRAMEBUFFER, framebuffer);
  g_assert_true (ut_renderer_draw_ahead (renderer, scene, &camera, SIDE, SIDE, 1, &error));
  g_assert_no_error (error);
  glGetIntegerv (GL_DRAW_FRAMEBUFFER_BINDING, &bound);
  g_assert_cmpint (bound, ==, framebuffer);
}

/* Drawn ahead and not seen; then there where it is asked for, as the scene was and not as it has
 * become; in full where that is asked for. */
static void
test_ahead (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtRenderer) renderer = ut_renderer_new (&error), other = ut_renderer_new (&error);
  g_assert_no_error (error);
  g_autoptr (UtScene) scene = make_scene ();
  GLuint framebuffer = make_framebuffer (GL_RGBA8);
  gsize size = 4 * SIDE * SIDE;
  g_autofree guint8 *full = read_full (other, scene, 0.5f, framebuffer);
  g_autofree guint8 *draft = read_draft (other, scene, 0.5f, 0.3f, framebuffer);
  g_assert_cmpint (memcmp (full, draft, size), !=, 0);

  g_assert_cmpuint (ut_renderer_pictures_limit (renderer, SIDE, SIDE), ==, 0);
  ut_renderer_keep_pictures (renderer);
  g_assert_cmpuint (ut_renderer_pictures_limit (renderer, SIDE, SIDE), ==, 8);
  g_assert_cmpuint (ut_renderer_pictures_limit (renderer, 2048, 2048), ==, 4);
  g_assert_cmpuint (ut_renderer_pictures_limit (renderer, 8192, 8192), ==, 0);
  g_autofree guint8 *first = read_full (renderer, scene, 1, framebuffer);
  draw_ahead (renderer, scene, 0.5f, framebuffer);
  g_autofree guint8 *unseen = read_framebuffer (framebuffer);
  g_assert_cmpmem (unseen, size, first, size);
  g_autofree guint8 *same = read_draft (renderer, scene, 1, 0.3f, framebuffer);
  g_assert_cmpmem (same, size, first, size);
  g_autofree guint8 *there = read_draft (renderer, scene, 0.5f, 0.3f, framebuffer);
  g_assert_cmpmem (there, size, draft, size);
  g_autofree guint8 *finished = read_full (renderer, scene, 0.5f, framebuffer);
  g_assert_cmpmem (finished, size, full, size);
  draw_ahead (renderer, scene, 0.5f, framebuffer); /* takes nothing back */
  g_autofree guint8 *stays = read_draft (renderer, scene, 0.5f, 0.3f, framebuffer);
  g_assert_cmpmem (stays, size, full, size);

  /* what is likely to be asked for again does not go for what is not */
  for (int i = 0; i < 7; i++) {
    draw_ahead (renderer, scene, 0.1f * (float)(i + 1), framebuffer);
    draw_ahead (renderer, scene, 1, framebuffer);
  }
  g_autofree guint8 *kept = read_draft (renderer, scene, 1, 0.3f, framebuffer);
  g_assert_cmpmem (kept, size, first, size);
}

/* Surfaces that were drawn before come back with the shade and the map of now. */
static void
test_surfaces_come_back (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtRenderer) renderer = ut_renderer_new (&error);
  g_assert_no_error (error);
  g_autoptr (UtScene) scene = make_scene ();
  GLuint framebuffer = make_framebuffer (GL_RGBA8);
  gsize size = 4 * SIDE * SIDE;
  g_autoptr (UtMesh) box = ut_mesh_ref (ut_scene_find (scene, 1)->mesh);
  g_autoptr (UtMesh) lamp = ut_solid_sphere (ut_vec3 (0, -20, 0), 15, 12);
  ut_scene_set_mesh (scene, 2, UT_RV, lamp);
  g_autofree guint8 *before = read_full (renderer, scene, 1, framebuffer);
  for (int i = 0; i < 20; i++) { /* more than stay, and one again and again */
    g_autoptr (UtMesh) ball = ut_solid_sphere (ut_vec3 (0, 0, 0), 10 + i, 12);
    ut_scene_set_mesh (scene, 1, UT_LV, i % 2 ? box : ball);
    if (i == 4)
      ut_scene_set_visible (scene, 2, FALSE);
    g_free (read_full (renderer, scene, 1, framebuffer));
  }
  g_autofree guint8 *alone = read_full (renderer, scene, 1, framebuffer);
  g_autoptr (UtRenderer) fresh = ut_renderer_new (&error);
  g_assert_no_error (error);
  g_autofree guint8 *alone_fresh = read_full (fresh, scene, 1, framebuffer);
  ut_scene_set_visible (scene, 2, TRUE);
  g_autofree guint8 *after = read_full (renderer, scene, 1, framebuffer);
  g_assert_cmpint (memcmp (alone, before, size), !=, 0);
  g_assert_cmpmem (alone, size, alone_fresh, size);
  g_assert_cmpmem (after, size, before, size);
}

static int
count_names (void)
{
  int n = 0;
  for (GLuint name = 1; name < 2000; name++)
    n += glIsTexture (name) + glIsBuffer (name) + glIsProgram (name) + glIsShader (name) +
         glIsFramebuffer (name) + glIsRenderbuffer (name) + glIsVertexArray (name);
  return n;
}

/* Made and freed over and over in one context, as a window does that is shown and hidden. */
static void
test_names_are_freed (void)
{
  GLuint framebuffer = make_framebuffer (GL_RGBA8);
  int before = count_names ();
  for (int i = 0; i < 5; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (UtRenderer) renderer = ut_renderer_new (&error);
    g_assert_no_error (error);
    ut_renderer_keep_pictures (renderer);
    draw_to (renderer, framebuffer);
    g_assert_cmpint (count_names (), >, before);
  }
  g_assert_cmpint (count_names (), ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_fatal_mask (UT_GL_ERROR_DOMAIN, G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_ERROR);
  if (!open_context ()) {
    g_print ("1..0 # SKIP no OpenGL 3.3 without a display\n");
    return 0;
  }
  g_test_add_func ("/gl/context/framebuffer", test_framebuffer);
  g_test_add_func ("/gl/context/draft", test_draft);
  g_test_add_func ("/gl/context/kept", test_kept);
  g_test_add_func ("/gl/context/ahead", test_ahead);
  g_test_add_func ("/gl/context/surfaces-come-back", test_surfaces_come_back);
  g_test_add_func ("/gl/context/names-are-freed", test_names_are_freed);
  return g_test_run ();
}
