/* SPDX-License-Identifier: Apache-2.0 */
#include "app/number-text.h"

#include <string.h>

static void
assert_text (const UtMeasurement *measurement, gboolean unit, const char *wanted)
{
  g_autofree char *text = ut_number_text (measurement, unit);
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_numbers (void)
{
  UtMeasurement ml = {.quantity = UT_QUANTITY_VOLUME, .structure = UT_RA, .value = 131.6};
  UtMeasurement hd = {.quantity = UT_QUANTITY_HD_MM, .structure = UT_RA, .value = 8.34};
  assert_text (NULL, TRUE, "–");
  assert_text (&ml, TRUE, "132 ml");
  assert_text (&ml, FALSE, "132");
  assert_text (&hd, TRUE, "8.3 mm");
  ml.cut_off = hd.cut_off = TRUE;
  assert_text (&ml, TRUE, "≥ 132 ml");
  assert_text (&hd, TRUE, "8.3 mm"); /* what is missing may lie nearer or farther */
}

/* The EF never stands alone */
static void
test_interval (void)
{
  const UtMeasurement ef = {.quantity = UT_QUANTITY_EF,
                            .phase = -1,
                            .structure = UT_LV,
                            .value = 53.6,
                            .has_interval = TRUE,
                            .low = 46.5,
                            .high = 60.6};
  assert_text (&ef, TRUE, "54 % (46–61)");
  assert_text (&ef, FALSE, "54 (46–61)");
}

/* Beside a minus a dash would not be read; what rounds to 0 has no sign */
static void
test_below_zero (void)
{
  UtMeasurement ef = {.quantity = UT_QUANTITY_EF,
                      .phase = -1,
                      .value = 5,
                      .has_interval = TRUE,
                      .low = -14,
                      .high = 18};
  assert_text (&ef, TRUE, "5 % (−14 to 18)");
  ef.value = -20;
  ef.low = -40;
  ef.high = -3;
  assert_text (&ef, TRUE, "−20 % (−40 to −3)");
  ef.value = -0.2;
  ef.low = -0.4;
  ef.high = 9;
  assert_text (&ef, TRUE, "0 % (0–9)");
}

/* EF and volumes; what was not measured has its dash */
static void
test_summary (void)
{
  const UtMeasurement items[] = {
    {.quantity = UT_QUANTITY_VOLUME, .phase = UT_PHASE_ED, .structure = UT_LV, .value = 120.4},
    {.quantity = UT_QUANTITY_VOLUME, .phase = UT_PHASE_ES, .structure = UT_LV, .value = 54.4},
    {.quantity = UT_QUANTITY_VOLUME, .phase = UT_PHASE_ED, .structure = UT_RV, .value = 140},
    {.quantity = UT_QUANTITY_VOLUME,
     .phase = UT_PHASE_ES,
     .structure = UT_RA,
     .value = 70,
     .cut_off = TRUE},
    {.quantity = UT_QUANTITY_EF,
     .phase = -1,
     .structure = UT_LV,
     .value = 55,
     .has_interval = TRUE,
     .low = 47,
     .high = 61}};
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof items[0]);
  g_array_append_vals (array, items, G_N_ELEMENTS (items));
  const UtMeasurements measurements = {.items = array};
  g_autofree char *ed = ut_number_summary (&measurements, UT_PHASE_ED);
  g_autofree char *es = ut_number_summary (&measurements, UT_PHASE_ES);
  g_assert_cmpstr (ed,
                   ==,
                   "LV EF 55 % (47–61) · EDV 120 ml · ESV 54 ml\n"
                   "ED: RV 140 ml · LA – · RA – · Myo –");
  g_assert_cmpstr (strchr (es, '\n'), ==, "\nES: RV – · LA – · RA ≥ 70 ml · Myo –");
}

static void
test_sources (void)
{
  UtEfBasis basis = {.state = UT_EF_GIVEN,
                     .validation = {.n_hearts = 40,
                                    .views = UT_TWIN_ALL_VIEWS,
                                    .ef_error_mean_absolute_points = 3.21,
                                    .ef_error_mean_points = -0.33}};
  g_autofree char *one = ut_number_ef_sources (&basis);
  g_assert_nonnull (strstr (one, "40 simulated validation hearts"));
  g_assert_nonnull (strstr (one, "3.2 points"));
  g_assert_nonnull (strstr (one, "bias -0.3"));
  g_assert_nonnull (strstr (one, "one seed"));
  basis.n_seeds[UT_PHASE_ED] = 8;
  basis.n_seeds[UT_PHASE_ES] = 8;
  g_autofree char *several = ut_number_ef_sources (&basis);
  g_assert_nonnull (strstr (several, "ED 8, ES 8"));
  g_assert_null (strstr (several, "alone"));
  basis.validation.views = 1u << UT_VIEW_A4C | 1u << UT_VIEW_PSAX;
  g_autofree char *fewer = ut_number_ef_sources (&basis);
  g_assert_nonnull (strstr (fewer, "A4C, PSAX alone"));
  for (basis.state = UT_EF_NOT_BOTH; basis.state <= UT_EF_UNSURE; basis.state++) {
    g_autofree char *none = ut_number_ef_sources (&basis);
    g_assert_true (g_str_has_prefix (none, "No EF: "));
  }
}

static void
test_notes (void)
{
  UtMeasurement item = {.quantity = UT_QUANTITY_VOLUME, .phase = UT_PHASE_ES, .structure = UT_RA};
  g_assert_null (ut_number_note (&item));
  item.cut_off = TRUE;
  g_autofree char *cut_off = ut_number_note (&item);
  g_assert_true (g_str_has_prefix (cut_off, "RA at ES is cut off"));
  item.quantity = UT_QUANTITY_MESH_VOLUME;
  g_assert_null (ut_number_note (&item)); /* said once, beside the voxels */
  const char *const causes[] = {NULL, "open edges", "clipped", "smoother"};
  for (UtVolumeCause cause = UT_VOLUMES_OPEN; cause <= UT_VOLUMES_SMOOTH; cause++) {
    item.cause = cause;
    g_autofree char *note = ut_number_note (&item);
    g_assert_nonnull (strstr (note, "more than 2 % apart"));
    g_assert_nonnull (strstr (note, causes[cause]));
  }
}

static void
test_one_point (void)
{
  UtMeasurement item = {
    .quantity = UT_QUANTITY_DISKS_EF_DIFFERENCE, .phase = -1, .structure = UT_LV, .value = -0.8};
  g_autofree char *one = ut_number_text (&item, TRUE);
  item.value = 1.6;
  g_autofree char *two = ut_number_text (&item, TRUE);
  g_assert_cmpstr (one, ==, "−1 point");
  g_assert_cmpstr (two, ==, "2 points");
}

static void
test_body (void)
{
  UtMeasurement output = {
    .quantity = UT_QUANTITY_CARDIAC_OUTPUT, .phase = -1, .structure = UT_LV, .value = 4.2};
  UtMeasurements all = {.items = g_array_new (FALSE, FALSE, sizeof (UtMeasurement))};
  g_autofree char *nothing = ut_number_body_summary (&all);
  g_assert_cmpstr (nothing,
                   ==,
                   "Numbers per m² of body surface need height and weight. No loop says a heart "
                   "rate, which the cardiac output needs.");
  g_array_append_val (all.items, output);
  all.heart_rate_bpm = 62.4;
  all.body = (UtBody){UT_SEX_UNKNOWN, 170, 70.5};
  g_autofree char *known = ut_number_body_summary (&all);
  g_assert_cmpstr (known,
                   ==,
                   "Cardiac output 4.2 l/min. BSA 1.82 m² from 170 cm and 70.5 kg (Du Bois). Heart "
                   "rate 62 / min, the mean of the loops.");
  g_array_unref (all.items);
}

static void
test_ranges (void)
{
  g_autofree char *range = ut_number_range (UT_QUANTITY_EF, -1, UT_LV, UT_SEX_UNKNOWN);
  g_autofree char *source = ut_number_range_source (UT_SEX_UNKNOWN);
  g_assert_cmpstr (range, ==, "men 52–72, women 54–74");
  g_assert_null (ut_number_range (UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_LA, UT_SEX_UNKNOWN));
  g_assert_nonnull (strstr (source, "2D/3D echo range, method differs from this CT-trained model"));
  g_assert_nonnull (strstr (source, "none is applied"));
  g_autofree char *women = ut_number_range (UT_QUANTITY_EF, -1, UT_LV, UT_SEX_FEMALE);
  g_autofree char *either =
    ut_number_range (UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ES, UT_LA, UT_SEX_UNKNOWN);
  g_autofree char *of_women = ut_number_range_source (UT_SEX_FEMALE);
  g_assert_cmpstr (women, ==, "54–74");
  g_assert_cmpstr (either, ==, "16–34");
  g_assert_nonnull (strstr (of_women, "Ranges of women"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number-text/numbers", test_numbers);
  g_test_add_func ("/number-text/one-point", test_one_point);
  g_test_add_func ("/number-text/interval", test_interval);
  g_test_add_func ("/number-text/below-zero", test_below_zero);
  g_test_add_func ("/number-text/summary", test_summary);
  g_test_add_func ("/number-text/sources", test_sources);
  g_test_add_func ("/number-text/notes", test_notes);
  g_test_add_func ("/number-text/body", test_body);
  g_test_add_func ("/number-text/ranges", test_ranges);
  return g_test_run ();
}
