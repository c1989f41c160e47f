/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/study/measurements.h"
#include "fixture.h"

#include <math.h>
#include <string.h>

#define ED_FRAME 2 /* as fixture_study() marks them */
#define ES_FRAME 5

/* Half an ellipse from the upper edge of the frame down; @wide and @high in pixels. */
static UtStudyContour
half_ellipse (guint frame, double wide, double high)
{
  UtStudyContour self = {.trace.n_points = 15, .frame = frame, .closed = TRUE};
  for (guint i = 0; i < self.trace.n_points; i++) {
    double t = G_PI * i / (self.trace.n_points - 1);
    self.trace.points[i][0] = 20 - wide * cos (t);
    self.trace.points[i][1] = 2 + high * sin (t);
  }
  return self;
}

/* Of half an ellipsoid with these pixels in A4C and A2C */
static double
half_ellipsoid_ml (double a_px, double b_px, double high_px)
{
  return 2.0 / 3 * G_PI * a_px * b_px * high_px * FIXTURE_COLUMN_MM * FIXTURE_COLUMN_MM *
         FIXTURE_ROW_MM / 1000;
}

static void
trace (UtStudy *study, UtView view, UtPhase phase, double wide, double high)
{
  g_autoptr (GError) error = NULL;
  UtStudyContour contour = half_ellipse (phase == UT_PHASE_ED ? ED_FRAME : ES_FRAME, wide, high);
  ut_study_set_contour (study, view, phase, &contour, &error);
  g_assert_no_error (error);
}

static UtStudyDisks
disks_of (const UtStudy *study)
{
  UtStudyDisks disks;
  ut_study_disks (ut_study_get_state (study), &disks);
  return disks;
}

static void
assert_within (double value, double wanted, double share)
{
  g_assert_cmpfloat_with_epsilon (value, wanted, share * fabs (wanted));
}

/* One view, then two; ED and ES always by one method. */
static void
test_methods (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  UtStudyDisks disks = disks_of (study);
  g_assert_cmpint (disks.method[UT_PHASE_ED], ==, UT_DISKS_NONE);

  trace (study, UT_VIEW_A4C, UT_PHASE_ED, 12, 24);
  disks = disks_of (study);
  g_assert_cmpint (disks.method[UT_PHASE_ED], ==, UT_DISKS_A4C);
  assert_within (disks.volume_ml[UT_PHASE_ED], half_ellipsoid_ml (12, 12, 24), 0.01);
  assert_within (disks.cuts[UT_PHASE_ED][UT_VIEW_A4C].long_axis_mm, 24 * FIXTURE_ROW_MM, 0.01);
  g_assert_false (disks.has_ef);

  trace (study, UT_VIEW_A2C, UT_PHASE_ED, 10, 23);
  disks = disks_of (study);
  g_assert_cmpint (disks.method[UT_PHASE_ED], ==, UT_DISKS_BIPLANE);
  assert_within (disks.volume_ml[UT_PHASE_ED], half_ellipsoid_ml (12, 10, 24), 0.01);
  g_assert_false (disks.apart[UT_PHASE_ED]);

  trace (study, UT_VIEW_A4C, UT_PHASE_ES, 8, 20); /* ES by A4C alone: so is ED */
  disks = disks_of (study);
  g_assert_cmpint (disks.method[UT_PHASE_ED], ==, UT_DISKS_A4C);
  assert_within (disks.volume_ml[UT_PHASE_ED], half_ellipsoid_ml (12, 12, 24), 0.01);
  assert_within (disks.ef, 1 - 8 * 8 * 20 / (12 * 12 * 24.0), 0.01);

  trace (study, UT_VIEW_A2C, UT_PHASE_ES, 7, 17); /* and its axis is 15 % shorter */
  disks = disks_of (study);
  g_assert_cmpint (disks.method[UT_PHASE_ES], ==, UT_DISKS_BIPLANE);
  g_assert_true (disks.has_ef && disks.apart[UT_PHASE_ES] && !disks.apart[UT_PHASE_ED]);
  assert_within (disks.ef, 1 - 8 * 7 * 20 / (12 * 10 * 24.0), 0.01);

  ut_study_clear_contour (study, UT_VIEW_A4C, UT_PHASE_ED);
  ut_study_clear_contour (study, UT_VIEW_A2C, UT_PHASE_ES);
  disks = disks_of (study); /* no view in common: each by its own, and no EF */
  g_assert_cmpint (disks.method[UT_PHASE_ED], ==, UT_DISKS_A2C);
  g_assert_cmpint (disks.method[UT_PHASE_ES], ==, UT_DISKS_A4C);
  g_assert_false (disks.has_ef);
}

/* Moved marks, lost spacing, other loops, mirrored pictures. */
static void
test_what_counts (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (UtCine) other = fixture_cine (77, FALSE);
  trace (study, UT_VIEW_A4C, UT_PHASE_ED, 12, 24);
  UtStudyDisks first = disks_of (study), disks;

  ut_study_set_mirrored (study, UT_VIEW_A4C, TRUE);
  disks = disks_of (study);
  g_assert_cmpmem (&disks, sizeof disks, &first, sizeof first);

  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 3, NULL);
  disks = disks_of (study);
  g_assert_cmpint (disks.traced[UT_PHASE_ED][UT_VIEW_A4C], ==, UT_TRACED_ELSEWHERE);
  g_assert_cmpint (disks.method[UT_PHASE_ED], ==, UT_DISKS_NONE);
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, ED_FRAME, NULL);
  disks = disks_of (study);
  g_assert_cmpmem (&disks, sizeof disks, &first, sizeof first);

  const double twice_mm[2] = {2 * FIXTURE_ROW_MM, 2 * FIXTURE_COLUMN_MM};
  g_assert_true (ut_study_calibrate_spacing (study, UT_VIEW_A4C, twice_mm, NULL));
  disks = disks_of (study);
  assert_within (disks.volume_ml[UT_PHASE_ED], 8 * first.volume_ml[UT_PHASE_ED], 1e-9);

  UtStudyContour open = half_ellipse (ED_FRAME, 12, 24);
  open.trace.n_points = 4;
  open.closed = FALSE;
  g_assert_true (ut_study_set_contour (study, UT_VIEW_A4C, UT_PHASE_ED, &open, NULL));
  g_assert_cmpint (disks_of (study).traced[UT_PHASE_ED][UT_VIEW_A4C], ==, UT_TRACED_OPEN);
  g_assert_cmpint (ut_study_undo_edit (study), ==, UT_STUDY_EDIT_TRACE);
  ut_study_undo (study);

  ut_study_set_cine (study, UT_VIEW_A4C, other, "/other"); /* nothing of it is left */
  g_assert_cmpint (disks_of (study).traced[UT_PHASE_ED][UT_VIEW_A4C], ==, UT_TRACED_NOT);
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, ED_FRAME, NULL);
  trace (study, UT_VIEW_A4C, UT_PHASE_ED, 12, 24);
  g_assert_cmpint (disks_of (study).traced[UT_PHASE_ED][UT_VIEW_A4C], ==, UT_TRACED_UNCALIBRATED);
}

static void
assert_refused (UtStudy *study, UtView view, const UtStudyContour *contour, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = ut_study_state_hash (ut_study_get_state (study));
  g_assert_false (ut_study_set_contour (study, view, UT_PHASE_ED, contour, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_nonnull (strstr (error->message, why));
  g_autofree char *after = ut_study_state_hash (ut_study_get_state (study));
  g_assert_cmpstr (before, ==, after);
}

static void
test_refused (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  const UtStudyContour sound = half_ellipse (ED_FRAME, 12, 24);
  UtStudyContour bad = sound;
  assert_refused (study, UT_VIEW_PSAX, &sound, "A4C or A2C");
  bad.frame = FIXTURE_FRAMES;
  assert_refused (study, UT_VIEW_A4C, &bad, "A4C or A2C");
  bad = sound;
  bad.trace.points[7][1] = FIXTURE_HEIGHT;
  assert_refused (study, UT_VIEW_A4C, &bad, "outside");
  bad.trace.points[7][1] = NAN;
  assert_refused (study, UT_VIEW_A4C, &bad, "outside");
  bad = sound;
  bad.trace.n_points = 4;
  assert_refused (study, UT_VIEW_A4C, &bad, "at least 5 points");
  bad = sound;
  bad.trace.points[3][0] = 35;
  bad.closed = FALSE;
  assert_refused (study, UT_VIEW_A4C, &bad, "crosses itself");
}

/* ---- files ------------------------------------------------------------------------ */

static void
test_round_trip (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  trace (study, UT_VIEW_A4C, UT_PHASE_ED, 12, 24);
  UtStudyContour open = half_ellipse (7, 10, 20);
  open.closed = FALSE;
  g_assert_true (ut_study_set_contour (study, UT_VIEW_A2C, UT_PHASE_ES, &open, NULL));
  g_assert_true (ut_study_save (study, NULL));
  g_autoptr (UtStudy) opened = ut_study_open (folder, NULL, NULL, NULL);
  g_autofree char *before = ut_study_state_hash (ut_study_get_state (study));
  g_autofree char *after = ut_study_state_hash (ut_study_get_state (opened));
  g_assert_cmpstr (before, ==, after);
  UtStudyDisks a = disks_of (study), b = disks_of (opened);
  g_assert_cmpmem (&a, sizeof a, &b, sizeof b);
}

/* What no program wrote: one sentence that names view and phase, never a crash. */
static void
test_bad_files (void)
{
  static const char *const bad[] = {
    "3",
    "{}",
    "{\"frame\": 0, \"closed\": true, \"points_px\": [[1, 2]]}",
    "{\"frame\": 9, \"closed\": false, \"points_px\": [[1, 2]]}",
    "{\"frame\": 3, \"closed\": 1, \"points_px\": [[1, 2]]}",
    "{\"frame\": 3, \"closed\": false, \"points_px\": []}",
    "{\"frame\": 3, \"closed\": false, \"points_px\": [[1, 2, 3]]}",
    "{\"frame\": 3, \"closed\": false, \"points_px\": [[1, null]]}",
    "{\"frame\": 3, \"closed\": false, \"points_px\": [[1, 1e300]]}",
    "{\"frame\": 3, \"closed\": false, \"points_px\": [1, 2]}",
    "{\"frame\": 3, \"closed\": true, \"points_px\": [[1, 2], [3, 4]]}",
    "{\"frame\": 3, \"closed\": true, \"points_px\": [[1, 2], [1, 2], [1, 2], [1, 2], [1, 2]]}",
    "{\"frame\": 3, \"closed\": false, \"points_px\": [[0, 0], [9, 9], [9, 0], [0, 9]]}",
  };
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  trace (study, UT_VIEW_A4C, UT_PHASE_ED, 12, 24);
  g_assert_true (ut_study_save (study, NULL));
  g_autofree char *path = g_build_filename (folder, UT_STUDY_FILE, NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  const char *key = "\"contours\" : {\n        \"ED\" : ";
  const char *from = strstr (text, key);
  g_assert_nonnull (from);
  const char *to = strstr (from, "\n        }");
  g_assert_nonnull (to);
  g_autoptr (GString) many =
    g_string_new ("{\"frame\": 3, \"closed\": false, \"points_px\": [[1, 2]");
  for (guint i = 0; i < UT_CONTOUR_MAX_POINTS; i++)
    g_string_append_printf (many, ", [%u, 3]", i);
  g_string_append (many, "]}");
  for (guint i = 0; i <= G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *changed = g_strdup_printf ("%.*s%s%s%s",
                                                (int)(from - text),
                                                text,
                                                key,
                                                i < G_N_ELEMENTS (bad) ? bad[i] : many->str,
                                                to + strlen ("\n        }"));
    g_assert_true (g_file_set_contents (path, changed, -1, NULL));
    g_autoptr (UtStudy) opened = ut_study_open (folder, NULL, NULL, &error);
    g_assert_null (opened);
    g_assert_nonnull (error);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, "A4C: "));
  }
}

/* ---- numbers ----------------------------------------------------------------------- */

static double
value_of (const UtMeasurements *all, UtQuantity quantity, int phase)
{
  const UtMeasurement *item = ut_measurements_find (all, quantity, phase, UT_LV);
  g_assert_nonnull (item);
  return item->value;
}

static guint
count_of_disks (const UtMeasurements *all)
{
  guint n = 0;
  for (guint i = 0; i < all->items->len; i++)
    n += ut_quantity_is_of_disks (g_array_index (all->items, UtMeasurement, i).quantity);
  return n;
}

/* The twin's own numbers before and after are the same to the bit, and so is its key. */
static void
test_numbers (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autofree char *key = ut_study_inputs_key (ut_study_get_state (study), UT_PHASE_ED);
  g_autoptr (UtMeasurements) all = ut_study_measure (ut_study_get_state (study), NULL, NULL);
  guint n = all->items->len;
  g_autofree char *before = g_memdup2 (all->items->data, n * sizeof (UtMeasurement));
  g_assert_false (ut_measurements_follow (all, ut_study_get_state (study)));

  trace (study, UT_VIEW_A4C, UT_PHASE_ED, 12, 24);
  g_assert_true (ut_measurements_follow (all, ut_study_get_state (study)));
  g_assert_cmpuint (count_of_disks (all), ==, 3); /* volume, axis, difference */
  trace (study, UT_VIEW_A2C, UT_PHASE_ED, 10, 24);
  trace (study, UT_VIEW_A4C, UT_PHASE_ES, 8, 20);
  trace (study, UT_VIEW_A2C, UT_PHASE_ES, 7, 20);
  g_assert_true (ut_measurements_follow (all, ut_study_get_state (study)));
  g_assert_false (ut_measurements_follow (all, ut_study_get_state (study)));
  g_assert_cmpmem (
    all->items->data, n * sizeof (UtMeasurement), before, n * sizeof (UtMeasurement));
  g_autofree char *key_after = ut_study_inputs_key (ut_study_get_state (study), UT_PHASE_ED);
  g_assert_cmpstr (key, ==, key_after);
  g_assert_false (ut_study_is_stale (ut_study_get_state (study), UT_PHASE_ED));

  double by_disks = half_ellipsoid_ml (12, 10, 24);
  assert_within (value_of (all, UT_QUANTITY_DISKS_VOLUME, UT_PHASE_ED), by_disks, 0.01);
  g_assert_cmpfloat_with_epsilon (value_of (all, UT_QUANTITY_DISKS_DIFFERENCE, UT_PHASE_ED),
                                  value_of (all, UT_QUANTITY_VOLUME, UT_PHASE_ED) -
                                    value_of (all, UT_QUANTITY_DISKS_VOLUME, UT_PHASE_ED),
                                  1e-9);
  assert_within (
    value_of (all, UT_QUANTITY_DISKS_EF, -1), 100 * (1 - 8 * 7 * 20 / (12 * 10 * 24.0)), 0.01);
  g_assert_cmpfloat (value_of (all, UT_QUANTITY_DISKS_AXIS_A2C, UT_PHASE_ES), >, 0);

  g_autoptr (JsonNode) node = ut_study_result_json (ut_study_get_state (study), all);
  JsonObject *check =
    json_object_get_object_member (json_node_get_object (node), "disks_cross_check");
  JsonObject *ed = json_object_get_object_member (check, "ed");
  g_assert_cmpstr (json_object_get_string_member (ed, "method"), ==, "biplane");
  g_assert_false (json_object_get_boolean_member (ed, "long_axes_apart"));
  assert_within (json_object_get_double_member (ed, "volume_biplane_disks_ml"), by_disks, 0.01);
  g_assert_true (json_object_has_member (json_object_get_object_member (check, "lv"),
                                         "ejection_fraction_biplane_disks_percent"));
  g_assert_true (json_object_has_member (check, "note"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study-disks/methods", test_methods);
  g_test_add_func ("/study-disks/what-counts", test_what_counts);
  g_test_add_func ("/study-disks/refused", test_refused);
  g_test_add_func ("/study-disks/round-trip", test_round_trip);
  g_test_add_func ("/study-disks/bad-files", test_bad_files);
  g_test_add_func ("/study-disks/numbers", test_numbers);
  return g_test_run ();
}
