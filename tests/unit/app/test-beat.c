/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/beat.h"

#include "tests/unit/study/fixture.h"

static void
add_hearts (UtStudy *study, double ed_radius_mm)
{
  g_autoptr (UtTwin) ed = fixture_whole_twin (UT_PHASE_ED, ed_radius_mm);
  g_autoptr (UtTwin) es = fixture_whole_twin (UT_PHASE_ES, 20);
  fixture_set_results (study, ut_study_get_state (study), (UtTwin *[UT_N_PHASES]){ed, es});
}

static void
changed_cb (UtBeat *beat, guint *n_changes)
{
  ++*n_changes;
}

/* New hearts end the play, and the making of the old ones' moments. Play, pressed before that work
 * has come to its end, is for the new. */
static void
test_again (void)
{
  g_autoptr (UtDocument) document = ut_document_new ();
  ut_document_set_study (document, ut_study_new ());
  g_autoptr (UtBeat) beat = ut_beat_new (document);
  guint n_changes = 0;
  g_signal_connect (beat, "changed", G_CALLBACK (changed_cb), &n_changes);

  ut_beat_set_playing (beat, TRUE);
  g_assert_false (ut_beat_get_playing (beat)); /* there is no heart */
  add_hearts (ut_document_get_study (document), 28);
  ut_beat_set_playing (beat, TRUE);
  add_hearts (ut_document_get_study (document), 26);
  ut_beat_set_playing (beat, TRUE);
  while (!ut_beat_get_playing (beat))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_nonnull (ut_beat_get_mesh (beat, UT_LV));

  ut_beat_set_playing (beat, FALSE);
  g_assert_false (ut_beat_get_playing (beat));
  g_assert_cmpuint (n_changes, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/beat/again", test_again);
  return g_test_run ();
}
