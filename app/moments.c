/* SPDX-License-Identifier: Apache-2.0 */
#include "app/moments.h"

#include <math.h>

#define N_STRUCTURES (UT_N_LABELS - UT_MYO)

double
ut_beat_contraction (double beats)
{
  return 0.5 - 0.5 * cos (2 * G_PI * beats);
}

GPtrArray *
ut_moments_new (const UtTwin *ed,
                const UtTwin *es,
                const double *t,
                guint n,
                UtProgress *progress,
                GCancellable *cancel,
                GError **error)
{
  g_autoptr (GPtrArray) meshes = g_ptr_array_new_with_free_func ((GDestroyNotify)ut_mesh_unref);
  g_autoptr (UtTwinMorph) morph = ut_twin_morph_new (ed, es, error);
  if (morph == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
      ut_progress_set (progress, (double)i / n, UT_STAGE_SURFACE);
      UtMesh *mesh = g_cancellable_set_error_if_cancelled (cancel, error)
                       ? NULL
                       : ut_twin_morph_mesh (morph, s, t[i], error);
      if (mesh == NULL)
        return NULL;
      g_ptr_array_add (meshes, mesh);
    }
  return g_steal_pointer (&meshes);
}

UtMesh *
ut_moments_mesh (const GPtrArray *moments, guint moment, UtStructure structure)
{
  return moments->pdata[moment * N_STRUCTURES + structure - UT_MYO];
}
