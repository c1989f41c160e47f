/* SPDX-License-Identifier: Apache-2.0 */
#include "render/offscreen.h"

#include "engine/base/words.h"

#include <epoxy/egl.h>
#include <epoxy/gl.h>
#include <string.h>

#define MAX_SIDE_PX 8192

struct UtOffscreen {
  EGLDisplay display;
  EGLContext context;
  UtRenderer *renderer;
  GLuint framebuffer, buffer;
  int width, height;
};

/* @what: for the log */
static gboolean
give_up (GError **error, const char *what)
{
  g_debug ("no OpenGL without a display: %s (EGL error 0x%04x)", what, eglGetError ());
  g_set_error_literal (
    error,
    UT_RENDER_ERROR,
    UT_RENDER_ERROR_CONTEXT,
    ut_words ("the graphics driver offers no OpenGL 3.3 without a display, which pictures need"));
  return FALSE;
}

static EGLDisplay
start_display (EGLenum platform, void *native)
{
  EGLDisplay display = eglGetPlatformDisplayEXT (platform, native, NULL);
  if (display == EGL_NO_DISPLAY || !eglInitialize (display, NULL, NULL))
    return EGL_NO_DISPLAY;
  return display;
}

/* Mesa's platform first; drivers without it list their devices. */
static EGLDisplay
open_display (void)
{
  const char *extensions = eglQueryString (EGL_NO_DISPLAY, EGL_EXTENSIONS);
  if (extensions == NULL || strstr (extensions, "EGL_EXT_platform_base") == NULL)
    return EGL_NO_DISPLAY;

  EGLDisplay display = EGL_NO_DISPLAY;
  if (strstr (extensions, "EGL_MESA_platform_surfaceless") != NULL)
    display = start_display (EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY);
  if (display != EGL_NO_DISPLAY || strstr (extensions, "EGL_EXT_device_enumeration") == NULL)
    return display;

  EGLDeviceEXT devices[16];
  EGLint n_devices = 0;
  eglQueryDevicesEXT (G_N_ELEMENTS (devices), devices, &n_devices);
  for (EGLint i = 0; i < n_devices && display == EGL_NO_DISPLAY; i++)
    display = start_display (EGL_PLATFORM_DEVICE_EXT, devices[i]);
  return display;
}

static gboolean
make_current (UtOffscreen *self, GError **error)
{
  if (eglMakeCurrent (self->display, EGL_NO_SURFACE, EGL_NO_SURFACE, self->context))
    return TRUE;
  return give_up (error, "the context cannot be made current");
}

static void
let_go (UtOffscreen *self)
{
  eglMakeCurrent (self->display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
}

static gboolean
open_context (UtOffscreen *self, GError **error)
{
  static const EGLint attributes[] = {EGL_CONTEXT_MAJOR_VERSION,
                                      3,
                                      EGL_CONTEXT_MINOR_VERSION,
                                      3,
                                      EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                      EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                      EGL_NONE};
  static const EGLint wanted[] = {
    EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE, EGL_DONT_CARE, EGL_NONE};
  EGLConfig config = NULL;
  EGLint n_configs = 0;

  self->display = open_display ();
  if (self->display == EGL_NO_DISPLAY)
    return give_up (error, "neither a surfaceless platform nor a device");
  if (!epoxy_has_egl_extension (self->display, "EGL_KHR_surfaceless_context"))
    return give_up (error, "contexts without a surface are not supported");
  if (!eglBindAPI (EGL_OPENGL_API))
    return give_up (error, "the driver offers no desktop OpenGL");
  if (!eglChooseConfig (self->display, wanted, &config, 1, &n_configs) || n_configs == 0)
    return give_up (error, "no frame format");
  self->context = eglCreateContext (self->display, config, EGL_NO_CONTEXT, attributes);
  if (self->context == EGL_NO_CONTEXT)
    return give_up (error, "the driver makes no OpenGL 3.3 core context");
  return make_current (self, error);
}

UtOffscreen *
ut_offscreen_new (GError **error)
{
  g_autoptr (UtOffscreen) self = g_new0 (UtOffscreen, 1);
  if (!open_context (self, error))
    return NULL;
  self->renderer = ut_renderer_new (error);
  if (self->renderer == NULL)
    return NULL;
  glGenFramebuffers (1, &self->framebuffer);
  let_go (self);
  return g_steal_pointer (&self);
}

/* The display stays: EGL shares one per process, and another renderer may use it. */
void
ut_offscreen_free (UtOffscreen *self)
{
  if (self->context != EGL_NO_CONTEXT && make_current (self, NULL)) {
    g_clear_pointer (&self->renderer, ut_renderer_free);
    glDeleteFramebuffers (1, &self->framebuffer);
    glDeleteRenderbuffers (1, &self->buffer);
    let_go (self);
    eglDestroyContext (self->display, self->context);
  }
  g_free (self);
}

const char *
ut_offscreen_device (UtOffscreen *self)
{
  return ut_renderer_device (self->renderer);
}

void
ut_offscreen_set_draft (UtOffscreen *self, gboolean draft)
{
  ut_renderer_set_draft (self->renderer, draft);
}

static void
resize (UtOffscreen *self, int width, int height)
{
  glBindFramebuffer (GL_FRAMEBUFFER, self->framebuffer);
  if (self->width == width && self->height == height)
    return;

  glDeleteRenderbuffers (1, &self->buffer);
  glGenRenderbuffers (1, &self->buffer);
  glBindRenderbuffer (GL_RENDERBUFFER, self->buffer);
  glRenderbufferStorage (GL_RENDERBUFFER, GL_RGBA8, width, height);
  glFramebufferRenderbuffer (GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, self->buffer);
  self->width = width;
  self->height = height;
}

/* OpenGL's rows run upwards, a picture's downwards. */
static GdkPixbuf *
read_pixels (int width, int height)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  if (pixbuf == NULL)
    return NULL;

  gsize row = 3 * (gsize)width;
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  int stride = gdk_pixbuf_get_rowstride (pixbuf);
  g_autofree guint8 *upwards = g_malloc (row * height);
  glPixelStorei (GL_PACK_ALIGNMENT, 1);
  glReadPixels (0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, upwards);
  for (int y = 0; y < height; y++)
    memcpy (pixels + (gsize)y * stride, upwards + (height - 1 - y) * row, row);
  return pixbuf;
}

GdkPixbuf *
ut_offscreen_draw (UtOffscreen *self,
                   const UtScene *scene,
                   const UtCamera *camera,
                   int width_px,
                   int height_px,
                   float scale,
                   GError **error)
{
  g_return_val_if_fail (width_px > 0 && width_px <= MAX_SIDE_PX, NULL);
  g_return_val_if_fail (height_px > 0 && height_px <= MAX_SIDE_PX, NULL);

  if (!make_current (self, error))
    return NULL;
  UtScene noted = *scene;
  noted.note = (char *)ut_words ("Research use only – not for diagnosis");
  resize (self, width_px, height_px);
  GdkPixbuf *pixbuf = NULL;
  if (ut_renderer_draw (self->renderer, &noted, camera, width_px, height_px, scale, error)) {
    pixbuf = read_pixels (width_px, height_px);
    if (pixbuf == NULL)
      g_set_error (error,
                   UT_RENDER_ERROR,
                   UT_RENDER_ERROR_CONTEXT,
                   ut_words ("not enough memory for a picture of %d x %d pixels"),
                   width_px,
                   height_px);
  }
  let_go (self);
  return pixbuf;
}

gboolean
ut_offscreen_save_png (UtOffscreen *self,
                       const UtScene *scene,
                       const UtCamera *camera,
                       int width_px,
                       int height_px,
                       float scale,
                       const char *path,
                       GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf =
    ut_offscreen_draw (self, scene, camera, width_px, height_px, scale, error);
  /* the default, 6, takes as long as the drawing does and saves a fifth of the file */
  return pixbuf != NULL && gdk_pixbuf_save (pixbuf, path, "png", error, "compression", "3", NULL);
}
