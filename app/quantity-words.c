/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/quantity-words.h"

#include <glib/gi18n.h>
#include <math.h>

/* gettext ("") would be the catalogue's header. */
static const char *
words (const char *text)
{
  return text != NULL && text[0] != 0 ? gettext (text) : text;
}

static GString *
meaning (const UtQuantityInfo *info)
{
  GString *text = g_string_new (info->formula);
  if (info->better != UT_BETTER_NEITHER)
    g_string_append_printf (text, " %s", ut_quantity_words_better (info->better));
  if (info->percentile != NULL)
    g_string_append_printf (text, _ (" Percentile: %s"), info->percentile);
  return text;
}

static char *
join (const UtQuantityInfo *info)
{
  GString *text = meaning (info);
  g_string_append_printf (
    text, _ (" Sampling: %s Empty structure: %s"), info->sampling, info->empty);
  return g_string_free (text, FALSE);
}

const UtQuantityInfo *
ut_quantity_words (UtQuantity quantity)
{
  static UtQuantityInfo infos[UT_N_QUANTITIES];
  static gsize translated = 0;
  if (g_once_init_enter (&translated)) {
    for (int q = 0; q < UT_N_QUANTITIES; q++) {
      infos[q] = *ut_quantity_info (q);
      infos[q].name = words (infos[q].name);
      infos[q].unit = words (infos[q].unit);
      infos[q].formula = words (infos[q].formula);
      infos[q].percentile = words (infos[q].percentile);
      infos[q].sampling = words (infos[q].sampling);
      infos[q].empty = words (infos[q].empty);
      infos[q].definition = join (&infos[q]);
    }
    g_once_init_leave (&translated, 1);
  }
  g_return_val_if_fail ((guint)quantity < UT_N_QUANTITIES, &infos[UT_QUANTITY_VOLUME]);
  return &infos[quantity];
}

char *
ut_quantity_words_title (UtQuantity quantity)
{
  const UtQuantityInfo *info = ut_quantity_words (quantity);
  return g_strconcat (info->name, info->unit[0] != 0 ? ", " : "", info->unit, NULL);
}

char *
ut_quantity_words_meaning (UtQuantity quantity)
{
  return g_string_free (meaning (ut_quantity_words (quantity)), FALSE);
}

const char *
ut_quantity_words_unit (UtQuantity quantity, double value)
{
  if (quantity == UT_QUANTITY_DISKS_EF_DIFFERENCE) /* of words, the only one without decimals */
    return ngettext ("point", "points", (gulong)lround (fabs (value)));
  return ut_quantity_words (quantity)->unit;
}

const char *
ut_quantity_words_better (UtBetter better)
{
  return words (ut_better_sentence (better));
}
