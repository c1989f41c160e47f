/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/definitions.h"

#include "app/quantity-words.h"

#include <glib/gi18n.h>

/* Texts, each with the names of the quantities that it is about. */
typedef struct Lines {
  GPtrArray *texts; /* char * */
  GPtrArray *names; /* GPtrArray of char * for each */
} Lines;

static Lines
lines_new (void)
{
  return (Lines){g_ptr_array_new_with_free_func (g_free),
                 g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref)};
}

static void
add (Lines *self, const char *text, const char *name)
{
  guint i;
  if (!g_ptr_array_find_with_equal_func (self->texts, text, g_str_equal, &i)) {
    i = self->texts->len;
    g_ptr_array_add (self->texts, g_strdup (text));
    g_ptr_array_add (self->names, g_ptr_array_new_with_free_func (g_free));
  }
  GPtrArray *names = self->names->pdata[i];
  if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

/* @head, NULL for none, stands before the names. */
static void
print_and_clear (Lines *self, const char *head, GPtrArray *ret)
{
  for (guint i = 0; i < self->texts->len; i++) {
    GPtrArray *names = self->names->pdata[i];
    g_ptr_array_add (names, NULL);
    g_autofree char *joined = g_strjoinv (" · ", (char **)names->pdata);
    g_ptr_array_add (ret,
                     g_strdup_printf ("%s%s%s: %s",
                                      head != NULL ? head : "",
                                      head != NULL ? " – " : "",
                                      joined,
                                      (char *)self->texts->pdata[i]));
  }
  g_ptr_array_unref (self->texts);
  g_ptr_array_unref (self->names);
}

char *
ut_report_definitions (const UtMeasurements *measurements)
{
  gboolean seen[UT_N_QUANTITIES] = {FALSE};
  for (guint i = 0; i < measurements->items->len; i++)
    seen[g_array_index (measurements->items, UtMeasurement, i).quantity] = TRUE;
  Lines formulas = lines_new (), samplings = lines_new ();
  for (UtQuantity q = 0; q < UT_N_QUANTITIES; q++) {
    const UtQuantityInfo *info = ut_quantity_words (q);
    if (!seen[q])
      continue;
    g_autofree char *meaning = ut_quantity_words_meaning (q), *title = ut_quantity_words_title (q);
    add (&formulas, meaning, title);
    if (!ut_quantity_is_of_body (q)) /* sampled as what they are made from */
      add (&samplings, info->sampling, info->name);
  }
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  print_and_clear (&formulas, NULL, lines);
  /* Translators: before the names of quantities and what they are sampled on */
  print_and_clear (&samplings, _ ("Sampling"), lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **)lines->pdata);
}
