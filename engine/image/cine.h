/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/body.h"
#include "engine/image/view.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define UT_CINE_MAX_FRAMES 5000
#define UT_CINE_MAX_SIDE   8192             /* pixels */
#define UT_CINE_MAX_BYTES  ((gsize)2 << 30) /* all frames of one loop, decoded to grey */

/* mm per pixel that an ultrasound picture can have, wherever the number comes from */
#define UT_CINE_MIN_SPACING_MM 0.01
#define UT_CINE_MAX_SPACING_MM 10.0

/** UtCalibration: where the pixel spacing of a loop came from. */
typedef enum {
  UT_CALIBRATION_NONE,    /* unknown: lengths are pixels, no mm, ml or EF may be shown */
  UT_CALIBRATION_DICOM,   /* Sequence of Ultrasound Regions */
  UT_CALIBRATION_SIDECAR, /* JSON file beside the stills */
  UT_CALIBRATION_HEADER,  /* NIfTI header */
  UT_CALIBRATION_MANUAL,  /* a line of known length drawn by the user */
  UT_CALIBRATION_COMMAND, /* --spacing on the command line */
  UT_N_CALIBRATIONS,
} UtCalibration;

/**
 * UtCine:
 *
 * An ultrasound loop: grey frames with their spacing and times. A still picture
 * is a loop of one frame. Reference counted and immutable once shared.
 *
 * Shape: @pixels is [n_frames, height, width], row-major, row 0 at the top.
 */
typedef struct UtCine {
  guint n_frames, height, width;
  guint8 *pixels;
  UtCalibration calibration;
  double spacing_mm[2];     /* row, column, mm per pixel; 0, 0 where calibration is NONE */
  double *frame_spacing_mm; /* [n_frames, 2], row, column, where the spacing changes from frame to
                               frame, @spacing_mm is the first one's then; else NULL */
  double *times_ms;         /* [n_frames], from the first frame, strictly rising, begins with 0 */
  gboolean times_known; /* FALSE: times_ms is a guess of 40 ms a frame, and must be shown as one */
  double *r_waves_ms;   /* [n_r_waves], from the first frame; may be NULL */
  guint n_r_waves;
  double heart_rate_bpm;   /* 0 = unknown */
  UtBody body;             /* what the file says of the person */
  char *patient, *exam;    /* hashes of whom and of which examination the file says it is, to tell
                              two apart; in memory only, never written or shown. NULL = not said */
  gboolean spacing_scaled; /* @spacing_mm was brought to a smaller picture than the file says it
                              for: to be checked, @note says so */
  guint region[4];      /* x, y, width, height of the part that holds the echo; the rest is text */
  int view_hint;        /* UtView proposed by the file, -1 = none */
  int ed_hint, es_hint; /* frame proposed by the file, counted from 0, -1 = none */
  char *note;           /* one sentence the user must see (spacing was rescaled, ...), or NULL */
  char *sha256;         /* hash of the file (or of all stills in order), lower-case hex */
  gatomicrefcount ref_count;
} UtCine;

/**
 * ut_cine_new:
 *
 * Makes a loop of black frames, uncalibrated, 40 ms a frame, without hints, its region the whole
 * picture.
 *
 * Errors: RANGE where a count is 0 or past the limits above; MEMORY.
 */
UtCine *ut_cine_new (guint n_frames, guint height, guint width, GError **error);

UtCine *ut_cine_ref (UtCine *self);
void ut_cine_unref (UtCine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtCine, ut_cine_unref)

/** ut_cine_frame: (transfer none): pixels of frame @i, [height, width] */
static inline const guint8 *
ut_cine_frame (const UtCine *self, guint i)
{
  return self->pixels + (gsize)i * self->height * self->width;
}

/** ut_cine_spacing_at: (transfer none): row, column, mm per pixel of frame @i as the file says it
 */
static inline const double *
ut_cine_spacing_at (const UtCine *self, guint i)
{
  return self->frame_spacing_mm != NULL ? self->frame_spacing_mm + 2 * (gsize)i : self->spacing_mm;
}

/** ut_cine_spacing_is_sound: TRUE for UT_CINE_MIN_SPACING_MM to UT_CINE_MAX_SPACING_MM; readers,
 * calibration and the network's input all ask it */
static inline gboolean
ut_cine_spacing_is_sound (double spacing_mm)
{
  return spacing_mm >= UT_CINE_MIN_SPACING_MM && spacing_mm <= UT_CINE_MAX_SPACING_MM;
}

/** ut_cine_duration_ms: from the first frame to the end of the last one */
double ut_cine_duration_ms (const UtCine *self);

/** ut_cine_beat_ms: mean R-R interval, by the R waves, else by what the file says of the heart
 * rate; 0 where it says neither */
double ut_cine_beat_ms (const UtCine *self);

/** ut_cine_frame_at: the frame on screen @time_ms after the first; clamps to the ends */
guint ut_cine_frame_at (const UtCine *self, double time_ms);

/** ut_cine_nearest_frame: the frame whose own time is nearest to @time_ms */
guint ut_cine_nearest_frame (const UtCine *self, double time_ms);

/**
 * ut_cine_open:
 * @path: a DICOM file, a NIfTI file (CAMUS layout), a video, a PNG or JPEG picture, or a folder of
 *   pictures
 *
 * Opens a loop with the first driver that recognises it (by content, not by name).
 *
 * Errors: as the drivers; UNSUPPORTED where none recognises it, naming the kinds
 * that are read. Messages hold the base name of @path only.
 * Threads: pure; any thread.
 *
 * Returns: (transfer full): the loop, or NULL with @error set
 */
UtCine *ut_cine_open (const char *path, GError **error);

/**
 * ut_cine_write_stills:
 * @folder: made where missing
 * @cancel: (nullable): looked at before each frame; what was written stays
 *
 * Writes @self as frame_0001.png ... and cine.json (the sidecar that the stills
 * driver reads: spacing_mm [row, column] or frame_spacing_mm, times_ms, r_waves_ms, heart_rate_bpm,
 * view, region, ed_frame and es_frame counted from 1). Nothing else of @self is written: no header,
 * path, note or date.
 */
gboolean
ut_cine_write_stills (const UtCine *self, const char *folder, GCancellable *cancel, GError **error);

G_END_DECLS
