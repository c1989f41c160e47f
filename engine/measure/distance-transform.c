/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/distance-transform.h"

#include "engine/base/parallel.h"

/* One pass of the transform: lines along one axis. */
typedef struct Pass {
  double *field;           /* [z][y][x] squared distances so far */
  gsize n;                 /* voxels in a line */
  gsize step;              /* from a voxel to the next in its line */
  gsize inner, outer_step; /* line i starts at i / inner * outer_step + i % inner * inner_step */
  gsize inner_step;
  double spacing;
} Pass;

/* Lower envelope of the parabolas value[q] + (spacing (x - q))^2 over whole x; parabolas at
 * infinity are no part of it. @apex and @from hold the envelope: apex[k] is lowest from from[k]. */
static void
transform_line (const Pass *self, double *line, double *values, gsize *apex, double *from)
{
  double unit = self->spacing * self->spacing;
  gsize n_parts = 0;
  for (gsize q = 0; q < self->n; q++) {
    values[q] = line[q * self->step];
    if (values[q] == INFINITY)
      continue;
    double start = -INFINITY;
    while (n_parts > 0) {
      gsize last = apex[n_parts - 1];
      double gap = (double)(q - last), middle = (double)(q + last) / 2;
      start = middle + (values[q] - values[last]) / (2 * unit * gap);
      if (start > from[n_parts - 1])
        break;
      n_parts--;
      start = -INFINITY;
    }
    apex[n_parts] = q;
    from[n_parts++] = start;
  }
  if (n_parts == 0)
    return;
  gsize part = 0;
  for (gsize q = 0; q < self->n; q++) {
    while (part + 1 < n_parts && from[part + 1] < (double)q)
      part++;
    double offset = (double)q - (double)apex[part];
    line[q * self->step] = unit * offset * offset + values[apex[part]];
  }
}

static void
transform_lines (gsize begin, gsize end, gpointer user_data)
{
  const Pass *self = user_data;
  g_autofree double *values = g_new (double, self->n);
  g_autofree double *from = g_new (double, self->n);
  g_autofree gsize *apex = g_new (gsize, self->n);
  for (gsize i = begin; i < end; i++) {
    gsize first = i / self->inner * self->outer_step + i % self->inner * self->inner_step;
    transform_line (self, self->field + first, values, apex, from);
  }
}

void
ut_distance_transform (const guint8 *mask, const gsize dims[3], UtVec3 spacing, double *ret_squared)
{
  gsize row = dims[0], slice = dims[0] * dims[1], n = slice * dims[2];
  for (gsize i = 0; i < n; i++)
    ret_squared[i] = mask[i] ? 0 : INFINITY;
  Pass along_x = {.field = ret_squared,
                  .n = dims[0],
                  .step = 1,
                  .inner = 1,
                  .outer_step = row,
                  .spacing = spacing.x};
  Pass along_y = {.field = ret_squared,
                  .n = dims[1],
                  .step = row,
                  .inner = row,
                  .inner_step = 1,
                  .outer_step = slice,
                  .spacing = spacing.y};
  Pass along_z = {.field = ret_squared,
                  .n = dims[2],
                  .step = slice,
                  .inner = slice,
                  .inner_step = 1,
                  .spacing = spacing.z};
  ut_parallel_for (n / dims[0], 64, transform_lines, &along_x);
  ut_parallel_for (n / dims[1], 64, transform_lines, &along_y);
  ut_parallel_for (n / dims[2], 64, transform_lines, &along_z);
}
