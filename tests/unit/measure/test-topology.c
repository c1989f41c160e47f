/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/measure/topology.h"

enum { MYO = 1, LV, LA, RV, RA };

#define SIDE 24

static void
fill (UtVolume *labels, guint8 label, const gsize low[3], const gsize high[3])
{
  for (gsize z = low[2]; z < high[2]; z++)
    for (gsize y = low[1]; y < high[1]; y++)
      for (gsize x = low[0]; x < high[0]; x++)
        labels->u8[ut_volume_index (labels, x, y, z)] = label;
}

#define FILL(labels, label, x0, y0, z0, x1, y1, z1)                                                \
  fill (labels, label, (const gsize[3]){x0, y0, z0}, (const gsize[3]){x1, y1, z1})

/* A cup of muscle 2 voxels thick, open at low z, where the LA and, beside it, the aortic root
 * (background) lie; right heart in two boxes. The long axis is z: LV from z = 6 to 18. */
static UtVolume *
heart (void)
{
  const gsize dims[3] = {SIDE, SIDE, SIDE};
  UtAffine m = ut_affine_scale_offset (ut_vec3 (3, 3, 3), ut_vec3 (-40, 10, 5));
  UtVolume *labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  FILL (labels, MYO, 4, 4, 6, 14, 14, 21);
  FILL (labels, LV, 6, 6, 6, 12, 12, 19);
  FILL (labels, LA, 6, 6, 2, 12, 10, 6);
  FILL (labels, RV, 14, 4, 8, 20, 14, 20);
  FILL (labels, RA, 14, 4, 2, 20, 10, 8);
  return labels;
}

static UtTopology
check (const UtVolume *labels)
{
  UtTopology topology;
  g_assert_true (ut_topology_check (labels, &topology, NULL));
  return topology;
}

static void
test_sound (void)
{
  g_autoptr (UtVolume) labels = heart ();
  UtTopology found = check (labels);
  for (int label = 1; label < UT_TOPOLOGY_N_LABELS; label++)
    g_assert_cmpuint (found.n_parts[label], ==, 1);
  g_assert_cmpuint (found.n_parts[0], ==, 0);
  g_assert_true (found.one_part && found.no_leak);
}

static void
test_parts (void)
{
  g_autoptr (UtVolume) labels = heart ();
  FILL (labels, RA, 21, 21, 21, 23, 23, 23);
  g_assert_cmpuint (check (labels).n_parts[RA], ==, 2);
  g_assert_false (check (labels).one_part);
  FILL (labels, RA, 20, 10, 8, 21, 21, 21); /* shares only a corner with both */
  g_assert_cmpuint (check (labels).n_parts[RA], ==, 1);
  FILL (labels, 0, 14, 4, 8, 20, 14, 20);
  UtTopology found = check (labels);
  g_assert_cmpuint (found.n_parts[RV], ==, 0);
  g_assert_false (found.one_part);
}

static void
test_leak (void)
{
  g_autoptr (UtVolume) labels = heart ();
  FILL (labels, 0, 4, 8, 15, 6, 9, 16); /* a hole through the wall, one voxel wide */
  UtTopology found = check (labels);
  g_assert_cmpuint (found.n_leak_voxels, ==, 1);
  g_assert_true (found.one_part && !found.no_leak);
  FILL (labels, RV, 4, 8, 15, 6, 9, 16); /* into the RV: no way to the outside */
  g_assert_true (check (labels).no_leak);
}

/* the same hole close to the valve is not told from the aortic root */
static void
test_base (void)
{
  g_autoptr (UtVolume) labels = heart ();
  FILL (labels, 0, 4, 8, 8, 6, 9, 9);
  g_assert_true (check (labels).no_leak);
  FILL (labels, 0, 6, 6, 2, 12, 10, 6); /* without an LA there is no base to except */
  g_assert_cmpuint (check (labels).n_leak_voxels, ==, 6 * 6 + 1);
}

/* the end of the grid is outside */
static void
test_border (void)
{
  const gsize dims[3] = {3, 3, 12};
  UtAffine m = ut_affine_scale_offset (ut_vec3 (3, 3, 3), ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  FILL (labels, LA, 0, 0, 0, 3, 3, 1);
  FILL (labels, MYO, 0, 0, 1, 3, 3, 12);
  FILL (labels, LV, 1, 1, 1, 2, 2, 11);
  g_assert_true (check (labels).no_leak);
  FILL (labels, LV, 1, 1, 1, 2, 2, 12);
  g_assert_cmpuint (check (labels).n_leak_voxels, ==, 1);
}

static void
test_floats (void)
{
  const gsize dims[3] = {2, 2, 2};
  UtTopology topology;
  g_autoptr (GError) error = NULL;
  UtAffine m = ut_affine_scale_offset (ut_vec3 (3, 3, 3), ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) field = ut_volume_new (UT_VOXEL_F32, dims, &m, NULL);
  g_assert_false (ut_topology_check (field, &topology, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/topology/sound", test_sound);
  g_test_add_func ("/topology/parts", test_parts);
  g_test_add_func ("/topology/leak", test_leak);
  g_test_add_func ("/topology/base", test_base);
  g_test_add_func ("/topology/border", test_border);
  g_test_add_func ("/topology/floats", test_floats);
  return g_test_run ();
}
