/* SPDX-License-Identifier: Apache-2.0 */

/* Broken NIfTI files: a sound file, one change each, and the one sentence it must get. */

#include "engine/base/error.h"
#include "engine/image/cine.h"
#include "engine/image/nifti.h"

#include <glib/gstdio.h>
#include <nifti1.h>
#include <string.h>
#include <zlib.h>

#define SIDE     5
#define OFFSET   352
#define N_VOXELS (SIDE * SIDE * SIDE)

typedef struct Case {
  const char *name;
  void (*change) (nifti_1_header *header, guint8 *data);
  gssize length; /* of the file; 0 = whole, else cut there */
  gboolean gzip;
  int code; /* UtEngineError; -1 = must be read */
  const char *message;
} Case;

static void
no_change (nifti_1_header *h, guint8 *data)
{
}

#define CHANGE(name, ...)                                                                          \
  static void name (nifti_1_header *h, guint8 *data)                                               \
  {                                                                                                \
    __VA_ARGS__;                                                                                   \
  }

CHANGE (magic_gone, memcpy (h->magic, "nix", 4))
CHANGE (magic_pair, memcpy (h->magic, "ni1", 4))
CHANGE (header_size, h->sizeof_hdr = 540)
CHANGE (no_dims, h->dim[0] = 0)
CHANGE (two_dims, h->dim[0] = 2)
CHANGE (eight_dims, h->dim[0] = 8)
CHANGE (negative_dims, h->dim[0] = -3)
CHANGE (zero_side, h->dim[2] = 0)
CHANGE (negative_side, h->dim[3] = -5)
CHANGE (huge_side, h->dim[1] = 32767; h->dim[2] = 32767; h->dim[3] = 32767)
CHANGE (longer_side, h->dim[1] = SIDE + 1)
CHANGE (four_frames, h->dim[0] = 4; h->dim[4] = 4)
CHANGE (fifth_axis, h->dim[0] = 5; h->dim[4] = 1; h->dim[5] = 2)
CHANGE (overflow, h->dim[0] = 7; for (int i = 1; i < 8; i++) h->dim[i] = 32767)
CHANGE (type_unknown, h->datatype = 77)
CHANGE (type_binary, h->datatype = DT_BINARY; h->bitpix = 1)
CHANGE (type_complex, h->datatype = DT_COMPLEX64; h->bitpix = 64)
CHANGE (type_rgb, h->datatype = DT_RGB24; h->bitpix = 24)
CHANGE (bits_wrong, h->bitpix = 16)
CHANGE (bits_negative, h->bitpix = -8)
CHANGE (wider_type, h->datatype = DT_FLOAT64; h->bitpix = 64)
CHANGE (spacing_zero, h->pixdim[1] = 0)
CHANGE (spacing_nan, h->pixdim[2] = NAN)
CHANGE (spacing_infinite, h->pixdim[3] = INFINITY)
CHANGE (spacing_huge, h->pixdim[1] = 1e9f)
CHANGE (spacing_metres, h->xyzt_units = NIFTI_UNITS_METER)
CHANGE (offset_small, h->vox_offset = 8)
CHANGE (offset_negative, h->vox_offset = -352)
CHANGE (offset_nan, h->vox_offset = NAN)
CHANGE (offset_far, h->vox_offset = 1e6f)
CHANGE (offset_absurd, h->vox_offset = 1e30f)
CHANGE (sform_singular, h->sform_code = 1; memset (h->srow_x, 0, sizeof h->srow_x))
CHANGE (sform_nan, h->sform_code = 1; h->srow_y[1] = NAN)
CHANGE (sform_far, h->sform_code = 1; h->srow_z[3] = 1e12f)
CHANGE (sform_negative_code, h->sform_code = -4)
CHANGE (label_huge, h->scl_slope = 1000; data[7] = 3)
CHANGE (label_half, h->scl_slope = 0.5f; data[7] = 3)
CHANGE (swapped, h->sizeof_hdr = GINT32_TO_BE (348); h->dim[0] = 0x0909)

static const Case cases[] = {
  {"sound", no_change, 0, FALSE, -1, NULL},
  {"sound-gzip", no_change, 0, TRUE, -1, NULL},
  {"empty", no_change, 1, FALSE, UT_ENGINE_ERROR_FORMAT, "shorter than a NIfTI-1 header of 348"},
  {"half-header", no_change, 200, FALSE, UT_ENGINE_ERROR_FORMAT, "shorter than a NIfTI-1 header"},
  {"no-data", no_change, OFFSET, FALSE, UT_ENGINE_ERROR_FORMAT, "ends after 352 bytes, want 477"},
  {"one-byte-short",
   no_change,
   OFFSET + N_VOXELS - 1,
   FALSE,
   UT_ENGINE_ERROR_FORMAT,
   "ends after 476 bytes, want 477"},
  {"gzip-cut", no_change, 90, TRUE, UT_ENGINE_ERROR_FORMAT, "shorter|damaged|ends after"},
  {"magic-gone", magic_gone, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "not a NIfTI-1 file"},
  {"magic-pair", magic_pair, 0, FALSE, UT_ENGINE_ERROR_UNSUPPORTED, "single .nii file"},
  {"header-size", header_size, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "sizeof_hdr is 540, want 348"},
  {"no-dims", no_dims, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "dim\\[0\\] is 0, want 3 to 7"},
  {"two-dims", two_dims, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "dim\\[0\\] is 2, want 3 to 7"},
  {"eight-dims", eight_dims, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "dim\\[0\\] is 8, want 3 to 7"},
  {"negative-dims", negative_dims, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "dim\\[0\\] is -?\\d+, want"},
  {"zero-side", zero_side, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "dim\\[2\\] is 0, want 1"},
  {"negative-side", negative_side, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "dim\\[3\\] is -5, want 1"},
  {"huge-side", huge_side, 0, FALSE, UT_ENGINE_ERROR_RANGE, "pass 1 GiB"},
  {"longer-side", longer_side, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "ends after 477 bytes, want 502"},
  {"four-frames", four_frames, 0, FALSE, UT_ENGINE_ERROR_UNSUPPORTED, "dim\\[4\\] is 4, want 1"},
  {"fifth-axis", fifth_axis, 0, FALSE, UT_ENGINE_ERROR_UNSUPPORTED, "dim\\[5\\] is 2, want 1"},
  {"overflow", overflow, 0, FALSE, UT_ENGINE_ERROR_RANGE, "pass 1 GiB at dim\\[[23]\\]"},
  {"type-unknown", type_unknown, 0, FALSE, UT_ENGINE_ERROR_UNSUPPORTED, "datatype 77"},
  {"type-binary", type_binary, 0, FALSE, UT_ENGINE_ERROR_UNSUPPORTED, "datatype 1 "},
  {"type-complex", type_complex, 0, FALSE, UT_ENGINE_ERROR_UNSUPPORTED, "datatype 32"},
  {"type-rgb", type_rgb, 0, FALSE, UT_ENGINE_ERROR_UNSUPPORTED, "datatype 128"},
  {"bits-wrong", bits_wrong, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "bitpix is 16, want 8"},
  {"bits-negative", bits_negative, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "bitpix is -8, want 8"},
  {"wider-type", wider_type, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "ends after 477 bytes, want 1352"},
  {"spacing-zero", spacing_zero, 0, FALSE, UT_ENGINE_ERROR_RANGE, "pixdim\\[1\\] is 0, want"},
  {"spacing-nan", spacing_nan, 0, FALSE, UT_ENGINE_ERROR_RANGE, "pixdim\\[2\\] is nan, want"},
  {"spacing-infinite", spacing_infinite, 0, FALSE, UT_ENGINE_ERROR_RANGE, "pixdim\\[3\\] is inf"},
  {"spacing-huge", spacing_huge, 0, FALSE, UT_ENGINE_ERROR_RANGE, "pixdim\\[1\\] is 1e\\+09"},
  {"spacing-metres", spacing_metres, 0, FALSE, UT_ENGINE_ERROR_RANGE, "pixdim\\[1\\] is 2, want"},
  {"offset-small", offset_small, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "vox_offset is 8, want 352"},
  {"offset-negative", offset_negative, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "vox_offset is -352"},
  {"offset-nan", offset_nan, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "vox_offset is nan"},
  {"offset-far", offset_far, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "ends after 477 bytes"},
  {"offset-absurd", offset_absurd, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "vox_offset is 1e\\+30"},
  {"sform-singular", sform_singular, 0, FALSE, UT_ENGINE_ERROR_RANGE, "affine is singular"},
  {"sform-nan", sform_nan, 0, FALSE, UT_ENGINE_ERROR_RANGE, "affine is singular"},
  {"sform-far", sform_far, 0, FALSE, UT_ENGINE_ERROR_RANGE, "affine is singular"},
  {"sform-negative-code", sform_negative_code, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "sform_code -4"},
  {"label-huge", label_huge, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "holds the value 3000, want labels"},
  {"label-half", label_half, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "holds the value 1.5, want labels"},
  {"swapped-nonsense", swapped, 0, FALSE, UT_ENGINE_ERROR_FORMAT, "bitpix is 2048, want 16"},
};

static void
make_bytes (const Case *test, guint8 *bytes)
{
  nifti_1_header header = {.sizeof_hdr = 348,
                           .dim = {3, SIDE, SIDE, SIDE, 1, 1, 1, 1},
                           .datatype = DT_UINT8,
                           .bitpix = 8,
                           .pixdim = {1, 2, 2, 2, 1, 1, 1, 1},
                           .vox_offset = OFFSET,
                           .xyzt_units = NIFTI_UNITS_MM,
                           .srow_x = {2, 0, 0, 0},
                           .srow_y = {0, 2, 0, 0},
                           .srow_z = {0, 0, 2, 0},
                           .magic = "n+1"};
  memset (bytes, 0, OFFSET + N_VOXELS);
  for (guint i = 0; i < N_VOXELS; i++)
    bytes[OFFSET + i] =
      (guint8)((i * 2654435761u >> 13) % 6); /* hard to compress, so that a cut hurts */
  test->change (&header, bytes + OFFSET);
  memcpy (bytes, &header, sizeof header);
}

/* (transfer full): path of the case's file */
static char *
write_case (const Case *test)
{
  guint8 bytes[OFFSET + N_VOXELS];
  make_bytes (test, bytes);
  g_autofree char *name = g_strconcat (test->name, test->gzip ? ".nii.gz" : ".nii", NULL);
  char *path = g_build_filename (g_get_user_cache_dir (), name, NULL);
  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  if (test->gzip) {
    gzFile file = gzopen (path, "wb");
    g_assert_cmpint (gzwrite (file, bytes, sizeof bytes), ==, sizeof bytes);
    gzclose (file);
  } else {
    g_assert_true (g_file_set_contents (path, (char *)bytes, sizeof bytes, NULL));
  }
  if (test->length > 0)
    g_assert_cmpint (truncate (path, test->length), ==, 0);
  return path;
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *path = write_case (test);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtVolume) volume = ut_nifti_read_labels (path, &error);
  if (test->code < 0) {
    g_assert_no_error (error);
    g_assert_nonnull (volume);
    return;
  }
  g_assert_null (volume);
  g_assert_error (error, UT_ENGINE_ERROR, test->code);
  if (!g_regex_match_simple (test->message, error->message, 0, 0))
    g_error ("%s: \"%s\" does not match \"%s\"", test->name, error->message, test->message);
  g_assert_null (strstr (error->message, g_get_user_cache_dir ())); /* base names only */
  g_assert_null (strchr (error->message, '\n'));

  g_autoptr (UtCine) cine = ut_cine_open (path, NULL); /* may succeed as a loop, must not crash */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/corpus/nifti/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  return g_test_run ();
}
