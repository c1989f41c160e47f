/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-augment.h"

#include "engine/anatomy/heart-warp.h"
#include "engine/anatomy/label-sample.h"
#include "engine/anatomy/range.h"
#include "engine/base/parallel.h"

/*
 * Ranges of the kinds, as factors on a normal heart. The factors are our choice, so that
 * hearts reach from normal to what the sources call severe:
 * - LV end-diastolic volume: normal 67 to 155 ml in men, severe from 201, 1.8 times the
 *   middle (Lang et al., Eur J Echocardiogr 7:79, 2006, table 5): 1.2 to 2.0; such hearts
 *   get a heavier wall.
 * - LV mass by 2D: normal 50 to 102 g/m2 in men, severe from 131, 1.7 times the middle (same,
 *   table 4): 1.2 to 1.8, with a cavity of normal or smaller size and a fuller LA.
 * - LA volume: normal mean 25, up to 34 ml/m2, severe above 48 (Lang et al., JASE 28:1,
 *   2015): 1.3 to 2.0; RA likewise.
 * - RV: 1.25 to 1.8. Up to 160 ml/m2 it comes back to normal size once the valve is replaced
 *   after repair of Fallot's tetralogy (Oosterhof et al., Circulation 116:545, 2007).
 * What comes with the named change (wall, LA, RA of a dilated ventricle), the SDs of the same
 * kind (size 4 %, each direction 2.5 %, each volume 8 %) and the bend: our choice.
 */

#define N_WAVES      6
#define WAVE_MIN_MM  50.0 /* 6 mm of bend keep a slope of 2 pi 6 / 50 = 0.75: one to one */
#define WAVE_MAX_MM  120.0
#define BEND_MAX_MM  6.0
#define MARGIN_MM    6.0
#define PROBE_MM     6.0
#define LV_ELONGATE  0.25 /* exponent: share of an LV volume factor that goes into its length */
#define ATRIA_DEEPEN 0.3

/* One term of the displacement: amplitude * sin (k . p + phase). */
typedef struct Wave {
  UtVec3 amplitude, k;
  double phase;
} Wave;

/* Voxel indices of the old volume, both ends inside. */
typedef struct Box {
  gssize low[3], high[3];
} Box;

#define EMPTY_BOX                                                                                  \
  ((Box){{G_MAXSSIZE, G_MAXSSIZE, G_MAXSSIZE}, {-G_MAXSSIZE, -G_MAXSSIZE, -G_MAXSSIZE}})

typedef struct Augment {
  const UtVolume *src;
  UtVolume *dst;
  Box box;          /* holds the changed heart */
  gssize margin[3]; /* voxels of background around it */
  const UtSleeve *sleeve;
  const UtHeartWarp *warp;
  UtVec3 centre, shrink; /* heart frame; shrink: 1 / scale */
  Wave waves[N_WAVES];
} Augment;

static UtVec3
random_direction (UtRandom *random)
{
  double x = ut_random_normal (random, 0, 1), y = ut_random_normal (random, 0, 1);
  return ut_vec3_normalise (ut_vec3 (x, y, ut_random_normal (random, 0, 1)));
}

static void
draw_waves (Wave waves[N_WAVES], double bend_mm, guint64 seed)
{
  UtRandom random;
  ut_random_init (&random, seed, 0);
  for (int i = 0; i < N_WAVES; i++) {
    double length_mm = ut_random_uniform (&random, WAVE_MIN_MM, WAVE_MAX_MM);
    waves[i].k = ut_vec3_scale (random_direction (&random), 2 * G_PI / length_mm);
    waves[i].amplitude = ut_vec3_scale (random_direction (&random), bend_mm / N_WAVES);
    waves[i].phase = ut_random_uniform (&random, 0, 2 * G_PI);
  }
}

static UtVec3
before (const Augment *self, UtVec3 p)
{
  UtVec3 d = ut_vec3_sub (p, self->centre);
  p = ut_vec3_add (self->centre,
                   ut_vec3 (d.x * self->shrink.x, d.y * self->shrink.y, d.z * self->shrink.z));
  UtVec3 bent = p;
  for (int i = 0; i < N_WAVES; i++) {
    const Wave *wave = &self->waves[i];
    double height = sinf ((float)(ut_vec3_dot (wave->k, p) + wave->phase));
    bent = ut_vec3_mad (bent, height, wave->amplitude);
  }
  return ut_heart_warp_before (self->warp, bent);
}

/* The new label at a place given in voxel indices of the old volume. */
static guint8
label_at (const Augment *self, double x, double y, double z)
{
  UtVec3 p = ut_affine_point (&self->sleeve->m_heart_from_voxel, ut_vec3 (x, y, z));
  return ut_label_sample (self->src,
                          ut_affine_point (&self->sleeve->m_voxel_from_heart, before (self, p)));
}

static void
margin_voxels (const UtVolume *volume, double mm, gssize ret[3])
{
  UtVec3 spacing = ut_volume_spacing (volume);
  ret[0] = (gssize)ceil (mm / spacing.x);
  ret[1] = (gssize)ceil (mm / spacing.y);
  ret[2] = (gssize)ceil (mm / spacing.z);
}

static void
box_include (Box *box, UtVec3 p, const gssize margin[3])
{
  const double at[3] = {p.x, p.y, p.z};
  for (int axis = 0; axis < 3; axis++) {
    box->low[axis] = MIN (box->low[axis], (gssize)floor (at[axis]) - margin[axis]);
    box->high[axis] = MAX (box->high[axis], (gssize)ceil (at[axis]) + margin[axis]);
  }
}

/* Surely holds the changed heart: corners of the old volume, scaled, and room for the
 * growth of its parts. */
static Box
roomy_box (const Augment *self, const UtHeartShape *shape)
{
  const UtVolume *src = self->src;
  double growth = MAX (MAX (shape->lv, shape->la), MAX (MAX (shape->rv, shape->ra), shape->wall));
  gssize margin[3];
  margin_voxels (src, shape->bend_mm + 10 + 30 * MAX (0, growth - 1), margin);
  Box box = EMPTY_BOX;
  for (int corner = 0; corner < 8; corner++) {
    UtVec3 p = ut_vec3 (corner & 1 ? src->dims[0] - 1.0 : 0,
                        corner & 2 ? src->dims[1] - 1.0 : 0,
                        corner & 4 ? src->dims[2] - 1.0 : 0);
    UtVec3 d = ut_vec3_sub (ut_affine_point (&self->sleeve->m_heart_from_voxel, p), self->centre);
    d = ut_vec3 (d.x * shape->scale[0], d.y * shape->scale[1], d.z * shape->scale[2]);
    p = ut_affine_point (&self->sleeve->m_voxel_from_heart, ut_vec3_add (self->centre, d));
    box_include (&box, p, margin);
  }
  return box;
}

/* The part of @within that holds the changed heart, found on a grid of PROBE_MM. */
static Box
heart_box (const Augment *self, const Box *within)
{
  gssize step[3];
  margin_voxels (self->src, PROBE_MM, step);
  Box box = EMPTY_BOX;
  for (gssize z = within->low[2]; z <= within->high[2]; z += step[2])
    for (gssize y = within->low[1]; y <= within->high[1]; y += step[1])
      for (gssize x = within->low[0]; x <= within->high[0]; x += step[0])
        if (label_at (self, x, y, z) != UT_BACKGROUND)
          box_include (&box, ut_vec3 (x, y, z), step);
  return box;
}

static void
draw_rows (gsize begin, gsize end, gpointer user_data)
{
  const Augment *self = user_data;
  const Box *box = &self->box;
  const gsize n_y = (gsize)(box->high[1] - box->low[1] + 1);
  for (gsize row = begin; row < end; row++) {
    gssize y = box->low[1] + (gssize)(row % n_y), z = box->low[2] + (gssize)(row / n_y);
    guint8 *voxel = self->dst->u8 + ut_volume_index (self->dst,
                                                     (gsize)self->margin[0],
                                                     (gsize)(y - box->low[1] + self->margin[1]),
                                                     (gsize)(z - box->low[2] + self->margin[2]));
    for (gssize x = box->low[0]; x <= box->high[0]; x++)
      *voxel++ = label_at (self, x, y, z);
  }
}

/* Background on the grid of the old volume, cut or continued to the box and its margin. */
static UtVolume *
new_grid (const Augment *self, GError **error)
{
  gsize dims[3];
  double first[3];
  for (int axis = 0; axis < 3; axis++) {
    gssize n = self->box.high[axis] - self->box.low[axis] + 1;
    dims[axis] = (gsize)MAX (n + 2 * self->margin[axis], 1);
    first[axis] = self->box.low[axis] - self->margin[axis];
  }
  UtAffine shift =
    ut_affine_scale_offset (ut_vec3 (1, 1, 1), ut_vec3 (first[0], first[1], first[2]));
  UtAffine m = ut_affine_multiply (&self->src->m_patient_from_voxel, &shift);
  return ut_volume_new (UT_VOXEL_U8, dims, &m, error);
}

static gboolean
check_shape (const UtHeartShape *shape, GError **error)
{
  const UtRange ranges[] = {
    {"anterior scale", shape->scale[0], 0.5, 2},
    {"septal scale", shape->scale[1], 0.5, 2},
    {"long-axis scale", shape->scale[2], 0.5, 2},
    {"LV factor", shape->lv, 0.4, 3},
    {"LA factor", shape->la, 0.4, 3},
    {"RV factor", shape->rv, 0.4, 3},
    {"RA factor", shape->ra, 0.4, 3},
    {"wall factor", shape->wall, 0.4, 3},
    {"bend in mm", shape->bend_mm, 0, BEND_MAX_MM},
  };
  return ut_ranges_check ("heart shape", ranges, G_N_ELEMENTS (ranges), error);
}

UtVolume *
ut_heart_augment (const UtVolume *labels,
                  const UtLandmarks *landmarks,
                  const UtHeartShape *shape,
                  GError **error)
{
  g_return_val_if_fail (labels->type == UT_VOXEL_U8, NULL);

  if (!check_shape (shape, error))
    return NULL;
  g_autoptr (UtHeartSurvey) survey = ut_heart_survey_new (labels, landmarks);
  const UtSleeve *sleeve = ut_heart_survey_sleeve (survey);
  const UtHeartWarpTarget target = {
    .apex_mm = -sleeve->z_apex * (pow (shape->lv, LV_ELONGATE) - 1),
    .roof_mm = -sleeve->z_roof * (pow ((shape->la + shape->ra) / 2, ATRIA_DEEPEN) - 1),
    .wall = shape->wall,
    .volumes = {[UT_FORCE_LV] = shape->lv,
                [UT_FORCE_LA] = shape->la,
                [UT_FORCE_RV] = shape->rv,
                [UT_FORCE_RA] = shape->ra},
  };
  g_autoptr (UtHeartWarp) warp = ut_heart_warp_new (survey, &target, error);
  if (warp == NULL)
    return NULL;
  Augment augment = {
    .src = labels,
    .sleeve = sleeve,
    .warp = warp,
    .centre = ut_affine_point (&sleeve->m_heart_from_patient, landmarks->centroid[UT_BACKGROUND]),
    .shrink = ut_vec3 (1 / shape->scale[0], 1 / shape->scale[1], 1 / shape->scale[2]),
  };
  draw_waves (augment.waves, shape->bend_mm, shape->bend_seed);
  const Box roomy = roomy_box (&augment, shape);
  augment.box = heart_box (&augment, &roomy);
  margin_voxels (labels, MARGIN_MM, augment.margin);
  augment.dst = new_grid (&augment, error);
  if (augment.dst == NULL)
    return NULL;
  gsize n_rows = (gsize)(augment.box.high[1] - augment.box.low[1] + 1) *
                 (gsize)(augment.box.high[2] - augment.box.low[2] + 1);
  ut_parallel_for (n_rows, 64, draw_rows, &augment);
  ut_parts_keep_largest (augment.dst->u8, augment.dst->dims);
  return augment.dst;
}

/* Log-normal factor, at most 2 SD from 1. */
static double
draw_factor (UtRandom *random, double sd)
{
  return exp (ut_random_normal_within (random, 0, sd, -2 * sd, 2 * sd));
}

UtHeartShape
ut_heart_shape_random (UtHeartKind kind, UtRandom *random)
{
  UtHeartShape shape = UT_HEART_SHAPE_SAME;
  double size = draw_factor (random, 0.04);
  for (int axis = 0; axis < 3; axis++)
    shape.scale[axis] = size * draw_factor (random, 0.025);
  double *const factors[] = {&shape.lv, &shape.la, &shape.rv, &shape.ra, &shape.wall};
  for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
    *factors[i] = draw_factor (random, 0.08);
  shape.bend_mm = ut_random_uniform (random, 0, 4);
  shape.bend_seed = ut_random_u32 (random);

  switch (kind) {
  case UT_HEART_DILATED_LV:
    shape.lv *= ut_random_uniform (random, 1.2, 2.0);
    shape.wall *= ut_random_uniform (random, 1.0, 1.4);
    shape.la *= ut_random_uniform (random, 1.0, 1.6);
    break;
  case UT_HEART_THICK_WALL:
    shape.lv *= ut_random_uniform (random, 0.75, 1.0);
    shape.wall *= ut_random_uniform (random, 1.2, 1.8);
    shape.la *= ut_random_uniform (random, 1.0, 1.5);
    break;
  case UT_HEART_DILATED_RV:
    shape.lv *= ut_random_uniform (random, 0.75, 1.0);
    shape.rv *= ut_random_uniform (random, 1.25, 1.8);
    shape.ra *= ut_random_uniform (random, 1.1, 1.7);
    break;
  case UT_HEART_LARGE_ATRIA:
    shape.la *= ut_random_uniform (random, 1.3, 2.0);
    shape.ra *= ut_random_uniform (random, 1.2, 2.0);
    break;
  case UT_HEART_NORMAL:
  case UT_N_HEART_KINDS:
  default:
    break;
  }
  return shape;
}
