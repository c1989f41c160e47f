/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/image/cine.h"
#include "engine/image/nifti.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static char *
scratch (const char *name)
{
  g_assert_cmpint (g_mkdir_with_parents (g_get_user_cache_dir (), 0700), ==, 0);
  return g_build_filename (g_get_user_cache_dir (), name, NULL);
}

static void
write_text (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* 12 frames, so that natural order (2 before 10) shows; frame i is grey 10 i with one bright dot */
static UtCine *
make_cine (void)
{
  UtCine *cine = ut_cine_new (12, 6, 8, NULL);
  for (guint i = 0; i < 12; i++) {
    memset (cine->pixels + 48 * i, (int)(10 * i), 48);
    cine->pixels[48 * i + 3] = 255;
    cine->times_ms[i] = i * i + 30.0 * i;
  }
  cine->times_known = TRUE;
  cine->calibration = UT_CALIBRATION_MANUAL;
  cine->spacing_mm[0] = 0.5;
  cine->spacing_mm[1] = 0.25;
  cine->heart_rate_bpm = 66;
  cine->view_hint = UT_VIEW_PSAX;
  cine->ed_hint = 2;
  cine->es_hint = 7;
  cine->r_waves_ms = g_new (double, 1);
  cine->r_waves_ms[0] = 31.5;
  cine->n_r_waves = 1;
  return cine;
}

static void
test_stills_round_trip (void)
{
  g_autofree char *folder = scratch ("loop");
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_cine ();
  g_assert_true (ut_cine_write_stills (cine, folder, NULL, &error));
  g_autoptr (UtCine) back = ut_cine_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (back->pixels, 12 * 48, cine->pixels, 12 * 48);
  g_assert_cmpmem (back->times_ms, 12 * sizeof (double), cine->times_ms, 12 * sizeof (double));
  g_assert_cmpmem (
    back->spacing_mm, sizeof back->spacing_mm, cine->spacing_mm, sizeof cine->spacing_mm);
  g_assert_cmpint (back->calibration, ==, UT_CALIBRATION_SIDECAR);
  g_assert_cmpint (back->view_hint, ==, UT_VIEW_PSAX);
  g_assert_cmpint (back->ed_hint, ==, 2);
  g_assert_cmpint (back->es_hint, ==, 7);
  g_assert_cmpfloat (back->r_waves_ms[0], ==, 31.5);
  g_assert_cmpfloat (back->heart_rate_bpm, ==, 66);
  g_assert_cmpuint (strlen (back->sha256), ==, 64);
}

/* Spacing that changes from frame to frame, and what it does to the loop's hash. */
static void
test_frame_spacing (void)
{
  g_autofree char *folder = scratch ("zoomed");
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_cine ();
  g_assert_true (ut_cine_write_stills (cine, folder, NULL, &error));
  g_autoptr (UtCine) plain = ut_cine_open (folder, &error);
  cine->frame_spacing_mm = g_new (double, 24);
  for (guint i = 0; i < 24; i++)
    cine->frame_spacing_mm[i] = 0.2 + 0.01 * i;
  g_assert_true (ut_cine_write_stills (cine, folder, NULL, &error));
  g_autoptr (UtCine) back = ut_cine_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (back->frame_spacing_mm, 24 * sizeof (double), cine->frame_spacing_mm, 24 * 8);
  g_assert_cmpfloat_with_epsilon (back->spacing_mm[1], 0.21, 1e-12);
  g_assert_cmpfloat (ut_cine_spacing_at (back, 7)[0], ==, cine->frame_spacing_mm[14]);
  g_assert_cmpfloat (ut_cine_spacing_at (plain, 7)[0], ==, 0.5);
  g_assert_cmpint (back->calibration, ==, UT_CALIBRATION_SIDECAR);
  g_assert_cmpstr (back->sha256, !=, plain->sha256);
}

/* The part that holds the echo, and what it does to the loop's hash. */
static void
test_region (void)
{
  g_autofree char *folder = scratch ("region");
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_cine ();
  const guint region[4] = {1, 0, cine->width - 2, cine->height - 1};
  g_assert_true (ut_cine_write_stills (cine, folder, NULL, &error));
  g_autoptr (UtCine) plain = ut_cine_open (folder, &error);
  memcpy (cine->region, region, sizeof region);
  g_assert_true (ut_cine_write_stills (cine, folder, NULL, &error));
  g_autoptr (UtCine) back = ut_cine_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (back->region, sizeof region, region, sizeof region);
  g_assert_cmpuint (plain->region[2], ==, cine->width);
  g_assert_cmpstr (back->sha256, !=, plain->sha256);
  g_assert_null (back->note);
}

static void
test_write_cancelled (void)
{
  g_autofree char *folder = scratch ("cancelled");
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_cine ();
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_cancellable_cancel (cancel);
  g_assert_false (ut_cine_write_stills (cine, folder, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_natural_order (void)
{
  g_autofree char *folder = scratch ("order");
  g_autofree char *from = g_build_filename (folder, "frame_0003.png", NULL);
  g_autofree char *to = g_build_filename (folder, "frame_20.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_cine ();
  g_assert_true (ut_cine_write_stills (cine, folder, NULL, &error));
  g_assert_cmpint (g_rename (from, to), ==, 0);
  g_autoptr (UtCine) back = ut_cine_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->pixels[48 * 11], ==, 20); /* the third frame is the last now */
  g_assert_cmpuint (back->pixels[48 * 2], ==, 30);
}

static void
test_without_sidecar (void)
{
  g_autofree char *folder = scratch ("bare");
  g_autofree char *sidecar = g_build_filename (folder, "cine.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_cine ();
  g_assert_true (ut_cine_write_stills (cine, folder, NULL, &error));
  g_assert_cmpint (g_unlink (sidecar), ==, 0);
  g_autoptr (UtCine) back = ut_cine_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (back->calibration, ==, UT_CALIBRATION_NONE);
  g_assert_cmpfloat (back->spacing_mm[0], ==, 0);
  g_assert_false (back->times_known);
  g_assert_cmpint (back->ed_hint, ==, -1);
}

static void
test_sidecar_refuses (void)
{
  static const struct {
    const char *text, *message;
    int code;
  } bad[] = {
    {"{\"spacing_mm\": 0}", "\"spacing_mm\" is 0, want 0.01", UT_ENGINE_ERROR_RANGE},
    {"{\"spacing_mm\": [0.3]}", "holds 1 numbers", UT_ENGINE_ERROR_FORMAT},
    {"{\"spacing_mm\": \"0.3\"}", "holds something else than a number", UT_ENGINE_ERROR_FORMAT},
    {"{\"frame_spacing_mm\": [0.3, 0.4]}", "holds 2 spacings for 12", UT_ENGINE_ERROR_FORMAT},
    {"{\"frame_spacing_mm\": [1,1,1,1,1,1,1,1,1,1,1,[1,0]]}",
     "\"frame_spacing_mm\" is 0",
     UT_ENGINE_ERROR_RANGE},
    {"{\"region\": [0, 0, 3]}", "\"region\": want x, y", UT_ENGINE_ERROR_FORMAT},
    {"{\"region\": [0, 0, 0, 2]}", "\"region\": want x, y", UT_ENGINE_ERROR_FORMAT},
    {"{\"region\": [1, 0, 900, 2]}", "\"region\": want x, y", UT_ENGINE_ERROR_FORMAT},
    {"{\"region\": [0, 0, 1e300, 2]}", "\"region\": want x, y", UT_ENGINE_ERROR_FORMAT},
    {"{\"region\": [0, -1, 2, 2]}", "\"region\": want x, y", UT_ENGINE_ERROR_FORMAT},
    {"{\"times_ms\": [0, 1]}", "holds 2 times for 12 frames", UT_ENGINE_ERROR_FORMAT},
    {"{\"frame_time_ms\": -5}", "\"frame_time_ms\" is -5", UT_ENGINE_ERROR_RANGE},
    {"{\"view\": \"A5C\"}", "\"view\" is \"A5C\", want A4C", UT_ENGINE_ERROR_FORMAT},
    {"{\"ed_frame\": 13}", "\"ed_frame\" is 13, want 1 to 12", UT_ENGINE_ERROR_RANGE},
    {"{\"ed_frame\": 1.5}", "want a whole number", UT_ENGINE_ERROR_FORMAT},
    {"{\"r_waves_ms\": [\"x\"]}", "r_waves_ms", UT_ENGINE_ERROR_FORMAT},
    {"{\"times_ms\": [0,9,8,1,1,1,1,1,1,1,1,1]}", "do not rise", UT_ENGINE_ERROR_FORMAT},
    {"[]", "want a JSON object", UT_ENGINE_ERROR_FORMAT},
    {"{", "not valid JSON", UT_ENGINE_ERROR_FORMAT},
  };
  g_autofree char *folder = scratch ("sidecar");
  g_autoptr (UtCine) cine = make_cine ();
  g_assert_true (ut_cine_write_stills (cine, folder, NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    write_text (folder, "cine.json", bad[i].text);
    g_test_message ("%s", bad[i].text);
    g_assert_null (ut_cine_open (folder, &error));
    g_assert_error (error, UT_ENGINE_ERROR, bad[i].code);
    if (strstr (error->message, bad[i].message) == NULL)
      g_error ("%s: \"%s\" lacks \"%s\"", bad[i].text, error->message, bad[i].message);
    g_assert_true (g_str_has_prefix (error->message, "cine.json: "));
  }
}

static void
test_sidecar_misspelt (void)
{
  g_autofree char *folder = scratch ("misspelt");
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_cine ();
  g_assert_true (ut_cine_write_stills (cine, folder, NULL, NULL));
  write_text (folder, "cine.json", "{\"spacing\": 0.3}");
  g_autoptr (UtCine) back = ut_cine_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (back->calibration, ==, UT_CALIBRATION_NONE);
  g_assert_nonnull (strstr (back->note, "\"spacing\""));
}

static void
test_sizes_must_agree (void)
{
  g_autofree char *folder = scratch ("sizes");
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_cine ();
  g_autoptr (UtCine) other = ut_cine_new (1, 9, 9, NULL);
  g_autofree char *second = g_build_filename (folder, "other", NULL);
  g_autofree char *from = g_build_filename (second, "frame_0001.png", NULL);
  g_autofree char *to = g_build_filename (folder, "frame_0005.png", NULL);
  g_assert_true (ut_cine_write_stills (cine, folder, NULL, NULL));
  g_assert_true (ut_cine_write_stills (other, second, NULL, NULL));
  g_assert_cmpint (g_rename (from, to), ==, 0);
  g_assert_null (ut_cine_open (folder, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_assert_cmpstr (
    error->message, ==, "frame_0005.png: 9 x 9 pixels, but the first frame has 8 x 6");

  g_clear_error (&error);
  g_assert_cmpint (truncate (to, 40), ==, 0);
  g_assert_null (ut_cine_open (folder, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
}

/* The CAMUS layout: lateral, depth, frame; ED and ES in Info_4CH.cfg, here reversed */
static void
test_camus (void)
{
  g_autofree char *loop = scratch ("patient0001_4CH_half_sequence.nii.gz");
  g_autofree char *still = scratch ("patient0001_4CH_ES.nii.gz");
  g_autoptr (GError) error = NULL;
  UtAffine grid = ut_affine_scale_offset (ut_vec3 (-0.3, -0.2, 1), ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) frames =
    ut_volume_new (UT_VOXEL_U8, (const gsize[3]){4, 6, 9}, &grid, &error);
  for (gsize i = 0; i < 4 * 6 * 9; i++)
    frames->u8[i] = (guint8)i;
  g_assert_true (ut_nifti_write (frames, loop, NULL, &error));
  write_text (g_get_user_cache_dir (),
              "Info_4CH.cfg",
              "ED: 9\nES: 1\nNbFrame: 9\nImageQuality: Good\nFrameRate: 50.0\n");
  g_autoptr (UtCine) cine = ut_cine_open (loop, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cine->n_frames, ==, 9);
  g_assert_cmpuint (cine->height, ==, 6);
  g_assert_cmpuint (cine->width, ==, 4);
  g_assert_cmpuint (ut_cine_frame (cine, 2)[1 * 4 + 3], ==, 2 * 24 + 1 * 4 + 3);
  g_assert_cmpfloat_with_epsilon (cine->spacing_mm[0], 0.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (cine->spacing_mm[1], 0.3, 1e-6);
  g_assert_cmpint (cine->calibration, ==, UT_CALIBRATION_HEADER);
  g_assert_cmpint (cine->ed_hint, ==, 8);
  g_assert_cmpint (cine->es_hint, ==, 0);
  g_assert_cmpint (cine->view_hint, ==, UT_VIEW_A4C);
  g_assert_true (cine->times_known);
  g_assert_cmpfloat (cine->times_ms[3], ==, 60);

  g_autoptr (UtVolume) one = ut_volume_new (UT_VOXEL_U8, (const gsize[3]){4, 6, 1}, &grid, &error);
  g_assert_true (ut_nifti_write (one, still, NULL, &error));
  g_autoptr (UtCine) es = ut_cine_open (still, &error);
  g_assert_no_error (error);
  g_assert_cmpint (es->es_hint, ==, 0);
  g_assert_cmpint (es->ed_hint, ==, -1);
}

static void
test_frame_at (void)
{
  g_autoptr (UtCine) cine = make_cine ();
  g_assert_cmpuint (ut_cine_frame_at (cine, -5), ==, 0);
  g_assert_cmpuint (ut_cine_frame_at (cine, 30.9), ==, 0);
  g_assert_cmpuint (ut_cine_frame_at (cine, 31), ==, 1);
  g_assert_cmpuint (ut_cine_frame_at (cine, 1e9), ==, 11);
  g_assert_cmpfloat (ut_cine_duration_ms (cine), >, cine->times_ms[11]);
}

static void
test_nifti_round_trip (void)
{
  g_autofree char *path = scratch ("field.nii.gz");
  g_autoptr (GError) error = NULL;
  UtAffine oblique = ut_affine_from_axes (
    ut_vec3 (1.1, 0.2, 0), ut_vec3 (-0.3, 1.4, 0.5), ut_vec3 (0, -0.6, 2), ut_vec3 (-40, 12, 7));
  g_autoptr (UtVolume) field =
    ut_volume_new (UT_VOXEL_F32, (const gsize[3]){3, 4, 5}, &oblique, &error);
  for (gsize i = 0; i < 60; i++)
    field->f32[i] = (float)i / 7 - 3;
  g_assert_true (ut_nifti_write (field, path, "a description", &error));
  g_autoptr (UtVolume) back = ut_nifti_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (back->type, ==, UT_VOXEL_F32);
  g_assert_true (ut_volume_same_grid (field, back, 1e-4));
  g_assert_cmpmem (back->f32, 240, field->f32, 240);

  g_assert_null (ut_nifti_read_labels (path, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_clear_error (&error);
  g_autofree char *nowhere = scratch ("no/such/folder/x.nii");
  g_assert_false (ut_nifti_write (field, nowhere, NULL, &error));
  g_assert_nonnull (error);
}

static void
test_volume_limits (void)
{
  UtAffine unit = ut_affine_scale_offset (ut_vec3 (1, 1, 1), ut_vec3 (0, 0, 0));
  UtAffine flat = ut_affine_scale_offset (ut_vec3 (1, 0, 1), ut_vec3 (0, 0, 0));
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_volume_new (UT_VOXEL_U8, (const gsize[3]){1, 0, 1}, &unit, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_null (
    ut_volume_new (UT_VOXEL_F32, (const gsize[3]){G_MAXSIZE / 2, 8, 8}, &unit, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_null (ut_volume_new (UT_VOXEL_U8, (const gsize[3]){2, 2, 2}, &flat, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
}

static void
test_not_a_loop (void)
{
  g_autofree char *path = scratch ("words.txt");
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (path, "no picture", -1, NULL));
  g_assert_null (ut_cine_open (path, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
  g_assert_true (g_str_has_prefix (error->message, "words.txt: not a kind of loop that is read"));
  g_clear_error (&error);
  g_autofree char *pipe = scratch ("pipe.dcm");
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_null (ut_cine_open (pipe, &error)); /* and waits for nobody */
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (ut_cine_open ("/no/such/thing", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/image/stills/round-trip", test_stills_round_trip);
  g_test_add_func ("/image/stills/natural-order", test_natural_order);
  g_test_add_func ("/image/stills/frame-spacing", test_frame_spacing);
  g_test_add_func ("/image/stills/region", test_region);
  g_test_add_func ("/image/stills/write-cancelled", test_write_cancelled);
  g_test_add_func ("/image/stills/without-sidecar", test_without_sidecar);
  g_test_add_func ("/image/stills/sidecar-refuses", test_sidecar_refuses);
  g_test_add_func ("/image/stills/sidecar-misspelt", test_sidecar_misspelt);
  g_test_add_func ("/image/stills/sizes", test_sizes_must_agree);
  g_test_add_func ("/image/camus", test_camus);
  g_test_add_func ("/image/cine/frame-at", test_frame_at);
  g_test_add_func ("/image/cine/not-a-loop", test_not_a_loop);
  g_test_add_func ("/image/nifti/round-trip", test_nifti_round_trip);
  g_test_add_func ("/image/volume/limits", test_volume_limits);
  return g_test_run ();
}
