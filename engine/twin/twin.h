/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/image/view.h"
#include "engine/image/volume.h"
#include "engine/twin/twin-validation.h"

/** Voxels of one class of a probability volume: 64^3. */
#define UT_TWIN_N_VOXELS ((gsize)64 * 64 * 64)

/** Branches of the refinement, x, y and z: each cuts its patches finer along that axis. */
#define UT_TWIN_N_BRANCHES 3

/** Twins of one input that can be put together. */
#define UT_TWIN_MAX_SEEDS 64

/** UtTwin.template_index where there is none. */
#define UT_TWIN_NO_TEMPLATE (-1)

/** UtTwinStage: what the network puts out on its way, in order, and what a person made of it. */
typedef enum {
  UT_TWIN_TEMPLATE,    /* the stored heart from which it started */
  UT_TWIN_COARSE,      /* the coarse diffusion stage */
  UT_TWIN_REFINED,     /* anisotropic refinement and fusion of it */
  UT_TWIN_AUTOENCODER, /* that, through the implicit autoencoder */
  UT_TWIN_CORRECTED,   /* fusion of the last two */
  UT_TWIN_EDITED,      /* a copy that a person changed: ut_twin_new_edited() */
  UT_N_TWIN_STAGES,
} UtTwinStage;

/** ut_twin_stage_name: "template", "coarse", ...: fixed, for files; never translated */
const char *ut_twin_stage_name (UtTwinStage stage);

/** ut_twin_stage_from_name: FALSE where @name is none of them */
gboolean ut_twin_stage_from_name (const char *name, UtTwinStage *ret_stage);

/** UtTwinProvenance: everything needed to make the same twin again. Strings may be NULL. */
typedef struct UtTwinProvenance {
  char *model_name;   /* "name" of the weight file's configuration */
  char *model_sha256; /* of the weight file, lower-case hex */
  char *device;       /* backend that ran: "cpu", "cuda", "ref" */
  char *version;      /* of this program */
  char *options;      /* settings as resolved, a JSON object: ut_twin_model_reconstruct() */
  guint64 seed;
  guint n_seeds; /* the twin is the mean over seed, seed + 1, ...; 0 and 1: of one */
  guint steps;
  gboolean present[UT_N_VIEWS];
  guint frame[UT_N_VIEWS];          /* of each loop, counted from 0 */
  char *input_sha256[UT_N_VIEWS];   /* of each loop's file */
  double spacing_mm[UT_N_VIEWS][2]; /* row, column, mm per pixel of the network's pictures */
  gboolean upright; /* the network turned the pictures; the next two say by what it found */
  double heart_mm[UT_N_VIEWS][2];    /* centroid of LV and its wall, mm below the probe and to
                                      * the right of it */
  double heart_turn_deg[UT_N_VIEWS]; /* of the heart, clockwise on the screen: UtHeartFrame */
  double seconds;                    /* the reconstruction took */
  UtTwinValidation validation;       /* how the weights err, as known at the time */
} UtTwinProvenance;

/** ut_twin_provenance_copy: deep copy of @src into the empty (all zero) @ret */
void ut_twin_provenance_copy (const UtTwinProvenance *src, UtTwinProvenance *ret);

/** ut_twin_provenance_clear: frees the strings and zeroes the struct */
void ut_twin_provenance_clear (UtTwinProvenance *self);

/**
 * UtTwin:
 *
 * The reconstructed heart of one phase: the stages that the network went
 * through. A stage may be absent; a network without templates, refinement and
 * autoencoder has only UT_TWIN_COARSE.
 *
 * Shape: @probabilities[s] is [UT_N_LABELS, 64, 64, 64] (class, z, y, x), x
 * fastest, and adds up to 1 over the classes; NULL where the stage is absent, is
 * UT_TWIN_TEMPLATE (a template is labels) or was read from a file that keeps
 * labels only. @labels[s] is the arg max of it (ties to the lower label); NULL
 * where the stage is absent.
 *
 * @variance and @weight say where the refinement's branches x, y and z were sure
 * of themselves at their last fusion: [UT_TWIN_N_BRANCHES, 64, 64, 64], the local
 * variance (0 to 0.25) and the weight 1 / (variance + eps), each the mean over the
 * five structures; the three weights of a voxel add up to 1. Both NULL without
 * UT_TWIN_REFINED.
 *
 * @spread is [64, 64, 64]: how far the seeds of a mean differ, see twin-mean.h. NULL
 * where the twin is that of one seed. @seed_voxels is [n_seeds][UT_N_LABELS]: voxels of each
 * label in the last stage of every seed's own twin; NULL as @spread, and where a mean was made
 * before these were kept.
 *
 * @base is the twin that an edited one was made from and whose memory it shows; else NULL.
 *
 * Frame: @labels stand in the canonical frame of engine/anatomy/canonical.h.
 * Ownership: reference counted; fill it before you share it, then it never changes.
 */
typedef struct UtTwin UtTwin;
struct UtTwin {
  UtPhase phase;
  float *probabilities[UT_N_TWIN_STAGES];
  UtVolume *labels[UT_N_TWIN_STAGES];
  int template_index; /* of the last step, from 0; UT_TWIN_NO_TEMPLATE */
  float *variance, *weight;
  float *spread;
  guint32 (*seed_voxels)[UT_N_LABELS];
  UtTwinProvenance provenance;
  UtTwin *base;
  gatomicrefcount ref_count;
};

/** ut_twin_new: a twin without stages; copies @provenance, which may be NULL */
UtTwin *ut_twin_new (UtPhase phase, const UtTwinProvenance *provenance);

/**
 * ut_twin_new_edited:
 * @base: not edited itself; referenced, never changed
 * @labels: as ut_twin_set_labels()
 *
 * A twin with all of @base and the stage UT_TWIN_EDITED. It shares the memory of @base, so that
 * many edits of a heart cost a label map each.
 *
 * Errors: FORMAT as ut_twin_set_labels().
 *
 * Returns: (transfer full): a twin, or NULL with @error set
 */
UtTwin *ut_twin_new_edited (UtTwin *base, UtVolume *labels, GError **error);

UtTwin *ut_twin_ref (UtTwin *self);
void ut_twin_unref (UtTwin *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtTwin, ut_twin_unref)

/**
 * ut_twin_take_probabilities:
 * @stage: a stage that is still absent
 * @probabilities: (transfer full): [UT_N_LABELS, 64, 64, 64], from g_malloc(); taken
 *   on success and failure alike
 *
 * Adds a stage and makes its labels.
 *
 * Errors: FORMAT where a value is not finite; MEMORY.
 */
gboolean
ut_twin_take_probabilities (UtTwin *self, UtTwinStage stage, float *probabilities, GError **error);

/**
 * ut_twin_set_labels:
 * @labels: 64^3, UT_VOXEL_U8, values below UT_N_LABELS, on the canonical grid
 *
 * Adds a stage that is known by its labels only (read back from a study).
 *
 * Errors: FORMAT where @labels are anything else.
 */
gboolean ut_twin_set_labels (UtTwin *self, UtTwinStage stage, UtVolume *labels, GError **error);

/**
 * ut_twin_take_branches:
 * @variance: (transfer full): [UT_TWIN_N_BRANCHES, 64, 64, 64], from g_malloc(); taken
 *   on success and failure alike
 * @weight: (transfer full): the same
 *
 * Errors: FORMAT where a value is not finite.
 */
gboolean ut_twin_take_branches (UtTwin *self, float *variance, float *weight, GError **error);

/**
 * ut_twin_take_spread:
 * @spread: (transfer full): [64, 64, 64], from g_malloc(); taken on success and failure alike
 *
 * Errors: FORMAT where a value is not finite.
 */
gboolean ut_twin_take_spread (UtTwin *self, float *spread, GError **error);

/**
 * ut_twin_set_seed_voxels:
 * @voxels: [n_seeds of the provenance][UT_N_LABELS]; copied
 *
 * Errors: FORMAT where a row does not add up to UT_TWIN_N_VOXELS.
 */
gboolean
ut_twin_set_seed_voxels (UtTwin *self, const guint32 (*voxels)[UT_N_LABELS], GError **error);

/** ut_twin_has_stage: TRUE where @stage is present (its labels are) */
gboolean ut_twin_has_stage (const UtTwin *self, UtTwinStage stage);

/** ut_twin_final_stage: the last stage present; what is measured and shown first */
UtTwinStage ut_twin_final_stage (const UtTwin *self);

/** ut_twin_network_stage: the last stage that the network made, whether or not it was edited */
UtTwinStage ut_twin_network_stage (const UtTwin *self);

/** ut_twin_is_edited: TRUE where a person changed voxels of @structure */
gboolean ut_twin_is_edited (const UtTwin *self, UtStructure structure);
