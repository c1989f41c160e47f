/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/twin/twin-input-file.h"

#include <math.h>
#include <string.h>

static UtCine *
make_cine (guint n_frames, guint height, guint width, double row_mm, double column_mm)
{
  g_autoptr (GError) error = NULL;
  UtCine *cine = ut_cine_new (n_frames, height, width, &error);
  g_assert_no_error (error);
  cine->calibration = UT_CALIBRATION_MANUAL;
  cine->spacing_mm[0] = row_mm;
  cine->spacing_mm[1] = column_mm;
  return cine;
}

static UtTwinInput *
input_of (UtCine *cine, guint frame, guint side)
{
  g_autoptr (GError) error = NULL;
  UtCine *cines[UT_N_VIEWS] = {[UT_VIEW_A2C] = cine};
  const guint frames[UT_N_VIEWS] = {[UT_VIEW_A2C] = frame};
  UtTwinInput *input = ut_twin_input_new (cines, frames, &(UtTwinRaster){.side = side}, &error);
  g_assert_no_error (error);
  return input;
}

static float
pixel (const UtTwinInput *input, guint row, guint column)
{
  return ut_twin_input_view (input, UT_VIEW_A2C)[row * input->side + column];
}

static void
test_same_size (void)
{
  g_autoptr (UtCine) cine = make_cine (2, 64, 64, 0.5, 0.4);
  cine->sha256 = g_strdup ("abc");
  for (guint i = 0; i < 2 * 64 * 64; i++)
    cine->pixels[i] = (guint8)(i * 31 % 256);
  g_autoptr (UtTwinInput) input = input_of (cine, 1, 64);
  for (guint i = 0; i < 64 * 64; i++)
    g_assert_cmpfloat_with_epsilon (
      pixel (input, i / 64, i % 64), ut_cine_frame (cine, 1)[i] / 255.0, 1e-6);
  g_assert_true (input->present[UT_VIEW_A2C]);
  g_assert_false (input->present[UT_VIEW_A4C]);
  g_assert_cmpuint (input->frame[UT_VIEW_A2C], ==, 1);
  g_assert_cmpstr (input->sha256[UT_VIEW_A2C], ==, "abc");
  g_assert_cmpfloat (input->spacing_mm[UT_VIEW_A2C][0], ==, 0.5);
  g_assert_cmpfloat (input->spacing_mm[UT_VIEW_A2C][1], ==, 0.4);
  for (guint i = 0; i < 64 * 64; i++)
    g_assert_cmpfloat (ut_twin_input_view (input, UT_VIEW_PSAX)[i], ==, 0);
}

/* 32 to 64: out (i) samples in (i / 2 - 1/4), so weights are 3/4 and 1/4 */
static void
test_enlarge (void)
{
  g_autoptr (UtCine) cine = make_cine (1, 32, 32, 1, 1);
  for (guint y = 0; y < 32; y++)
    for (guint x = 0; x < 32; x++)
      cine->pixels[y * 32 + x] = (guint8)(4 * x + 2 * y);
  g_autoptr (UtTwinInput) input = input_of (cine, 0, 64);
  for (guint y = 0; y < 64; y++)
    for (guint x = 0; x < 64; x++) {
      double at_x = CLAMP (x / 2.0 - 0.25, 0, 31), at_y = CLAMP (y / 2.0 - 0.25, 0, 31);
      g_assert_cmpfloat_with_epsilon (pixel (input, y, x), (4 * at_x + 2 * at_y) / 255, 1e-6);
    }
  g_assert_cmpfloat (input->spacing_mm[UT_VIEW_A2C][0], ==, 0.5);
}

/* 80 to 32: every pixel is the mean of 2.5 x 2.5 */
static void
test_reduce (void)
{
  g_autoptr (UtCine) cine = make_cine (1, 80, 80, 0.3, 0.6);
  double sum = 0, want = 0;
  for (guint i = 0; i < 80 * 80; i++)
    want += cine->pixels[i] = (guint8)(i * 7919 % 253);
  g_autoptr (UtTwinInput) input = input_of (cine, 0, 32);
  for (guint i = 0; i < 32 * 32; i++)
    sum += pixel (input, i / 32, i % 32);
  g_assert_cmpfloat_with_epsilon (sum / (32 * 32), want / (80 * 80 * 255), 1e-5);
  /* pixel (0, 1) covers rows 0..2.5 and columns 2.5..5 */
  const double rows[] = {1, 1, 0.5}, columns[] = {0.5, 1, 1};
  double area = 0;
  for (int y = 0; y < 3; y++)
    for (int x = 0; x < 3; x++)
      area += rows[y] * columns[x] * cine->pixels[y * 80 + x + 2];
  g_assert_cmpfloat_with_epsilon (pixel (input, 0, 1), area / 6.25 / 255, 1e-6);
  g_assert_cmpfloat_with_epsilon (input->spacing_mm[UT_VIEW_A2C][0], 0.75, 1e-12);
  g_assert_cmpfloat_with_epsilon (input->spacing_mm[UT_VIEW_A2C][1], 1.5, 1e-12);
}

/* 33 x 48: 7 black rows above, 8 below */
static void
test_pad (void)
{
  g_autoptr (UtCine) cine = make_cine (1, 33, 48, 1, 1);
  memset (cine->pixels, 255, 33 * 48);
  g_autoptr (UtTwinInput) input = input_of (cine, 0, 48);
  for (guint y = 0; y < 48; y++)
    g_assert_cmpfloat_with_epsilon (pixel (input, y, 20), y >= 7 && y < 40 ? 1 : 0, 1e-6);
  g_assert_cmpfloat (input->spacing_mm[UT_VIEW_A2C][0], ==, 1);
}

/* only the echo's region counts: 64 x 64 pixels from column 100, row 8 on */
static void
test_region (void)
{
  g_autoptr (UtCine) cine = make_cine (1, 80, 200, 1, 0.5);
  for (guint i = 0; i < 80 * 200; i++)
    cine->pixels[i] = (guint8)(i % 200);
  memcpy (cine->region, (const guint[4]){100, 8, 64, 64}, sizeof cine->region);
  g_autoptr (UtTwinInput) input = input_of (cine, 0, 64);
  g_assert_cmpfloat (input->spacing_mm[UT_VIEW_A2C][0], ==, 1);
  for (guint column = 0; column < 64; column++)
    g_assert_cmpfloat_with_epsilon (pixel (input, 5, column), (100 + column) / 255.0, 1e-6);
}

/* a bright wedge with its tip at row 30.5 mm, column 61 mm, and text in the corner */
static UtCine *
make_wedge (double row_mm, double column_mm)
{
  guint height = (guint)(200 / row_mm), width = (guint)(160 / column_mm);
  UtCine *cine = make_cine (1, height, width, row_mm, column_mm);
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++) {
      double down = (y + 0.5) * row_mm - 30.5, right = (x + 0.5) * column_mm - 61;
      gboolean text = (y + 0.5) * row_mm < 20 && right < -20 && x % 3;
      gboolean wedge = down > 0 && down < 120 && fabs (right) < down * 0.75 + 1;
      cine->pixels[(gsize)y * width + x] = text ? 255 : wedge ? (guint8)(40 + down) : 0;
    }
  return cine;
}

/* whatever the pixels are, the network sees the same millimetres */
static void
test_field (void)
{
  const UtTwinRaster raster = {.side = 100, .field_mm = 200};
  const double spacings[][2] = {{0.5, 0.5}, {0.4, 0.8}, {2.5, 2.5}};
  for (gsize i = 0; i < G_N_ELEMENTS (spacings); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (UtCine) cine = make_wedge (spacings[i][0], spacings[i][1]);
    UtCine *cines[UT_N_VIEWS] = {[UT_VIEW_A2C] = cine};
    const guint frames[UT_N_VIEWS] = {0};
    g_autoptr (UtTwinInput) input = ut_twin_input_new (cines, frames, &raster, &error);
    g_assert_no_error (error);
    g_assert_cmpfloat_with_epsilon (input->spacing_mm[UT_VIEW_A2C][0], 2, 1e-12);
    g_assert_cmpfloat_with_epsilon (input->spacing_mm[UT_VIEW_A2C][1], 2, 1e-12);
    /* 2 mm a pixel: 100 mm below the tip, 20 mm inside the wedge, and outside of it */
    g_assert_cmpfloat_with_epsilon (pixel (input, 50, 50), 141 / 255.0, 3 / 255.0);
    g_assert_cmpfloat_with_epsilon (pixel (input, 50, 22), 141 / 255.0, 3 / 255.0);
    g_assert_cmpfloat_with_epsilon (pixel (input, 50, 78), 141 / 255.0, 3 / 255.0);
    g_assert_cmpfloat (pixel (input, 50, 4), ==, 0);
    g_assert_cmpfloat (pixel (input, 70, 50), ==, 0);
    g_assert_cmpfloat (pixel (input, 0, 2), ==, 0); /* the text */
  }
}

static void
test_field_of_black_picture (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_cine (1, 50, 70, 1, 1);
  UtCine *cines[UT_N_VIEWS] = {cine};
  const guint frames[UT_N_VIEWS] = {0};
  const UtTwinRaster raster = {.side = 32, .field_mm = 200};
  g_autoptr (UtTwinInput) input = ut_twin_input_new (cines, frames, &raster, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 32 * 32; i++)
    g_assert_cmpfloat (input->grey[i], ==, 0);
}

static void
assert_refused (UtCine *cine, guint frame, const char *message)
{
  g_autoptr (GError) error = NULL;
  UtCine *cines[UT_N_VIEWS] = {[UT_VIEW_PSAX] = cine};
  const guint frames[UT_N_VIEWS] = {[UT_VIEW_PSAX] = frame};
  g_assert_null (ut_twin_input_new (cines, frames, &(UtTwinRaster){.side = 64}, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_refusals (void)
{
  g_autoptr (UtCine) cine = make_cine (3, 40, 40, 1, 1);
  assert_refused (NULL, 0, "no view is present: load at least one loop");
  assert_refused (cine, 3, "PSAX: frame 4 of a loop of 3");
  cine->region[2] = 41;
  assert_refused (cine, 0, "PSAX: the echo's region lies outside the picture");
  cine->spacing_mm[1] = 0;
  assert_refused (cine, 0, "PSAX: pixel spacing 1 x 0 mm is not from 0.01 to 10");
  cine->spacing_mm[1] = 0.0099;
  assert_refused (cine, 0, "PSAX: pixel spacing 1 x 0.0099 mm is not from 0.01 to 10");
  cine->spacing_mm[1] = 10.5;
  assert_refused (cine, 0, "PSAX: pixel spacing 1 x 10.5 mm is not from 0.01 to 10");
  cine->calibration = UT_CALIBRATION_NONE;
  assert_refused (cine, 0, "PSAX has no pixel spacing: calibrate it first");
}

/* The data of a .npy file, after its header says @type and @shape. */
static const char *
npy_data (const char *file, gsize length, const char *type, const char *shape, gsize *ret_n)
{
  g_assert_cmpmem (file, 8, "\x93NUMPY\x01\x00", 8);
  gsize header = (guint8)file[8] + 256u * (guint8)file[9];
  g_assert_cmpuint ((10 + header) % 64, ==, 0);
  g_autofree char *text = g_strndup (file + 10, header);
  g_assert_nonnull (strstr (text, type));
  g_assert_nonnull (strstr (text, shape));
  g_assert_true (g_str_has_suffix (text, "\n"));
  *ret_n = length - 10 - header;
  return file + 10 + header;
}

/* What is exported is what the engine holds, byte for byte. */
static void
test_write (void)
{
  g_autoptr (UtCine) cine = make_cine (1, 50, 70, 0.5, 0.4);
  for (guint i = 0; i < 50 * 70; i++)
    cine->pixels[i] = (guint8)(i * 31 % 256);
  g_autoptr (UtTwinInput) input = input_of (cine, 0, 48);
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "seen", NULL);
  g_autofree char *grey_path = g_build_filename (folder, "ed_input.npy", NULL);
  g_autofree char *spacing_path = g_build_filename (folder, "ed_input_spacing_mm.npy", NULL);
  g_autofree char *picture_path = g_build_filename (folder, "ed_input.png", NULL);
  g_autofree char *grey = NULL, *spacing = NULL;
  g_autoptr (GError) error = NULL;
  gsize length, n;

  g_assert_true (ut_twin_input_write (input, folder, "ed", &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (grey_path, &grey, &length, NULL));
  const char *data = npy_data (grey, length, "f4'", "(3, 1, 48, 48)", &n);
  g_assert_cmpmem (data, n, input->grey, sizeof (float) * 3 * 48 * 48);
  g_assert_true (g_file_get_contents (spacing_path, &spacing, &length, NULL));
  data = npy_data (spacing, length, "f8'", "(3, 2)", &n);
  g_assert_cmpmem (data, n, input->spacing_mm, sizeof input->spacing_mm);

  g_autoptr (UtCine) picture = ut_cine_open (picture_path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (picture->width, ==, 3 * 48);
  for (guint i = 0; i < 48 * 48; i++)
    g_assert_cmpint (ABS (picture->pixels[i / 48 * 144 + 48 * UT_VIEW_A2C + i % 48] -
                          255 * pixel (input, i / 48, i % 48)),
                     <=,
                     1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/input/same-size", test_same_size);
  g_test_add_func ("/twin/input/enlarge", test_enlarge);
  g_test_add_func ("/twin/input/reduce", test_reduce);
  g_test_add_func ("/twin/input/pad", test_pad);
  g_test_add_func ("/twin/input/region", test_region);
  g_test_add_func ("/twin/input/field", test_field);
  g_test_add_func ("/twin/input/field-of-black-picture", test_field_of_black_picture);
  g_test_add_func ("/twin/input/refusals", test_refusals);
  g_test_add_func ("/twin/input/write", test_write);
  return g_test_run ();
}
