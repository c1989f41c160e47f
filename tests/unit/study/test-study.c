/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/random.h"
#include "fixture.h"

#include <math.h>
#include <string.h>

/* Loops that tests put in and out of slots; their files are never read. */
typedef struct Loops {
  UtCine *cines[4];
  UtStudyReference *reference;
  UtTwin *twin;
} Loops;

static void
loops_init (Loops *self)
{
  for (guint32 i = 0; i < G_N_ELEMENTS (self->cines); i++)
    self->cines[i] = fixture_cine (i, i % 2 == 0);
  self->cines[1]->ed_hint = 1;
  self->cines[1]->es_hint = 99; /* a hint past the end is no hint */
  g_autofree char *folder = fixture_folder ();
  self->reference = fixture_reference (folder, "r.nii.gz", UT_PHASE_ED, 25);
  self->twin = fixture_twin (UT_PHASE_ED, 25, 1u << UT_TWIN_COARSE);
}

static void
loops_clear (Loops *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->cines); i++)
    ut_cine_unref (self->cines[i]);
  ut_study_reference_unref (self->reference);
  ut_twin_unref (self->twin);
}

static void
set_loop (UtStudy *study, const Loops *loops, UtView view, guint i)
{
  g_autofree char *path = g_strdup_printf ("/loops/%u", i);
  ut_study_set_cine (study, view, loops->cines[i], path);
}

static guint
pick (UtRandom *random, guint n)
{
  return ut_random_u32 (random) % n;
}

static void
edit_calibration (UtStudy *study, UtRandom *random, UtView view)
{
  const UtStudyRuler ruler = {
    {1, 2}, {1 + pick (random, 30), 2 + pick (random, 20)}, 1 + pick (random, 40)};
  const double spacing_mm[2] = {0.1 + pick (random, 3), 0.2};
  switch (pick (random, 3)) {
  case 0:
    ut_study_calibrate_ruler (study, view, &ruler, NULL);
    break;
  case 1:
    ut_study_calibrate_spacing (study, view, spacing_mm, NULL);
    break;
  default:
    ut_study_clear_calibration (study, view);
  }
}

static void
edit_contour (UtStudy *study, UtRandom *random, UtView view, UtPhase phase)
{
  UtStudyContour contour = {.trace.n_points = 1 + pick (random, 2), .frame = pick (random, 9)};
  for (guint i = 0; i < contour.trace.n_points; i++)
    for (int k = 0; k < 2; k++)
      contour.trace.points[i][k] = pick (random, 25);
  if (pick (random, 3) == 0)
    ut_study_clear_contour (study, view, phase);
  else
    ut_study_set_contour (study, view, phase, &contour, NULL);
}

static void
edit_at_random (UtStudy *study, UtRandom *random, const Loops *loops)
{
  UtView view = pick (random, UT_N_VIEWS), other = pick (random, UT_N_VIEWS);
  UtPhase phase = pick (random, UT_N_PHASES);
  UtTwin *const twins[UT_N_PHASES] = {pick (random, 2) ? loops->twin : NULL, loops->twin};
  const char *const labels[] = {"one", "two", "three"};
  switch (pick (random, 16)) {
  case 0:
  case 1:
    set_loop (study, loops, view, pick (random, G_N_ELEMENTS (loops->cines)));
    break;
  case 2:
    ut_study_clear_view (study, view);
    break;
  case 3:
    ut_study_swap_views (study, view, other);
    break;
  case 4:
  case 5:
    edit_calibration (study, random, view);
    break;
  case 6:
  case 7:
    ut_study_set_mark (study, view, phase, pick (random, 2 * FIXTURE_FRAMES), NULL);
    break;
  case 8:
    ut_study_clear_mark (study, view, phase);
    break;
  case 9:
    ut_study_set_mirrored (study, view, pick (random, 2));
    break;
  case 10:
    ut_study_set_label (study, labels[pick (random, 3)]);
    break;
  case 11:
    ut_study_set_reference (study, phase, pick (random, 2) ? loops->reference : NULL);
    break;
  case 12:
    ut_study_adjust_plane (
      study, view, &(UtPlaneShift){{pick (random, 9), 0, -3}, {0, 5, 0}}, NULL);
    break;
  case 13:
    edit_contour (study, random, view, phase);
    break;
  case 14:
    ut_study_set_body (study, &(UtBody){pick (random, 3), 150 + pick (random, 9), 70}, NULL);
    break;
  default:
    if (pick (random, 4) == 0)
      fixture_set_results (study, ut_study_get_state (study), twins);
  }
}

/* Appends the hash of the current state where it differs from the last one. */
static void
record (GPtrArray *hashes, const UtStudy *study)
{
  g_autofree char *hash = ut_study_state_hash (ut_study_get_state (study));
  if (hashes->len == 0 || strcmp (hashes->pdata[hashes->len - 1], hash) != 0)
    g_ptr_array_add (hashes, g_steal_pointer (&hash));
}

/* Random edits, some in groups: undo meets every state again, backwards, and redo forwards. */
static void
test_undo_all (void)
{
  Loops loops;
  loops_init (&loops);
  for (guint64 seed = 0; seed < 12; seed++) {
    UtRandom random;
    ut_random_init (&random, seed, 0);
    g_autoptr (UtStudy) study = ut_study_new ();
    g_autoptr (GPtrArray) done = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GPtrArray) undone = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GPtrArray) redone = g_ptr_array_new_with_free_func (g_free);
    record (done, study);
    for (guint i = 0; i < 60; i++) {
      gboolean grouped = pick (&random, 5) == 0;
      if (grouped)
        ut_study_begin_group (study);
      for (guint n = grouped ? 3 : 1; n > 0; n--)
        edit_at_random (study, &random, &loops);
      if (grouped)
        ut_study_end_group (study);
      record (done, study);
    }
    g_assert_cmpuint (done->len, >, 20);

    record (undone, study);
    while (ut_study_undo (study))
      record (undone, study);
    g_assert_false (ut_study_is_modified (study));
    record (redone, study);
    while (ut_study_redo (study))
      record (redone, study);
    g_assert_cmpuint (undone->len, ==, done->len);
    g_assert_cmpuint (redone->len, ==, done->len);
    for (guint i = 0; i < done->len; i++) {
      g_assert_cmpstr (undone->pdata[done->len - 1 - i], ==, done->pdata[i]);
      g_assert_cmpstr (redone->pdata[i], ==, done->pdata[i]);
    }
  }
  loops_clear (&loops);
}

static void
test_steps (void)
{
  Loops loops;
  loops_init (&loops);
  g_autoptr (UtStudy) study = ut_study_new ();
  set_loop (study, &loops, UT_VIEW_A4C, 0);
  g_autofree char *loaded = ut_study_state_hash (ut_study_get_state (study));
  g_assert_true (ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 3, NULL));
  g_assert_true (ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 3, NULL));
  g_assert_cmpint (ut_study_undo_edit (study), ==, UT_STUDY_EDIT_SET_MARK);

  g_assert_true (ut_study_undo (study)); /* marking the same frame twice was one step */
  g_assert_cmpint (ut_study_get_state (study)->views[UT_VIEW_A4C].marks[UT_PHASE_ED], ==, -1);
  g_autofree char *undone = ut_study_state_hash (ut_study_get_state (study));
  g_assert_cmpstr (undone, ==, loaded);
  g_assert_cmpint (ut_study_redo_edit (study), ==, UT_STUDY_EDIT_SET_MARK);

  ut_study_set_mirrored (study, UT_VIEW_A4C, TRUE); /* a new edit ends what could be redone */
  g_assert_false (ut_study_redo (study));

  ut_study_begin_group (study);
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ES, 1, NULL);
  g_assert_false (ut_study_undo (study));
  ut_study_clear_mark (study, UT_VIEW_A4C, UT_PHASE_ES);
  ut_study_end_group (study); /* came to nothing: no step */
  g_assert_cmpint (ut_study_undo_edit (study), ==, UT_STUDY_EDIT_MIRROR);
  for (UtStudyEdit edit = 1; edit < UT_N_STUDY_EDITS; edit++)
    g_assert_cmpint (strlen (ut_study_edit_name (edit)), >, 0);
  loops_clear (&loops);
}

/* What was done stays; only the way back is gone. */
static void
test_forget_history (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  ut_study_set_label (study, "one");
  ut_study_set_label (study, "two");
  g_assert_true (ut_study_undo (study));
  ut_study_forget_history (study);
  g_assert_cmpint (ut_study_undo_edit (study), ==, UT_STUDY_EDIT_NONE);
  g_assert_cmpint (ut_study_redo_edit (study), ==, UT_STUDY_EDIT_NONE);
  g_assert_cmpstr (ut_study_get_state (study)->label, ==, "one");
  g_assert_true (ut_study_is_modified (study));
  ut_study_set_label (study, "three");
  g_assert_true (ut_study_undo (study));
  g_assert_cmpstr (ut_study_get_state (study)->label, ==, "one");
}

static void
test_set_cine (void)
{
  Loops loops;
  loops_init (&loops);
  g_autoptr (UtStudy) study = ut_study_new ();
  const UtStudyView *slot;

  set_loop (study, &loops, UT_VIEW_A2C, 1);
  slot = &ut_study_get_state (study)->views[UT_VIEW_A2C];
  g_assert_cmpint (slot->marks[UT_PHASE_ED], ==, 1);
  g_assert_cmpint (slot->marks[UT_PHASE_ES], ==, -1);
  g_assert_cmpstr (slot->source, ==, "/loops/1");

  const double spacing_mm[2] = {0.3, 0.3};
  g_assert_true (ut_study_calibrate_spacing (study, UT_VIEW_A2C, spacing_mm, NULL));
  ut_study_set_mirrored (study, UT_VIEW_A2C, TRUE);
  ut_study_set_cine (study, UT_VIEW_A2C, loops.cines[1], "/elsewhere/../moved/1");
  slot = &ut_study_get_state (study)->views[UT_VIEW_A2C];
  g_assert_cmpstr (slot->source, ==, "/moved/1");
  g_assert_true (slot->mirrored);
  g_assert_cmpint (slot->calibration.origin, ==, UT_CALIBRATION_COMMAND);

  set_loop (study, &loops, UT_VIEW_A2C, 2);
  slot = &ut_study_get_state (study)->views[UT_VIEW_A2C];
  g_assert_false (slot->mirrored);
  g_assert_cmpint (slot->marks[UT_PHASE_ED], ==, -1);
  g_assert_cmpint (slot->calibration.origin, ==, UT_CALIBRATION_NONE);

  ut_study_swap_views (study, UT_VIEW_A2C, UT_VIEW_PSAX);
  g_assert_null (ut_study_get_state (study)->views[UT_VIEW_A2C].source);
  g_assert_true (ut_study_get_state (study)->views[UT_VIEW_PSAX].cine == loops.cines[2]);
  loops_clear (&loops);
}

static void
test_calibrate (void)
{
  Loops loops;
  loops_init (&loops);
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (GError) error = NULL;
  const UtStudyRuler diagonal = {{5, 5}, {8, 9}, 10}; /* 5 pixels */
  double spacing_mm[2];

  g_assert_false (ut_study_calibrate_ruler (study, UT_VIEW_A4C, &diagonal, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);

  set_loop (study, &loops, UT_VIEW_A4C, 1);
  g_assert_cmpint (ut_study_view_spacing (&ut_study_get_state (study)->views[0], spacing_mm),
                   ==,
                   UT_CALIBRATION_NONE);
  g_assert_cmpfloat (spacing_mm[0], ==, 0);
  g_assert_true (ut_study_calibrate_ruler (study, UT_VIEW_A4C, &diagonal, &error));
  g_assert_cmpint (ut_study_view_spacing (&ut_study_get_state (study)->views[0], spacing_mm),
                   ==,
                   UT_CALIBRATION_MANUAL);
  g_assert_cmpfloat_with_epsilon (spacing_mm[0], 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (spacing_mm[1], 2, 1e-12);

  /* a file that knows the ratio of its pixels keeps it: 3 px of 0.5 mm, 4 px of 0.4 mm */
  set_loop (study, &loops, UT_VIEW_A4C, 0);
  g_assert_true (ut_study_calibrate_ruler (study, UT_VIEW_A4C, &diagonal, &error));
  ut_study_view_spacing (&ut_study_get_state (study)->views[0], spacing_mm);
  g_assert_cmpfloat_with_epsilon (spacing_mm[0] / spacing_mm[1], 0.8, 1e-12);
  g_assert_cmpfloat_with_epsilon (hypot (3 * spacing_mm[1], 4 * spacing_mm[0]), 10, 1e-12);

  const UtStudyRuler bad[] = {{{5, 5}, {5, 7}, 10},
                              {{0, 0}, {0, 20}, 0},
                              {{0, 0}, {0, 20}, -4},
                              {{0, 0}, {0, 20}, 1e6},
                              {{0, 0}, {0, NAN}, 10},
                              {{0, 0}, {0, 20}, NAN},
                              {{0, 0}, {0, INFINITY}, 10}};
  g_autofree char *before = ut_study_state_hash (ut_study_get_state (study));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_false (ut_study_calibrate_ruler (study, UT_VIEW_A4C, &bad[i], &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
    g_clear_error (&error);
  }
  g_autofree char *after = ut_study_state_hash (ut_study_get_state (study));
  g_assert_cmpstr (before, ==, after);
  loops_clear (&loops);
}

static void
test_label (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autofree char *name = g_strnfill (200, 'x');
  ut_study_set_label (study, "  Fall\tÄ\n1\xff ");
  g_assert_true (g_utf8_validate (ut_study_get_state (study)->label, -1, NULL));
  g_assert_true (g_str_has_prefix (ut_study_get_state (study)->label, "FallÄ1"));
  ut_study_set_label (study, name);
  g_assert_cmpint (strlen (ut_study_get_state (study)->label), ==, 80);
}

/* ---- listeners -------------------------------------------------------------------- */

/* A loop says what nobody has said yet; a body that cannot be changes nothing. */
static void
test_body (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (UtCine) first = fixture_cine (1, TRUE), second = fixture_cine (2, TRUE);
  g_autoptr (GError) error = NULL;
  const UtBody *body = &ut_study_get_state (study)->body;
  g_assert_false (ut_body_is_known (body));
  first->body = (UtBody){UT_SEX_FEMALE, 168, 0};
  second->body = (UtBody){UT_SEX_MALE, 190, 64};
  ut_study_set_cine (study, UT_VIEW_A4C, first, "first");
  ut_study_set_cine (study, UT_VIEW_A2C, second, "second");
  body = &ut_study_get_state (study)->body;
  g_assert_true (ut_body_equal (body, &(UtBody){UT_SEX_FEMALE, 168, 64}));
  g_assert_false (ut_study_set_body (study, &(UtBody){UT_SEX_MALE, 1.8, 80}, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_true (ut_study_get_state (study)->body.weight_kg == 64);
  g_assert_true (ut_study_set_body (study, &(UtBody){UT_SEX_MALE, 180, 80}, NULL));
  g_assert_cmpint (ut_study_undo_edit (study), ==, UT_STUDY_EDIT_SET_BODY);
  ut_study_undo (study);
  ut_study_undo (study); /* and what the second loop said goes with it */
  g_assert_true (
    ut_body_equal (&ut_study_get_state (study)->body, &(UtBody){UT_SEX_FEMALE, 168, 0}));
}

static void
note_changes (UtStudy *study, UtStudyChange changes, gpointer user_data)
{
  *(UtStudyChange *)user_data = changes;
}

static void
answer_with_edit (UtStudy *study, UtStudyChange changes, gpointer user_data)
{
  guint *n_calls = user_data;
  (*n_calls)++;
  ut_study_set_mirrored (study, UT_VIEW_A4C, TRUE);
}

static void
test_listeners (void)
{
  Loops loops;
  loops_init (&loops);
  g_autoptr (UtStudy) study = ut_study_new ();
  UtStudyChange seen = 0;
  guint id = ut_study_connect (study, note_changes, &seen);

  set_loop (study, &loops, UT_VIEW_A4C, 0);
  g_assert_cmpint (seen, ==, UT_STUDY_CHANGE_CINE | UT_STUDY_CHANGE_HISTORY);
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 2, NULL);
  g_assert_cmpint (seen, ==, UT_STUDY_CHANGE_MARKS | UT_STUDY_CHANGE_HISTORY);
  UtTwin *const twins[UT_N_PHASES] = {loops.twin, NULL};
  fixture_set_results (study, ut_study_get_state (study), twins);
  g_assert_cmpint (seen, ==, UT_STUDY_CHANGE_RESULTS | UT_STUDY_CHANGE_HISTORY);
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 3, NULL); /* and that makes it stale */
  g_assert_cmpint (
    seen, ==, UT_STUDY_CHANGE_MARKS | UT_STUDY_CHANGE_RESULTS | UT_STUDY_CHANGE_HISTORY);
  seen = 0;
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 3, NULL);
  ut_study_set_ui (study, NULL);
  g_assert_cmpint (seen, ==, 0);

  guint n_calls = 0;
  guint other = ut_study_connect (study, answer_with_edit, &n_calls);
  ut_study_set_label (study, "nested");
  g_assert_cmpuint (n_calls, ==, 2); /* its own edit, which it answers with nothing new */
  g_assert_true (ut_study_get_state (study)->views[UT_VIEW_A4C].mirrored);
  ut_study_disconnect (study, other);
  ut_study_disconnect (study, id);
  seen = 0;
  ut_study_set_label (study, "unheard");
  g_assert_cmpint (seen, ==, 0);
  loops_clear (&loops);
}

/* ---- what stands in the way ---------------------------------------------------------- */

static gboolean
has_issue (UtStudy *study, UtStudyIssueKind kind, int view, int phase, gboolean blocks)
{
  g_autoptr (GArray) issues = ut_study_issues (ut_study_get_state (study));
  gboolean found = FALSE, warned = FALSE;
  for (guint i = 0; i < issues->len; i++) {
    const UtStudyIssue *issue = &g_array_index (issues, UtStudyIssue, i);
    g_autofree char *text = ut_study_issue_text (issue);
    g_assert_cmpint (strlen (text), >, 10);
    g_assert_false (warned && issue->blocks); /* blocking ones first */
    warned = warned || !issue->blocks;
    found = found || (issue->kind == kind && issue->view == view && issue->phase == phase &&
                      issue->blocks == blocks);
  }
  return found;
}

static void
test_issues (void)
{
  Loops loops;
  loops_init (&loops);
  g_autoptr (UtStudy) study = ut_study_new ();
  const UtStudyState *state = ut_study_get_state (study);
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_EMPTY, -1, -1, TRUE));
  g_assert_false (ut_study_is_ready (state, UT_PHASE_ED));

  set_loop (study, &loops, UT_VIEW_A4C, 0);
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_NO_MARK, -1, UT_PHASE_ED, TRUE));
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_NO_MARK, -1, UT_PHASE_ES, TRUE));
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_VIEW_EMPTY, UT_VIEW_A2C, -1, FALSE));

  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 2, NULL); /* one calibrated view suffices */
  state = ut_study_get_state (study);
  g_assert_true (ut_study_is_ready (state, UT_PHASE_ED));
  g_assert_false (ut_study_is_ready (state, UT_PHASE_ES));

  set_loop (study, &loops, UT_VIEW_PSAX, 3); /* no spacing */
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_UNCALIBRATED, UT_VIEW_PSAX, -1, FALSE));
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_VIEW_UNMARKED, UT_VIEW_PSAX, UT_PHASE_ED, FALSE));
  g_assert_true (ut_study_is_ready (ut_study_get_state (study), UT_PHASE_ED));
  ut_study_set_mark (study, UT_VIEW_PSAX, UT_PHASE_ED, 2, NULL);
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_UNCALIBRATED, UT_VIEW_PSAX, -1, TRUE));
  g_assert_false (ut_study_is_ready (ut_study_get_state (study), UT_PHASE_ED));
  const double spacing_mm[2] = {0.3, 0.3};
  ut_study_calibrate_spacing (study, UT_VIEW_PSAX, spacing_mm, NULL);
  g_assert_true (ut_study_is_ready (ut_study_get_state (study), UT_PHASE_ED));

  set_loop (study, &loops, UT_VIEW_A2C, 0);
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_SAME_FILE, UT_VIEW_A2C, -1, FALSE));
  loops_clear (&loops);
}

/* a loop of 2 s, its R waves where @r_waves says, its picture 150 mm deep */
static UtCine *
beating_loop (guint32 seed, const double *r_waves, guint n)
{
  UtCine *cine = fixture_cine (seed, TRUE);
  for (guint i = 0; i < cine->n_frames; i++)
    cine->times_ms[i] = 2000.0 * i / (cine->n_frames - 1);
  cine->times_known = TRUE;
  cine->r_waves_ms = g_memdup2 (r_waves, n * sizeof *r_waves);
  cine->n_r_waves = n;
  cine->spacing_mm[0] = 150.0 / cine->region[3];
  return cine;
}

static void
test_origins (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (UtCine) a = fixture_cine (1, TRUE), b = fixture_cine (2, TRUE);
  g_autoptr (UtCine) c = fixture_cine (3, TRUE);
  a->patient = g_strdup ("one");
  a->exam = g_strdup ("morning");
  b->patient = g_strdup ("one");
  b->exam = g_strdup ("evening");
  ut_study_set_cine (study, UT_VIEW_A4C, a, "/a");
  ut_study_set_cine (study, UT_VIEW_A2C, b, "/b");
  ut_study_set_cine (study, UT_VIEW_PSAX, c, "/c"); /* says nothing */
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_EXAMS, UT_VIEW_A2C, -1, FALSE));
  g_assert_false (has_issue (study, UT_STUDY_ISSUE_PATIENTS, UT_VIEW_A2C, -1, FALSE));
  g_assert_false (has_issue (study, UT_STUDY_ISSUE_EXAMS, UT_VIEW_PSAX, -1, FALSE));
  g_assert_false (has_issue (study, UT_STUDY_ISSUE_PATIENTS, UT_VIEW_PSAX, -1, FALSE));

  g_autoptr (UtCine) d = fixture_cine (4, TRUE);
  d->patient = g_strdup ("two");
  ut_study_set_cine (study, UT_VIEW_PSAX, d, "/d");
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_PATIENTS, UT_VIEW_PSAX, -1, FALSE));
}

static void
test_doubts (void)
{
  const double regular[] = {0, 800, 1610}, irregular[] = {0, 700, 1700}, fast[] = {0, 500, 1000};
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (UtCine) a = beating_loop (1, regular, 3), b = beating_loop (2, irregular, 3);
  g_autoptr (UtCine) c = beating_loop (3, fast, 3);
  ut_study_set_cine (study, UT_VIEW_A4C, a, "/a");
  ut_study_set_cine (study, UT_VIEW_A2C, b, "/b");
  g_assert_false (has_issue (study, UT_STUDY_ISSUE_IRREGULAR, UT_VIEW_A4C, -1, FALSE));
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_IRREGULAR, UT_VIEW_A2C, -1, FALSE));
  g_assert_false (has_issue (study, UT_STUDY_ISSUE_RATES, UT_VIEW_A2C, -1, FALSE));
  ut_study_set_cine (study, UT_VIEW_PSAX, c, "/c");
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_RATES, UT_VIEW_PSAX, -1, FALSE));

  /* frames 286 ms apart, beats of 805 ms: 71 % of a beat, then 36 % of it, then swapped */
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 0, NULL);
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ES, 2, NULL);
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_SYSTOLE, UT_VIEW_A4C, -1, FALSE));
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ES, 1, NULL);
  g_assert_false (has_issue (study, UT_STUDY_ISSUE_SYSTOLE, UT_VIEW_A4C, -1, FALSE));
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 1, NULL);
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ES, 3, NULL);
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_SYSTOLE, UT_VIEW_A4C, -1, FALSE));

  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ES, 1, NULL); /* both on one frame */
  g_assert_true (has_issue (study, UT_STUDY_ISSUE_SYSTOLE, UT_VIEW_A4C, -1, FALSE));

  /* a line of 50 mm called one of 5 mm, or of 500 */
  g_assert_false (has_issue (study, UT_STUDY_ISSUE_DEPTH, UT_VIEW_A4C, -1, FALSE));
  for (int i = 0; i < 2; i++) {
    const double wrong = a->spacing_mm[0] * (i ? 10 : 0.1), spacing_mm[2] = {wrong, wrong};
    ut_study_calibrate_spacing (study, UT_VIEW_A4C, spacing_mm, NULL);
    g_assert_true (has_issue (study, UT_STUDY_ISSUE_DEPTH, UT_VIEW_A4C, -1, FALSE));
  }
  g_assert_true (ut_study_is_ready (ut_study_get_state (study), UT_PHASE_ED)); /* nothing blocks */
}

/* ---- results and their inputs ----------------------------------------------------------- */

static void
test_stale (void)
{
  Loops loops;
  loops_init (&loops);
  g_autoptr (UtStudy) study = ut_study_new ();
  set_loop (study, &loops, UT_VIEW_A4C, 0);
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 2, NULL);
  g_autoptr (UtStudyState) inputs = ut_study_dup_state (study);
  UtTwin *const twins[UT_N_PHASES] = {loops.twin, NULL};

  /* edited while the network ran: the result is out of date when it comes */
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 3, NULL);
  fixture_set_results (study, inputs, twins);
  g_assert_true (ut_study_is_stale (ut_study_get_state (study), UT_PHASE_ED));
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 2, NULL);
  g_assert_false (ut_study_is_stale (ut_study_get_state (study), UT_PHASE_ED));
  g_assert_false (ut_study_is_stale (ut_study_get_state (study), UT_PHASE_ES));

  const double spacing_mm[2] = {0.3, 0.3};
  const UtStudyState *now;
  ut_study_set_label (study, "no input");
  ut_study_set_reference (study, UT_PHASE_ED, loops.reference);
  ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ES, 4, NULL);
  g_assert_false (ut_study_is_stale (ut_study_get_state (study), UT_PHASE_ED));
  ut_study_calibrate_spacing (study, UT_VIEW_A4C, spacing_mm, NULL);
  g_assert_true (ut_study_is_stale (ut_study_get_state (study), UT_PHASE_ED));
  ut_study_undo (study);
  ut_study_set_mirrored (study, UT_VIEW_A4C, TRUE);
  g_assert_true (ut_study_is_stale (ut_study_get_state (study), UT_PHASE_ED));
  ut_study_undo (study);
  ut_study_swap_views (study, UT_VIEW_A4C, UT_VIEW_A2C);
  now = ut_study_get_state (study);
  g_assert_true (ut_study_is_stale (now, UT_PHASE_ED));
  g_assert_nonnull (ut_study_twin (now, UT_PHASE_ED)); /* marked, not lost */
  ut_study_undo (study);
  g_assert_false (ut_study_is_stale (ut_study_get_state (study), UT_PHASE_ED));
  loops_clear (&loops);
}

/* The network gets the marked frame's spacing, not the first one's. */
static void
test_frame_spacing (void)
{
  const UtTwinRaster raster = {.side = 40};
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (UtCine) cine = fixture_cine (3, TRUE);
  g_autoptr (GError) error = NULL;
  cine->frame_spacing_mm = g_new (double, 2 * FIXTURE_FRAMES);
  for (guint i = 0; i < 2 * FIXTURE_FRAMES; i++)
    cine->frame_spacing_mm[i] = 0.3 + 0.01 * i;
  memcpy (cine->spacing_mm, cine->frame_spacing_mm, sizeof cine->spacing_mm);
  ut_study_set_cine (study, UT_VIEW_A2C, cine, "/loops/zoomed");
  ut_study_set_mark (study, UT_VIEW_A2C, UT_PHASE_ED, 1, NULL);
  ut_study_set_mark (study, UT_VIEW_A2C, UT_PHASE_ES, 5, NULL);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    g_autoptr (UtTwinInput) input =
      ut_study_twin_input (ut_study_get_state (study), phase, &raster, &error);
    const double *mm = ut_cine_spacing_at (cine, phase == UT_PHASE_ED ? 1 : 5);
    g_assert_no_error (error);
    for (int axis = 0; axis < 2; axis++)
      g_assert_cmpfloat_with_epsilon (input->spacing_mm[UT_VIEW_A2C][axis], mm[axis], 1e-12);
  }

  const double set_mm[2] = {0.7, 0.8}; /* by hand: counts for all frames */
  double got_mm[2];
  ut_study_calibrate_spacing (study, UT_VIEW_A2C, set_mm, NULL);
  const UtStudyView *slot = &ut_study_get_state (study)->views[UT_VIEW_A2C];
  g_assert_cmpint (ut_study_view_spacing_at (slot, 5, got_mm), ==, UT_CALIBRATION_COMMAND);
  g_assert_cmpfloat (got_mm[1], ==, 0.8);
}

/* One loop without a spacing, marked or not, shuts the gate. */
static void
test_gate (void)
{
  Loops loops;
  loops_init (&loops);
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_study_is_calibrated (ut_study_get_state (study), &error));
  set_loop (study, &loops, UT_VIEW_A4C, 0);
  g_assert_true (ut_study_is_calibrated (ut_study_get_state (study), &error));
  set_loop (study, &loops, UT_VIEW_PSAX, 3);
  g_assert_false (ut_study_is_calibrated (ut_study_get_state (study), &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_nonnull (strstr (error->message, "PSAX"));
  ut_study_clear_view (study, UT_VIEW_PSAX);
  g_assert_true (ut_study_is_calibrated (ut_study_get_state (study), NULL));
  loops_clear (&loops);
}

static void
test_twin_input (void)
{
  const UtTwinRaster raster = {.side = 40};
  Loops loops;
  loops_init (&loops);
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (GError) error = NULL;
  set_loop (study, &loops, UT_VIEW_A4C, 0);
  set_loop (study, &loops, UT_VIEW_PSAX, 2);
  g_assert_null (ut_study_twin_input (ut_study_get_state (study), UT_PHASE_ED, &raster, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_nonnull (strstr (error->message, "ED mark"));
  g_clear_error (&error);

  ut_study_set_mark (study, UT_VIEW_PSAX, UT_PHASE_ED, 6, NULL);
  const double spacing_mm[2] = {0.25, 0.35};
  ut_study_calibrate_spacing (study, UT_VIEW_PSAX, spacing_mm, NULL);
  /* side 40 is the padded side of a 40 x 30 picture: pixels pass as they are, 5 rows of black above
   */
  g_autoptr (UtTwinInput) plain =
    ut_study_twin_input (ut_study_get_state (study), UT_PHASE_ED, &raster, &error);
  g_assert_no_error (error);
  g_assert_false (plain->present[UT_VIEW_A4C]);
  g_assert_true (plain->present[UT_VIEW_PSAX]);
  g_assert_cmpuint (plain->frame[UT_VIEW_PSAX], ==, 6);
  g_assert_cmpfloat_with_epsilon (plain->spacing_mm[UT_VIEW_PSAX][0], 0.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (plain->spacing_mm[UT_VIEW_PSAX][1], 0.35, 1e-12);
  g_assert_nonnull (plain->sha256[UT_VIEW_PSAX]);

  ut_study_set_mirrored (study, UT_VIEW_PSAX, TRUE);
  g_autoptr (UtTwinInput) mirrored =
    ut_study_twin_input (ut_study_get_state (study), UT_PHASE_ED, &raster, &error);
  g_assert_no_error (error);
  const guint8 *frame = ut_cine_frame (loops.cines[2], 6);
  for (guint row = 0; row < FIXTURE_HEIGHT; row++)
    for (guint x = 0; x < FIXTURE_WIDTH; x++) {
      float grey = (float)frame[row * FIXTURE_WIDTH + x] / 255;
      gsize line = (row + 5) * (gsize)40;
      g_assert_cmpfloat_with_epsilon (
        ut_twin_input_view (plain, UT_VIEW_PSAX)[line + x], grey, 1e-6);
      g_assert_cmpfloat_with_epsilon (
        ut_twin_input_view (mirrored, UT_VIEW_PSAX)[line + 39 - x], grey, 1e-6);
    }
  loops_clear (&loops);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/undo-all", test_undo_all);
  g_test_add_func ("/study/steps", test_steps);
  g_test_add_func ("/study/forget-history", test_forget_history);
  g_test_add_func ("/study/set-cine", test_set_cine);
  g_test_add_func ("/study/calibrate", test_calibrate);
  g_test_add_func ("/study/label", test_label);
  g_test_add_func ("/study/body", test_body);
  g_test_add_func ("/study/listeners", test_listeners);
  g_test_add_func ("/study/issues", test_issues);
  g_test_add_func ("/study/origins", test_origins);
  g_test_add_func ("/study/doubts", test_doubts);
  g_test_add_func ("/study/stale", test_stale);
  g_test_add_func ("/study/frame-spacing", test_frame_spacing);
  g_test_add_func ("/study/gate", test_gate);
  g_test_add_func ("/study/twin-input", test_twin_input);
  return g_test_run ();
}
