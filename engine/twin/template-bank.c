/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/template-bank.h"

#include "engine/anatomy/canonical.h"
#include "engine/anatomy/structure.h"
#include "engine/base/error.h"
#include "engine/base/words.h"

#include <math.h>
#include <string.h>

#define SIDE     ((gsize)UT_CANONICAL_SIDE)
#define N_VOXELS (SIDE * SIDE * SIDE)

void
ut_template_bank_free (UtTemplateBank *self)
{
  if (self == NULL)
    return;
  g_free (self->labels);
  g_free (self->latents);
  g_free (self->deviations);
  g_free (self);
}

static gboolean
refuse (const UtWeights *weights, const char *tensor, const char *what, GError **error)
{
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("%s: tensor \"%s\" %s"),
               ut_weights_get_name (weights),
               tensor,
               what);
  return FALSE;
}

static gboolean
check (const UtTemplateBank *self, const UtWeights *weights, GError **error)
{
  for (gsize i = 0; i < self->n * N_VOXELS; i++)
    if (self->labels[i] >= UT_N_LABELS)
      return refuse (weights, "ts.labels", ut_words ("holds a label above 5"), error);
  for (gsize i = 0; i < self->latent_dim; i++)
    if (!(self->deviations[i] > 0))
      return refuse (weights, "ts.std", ut_words ("holds a number that is not above 0"), error);
  return TRUE;
}

UtTemplateBank *
ut_template_bank_new (const UtTwinConfig *config, UtWeights *weights, GError **error)
{
  gsize n = (gsize)config->select.k, dz = (gsize)config->ae.latent;
  const UtShape of_labels = UT_SHAPE (n, SIDE, SIDE, SIDE), of_latents = UT_SHAPE (n, dz);
  const UtShape of_deviations = UT_SHAPE (dz);
  const guint8 *labels = ut_weights_take_u8 (weights, "ts.labels", &of_labels, error);
  const float *latents = labels ? ut_weights_take (weights, "ts.latent", &of_latents, error) : NULL;
  const float *deviations =
    latents ? ut_weights_take (weights, "ts.std", &of_deviations, error) : NULL;
  if (deviations == NULL)
    return NULL;
  g_autoptr (UtTemplateBank) self = g_new0 (UtTemplateBank, 1);
  self->n = (guint)n;
  self->latent_dim = dz;
  self->labels = g_memdup2 (labels, n * N_VOXELS);
  self->latents = g_memdup2 (latents, n * dz * sizeof (float));
  self->deviations = g_memdup2 (deviations, dz * sizeof (float));
  return check (self, weights, error) ? g_steal_pointer (&self) : NULL;
}

guint
ut_template_bank_nearest (const UtTemplateBank *self, const float *z)
{
  guint best = 0;
  double least = INFINITY;
  for (guint k = 0; k < self->n; k++) {
    double sum = 0;
    for (gsize i = 0; i < self->latent_dim; i++) {
      double d = ((double)z[i] - self->latents[k * self->latent_dim + i]) / self->deviations[i];
      sum += d * d;
    }
    if (sum < least) {
      least = sum;
      best = k;
    }
  }
  return best;
}

guint
ut_template_bank_largest (const float *values, guint n)
{
  guint best = 0;
  for (guint i = 1; i < n; i++)
    best = values[i] > values[best] ? i : best;
  return best;
}

void
ut_template_bank_one_hot (const UtTemplateBank *self, guint k, float *ret)
{
  const guint8 *labels = self->labels + k * N_VOXELS;
  memset (ret, 0, UT_N_LABELS * N_VOXELS * sizeof (float));
  for (gsize i = 0; i < N_VOXELS; i++)
    ret[labels[i] * N_VOXELS + i] = 1;
}

UtVolume *
ut_template_bank_volume (const UtTemplateBank *self, guint k, GError **error)
{
  const gsize dims[3] = {SIDE, SIDE, SIDE};
  const UtAffine grid = ut_canonical_grid ();
  UtVolume *volume = ut_volume_new (UT_VOXEL_U8, dims, &grid, error);
  if (volume)
    memcpy (volume->u8, self->labels + k * N_VOXELS, N_VOXELS);
  return volume;
}
