/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define UT_MAX_DIMS 5

/**
 * UtShape: sizes of an array, outermost first; C order, the last one varies fastest.
 * Zero dimensions is one number.
 */
typedef struct UtShape {
  int n_dims;
  gsize dim[UT_MAX_DIMS];
} UtShape;

/** UT_SHAPE: a shape from its sizes: UT_SHAPE (6, 64, 64, 64) */
#define UT_SHAPE(...)                                                                              \
  ut_shape_make ((const gsize[]){__VA_ARGS__},                                                     \
                 sizeof ((const gsize[]){__VA_ARGS__}) / sizeof (gsize))

static inline UtShape
ut_shape_make (const gsize *dims, gsize n)
{
  UtShape shape = {.n_dims = (int)MIN (n, UT_MAX_DIMS)};
  for (int i = 0; i < shape.n_dims; i++)
    shape.dim[i] = dims[i];
  return shape;
}

/** ut_shape_product: of the dimensions @from up to, without, @to */
static inline gsize
ut_shape_product (const UtShape *self, int from, int to)
{
  gsize n = 1;
  for (int i = from; i < to; i++)
    n *= self->dim[i];
  return n;
}

static inline gsize
ut_shape_count (const UtShape *self)
{
  return ut_shape_product (self, 0, self->n_dims);
}

gboolean ut_shape_equal (const UtShape *a, const UtShape *b);

/** ut_shape_to_string: (transfer full): "[6, 64, 64, 64]", for messages */
char *ut_shape_to_string (const UtShape *self);

/** ut_half_to_float: widens an IEEE 754 binary16 number; exact, subnormals and NaN included */
float ut_half_to_float (guint16 bits);
