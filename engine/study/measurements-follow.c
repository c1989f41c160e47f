/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that follow from those of the twins and from the study, without a new measuring. */
#include "engine/study/measurements.h"

#include <string.h>

/* ---- the cross-check by disks ---------------------------------------------------- */

static void
add_disks (UtMeasurements *self, UtQuantity quantity, int phase, double value)
{
  UtMeasurement item = {.quantity = quantity, .phase = phase, .structure = UT_LV, .value = value};
  g_array_append_val (self->items, item);
}

/* Beside what the twin says of the same, where it says something. */
static void
add_disks_difference (
  UtMeasurements *self, UtQuantity quantity, int phase, UtQuantity of_twin, double by_disks)
{
  const UtMeasurement *twin = ut_measurements_find (self, of_twin, phase, UT_LV);
  if (twin == NULL || twin->cut_off)
    return;
  UtMeasurement item = *twin;
  item.quantity = quantity;
  item.value = twin->value - by_disks;
  item.has_interval = FALSE;
  g_array_append_val (self->items, item);
}

static void
add_disks_of_phase (UtMeasurements *self, UtPhase phase)
{
  static const UtQuantity volumes[] = {[UT_DISKS_A4C] = UT_QUANTITY_DISKS_VOLUME_A4C,
                                       [UT_DISKS_A2C] = UT_QUANTITY_DISKS_VOLUME_A2C,
                                       [UT_DISKS_BIPLANE] = UT_QUANTITY_DISKS_VOLUME};
  const UtStudyDisks *disks = &self->disks;
  UtDisksMethod method = disks->method[phase];
  if (method == UT_DISKS_NONE)
    return;
  add_disks (self, volumes[method], (int)phase, disks->volume_ml[phase]);
  for (UtView view = 0; view < UT_STUDY_N_APICAL; view++)
    if (disks->traced[phase][view] == UT_TRACED)
      add_disks (
        self, UT_QUANTITY_DISKS_AXIS_A4C + view, (int)phase, disks->cuts[phase][view].long_axis_mm);
  add_disks_difference (
    self, UT_QUANTITY_DISKS_DIFFERENCE, (int)phase, UT_QUANTITY_VOLUME, disks->volume_ml[phase]);
}

static void
follow_disks (UtMeasurements *self, const UtStudyState *state)
{
  static const UtQuantity fractions[] = {[UT_DISKS_A4C] = UT_QUANTITY_DISKS_EF_A4C,
                                         [UT_DISKS_A2C] = UT_QUANTITY_DISKS_EF_A2C,
                                         [UT_DISKS_BIPLANE] = UT_QUANTITY_DISKS_EF};
  memset (&self->disks, 0, sizeof self->disks);
  if (self->items->len > 0)
    ut_study_disks (state, &self->disks);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    add_disks_of_phase (self, phase);
  if (self->disks.has_ef) {
    double percent = 100 * self->disks.ef;
    add_disks (self, fractions[self->disks.method[UT_PHASE_ED]], -1, percent);
    add_disks_difference (self, UT_QUANTITY_DISKS_EF_DIFFERENCE, -1, UT_QUANTITY_EF, percent);
  }
}

/* ---- body and heart rate ----------------------------------------------------------- */

/* mean over the loops that say it; 0 where none does */
static double
mean_heart_rate (const UtStudyState *state)
{
  double sum = 0;
  guint n = 0;
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    const UtCine *cine = state->views[view].cine;
    double beat_ms = cine != NULL ? ut_cine_beat_ms (cine) : 0;
    if (beat_ms > 0) {
      sum += 60000 / beat_ms;
      n++;
    }
  }
  return n > 0 ? sum / n : 0;
}

/* @of times @factor, where both are known */
static void
add_scaled (UtMeasurements *self,
            UtQuantity quantity,
            UtQuantity of,
            int phase,
            UtStructure structure,
            double factor)
{
  const UtMeasurement *known = ut_measurements_find (self, of, phase, (int)structure);
  if (known == NULL || factor <= 0)
    return;
  UtMeasurement item = *known;
  item.quantity = quantity;
  item.value *= factor;
  g_array_append_val (self->items, item);
}

static void
follow_body (UtMeasurements *self, const UtStudyState *state)
{
  static const UtStructure chambers[] = {UT_LV, UT_LA, UT_RV, UT_RA};
  const double surface_m2 = ut_body_surface_m2 (&state->body);
  const double per_m2 = surface_m2 > 0 ? 1 / surface_m2 : 0;
  self->body = state->body;
  self->heart_rate_bpm = mean_heart_rate (state);
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    for (guint i = 0; i < G_N_ELEMENTS (chambers); i++)
      add_scaled (self, UT_QUANTITY_VOLUME_INDEX, UT_QUANTITY_VOLUME, phase, chambers[i], per_m2);
    add_scaled (self, UT_QUANTITY_MASS_INDEX, UT_QUANTITY_MASS, phase, UT_MYO, per_m2);
  }
  add_scaled (self, UT_QUANTITY_SV_INDEX, UT_QUANTITY_SV, -1, UT_LV, per_m2);
  add_scaled (
    self, UT_QUANTITY_CARDIAC_OUTPUT, UT_QUANTITY_SV, -1, UT_LV, self->heart_rate_bpm / 1000);
  add_scaled (self, UT_QUANTITY_CARDIAC_INDEX, UT_QUANTITY_CARDIAC_OUTPUT, -1, UT_LV, per_m2);
}

/* ---- together ----------------------------------------------------------------------- */

static gboolean
follows (UtQuantity quantity)
{
  return ut_quantity_is_of_disks (quantity) || ut_quantity_is_of_body (quantity);
}

gboolean
ut_measurements_follow (UtMeasurements *self, const UtStudyState *state)
{
  UtStudyDisks disks;
  memcpy (&disks, &self->disks, sizeof disks); /* bytes are compared */
  const UtBody body = self->body;
  const double heart_rate_bpm = self->heart_rate_bpm;
  for (guint i = self->items->len; i > 0; i--)
    if (follows (g_array_index (self->items, UtMeasurement, i - 1).quantity))
      g_array_remove_index (self->items, i - 1);
  follow_disks (self, state);
  follow_body (self, state);
  return memcmp (&disks, &self->disks, sizeof disks) != 0 || !ut_body_equal (&body, &self->body) ||
         heart_rate_bpm != self->heart_rate_bpm;
}
