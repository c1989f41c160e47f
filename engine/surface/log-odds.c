/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/parallel.h"
#include "engine/base/words.h"
#include "engine/surface/marching-cubes.h"

#define LEAST_PROBABILITY 1e-6f

typedef struct LogOdds {
  const float *probabilities; /* [n_classes][n_voxels] */
  gsize n_classes, n_voxels, label;
  float *field;   /* [n_voxels] */
  gint bad_value; /* atomic: a probability is not finite */
} LogOdds;

static void
compute_log_odds (gsize begin, gsize end, gpointer user_data)
{
  LogOdds *self = user_data;
  gboolean bad = FALSE;
  for (gsize i = begin; i < end; i++) {
    float wanted = 0, other = 0, sum = 0;
    for (gsize c = 0; c < self->n_classes; c++) {
      float p = self->probabilities[c * self->n_voxels + i];
      sum += p;
      if (c == self->label)
        wanted = p;
      else
        other = MAX (other, p);
    }
    bad |= !isfinite (sum);
    wanted = MAX (wanted, LEAST_PROBABILITY);
    other = MAX (other, LEAST_PROBABILITY);
    /* a difference of logs, so that swapping the two classes turns the sign and nothing else */
    self->field[i] = logf (wanted) - logf (other);
  }
  if (bad)
    g_atomic_int_set (&self->bad_value, TRUE);
}

UtVolume *
ut_log_odds_field (const float *probabilities,
                   guint n_classes,
                   const gsize dims[3],
                   const UtAffine *m_patient_from_voxel,
                   guint label,
                   GError **error)
{
  if (n_classes < 2 || n_classes > 256 || label >= n_classes) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("class %u of %u: want 2 to 256 classes and one of them"),
                 label,
                 n_classes);
    return NULL;
  }
  g_autoptr (UtVolume) field = ut_volume_new (UT_VOXEL_F32, dims, m_patient_from_voxel, error);
  if (field == NULL)
    return NULL;
  LogOdds work = {.probabilities = probabilities,
                  .n_classes = n_classes,
                  .n_voxels = ut_volume_n_voxels (field),
                  .label = label,
                  .field = field->f32};
  ut_parallel_for (work.n_voxels, 4096, compute_log_odds, &work);
  if (work.bad_value) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("a probability to make a surface of is not finite"));
    return NULL;
  }
  return g_steal_pointer (&field);
}

typedef struct Logs {
  const float *from;
  float *to;
} Logs;

static void
take_logs (gsize begin, gsize end, gpointer user_data)
{
  Logs *self = user_data;
  for (gsize i = begin; i < end; i++)
    self->to[i] = logf (MAX (self->from[i], LEAST_PROBABILITY));
}

float *
ut_log_probabilities (const float *probabilities, gsize n)
{
  Logs work = {probabilities, g_new (float, n)};
  ut_parallel_for (n, 16384, take_logs, &work);
  return work.to;
}

double
ut_log_odds_at (
  const float *logs, guint n_classes, const gsize dims[3], guint label, UtVec3 p_voxel)
{
  UtVoxelMean mean = ut_voxel_mean (dims, p_voxel);
  gsize n_voxels = dims[0] * dims[1] * dims[2];
  double wanted = 0, other = -INFINITY;
  for (guint c = 0; c < n_classes; c++, logs += n_voxels) {
    double logit = ut_voxel_mean_of (&mean, logs);
    if (c == label)
      wanted = logit;
    else
      other = MAX (other, logit);
  }
  return wanted - other;
}

UtMesh *
ut_mesh_from_probabilities (const float *probabilities,
                            guint n_classes,
                            const gsize dims[3],
                            const UtAffine *m_patient_from_voxel,
                            guint label,
                            UtMeshFrame frame,
                            GError **error)
{
  g_autoptr (UtVolume) field =
    ut_log_odds_field (probabilities, n_classes, dims, m_patient_from_voxel, label, error);
  return field != NULL ? ut_mesh_from_field (field, 0, frame, error) : NULL;
}
