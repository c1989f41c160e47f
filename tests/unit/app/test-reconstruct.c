/* SPDX-License-Identifier: Apache-2.0 */
/* How soon the long work lets go when it is asked to. Seconds are printed, never asserted: a
 * wait is held against the time that the whole work takes in the same run. */
#include "app/export.h"
#include "app/reconstruct.h"
#include "tests/unit/study/fixture.h"

typedef gboolean (*Work) (gpointer data,
                          UtProgress *progress,
                          GCancellable *cancel,
                          GError **error);

typedef struct Stop {
  GCancellable *cancel;
  gint64 after_us, at_us; /* wanted pause before the cancel; when it was */
  gint64 tick_us, gap_us; /* last sign of life; longest time without one */
  UtStage stage;          /* of the last sign of life */
} Stop;

static gpointer
cancel_later (gpointer data)
{
  Stop *stop = data;
  g_usleep ((gulong)stop->after_us);
  stop->at_us = g_get_monotonic_time ();
  g_cancellable_cancel (stop->cancel);
  return NULL;
}

static void
tick (double fraction, UtStage stage, gpointer data)
{
  Stop *stop = data;
  gint64 now = g_get_monotonic_time ();
  stop->gap_us = MAX (stop->gap_us, now - stop->tick_us);
  stop->tick_us = now;
  stop->stage = stage;
}

static gint64
run_whole (Work work, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  Stop stop = {.tick_us = begin};
  UtProgress progress;
  ut_progress_init (&progress, tick, &stop);
  g_assert_true (work (data, &progress, NULL, &error));
  g_assert_no_error (error);
  gint64 whole_us = g_get_monotonic_time () - begin;
  g_test_message ("whole: %.3f s, longest without a sign of life: %.3f s",
                  (double)whole_us / 1e6,
                  (double)stop.gap_us / 1e6);
  return whole_us;
}

/* Seconds from the cancel, after @part of the whole work, to the end, be it that the work was all
 * but done; 0 where it was done before. */
static double
wait_after_cancel (Work work, gpointer data, gint64 whole_us, double part)
{
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Stop stop = {.cancel = cancel, .after_us = (gint64)(part * (double)whole_us)};
  UtProgress progress;
  ut_progress_init (&progress, tick, &stop);
  GThread *thread = g_thread_new ("cancel", cancel_later, &stop);
  gboolean done = work (data, &progress, cancel, &error);
  gint64 end_us = g_get_monotonic_time ();
  g_thread_join (thread);
  if (!done)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  double wait = MAX (0, (double)(end_us - stop.at_us) / 1e6);
  g_test_message ("cancelled at %.0f %%, stage %d: %.3f s", 100 * part, (int)stop.stage, wait);
  return wait;
}

/* The best of three counts: a busy machine may pause anything. */
static void
check (Work work, gpointer data, double most)
{
  const double parts[] = {0.02, 0.2, 0.4, 0.6, 0.8};
  gint64 whole_us = run_whole (work, data);
  double limit = most * (double)whole_us / 1e6;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    double wait = wait_after_cancel (work, data, whole_us, parts[i]);
    for (int again = 0; wait > limit && again < 2; again++)
      wait = wait_after_cancel (work, data, whole_us, parts[i]);
    g_assert_cmpfloat (wait, <=, limit);
  }
}

/* ---- the network ------------------------------------------------------------------------- */

typedef struct Case {
  UtStudyState *state;
  UtTwinModel *model;
  const char *folder;
} Case;

static gboolean
open_model (gpointer data, UtProgress *progress, GCancellable *cancel, GError **error)
{
  g_autoptr (UtTwinModel) model = ut_twin_model_open (data, "auto", cancel, error);
  return model != NULL;
}

static gboolean
reconstruct (gpointer data, UtProgress *progress, GCancellable *cancel, GError **error)
{
  const Case *self = data;
  const UtTwinOptions options = {0};
  UtStudyResult *results[UT_N_PHASES] = {NULL};
  if (!ut_reconstruct_study (
        self->state, self->model, &options, 1, results, progress, cancel, error))
    return FALSE;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    g_clear_pointer (&results[phase], ut_study_result_unref);
  return TRUE;
}

static void
test_reconstruct (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = ut_twin_model_default_path (&error);
  g_assert_no_error (error);
  g_autoptr (UtTwinModel) model = ut_twin_model_open (path, "auto", NULL, &error);
  g_assert_no_error (error);
  g_autoptr (UtStudyState) state = ut_study_dup_state (study);
  Case data = {state, model, folder};
  check (open_model, path, 0.5);
  check (reconstruct, &data, 0.5);
}

static gboolean export(gpointer data, UtProgress *progress, GCancellable *cancel, GError **error)
{
  const Case *self = data;
  const UtExportOptions options = {.stages = TRUE};
  return ut_export_results (self->state, self->folder, &options, NULL, progress, cancel, error);
}

static void
test_export (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (UtStudyState) state = ut_study_dup_state (study);
  Case data = {state, NULL, folder};
  check (export, &data, 0.5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cancel/reconstruct", test_reconstruct);
  g_test_add_func ("/cancel/export", test_export);
  return g_test_run ();
}
