/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/canonical.h"
#include "engine/anatomy/phantom.h"
#include "engine/base/json.h"
#include "engine/measure/ef-interval.h"
#include "engine/measure/uncertainty.h"
#include "engine/study/measurements.h"
#include "engine/study/reference-range.h"
#include "engine/study/twin-mesh.h"
#include "fixture.h"

#include <math.h>
#include <string.h>

static double
ball_ml (double radius_mm)
{
  return 4.0 / 3 * G_PI * pow (radius_mm, 3) / 1000;
}

static double
value_of (const UtMeasurements *all, UtQuantity quantity, int phase, int structure)
{
  const UtMeasurement *item = ut_measurements_find (all, quantity, phase, structure);
  g_assert_nonnull (item);
  return item->value;
}

static void
assert_within (double value, double want, double share)
{
  g_assert_cmpfloat_with_epsilon (value, want, share * fabs (want));
}

static JsonObject *path (JsonObject *object, const char *dotted);
static char *result_text (const UtStudy *study);

static UtMeasurements *
measure (const UtStudy *study)
{
  g_autoptr (GError) error = NULL;
  UtMeasurements *all = ut_study_measure (ut_study_get_state (study), NULL, &error);
  g_assert_no_error (error);
  return all;
}

/* Balls: volumes, mass and EF in closed form; voxels and flat triangles of 3 mm are good to 2 %
 * there. */
static void
test_closed_forms (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (UtMeasurements) all = measure (study);
  const UtPhase ed = UT_PHASE_ED, es = UT_PHASE_ES;
  assert_within (value_of (all, UT_QUANTITY_VOLUME, ed, UT_LV), ball_ml (28), 0.02);
  assert_within (value_of (all, UT_QUANTITY_MESH_VOLUME, ed, UT_LV), ball_ml (28), 0.02);
  assert_within (value_of (all, UT_QUANTITY_MESH_VOLUME, es, UT_LV), ball_ml (22), 0.02);
  assert_within (value_of (all, UT_QUANTITY_MESH_VOLUME, es, UT_RA), ball_ml (20), 0.02);
  assert_within (
    value_of (all, UT_QUANTITY_MASS, ed, UT_MYO), 1.05 * (ball_ml (38) - ball_ml (28)), 0.02);
  double edv_ml = value_of (all, UT_QUANTITY_VOLUME, ed, UT_LV);
  double esv_ml = value_of (all, UT_QUANTITY_VOLUME, es, UT_LV);
  assert_within (value_of (all, UT_QUANTITY_SV, -1, UT_LV), edv_ml - esv_ml, 1e-12);
  assert_within (value_of (all, UT_QUANTITY_EF, -1, UT_LV), 100 * (1 - esv_ml / edv_ml), 1e-12);
  assert_within (
    value_of (all, UT_QUANTITY_EF, -1, UT_LV), 100 * (1 - ball_ml (22) / ball_ml (28)), 0.03);

  /* reference at ED: LV of 27 mm; atria and RV are the same */
  assert_within (value_of (all, UT_QUANTITY_DSC, ed, UT_LV),
                 2 * ball_ml (27) / (ball_ml (27) + ball_ml (28)),
                 0.01);
  g_assert_cmpfloat (value_of (all, UT_QUANTITY_DSC, ed, UT_RA), ==, 1);
  g_assert_cmpfloat (value_of (all, UT_QUANTITY_HD_MM, ed, UT_LA), ==, 0);
  double hd_mm = value_of (all, UT_QUANTITY_HD_MM, ed, UT_LV);
  g_assert_cmpfloat (hd_mm, >, 0);
  g_assert_cmpfloat (hd_mm, <=, 3 * sqrt (3));
  assert_within (hd_mm, 3 * value_of (all, UT_QUANTITY_HD_VOXELS, ed, UT_LV), 1e-9);
  double sum = 0;
  for (int structure = UT_MYO; structure < UT_N_LABELS; structure++)
    sum += value_of (all, UT_QUANTITY_DSC, ed, structure);
  assert_within (value_of (all, UT_QUANTITY_DSC, ed, -1), sum / 5, 1e-12);
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_DSC, es, UT_LV)); /* no reference there */
}

static void
test_cut_off (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (UtTwin) ed = fixture_twin (UT_PHASE_ED, 97, 1u << UT_TWIN_COARSE);
  g_autoptr (UtTwin) es = fixture_twin (UT_PHASE_ES, 22, 1u << UT_TWIN_COARSE);
  UtTwin *const twins[UT_N_PHASES] = {ed, es};
  fixture_set_results (study, ut_study_get_state (study), twins);
  g_autoptr (UtMeasurements) all = measure (study);
  g_assert_true (ut_measurements_find (all, UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_LV)->cut_off);
  g_assert_false (ut_measurements_find (all, UT_QUANTITY_VOLUME, UT_PHASE_ES, UT_LV)->cut_off);
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_EF, -1, UT_LV));
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_SV, -1, UT_LV));
}

/* The EF comes with an interval that holds it, wider the more is unsure, and with its sources. */
static void
test_interval (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  double width[2];
  for (int several = 0; several < 2; several++) {
    g_autoptr (UtTwin) ed = fixture_whole_twin (UT_PHASE_ED, 28);
    g_autoptr (UtTwin) es = fixture_whole_twin (UT_PHASE_ES, 22);
    UtTwin *const twins[UT_N_PHASES] = {ed, es};
    if (!several)
      for (int phase = 0; phase < UT_N_PHASES; phase++)
        g_clear_pointer (&twins[phase]->seed_voxels, g_free);
    fixture_set_results (study, ut_study_get_state (study), twins);
    g_autoptr (UtMeasurements) all = measure (study);
    const UtMeasurement *ef = ut_measurements_find (all, UT_QUANTITY_EF, -1, UT_LV);
    g_assert_true (ef->has_interval);
    g_assert_cmpfloat (ef->low, <, ef->value);
    g_assert_cmpfloat (ef->value, <, ef->high);
    g_assert_cmpint (all->ef.state, ==, UT_EF_GIVEN);
    g_assert_cmpuint (all->ef.validation.n_hearts, ==, 40);
    g_assert_cmpuint (all->ef.n_seeds[UT_PHASE_ES], ==, several ? 4 : 0);
    width[several] = ef->high - ef->low;

    double edv_ml = value_of (all, UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_LV);
    double esv_ml = value_of (all, UT_QUANTITY_VOLUME, UT_PHASE_ES, UT_LV), low, high;
    double seeds_ml = several ? 0.027 * sqrt (2 * (150 * 150 + 50 * 50) / 3.0) : 0;
    UtVolumeErrors errors = {{0.5, -0.25}, {hypot (6, seeds_ml), hypot (5, seeds_ml)}, 0};
    errors.correlation = (0.4 * 6 * 5 + seeds_ml * seeds_ml) / (errors.sd_ml[0] * errors.sd_ml[1]);
    g_assert_true (ut_ef_interval (edv_ml, esv_ml, &errors, &low, &high));
    g_assert_cmpfloat_with_epsilon (ef->low, 100 * low, 1e-9);
    g_assert_cmpfloat_with_epsilon (ef->high, 100 * high, 1e-9);
  }
  g_assert_cmpfloat (width[1], >, width[0]);
}

/* Without a table of the weights' errors, with two networks, of a heart that was not made from
 * echo, or from other views than ED, or than the table is of, there is no EF. */
static void
test_no_table (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  static const UtEfState states[] = {
    UT_EF_NO_TABLE, UT_EF_NO_TABLE, UT_EF_NO_ECHO, UT_EF_OTHER_VIEWS, UT_EF_OTHER_VIEWS};
  for (gsize other = 0; other < G_N_ELEMENTS (states); other++) {
    g_autoptr (UtTwin) ed = fixture_twin (UT_PHASE_ED, 28, 1u << UT_TWIN_COARSE);
    g_autoptr (UtTwin) es = fixture_twin (UT_PHASE_ES, 22, 1u << UT_TWIN_COARSE);
    UtTwin *const twins[UT_N_PHASES] = {ed, es};
    if (other == 1) {
      g_free (es->provenance.model_sha256);
      es->provenance.model_sha256 = g_strdup ("00");
    } else if (other < 3) {
      es->provenance.validation.n_hearts = 0;
    }
    if (other >= 3)
      ed->provenance.present[1] = es->provenance.present[1] = TRUE;
    if (other == 4)
      ed->provenance.validation.views = UT_TWIN_ALL_VIEWS;
    if (other == 2)
      memset (es->provenance.present, 0, sizeof es->provenance.present);
    fixture_set_results (study, ut_study_get_state (study), twins);
    g_autoptr (UtMeasurements) all = measure (study);
    g_assert_null (ut_measurements_find (all, UT_QUANTITY_EF, -1, UT_LV));
    g_assert_nonnull (ut_measurements_find (all, UT_QUANTITY_SV, -1, UT_LV));
    g_assert_cmpint (all->ef.state, ==, states[other]);
  }
}

/* A twin whose labels are the average adult heart */
static UtTwin *
phantom_twin (UtPhase phase)
{
  const gsize dims[3] = {UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE};
  UtAffine grid = ut_canonical_grid ();
  UtLandmarks landmarks;
  g_autoptr (UtPhantom) phantom = ut_phantom_new ();
  g_autoptr (UtVolume) fine = ut_phantom_labels (phantom, 1.5, NULL);
  g_assert_true (ut_landmarks_find (fine, &landmarks, NULL));
  UtAffine frame = ut_canonical_frame (&landmarks);
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &grid, NULL);
  UtAffine to_voxel;
  g_assert_true (ut_affine_invert (&fine->m_patient_from_voxel, &to_voxel));
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++) {
    UtVec3 p = ut_affine_point (&grid, ut_vec3 (i % 64, i / 64 % 64, i / 4096));
    UtVec3 v = ut_affine_point (&to_voxel, ut_affine_point (&frame, p));
    double x = round (v.x), y = round (v.y), z = round (v.z);
    if (x >= 0 && y >= 0 && z >= 0 && x < (double)fine->dims[0] && y < (double)fine->dims[1] &&
        z < (double)fine->dims[2])
      labels->u8[i] = fine->u8[ut_volume_index (fine, (gsize)x, (gsize)y, (gsize)z)];
  }
  UtTwin *twin = ut_twin_new (phase, NULL);
  g_assert_true (ut_twin_set_labels (twin, UT_TWIN_COARSE, labels, NULL));
  return twin;
}

/* Long axis, sphericity and wall of a heart whose are known; none where it has no axes. */
static void
test_shape (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (UtPhantom) phantom = ut_phantom_new ();
  g_autoptr (UtTwin) ed = phantom_twin (UT_PHASE_ED);
  g_autoptr (UtTwin) es = fixture_twin (UT_PHASE_ES, 22, 1u << UT_TWIN_COARSE); /* balls */
  UtTwin *const twins[UT_N_PHASES] = {ed, es};
  fixture_set_results (study, ut_study_get_state (study), twins);
  g_autoptr (UtMeasurements) all = measure (study);
  double long_axis_mm =
    ut_vec3_length (ut_vec3_sub (ut_phantom_apex (phantom), ut_phantom_mitral (phantom)));
  double found_mm = value_of (all, UT_QUANTITY_LONG_AXIS, UT_PHASE_ED, UT_LV);
  g_assert_cmpfloat_with_epsilon (found_mm, long_axis_mm, 3);
  double ml = value_of (all, UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_LV);
  assert_within (value_of (all, UT_QUANTITY_SPHERICITY, UT_PHASE_ED, UT_LV),
                 1000 * ml / (G_PI / 6 * pow (found_mm, 3)),
                 1e-9);
  g_assert_cmpfloat_with_epsilon (value_of (all, UT_QUANTITY_WALL_THICKNESS, UT_PHASE_ED, UT_MYO),
                                  ut_phantom_wall_mm (phantom),
                                  1);
  g_assert_true (all->has_wall[UT_PHASE_ED]);
  g_assert_false (all->has_wall[UT_PHASE_ES]);
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_LONG_AXIS, UT_PHASE_ES, UT_LV));

  g_autofree char *text = result_text (study);
  g_autoptr (JsonNode) node = ut_json_parse (text, strlen (text), "result", NULL);
  JsonObject *phase = path (json_node_get_object (node), "ed");
  g_assert_cmpfloat (json_object_get_double_member (phase, "lv_long_axis_mm"), ==, found_mm);
  JsonArray *segments = json_object_get_array_member (phase, "lv_wall_thickness_segments_mm");
  g_assert_cmpuint (json_array_get_length (segments), ==, UT_N_SEGMENTS);
  g_assert_cmpfloat (
    json_array_get_double_element (segments, 6), ==, all->wall[UT_PHASE_ED].segment_mm[7]);
}

/* Volumes per square metre and the output of a heart whose rate is known; all of it follows an edit
 * without a new measuring. */
static void
test_body (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (UtTwin) ed = fixture_twin (UT_PHASE_ED, 28, 1u << UT_TWIN_COARSE);
  g_autoptr (UtTwin) es = fixture_twin (UT_PHASE_ES, 20, 1u << UT_TWIN_COARSE);
  UtTwin *const twins[UT_N_PHASES] = {ed, es};
  fixture_set_results (study, ut_study_get_state (study), twins);
  g_autoptr (UtMeasurements) all = measure (study);
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ED, UT_LV));
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_CARDIAC_OUTPUT, -1, UT_LV));
  g_assert_false (ut_measurements_follow (all, ut_study_get_state (study)));

  g_autoptr (UtCine) by_rate = fixture_cine (1, TRUE), by_waves = fixture_cine (2, TRUE);
  by_rate->heart_rate_bpm = 60;
  by_waves->heart_rate_bpm = 60; /* R waves, 800 ms apart, say more */
  by_waves->n_r_waves = 3;
  by_waves->r_waves_ms = g_memdup2 ((double[]){10, 760, 1610}, 3 * sizeof (double));
  ut_study_set_cine (study, UT_VIEW_A4C, by_rate, "a");
  ut_study_set_cine (study, UT_VIEW_A2C, by_waves, "b");
  g_assert_true (ut_measurements_follow (all, ut_study_get_state (study)));
  double litres = value_of (all, UT_QUANTITY_SV, -1, UT_LV) / 1000;
  double output = value_of (all, UT_QUANTITY_CARDIAC_OUTPUT, -1, UT_LV);
  assert_within (output, litres * (60 + 75) / 2, 1e-9);
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_CARDIAC_INDEX, -1, UT_LV));

  const UtBody body = {UT_SEX_MALE, 170, 70};
  const double m2 = ut_body_surface_m2 (&body);
  g_assert_true (ut_study_set_body (study, &body, NULL));
  g_assert_true (ut_measurements_follow (all, ut_study_get_state (study)));
  g_assert_false (ut_measurements_follow (all, ut_study_get_state (study)));
  for (UtStructure s = UT_LV; s < UT_N_LABELS; s++)
    assert_within (value_of (all, UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ES, (int)s),
                   value_of (all, UT_QUANTITY_VOLUME, UT_PHASE_ES, (int)s) / m2,
                   1e-9);
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ED, UT_MYO));
  assert_within (value_of (all, UT_QUANTITY_MASS_INDEX, UT_PHASE_ED, UT_MYO),
                 value_of (all, UT_QUANTITY_MASS, UT_PHASE_ED, UT_MYO) / m2,
                 1e-9);
  assert_within (value_of (all, UT_QUANTITY_SV_INDEX, -1, UT_LV), 1000 * litres / m2, 1e-9);
  assert_within (value_of (all, UT_QUANTITY_CARDIAC_INDEX, -1, UT_LV), output / m2, 1e-9);
  g_autoptr (UtMeasurements) anew = measure (study);
  g_assert_cmpuint (anew->items->len, ==, all->items->len);
}

/* Every number has a whole passport, and ranges stand where echo has them. */
static void
test_passports (void)
{
  for (UtQuantity q = 0; q < UT_N_QUANTITIES; q++) {
    const UtQuantityInfo *info = ut_quantity_info (q);
    g_assert_true (info->key && info->name && info->unit && info->formula && info->sampling &&
                   info->empty);
    g_assert_true (g_str_has_prefix (info->definition, info->formula));
    g_assert_nonnull (strstr (info->definition, info->sampling));
    g_assert_nonnull (strstr (info->definition, info->empty));
    for (UtQuantity other = 0; other < q; other++)
      g_assert_cmpstr (info->key, !=, ut_quantity_info (other)->key);
  }
  g_assert_cmpint (ut_quantity_info (UT_QUANTITY_HD95_MM)->better, ==, UT_BETTER_SMALLER);
  g_assert_cmpint (ut_quantity_info (UT_QUANTITY_DSC)->better, ==, UT_BETTER_LARGER);
  const UtReferenceRange *ef = ut_reference_range (UT_QUANTITY_EF, -1, UT_LV);
  g_assert_cmpfloat (ef->men[0], ==, 52);
  g_assert_cmpfloat (ef->women[1], ==, 74);
  g_assert_cmpfloat (
    ut_reference_range (UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ED, UT_LV)->women[1], ==, 61);
  g_assert_null (ut_reference_range (UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_RA));
  g_assert_null (ut_reference_range (UT_QUANTITY_MASS, UT_PHASE_ES, UT_MYO));
}

/* The last stage is measured, and a stage without probabilities by its voxels. */
static void
test_stages (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwin) coarse = fixture_twin (UT_PHASE_ED, 28, 1u << UT_TWIN_COARSE);
  g_autoptr (UtTwin) smaller = fixture_twin (UT_PHASE_ED, 20, 1u << UT_TWIN_COARSE);
  ut_twin_set_labels (coarse, UT_TWIN_CORRECTED, smaller->labels[UT_TWIN_COARSE], &error);
  g_assert_no_error (error);
  UtTwin *const twins[UT_N_PHASES] = {coarse, NULL};
  fixture_set_results (study, ut_study_get_state (study), twins);
  g_autoptr (UtMeasurements) all = measure (study);
  double voxel_ml = value_of (all, UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_LV);
  g_assert_cmpfloat_with_epsilon (voxel_ml, 32.616, 1e-9); /* 1208 centres lie in the ball */
  assert_within (value_of (all, UT_QUANTITY_MESH_VOLUME, UT_PHASE_ED, UT_LV), voxel_ml, 0.05);
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_EF, -1, UT_LV));
}

/* The 16 bits that probabilities are kept in do not show on surfaces. */
static void
test_kept_meshes (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwin) twin = fixture_twin (UT_PHASE_ED, 28, 1u << UT_TWIN_COARSE);
  UtTwin *const twins[UT_N_PHASES] = {twin, NULL};
  fixture_set_results (study, ut_study_get_state (study), twins);
  const UtTwin *kept = ut_study_twin (ut_study_get_state (study), UT_PHASE_ED);
  for (UtStructure structure = UT_MYO; structure < UT_N_LABELS; structure++) {
    g_autoptr (UtMesh) a = ut_twin_mesh (twin, UT_TWIN_COARSE, structure, &error);
    g_autoptr (UtMesh) b = ut_twin_mesh (kept, UT_TWIN_COARSE, structure, &error);
    g_assert_cmpuint (a->n_vertices, ==, b->n_vertices);
    g_assert_cmpuint (a->n_vertices, >, 500);
    double worst_mm = 0;
    for (gsize i = 0; i < a->n_vertices; i++) {
      UtVec3 shift = ut_vec3_sub (ut_mesh_position (a, i), ut_mesh_position (b, i));
      worst_mm = fmax (worst_mm, ut_vec3_length (shift));
    }
    g_assert_cmpfloat (worst_mm, <, 0.001);
  }
}

/* A wall and an RV that lean on each other: balls that win where they are deeper than the other. */
static UtTwin *
leaning_twin (void)
{
  g_autoptr (UtTwin) ball = fixture_twin (UT_PHASE_ED, 28, 1u << UT_TWIN_COARSE);
  const UtAffine *m = &ball->labels[UT_TWIN_COARSE]->m_patient_from_voxel;
  float *p = g_new0 (float, UT_N_LABELS *UT_TWIN_N_VOXELS);
  UtTwin *twin = fixture_twin (UT_PHASE_ED, 28, 0);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++) {
    UtVec3 at = ut_affine_point (m, ut_vec3 (i % 64, i / 64 % 64, i / 4096));
    double wall = exp (30 - ut_vec3_length (at));
    double rv = exp (32 - ut_vec3_length (ut_vec3_sub (at, ut_vec3 (31, 7, 3))));
    p[i] = (float)(1 / (1 + wall + rv));
    p[UT_MYO * UT_TWIN_N_VOXELS + i] = (float)(wall / (1 + wall + rv));
    p[UT_RV * UT_TWIN_N_VOXELS + i] = (float)(rv / (1 + wall + rv));
  }
  g_assert_true (ut_twin_take_probabilities (twin, UT_TWIN_COARSE, p, NULL));
  return twin;
}

/* What is shown differs from what is measured along creases only, and hardly in volume. */
static void
test_shown_meshes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwin) twin = leaning_twin ();
  const UtStructure structures[] = {UT_MYO, UT_RV};
  for (gsize i = 0; i < G_N_ELEMENTS (structures); i++) {
    UtStructure structure = structures[i];
    g_autoptr (UtMesh) mesh = ut_twin_mesh (twin, UT_TWIN_COARSE, structure, &error);
    g_autoptr (UtMesh) shown = ut_twin_shown_mesh (twin, UT_TWIN_COARSE, structure, mesh, &error);
    UtMeshCheck check;
    g_assert_no_error (error);
    ut_mesh_check (shown, &check);
    g_assert_true (check.closed);
    assert_within (ut_mesh_volume_mm3 (shown), ut_mesh_volume_mm3 (mesh), 0.02);
    g_assert_cmpmem (shown->positions,
                     3 * mesh->n_vertices * sizeof (float),
                     mesh->positions,
                     3 * mesh->n_vertices * sizeof (float));
    g_assert_cmpuint (shown->n_vertices, >, mesh->n_vertices + 200);
  }

  /* of an edited copy what was not edited looks as before, what was as it is measured */
  const UtVolume *before = twin->labels[UT_TWIN_COARSE];
  g_autoptr (UtVolume) after =
    ut_volume_new (UT_VOXEL_U8, before->dims, &before->m_patient_from_voxel, &error);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    after->u8[i] = before->u8[i] == UT_RV && i % 64 > 48 ? UT_BACKGROUND : before->u8[i];
  g_autoptr (UtTwin) edited = ut_twin_new_edited (twin, after, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (structures); i++) {
    g_autoptr (UtMesh) mesh = ut_twin_mesh (edited, UT_TWIN_EDITED, structures[i], &error);
    g_autoptr (UtMesh) shown =
      ut_twin_shown_mesh (edited, UT_TWIN_EDITED, structures[i], mesh, &error);
    g_assert_cmpint (shown == mesh, ==, structures[i] == UT_RV);
  }

  /* a stage of labels alone is shown without its stairs */
  g_autoptr (UtTwin) labels = fixture_whole_twin (UT_PHASE_ED, 28);
  g_autoptr (UtMesh) stairs = ut_twin_mesh (labels, UT_TWIN_TEMPLATE, UT_RV, &error);
  g_autoptr (UtMesh) smooth = ut_twin_shown_mesh (labels, UT_TWIN_TEMPLATE, UT_RV, stairs, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (smooth->n_vertices, ==, stairs->n_vertices);
  g_assert_cmpfloat (ut_mesh_area_mm2 (smooth), <, 0.95 * ut_mesh_area_mm2 (stairs));
  assert_within (ut_mesh_volume_mm3 (smooth), ut_mesh_volume_mm3 (stairs), 0.02);
}

/* A spread that rises towards the patient's left, on the surfaces and against the true error */
static void
test_uncertainty (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (UtTwin) twin = fixture_twin (UT_PHASE_ED, 28, 1u << UT_TWIN_COARSE);
  float *spread = g_new (float, UT_TWIN_N_VOXELS);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    spread[i] = (float)(i % 64) / 50;
  g_assert_true (ut_twin_take_spread (twin, spread, NULL));
  UtTwin *const twins[UT_N_PHASES] = {twin, NULL};
  fixture_set_results (study, ut_study_get_state (study), twins);
  const UtStudyState *state = ut_study_get_state (study);
  g_autoptr (UtMesh) mesh =
    ut_twin_mesh (ut_study_twin (state, UT_PHASE_ED), UT_TWIN_COARSE, UT_LV, NULL);
  const UtMeshScalar *scalar = ut_mesh_find_scalar (mesh, UT_SPREAD_SCALAR);
  for (gsize i = 0; i < mesh->n_vertices; i++)
    g_assert_cmpfloat_with_epsilon (
      scalar->values[i], (ut_mesh_position (mesh, i).x / 3 + 31.5) / 50, 1e-4);
  g_assert_null (ut_mesh_find_scalar (mesh, UT_DISAGREEMENT_SCALAR));

  g_autoptr (UtMeasurements) all = measure (study);
  g_autoptr (UtMesh) truth = ut_study_reference_mesh (state->references[UT_PHASE_ED], UT_LV, NULL);
  g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (mesh, truth, NULL);
  double rho;
  g_assert_true (ut_uncertainty_rank (mesh, UT_SPREAD_SCALAR, distance, &rho));
  g_assert_cmpfloat (value_of (all, UT_QUANTITY_SPREAD_RANK, UT_PHASE_ED, UT_LV), ==, rho);
  double sum = 0;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    sum += value_of (all, UT_QUANTITY_SPREAD_RANK, UT_PHASE_ED, s);
  g_assert_cmpfloat_with_epsilon (
    value_of (all, UT_QUANTITY_SPREAD_RANK, UT_PHASE_ED, -1), sum / 5, 1e-12);
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_DISAGREEMENT_RANK, UT_PHASE_ED, UT_LV));
  g_assert_null (ut_measurements_find (all, UT_QUANTITY_SPREAD_RANK, UT_PHASE_ES, UT_LV));
}

static JsonObject *
path (JsonObject *object, const char *dotted)
{
  g_auto (GStrv) keys = g_strsplit (dotted, ".", -1);
  for (char **key = keys; *key; key++) {
    g_assert_true (json_object_has_member (object, *key));
    object = json_object_get_object_member (object, *key);
  }
  return object;
}

static char *
result_text (const UtStudy *study)
{
  g_autoptr (UtMeasurements) all = measure (study);
  g_autoptr (JsonNode) node = ut_study_result_json (ut_study_get_state (study), all);
  return json_to_string (node, TRUE);
}

static void
test_json (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = result_text (study);
  g_autoptr (JsonNode) node = ut_json_parse (text, strlen (text), "result", &error);
  g_assert_no_error (error);
  JsonObject *root = json_node_get_object (node);
  double value;
  g_assert_true (
    ut_json_get_double (path (root, "ed.structures.LV"), "volume_ml", 0, 1e4, &value, &error));
  assert_within (value, ball_ml (28), 0.02);
  g_assert_true (ut_json_has (path (root, "ed.structures.RA"), "hd_voxels"));
  g_assert_true (ut_json_has (path (root, "ed.mean"), "hd95_mm"));
  g_assert_true (ut_json_has (path (root, "es"), "lv_mass_g"));
  g_assert_false (ut_json_has (path (root, "es.structures.LV"), "dsc"));
  double ef = json_object_get_double_member (path (root, "lv"), "ejection_fraction_percent");
  JsonArray *ends =
    json_object_get_array_member (path (root, "lv"), "ejection_fraction_interval_percent");
  g_assert_cmpfloat (json_array_get_double_element (ends, 0), <, ef);
  g_assert_cmpfloat (json_array_get_double_element (ends, 1), >, ef);
  g_assert_cmpint (
    json_object_get_int_member (path (root, "lv.ejection_fraction_basis.validation"), "n_hearts"),
    ==,
    40);
  g_assert_nonnull (
    strstr (json_object_get_string_member (path (root, "definitions"), "ejection_fraction_percent"),
            "validation error table"));
  g_assert_true (ut_json_has (path (root, "definitions"), "assd_mm"));
  g_assert_cmpint (json_object_get_int_member (path (root, "inputs.PSAX"), "ed_frame"), ==, 3);
  g_assert_cmpstr (
    json_object_get_string_member (path (root, "inputs.PSAX"), "calibration"), ==, "manual");
  g_assert_cmpstr (json_object_get_string_member (root, "notice"), ==, UT_STUDY_NOTICE);
  g_assert_null (strstr (text, folder));

  /* the same to the last digit from a study that was opened again */
  g_autoptr (UtStudy) opened = ut_study_open (folder, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *again = result_text (opened);
  g_assert_cmpstr (text, ==, again);

  ut_study_set_mirrored (opened, UT_VIEW_A4C, TRUE);
  g_autoptr (UtMeasurements) stale = measure (opened);
  g_assert_true (ut_measurements_find (stale, UT_QUANTITY_EF, -1, UT_LV)->stale);
}

/* Small: by surface and by voxels apart, and the reason with it. Large: cut off, and said so. */
static void
test_volume_flags (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (UtTwin) ed = fixture_twin (UT_PHASE_ED, 97, 1u << UT_TWIN_COARSE);
  g_autoptr (UtTwin) es = fixture_twin (UT_PHASE_ES, 4, 1u << UT_TWIN_COARSE);
  UtTwin *const twins[UT_N_PHASES] = {ed, es};
  fixture_set_results (study, ut_study_get_state (study), twins);
  g_autoptr (UtMeasurements) all = measure (study);
  const UtMeasurement *small =
    ut_measurements_find (all, UT_QUANTITY_MESH_VOLUME, UT_PHASE_ES, UT_LV);
  const UtMeasurement *voxels = ut_measurements_find (all, UT_QUANTITY_VOLUME, UT_PHASE_ES, UT_LV);
  g_assert_false (ut_volumes_agree (voxels->value, small->value));
  g_assert_cmpint (small->cause, ==, UT_VOLUMES_SMOOTH);
  g_assert_cmpint (voxels->cause, ==, UT_VOLUMES_AGREE); /* said once */
  g_assert_cmpint (ut_measurements_find (all, UT_QUANTITY_MESH_VOLUME, UT_PHASE_ES, UT_RA)->cause,
                   ==,
                   UT_VOLUMES_AGREE);

  g_autofree char *text = result_text (study);
  g_autoptr (JsonNode) node = ut_json_parse (text, strlen (text), "result", NULL);
  JsonObject *root = json_node_get_object (node);
  g_assert_cmpstr (
    json_object_get_string_member (path (root, "es.structures.LV"), "volume_mesh_differs_by"),
    ==,
    "smoothing");
  g_assert_false (ut_json_has (path (root, "es.structures.RA"), "volume_mesh_differs_by"));
  g_assert_true (json_object_get_boolean_member (path (root, "ed.structures.LV"), "cut_off"));
  g_assert_false (json_object_get_boolean_member (path (root, "es.structures.LV"), "cut_off"));
  g_assert_false (ut_json_has (path (root, "lv"), "ejection_fraction_percent"));
  g_assert_cmpstr (
    json_object_get_string_member (path (root, "lv.ejection_fraction_basis"), "state"),
    ==,
    "lv_cut_off");
}

static void
test_stage_volumes (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (UtTwin) twin = fixture_whole_twin (UT_PHASE_ES, 25);
  UtTwin *const twins[UT_N_PHASES] = {NULL, twin};
  fixture_set_results (study, ut_study_get_state (study), twins);
  g_autofree char *text = result_text (study);
  g_autoptr (JsonNode) node = ut_json_parse (text, strlen (text), "result", NULL);
  JsonObject *root = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (path (root, "es"), "template"), ==, 3);
  g_assert_false (ut_json_has (path (root, "ed"), "template"));
  g_assert_cmpuint (json_object_get_size (path (root, "ed.stages")), ==, 1);
  for (UtTwinStage stage = 0; stage < UT_TWIN_EDITED; stage++) {
    JsonObject *ml =
      path (path (path (root, "es.stages"), ut_twin_stage_name (stage)), "volume_ml");
    assert_within (json_object_get_double_member (ml, "LV"), ball_ml (25), 0.02);
  }
}

/* "_ml", "_percent"; "_l_per_min_m2" of l/min/m² */
static char *
key_ending (const char *unit)
{
  g_autoptr (GString) text = g_string_new (strcmp (unit, "%") == 0 ? "percent" : unit);
  g_string_replace (text, "/", "_per_", 1);
  g_string_replace (text, "/", "_", 0);
  g_string_replace (text, "²", "2", 0);
  return g_strconcat ("_", text->str, NULL);
}

static void
test_definitions (void)
{
  for (UtQuantity quantity = 0; quantity < UT_N_QUANTITIES; quantity++) {
    const UtQuantityInfo *info = ut_quantity_info (quantity);
    g_assert_cmpint (strlen (info->definition), >, 20);
    g_autofree char *suffix = key_ending (info->unit);
    if (info->unit[0])
      g_assert_true (g_str_has_suffix (info->key, suffix)); /* the unit stands in the name */
    for (UtQuantity other = 0; other < quantity; other++)
      g_assert_cmpstr (info->key, !=, ut_quantity_info (other)->key);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measurements/closed-forms", test_closed_forms);
  g_test_add_func ("/measurements/cut-off", test_cut_off);
  g_test_add_func ("/measurements/shape", test_shape);
  g_test_add_func ("/measurements/body", test_body);
  g_test_add_func ("/measurements/passports", test_passports);
  g_test_add_func ("/measurements/volume-flags", test_volume_flags);
  g_test_add_func ("/measurements/interval", test_interval);
  g_test_add_func ("/measurements/no-table", test_no_table);
  g_test_add_func ("/measurements/stages", test_stages);
  g_test_add_func ("/measurements/kept-meshes", test_kept_meshes);
  g_test_add_func ("/measurements/shown-meshes", test_shown_meshes);
  g_test_add_func ("/measurements/uncertainty", test_uncertainty);
  g_test_add_func ("/measurements/stage-volumes", test_stage_volumes);
  g_test_add_func ("/measurements/json", test_json);
  g_test_add_func ("/measurements/definitions", test_definitions);
  return g_test_run ();
}
