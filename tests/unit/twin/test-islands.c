/* SPDX-License-Identifier: Apache-2.0 */
/* What sinks, what stays, and what an island becomes. */
#include "engine/twin/islands.h"
#include "engine/twin/twin.h"

#define SIDE 64

static gsize
voxel (gsize z, gsize y, gsize x)
{
  return (z * SIDE + y) * SIDE + x;
}

/* a cube of @side voxels of @label at (z, y, x), sure to 0.6; the rest is what was there before */
static void
add_cube (float *p, guint label, gsize z, gsize y, gsize x, gsize side)
{
  for (gsize i = 0; i < side * side * side; i++) {
    gsize at = voxel (z + i / (side * side), y + i / side % side, x + i % side);
    for (gsize c = 0; c < UT_N_LABELS; c++)
      p[c * UT_TWIN_N_VOXELS + at] *= 0.4f;
    p[label * UT_TWIN_N_VOXELS + at] += 0.6f;
  }
}

static float *
background (void)
{
  float *p = g_new0 (float, UT_N_LABELS *UT_TWIN_N_VOXELS);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    p[i] = 1;
  return p;
}

static void
assert_probabilities (const float *p, gsize at, guint label, float want)
{
  float total = 0;
  for (gsize c = 0; c < UT_N_LABELS; c++)
    total += p[c * UT_TWIN_N_VOXELS + at];
  g_assert_cmpfloat_with_epsilon (total, 1, 1e-6f);
  g_assert_cmpfloat_with_epsilon (p[label * UT_TWIN_N_VOXELS + at], want, 1e-6f);
}

static void
test_sizes (void)
{
  g_autofree float *p = background ();
  add_cube (p, 1, 10, 10, 10, 6);
  add_cube (p, 1, 16, 16, 16, 1); /* touches the cube by a corner */
  add_cube (p, 1, 30, 30, 30, 3); /* 27 voxels */
  add_cube (p, 1, 40, 40, 40, 4); /* 64 */
  add_cube (p, 2, 50, 50, 50, 1); /* small, but the largest of its label */
  ut_twin_sink_islands (p);
  assert_probabilities (p, voxel (12, 12, 12), 1, 0.6f);
  assert_probabilities (p, voxel (16, 16, 16), 1, 0.6f);
  assert_probabilities (p, voxel (31, 31, 31), 1, 0);
  assert_probabilities (p, voxel (31, 31, 31), 0, 1);
  assert_probabilities (p, voxel (42, 42, 42), 1, 0.6f);
  assert_probabilities (p, voxel (50, 50, 50), 2, 0.6f);
}

/* an island of the wall within the LV becomes LV */
static void
test_within (void)
{
  g_autofree float *p = background ();
  add_cube (p, 2, 10, 10, 10, 12);
  add_cube (p, 1, 40, 40, 40, 5);
  add_cube (p, 1, 14, 14, 14, 1);
  ut_twin_sink_islands (p);
  assert_probabilities (p, voxel (14, 14, 14), 1, 0);
  assert_probabilities (p, voxel (14, 14, 14), 2, 0.6f);
}

/* where nothing else was likely there is background */
static void
test_sure (void)
{
  g_autofree float *p = background ();
  const gsize at = voxel (20, 20, 20);
  add_cube (p, 3, 40, 40, 40, 5);
  p[at] = 0;
  p[3 * UT_TWIN_N_VOXELS + at] = 1;
  ut_twin_sink_islands (p);
  assert_probabilities (p, at, 0, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/islands/sizes", test_sizes);
  g_test_add_func ("/twin/islands/within", test_within);
  g_test_add_func ("/twin/islands/sure", test_sure);
  return g_test_run ();
}
