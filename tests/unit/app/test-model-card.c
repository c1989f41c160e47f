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
  g_autofree char *text =
    ut_model_card_read (UT_SOURCE_DIR "/resources/models/ultratwin-small.safetensors", &error);
  g_assert_no_error (error);
  static const char *const words[] = {
    "Research use only", "## Training data", "## What was not tested", "simulator", "| DSC"};
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_nonnull (strstr (text, words[i]));
}

static void
test_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("ut-card-XXXXXX", NULL);
  g_autofree char *weights = g_build_filename (folder, "w.safetensors", NULL);
  g_autofree char *card = g_build_filename (folder, "w.md", NULL);
  g_assert_null (ut_model_card_read (weights, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_null (strstr (error->message, folder));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (card, "a\0b", 3, NULL));
  g_assert_null (ut_model_card_read (weights, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_clear_error (&error);
  g_autofree char *large = g_strnfill (UT_MODEL_CARD_MAX_BYTES + 1, 'x');
  g_assert_true (g_file_set_contents (card, large, -1, NULL));
  g_assert_null (ut_model_card_read (weights, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (card, "", 0, NULL));
  g_autofree char *empty = ut_model_card_read (weights, &error);
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
  g_test_add_func ("/model-card/refused", test_refused);
  return g_test_run ();
}
