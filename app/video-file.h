/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

/**
 * UtVideoFile:
 *
 * A film that is being written: MP4, H.264, 4:2:0, as slide programs play it, made by the program
 * ffmpeg. Says in its comment that it is for research only; no name, no time, so that the same
 * frames give the same bytes by the same ffmpeg. One thread at a time.
 */
typedef struct UtVideoFile UtVideoFile;

/** ut_video_file_possible: ffmpeg is installed */
gboolean ut_video_file_possible (void);

/**
 * ut_video_file_new:
 * @path: appears when the film is finished, whole; until then a file beside it, named after it
 * @width_px, @height_px: even
 *
 * Turns SIGPIPE off in this process, so that an ffmpeg that dies is an error like another.
 *
 * Errors: UNSUPPORTED without ffmpeg; G_FILE_ERROR.
 */
UtVideoFile *
ut_video_file_new (const char *path, int width_px, int height_px, guint fps, GError **error);

/** ut_video_file_free: what is not finished leaves no file */
void ut_video_file_free (UtVideoFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtVideoFile, ut_video_file_free)

/** ut_video_file_add: @frame: RGB24, of the film's size. Errors: G_FILE_ERROR with what ffmpeg
 * says; CANCELLED, at once. */
gboolean
ut_video_file_add (UtVideoFile *self, cairo_surface_t *frame, GCancellable *cancel, GError **error);

/** ut_video_file_finish: the end, once. Errors: as ut_video_file_add() */
gboolean ut_video_file_finish (UtVideoFile *self, GCancellable *cancel, GError **error);
