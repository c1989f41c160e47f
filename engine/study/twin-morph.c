/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/twin-morph.h"

#include "engine/anatomy/distance-field.h"
#include "engine/surface/marching-cubes.h"

struct UtTwinMorph {
  UtVolume *depths[2][UT_N_LABELS]; /* voxels below the surface, F32 */
};

void
ut_twin_morph_free (UtTwinMorph *self)
{
  for (guint end = 0; end < 2; end++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
      g_clear_pointer (&self->depths[end][s], ut_volume_unref);
  g_free (self);
}

static UtVolume *
depth_field (const UtVolume *labels, UtStructure structure, GError **error)
{
  gsize n = ut_volume_n_voxels (labels);
  g_autoptr (UtVolume) field =
    ut_volume_new (UT_VOXEL_F32, labels->dims, &labels->m_patient_from_voxel, error);
  g_autofree guint8 *inside = g_malloc (n);
  if (field == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    inside[i] = labels->u8[i] == structure;
  ut_distance_field (inside, labels->dims, UT_TWIN_MORPH_REACH, field->f32);
  for (gsize i = 0; i < n; i++)
    field->f32[i] = -field->f32[i];
  return g_steal_pointer (&field);
}

UtTwinMorph *
ut_twin_morph_new (const UtTwin *from, const UtTwin *to, GError **error)
{
  const UtTwin *ends[2] = {from, to};
  g_autoptr (UtTwinMorph) self = g_new0 (UtTwinMorph, 1);
  for (guint end = 0; end < 2; end++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
      self->depths[end][s] =
        depth_field (ends[end]->labels[ut_twin_final_stage (ends[end])], s, error);
      if (self->depths[end][s] == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

UtMesh *
ut_twin_morph_mesh (const UtTwinMorph *self, UtStructure structure, double t, GError **error)
{
  const UtVolume *from = self->depths[0][structure], *to = self->depths[1][structure];
  g_autoptr (UtVolume) between =
    ut_volume_new (UT_VOXEL_F32, from->dims, &from->m_patient_from_voxel, error);
  if (between == NULL)
    return NULL;
  for (gsize i = 0; i < ut_volume_n_voxels (from); i++)
    between->f32[i] = (float)((1 - t) * (double)from->f32[i] + t * (double)to->f32[i]);
  return ut_mesh_from_field (between, 0, UT_MESH_FRAME_CANONICAL, error);
}
