/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "engine/anatomy/canonical.h"
#include "engine/base/random.h"
#include "engine/image/nifti.h"

#include <glib/gstdio.h>
#include <math.h>

/* Takes the path; follows no links. */
static void
remove_tree (gpointer data)
{
  g_autofree char *path = data;
  g_autoptr (GDir) dir =
    g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)) != NULL)
    remove_tree (g_build_filename (path, name, NULL));
  g_remove (path);
}

char *
fixture_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *parent = g_dir_make_tmp ("ut-study-XXXXXX", &error);
  g_assert_no_error (error);
  g_test_queue_destroy (remove_tree, parent);
  char *folder = g_build_filename (parent, "study", NULL);
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  return folder;
}

guint
fixture_count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;
  while (dir && g_dir_read_name (dir))
    n++;
  return n;
}

UtCine *
fixture_cine (guint32 seed, gboolean calibrated)
{
  g_autoptr (GError) error = NULL;
  UtCine *cine = ut_cine_new (FIXTURE_FRAMES, FIXTURE_HEIGHT, FIXTURE_WIDTH, &error);
  g_assert_no_error (error);
  UtRandom random;
  ut_random_init (&random, seed, 0);
  for (guint i = 0; i < FIXTURE_FRAMES * FIXTURE_HEIGHT * FIXTURE_WIDTH; i++)
    cine->pixels[i] = (guint8)ut_random_u32 (&random);
  if (calibrated) {
    cine->calibration = UT_CALIBRATION_SIDECAR;
    cine->spacing_mm[0] = FIXTURE_ROW_MM;
    cine->spacing_mm[1] = FIXTURE_COLUMN_MM;
  }
  return cine;
}

void
fixture_add_loop (UtStudy *study,
                  UtView view,
                  const char *folder,
                  const char *name,
                  guint32 seed,
                  gboolean calibrated)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (UtCine) written = fixture_cine (seed, calibrated);
  ut_cine_write_stills (written, path, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (UtCine) cine = ut_cine_open (path, &error);
  g_assert_no_error (error);
  ut_study_set_cine (study, view, cine, path);
}

/* Log of an unnormalised probability of each label at a point: how far inside it lies, in mm */
static void
logits_at (UtVec3 p, double lv_radius_mm, double ret[UT_N_LABELS])
{
  const UtVec3 centres[UT_N_LABELS] = {
    [UT_LV] = {0, 0, 0}, [UT_LA] = {0, 0, 62}, [UT_RV] = {-62, 0, 0}, [UT_RA] = {-50, 0, 60}};
  const double wall_mm = 10, chamber_mm = 20;
  double r = ut_vec3_length (p);
  ret[UT_BACKGROUND] = 0;
  ret[UT_LV] = lv_radius_mm - r;
  ret[UT_MYO] = fmin (lv_radius_mm + wall_mm - r, r - lv_radius_mm);
  ret[UT_BACKGROUND] = -fmax (ret[UT_LV], ret[UT_MYO]);
  for (UtStructure s = UT_LA; s <= UT_RA; s++) {
    ret[s] = chamber_mm - ut_vec3_length (ut_vec3_sub (p, centres[s]));
    ret[UT_BACKGROUND] = fmin (ret[UT_BACKGROUND], -ret[s]);
  }
}

static float *
probabilities_new (double lv_radius_mm)
{
  float *probabilities = g_new (float, UT_N_LABELS *UT_TWIN_N_VOXELS);
  UtAffine grid = ut_canonical_grid ();
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++) {
    UtVec3 voxel =
      ut_vec3 ((double)(i % 64), (double)(i / 64 % 64), (double)(i / (gsize)(64 * 64)));
    double logits[UT_N_LABELS], sum = 0;
    logits_at (ut_affine_point (&grid, voxel), lv_radius_mm, logits);
    for (int s = 0; s < UT_N_LABELS; s++)
      sum += exp (logits[s]);
    for (int s = 0; s < UT_N_LABELS; s++)
      probabilities[(gsize)s * UT_TWIN_N_VOXELS + i] = (float)(exp (logits[s]) / sum);
  }
  return probabilities;
}

UtTwin *
fixture_twin (UtPhase phase, double lv_radius_mm, guint stages)
{
  g_autoptr (GError) error = NULL;
  UtTwinProvenance made = {
    .model_name = (char *)"test model",
    .model_sha256 = (char *)"00ff",
    .device = (char *)"ref",
    .version = (char *)"0.1.0",
    .options = (char *)"{\"sampler\":\"ddim\",\"eta\":0.25}",
    .seed = G_MAXUINT64 - 1,
    .steps = 4,
    .present = {TRUE, FALSE, TRUE},
    .frame = {2, 0, 5},
    .input_sha256 = {(char *)"ab", NULL, (char *)"cd"},
    .spacing_mm = {{0.1, 0.2}, {0, 0}, {1.0 / 3, 0.7}},
    .upright = TRUE,
    .heart_mm = {{75.5, -3}, {0, 0}, {40, 1.0 / 7}},
    .heart_turn_deg = {8.25, 0, -17},
    .seconds = 1.25,
    .validation = {40, 1 | 4, 0.5, 6, -0.25, 5, 0.4, 3.2, -0.3},
  };
  UtTwin *twin = ut_twin_new (phase, &made);
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    if (stages & 1u << stage)
      g_assert_true (
        ut_twin_take_probabilities (twin, stage, probabilities_new (lv_radius_mm), &error));
  g_assert_no_error (error);
  return twin;
}

/* Voxels of four seeds: the LV 150 more, 50 more, 50 fewer and 150 fewer than the mean's. */
static void
set_seeds (UtTwin *twin)
{
  guint32 voxels[4][UT_N_LABELS] = {{0}};
  for (guint seed = 0; seed < 4; seed++) {
    for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
      voxels[seed][twin->labels[UT_TWIN_CORRECTED]->u8[i]]++;
    voxels[seed][UT_LV] += 150 - 100 * seed;
    voxels[seed][UT_BACKGROUND] -= 150 - 100 * seed;
  }
  g_assert_true (ut_twin_set_seed_voxels (twin, voxels, NULL));
}

UtTwin *
fixture_whole_twin (UtPhase phase, double lv_radius_mm)
{
  g_autoptr (GError) error = NULL;
  guint all = (1u << UT_TWIN_EDITED) - 1;
  UtTwin *twin = fixture_twin (phase, lv_radius_mm, all & ~(1u << UT_TWIN_TEMPLATE));
  g_assert_true (ut_twin_set_labels (twin, UT_TWIN_TEMPLATE, twin->labels[UT_TWIN_COARSE], &error));
  twin->template_index = 3;
  twin->provenance.n_seeds = 4;
  float *variance = g_new (float, UT_TWIN_N_BRANCHES *UT_TWIN_N_VOXELS);
  float *weight = g_new (float, UT_TWIN_N_BRANCHES *UT_TWIN_N_VOXELS);
  float *spread = g_new (float, UT_TWIN_N_VOXELS);
  for (gsize i = 0; i < UT_TWIN_N_BRANCHES * UT_TWIN_N_VOXELS; i++) {
    variance[i] = 0.25f * (float)(i % 251) / 250;
    weight[i] = (float)(i % 7) / 6;
  }
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    spread[i] = 2.2f * (float)(i % 97) / 96;
  g_assert_true (ut_twin_take_branches (twin, variance, weight, &error));
  g_assert_true (ut_twin_take_spread (twin, spread, &error));
  set_seeds (twin);
  return twin;
}

void
fixture_set_results (UtStudy *study, const UtStudyState *inputs, UtTwin *const twins[UT_N_PHASES])
{
  g_autoptr (GError) error = NULL;
  UtStudyResult *results[UT_N_PHASES] = {NULL};
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    if (twins[phase])
      results[phase] = ut_study_result_new (twins[phase], inputs, NULL, &error);
  g_assert_no_error (error);
  ut_study_add_results (study, results);
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    ut_study_result_unref (results[phase]);
}

UtStudyReference *
fixture_reference (const char *folder, const char *name, UtPhase phase, double lv_radius_mm)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (UtTwin) twin = fixture_twin (phase, lv_radius_mm, 1u << UT_TWIN_COARSE);
  ut_nifti_write (twin->labels[UT_TWIN_COARSE], path, NULL, &error);
  g_assert_no_error (error);
  UtStudyReference *reference = ut_study_reference_read (path, NULL, &error);
  g_assert_no_error (error);
  return reference;
}

void
fixture_mark_all (UtStudy *study)
{
  g_autoptr (GError) error = NULL;
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    g_assert_true (ut_study_set_mark (study, view, UT_PHASE_ED, 2, &error));
    g_assert_true (ut_study_set_mark (study, view, UT_PHASE_ES, 5, &error));
  }
}

UtStudy *
fixture_study (const char *folder)
{
  g_autoptr (GError) error = NULL;
  UtStudy *study = ut_study_new_in_folder (folder, &error);
  g_assert_no_error (error);
  ut_study_set_label (study, "Case 7");
  fixture_add_loop (study, UT_VIEW_A4C, folder, "a4c", 1, TRUE);
  fixture_add_loop (study, UT_VIEW_A2C, folder, "a2c", 2, TRUE);
  fixture_add_loop (study, UT_VIEW_PSAX, folder, "psax", 3, FALSE);
  const UtStudyRuler ruler = {{3, 4}, {3, 24}, 10};
  ut_study_calibrate_ruler (study, UT_VIEW_PSAX, &ruler, &error);
  g_assert_no_error (error);
  fixture_mark_all (study);
  ut_study_set_mirrored (study, UT_VIEW_A2C, TRUE);
  g_autoptr (UtStudyReference) reference =
    fixture_reference (folder, "reference_ed.nii.gz", UT_PHASE_ED, 27);
  ut_study_set_reference (study, UT_PHASE_ED, reference);
  g_autoptr (UtTwin) ed = fixture_twin (UT_PHASE_ED, 28, 1u << UT_TWIN_COARSE);
  g_autoptr (UtTwin) es = fixture_twin (UT_PHASE_ES, 22, 1u << UT_TWIN_COARSE);
  UtTwin *const twins[UT_N_PHASES] = {ed, es};
  fixture_set_results (study, ut_study_get_state (study), twins);
  ut_study_save (study, &error);
  g_assert_no_error (error);
  return study;
}
