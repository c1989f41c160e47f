/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/voxel-parts.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/words.h"

typedef struct Flood {
  const guint8 *codes;
  const gsize *dims;
  gboolean by_faces;
  guint32 *index; /* [n_voxels] 1 + part, 0 = not seen */
  gsize *stack;   /* room for every voxel */
} Flood;

static void
add_voxel (UtVoxelPart *part, const gsize at[3], const gsize dims[3])
{
  for (int axis = 0; axis < 3; axis++) {
    part->low[axis] = part->n_voxels > 0 ? MIN (part->low[axis], at[axis]) : at[axis];
    part->high[axis] = MAX (part->high[axis], at[axis]);
    part->centroid[axis] += (double)at[axis];
    part->at_edge = part->at_edge || at[axis] == 0 || at[axis] + 1 == dims[axis];
  }
  part->n_voxels++;
}

/* Gives the part that holds @seed the number @index. */
static UtVoxelPart
flood (const Flood *self, gsize seed, guint32 index)
{
  const gsize *dims = self->dims;
  UtVoxelPart part = {.code = self->codes[seed]};
  gsize n = 0;
  self->stack[n++] = seed;
  self->index[seed] = index;
  while (n > 0) {
    gsize i = self->stack[--n];
    const gsize at[3] = {i % dims[0], i / dims[0] % dims[1], i / (dims[0] * dims[1])};
    add_voxel (&part, at, dims);
    for (gsize k = 0; k < 27; k++) {
      if (self->by_faces && (k % 3 == 1) + (k / 3 % 3 == 1) + (k / 9 == 1) != 2)
        continue;
      /* 1 less than no column is past the last one */
      gsize x = at[0] + k % 3 - 1, y = at[1] + k / 3 % 3 - 1, z = at[2] + k / 9 - 1;
      if (x >= dims[0] || y >= dims[1] || z >= dims[2])
        continue;
      gsize next = (z * dims[1] + y) * dims[0] + x;
      if (self->index[next] != 0 || self->codes[next] != part.code)
        continue;
      self->index[next] = index;
      self->stack[n++] = next;
    }
  }
  for (int axis = 0; axis < 3; axis++)
    part.centroid[axis] /= (double)part.n_voxels;
  return part;
}

GArray *
ut_voxel_parts (
  const guint8 *codes, const gsize dims[3], gboolean by_faces, guint32 *ret_index, GError **error)
{
  gsize n_voxels = dims[0] * dims[1] * dims[2];
  g_autofree guint32 *index = g_try_new0 (guint32, n_voxels);
  g_autofree gsize *stack = g_try_new (gsize, n_voxels);
  if (index == NULL || stack == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_MEMORY,
                 ut_words ("no memory for the parts of %zu voxels"),
                 n_voxels);
    return NULL;
  }
  Flood work = {codes, dims, by_faces, index, stack};
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (UtVoxelPart));
  for (gsize i = 0; i < n_voxels; i++) {
    if (codes[i] == 0 || index[i] != 0)
      continue;
    UtVoxelPart part = flood (&work, i, parts->len + 1);
    g_array_append_val (parts, part);
  }
  if (ret_index != NULL)
    memcpy (ret_index, index, n_voxels * sizeof *index);
  return parts;
}
