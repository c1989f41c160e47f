/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * UtParallelFunc:
 * @begin: first index
 * @end: one past the last index
 *
 * Does the items [@begin, @end) of a loop. Runs in several threads at once.
 */
typedef void (*UtParallelFunc) (gsize begin, gsize end, gpointer user_data);

/**
 * ut_parallel_for:
 * @n_items: length of the loop
 * @grain: fewest items worth a piece; at least 1
 *
 * Runs @func over [0, @n_items) in pieces on the shared worker pool, whose size
 * is the number of cores, and returns when all are done. The calling thread
 * works too. May be called from any thread; a call made inside a piece runs
 * its loop in place, so nesting is allowed and cannot deadlock.
 */
void ut_parallel_for (gsize n_items, gsize grain, UtParallelFunc func, gpointer user_data);

/** ut_parallel_n_threads: how many threads ut_parallel_for() uses. */
guint ut_parallel_n_threads (void);

/**
 * ut_parallel_set_n_threads:
 * @n_threads: 1 or more
 *
 * Limits the pool (tests, data generation in several processes). Call it before
 * the first ut_parallel_for().
 */
void ut_parallel_set_n_threads (guint n_threads);
