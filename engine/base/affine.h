/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <math.h>

/**
 * Points, directions and affine maps, in double precision.
 *
 * Frame: inside the program a patient point is in LPS millimetres (x to the
 * patient's left, y to posterior, z to superior). Names read right to left as
 * the multiplication does: p_patient = m_patient_from_voxel * p_voxel.
 */
typedef struct UtVec3 {
  double x, y, z;
} UtVec3;

/** UtAffine: rows of [R | t]; maps p to R p + t. */
typedef struct UtAffine {
  double m[3][4];
} UtAffine;

static inline UtVec3
ut_vec3 (double x, double y, double z)
{
  return (UtVec3){x, y, z};
}

static inline UtVec3
ut_vec3_add (UtVec3 a, UtVec3 b)
{
  return (UtVec3){a.x + b.x, a.y + b.y, a.z + b.z};
}

static inline UtVec3
ut_vec3_sub (UtVec3 a, UtVec3 b)
{
  return (UtVec3){a.x - b.x, a.y - b.y, a.z - b.z};
}

static inline UtVec3
ut_vec3_scale (UtVec3 a, double k)
{
  return (UtVec3){a.x * k, a.y * k, a.z * k};
}

/** ut_vec3_mad: a + k b */
static inline UtVec3
ut_vec3_mad (UtVec3 a, double k, UtVec3 b)
{
  return (UtVec3){a.x + k * b.x, a.y + k * b.y, a.z + k * b.z};
}

static inline double
ut_vec3_dot (UtVec3 a, UtVec3 b)
{
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline UtVec3
ut_vec3_cross (UtVec3 a, UtVec3 b)
{
  return (UtVec3){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

static inline double
ut_vec3_length (UtVec3 a)
{
  return sqrt (ut_vec3_dot (a, a));
}

/** ut_vec3_normalise: @a at length 1; the zero vector stays as it is */
static inline UtVec3
ut_vec3_normalise (UtVec3 a)
{
  double length = ut_vec3_length (a);
  return length > 0 ? ut_vec3_scale (a, 1 / length) : a;
}

/** ut_vec3_reject: the part of @a perpendicular to the unit vector @n */
static inline UtVec3
ut_vec3_reject (UtVec3 a, UtVec3 n)
{
  return ut_vec3_mad (a, -ut_vec3_dot (a, n), n);
}

/** ut_vec3_rotate: @a turned by @angle_rad about the unit vector @axis (right hand) */
static inline UtVec3
ut_vec3_rotate (UtVec3 a, UtVec3 axis, double angle_rad)
{
  double c = cos (angle_rad), s = sin (angle_rad);
  UtVec3 turned = ut_vec3_mad (ut_vec3_scale (a, c), s, ut_vec3_cross (axis, a));
  return ut_vec3_mad (turned, (1 - c) * ut_vec3_dot (axis, a), axis);
}

static inline UtVec3
ut_affine_point (const UtAffine *self, UtVec3 p)
{
  const double (*m)[4] = self->m;
  return (UtVec3){m[0][0] * p.x + m[0][1] * p.y + m[0][2] * p.z + m[0][3],
                  m[1][0] * p.x + m[1][1] * p.y + m[1][2] * p.z + m[1][3],
                  m[2][0] * p.x + m[2][1] * p.y + m[2][2] * p.z + m[2][3]};
}

static inline UtVec3
ut_affine_direction (const UtAffine *self, UtVec3 p)
{
  const double (*m)[4] = self->m;
  return (UtVec3){m[0][0] * p.x + m[0][1] * p.y + m[0][2] * p.z,
                  m[1][0] * p.x + m[1][1] * p.y + m[1][2] * p.z,
                  m[2][0] * p.x + m[2][1] * p.y + m[2][2] * p.z};
}

/** ut_affine_from_axes: columns @x, @y, @z and translation @origin */
UtAffine ut_affine_from_axes (UtVec3 x, UtVec3 y, UtVec3 z, UtVec3 origin);

/** ut_affine_scale_offset: p to @scale p + @offset, per axis */
UtAffine ut_affine_scale_offset (UtVec3 scale, UtVec3 offset);

/** ut_affine_multiply: the map that does @b first, then @a */
UtAffine ut_affine_multiply (const UtAffine *a, const UtAffine *b);

double ut_affine_determinant (const UtAffine *self);

/**
 * ut_affine_invert:
 * @ret_inverse: (out): untouched on failure
 *
 * Returns: FALSE where the map is singular (or not finite)
 */
gboolean ut_affine_invert (const UtAffine *self, UtAffine *ret_inverse);
