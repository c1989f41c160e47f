/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/section.h"
#include "tests/unit/render/solids.h"
#include "tests/unit/surface/shapes.h"

static UtPlane
plane_at (double x, double y, double z, double nx, double ny, double nz)
{
  return (UtPlane){ut_vec3 (x, y, z), ut_vec3_normalise (ut_vec3 (nx, ny, nz))};
}

static void
assert_closed_curves (const UtSection *section, gsize n_curves)
{
  g_assert_cmpuint (section->n_curves, ==, n_curves);
  for (gsize i = 0; i < n_curves; i++)
    g_assert_true (section->curves[i].closed);
}

/* Every point lies in the plane and no two in a row are one. */
static void
assert_sound (const UtSection *section, const UtPlane *plane)
{
  for (gsize i = 0; i < section->n_points; i++)
    g_assert_cmpfloat_with_epsilon (ut_plane_height (plane, section->points[i]), 0, 1e-9);
  for (gsize i = 0; i < section->n_curves; i++) {
    const UtVec3 *p = section->points + section->curves[i].first;
    for (guint k = 1; k < section->curves[i].n_points; k++)
      g_assert_cmpfloat (ut_vec3_length (ut_vec3_sub (p[k], p[k - 1])), >, 0);
  }
}

/* Circles of a fine sphere, whichever way they lie. */
static void
test_sphere (void)
{
  g_autoptr (UtMesh) sphere = ut_solid_sphere (ut_vec3 (3, -2, 5), 20, 200);
  static const double normals[][3] = {{0, 0, 1}, {1, 2, -2}, {-3, 1, 0.5}, {0, -1, 0}};
  for (gsize i = 0; i < G_N_ELEMENTS (normals); i++)
    for (double height = -18; height < 20; height += 4.1) {
      UtPlane plane = plane_at (3, -2, 5, normals[i][0], normals[i][1], normals[i][2]);
      plane.origin = ut_vec3_mad (plane.origin, height, plane.normal);
      g_autoptr (UtSection) section = ut_section_new (sphere, &plane);
      double radius = sqrt (400 - height * height);
      assert_closed_curves (section, 1);
      assert_sound (section, &plane);
      g_assert_cmpfloat_with_epsilon (
        ut_section_length_mm (section), 2 * G_PI * radius, 1e-3 * 2 * G_PI * radius);
      g_assert_cmpfloat_with_epsilon (
        ut_section_area_mm2 (section, &plane), G_PI * radius * radius, 0.5);
    }
  UtPlane beside = plane_at (3, -2, 26, 0, 0, 1);
  g_autoptr (UtSection) none = ut_section_new (sphere, &beside);
  g_assert_cmpuint (none->n_curves + none->n_points, ==, 0);
}

/* A ring with a hole across the axis, two discs along it. */
static void
test_torus (void)
{
  g_autoptr (UtMesh) torus = ut_solid_torus (ut_vec3 (0, 0, 0), 30, 8, 120);
  UtPlane across = plane_at (0, 0, 1, 0, 0, 1), along = plane_at (0, 0, 0, 0.3, 1, 0);
  g_autoptr (UtSection) ring = ut_section_new (torus, &across);
  g_autoptr (UtSection) discs = ut_section_new (torus, &along);
  double half = sqrt (64 - 1);
  assert_closed_curves (ring, 2);
  assert_sound (ring, &across);
  g_assert_cmpfloat_with_epsilon (
    ut_section_area_mm2 (ring, &across), 4 * G_PI * 30 * half, 4 * G_PI * 30 * half * 2e-3);
  g_assert_cmpfloat_with_epsilon (ut_section_length_mm (ring), 4 * G_PI * 30, 0.1);
  assert_closed_curves (discs, 2);
  g_assert_cmpfloat_with_epsilon (ut_section_area_mm2 (discs, &along), 2 * G_PI * 64, 0.4);
  g_assert_cmpfloat_with_epsilon (ut_section_length_mm (discs), 4 * G_PI * 8, 0.05);
}

static void
assert_box_section (const UtMesh *box, UtPlane plane, double area, double length)
{
  g_autoptr (UtSection) section = ut_section_new (box, &plane);
  assert_sound (section, &plane);
  assert_closed_curves (section, area > 0 ? 1 : 0);
  g_assert_cmpfloat_with_epsilon (ut_section_area_mm2 (section, &plane), area, 1e-9);
  g_assert_cmpfloat_with_epsilon (ut_section_length_mm (section), length, 1e-9);
}

/* Planes through corners, sides and faces. Both kinds of box: vertices shared, and not. */
static void
assert_box (const UtMesh *box)
{
  assert_box_section (box, plane_at (1, 0, 0, 1, 0, 0), 24, 20); /* through the middle */
  assert_box_section (box, plane_at (1, 0, 0, -1, 0, 0), 24, 20);
  /* through four corners: along two sides, corner to corner */
  assert_box_section (box, plane_at (0, 0, 0, 2, -1, 0), 6 * sqrt (20), 12 + 2 * sqrt (20));
  assert_box_section (box, plane_at (0, 0, 0, -2, 1, 0), 6 * sqrt (20), 12 + 2 * sqrt (20));
  /* in the face z = 6: with the box behind it its outline, before it nothing */
  assert_box_section (box, plane_at (5, 5, 6, 0, 0, 1), 8, 12);
  assert_box_section (box, plane_at (5, 5, 6, 0, 0, -1), 0, 0);
  /* touching a side, and a corner */
  assert_box_section (box, plane_at (0, 0, 3, 1, 1, 0), 0, 0);
  assert_box_section (box, plane_at (2, 4, 6, 1, 1, 1), 0, 0);
  assert_box_section (box, plane_at (2, 4, 6, -1, -1, -1), 0, 0);
  /* through three corners: x / 2 + y / 4 + z / 6 = 1 */
  UtVec3 sides[] = {ut_vec3 (-2, 4, 0), ut_vec3 (0, -4, 6), ut_vec3 (2, 0, -6)};
  double area = ut_vec3_length (ut_vec3_cross (sides[0], sides[1])) / 2, length = 0;
  for (int i = 0; i < 3; i++)
    length += ut_vec3_length (sides[i]);
  assert_box_section (box, plane_at (2, 0, 0, 6, 3, 2), area, length);
}

static void
test_box (void)
{
  g_autoptr (UtMesh) shared = ut_shape_box_mesh (ut_vec3 (0, 0, 0), ut_vec3 (2, 4, 6));
  g_autoptr (UtMesh) apart = ut_solid_box (ut_vec3 (0, 0, 0), ut_vec3 (2, 4, 6), 4);
  assert_box (shared);
  assert_box (apart);
}

/* A box without lid: the outline is open where the plane leaves through the opening. */
static void
test_open (void)
{
  g_autoptr (UtMesh) box = ut_shape_box_mesh (ut_vec3 (0, 0, 0), ut_vec3 (2, 4, 6));
  box->n_triangles -= 2; /* z = 6 */
  UtPlane upright = plane_at (1, 0, 0, 1, 0, 0), level = plane_at (0, 0, 3, 0, 0, 1);
  g_autoptr (UtSection) section = ut_section_new (box, &upright);
  g_assert_cmpuint (section->n_curves, ==, 1);
  g_assert_false (section->curves[0].closed);
  g_assert_cmpfloat_with_epsilon (ut_section_length_mm (section), 16, 1e-9);
  g_assert_cmpfloat (ut_section_area_mm2 (section, &upright), ==, 0);
  g_autoptr (UtSection) whole = ut_section_new (box, &level);
  assert_closed_curves (whole, 1);

  g_autoptr (UtMesh) empty = ut_mesh_new (UT_MESH_FRAME_LPS, 0, 0, NULL);
  g_autoptr (UtSection) none = ut_section_new (empty, &level);
  g_assert_cmpuint (none->n_curves, ==, 0);
}

/* A marching-cubes surface with vertices in the plane by the hundred is still cut into circles. */
static void
test_grid (void)
{
  g_autoptr (UtMesh) sphere = ut_shape_sphere_mesh (15, 0);
  for (double z = -14; z <= 14; z += 0.5) {
    UtPlane plane = plane_at (0, 0, z, 0, 0, 1);
    g_autoptr (UtSection) section = ut_section_new (sphere, &plane);
    assert_closed_curves (section, 1);
    assert_sound (section, &plane);
    g_assert_cmpfloat_with_epsilon (ut_section_area_mm2 (section, &plane), G_PI * (225 - z * z), 4);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/surface/section/sphere", test_sphere);
  g_test_add_func ("/surface/section/torus", test_torus);
  g_test_add_func ("/surface/section/box", test_box);
  g_test_add_func ("/surface/section/open", test_open);
  g_test_add_func ("/surface/section/grid", test_grid);
  return g_test_run ();
}
