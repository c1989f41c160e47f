/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin.h"

#include "engine/anatomy/canonical.h"
#include "engine/base/error.h"

#include <math.h>
#include <string.h>

#define N UT_TWIN_N_VOXELS

static float *
flat_probabilities (void)
{
  float *p = g_new (float, UT_N_LABELS *N);
  for (gsize i = 0; i < UT_N_LABELS * N; i++)
    p[i] = 1.0f / UT_N_LABELS;
  return p;
}

/* ties go to the lower label */
static void
test_labels (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwin) twin = ut_twin_new (UT_PHASE_ES, NULL);
  float *p = flat_probabilities ();
  p[UT_RV * N + 5] = p[UT_LA * N + 5] = 0.4f;
  p[UT_RA * N + 6] = 0.9f;
  g_assert_true (ut_twin_take_probabilities (twin, UT_TWIN_REFINED, p, &error));
  g_assert_no_error (error);
  const UtVolume *labels = twin->labels[UT_TWIN_REFINED];
  g_assert_cmpuint (labels->u8[4], ==, UT_BACKGROUND);
  g_assert_cmpuint (labels->u8[5], ==, UT_LA);
  g_assert_cmpuint (labels->u8[6], ==, UT_RA);
  UtVec3 centre = ut_affine_point (&labels->m_patient_from_voxel, ut_vec3 (31.5, 31.5, 31.5));
  g_assert_cmpfloat_with_epsilon (ut_vec3_length (centre), 0, 1e-9);
  g_assert_cmpint (ut_twin_final_stage (twin), ==, UT_TWIN_REFINED);
  g_assert_true (ut_twin_has_stage (twin, UT_TWIN_REFINED));
  g_assert_false (ut_twin_has_stage (twin, UT_TWIN_COARSE));
}

static void
test_not_finite (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwin) twin = ut_twin_new (UT_PHASE_ED, NULL);
  float *p = flat_probabilities ();
  p[3 * N + 17] = NAN;
  g_assert_false (ut_twin_take_probabilities (twin, UT_TWIN_COARSE, p, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_assert_false (ut_twin_has_stage (twin, UT_TWIN_COARSE));
}

static void
test_branches (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwin) twin = ut_twin_new (UT_PHASE_ED, NULL);
  g_assert_cmpint (twin->template_index, ==, UT_TWIN_NO_TEMPLATE);
  float *bad = g_new0 (float, UT_TWIN_N_BRANCHES *N);
  bad[2 * N + 11] = INFINITY;
  g_assert_false (ut_twin_take_branches (twin, g_new0 (float, UT_TWIN_N_BRANCHES *N), bad, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "voxel 11"));
  g_assert_null (twin->weight);
  g_clear_error (&error);
  float *variance = g_new0 (float, UT_TWIN_N_BRANCHES *N);
  g_assert_true (
    ut_twin_take_branches (twin, variance, g_new0 (float, UT_TWIN_N_BRANCHES *N), &error));
  g_assert_true (twin->variance == variance);
}

static void
test_read_back (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwin) twin = ut_twin_new (UT_PHASE_ED, NULL);
  const gsize dims[3] = {64, 64, 64};
  UtAffine grid = ut_canonical_grid (), shifted = grid;
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &grid, &error);
  shifted.m[0][3] += 1;
  g_autoptr (UtVolume) elsewhere = ut_volume_new (UT_VOXEL_U8, dims, &shifted, &error);
  g_assert_false (ut_twin_set_labels (twin, UT_TWIN_COARSE, elsewhere, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_clear_error (&error);
  labels->u8[9] = UT_N_LABELS;
  g_assert_false (ut_twin_set_labels (twin, UT_TWIN_COARSE, labels, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_clear_error (&error);
  labels->u8[9] = UT_RA;
  g_assert_true (ut_twin_set_labels (twin, UT_TWIN_COARSE, labels, &error));
  g_assert_null (twin->probabilities[UT_TWIN_COARSE]);
  g_assert_true (ut_twin_has_stage (twin, UT_TWIN_COARSE));
}

static void
test_stage_names (void)
{
  for (int s = 0; s < UT_N_TWIN_STAGES; s++) {
    UtTwinStage back;
    g_assert_true (ut_twin_stage_from_name (ut_twin_stage_name (s), &back));
    g_assert_cmpint (back, ==, s);
  }
  g_assert_false (ut_twin_stage_from_name ("Coarse", &(UtTwinStage){0}));
}

static void
test_provenance (void)
{
  UtTwinProvenance made = {.model_name = "m", .seed = 1ull << 40, .input_sha256 = {"a", NULL, "c"}};
  g_autoptr (UtTwin) twin = ut_twin_new (UT_PHASE_ED, &made);
  g_assert_cmpstr (twin->provenance.model_name, ==, "m");
  g_assert_cmpstr (twin->provenance.input_sha256[2], ==, "c");
  g_assert_null (twin->provenance.input_sha256[1]);
  g_assert_cmpuint (twin->provenance.seed, ==, 1ull << 40);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/labels", test_labels);
  g_test_add_func ("/twin/not-finite", test_not_finite);
  g_test_add_func ("/twin/branches", test_branches);
  g_test_add_func ("/twin/read-back", test_read_back);
  g_test_add_func ("/twin/stage-names", test_stage_names);
  g_test_add_func ("/twin/provenance", test_provenance);
  return g_test_run ();
}
