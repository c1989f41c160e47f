/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/tensor.h"

/** Largest header, number of tensors and name that a weight file may have. */
#define UT_WEIGHTS_MAX_HEADER  ((gsize)16 << 20) /* bytes */
#define UT_WEIGHTS_MAX_TENSORS 100000
#define UT_WEIGHTS_MAX_NAME    200 /* bytes */

/** UtDType: element types that we read; the rest of the container's types are UNSUPPORTED. */
typedef enum {
  UT_DTYPE_F32,
  UT_DTYPE_F16,
  UT_DTYPE_U8,
} UtDType;

/**
 * UtWeights:
 *
 * The tensors of a safetensors file, by name. The file is mapped, not read.
 *
 * Every statement of the header is checked before a tensor is handed out: sizes
 * against types and offsets, offsets against the data, no overlap, no hole, no
 * name twice. Tensors are taken by name and shape, so a file that does not fit
 * the network is refused while it is being opened.
 *
 * Threads: one at a time.
 * Source: the format's description in huggingface/safetensors, README.md.
 */
typedef struct UtWeights UtWeights;

/**
 * ut_weights_open:
 *
 * Errors: G_FILE_ERROR; FORMAT, RANGE or UNSUPPORTED with the base name of @path
 * and the tensor.
 */
UtWeights *ut_weights_open (const char *path, GError **error);

/** ut_weights_new: as ut_weights_open(), from memory; @name stands for the file in messages */
UtWeights *ut_weights_new (GBytes *bytes, const char *name, GError **error);

void ut_weights_free (UtWeights *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtWeights, ut_weights_free)

/** ut_weights_get_name: (transfer none): base name of the file */
const char *ut_weights_get_name (const UtWeights *self);

/** ut_weights_get_metadata: (transfer none) (nullable): string of the file's __metadata__ */
const char *ut_weights_get_metadata (const UtWeights *self, const char *key);

/** ut_weights_steal_metadata: (transfer full) (element-type utf8 utf8): all of them */
GHashTable *ut_weights_steal_metadata (UtWeights *self);

/** ut_weights_dup_sha256: (transfer full): of the whole file, lower-case hex */
char *ut_weights_dup_sha256 (const UtWeights *self);

/** ut_weights_get_n_elements: numbers in all tensors together */
guint64 ut_weights_get_n_elements (const UtWeights *self);

gboolean ut_weights_has (const UtWeights *self, const char *name);

/**
 * ut_weights_take:
 * @shape: shape that the network wants
 *
 * Takes a tensor as floats, F16 widened. Lives as long as @self.
 *
 * Errors: FORMAT where the tensor is missing, has another shape or type, or
 * holds a number that is not finite.
 */
const float *
ut_weights_take (UtWeights *self, const char *name, const UtShape *shape, GError **error);

/** ut_weights_take_u8: the same for a U8 tensor */
const guint8 *
ut_weights_take_u8 (UtWeights *self, const char *name, const UtShape *shape, GError **error);

/** ut_weights_check_all_taken: FORMAT, naming one, where a tensor was never taken */
gboolean ut_weights_check_all_taken (const UtWeights *self, GError **error);
