/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/words.h"
#include "engine/nn/graph.h"

#include <gio/gio.h>

/** Goes up whenever this header, graph.h or tensor.h changes a struct or an operator. */
#define UT_BACKEND_ABI 6

typedef struct UtBackend UtBackend;
typedef struct UtPlan UtPlan;

/** UtDeviceInfo: what a backend runs on, in words. */
typedef struct UtDeviceInfo {
  char description[160]; /* "oneDNN 2.6.3, AVX-512, 2 threads" */
  guint n_devices;       /* of this kind in this machine; a host backend leaves 0 */
} UtDeviceInfo;

/**
 * UtPrecision: of a backend that can do with less than float. Buffers hold floats in every case;
 * sums, softmax, norms and variances are made in float.
 */
typedef enum {
  UT_PRECISION_DEFAULT, /* the fastest that keeps the network's answer: bf16 on cuda */
  UT_PRECISION_F32,     /* for comparing with ref-ops */
  UT_PRECISION_TF32,    /* factors of products rounded to 10 bits */
  UT_PRECISION_BF16,    /* weights, and what passes between operators, in bfloat16 */
} UtPrecision;

/** UtBackendConfig: all zero is the default. */
typedef struct UtBackendConfig {
  guint n_threads; /* of a host backend; 0 = ut_parallel_n_threads() */
  guint device;    /* which one of several, from 0 */
  UtPrecision precision;
} UtBackendConfig;

/**
 * UtBackendOps:
 *
 * All that a backend is: thirteen calls. Operators are data (UtGraph), so a new
 * one is an enum value, a reference loop and the backends' support, never a new
 * entry here.
 *
 * Sizes are in bytes. Buffers start zeroed. A plan keeps copies of the graph's
 * constants, made in plan_new (the slow part: algorithms, weight layouts,
 * workspace), so the graph may go afterwards; the buffers may not.
 * plan_new and plan_run look at @cancel between nodes.
 *
 * Uploads and runs may be put off, in their order, until a download; that then waits for them, and
 * fails as they would have, also with G_IO_ERROR_CANCELLED.
 *
 * Threads: one call at a time per backend.
 */
typedef struct UtBackendOps {
  guint32 abi;         /* UT_BACKEND_ABI the plugin was built with */
  guint32 struct_size; /* sizeof (UtBackendOps) there */
  const char *name;    /* "cpu", "cuda", "ref" */
  /* is device number @device usable here? no side effects */
  gboolean (*probe) (guint device, UtDeviceInfo *ret_info, GError **error);
  UtBackend *(*open) (const UtBackendConfig *config, GError **error);
  void (*close) (UtBackend *self);
  UtBuffer *(*buffer_new) (UtBackend *self, gsize size, GError **error);
  void (*buffer_free) (UtBackend *self, UtBuffer *buffer);
  gboolean (*upload) (UtBackend *self, UtBuffer *dst, const void *src, gsize size, GError **error);
  gboolean (*download) (UtBackend *self, UtBuffer *src, void *ret_dst, gsize size, GError **error);
  gboolean (*supports) (UtBackend *self, const UtNode *node);
  UtPlan *(*plan_new) (UtBackend *self, const UtGraph *graph, GCancellable *cancel, GError **error);
  gboolean (*plan_run) (UtPlan *self, UtProgress *progress, GCancellable *cancel, GError **error);
  void (*plan_free) (UtPlan *self);
  /* optional: ut_words_translate_by() of a module that holds the engine's words once more */
  void (*translate_by) (UtTranslate translate);
  void (*memory) (UtBackend *self, guint64 *ret_free, guint64 *ret_total);
} UtBackendOps;

/** The one symbol that a plugin exports, and its type. */
#define UT_BACKEND_SYMBOL "ut_backend_get"
typedef const UtBackendOps *(*UtBackendGetFunc) (void);

/** ut_backend_names: "cpu", "cuda", "ref", NULL: every backend there may be */
const char *const *ut_backend_names (void);

/**
 * ut_backend_parse:
 * @device: NAME[:NUMBER][/PRECISION], as "cpu", "cuda", "cuda:1", "cuda/f32", "cuda:1/tf32";
 *   precisions are f32, tf32 and bf16; only modules take a number or a precision
 * @ret_name: (out) (nullable): the name, one of ut_backend_names(); fixed
 * @ret_config: (out) (nullable): for the table's open()
 *
 * Errors: DEVICE
 */
gboolean ut_backend_parse (const char *device,
                           const char **ret_name,
                           UtBackendConfig *ret_config,
                           GError **error);

/**
 * ut_backend_find:
 * @device: as ut_backend_parse()
 * @ret_info: (out) (nullable)
 *
 * The table of a backend that is usable here. Built-in ones are there at once; a
 * module (libultratwin-NAME) is looked for in the folder that UT_MODULES names, in
 * the install folder, then in the build folder, loaded once and kept.
 *
 * Errors: DEVICE where @device is unknown, the module is absent or does not fit
 * this program, or its probe finds no device: one sentence for the About box.
 * Threads: any.
 */
const UtBackendOps *ut_backend_find (const char *device, UtDeviceInfo *ret_info, GError **error);

/** ut_backend_load: the module at @path, its symbol and versions checked; not probed */
const UtBackendOps *ut_backend_load (const char *path, GError **error);

/** The built-in tables. */
const UtBackendOps *ut_ref_backend (void);
const UtBackendOps *ut_cpu_backend (void);
