/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/nn/arena.h"

#define ALIGN 64

static int
compare_first (gconstpointer a, gconstpointer b)
{
  const UtArenaItem *const *p = a, *const *q = b;
  return ((*p)->first > (*q)->first) - ((*p)->first < (*q)->first);
}

static int
compare_offset (gconstpointer a, gconstpointer b)
{
  const UtArenaItem *const *p = a, *const *q = b;
  return ((*p)->offset > (*q)->offset) - ((*p)->offset < (*q)->offset);
}

gsize
ut_arena_plan (UtArenaItem *items, guint n)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new ();
  g_autoptr (GPtrArray) alive = g_ptr_array_new ();
  gsize total = 0;
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (waiting, &items[i]);
  g_ptr_array_sort (waiting, compare_first);
  for (guint i = 0; i < waiting->len; i++) {
    UtArenaItem *item = g_ptr_array_index (waiting, i);
    gsize size = (MAX (item->size, 1) + ALIGN - 1) / ALIGN * ALIGN, at = 0;
    for (guint j = alive->len; j > 0; j--)
      if (((UtArenaItem *)g_ptr_array_index (alive, j - 1))->last < item->first)
        g_ptr_array_remove_index (alive, j - 1);
    for (guint j = 0; j < alive->len; j++) { /* by offset: the first gap that is wide enough */
      const UtArenaItem *other = g_ptr_array_index (alive, j);
      if (at + size <= other->offset)
        break;
      at = MAX (at, other->offset + (MAX (other->size, 1) + ALIGN - 1) / ALIGN * ALIGN);
    }
    item->offset = at;
    total = MAX (total, at + size);
    g_ptr_array_add (alive, item);
    g_ptr_array_sort (alive, compare_offset);
  }
  return total;
}
