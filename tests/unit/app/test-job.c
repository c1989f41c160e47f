/* SPDX-License-Identifier: Apache-2.0 */
#include "app/job.h"

typedef struct {
  GMainLoop *loop;
  gpointer result;
  GError *error;
  guint n_notified;
  double last;
  gboolean backwards;
} Watch;

static gpointer
count (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  int n = GPOINTER_TO_INT (input);
  for (int i = 0; i < n; i++) {
    ut_progress_set (progress, (double)i / n, UT_STAGE_DENOISE);
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return NULL;
    g_usleep (1000);
  }
  return g_strdup_printf ("%d", n);
}

static gpointer
fail (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "as asked");
  return NULL;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watch *watch = user_data;
  g_assert_true (ut_job_get_busy (UT_JOB (source)));
  watch->result = ut_job_run_finish (UT_JOB (source), result, &watch->error);
  g_assert_false (ut_job_get_busy (UT_JOB (source)));
  g_main_loop_quit (watch->loop);
}

static void
fraction_cb (UtJob *job, GParamSpec *pspec, Watch *watch)
{
  if (!ut_job_get_busy (job))
    return;
  double fraction = ut_job_get_fraction (job);
  watch->backwards |= fraction < watch->last;
  watch->last = fraction;
  watch->n_notified++;
}

/* The worker may hold the last reference of the task: the input is not left to it. */
static gpointer
take_flag (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  return g_strdup ("");
}

static void
set_flag (gpointer input)
{
  *(GThread **)input = g_thread_self ();
}

static void
freed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GThread **freed_in = user_data;
  g_autofree char *text = ut_job_run_finish (UT_JOB (source), result, NULL);
  g_assert_nonnull (text);
  g_assert_true (*freed_in == g_thread_self ());
  *freed_in = NULL;
}

static void
test_input (void)
{
  g_autoptr (UtJob) job = ut_job_new ();
  GThread *freed_in = NULL;
  ut_job_run_async (job, take_flag, &freed_in, set_flag, g_free, freed_cb, &freed_in);
  while (ut_job_get_busy (job))
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (freed_in); /* once */
}

static void
watch_clear (Watch *watch)
{
  g_main_loop_unref (watch->loop);
  g_clear_error (&watch->error);
  g_free (watch->result);
}

static void
run (UtJob *job, UtJobFunc func, int n, Watch *watch)
{
  watch->loop = g_main_loop_new (NULL, FALSE);
  ut_job_run_async (job, func, GINT_TO_POINTER (n), NULL, g_free, done_cb, watch);
  g_assert_true (ut_job_get_busy (job));
}

static void
test_result (void)
{
  g_autoptr (UtJob) job = ut_job_new ();
  Watch watch = {0};
  g_signal_connect (job, "notify::fraction", G_CALLBACK (fraction_cb), &watch);
  run (job, count, 50, &watch);
  g_main_loop_run (watch.loop);
  g_assert_no_error (watch.error);
  g_assert_cmpstr (watch.result, ==, "50");
  g_assert_cmpuint (watch.n_notified, >, 1);
  g_assert_cmpuint (watch.n_notified, <=, 51);
  g_assert_false (watch.backwards);
  g_assert_cmpint (ut_job_get_stage (job), ==, UT_STAGE_IDLE);
  watch_clear (&watch);
}

static void
test_again_after_failure (void)
{
  g_autoptr (UtJob) job = ut_job_new ();
  Watch first = {0}, second = {0};
  run (job, fail, 0, &first);
  g_main_loop_run (first.loop);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_null (first.result);
  run (job, count, 1, &second);
  g_main_loop_run (second.loop);
  g_assert_cmpstr (second.result, ==, "1");
  watch_clear (&first);
  watch_clear (&second);
}

static gboolean
cancel_cb (gpointer user_data)
{
  ut_job_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (void)
{
  g_autoptr (UtJob) job = ut_job_new ();
  Watch watch = {0};
  gint64 start = g_get_monotonic_time ();
  run (job, count, 60000, &watch); /* a minute, if it is not stopped */
  g_timeout_add (30, cancel_cb, job);
  g_main_loop_run (watch.loop);
  g_assert_error (watch.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  watch_clear (&watch);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/job/input", test_input);
  g_test_add_func ("/job/result", test_result);
  g_test_add_func ("/job/again-after-failure", test_again_after_failure);
  g_test_add_func ("/job/cancel", test_cancel);
  return g_test_run ();
}
