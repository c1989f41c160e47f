/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-sleeve.h"

#include <string.h>

#define N_ANGLES UT_SLEEVE_N_ANGLES
#define STEP_MM  UT_SLEEVE_STEP_MM
#define PAD      4 /* levels before and after the heart */

/* Calls @body for every heart voxel with its label and its place p in the heart frame. */
typedef void (*VoxelFunc) (UtSleeve *self, guint8 label, UtVec3 p, gpointer user_data);

typedef struct Extent {
  double low, high, wall_high;
} Extent;

typedef struct Sums {
  double (*centre)[3]; /* per level: sum of x, of y, count, of the left heart */
  float *inner_area;   /* [level][angle], mm2 */
  float *wall_area;
  double area_mm2; /* of one voxel in one level */
} Sums;

static void
visit (UtSleeve *self, const UtVolume *labels, VoxelFunc body, gpointer user_data)
{
  const guint8 *voxel = labels->u8;
  for (gsize z = 0; z < labels->dims[2]; z++)
    for (gsize y = 0; y < labels->dims[1]; y++)
      for (gsize x = 0; x < labels->dims[0]; x++, voxel++)
        if (*voxel != UT_BACKGROUND)
          body (self,
                *voxel,
                ut_affine_point (&self->m_heart_from_voxel, ut_vec3 (x, y, z)),
                user_data);
}

static void
extend (UtSleeve *self, guint8 label, UtVec3 p, gpointer user_data)
{
  Extent *extent = user_data;
  extent->low = MIN (extent->low, p.z);
  extent->high = MAX (extent->high, p.z);
  if (label == UT_MYO || label == UT_LV)
    extent->wall_high = MAX (extent->wall_high, p.z);
}

static guint
nearest_level (const UtSleeve *self, double z)
{
  return (guint)CLAMP ((z - self->z_first) / STEP_MM + 0.5, 0, self->n_levels - 1);
}

static guint
angle_bin (double dx, double dy)
{
  double turn = atan2 (dy, dx) / (2 * G_PI) + 1;
  return (guint)(turn * N_ANGLES + 0.5) % N_ANGLES;
}

static void
add_to_centre (UtSleeve *self, guint8 label, UtVec3 p, gpointer user_data)
{
  Sums *sums = user_data;
  if (label != UT_LV && label != UT_LA)
    return;
  double *level = sums->centre[nearest_level (self, p.z)];
  level[0] += p.x;
  level[1] += p.y;
  level[2] += 1;
}

static void
add_to_rings (UtSleeve *self, guint8 label, UtVec3 p, gpointer user_data)
{
  Sums *sums = user_data;
  guint level = nearest_level (self, p.z);
  double dx = p.x - self->centre[level][0], dy = p.y - self->centre[level][1];
  guint i = level * N_ANGLES + angle_bin (dx, dy);
  if (label == UT_LV || label == UT_LA)
    sums->inner_area[i] += (float)sums->area_mm2;
  else if (label == UT_MYO)
    sums->wall_area[i] += (float)sums->area_mm2;
  else
    self->rings[i].right = MAX (self->rings[i].right, (float)hypot (dx, dy));
}

/* Gaussian smoothing of n values, @stride floats apart; ends repeat or wrap. */
static void
smooth (float *values, guint n, guint stride, double sigma, gboolean wraps)
{
  g_autofree float *copy = g_new (float, n);
  for (guint i = 0; i < n; i++)
    copy[i] = values[i * stride];
  int reach = (int)ceil (3 * sigma);
  for (int i = 0; i < (int)n; i++) {
    double sum = 0, total = 0;
    for (int d = -reach; d <= reach; d++) {
      int j = wraps ? (i + d + (int)n * 8) % (int)n : CLAMP (i + d, 0, (int)n - 1);
      double weight = exp (-d * d / (2 * sigma * sigma));
      sum += weight * copy[j];
      total += weight;
    }
    values[(guint)i * stride] = (float)(sum / total);
  }
}

static void
smooth_rings (float *table, guint n_levels, guint stride)
{
  for (guint level = 0; level < n_levels; level++)
    smooth (table + level * N_ANGLES * stride, N_ANGLES, stride, 1.2, TRUE);
  for (guint angle = 0; angle < N_ANGLES; angle++)
    smooth (table + angle * stride, n_levels, N_ANGLES * stride, 1.2, FALSE);
}

/* Levels without left heart take the middle of the nearest one that has some. */
static void
measure_centres (UtSleeve *self, const UtVolume *labels)
{
  Sums sums = {.centre = g_malloc0_n (self->n_levels, sizeof *sums.centre)};
  visit (self, labels, add_to_centre, &sums);
  g_autofree float *flat = g_new (float, 2 * self->n_levels);
  for (guint level = 0; level < self->n_levels; level++) {
    guint from = level;
    for (guint d = 1; d < self->n_levels && sums.centre[from][2] < 1; d++) {
      if (level >= d && sums.centre[level - d][2] >= 1)
        from = level - d;
      else if (level + d < self->n_levels && sums.centre[level + d][2] >= 1)
        from = level + d;
    }
    for (int axis = 0; axis < 2; axis++)
      flat[2 * level + axis] = (float)(sums.centre[from][axis] / MAX (sums.centre[from][2], 1));
  }
  for (guint axis = 0; axis < 2; axis++)
    smooth (flat + axis, self->n_levels, 2, 4, FALSE);
  for (guint level = 0; level < self->n_levels; level++)
    for (int axis = 0; axis < 2; axis++)
      self->centre[level][axis] = flat[2 * level + axis];
  g_free (sums.centre);
}

static void
measure_rings (UtSleeve *self, const UtVolume *labels)
{
  gsize n = (gsize)self->n_levels * N_ANGLES;
  g_autofree float *inner = g_new0 (float, n);
  g_autofree float *wall = g_new0 (float, n);
  Sums sums = {.inner_area = inner,
               .wall_area = wall,
               .area_mm2 = ut_volume_voxel_ml (labels) * 1000 / STEP_MM};
  visit (self, labels, add_to_rings, &sums);
  const float per_sector = N_ANGLES / (float)G_PI; /* r^2 = area * 2 / angle */
  for (gsize i = 0; i < n; i++) {
    self->rings[i].inner_sq = inner[i] * per_sector;
    self->rings[i].wall_sq = (inner[i] + wall[i]) * per_sector;
    self->rings[i].right = MAX (self->rings[i].right, sqrtf (self->rings[i].wall_sq));
  }
  const guint stride = sizeof (UtRing) / sizeof (float);
  smooth_rings (&self->rings->inner_sq, self->n_levels, stride);
  smooth_rings (&self->rings->wall_sq, self->n_levels, stride);
  smooth_rings (&self->rings->right, self->n_levels, stride);
  for (gsize i = 0; i < n; i++)
    self->rings[i].right = MAX (self->rings[i].right, sqrtf (self->rings[i].wall_sq));
}

void
ut_sleeve_init (UtSleeve *self, const UtVolume *labels, const UtLandmarks *landmarks)
{
  *self = (UtSleeve){0};
  self->m_patient_from_heart = ut_affine_from_axes (
    landmarks->anterior, landmarks->septal, landmarks->long_axis, landmarks->mitral);
  ut_affine_invert (&self->m_patient_from_heart, &self->m_heart_from_patient);
  self->m_heart_from_voxel =
    ut_affine_multiply (&self->m_heart_from_patient, &labels->m_patient_from_voxel);
  ut_affine_invert (&self->m_heart_from_voxel, &self->m_voxel_from_heart);

  Extent extent = {G_MAXDOUBLE, -G_MAXDOUBLE, 0};
  visit (self, labels, extend, &extent);
  self->z_roof = extent.low;
  self->z_apex = extent.wall_high;
  self->z_tricuspid = ut_affine_point (&self->m_heart_from_patient, landmarks->tricuspid).z;
  self->length_mm = ut_vec3_length (ut_vec3_sub (landmarks->apex, landmarks->mitral));
  self->z_first = extent.low - PAD * STEP_MM;
  self->n_levels = (guint)((extent.high - extent.low) / STEP_MM) + 2 + 2 * PAD;
  self->centre = g_malloc0_n (self->n_levels, sizeof *self->centre);
  self->rings = g_new0 (UtRing, (gsize)self->n_levels * N_ANGLES);
  measure_centres (self, labels);
  measure_rings (self, labels);
}

void
ut_sleeve_clear (UtSleeve *self)
{
  g_clear_pointer (&self->centre, g_free);
  g_clear_pointer (&self->rings, g_free);
}

void
ut_sleeve_centre (const UtSleeve *self, double z, double ret_centre[2])
{
  double t;
  guint level = ut_sleeve_level (self, z, &t);
  for (int axis = 0; axis < 2; axis++)
    ret_centre[axis] = (1 - t) * self->centre[level][axis] + t * self->centre[level + 1][axis];
}

UtRing
ut_sleeve_ring (const UtSleeve *self, double z, double dx, double dy)
{
  double t, around = (atan2 (dy, dx) / (2 * G_PI) + 1) * N_ANGLES;
  guint level = ut_sleeve_level (self, z, &t);
  guint first = (guint)around % N_ANGLES, next = (first + 1) % N_ANGLES;
  double s = around - floor (around);
  const UtRing *low = self->rings + level * N_ANGLES, *high = low + N_ANGLES;
  const float w[4] = {
    (float)((1 - t) * (1 - s)), (float)((1 - t) * s), (float)(t * (1 - s)), (float)(t * s)};
  const UtRing *ring[4] = {low + first, low + next, high + first, high + next};
  UtRing mixed = {0};
  for (int i = 0; i < 4; i++) {
    mixed.inner_sq += w[i] * ring[i]->inner_sq;
    mixed.wall_sq += w[i] * ring[i]->wall_sq;
    mixed.right += w[i] * ring[i]->right;
  }
  return mixed;
}
