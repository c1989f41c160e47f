/* SPDX-License-Identifier: Apache-2.0 */
/* cuDNN without a GPU: where cuda/ hands it a device's handle, it is handed a device's properties,
 * for which it chooses engines and builds plans as it does for a device; it cannot run them.
 * (cuDNN documentation, "Deviceless Ahead-of-time Compilation"; from 9.8 on.) */
#include "tests/unit/cudnn/deviceless.h"

#include <cudnn.h>
#include <dlfcn.h>

Deviceless deviceless;

static cudnnBackendDescriptor_t properties;
static GHashTable *types; /* descriptor -> its type */
static cudnnBackendDescriptorType_t last_operation;

/* what cuDNN itself has under the name of a function here */
static void *
its_own (const char *name)
{
  static void *library;
  if (library == NULL)
    library = dlopen ("libcudnn.so.9", RTLD_NOW | RTLD_LOCAL);
  void *function = library ? dlsym (library, name) : NULL;
  if (function == NULL)
    g_error ("%s: %s", name, dlerror ());
  return function;
}

cudnnStatus_t
cudnnCreate (cudnnHandle_t *ret)
{
  *ret = NULL;
  cudnnStatus_t status =
    cudnnBackendCreateDescriptor (CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR, &properties);
  if (status == CUDNN_STATUS_SUCCESS)
    status = cudnnBackendSetAttribute (properties,
                                       CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION,
                                       CUDNN_TYPE_CHAR,
                                       (gint64)strlen (deviceless.properties),
                                       deviceless.properties);
  return status == CUDNN_STATUS_SUCCESS ? cudnnBackendFinalize (properties) : status;
}

cudnnStatus_t
cudnnDestroy (cudnnHandle_t handle)
{
  return cudnnBackendDestroyDescriptor (g_steal_pointer (&properties));
}

cudnnStatus_t
cudnnSetStream (cudnnHandle_t handle, cudaStream_t stream)
{
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnBackendCreateDescriptor (cudnnBackendDescriptorType_t type, cudnnBackendDescriptor_t *ret)
{
  cudnnStatus_t (*create) (cudnnBackendDescriptorType_t, cudnnBackendDescriptor_t *) =
    its_own (G_STRFUNC);
  cudnnStatus_t status = create (type, ret);
  if (types == NULL)
    types = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (types, *ret, GINT_TO_POINTER (type));
  return status;
}

cudnnStatus_t
cudnnBackendSetAttribute (cudnnBackendDescriptor_t descriptor,
                          cudnnBackendAttributeName_t name,
                          cudnnBackendAttributeType_t type,
                          gint64 n,
                          const void *values)
{
  cudnnStatus_t (*set) (cudnnBackendDescriptor_t,
                        cudnnBackendAttributeName_t,
                        cudnnBackendAttributeType_t,
                        gint64,
                        const void *) = its_own (G_STRFUNC);
  cudnnStatus_t status = CUDNN_STATUS_SUCCESS;
  if (name == CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH)
    status = set (
      descriptor, CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &properties);
  else if (name == CUDNN_ATTR_EXECUTION_PLAN_HANDLE)
    return set (descriptor,
                CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP,
                CUDNN_TYPE_BACKEND_DESCRIPTOR,
                1,
                &properties);
  else if (name == CUDNN_ATTR_OPERATIONGRAPH_HANDLE)
    return status; /* the heuristic has the properties */
  return status == CUDNN_STATUS_SUCCESS ? set (descriptor, name, type, n, values) : status;
}

cudnnStatus_t
cudnnBackendFinalize (cudnnBackendDescriptor_t descriptor)
{
  cudnnStatus_t (*finalize) (cudnnBackendDescriptor_t) = its_own (G_STRFUNC);
  cudnnStatus_t status = finalize (descriptor);
  cudnnBackendDescriptorType_t type =
    (cudnnBackendDescriptorType_t)GPOINTER_TO_INT (g_hash_table_lookup (types, descriptor));
  if (type == CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR ||
      type == CUDNN_BACKEND_OPERATION_SDPA_FWD_DESCRIPTOR)
    last_operation = type;
  if (type == CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR && status == CUDNN_STATUS_SUCCESS) {
    if (last_operation == CUDNN_BACKEND_OPERATION_SDPA_FWD_DESCRIPTOR)
      deviceless.n_attentions++;
    else
      deviceless.n_convolutions++;
  }
  return status;
}
