/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/backend.h"

/**
 * Buffers of the backends that work in host memory (cpu, ref): the entries of
 * their tables, and a look inside for their plans.
 */
struct UtBuffer {
  gsize size; /* bytes */
  float *data;
};

/** ut_host_alloc: zeroed memory at a multiple of 64 bytes; NULL (MEMORY) where there is none.
 * ut_host_free() it. */
void *ut_host_alloc (gsize size, GError **error);
void ut_host_free (void *data);

UtBuffer *ut_host_buffer_new (UtBackend *self, gsize size, GError **error);
void ut_host_buffer_free (UtBackend *self, UtBuffer *buffer);
gboolean
ut_host_upload (UtBackend *self, UtBuffer *dst, const void *src, gsize size, GError **error);
gboolean
ut_host_download (UtBackend *self, UtBuffer *src, void *ret_dst, gsize size, GError **error);
