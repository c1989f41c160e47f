/* SPDX-License-Identifier: Apache-2.0 */
/* As much of NVIDIA's driver as cuDNN needs while it compiles an engine: kernels are loaded, and
 * nothing comes of it; there is no device. Every function is called through a pointer of its true
 * type, whose further arguments are passed over here. */
enum { SUCCESS = 0, NO_DEVICE = 100, NOT_FOUND = 500, NOT_SUPPORTED = 801 };

#define SAYS(name, status)                                                                         \
  int name (void);                                                                                 \
  int name (void)                                                                                  \
  {                                                                                                \
    return status;                                                                                 \
  }

/* first argument: where something goes that nobody looks into */
#define GIVES(name)                                                                                \
  int name (void **ret);                                                                           \
  int name (void **ret)                                                                            \
  {                                                                                                \
    *ret = ret;                                                                                    \
    return SUCCESS;                                                                                \
  }

#define GIVES_NUMBER(name, number)                                                                 \
  int name (int *ret);                                                                             \
  int name (int *ret)                                                                              \
  {                                                                                                \
    *ret = number;                                                                                 \
    return SUCCESS;                                                                                \
  }

SAYS (cuInit, NO_DEVICE)
GIVES_NUMBER (cuDriverGetVersion, 13000)
GIVES_NUMBER (cuDeviceGetCount, 0)
SAYS (cuDeviceGet, NO_DEVICE)
SAYS (cuGetProcAddress, NOT_FOUND)
SAYS (cuGetProcAddress_v2, NOT_FOUND)
SAYS (cuGetErrorName, NOT_FOUND)
SAYS (cuGetErrorString, NOT_FOUND)
SAYS (cuCtxGetCurrent, NO_DEVICE)
SAYS (cuCtxGetLimit, NO_DEVICE)
SAYS (cuCtxPopCurrent, NO_DEVICE)
SAYS (cuCtxPushCurrent, NO_DEVICE)
SAYS (cuStreamGetCtx, NO_DEVICE)

GIVES (cuLibraryLoadData)
SAYS (cuLibraryLoadFromFile, NOT_SUPPORTED)
GIVES (cuLibraryGetKernel)
GIVES (cuLibraryGetModule)
SAYS (cuLibraryUnload, SUCCESS)
GIVES (cuModuleLoadData)
GIVES (cuModuleLoadDataEx)
GIVES (cuModuleGetFunction)
SAYS (cuModuleUnload, SUCCESS)
GIVES (cuKernelGetFunction)
GIVES_NUMBER (cuKernelGetAttribute, 0)
SAYS (cuKernelSetAttribute, SUCCESS)
GIVES_NUMBER (cuFuncGetAttribute, 0)
SAYS (cuFuncSetAttribute, SUCCESS)
GIVES_NUMBER (cuOccupancyMaxPotentialClusterSize, 8)
SAYS (cuLinkCreate, NOT_SUPPORTED)
SAYS (cuLinkAddData, NOT_SUPPORTED)
SAYS (cuLinkComplete, NOT_SUPPORTED)
SAYS (cuLinkDestroy, SUCCESS)
SAYS (cuLaunchKernel, NO_DEVICE)
SAYS (cuLaunchKernelEx, NO_DEVICE)
SAYS (cuLaunchCooperativeKernel, NO_DEVICE)
