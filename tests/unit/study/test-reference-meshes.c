/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/study/reference-meshes.h"
#include "engine/study/study.h"
#include "engine/surface/marching-cubes.h"
#include "engine/surface/mesh-file.h"
#include "engine/surface/mesh-fill.h"
#include "tests/unit/anatomy/hearts.h"

#include <glib/gstdio.h>

#define SPACING_MM 1.5

/* (transfer full): an empty folder */
static char *
folder_new (const char *name)
{
  char *path = g_build_filename (g_get_user_cache_dir (), name, NULL);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  return path;
}

static UtMesh *
surface_of (const UtVolume *heart, UtStructure structure)
{
  g_autoptr (GError) error = NULL;
  UtMesh *mesh = ut_mesh_from_labels (heart, (guint8)structure, UT_MESH_FRAME_LPS, &error);
  g_assert_no_error (error);
  return mesh;
}

static void
write_mesh (const UtMesh *mesh, const char *folder, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_assert_true (ut_mesh_write (mesh, path, &error));
  g_assert_no_error (error);
}

/* All five as PREFIXlv.ENDING */
static void
write_heart (const UtVolume *heart, const char *folder, const char *prefix, const char *ending)
{
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    g_autoptr (UtMesh) mesh = surface_of (heart, s);
    g_autofree char *lower = g_ascii_strdown (ut_structure_name (s), -1);
    g_autofree char *name = g_strconcat (prefix, lower, ending, NULL);
    write_mesh (mesh, folder, name);
  }
}

static UtVolume *
read_heart (const char *path, GError **error)
{
  char *paths[UT_N_LABELS] = {NULL};
  if (!ut_reference_meshes_find (path, paths, error))
    return NULL;
  UtVolume *labels = ut_reference_meshes_read (paths, error);
  for (int s = 0; s < UT_N_LABELS; s++)
    g_free (paths[s]);
  return labels;
}

/* Voxels of 1 mm out of surfaces of voxels of 1.5 mm: each volume within 2 % */
static void
assert_same_volumes (const UtVolume *labels, const UtVolume *heart)
{
  for (guint8 s = UT_MYO; s < UT_N_LABELS; s++) {
    double was = volume_ml (heart, s), now = volume_ml (labels, s);
    g_test_message ("%s: %.2f ml out of %.2f", ut_structure_name (s), now, was);
    g_assert_cmpfloat (fabs (now / was - 1), <, 0.02);
  }
}

static void
assert_refused (const char *path, const char *sentence)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtVolume) labels = read_heart (path, &error);
  g_assert_null (labels);
  if (strstr (error->message, sentence) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, sentence);
  g_assert_null (strstr (error->message, g_get_user_cache_dir ()));
}

/* On the grid that they were cut on, surfaces fill to the very voxels, the shell of the wall too.
 */
static void
test_fill (void)
{
  g_autoptr (UtVolume) heart = phantom_heart (1, SPACING_MM);
  gsize n = ut_volume_n_voxels (heart);
  g_autofree guint8 *inside = g_malloc (n);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    g_autoptr (UtMesh) mesh = surface_of (heart, s);
    ut_mesh_fill (mesh, heart, inside);
    for (gsize i = 0; i < n; i++)
      g_assert_cmpuint (inside[i], ==, heart->u8[i] == s);
  }
}

static void
test_read (void)
{
  static const char *const forms[][2] = {{"", ".ply"}, {"", ".STL"}, {"ed_", ".ply"}};
  g_autoptr (UtVolume) heart = phantom_heart (2, SPACING_MM);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autofree char *name = g_strdup_printf ("form%u", i);
    g_autofree char *folder = folder_new (name);
    g_autoptr (GError) error = NULL;
    write_heart (heart, folder, forms[i][0], forms[i][1]);
    g_autoptr (UtVolume) labels = read_heart (folder, &error);
    g_assert_no_error (error);
    assert_same_volumes (labels, heart);
  }
}

/* A wall that is told by its outside alone is what lies around the cavity. */
static void
test_epicardium (void)
{
  g_autoptr (UtVolume) heart = phantom_heart (3, SPACING_MM);
  g_autoptr (UtVolume) solid = on_grid (heart, &heart->m_patient_from_voxel);
  g_autofree char *folder = folder_new ("epicardium");
  g_autoptr (GError) error = NULL;
  for (gsize i = 0; i < ut_volume_n_voxels (solid); i++)
    if (solid->u8[i] == UT_LV)
      solid->u8[i] = UT_MYO;
  write_heart (heart, folder, "", ".ply");
  g_autoptr (UtMesh) outside = surface_of (solid, UT_MYO);
  write_mesh (outside, folder, "myo.ply");
  g_autoptr (UtVolume) labels = read_heart (folder, &error);
  g_assert_no_error (error);
  assert_same_volumes (labels, heart);
}

/* Triangles that share no vertex are closed where their corners meet. */
static void
test_soup (void)
{
  g_autoptr (UtVolume) heart = phantom_heart (8, SPACING_MM);
  g_autofree char *folder = folder_new ("soup");
  g_autoptr (GError) error = NULL;
  write_heart (heart, folder, "", ".ply");
  g_autoptr (UtMesh) rv = surface_of (heart, UT_RV);
  g_autoptr (UtMesh) soup =
    ut_mesh_new (UT_MESH_FRAME_LPS, 3 * rv->n_triangles, rv->n_triangles, NULL);
  for (gsize i = 0; i < soup->n_vertices; i++) {
    memcpy (soup->positions + 3 * i, rv->positions + 3 * rv->triangles[i], 3 * sizeof (float));
    soup->triangles[i] = (guint32)i;
  }
  write_mesh (soup, folder, "rv.ply");
  g_autoptr (UtVolume) labels = read_heart (folder, &error);
  g_assert_no_error (error);
  assert_same_volumes (labels, heart);
}

static void
test_sets (void)
{
  g_autoptr (UtVolume) ed = phantom_heart (4, SPACING_MM);
  g_autoptr (UtVolume) es = phantom_heart (5, SPACING_MM);
  g_autofree char *folder = folder_new ("sets");
  g_autofree char *chosen = g_build_filename (folder, "es_ra.ply", NULL);
  g_autofree char *absent = g_build_filename (folder, "es_ra.stl", NULL);
  g_autofree char *other = g_build_filename (folder, "heart.ply", NULL);
  g_autoptr (GError) error = NULL;
  write_heart (ed, folder, "ed_", ".ply");
  write_heart (es, folder, "es_", ".ply");
  assert_refused (folder, "sets: holds surfaces of more than one heart");
  assert_refused (absent, "es_ra.stl: there is no surface of Myo");
  assert_refused (other, "heart.ply: is not named as a structure");
  g_autoptr (UtVolume) labels = read_heart (chosen, &error);
  g_assert_no_error (error);
  assert_same_volumes (labels, es);
  g_autofree char *rv = g_build_filename (folder, "es_rv.ply", NULL);
  g_assert_cmpint (g_unlink (rv), ==, 0);
  assert_refused (chosen, "es_ra.ply: there is no surface of RV");
}

static void
test_refused (void)
{
  g_autoptr (UtVolume) heart = phantom_heart (6, SPACING_MM);
  g_autofree char *folder = folder_new ("refused");
  write_heart (heart, folder, "", ".ply");

  g_autoptr (UtMesh) la = surface_of (heart, UT_LA);
  la->n_triangles--;
  write_mesh (la, folder, "la.ply");
  assert_refused (folder, "la.ply: is open at 3 edges");
  la->n_triangles = 0;
  write_mesh (la, folder, "la.ply");
  assert_refused (folder, "la.ply: has 0 triangles");

  g_autoptr (UtMesh) lv = surface_of (heart, UT_LV);
  write_mesh (lv, folder, "la.ply");
  assert_refused (folder, "the surfaces of LV and LA overlap by");

  UtAffine metres = ut_affine_scale_offset (ut_vec3 (0.001, 0.001, 0.001), ut_vec3 (0, 0, 0));
  UtAffine grid = ut_affine_multiply (&metres, &heart->m_patient_from_voxel);
  g_autoptr (UtVolume) small = on_grid (heart, &grid);
  write_heart (small, folder, "", ".ply");
  assert_refused (folder, "long, want a heart of 60 to 400 mm: are they in other units?");
}

/* As a reference of a study: in the canonical pose, its hash of all five */
static void
test_reference (void)
{
  g_autoptr (UtVolume) heart = phantom_heart (7, SPACING_MM);
  g_autofree char *folder = folder_new ("reference");
  g_autofree char *lv = g_build_filename (folder, "lv.ply", NULL);
  g_autoptr (GError) error = NULL;
  write_heart (heart, folder, "", ".ply");
  g_autoptr (UtStudyReference) reference = ut_study_reference_read (lv, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reference->source, ==, lv);
  g_assert_cmpint (reference->codes.origin, ==, UT_HEART_CODES_OWN);
  assert_same_volumes (reference->labels, heart);

  g_autoptr (UtMesh) ra = surface_of (heart, UT_RA);
  ra->positions[0] += 0.01f;
  write_mesh (ra, folder, "ra.ply");
  g_autoptr (UtStudyReference) changed = ut_study_reference_read (lv, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (changed->sha256, !=, reference->sha256);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/reference-meshes/fill", test_fill);
  g_test_add_func ("/reference-meshes/read", test_read);
  g_test_add_func ("/reference-meshes/epicardium", test_epicardium);
  g_test_add_func ("/reference-meshes/soup", test_soup);
  g_test_add_func ("/reference-meshes/sets", test_sets);
  g_test_add_func ("/reference-meshes/refused", test_refused);
  g_test_add_func ("/reference-meshes/reference", test_reference);
  return g_test_run ();
}
