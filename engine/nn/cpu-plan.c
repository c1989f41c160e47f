/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/nn/cpu-private.h"

gboolean
ut_cpu_check (dnnl_status_t status, const char *what, GError **error)
{
  if (status == dnnl_success)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               status == dnnl_out_of_memory ? UT_ENGINE_ERROR_MEMORY : UT_ENGINE_ERROR_DEVICE,
               ut_words ("oneDNN: %s gave status %d"),
               what,
               (int)status);
  return FALSE;
}

int
ut_cpu_add_slot (UtPlan *self, gsize size, float *data)
{
  UtCpuSlot slot = {.size = size, .data = data, .first = G_MAXUINT};
  g_array_append_val (self->slots, slot);
  return (int)self->slots->len - 1;
}

UtCpuPlace
ut_cpu_new_place (UtPlan *self, const UtShape *shape)
{
  return (UtCpuPlace){ut_cpu_add_slot (self, ut_shape_count (shape) * sizeof (float), NULL), 0};
}

void
ut_cpu_use (UtPlan *self, UtCpuPlace place)
{
  if (place.slot < 0)
    return;
  UtCpuSlot *slot = &g_array_index (self->slots, UtCpuSlot, place.slot);
  slot->first = MIN (slot->first, self->steps->len);
  slot->last = self->steps->len;
}

dnnl_memory_desc_t
ut_cpu_plain_desc (const UtShape *shape)
{
  dnnl_memory_desc_t desc;
  dnnl_dims_t dims = {0}, strides = {0};
  for (int i = 0; i < shape->n_dims; i++) {
    dims[i] = (dnnl_dim_t)shape->dim[i];
    strides[i] = (dnnl_dim_t)ut_shape_product (shape, i + 1, shape->n_dims);
  }
  dnnl_memory_desc_init_by_strides (&desc, shape->n_dims, dims, dnnl_f32, strides);
  return desc;
}

dnnl_memory_desc_t
ut_cpu_strided_desc (int n_dims, const dnnl_dims_t dims, const dnnl_dims_t strides)
{
  dnnl_memory_desc_t desc;
  dnnl_memory_desc_init_by_strides (&desc, n_dims, dims, dnnl_f32, strides);
  return desc;
}

dnnl_memory_desc_t
ut_cpu_any_desc (const UtShape *shape)
{
  dnnl_memory_desc_t desc;
  dnnl_dims_t dims = {0};
  for (int i = 0; i < shape->n_dims; i++)
    dims[i] = (dnnl_dim_t)shape->dim[i];
  dnnl_memory_desc_init_by_tag (&desc, shape->n_dims, dims, dnnl_f32, dnnl_format_tag_any);
  return desc;
}

gboolean
ut_cpu_add_arg (UtPlan *self,
                UtCpuStep *step,
                int arg,
                UtCpuPlace place,
                const dnnl_memory_desc_t *desc,
                GError **error)
{
  UtCpuMemory memory = {.place = place};
  g_assert (step->n_args < UT_CPU_MAX_ARGS);
  if (!DNNL (dnnl_memory_create (&memory.memory, desc, self->backend->engine, DNNL_MEMORY_NONE)))
    return FALSE;
  g_array_append_val (self->memories, memory);
  step->args[step->n_args++] = (dnnl_exec_arg_t){arg, memory.memory};
  ut_cpu_use (self, place);
  return TRUE;
}

gboolean
ut_cpu_add_primitive (UtPlan *self, UtCpuStep *step, dnnl_primitive_desc_t desc, GError **error)
{
  gboolean good = DNNL (dnnl_primitive_create (&step->primitive, desc));
  dnnl_primitive_desc_destroy (desc);
  if (good)
    g_array_append_val (self->steps, *step);
  return good;
}

gboolean
ut_cpu_add_reorder (UtPlan *self,
                    UtCpuPlace from,
                    const dnnl_memory_desc_t *from_desc,
                    UtCpuPlace to,
                    const dnnl_memory_desc_t *to_desc,
                    GError **error)
{
  dnnl_engine_t engine = self->backend->engine;
  dnnl_primitive_desc_t desc;
  UtCpuStep step = {0};
  return DNNL (
           dnnl_reorder_primitive_desc_create (&desc, from_desc, engine, to_desc, engine, NULL)) &&
         ut_cpu_add_arg (self, &step, DNNL_ARG_FROM, from, from_desc, error) &&
         ut_cpu_add_arg (self, &step, DNNL_ARG_TO, to, to_desc, error) &&
         ut_cpu_add_primitive (self, &step, desc, error);
}

const UtShape *
ut_cpu_shape_of (const UtPlan *self, UtValueId value)
{
  return &self->graph->value[value].shape;
}

gboolean
ut_cpu_plain_place (UtPlan *self, UtValueId value, UtCpuPlace *ret, GError **error)
{
  *ret = UT_CPU_NOWHERE;
  if (value == 0)
    return TRUE;
  UtValueId root = ut_graph_root (self->graph, value);
  UtCpuLayout *layout = &self->layouts[root];
  if (!layout->blocked) {
    *ret = layout->place;
  } else {
    if (layout->plain.slot < 0) {
      UtCpuPlace copy = ut_cpu_new_place (self, ut_cpu_shape_of (self, root));
      dnnl_memory_desc_t desc = ut_cpu_plain_desc (ut_cpu_shape_of (self, root));
      if (!ut_cpu_add_reorder (self, layout->place, &layout->desc, copy, &desc, error))
        return FALSE;
      layout->plain = copy;
    }
    *ret = layout->plain;
  }
  if (root != value)
    ret->offset += self->graph->value[value].offset;
  return TRUE;
}

gboolean
ut_cpu_place_as (
  UtPlan *self, UtValueId value, const dnnl_memory_desc_t *want, UtCpuPlace *ret, GError **error)
{
  const UtCpuLayout *layout = &self->layouts[value];
  if (layout->blocked && dnnl_memory_desc_equal (&layout->desc, want)) {
    *ret = layout->place;
    return TRUE;
  }
  dnnl_memory_desc_t plain = ut_cpu_plain_desc (ut_cpu_shape_of (self, value));
  UtCpuPlace from = layout->place;
  if (!layout->blocked && !ut_cpu_plain_place (self, value, &from, error))
    return FALSE;
  if (!layout->blocked && dnnl_memory_desc_equal (&plain, want)) {
    *ret = from;
    return TRUE;
  }
  *ret = (UtCpuPlace){ut_cpu_add_slot (self, dnnl_memory_desc_get_size (want), NULL), 0};
  return ut_cpu_add_reorder (
    self, from, layout->blocked ? &layout->desc : &plain, *ret, want, error);
}

float *
ut_cpu_own_memory (UtPlan *self, gsize size, GError **error)
{
  float *data = ut_host_alloc (size, error);
  if (data)
    g_ptr_array_add (self->owned, data);
  return data;
}

gboolean
ut_cpu_place_weights (UtPlan *self,
                      UtValueId value,
                      const dnnl_memory_desc_t *from,
                      const dnnl_memory_desc_t *want,
                      UtCpuPlace *ret,
                      GError **error)
{
  UtValueId root = ut_graph_root (self->graph, value);
  gsize size = dnnl_memory_desc_get_size (want);
  const float *source = self->graph->value[root].data + self->graph->value[value].offset;
  float *data = ut_cpu_own_memory (self, size, error);
  if (data == NULL)
    return FALSE;
  *ret = (UtCpuPlace){ut_cpu_add_slot (self, size, data), 0};

  dnnl_engine_t engine = self->backend->engine;
  dnnl_primitive_desc_t desc = NULL;
  dnnl_primitive_t reorder = NULL;
  dnnl_memory_t memory[2] = {NULL};
  gboolean good =
    DNNL (dnnl_memory_create (&memory[0], from, engine, (void *)source)) &&
    DNNL (dnnl_memory_create (&memory[1], want, engine, data)) &&
    DNNL (dnnl_reorder_primitive_desc_create (&desc, from, engine, want, engine, NULL)) &&
    DNNL (dnnl_primitive_create (&reorder, desc));
  if (good) {
    const dnnl_exec_arg_t args[] = {{DNNL_ARG_FROM, memory[0]}, {DNNL_ARG_TO, memory[1]}};
    good = DNNL (dnnl_primitive_execute (reorder, self->backend->stream, 2, args)) &&
           DNNL (dnnl_stream_wait (self->backend->stream));
  }
  dnnl_primitive_destroy (reorder);
  dnnl_primitive_desc_destroy (desc);
  dnnl_memory_destroy (memory[0]);
  dnnl_memory_destroy (memory[1]);
  return good;
}

gboolean
ut_cpu_is_constant (const UtPlan *self, UtValueId value)
{
  return self->graph->value[ut_graph_root (self->graph, value)].kind == UT_VALUE_CONSTANT;
}
