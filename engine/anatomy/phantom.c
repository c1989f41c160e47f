/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/phantom.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

/*
 * Heart frame, mm: x septal, y anterior, z along the LV from the plane of the valves
 * (z = 0) to the apex; the chambers stand on either side of that plane.
 *
 * - LV: a prolate spheroid cut at z = 0; the wall lies between it and a larger one with
 *   the same centre.
 * - RV: on each level the disc around the LV's septal border, less the LV with its wall:
 *   a crescent. Its radius is a share of the epicardial one, tapered to 0 before the apex.
 * - LA, RA: spheroids cut at z = 0 that meet the ventricles in discs, the valves. What the
 *   LA leaves open of the LV's base is the way to the aorta.
 *
 * Volumes of spheroid parts are closed forms; the crescent's area is one, and Simpson's
 * rule adds it up over the levels.
 *
 * Sizes at end-diastole, mean +- SD in men and women, and where they come from:
 * - LV 156 +- 21, 128 +- 21 ml; mass 146 +- 20, 108 +- 18 g. Ours, close to magnetic
 *   resonance of healthy adults: 160 +- 27, 132 +- 23 ml, 134 +- 21, 98 +- 21 g (Kawel-Boehm
 *   et al., JCMR 17:29, 2015, as in table 3 of Cardiovasc Diagn Ther 10:1918, 2020);
 *   160 +- 29, 135 +- 26 ml (Hudsmith et al., JCMR 7:775, 2005, abstract). 1.05 g/ml is
 *   the field's convention.
 * - RV 1.02 +- 0.08 of the LV: ours. Hudsmith's means, 190 and 148 ml, are 1.19 and 1.10
 *   of the LV's.
 * - LA 68 +- 14, RA 86 +- 18 ml, LV length 80 mm, and the mean direction of the axis in the
 *   chest: measured by us on 15 of the hearts of Rodero et al., PLOS Comput Biol
 *   17:e1008851, 2021.
 * - All bounds of the draws, SD 5 degrees of the axis, 4 % of the length, and every constant
 *   below: ours.
 */

#define DENSITY_G_ML    1.05
#define LV_CENTRE       0.3  /* of the LV's length from the base */
#define RV_END          0.88 /* of the epicardial length */
#define ATRIUM_SINK     0.75 /* centre behind the valve plane, of the axial semi-axis */
#define ATRIUM_LENGTH   1.15 /* axial over lateral semi-axis */
#define ATRIA_GAP_MM    4.0
#define LA_OFFSET       0.3    /* mitral centre from the LV's axis, of the base's radius */
#define LA_TURN_DEG     -150.0 /* its direction from the septal one: lateral and posterior */
#define RA_TURN_DEG     -25.0  /* tricuspid valve from the septal direction, to posterior */
#define RA_OFFSET_MM    16.0   /* RA centre beyond the septal epicardium */
#define MARGIN_MM       8.0
#define CRESCENT_LEVELS 512

/* Spheroid with axis along z, cut at z = 0. */
typedef struct Spheroid {
  double x, y, z;        /* centre */
  double lateral, axial; /* semi-axes */
} Spheroid;

struct UtPhantom {
  Spheroid cavity, wall; /* kept: z >= 0 */
  Spheroid la, ra;       /* kept: z <= 0 */
  double rv_share;       /* RV disc radius over the epicardial radius, at the base */
  UtAffine m_patient_from_heart, m_heart_from_patient;
};

typedef struct Sizes {
  double lv_ml, wall_ml, rv_ml, la_ml, ra_ml, length_mm;
  UtVec3 tilt; /* turn in the chest: axis times angle in rad */
} Sizes;

/* Volume of the part of a spheroid from one pole to the plane @k axial semi-axes beyond
 * its centre. */
static double
cut_spheroid_ml (const Spheroid *s)
{
  double k = fabs (s->z) / s->axial;
  return G_PI * s->lateral * s->lateral * s->axial * (2.0 / 3 + k - k * k * k / 3) / 1000;
}

/* Radius of a spheroid's disc at level @z; 0 outside. */
static double
disc_radius (const Spheroid *s, double z)
{
  double t = (z - s->z) / s->axial;
  return t * t < 1 ? s->lateral * sqrt (1 - t * t) : 0;
}

static double
apex_z (const Spheroid *s)
{
  return s->z + s->axial;
}

/* Radius of the RV's disc at level @z. */
static double
rv_radius (const UtPhantom *self, double z)
{
  double t = z / (RV_END * apex_z (&self->wall));
  return t < 1 ? self->rv_share * disc_radius (&self->wall, z) * sqrt (1 - t * t) : 0;
}

/* Area of a disc of radius @r less one of radius @big through whose rim its centre lies. */
static double
crescent_area (double r, double big)
{
  if (r <= 0 || big <= 0)
    return 0;
  if (r >= 2 * big)
    return G_PI * (r * r - big * big);
  double near = acos (r / (2 * big)), far = acos (1 - r * r / (2 * big * big));
  double lens = r * r * near + big * big * far - r / 2 * sqrt (4 * big * big - r * r);
  return G_PI * r * r - lens;
}

static double
rv_ml (const UtPhantom *self)
{
  double end = RV_END * apex_z (&self->wall), step = end / CRESCENT_LEVELS, sum = 0;
  for (int i = 0; i <= CRESCENT_LEVELS; i++) {
    double z = i * step, weight = i == 0 || i == CRESCENT_LEVELS ? 1 : i % 2 ? 4 : 2;
    sum += weight * crescent_area (rv_radius (self, z), disc_radius (&self->wall, z));
  }
  return sum * step / 3 / 1000;
}

static void
shape_ventricles (UtPhantom *self, const Sizes *sizes)
{
  const double length = sizes->length_mm, centre = LV_CENTRE * length;
  self->cavity = (Spheroid){.z = centre, .lateral = 1, .axial = length - centre};
  self->cavity.lateral = sqrt (sizes->lv_ml / cut_spheroid_ml (&self->cavity));

  double thin = 0, thick = 40;
  for (int i = 0; i < 50; i++) {
    double mm = (thin + thick) / 2;
    self->wall = self->cavity;
    self->wall.lateral += mm;
    self->wall.axial += mm;
    if (cut_spheroid_ml (&self->wall) - sizes->lv_ml > sizes->wall_ml)
      thick = mm;
    else
      thin = mm;
  }
  double small = 0, large = 2;
  for (int i = 0; i < 50; i++) {
    self->rv_share = (small + large) / 2;
    if (rv_ml (self) > sizes->rv_ml)
      large = self->rv_share;
    else
      small = self->rv_share;
  }
}

static Spheroid
atrium (double ml)
{
  Spheroid unit = {.z = -ATRIUM_SINK * ATRIUM_LENGTH, .lateral = 1, .axial = ATRIUM_LENGTH};
  double side = cbrt (ml / cut_spheroid_ml (&unit));
  return (Spheroid){.z = unit.z * side, .lateral = side, .axial = unit.axial * side};
}

/* LA behind the LV's base, away from the septum; RA behind the RV's, clear of the LA. */
static void
place_atria (UtPhantom *self, const Sizes *sizes)
{
  self->la = atrium (sizes->la_ml);
  double offset = LA_OFFSET * disc_radius (&self->cavity, 0), la_turn = LA_TURN_DEG * G_PI / 180;
  self->la.x = offset * cos (la_turn);
  self->la.y = offset * sin (la_turn);

  self->ra = atrium (sizes->ra_ml);
  double ra_turn = RA_TURN_DEG * G_PI / 180;
  double from_axis = disc_radius (&self->wall, 0) + RA_OFFSET_MM;
  double least = self->la.lateral + self->ra.lateral + ATRIA_GAP_MM;
  while (hypot (from_axis * cos (ra_turn) - self->la.x, from_axis * sin (ra_turn) - self->la.y) <
         least)
    from_axis += 0.5;
  self->ra.x = from_axis * cos (ra_turn);
  self->ra.y = from_axis * sin (ra_turn);
}

/* Mean axes of the hearts of Rodero et al. in the chest (LPS), then the tilt. */
static void
place_in_chest (UtPhantom *self, UtVec3 tilt)
{
  UtVec3 axis = ut_vec3_normalise (ut_vec3 (0.49, -0.61, -0.62));
  UtVec3 anterior = ut_vec3_normalise (ut_vec3_reject (ut_vec3 (0.32, -0.30, 0.90), axis));
  double angle = ut_vec3_length (tilt);
  UtVec3 about = ut_vec3_normalise (tilt);
  axis = ut_vec3_rotate (axis, about, angle);
  anterior = ut_vec3_rotate (anterior, about, angle);
  self->m_patient_from_heart =
    ut_affine_from_axes (ut_vec3_cross (axis, anterior), anterior, axis, ut_vec3 (0, 0, 0));
  ut_affine_invert (&self->m_patient_from_heart, &self->m_heart_from_patient);
}

static UtPhantom *
phantom_from_sizes (const Sizes *sizes)
{
  UtPhantom *self = g_new0 (UtPhantom, 1);
  shape_ventricles (self, sizes);
  place_atria (self, sizes);
  place_in_chest (self, sizes->tilt);
  return self;
}

UtPhantom *
ut_phantom_new (void)
{
  const Sizes sizes = {.lv_ml = 142,
                       .wall_ml = 127 / DENSITY_G_ML,
                       .rv_ml = 145,
                       .la_ml = 68,
                       .ra_ml = 86,
                       .length_mm = 80};
  return phantom_from_sizes (&sizes);
}

UtPhantom *
ut_phantom_new_random (UtRandom *random)
{
  gboolean man = ut_random_chance (random, 0.5);
  Sizes sizes = {0};
  sizes.lv_ml = ut_random_normal_within (random, man ? 156 : 128, 21, 80, 210);
  double mass_g = man ? ut_random_normal_within (random, 146, 20, 100, 200)
                      : ut_random_normal_within (random, 108, 18, 70, 160);
  sizes.wall_ml = mass_g / DENSITY_G_ML;
  sizes.rv_ml = sizes.lv_ml * ut_random_normal_within (random, 1.02, 0.08, 0.85, 1.2);
  sizes.la_ml = ut_random_normal_within (random, 68, 14, 40, 96);
  sizes.ra_ml = ut_random_normal_within (random, 86, 18, 50, 122);
  double length = 80 * cbrt (sizes.lv_ml / 142);
  sizes.length_mm = length * ut_random_normal_within (random, 1, 0.04, 0.92, 1.08);
  double sd = 5 / sqrt (3) * G_PI / 180;
  sizes.tilt.x = ut_random_normal (random, 0, sd);
  sizes.tilt.y = ut_random_normal (random, 0, sd);
  sizes.tilt.z = ut_random_normal (random, 0, sd);
  return phantom_from_sizes (&sizes);
}

void
ut_phantom_free (UtPhantom *self)
{
  g_free (self);
}

double
ut_phantom_volume_ml (const UtPhantom *self, UtStructure structure)
{
  switch (structure) {
  case UT_MYO:
    return cut_spheroid_ml (&self->wall) - cut_spheroid_ml (&self->cavity);
  case UT_LV:
    return cut_spheroid_ml (&self->cavity);
  case UT_LA:
    return cut_spheroid_ml (&self->la);
  case UT_RV:
    return rv_ml (self);
  case UT_RA:
    return cut_spheroid_ml (&self->ra);
  case UT_BACKGROUND:
  case UT_N_LABELS:
  default:
    g_return_val_if_reached (0);
  }
}

UtVec3
ut_phantom_mitral (const UtPhantom *self)
{
  return ut_affine_point (&self->m_patient_from_heart, ut_vec3 (self->la.x, self->la.y, 0));
}

UtVec3
ut_phantom_apex (const UtPhantom *self)
{
  return ut_affine_point (&self->m_patient_from_heart, ut_vec3 (0, 0, apex_z (&self->cavity)));
}

static gboolean
disc_holds (const Spheroid *s, UtVec3 p)
{
  return hypot (p.x - s->x, p.y - s->y) < disc_radius (s, p.z);
}

static UtStructure
label_at (const UtPhantom *self, UtVec3 p)
{
  if (p.z < 0)
    return disc_holds (&self->la, p) ? UT_LA : disc_holds (&self->ra, p) ? UT_RA : UT_BACKGROUND;
  if (disc_holds (&self->cavity, p))
    return UT_LV;
  if (disc_holds (&self->wall, p))
    return UT_MYO;
  double septum = disc_radius (&self->wall, p.z);
  return hypot (p.x - septum, p.y) < rv_radius (self, p.z) ? UT_RV : UT_BACKGROUND;
}

/* Grows a box in the patient frame to hold a whole spheroid. */
static void
extend (const UtPhantom *self, const Spheroid *s, double low[3], double high[3])
{
  UtVec3 c = ut_affine_point (&self->m_patient_from_heart, ut_vec3 (s->x, s->y, s->z));
  const double centre[3] = {c.x, c.y, c.z};
  for (int axis = 0; axis < 3; axis++) {
    const double *row = self->m_patient_from_heart.m[axis];
    double reach = sqrt (s->lateral * s->lateral * (row[0] * row[0] + row[1] * row[1]) +
                         s->axial * s->axial * row[2] * row[2]);
    low[axis] = MIN (low[axis], centre[axis] - reach);
    high[axis] = MAX (high[axis], centre[axis] + reach);
  }
}

double
ut_phantom_wall_mm (const UtPhantom *self)
{
  return self->wall.axial - self->cavity.axial;
}

UtVolume *
ut_phantom_labels (const UtPhantom *self, double spacing_mm, GError **error)
{
  if (!(spacing_mm >= 0.5 && spacing_mm <= 4)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("voxel side of %g mm for a phantom, want 0.5 to 4"),
                 spacing_mm);
    return NULL;
  }
  double low[3] = {G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE};
  double high[3] = {-G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE};
  Spheroid rv = self->wall; /* holds the crescent: every disc of it lies inside */
  rv.x = self->wall.lateral;
  rv.lateral *= MAX (self->rv_share, 1);
  const Spheroid *const parts[] = {&self->wall, &rv, &self->la, &self->ra};
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    extend (self, parts[i], low, high);

  gsize dims[3];
  for (int axis = 0; axis < 3; axis++)
    dims[axis] = (gsize)ceil ((high[axis] - low[axis] + 2 * MARGIN_MM) / spacing_mm) + 1;
  UtVec3 first = ut_vec3 (low[0] - MARGIN_MM, low[1] - MARGIN_MM, low[2] - MARGIN_MM);
  UtAffine grid = ut_affine_scale_offset (ut_vec3 (spacing_mm, spacing_mm, spacing_mm), first);
  UtVolume *labels = ut_volume_new (UT_VOXEL_U8, dims, &grid, error);
  if (labels == NULL)
    return NULL;
  UtAffine m_heart_from_voxel = ut_affine_multiply (&self->m_heart_from_patient, &grid);
  guint8 *voxel = labels->u8;
  for (gsize z = 0; z < dims[2]; z++)
    for (gsize y = 0; y < dims[1]; y++)
      for (gsize x = 0; x < dims[0]; x++)
        *voxel++ = label_at (self, ut_affine_point (&m_heart_from_voxel, ut_vec3 (x, y, z)));
  return labels;
}
