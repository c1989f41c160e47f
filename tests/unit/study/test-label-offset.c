/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/canonical.h"
#include "engine/base/error.h"
#include "engine/study/label-offset.h"

#include <math.h>
#include <string.h>

#define SIDE UT_CANONICAL_SIDE
#define N    ((gsize)SIDE * SIDE * SIDE)

static const double voxel_mm = 3;

/* Balls of one @centre, in voxels, each inside the one before: @radius_mm of label i, 0 = none. */
static UtVolume *
balls_at (UtVec3 centre, const double radius_mm[UT_N_LABELS])
{
  const gsize dims[3] = {SIDE, SIDE, SIDE};
  UtAffine grid = ut_canonical_grid ();
  UtVolume *labels = ut_volume_new (UT_VOXEL_U8, dims, &grid, NULL);
  for (gsize i = 0; i < N; i++) {
    UtVec3 p = ut_vec3 (i % SIDE, i / SIDE % SIDE, i / SIDE / SIDE);
    double r = voxel_mm * ut_vec3_length (ut_vec3_sub (p, centre));
    for (guint8 s = UT_MYO; s < UT_N_LABELS; s++)
      if (r <= radius_mm[s])
        labels->u8[i] = s;
  }
  return labels;
}

static UtVolume *
balls (const double radius_mm[UT_N_LABELS])
{
  return balls_at (ut_vec3 (31.5, 31.5, 31.5), radius_mm);
}

static gsize
count (const UtVolume *labels, UtStructure structure)
{
  gsize n = 0;
  for (gsize i = 0; i < N; i++)
    n += labels->u8[i] == structure;
  return n;
}

/* Of a ball of as many voxels. */
static double
radius_mm (gsize n_voxels)
{
  return voxel_mm * cbrt (3 * (double)n_voxels / (4 * G_PI));
}

static UtVolume *
offset (const UtVolume *labels, UtStructure structure, double mm)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *before = g_memdup2 (labels->u8, N);
  UtVolume *moved = ut_label_offset (labels, structure, mm, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (before, N, labels->u8, N); /* a copy was changed */
  return moved;
}

static void
test_ball (void)
{
  for (double r = 20; r <= 40; r += 10)
    for (double mm = -UT_OFFSET_MAX_MM; mm <= UT_OFFSET_MAX_MM; mm += UT_OFFSET_STEP_MM) {
      if (mm == 0)
        continue;
      g_autoptr (UtVolume) ball = balls ((double[]){[UT_RV] = r, [UT_RA] = 0});
      g_autoptr (UtVolume) moved = offset (ball, UT_RV, mm);
      double grown_mm = radius_mm (count (moved, UT_RV)) - radius_mm (count (ball, UT_RV));
      g_assert_cmpfloat_with_epsilon (grown_mm, mm, mm > 0 ? 0.25 : 0.4);
      g_assert_cmpuint (count (moved, UT_RV) + count (moved, UT_BACKGROUND), ==, N);
    }
}

/* 22 mm and 3 mm are 25 mm, by volume, wherever the ball lies on the grid */
static void
test_ball_volume (void)
{
  const double want_mm3 = 4 * G_PI / 3 * pow (25, 3);
  for (int place = 0; place < 8; place++) {
    UtVec3 centre = ut_vec3 (31 + 0.13 * place, 31.5 - 0.29 * place, 30 + 0.41 * place);
    g_autoptr (UtVolume) ball = balls_at (centre, (double[]){[UT_LA] = 22, [UT_RA] = 0});
    g_autoptr (UtVolume) moved = offset (ball, UT_LA, 3);
    double mm3 = (double)count (moved, UT_LA) * pow (voxel_mm, 3);
    g_assert_cmpfloat_with_epsilon (mm3 / want_mm3, 1, 0.02);
  }
}

/* the LV grows into its wall and gives way to it; the wall's outside stays */
static void
test_wall_follows (void)
{
  g_autoptr (UtVolume) heart = balls ((double[]){[UT_MYO] = 35, [UT_LV] = 24, [UT_RA] = 0});
  gsize whole = count (heart, UT_MYO) + count (heart, UT_LV);
  for (double mm = -6; mm <= 6; mm += 12) {
    g_autoptr (UtVolume) moved = offset (heart, UT_LV, mm);
    double grown_mm = radius_mm (count (moved, UT_LV)) - radius_mm (count (heart, UT_LV));
    g_assert_cmpfloat_with_epsilon (grown_mm, mm, 0.4);
    g_assert_cmpuint (count (moved, UT_MYO) + count (moved, UT_LV), ==, whole);
    for (gsize i = 0; i < N; i++)
      g_assert_true ((heart->u8[i] == UT_BACKGROUND) == (moved->u8[i] == UT_BACKGROUND));
  }
}

/* the wall moves at its outside only */
static void
test_cavity_stays (void)
{
  g_autoptr (UtVolume) heart = balls ((double[]){[UT_MYO] = 36, [UT_LV] = 24, [UT_RA] = 0});
  for (double mm = -6; mm <= 6; mm += 12) {
    g_autoptr (UtVolume) moved = offset (heart, UT_MYO, mm);
    gsize before = count (heart, UT_MYO) + count (heart, UT_LV);
    gsize after = count (moved, UT_MYO) + count (moved, UT_LV);
    g_assert_cmpfloat_with_epsilon (radius_mm (after) - radius_mm (before), mm, 0.4);
    for (gsize i = 0; i < N; i++)
      g_assert_true ((heart->u8[i] == UT_LV) == (moved->u8[i] == UT_LV));
  }
}

/* neighbours keep their voxels, and what faces them stays where it is */
static void
test_neighbours_stay (void)
{
  g_autoptr (UtVolume) heart = balls ((double[]){[UT_RV] = 30, [UT_RA] = 0});
  for (gsize i = 0; i < N; i++)
    if (heart->u8[i] == UT_RV && i % SIDE >= 32)
      heart->u8[i] = UT_RA;
  for (double mm = -6; mm <= 6; mm += 12) {
    g_autoptr (UtVolume) moved = offset (heart, UT_RV, mm);
    for (gsize i = 0; i < N; i++)
      g_assert_true ((heart->u8[i] == UT_RA) == (moved->u8[i] == UT_RA));
    gsize middle = (31 * SIDE + 31) * SIDE + 31; /* beside the RA, far from the outside */
    g_assert_cmpint (moved->u8[middle], ==, UT_RV);
  }
}

static void
refuse (const UtVolume *labels, UtStructure structure, double mm, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_label_offset (labels, structure, mm, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_refused (void)
{
  g_autoptr (UtVolume) small = balls ((double[]){[UT_LV] = 6, [UT_RA] = 0});
  refuse (small, UT_LV, 0, "steps of 1.5");
  refuse (small, UT_LV, 2, "steps of 1.5");
  refuse (small, UT_LV, NAN, "steps of 1.5");
  refuse (small, UT_LV, 10.5, "steps of 1.5");
  refuse (small, UT_LV, -9, "LV would vanish");
  refuse (small, UT_RA, 3, "RA is not there");
  g_autoptr (UtVolume) full = balls ((double[]){[UT_LA] = 1000, [UT_RA] = 0});
  refuse (full, UT_LA, 3, "LA has no surface");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/label-offset/ball", test_ball);
  g_test_add_func ("/label-offset/ball-volume", test_ball_volume);
  g_test_add_func ("/label-offset/wall-follows", test_wall_follows);
  g_test_add_func ("/label-offset/cavity-stays", test_cavity_stays);
  g_test_add_func ("/label-offset/neighbours-stay", test_neighbours_stay);
  g_test_add_func ("/label-offset/refused", test_refused);
  return g_test_run ();
}
