/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-warp.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

#define RIGHT_EXCESS   0.5  /* more descent of the right side */
#define RIGHT_FROM_MM  15.0 /* septal coordinate where that begins */
#define RIGHT_WIDTH_MM 50.0
#define RAMP_CORNER    0.2 /* share of a longitudinal ramp spent on bending */
#define RAMP_STEEPEST  (1 / (1 - RAMP_CORNER))
#define ANNULUS_SHARE  0.35 /* of the logarithm of the cavity's area factor, at the annulus */
#define FADE_MM        40.0 /* least width in which the shift outside the heart fades */
#define N_LIFTS        9    /* right-side factors in the table of the inverse */
#define LIFT_STEP_MM   1.5
#define STRETCH_MIN    0.15

static const UtStructure force_structure[UT_N_FORCES] = {UT_LV, UT_LA, UT_RV, UT_RA};

/* Volume of one structure in one zone of one level, and its mean right-side factor. */
typedef struct Cell {
  double ml, right;
} Cell;

struct UtHeartSurvey {
  UtSleeve sleeve;
  Cell (*cells)[UT_N_LABELS][UT_N_ZONES]; /* [n_levels] */
  double volume_ml[UT_N_LABELS];
};

struct UtHeartWarp {
  const UtHeartSurvey *survey;
  UtHeartWarpTarget target;
  double force[UT_N_FORCES];     /* logarithms of area factors */
  double (*factors)[UT_N_ZONES]; /* area factor per level */
  float *lifts;                  /* [N_LIFTS][n_lift_levels]: level before the lift minus after */
  guint n_lift_levels;           /* from the sleeve's first level, LIFT_STEP_MM apart */
};

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
lifted (const UtHeartWarp *self, double z, double right)
{
  const UtSleeve *sleeve = &self->survey->sleeve;
  double base = self->target.base_mm * right;
  if (z < 0) {
    double t = ramp (z / sleeve->z_roof);
    return z + base * (1 - t) - self->target.roof_mm * t;
  }
  double t = ramp (z / sleeve->z_apex);
  return z + base * (1 - t) - self->target.apex_mm * t;
}

/* Longitudinal stretch at level @z. */
static double
stretch (const UtHeartWarp *self, double z, double right)
{
  const UtSleeve *sleeve = &self->survey->sleeve;
  double end = z < 0 ? sleeve->z_roof : sleeve->z_apex;
  double toward = z < 0 ? self->target.roof_mm : self->target.apex_mm;
  return 1 - (self->target.base_mm * right + toward) * ramp_slope (z / end) / end;
}

/* How much of a force acts at level @z: the ventricles' above the valves, the atria's
 * below, blended so that the valve rings change little. */
static double
force_share (const UtSleeve *sleeve, UtForce force, double z)
{
  switch (force) {
  case UT_FORCE_LV:
    if (z < 0)
      return ANNULUS_SHARE * (1 - smooth_step (-z / 12));
    return ANNULUS_SHARE + (1 - ANNULUS_SHARE) * smooth_step (z / (0.3 * sleeve->length_mm));
  case UT_FORCE_LA:
    return smooth_step (-z / 15);
  case UT_FORCE_RV:
    return smooth_step ((z - sleeve->z_tricuspid + 10) / 30);
  case UT_FORCE_RA:
  default:
    return 1 - smooth_step ((z - sleeve->z_tricuspid + 20) / 30);
  }
}

static void
set_factors (UtHeartWarp *self)
{
  const UtSleeve *sleeve = &self->survey->sleeve;
  for (guint level = 0; level < sleeve->n_levels; level++) {
    double z = sleeve->z_first + level * UT_SLEEVE_STEP_MM;
    double power[UT_N_FORCES];
    for (int i = 0; i < UT_N_FORCES; i++)
      power[i] = self->force[i] * force_share (sleeve, i, z);
    double ventricle = smooth_step ((z + 6) / 12);
    double keep = self->target.wall / stretch (self, MAX (z, 0), 1);
    self->factors[level][UT_ZONE_INNER] = exp (power[UT_FORCE_LV] + power[UT_FORCE_LA]);
    self->factors[level][UT_ZONE_WALL] = 1 + ventricle * (keep - 1);
    self->factors[level][UT_ZONE_RIGHT] = exp (power[UT_FORCE_RV] + power[UT_FORCE_RA]);
    self->factors[level][UT_ZONE_OUTSIDE] = 1;
  }
}

static double
volume_now (const UtHeartWarp *self, UtStructure structure)
{
  const UtHeartSurvey *survey = self->survey;
  double ml = 0;
  for (guint level = 0; level < survey->sleeve.n_levels; level++)
    for (int zone = 0; zone < UT_N_ZONES; zone++) {
      const Cell *cell = &survey->cells[level][structure][zone];
      double z = survey->sleeve.z_first + level * UT_SLEEVE_STEP_MM;
      if (cell->ml > 0)
        ml += cell->ml * self->factors[level][zone] * stretch (self, z, cell->right);
    }
  return ml;
}

/* Bisects one force until its structure has @want_ml, the others held. */
static void
solve_force (UtHeartWarp *self, UtForce force, double want_ml)
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
solve_forces (UtHeartWarp *self, GError **error)
{
  const double *before_ml = self->survey->volume_ml;
  for (int round = 0; round < 4; round++)
    for (int force = 0; force < UT_N_FORCES; force++)
      solve_force (self, force, self->target.volumes[force] * before_ml[force_structure[force]]);
  double want = self->target.volumes[UT_FORCE_LV];
  double ratio = volume_now (self, UT_LV) / before_ml[UT_LV];
  if (fabs (ratio - want) < 0.005)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_RANGE,
               ut_words ("the LV cannot come to %.0f %% of its volume while its base moves %.1f mm "
                         "(%.0f %% is the nearest)"),
               100 * want,
               self->target.base_mm,
               100 * ratio);
  return FALSE;
}

/* Table of levels before the lift, by level after it and right-side factor. */
static void
tabulate_lifts (UtHeartWarp *self)
{
  const UtSleeve *sleeve = &self->survey->sleeve;
  double reach = (sleeve->n_levels - 1) * UT_SLEEVE_STEP_MM;
  self->n_lift_levels = (guint)(reach / LIFT_STEP_MM) + 2;
  self->lifts = g_new (float, N_LIFTS * self->n_lift_levels);
  for (guint i = 0; i < N_LIFTS * self->n_lift_levels; i++) {
    double want = self->survey->sleeve.z_first + i % self->n_lift_levels * LIFT_STEP_MM;
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
unlifted (const UtHeartWarp *self, double z, double right)
{
  double u = CLAMP ((right - 1) / RIGHT_EXCESS * (N_LIFTS - 1), 0, N_LIFTS - 1.0001);
  double v =
    CLAMP ((z - self->survey->sleeve.z_first) / LIFT_STEP_MM, 0, self->n_lift_levels - 1.0001);
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
radial_pieces (const UtHeartWarp *self, double z, double dx, double dy)
{
  const UtSleeve *sleeve = &self->survey->sleeve;
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

UtVec3
ut_heart_warp_before (const UtHeartWarp *self, UtVec3 p)
{
  double z = unlifted (self, p.z, right_factor (p.y));
  double centre[2];
  ut_sleeve_centre (&self->survey->sleeve, z, centre);
  double dx = p.x - centre[0], dy = p.y - centre[1];
  Pieces pieces = radial_pieces (self, z, dx, dy);
  double ratio = radius_ratio_before (&pieces, sqrt (dx * dx + dy * dy));
  return ut_vec3 (centre[0] + ratio * dx, centre[1] + ratio * dy, z);
}

UtVec3
ut_heart_warp_after (const UtHeartWarp *self, UtVec3 p)
{
  double centre[2];
  ut_sleeve_centre (&self->survey->sleeve, p.z, centre);
  double dx = p.x - centre[0], dy = p.y - centre[1], r = hypot (dx, dy);
  Pieces pieces = radial_pieces (self, p.z, dx, dy);
  double ratio = radius_after (&pieces, r) / MAX (r, 1e-9);
  double x = centre[0] + ratio * dx, y = centre[1] + ratio * dy;
  return ut_vec3 (x, y, lifted (self, p.z, right_factor (y)));
}

/* Sorts every voxel into its cell. */
static void
fill_cells (UtHeartSurvey *self, const UtVolume *labels)
{
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

UtHeartSurvey *
ut_heart_survey_new (const UtVolume *labels, const UtLandmarks *landmarks)
{
  UtHeartSurvey *self = g_new0 (UtHeartSurvey, 1);
  ut_sleeve_init (&self->sleeve, labels, landmarks);
  self->cells = g_malloc0_n (self->sleeve.n_levels, sizeof *self->cells);
  fill_cells (self, labels);
  return self;
}

void
ut_heart_survey_free (UtHeartSurvey *self)
{
  if (self == NULL)
    return;
  ut_sleeve_clear (&self->sleeve);
  g_free (self->cells);
  g_free (self);
}

const UtSleeve *
ut_heart_survey_sleeve (const UtHeartSurvey *self)
{
  return &self->sleeve;
}

/* Levels must keep their order, with something to spare. */
static gboolean
check_order (const UtHeartWarp *self, GError **error)
{
  const UtSleeve *sleeve = &self->survey->sleeve;
  for (guint level = 0; level < sleeve->n_levels; level++) {
    double z = sleeve->z_first + level * UT_SLEEVE_STEP_MM;
    double least = MIN (stretch (self, z, 1), stretch (self, z, 1 + RIGHT_EXCESS));
    if (least > STRETCH_MIN)
      continue;
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_RANGE,
      ut_words ("the base of the heart cannot move %.1f mm and its apex %.1f mm: the ventricles "
                "are only %.0f mm long"),
      self->target.base_mm,
      self->target.apex_mm,
      sleeve->z_apex);
    return FALSE;
  }
  return TRUE;
}

UtHeartWarp *
ut_heart_warp_new (const UtHeartSurvey *survey, const UtHeartWarpTarget *target, GError **error)
{
  g_autoptr (UtHeartWarp) self = g_new0 (UtHeartWarp, 1);
  self->survey = survey;
  self->target = *target;
  self->factors = g_malloc0_n (survey->sleeve.n_levels, sizeof *self->factors);
  if (!check_order (self, error) || !solve_forces (self, error))
    return NULL;
  tabulate_lifts (self);
  return g_steal_pointer (&self);
}

void
ut_heart_warp_free (UtHeartWarp *self)
{
  if (self == NULL)
    return;
  g_free (self->factors);
  g_free (self->lifts);
  g_free (self);
}
