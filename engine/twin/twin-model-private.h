/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/twin/twin-model.h"
#include "engine/twin/twin-plans.h"

struct UtTwinModel {
  gatomicrefcount ref_count;
  GMutex lock; /* one reconstruction at a time */
  UtTwinConfig *config;
  GHashTable *metadata;
  char *sha256;
  UtTwinValidation validations[UT_TWIN_N_VIEW_SETS];
  guint64 n_parameters;
  UtTwinPlans *plans;
  int template_index; /* whose keys, values and prior are on the device; UT_TWIN_NO_TEMPLATE */
};
