/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/results.h"

#include "tests/unit/study/fixture.h"

typedef struct {
  UtDocument *document;
  UtResults *results;
  GString *stages; /* digits: which stage the last one's surfaces were of, at each change */
} Case;

static void
changed_cb (UtResults *results, Case *c)
{
  const UtPhaseSurfaces *surfaces = ut_results_get_surfaces (results, UT_PHASE_ED, -1);
  if (surfaces == NULL ||
      surfaces->result != ut_document_get_state (c->document)->results[UT_PHASE_ED])
    return; /* of the heart before */
  const char stage = (char)('0' + surfaces->stage);
  if (c->stages->len == 0 || c->stages->str[c->stages->len - 1] != stage)
    g_string_append_c (c->stages, stage);
}

static void
set_up (Case *c, gconstpointer data)
{
  c->stages = g_string_new (NULL);
  c->document = ut_document_new ();
  c->results = ut_results_new (c->document);
  g_signal_connect (c->results, "changed", G_CALLBACK (changed_cb), c);
  ut_document_set_study (c->document, ut_study_new ());
}

static void
tear_down (Case *c, gconstpointer data)
{
  g_object_unref (c->results);
  g_object_unref (c->document);
  g_string_free (c->stages, TRUE);
}

/* Adds a heart of all stages, and waits until they have surfaces. */
static void
add_heart (Case *c, double lv_radius_mm)
{
  UtStudy *study = ut_document_get_study (c->document);
  g_autoptr (UtTwin) twin = fixture_whole_twin (UT_PHASE_ED, lv_radius_mm);
  g_string_truncate (c->stages, 0);
  fixture_set_results (study, ut_study_get_state (study), (UtTwin *[UT_N_PHASES]){twin});
  while (ut_results_get_busy (c->results))
    g_main_context_iteration (NULL, TRUE);
  for (UtTwinStage stage = 0; stage < UT_TWIN_EDITED; stage++)
    g_assert_cmpint (
      (int)ut_results_get_surfaces (c->results, UT_PHASE_ED, (int)stage)->stage, ==, (int)stage);
}

/* What is looked at comes first, unless its making is to be seen; that is asked for once. */
static void
test_order (Case *c, gconstpointer data)
{
  add_heart (c, 28);
  g_assert_cmpstr (c->stages->str, ==, "4");
  ut_results_come_in_order (c->results);
  add_heart (c, 26);
  g_assert_cmpstr (c->stages->str, ==, "01234");
  add_heart (c, 24);
  g_assert_cmpstr (c->stages->str, ==, "4");
}

/* Neither a change nor the end of all in a pause between two stages does harm. */
static void
test_interrupted (Case *c, gconstpointer data)
{
  UtStudy *study = ut_document_get_study (c->document);
  g_autoptr (UtTwin) twin = fixture_whole_twin (UT_PHASE_ED, 28);
  ut_results_come_in_order (c->results);
  fixture_set_results (study, ut_study_get_state (study), (UtTwin *[UT_N_PHASES]){twin});
  while (c->stages->len == 0)
    g_main_context_iteration (NULL, TRUE);
  add_heart (c, 26);
  g_assert_cmpstr (c->stages->str, ==, "01234");

  g_string_truncate (c->stages, 0);
  ut_results_come_in_order (c->results);
  fixture_set_results (study, ut_study_get_state (study), (UtTwin *[UT_N_PHASES]){twin});
  while (c->stages->len == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* What belongs to a study goes with it, not when the next one's is there. */
static void
test_other_study (Case *c, gconstpointer data)
{
  add_heart (c, 28);
  ut_document_set_study (c->document, ut_study_new ());
  g_assert_null (ut_results_get_surfaces (c->results, UT_PHASE_ED, -1));
  g_assert_null (ut_results_get_measurements (c->results));
  while (ut_results_get_busy (c->results))
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (ut_results_get_surfaces (c->results, UT_PHASE_ED, -1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/results/order", Case, NULL, set_up, test_order, tear_down);
  g_test_add ("/app/results/interrupted", Case, NULL, set_up, test_interrupted, tear_down);
  g_test_add ("/app/results/other-study", Case, NULL, set_up, test_other_study, tear_down);
  return g_test_run ();
}
