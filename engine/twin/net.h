/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/graph.h"
#include "engine/twin/twin-config.h"

/**
 * UtNet:
 *
 * The parts of the network, written as formulas that append nodes to a graph and
 * take their tensors from a weight file by name. Section numbers are those of the
 * description in NETWORK.md. Errors are sticky as in the graph: a part with a
 * missing or misshapen tensor gives value 0 and ut_net_finish() tells.
 *
 * Shapes: nv views, dI feature channels, S feature positions, D width, L tokens,
 * F frequencies, N classes.
 */
typedef struct UtNet {
  const UtTwinConfig *config;
  UtWeights *weights;
  UtGraph *graph;
  GError *error;
} UtNet;

/** ut_net_finish: TRUE where all of it fits together; prefixes the file's name */
gboolean ut_net_finish (UtNet *self, GError **error);

/** 1.1: pictures [nv,C,side,side], normalised -> view features [nv,dI,S] */
UtValueId ut_net_encoder (UtNet *self, UtValueId pictures);

/**
 * 1.1: features [nv,dI,S], log_spacing [nv,2] = ln (mm / spacing_ref_mm) -> features
 * with spacing. @absent [nv,dI] holds the row of space.absent for absent views and 0
 * for the others; value 0 where the network knows none.
 */
UtValueId ut_net_space (UtNet *self, UtValueId features, UtValueId log_spacing, UtValueId absent);

/** ut_net_absent: tensor space.absent, [nv,dI], lent from the weights; NULL with sticky error */
const float *ut_net_absent (UtNet *self);

/** 1.2: features [nv,dI,S] -> condition C [L,D] */
UtValueId ut_net_condition (UtNet *self, UtValueId features);

/** Pooled features through an MLP, [nv,dI,S] -> [1,D]: what the whole pictures say */
UtValueId ut_net_global (UtNet *self, UtValueId features);

/** 1.5: C [L,D] -> keys and values of coarse block @i, [L,2D] */
UtValueId ut_net_block_kv (UtNet *self, guint i, UtValueId condition);

/** 1.4: wave [1,F] of ut_net_wave(), pooled [1,D] or 0 -> c [1,D] */
UtValueId ut_net_time (UtNet *self, UtValueId wave, UtValueId pooled);

/** ut_net_wave: (cos, sin) of step @t, ret [F] */
void ut_net_wave (const UtTwinConfig *config, guint t, float *ret);

/** 1.3: volume [N,64,64,64] -> tokens [L,D], position code added */
UtValueId ut_net_embed (UtNet *self, UtValueId volume);

/** 1.5: coarse block @i; x [L,D], silu_c = SiLU (c) [1,D], kv [L,2D], condition [L,D] */
UtValueId ut_net_block (
  UtNet *self, guint i, UtValueId x, UtValueId silu_c, UtValueId kv, UtValueId condition);

/** 1.6: tokens [L,D] -> logits [N,64,64,64], without prior */
UtValueId ut_net_final (UtNet *self, UtValueId x, UtValueId silu_c);

/** coarse.prior, [N,64,64,64]; 0 where the configuration has none */
UtValueId ut_net_prior (UtNet *self);

/**
 * ut_position_code:
 * @ret: (out) [grid^3, dim]; dim a multiple of 6
 *
 * Fixed sine-cosine code: a third of the channels per axis, order z, y, x; within
 * an axis sin then cos of s 10000^(-k / (dim / 6)).
 *
 * Source: DiT-3D (Mo 2023).
 */
void ut_position_code (gsize grid, gsize dim, float *ret);
