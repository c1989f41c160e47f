/* SPDX-License-Identifier: Apache-2.0 */

/* Loops and stills in NIfTI as the CAMUS data set lays them out (Leclerc et al., IEEE TMI 38(9),
 * 2019): axes are lateral, depth, frame; the third zoom is no length; ED and ES stand in a text
 * file Info_2CH.cfg or Info_4CH.cfg beside the picture. */

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/cine-driver.h"
#include "engine/image/nifti-file.h"

#include <math.h>

#define MAX_INFO_BYTES 65536

static gboolean
recognise (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_REGULAR) && ut_nifti_file_recognise (path);
}

/* 0..255 stays as it is; any other range is stretched to it, and the user told */
static void
fill_pixels (UtCine *self, const nifti_image *image)
{
  gsize n = (gsize)self->n_frames * self->height * self->width;
  double low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < n; i++) {
    double value = ut_nifti_file_value (image, i);
    if (isfinite (value)) {
      low = MIN (low, value);
      high = MAX (high, value);
    }
  }
  gboolean is_grey = low >= 0 && high <= 255;
  double scale = is_grey ? 1 : high > low ? 255 / (high - low) : 0;
  double offset = is_grey ? 0 : low;
  for (gsize i = 0; i < n; i++) {
    double grey = (ut_nifti_file_value (image, i) - offset) * scale;
    self->pixels[i] = isfinite (grey) ? (guint8)CLAMP (lrint (grey), 0, 255) : 0;
  }
  if (!is_grey)
    ut_cine_take_note (
      self,
      g_strdup_printf (ut_words ("Grey values %g to %g were stretched to 0 to 255."), low, high));
}

static void
set_spacing (UtCine *self, const nifti_image *image)
{
  double to_mm = ut_nifti_unit_mm (image->xyz_units);
  double column = fabs (image->dx) * to_mm, row = fabs (image->dy) * to_mm;
  if (ut_cine_spacing_is_sound (column) && ut_cine_spacing_is_sound (row)) {
    self->calibration = UT_CALIBRATION_HEADER;
    self->spacing_mm[0] = row;
    self->spacing_mm[1] = column;
  } else {
    ut_cine_take_note (
      self,
      g_strdup_printf (
        ut_words ("The header's pixel size of %g x %g mm makes no sense and was left out."),
        column,
        row));
  }
}

/* "Key: value" lines to a table; NULL where there is no such file */
static GHashTable *
read_info (const char *path)
{
  g_autofree char *text = NULL;
  gsize length;
  if (!g_file_get_contents (path, &text, &length, NULL) || length > MAX_INFO_BYTES)
    return NULL;
  GHashTable *info = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++) {
    g_auto (GStrv) pair = g_strsplit (*line, ":", 2);
    if (g_strv_length (pair) == 2)
      g_hash_table_insert (info, g_strdup (g_strstrip (pair[0])), g_strdup (g_strstrip (pair[1])));
  }
  return info;
}

/* frame number counted from 1 in the file, from 0 here; -1 where absent or outside the loop */
static int
info_frame (GHashTable *info, const char *key, guint n_frames)
{
  const char *text = g_hash_table_lookup (info, key);
  guint64 frame;
  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, n_frames, &frame, NULL))
    return -1;
  return (int)frame - 1;
}

static void
apply_info (UtCine *self, GHashTable *info)
{
  self->ed_hint = info_frame (info, "ED", self->n_frames);
  self->es_hint = info_frame (info, "ES", self->n_frames);
  const char *rate_text = g_hash_table_lookup (info, "FrameRate");
  double rate = rate_text ? g_ascii_strtod (rate_text, NULL) : 0;
  if (!(rate >= 1 && rate <= 1000))
    return;
  double *times_ms = g_new (double, self->n_frames);
  for (guint i = 0; i < self->n_frames; i++)
    times_ms[i] = i * 1000 / rate;
  ut_cine_take_times (self, times_ms);
}

static void
apply_name (UtCine *self, const char *path)
{
  static const struct {
    const char *mark, *info;
    UtView view;
  } names[] = {{"_4CH_", "Info_4CH.cfg", UT_VIEW_A4C}, {"_2CH_", "Info_2CH.cfg", UT_VIEW_A2C}};
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    if (strstr (name, names[i].mark) == NULL)
      continue;
    self->view_hint = (int)names[i].view;
    g_autofree char *info_path = g_build_filename (folder, names[i].info, NULL);
    g_autoptr (GHashTable) info = read_info (info_path);
    if (info != NULL && self->n_frames > 1)
      apply_info (self, info);
  }
  if (self->n_frames == 1 && strstr (name, "_ED"))
    self->ed_hint = 0;
  if (self->n_frames == 1 && strstr (name, "_ES"))
    self->es_hint = 0;
}

static UtCine *
open_nifti (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (nifti_image) image = ut_nifti_file_read (path, UT_NIFTI_LOOP, error);
  if (image == NULL)
    return NULL;
  gsize n_frames = (gsize)MAX (image->nz, 1) * (gsize)MAX (image->nt, 1);
  g_autoptr (UtCine) self =
    ut_cine_new ((guint)n_frames, (guint)image->ny, (guint)image->nx, error);
  const char *const paths[] = {path, NULL};
  if (self == NULL || (self->sha256 = ut_cine_sha256_files (paths, error)) == NULL) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }
  fill_pixels (self, image);
  set_spacing (self, image);
  apply_name (self, path);
  return g_steal_pointer (&self);
}

const UtCineDriver ut_cine_driver_nifti = {
  .kind = UT_WORDS ("NIfTI pictures and loops as in CAMUS (.nii, .nii.gz)"),
  .recognise = recognise,
  .open = open_nifti,
};
