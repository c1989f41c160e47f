/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh.h"
#include "render/camera.h"

static const float patient_axes[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

static float
dot (const float a[3], const float b[3])
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void
assert_vector (const float v[3], float x, float y, float z)
{
  const float want[3] = {x, y, z};
  for (int c = 0; c < 3; c++)
    g_assert_cmpfloat_with_epsilon (v[c], want[c], 2e-3);
}

static void
assert_sound (const UtCamera *camera)
{
  g_assert_cmpfloat_with_epsilon (dot (camera->direction, camera->direction), 1, 1e-5);
  g_assert_cmpfloat_with_epsilon (dot (camera->up, camera->up), 1, 1e-5);
  g_assert_cmpfloat_with_epsilon (dot (camera->up, camera->direction), 0, 1e-5);
}

/* What lies to the right of the picture, in patient letters: each camera looks from its side. */
static void
test_patient_cameras (void)
{
  static const struct {
    UtCameraName name;
    float from[3], up[3], right[3];
  } cases[] = {
    {UT_CAMERA_A, {0, -1, 0}, {0, 0, 1}, {1, 0, 0}},
    {UT_CAMERA_P, {0, 1, 0}, {0, 0, 1}, {-1, 0, 0}},
    {UT_CAMERA_L, {1, 0, 0}, {0, 0, 1}, {0, 1, 0}},
    {UT_CAMERA_R, {-1, 0, 0}, {0, 0, 1}, {0, -1, 0}},
    {UT_CAMERA_H, {0, 0, 1}, {0, -1, 0}, {-1, 0, 0}},
    {UT_CAMERA_F, {0, 0, -1}, {0, -1, 0}, {1, 0, 0}},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    UtCamera camera;
    float eye[3], right[3];
    ut_camera_init (&camera);
    ut_camera_set_named (&camera, cases[i].name, patient_axes);
    assert_sound (&camera);
    ut_camera_eye (&camera, eye);
    ut_camera_right (&camera, right);
    g_assert_cmpfloat (dot (eye, cases[i].from), >, 0.99f * camera.distance_mm);
    assert_vector (camera.up, cases[i].up[0], cases[i].up[1], cases[i].up[2]);
    assert_vector (right, cases[i].right[0], cases[i].right[1], cases[i].right[2]);
  }
}

/* Canonical axes: X septum to lateral wall, Y anterior to inferior, Z apex to base. */
static void
test_echo_cameras (void)
{
  UtCamera camera;
  float right[3];
  ut_camera_init (&camera);
  ut_camera_set_named (&camera, UT_CAMERA_A4C, ut_canonical_axes);
  ut_camera_right (&camera, right);
  g_assert_cmpfloat (camera.up[2], <, -0.99f); /* apex up */
  g_assert_cmpfloat (right[0], >, 0.9f);       /* left heart on the right */
  ut_camera_set_named (&camera, UT_CAMERA_A2C, ut_canonical_axes);
  ut_camera_right (&camera, right);
  assert_vector (camera.up, 0, 0, -1);
  assert_vector (right, 0, -1, 0); /* anterior wall on the right */
  ut_camera_set_named (&camera, UT_CAMERA_PSAX, ut_canonical_axes);
  ut_camera_right (&camera, right);
  assert_vector (camera.up, 0, -1, 0); /* anterior on top */
  assert_vector (right, 1, 0, 0);      /* RV on the left */
  assert_vector (camera.direction, 0, 0, 1);

  /* the same heart in patient axes: the same picture */
  UtCamera patient;
  ut_camera_init (&patient);
  ut_camera_set_named (&camera, UT_CAMERA_A4C, ut_canonical_axes);
  ut_camera_set_named (&patient, UT_CAMERA_A4C, patient_axes);
  for (int axis = 0; axis < 3; axis++) {
    g_assert_cmpfloat_with_epsilon (
      patient.direction[axis], dot (ut_canonical_axes[axis], camera.direction), 2e-3);
    g_assert_cmpfloat_with_epsilon (
      patient.up[axis], dot (ut_canonical_axes[axis], camera.up), 2e-3);
  }
}

static void
test_plane (void)
{
  UtViewPlane plane = {
    .origin = {1, 2, 3}, .right = {0, -1, 0}, .down = {0, 0, 1}, .normal = {-1, 0, 0}};
  UtCamera camera;
  float right[3];
  ut_camera_init (&camera);
  ut_camera_set_plane (&camera, &plane);
  ut_camera_right (&camera, right);
  assert_vector (camera.direction, -1, 0, 0);
  assert_vector (camera.up, 0, 0, -1);
  assert_vector (right, 0, -1, 0);
}

static void
test_names (void)
{
  UtCameraName name;
  for (int i = 0; i < UT_N_CAMERAS; i++) {
    g_autofree char *lower = g_ascii_strdown (ut_camera_name (i), -1);
    g_assert_true (ut_camera_from_name (lower, &name));
    g_assert_cmpint (name, ==, i);
  }
  g_assert_false (ut_camera_from_name ("S", &name));
  g_assert_false (ut_camera_from_name ("", &name));
}

/* Every corner inside, and one near the border: from all sides, in wide and tall pictures. */
static void
test_fit (void)
{
  const float min[3] = {-40, 10, -90}, max[3] = {60, 45, -20};
  for (int i = 0; i < 200; i++) {
    UtCamera camera;
    float nearest = 1;
    int width = i % 2 ? 800 : 300, height = i % 2 ? 400 : 700;
    ut_camera_init (&camera);
    ut_camera_orbit (&camera, 0.61f * i, 0.37f * i);
    ut_camera_fit (&camera, min, max, (float)width / height);
    for (int corner = 0; corner < 8; corner++) {
      float p[3], xy[2];
      for (int c = 0; c < 3; c++)
        p[c] = corner >> c & 1 ? max[c] : min[c];
      g_assert_true (ut_camera_project (&camera, p, width, height, xy));
      float gap = MIN (MIN (xy[0], width - xy[0]) / width, MIN (xy[1], height - xy[1]) / height);
      g_assert_cmpfloat (gap, >, 0.03f);
      nearest = MIN (nearest, gap);
    }
    g_assert_cmpfloat (nearest, <, 0.08f);
  }
}

/* The matrices and ut_camera_project() are two ways to one place. */
static void
test_matrices (void)
{
  UtCamera camera;
  float view[4][4], projection[4][4];
  ut_camera_init (&camera);
  ut_camera_orbit (&camera, 0.7f, -0.4f);
  ut_camera_roll (&camera, 0.3f);
  ut_camera_pan (&camera, 0.05f, -0.1f);
  ut_camera_zoom (&camera, 1.3f);
  assert_sound (&camera);
  ut_camera_view (&camera, view);
  ut_camera_projection (&camera, 1.6f, projection);
  for (int i = 0; i < 27; i++) {
    const float p[4] = {30 * (i % 3 - 1), 30 * (i / 3 % 3 - 1), 30 * (i / 9 - 1), 1};
    float eye[4] = {0}, clip[4] = {0}, xy[2];
    for (int r = 0; r < 4; r++)
      for (int c = 0; c < 4; c++)
        eye[r] += view[c][r] * p[c];
    for (int r = 0; r < 4; r++)
      for (int c = 0; c < 4; c++)
        clip[r] += projection[c][r] * eye[c];
    g_assert_true (ut_camera_project (&camera, p, 1600, 1000, xy));
    g_assert_cmpfloat_with_epsilon (xy[0], 800 * (1 + clip[0] / clip[3]), 0.02);
    g_assert_cmpfloat_with_epsilon (xy[1], 500 * (1 - clip[1] / clip[3]), 0.02);
    g_assert_cmpfloat (fabsf (clip[2] / clip[3]), <, 1);
  }
  const float behind[3] = {camera.target[0] - 2 * camera.distance_mm * camera.direction[0],
                           camera.target[1] - 2 * camera.distance_mm * camera.direction[1],
                           camera.target[2] - 2 * camera.distance_mm * camera.direction[2]};
  float xy[2];
  g_assert_false (ut_camera_project (&camera, behind, 1600, 1000, xy));
}

/* Dragging right brings the left side to the front; the target under the pointer follows a pan. */
static void
test_movement (void)
{
  UtCamera camera, moved;
  const float on_front[3] = {0, -50, 0};
  float before[2], after[2];
  ut_camera_init (&camera);
  ut_camera_project (&camera, on_front, 800, 600, before);
  moved = camera;
  ut_camera_orbit (&moved, 0.2f, 0.1f);
  ut_camera_project (&moved, on_front, 800, 600, after);
  g_assert_cmpfloat (after[0], >, before[0] + 5);
  g_assert_cmpfloat (after[1], <, before[1] - 2);

  moved = camera;
  ut_camera_pan (&moved, 0.25f, 0.1f);
  ut_camera_project (&moved, camera.target, 800, 600, after);
  g_assert_cmpfloat_with_epsilon (after[0], 400 + 150, 0.1);
  g_assert_cmpfloat_with_epsilon (after[1], 300 + 60, 0.1);

  for (int i = 0; i < 10000; i++)
    ut_camera_orbit (&camera, 0.017f, -0.011f);
  assert_sound (&camera);
  for (int i = 0; i < 100; i++)
    ut_camera_zoom (&camera, 2);
  g_assert_cmpfloat (camera.distance_mm, >, 1);
  for (int i = 0; i < 100; i++)
    ut_camera_zoom (&camera, 0.5f);
  g_assert_cmpfloat (camera.distance_mm, <, 1e4);
}

static void
test_blend (void)
{
  UtCamera from, to, between;
  ut_camera_init (&from);
  ut_camera_init (&to);
  ut_camera_set_named (&to, UT_CAMERA_L, patient_axes);
  to.target[0] = 10;
  to.distance_mm = 2 * from.distance_mm;
  ut_camera_blend (&from, &to, 0, &between);
  assert_vector (between.direction, 0, 1, 0);
  ut_camera_blend (&from, &to, 1, &between);
  assert_vector (between.direction, -1, 0, 0);
  assert_vector (between.up, 0, 0, 1);
  ut_camera_blend (&from, &to, 0.5f, &between);
  assert_sound (&between);
  assert_vector (between.direction, -G_SQRT2 / 2, G_SQRT2 / 2, 0);
  g_assert_cmpfloat_with_epsilon (between.target[0], 5, 1e-4);
  g_assert_cmpfloat_with_epsilon (between.distance_mm, 1.5 * from.distance_mm, 1e-2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/camera/patient", test_patient_cameras);
  g_test_add_func ("/render/camera/echo", test_echo_cameras);
  g_test_add_func ("/render/camera/plane", test_plane);
  g_test_add_func ("/render/camera/names", test_names);
  g_test_add_func ("/render/camera/fit", test_fit);
  g_test_add_func ("/render/camera/matrices", test_matrices);
  g_test_add_func ("/render/camera/movement", test_movement);
  g_test_add_func ("/render/camera/blend", test_blend);
  return g_test_run ();
}
