/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh-motion.h"

#include "engine/surface/mesh-distance.h"

UtMesh *
ut_mesh_with_motion (const UtMesh *self, const UtMesh *other, UtPhase phase, GError **error)
{
  g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (self, other, error);
  UtMesh *moved = distance != NULL ? ut_mesh_copy (self, error) : NULL;
  if (moved == NULL)
    return NULL;
  float *values = ut_mesh_add_scalar (moved, UT_MOTION_SCALAR, "mm");
  for (gsize i = 0; i < moved->n_vertices; i++) /* ED lies outside ES where it moves inward */
    values[i] = phase == UT_PHASE_ED ? distance->signed_mm[i] : -distance->signed_mm[i];
  return moved;
}
