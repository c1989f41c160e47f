/* SPDX-License-Identifier: Apache-2.0 */
#include "app/video-file.h"

#include "engine/image/ffmpeg.h"
#include "engine/study/study-file.h"

#include <errno.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

struct UtVideoFile {
  char *path, *partial;
  gsize frame_bytes;
  FILE *said; /* by ffmpeg about errors: a file, so that no amount of it stops ffmpeg */
  GSubprocess *process;
};

gboolean
ut_video_file_possible (void)
{
  return ut_ffmpeg_find ("ffmpeg", NULL);
}

static gboolean
fail (const UtVideoFile *self, const char *reason, GError **error)
{
  g_autofree char *name = g_path_get_basename (self->path);
  g_set_error (error,
               G_FILE_ERROR,
               G_FILE_ERROR_FAILED,
               _ ("%s: the film cannot be written: %s"),
               name,
               reason);
  return FALSE;
}

static void
kill_process (UtVideoFile *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
}

/* ffmpeg is gone, or goes: its first line says why. */
static gboolean
fail_as_said (UtVideoFile *self, GCancellable *cancel, GError **error)
{
  char line[512];
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  kill_process (self);
  rewind (self->said);
  if (fgets (line, sizeof line, self->said) == NULL)
    return fail (self, _ ("ffmpeg ended early"), error);
  return fail (self, g_strchomp (line), error);
}

/* Of a full disk ffmpeg says something, and then exits with 0. */
static gboolean
is_silent (UtVideoFile *self)
{
  return fseek (self->said, 0, SEEK_END) == 0 && ftell (self->said) == 0;
}

static gboolean
start (UtVideoFile *self, int width_px, int height_px, guint fps, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->partial);
  g_autofree char *name = g_path_get_basename (self->partial);
  g_autofree char *quoted = g_shell_quote (name);
  g_autofree char *line = g_strdup_printf (
    "ffmpeg -y -loglevel error"
    " -f rawvideo -pixel_format %s -video_size %dx%d -framerate %u -i pipe:0"
    " -c:v libx264 -crf 18 -pix_fmt yuv420p -vf scale=out_color_matrix=bt709"
    " -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv"
    " -fflags +bitexact -flags:v +bitexact -metadata comment='" UT_STUDY_NOTICE "' -f mp4 file:%s",
    G_BYTE_ORDER == G_LITTLE_ENDIAN ? "bgr0" : "0rgb", /* cairo's RGB24 */
    width_px,
    height_px,
    fps,
    quoted);
  g_auto (GStrv) command = NULL;
  if (!g_shell_parse_argv (line, NULL, &command, error))
    return FALSE;
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_subprocess_launcher_set_cwd (launcher, folder); /* so that no message tells of it */
  g_subprocess_launcher_take_stderr_fd (launcher, dup (fileno (self->said)));
  signal (SIGPIPE, SIG_IGN);
  self->process = g_subprocess_launcher_spawnv (launcher, (const char *const *)command, error);
  if (self->process == NULL)
    return FALSE;
  /* so that a write can be cancelled */
  GOutputStream *pipe = g_subprocess_get_stdin_pipe (self->process);
  return g_unix_set_fd_nonblocking (
    g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (pipe)), TRUE, error);
}

UtVideoFile *
ut_video_file_new (const char *path, int width_px, int height_px, guint fps, GError **error)
{
  g_return_val_if_fail (width_px % 2 == 0 && height_px % 2 == 0, NULL);
  if (!ut_ffmpeg_find ("ffmpeg", error))
    return NULL;
  g_autoptr (UtVideoFile) self = g_new0 (UtVideoFile, 1);
  self->path = g_canonicalize_filename (path, NULL);
  self->frame_bytes = (gsize)4 * (gsize)width_px * (gsize)height_px;
  self->said = tmpfile ();
  g_autofree char *partial = g_strconcat (self->path, ".XXXXXX", NULL);
  int fd = self->said != NULL ? g_mkstemp_full (partial, O_WRONLY, 0644) : -1;
  if (fd < 0) {
    fail (self, g_strerror (errno), error);
    return NULL;
  }
  close (fd);
  self->partial = g_steal_pointer (&partial);
  return start (self, width_px, height_px, fps, error) ? g_steal_pointer (&self) : NULL;
}

void
ut_video_file_free (UtVideoFile *self)
{
  if (self->process != NULL) {
    kill_process (self); /* and wait: it may be about to open the file */
    g_object_unref (self->process);
  }
  if (self->partial != NULL)
    g_unlink (self->partial);
  g_clear_pointer (&self->said, fclose);
  g_free (self->partial);
  g_free (self->path);
  g_free (self);
}

gboolean
ut_video_file_add (UtVideoFile *self, cairo_surface_t *frame, GCancellable *cancel, GError **error)
{
  cairo_surface_flush (frame);
  return g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process),
                                    cairo_image_surface_get_data (frame),
                                    self->frame_bytes,
                                    NULL,
                                    cancel,
                                    NULL) ||
         fail_as_said (self, cancel, error);
}

gboolean
ut_video_file_finish (UtVideoFile *self, GCancellable *cancel, GError **error)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  if (!g_subprocess_wait_check (self->process, cancel, NULL) || !is_silent (self))
    return fail_as_said (self, cancel, error);
  if (g_rename (self->partial, self->path) != 0)
    return fail (self, g_strerror (errno), error);
  g_clear_pointer (&self->partial, g_free);
  return TRUE;
}
