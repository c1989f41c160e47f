/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/model-card.h"

#include "engine/base/error.h"

#include <glib/gstdio.h>
#include <string.h>

static const UtCardBlock *
block (const GPtrArray *blocks, guint i)
{
  g_assert_cmpuint (i, <, blocks->len);
  return g_ptr_array_index (blocks, i);
}

static void
test_parse (void)
{
  g_autoptr (GPtrArray) blocks = ut_model_card_parse ("# A `card`\n"
                                                      "\n"
                                                      "First line\n"
                                                      "and its end.\n"
                                                      "\n"
                                                      "Another one.\n"
                                                      "## Numbers\n"
                                                      "- one\n"
                                                      "- two | with a bar\n"
                                                      "\n"
                                                      "| | Myo | LV |\n"
                                                      "|---|---|---|\n"
                                                      "| DSC, % | 81.5 | 87.3 |\n"
                                                      "\n"
                                                      "| another |\n"
                                                      "#none\r\n");
  static const UtCardKind kinds[] = {UT_CARD_TITLE,
                                     UT_CARD_PARAGRAPH,
                                     UT_CARD_PARAGRAPH,
                                     UT_CARD_HEADING,
                                     UT_CARD_BULLET,
                                     UT_CARD_BULLET,
                                     UT_CARD_TABLE,
                                     UT_CARD_TABLE,
                                     UT_CARD_PARAGRAPH};
  g_assert_cmpuint (blocks->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < blocks->len; i++)
    g_assert_cmpint (block (blocks, i)->kind, ==, kinds[i]);
  g_assert_cmpstr (block (blocks, 0)->text, ==, "A card");
  g_assert_cmpstr (block (blocks, 1)->text, ==, "First line and its end.");
  g_assert_cmpstr (block (blocks, 5)->text, ==, "two | with a bar");
  const GPtrArray *rows = block (blocks, 6)->rows;
  g_assert_cmpuint (rows->len, ==, 2);
  const char *head[] = {"", "Myo", "LV", NULL}, *body[] = {"DSC, %", "81.5", "87.3", NULL};
  g_assert_cmpstrv (g_ptr_array_index (rows, 0), head);
  g_assert_cmpstrv (g_ptr_array_index (rows, 1), body);
  g_assert_cmpstr (block (blocks, 8)->text, ==, "#none");
}

/* ends of text in the middle of every mark */
static void
test_cut (void)
{
  const char *text = "# T\n\n| a | b |\n|--|\n- c\np\n|";
  for (gsize n = 0; n <= strlen (text); n++) {
    g_autofree char *cut = g_strndup (text, n);
    g_autoptr (GPtrArray) blocks = ut_model_card_parse (cut);
    for (guint i = 0; i < blocks->len; i++)
      g_assert_true (block (blocks, i)->text != NULL || block (blocks, i)->rows->len > 0);
  }
}

/* the card that comes along says what a card has to say */
static void
test_shipped (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = ut_model_card_read (
    UT_SOURCE_DIR "/resources/models/ultratwin-small.safetensors", NULL, &error);
  g_assert_no_error (error);
  static const char *const words[] = {
    "Research use only", "## Training data", "## What was not tested", "simulator", "| DSC"};
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_nonnull (strstr (text, words[i]));
}

static gint
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* @pattern in @text, sorted, for languages put words in another order; 1,5 as 1.5 */
static char *
all_of (const char *pattern, const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GMatchInfo) match = NULL;
  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    g_ptr_array_add (found, g_strdelimit (g_match_info_fetch (match, 0), ",", '.'));
  g_ptr_array_sort (found, by_text);
  g_ptr_array_add (found, NULL);
  return g_strjoinv (" ", (char **)found->pdata);
}

static void
assert_same_numbers (const char *text, const char *english)
{
  static const char number[] = "[+-]?[0-9]+([.,][0-9]+)?";
  g_autofree char *found = all_of (number, text), *wanted = all_of (number, english);
  g_assert_cmpstr (found, ==, wanted);
}

static void
assert_same_table (const GPtrArray *rows, const GPtrArray *english)
{
  g_assert_cmpuint (rows->len, ==, english->len);
  for (guint i = 0; i < rows->len; i++) {
    char **cells = g_ptr_array_index (rows, i), **wanted = g_ptr_array_index (english, i);
    g_assert_cmpuint (g_strv_length (cells), ==, g_strv_length (wanted));
    for (guint j = 0; cells[j] != NULL; j++)
      assert_same_numbers (cells[j], wanted[j]);
  }
}

/* the languages of the program: each has the card, and what the cards say cannot drift apart */
static void
test_translated (void)
{
  static const char weights[] = UT_SOURCE_DIR "/resources/models/ultratwin-small.safetensors";
  static const char file[] = "`[^`]+`";
  g_autofree char *list = NULL;
  g_assert_true (g_file_get_contents (UT_SOURCE_DIR "/po/LINGUAS", &list, NULL, NULL));
  g_auto (GStrv) languages = g_strsplit (g_strstrip (list), "\n", -1);
  g_autofree char *english = ut_model_card_read (weights, NULL, NULL);
  g_autofree char *english_files = all_of (file, english);
  g_autoptr (GPtrArray) wanted = ut_model_card_parse (english);
  g_assert_cmpuint (g_strv_length (languages), >=, 2);
  for (char **at = languages; *at != NULL; at++) {
    const char *const names[] = {*at, "C", NULL};
    g_autofree char *text = ut_model_card_read (weights, names, NULL);
    g_test_message ("%s", *at);
    g_assert_cmpstr (text, !=, english);
    g_autofree char *files = all_of (file, text);
    g_assert_cmpstr (files, ==, english_files);
    g_autoptr (GPtrArray) blocks = ut_model_card_parse (text);
    g_assert_cmpuint (blocks->len, ==, wanted->len);
    for (guint i = 0; i < blocks->len; i++) {
      g_assert_cmpint (block (blocks, i)->kind, ==, block (wanted, i)->kind);
      if (block (blocks, i)->kind == UT_CARD_TABLE)
        assert_same_table (block (blocks, i)->rows, block (wanted, i)->rows);
      else
        assert_same_numbers (block (blocks, i)->text, block (wanted, i)->text);
    }
  }
}

static char *
card_in (const char *weights, const char *first, const char *second)
{
  const char *const languages[] = {first, second, "C", NULL};
  return ut_model_card_read (weights, languages, NULL);
}

/* the best language that is there, and never one that is wanted less than English */
static void
test_language (void)
{
  g_autofree char *folder = g_dir_make_tmp ("ut-card-XXXXXX", NULL);
  g_autofree char *weights = g_build_filename (folder, "w.safetensors", NULL);
  g_autofree char *card = g_build_filename (folder, "w.md", NULL);
  g_autofree char *german = g_build_filename (folder, "w.de.md", NULL);
  g_assert_true (g_file_set_contents (german, "deutsch", -1, NULL));
  g_assert_null (card_in (weights, "en", "de"));
  g_assert_true (g_file_set_contents (card, "English", -1, NULL));
  g_autofree char *from_country = card_in (weights, "de_AT", "de");
  g_assert_cmpstr (from_country, ==, "deutsch");
  g_autofree char *english_first = card_in (weights, "en", "de");
  g_assert_cmpstr (english_first, ==, "English");
  g_autofree char *none = card_in (weights, "fr_FR", "fr");
  g_assert_cmpstr (none, ==, "English");
  g_unlink (german);
  g_unlink (card);
  g_rmdir (folder);
}

static void
test_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("ut-card-XXXXXX", NULL);
  g_autofree char *weights = g_build_filename (folder, "w.safetensors", NULL);
  g_autofree char *card = g_build_filename (folder, "w.md", NULL);
  g_assert_null (ut_model_card_read (weights, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_null (strstr (error->message, folder));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (card, "a\0b", 3, NULL));
  g_assert_null (ut_model_card_read (weights, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_clear_error (&error);
  g_autofree char *large = g_strnfill (UT_MODEL_CARD_MAX_BYTES + 1, 'x');
  g_assert_true (g_file_set_contents (card, large, -1, NULL));
  g_assert_null (ut_model_card_read (weights, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (card, "", 0, NULL));
  g_autofree char *empty = ut_model_card_read (weights, NULL, &error);
  g_assert_cmpstr (empty, ==, "");
  g_unlink (card);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/model-card/parse", test_parse);
  g_test_add_func ("/model-card/cut", test_cut);
  g_test_add_func ("/model-card/shipped", test_shipped);
  g_test_add_func ("/model-card/translated", test_translated);
  g_test_add_func ("/model-card/language", test_language);
  g_test_add_func ("/model-card/refused", test_refused);
  return g_test_run ();
}
