/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * UtJobFunc:
 * @input: what ut_job_run_async() was given
 *
 * The work. Runs in a thread of its own: touches no widget, and checks @cancel
 * often enough to answer within a tenth of a second.
 *
 * Returns: (transfer full): the result, or NULL with @error set
 */
typedef gpointer (*UtJobFunc) (gpointer input,
                               UtProgress *progress,
                               GCancellable *cancel,
                               GError **error);

#define UT_TYPE_JOB (ut_job_get_type ())
G_DECLARE_FINAL_TYPE (UtJob, ut_job, UT, JOB, GObject)

/**
 * ut_job_new:
 *
 * A place for one piece of long work at a time: the only way in which threads
 * meet widgets.
 *
 * Properties, notified in the main thread: `busy`; `fraction` (0 to 1) and
 * `stage` (UtStage), which move together, at most once per turn of the main loop.
 */
UtJob *ut_job_new (void);

gboolean ut_job_get_busy (UtJob *self);
double ut_job_get_fraction (UtJob *self);
UtStage ut_job_get_stage (UtJob *self);

/**
 * ut_job_run_async:
 * @input: (transfer full): handed to @func; freed with @free_input in the main thread
 * @free_result: frees a result that nobody takes
 *
 * Starts @func. A job that is busy is a programmer error: ask ut_job_get_busy().
 * @callback must call ut_job_run_finish(), which makes the job idle again.
 */
void ut_job_run_async (UtJob *self,
                       UtJobFunc func,
                       gpointer input,
                       GDestroyNotify free_input,
                       GDestroyNotify free_result,
                       GAsyncReadyCallback callback,
                       gpointer user_data);

/** ut_job_run_finish: (transfer full): the result of the work, or NULL with @error set */
gpointer ut_job_run_finish (UtJob *self, GAsyncResult *result, GError **error);

/** ut_job_cancel: asks the work to stop; it ends with G_IO_ERROR_CANCELLED. Harmless when idle. */
void ut_job_cancel (UtJob *self);

G_END_DECLS
