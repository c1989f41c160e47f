/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/landmarks.h"

/**
 * A heart as nested sleeves around the long axis of the left heart: per level along
 * the axis and per direction around it, the radius of the left cavity (LV or LA), of
 * the LV wall around it and of the right heart beside it. Private to heart-motion.
 *
 * Heart frame, mm: x anterior, y septal, z along the long axis from base to apex,
 * origin at the mitral centre; right-handed.
 */
#define UT_SLEEVE_N_ANGLES 36
#define UT_SLEEVE_STEP_MM  3.0

typedef struct UtRing {
  float inner_sq; /* squared radius of the cavity; the one that has its area */
  float wall_sq;  /* squared outer radius of the wall, by area too */
  float right;    /* outer radius of the right heart; at least sqrt (wall_sq) */
} UtRing;

typedef enum {
  UT_ZONE_INNER,
  UT_ZONE_WALL,
  UT_ZONE_RIGHT,
  UT_ZONE_OUTSIDE,
  UT_N_ZONES,
} UtZone;

typedef struct UtSleeve {
  UtAffine m_heart_from_voxel, m_voxel_from_heart;
  UtAffine m_heart_from_patient, m_patient_from_heart;
  double z_first;        /* mm, level 0 */
  guint n_levels;        /* UT_SLEEVE_STEP_MM apart */
  double (*centre)[2];   /* x, y of the left heart's middle per level */
  UtRing *rings;         /* [n_levels][UT_SLEEVE_N_ANGLES] */
  double z_roof, z_apex; /* ends of the atria and of the LV wall */
  double z_tricuspid;
  double length_mm; /* mitral centre to endocardial apex */
} UtSleeve;

/** ut_sleeve_init: measures @labels; release with ut_sleeve_clear() */
void ut_sleeve_init (UtSleeve *self, const UtVolume *labels, const UtLandmarks *landmarks);

void ut_sleeve_clear (UtSleeve *self);

/** ut_sleeve_level: level below @z and the way to the next, both inside the table */
static inline guint
ut_sleeve_level (const UtSleeve *self, double z, double *ret_fraction)
{
  double at = CLAMP ((z - self->z_first) / UT_SLEEVE_STEP_MM, 0, self->n_levels - 1.0001);
  *ret_fraction = at - (guint)at;
  return (guint)at;
}

/** ut_sleeve_centre: middle of the left heart at @z */
void ut_sleeve_centre (const UtSleeve *self, double z, double ret_centre[2]);

/** ut_sleeve_ring: radii at level @z in the direction (@dx, @dy) from the middle */
UtRing ut_sleeve_ring (const UtSleeve *self, double z, double dx, double dy);
