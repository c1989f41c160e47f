/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/progress.h"

void
ut_progress_init (UtProgress *self, UtProgressFunc func, gpointer user_data)
{
  *self = (UtProgress){.func = func, .user_data = user_data, .from = 0, .to = 1};
}

UtProgress
ut_progress_step (UtProgress *self, double weight)
{
  if (self == NULL)
    return (UtProgress){0};

  UtProgress child = *self;
  double length = self->to - self->from;
  child.from = self->from + length * self->used;
  self->used = MIN (1, self->used + weight);
  child.to = self->from + length * self->used;
  child.used = 0;
  return child;
}

void
ut_progress_set (const UtProgress *self, double fraction, UtStage stage)
{
  if (self == NULL || self->func == NULL)
    return;
  self->func (
    self->from + (self->to - self->from) * CLAMP (fraction, 0, 1), stage, self->user_data);
}
