/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/parallel.h"

typedef struct Loop {
  gsize n_items, piece;
  gsize next; /* atomic: index of the next piece's first item, in pieces */
  UtParallelFunc func;
  gpointer user_data;
  GMutex lock;
  GCond idle;
  guint n_helpers; /* pool threads that still hold a pointer to this loop */
} Loop;

static guint wanted_threads;
static GPrivate inside_piece;

static void
work (Loop *loop)
{
  for (;;) {
    gsize begin = g_atomic_pointer_add (&loop->next, 1) * loop->piece;
    if (begin >= loop->n_items)
      return;
    loop->func (begin, MIN (begin + loop->piece, loop->n_items), loop->user_data);
  }
}

static void
help (gpointer data, gpointer unused)
{
  Loop *loop = data;
  g_private_set (&inside_piece, GINT_TO_POINTER (TRUE));
  work (loop);
  g_private_set (&inside_piece, NULL);

  g_mutex_lock (&loop->lock);
  if (--loop->n_helpers == 0)
    g_cond_signal (&loop->idle);
  g_mutex_unlock (&loop->lock);
}

guint
ut_parallel_n_threads (void)
{
  return wanted_threads ? wanted_threads : g_get_num_processors ();
}

void
ut_parallel_set_n_threads (guint n_threads)
{
  g_return_if_fail (n_threads >= 1);
  wanted_threads = n_threads;
}

static GThreadPool *
shared_pool (void)
{
  static GThreadPool *pool;
  if (g_once_init_enter (&pool)) {
    int n_helpers = MAX (1, (int)ut_parallel_n_threads () - 1);
    g_once_init_leave (&pool, g_thread_pool_new (help, NULL, n_helpers, FALSE, NULL));
  }
  return pool;
}

void
ut_parallel_for (gsize n_items, gsize grain, UtParallelFunc func, gpointer user_data)
{
  g_return_if_fail (func != NULL);
  guint n_threads = ut_parallel_n_threads ();
  gboolean nested = g_private_get (&inside_piece) != NULL;
  if (n_items <= MAX (grain, 1) || n_threads == 1 || nested) {
    if (n_items > 0)
      func (0, n_items, user_data);
    return;
  }

  /* four pieces a thread: uneven pieces even out, and the counter is rarely touched */
  gsize piece = MAX (MAX (grain, 1), n_items / (4 * n_threads) + 1);
  gsize n_pieces = (n_items + piece - 1) / piece;
  Loop loop = {.n_items = n_items, .piece = piece, .func = func, .user_data = user_data};
  g_mutex_init (&loop.lock);
  g_cond_init (&loop.idle);

  guint n_helpers = (guint)MIN (n_threads - 1, n_pieces - 1);
  loop.n_helpers = n_helpers;
  for (guint i = 0; i < n_helpers; i++)
    g_thread_pool_push (shared_pool (), &loop, NULL);

  g_private_set (&inside_piece, GINT_TO_POINTER (TRUE));
  work (&loop);
  g_private_set (&inside_piece, NULL);

  g_mutex_lock (&loop.lock);
  while (loop.n_helpers > 0)
    g_cond_wait (&loop.idle, &loop.lock);
  g_mutex_unlock (&loop.lock);
  g_mutex_clear (&loop.lock);
  g_cond_clear (&loop.idle);
}
