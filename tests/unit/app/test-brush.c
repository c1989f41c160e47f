/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/brush.h"
#include "tests/unit/study/fixture.h"

#include <string.h>

typedef struct Case {
  char *folder, *refused;
  UtDocument *document;
  UtLook *look;
  UtBrush *brush;
} Case;

static void
refused_cb (Case *test, const char *message)
{
  g_free (test->refused);
  test->refused = g_strdup (message);
}

static void
set_up (Case *test, gconstpointer data)
{
  test->folder = fixture_folder ();
  test->document = ut_document_new ();
  test->look = ut_look_new ();
  test->brush = ut_brush_new (test->document, test->look);
  test->refused = NULL;
  g_signal_connect_swapped (test->brush, "refused", G_CALLBACK (refused_cb), test);
}

static void
tear_down (Case *test, gconstpointer data)
{
  g_object_unref (test->brush);
  g_object_unref (test->look);
  g_object_unref (test->document);
  g_free (test->refused);
  g_free (test->folder);
}

static void
open_study (Case *test)
{
  ut_document_set_study (test->document, fixture_study (test->folder));
}

static void
use (Case *test, UtStructure structure, double radius_mm)
{
  ut_brush_set (test->brush,
                &(UtBrushState){.on = TRUE, .structure = structure, .radius_mm = radius_mm});
}

static gboolean
is_on (Case *test)
{
  return ut_brush_get (test->brush)->on;
}

static guint
n_steps (Case *test, UtPhase phase)
{
  const UtStudyResult *result = ut_study_result (ut_document_get_state (test->document), phase);
  return result->steps != NULL ? result->steps->len : 0;
}

static void
choose (Case *test, UtPhase phase, int stage)
{
  UtLookState look = *ut_look_get (test->look);
  look.phase = phase;
  look.stage = stage;
  ut_look_set (test->look, &look);
}

/* Nothing to paint on, or no mm to paint with. */
static void
test_refused (Case *test, gconstpointer data)
{
  use (test, UT_LV, 6);
  g_assert_false (is_on (test));
  g_assert_nonnull (strstr (test->refused, "reconstruct first"));
  open_study (test);
  use (test, UT_LV, 6);
  g_assert_true (is_on (test));
  fixture_add_loop (
    ut_document_get_study (test->document), UT_VIEW_PSAX, test->folder, "no-spacing", 9, FALSE);
  g_assert_false (is_on (test));
  use (test, UT_LV, 6);
  g_assert_false (is_on (test));
  g_assert_nonnull (strstr (test->refused, "calibrate"));
}

static void
test_size (Case *test, gconstpointer data)
{
  open_study (test);
  use (test, UT_LV, 6.4);
  g_assert_cmpfloat (ut_brush_get (test->brush)->radius_mm, ==, 6);
  ut_brush_resize (test->brush, 1);
  g_assert_cmpfloat (ut_brush_get (test->brush)->radius_mm, ==, 7.5);
  ut_brush_resize (test->brush, -100);
  g_assert_cmpfloat (ut_brush_get (test->brush)->radius_mm, ==, 3);
  ut_brush_resize (test->brush, 1000);
  g_assert_cmpfloat (ut_brush_get (test->brush)->radius_mm, ==, 30);
}

/* What was seen amid the stroke is what comes of it: one step, and the heart below is as it was. */
static void
test_stroke (Case *test, gconstpointer data)
{
  open_study (test);
  ut_brush_begin (test->brush, ut_vec3 (0, 0, 0)); /* off: no stroke */
  g_assert_null (ut_brush_get_labels (test->brush));
  ut_brush_end (test->brush);
  use (test, UT_LV, 6);
  g_autofree guint8 *before = g_memdup2 (ut_brush_get_labels (test->brush)->u8, UT_TWIN_N_VOXELS);
  ut_brush_begin (test->brush, ut_vec3 (20, 5, 0));
  for (int i = 0; i <= 20; i++)
    ut_brush_extend (test->brush, ut_vec3 (20 + i, 5, 0.5 * i));
  g_assert_cmpuint (n_steps (test, UT_PHASE_ED), ==, 0);
  g_autofree guint8 *seen = g_memdup2 (ut_brush_get_labels (test->brush)->u8, UT_TWIN_N_VOXELS);
  g_assert_cmpint (memcmp (before, seen, UT_TWIN_N_VOXELS), !=, 0);
  ut_brush_end (test->brush);
  g_assert_cmpuint (n_steps (test, UT_PHASE_ED), ==, 1);
  g_assert_cmpmem (ut_brush_get_labels (test->brush)->u8, UT_TWIN_N_VOXELS, seen, UT_TWIN_N_VOXELS);
  g_assert_true (ut_study_undo (ut_document_get_study (test->document)));
  g_assert_cmpmem (
    ut_brush_get_labels (test->brush)->u8, UT_TWIN_N_VOXELS, before, UT_TWIN_N_VOXELS);
  g_assert_null (test->refused);
}

/* Escape, another phase or an undo amid a stroke take it back; another stage ends the brush. */
static void
test_taken_back (Case *test, gconstpointer data)
{
  open_study (test);
  use (test, UT_RA, 6);
  ut_brush_begin (test->brush, ut_vec3 (20, 5, 0));
  g_assert_true (ut_brush_cancel (test->brush));
  g_assert_false (ut_brush_cancel (test->brush));
  ut_brush_begin (test->brush, ut_vec3 (20, 5, 0));
  choose (test, UT_PHASE_ES, -1);
  g_assert_true (is_on (test));
  g_assert_false (ut_brush_cancel (test->brush));
  ut_brush_begin (test->brush, ut_vec3 (20, 5, 0));
  ut_brush_end (test->brush);
  g_assert_cmpuint (n_steps (test, UT_PHASE_ES), ==, 1);
  ut_brush_begin (test->brush, ut_vec3 (40, 5, 0));
  g_assert_true (ut_study_undo (ut_document_get_study (test->document)));
  ut_brush_end (test->brush);
  g_assert_cmpuint (n_steps (test, UT_PHASE_ED) + n_steps (test, UT_PHASE_ES), ==, 0);
  choose (test, UT_PHASE_ES, UT_TWIN_COARSE); /* the last one still */
  g_assert_true (is_on (test));
  ut_brush_begin (test->brush, ut_vec3 (20, 5, 0));
  ut_brush_end (test->brush);
  g_assert_true (is_on (test));
  choose (test, UT_PHASE_ES, UT_TWIN_EDITED);
  g_assert_true (ut_study_undo (ut_document_get_study (test->document)));
  g_assert_true (is_on (test));
  g_assert_true (ut_study_redo (ut_document_get_study (test->document)));
  choose (test, UT_PHASE_ES, UT_TWIN_COARSE);
  g_assert_false (is_on (test));
}

static void
test_another_study (Case *test, gconstpointer data)
{
  g_autofree char *folder = fixture_folder ();
  open_study (test);
  use (test, UT_LV, 6);
  ut_brush_begin (test->brush, ut_vec3 (20, 5, 0));
  ut_document_set_study (test->document, fixture_study (folder));
  g_assert_false (is_on (test));
  ut_brush_end (test->brush);
  g_assert_cmpuint (n_steps (test, UT_PHASE_ED), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/brush/refused", Case, NULL, set_up, test_refused, tear_down);
  g_test_add ("/brush/size", Case, NULL, set_up, test_size, tear_down);
  g_test_add ("/brush/stroke", Case, NULL, set_up, test_stroke, tear_down);
  g_test_add ("/brush/taken-back", Case, NULL, set_up, test_taken_back, tear_down);
  g_test_add ("/brush/another-study", Case, NULL, set_up, test_another_study, tear_down);
  return g_test_run ();
}
