/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/echo/scene.h"

#include "engine/anatomy/distance-field.h"
#include "engine/anatomy/label-sample.h"
#include "engine/base/error.h"
#include "engine/base/parallel.h"
#include "engine/base/words.h"

#include <math.h>
#include <string.h>

#define GRID_SPACING 1.5 /* mm; finer and coarser hearts are carried onto it */
#define MARGIN       (UT_ECHO_REACH_VOXELS + 1)

enum { STREAM_MOTTLE = 40, STREAM_KEY };

/* first and last voxel of the heart along each axis; FALSE where there is none */
static gboolean
bounds (const UtVolume *labels, gsize ret_low[3], gsize ret_high[3])
{
  gboolean any = FALSE;
  for (gsize z = 0; z < labels->dims[2]; z++)
    for (gsize y = 0; y < labels->dims[1]; y++)
      for (gsize x = 0; x < labels->dims[0]; x++) {
        if (labels->u8[ut_volume_index (labels, x, y, z)] == UT_BACKGROUND)
          continue;
        gsize p[3] = {x, y, z};
        for (int a = 0; a < 3; a++) {
          ret_low[a] = any ? MIN (ret_low[a], p[a]) : p[a];
          ret_high[a] = any ? MAX (ret_high[a], p[a]) : p[a];
        }
        any = TRUE;
      }
  return any;
}

static guint8
label_at (const UtVolume *labels, gint64 x, gint64 y, gint64 z)
{
  if (x < 0 || y < 0 || z < 0 || x >= (gint64)labels->dims[0] || y >= (gint64)labels->dims[1] ||
      z >= (gint64)labels->dims[2])
    return UT_BACKGROUND;
  guint8 label = labels->u8[ut_volume_index (labels, (gsize)x, (gsize)y, (gsize)z)];
  return label < UT_N_LABELS ? label : UT_BACKGROUND;
}

/* labels on a grid of cubes round the heart: [z, y, x], the scene's dims and affine */
static guint8 *
grid_labels (UtEchoScene *self, const UtVolume *labels, GError **error)
{
  gsize low[3], high[3];
  if (!bounds (labels, low, high)) {
    g_set_error_literal (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT, ut_words ("the volume holds no heart"));
    return NULL;
  }
  UtVec3 spacing = ut_volume_spacing (labels);
  double along[3] = {spacing.x, spacing.y, spacing.z}, step[3], origin[3];
  for (int a = 0; a < 3; a++) {
    step[a] = GRID_SPACING / along[a]; /* source voxels per grid cell */
    if (fabs (step[a] - 1) < 0.01)
      step[a] = 1;
    origin[a] = (double)low[a] - MARGIN * step[a];
    self->dims[a] = (gsize)ceil ((double)(high[a] - low[a]) / step[a]) + 2 * MARGIN + 1;
  }
  gsize n = self->dims[0] * self->dims[1] * self->dims[2];
  if (self->dims[0] > 1024 || self->dims[1] > 1024 || self->dims[2] > 1024 || n > (gsize)1 << 24) {
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_RANGE,
      ut_words ("the heart spans %.0f x %.0f x %.0f mm, too large for a simulated picture"),
      self->dims[0] * GRID_SPACING,
      self->dims[1] * GRID_SPACING,
      self->dims[2] * GRID_SPACING);
    return NULL;
  }
  UtAffine m_voxel_from_grid = ut_affine_scale_offset (ut_vec3 (step[0], step[1], step[2]),
                                                       ut_vec3 (origin[0], origin[1], origin[2]));
  UtAffine m_patient_from_grid =
    ut_affine_multiply (&labels->m_patient_from_voxel, &m_voxel_from_grid);
  if (!ut_affine_invert (&m_patient_from_grid, &self->m_grid_from_patient)) {
    g_set_error_literal (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT, ut_words ("the volume's affine is singular"));
    return NULL;
  }
  guint8 *grid = g_malloc (n), *out = grid;
  gboolean direct = step[0] == 1 && step[1] == 1 && step[2] == 1;
  for (gsize z = 0; z < self->dims[2]; z++)
    for (gsize y = 0; y < self->dims[1]; y++)
      for (gsize x = 0; x < self->dims[0]; x++) {
        UtVec3 p = {origin[0] + (double)x * step[0],
                    origin[1] + (double)y * step[1],
                    origin[2] + (double)z * step[2]};
        *out++ = direct ? label_at (labels, (gint64)p.x, (gint64)p.y, (gint64)p.z)
                        : ut_label_sample (labels, p);
      }
  return grid;
}

typedef struct FieldWork {
  UtEchoScene *scene;
  const guint8 *grid;
} FieldWork;

static void
make_fields (gsize begin, gsize end, gpointer user_data)
{
  static const guint8 members[5] = {
    1 << UT_LV, 1 << UT_LV | 1 << UT_MYO, 1 << UT_LA, 1 << UT_RV, 1 << UT_RA};
  FieldWork *work = user_data;
  UtEchoScene *self = work->scene;
  gsize n = self->dims[0] * self->dims[1] * self->dims[2];
  g_autofree guint8 *inside = g_malloc (n);
  g_autofree float *distance = g_new (float, n);
  for (gsize field = begin; field < end; field++) {
    for (gsize i = 0; i < n; i++)
      inside[i] = members[field] >> work->grid[i] & 1;
    ut_distance_field (inside, self->dims, UT_ECHO_REACH_VOXELS, distance);
    for (gsize i = 0; i < n; i++)
      self->fields[i * UT_ECHO_N_FIELDS + field] = distance[i] * (float)GRID_SPACING;
  }
}

static double
distance_to_segment (UtVec3 p, UtVec3 a, UtVec3 b)
{
  UtVec3 ab = ut_vec3_sub (b, a), ap = ut_vec3_sub (p, a);
  double t = CLAMP (ut_vec3_dot (ap, ab) / MAX (ut_vec3_dot (ab, ab), 1e-6), 0, 1);
  return ut_vec3_length (ut_vec3_mad (ap, -t, ab));
}

/* where the cavity ends, seen from the axis at level s (0 base, 1 apex) */
static UtVec3
endocardium (const UtEchoScene *self, double s, UtVec3 outward, double inset_mm)
{
  const UtLandmarks *lm = &self->landmarks;
  UtVec3 centre = ut_vec3_mad (lm->mitral, s * self->length_mm, lm->long_axis);
  double r = 0;
  for (; r < 45; r += 0.5) {
    UtVec3 p = ut_affine_point (&self->m_grid_from_patient, ut_vec3_mad (centre, r, outward));
    float at[3] = {(float)p.x, (float)p.y, (float)p.z}, d[8];
    ut_echo_scene_distances (self, at, d);
    if (d[UT_ECHO_LV] > 0)
      break;
  }
  return ut_vec3_mad (centre, MAX (r - inset_mm, 0), outward);
}

/* two muscles from the apical wall to half-way up the cavity, as capsules that thin out */
static void
add_papillary_muscles (UtEchoScene *self)
{
  const UtLandmarks *lm = &self->landmarks;
  const double directions[2][2] = {{-0.92, -0.1}, {0.35, -0.93}}; /* septal, anterior */
  UtVec3 foot[2], head[2];
  for (int m = 0; m < 2; m++) {
    UtVec3 outward =
      ut_vec3_normalise (ut_vec3_add (ut_vec3_scale (lm->septal, directions[m][0]),
                                      ut_vec3_scale (lm->anterior, directions[m][1])));
    foot[m] = endocardium (self, 0.72, outward, 2);
    head[m] = endocardium (self, 0.42, outward, 6);
  }
  UtAffine m_patient_from_grid;
  if (!ut_affine_invert (&self->m_grid_from_patient, &m_patient_from_grid))
    return;
  float *field = self->fields;
  for (gsize z = 0; z < self->dims[2]; z++)
    for (gsize y = 0; y < self->dims[1]; y++)
      for (gsize x = 0; x < self->dims[0]; x++, field += UT_ECHO_N_FIELDS) {
        field[UT_ECHO_PAPILLARY] = 12;
        if (field[UT_ECHO_LV] > 3)
          continue;
        UtVec3 p =
          ut_affine_point (&m_patient_from_grid, ut_vec3 ((double)x, (double)y, (double)z));
        double nearest = MIN (distance_to_segment (p, foot[0], head[0]),
                              distance_to_segment (p, foot[1], head[1]));
        field[UT_ECHO_PAPILLARY] = (float)MIN (nearest - 4.0, 12);
      }
}

UtEchoScene *
ut_echo_scene_new (const UtVolume *labels,
                   const UtLandmarks *landmarks,
                   const UtLandmarks *landmarks_ed,
                   guint64 seed,
                   GError **error)
{
  g_return_val_if_fail (labels != NULL && landmarks != NULL, NULL);
  if (labels->type != UT_VOXEL_U8) {
    g_set_error_literal (error,
                         UT_ENGINE_ERROR,
                         UT_ENGINE_ERROR_FORMAT,
                         ut_words ("the heart must hold labels (uint8)"));
    return NULL;
  }
  g_autoptr (UtEchoScene) self = g_new0 (UtEchoScene, 1);
  self->labels = ut_volume_ref ((UtVolume *)labels);
  self->landmarks = *landmarks;
  self->length_mm = MAX (ut_vec3_length (ut_vec3_sub (landmarks->apex, landmarks->mitral)), 1);
  if (landmarks_ed != NULL) {
    self->apex_shift =
      ut_vec3_dot (ut_vec3_sub (landmarks_ed->apex, landmarks->apex), landmarks->long_axis);
    self->annulus_shift =
      ut_vec3_dot (ut_vec3_sub (landmarks_ed->mitral, landmarks->mitral), landmarks->long_axis);
  }
  g_autofree guint8 *grid = grid_labels (self, labels, error);
  if (grid == NULL)
    return NULL;
  gsize n = self->dims[0] * self->dims[1] * self->dims[2];
  self->fields = g_new0 (float, n *UT_ECHO_N_FIELDS);
  FieldWork work = {self, grid};
  ut_parallel_for (5, 1, make_fields, &work);
  add_papillary_muscles (self);

  gsize n_mottle = (gsize)UT_ECHO_MOTTLE_SIDE * UT_ECHO_MOTTLE_SIDE * UT_ECHO_MOTTLE_SIDE;
  self->mottle = g_new (float, n_mottle);
  ut_philox_normals (seed, STREAM_MOTTLE, 0, n_mottle, self->mottle);
  UtRandom random;
  ut_random_init (&random, seed, STREAM_KEY);
  self->key = ut_random_u32 (&random);
  return g_steal_pointer (&self);
}

void
ut_echo_scene_free (UtEchoScene *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->labels, ut_volume_unref);
  g_free (self->fields);
  g_free (self->mottle);
  g_free (self);
}
