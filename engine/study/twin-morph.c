/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/twin-morph.h"

#include "engine/anatomy/canonical.h"
#include "engine/anatomy/distance-field.h"
#include "engine/surface/crease.h"
#include "engine/surface/marching-cubes.h"

#include <math.h>

typedef enum { LV, LV_AND_WALL, RV, LA, RA, N_SOLIDS, NOTHING = N_SOLIDS } Solid;

static const guint members[N_SOLIDS] = {
  [LV] = 1u << UT_LV,
  [LV_AND_WALL] = 1u << UT_LV | 1u << UT_MYO,
  [RV] = 1u << UT_RV,
  [LA] = 1u << UT_LA,
  [RA] = 1u << UT_RA,
};

/* A structure is what one solid has and another has not. The wall is open at the valve, where the
 * surfaces of both coincide: what is thinner there than a voxel is none. */
static const struct {
  Solid with, without;
  double thinnest; /* voxels */
} parts[UT_N_LABELS] = {
  [UT_MYO] = {LV_AND_WALL, LV, 0.7},
  [UT_LV] = {LV, NOTHING, 0},
  [UT_RV] = {RV, LV_AND_WALL, 0},
  [UT_LA] = {LA, LV_AND_WALL, 0},
  [UT_RA] = {RA, RV, 0},
};

struct UtTwinMorph {
  UtVolume *depths[2][N_SOLIDS]; /* voxels below the surface, F32 */
  guint missing;                 /* structures, one bit each, that either twin has not */
};

void
ut_twin_morph_free (UtTwinMorph *self)
{
  for (guint end = 0; end < 2; end++)
    for (Solid solid = 0; solid < N_SOLIDS; solid++)
      g_clear_pointer (&self->depths[end][solid], ut_volume_unref);
  g_free (self);
}

static UtVolume *
depth_field (const UtVolume *labels, guint wanted, GError **error)
{
  gsize n = ut_volume_n_voxels (labels);
  g_autoptr (UtVolume) field =
    ut_volume_new (UT_VOXEL_F32, labels->dims, &labels->m_patient_from_voxel, error);
  g_autofree guint8 *inside = g_malloc (n);
  if (field == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    inside[i] = wanted >> labels->u8[i] & 1;
  ut_distance_field (inside, labels->dims, UT_TWIN_MORPH_REACH, field->f32);
  for (gsize i = 0; i < n; i++)
    field->f32[i] = -field->f32[i];
  return g_steal_pointer (&field);
}

static guint
missing_in (const UtVolume *labels)
{
  guint found = 0;
  for (gsize i = 0; i < ut_volume_n_voxels (labels); i++)
    found |= 1u << labels->u8[i];
  return ~found;
}

UtTwinMorph *
ut_twin_morph_new (const UtTwin *from, const UtTwin *to, GError **error)
{
  const UtTwin *ends[2] = {from, to};
  g_autoptr (UtTwinMorph) self = g_new0 (UtTwinMorph, 1);
  for (guint end = 0; end < 2; end++) {
    const UtVolume *labels = ends[end]->labels[ut_twin_final_stage (ends[end])];
    self->missing |= missing_in (labels);
    for (Solid solid = 0; solid < N_SOLIDS; solid++)
      if (!(self->depths[end][solid] = depth_field (labels, members[solid], error)))
        return NULL;
  }
  return g_steal_pointer (&self);
}

/* One structure at one moment. */
typedef struct Moment {
  const UtTwinMorph *morph;
  UtStructure structure;
  double t;
  UtAffine m_voxel_from_mm;
} Moment;

/* How deep in the structure a place is that lies so deep in its two solids. */
static double
part_depth (UtStructure structure, double with, double without)
{
  double thinnest = parts[structure].thinnest;
  double thickness = thinnest > 0 ? with - without - thinnest : INFINITY;
  return MIN (thickness, MIN (with, -without));
}

static double
blend (double from, double to, double t)
{
  return (1 - t) * from + t * to;
}

static double
depth_between (UtVec3 point, gconstpointer user_data)
{
  const Moment *self = user_data;
  const Solid solids[2] = {parts[self->structure].with, parts[self->structure].without};
  UtVoxelMean mean = ut_voxel_mean (self->morph->depths[0][LV]->dims,
                                    ut_affine_point (&self->m_voxel_from_mm, point));
  double depths[2] = {0, -INFINITY};
  for (int i = 0; i < 2 && solids[i] != NOTHING; i++)
    depths[i] = blend (ut_voxel_mean_of (&mean, self->morph->depths[0][solids[i]]->f32),
                       ut_voxel_mean_of (&mean, self->morph->depths[1][solids[i]]->f32),
                       self->t);
  return part_depth (self->structure, depths[0], depths[1]);
}

static void
fill_depths (const Moment *self, float *ret)
{
  const Solid solids[2] = {parts[self->structure].with, parts[self->structure].without};
  const float *ends[2][2] = {{NULL}};
  for (int i = 0; i < 2 && solids[i] != NOTHING; i++)
    for (int end = 0; end < 2; end++)
      ends[i][end] = self->morph->depths[end][solids[i]]->f32;
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++) {
    double with = blend (ends[0][0][i], ends[0][1][i], self->t);
    double without = ends[1][0] != NULL ? blend (ends[1][0][i], ends[1][1][i], self->t) : -INFINITY;
    ret[i] = (float)part_depth (self->structure, with, without);
  }
}

UtMesh *
ut_twin_morph_mesh (const UtTwinMorph *self, UtStructure structure, double t, GError **error)
{
  const UtVolume *like = self->depths[0][LV];
  Moment moment = {self, structure, t, {{{0}}}};
  gboolean invertible = ut_affine_invert (&like->m_patient_from_voxel, &moment.m_voxel_from_mm);
  g_return_val_if_fail (invertible, NULL); /* of every volume */
  if (self->missing >> structure & 1)
    return ut_mesh_new (UT_MESH_FRAME_CANONICAL, 0, 0, error);
  g_autoptr (UtVolume) field =
    ut_volume_new (UT_VOXEL_F32, like->dims, &like->m_patient_from_voxel, error);
  if (field == NULL)
    return NULL;
  fill_depths (&moment, field->f32);
  g_autoptr (UtMesh) mesh = ut_mesh_from_field (field, 0, UT_MESH_FRAME_CANONICAL, error);
  return mesh == NULL
           ? NULL
           : ut_mesh_with_creases (mesh, depth_between, &moment, UT_CANONICAL_SPACING, error);
}
