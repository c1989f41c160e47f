/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/mark.h"

#define BAR_MM 0.4 /* half the thickness of a bar */

/* Corner i of a box lies high along x, y and z where bit 0, 1 and 2 of i is set. */
static const guint8 faces[12][3] = {{0, 4, 6},
                                    {0, 6, 2},
                                    {1, 3, 7},
                                    {1, 7, 5},
                                    {0, 1, 5},
                                    {0, 5, 4},
                                    {2, 6, 7},
                                    {2, 7, 3},
                                    {0, 2, 3},
                                    {0, 3, 1},
                                    {4, 5, 7},
                                    {4, 7, 6}};

static void
set_bar (UtMesh *mesh, guint bar, UtVec3 a, UtVec3 b)
{
  UtVec3 low = {a.x - BAR_MM, a.y - BAR_MM, a.z - BAR_MM};
  UtVec3 high = {b.x + BAR_MM, b.y + BAR_MM, b.z + BAR_MM};
  for (guint i = 0; i < 8; i++) {
    float *p = mesh->positions + 3 * (8 * bar + i);
    p[0] = (float)(i & 1 ? high.x : low.x);
    p[1] = (float)(i & 2 ? high.y : low.y);
    p[2] = (float)(i & 4 ? high.z : low.z);
  }
  for (guint i = 0; i < 36; i++)
    mesh->triangles[36 * bar + i] = 8 * bar + faces[i / 3][i % 3];
}

UtMesh *
ut_mark_mesh_new (UtVec3 low, UtVec3 high, GError **error)
{
  UtMesh *mesh = ut_mesh_new (UT_MESH_FRAME_CANONICAL, 12 * 8, 12 * 12, error);
  if (mesh == NULL)
    return NULL;
  guint bar = 0;
  for (guint i = 0; i < 8; i++)
    for (guint axis = 0; axis < 3; axis++)
      if ((i >> axis & 1) == 0) {
        guint k = i | 1u << axis;
        UtVec3 a = {i & 1 ? high.x : low.x, i & 2 ? high.y : low.y, i & 4 ? high.z : low.z};
        UtVec3 b = {k & 1 ? high.x : low.x, k & 2 ? high.y : low.y, k & 4 ? high.z : low.z};
        set_bar (mesh, bar++, a, b);
      }
  ut_mesh_compute_normals (mesh);
  return mesh;
}
