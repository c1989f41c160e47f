/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/long-axis.h"

gboolean
ut_lv_long_axis (const UtMesh *lv, const UtLvFrame *frame, double *ret_mm)
{
  double farthest_mm = 0;
  for (gsize i = 0; i < lv->n_vertices; i++)
    farthest_mm = fmax (farthest_mm, ut_lv_frame_level (frame, ut_mesh_position (lv, i)));
  if (farthest_mm <= 0)
    return FALSE;
  *ret_mm = farthest_mm;
  return TRUE;
}
