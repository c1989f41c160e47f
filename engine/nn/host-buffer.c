/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/nn/host-buffer.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

#include <stdlib.h>
#include <string.h>

void *
ut_host_alloc (gsize size, GError **error)
{
  void *data = NULL;
  if (posix_memalign (&data, 64, MAX (size, 64)) != 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_MEMORY,
                 ut_words ("no memory for %zu bytes of network"),
                 size);
    return NULL;
  }
  memset (data, 0, size);
  return data;
}

void
ut_host_free (void *data)
{
  free (data);
}

UtBuffer *
ut_host_buffer_new (UtBackend *self, gsize size, GError **error)
{
  float *data = ut_host_alloc (size, error);
  if (data == NULL)
    return NULL;
  UtBuffer *buffer = g_new (UtBuffer, 1);
  *buffer = (UtBuffer){.size = size, .data = data};
  return buffer;
}

void
ut_host_buffer_free (UtBackend *self, UtBuffer *buffer)
{
  if (buffer)
    ut_host_free (buffer->data);
  g_free (buffer);
}

gboolean
ut_host_upload (UtBackend *self, UtBuffer *dst, const void *src, gsize size, GError **error)
{
  g_return_val_if_fail (size <= dst->size, FALSE);
  memcpy (dst->data, src, size);
  return TRUE;
}

gboolean
ut_host_download (UtBackend *self, UtBuffer *src, void *ret_dst, gsize size, GError **error)
{
  g_return_val_if_fail (size <= src->size, FALSE);
  memcpy (ret_dst, src->data, size);
  return TRUE;
}
