/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/echo/simulator.h"

/** UtEchoField: signed distances in mm that a scene keeps, negative inside */
typedef enum {
  UT_ECHO_LV,
  UT_ECHO_EPI, /* LV and its wall together */
  UT_ECHO_LA,
  UT_ECHO_RV,
  UT_ECHO_RA,
  UT_ECHO_PAPILLARY,    /* papillary muscles inside the LV; far outside elsewhere */
  UT_ECHO_N_FIELDS = 8, /* padded, so that one point is two vector registers */
} UtEchoField;

#define UT_ECHO_REACH_VOXELS 9  /* distances are cut there */
#define UT_ECHO_MOTTLE_SIDE  32 /* cells of the periodic noise table */

/** Private to the room: what simulator.h calls a scene. */
struct UtEchoScene {
  UtVolume *labels;
  UtLandmarks landmarks;
  gsize dims[3];
  UtAffine m_grid_from_patient;
  float *fields;                    /* [z, y, x, UT_ECHO_N_FIELDS] */
  float *mottle;                    /* [32, 32, 32] N (0, 1) */
  guint32 key;                      /* of the texture lattice */
  double length_mm;                 /* mitral centre to apex */
  double apex_shift, annulus_shift; /* mm along long_axis from here to ED */
};

/** ut_echo_scene_distances: all fields at a point of the grid; clamps to its border */
static inline void
ut_echo_scene_distances (const UtEchoScene *self, const float p_grid[3], float ret[8])
{
  gsize i[3];
  float f[3];
  for (int a = 0; a < 3; a++) {
    float limit = (float)self->dims[a] - 1.001f;
    float p = p_grid[a] < 0 ? 0 : p_grid[a] > limit ? limit : p_grid[a];
    i[a] = (gsize)p;
    f[a] = p - (float)i[a];
  }
  gsize row = self->dims[0] * 8, slice = self->dims[1] * row;
  const float *corner = self->fields + i[2] * slice + i[1] * row + i[0] * 8;
  float wy[4] = {(1 - f[1]) * (1 - f[2]), f[1] * (1 - f[2]), (1 - f[1]) * f[2], f[1] * f[2]};
  const float *lines[4] = {corner, corner + row, corner + slice, corner + slice + row};
  float acc[8] = {0};
  for (int l = 0; l < 4; l++) {
    float w0 = wy[l] * (1 - f[0]), w1 = wy[l] * f[0];
    for (int c = 0; c < 8; c++)
      acc[c] += w0 * lines[l][c] + w1 * lines[l][8 + c];
  }
  for (int c = 0; c < 8; c++)
    ret[c] = acc[c];
}

/** ut_echo_scene_mottle: smooth N (0, ~0.6) noise with cells of 1 unit, period 32 */
static inline float
ut_echo_scene_mottle (const UtEchoScene *self, float x, float y, float z)
{
  float fx = floorf (x), fy = floorf (y), fz = floorf (z);
  guint ix = (guint)(int)fx & 31, iy = (guint)(int)fy & 31, iz = (guint)(int)fz & 31;
  guint jx = (ix + 1) & 31, jy = (iy + 1) & 31, jz = (iz + 1) & 31;
  float a = x - fx, b = y - fy, c = z - fz;
  const float *m = self->mottle;
#define AT(X, Y, Z) m[((Z)*32 + (Y)) * 32 + (X)]
  float v00 = AT (ix, iy, iz) + a * (AT (jx, iy, iz) - AT (ix, iy, iz));
  float v10 = AT (ix, jy, iz) + a * (AT (jx, jy, iz) - AT (ix, jy, iz));
  float v01 = AT (ix, iy, jz) + a * (AT (jx, iy, jz) - AT (ix, iy, jz));
  float v11 = AT (ix, jy, jz) + a * (AT (jx, jy, jz) - AT (ix, jy, jz));
#undef AT
  float v0 = v00 + b * (v10 - v00), v1 = v01 + b * (v11 - v01);
  return v0 + c * (v1 - v0);
}
