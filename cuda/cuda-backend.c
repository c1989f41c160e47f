/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/cuda-private.h"
#include "engine/base/error.h"
#include "engine/base/words.h"

#include <gmodule.h>

#define MIN_COMPUTE 8 /* sm_80: the first with bfloat16 and TF32 */

/* ---- errors ---- */

static gboolean
fail (UtEngineError code, const char *library, const char *what, const char *why, GError **error)
{
  g_set_error (error, UT_ENGINE_ERROR, code, "%s: %.60s: %s", library, what, why);
  return FALSE;
}

gboolean
ut_cuda_check (cudaError_t status, const char *what, GError **error)
{
  if (status == cudaSuccess)
    return TRUE;
  gboolean memory = status == cudaErrorMemoryAllocation;
  return fail (memory ? UT_ENGINE_ERROR_MEMORY : UT_ENGINE_ERROR_DEVICE,
               "CUDA",
               what,
               cudaGetErrorString (status),
               error);
}

gboolean
ut_cuda_check_blas (cublasStatus_t status, const char *what, GError **error)
{
  if (status == CUBLAS_STATUS_SUCCESS)
    return TRUE;
  UtEngineError code = status == CUBLAS_STATUS_ALLOC_FAILED    ? UT_ENGINE_ERROR_MEMORY
                       : status == CUBLAS_STATUS_NOT_SUPPORTED ? UT_ENGINE_ERROR_UNSUPPORTED
                                                               : UT_ENGINE_ERROR_DEVICE;
  return fail (code, "cuBLASLt", what, cublasLtGetStatusString (status), error);
}

gboolean
ut_cuda_check_dnn (cudnnStatus_t status, const char *what, GError **error)
{
  if (status == CUDNN_STATUS_SUCCESS)
    return TRUE;
  return fail (UT_ENGINE_ERROR_DEVICE, "cuDNN", what, cudnnGetErrorString (status), error);
}

/* ---- devices ---- */

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE, why);
  return FALSE;
}

static gboolean
count_devices (guint *ret, GError **error)
{
  int driver = 0, n = 0;
  if (cudaDriverGetVersion (&driver) != cudaSuccess || driver == 0)
    return refuse (error, ut_words ("no NVIDIA driver is loaded"));
  if (driver / 1000 < CUDART_VERSION / 1000) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_DEVICE,
                 ut_words ("the NVIDIA driver is for CUDA %d.%d, want %d.0 or later"),
                 driver / 1000,
                 driver % 1000 / 10,
                 CUDART_VERSION / 1000);
    return FALSE;
  }
  cudaError_t status = cudaGetDeviceCount (&n);
  if (status == cudaErrorNoDevice || (status == cudaSuccess && n == 0))
    return refuse (error, ut_words ("no NVIDIA GPU is visible"));
  *ret = (guint)n;
  return CUDA (status);
}

static gboolean
probe (guint device, UtDeviceInfo *ret_info, GError **error)
{
  guint n_devices = 0;
  struct cudaDeviceProp about;
  if (!count_devices (&n_devices, error))
    return FALSE;
  if (device >= n_devices) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_DEVICE,
                 ut_words ("there is no GPU number %u, counted from 0; there are %u"),
                 device,
                 n_devices);
    return FALSE;
  }
  if (!CUDA (cudaGetDeviceProperties (&about, (int)device)))
    return FALSE;
  if (about.major < MIN_COMPUTE) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_DEVICE,
                 ut_words ("%s has compute capability %d.%d, want %d.0 or later"),
                 about.name,
                 about.major,
                 about.minor,
                 MIN_COMPUTE);
    return FALSE;
  }
  gsize dnn = cudnnGetVersion ();
  g_snprintf (ret_info->description,
              sizeof ret_info->description,
              ut_words ("%.80s, %.0f GiB, compute capability %d.%d, cuDNN %zu.%zu"),
              about.name,
              (double)about.totalGlobalMem / (1 << 30),
              about.major,
              about.minor,
              dnn / 10000,
              dnn / 100 % 100);
  ret_info->n_devices = n_devices;
  return TRUE;
}

/* ---- backend ---- */

static void
backend_close (UtBackend *self)
{
  if (self == NULL)
    return;
  cudaSetDevice ((int)self->device);
  if (self->stream)
    cudaStreamSynchronize (self->stream); /* nothing below is in use any more */
  ut_cuda_queue_free (self->queue);
  g_ptr_array_unref (self->attentions);
  if (self->dnn)
    cudnnDestroy (self->dnn);
  if (self->blas)
    cublasLtDestroy (self->blas);
  cudaFree (self->workspace);
  if (self->stream)
    cudaStreamDestroy (self->stream);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtBackend, backend_close)

static UtBackend *
backend_open (const UtBackendConfig *config, GError **error)
{
  g_autoptr (UtBackend) self = g_new0 (UtBackend, 1);
  self->device = config->device;
  self->attentions = g_ptr_array_new_with_free_func ((GDestroyNotify)ut_cuda_attention_free);
  self->precision = config->precision ? config->precision : UT_PRECISION_BF16;
  if (!CUDA (cudaSetDevice ((int)self->device)) ||
      !CUDA (cudaStreamCreateWithFlags (&self->stream, cudaStreamNonBlocking)) ||
      !BLAS (cublasLtCreate (&self->blas)) || !CUDNN (cudnnCreate (&self->dnn)) ||
      !CUDNN (cudnnSetStream (self->dnn, self->stream)) ||
      !ut_cuda_alloc (self, UT_CUDA_WORKSPACE, &self->workspace, error) ||
      !(self->queue = ut_cuda_queue_new (self, error)))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
ut_cuda_alloc (UtBackend *self, gsize size, void **ret, GError **error)
{
  gsize n_free = 0, total = 0;
  void *memory = NULL;
  size = MAX (size, 1);
  if (!CUDA (cudaSetDevice ((int)self->device)) || !CUDA (cudaMemGetInfo (&n_free, &total)))
    return FALSE;
  if (size > n_free) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_MEMORY,
                 ut_words ("the GPU has %.0f MiB free, want %.0f"),
                 (double)n_free / (1 << 20),
                 (double)size / (1 << 20));
    return FALSE;
  }
  if (!CUDA (cudaMalloc (&memory, size)))
    return FALSE;
  if (!CUDA (cudaMemsetAsync (memory, 0, size, self->stream))) {
    cudaFree (memory);
    return FALSE;
  }
  *ret = memory;
  return TRUE;
}

gboolean
ut_cuda_upload (UtBackend *self, void *dst, const void *src, gsize size, GError **error)
{
  return CUDA (cudaMemcpyAsync (dst, src, size, cudaMemcpyHostToDevice, self->stream)) &&
         CUDA (cudaStreamSynchronize (self->stream));
}

static UtBuffer *
buffer_new (UtBackend *self, gsize size, GError **error)
{
  void *data;
  if (!ut_cuda_alloc (self, size, &data, error))
    return NULL;
  UtBuffer *buffer = g_new (UtBuffer, 1);
  *buffer = (UtBuffer){size, data};
  return buffer;
}

static void
buffer_free (UtBackend *self, UtBuffer *buffer)
{
  cudaSetDevice ((int)self->device);
  ut_cuda_queue_empty (self->queue);
  cudaStreamSynchronize (self->stream); /* what still uses it: cudaFree() may wait, or not */
  cudaFree (buffer->data);
  g_free (buffer);
}

static gboolean
upload (UtBackend *self, UtBuffer *dst, const void *src, gsize size, GError **error)
{
  g_return_val_if_fail (size <= dst->size, FALSE);
  if (ut_cuda_queue_add_upload (self->queue, dst->data, src, size))
    return TRUE;
  return CUDA (cudaSetDevice ((int)self->device)) && ut_cuda_queue_flush (self->queue, error) &&
         ut_cuda_upload (self, dst->data, src, size, error);
}

static gboolean
download (UtBackend *self, UtBuffer *src, void *ret_dst, gsize size, GError **error)
{
  g_return_val_if_fail (size <= src->size, FALSE);
  self->n_seen++;
  return CUDA (cudaSetDevice ((int)self->device)) && ut_cuda_queue_flush (self->queue, error) &&
         CUDA (cudaMemcpyAsync (ret_dst, src->data, size, cudaMemcpyDeviceToHost, self->stream)) &&
         CUDA (cudaStreamSynchronize (self->stream));
}

static gboolean
supports (UtBackend *self, const UtNode *node)
{
  return ut_cuda_can_emit (node->op);
}

static void
memory (UtBackend *self, guint64 *ret_free, guint64 *ret_total)
{
  gsize n_free = 0, total = 0;
  if (cudaSetDevice ((int)self->device) == cudaSuccess)
    cudaMemGetInfo (&n_free, &total);
  *ret_free = n_free;
  *ret_total = total;
}

G_MODULE_EXPORT const UtBackendOps *ut_backend_get (void);

const UtBackendOps *
ut_backend_get (void)
{
  static const UtBackendOps ops = {
    .abi = UT_BACKEND_ABI,
    .translate_by = ut_words_translate_by,
    .struct_size = sizeof (UtBackendOps),
    .name = "cuda",
    .probe = probe,
    .open = backend_open,
    .close = backend_close,
    .buffer_new = buffer_new,
    .buffer_free = buffer_free,
    .upload = upload,
    .download = download,
    .supports = supports,
    .plan_new = ut_cuda_plan_new,
    .plan_run = ut_cuda_plan_run,
    .plan_free = ut_cuda_plan_free,
    .memory = memory,
  };
  return &ops;
}
