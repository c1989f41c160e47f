/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** UtArenaItem: memory that a plan needs from its step @first to its step @last, inclusive. */
typedef struct UtArenaItem {
  gsize size; /* bytes */
  guint first, last;
  gsize offset; /* (out): where it lies, a multiple of 64 */
} UtArenaItem;

/**
 * ut_arena_plan:
 *
 * Lays @items into one piece of memory so that two that are needed at the same
 * time never overlap: first fit, in the order in which they begin.
 *
 * Cost: O(n^2). Returns: bytes of the whole piece
 */
gsize ut_arena_plan (UtArenaItem *items, guint n);
