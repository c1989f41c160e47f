/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime: memory, streams, graphs, launches. */
#include <cuda_runtime_api.h>

#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <ucontext.h>
#include <utility>
#include <vector>

#include <sanitizer/asan_interface.h>

#define BLOCK 256

struct FakeGraph {
  std::vector<std::function<void ()>> work;
  std::vector<std::shared_ptr<struct FakeNode>> nodes;
};

struct FakeCondition {
  unsigned value;
};

struct FakeNode {
  std::shared_ptr<FakeGraph> body; /* of a condition */
  FakeGraph *bodies[1];
};

struct FakeStream {
  FakeGraph *captured;
  std::vector<std::function<void ()>> waiting;
};

/* for tests of other programs */
static int
told (const char *name)
{
  const char *n = getenv (name);
  return n ? std::stoi (n) : 0;
}

extern "C" {
FakeCuda fake_cuda = {13000,
                      1,
                      9,
                      (size_t)8 << 30,
                      0,
                      1,
                      !told ("UT_FAKE_NO_CONDITIONS"),
                      told ("UT_FAKE_FAILS_AT"),
                      0,
                      0,
                      0,
                      NULL};
}
FakeIndex threadIdx, blockIdx;

static std::map<void *, size_t> memories;
static cudaError_t last_error;

/* The last large block that was given back: most tests begin with a workspace of their own, and to
 * have its pages anew from the system would take longer than all that is computed in it. */
#define LARGE (16u << 20)
static void *spare;
static size_t spare_size;

static void *
take_memory (size_t size)
{
  if (size != spare_size)
    return aligned_alloc (256, (size + 255) / 256 * 256);
  spare_size = 0;
  ASAN_UNPOISON_MEMORY_REGION (spare, size);
  return std::exchange (spare, nullptr);
}

static void
give_back (void *memory, size_t size)
{
  if (size >= LARGE) {
    ASAN_UNPOISON_MEMORY_REGION (spare, spare_size);
    ASAN_POISON_MEMORY_REGION (memory, size);
    std::swap (spare, memory);
    spare_size = size;
  }
  free (memory);
}

static cudaError_t
remember (cudaError_t error)
{
  if (error != cudaSuccess)
    last_error = error;
  return error;
}

/* ---- threads of a block as fibers ---- */

/* Made once; each runs a kernel to its next barrier, then lets the scheduler go on. */
typedef struct Fiber {
  ucontext_t context;
  jmp_buf jump;
  char stack[64 << 10];
  void *shadow;
  bool started, done;
} Fiber;

static std::vector<Fiber> fibers (BLOCK);
[[maybe_unused]] static ucontext_t scheduler;
[[maybe_unused]] static jmp_buf scheduler_jump;
[[maybe_unused]] static void *scheduler_shadow;
[[maybe_unused]] static const void *scheduler_stack;
[[maybe_unused]] static size_t scheduler_size;
static float lanes[2][BLOCK];
static const std::function<void ()> *fiber_kernel;

#if defined(__SANITIZE_ADDRESS__) /* it has to be told, and does not follow a long jump */
static void
leave (Fiber *self)
{
  __sanitizer_start_switch_fiber (&self->shadow, scheduler_stack, scheduler_size);
  swapcontext (&self->context, &scheduler);
  __sanitizer_finish_switch_fiber (self->shadow, NULL, NULL);
}

static void
enter (Fiber *self)
{
  __sanitizer_start_switch_fiber (&scheduler_shadow, self->stack, sizeof self->stack);
  swapcontext (&scheduler, &self->context);
  __sanitizer_finish_switch_fiber (scheduler_shadow, NULL, NULL);
}

static void
begin ()
{
  __sanitizer_finish_switch_fiber (NULL, &scheduler_stack, &scheduler_size);
}
#else /* ten times faster: swapcontext asks the kernel about signals */
static void
leave (Fiber *self)
{
  if (_setjmp (self->jump) == 0)
    _longjmp (scheduler_jump, 1);
}

static void
enter (Fiber *self)
{
  if (_setjmp (scheduler_jump) != 0)
    return;
  if (self->started)
    _longjmp (self->jump, 1);
  self->started = true;
  setcontext (&self->context);
}

static void
begin ()
{
}
#endif

static void
fiber_main ()
{
  begin ();
  for (;;) {
    Fiber *self = &fibers[threadIdx.x];
    (*fiber_kernel) ();
    self->done = true;
    leave (self);
  }
}

static void
make_fibers ()
{
  static bool made;
  for (unsigned t = 0; t < BLOCK && !made; t++) {
    Fiber *self = &fibers[t];
    getcontext (&self->context);
    self->context.uc_stack.ss_sp = self->stack;
    self->context.uc_stack.ss_size = sizeof self->stack;
    makecontext (&self->context, fiber_main, 0);
  }
  made = true;
}

void
__syncthreads ()
{
  leave (&fibers[threadIdx.x]);
}

/* the two sets of lanes take turns, so that nobody overwrites what another has still to read */
float
__shfl_xor_sync (unsigned mask, float x, int step)
{
  static unsigned turns[BLOCK];
  unsigned self = threadIdx.x;
  float *set = lanes[turns[self]++ % 2];
  set[self] = x;
  __syncthreads ();
  return set[self ^ (unsigned)step];
}

cudaError_t
fake_run_fibers (unsigned n_blocks, const std::function<void ()> &kernel)
{
  make_fibers ();
  fiber_kernel = &kernel;
  for (blockIdx.x = 0; blockIdx.x < n_blocks; blockIdx.x++) {
    for (Fiber &fiber : fibers)
      fiber.done = false;
    for (bool alive = true; alive;) {
      alive = false;
      for (threadIdx.x = 0; threadIdx.x < BLOCK; threadIdx.x++) {
        if (!fibers[threadIdx.x].done)
          enter (&fibers[threadIdx.x]);
        alive = alive || !fibers[threadIdx.x].done;
      }
    }
  }
  return cudaSuccess;
}

cudaError_t
fake_run (unsigned n_blocks, const std::function<void ()> &kernel)
{
  for (blockIdx.x = 0; blockIdx.x < n_blocks; blockIdx.x++)
    for (threadIdx.x = 0; threadIdx.x < BLOCK; threadIdx.x++)
      kernel ();
  return cudaSuccess;
}

/* ---- streams: what is put there is done when somebody waits for it, and not before ---- */

static std::set<FakeStream *> streams;

static void
finish (FakeStream *stream)
{
  for (const auto &work : std::exchange (stream->waiting, {}))
    work ();
}

static cudaError_t
put (FakeStream *stream, std::function<void ()> work)
{
  if (stream->captured == NULL)
    stream->waiting.push_back (work);
  else if (fake_cuda.may_capture)
    stream->captured->work.push_back (work);
  else
    return remember (cudaErrorStreamCaptureInvalidated);
  return cudaSuccess;
}

cudaError_t
fake_enqueue (cudaStream_t stream, std::function<void ()> work)
{
  if (fake_cuda.fails_at && ++fake_cuda.n_launches >= fake_cuda.fails_at)
    return remember (cudaErrorDevicesUnavailable);
  return put (stream, work);
}

/* ---- entries ---- */

const char *
cudaGetErrorString (cudaError_t error)
{
  static const char *const words[] = {"no error",
                                      "invalid argument",
                                      "out of memory",
                                      "no CUDA-capable device is detected",
                                      "the device was lost",
                                      "operation failed due to a previous error during capture"};
  return words[error];
}

cudaError_t
cudaGetLastError (void)
{
  cudaError_t error = last_error;
  last_error = cudaSuccess;
  return error;
}

cudaError_t
cudaDriverGetVersion (int *ret)
{
  *ret = fake_cuda.driver;
  return cudaSuccess;
}

cudaError_t
cudaGetDeviceCount (int *ret)
{
  *ret = fake_cuda.n_devices;
  return fake_cuda.n_devices ? cudaSuccess : cudaErrorNoDevice;
}

cudaError_t
cudaGetDeviceProperties (struct cudaDeviceProp *ret, int device)
{
  memcpy (ret->name, "fake device", sizeof "fake device");
  ret->totalGlobalMem = fake_cuda.total;
  ret->major = fake_cuda.compute;
  ret->minor = 0;
  return device < fake_cuda.n_devices ? cudaSuccess : cudaErrorInvalidValue;
}

cudaError_t
cudaSetDevice (int device)
{
  return device < fake_cuda.n_devices ? cudaSuccess : cudaErrorInvalidValue;
}

cudaError_t
cudaMemGetInfo (size_t *ret_free, size_t *ret_total)
{
  *ret_free = fake_cuda.total - fake_cuda.used;
  *ret_total = fake_cuda.total;
  return cudaSuccess;
}

/* filled with NaN, as who forgets to clear it should notice */
cudaError_t
cudaMalloc (void **ret, size_t size)
{
  void *memory = fake_cuda.used + size > fake_cuda.total ? NULL : take_memory (size);
  if (memory == NULL)
    return remember (cudaErrorMemoryAllocation);
  memset (memory, 0xff, size);
  memories[memory] = size;
  fake_cuda.used += size;
  fake_cuda.n_allocations++;
  *ret = memory;
  return cudaSuccess;
}

/* Whether the device waits for what still uses @memory is not promised; who has not waited, is
 * refused here. */
cudaError_t
cudaFree (void *memory)
{
  if (memory == NULL)
    return cudaSuccess;
  for (const FakeStream *stream : streams)
    if (!stream->waiting.empty ())
      return remember (cudaErrorInvalidValue);
  auto found = memories.find (memory);
  if (found == memories.end ())
    return remember (cudaErrorInvalidValue);
  fake_cuda.used -= found->second;
  fake_cuda.n_allocations--;
  size_t size = found->second;
  memories.erase (found);
  give_back (memory, size);
  return cudaSuccess;
}

/* the host's memory, too, is looked at as late as can be */
cudaError_t
cudaMemcpyAsync (
  void *dst, const void *src, size_t size, enum cudaMemcpyKind kind, cudaStream_t stream)
{
  return put (stream, [=] { memcpy (dst, src, size); });
}

cudaError_t
cudaMemsetAsync (void *memory, int value, size_t size, cudaStream_t stream)
{
  return put (stream, [=] { memset (memory, value, size); });
}

cudaError_t
cudaStreamCreateWithFlags (cudaStream_t *ret, unsigned flags)
{
  *ret = new FakeStream ();
  streams.insert (*ret);
  return cudaSuccess;
}

cudaError_t
cudaStreamDestroy (cudaStream_t stream)
{
  finish (stream);
  streams.erase (stream);
  delete stream;
  return cudaSuccess;
}

cudaError_t
cudaStreamSynchronize (cudaStream_t stream)
{
  finish (stream);
  return cudaSuccess;
}

cudaError_t
cudaStreamBeginCapture (cudaStream_t stream, int mode)
{
  stream->captured = new FakeGraph ();
  return cudaSuccess;
}

cudaError_t
cudaStreamEndCapture (cudaStream_t stream, cudaGraph_t *ret)
{
  *ret = stream->captured;
  stream->captured = NULL;
  return fake_cuda.may_capture ? cudaSuccess : cudaErrorStreamCaptureInvalidated;
}

cudaError_t
cudaHostAlloc (void **ret, size_t size, unsigned flags)
{
  *ret = calloc (1, size);
  return *ret ? cudaSuccess : remember (cudaErrorMemoryAllocation);
}

cudaError_t
cudaFreeHost (void *memory)
{
  free (memory);
  return cudaSuccess;
}

/* ---- graphs: nodes in a row, each behind the one before ---- */

cudaError_t
cudaGraphCreate (cudaGraph_t *ret, unsigned flags)
{
  *ret = new FakeGraph ();
  return cudaSuccess;
}

static cudaError_t
add_node (cudaGraphNode_t *ret,
          cudaGraph_t graph,
          const cudaGraphNode_t *after,
          size_t n_after,
          std::function<void ()> work)
{
  size_t place = graph->nodes.size ();
  if (n_after != (place ? 1 : 0) || (place && after[0] != graph->nodes.back ().get ()))
    return remember (cudaErrorInvalidValue);
  graph->nodes.push_back (std::make_shared<FakeNode> ());
  graph->work.push_back (work);
  *ret = graph->nodes.back ().get ();
  return cudaSuccess;
}

cudaError_t
cudaGraphAddMemcpyNode1D (cudaGraphNode_t *ret,
                          cudaGraph_t graph,
                          const cudaGraphNode_t *after,
                          size_t n_after,
                          void *dst,
                          const void *src,
                          size_t size,
                          enum cudaMemcpyKind kind)
{
  return add_node (ret, graph, after, n_after, [=] { memcpy (dst, src, size); });
}

static void
run_graph (const FakeGraph &graph)
{
  for (const auto &work : graph.work)
    work ();
}

cudaError_t
cudaGraphAddChildGraphNode (cudaGraphNode_t *ret,
                            cudaGraph_t graph,
                            const cudaGraphNode_t *after,
                            size_t n_after,
                            cudaGraph_t child)
{
  return add_node (ret, graph, after, n_after, [copy = *child] { run_graph (copy); });
}

cudaError_t
cudaGraphAddKernelNode (cudaGraphNode_t *ret,
                        cudaGraph_t graph,
                        const cudaGraphNode_t *after,
                        size_t n_after,
                        const cudaKernelNodeParams *params)
{
  auto kernel = (void (*) (void *, void *))params->func;
  void *first = *(void **)params->kernelParams[0], *second = *(void **)params->kernelParams[1];
  return add_node (ret, graph, after, n_after, [=] { kernel (first, second); });
}

cudaError_t
cudaGraphConditionalHandleCreate (cudaGraphConditionalHandle *ret,
                                  cudaGraph_t graph,
                                  unsigned at_launch,
                                  unsigned flags)
{
  static std::vector<std::unique_ptr<FakeCondition>> all;
  all.push_back (std::make_unique<FakeCondition> ());
  *ret = all.back ().get ();
  return cudaSuccess;
}

void
cudaGraphSetConditional (cudaGraphConditionalHandle handle, unsigned value)
{
  handle->value = value;
}

cudaError_t
cudaGraphAddNode (cudaGraphNode_t *ret,
                  cudaGraph_t graph,
                  const cudaGraphNode_t *after,
                  const cudaGraphEdgeData *edges,
                  size_t n_after,
                  struct cudaGraphNodeParams *params)
{
  FakeCondition *condition = params->conditional.handle;
  auto body = std::make_shared<FakeGraph> ();
  if (!fake_cuda.may_branch)
    return remember (cudaErrorInvalidValue);
  cudaError_t error = add_node (ret, graph, after, n_after, [=] {
    if (condition->value)
      run_graph (*body);
    if (fake_cuda.after_branch)
      fake_cuda.after_branch ();
  });
  if (error == cudaSuccess) {
    (*ret)->body = body;
    (*ret)->bodies[0] = body.get ();
    params->conditional.phGraph_out = (*ret)->bodies;
  }
  return error;
}

cudaError_t
cudaGraphInstantiate (cudaGraphExec_t *ret, cudaGraph_t graph, unsigned long long flags)
{
  *ret = new FakeGraph (*graph);
  return cudaSuccess;
}

cudaError_t
cudaGraphDestroy (cudaGraph_t graph)
{
  delete graph;
  return cudaSuccess;
}

cudaError_t
cudaGraphExecDestroy (cudaGraphExec_t graph)
{
  delete graph;
  return cudaSuccess;
}

cudaError_t
cudaGraphLaunch (cudaGraphExec_t graph, cudaStream_t stream)
{
  if (fake_cuda.fails_at && ++fake_cuda.n_launches >= fake_cuda.fails_at)
    return remember (cudaErrorDevicesUnavailable);
  fake_cuda.n_graph_launches++;
  return put (stream, [copy = *graph] { run_graph (copy); });
}
