/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/anatomy/hearts.h"

#include "engine/anatomy/canonical.h"
#include "engine/anatomy/heart-motion.h"
#include "engine/base/error.h"
#include "engine/image/nifti.h"

/* Asserts what the canonical pose promises; @volume_share: volumes as on the way in. */
static void
assert_canonical (const UtVolume *labels, double volume_share)
{
  g_autoptr (GError) error = NULL;
  UtAffine m_patient_from_canonical;
  g_autoptr (UtVolume) canonical =
    ut_canonical_resample (labels, &m_patient_from_canonical, &error);
  g_assert_no_error (error);
  for (int axis = 0; axis < 3; axis++)
    g_assert_cmpuint (canonical->dims[axis], ==, UT_CANONICAL_SIDE);
  for (guint8 i = UT_MYO; i < UT_N_LABELS; i++) {
    double ml = volume_ml (labels, i);
    g_assert_cmpfloat_with_epsilon (volume_ml (canonical, i), ml, volume_share * ml);
    g_assert_cmpuint (ut_parts_count (canonical->u8, canonical->dims, i), ==, 1);
  }
  UtLandmarks before, after;
  g_assert_true (ut_landmarks_find (labels, &before, NULL));
  g_assert_true (ut_landmarks_find (canonical, &after, NULL));
  g_assert_cmpfloat (angle_deg (after.long_axis, ut_vec3 (0, 0, -1)), <, 3);
  g_assert_cmpfloat (angle_deg (after.septal, ut_vec3 (-1, 0, 0)), <, 3);
  g_assert_cmpfloat (ut_vec3_length (after.centroid[UT_BACKGROUND]), <, 0.5);
  UtVec3 mitral = ut_affine_point (&m_patient_from_canonical, after.mitral);
  g_assert_cmpfloat (distance (mitral, before.mitral), <, 2);
}

static void
test_phantoms (void)
{
  for (guint64 seed = 0; seed < 4; seed++) {
    g_autoptr (UtVolume) labels = phantom_heart (seed, 1.5);
    assert_canonical (labels, 0.01);
  }
}

/* The apex is not drawn to one side by the layers of a grid that the axis stands on. */
static void
test_apex (void)
{
  for (guint64 seed = 0; seed < 4; seed++) {
    g_autoptr (UtVolume) labels = phantom_heart (seed, 1.5);
    UtAffine m_patient_from_canonical;
    g_autoptr (UtVolume) canonical =
      ut_canonical_resample (labels, &m_patient_from_canonical, NULL);
    UtLandmarks before, after;
    g_assert_true (ut_landmarks_find (labels, &before, NULL));
    g_assert_true (ut_landmarks_find (canonical, &after, NULL));
    UtVec3 apex = ut_affine_point (&m_patient_from_canonical, after.apex);
    g_assert_cmpfloat (distance (apex, before.apex), <, 0.8);
    g_assert_cmpfloat (angle_deg (after.long_axis, ut_vec3 (0, 0, -1)), <, 1.2);
  }
}

static void
test_end_systole (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (1, 1.5);
  UtLandmarks marks;
  g_assert_true (ut_landmarks_find (labels, &marks, NULL));
  UtHeartMotionParams params = ut_heart_motion_params (0.65);
  g_autoptr (UtHeartMotion) motion = ut_heart_motion_new (labels, &marks, &params, NULL);
  g_autoptr (UtVolume) es = ut_heart_motion_at (motion, 1, NULL);
  assert_canonical (es, 0.015);
}

/* Voxel axes stored in another order and direction are the same heart. */
static void
test_voxel_order (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (2, 2);
  const gsize *dims = labels->dims;
  const gsize turned_dims[3] = {dims[2], dims[0], dims[1]};
  UtAffine order = ut_affine_from_axes (
    ut_vec3 (0, 0, -1), ut_vec3 (1, 0, 0), ut_vec3 (0, 1, 0), ut_vec3 (0, 0, dims[2] - 1.0));
  UtAffine grid = ut_affine_multiply (&labels->m_patient_from_voxel, &order);
  g_autoptr (UtVolume) turned = ut_volume_new (UT_VOXEL_U8, turned_dims, &grid, NULL);
  for (gsize z = 0; z < dims[2]; z++)
    for (gsize y = 0; y < dims[1]; y++)
      for (gsize x = 0; x < dims[0]; x++)
        turned->u8[ut_volume_index (turned, dims[2] - 1 - z, x, y)] =
          labels->u8[ut_volume_index (labels, x, y, z)];
  g_autoptr (UtVolume) a = ut_canonical_resample (labels, NULL, NULL);
  g_autoptr (UtVolume) b = ut_canonical_resample (turned, NULL, NULL);
  gsize differ = 0;
  for (gsize i = 0; i < ut_volume_n_voxels (a); i++)
    differ += a->u8[i] != b->u8[i];
  g_assert_cmpuint (differ, <, 60); /* rounding at voxel borders */
}

/* Islands are dropped and do not move the pose. */
static void
test_islands (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (0, 2);
  g_autoptr (UtVolume) dirty = on_grid (labels, &labels->m_patient_from_voxel);
  for (int i = 0; i < 3; i++)
    dirty->u8[i] = UT_LV;
  g_autoptr (UtVolume) a = ut_canonical_resample (labels, NULL, NULL);
  g_autoptr (UtVolume) b = ut_canonical_resample (dirty, NULL, NULL);
  g_assert_cmpmem (a->u8, ut_volume_n_voxels (a), b->u8, ut_volume_n_voxels (b));
}

static void
assert_refused (UtVolume *labels, UtEngineError code, const char *pattern)
{
  g_autoptr (UtVolume) owned = labels;
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_canonical_resample (owned, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, (int)code);
  g_assert_true (g_regex_match_simple (pattern, error->message, 0, 0));
}

static void
test_refused (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (0, 3);
  assert_refused (mirrored (labels), UT_ENGINE_ERROR_FORMAT, "mirrored");
  assert_refused (without (labels, UT_LA), UT_ENGINE_ERROR_FORMAT, "without LA");
  UtAffine larger = ut_affine_scale_offset (ut_vec3 (1.8, 1.8, 1.8), ut_vec3 (0, 0, 0));
  UtAffine grid = ut_affine_multiply (&larger, &labels->m_patient_from_voxel);
  assert_refused (on_grid (labels, &grid), UT_ENGINE_ERROR_RANGE, "outside the 192 mm cube");
}

static void
test_grid (void)
{
  UtAffine grid = ut_canonical_grid ();
  UtVec3 first = ut_affine_point (&grid, ut_vec3 (0, 0, 0));
  UtVec3 last = ut_affine_point (&grid, ut_vec3 (63, 63, 63));
  g_assert_cmpfloat (distance (first, ut_vec3 (-94.5, -94.5, -94.5)), <, 1e-9);
  g_assert_cmpfloat (distance (last, ut_vec3 (94.5, 94.5, 94.5)), <, 1e-9);
}

/* Hearts of real shape, where the checkout has them beside it. */
static void
test_cohort (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("UT_TEST_COHORT") ?: "", NULL);
  if (g_getenv ("UT_TEST_COHORT") == NULL) {
    g_test_skip ("UT_TEST_COHORT does not name a folder of label volumes");
    return;
  }
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  const char *name;
  for (guint i = 0; (name = g_dir_read_name (dir)) != NULL; i++) {
    if (i % 24 != 0 || !g_str_has_suffix (name, ".nii.gz"))
      continue;
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (UtVolume) labels = ut_nifti_read_labels (path, &error);
    g_assert_no_error (error);
    g_test_message ("%s", name);
    assert_canonical (labels, 0.02);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/canonical/grid", test_grid);
  g_test_add_func ("/canonical/phantoms", test_phantoms);
  g_test_add_func ("/canonical/apex", test_apex);
  g_test_add_func ("/canonical/end-systole", test_end_systole);
  g_test_add_func ("/canonical/voxel-order", test_voxel_order);
  g_test_add_func ("/canonical/islands", test_islands);
  g_test_add_func ("/canonical/refused", test_refused);
  g_test_add_func ("/canonical/cohort", test_cohort);
  return g_test_run ();
}
