/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/graph.h"
#include "engine/twin/twin-config.h"
#include "engine/twin/twin.h"

/**
 * UtNet:
 *
 * The parts of the network, written as formulas that append nodes to a graph and
 * take their tensors from a weight file by name. Section numbers are those of the
 * description in NETWORK.md. Errors are sticky as in the graph: a part with a
 * missing or misshapen tensor gives value 0 and ut_net_finish() tells.
 *
 * Shapes: nv views, dI feature channels, S feature positions, D width, L tokens,
 * F frequencies, N classes, dz latent, M rows of the template matrix. Volumes are
 * [N,64,64,64]; "probabilities" enter as they are, the network's 2 V - 1 is folded
 * into its weights.
 */
typedef struct UtNet {
  const UtTwinConfig *config;
  UtWeights *weights;
  UtGraph *graph;
  GError *error;
} UtNet;

/** ut_net_finish: TRUE where all of it fits together; prefixes the file's name */
gboolean ut_net_finish (UtNet *self, GError **error);

/* ---- net-locate.c: twice per reconstruction, before all else ---- */

/** Numbers that the locator makes of a picture. */
#define UT_NET_LOCATED ((gsize)4 * UT_N_VIEWS)

/**
 * 1.0: grey pictures [nv,1,side,side], normalised with mean and std of the first channel ->
 * [nv,UT_NET_LOCATED]: where the heart lies, for each view that the picture may be of: four
 * numbers of ut_heart_frame_read()
 */
UtValueId ut_net_locate (UtNet *self, UtValueId pictures);

/* ---- net-encoder.c: once per reconstruction ---- */

/** UtNetFeatures: of the encoder's last stage, [nv,dI,s,s], and of the one before, twice as fine.
 */
typedef struct UtNetFeatures {
  UtValueId last, before;
} UtNetFeatures;

/** 1.1: pictures [nv,C,side,side], normalised -> view features */
UtNetFeatures ut_net_encoder (UtNet *self, UtValueId pictures);

/**
 * 1.1: features [nv,dI,s,s], log_spacing [nv,2] = ln (mm / spacing_ref_mm) -> features
 * with spacing [nv,dI,S]. @absent [nv,dI] holds the row of space.absent for absent views and 0
 * for the others; value 0 where the network knows none.
 */
UtValueId ut_net_space (UtNet *self, UtValueId features, UtValueId log_spacing, UtValueId absent);

/** ut_net_absent: tensor space.absent, [nv,dI], lent from the weights; NULL with sticky error */
const float *ut_net_absent (UtNet *self);

/** 1.2: features [nv,dI,S] -> condition C [L,D] */
UtValueId ut_net_condition (UtNet *self, UtValueId features);

/** 1.2: features [nv,dI,S] -> their means over positions, [1,nv*dI] */
UtValueId ut_net_pool (UtNet *self, UtValueId features);

/** 1.2: pooled features [1,nv*dI] through an MLP -> [1,D]: what the whole pictures say */
UtValueId ut_net_global (UtNet *self, UtValueId pooled_features);

/** 1.7: pooled features [1,nv*dI] -> the latent [1,dz] that chooses a template */
UtValueId ut_net_latent_of_pictures (UtNet *self, UtValueId pooled_features);

/* ---- net-shape.c: once per reconstruction ---- */

/**
 * + view features -> maps of the five structures [nv,5,2 s,2 s], -1 where a cell of the picture
 * shows nothing of one and 1 where it shows nothing else
 */
UtValueId ut_net_segment (UtNet *self, UtNetFeatures features);

/** + maps of ut_net_segment() -> amounts of the training hearts' principal modes, [1,K] */
UtValueId ut_net_modes (UtNet *self, UtValueId maps);

/** + modes [1,K] -> the heart they make [N,64,64,64]: not below 0, adding up to about 1 */
UtValueId ut_net_shape_prior (UtNet *self, UtValueId modes);

/* ---- net-block.c: what the coarse stage and the refinement share ---- */

/**
 * UtNetPart:
 *
 * A transformer on a cube cut into patches: the coarse stage or one branch of the
 * refinement. Its tensors begin with @name; its c and what it looks at have the
 * network's width D, its tokens have @dim.
 */
typedef struct UtNetPart {
  const char *name; /* "coarse", "refine.x" */
  gsize dim, heads, patch[3];
} UtNetPart;

UtNetPart ut_net_coarse (const UtTwinConfig *config);

/** ut_net_branch: @axis 0, 1, 2 for x, y, z: patches are half as long along it */
UtNetPart ut_net_branch (const UtTwinConfig *config, guint axis);

/** ut_net_part_tokens: patches in the cube */
gsize ut_net_part_tokens (const UtNetPart *part);

/** 1.4: wave [1,F] of ut_net_wave(), pooled [1,D] or 0 -> c [1,D] */
UtValueId ut_net_time (UtNet *self, UtValueId wave, UtValueId pooled);

/** SiLU (x), of any shape: what every adaLN layer does with c */
UtValueId ut_net_silu (UtNet *self, UtValueId x);

/** LN (x) of rows, without affine */
UtValueId ut_net_layer_norm (UtNet *self, UtValueId x);

/** ut_net_wave: (cos, sin) of step @t, ret [F] */
void ut_net_wave (const UtTwinConfig *config, guint t, float *ret);

/**
 * 1.3: volume through matrix @name ("x_embed") -> tokens [L,dim].
 * @probabilities: the volume is V and enters as 2 V - 1
 * @added: [L,dim], or 0 for the position code
 */
UtValueId ut_net_embed (UtNet *self,
                        const UtNetPart *part,
                        const char *name,
                        UtValueId volume,
                        gboolean probabilities,
                        UtValueId added);

/** 1.5: what block @name ("block.0") looks at, [M,D] -> its keys and values [M,2 dim] */
UtValueId ut_net_block_kv (UtNet *self, const UtNetPart *part, const char *name, UtValueId source);

/**
 * 1.5: block @name on tokens x [L,dim]; silu_c [1,D], kv [M,2 dim].
 * @condition: [L,dim], joins with the block's gamma; 0 for none
 */
UtValueId ut_net_block (UtNet *self,
                        const UtNetPart *part,
                        const char *name,
                        UtValueId x,
                        UtValueId silu_c,
                        UtValueId kv,
                        UtValueId condition);

/** 1.6: end @name ("final") on tokens x [L,dim] -> logits [N,64,64,64] */
UtValueId
ut_net_final (UtNet *self, const UtNetPart *part, const char *name, UtValueId x, UtValueId silu_c);

/**
 * ut_position_code:
 * @grid: patches along z, y, x
 * @scale: a patch's length over the coarse stage's, along z, y, x
 * @ret: (out) [grid product, dim]; dim a multiple of 6
 *
 * Fixed sine-cosine code of the patch's place s = (i + 1/2) scale - 1/2: a third of
 * the channels per axis, order z, y, x; within an axis sin then cos of
 * s 10000^(-k / (dim / 6)).
 *
 * Source: DiT-3D (Mo 2023).
 */
void ut_position_code (const gsize grid[3], const double scale[3], gsize dim, float *ret);

/* ---- net-coarse.c ---- */

/**
 * 1.6: the whole coarse stage: x_t -> V_c, probabilities.
 * @kv: [depth], keys and values of each block, of C or of the template
 * @condition: C [L,D]
 * @prior: [N,64,64,64] that joins the logits: in logs, but ut_net_shape_prior() as it is;
 *   0 for none
 */
UtValueId ut_net_coarse_stage (UtNet *self,
                               UtValueId x_t,
                               UtValueId silu_c,
                               const UtValueId *kv,
                               UtValueId condition,
                               UtValueId prior);

#define UT_NET_PRIOR_FLOOR 1e-3F /* added to a heart before its logarithm joins the logits */

/**
 * ut_net_with_prior: 1.6: logits [N,64,64,64] -> probabilities
 * @prior: [N,64,64,64] as the configuration has it: a heart that adds its logarithm (template,
 *   shape), coarse.prior, which is one, or 0 for none
 *
 * The modes of a shape describe smoothed hearts, whose logarithm says too little of what the
 * pictures tell: with shape.power 2 it counts twice.
 */
UtValueId ut_net_with_prior (UtNet *self, UtValueId logits, UtValueId prior);

/** 1.6: coarse.prior; 0 where the configuration has none */
UtValueId ut_net_mean_prior (UtNet *self);

/**
 * 1.6: one-hot template [N,64,64,64] -> the heart that is its prior, [1,N,64,64,64]
 *
 * Each structure is blurred by a Gaussian of sigma 1.5 voxels, radius 5, zeros outside the cube;
 * background is what they leave of 1.
 */
UtValueId ut_net_template_prior (UtNet *self, UtValueId one_hot);

/** 1.6: one-hot template [N,64,64,64] -> e_T [L,D]; the blocks of mode dual look at LN (e_T) */
UtValueId ut_net_template (UtNet *self, UtValueId one_hot);

/* ---- net-refine.c ---- */

/** Blocks of all branches together, each with keys and values of C of its own. */
guint ut_net_refine_n_blocks (const UtTwinConfig *config);

/** 1.8: C [L,D] -> keys and values [L,2 Dr] of refinement block @i: branch x first, its stage 1
 * before its stage 2 */
UtValueId ut_net_refine_kv (UtNet *self, guint i, UtValueId condition);

/** UtNetRefined: what the refinement makes; branches in the order x, y, z. */
typedef struct UtNetRefined {
  UtValueId first[UT_TWIN_N_BRANCHES];    /* V_b^1 */
  UtValueId fused;                        /* F_1; 0 without the fusion in the middle */
  UtValueId second[UT_TWIN_N_BRANCHES];   /* V_b^2 */
  UtValueId variance[UT_TWIN_N_BRANCHES]; /* local, of V_b^2 */
  UtValueId result;                       /* V_f */
} UtNetRefined;

/** 1.8: V_c -> V_f, probabilities both. @kv: [ut_net_refine_n_blocks()] */
UtNetRefined ut_net_refine (UtNet *self, UtValueId v_c, UtValueId silu_c, const UtValueId *kv);

/** 1.9: dynamic fusion of @n (2 or 3) volumes of probabilities.
 * @ret_variance: (out) (optional): [n], their local variances */
UtValueId ut_net_fuse (UtNet *self, guint n, const UtValueId *volumes, UtValueId *ret_variance);

/* ---- net-autoencoder.c ---- */

/** 1.10: u = 2 V - 1 or x_t [N,64,64,64] -> z [1,dz] */
UtValueId ut_net_latent (UtNet *self, UtValueId u);

/** 1.10: z [1,dz] -> logits of the mixture of the template matrix's rows [1,M] */
UtValueId ut_net_mixture (UtNet *self, UtValueId z);

/** UtNetDecoded: what the decoders make of a latent, at every voxel. */
typedef struct UtNetDecoded {
  UtValueId displaced;  /* p + delta (p), [64^3,3] */
  UtValueId correction; /* r (p), [64^3,N] */
  UtValueId logits;     /* t (p + delta (p)) + r (p), [64^3,N] */
  UtValueId result;     /* V_ae, [N,64,64,64] */
} UtNetDecoded;

/** 1.10: z [1,dz] -> V_ae */
UtNetDecoded ut_net_decode (UtNet *self, UtValueId z);
