/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/echo/scene.h"

/**
 * UtBeams:
 *
 * A picture before scan conversion: beams from left to right, samples along each
 * beam from the probe on. Arrays are [n_beams, n_samples]. Sample (b, i) lies at
 * angle first_rad + b step_rad from the sector axis and i step_mm from the probe.
 */
typedef struct UtBeams {
  guint n_beams, n_samples;
  float first_rad, step_rad, step_mm;
  float *grey;    /* grey that the tissue should have, before speckle; later the picture */
  float *speckle; /* of the tissue, N (0, 1), and then the intensity */
  float *clutter; /* of what stands still in front of the tissue, N (0, 1) */
  float *work;
} UtBeams;

void ut_beams_init (UtBeams *self, const UtScanner *scanner, double mm_per_px);
void ut_beams_clear (UtBeams *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (UtBeams, ut_beams_clear)

/** ut_texture: uniform noise of variance 1 at a whole-numbered place */
static inline float
ut_texture (guint32 x, guint32 y, guint32 z, guint32 key)
{
  guint32 h = x * 0x8da6b343u + y * 0xd8163841u + z * 0xcb1ab31fu + key;
  h = (h ^ h >> 16) * 0x7feb352du; /* the 32-bit finaliser "lowbias32" */
  h = (h ^ h >> 15) * 0x846ca68bu;
  h ^= h >> 16;
  return (float)(gint32)h * 8.0656e-10f; /* sqrt (3) / 2^31 */
}

/**
 * ut_tissue_fill:
 *
 * Fills @beams->grey with the grey of the tissues in the plane and @beams->speckle
 * with white noise that is fixed to the tissue, or, in blood, new in every moment.
 */
void ut_tissue_fill (UtBeams *beams,
                     const UtEchoScene *scene,
                     const UtViewPlane *plane,
                     const UtScanner *scanner,
                     const UtEchoMoment *moment);
