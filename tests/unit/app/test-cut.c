/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/cut.h"
#include "tests/unit/render/solids.h"

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_changes (void)
{
  g_autoptr (UtCut) cut = ut_cut_new ();
  guint n = 0;
  g_signal_connect_swapped (cut, "changed", G_CALLBACK (count_cb), &n);
  UtCutState state = *ut_cut_get (cut);
  g_assert_false (state.on);
  ut_cut_set (cut, &state);
  g_assert_cmpuint (n, ==, 0);
  ut_cut_move (cut, 5); /* shows the cut where it is */
  g_assert_true (ut_cut_get (cut)->on);
  g_assert_cmpfloat (ut_cut_get (cut)->offset_mm, ==, 0);
  ut_cut_move (cut, 5);
  g_assert_cmpfloat (ut_cut_get (cut)->offset_mm, ==, 5);
  ut_cut_move (cut, 1000);
  g_assert_cmpfloat (ut_cut_get (cut)->offset_mm, ==, UT_CUT_REACH_MM);
  g_assert_cmpuint (n, ==, 3);
  ut_cut_move (cut, 1);
  g_assert_cmpuint (n, ==, 3);
}

/* Whichever way, what is cut away faces the camera, and deeper means farther from it. */
static void
test_planes (void)
{
  g_autoptr (UtScene) scene = ut_scene_new ();
  g_autoptr (UtMesh) ball = ut_solid_sphere (ut_vec3 (5, 6, 7), 30, 12);
  const UtViewPlane own = {.origin = ut_vec3 (1, 2, 3),
                           .right = ut_vec3 (0, 1, 0),
                           .down = ut_vec3 (0, 0, 1),
                           .normal = ut_vec3 (1, 0, 0)};
  const UtViewPlane *none[UT_N_VIEWS] = {NULL}, *planes[UT_N_VIEWS] = {NULL};
  UtPlane plane, moved, other;
  planes[UT_VIEW_PSAX] = &own;
  UtCutState state = {.on = TRUE};
  g_assert_false (ut_cut_plane (&state, none, scene, &plane)); /* nothing there */
  ut_scene_set_mesh (scene, 1, UT_LV, ball);
  for (UtCutDirection d = 0; d < UT_N_CUT_DIRECTIONS; d++) {
    UtCamera camera;
    ut_camera_init (&camera);
    if (d == UT_CUT_PSAX)
      ut_camera_set_plane (&camera, &own);
    else
      ut_camera_set_named (&camera, ut_cut_camera (d), scene->axes);
    UtVec3 look = ut_vec3 (camera.direction[0], camera.direction[1], camera.direction[2]);
    state = (UtCutState){.on = TRUE, .direction = d};
    g_assert_true (ut_cut_plane (&state, planes, scene, &plane));
    state.offset_mm = 4;
    g_assert_true (ut_cut_plane (&state, planes, scene, &moved));
    state.other_side = TRUE;
    g_assert_true (ut_cut_plane (&state, planes, scene, &other));
    g_assert_cmpfloat_with_epsilon (ut_vec3_dot (plane.normal, look), -1, 1e-6);
    g_assert_cmpfloat_with_epsilon (
      ut_vec3_dot (ut_vec3_sub (moved.origin, plane.origin), look), 4, 1e-5);
    g_assert_cmpfloat_with_epsilon (ut_vec3_dot (other.normal, moved.normal), -1, 1e-9);
    UtVec3 through = d == UT_CUT_PSAX ? own.origin : ut_vec3 (5, 6, 7);
    g_assert_cmpfloat_with_epsilon (ut_plane_height (&plane, through), 0, 1e-3);
  }
  state.on = FALSE;
  g_assert_false (ut_cut_plane (&state, planes, scene, &plane));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cut/changes", test_changes);
  g_test_add_func ("/cut/planes", test_planes);
  return g_test_run ();
}
