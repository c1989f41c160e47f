/* SPDX-License-Identifier: Apache-2.0 */

/* Fans of moving speckle with writing around them. The mask may be off the fan by NEAR pixels. */

#include "engine/base/error.h"
#include "engine/base/random.h"
#include "engine/twin/sector-mask.h"

#include <math.h>
#include <string.h>

#define WIDTH   240
#define HEIGHT  200
#define FRAMES  10
#define NEAR    4
#define RADIUS  170.0
#define APEX_X  120.0
#define APEX_Y  8.0
#define TANGENT 0.7 /* of half the opening */

/* How far a pixel lies outside of the fan; < 0 inside. */
static double
outside (double x, double y)
{
  double dx = fabs (x - APEX_X), dy = y - APEX_Y;
  double edge = (dx - TANGENT * dy) / hypot (1, TANGENT);
  return fmax (edge, hypot (dx, dy) - RADIUS);
}

static UtCine *
make_black (guint n_frames, guint height, guint width)
{
  g_autoptr (GError) error = NULL;
  UtCine *cine = ut_cine_new (n_frames, height, width, &error);
  g_assert_no_error (error);
  return cine;
}

static UtCine *
make_fan (guint n_frames)
{
  UtCine *cine = make_black (n_frames, HEIGHT, WIDTH);
  UtRandom random;
  ut_random_init (&random, 7, 0);
  for (guint p = 0; p < n_frames * HEIGHT * WIDTH; p++)
    if (outside (p % WIDTH, p / WIDTH % HEIGHT) <= 0)
      cine->pixels[p] = (guint8)ut_random_normal_within (&random, 90, 35, 1, 255);
  return cine;
}

/* Letters of some sort: strokes 2 pixels wide, 4 apart, with a bar through them. */
static void
write_text (UtCine *cine, guint x0, guint y0, guint width, guint frame)
{
  for (guint y = y0; y < y0 + 11; y++)
    for (guint x = x0; x < x0 + width && x < WIDTH; x++)
      if ((x - x0) % 6 < 2 || y == y0 + 5)
        cine->pixels[(frame * HEIGHT + y) * WIDTH + x] = 255;
}

static void
write_in_all (UtCine *cine, guint x0, guint y0, guint width)
{
  for (guint i = 0; i < cine->n_frames; i++)
    write_text (cine, x0, y0, width, i);
}

/* All of the fan stays as it was, and nothing around it is left, in no frame. */
static void
assert_masked (const UtCine *cine)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *mask = ut_sector_mask (cine, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (UtCine) masked = ut_sector_mask_apply (cine, mask, &error);
  g_assert_no_error (error);
  g_autoptr (UtCine) brightest = ut_sector_mask_brightest (cine, mask, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < cine->n_frames; i++)
    for (guint p = 0; p < HEIGHT * WIDTH; p++) {
      double out = outside (p % WIDTH, p / WIDTH);
      guint8 value = ut_cine_frame (masked, i)[p];
      if (out <= 0 && value != ut_cine_frame (cine, i)[p])
        g_error ("%u, %u of the fan is cut off", p % WIDTH, p / WIDTH);
      if (out > NEAR && value != 0)
        g_error ("%u, %u of frame %u is left", p % WIDTH, p / WIDTH, i);
      g_assert_cmpuint (brightest->pixels[p], >=, value);
    }
}

static void
test_text (void)
{
  g_autoptr (UtCine) cine = make_fan (FRAMES);
  write_in_all (cine, 2, 4, 80);
  write_in_all (cine, 170, 4, 70);
  write_in_all (cine, 4, 186, 60);
  for (guint i = 0; i < FRAMES; i++) /* a clock */
    write_text (cine, 190, 30, 12 + 6 * (i % 5), i);
  assert_masked (cine);
}

static void
test_one_frame (void)
{
  g_autoptr (UtCine) cine = make_fan (FRAMES);
  write_text (cine, 2, 4, 80, 6);
  assert_masked (cine);
}

static void
test_touching (void)
{
  g_autoptr (UtCine) cine = make_fan (FRAMES);
  write_in_all (cine, 150, 40, 80); /* begin in the fan */
  write_in_all (cine, 165, 62, 60);
  write_in_all (cine, 80, 172, 90); /* below its foot */
  assert_masked (cine);
}

/* An ECG that runs through the foot of the fan, and a bar that fills beside it. */
static void
test_moving_things (void)
{
  g_autoptr (UtCine) cine = make_fan (FRAMES);
  for (guint i = 0; i < FRAMES; i++)
    for (guint x = 10; x < 10 + 22 * i; x++) {
      guint8 *frame = cine->pixels + i * HEIGHT * WIDTH;
      guint y = 182 - (x % 40 < 3 ? 12 : 0);
      frame[y * WIDTH + x] = frame[(y + 1) * WIDTH + x] = 255;
      if (x < 30)
        memset (frame + (60 + x) * WIDTH + 4, 255, 8);
    }
  assert_masked (cine);
}

static void
test_still (void)
{
  g_autoptr (UtCine) cine = make_fan (1);
  write_in_all (cine, 2, 4, 80);
  write_in_all (cine, 165, 62, 60);
  assert_masked (cine);
}

/* A dark corner is no reason to cut it off. */
static void
test_dark_corner (void)
{
  g_autoptr (UtCine) cine = make_fan (FRAMES);
  for (guint p = 0; p < FRAMES * HEIGHT * WIDTH; p++)
    if (p % WIDTH < 60 && p / WIDTH % HEIGHT > 110)
      cine->pixels[p] /= 64;
  write_in_all (cine, 2, 4, 80);
  assert_masked (cine);
}

/* Nor is a part that stands still. */
static void
test_still_part (void)
{
  g_autoptr (UtCine) cine = make_fan (FRAMES);
  for (guint p = HEIGHT * WIDTH; p < FRAMES * HEIGHT * WIDTH; p++)
    if (p % WIDTH < 100 + p / WIDTH % HEIGHT / 10)
      cine->pixels[p] = cine->pixels[p % (HEIGHT * WIDTH)];
  write_in_all (cine, 2, 4, 80);
  assert_masked (cine);
}

/* What is written where the machine has cut the fan off, at its head, foot and side. */
static void
test_cut (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_fan (FRAMES);
  for (guint p = 0; p < FRAMES * HEIGHT * WIDTH; p++)
    if (p % WIDTH < 65 || p / WIDTH % HEIGHT < 45 || p / WIDTH % HEIGHT > 155)
      cine->pixels[p] = 0;
  write_in_all (cine, 105, 30, 30);
  write_in_all (cine, 20, 120, 42);
  write_in_all (cine, 105, 160, 60);
  g_autofree guint8 *mask = ut_sector_mask (cine, NULL, &error);
  g_assert_no_error (error);
  for (guint p = 0; p < HEIGHT * WIDTH; p++) {
    double beyond = fmax (fmax (65.0 - p % WIDTH, 45.0 - p / WIDTH), p / WIDTH - 155.0);
    double out = fmax (outside (p % WIDTH, p / WIDTH), beyond);
    g_assert_true (mask[p] ? out <= NEAR : out > 0);
  }
}

static void
test_region (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_fan (FRAMES);
  const guint region[4] = {20, 0, 190, 150};
  memcpy (cine->region, region, sizeof region);
  g_autofree guint8 *mask = ut_sector_mask (cine, NULL, &error);
  g_assert_no_error (error);
  guint n = 0;
  for (guint p = 0; p < HEIGHT * WIDTH; p++) {
    gboolean in = p % WIDTH >= 20 && p % WIDTH < 210 && p / WIDTH < 150;
    g_assert_true (in || !mask[p]);
    n += mask[p];
  }
  g_assert_cmpuint (n, >, 10000);
}

static void
test_kept (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_fan (FRAMES);
  cine->calibration = UT_CALIBRATION_DICOM;
  cine->spacing_mm[0] = 0.3;
  cine->spacing_mm[1] = 0.4;
  cine->frame_spacing_mm = g_new0 (double, 2 * FRAMES);
  cine->frame_spacing_mm[7] = 0.45;
  cine->times_ms[3] = 130;
  cine->times_known = TRUE;
  cine->r_waves_ms = g_memdup2 ((const double[]){20, 900}, 2 * sizeof (double));
  cine->n_r_waves = 2;
  cine->heart_rate_bpm = 68;
  cine->ed_hint = 4;
  cine->note = g_strdup ("Jane Doe");
  cine->sha256 = g_strdup ("abc");
  g_autofree guint8 *mask = ut_sector_mask (cine, NULL, &error);
  g_autoptr (UtCine) masked = ut_sector_mask_apply (cine, mask, &error);
  g_assert_no_error (error);
  g_assert_cmpint (masked->calibration, ==, UT_CALIBRATION_DICOM);
  g_assert_cmpfloat (masked->spacing_mm[1], ==, 0.4);
  g_assert_cmpfloat (ut_cine_spacing_at (masked, 3)[1], ==, 0.45);
  g_assert_cmpfloat (masked->times_ms[3], ==, 130);
  g_assert_true (masked->times_known);
  g_assert_cmpuint (masked->n_r_waves, ==, 2);
  g_assert_cmpfloat (masked->r_waves_ms[1], ==, 900);
  g_assert_cmpfloat (masked->heart_rate_bpm, ==, 68);
  g_assert_cmpint (masked->ed_hint, ==, 4);
  g_assert_null (masked->note);
  g_assert_null (masked->sha256);
}

static void
assert_no_fan (const UtCine *cine)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *mask = ut_sector_mask (cine, NULL, &error);
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_assert_null (mask);
}

static void
test_no_fan (void)
{
  g_autoptr (UtCine) black = make_black (FRAMES, HEIGHT, WIDTH);
  g_autoptr (UtCine) text = make_black (FRAMES, HEIGHT, WIDTH);
  g_autoptr (UtCine) box = make_fan (FRAMES);
  g_autoptr (UtCine) all = make_black (FRAMES, HEIGHT, WIDTH);
  g_autoptr (UtCine) vee = make_fan (FRAMES);
  g_autoptr (UtCine) panel = make_fan (FRAMES); /* an M-mode under it */
  g_autoptr (UtCine) turned = make_black (FRAMES, HEIGHT, WIDTH);
  g_autoptr (UtCine) fan = make_fan (FRAMES);
  g_autoptr (UtCine) tiny = make_black (FRAMES, 20, 24);
  g_autoptr (UtCine) dot = make_black (1, 1, 1);
  write_in_all (text, 20, 80, 200);
  for (guint p = 0; p < FRAMES * HEIGHT * WIDTH; p++) {
    guint x = p % WIDTH, y = p / WIDTH % HEIGHT;
    guint8 grey = (guint8)(p * 2654435761u >> 24);
    all->pixels[p] = grey;
    box->pixels[p] = x > 60 && x < 180 && y > 30 && y < 170 ? grey : 0;
    vee->pixels[p] = outside (x, y) > -12 ? fan->pixels[p] : 0;
    panel->pixels[p] = y > 140 ? grey : fan->pixels[p];
    turned->pixels[p] =
      fan->pixels[p / WIDTH / HEIGHT * WIDTH * HEIGHT + (HEIGHT - 1 - y) * WIDTH + x];
  }
  for (guint p = 0; p < FRAMES * 20 * 24; p++)
    tiny->pixels[p] = fabs (p % 24 - 12.0) < 0.6 * (p / 24 % 20) ? (guint8)(p * 97) : 0;
  dot->pixels[0] = 255;
  const UtCine *none[] = {black, text, box, all, vee, panel, turned, tiny, dot};
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    assert_no_fan (none[i]);
}

static void
test_cancel (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = make_fan (FRAMES);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_cancellable_cancel (cancel);
  g_assert_null (ut_sector_mask (cine, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/sector-mask/text", test_text);
  g_test_add_func ("/twin/sector-mask/one-frame", test_one_frame);
  g_test_add_func ("/twin/sector-mask/touching", test_touching);
  g_test_add_func ("/twin/sector-mask/moving-things", test_moving_things);
  g_test_add_func ("/twin/sector-mask/still", test_still);
  g_test_add_func ("/twin/sector-mask/dark-corner", test_dark_corner);
  g_test_add_func ("/twin/sector-mask/still-part", test_still_part);
  g_test_add_func ("/twin/sector-mask/cut", test_cut);
  g_test_add_func ("/twin/sector-mask/region", test_region);
  g_test_add_func ("/twin/sector-mask/kept", test_kept);
  g_test_add_func ("/twin/sector-mask/no-fan", test_no_fan);
  g_test_add_func ("/twin/sector-mask/cancel", test_cancel);
  return g_test_run ();
}
