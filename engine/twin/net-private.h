/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/twin/net.h"

/* What the parts of the network share; for net*.c only. */

#define N_CLASSES ((gsize)UT_N_LABELS)
#define N_VIEWS   ((gsize)UT_N_VIEWS)
#define SIDE      ((gsize)UT_CANONICAL_SIDE)
#define VOLUME    UT_SHAPE (N_CLASSES, SIDE, SIDE, SIDE)

/** UtNetThen: what a linear layer does beside its tensors; all zero is a plain one. */
typedef struct UtNetThen {
  UtActivation activation;
  UtValueId gate, residual;
} UtNetThen;

/** ut_net_take: tensor @name, lent from the weights; NULL with sticky error */
const float *ut_net_take (UtNet *self, const char *name, UtShape shape);

/** ut_net_weight: the same as a constant of the graph */
UtValueId ut_net_weight (UtNet *self, UtShape shape, const char *format, ...) G_GNUC_PRINTF (3, 4);

/** ut_net_linear: @name.weight [n_out,n_in] and @name.bias on rows of @x */
UtValueId
ut_net_linear (UtNet *self, const char *name, UtValueId x, gsize n_in, gsize n_out, UtNetThen then);

/**
 * ut_net_conv_bn: kernel @conv.weight of @shape on x [n,C,H,W] with padding, then batch norm @bn,
 * then @residual, then @activation. The norm is folded into the kernel, which has no bias of its
 * own: w' = w gamma / sqrt (var + eps), b' = beta - mean gamma / sqrt (var + eps).
 */
UtValueId ut_net_conv_bn (UtNet *self,
                          const char *conv,
                          const char *bn,
                          UtValueId x,
                          UtShape shape,
                          gsize stride,
                          UtActivation activation,
                          UtValueId residual);

/** ut_net_conv: kernel @name.weight [n_out,C,kernel,kernel] and bias on x [n,C,H,W], padded */
UtValueId ut_net_conv (UtNet *self,
                       const char *name,
                       UtValueId x,
                       gsize n_out,
                       gsize kernel,
                       gsize stride,
                       UtActivation activation);

/** UtNetResNet: an encoder (He 2016, torchvision's names) without its pool and classifier. */
typedef struct UtNetResNet {
  const char *name; /* its tensors begin with it */
  gsize channels, width;
  gboolean bottleneck; /* blocks of ResNet-50, else of ResNet-18 */
  const gint64 *blocks;
  int n_stages;
} UtNetResNet;

/** ut_net_res_net: pictures [n,channels,side,side], normalised -> features */
UtNetFeatures ut_net_res_net (UtNet *self, const UtNetResNet *sizes, UtValueId pictures);

/** ut_net_shape: of a value; zero dimensions where there is none */
UtShape ut_net_shape (const UtNet *self, UtValueId value);
