/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/plugs.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/measure/distance-transform.h"

/* Fine enough for the fronts from both sides to meet halfway */
#define LEVELS_PER_VOXEL 8

enum { AWAY = 0, OBJECT = 1, PLUG = 2 };

typedef struct Peeling {
  guint8 *solid;
  const gsize *dims;
  guint16 *level;    /* [n_voxels] by the distance to the object */
  guint8 *waits;     /* [n_voxels] in a queue */
  GPtrArray *queues; /* of levels: GArray of gsize */
  guint top;         /* no queue above it holds anything */
} Peeling;

static gboolean
moves_by_face (guint k)
{
  return (k % 3 == 1) + (k / 3 % 3 == 1) + (k / 9 == 1) == 2;
}

/* Marks what hangs together by faces with place @k of a 3^3 block. */
static void
spread (gboolean away[27], guint k)
{
  static const int steps[3] = {1, 3, 9};
  away[k] = FALSE;
  for (guint axis = 0; axis < 3; axis++) {
    guint column = k / (guint)steps[axis] % 3;
    if (column > 0 && away[k - (guint)steps[axis]])
      spread (away, k - (guint)steps[axis]);
    if (column < 2 && away[k + (guint)steps[axis]])
      spread (away, k + (guint)steps[axis]);
  }
}

/* Whether the voxels that are away round @at hang together: by faces, among its 18 neighbours,
 * those at its own faces. Corners of the block join nothing. */
static gboolean
may_go (const Peeling *self, const gsize at[3])
{
  gboolean away[27];
  for (guint k = 0; k < 27; k++) {
    gsize x = at[0] + k % 3 - 1, y = at[1] + k / 3 % 3 - 1, z = at[2] + k / 9 - 1;
    gboolean corner = k % 3 != 1 && k / 3 % 3 != 1 && k / 9 != 1;
    gboolean inside = x < self->dims[0] && y < self->dims[1] && z < self->dims[2];
    away[k] = k != 13 && !corner &&
              (!inside || self->solid[(z * self->dims[1] + y) * self->dims[0] + x] == AWAY);
  }
  guint n = 0;
  for (guint k = 0; k < 27; k++)
    if (away[k] && moves_by_face (k)) {
      spread (away, k);
      n++;
    }
  return n == 1;
}

static void
push (Peeling *self, gsize i)
{
  if (self->solid[i] != PLUG || self->waits[i])
    return;
  self->waits[i] = TRUE;
  g_array_append_val ((GArray *)self->queues->pdata[self->level[i]], i);
  self->top = MAX (self->top, self->level[i]);
}

static void
push_neighbours (Peeling *self, const gsize at[3])
{
  for (guint k = 0; k < 27; k++) {
    gsize x = at[0] + k % 3 - 1, y = at[1] + k / 3 % 3 - 1, z = at[2] + k / 9 - 1;
    if (x < self->dims[0] && y < self->dims[1] && z < self->dims[2])
      push (self, (z * self->dims[1] + y) * self->dims[0] + x);
  }
}

static void
peel (Peeling *self)
{
  for (;;) {
    GArray *queue = self->queues->pdata[self->top];
    if (queue->len == 0) {
      if (self->top == 0)
        return;
      self->top--;
      continue;
    }
    gsize i = g_array_index (queue, gsize, queue->len - 1);
    const gsize at[3] = {
      i % self->dims[0], i / self->dims[0] % self->dims[1], i / (self->dims[0] * self->dims[1])};
    g_array_set_size (queue, queue->len - 1);
    self->waits[i] = FALSE;
    if (!may_go (self, at))
      continue;
    self->solid[i] = AWAY;
    push_neighbours (self, at);
  }
}

/* Levels by the distance to the object; returns the highest. */
static guint
find_levels (Peeling *self, gsize n_voxels, double *squared)
{
  guint highest = 0;
  ut_distance_transform (self->solid, self->dims, (UtVec3){1, 1, 1}, squared);
  for (gsize i = 0; i < n_voxels; i++) {
    self->level[i] = (guint16)MIN (LEVELS_PER_VOXEL * sqrt (squared[i]), G_MAXUINT16);
    highest = MAX (highest, self->level[i]);
  }
  return highest;
}

gboolean
ut_plugs_find (guint8 *solid, const gsize dims[3], GError **error)
{
  gsize n_voxels = dims[0] * dims[1] * dims[2];
  g_autofree guint16 *level = g_try_new (guint16, n_voxels);
  g_autofree guint8 *waits = g_try_new0 (guint8, n_voxels);
  g_autofree double *squared = g_try_new (double, n_voxels);
  g_autoptr (GPtrArray) queues = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  if (level == NULL || waits == NULL || squared == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_MEMORY,
                 ut_words ("no memory for the handles in %zu voxels"),
                 n_voxels);
    return FALSE;
  }
  Peeling self = {solid, dims, level, waits, queues, 0};
  guint highest = find_levels (&self, n_voxels, squared);
  for (guint i = 0; i <= highest; i++)
    g_ptr_array_add (queues, g_array_new (FALSE, FALSE, sizeof (gsize)));

  for (gsize i = 0; i < n_voxels; i++)
    solid[i] = solid[i] == OBJECT ? OBJECT : PLUG;
  for (gsize i = 0; i < n_voxels; i++)
    push (&self, i);
  peel (&self);
  return TRUE;
}
