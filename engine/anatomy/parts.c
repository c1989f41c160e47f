/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/parts.h"

#include <string.h>

typedef struct Run {
  gsize begin, end; /* x range, end excluded */
  gsize row;        /* z * dims[1] + y */
  gsize n_voxels;   /* of the whole part, valid at its root */
  guint parent;     /* union-find; a root points to itself */
  guint8 label;
} Run;

static guint
find_root (Run *runs, guint i)
{
  while (runs[i].parent != i) {
    runs[i].parent = runs[runs[i].parent].parent;
    i = runs[i].parent;
  }
  return i;
}

/* The smaller index stays root, so that a part is named by its first run in memory. */
static void
unite (Run *runs, guint a, guint b)
{
  a = find_root (runs, a);
  b = find_root (runs, b);
  if (a == b)
    return;
  guint root = MIN (a, b), child = MAX (a, b);
  runs[child].parent = root;
  runs[root].n_voxels += runs[child].n_voxels;
}

/* Joins the runs [a, a_end) of one row with the runs [b, b_end) of a neighbouring row. */
static void
unite_rows (Run *runs, guint a, guint a_end, guint b, guint b_end)
{
  while (a < a_end && b < b_end) {
    const Run *left = &runs[a], *right = &runs[b];
    gboolean touch = left->begin <= right->end && right->begin <= left->end;
    if (touch && left->label == right->label)
      unite (runs, a, b);
    if (left->end < right->end)
      a++;
    else
      b++;
  }
}

static void
append_row (GArray *runs, const guint8 *voxels, gsize n, gsize row)
{
  for (gsize x = 0; x < n;) {
    gsize begin = x;
    guint8 label = voxels[x];
    while (x < n && voxels[x] == label)
      x++;
    if (label == 0)
      continue;
    Run run = {begin, x, row, x - begin, runs->len, label};
    g_array_append_val (runs, run);
  }
}

static GArray *
find_parts (const guint8 *labels, const gsize dims[3])
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (Run));
  gsize n_rows = dims[1] * dims[2];
  g_autofree guint *first = g_new (guint, n_rows + 1); /* index of the first run of each row */
  for (gsize row = 0; row < n_rows; row++) {
    first[row] = array->len;
    append_row (array, labels + row * dims[0], dims[0], row);
  }
  first[n_rows] = array->len;

  Run *runs = (Run *)(void *)array->data;
  static const int before[4][2] = {{-1, 0}, {-1, -1}, {0, -1}, {1, -1}}; /* y, z */
  for (gsize row = 0; row < n_rows; row++)
    for (int i = 0; i < 4 && first[row] < first[row + 1]; i++) {
      gssize y = (gssize)(row % dims[1]) + before[i][0];
      gssize z = (gssize)(row / dims[1]) + before[i][1];
      if (y < 0 || y >= (gssize)dims[1] || z < 0)
        continue;
      gsize other = (gsize)z * dims[1] + (gsize)y;
      unite_rows (runs, first[row], first[row + 1], first[other], first[other + 1]);
    }
  return array;
}

void
ut_parts_drop_small (guint8 *labels, const gsize dims[3], gsize n_voxels)
{
  g_autoptr (GArray) array = find_parts (labels, dims);
  Run *runs = (Run *)(void *)array->data;
  guint best[256];
  memset (best, 0xff, sizeof best);
  for (guint i = 0; i < array->len; i++) {
    guint *chosen = &best[runs[i].label];
    if (runs[i].parent == i && (*chosen == G_MAXUINT || runs[i].n_voxels > runs[*chosen].n_voxels))
      *chosen = i;
  }
  for (guint i = 0; i < array->len; i++) {
    guint root = find_root (runs, i);
    if (root != best[runs[i].label] && runs[root].n_voxels <= n_voxels)
      memset (labels + runs[i].row * dims[0] + runs[i].begin, 0, runs[i].end - runs[i].begin);
  }
}

void
ut_parts_keep_largest (guint8 *labels, const gsize dims[3])
{
  ut_parts_drop_small (labels, dims, G_MAXSIZE);
}

guint
ut_parts_count (const guint8 *labels, const gsize dims[3], guint8 label)
{
  g_autoptr (GArray) array = find_parts (labels, dims);
  const Run *runs = (const Run *)(const void *)array->data;
  guint count = 0;
  for (guint i = 0; i < array->len; i++)
    count += runs[i].label == label && runs[i].parent == i;
  return count;
}

UtVolume *
ut_labels_largest_parts (const UtVolume *labels, GError **error)
{
  g_return_val_if_fail (labels->type == UT_VOXEL_U8, NULL);

  UtVolume *copy = ut_volume_new (UT_VOXEL_U8, labels->dims, &labels->m_patient_from_voxel, error);
  if (copy == NULL)
    return NULL;
  memcpy (copy->u8, labels->u8, ut_volume_n_voxels (labels));
  ut_parts_keep_largest (copy->u8, copy->dims);
  return copy;
}
