/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/measure/topology-report.h"

enum { MYO = 1, LV, LA, RV, RA };

#define SIDE 40

static UtVolume *
grid (void)
{
  const gsize dims[3] = {SIDE, SIDE, SIDE};
  UtAffine m = ut_affine_scale_offset (ut_vec3 (3, 2, 1.5), ut_vec3 (-40, 10, 5));
  return ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
}

typedef gboolean (*ShapeFunc) (double x, double y, double z);

static void
draw (UtVolume *labels, guint8 label, ShapeFunc shape)
{
  gsize i = 0;
  for (gsize z = 0; z < SIDE; z++)
    for (gsize y = 0; y < SIDE; y++)
      for (gsize x = 0; x < SIDE; x++, i++)
        if (shape ((double)x - 20, (double)y - 20, (double)z - 20))
          labels->u8[i] = label;
}

static void
set (UtVolume *labels, guint8 label, gsize x, gsize y, gsize z)
{
  labels->u8[ut_volume_index (labels, x, y, z)] = label;
}

static gboolean
ball (double x, double y, double z)
{
  return x * x + y * y + z * z <= 100;
}

static gboolean
core (double x, double y, double z)
{
  return x * x + y * y + z * z <= 36;
}

static gboolean
torus_at (double x, double y, double z)
{
  double r = hypot (x, y) - 7;
  return r * r + z * z <= 6;
}

static gboolean
two_balls (double x, double y, double z)
{
  return (x + 10) * (x + 10) + y * y + z * z <= 64 || (x - 10) * (x - 10) + y * y + z * z <= 25;
}

/* two rings that share a side */
static gboolean
double_torus (double x, double y, double z)
{
  return torus_at (x - 8, y, z) || torus_at (x + 8, y, z);
}

static const UtDefect *
find (const UtTopologyReport *report, UtDefectKind kind, guint nth)
{
  for (guint i = 0; i < report->defects->len; i++) {
    const UtDefect *defect = &g_array_index (report->defects, UtDefect, i);
    if (defect->kind == kind && nth-- == 0)
      return defect;
  }
  return NULL;
}

static UtTopologyReport *
check (const UtVolume *labels, guint8 label, guint parts, guint cavities, gssize handles)
{
  UtTopologyReport *report = ut_topology_report_new (labels, NULL);
  g_assert_nonnull (report);
  const UtStructureTopology *found = &report->structures[label];
  g_assert_cmpuint (found->n_parts, ==, parts);
  g_assert_cmpuint (found->n_cavities, ==, cavities);
  g_assert_cmpint (found->n_handles, ==, handles);
  g_assert_cmpint (found->euler, ==, (gssize)parts + (gssize)cavities - handles);
  g_assert_cmpuint (report->topology.n_parts[label], ==, parts);
  for (guint nth = 0; nth < (guint)handles; nth++)
    g_assert_nonnull (find (report, UT_DEFECT_HANDLE, nth));
  g_assert_null (find (report, UT_DEFECT_HANDLE, (guint)handles));
  return report;
}

static void
assert_place (const UtDefect *defect, double x, double y, double z, double tolerance_voxels)
{
  g_assert_nonnull (defect);
  UtVec3 p = defect->place.centroid_mm, low = defect->place.low_mm, high = defect->place.high_mm;
  g_assert_cmpfloat (fabs ((p.x + 40) / 3 - x), <=, tolerance_voxels);
  g_assert_cmpfloat (fabs ((p.y - 10) / 2 - y), <=, tolerance_voxels);
  g_assert_cmpfloat (fabs ((p.z - 5) / 1.5 - z), <=, tolerance_voxels);
  g_assert_true (low.x < p.x && p.x < high.x && low.y < p.y && p.y < high.y && low.z < p.z &&
                 p.z < high.z);
}

static void
test_ball (void)
{
  g_autoptr (UtVolume) labels = grid ();
  draw (labels, RA, ball);
  g_autoptr (UtTopologyReport) report = check (labels, RA, 1, 0, 0);
  g_assert_cmpuint (report->defects->len, ==, 0);
  g_assert_cmpuint (report->structures[LV].n_parts, ==, 0);
  g_assert_cmpint (report->structures[LV].euler, ==, 0);
}

static void
test_two_balls (void)
{
  g_autoptr (UtVolume) labels = grid ();
  draw (labels, LA, two_balls);
  g_autoptr (UtTopologyReport) report = check (labels, LA, 2, 0, 0);
  g_assert_cmpuint (report->defects->len, ==, 1);
  assert_place (find (report, UT_DEFECT_PART, 0), 30, 20, 20, 1e-3);
}

static void
test_torus (void)
{
  g_autoptr (UtVolume) labels = grid ();
  draw (labels, RV, torus_at);
  g_autoptr (UtTopologyReport) report = check (labels, RV, 1, 0, 1);
  g_assert_cmpuint (report->defects->len, ==, 1);
  assert_place (find (report, UT_DEFECT_HANDLE, 0), 20, 20, 20, 1.5);
}

static void
test_double_torus (void)
{
  g_autoptr (UtVolume) labels = grid ();
  draw (labels, RV, double_torus);
  g_autoptr (UtTopologyReport) report = check (labels, RV, 1, 0, 2);
  const UtDefect *a = find (report, UT_DEFECT_HANDLE, 0), *b = find (report, UT_DEFECT_HANDLE, 1);
  gboolean a_left = a->place.centroid_mm.x < b->place.centroid_mm.x;
  assert_place (a_left ? a : b, 12, 20, 20, 2);
  assert_place (a_left ? b : a, 28, 20, 20, 2);
}

static void
test_hollow_ball (void)
{
  g_autoptr (UtVolume) labels = grid ();
  draw (labels, MYO, ball);
  draw (labels, 0, core);
  g_autoptr (UtTopologyReport) report = check (labels, MYO, 1, 1, 0);
  assert_place (find (report, UT_DEFECT_CAVITY, 0), 20, 20, 20, 1e-3);
  for (gsize z = 27; z < 30; z++) /* a way out that ends one voxel before the surface */
    set (labels, 0, 20, 20, z);
  g_clear_pointer (&report, ut_topology_report_free);
  report = check (labels, MYO, 1, 1, 0);
  set (labels, 0, 20, 20, 30);
  g_clear_pointer (&report, ut_topology_report_free);
  report = check (labels, MYO, 1, 0, 0);
}

/* LV in a shell of muscle: tight, then with a hole one voxel wide */
static void
test_pinhole (void)
{
  g_autoptr (UtVolume) labels = grid ();
  draw (labels, MYO, ball);
  draw (labels, LV, core);
  g_autoptr (UtTopologyReport) tight = check (labels, MYO, 1, 1, 0);
  g_assert_null (find (tight, UT_DEFECT_GAP, 0));
  g_assert_cmpuint (tight->contacts[LV][0].n_faces, ==, 0);

  for (gsize x = 27; x < SIDE; x++)
    set (labels, 0, x, 20, 20);
  g_autoptr (UtTopologyReport) report = check (labels, MYO, 1, 0, 0);
  g_assert_cmpuint (report->topology.n_leak_voxels, ==, 1);
  assert_place (find (report, UT_DEFECT_GAP, 0), 26, 20, 20, 1e-3);
  g_assert_null (find (report, UT_DEFECT_GAP, 1));
  g_assert_cmpuint (report->contacts[LV][0].n_faces, ==, 1);
  g_assert_cmpfloat_with_epsilon (report->contacts[0][LV].area_mm2, 2 * 1.5, 1e-9);

  for (gsize x = 0; x < 14; x++) /* opposite: what was a hole is a way through */
    set (labels, 0, x, 20, 20);
  draw (labels, 0, core);
  g_clear_pointer (&report, ut_topology_report_free);
  report = check (labels, MYO, 1, 0, 1);
}

/* By a corner: one part, and what lies between two walls that meet by an edge stays outside */
static void
test_corners (void)
{
  g_autoptr (UtVolume) labels = grid ();
  set (labels, RA, 10, 10, 10);
  set (labels, RA, 11, 11, 11);
  g_autoptr (UtTopologyReport) report = check (labels, RA, 1, 0, 0);
  set (labels, RA, 13, 11, 11); /* one voxel apart */
  g_clear_pointer (&report, ut_topology_report_free);
  report = check (labels, RA, 2, 0, 0);

  /* the six neighbours of an empty voxel meet by edges only, and close it off */
  g_autoptr (UtVolume) cage = grid ();
  const gsize steps[6][3] = {
    {19, 20, 20}, {21, 20, 20}, {20, 19, 20}, {20, 21, 20}, {20, 20, 19}, {20, 20, 21}};
  for (int i = 0; i < 6; i++)
    set (cage, RA, steps[i][0], steps[i][1], steps[i][2]);
  g_clear_pointer (&report, ut_topology_report_free);
  report = check (cage, RA, 1, 1, 0);
  assert_place (find (report, UT_DEFECT_CAVITY, 0), 20, 20, 20, 1e-9);
}

/* two boxes at the end of the grid, which is outside */
static void
test_contacts (void)
{
  const gsize dims[3] = {4, 3, 2};
  UtAffine m = ut_affine_scale_offset (ut_vec3 (3, 2, 1.5), ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  for (gsize i = 0; i < 24; i++)
    labels->u8[i] = i % 4 < 2 ? LV : MYO;
  g_autoptr (UtTopologyReport) report = ut_topology_report_new (labels, NULL);
  const UtContact *contact = &report->contacts[LV][MYO];
  g_assert_cmpuint (contact->n_faces, ==, 6);
  g_assert_cmpfloat_with_epsilon (contact->area_mm2, 6 * 2 * 1.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (contact->place.centroid_mm.x, 1.5 * 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (contact->place.low_mm.x, 0.5 * 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (contact->place.high_mm.z, 1.5 * 1.5, 1e-9);
  g_assert_cmpuint (report->contacts[MYO][LV].n_faces, ==, 6);
  g_assert_cmpuint (report->contacts[LV][0].n_faces, ==, 6 + 2 * 4 + 2 * 6);
  g_assert_cmpuint (report->contacts[LV][LV].n_faces, ==, 0);
}

static void
test_floats (void)
{
  const gsize dims[3] = {2, 2, 2};
  g_autoptr (GError) error = NULL;
  UtAffine m = ut_affine_scale_offset (ut_vec3 (3, 3, 3), ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) field = ut_volume_new (UT_VOXEL_F32, dims, &m, NULL);
  g_assert_null (ut_topology_report_new (field, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/topology-report/ball", test_ball);
  g_test_add_func ("/topology-report/two-balls", test_two_balls);
  g_test_add_func ("/topology-report/torus", test_torus);
  g_test_add_func ("/topology-report/double-torus", test_double_torus);
  g_test_add_func ("/topology-report/hollow-ball", test_hollow_ball);
  g_test_add_func ("/topology-report/pinhole", test_pinhole);
  g_test_add_func ("/topology-report/corners", test_corners);
  g_test_add_func ("/topology-report/contacts", test_contacts);
  g_test_add_func ("/topology-report/floats", test_floats);
  return g_test_run ();
}
