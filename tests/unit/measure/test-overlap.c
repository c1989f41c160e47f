/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/parallel.h"
#include "engine/base/random.h"
#include "engine/measure/distance-transform.h"
#include "engine/measure/overlap.h"

static UtVolume *
new_labels (gsize nx, gsize ny, gsize nz, UtVec3 spacing)
{
  const gsize dims[3] = {nx, ny, nz};
  UtAffine m = ut_affine_scale_offset (spacing, ut_vec3 (-7, 3, 20));
  return ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
}

/* label 1 in the voxels from low up to, not with, high */
static void
fill_box (UtVolume *labels, const gsize low[3], const gsize high[3], guint8 label)
{
  for (gsize z = low[2]; z < high[2]; z++)
    for (gsize y = low[1]; y < high[1]; y++)
      for (gsize x = low[0]; x < high[0]; x++)
        labels->u8[ut_volume_index (labels, x, y, z)] = label;
}

static void
assert_near (double value, double wanted)
{
  g_assert_cmpfloat_with_epsilon (value, wanted, 1e-9);
}

/* Everything by its definition, pair by pair. */

static gboolean
slow_inside (const UtVolume *v, gssize x, gssize y, gssize z, guint8 label)
{
  const gsize *d = v->dims;
  return x >= 0 && y >= 0 && z >= 0 && x < (gssize)d[0] && y < (gssize)d[1] && z < (gssize)d[2] &&
         v->u8[ut_volume_index (v, (gsize)x, (gsize)y, (gsize)z)] == label;
}

static GArray *
slow_surface (const UtVolume *v, guint8 label)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (UtVec3));
  for (gssize i = 0; i < (gssize)ut_volume_n_voxels (v); i++) {
    gssize nx = (gssize)v->dims[0], ny = (gssize)v->dims[1];
    gssize x = i % nx, y = i / nx % ny, z = i / (nx * ny);
    gboolean all = slow_inside (v, x - 1, y, z, label) && slow_inside (v, x + 1, y, z, label) &&
                   slow_inside (v, x, y - 1, z, label) && slow_inside (v, x, y + 1, z, label) &&
                   slow_inside (v, x, y, z - 1, label) && slow_inside (v, x, y, z + 1, label);
    UtVec3 p = ut_vec3 (x, y, z);
    if (slow_inside (v, x, y, z, label) && !all)
      g_array_append_val (points, p);
  }
  return points;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static GArray *
slow_directed (GArray *from, GArray *to, UtVec3 spacing)
{
  GArray *distances = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < from->len; i++) {
    double best = INFINITY;
    for (guint k = 0; k < to->len; k++) {
      UtVec3 d = ut_vec3_sub (g_array_index (from, UtVec3, i), g_array_index (to, UtVec3, k));
      d = ut_vec3 (d.x * spacing.x, d.y * spacing.y, d.z * spacing.z);
      best = MIN (best, ut_vec3_length (d));
    }
    g_array_append_val (distances, best);
  }
  g_array_sort (distances, compare_doubles);
  return distances;
}

static double
slow_p95 (GArray *sorted)
{
  double at = 0.95 * (sorted->len - 1), whole = floor (at);
  double low = g_array_index (sorted, double, (guint)whole);
  double high = g_array_index (sorted, double, MIN ((guint)whole + 1, sorted->len - 1));
  return low * (1 - (at - whole)) + high * (at - whole);
}

static void
assert_slow_distances (
  const UtVolume *a, const UtVolume *b, UtVec3 spacing, double hd, double hd95, double assd)
{
  g_autoptr (GArray) a_points = slow_surface (a, 1);
  g_autoptr (GArray) b_points = slow_surface (b, 1);
  g_autoptr (GArray) ab = slow_directed (a_points, b_points, spacing);
  g_autoptr (GArray) ba = slow_directed (b_points, a_points, spacing);
  double sum = 0;
  for (guint i = 0; i < ab->len; i++)
    sum += g_array_index (ab, double, i);
  for (guint i = 0; i < ba->len; i++)
    sum += g_array_index (ba, double, i);
  assert_near (
    hd, MAX (g_array_index (ab, double, ab->len - 1), g_array_index (ba, double, ba->len - 1)));
  assert_near (hd95, MAX (slow_p95 (ab), slow_p95 (ba)));
  assert_near (assd, sum / (ab->len + ba->len));
}

static void
test_random_against_pairs (void)
{
  UtRandom random;
  ut_random_init (&random, 21, 0);
  for (int round = 0; round < 300; round++) {
    UtVec3 spacing = {ut_random_uniform (&random, 0.5, 3),
                      ut_random_uniform (&random, 0.5, 3),
                      ut_random_uniform (&random, 0.5, 3)};
    gsize n[3];
    for (int axis = 0; axis < 3; axis++)
      n[axis] = 1 + ut_random_index (&random, 9);
    g_autoptr (UtVolume) a = new_labels (n[0], n[1], n[2], spacing);
    g_autoptr (UtVolume) b = new_labels (n[0], n[1], n[2], spacing);
    double share = ut_random_uniform (&random, 0.02, 0.9);
    gsize n_a = 0, n_b = 0, n_both = 0;
    for (gsize i = 0; i < ut_volume_n_voxels (a); i++) {
      a->u8[i] = ut_random_chance (&random, share);
      b->u8[i] = ut_random_chance (&random, share) ? 1 : 2;
      n_a += a->u8[i] == 1;
      n_b += b->u8[i] == 1;
      n_both += a->u8[i] == 1 && b->u8[i] == 1;
    }
    if (n_a == 0 || n_b == 0)
      continue;
    UtOverlap o;
    g_assert_true (ut_overlap_label (a, b, 1, &o, NULL));
    assert_slow_distances (a, b, ut_vec3 (1, 1, 1), o.hd_voxels, o.hd95_voxels, o.assd_voxels);
    assert_slow_distances (a, b, spacing, o.hd_mm, o.hd95_mm, o.assd_mm);
    assert_near (o.dsc, 2.0 * n_both / (n_a + n_b));
    double voxel_ml = spacing.x * spacing.y * spacing.z / 1000;
    assert_near (o.volume_difference_ml, ((double)n_a - (double)n_b) * voxel_ml);
    assert_near (o.volume_error_ml, fabs (o.volume_difference_ml));
  }
}

static void
test_shifted_box (void)
{
  /* 10 x 10 x 10 voxels of 1 x 2 x 4 mm, moved by 3 along y */
  g_autoptr (UtVolume) a = new_labels (20, 20, 20, ut_vec3 (1, 2, 4));
  g_autoptr (UtVolume) b = new_labels (20, 20, 20, ut_vec3 (1, 2, 4));
  fill_box (a, (gsize[]){5, 2, 5}, (gsize[]){15, 12, 15}, 1);
  fill_box (b, (gsize[]){5, 5, 5}, (gsize[]){15, 15, 15}, 1);
  UtOverlap o;
  g_assert_true (ut_overlap_label (a, b, 1, &o, NULL));
  assert_near (o.dsc, 0.7);
  assert_near (o.hd_voxels, 3);
  assert_near (o.hd_mm, 6);
  assert_near (o.volume_error_ml, 0);
  g_assert_cmpuint (o.n_pred, ==, 1000);
  g_assert_cmpuint (o.n_common, ==, 700);
}

static void
test_nested_balls (void)
{
  /* radii of 22 and 20 voxels of 1 mm: every distance is 2, within the width of a voxel */
  g_autoptr (UtVolume) a = new_labels (51, 51, 51, ut_vec3 (1, 1, 1));
  g_autoptr (UtVolume) b = new_labels (51, 51, 51, ut_vec3 (1, 1, 1));
  for (gsize i = 0; i < 51 * 51 * 51; i++) {
    UtVec3 p = {i % 51 - 25.0, i / 51 % 51 - 25.0, i / (51 * 51) - 25.0};
    a->u8[i] = ut_vec3_length (p) <= 22;
    b->u8[i] = ut_vec3_length (p) <= 20;
  }
  UtOverlap o;
  g_assert_true (ut_overlap_label (a, b, 1, &o, NULL));
  g_assert_cmpfloat_with_epsilon (o.assd_mm, 2, 0.15);
  g_assert_cmpfloat_with_epsilon (o.hd95_mm, 2, 0.5);
  g_assert_cmpfloat_with_epsilon (o.hd_mm, 2, 0.5);
  double ratio = pow (20 / 22.0, 3);
  g_assert_cmpfloat_with_epsilon (o.dsc, 2 * ratio / (1 + ratio), 0.005);
}

/* Nested boxes on voxels of 1 x 1.5 x 3 mm, the outer one flush with three borders of the grid:
 * its faces there are surface too. Larger by 2, 3 and 6 mm beyond the other faces, so that the
 * largest distance is from corner to corner, and all of it has a closed form. */
static void
test_anisotropic_border (void)
{
  const UtVec3 spacing = {1, 1.5, 3};
  g_autoptr (UtVolume) outer = new_labels (30, 24, 14, spacing);
  g_autoptr (UtVolume) inner = new_labels (30, 24, 14, spacing);
  fill_box (outer, (gsize[]){0, 0, 0}, (gsize[]){20, 14, 10}, 1);
  fill_box (inner, (gsize[]){0, 0, 0}, (gsize[]){18, 12, 8}, 1);
  UtOverlap o;
  g_assert_true (ut_overlap_label (outer, inner, 1, &o, NULL));
  const double n_outer = 20 * 14 * 10, n_inner = 18 * 12 * 8;
  assert_near (o.dsc, 2 * n_inner / (n_outer + n_inner));
  assert_near (o.hd_voxels, sqrt (12));
  assert_near (o.hd_mm, sqrt (2 * 2 + 3 * 3 + 6 * 6));
  assert_near (o.volume_difference_ml, (n_outer - n_inner) * 4.5 / 1000);
  assert_near (o.n_common, n_inner);
}

/* Slabs at opposite borders of the grid, 7 voxels of 3 mm apart: every distance is the same. */
static void
test_slabs_at_the_border (void)
{
  g_autoptr (UtVolume) a = new_labels (40, 40, 8, ut_vec3 (1, 1, 3));
  g_autoptr (UtVolume) b = new_labels (40, 40, 8, ut_vec3 (1, 1, 3));
  fill_box (a, (gsize[]){0, 0, 0}, (gsize[]){40, 40, 1}, 1);
  fill_box (b, (gsize[]){0, 0, 7}, (gsize[]){40, 40, 8}, 1);
  UtOverlap o;
  g_assert_true (ut_overlap_label (a, b, 1, &o, NULL));
  assert_near (o.dsc, 0);
  assert_near (o.hd_mm, 21);
  assert_near (o.hd95_mm, 21);
  assert_near (o.assd_mm, 21);
  assert_near (o.hd_voxels, 7);
  assert_near (o.hd95_voxels, 7);
  assert_near (o.assd_voxels, 7);
}

/* Nested balls on anisotropic voxels, of 33 and 30 mm: every distance is 3 mm, to half a voxel */
static void
test_nested_balls_anisotropic (void)
{
  const UtVec3 spacing = {1, 1.5, 2};
  g_autoptr (UtVolume) a = new_labels (73, 49, 37, spacing);
  g_autoptr (UtVolume) b = new_labels (73, 49, 37, spacing);
  for (gsize i = 0; i < ut_volume_n_voxels (a); i++) {
    UtVec3 p = {(i % 73 - 36.0) * 1, (i / 73 % 49 - 24.0) * 1.5, (i / (73 * 49) - 18.0) * 2};
    a->u8[i] = ut_vec3_length (p) <= 33;
    b->u8[i] = ut_vec3_length (p) <= 30;
  }
  UtOverlap o;
  double half_mm = ut_vec3_length (spacing) / 2;
  g_assert_true (ut_overlap_label (a, b, 1, &o, NULL));
  g_assert_cmpfloat_with_epsilon (o.assd_mm, 3, 0.3);
  g_assert_cmpfloat_with_epsilon (o.hd95_mm, 3, half_mm);
  g_assert_cmpfloat_with_epsilon (o.hd_mm, 3, half_mm);
  double ratio = pow (30 / 33.0, 3);
  g_assert_cmpfloat_with_epsilon (o.dsc, 2 * ratio / (1 + ratio), 0.005);
}

static void
test_border_counts_as_surface (void)
{
  /* a full grid's surface is its outer layer: the middle voxel is 2 steps from it, not 0 */
  g_autoptr (UtVolume) full = new_labels (5, 5, 5, ut_vec3 (3, 3, 3));
  g_autoptr (UtVolume) middle = new_labels (5, 5, 5, ut_vec3 (3, 3, 3));
  fill_box (full, (gsize[]){0, 0, 0}, (gsize[]){5, 5, 5}, 1);
  fill_box (middle, (gsize[]){2, 2, 2}, (gsize[]){3, 3, 3}, 1);
  UtOverlap o;
  g_assert_true (ut_overlap_label (middle, full, 1, &o, NULL));
  assert_near (o.hd_voxels, sqrt (12));
  assert_near (o.hd_mm, 3 * sqrt (12));
  g_assert_true (ut_overlap_label (full, full, 1, &o, NULL));
  assert_near (o.hd_mm, 0);
  assert_near (o.assd_mm, 0);
  assert_near (o.dsc, 1);
}

static void
test_empty_sets (void)
{
  g_autoptr (UtVolume) a = new_labels (64, 64, 64, ut_vec3 (3, 3, 3));
  g_autoptr (UtVolume) b = new_labels (64, 64, 64, ut_vec3 (3, 3, 3));
  a->u8[100] = 1;
  UtOverlap o[6];
  UtOverlapMean mean;
  g_assert_true (ut_overlap_all (a, b, 6, o, &mean, NULL));
  assert_near (o[1].dsc, 0);
  assert_near (o[1].hd_voxels, 63 * sqrt (3));
  assert_near (o[1].hd95_voxels, 63 * sqrt (3));
  assert_near (o[1].hd_mm, 189 * sqrt (3));
  assert_near (o[1].volume_difference_ml, 0.027);
  g_assert_true (ut_overlap_one_empty (&o[1]));
  assert_near (o[2].dsc, 1);
  assert_near (o[2].hd_mm, 0);
  g_assert_false (ut_overlap_one_empty (&o[2]));
  g_assert_cmpuint (mean.n_one_empty, ==, 1);
  assert_near (mean.mean.dsc, 0.8);
  assert_near (mean.mean.hd_voxels, 63 * sqrt (3) / 5);
  g_assert_true (ut_overlap_label (b, a, 1, &o[0], NULL));
  assert_near (o[0].volume_difference_ml, -0.027);
  assert_near (o[0].volume_error_ml, 0.027);
}

static void
test_refusals (void)
{
  g_autoptr (UtVolume) a = new_labels (4, 4, 4, ut_vec3 (1, 1, 1));
  g_autoptr (UtVolume) smaller = new_labels (4, 4, 3, ut_vec3 (1, 1, 1));
  g_autoptr (UtVolume) wider = new_labels (4, 4, 4, ut_vec3 (1, 1, 1.1));
  g_autoptr (UtVolume) field =
    ut_volume_new (UT_VOXEL_F32, a->dims, &a->m_patient_from_voxel, NULL);
  UtOverlap o = {.dsc = -1};
  g_autoptr (GError) error = NULL;
  g_assert_false (ut_overlap_label (a, smaller, 1, &o, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_false (ut_overlap_label (a, wider, 1, &o, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_false (ut_overlap_label (field, a, 1, &o, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
  assert_near (o.dsc, -1);
}

static void
test_distance_transform (void)
{
  UtRandom random;
  ut_random_init (&random, 22, 0);
  for (int round = 0; round < 60; round++) {
    gsize dims[3];
    for (int axis = 0; axis < 3; axis++)
      dims[axis] = 1 + ut_random_index (&random, 12);
    gsize n = dims[0] * dims[1] * dims[2];
    UtVec3 spacing = {ut_random_uniform (&random, 0.2, 4), ut_random_uniform (&random, 0.2, 4), 1};
    g_autofree guint8 *mask = g_new0 (guint8, n);
    for (guint i = 0; i < 1 + ut_random_index (&random, 6); i++)
      mask[ut_random_index (&random, (guint)n)] = 1;
    g_autofree double *squared = g_new (double, n);
    ut_distance_transform (mask, dims, spacing, squared);
    for (gsize i = 0; i < n; i++) {
      double best = INFINITY;
      for (gsize k = 0; k < n; k++) {
        double x = ((double)(i % dims[0]) - (double)(k % dims[0])) * spacing.x;
        double y = ((double)(i / dims[0] % dims[1]) - (double)(k / dims[0] % dims[1])) * spacing.y;
        double z = ((double)(i / dims[0] / dims[1]) - (double)(k / dims[0] / dims[1])) * spacing.z;
        if (mask[k])
          best = MIN (best, x * x + y * y + z * z);
      }
      assert_near (squared[i], best);
    }
  }
  const guint8 nothing[8] = {0};
  double squared[8];
  ut_distance_transform (nothing, (gsize[]){2, 2, 2}, ut_vec3 (1, 1, 1), squared);
  for (int i = 0; i < 8; i++)
    g_assert_true (isinf (squared[i]));
}

static void
test_threads_agree (void)
{
  g_autoptr (UtVolume) a = new_labels (40, 41, 42, ut_vec3 (1, 1.3, 0.7));
  g_autoptr (UtVolume) b = new_labels (40, 41, 42, ut_vec3 (1, 1.3, 0.7));
  UtRandom random;
  ut_random_init (&random, 23, 0);
  for (gsize i = 0; i < ut_volume_n_voxels (a); i++) {
    a->u8[i] = ut_random_chance (&random, 0.01);
    b->u8[i] = ut_random_chance (&random, 0.01);
  }
  UtOverlap many, one;
  g_assert_true (ut_overlap_label (a, b, 1, &many, NULL));
  guint n_threads = ut_parallel_n_threads ();
  ut_parallel_set_n_threads (1);
  g_assert_true (ut_overlap_label (a, b, 1, &one, NULL));
  ut_parallel_set_n_threads (n_threads);
  g_assert_cmpmem (&many, sizeof many, &one, sizeof one);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measure/overlap/random", test_random_against_pairs);
  g_test_add_func ("/measure/overlap/shifted-box", test_shifted_box);
  g_test_add_func ("/measure/overlap/nested-balls", test_nested_balls);
  g_test_add_func ("/measure/overlap/anisotropic-border", test_anisotropic_border);
  g_test_add_func ("/measure/overlap/slabs", test_slabs_at_the_border);
  g_test_add_func ("/measure/overlap/anisotropic-balls", test_nested_balls_anisotropic);
  g_test_add_func ("/measure/overlap/border", test_border_counts_as_surface);
  g_test_add_func ("/measure/overlap/empty", test_empty_sets);
  g_test_add_func ("/measure/overlap/refusals", test_refusals);
  g_test_add_func ("/measure/overlap/distance-transform", test_distance_transform);
  g_test_add_func ("/measure/overlap/threads", test_threads_agree);
  return g_test_run ();
}
