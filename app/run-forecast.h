/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * ut_run_forecast:
 * @device: as ut_twin_model_open()
 * @seconds_per_heart: that the last run took there; 0 = not known
 * @n_hearts: that will be made, one for each phase and seed
 *
 * Returns: (transfer full): what a run will go on, the memory that is free there and how long it
 * will take; or why the device cannot be used
 */
char *ut_run_forecast (const char *device, double seconds_per_heart, guint n_hearts);
