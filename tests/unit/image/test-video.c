/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/image/cine.h"

#include <glib/gstdio.h>
#include <math.h>

#define FRAMES 6
#define WIDTH  48
#define HEIGHT 32

/* Frame n is as grey as 20 + 40 n, and brighter by 20 in its left half. */
#define PICTURES                                                                                   \
  "-f lavfi -i nullsrc=size=48x32:rate=25,format=gray,"                                            \
  "geq=lum='20+40*N+20*lt(X\\,24)' -frames:v 6 "

static char *folder;

static gboolean
have_ffmpeg (void)
{
  g_autofree char *program = g_find_program_in_path ("ffmpeg");
  if (program == NULL)
    g_test_skip ("ffmpeg is missing: videos are not read");
  return program != NULL;
}

/* (transfer full): @name in the folder, made by ffmpeg with @arguments */
static char *
make (const char *arguments, const char *name)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *quoted = g_shell_quote (path);
  g_autofree char *line = g_strdup_printf ("ffmpeg -v error -y %s file:%s", arguments, quoted);
  g_autoptr (GError) error = NULL;
  int status;
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, &status, &error));
  g_assert_true (g_spawn_check_wait_status (status, &error));
  return path;
}

static void
test_kinds (void)
{
  static const struct {
    const char *arguments, *name;
    gboolean times; /* of MPEG ffmpeg does not tell the last one */
  } files[] = {
    {PICTURES "-c:v mjpeg -q:v 2", "a loop: %d 'quoted'.avi", TRUE},
    {PICTURES "-c:v libx264 -qp 4 -pix_fmt yuv420p", "b-frames.mp4", TRUE},
    {PICTURES "-c:v libx264 -qp 4 -pix_fmt yuv420p -f mov", "no-ending", TRUE},
    {PICTURES "-c:v ffv1", "lossless.mkv", TRUE},
    {PICTURES "-c:v wmv2 -q:v 2", "old.wmv", TRUE},
    {PICTURES "-c:v mpeg2video -q:v 2 -f vob", "disk.mpg", FALSE},
  };
  if (!have_ffmpeg ())
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = make (files[i].arguments, files[i].name);
    g_autoptr (GError) error = NULL;
    g_autoptr (UtCine) cine = ut_cine_open (path, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (cine->n_frames, ==, FRAMES);
    g_assert_cmpuint (cine->width, ==, WIDTH);
    g_assert_cmpuint (cine->height, ==, HEIGHT);
    g_assert_cmpint (cine->calibration, ==, UT_CALIBRATION_NONE);
    g_assert_cmpint (cine->times_known, ==, files[i].times);
    g_assert_null (cine->note);
    g_assert_nonnull (cine->sha256);
    for (guint n = 0; n < FRAMES; n++) {
      const guint8 *row = ut_cine_frame (cine, n) + 16 * WIDTH;
      g_assert_cmpfloat_with_epsilon (cine->times_ms[n], 40.0 * n, 1.01);
      g_assert_cmpfloat_with_epsilon (row[6], 40 + 40.0 * n, 6); /* full range, in order */
      g_assert_cmpfloat_with_epsilon (row[40], 20 + 40.0 * n, 6);
    }
  }
}

/* What a phone turned stays as it was filmed; sound and subtitles are not looked at. */
static void
test_other_tracks (void)
{
  if (!have_ffmpeg ())
    return;
  g_autofree char *path = make ("-f lavfi -i sine=duration=1 " PICTURES
                                "-c:v libx264 -pix_fmt yuv420p -metadata:s:v:0 rotate=90 -shortest",
                                "turned.mp4");
  g_autoptr (UtCine) cine = ut_cine_open (path, NULL);
  g_assert_nonnull (cine);
  g_assert_cmpuint (cine->width, ==, WIDTH);
}

static void
assert_refused (const char *path, int code, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_cine_open (path, &error));
  g_assert_error (error, UT_ENGINE_ERROR, code);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_null (strstr (error->message, folder));
}

static void
test_refused (void)
{
  if (!have_ffmpeg ())
    return;
  g_autofree char *sound = make ("-f lavfi -i sine=duration=1", "sound.mp4");
  g_autofree char *long_film =
    make ("-f lavfi -i color=size=16x16:rate=100 -frames:v 5001 -c:v libx264 -preset ultrafast",
          "long.mp4");
  g_autofree char *list = g_build_filename (folder, "list.avi", NULL);
  g_assert_true (
    g_file_set_contents (list, "#EXTM3U\n#EXTINF:1,\n/etc/passwd\nhttp://x/y.ts\n", -1, NULL));
  assert_refused (sound, UT_ENGINE_ERROR_FORMAT, "sound.mp4: there are no pictures in it");
  assert_refused (long_film, UT_ENGINE_ERROR_RANGE, "loop of 5001 frames");
  assert_refused (list, UT_ENGINE_ERROR_UNSUPPORTED, "not a kind of loop");

  g_autofree char *good = make (PICTURES "-c:v mjpeg", "good.avi");
  g_autofree char *bytes = NULL;
  gsize n;
  g_assert_true (g_file_get_contents (good, &bytes, &n, NULL));
  for (gsize kept = 12; kept < n; kept += n / 9) { /* cut short: fewer frames, or a sentence */
    g_autoptr (GError) error = NULL;
    g_assert_true (g_file_set_contents (list, bytes, (gssize)kept, NULL));
    g_autoptr (UtCine) cine = ut_cine_open (list, &error);
    g_assert_true (cine != NULL || error->domain == UT_ENGINE_ERROR);
    g_assert_true (cine == NULL || cine->n_frames <= FRAMES);
  }
}

/* What can still be seen is shown, and said to be damaged. */
static void
test_damaged (void)
{
  if (!have_ffmpeg ())
    return;
  g_autofree char *path = make (PICTURES "-c:v ffv1 -level 3 -slicecrc 1", "damaged.mkv");
  g_autofree char *bytes = NULL;
  gsize n;
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  bytes[n - 60] ^= 0x55; /* in the last frame */
  g_assert_true (g_file_set_contents (path, bytes, (gssize)n, NULL));
  g_autoptr (UtCine) cine = ut_cine_open (path, NULL);
  g_assert_nonnull (cine);
  g_assert_cmpuint (cine->n_frames, ==, FRAMES);
  g_assert_nonnull (strstr (cine->note, "Parts of the video are damaged"));
}

static void
test_no_ffmpeg (void)
{
  g_autofree char *path = g_build_filename (folder, "any.avi", NULL);
  g_autofree char *before = g_strdup (g_getenv ("PATH"));
  g_assert_true (g_file_set_contents (path, "RIFF....AVI LIST", -1, NULL));
  g_setenv ("PATH", folder, TRUE);
  assert_refused (path, UT_ENGINE_ERROR_UNSUPPORTED, "install ffmpeg");
  g_setenv ("PATH", before, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("video-XXXXXX", NULL);
  g_test_add_func ("/image/video/kinds", test_kinds);
  g_test_add_func ("/image/video/other-tracks", test_other_tracks);
  g_test_add_func ("/image/video/refused", test_refused);
  g_test_add_func ("/image/video/damaged", test_damaged);
  g_test_add_func ("/image/video/no-ffmpeg", test_no_ffmpeg);
  int status = g_test_run ();
  g_autofree char *clean = g_strdup_printf ("rm -r '%s'", folder);
  return g_spawn_command_line_sync (clean, NULL, NULL, NULL, NULL) ? status : 1;
}
