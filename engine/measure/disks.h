/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/contour.h"

#define UT_DISKS_N 20

/** UT_DISKS_MAX_APART: share of the longer axis by which the axes of two views may differ; our
 * choice, for the guideline below gives no figure: beyond it one view may be foreshortened */
#define UT_DISKS_MAX_APART 0.10

/** UtDisks: one view of a left ventricle, cut across its long axis. */
typedef struct UtDisks {
  double base[2], apex[2]; /* ends of the long axis, in the unit of the contour */
  double long_axis_mm;
  double diameter_mm[UT_DISKS_N]; /* from the mitral plane to the apex, each in its disk's middle */
} UtDisks;

/**
 * ut_disks_cut:
 * @contour: in pixels, ut_contour_fault() finds nothing in it when closed
 * @spacing_mm: row, column, mm per pixel
 *
 * The long axis goes from the middle of the annulus, the ends of @contour, to the farthest place of
 * the curve. A diameter is as much of a line across the axis as lies inside. Where the annulus
 * stands aslant to the axis, what lies before its middle is left out, and what is missing behind it
 * is not made up for: a known error of the method (Kim et al., Ultrasound in Medicine & Biology 48,
 * 2022), which is not mended here, since it is the method that is asked for.
 */
void ut_disks_cut (const UtContour *contour, const double spacing_mm[2], UtDisks *ret);

/**
 * ut_disks_volume_ml:
 * @a, @b: A4C and A2C; the same one twice is the single-plane method
 *
 * Biplane method of disks (modified Simpson): elliptic disks of the same height,
 * V = pi / 4 * L / 20 * sum of a_i * b_i, i = 1 to 20, with the longer of the two axes as L.
 *
 * Source: Lang et al., "Recommendations for cardiac chamber quantification by echocardiography in
 * adults", ASE and EACVI, Journal of the American Society of Echocardiography 28, 2015, LV volumes;
 * Schiller et al., the same journal 2, 1989.
 */
double ut_disks_volume_ml (const UtDisks *a, const UtDisks *b);

/** ut_disks_apart: difference of the long axes, as a share of the longer one */
double ut_disks_apart (const UtDisks *a, const UtDisks *b);
