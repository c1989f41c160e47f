/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/sphericity.h"

double
ut_lv_sphericity (double volume_ml, double long_axis_mm)
{
  return 1000 * volume_ml / (G_PI / 6 * long_axis_mm * long_axis_mm * long_axis_mm);
}
