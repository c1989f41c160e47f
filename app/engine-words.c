/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/engine-words.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_PARTS 4

/* The first that fits is taken: what is special stands before what is general. */
static const char *const sentences[] = {
  /* what the self-test finds: sealed in English */
  N_ ("RV %s mm to the right of LV, LA %s mm above it"),
  N_ ("%s mm, %s %% outside"),
  N_ ("%s and %s; %s and %s parts"),
  N_ ("unknown, then %s x %s mm"),
  N_ ("known, then %s x %s mm"),
  N_ ("DSC %s, HD %s voxels, %s mm"),
  /* edits of the heart */
  N_ ("%s is not reconstructed: there is no heart to review"),
  N_ ("%s: edited %s times: discard the edit first"),
  N_ ("%s: %s would vanish: paint less of it"),
  N_ ("%s would vanish: shrink it less"),
  N_ ("%s has no surface that could move"),
  N_ ("%s is not there"),
  /* views */
  N_ ("%s holds no loop to mark"),
  N_ ("%s holds no loop: load one before you calibrate it"),
  N_ ("%s: a spacing of %s mm per pixel, want %s to %s: check the length"),
  N_ ("%s: the line is %s pixels long, want at least %s: draw a longer one"),
  /* a study that is opened */
  N_ ("%s: the %s mark was frame %s, but the loop now has %s: mark it again"),
  N_ ("%s: its loop cannot be read: %s"),
  N_ ("%s: its loop is missing: %s"),
  N_ ("%s: its loop has changed since it was saved: check the marks"),
  N_ ("%s: the spacing in its file has changed since it was saved"),
  N_ ("%s reference: it cannot be read: %s"),
  N_ ("%s reference: the file is missing: %s"),
  N_ ("%s reference: the file has changed since it was saved"),
  N_ ("%s result: it cannot be read, reconstruct it again: %s"),
  N_ ("%s edit: it cannot be read, the heart is as the network made it, and unreviewed: %s"),
  /* files */
  N_ ("%s: no such file or folder"),
  N_ ("%s: no such file"),
  N_ ("%s: no study, want a folder that holds %s"),
  N_ ("%s: the folder holds a study already"),
  N_ ("%s: the folder cannot be made: %s"),
  N_ ("%s: cannot be written (does the folder exist, is the disk full?)"),
  N_ ("%s: not a kind of loop that is read (%s)"),
  N_ ("%s: not a PNG or JPEG picture"),
  N_ ("%s: the picture is damaged, or a side is over %s pixels: %s"),
  N_ ("%s: the picture is damaged, or a side is over %s pixels"),
  N_ ("%s: %s x %s pixels, but the first frame has %s"),
  N_ ("%s: a damaged or truncated DICOM file"),
  N_ ("%s: not a NIfTI-1 file"),
  N_ ("%s: the compressed data are damaged"),
  N_ ("%s: holds the value %s, want labels: whole numbers 0 to 255"),
  N_ ("%s: not valid JSON, see line %s"),
};

/* Cuts @message where @sentence has its %s; NULL where the words differ. */
static GPtrArray *
parts_of (const char *message, const char *sentence)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (sentence);
  g_string_replace (text, "%%", "%", 0);
  g_auto (GStrv) words = g_strsplit (text->str, "%s", -1);
  if (!g_str_has_prefix (message, words[0]))
    return NULL;
  const char *at = message + strlen (words[0]);
  for (char **word = words + 1; *word != NULL; word++) {
    gboolean last = word[1] == NULL;
    const char *next = !last                          ? strstr (at, *word)
                       : g_str_has_suffix (at, *word) ? at + strlen (at) - strlen (*word)
                                                      : NULL;
    if (next == NULL || next == at)
      return NULL;
    g_ptr_array_add (parts, g_strndup (at, (gsize)(next - at)));
    at = next + strlen (*word);
  }
  return *at == 0 ? g_steal_pointer (&parts) : NULL;
}

static const char *
find (const char *message, GPtrArray **ret_parts)
{
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++) {
    g_autoptr (GPtrArray) parts = parts_of (message, sentences[i]);
    if (parts == NULL)
      continue;
    *ret_parts = g_steal_pointer (&parts);
    return sentences[i];
  }
  return NULL;
}

const char *
ut_engine_words_known (const char *message)
{
  g_autoptr (GPtrArray) parts = NULL;
  return find (message, &parts);
}

static char *
translate (const char *message)
{
  g_autoptr (GPtrArray) parts = NULL;
  const char *sentence = find (message, &parts);
  if (sentence == NULL)
    return g_strdup (message);

  const char *part[MAX_PARTS] = {"", "", "", ""};
  for (guint i = 0; i < MIN (parts->len, MAX_PARTS); i++)
    part[i] = g_ptr_array_index (parts, i);
    /* msgfmt has checked that a translation takes what its sentence takes */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (gettext (sentence), part[0], part[1], part[2], part[3]);
#pragma GCC diagnostic pop
}

char *
ut_engine_words (const char *message)
{
  g_auto (GStrv) paragraphs = g_strsplit (message, "\n\n", -1);
  for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++) {
    g_autofree char *english = *paragraph;
    *paragraph = translate (english);
  }
  return g_strjoinv ("\n\n", paragraphs);
}
