/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/number-text.h"

#include "app/quantity-words.h"

#include "engine/measure/ef-interval.h"
#include "engine/study/reference-range.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#define NO_BREAK "\u00a0"

gboolean
ut_number_grows_with_size (UtQuantity quantity)
{
  return quantity == UT_QUANTITY_VOLUME || quantity == UT_QUANTITY_MESH_VOLUME ||
         quantity == UT_QUANTITY_MASS || quantity == UT_QUANTITY_VOLUME_INDEX ||
         quantity == UT_QUANTITY_MASS_INDEX;
}

/* A true minus in place of the hyphen, and none before what rounds to 0 */
static char *
signed_number (double value, int digits)
{
  g_autofree char *size = g_strdup_printf ("%.*f", digits, fabs (value));
  gboolean negative = value < 0 && strpbrk (size, "123456789") != NULL;
  return g_strconcat (negative ? "−" : "", size, NULL);
}

char *
ut_number_text (const UtMeasurement *measurement, gboolean unit)
{
  if (measurement == NULL)
    return g_strdup ("–");
  const UtQuantityInfo *info = ut_quantity_words (measurement->quantity);
  gboolean at_least = measurement->cut_off && ut_number_grows_with_size (measurement->quantity);
  gboolean with_unit = unit && info->unit[0] != 0;
  g_autofree char *number = signed_number (measurement->value, info->digits);
  g_autofree char *interval = ut_number_interval (measurement);
  return g_strdup_printf (
    "%s%s%s%s%s%s",
    at_least ? "≥ " : "",
    number,
    with_unit ? " " : "",
    with_unit ? ut_quantity_words_unit (measurement->quantity, measurement->value) : "",
    interval != NULL ? " " : "",
    interval != NULL ? interval : "");
}

char *
ut_number_interval (const UtMeasurement *measurement)
{
  if (measurement == NULL || !measurement->has_interval)
    return NULL;
  int digits = ut_quantity_words (measurement->quantity)->digits;
  g_autofree char *low = signed_number (measurement->low, digits);
  g_autofree char *high = signed_number (measurement->high, digits);
  if (g_str_has_prefix (low, "−"))
    /* Translators: an interval with an end below 0, "(−14 to 18)": no dash beside a minus */
    return g_strdup_printf (_ ("(%s to %s)"), low, high);
  return g_strdup_printf ("(%s–%s)", low, high);
}

char *
ut_number_in_locale (const char *text)
{
  const char *mark = localeconv ()->decimal_point;
  GString *shown = g_string_new (NULL);
  for (const char *c = text; *c != 0; c++) {
    gboolean point = *c == '.' && c > text && g_ascii_isdigit (c[-1]) && g_ascii_isdigit (c[1]);
    if (point)
      g_string_append (shown, mark);
    else
      g_string_append_c (shown, *c);
  }
  return g_string_free (shown, FALSE);
}

const char *
ut_number_stale (const UtMeasurements *measurements)
{
  for (guint i = 0; i < measurements->items->len; i++)
    if (g_array_index (measurements->items, UtMeasurement, i).stale)
      return _ ("Out of date: views, marks or calibration changed since.");
  return NULL;
}

/* Lines break between numbers, not in them. */
static void
add_to_summary (GStrvBuilder *line, const char *name, const UtMeasurement *measurement)
{
  g_autofree char *number = ut_number_text (measurement, TRUE);
  g_autoptr (GString) item = g_string_new (NULL);
  g_string_printf (item, "%s %s", name, number);
  g_string_replace (item, " ", NO_BREAK, 0);
  g_strv_builder_add (line, item->str);
}

char *
ut_number_summary (const UtMeasurements *measurements, UtPhase phase)
{
  static const UtStructure others[] = {UT_RV, UT_LA, UT_RA, UT_MYO};
  const struct {
    const char *name;
    UtQuantity quantity;
    int phase;
  } of_lv[] = {
    {_ ("LV EF"), UT_QUANTITY_EF, -1},
    {_ ("EDV"), UT_QUANTITY_VOLUME, UT_PHASE_ED},
    {_ ("ESV"), UT_QUANTITY_VOLUME, UT_PHASE_ES},
  };
  g_autoptr (GStrvBuilder) first = g_strv_builder_new (), second = g_strv_builder_new ();
  for (guint i = 0; i < G_N_ELEMENTS (of_lv); i++)
    add_to_summary (first,
                    of_lv[i].name,
                    ut_measurements_find (measurements, of_lv[i].quantity, of_lv[i].phase, UT_LV));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    add_to_summary (
      second,
      ut_structure_name (others[i]),
      ut_measurements_find (measurements, UT_QUANTITY_VOLUME, (int)phase, (int)others[i]));
  g_auto (GStrv) lv_items = g_strv_builder_end (first);
  g_auto (GStrv) other_items = g_strv_builder_end (second);
  g_autofree char *lv = g_strjoinv (" · ", lv_items);
  g_autofree char *rest = g_strjoinv (" · ", other_items);
  g_autofree char *of_phase = g_strdup_printf ("%s: %s", ut_phase_name (phase), rest);
  return g_strjoin ("\n", lv, of_phase, ut_number_stale (measurements), NULL);
}

static const char *
why_no_ef (UtEfState state)
{
  switch (state) {
  case UT_EF_CUT_OFF:
    return _ ("No EF: the left ventricle is cut off at the border of the 192 mm cube.");
  case UT_EF_NO_TABLE:
    return _ ("No EF: the errors of these weights are not known, and without an interval no EF is "
              "given. With the weights that come along, reconstruct once more.");
  case UT_EF_NO_ECHO:
    return _ ("No EF: the heart at ED or ES was not made from echo.");
  case UT_EF_OTHER_VIEWS:
    return _ ("No EF: it needs ED and ES marked in the same views, and weights whose errors with "
              "these are known. Reconstruct both once more.");
  case UT_EF_UNSURE:
    return _ ("No EF: the ED volume is too small to be told from 0.");
  case UT_EF_NOT_BOTH:
  case UT_EF_GIVEN:
    break;
  }
  return _ ("No EF: it needs ED and ES.");
}

static char *
view_names (guint views)
{
  const char *names[UT_N_VIEWS + 1] = {NULL};
  guint n = 0;
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (views & 1u << view)
      names[n++] = ut_view_name (view);
  return g_strjoinv (", ", (char **)names);
}

char *
ut_number_ef_sources (const UtEfBasis *basis)
{
  const UtTwinValidation *table = &basis->validation;
  if (basis->state != UT_EF_GIVEN)
    return g_strdup (why_no_ef (basis->state));
  GString *text = g_string_new (NULL);
  /* Translators: what the interval of the EF was made from */
  g_string_append_printf (text,
                          ngettext ("%.0f %% interval of the EF from the errors of the weights on "
                                    "%u simulated validation heart (EF off by %.1f points in the "
                                    "mean, bias %+.1f)",
                                    "%.0f %% interval of the EF from the errors of the weights on "
                                    "%u simulated validation hearts (EF off by %.1f points in the "
                                    "mean, bias %+.1f)",
                                    table->n_hearts),
                          100 * UT_EF_INTERVAL_LEVEL,
                          table->n_hearts,
                          table->ef_error_mean_absolute_points,
                          table->ef_error_mean_points);
  guint n_ed = basis->n_seeds[UT_PHASE_ED], n_es = basis->n_seeds[UT_PHASE_ES];
  if (n_ed > 1 || n_es > 1)
    g_string_append_printf (
      text, _ (" and the spread of the seeds (ED %u, ES %u)."), MAX (n_ed, 1), MAX (n_es, 1));
  else
    g_string_append (text, _ ("; one seed, so without a spread of seeds."));
  if (table->views != UT_TWIN_ALL_VIEWS) {
    g_autofree char *views = view_names (table->views);
    /* Translators: %s: "A4C" or "A4C, A2C" */
    g_string_append_printf (text, _ (" Those hearts, too, were made from %s alone."), views);
  }
  if (basis->edited)
    g_string_append (text, _ (" The LV was edited by hand, whose errors are not known."));
  return g_string_free (text, FALSE);
}

char *
ut_number_body_sources (const UtMeasurements *measurements)
{
  const double surface_m2 = ut_body_surface_m2 (&measurements->body);
  g_autofree char *body =
    surface_m2 > 0 ? g_strdup_printf (_ ("BSA %.2f m² from %g cm and %g kg (Du Bois)."),
                                      surface_m2,
                                      measurements->body.height_cm,
                                      measurements->body.weight_kg)
                   : g_strdup (_ ("Numbers per m² of body surface need height and weight."));
  g_autofree char *rate =
    measurements->heart_rate_bpm > 0
      ? g_strdup_printf (_ ("Heart rate %.0f / min, the mean of the loops."),
                         measurements->heart_rate_bpm)
      : g_strdup (_ ("No loop says a heart rate, which the cardiac output needs."));
  return g_strjoin (" ", body, rate, NULL);
}

char *
ut_number_body_summary (const UtMeasurements *measurements)
{
  static const struct {
    UtQuantity quantity;
    int phase;
    UtStructure structure;
  } numbers[] = {{UT_QUANTITY_SV_INDEX, -1, UT_LV},
                 {UT_QUANTITY_MASS_INDEX, UT_PHASE_ED, UT_MYO},
                 {UT_QUANTITY_CARDIAC_OUTPUT, -1, UT_LV},
                 {UT_QUANTITY_CARDIAC_INDEX, -1, UT_LV}};
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    const UtMeasurement *found = ut_measurements_find (
      measurements, numbers[i].quantity, numbers[i].phase, (int)numbers[i].structure);
    g_autofree char *number = ut_number_text (found, TRUE);
    if (found != NULL)
      g_string_append_printf (text,
                              "%s%s %s",
                              text->len > 0 ? " · " : "",
                              ut_quantity_words (numbers[i].quantity)->name,
                              number);
  }
  g_autofree char *sources = ut_number_body_sources (measurements);
  return text->len > 0 ? g_strjoin (". ", text->str, sources, NULL) : g_steal_pointer (&sources);
}

static const char *
cause_sentence (UtVolumeCause cause)
{
  switch (cause) {
  case UT_VOLUMES_OPEN:
    return _ ("its surface has open edges");
  case UT_VOLUMES_CUT:
    return _ ("it is clipped at the border of the 192 mm cube");
  case UT_VOLUMES_SMOOTH:
  case UT_VOLUMES_AGREE:
    break;
  }
  return _ ("its surface is smoother than the voxels");
}

char *
ut_number_note (const UtMeasurement *measurement)
{
  if (measurement->phase < 0 || measurement->structure < 0)
    return NULL;
  const char *phase = ut_phase_name ((UtPhase)measurement->phase);
  const char *structure = ut_structure_name ((UtStructure)measurement->structure);
  if (measurement->quantity == UT_QUANTITY_MESH_VOLUME && measurement->cause != UT_VOLUMES_AGREE)
    /* Translators: "RA at ES: volume by surface and by voxels more than 2 % apart: <cause>." */
    return g_strdup_printf (_ ("%s at %s: volume by surface and by voxels more than %.0f %% apart: "
                               "%s."),
                            structure,
                            phase,
                            100 * UT_VOLUME_FLAG_SHARE,
                            cause_sentence (measurement->cause));
  if (measurement->quantity == UT_QUANTITY_VOLUME && measurement->edited &&
      !measurement->cut_off) /* one note a number, and this one the less grave */
    return g_strdup_printf (_ ("%s at %s was edited by hand."), structure, phase);
  if (measurement->quantity == UT_QUANTITY_VOLUME && measurement->cut_off)
    return g_strdup_printf (
      _ ("%s at %s is cut off at the border of the 192 mm cube: there is at least this much."),
      structure,
      phase);
  return NULL;
}

char *
ut_number_range (UtQuantity quantity, int phase, int structure, UtSex sex)
{
  const UtReferenceRange *range = ut_reference_range (quantity, phase, structure);
  if (range == NULL)
    return NULL;
  const double *men = range->men, *women = range->women;
  if (sex != UT_SEX_UNKNOWN || (men[0] == women[0] && men[1] == women[1])) {
    const double *ends = sex == UT_SEX_FEMALE ? women : men;
    return g_strdup_printf ("%g–%g", ends[0], ends[1]);
  }
  return g_strdup_printf (_ ("men %g–%g, women %g–%g"), men[0], men[1], women[0], women[1]);
}

char *
ut_number_range_source (UtSex sex)
{
  const char *whose = sex == UT_SEX_FEMALE ? _ ("Ranges of women; by them no number is judged.")
                      : sex == UT_SEX_MALE
                        ? _ ("Ranges of men; by them no number is judged.")
                        : _ ("The sex is not known: both are shown, none is applied.");
  /* Translators: %1$s: of authors and year, %2$s: whose ranges they are, a sentence */
  return g_strdup_printf (_ ("Reference ranges: %1$s. 2D/3D echo range, method differs from this "
                             "CT-trained model. %2$s"),
                          UT_REFERENCE_RANGE_SOURCE,
                          whose);
}
