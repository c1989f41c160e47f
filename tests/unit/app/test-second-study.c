/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/second-study.h"

#include "tests/unit/study/fixture.h"

#include <glib/gstdio.h>

typedef struct {
  char *folder; /* holds "open", "second" and "third", each with hearts */
  UtDocument *document;
  UtSecondStudy *second;
  GString *messages; /* headings */
} Case;

static void
message_cb (UtSecondStudy *second, const char *heading, const char *body, Case *c)
{
  g_assert_cmpstr (body, !=, "");
  g_assert_null (strstr (body, c->folder));
  g_string_append (c->messages, heading);
}

/* A study with hearts in @c's folder. */
static UtStudy *
study_in (Case *c, const char *name)
{
  g_autofree char *folder = g_build_filename (c->folder, name, NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  UtStudy *study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  ut_study_set_label (study, name);
  ut_study_save (study, &error);
  g_assert_no_error (error);
  return study;
}

static void
set_up (Case *c, gconstpointer data)
{
  c->folder = fixture_folder ();
  c->messages = g_string_new (NULL);
  c->document = ut_document_new ();
  ut_document_set_study (c->document, study_in (c, "open"));
  ut_study_free (study_in (c, "second"));
  ut_study_free (study_in (c, "third"));
  c->second = ut_second_study_new (c->document);
  g_signal_connect (c->second, "message", G_CALLBACK (message_cb), c);
}

static void
tear_down (Case *c, gconstpointer data)
{
  g_object_unref (c->second);
  g_object_unref (c->document);
  g_string_free (c->messages, TRUE);
  g_free (c->folder);
}

static void
open_by_name (Case *c, const char *name)
{
  g_autofree char *path = g_build_filename (c->folder, name, NULL);
  ut_second_study_open (c->second, path);
}

static void
wait_until_idle (Case *c)
{
  while (ut_second_study_get_busy (c->second))
    g_main_context_iteration (NULL, TRUE);
}

static const char *
label_of (Case *c)
{
  UtDocument *document = ut_second_study_get_document (c->second);
  return document != NULL ? ut_document_get_state (document)->label : NULL;
}

static void
assert_place (Case *c, const char *wanted)
{
  g_autofree char *place = ut_second_study_dup_place (c->second);
  g_assert_cmpstr (place, ==, wanted);
}

/* It has hearts and numbers of its own, can never be saved, and its place is kept by its way. */
static void
test_open (Case *c, gconstpointer data)
{
  open_by_name (c, "second/study.json");
  assert_place (c, "../second");
  wait_until_idle (c);
  g_assert_cmpstr (label_of (c), ==, "second");
  assert_place (c, "../second");
  UtDocument *document = ut_second_study_get_document (c->second);
  UtResults *results = ut_second_study_get_results (c->second);
  g_assert_null (ut_study_get_folder (ut_document_get_study (document)));
  g_assert_true (ut_results_get_surfaces (results, UT_PHASE_ED, -1)->result ==
                 ut_document_get_state (document)->results[UT_PHASE_ED]);
  g_assert_nonnull (ut_results_get_measurements (results));

  open_by_name (c, "third");
  wait_until_idle (c);
  g_assert_cmpstr (label_of (c), ==, "third");
  g_assert_true (ut_second_study_get_document (c->second) != document);
  ut_second_study_close (c->second);
  g_assert_null (ut_second_study_get_document (c->second));
  g_assert_null (ut_second_study_get_results (c->second));
  assert_place (c, NULL);
  g_assert_cmpstr (c->messages->str, ==, "");
}

/* One sentence, and what was there stays. */
static void
test_refuses (Case *c, gconstpointer data)
{
  g_autofree char *bare = g_build_filename (c->folder, "bare", NULL);
  g_autofree char *file = g_build_filename (c->folder, "notes.txt", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtStudy) without_heart = ut_study_new_in_folder (bare, &error);
  g_assert_no_error (error);
  ut_study_save (without_heart, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (file, "no study", -1, NULL));

  open_by_name (c, "second");
  wait_until_idle (c);
  const char *const names[] = {"bare", "notes.txt", "nowhere", "open", "open/study.json"};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_string_truncate (c->messages, 0);
    open_by_name (c, names[i]);
    wait_until_idle (c);
    g_assert_cmpstr (c->messages->str,
                     ==,
                     i < 3 ? "The second study could not be opened" : "This study is open already");
    g_assert_cmpstr (label_of (c), ==, "second");
    assert_place (c, "../second");
  }
}

static void
test_reopens (Case *c, gconstpointer data)
{
  ut_second_study_reopen (c->second, "../second");
  wait_until_idle (c);
  g_assert_cmpstr (label_of (c), ==, "second");
  ut_second_study_close (c->second);
  const char *const gone[] = {"../gone", "", ".", "../open", "../../../../../../../.."};
  for (guint i = 0; i < G_N_ELEMENTS (gone); i++) {
    ut_second_study_reopen (c->second, gone[i]);
    wait_until_idle (c);
    g_assert_null (label_of (c));
    assert_place (c, NULL);
  }
  g_assert_cmpstr (c->messages->str, ==, "");
}

/* The last wish counts, and nothing stays beside another study. */
static void
test_changes_its_mind (Case *c, gconstpointer data)
{
  open_by_name (c, "second");
  open_by_name (c, "third");
  wait_until_idle (c);
  g_assert_cmpstr (label_of (c), ==, "third");
  open_by_name (c, "second");
  ut_second_study_close (c->second);
  open_by_name (c, "second");
  ut_document_set_study (c->document, ut_study_new ());
  for (gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC; g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (ut_second_study_get_busy (c->second));
  g_assert_null (label_of (c));
  assert_place (c, NULL);
}

/* The gate is that of the study whose numbers they are. */
static void
test_gate (Case *c, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (c->folder, "uncalibrated", NULL);
  g_autoptr (UtStudy) study = study_in (c, "uncalibrated");
  g_autoptr (GError) error = NULL;
  fixture_add_loop (study, UT_VIEW_PSAX, folder, "other", 9, FALSE);
  ut_study_save (study, &error);
  g_assert_no_error (error);
  open_by_name (c, "uncalibrated");
  wait_until_idle (c);
  UtResults *results = ut_second_study_get_results (c->second);
  while (ut_results_get_busy (results))
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (ut_results_get_surfaces (results, UT_PHASE_ED, -1));
  g_assert_null (ut_results_get_measurements (results));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name, func) g_test_add ("/second-study/" name, Case, NULL, set_up, func, tear_down)
  ADD ("open", test_open);
  ADD ("refuses", test_refuses);
  ADD ("reopens", test_reopens);
  ADD ("changes-its-mind", test_changes_its_mind);
  ADD ("gate", test_gate);
  return g_test_run ();
}
