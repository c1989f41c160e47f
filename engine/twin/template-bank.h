/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"
#include "engine/nn/weights.h"
#include "engine/twin/twin-config.h"

/**
 * UtTemplateBank:
 *
 * The stored hearts from which the network starts in mode "dual", on the host: the
 * choice of one falls between two plans (1.7 in NETWORK.md).
 */
typedef struct UtTemplateBank {
  guint n;           /* K */
  gsize latent_dim;  /* dz */
  guint8 *labels;    /* [K,64,64,64] (z, y, x), below UT_N_LABELS */
  float *latents;    /* [K,dz] */
  float *deviations; /* [dz], of the training latents; all > 0 */
} UtTemplateBank;

/**
 * ut_template_bank_new: copies ts.labels, ts.latent and ts.std
 *
 * Errors: FORMAT where one is missing, misshapen or holds what it must not.
 */
UtTemplateBank *
ut_template_bank_new (const UtTwinConfig *config, UtWeights *weights, GError **error);

void ut_template_bank_free (UtTemplateBank *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtTemplateBank, ut_template_bank_free)

/** ut_template_bank_nearest: to latent @z [dz], by |(z - z_k) / deviations|; ties to the lowest */
guint ut_template_bank_nearest (const UtTemplateBank *self, const float *z);

/** ut_template_bank_largest: place of the largest of @n numbers; ties to the lowest */
guint ut_template_bank_largest (const float *values, guint n);

/** ut_template_bank_one_hot: template @k as ret [UT_N_LABELS,64,64,64] */
void ut_template_bank_one_hot (const UtTemplateBank *self, guint k, float *ret);

/** ut_template_bank_volume: template @k as labels on the canonical grid; MEMORY */
UtVolume *ut_template_bank_volume (const UtTemplateBank *self, guint k, GError **error);
