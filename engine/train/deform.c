/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/train/deform.h"

#include <string.h>

#define MAX_BUMPS 12
#define N_RANDOM  6
#define NODE      4   /* voxels between nodes of the displacement lattice */
#define MARGIN_MM 6.0 /* background kept around the heart */
#define GROW      1.3 /* the deformed heart is looked for in a box this much larger */

/* u(p) = (shift - growth (p - centre)) exp (-|p - centre|^2 / 2 sigma^2); growth > 0 enlarges */
typedef struct Bump {
  UtVec3 centre, shift; /* mm */
  double growth, sigma; /* sigma in mm */
} Bump;

typedef struct Field {
  UtVec3 centre;
  UtVec3 axis[3];
  double shrink[3]; /* 1 / stretch along each axis, minus 1 */
  Bump bumps[MAX_BUMPS];
  guint n_bumps;
} Field;

static UtVec3
displacement (const Field *self, UtVec3 p)
{
  UtVec3 from = ut_vec3_sub (p, self->centre), u = {0};
  for (int a = 0; a < 3; a++)
    u = ut_vec3_mad (u, self->shrink[a] * ut_vec3_dot (from, self->axis[a]), self->axis[a]);
  for (guint i = 0; i < self->n_bumps; i++) {
    const Bump *b = &self->bumps[i];
    UtVec3 d = ut_vec3_sub (p, b->centre);
    double w = exp (-ut_vec3_dot (d, d) / (2 * b->sigma * b->sigma));
    u = ut_vec3_mad (u, w, ut_vec3_mad (b->shift, -b->growth, d));
  }
  return u;
}

/* Radius in mm of the ball that is as large as each structure. */
static void
radii (const UtVolume *labels, double ret[UT_N_LABELS])
{
  gsize count[256] = {0};
  for (gsize i = 0; i < ut_volume_n_voxels (labels); i++)
    count[labels->u8[i]]++;
  for (int s = 0; s < UT_N_LABELS; s++)
    ret[s] = cbrt (count[s] * ut_volume_voxel_ml (labels) * 1000 * 3 / (4 * G_PI));
}

static void
draw_growth (double growth[UT_N_LABELS], double disease, UtRandom *random)
{
  for (int s = UT_LV; s < UT_N_LABELS; s++)
    growth[s] = ut_random_normal_within (random, 0, 0.06, -0.12, 0.12);
  if (!ut_random_chance (random, disease))
    return;
  guint kind = ut_random_index (random, 6);
  if (kind == 0 || kind == 5)
    growth[UT_LV] += ut_random_uniform (random, 0.08, 0.3);
  if (kind == 1)
    growth[UT_LV] -= ut_random_uniform (random, 0.08, 0.2); /* thick wall: cavity shrinks alone */
  if (kind == 2)
    growth[UT_RV] += ut_random_uniform (random, 0.08, 0.3);
  if (kind == 2 || kind == 3)
    growth[UT_RA] += ut_random_uniform (random, 0.05, 0.3);
  if (kind == 4 || kind == 5)
    growth[UT_LA] += ut_random_uniform (random, 0.08, 0.35);
}

static void
draw_field (Field *self,
            const UtVolume *labels,
            const UtLandmarks *landmarks,
            double disease,
            UtRandom *random)
{
  *self = (Field){.centre = landmarks->centroid[UT_BACKGROUND],
                  .axis = {landmarks->long_axis, landmarks->septal, landmarks->anterior}};
  double scale = ut_random_uniform (random, 0.92, 1.08);
  for (int a = 0; a < 3; a++)
    self->shrink[a] = 1 / (scale * ut_random_uniform (random, 0.92, 1.08)) - 1;

  double radius[UT_N_LABELS], growth[UT_N_LABELS] = {0};
  radii (labels, radius);
  draw_growth (growth, disease, random);
  for (int s = UT_LV; s < UT_N_LABELS; s++)
    self->bumps[self->n_bumps++] =
      (Bump){.centre = landmarks->centroid[s], .growth = growth[s], .sigma = 1.1 * radius[s]};
  for (int i = 0; i < N_RANDOM; i++) {
    Bump b = {.sigma = ut_random_uniform (random, 18, 35)};
    double *v[] = {&b.centre.x, &b.centre.y, &b.centre.z, &b.shift.x, &b.shift.y, &b.shift.z};
    for (int k = 0; k < 3; k++) {
      *v[k] = ut_random_uniform (random, -50, 50);
      *v[k + 3] = ut_random_uniform (random, -2.3, 2.3); /* 4 mm along a diagonal */
    }
    b.centre = ut_vec3_add (b.centre, self->centre);
    self->bumps[self->n_bumps++] = b;
  }
}

/* Displacements at the nodes of a lattice over @grid, in voxels of @labels. */
static float *
lattice (const Field *field,
         const UtVolume *grid,
         const UtAffine *m_voxel_from_patient,
         gsize nodes[3])
{
  for (int a = 0; a < 3; a++)
    nodes[a] = (grid->dims[a] - 1) / NODE + 2;
  float *u = g_new (float, 3 * nodes[0] * nodes[1] * nodes[2]), *out = u;
  for (gsize z = 0; z < nodes[2]; z++)
    for (gsize y = 0; y < nodes[1]; y++)
      for (gsize x = 0; x < nodes[0]; x++) {
        UtVec3 p =
          ut_affine_point (&grid->m_patient_from_voxel, ut_vec3 (x * NODE, y * NODE, z * NODE));
        UtVec3 d = ut_affine_direction (m_voxel_from_patient, displacement (field, p));
        *out++ = d.x;
        *out++ = d.y;
        *out++ = d.z;
      }
  return u;
}

static UtVec3
interpolate (const float *u, const gsize nodes[3], gsize x, gsize y, gsize z)
{
  gsize i[3] = {x / NODE, y / NODE, z / NODE};
  float f[3] = {(x % NODE) / (float)NODE, (y % NODE) / (float)NODE, (z % NODE) / (float)NODE};
  float sum[3] = {0};
  for (int corner = 0; corner < 8; corner++) {
    gsize cx = corner & 1, cy = corner >> 1 & 1, cz = corner >> 2;
    float w = (cx ? f[0] : 1 - f[0]) * (cy ? f[1] : 1 - f[1]) * (cz ? f[2] : 1 - f[2]);
    const float *node = u + 3 * (((i[2] + cz) * nodes[1] + i[1] + cy) * nodes[0] + i[0] + cx);
    for (int a = 0; a < 3; a++)
      sum[a] += w * node[a];
  }
  return ut_vec3 (sum[0], sum[1], sum[2]);
}

static guint8
nearest (const UtVolume *labels, UtVec3 voxel)
{
  const double p[3] = {voxel.x, voxel.y, voxel.z};
  gsize i[3];
  for (int a = 0; a < 3; a++) {
    double rounded = floor (p[a] + 0.5);
    if (rounded < 0 || rounded >= labels->dims[a])
      return UT_BACKGROUND;
    i[a] = (gsize)rounded;
  }
  return labels->u8[ut_volume_index (labels, i[0], i[1], i[2])];
}

static void
pull_back (const UtVolume *labels, const Field *field, gsize border[3], UtVolume *grown)
{
  UtAffine m_voxel_from_patient;
  if (!ut_affine_invert (&labels->m_patient_from_voxel, &m_voxel_from_patient))
    g_return_if_reached ();
  gsize nodes[3];
  g_autofree float *u = lattice (field, grown, &m_voxel_from_patient, nodes);
  guint8 *out = grown->u8;
  for (gsize z = 0; z < grown->dims[2]; z++)
    for (gsize y = 0; y < grown->dims[1]; y++)
      for (gsize x = 0; x < grown->dims[0]; x++) {
        UtVec3 at = ut_vec3 ((double)x - border[0], (double)y - border[1], (double)z - border[2]);
        *out++ = nearest (labels, ut_vec3_add (at, interpolate (u, nodes, x, y, z)));
      }
}

/* Copy of @src with @margin voxels of background around what is not background. */
static UtVolume *
crop (const UtVolume *src, const gsize margin[3], GError **error)
{
  gsize low[3] = {G_MAXSIZE, G_MAXSIZE, G_MAXSIZE}, high[3] = {0}, i = 0;
  for (gsize z = 0; z < src->dims[2]; z++)
    for (gsize y = 0; y < src->dims[1]; y++)
      for (gsize x = 0; x < src->dims[0]; x++) {
        if (src->u8[i++] == UT_BACKGROUND)
          continue;
        const gsize at[3] = {x, y, z};
        for (int a = 0; a < 3; a++) {
          low[a] = MIN (low[a], at[a]);
          high[a] = MAX (high[a], at[a]);
        }
      }
  gsize dims[3];
  for (int a = 0; a < 3; a++) {
    low[a] -= MIN (low[a], margin[a]);
    high[a] = MIN (high[a] + margin[a], src->dims[a] - 1);
    dims[a] = high[a] - low[a] + 1;
  }
  UtAffine move = ut_affine_scale_offset (ut_vec3 (1, 1, 1), ut_vec3 (low[0], low[1], low[2]));
  UtAffine m = ut_affine_multiply (&src->m_patient_from_voxel, &move);
  UtVolume *dst = ut_volume_new (UT_VOXEL_U8, dims, &m, error);
  for (gsize z = 0; dst && z < dims[2]; z++)
    for (gsize y = 0; y < dims[1]; y++)
      memcpy (dst->u8 + ut_volume_index (dst, 0, y, z),
              src->u8 + ut_volume_index (src, low[0], low[1] + y, low[2] + z),
              dims[0]);
  return dst;
}

UtVolume *
ut_deform_draw (const UtVolume *labels,
                const UtLandmarks *landmarks,
                double disease,
                UtRandom *random,
                GError **error)
{
  Field field;
  draw_field (&field, labels, landmarks, disease, random);
  UtVec3 spacing = ut_volume_spacing (labels);
  const double mm[3] = {spacing.x, spacing.y, spacing.z};
  gsize dims[3], border[3], margin[3];
  for (int a = 0; a < 3; a++) {
    border[a] = (gsize)ceil (labels->dims[a] * (GROW - 1) / 2);
    dims[a] = labels->dims[a] + 2 * border[a];
    margin[a] = (gsize)ceil (MARGIN_MM / mm[a]);
  }
  UtAffine move = ut_affine_scale_offset (
    ut_vec3 (1, 1, 1), ut_vec3 (-(double)border[0], -(double)border[1], -(double)border[2]));
  UtAffine m = ut_affine_multiply (&labels->m_patient_from_voxel, &move);
  g_autoptr (UtVolume) grown = ut_volume_new (UT_VOXEL_U8, dims, &m, error);
  if (!grown)
    return NULL;
  pull_back (labels, &field, border, grown);
  return crop (grown, margin, error);
}
