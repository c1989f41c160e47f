/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/canonical.h"
#include "engine/image/view.h"
#include "engine/nn/weights.h"

#define UT_TWIN_MAX_STAGES 4 /* of the view encoder */

/**
 * UtTwinConfig:
 *
 * The sizes of a network, as the weight file's "config" states them. The engine
 * builds any network within the ranges of twin-config.c; `small` and `base` are
 * two of them. Names as in the file; see the table there.
 */
typedef struct UtTwinConfig {
  char *name;
  gboolean views_optional; /* an absent view has an embedding of its own */
  gint64 side, channels;   /* of the pictures */
  double field_mm;         /* what a picture shows; 0, where the file has none: UtTwinRaster */
  double mean[3], std[3];  /* of the grey values, per channel */
  double spacing_ref_mm;   /* ln (spacing / this) goes in */
  gboolean bottleneck;     /* "resnet50" blocks (1x1, 3x3, 1x1, four times as wide), else two 3x3 */
  gint64 width;            /* channels of the first stage */
  gint64 blocks[UT_TWIN_MAX_STAGES];
  gint64 out_stage; /* last stage that exists, 2 to 4 */
  double bn_eps;
  gint64 space_hidden, fuse_blocks, groups;
  double gn_eps, fuse_ln_eps;
  gint64 patch, dim, heads, mlp_ratio, time_freq_dim;
  double ln_eps;
  gboolean global; /* pooled features join the time embedding */
  gint64 depth;
  gboolean residual, prior; /* gamma C in each block; ln (mean heart) on the logits */
  gint64 n_times;           /* T */
  double beta_start, beta_end;
  gint64 steps;
  gboolean fresh_noise; /* eta = 1 */
} UtTwinConfig;

void ut_twin_config_free (UtTwinConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtTwinConfig, ut_twin_config_free)

/**
 * ut_twin_config_new:
 *
 * Reads and checks format, format_version and config of a weight file.
 *
 * Errors: FORMAT where a member is missing or mistyped, RANGE where a number is
 * outside its range or contradicts another, UNSUPPORTED where it asks for a part
 * that this version does not build; each names the file and the member.
 */
UtTwinConfig *ut_twin_config_new (const UtWeights *weights, GError **error);

/** ut_twin_config_features: d_I, channels of the view features */
gsize ut_twin_config_features (const UtTwinConfig *self);

/** ut_twin_config_tokens: L, tokens of the coarse stage */
gsize ut_twin_config_tokens (const UtTwinConfig *self);
