/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/canonical.h"
#include "engine/image/view.h"
#include "engine/nn/weights.h"

#define UT_TWIN_MAX_STAGES 4 /* of the view encoder */
#define UT_TWIN_AE_LEVELS  5 /* of the autoencoder's encoder: 64 voxels a side down to 2 */
#define UT_TWIN_AE_UPS     4 /* of its decoders: 2 voxels a side up to 32 */

/** UtTwinPrior: whose logarithm joins the coarse logits. */
typedef enum {
  UT_TWIN_PRIOR_NONE,
  UT_TWIN_PRIOR_MEAN,     /* true: the mean heart, tensor coarse.prior */
  UT_TWIN_PRIOR_TEMPLATE, /* "template": the chosen template, blurred */
  UT_TWIN_PRIOR_SHAPE,    /* "shape": the modes that the pictures choose */
} UtTwinPrior;

/** UtTwinShape: sizes of the shape prior: maps of the pictures, a small network, and modes. */
typedef struct UtTwinShape {
  gint64 segment;    /* channels that the maps of the structures are made from */
  gint64 components; /* principal components of the maps */
  gint64 hidden;     /* width of the network */
  gint64 side;       /* of the grid that the modes stand on, voxels */
  gint64 modes;      /* K */
  gint64 power;      /* 1 or 2: how often the prior's logarithm is added to the logits */
} UtTwinShape;

/** UtTwinLocate: sizes of the locator, which finds the heart in a picture; net-locate.c. */
typedef struct UtTwinLocate {
  gint64 width;  /* channels of its encoder's first stage */
  gint64 reduce; /* channels kept at the end of it */
  gint64 hidden; /* width of the layer on those */
} UtTwinLocate;

/** UtTwinSelectInput: from what a template is chosen. */
typedef enum {
  UT_TWIN_SELECT_X_T,      /* the step's noisy volume */
  UT_TWIN_SELECT_X0_PREV,  /* the step before's result */
  UT_TWIN_SELECT_PICTURES, /* the view features, once */
} UtTwinSelectInput;

/** UtTwinAutoencoder: sizes of the implicit autoencoder. */
typedef struct UtTwinAutoencoder {
  gint64 latent;
  gint64 enc_channels[UT_TWIN_AE_LEVELS], dec_channels[UT_TWIN_AE_UPS];
  gint64 c0, point_hidden[2];
  gint64 templates; /* M, rows of the template matrix */
  gint64 groups;
  double max_disp; /* largest displacement; the cube is 2 wide */
} UtTwinAutoencoder;

/** UtTwinSelector: the template choice. */
typedef struct UtTwinSelector {
  gboolean t_branch; /* by the autoencoder's mixture weights, else by the nearest latent */
  UtTwinSelectInput input;
  gint64 t_max; /* from this time on it is template 0; not for pictures */
  gint64 k;     /* templates */
} UtTwinSelector;

/** UtTwinRefine: the refinement stage. */
typedef struct UtTwinRefine {
  gint64 dim, heads, n1, n2;
  gboolean mid_fusion, residual;
  gint64 last; /* refined are the last so many steps; 0: all */
} UtTwinRefine;

/**
 * UtTwinConfig:
 *
 * The sizes of a network, as the weight file's "config" states them. The engine
 * builds any network within the ranges of twin-config.c; `small` and `base` are
 * two of them. Names as in the file; see the table there.
 */
typedef struct UtTwinConfig {
  char *name;
  gboolean views_optional;     /* an absent view has an embedding of its own */
  gint64 side, channels;       /* of the pictures */
  double field_mm;             /* what a picture shows; 0, where the file has none: UtTwinRaster */
  double upright_mm;           /* what it shows once turned upright; 0: it stays as it is */
  double ahead_mm[UT_N_VIEWS]; /* UtUpright.ahead of each view */
  /* standard errors of the locator, along an axis; 0 where the file has none */
  double place_error_mm[UT_N_VIEWS], turn_error_deg[UT_N_VIEWS];
  UtTwinLocate locate;    /* holds with upright_mm */
  double mean[3], std[3]; /* of the grey values, per channel */
  double spacing_ref_mm;  /* ln (spacing / this) goes in */
  gboolean bottleneck;    /* "resnet50" blocks (1x1, 3x3, 1x1, four times as wide), else two 3x3 */
  gint64 width;           /* channels of the first stage */
  gint64 blocks[UT_TWIN_MAX_STAGES];
  gint64 out_stage; /* last stage that exists, 2 to 4 */
  double bn_eps;
  gint64 space_hidden, fuse_blocks, groups;
  double gn_eps, fuse_ln_eps;
  gint64 patch, dim, heads, mlp_ratio, time_freq_dim;
  double ln_eps;
  gboolean global; /* pooled features join the time embedding */
  gint64 depth;
  gboolean dual;     /* mode "dual": the blocks look at a template */
  gboolean residual; /* gamma C in each block */
  UtTwinPrior prior;
  UtTwinShape shape; /* holds with UT_TWIN_PRIOR_SHAPE */
  gboolean refined;  /* @refine holds */
  UtTwinRefine refine;
  double fusion_eps;      /* of every dynamic fusion */
  gboolean has_ae;        /* the file describes an autoencoder: @ae holds */
  UtTwinAutoencoder ae;   /* who uses it: ut_twin_config_selects_by_volume(), @topology */
  UtTwinSelector select;  /* holds in mode "dual" */
  gboolean topology;      /* the result goes through the autoencoder */
  gboolean sinks_islands; /* and what the fusion leaves of islands sinks: islands.h */
  gint64 n_times;         /* T */
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

/** ut_twin_config_selects_by_volume: TRUE where a step's template comes from a volume, through the
 * autoencoder's encoder */
gboolean ut_twin_config_selects_by_volume (const UtTwinConfig *self);
