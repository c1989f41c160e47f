/* SPDX-License-Identifier: Apache-2.0 */

/* "doe" stands wherever a study can hold a text, and nowhere in its copy. */

#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/json.h"
#include "engine/base/random.h"
#include "engine/study/deidentify.h"
#include "engine/study/measurements.h"
#include "engine/study/study-private.h"
#include "engine/twin/sector-mask.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define SIDE   96
#define FRAMES 9
#define NOTE   "doe, Jane wrote this"

/* A fan of moving speckle, with something written beside it, in the region or not. */
static UtCine *
make_loop (guint64 seed, gboolean text_in_region)
{
  g_autoptr (GError) error = NULL;
  UtCine *cine = ut_cine_new (FRAMES, SIDE, SIDE + 20, &error);
  g_assert_no_error (error);
  UtRandom random;
  ut_random_init (&random, seed, 0);
  for (guint p = 0; p < FRAMES * SIDE * (SIDE + 20); p++) {
    double x = p % (SIDE + 20), y = p / (SIDE + 20) % SIDE;
    if (fabs (x - SIDE / 2.0) <= 0.7 * (y - 4) && hypot (x - SIDE / 2.0, y - 4) <= 80)
      cine->pixels[p] = (guint8)ut_random_normal_within (&random, 90, 35, 1, 255);
    if (x > SIDE + 2 && x < SIDE + 16 && y > 10 && y < 20)
      cine->pixels[p] = 250;
  }
  cine->region[2] = text_in_region ? SIDE + 20 : SIDE;
  cine->calibration = UT_CALIBRATION_DICOM;
  cine->spacing_mm[0] = cine->spacing_mm[1] = 1.0 / 0.7;
  for (guint i = 0; i < FRAMES; i++)
    cine->times_ms[i] = 33.1 * i;
  cine->times_known = TRUE;
  cine->heart_rate_bpm = 71;
  cine->note = g_strdup (NOTE);
  cine->sha256 = g_strdup_printf ("doe%d", (int)seed);
  return cine;
}

/* Everything that a study can hold; in no folder. */
static UtStudy *
make_study (gboolean text_in_region)
{
  g_autoptr (GError) error = NULL;
  UtStudy *study = ut_study_new ();
  ut_study_set_label (study, "doe");
  g_assert_true (ut_study_set_body (study, &(UtBody){UT_SEX_FEMALE, 168, 64.5}, NULL));
  ut_study_set_reviewer (study, "Dr. doe");
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    g_autoptr (UtCine) cine = make_loop (view + 1, text_in_region);
    g_autofree char *path = g_strdup_printf ("/home/doe/%s.dcm", ut_view_name (view));
    ut_study_set_cine (study, view, cine, path);
  }
  const UtStudyRuler ruler = {{10, 20}, {10, 80}, 50};
  g_assert_true (ut_study_calibrate_ruler (study, UT_VIEW_A2C, &ruler, &error));
  fixture_mark_all (study);
  ut_study_set_mirrored (study, UT_VIEW_PSAX, TRUE);
  const UtPlaneShift shift = {{1, 2, 3}, {4, 5, 6}};
  g_assert_true (ut_study_adjust_plane (study, UT_VIEW_A4C, &shift, &error));
  UtStudyContour contour = {.trace = {2, {{40, 30}, {50, 60}}}, .frame = 3};
  g_assert_true (ut_study_set_contour (study, UT_VIEW_A4C, UT_PHASE_ED, &contour, &error));
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudyReference) reference =
    fixture_reference (folder, "doe.nii.gz", UT_PHASE_ED, 25);
  ut_study_set_reference (study, UT_PHASE_ED, reference);
  g_autoptr (UtTwin) ed = fixture_whole_twin (UT_PHASE_ED, 26);
  g_autoptr (UtTwin) es = fixture_twin (UT_PHASE_ES, 20, 1u << UT_TWIN_COARSE);
  fixture_set_results (study, ut_study_get_state (study), (UtTwin *[]){ed, es});
  g_assert_true (
    ut_study_offset_structure (study, UT_PHASE_ES, UT_LV, 3, &error) &&
    ut_study_set_verdict (study, UT_PHASE_ED, UT_LV, UT_VERDICT_REJECTED, "as doe said", &error) &&
    ut_study_set_verdict (study, UT_PHASE_ED, UT_RV, UT_VERDICT_REJECTED, "Too large", &error) &&
    ut_study_set_verdict (study, UT_PHASE_ES, UT_LV, UT_VERDICT_ACCEPTED, NULL, &error) &&
    ut_study_set_verdict (
      study, UT_PHASE_ES, UT_RV, UT_VERDICT_LIMITED, "Borders uncertain", &error));
  const char *ui = "{\"step\": \"report\", \"frames\": {\"A4C\": 3, \"doe\": 1}, \"doe\": 1,"
                   " \"second_study\": \"../doe\", \"camera\": [1, 2.5], \"phase\": \"doe\","
                   " \"calipers\": [{\"on\": \"ED edited\", \"points\": [1, 2, 3, 4, 5, 6]},"
                   " {\"on\": \"doe\", \"points\": [1, 2, 3, 4, 5, 6]}]}";
  g_autoptr (JsonNode) node = ut_json_parse (ui, strlen (ui), "ui", &error);
  g_assert_no_error (error);
  ut_study_set_ui (study, json_node_get_object (node));
  return study;
}

static gboolean
write_copy (UtStudy *study,
            const char *folder,
            gboolean ret_stale[UT_N_PHASES],
            GCancellable *cancel,
            GError **error)
{
  g_autoptr (UtStudyState) state = ut_study_dup_state (study);
  g_autoptr (JsonObject) ui = ut_deidentified_ui (ut_study_get_ui (study));
  g_autoptr (UtDeidentification) copy = ut_deidentification_new (state, NULL, NULL, error);
  return copy != NULL &&
         ut_deidentification_write (copy, ui, folder, TRUE, ret_stale, NULL, cancel, error);
}

static void
assert_nowhere (const char *folder, const char *word)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *path = g_build_filename (folder, name, NULL), *bytes = NULL;
    gsize n = 0;
    g_assert_null (strstr (name, word));
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      assert_nowhere (path, word);
    else if (g_file_get_contents (path, &bytes, &n, NULL) && memmem (bytes, n, word, strlen (word)))
      g_error ("%s holds \"%s\"", path, word);
  }
}

static UtStudy *
open_copy (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) notes = NULL;
  UtStudy *study = ut_study_open (folder, NULL, &notes, &error);
  g_assert_no_error (error);
  g_assert_null (notes[0]);
  return study;
}

static void
assert_same_view (const UtStudyView *a, const UtStudyView *b)
{
  double mm[2][2];
  ut_study_view_spacing (a, mm[0]);
  ut_study_view_spacing (b, mm[1]);
  g_assert_cmpmem (mm[0], sizeof mm[0], mm[1], sizeof mm[1]);
  const UtStudyCalibration *ours = &a->calibration, *theirs = &b->calibration;
  g_assert_cmpint (ours->origin, ==, theirs->origin);
  g_assert_cmpmem (&ours->ruler, sizeof ours->ruler, &theirs->ruler, sizeof theirs->ruler);
  g_assert_cmpmem (a->marks, sizeof a->marks, b->marks, sizeof b->marks);
  g_assert_cmpmem (&a->plane_shift, sizeof a->plane_shift, &b->plane_shift, sizeof a->plane_shift);
  g_assert_cmpint (a->mirrored, ==, b->mirrored);
  g_assert_cmpuint (a->contours[0].trace.n_points, ==, b->contours[0].trace.n_points);
  g_assert_cmpfloat (a->contours[0].trace.points[1][1], ==, b->contours[0].trace.points[1][1]);
  g_assert_cmpmem (a->cine->times_ms, FRAMES * 8, b->cine->times_ms, FRAMES * 8);
  g_assert_cmpmem (a->cine->region, 16, b->cine->region, 16);
  g_assert_cmpfloat (a->cine->heart_rate_bpm, ==, b->cine->heart_rate_bpm);
  g_assert_null (b->cine->note);
}

static void
assert_same_input (const UtStudyState *a, const UtStudyState *b, gboolean same)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const UtTwinRaster raster = {64, 150};
    g_autoptr (UtTwinInput) x = ut_study_twin_input (a, phase, &raster, NULL);
    g_autoptr (UtTwinInput) y = ut_study_twin_input (b, phase, &raster, NULL);
    gsize n = (gsize)UT_N_VIEWS * 64 * 64 * sizeof (float);
    g_assert_true ((memcmp (x->grey, y->grey, n) == 0) == same);
    g_assert_cmpint (ut_study_is_stale (b, phase), ==, !same);
  }
}

/* Without a body, which a copy does not keep. */
static UtMeasurements *
measure (const UtStudyState *state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtStudyState) bare = ut_study_state_copy (state);
  bare->body = (UtBody){0};
  UtMeasurements *all = ut_study_measure (bare, NULL, &error);
  g_assert_no_error (error);
  return all;
}

static void
assert_same_numbers (const UtStudyState *a, const UtStudyState *b)
{
  g_autoptr (UtMeasurements) x = measure (a), y = measure (b);
  g_assert_cmpuint (x->items->len, ==, y->items->len);
  g_assert_cmpuint (x->items->len, >, 20);
  for (guint i = 0; i < x->items->len; i++) {
    double values[2] = {g_array_index (x->items, UtMeasurement, i).value,
                        g_array_index (y->items, UtMeasurement, i).value};
    g_assert_cmpmem (&values[0], 8, &values[1], 8);
  }
}

static void
assert_review (const UtStudyState *copy)
{
  const UtReview *ed = &copy->reviews[UT_PHASE_ED], *es = &copy->reviews[UT_PHASE_ES];
  g_assert_cmpint (ed->verdicts[UT_LV], ==, UT_VERDICT_REJECTED);
  g_assert_null (ed->reasons[UT_LV]);
  g_assert_cmpstr (ed->reasons[UT_RV], ==, "Too large");
  g_assert_cmpint (es->verdicts[UT_LV], ==, UT_VERDICT_ACCEPTED);
  g_assert_null (es->who[UT_LV]);
  g_assert_cmpint (es->when[UT_LV], ==, 0);
  g_assert_cmpuint (copy->edits[UT_PHASE_ES]->steps->len, ==, 1);
  g_assert_cmpint (g_array_index (copy->edits[UT_PHASE_ES]->steps, UtEditStep, 0).when, ==, 0);
  g_assert_cmpint (es->verdicts[UT_RV], ==, UT_VERDICT_LIMITED);
  g_assert_cmpstr (es->reasons[UT_RV], ==, "Borders uncertain");
  static const char *const reasons[] = {NULL, NULL, "Too large", NULL, "Borders uncertain"};
  g_assert_cmpuint (copy->log->len, ==, G_N_ELEMENTS (reasons));
  for (guint i = 0; i < copy->log->len; i++) {
    const UtReviewAct *act = copy->log->pdata[i];
    g_assert_null (act->who);
    g_assert_cmpint (act->when, ==, 0);
    g_assert_cmpstr (act->reason, ==, reasons[i]);
  }
}

static void
test_copy (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *parent = fixture_folder ();
  g_autofree char *folder = g_build_filename (parent, "new", "copy", NULL);
  g_autofree char *moved = g_build_filename (parent, "moved", NULL);
  gboolean stale[UT_N_PHASES] = {TRUE, TRUE};
  g_autoptr (UtStudy) study = make_study (FALSE);
  g_assert_true (write_copy (study, folder, stale, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (stale[0] || stale[1]);
  assert_nowhere (folder, "doe");
  assert_nowhere (folder, g_get_tmp_dir ());
  g_assert_cmpint (g_rename (folder, moved), ==, 0);

  g_autoptr (UtStudy) opened = open_copy (moved);
  const UtStudyState *was = ut_study_get_state (study), *is = ut_study_get_state (opened);
  g_assert_cmpstr (is->label, ==, "");
  g_assert_false (ut_body_is_known (&is->body));
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    assert_same_view (&was->views[view], &is->views[view]);
  assert_same_input (was, is, TRUE);
  assert_same_numbers (was, is);
  assert_review (is);
  g_assert_cmpstr (is->results[0]->twin->provenance.input_sha256[0], ==, is->views[0].sha256);
  g_autoptr (JsonNode) ui = json_node_init_object (json_node_alloc (), ut_study_get_ui (opened));
  g_autofree char *text = json_to_string (ui, FALSE);
  g_assert_cmpstr (text,
                   ==,
                   "{\"step\":\"report\",\"frames\":{\"A4C\":3},\"camera\":[1,2.5],\"calipers\":"
                   "[{\"on\":\"ED edited\",\"points\":[1,2,3,4,5,6]},"
                   "{\"points\":[1,2,3,4,5,6]}]}");
}

/* What the network saw beside the echo is black in the copy: its heart is out of date there. */
static void
test_stale (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = fixture_folder ();
  gboolean stale[UT_N_PHASES];
  g_autoptr (UtStudy) study = make_study (TRUE);
  g_assert_true (write_copy (study, folder, stale, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (stale[0] && stale[1]);
  g_autoptr (UtStudy) opened = open_copy (folder);
  const UtStudyState *was = ut_study_get_state (study), *is = ut_study_get_state (opened);
  assert_same_input (was, is, FALSE);
  assert_same_numbers (was, is);
  g_assert_null (is->results[0]->twin->provenance.input_sha256[0]);

  g_autofree char *again = fixture_folder (); /* a copy of a copy */
  g_assert_true (write_copy (opened, again, stale, NULL, &error));
  g_autoptr (UtStudy) second = open_copy (again);
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    g_assert_cmpstr (ut_study_get_state (second)->views[view].sha256, ==, is->views[view].sha256);
}

/* ---- blacking out -------------------------------------------------------------------- */

static UtDeidentification *
new_copy (UtStudy *study)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtStudyState) state = ut_study_dup_state (study);
  UtDeidentification *copy = ut_deidentification_new (state, NULL, NULL, &error);
  g_assert_no_error (error);
  return copy;
}

/* (transfer full): the study of what is written, @stale for both phases alike */
static UtStudy *
write_and_open (const UtDeidentification *copy, const char *folder, gboolean looked, gboolean stale)
{
  g_autoptr (GError) error = NULL;
  gboolean said[UT_N_PHASES];
  g_assert_true (ut_deidentification_write (copy, NULL, folder, looked, said, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (said[0], ==, stale);
  g_assert_cmpint (said[1], ==, stale);
  return open_copy (folder);
}

static void
assert_says (const char *folder, const char *name, const char *words)
{
  g_autofree char *path = g_build_filename (folder, name, NULL), *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  if (strstr (text, words) == NULL)
    g_error ("\"%s\" is not in: %s", words, text);
}

/* Black in @area, if there is one; else as the fan alone leaves it: in every frame. */
static void
assert_black (const UtCine *was, const UtCine *is, const UtBlackArea *area)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *fan = ut_sector_mask (was, NULL, &error);
  g_assert_no_error (error);
  guint n_lit = 0;
  for (guint i = 0; i < FRAMES; i++)
    for (guint p = 0; p < was->width * was->height; p++) {
      guint x = p % was->width, y = p / was->width;
      gboolean in = area != NULL && x >= area->x && x < area->x + area->width && y >= area->y &&
                    y < area->y + area->height;
      guint8 grey = ut_cine_frame (was, i)[p];
      g_assert_cmpint (ut_cine_frame (is, i)[p], ==, in || !fan[p] ? 0 : grey);
      n_lit += in && fan[p] && grey > 0;
    }
  g_assert_cmpint (n_lit > 0, ==, area != NULL);
}

static void
test_black_out (void)
{
  g_autofree char *parent = fixture_folder ();
  g_autofree char *folder = g_build_filename (parent, "copy", NULL);
  g_autofree char *second = g_build_filename (parent, "second", NULL);
  const UtBlackArea areas[] = {{35, 40, 13, 4}, {0, 80, 4, 4}, {30, 44, 5, 20}};
  g_autoptr (UtStudy) study = make_study (FALSE); /* PSAX is mirrored */
  g_autoptr (UtDeidentification) copy = new_copy (study);
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    g_assert_true (ut_deidentification_black_out (copy, view, &areas[view], NULL));
  /* what is black already is not counted, beside the fan and twice */
  g_assert_true (ut_deidentification_black_out (copy, UT_VIEW_A4C, &areas[UT_VIEW_A4C], NULL));
  g_assert_cmpuint (copy->n_blacked_out[UT_VIEW_A4C], ==, 1);
  g_assert_cmpuint (copy->n_blacked_out[UT_VIEW_A2C], ==, 0);
  g_assert_cmpuint (copy->n_blacked_out[UT_VIEW_PSAX], ==, 1);
  const UtCine *loop = ut_study_get_state (study)->views[UT_VIEW_PSAX].cine;
  g_autoptr (UtCine) frame = ut_deidentification_frame (copy, UT_VIEW_PSAX, 6, NULL);
  g_assert_cmpint (frame->pixels[50 * loop->width + 32], ==, 0);
  g_assert_cmpint (
    frame->pixels[50 * loop->width + 36], ==, ut_cine_frame (loop, 6)[50 * loop->width + 36]);

  g_autoptr (UtStudy) opened = write_and_open (copy, folder, TRUE, TRUE);
  const UtStudyState *was = ut_study_get_state (study), *is = ut_study_get_state (opened);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    assert_black (
      was->views[view].cine, is->views[view].cine, view == UT_VIEW_A2C ? NULL : &areas[view]);
    assert_same_view (&was->views[view], &is->views[view]);
    g_assert_cmpuint (is->views[view].n_blacked_out, ==, view != UT_VIEW_A2C);
  }
  assert_same_input (was, is, FALSE);
  assert_same_numbers (was, is);
  assert_says (folder, UT_STUDY_FILE, "\"blacked_out_areas\" : 1");
  assert_says (folder, UT_DEIDENTIFIED_FILE, "by hand (A4C: 1, PSAX: 1); a person looked");
  assert_says (folder, UT_DEIDENTIFIED_FILE, "result of ED: out of date");

  g_autoptr (UtDeidentification) next = new_copy (opened); /* of a copy, and of A4C some more */
  g_assert_true (ut_deidentification_black_out (next, UT_VIEW_A4C, &areas[2], NULL));
  g_autoptr (UtStudy) last = write_and_open (next, second, FALSE, TRUE);
  g_assert_cmpuint (ut_study_get_state (last)->views[UT_VIEW_A4C].n_blacked_out, ==, 2);
  assert_says (second, UT_DEIDENTIFIED_FILE, "by hand (A4C: 2, PSAX: 1); nobody looked");
}

/* An area beside the fan changes nothing that the network sees. */
static void
test_black_out_beside (void)
{
  g_autofree char *parent = fixture_folder ();
  g_autofree char *folder = g_build_filename (parent, "copy", NULL);
  g_autoptr (UtStudy) study = make_study (FALSE);
  g_autoptr (UtDeidentification) copy = new_copy (study);
  const UtBlackArea beside = {SIDE + 2, 10, 18, SIDE - 10};
  g_assert_true (ut_deidentification_black_out (copy, UT_VIEW_A4C, &beside, NULL));
  g_autoptr (UtStudy) opened = write_and_open (copy, folder, TRUE, FALSE);
  g_assert_cmpuint (ut_study_get_state (opened)->views[UT_VIEW_A4C].n_blacked_out, ==, 0);
  assert_same_input (ut_study_get_state (study), ut_study_get_state (opened), TRUE);
  assert_says (folder, UT_DEIDENTIFIED_FILE, "as they were; a person looked");
}

static void
test_black_out_refused (void)
{
  const UtBlackArea wrong[] = {{0, 0, 0, 4},
                               {0, 0, 4, 0},
                               {SIDE + 20, 0, 1, 1},
                               {0, SIDE, 1, 1},
                               {SIDE + 19, 0, 2, 1},
                               {0, SIDE - 1, 1, 2},
                               {G_MAXUINT, 0, 2, 1},
                               {1, 1, G_MAXUINT, G_MAXUINT}};
  g_autoptr (UtStudy) study = make_study (FALSE);
  ut_study_clear_view (study, UT_VIEW_A2C);
  g_autoptr (UtDeidentification) copy = new_copy (study);
  for (guint i = 0; i <= G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    const UtBlackArea good = {40, 40, 4, 4};
    gboolean empty = i == G_N_ELEMENTS (wrong);
    g_assert_false (ut_deidentification_black_out (
      copy, empty ? UT_VIEW_A2C : UT_VIEW_PSAX, empty ? &good : &wrong[i], &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
    g_assert_true (
      g_str_has_prefix (error->message, empty ? "A2C holds no loop" : "PSAX: the area"));
    g_assert_cmpuint (copy->n_blacked_out[UT_VIEW_PSAX], ==, 0);
  }
}

static void
test_nothing_left (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *parent = fixture_folder ();
  g_autofree char *folder = g_build_filename (parent, "copy", NULL);
  gboolean stale[UT_N_PHASES];
  g_autoptr (UtStudy) study = make_study (FALSE);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_cancellable_cancel (cancel);
  g_assert_false (write_copy (study, folder, stale, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (fixture_count_entries (parent), ==, 0);

  g_autoptr (UtCine) noise = fixture_cine (1, TRUE); /* no fan */
  ut_study_set_cine (study, UT_VIEW_A2C, noise, "/home/doe/noise");
  g_assert_false (write_copy (study, folder, stale, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_assert_true (g_str_has_prefix (error->message, "A2C: "));
  g_clear_error (&error);
  ut_study_clear_view (study, UT_VIEW_A2C);
  g_assert_cmpuint (fixture_count_entries (parent), ==, 0);

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_autofree char *inside = g_build_filename (folder, "hers", NULL);
  g_assert_true (g_file_set_contents (inside, "", 0, NULL));
  g_assert_false (write_copy (study, folder, stale, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  g_assert_null (strstr (error->message, parent));
  g_assert_cmpuint (fixture_count_entries (folder), ==, 1);
  g_unlink (inside);
  g_clear_error (&error);
  g_assert_true (write_copy (study, folder, stale, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_count_entries (parent), ==, 1);

  g_autoptr (UtStudy) empty = ut_study_new ();
  g_assert_false (write_copy (empty, inside, stale, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/deidentify/copy", test_copy);
  g_test_add_func ("/study/deidentify/stale", test_stale);
  g_test_add_func ("/study/deidentify/black-out", test_black_out);
  g_test_add_func ("/study/deidentify/black-out-beside", test_black_out_beside);
  g_test_add_func ("/study/deidentify/black-out-refused", test_black_out_refused);
  g_test_add_func ("/study/deidentify/nothing-left", test_nothing_left);
  return g_test_run ();
}
