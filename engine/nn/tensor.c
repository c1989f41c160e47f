/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/nn/tensor.h"

#include <math.h>

gboolean
ut_shape_equal (const UtShape *a, const UtShape *b)
{
  if (a->n_dims != b->n_dims)
    return FALSE;
  for (int i = 0; i < a->n_dims; i++)
    if (a->dim[i] != b->dim[i])
      return FALSE;
  return TRUE;
}

char *
ut_shape_to_string (const UtShape *self)
{
  GString *text = g_string_new ("[");
  for (int i = 0; i < self->n_dims; i++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i ? ", " : "", self->dim[i]);
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

float
ut_half_to_float (guint16 bits)
{
  int exponent = (bits >> 10) & 31, mantissa = bits & 1023;
  double value;
  if (exponent == 31)
    value = mantissa ? NAN : INFINITY;
  else if (exponent == 0)
    value = ldexp (mantissa, -24);
  else
    value = ldexp (mantissa + 1024, exponent - 25);
  return (float)(bits & 0x8000 ? -value : value);
}
