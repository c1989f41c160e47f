/* SPDX-License-Identifier: Apache-2.0 */
#include "app/model-card.h"

#include "engine/base/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define WEIGHTS_ENDING ".safetensors"
#define CARD_ENDING    ".md"

/* the card to read: English is no translation, so what is wanted less than it is not looked for */
static char *
card_path (const char *weights, const char *const *languages)
{
  gsize length = strlen (weights);
  if (g_str_has_suffix (weights, WEIGHTS_ENDING))
    length -= strlen (WEIGHTS_ENDING);
  g_autofree char *stem = g_strndup (weights, length);
  for (guint i = 0; languages != NULL && languages[i] != NULL && !g_str_equal (languages[i], "en");
       i++) {
    g_autofree char *path = g_strconcat (stem, ".", languages[i], CARD_ENDING, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
      return g_steal_pointer (&path);
  }
  return g_strconcat (stem, CARD_ENDING, NULL);
}

char *
ut_model_card_read (const char *weights, const char *const *languages, GError **error)
{
  g_autofree char *path = card_path (weights, languages);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  if (file == NULL) {
    g_set_error (error,
                 G_FILE_ERROR,
                 G_FILE_ERROR_NOENT,
                 _ ("%s: the weights have no model card, or it cannot be read"),
                 name);
    return NULL;
  }
  gsize n_bytes = g_mapped_file_get_length (file);
  if (n_bytes > UT_MODEL_CARD_MAX_BYTES) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 _ ("%s: %zu bytes are no model card"),
                 name,
                 n_bytes);
    return NULL;
  }
  const char *bytes = g_mapped_file_get_contents (file); /* NULL where the file is empty */
  g_autofree char *text = g_strndup (bytes != NULL ? bytes : "", n_bytes);
  if (strlen (text) != n_bytes || !g_utf8_validate (text, -1, NULL)) {
    g_set_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT, _ ("%s: want UTF-8 text"), name);
    return NULL;
  }
  return g_steal_pointer (&text);
}

/* ---- blocks ---------------------------------------------------------------------- */

static void
block_free (gpointer data)
{
  UtCardBlock *self = data;
  g_free (self->text);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self);
}

static char *
plain (const char *text)
{
  g_autoptr (GString) copy = g_string_new (text);
  g_string_replace (copy, "`", "", 0);
  return g_strdup (g_strstrip (copy->str));
}

static UtCardBlock *
add_block (GPtrArray *blocks, UtCardKind kind, const char *text)
{
  UtCardBlock *block = g_new0 (UtCardBlock, 1);
  block->kind = kind;
  block->text = text != NULL ? plain (text) : NULL;
  g_ptr_array_add (blocks, block);
  return block;
}

static UtCardBlock *
last_block (GPtrArray *blocks, UtCardKind kind)
{
  UtCardBlock *last = blocks->len > 0 ? g_ptr_array_index (blocks, blocks->len - 1) : NULL;
  return last != NULL && last->kind == kind ? last : NULL;
}

/* "| a | b |" to its cells; a line of dashes only parts head and body */
static void
add_row (GPtrArray *blocks, const char *line, gboolean after_gap)
{
  UtCardBlock *table = after_gap ? NULL : last_block (blocks, UT_CARD_TABLE);
  if (strspn (line, "|-: ") == strlen (line))
    return;
  g_autofree char *inside = g_strdup (line + 1);
  if (g_str_has_suffix (inside, "|"))
    inside[strlen (inside) - 1] = '\0';
  char **cells = g_strsplit (inside, "|", -1);
  for (char **cell = cells; *cell != NULL; cell++) {
    char *text = plain (*cell);
    g_free (*cell);
    *cell = text;
  }
  if (table == NULL) {
    table = add_block (blocks, UT_CARD_TABLE, NULL);
    table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  }
  g_ptr_array_add (table->rows, cells);
}

static void
add_text (GPtrArray *blocks, const char *line, gboolean after_gap)
{
  UtCardBlock *before = after_gap ? NULL : last_block (blocks, UT_CARD_PARAGRAPH);
  if (before == NULL) {
    add_block (blocks, UT_CARD_PARAGRAPH, line);
    return;
  }
  g_autofree char *more = plain (line);
  g_autofree char *first = before->text;
  before->text = g_strconcat (first, " ", more, NULL);
}

GPtrArray *
ut_model_card_parse (const char *text)
{
  GPtrArray *blocks = g_ptr_array_new_with_free_func (block_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean gap = TRUE;
  for (char **at = lines; *at != NULL; at++) {
    char *line = g_strstrip (*at);
    gsize n_marks = strspn (line, "#");
    if (n_marks > 0 && line[n_marks] == ' ')
      add_block (blocks, n_marks == 1 ? UT_CARD_TITLE : UT_CARD_HEADING, line + n_marks);
    else if (g_str_has_prefix (line, "- "))
      add_block (blocks, UT_CARD_BULLET, line + 2);
    else if (line[0] == '|')
      add_row (blocks, line, gap);
    else if (line[0] != '\0')
      add_text (blocks, line, gap);
    gap = line[0] == '\0';
  }
  return blocks;
}
