/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors that keep what they are told, and a convolution and an attention that run from what
 * they say. Two engines: the first rounds (and says so), the second does not. */
#include <cuda_bf16.h>
#include <cudnn.h>

#include <cmath>
#include <cstring>
#include <map>
#include <vector>

#define MAX_SIZES 5

struct FakeDnn {
  cudaStream_t stream;
};

struct Attribute {
  cudnnBackendAttributeType_t type;
  int64_t n;
  std::vector<char> bytes;
};

struct Descriptor {
  cudnnBackendDescriptorType_t type;
  bool final;
  int engine;              /* of an engine and its configuration, */
  const Descriptor *graph; /* for which it is */
  std::map<cudnnBackendAttributeName_t, Attribute> attributes;
};

const char *
cudnnGetErrorString (cudnnStatus_t status)
{
  static const char *const words[] = {"success", "bad parameter", "not supported"};
  return words[status];
}

size_t
cudnnGetVersion (void)
{
  return CUDNN_VERSION;
}

cudnnStatus_t
cudnnCreate (cudnnHandle_t *ret)
{
  *ret = new FakeDnn ();
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnDestroy (cudnnHandle_t handle)
{
  delete handle;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnSetStream (cudnnHandle_t handle, cudaStream_t stream)
{
  handle->stream = stream;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnBackendCreateDescriptor (cudnnBackendDescriptorType_t type, cudnnBackendDescriptor_t *ret)
{
  Descriptor *made = new Descriptor ();
  made->type = type;
  *ret = made;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnBackendDestroyDescriptor (cudnnBackendDescriptor_t descriptor)
{
  delete (Descriptor *)descriptor;
  return CUDNN_STATUS_SUCCESS;
}

/* what each kind has to be told before it is final */
static std::vector<cudnnBackendAttributeName_t>
needs_of (cudnnBackendDescriptorType_t type)
{
  switch (type) {
  case CUDNN_BACKEND_TENSOR_DESCRIPTOR:
    return {CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT,
            CUDNN_ATTR_TENSOR_DATA_TYPE,
            CUDNN_ATTR_TENSOR_DIMENSIONS,
            CUDNN_ATTR_TENSOR_STRIDES,
            CUDNN_ATTR_TENSOR_UNIQUE_ID};
  case CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR:
    return {CUDNN_ATTR_CONVOLUTION_COMP_TYPE,
            CUDNN_ATTR_CONVOLUTION_CONV_MODE,
            CUDNN_ATTR_CONVOLUTION_DILATIONS,
            CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES,
            CUDNN_ATTR_CONVOLUTION_POST_PADDINGS,
            CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS,
            CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS};
  case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
    return {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y};
  case CUDNN_BACKEND_OPERATION_SDPA_FWD_DESCRIPTOR:
    return {CUDNN_ATTR_OPERATION_SDPA_FWD_QDESC,
            CUDNN_ATTR_OPERATION_SDPA_FWD_KDESC,
            CUDNN_ATTR_OPERATION_SDPA_FWD_VDESC,
            CUDNN_ATTR_OPERATION_SDPA_FWD_ODESC};
  case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR:
    return {CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_ATTR_OPERATIONGRAPH_OPS};
  case CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR:
    return {CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH};
  case CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR:
    return {CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG};
  case CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR:
    return {CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS};
  default:
    return {};
  }
}

cudnnStatus_t
cudnnBackendFinalize (cudnnBackendDescriptor_t descriptor)
{
  Descriptor *self = (Descriptor *)descriptor;
  for (cudnnBackendAttributeName_t need : needs_of (self->type))
    if (self->attributes.count (need) == 0)
      return CUDNN_STATUS_BAD_PARAM;
  self->final = true;
  return CUDNN_STATUS_SUCCESS;
}

static size_t
size_of (cudnnBackendAttributeType_t type)
{
  switch (type) {
  case CUDNN_TYPE_INT64:
  case CUDNN_TYPE_VOID_PTR:
  case CUDNN_TYPE_HANDLE:
  case CUDNN_TYPE_BACKEND_DESCRIPTOR:
    return 8;
  case CUDNN_TYPE_BOOLEAN:
    return 1;
  default:
    return 4;
  }
}

cudnnStatus_t
cudnnBackendSetAttribute (cudnnBackendDescriptor_t descriptor,
                          cudnnBackendAttributeName_t name,
                          cudnnBackendAttributeType_t type,
                          int64_t n,
                          const void *values)
{
  Descriptor *self = (Descriptor *)descriptor;
  const char *bytes = (const char *)values;
  if (self->final)
    return CUDNN_STATUS_BAD_PARAM;
  /* what it points to has to be final */
  for (int64_t i = 0; type == CUDNN_TYPE_BACKEND_DESCRIPTOR && i < n; i++)
    if (!((Descriptor *const *)values)[i]->final)
      return CUDNN_STATUS_BAD_PARAM;
  self->attributes[name] =
    Attribute{type, n, std::vector<char> (bytes, bytes + (size_t)n * size_of (type))};
  return CUDNN_STATUS_SUCCESS;
}

static int64_t
number (const Descriptor *self, cudnnBackendAttributeName_t name, size_t i)
{
  int64_t value;
  memcpy (&value, self->attributes.at (name).bytes.data () + i * sizeof value, sizeof value);
  return value;
}

static const Descriptor *
part (const Descriptor *self, cudnnBackendAttributeName_t name)
{
  return (const Descriptor *)number (self, name, 0);
}

cudnnStatus_t
cudnnBackendGetAttribute (cudnnBackendDescriptor_t descriptor,
                          cudnnBackendAttributeName_t name,
                          cudnnBackendAttributeType_t type,
                          int64_t n_wanted,
                          int64_t *ret_n,
                          void *ret)
{
  Descriptor *self = (Descriptor *)descriptor;
  Descriptor **made = (Descriptor **)ret;
  *ret_n = 1;
  switch (name) {
  case CUDNN_ATTR_ENGINEHEUR_RESULTS:
    *ret_n = 2;
    for (int i = 0; i < 2; i++) {
      made[i]->engine = i;
      made[i]->final = true;
      made[i]->graph =
        *(Descriptor *const *)self->attributes.at (CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH)
           .bytes.data ();
    }
    return self->final ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_BAD_PARAM;
  case CUDNN_ATTR_ENGINECFG_ENGINE:
    made[0]->engine = self->engine;
    made[0]->final = true;
    return CUDNN_STATUS_SUCCESS;
  case CUDNN_ATTR_ENGINE_NUMERICAL_NOTE:
    *(cudnnBackendNumericalNote_t *)ret =
      self->engine ? CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC : CUDNN_NUMERICAL_NOTE_TENSOR_CORE;
    return CUDNN_STATUS_SUCCESS;
  case CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE:
    *(int64_t *)ret = 1000;
    return self->final ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_BAD_PARAM;
  default:
    return CUDNN_STATUS_BAD_PARAM;
  }
}

/* ---- arrays ---- */

typedef struct Tensor {
  std::vector<int64_t> sizes, strides;
  bool half;
  void *data;
} Tensor;

/* where the pack says that array @id lies */
static void *
pointer_of (const Descriptor *pack, int64_t id)
{
  for (int64_t i = 0; i < pack->attributes.at (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS).n; i++)
    if (number (pack, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, (size_t)i) == id)
      return (void *)number (pack, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, (size_t)i);
  return NULL;
}

static Tensor
tensor_of (const Descriptor *operation, cudnnBackendAttributeName_t name, const Descriptor *pack)
{
  const Descriptor *of = part (operation, name);
  Tensor tensor;
  for (int64_t i = 0; i < of->attributes.at (CUDNN_ATTR_TENSOR_DIMENSIONS).n; i++) {
    tensor.sizes.push_back (number (of, CUDNN_ATTR_TENSOR_DIMENSIONS, (size_t)i));
    tensor.strides.push_back (number (of, CUDNN_ATTR_TENSOR_STRIDES, (size_t)i));
  }
  cudnnDataType_t type;
  memcpy (&type, of->attributes.at (CUDNN_ATTR_TENSOR_DATA_TYPE).bytes.data (), sizeof type);
  tensor.half = type == CUDNN_DATA_BFLOAT16;
  tensor.data = pointer_of (pack, number (of, CUDNN_ATTR_TENSOR_UNIQUE_ID, 0));
  return tensor;
}

static float
get (const Tensor &tensor, int64_t offset)
{
  return tensor.half ? __bfloat162float (((const __nv_bfloat16 *)tensor.data)[offset])
                     : ((const float *)tensor.data)[offset];
}

static void
put (const Tensor &tensor, int64_t offset, double value)
{
  if (tensor.half)
    ((__nv_bfloat16 *)tensor.data)[offset] = __float2bfloat16 ((float)value);
  else
    ((float *)tensor.data)[offset] = (float)value;
}

/* ---- the convolution ---- */

/* the low bits that tensor cores do not read */
static float
round_factor (float x, bool rounds)
{
  uint32_t bits;
  memcpy (&bits, &x, sizeof bits);
  bits = rounds ? bits & ~0x1fffu : bits;
  memcpy (&x, &bits, sizeof bits);
  return x;
}

typedef struct Convolution {
  Tensor x, w, y;
  std::vector<int64_t> pads, strides;
  bool rounds;
} Convolution;

/* offset and place along the axes of number @i within one channel of @tensor */
static int64_t
place_of (const Tensor &tensor, int64_t i, int64_t at[MAX_SIZES])
{
  int64_t offset = 0;
  for (size_t axis = tensor.sizes.size (); axis-- > 2;) {
    at[axis] = i % tensor.sizes[axis];
    offset += at[axis] * tensor.strides[axis];
    i /= tensor.sizes[axis];
  }
  return offset;
}

static int64_t
channel_count (const Tensor &tensor)
{
  int64_t n = 1;
  for (size_t axis = 2; axis < tensor.sizes.size (); axis++)
    n *= tensor.sizes[axis];
  return n;
}

/* what weight @k of the window adds to all outputs of one image and channel @o */
static void
add_weight (const Convolution &self, int64_t image, int64_t o, int64_t k, std::vector<double> &sums)
{
  int64_t inside[MAX_SIZES], at[MAX_SIZES];
  const int64_t weights = o * self.w.strides[0] + place_of (self.w, k, inside);
  for (int64_t i = 0; i < (int64_t)sums.size (); i++) {
    int64_t from = image * self.x.strides[0];
    bool outside = false;
    place_of (self.y, i, at);
    for (size_t axis = 2; axis < self.x.sizes.size (); axis++) {
      int64_t p = at[axis] * self.strides[axis - 2] + inside[axis] - self.pads[axis - 2];
      outside = outside || p < 0 || p >= self.x.sizes[axis];
      from += p * self.x.strides[axis];
    }
    for (int64_t c = 0; !outside && c < self.x.sizes[1]; c++)
      sums[(size_t)i] +=
        (double)round_factor (get (self.x, from + c * self.x.strides[1]), self.rounds) *
        round_factor (get (self.w, weights + c * self.w.strides[1]), self.rounds);
  }
}

static void
convolve (const Convolution &self)
{
  int64_t at[MAX_SIZES];
  for (int64_t image = 0; image < self.y.sizes[0]; image++)
    for (int64_t o = 0; o < self.y.sizes[1]; o++) {
      std::vector<double> sums ((size_t)channel_count (self.y));
      for (int64_t k = 0; k < channel_count (self.w); k++)
        add_weight (self, image, o, k, sums);
      for (size_t i = 0; i < sums.size (); i++)
        put (self.y,
             image * self.y.strides[0] + o * self.y.strides[1] + place_of (self.y, (int64_t)i, at),
             sums[i]);
    }
}

static Convolution
read_convolution (const Descriptor *forward, const Descriptor *pack, bool rounds)
{
  const Descriptor *window = part (forward, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC);
  Convolution self;
  self.x = tensor_of (forward, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X, pack);
  self.w = tensor_of (forward, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, pack);
  self.y = tensor_of (forward, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y, pack);
  for (int64_t i = 0; i < number (window, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, 0); i++) {
    self.pads.push_back (number (window, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, (size_t)i));
    self.strides.push_back (number (window, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, (size_t)i));
  }
  self.rounds = rounds;
  return self;
}

/* ---- attention ---- */

typedef struct Attention {
  Tensor q, k, v, o; /* [1, heads, length, head size] */
  float scale;
} Attention;

static int64_t
row_of (const Tensor &tensor, int64_t head, int64_t row)
{
  return head * tensor.strides[1] + row * tensor.strides[2];
}

/* one row of one head: the weights of its keys, rounded as tensor cores take them */
static void
attend (const Attention &self, int64_t head, int64_t row)
{
  const int64_t n_keys = self.k.sizes[2], width = self.q.sizes[3];
  std::vector<double> weights ((size_t)n_keys);
  double largest = -INFINITY, sum = 0;
  for (int64_t key = 0; key < n_keys; key++) {
    double score = 0;
    for (int64_t e = 0; e < width; e++)
      score += (double)get (self.q, row_of (self.q, head, row) + e * self.q.strides[3]) *
               get (self.k, row_of (self.k, head, key) + e * self.k.strides[3]);
    weights[(size_t)key] = score * self.scale;
    largest = fmax (largest, weights[(size_t)key]);
  }
  for (double &weight : weights)
    sum += weight = exp (weight - largest);
  for (int64_t e = 0; e < width; e++) {
    double y = 0;
    for (int64_t key = 0; key < n_keys; key++)
      y += (double)__bfloat162float (__float2bfloat16 ((float)weights[(size_t)key])) *
           get (self.v, row_of (self.v, head, key) + e * self.v.strides[3]);
    put (self.o, row_of (self.o, head, row) + e * self.o.strides[3], y / sum);
  }
}

static Attention
read_attention (const Descriptor *operation, const Descriptor *pack)
{
  Attention self;
  self.q = tensor_of (operation, CUDNN_ATTR_OPERATION_SDPA_FWD_QDESC, pack);
  self.k = tensor_of (operation, CUDNN_ATTR_OPERATION_SDPA_FWD_KDESC, pack);
  self.v = tensor_of (operation, CUDNN_ATTR_OPERATION_SDPA_FWD_VDESC, pack);
  self.o = tensor_of (operation, CUDNN_ATTR_OPERATION_SDPA_FWD_ODESC, pack);
  self.scale = get (tensor_of (operation, CUDNN_ATTR_OPERATION_SDPA_FWD_SCALEDESC, pack), 0);
  return self;
}

cudnnStatus_t
cudnnBackendExecute (cudnnHandle_t handle,
                     cudnnBackendDescriptor_t plan,
                     cudnnBackendDescriptor_t pack)
{
  const Descriptor *values = (const Descriptor *)pack;
  cudaError_t error;
  if (!((const Descriptor *)plan)->final || !values->final)
    return CUDNN_STATUS_BAD_PARAM;
  const Descriptor *config =
    part ((const Descriptor *)plan, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG);
  const Descriptor *operation = part (config->graph, CUDNN_ATTR_OPERATIONGRAPH_OPS);
  if (operation->type == CUDNN_BACKEND_OPERATION_SDPA_FWD_DESCRIPTOR) {
    Attention attention = read_attention (operation, values);
    error = fake_enqueue (handle->stream, [=] {
      for (int64_t i = 0; i < attention.q.sizes[1] * attention.q.sizes[2]; i++)
        attend (attention, i / attention.q.sizes[2], i % attention.q.sizes[2]);
    });
  } else {
    Convolution convolution = read_convolution (operation, values, config->engine == 0);
    error = fake_enqueue (handle->stream, [=] { convolve (convolution); });
  }
  return error == cudaSuccess ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_NOT_SUPPORTED;
}
