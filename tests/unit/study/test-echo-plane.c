/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/echo-plane.h"

#include "engine/anatomy/canonical.h"
#include "engine/anatomy/phantom.h"
#include "engine/base/error.h"
#include "engine/study/measurements.h"
#include "engine/study/twin-mesh.h"
#include "engine/surface/marching-cubes.h"
#include "tests/unit/render/solids.h"
#include "tests/unit/study/fixture.h"

#include <string.h>

#define FIELD_MM 150 /* half the side of the raster on which the marks are taken */

static UtVolume *
canonical_heart (guint64 seed)
{
  UtRandom random;
  g_autoptr (GError) error = NULL;
  ut_random_init (&random, seed, 0);
  g_autoptr (UtPhantom) phantom = ut_phantom_new_random (&random);
  g_autoptr (UtVolume) labels = ut_phantom_labels (phantom, 1.5, &error);
  g_assert_no_error (error);
  UtVolume *canonical = ut_canonical_resample (labels, NULL, &error);
  g_assert_no_error (error);
  return canonical;
}

static UtViewPlane
standard_plane (UtView view, const UtVolume *labels)
{
  UtLandmarks landmarks;
  UtViewPlane plane;
  g_assert_true (ut_landmarks_find (labels, &landmarks, NULL));
  g_assert_true (ut_view_plane_standard (view, labels, &landmarks, &plane, NULL));
  return plane;
}

/* What the network is trained to find in the picture of a plane: read from label pixels. */
static void
read_marks (
  UtView view, const UtVolume *labels, const UtViewPlane *plane, double ret_mm[2], double *ret_deg)
{
  UtStructure partner = view == UT_VIEW_PSAX ? UT_RV : UT_LA;
  double sums[2][3] = {{0}};
  UtAffine m_voxel_from_mm;
  g_assert_true (ut_affine_invert (&labels->m_patient_from_voxel, &m_voxel_from_mm));
  for (double y = -FIELD_MM; y < 2 * FIELD_MM; y += 0.5)
    for (double x = -FIELD_MM; x < FIELD_MM; x += 0.5) {
      UtVec3 v = ut_affine_point (&m_voxel_from_mm, ut_view_plane_point (plane, x, y));
      int i = (int)lrint (v.x), j = (int)lrint (v.y), k = (int)lrint (v.z);
      if (MIN (i, MIN (j, k)) < 0 || MAX (i, MAX (j, k)) > 63)
        continue;
      guint8 label = labels->u8[(k * 64 + j) * 64 + i];
      int which = label == UT_LV || label == UT_MYO ? 0 : label == partner ? 1 : -1;
      if (which < 0)
        continue;
      sums[which][0] += x;
      sums[which][1] += y;
      sums[which][2]++;
    }
  double at[2][2];
  for (int i = 0; i < 2; i++)
    for (int c = 0; c < 2; c++)
      at[i][c] = sums[i][c] / sums[i][2];
  ret_mm[0] = at[0][1];
  ret_mm[1] = at[0][0];
  double upright = view == UT_VIEW_PSAX ? G_PI : G_PI / 2;
  double angle = atan2 (at[1][1] - at[0][1], at[1][0] - at[0][0]) - upright;
  *ret_deg = remainder (angle, 2 * G_PI) * 180 / G_PI;
}

/* A picture that was turned and moved in its plane is laid where it was: the outline of a mesh
 * lies within a pixel of that of the true plane. */
static void
test_known_plane (void)
{
  g_autoptr (GError) error = NULL;
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    g_autoptr (UtVolume) labels = canonical_heart (7 + view);
    g_autoptr (UtMesh) mesh = ut_mesh_from_labels (labels, UT_MYO, UT_MESH_FRAME_CANONICAL, &error);
    g_assert_no_error (error);
    UtViewPlane standard = standard_plane (view, labels);
    UtEchoPlane truth = {.plane = standard,
                         .origin_px = {140.5, 12},
                         .spacing_mm = {0.5, 0.6},
                         .width = 300,
                         .height = 320};
    UtPlaneShift hold = {.mm = {-14, 9, 0}, .deg = {0, 0, 23}};
    ut_view_plane_shift (&truth.plane, &hold, standard.origin);
    double heart_mm[2], turn_deg, squares = 0;
    read_marks (view, labels, &truth.plane, heart_mm, &turn_deg);

    UtEchoPlane found = truth;
    g_assert_true (ut_echo_plane_lay (
      view, labels, &standard, heart_mm, turn_deg, &found.plane, &found.pivot, &error));
    g_assert_no_error (error);
    g_autoptr (UtSection) outline = ut_echo_plane_outline (&truth, mesh);
    g_assert_cmpuint (outline->n_points, >, 50);
    for (gsize i = 0; i < outline->n_points; i++) {
      double a[2], b[2];
      ut_echo_plane_pixel (&truth, outline->points[i], a);
      ut_echo_plane_pixel (&found, outline->points[i], b);
      squares += (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]);
    }
    double rms = sqrt (squares / (double)outline->n_points);
    g_test_message ("%s: %.3f px RMS", ut_view_name (view), rms);
    g_assert_cmpfloat (rms, <, 1);
    g_assert_cmpfloat (
      ut_vec3_length (ut_vec3_sub (found.plane.normal, truth.plane.normal)), <, 1e-9);
  }
}

/* A ball cut by a plane aslant: its outline is a circle in the picture, there and back. */
static void
test_pixels (void)
{
  UtEchoPlane plane = {.origin_px = {20, 30}, .spacing_mm = {0.4, 0.25}, .width = 1, .height = 1};
  plane.plane.normal = ut_vec3_normalise (ut_vec3 (1, 2, 2));
  plane.plane.right = ut_vec3_normalise (ut_vec3_reject (ut_vec3 (1, 0, 0), plane.plane.normal));
  plane.plane.down = ut_vec3_cross (plane.plane.normal, plane.plane.right);
  plane.plane.origin = ut_vec3 (3, -4, 5);
  UtVec3 centre = ut_vec3_mad (ut_echo_plane_point (&plane, 200, 100), 12, plane.plane.normal);
  g_autoptr (UtMesh) ball = ut_solid_sphere (centre, 20, 160);
  g_autoptr (UtSection) outline = ut_echo_plane_outline (&plane, ball);
  g_assert_cmpuint (outline->n_curves, ==, 1);
  for (gsize i = 0; i < outline->n_points; i++) {
    double px[2];
    ut_echo_plane_pixel (&plane, outline->points[i], px);
    g_assert_cmpfloat_with_epsilon (hypot ((px[0] - 200) * 0.25, (px[1] - 100) * 0.4), 16, 0.02);
    UtVec3 again = ut_echo_plane_point (&plane, px[0], px[1]);
    g_assert_cmpfloat (ut_vec3_length (ut_vec3_sub (again, outline->points[i])), <, 1e-9);
  }
}

/* Three loops, an ED twin with a phantom's labels. */
static UtStudy *
make_study (const char *folder, UtVolume *labels)
{
  g_autoptr (GError) error = NULL;
  UtStudy *study = fixture_study (folder);
  g_autoptr (UtTwin) shell = fixture_twin (UT_PHASE_ED, 20, 0);
  UtTwinProvenance provenance = shell->provenance;
  provenance.present[UT_VIEW_A2C] = TRUE;
  g_autoptr (UtTwin) twin = ut_twin_new (UT_PHASE_ED, &provenance);
  ut_twin_set_labels (twin, UT_TWIN_COARSE, labels, &error);
  g_assert_no_error (error);
  UtTwin *const twins[UT_N_PHASES] = {[UT_PHASE_ED] = twin};
  fixture_set_results (study, ut_study_get_state (study), twins);
  return study;
}

/* The estimate puts the network's mark of the picture on the twin's, and follows the shift. */
static void
test_estimate (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtVolume) labels = canonical_heart (3);
  g_autoptr (UtStudy) study = make_study (folder, labels);
  UtEchoPlane plane, moved;
  g_assert_true (ut_echo_plane_estimate (
    ut_study_get_state (study), UT_PHASE_ED, UT_VIEW_A4C, labels, &plane, &error));
  g_assert_no_error (error);
  double px[2];
  ut_echo_plane_pixel (&plane, plane.pivot, px);
  g_assert_cmpfloat_with_epsilon ((px[1] - plane.origin_px[1]) * FIXTURE_ROW_MM, 75.5, 1e-6);
  g_assert_cmpfloat_with_epsilon ((px[0] - plane.origin_px[0]) * FIXTURE_COLUMN_MM, -3, 1e-6);

  UtPlaneShift shift = {.mm = {0, 0, 4}, .deg = {0, 0, 10}};
  g_assert_true (ut_study_adjust_plane (study, UT_VIEW_A4C, &shift, &error));
  g_assert_true (ut_echo_plane_estimate (
    ut_study_get_state (study), UT_PHASE_ED, UT_VIEW_A4C, labels, &moved, &error));
  UtPlane before = {plane.plane.origin, plane.plane.normal};
  g_assert_cmpfloat_with_epsilon (ut_plane_height (&before, moved.plane.origin), 4, 1e-9);
  g_assert_cmpfloat_with_epsilon (
    ut_vec3_dot (plane.plane.right, moved.plane.right), cos (G_PI / 18), 1e-9);
}

static void
assert_refused (UtStudy *study, UtPhase phase, UtView view, const UtVolume *labels)
{
  g_autoptr (GError) error = NULL;
  UtEchoPlane plane;
  g_assert_false (
    ut_echo_plane_estimate (ut_study_get_state (study), phase, view, labels, &plane, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
}

static void
test_refusals (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtVolume) labels = canonical_heart (3);
  g_autoptr (UtStudy) study = make_study (folder, labels);
  g_autoptr (UtStudy) empty = ut_study_new ();
  UtEchoPlane plane;
  assert_refused (empty, UT_PHASE_ED, UT_VIEW_A4C, labels);
  assert_refused (study, UT_PHASE_ES, UT_VIEW_A2C, labels); /* its twin was made without */
  ut_study_set_mark (study, UT_VIEW_PSAX, UT_PHASE_ED, 4, NULL);
  assert_refused (study, UT_PHASE_ED, UT_VIEW_A4C, labels); /* out of date */
  ut_study_undo (study);
  g_assert_true (ut_echo_plane_estimate (
    ut_study_get_state (study), UT_PHASE_ED, UT_VIEW_A4C, labels, &plane, NULL));
}

/* Moving a plane is undone, saved and read back, and no surface, number or key knows of it. */
static void
test_shift_touches_nothing (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  const UtTwin *twin = ut_study_twin (ut_study_get_state (study), UT_PHASE_ED);
  UtTwinStage stage = ut_twin_final_stage (twin);
  g_autoptr (UtMesh) mesh = ut_twin_mesh (twin, stage, UT_MYO, &error);
  g_autoptr (UtMeasurements) numbers = ut_study_measure (ut_study_get_state (study), NULL, &error);
  g_autofree char *key = ut_study_inputs_key (ut_study_get_state (study), UT_PHASE_ED);
  g_autofree char *hash = ut_study_state_hash (ut_study_get_state (study));

  UtPlaneShift shift = {.mm = {1.5, -2, 30}, .deg = {4, 0.25, -170}}, too_far = {.mm = {101}};
  g_assert_true (ut_study_adjust_plane (study, UT_VIEW_A2C, &shift, &error));
  g_assert_false (ut_study_adjust_plane (study, UT_VIEW_A2C, &too_far, NULL));
  g_assert_cmpint (ut_study_undo_edit (study), ==, UT_STUDY_EDIT_ADJUST_PLANE);
  g_assert_true (ut_study_save (study, &error));
  g_autoptr (UtStudy) again = ut_study_open (folder, NULL, NULL, &error);
  g_assert_no_error (error);
  UtStudy *const both[] = {study, again};
  for (int i = 0; i < 2; i++) {
    const UtStudyState *state = ut_study_get_state (both[i]);
    g_assert_cmpmem (&state->views[UT_VIEW_A2C].plane_shift, sizeof shift, &shift, sizeof shift);
    const UtTwin *same = ut_study_twin (state, UT_PHASE_ED);
    g_autoptr (UtMesh) mesh_after = ut_twin_mesh (same, stage, UT_MYO, &error);
    g_autoptr (UtMeasurements) after = ut_study_measure (state, NULL, &error);
    g_autofree char *key_after = ut_study_inputs_key (state, UT_PHASE_ED);
    g_assert_no_error (error);
    g_assert_false (ut_study_is_stale (state, UT_PHASE_ED));
    g_assert_cmpstr (key_after, ==, key);
    g_assert_cmpmem (
      mesh_after->positions, 12 * mesh_after->n_vertices, mesh->positions, 12 * mesh->n_vertices);
    g_assert_cmpuint (after->items->len, ==, numbers->items->len);
    for (guint k = 0; k < after->items->len; k++)
      g_assert_cmpfloat (g_array_index (after->items, UtMeasurement, k).value,
                         ==,
                         g_array_index (numbers->items, UtMeasurement, k).value);
  }
  g_assert_true (ut_study_undo (study));
  g_autofree char *undone = ut_study_state_hash (ut_study_get_state (study));
  g_assert_cmpstr (undone, ==, hash);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo-plane/known-plane", test_known_plane);
  g_test_add_func ("/echo-plane/pixels", test_pixels);
  g_test_add_func ("/echo-plane/estimate", test_estimate);
  g_test_add_func ("/echo-plane/refusals", test_refusals);
  g_test_add_func ("/echo-plane/shift-touches-nothing", test_shift_touches_nothing);
  return g_test_run ();
}
