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
  /* exponent and mantissa moved to their places in binary32, the bias of the exponent by a
   * multiplication, which is right for subnormals too */
  union {
    guint32 bits;
    float value;
  } wide = {(guint32)(bits & 0x7fff) << 13};
  wide.value *= 0x1p112f;
  if ((bits & 0x7c00) == 0x7c00)
    wide.bits |= 0x7f800000;
  wide.bits |= (guint32)(bits & 0x8000) << 16;
  return wide.value;
}
