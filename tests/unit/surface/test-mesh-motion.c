/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh-motion.h"
#include "tests/unit/surface/shapes.h"

#include <math.h>

/* Two spheres of one centre: 2 mm everywhere, whichever phase is asked. */
static void
check (const UtMesh *mesh, float wanted_mm)
{
  const UtMeshScalar *motion = ut_mesh_find_scalar (mesh, UT_MOTION_SCALAR);
  g_assert_nonnull (motion);
  g_assert_cmpstr (motion->unit, ==, "mm");
  for (gsize i = 0; i < mesh->n_vertices; i++)
    g_assert_cmpfloat (fabsf (motion->values[i] - wanted_mm), <, 0.1f);
}

static void
test_shrinking_sphere (void)
{
  g_autoptr (UtMesh) ed = ut_shape_sphere_mesh (22, 0);
  g_autoptr (UtMesh) es = ut_shape_sphere_mesh (20, 0);
  g_autoptr (UtMesh) at_ed = ut_mesh_with_motion (ed, es, UT_PHASE_ED, NULL);
  g_autoptr (UtMesh) at_es = ut_mesh_with_motion (es, ed, UT_PHASE_ES, NULL);
  check (at_ed, 2);
  check (at_es, 2);

  g_autoptr (UtMesh) growing = ut_mesh_with_motion (es, ed, UT_PHASE_ED, NULL);
  check (growing, -2);
}

static void
test_nothing_to_move_to (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtMesh) ed = ut_shape_sphere_mesh (10, 0);
  g_autoptr (UtMesh) empty = ut_mesh_new (ed->frame, 0, 0, NULL);
  g_assert_null (ut_mesh_with_motion (ed, empty, UT_PHASE_ED, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/surface/motion/shrinking-sphere", test_shrinking_sphere);
  g_test_add_func ("/surface/motion/nothing-to-move-to", test_nothing_to_move_to);
  return g_test_run ();
}
