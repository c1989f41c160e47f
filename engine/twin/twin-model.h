/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/twin/twin-input.h"
#include "engine/twin/twin.h"

#include <gio/gio.h>

#define UT_TWIN_MAX_STEPS 1000

/** UtTwinDevice: one place where the network could run, for the About box and the CLI. */
typedef struct UtTwinDevice {
  char *name;        /* "cpu", "cuda", "cuda:1", "ref": what ut_twin_model_open() takes */
  char *description; /* of the hardware and its library; NULL where not usable */
  gboolean usable;
  char *reason; /* one sentence why it is not usable; NULL where it is */
} UtTwinDevice;

void ut_twin_device_free (UtTwinDevice *self);

/**
 * ut_twin_devices:
 *
 * Looks for every device: those built in, and the cuda module by its loader.
 * The best usable one ("auto") comes first; the plain reference, which is slow
 * and there for tests, comes last.
 *
 * Returns: (transfer full) (element-type UtTwinDevice): frees its elements
 */
GPtrArray *ut_twin_devices (void);

/**
 * UtTwinModel:
 *
 * A weight file, opened on a device: weights and plans are kept, so that every
 * reconstruction after the first costs only its own arithmetic. Reference counted.
 *
 * Threads: ref, unref and the getters from any thread; reconstructions of one
 * model wait for each other.
 */
typedef struct UtTwinModel UtTwinModel;

/**
 * ut_twin_model_default_path:
 *
 * The weight file that comes with the program: models/ultratwin-small.safetensors
 * in the installed data folder, else in resources/ of the build or source tree.
 * UT_MODEL in the environment takes their place, whether it is there or not.
 *
 * Returns: (transfer full): a path, or NULL with @error set
 *   (G_FILE_ERROR_NOENT) saying where it was looked for
 */
char *ut_twin_model_default_path (GError **error);

/**
 * ut_twin_model_open:
 * @path: a weight file (safetensors, named and configured as NETWORK.md beside this says)
 * @device: "auto", "cpu", "ref", or "cuda" with number and precision as ut_backend_parse();
 *   "auto" takes the first of ut_twin_devices(): where the network does not fit there, or the
 *   device fails, that is an error, never another device. See ut_twin_may_fall_back().
 * @cancel: (nullable): looked at between the parts of the network
 *
 * Reads and checks a weight file, with the table of its errors beside it (twin-validation.h), and
 * prepares it for a device.
 *
 * Errors: G_FILE_ERROR; FORMAT for a damaged file or one whose tensors do not
 * follow from its configuration; UNSUPPORTED for a configuration that this
 * version does not build; DEVICE where @device is unknown or not usable; MEMORY.
 * Messages hold the base name of @path only.
 *
 * Returns: (transfer full): the model, or NULL with @error set
 */
UtTwinModel *
ut_twin_model_open (const char *path, const char *device, GCancellable *cancel, GError **error);

/**
 * ut_twin_device_resolve:
 *
 * Returns: (transfer full): the first of ut_twin_devices() for "auto", else @device itself
 */
char *ut_twin_device_resolve (const char *device);

/**
 * ut_twin_may_fall_back:
 * @device: resolved, as above
 * @error: why opening, or a reconstruction, failed
 *
 * TRUE where the device ran out of memory or was lost, so that "cpu" may do what @device could
 * not. Whoever may decide that is asked first.
 */
gboolean ut_twin_may_fall_back (const char *device, const GError *error);

UtTwinModel *ut_twin_model_ref (UtTwinModel *self);
void ut_twin_model_unref (UtTwinModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtTwinModel, ut_twin_model_unref)

/* Lent, valid as long as the model. */
const char *ut_twin_model_get_name (const UtTwinModel *self);
const char *ut_twin_model_get_sha256 (const UtTwinModel *self);
const char *ut_twin_model_get_device (const UtTwinModel *self);
UtTwinRaster ut_twin_model_get_raster (const UtTwinModel *self); /* for ut_twin_input_new() */
guint ut_twin_model_get_default_steps (const UtTwinModel *self);
gboolean ut_twin_model_get_views_optional (const UtTwinModel *self);
gboolean ut_twin_model_get_sinks_islands (const UtTwinModel *self); /* islands.h */
guint64 ut_twin_model_get_n_parameters (const UtTwinModel *self);

/** ut_twin_model_get_metadata: (nullable): a free string of the file ("train.dataset", "license")
 */
const char *ut_twin_model_get_metadata (const UtTwinModel *self, const char *key);

/**
 * ut_twin_model_has_stage: TRUE where a reconstruction with all parts has @stage. A network
 * without refinement has no UT_TWIN_REFINED, one without templates no UT_TWIN_TEMPLATE.
 */
gboolean ut_twin_model_has_stage (const UtTwinModel *self, UtTwinStage stage);

/** ut_twin_model_get_n_templates: K; 0 where the network has no templates */
guint ut_twin_model_get_n_templates (const UtTwinModel *self);

/** UtTwinNoise: what the sampler carries from one step to the next. */
typedef enum {
  UT_TWIN_NOISE_DEFAULT, /* as the weight file says */
  UT_TWIN_NOISE_IMPLIED, /* the noise that x_t implies: DDIM, eta 0 */
  UT_TWIN_NOISE_FRESH,   /* drawn anew from stream 1, 2, ... of the seed: eta 1 */
} UtTwinNoise;

/**
 * UtTwinWithout:
 *
 * Parts left out of one reconstruction, for the ablation. Without refinement the coarse stage's
 * result goes on in its place, through every step and into the topology stage. What the network
 * does not have is no error.
 */
typedef enum {
  UT_TWIN_WITHOUT_NOTHING = 0,
  UT_TWIN_WITHOUT_REFINEMENT = 1 << 0, /* no UT_TWIN_REFINED, no variance and weight */
  UT_TWIN_WITHOUT_TOPOLOGY = 1 << 1,   /* no UT_TWIN_AUTOENCODER, no UT_TWIN_CORRECTED */
} UtTwinWithout;

/** UtTwinOptions: all zero is the default. */
typedef struct UtTwinOptions {
  UtPhase phase;   /* kept in the twin; the network does not know it */
  guint64 seed;    /* of the start noise */
  gboolean shaken; /* and of errors of where the heart lies in the pictures: ut_twin_see() */
  guint steps;     /* 1 to UT_TWIN_MAX_STEPS; 0 = the weight file's own number */
  UtTwinNoise noise;
  UtTwinWithout without;
} UtTwinOptions;

/**
 * ut_twin_model_reconstruct:
 * @options: (nullable)
 * @progress: (nullable): stages UT_STAGE_ENCODE, DENOISE, REFINE, CORRECT
 * @cancel: (nullable): answered within about 100 ms
 *
 * Makes the twin of one phase. The same file, input, options and device give
 * the same bytes.
 *
 * UtTwinProvenance.options: {"sampler":"ddim","steps":S,"spacing":"trailing","eta":0|1,
 * "rng":"philox4x32-10/boxmuller","template":bool,"refine":steps refined,
 * "topology":bool,"sink_islands":bool}
 *
 * Errors: RANGE where a view is absent and the model needs it (naming the view),
 * the side differs from ut_twin_model_get_raster() or steps are out of range;
 * DEVICE, MEMORY; G_IO_ERROR_CANCELLED.
 * Cost: `small` on one thread: a step 0.1 s, with refinement 0.3 s; the rest 0.2 s.
 *
 * Returns: (transfer full): the twin, or NULL with @error set
 */
UtTwin *ut_twin_model_reconstruct (UtTwinModel *self,
                                   UtTwinInput *input,
                                   const UtTwinOptions *options,
                                   UtProgress *progress,
                                   GCancellable *cancel,
                                   GError **error);

/**
 * ut_twin_model_mend:
 * @labels: 64^3, UT_VOXEL_U8, values below UT_N_LABELS, on the canonical grid
 *
 * What the network's topology stage makes of a heart that it did not make itself: @labels stand
 * as UT_TWIN_REFINED, certain of themselves, UT_TWIN_AUTOENCODER and UT_TWIN_CORRECTED are those of
 * ut_twin_model_reconstruct(). The provenance has no views and no validation.
 *
 * Errors: FORMAT where @labels are anything else; RANGE where the network has no topology stage;
 * DEVICE, MEMORY; G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the twin, or NULL with @error set
 */
UtTwin *ut_twin_model_mend (UtTwinModel *self,
                            UtPhase phase,
                            const UtVolume *labels,
                            UtProgress *progress,
                            GCancellable *cancel,
                            GError **error);
