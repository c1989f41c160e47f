/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/twin-morph.h"
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/morph/balls", test_balls);
  g_test_add_func ("/study/morph/standing-still", test_standing_still);
  return g_test_run ();
}
