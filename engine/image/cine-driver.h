/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/cine.h"

G_BEGIN_DECLS

/**
 * UtCineDriver:
 *
 * One kind of input that a loop can be read from. Drivers do not know each
 * other; cine-open.c holds the table and tries them in order.
 */
typedef struct UtCineDriver {
  const char *kind; /* for the message that lists what is read; marked for gettext */
  gboolean (*recognise) (const char *path);
  UtCine *(*open) (const char *path, GError **error);
} UtCineDriver;

extern const UtCineDriver ut_cine_driver_dicom;
extern const UtCineDriver ut_cine_driver_nifti;
extern const UtCineDriver ut_cine_driver_stills;
extern const UtCineDriver ut_cine_driver_video;

/** ut_cine_sha256_files: lower-case hex hash of the files' bytes one after another, or NULL */
char *ut_cine_sha256_files (const char *const *paths, GError **error);

/**
 * ut_cine_take_times:
 * @times_ms: (transfer full): n_frames times; made to begin with 0
 *
 * Gives @self known frame times. Times that do not rise strictly, are not finite
 * or leave gaps of over a minute are refused and the guess stays.
 *
 * Returns: TRUE where the times were taken
 */
gboolean ut_cine_take_times (UtCine *self, double *times_ms);

/** ut_cine_take_note: adds a sentence to the note; @sentence is (transfer full) */
void ut_cine_take_note (UtCine *self, char *sentence);

G_END_DECLS
