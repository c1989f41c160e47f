/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/cohort-text.h"

#include "app/number-text.h"
#include "app/review-text.h"
#include "app/sentence.h"

#include <glib/gi18n.h>
#include <math.h>

char *
ut_cohort_title (const UtCohortStudy *study)
{
  return g_strdup_printf ("%u · %s", study->number, ut_sentence_study (study->label));
}

char *
ut_cohort_number (UtQuantity quantity, double value)
{
  const UtMeasurement item = {.quantity = quantity, .phase = -1, .structure = -1, .value = value};
  return ut_number_text (isfinite (value) ? &item : NULL, FALSE);
}

char *
ut_cohort_counts (const UtCohort *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_measured = 0;
  for (int verdict = 0; verdict < UT_N_VERDICTS; verdict++)
    n_measured += ut_cohort_count (self, (UtVerdict)verdict);
  g_string_append_printf (
    text,
    ngettext ("%u study, %u with numbers:", "%u studies, %u with numbers:", self->studies->len),
    self->studies->len,
    n_measured);
  for (int verdict = UT_N_VERDICTS - 1; verdict >= 0; verdict--)
    g_string_append_printf (text,
                            " %u %s%s",
                            ut_cohort_count (self, (UtVerdict)verdict),
                            ut_review_word ((UtVerdict)verdict),
                            verdict > 0 ? "," : ".");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

const char *
ut_cohort_reasons (const UtCohortStudy *study)
{
  if (study->problem != NULL ||
      (study->verdict != UT_VERDICT_REJECTED && study->verdict != UT_VERDICT_LIMITED))
    return NULL;
  return *study->reasons != '\0' ? study->reasons : _ ("no reason was given");
}

char *
ut_cohort_summary (const UtCohortStudy *study)
{
  if (study->problem != NULL)
    return g_strdup (study->problem);
  const char *reasons = ut_cohort_reasons (study);
  g_autofree char *assd = ut_cohort_number (UT_QUANTITY_ASSD_MM, ut_cohort_error (study));
  g_autofree char *twin =
    ut_cohort_number (UT_QUANTITY_EF, ut_cohort_twin_value (study, UT_COHORT_EF));
  g_autofree char *reference = ut_cohort_number (UT_QUANTITY_EF, study->reference[UT_COHORT_EF]);
  /* Translators: mean surface distance to the reference, EF of the twin, EF of the reference */
  g_autofree char *numbers =
    g_strdup_printf (_ ("ASSD %s mm · EF %s %%, reference %s %%"), assd, twin, reference);
  return g_strjoin (" · ",
                    numbers,
                    ut_review_word (study->verdict),
                    reasons, /* ends the list where there is none */
                    NULL);
}
