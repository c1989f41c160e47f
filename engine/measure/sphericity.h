/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * ut_lv_sphericity:
 * @volume_ml: of the cavity
 * @long_axis_mm: ut_lv_long_axis(); > 0
 *
 * The volumetric sphericity index: volume over that of the ball whose diameter is the long axis,
 * V / (pi / 6 L^3). No unit; 1 for a ball, less for a slender ventricle. An error of 1.5 mm in a
 * long axis of 80 mm changes it by 6 %. Not to be compared with the linear index, a ratio of
 * diameters, which is about twice as large.
 *
 * Source: volumetric sphericity as in "Linear versus volumetric measures of left ventricular
 * sphericity: concordance and normal reference values" (abstract P140, Framingham Offspring).
 */
double ut_lv_sphericity (double volume_ml, double long_axis_mm);
