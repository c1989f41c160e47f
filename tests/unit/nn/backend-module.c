/* SPDX-License-Identifier: Apache-2.0 */
/* Four modules of one file, as MODULE says: what the loader takes and refuses. */
#include "engine/nn/backend.h"

#include <gmodule.h>

#define EMPTY   0
#define OLD     1
#define PARTIAL 2
#define GOOD    3

#if MODULE != EMPTY
static UtTranslate translator;

static void
translate_by (UtTranslate translate)
{
  translator = translate;
}

static gboolean
probe (guint device, UtDeviceInfo *ret_info, GError **error)
{
  if (device == 0)
    return TRUE;
  const char *english = "there is one device";
  g_set_error_literal (
    error, G_IO_ERROR, G_IO_ERROR_FAILED, translator != NULL ? translator (english) : english);
  return FALSE;
}

static UtBackend *
backend_open (const UtBackendConfig *config, GError **error)
{
  return NULL;
}

static void
backend_close (UtBackend *self)
{
}

static UtBuffer *
buffer_new (UtBackend *self, gsize size, GError **error)
{
  return NULL;
}

static void
buffer_free (UtBackend *self, UtBuffer *buffer)
{
}

static gboolean
upload (UtBackend *self, UtBuffer *dst, const void *src, gsize size, GError **error)
{
  return FALSE;
}

static gboolean
download (UtBackend *self, UtBuffer *src, void *ret_dst, gsize size, GError **error)
{
  return FALSE;
}

static gboolean
supports (UtBackend *self, const UtNode *node)
{
  return FALSE;
}

static UtPlan *
plan_new (UtBackend *self, const UtGraph *graph, GCancellable *cancel, GError **error)
{
  return NULL;
}

static gboolean
plan_run (UtPlan *self, UtProgress *progress, GCancellable *cancel, GError **error)
{
  return FALSE;
}

static void
plan_free (UtPlan *self)
{
}

G_MODULE_EXPORT const UtBackendOps *ut_backend_get (void);

const UtBackendOps *
ut_backend_get (void)
{
  static const UtBackendOps ops = {
    .abi = MODULE == OLD ? 0 : UT_BACKEND_ABI,
    .struct_size = sizeof (UtBackendOps),
    .name = "good",
    .probe = probe,
    .open = backend_open,
    .close = backend_close,
    .buffer_new = buffer_new,
    .buffer_free = buffer_free,
    .upload = upload,
    .download = download,
    .supports = supports,
    .plan_new = plan_new,
    .plan_run = MODULE == PARTIAL ? NULL : plan_run,
    .plan_free = plan_free,
    .translate_by = translate_by,
  };
  return &ops;
}
#endif
