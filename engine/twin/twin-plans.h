/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/backend.h"
#include "engine/twin/net.h"
#include "engine/twin/template-bank.h"
#include "engine/twin/twin.h"

/** Numbers in a volume of probabilities. */
#define UT_TWIN_N_VOLUME ((gsize)UT_N_LABELS * UT_TWIN_N_VOXELS)

/** UtTwinPlan: the network, cut where the host has something to decide. */
typedef enum {
  UT_TWIN_PLAN_LOCATE,   /* twice: grey pictures -> where the heart lies in them */
  UT_TWIN_PLAN_ENCODE,   /* once: pictures -> condition, keys and values of it, pooled */
  UT_TWIN_PLAN_NOISE,    /* seed and stream -> x */
  UT_TWIN_PLAN_TEMPLATE, /* per template: one-hot -> keys and values of the coarse blocks, prior */
  UT_TWIN_PLAN_CENTRE,   /* u = 2 V_f - 1 */
  UT_TWIN_PLAN_LATENT,   /* u -> latent, mixture */
  UT_TWIN_PLAN_DENOISE,  /* per step: x_t -> V_c */
  UT_TWIN_PLAN_REFINE,   /* V_c -> V_f */
  UT_TWIN_PLAN_KEEP,     /* V_f = V_c, in steps without refinement */
  UT_TWIN_PLAN_UPDATE,   /* x of the next step, in place of that of this one */
  UT_TWIN_PLAN_DECODE,   /* once: latent and V_f -> V_ae, V_out */
  UT_N_TWIN_PLANS,
} UtTwinPlan;

/**
 * UtTwinPlans:
 *
 * The network on a device: plans and the buffers between them. Whatever the
 * configuration does not need is NULL.
 */
typedef struct UtTwinPlans {
  const UtTwinConfig *config; /* lent */
  const UtBackendOps *ops;
  UtBackend *backend;
  UtPlan *plan[UT_N_TWIN_PLANS];
  float *absent;        /* on the host: space.absent [nv,dI] */
  UtTemplateBank *bank; /* on the host */
  GPtrArray *buffers;   /* all those below */
  /* once per reconstruction */
  UtBuffer *grey;        /* [nv,1,side,side], normalised: what the locator sees */
  UtBuffer *located;     /* [nv,UT_NET_LOCATED] */
  UtBuffer *pictures;    /* [nv,C,side,side], normalised */
  UtBuffer *log_spacing; /* [nv,2] */
  UtBuffer *absent_rows; /* [nv,dI] */
  UtBuffer *condition;   /* [L,D] */
  UtBuffer *pooled;      /* [1,D] */
  UtBuffer **refine_kv;  /* per block of the refinement, [L,2 Dr] */
  UtBuffer **kv;         /* per coarse block, [L,2 D]; in mode "dual" once per template */
  /* once per template */
  UtBuffer *one_hot, *prior; /* [N,64,64,64] */
  /* per step */
  UtBuffer *noise_key;    /* [6], ut_philox_pack() */
  UtBuffer *wave;         /* [1,F] */
  UtBuffer *silu_c;       /* [1,D] */
  UtBuffer *x;            /* [N,64,64,64] */
  UtBuffer *coarse;       /* V_c */
  UtBuffer *result;       /* V_f; the same as @coarse without refinement */
  UtBuffer *variance[3];  /* of branches x, y, z at the last fusion, [N,64,64,64] */
  UtBuffer *coefficients; /* [3] */
  UtBuffer *u;            /* what the autoencoder sees; @x where that is enough */
  UtBuffer *latent;       /* [1,dz] */
  UtBuffer *mixture;      /* [1,M] */
  /* once, at the end */
  UtBuffer *autoencoder, *corrected; /* V_ae, V_out */
} UtTwinPlans;

/**
 * ut_twin_plans_new:
 * @config: must outlive the plans
 *
 * Opens a device and builds the network on it. Takes every tensor of @weights that
 * the configuration asks for; those of an autoencoder that is described but not
 * used may be there or not.
 *
 * Errors: FORMAT where a tensor is missing or misshapen; DEVICE, MEMORY;
 * G_IO_ERROR_CANCELLED.
 */
UtTwinPlans *ut_twin_plans_new (const UtTwinConfig *config,
                                UtWeights *weights,
                                const char *device,
                                GCancellable *cancel,
                                GError **error);

void ut_twin_plans_free (UtTwinPlans *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtTwinPlans, ut_twin_plans_free)

/* The device's calls, with counts of floats. */
gboolean ut_twin_plans_upload (
  UtTwinPlans *self, UtBuffer *dst, const float *src, gsize count, GError **error);
gboolean
ut_twin_plans_download (UtTwinPlans *self, UtBuffer *src, float *ret, gsize count, GError **error);
gboolean ut_twin_plans_run (
  UtTwinPlans *self, UtTwinPlan plan, UtProgress *progress, GCancellable *cancel, GError **error);
