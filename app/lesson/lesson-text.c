/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/lesson/lesson-text.h"

#include "app/number-text.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct {
  const char *name;
  UtQuantity quantity;
  int structure; /* the only one that has it, -1 = any */
  gboolean both; /* of ED and ES together */
} numbers[] = {
  {"volume", UT_QUANTITY_VOLUME, -1, FALSE},
  {"mass", UT_QUANTITY_MASS, UT_MYO, FALSE},
  {"wall_thickness", UT_QUANTITY_WALL_THICKNESS, UT_MYO, FALSE},
  {"long_axis", UT_QUANTITY_LONG_AXIS, UT_LV, FALSE},
  {"sphericity", UT_QUANTITY_SPHERICITY, UT_LV, FALSE},
  {"sv", UT_QUANTITY_SV, UT_LV, TRUE},
  {"ef", UT_QUANTITY_EF, UT_LV, TRUE},
};

static gboolean
read_number (const char *name, UtQuantity *ret_quantity, int *ret_phase, int *ret_structure)
{
  g_auto (GStrv) parts = g_strsplit (name, ":", -1);
  UtStructure structure;
  for (guint i = 0; parts[0] != NULL && i < G_N_ELEMENTS (numbers); i++) {
    if (!g_str_equal (parts[0], numbers[i].name))
      continue;
    *ret_quantity = numbers[i].quantity;
    if (numbers[i].both) {
      *ret_phase = -1;
      *ret_structure = numbers[i].structure;
      return parts[1] == NULL;
    }
    if (g_strv_length (parts) != 3 || !ut_structure_from_name (parts[1], &structure) ||
        structure == UT_BACKGROUND)
      return FALSE;
    *ret_structure = (int)structure;
    *ret_phase = g_str_equal (parts[2], ut_phase_name (UT_PHASE_ED)) ? UT_PHASE_ED : UT_PHASE_ES;
    return (numbers[i].structure < 0 || numbers[i].structure == (int)structure) &&
           g_str_equal (parts[2], ut_phase_name ((UtPhase)*ret_phase));
  }
  return FALSE;
}

/* Calls for each piece: text as it is, or what stands in braces; @closed: FALSE where the brace has
 * no other before the next one opens. */
static void
walk (const char *text,
      void (*func) (const char *piece, gboolean number, gboolean closed, void *data),
      void *data)
{
  while (*text != 0) {
    gsize n_plain = strcspn (text, "{");
    g_autofree char *plain = g_strndup (text, n_plain);
    func (plain, FALSE, TRUE, data);
    text += n_plain;
    if (*text == 0)
      return;
    gsize length = strcspn (text + 1, "{}");
    gboolean closed = text[1 + length] == '}';
    g_autofree char *name = g_strndup (text + 1, length);
    func (name, TRUE, closed, data);
    text += 1 + length + closed;
  }
}

static void
check_piece (const char *piece, gboolean number, gboolean closed, void *data)
{
  char **ret = data;
  UtQuantity quantity;
  int phase, structure;
  if (!number || *ret != NULL)
    return;
  g_autofree char *word = g_strndup (piece, strcspn (piece, " \n"));
  if (!closed)
    *ret = g_strdup_printf (_ ("“{%s” has no closing brace"), word);
  else if (!read_number (piece, &quantity, &phase, &structure))
    *ret = g_strdup_printf (_ ("{%s} is no number that can be shown"), piece);
}

char *
ut_lesson_text_fault (const char *text)
{
  char *fault = NULL;
  walk (text, check_piece, &fault);
  return fault;
}

typedef struct {
  const UtMeasurements *measurements;
  GString *text;
} Filling;

static void
fill_piece (const char *piece, gboolean number, gboolean closed, void *data)
{
  Filling *filling = data;
  UtQuantity quantity;
  int phase, structure;
  if (!number) {
    g_string_append (filling->text, piece);
    return;
  }
  const UtMeasurement *found =
    filling->measurements != NULL && read_number (piece, &quantity, &phase, &structure)
      ? ut_measurements_find (filling->measurements, quantity, phase, structure)
      : NULL;
  g_autofree char *value = ut_number_text (found, TRUE);
  g_string_append (filling->text, value);
}

char *
ut_lesson_text_fill (const char *text, const UtMeasurements *measurements)
{
  Filling filling = {measurements, g_string_new (NULL)};
  walk (text, fill_piece, &filling);
  return g_string_free (filling.text, FALSE);
}
