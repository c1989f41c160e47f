/* SPDX-License-Identifier: Apache-2.0 */
#include "app/document.h"
#include "app/settings.h"

#include <glib/gstdio.h>

static gboolean
give_up_cb (gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until study.json is there, or @limit_ms have gone by. */
static gboolean
wait_for_file (const char *path, guint limit_ms)
{
  gboolean late = FALSE;
  guint id = g_timeout_add (limit_ms, give_up_cb, &late);
  while (!late && !g_file_test (path, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, TRUE);
  if (!late)
    g_source_remove (id);
  return !late;
}

static void
changed_cb (UtDocument *document, guint changes, guint *ret_changes)
{
  *ret_changes |= changes;
}

static void
saving_cb (UtDocument *document, guint *n)
{
  (*n)++;
}

static UtDocument *
document_in (const char *folder)
{
  g_autoptr (GError) error = NULL;
  UtStudy *study = ut_study_new_in_folder (folder, &error);
  g_assert_no_error (error);
  UtDocument *document = ut_document_new ();
  ut_document_set_study (document, study);
  return document;
}

static void
test_autosave (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "autosave", NULL);
  g_autofree char *file = g_build_filename (folder, UT_STUDY_FILE, NULL);
  g_autoptr (UtDocument) document = document_in (folder);
  guint changes = 0, n_saves = 0;
  g_signal_connect (document, "changed", G_CALLBACK (changed_cb), &changes);
  g_signal_connect (document, "saving", G_CALLBACK (saving_cb), &n_saves);

  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  for (int i = 0; i < 5; i++) { /* several edits in a row are one save */
    g_autofree char *label = g_strdup_printf ("case %d", i);
    ut_study_set_label (ut_document_get_study (document), label);
  }
  g_assert_true (changes & UT_STUDY_CHANGE_LABEL);
  g_assert_true (wait_for_file (file, 15000));
  g_assert_cmpuint (n_saves, ==, 1);
}

typedef struct {
  guint n_done, n_failed;
} Saves;

static void
saved_cb (const GError *error, gpointer user_data)
{
  Saves *saves = user_data;
  saves->n_done++;
  saves->n_failed += error != NULL;
}

static void
wait_for_saves (const Saves *saves, guint n)
{
  while (saves->n_done < n)
    g_main_context_iteration (NULL, TRUE);
}

/* The open study is saved as it was when that was asked for, even if another one is opened. */
static void
test_save (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "save", NULL);
  g_autofree char *other = g_build_filename (g_get_user_data_dir (), "other", NULL);
  g_autofree char *file = g_build_filename (folder, UT_STUDY_FILE, NULL);
  g_autoptr (UtDocument) document = document_in (folder);
  g_autoptr (GError) error = NULL;
  Saves saves = {0};

  ut_study_set_label (ut_document_get_study (document), "first");
  ut_document_save (document, saved_cb, &saves);
  ut_study_set_label (ut_document_get_study (document), "second");
  ut_document_save (document, saved_cb, &saves);
  wait_for_saves (&saves, 2);
  g_assert_cmpuint (saves.n_failed, ==, 0);
  g_assert_false (ut_study_is_modified (ut_document_get_study (document)));

  ut_study_set_label (ut_document_get_study (document), "last");
  ut_document_save (document, saved_cb, &saves);
  ut_document_set_study (document, ut_study_new_in_folder (other, &error));
  g_assert_no_error (error);
  wait_for_saves (&saves, 3);
  g_autoptr (UtStudy) again = ut_study_open (file, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ut_study_get_state (again)->label, ==, "last");
}

static void
test_save_fails (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "fails", NULL);
  g_autofree char *file = g_build_filename (folder, UT_STUDY_FILE, NULL);
  g_autoptr (UtDocument) document = document_in (folder);
  Saves saves = {0};

  g_assert_true (g_file_set_contents (file, "somebody else's", -1, NULL));
  ut_study_set_label (ut_document_get_study (document), "mine");
  ut_document_save (document, saved_cb, &saves);
  wait_for_saves (&saves, 1);
  g_assert_cmpuint (saves.n_failed, ==, 1);
  g_assert_true (ut_study_is_modified (ut_document_get_study (document)));
  g_autofree char *left = NULL;
  g_assert_true (g_file_get_contents (file, &left, NULL, NULL));
  g_assert_cmpstr (left, ==, "somebody else's");
}

static void
test_calibrated (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (UtCine) cine = ut_cine_new (2, 64, 64, NULL);
  const double spacing_mm[2] = {0.5, 0.5};

  g_assert_false (ut_document_calibrated (NULL));
  g_assert_false (ut_document_calibrated (ut_study_get_state (study)));
  ut_study_set_cine (study, UT_VIEW_A4C, cine, "/a4c");
  g_assert_false (ut_document_calibrated (ut_study_get_state (study)));
  g_assert_true (ut_study_calibrate_spacing (study, UT_VIEW_A4C, spacing_mm, NULL));
  g_assert_true (ut_document_calibrated (ut_study_get_state (study)));
  ut_study_set_cine (study, UT_VIEW_PSAX, cine, "/psax"); /* one unknown view hides all numbers */
  g_assert_false (ut_document_calibrated (ut_study_get_state (study)));
}

static void
test_settings (void)
{
  g_autoptr (UtSettings) fresh = ut_settings_load ();
  g_assert_cmpint (fresh->width, ==, 0);
  g_assert_cmpuint (fresh->recent->len, ==, 0);

  fresh->width = 900;
  fresh->running = TRUE;
  ut_recent_list_add (fresh->recent, "/somewhere", "Before the operation", 1700000000);
  ut_settings_save (fresh);
  g_autoptr (UtSettings) again = ut_settings_load ();
  g_assert_cmpint (again->width, ==, 900);
  g_assert_true (again->running);
  g_assert_cmpuint (again->recent->len, ==, 1);
  g_assert_cmpstr (((UtRecent *)again->recent->pdata[0])->folder, ==, "/somewhere");

  g_autofree char *path =
    g_build_filename (g_get_user_config_dir (), "ultratwin", "window.ini", NULL);
  g_assert_true (g_file_set_contents (path, "[window\nwidth=-5\n\xff", -1, NULL));
  g_autoptr (UtSettings) damaged = ut_settings_load ();
  g_assert_cmpint (damaged->width, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/document/autosave", test_autosave);
  g_test_add_func ("/document/save", test_save);
  g_test_add_func ("/document/save-fails", test_save_fails);
  g_test_add_func ("/document/calibrated", test_calibrated);
  g_test_add_func ("/settings/round-trip", test_settings);
  return g_test_run ();
}
