/* SPDX-License-Identifier: Apache-2.0 */
#include "app/job.h"

/* What a running task carries. The task owns it; the worker reads it. */
typedef struct {
  UtJobFunc func;
  gpointer input;
  GDestroyNotify free_input;
  GDestroyNotify free_result;
} Work;

struct _UtJob {
  GObject parent_instance;

  GCancellable *cancel; /* of the running work; NULL when idle */

  GMutex mutex; /* guards what follows: the worker writes, the main thread reads */
  double fraction;
  UtStage stage;
  guint notify_id; /* idle source on its way, at most one */
};

enum { PROP_BUSY = 1, PROP_FRACTION, PROP_STAGE, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (UtJob, ut_job, G_TYPE_OBJECT)

static void
release_input (Work *self)
{
  if (self->free_input != NULL)
    g_clear_pointer (&self->input, self->free_input);
}

static void
work_free (gpointer data)
{
  release_input (data);
  g_free (data);
}

static gboolean
notify_progress_cb (gpointer user_data)
{
  UtJob *self = user_data;
  g_mutex_lock (&self->mutex);
  self->notify_id = 0;
  g_mutex_unlock (&self->mutex);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STAGE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FRACTION]);
  return G_SOURCE_REMOVE;
}

static void
set_progress (double fraction, UtStage stage, gpointer user_data)
{
  UtJob *self = user_data;
  g_mutex_lock (&self->mutex);
  self->fraction = fraction;
  self->stage = stage;
  if (self->notify_id == 0)
    self->notify_id = g_idle_add_full (
      G_PRIORITY_DEFAULT_IDLE, notify_progress_cb, g_object_ref (self), g_object_unref);
  g_mutex_unlock (&self->mutex);
}

static void
work_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancel)
{
  Work *work = task_data;
  UtProgress progress;
  g_autoptr (GError) error = NULL;

  ut_progress_init (&progress, set_progress, source);
  gpointer result = work->func (work->input, &progress, cancel, &error);
  if (result == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, result, work->free_result);
}

void
ut_job_run_async (UtJob *self,
                  UtJobFunc func,
                  gpointer input,
                  GDestroyNotify free_input,
                  GDestroyNotify free_result,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_return_if_fail (UT_IS_JOB (self) && func != NULL && self->cancel == NULL);

  Work *work = g_new0 (Work, 1);
  *work = (Work){func, input, free_input, free_result};

  self->cancel = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (self, self->cancel, callback, user_data);
  g_task_set_source_tag (task, ut_job_run_async);
  g_task_set_task_data (task, work, work_free);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
  g_task_run_in_thread (task, work_thread);
}

gpointer
ut_job_run_finish (UtJob *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  release_input (g_task_get_task_data (G_TASK (result))); /* the worker may be the last to let go */
  g_clear_object (&self->cancel);
  set_progress (0, UT_STAGE_IDLE, self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ut_job_cancel (UtJob *self)
{
  g_return_if_fail (UT_IS_JOB (self));
  g_cancellable_cancel (self->cancel);
}

gboolean
ut_job_get_busy (UtJob *self)
{
  g_return_val_if_fail (UT_IS_JOB (self), FALSE);
  return self->cancel != NULL;
}

double
ut_job_get_fraction (UtJob *self)
{
  g_return_val_if_fail (UT_IS_JOB (self), 0);
  g_mutex_lock (&self->mutex);
  double fraction = self->fraction;
  g_mutex_unlock (&self->mutex);
  return fraction;
}

UtStage
ut_job_get_stage (UtJob *self)
{
  g_return_val_if_fail (UT_IS_JOB (self), UT_STAGE_IDLE);
  g_mutex_lock (&self->mutex);
  UtStage stage = self->stage;
  g_mutex_unlock (&self->mutex);
  return stage;
}

static void
ut_job_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  UtJob *self = UT_JOB (object);
  switch (id) {
  case PROP_BUSY:
    g_value_set_boolean (value, ut_job_get_busy (self));
    break;
  case PROP_FRACTION:
    g_value_set_double (value, ut_job_get_fraction (self));
    break;
  case PROP_STAGE:
    g_value_set_int (value, (int)ut_job_get_stage (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
ut_job_finalize (GObject *object)
{
  UtJob *self = UT_JOB (object);
  g_clear_object (&self->cancel);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (ut_job_parent_class)->finalize (object);
}

static void
ut_job_class_init (UtJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = ut_job_get_property;
  object_class->finalize = ut_job_finalize;

  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  props[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  props[PROP_STAGE] = g_param_spec_int ("stage", NULL, NULL, 0, UT_N_STAGES - 1, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ut_job_init (UtJob *self)
{
  g_mutex_init (&self->mutex);
}

UtJob *
ut_job_new (void)
{
  return g_object_new (UT_TYPE_JOB, NULL);
}
