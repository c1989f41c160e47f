/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/parts.h"

static void
test_largest (void)
{
  /* one slice of 6 x 3: two parts of 1 (joined by a corner or not), two of 2 */
  const gsize dims[3] = {6, 3, 1};
  guint8 labels[] = {1,
                     1,
                     0,
                     0,
                     2,
                     2, /**/
                     0,
                     0,
                     1,
                     0,
                     0,
                     0, /**/
                     0,
                     0,
                     0,
                     0,
                     1,
                     2};
  const guint8 want[] = {1,
                         1,
                         0,
                         0,
                         2,
                         2, /**/
                         0,
                         0,
                         1,
                         0,
                         0,
                         0, /**/
                         0,
                         0,
                         0,
                         0,
                         0,
                         0};
  g_assert_cmpuint (ut_parts_count (labels, dims, 1), ==, 2);
  g_assert_cmpuint (ut_parts_count (labels, dims, 2), ==, 2);
  g_assert_cmpuint (ut_parts_count (labels, dims, 3), ==, 0);
  ut_parts_keep_largest (labels, dims);
  g_assert_cmpmem (labels, sizeof labels, want, sizeof want);
}

/* A U joined only in its last row must be one part; so must a corner across slices. */
static void
test_joins (void)
{
  const gsize u_dims[3] = {3, 3, 1};
  const guint8 u[] = {1, 0, 1, 1, 0, 1, 1, 1, 1};
  g_assert_cmpuint (ut_parts_count (u, u_dims, 1), ==, 1);

  const gsize cube_dims[3] = {2, 2, 2};
  const guint8 diagonal[] = {1, 0, 0, 0, 0, 0, 0, 1};
  const guint8 other[] = {0, 0, 1, 0, 0, 1, 0, 0};
  g_assert_cmpuint (ut_parts_count (diagonal, cube_dims, 1), ==, 1);
  g_assert_cmpuint (ut_parts_count (other, cube_dims, 1), ==, 1);

  const gsize far_dims[3] = {3, 1, 1};
  const guint8 far[] = {1, 0, 1};
  g_assert_cmpuint (ut_parts_count (far, far_dims, 1), ==, 2);
}

/* Of equal parts the first in memory stays. */
static void
test_equal (void)
{
  const gsize dims[3] = {5, 1, 1};
  guint8 labels[] = {4, 0, 0, 0, 4};
  ut_parts_keep_largest (labels, dims);
  g_assert_cmpuint (labels[0], ==, 4);
  g_assert_cmpuint (labels[4], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parts/largest", test_largest);
  g_test_add_func ("/parts/joins", test_joins);
  g_test_add_func ("/parts/equal", test_equal);
  return g_test_run ();
}
