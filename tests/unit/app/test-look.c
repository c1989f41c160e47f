/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/look.h"

static void
set (UtLook *look, UtLayout layout, UtPhase phase, int stage)
{
  UtLookState state = *ut_look_get (look);
  state.layout = layout;
  state.phase = phase;
  state.stage = stage;
  ut_look_set (look, &state);
}

/* One heart: back to what was shown before, and forth. */
static void
test_blink_one (void)
{
  g_autoptr (UtLook) look = ut_look_new ();
  ut_look_blink (look);
  g_assert_cmpint (ut_look_get (look)->phase, ==, UT_PHASE_ES);
  set (look, UT_LAYOUT_SINGLE, UT_PHASE_ES, 2);
  ut_look_blink (look);
  g_assert_cmpint (ut_look_get (look)->stage, ==, -1);
  ut_look_blink (look);
  g_assert_cmpint (ut_look_get (look)->stage, ==, 2);
  g_assert_cmpint (ut_look_get (look)->phase, ==, UT_PHASE_ES);
  g_assert_false (ut_look_get (look)->swapped);
}

/* Two hearts: they change places, and what they are stays; another layout begins anew. */
static void
test_blink_two (void)
{
  static const UtLayout layouts[] = {UT_LAYOUT_PHASES, UT_LAYOUT_REFERENCE, UT_LAYOUT_STUDIES};
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++) {
    g_autoptr (UtLook) look = ut_look_new ();
    set (look, layouts[i], UT_PHASE_ES, -1);
    ut_look_blink (look);
    g_assert_true (ut_look_get (look)->swapped);
    g_assert_cmpint (ut_look_get (look)->phase, ==, UT_PHASE_ES);
    set (look, layouts[i], UT_PHASE_ED, -1);
    g_assert_true (ut_look_get (look)->swapped);
    ut_look_blink (look);
    g_assert_false (ut_look_get (look)->swapped);
    ut_look_blink (look);
    set (look, UT_LAYOUT_STAGES, UT_PHASE_ED, -1);
    g_assert_false (ut_look_get (look)->swapped);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/look/blink-one", test_blink_one);
  g_test_add_func ("/look/blink-two", test_blink_two);
  return g_test_run ();
}
