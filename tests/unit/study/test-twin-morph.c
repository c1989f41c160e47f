/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/twin-morph.h"

#include "engine/anatomy/canonical.h"
#include "tests/unit/study/fixture.h"

#include <math.h>

static double
radius_mm (const UtTwinMorph *morph, double t)
{
  g_autoptr (UtMesh) mesh = ut_twin_morph_mesh (morph, UT_LV, t, NULL);
  g_assert_nonnull (mesh);
  return cbrt (ut_mesh_volume_mm3 (mesh) * 3 / (4 * G_PI));
}

/* Halfway between two balls of one centre lies the ball of the mean radius. */
static void
test_balls (void)
{
  UtTwin *ed = fixture_twin (UT_PHASE_ED, 27, 1 << UT_TWIN_CORRECTED);
  UtTwin *es = fixture_twin (UT_PHASE_ES, 18, 1 << UT_TWIN_CORRECTED);
  g_autoptr (UtTwinMorph) morph = ut_twin_morph_new (ed, es, NULL);
  for (guint i = 0; i <= 4; i++) {
    double wanted = 27 - 9 * i / 4.0;
    g_assert_cmpfloat (
      fabs (radius_mm (morph, i / 4.0) - wanted), <, 0.75); /* a quarter of a voxel */
  }
  ut_twin_unref (ed);
  ut_twin_unref (es);
}

/* A heart and itself: the same surface at every moment, to the bit. */
static void
test_standing_still (void)
{
  UtTwin *twin = fixture_twin (UT_PHASE_ED, 24, 1 << UT_TWIN_CORRECTED);
  g_autoptr (UtTwinMorph) morph = ut_twin_morph_new (twin, twin, NULL);
  g_autoptr (UtMesh) first = ut_twin_morph_mesh (morph, UT_MYO, 0, NULL);
  g_autoptr (UtMesh) middle = ut_twin_morph_mesh (morph, UT_MYO, 0.5, NULL);
  g_assert_cmpuint (first->n_vertices, >, 100);
  g_assert_cmpmem (first->positions,
                   first->n_vertices * 3 * sizeof (float),
                   middle->positions,
                   middle->n_vertices * 3 * sizeof (float));
  ut_twin_unref (twin);
}

/* An LV of @radius_mm in a wall of 6 mm, both cut off flat at @base_mm, as at the mitral valve. */
static UtTwin *
open_twin (UtPhase phase, double radius_mm, double base_mm)
{
  const gsize dims[3] = {UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE};
  g_autoptr (GError) error = NULL;
  UtAffine m = ut_canonical_grid ();
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &m, &error);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++) {
    UtVec3 p = ut_affine_point (&m, ut_vec3 (i % 64, i / 64 % 64, i / 4096));
    double r = ut_vec3_length (p);
    labels->u8[i] = p.z > base_mm          ? UT_BACKGROUND
                    : r <= radius_mm       ? UT_LV
                    : r <= radius_mm + 6.0 ? UT_MYO
                                           : UT_BACKGROUND;
  }
  UtTwin *twin = ut_twin_new (phase, NULL);
  g_assert_true (ut_twin_set_labels (twin, UT_TWIN_CORRECTED, labels, &error));
  g_assert_no_error (error);
  return twin;
}

/* A wall that moves by twice its thickness stays whole on the way, and open at the base. */
static void
test_wall (void)
{
  g_autoptr (UtTwin) ed = open_twin (UT_PHASE_ED, 36, 18);
  g_autoptr (UtTwin) es = open_twin (UT_PHASE_ES, 24, 6);
  g_autoptr (UtTwinMorph) morph = ut_twin_morph_new (ed, es, NULL);
  for (double t = 0; t <= 1; t += 0.25) {
    g_autoptr (UtMesh) wall = ut_twin_morph_mesh (morph, UT_MYO, t, NULL);
    g_autoptr (UtMesh) pool = ut_twin_morph_mesh (morph, UT_LV, t, NULL);
    double radius = 36 - 12 * t, base = 18 - 12 * t, thickest = 0;
    UtMeshCheck check;
    ut_mesh_check (wall, &check);
    g_assert_true (check.closed);
    g_assert_cmpuint (check.n_edges, ==, 3 * wall->n_triangles / 2);
    /* a bowl: one piece, without a hole: V - E + F is 2 */
    g_assert_cmpint (
      (gint64)wall->n_vertices - (gint64)check.n_edges + (gint64)wall->n_triangles, ==, 2);
    for (gsize v = 0; v < wall->n_vertices; v++) {
      UtVec3 p = ut_mesh_position (wall, v);
      thickest = fmax (thickest, ut_vec3_length (p));
      g_assert_false (p.z > base - 6 && hypot (p.x, p.y) < radius / 2);
    }
    g_assert_cmpfloat_with_epsilon (thickest, radius + 6, 2.5);
    g_assert_cmpuint (pool->n_vertices, >, 100);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/morph/balls", test_balls);
  g_test_add_func ("/study/morph/wall", test_wall);
  g_test_add_func ("/study/morph/standing-still", test_standing_still);
  return g_test_run ();
}
