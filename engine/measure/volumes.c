/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/volumes.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

gboolean
ut_label_volumes (const UtVolume *labels,
                  guint n_labels,
                  UtLabelVolume *ret_volumes,
                  GError **error)
{
  if (labels->type != UT_VOXEL_U8) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("volumes of labels need a label volume, this one holds floats"));
    return FALSE;
  }
  gsize counts[256] = {0};
  gboolean at_edge[256] = {FALSE};
  const gsize *dims = labels->dims;
  const guint8 *row = labels->u8;
  for (gsize z = 0; z < dims[2]; z++)
    for (gsize y = 0; y < dims[1]; y++, row += dims[0]) {
      gboolean edge_row = z == 0 || z == dims[2] - 1 || y == 0 || y == dims[1] - 1;
      at_edge[row[0]] = at_edge[row[dims[0] - 1]] = TRUE;
      for (gsize x = 0; x < dims[0]; x++) {
        counts[row[x]]++;
        at_edge[row[x]] |= edge_row;
      }
    }
  double voxel_ml = ut_volume_voxel_ml (labels);
  for (guint label = 0; label < n_labels; label++) {
    gsize n = label < 256 ? counts[label] : 0;
    ret_volumes[label] = (UtLabelVolume){n, (double)n * voxel_ml, label < 256 && at_edge[label]};
  }
  return TRUE;
}

double
ut_mesh_volume_ml (const UtMesh *mesh)
{
  return ut_mesh_volume_mm3 (mesh) / 1000;
}

gboolean
ut_volumes_agree (double voxel_ml, double mesh_ml)
{
  return fabs (voxel_ml - mesh_ml) <= UT_VOLUME_FLAG_SHARE * MAX (voxel_ml, mesh_ml);
}

const char *
ut_volume_cause_name (UtVolumeCause cause)
{
  static const char *const names[] = {NULL, "open_boundary", "clipped", "smoothing"};
  g_return_val_if_fail (cause < G_N_ELEMENTS (names), NULL);
  return names[cause];
}

UtVolumeCause
ut_volumes_compare (const UtLabelVolume *voxels, const UtMesh *mesh)
{
  UtMeshCheck check;
  if (ut_volumes_agree (voxels->ml, ut_mesh_volume_ml (mesh)))
    return UT_VOLUMES_AGREE;
  ut_mesh_check (mesh, &check);
  if (!check.closed)
    return UT_VOLUMES_OPEN;
  return voxels->touches_edge ? UT_VOLUMES_CUT : UT_VOLUMES_SMOOTH;
}

double
ut_lv_mass_g (double myocardium_ml)
{
  return UT_MYOCARDIUM_G_PER_ML * myocardium_ml;
}

double
ut_stroke_volume_ml (double edv_ml, double esv_ml)
{
  return edv_ml - esv_ml;
}

gboolean
ut_ejection_fraction (double edv_ml, double esv_ml, double *ret_fraction)
{
  if (!(edv_ml > 0))
    return FALSE;
  *ret_fraction = (edv_ml - esv_ml) / edv_ml;
  return TRUE;
}
