/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-motion.h"

#include "engine/anatomy/heart-sleeve.h"
#include "engine/anatomy/label-sample.h"
#include "engine/base/error.h"
#include "engine/base/parallel.h"

/*
 * The motion is two one-to-one maps, done one after the other in the heart frame
 * (heart-sleeve.h) and undone in the other order to pull labels back:
 *
 * 1. Radial. On each level and ray around the left heart's middle, squared radii are
 *    stretched piece by piece: the cavity by one factor, the wall by the one that keeps
 *    its volume under the longitudinal shortening, the right heart beside it by a third.
 *    Outside, the shift of the last piece fades out. Area on a level scales with the
 *    factor, so the volume of each structure at any moment is a sum over ED voxels; the
 *    factors are solved for from it.
 * 2. Longitudinal. Levels move along the axis: the valve plane towards the apex, the
 *    apex a little towards the base, the roof of the atria not at all. The right side
 *    moves up to half as far again.
 *
 * What the numbers are at end-systole:
 * - mitral plane descent 3 to 15 mm, median 9 at a mean EF near 0.5, apex 1 to 4 mm: our
 *   measurement of the public CAMUS pictures (Leclerc et al., IEEE TMI 38(9), 2019).
 *   Normal tricuspid descent is about 1.6 times the mitral one, 24 against 14 mm:
 *   Rudski et al., JASE 23, 2010 (TAPSE); Willenheimer et al., Heart 78, 1997.
 * - RVEF 57 +- 7 % where LVEF is 64 +- 7 %; LA volume 72 -> 29 ml, RA 82 -> 40 ml from
 *   largest to smallest: Kawel-Boehm et al., JCMR 22:87, 2020. Between the two lie the
 *   conduit and active parts of filling, and end-diastole is the smallest.
 * - wall volume falls by 5 to 10 % as blood is squeezed out: Judd and Levy,
 *   Circulation 84, 1991.
 */

#define RIGHT_EXCESS   0.5  /* more descent of the right side */
#define RIGHT_FROM_MM  15.0 /* septal coordinate where that begins */
#define RIGHT_WIDTH_MM 50.0
#define RAMP_CORNER    0.2 /* share of a longitudinal ramp spent on bending */
#define RAMP_STEEPEST  (1 / (1 - RAMP_CORNER))
#define ANNULUS_SHARE  0.35 /* of the logarithm of the cavity's area factor, at the annulus */
#define FADE_MM        40.0 /* least width in which the shift outside the heart fades */
#define N_LIFTS        9    /* right-side factors in the table of the inverse */
#define LIFT_STEP_MM   1.5

typedef enum {
  FORCE_LV,
  FORCE_LA,
  FORCE_RV,
  FORCE_RA,
  N_FORCES,
} Force;

static const UtStructure force_structure[N_FORCES] = {UT_LV, UT_LA, UT_RV, UT_RA};

/* ED volume of one structure in one zone of one level, and its mean right-side factor. */
typedef struct Cell {
  double ml, right;
} Cell;

struct UtHeartMotion {
  UtVolume *labels;
  UtHeartMotionParams params;
  UtSleeve sleeve;
  Cell (*cells)[UT_N_LABELS][UT_N_ZONES]; /* [n_levels] */
  double volume_ml[UT_N_LABELS];
};

/* The two maps at one moment. */
typedef struct Moment {
  const UtHeartMotion *motion;
  double descent_mm, apex_mm, wall_volume;
  double force[N_FORCES];
  double (*factors)[UT_N_ZONES]; /* area factor per level */
  float *lifts;                  /* [N_LIFTS][n_lift_levels]: level before the lift */
  double lift_first;             /* mm */
  guint n_lift_levels;
} Moment;

static double
smooth_step (double t)
{
  t = CLAMP (t, 0, 1);
  return t * t * (3 - 2 * t);
}

/* 0 to 1 over t in 0 to 1, straight with bent ends. */
static double
ramp (double t)
{
  const double e = RAMP_CORNER, slope = RAMP_STEEPEST;
  t = CLAMP (t, 0, 1);
  if (t < e)
    return slope * t * t / (2 * e);
  if (t > 1 - e)
    return 1 - slope * (1 - t) * (1 - t) / (2 * e);
  return slope * (t - e / 2);
}

static double
ramp_slope (double t)
{
  if (t <= 0 || t >= 1)
    return 0;
  return RAMP_STEEPEST * MIN (1, MIN (t, 1 - t) / RAMP_CORNER);
}

static double
right_factor (double y_septal)
{
  return 1 + RIGHT_EXCESS * smooth_step ((y_septal - RIGHT_FROM_MM) / RIGHT_WIDTH_MM);
}

/* Where level @z goes; @right: right_factor() there. */
static double
lifted (const Moment *self, double z, double right)
{
  const UtSleeve *sleeve = &self->motion->sleeve;
  double descent = self->descent_mm * right;
  if (z < 0)
    return z + descent * ramp (1 - z / sleeve->z_roof);
  double t = ramp (z / sleeve->z_apex);
  return z + descent * (1 - t) - self->apex_mm * t;
}

/* Longitudinal stretch at level @z. */
static double
stretch (const Moment *self, double z, double right)
{
  const UtSleeve *sleeve = &self->motion->sleeve;
  double descent = self->descent_mm * right;
  if (z < 0)
    return 1 - descent * ramp_slope (1 - z / sleeve->z_roof) / sleeve->z_roof;
  return 1 - (descent + self->apex_mm) * ramp_slope (z / sleeve->z_apex) / sleeve->z_apex;
}

/* How much of a force acts at level @z: the ventricles' above the valves, the atria's
 * below, blended so that the valve rings change little. */
static double
force_share (const UtSleeve *sleeve, Force force, double z)
{
  switch (force) {
  case FORCE_LV:
    if (z < 0)
      return ANNULUS_SHARE * (1 - smooth_step (-z / 12));
    return ANNULUS_SHARE + (1 - ANNULUS_SHARE) * smooth_step (z / (0.3 * sleeve->length_mm));
  case FORCE_LA:
    return smooth_step (-z / 15);
  case FORCE_RV:
    return smooth_step ((z - sleeve->z_tricuspid + 10) / 30);
  case FORCE_RA:
  default:
    return 1 - smooth_step ((z - sleeve->z_tricuspid + 20) / 30);
  }
}

static void
set_factors (Moment *self)
{
  const UtSleeve *sleeve = &self->motion->sleeve;
  for (guint level = 0; level < sleeve->n_levels; level++) {
    double z = sleeve->z_first + level * UT_SLEEVE_STEP_MM;
    double power[N_FORCES];
    for (int i = 0; i < N_FORCES; i++)
      power[i] = self->force[i] * force_share (sleeve, i, z);
    double ventricle = smooth_step ((z + 6) / 12);
    double keep = self->wall_volume / stretch (self, MAX (z, 0), 1);
    self->factors[level][UT_ZONE_INNER] = exp (power[FORCE_LV] + power[FORCE_LA]);
    self->factors[level][UT_ZONE_WALL] = 1 + ventricle * (keep - 1);
    self->factors[level][UT_ZONE_RIGHT] = exp (power[FORCE_RV] + power[FORCE_RA]);
    self->factors[level][UT_ZONE_OUTSIDE] = 1;
  }
}

static double
volume_now (const Moment *self, UtStructure structure)
{
  const UtHeartMotion *motion = self->motion;
  double ml = 0;
  for (guint level = 0; level < motion->sleeve.n_levels; level++)
    for (int zone = 0; zone < UT_N_ZONES; zone++) {
      const Cell *cell = &motion->cells[level][structure][zone];
      double z = motion->sleeve.z_first + level * UT_SLEEVE_STEP_MM;
      if (cell->ml > 0)
        ml += cell->ml * self->factors[level][zone] * stretch (self, z, cell->right);
    }
  return ml;
}

/* Bisects one force until its structure has @want_ml, the others held. */
static void
solve_force (Moment *self, Force force, double want_ml)
{
  double low = -5, high = 3;
  for (int i = 0; i < 40; i++) {
    self->force[force] = (low + high) / 2;
    set_factors (self);
    if (volume_now (self, force_structure[force]) > want_ml)
      high = self->force[force];
    else
      low = self->force[force];
  }
}

static gboolean
solve_forces (Moment *self, double contraction, GError **error)
{
  const UtHeartMotion *motion = self->motion;
  const UtHeartMotionParams *params = &motion->params;
  const double at_es[N_FORCES] = {1 - params->ejection_fraction,
                                  params->la_filling,
                                  1 - params->rv_ejection_fraction,
                                  params->ra_filling};
  for (int round = 0; round < 4; round++)
    for (int force = 0; force < N_FORCES; force++) {
      double ratio = 1 + (at_es[force] - 1) * contraction;
      solve_force (self, force, ratio * motion->volume_ml[force_structure[force]]);
    }
  double want = 1 - params->ejection_fraction * contraction;
  double ratio = volume_now (self, UT_LV) / motion->volume_ml[UT_LV];
  if (fabs (ratio - want) < 0.005)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_RANGE,
               "the LV cannot empty to %.0f %% of its volume while its base descends %.1f mm "
               "(%.0f %% is the nearest)",
               100 * want,
               self->descent_mm,
               100 * ratio);
  return FALSE;
}

/* Table of levels before the lift, by level after it and right-side factor. */
static void
tabulate_lifts (Moment *self)
{
  const UtSleeve *sleeve = &self->motion->sleeve;
  double reach = (sleeve->n_levels - 1) * UT_SLEEVE_STEP_MM;
  self->lift_first = sleeve->z_first;
  self->n_lift_levels = (guint)(reach / LIFT_STEP_MM) + 2;
  self->lifts = g_new (float, N_LIFTS * self->n_lift_levels);
  for (guint i = 0; i < N_LIFTS * self->n_lift_levels; i++) {
    double want = self->lift_first + i % self->n_lift_levels * LIFT_STEP_MM;
    double right = 1 + RIGHT_EXCESS * (i / self->n_lift_levels) / (N_LIFTS - 1.0);
    double low = want - 60, high = want + 60;
    for (int turn = 0; turn < 30; turn++) {
      double z = (low + high) / 2;
      if (lifted (self, z, right) > want)
        high = z;
      else
        low = z;
    }
    self->lifts[i] = (float)((low + high) / 2 - want);
  }
}

static double
unlifted (const Moment *self, double z, double right)
{
  double u = CLAMP ((right - 1) / RIGHT_EXCESS * (N_LIFTS - 1), 0, N_LIFTS - 1.0001);
  double v = CLAMP ((z - self->lift_first) / LIFT_STEP_MM, 0, self->n_lift_levels - 1.0001);
  guint i = (guint)u, j = (guint)v;
  const float *row = self->lifts + i * self->n_lift_levels + j, *next = row + self->n_lift_levels;
  double low = row[0] + (v - j) * (row[1] - row[0]);
  double high = next[0] + (v - j) * (next[1] - next[0]);
  return z + low + (u - i) * (high - low);
}

/* Radii of a ring before and after the radial map. */
typedef struct Pieces {
  double before_sq[3], after_sq[3];
  double factor[3];
  double before, after; /* of the last */
} Pieces;

static Pieces
radial_pieces (const Moment *self, double z, double dx, double dy)
{
  const UtSleeve *sleeve = &self->motion->sleeve;
  UtRing ring = ut_sleeve_ring (sleeve, z, dx, dy);
  double t;
  guint level = ut_sleeve_level (sleeve, z, &t);
  const double *low = self->factors[level], *high = self->factors[level + 1];
  Pieces p = {.before_sq = {ring.inner_sq, ring.wall_sq, (double)ring.right * ring.right}};
  for (int i = 0; i < 3; i++) {
    p.factor[i] = (1 - t) * low[i] + t * high[i];
    double from = i > 0 ? p.before_sq[i - 1] : 0, to = i > 0 ? p.after_sq[i - 1] : 0;
    p.before_sq[i] = MAX (p.before_sq[i], from);
    p.after_sq[i] = to + p.factor[i] * (p.before_sq[i] - from);
  }
  p.before = sqrt (p.before_sq[2]);
  p.after = sqrt (p.after_sq[2]);
  return p;
}

/* Share of the last piece's shift that is left @beyond_mm outside it. */
static double
fade (double beyond_mm, double shift_mm)
{
  return 1 - smooth_step (beyond_mm / MAX (FADE_MM, 2 * fabs (shift_mm)));
}

/* Radius before the radial map of what stands at @r after it, over @r. */
static double
radius_ratio_before (const Pieces *p, double r)
{
  double r_sq = r * r;
  for (int i = 0; i < 3; i++)
    if (r_sq <= p->after_sq[i]) {
      double from = i > 0 ? p->before_sq[i - 1] : 0, to = i > 0 ? p->after_sq[i - 1] : 0;
      return sqrt ((from + (r_sq - to) / p->factor[i]) / MAX (r_sq, 1e-12));
    }
  double shift = p->before - p->after;
  return (r + shift * fade (r - p->after, shift)) / MAX (r, 1e-6);
}

/* The other way; outside, where the map is given backwards, by bisection. */
static double
radius_after (const Pieces *p, double r)
{
  double r_sq = r * r;
  for (int i = 0; i < 3; i++)
    if (r_sq <= p->before_sq[i]) {
      double from = i > 0 ? p->before_sq[i - 1] : 0, to = i > 0 ? p->after_sq[i - 1] : 0;
      return sqrt (to + (r_sq - from) * p->factor[i]);
    }
  double low = p->after, high = p->after + r + fabs (p->before - p->after);
  for (int turn = 0; turn < 40; turn++) {
    double middle = (low + high) / 2;
    if (middle * radius_ratio_before (p, middle) > r)
      high = middle;
    else
      low = middle;
  }
  return low;
}

static UtVec3
pull_back (const Moment *self, UtVec3 p)
{
  double z = unlifted (self, p.z, right_factor (p.y));
  double centre[2];
  ut_sleeve_centre (&self->motion->sleeve, z, centre);
  double dx = p.x - centre[0], dy = p.y - centre[1];
  Pieces pieces = radial_pieces (self, z, dx, dy);
  double ratio = radius_ratio_before (&pieces, sqrt (dx * dx + dy * dy));
  return ut_vec3 (centre[0] + ratio * dx, centre[1] + ratio * dy, z);
}

static UtVec3
push_forward (const Moment *self, UtVec3 p)
{
  double centre[2];
  ut_sleeve_centre (&self->motion->sleeve, p.z, centre);
  double dx = p.x - centre[0], dy = p.y - centre[1], r = hypot (dx, dy);
  Pieces pieces = radial_pieces (self, p.z, dx, dy);
  double ratio = radius_after (&pieces, r) / MAX (r, 1e-9);
  double x = centre[0] + ratio * dx, y = centre[1] + ratio * dy;
  return ut_vec3 (x, y, lifted (self, p.z, right_factor (y)));
}

static void
moment_clear (Moment *self)
{
  g_clear_pointer (&self->factors, g_free);
  g_clear_pointer (&self->lifts, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Moment, moment_clear)

static gboolean
moment_init (Moment *self, const UtHeartMotion *motion, double contraction, GError **error)
{
  self->motion = motion;
  self->descent_mm = motion->params.annulus_descent_mm * contraction;
  self->apex_mm = motion->params.apex_descent_mm * contraction;
  self->wall_volume = 1 + (motion->params.wall_volume - 1) * contraction;
  self->factors = g_malloc0_n (motion->sleeve.n_levels, sizeof *self->factors);
  if (!solve_forces (self, contraction, error))
    return FALSE;
  tabulate_lifts (self);
  return TRUE;
}

/* Sorts every ED voxel into its cell. */
static void
fill_cells (UtHeartMotion *self)
{
  const UtVolume *labels = self->labels;
  const UtSleeve *sleeve = &self->sleeve;
  double voxel_ml = ut_volume_voxel_ml (labels);
  const guint8 *voxel = labels->u8;
  for (gsize z = 0; z < labels->dims[2]; z++)
    for (gsize y = 0; y < labels->dims[1]; y++)
      for (gsize x = 0; x < labels->dims[0]; x++, voxel++) {
        if (*voxel == UT_BACKGROUND)
          continue;
        UtVec3 p = ut_affine_point (&sleeve->m_heart_from_voxel, ut_vec3 (x, y, z));
        double centre[2], t;
        ut_sleeve_centre (sleeve, p.z, centre);
        double dx = p.x - centre[0], dy = p.y - centre[1], r_sq = dx * dx + dy * dy;
        UtRing ring = ut_sleeve_ring (sleeve, p.z, dx, dy);
        UtZone zone = r_sq <= ring.inner_sq                     ? UT_ZONE_INNER
                      : r_sq <= ring.wall_sq                    ? UT_ZONE_WALL
                      : r_sq <= (double)ring.right * ring.right ? UT_ZONE_RIGHT
                                                                : UT_ZONE_OUTSIDE;
        guint level = ut_sleeve_level (sleeve, p.z, &t);
        for (guint i = 0; i < 2; i++) {
          Cell *cell = &self->cells[level + i][*voxel][zone];
          cell->ml += voxel_ml * (i ? t : 1 - t);
          cell->right += voxel_ml * (i ? t : 1 - t) * right_factor (p.y);
        }
        self->volume_ml[*voxel] += voxel_ml;
      }
  Cell *cell = &self->cells[0][0][0];
  for (gsize i = 0; i < (gsize)sleeve->n_levels * UT_N_LABELS * UT_N_ZONES; i++)
    cell[i].right /= MAX (cell[i].ml, 1e-9);
}

static gboolean
check_params (const UtHeartMotionParams *params, double length_mm, GError **error)
{
  const struct {
    const char *name;
    double value, low, high;
  } checks[] = {
    {"ejection fraction", params->ejection_fraction, 0, 0.8},
    {"annulus descent in mm", params->annulus_descent_mm, 0, 25},
    {"apex descent in mm", params->apex_descent_mm, -5, 15},
    {"RV ejection fraction", params->rv_ejection_fraction, 0, 0.8},
    {"LA filling", params->la_filling, 0.8, 2.5},
    {"RA filling", params->ra_filling, 0.8, 2.5},
    {"wall volume ratio", params->wall_volume, 0.8, 1.1},
    {"longitudinal shortening of the right heart",
     RAMP_STEEPEST * ((1 + RIGHT_EXCESS) * params->annulus_descent_mm + params->apex_descent_mm) /
       length_mm,
     -1,
     0.85},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    if (!(checks[i].value >= checks[i].low && checks[i].value <= checks[i].high)) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   "heart motion: %s is %g, want %g to %g",
                   checks[i].name,
                   checks[i].value,
                   checks[i].low,
                   checks[i].high);
      return FALSE;
    }
  return TRUE;
}

UtHeartMotionParams
ut_heart_motion_params (double ejection_fraction)
{
  const double ef = ejection_fraction;
  return (UtHeartMotionParams){
    .ejection_fraction = ef,
    .annulus_descent_mm = 18 * ef,
    .apex_descent_mm = 5 * ef,
    .rv_ejection_fraction = 0.9 * ef,
    .la_filling = 1 + 0.9 * ef,
    .ra_filling = 1 + 0.7 * ef,
    .wall_volume = 1 - 0.12 * ef,
  };
}

UtHeartMotion *
ut_heart_motion_new (UtVolume *labels_ed,
                     const UtLandmarks *landmarks,
                     const UtHeartMotionParams *params,
                     GError **error)
{
  g_return_val_if_fail (labels_ed->type == UT_VOXEL_U8, NULL);

  double length = ut_vec3_length (ut_vec3_sub (landmarks->apex_epi, landmarks->mitral));
  if (!check_params (params, length, error))
    return NULL;
  UtHeartMotion *self = g_new0 (UtHeartMotion, 1);
  self->labels = ut_volume_ref (labels_ed);
  self->params = *params;
  ut_sleeve_init (&self->sleeve, labels_ed, landmarks);
  self->cells = g_malloc0_n (self->sleeve.n_levels, sizeof *self->cells);
  fill_cells (self);
  return self;
}

void
ut_heart_motion_free (UtHeartMotion *self)
{
  if (self == NULL)
    return;
  ut_volume_unref (self->labels);
  ut_sleeve_clear (&self->sleeve);
  g_free (self->cells);
  g_free (self);
}

typedef struct Draw {
  const Moment *moment;
  UtVolume *dst;
} Draw;

static void
draw_rows (gsize begin, gsize end, gpointer user_data)
{
  const Draw *draw = user_data;
  const UtVolume *src = draw->moment->motion->labels;
  const UtSleeve *sleeve = &draw->moment->motion->sleeve;
  const gsize n = src->dims[0];
  for (gsize row = begin; row < end; row++)
    for (gsize x = 0; x < n; x++) {
      UtVec3 p_voxel = ut_vec3 (x, row % src->dims[1], row / src->dims[1]);
      UtVec3 p = ut_affine_point (&sleeve->m_heart_from_voxel, p_voxel);
      UtVec3 from = pull_back (draw->moment, p);
      draw->dst->u8[row * n + x] =
        ut_label_sample (src, ut_affine_point (&sleeve->m_voxel_from_heart, from));
    }
}

UtVolume *
ut_heart_motion_at (const UtHeartMotion *self, double contraction, GError **error)
{
  g_return_val_if_fail (contraction >= 0 && contraction <= 1, NULL);

  g_auto (Moment) moment = {0};
  if (!moment_init (&moment, self, contraction, error))
    return NULL;
  const UtVolume *src = self->labels;
  UtVolume *dst = ut_volume_new (UT_VOXEL_U8, src->dims, &src->m_patient_from_voxel, error);
  if (dst == NULL)
    return NULL;
  Draw draw = {&moment, dst};
  ut_parallel_for (src->dims[1] * src->dims[2], 64, draw_rows, &draw);
  ut_parts_keep_largest (dst->u8, dst->dims);
  return dst;
}

UtVec3
ut_heart_motion_point (const UtHeartMotion *self, double contraction, UtVec3 p_mm)
{
  g_auto (Moment) moment = {0};
  if (!moment_init (&moment, self, contraction, NULL))
    return p_mm;
  UtVec3 p = push_forward (&moment, ut_affine_point (&self->sleeve.m_heart_from_patient, p_mm));
  return ut_affine_point (&self->sleeve.m_patient_from_heart, p);
}
