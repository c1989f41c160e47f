/* SPDX-License-Identifier: Apache-2.0 */

/* Loops kept as video files, decoded by the programs ffprobe and ffmpeg, so that a damaged file
 * cannot stop this one, and no decoder is linked. Only the first track of pictures is read, as it
 * is stored: no frame is added or left out, none is turned. A video knows no spacing. */

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/cine-driver.h"
#include "engine/image/ffmpeg.h"

#include <gio/gio.h>
#include <string.h>

#define HEAD_BYTES      12
#define TOO_MANY_FRAMES "5001" /* packets; enough to see that a film is no loop */

G_STATIC_ASSERT (UT_CINE_MAX_FRAMES == 5000);

/* Files are told by their first bytes, and read as nothing else: some kinds that ffmpeg knows
 * name other files to be read, or places in a network. */
static const struct {
  gsize at;
  char magic[5];
  const char *demuxer;
} kinds[] = {
  {8, "AVI ", "avi"},
  {4, "ftyp", "mov"},
  {0, "\x1a\x45\xdf\xa3", "matroska"},
  {0, "\x30\x26\xb2\x75", "asf"},
  {0, "\0\0\1\xba", "mpeg"},
};

/* NULL where it is no video */
static const char *
find_demuxer (const char *path)
{
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, NULL);
  if (map == NULL || g_mapped_file_get_length (map) < HEAD_BYTES)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (memcmp (g_mapped_file_get_contents (map) + kinds[i].at, kinds[i].magic, 4) == 0)
      return kinds[i].demuxer;
  return NULL;
}

static gboolean
recognise (const char *path)
{
  return find_demuxer (path) != NULL;
}

static void
set_damaged (GError **error)
{
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("a damaged video, or one of a kind that ffmpeg does not know"));
}

/* (transfer full): what @command prints; @ret_complains: it met damage, and went on */
static GBytes *
run (const char *const *command, gboolean *ret_complains, GError **error)
{
  g_autoptr (GBytes) printed = NULL, said = NULL;
  if (!ut_ffmpeg_find (command[0], error))
    return NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (
    command, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error);
  if (process == NULL || !g_subprocess_communicate (process, NULL, NULL, &printed, &said, error))
    return NULL;
  if (g_subprocess_get_successful (process)) {
    *ret_complains = g_bytes_get_size (said) > 0;
    return g_steal_pointer (&printed);
  }
  set_damaged (error);
  return NULL;
}

/* (transfer full): a black loop as large as the video, with its times where all frames have one */
static UtCine *
probe (const char *url, const char *demuxer, GError **error)
{
  const char *const command[] = {"ffprobe",
                                 "-v",
                                 "error",
                                 "-protocol_whitelist",
                                 "file",
                                 "-f",
                                 demuxer,
                                 "-select_streams",
                                 "v:0",
                                 "-show_entries",
                                 "frame=best_effort_timestamp_time,width,height",
                                 "-read_intervals",
                                 "%+#" TOO_MANY_FRAMES,
                                 "-of",
                                 "csv=print_section=0",
                                 url,
                                 NULL};
  gboolean complains;
  g_autoptr (GBytes) printed = run (command, &complains, error);
  if (printed == NULL)
    return NULL;
  gsize n_bytes;
  const char *bytes = g_bytes_get_data (printed, &n_bytes);
  g_autofree char *text = g_strndup (bytes != NULL ? bytes : "", n_bytes);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree double *times_ms = g_new (double, g_strv_length (lines) + 1);
  guint64 width = 0, height = 0;
  guint n_frames = 0;
  for (char **line = lines; *line != NULL; line++) {
    g_auto (GStrv) parts = g_strsplit (*line, ",", -1); /* "0.033333,640,480" */
    if (**line == 0)                                    /* some frames end in one */
      continue;
    if (g_strv_length (parts) < 3 ||
        !g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXUINT, &width, NULL) ||
        !g_ascii_string_to_unsigned (parts[2], 10, 1, G_MAXUINT, &height, NULL)) {
      set_damaged (error);
      return NULL;
    }
    times_ms[n_frames++] =
      1000 * g_ascii_strtod (parts[0], NULL); /* "N/A": 0, but they must rise */
  }
  if (n_frames == 0) {
    g_set_error (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT, ut_words ("there are no pictures in it"));
    return NULL;
  }
  UtCine *cine = ut_cine_new (n_frames, (guint)height, (guint)width, error);
  if (cine != NULL)
    ut_cine_take_times (cine, g_steal_pointer (&times_ms));
  return cine;
}

/* Fills @cine; grey is the luma, in full range. */
static gboolean
decode (const char *url, const char *demuxer, UtCine *cine, GError **error)
{
  g_autofree char *n_frames = g_strdup_printf ("%u", cine->n_frames);
  const char *const command[] = {
    "ffmpeg",    "-nostdin", "-v",    "error",         "-protocol_whitelist",
    "file",      "-f",       demuxer, "-noautorotate", "-i",
    url,         "-map",     "0:v:0", "-fps_mode",     "passthrough",
    "-frames:v", n_frames,   "-f",    "rawvideo",      "-pix_fmt",
    "gray",      "pipe:1",   NULL};
  gboolean complains;
  g_autoptr (GBytes) pixels = run (command, &complains, error);
  if (pixels == NULL)
    return FALSE;
  if (g_bytes_get_size (pixels) != (gsize)cine->n_frames * cine->height * cine->width) {
    set_damaged (error);
    return FALSE;
  }
  memcpy (cine->pixels, g_bytes_get_data (pixels, NULL), g_bytes_get_size (pixels));
  if (complains)
    ut_cine_take_note (
      cine, g_strdup (ut_words ("Parts of the video are damaged: look whether its frames are.")));
  return TRUE;
}

static UtCine *
open_video (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *url = g_strconcat ("file:", absolute, NULL); /* no pattern, no other protocol */
  const char *const paths[] = {absolute, NULL};
  const char *demuxer = find_demuxer (absolute);
  g_autoptr (UtCine) cine = probe (url, demuxer, error);
  if (cine == NULL || !decode (url, demuxer, cine, error) ||
      (cine->sha256 = ut_cine_sha256_files (paths, error)) == NULL) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }
  return g_steal_pointer (&cine);
}

const UtCineDriver ut_cine_driver_video = {
  .kind = UT_WORDS ("video (AVI, MP4, MOV, WebM, WMV, MPEG)"),
  .recognise = recognise,
  .open = open_video,
};
