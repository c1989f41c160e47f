/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/reference-meshes.h"

#include "engine/anatomy/heart-codes.h"
#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/surface/mesh-file.h"
#include "engine/surface/mesh-fill.h"

#include <string.h>

#define SPACING_MM    1.0
#define MARGIN_MM     8.0
#define MIN_HEART_MM  60.0
#define MAX_HEART_MM  400.0
#define MAX_OVERLAP   0.05
#define MAX_TRIANGLES 5000000

/* cavities after the wall, which holds what of it no cavity has */
static const UtStructure order[] = {UT_MYO, UT_RA, UT_LA, UT_RV, UT_LV};

/* ---- files --------------------------------------------------------------------------------- */

static const char *
ending_of (const char *path)
{
  static const char *const endings[] = {".ply", ".stl"};
  const char *dot = strrchr (path, '.');
  for (guint i = 0; dot != NULL && i < G_N_ELEMENTS (endings); i++)
    if (g_ascii_strcasecmp (dot, endings[i]) == 0)
      return endings[i];
  return NULL;
}

gboolean
ut_reference_meshes_is (const char *path)
{
  return ending_of (path) != NULL || g_file_test (path, G_FILE_TEST_IS_DIR);
}

/* "ed_lv.ply": a prefix up to the first "_", "-" or " ", or none, and a structure */
static gboolean
split_name (const char *name, char **ret_prefix, UtStructure *ret_structure)
{
  const char *ending = ending_of (name);
  if (ending == NULL)
    return FALSE;
  g_autofree char *stem = g_strndup (name, strlen (name) - strlen (ending));
  gsize length = strcspn (stem, "_- ");
  if (ut_heart_codes_of_name (stem, ret_structure)) {
    *ret_prefix = g_strdup ("");
    return TRUE;
  }
  if (stem[length] == '\0' || !ut_heart_codes_of_name (stem + length + 1, ret_structure))
    return FALSE;
  *ret_prefix = g_strndup (stem, length);
  return TRUE;
}

static void
clear_paths (char *paths[UT_N_LABELS])
{
  for (int s = 0; s < UT_N_LABELS; s++)
    g_clear_pointer (&paths[s], g_free);
}

/* @prefix, @ending: (nullable): those of the file that was chosen, else of what is found first */
static gboolean
scan_folder (
  const char *folder, char **prefix, const char *ending, char *paths[UT_N_LABELS], GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  gboolean chosen = *prefix != NULL;
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *its_prefix = NULL;
    UtStructure s;
    if (!split_name (name, &its_prefix, &s))
      continue;
    if (*prefix == NULL)
      *prefix = g_strdup (its_prefix);
    gboolean other = !g_str_equal (*prefix, its_prefix);
    if (chosen && (other || ending_of (name) != ending))
      continue;
    if (other || paths[s] != NULL) {
      g_autofree char *base = paths[s] ? g_path_get_basename (paths[s]) : g_strdup (*prefix);
      return ut_fail (
        error,
        UT_ENGINE_ERROR_FORMAT,
        ut_words ("holds surfaces of more than one heart, such as %s beside %s: choose "
                  "one of the files instead of the folder"),
        name,
        base);
    }
    paths[s] = g_build_filename (folder, name, NULL);
  }
  return dir != NULL;
}

static gboolean
find_files (const char *path, char *paths[UT_N_LABELS], GError **error)
{
  g_autofree char *name = g_path_get_basename (path), *prefix = NULL;
  gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autofree char *folder = is_folder ? g_strdup (path) : g_path_get_dirname (path);
  UtStructure s;
  if (!is_folder && !split_name (name, &prefix, &s))
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("is not named as a structure: want five surfaces beside each other, "
                              "such as myo.ply, lv.ply, la.ply, rv.ply and ra.ply"));
  if (!scan_folder (folder, &prefix, is_folder ? NULL : ending_of (name), paths, error))
    return FALSE;
  for (s = UT_MYO; s < UT_N_LABELS; s++)
    if (paths[s] == NULL)
      return ut_fail (error,
                      UT_ENGINE_ERROR_FORMAT,
                      ut_words ("there is no surface of %s: want five beside each other, such as "
                                "myo.ply, lv.ply, la.ply, rv.ply and ra.ply"),
                      ut_structure_name (s));
  return TRUE;
}

gboolean
ut_reference_meshes_find (const char *path, char *ret_paths[UT_N_LABELS], GError **error)
{
  char *paths[UT_N_LABELS] = {NULL};
  if (!find_files (path, paths, error)) {
    g_autofree char *name = g_path_get_basename (path);
    g_prefix_error (error, "%s: ", name);
    clear_paths (paths);
    return FALSE;
  }
  memcpy (ret_paths, paths, sizeof paths);
  return TRUE;
}

/* ---- surfaces ------------------------------------------------------------------------------ */

static UtMesh *
read_surface (const char *path, GError **error)
{
  g_autoptr (UtMesh) mesh = ut_mesh_read (path, error);
  if (mesh == NULL)
    return NULL;
  g_autofree char *name = g_path_get_basename (path);
  UtMeshCheck check;
  ut_mesh_check (mesh, &check);
  if (check.n_open_edges > 0) { /* or its triangles share no vertices */
    g_autoptr (UtMesh) welded = ut_mesh_welded (mesh, error);
    if (welded == NULL)
      return NULL;
    ut_mesh_check (welded, &check);
  }
  if (mesh->n_triangles == 0 || mesh->n_triangles > MAX_TRIANGLES)
    ut_fail (error,
             UT_ENGINE_ERROR_RANGE,
             ut_words ("%s: has %zu triangles, want 1 to %d"),
             name,
             mesh->n_triangles,
             MAX_TRIANGLES);
  else if (check.n_open_edges > 0)
    ut_fail (
      error,
      UT_ENGINE_ERROR_FORMAT,
      ut_words ("%s: is open at %zu edges, and an open surface has no inside: close it first"),
      name,
      check.n_open_edges);
  else
    return g_steal_pointer (&mesh);
  return NULL;
}

/* An empty grid of 1 mm around all of them */
static UtVolume *
make_grid (UtMesh *const meshes[UT_N_LABELS], GError **error)
{
  UtVec3 low = ut_vec3 (INFINITY, INFINITY, INFINITY), high = ut_vec3_scale (low, -1), a, b;
  for (int s = UT_MYO; s < UT_N_LABELS; s++)
    if (ut_mesh_bounds (meshes[s], &a, &b)) {
      low = ut_vec3 (MIN (low.x, a.x), MIN (low.y, a.y), MIN (low.z, a.z));
      high = ut_vec3 (MAX (high.x, b.x), MAX (high.y, b.y), MAX (high.z, b.z));
    }
  const double mm[3] = {high.x - low.x, high.y - low.y, high.z - low.z};
  double longest = MAX (MAX (mm[0], mm[1]), mm[2]);
  if (!(longest >= MIN_HEART_MM && longest <= MAX_HEART_MM)) {
    ut_fail (error,
             UT_ENGINE_ERROR_RANGE,
             ut_words ("the five surfaces together are %.3g long, want a heart of %g to %g mm: are "
                       "they in other units?"),
             longest,
             MIN_HEART_MM,
             MAX_HEART_MM);
    return NULL;
  }
  gsize dims[3];
  for (int axis = 0; axis < 3; axis++)
    dims[axis] = (gsize)ceil ((mm[axis] + 2 * MARGIN_MM) / SPACING_MM) + 1;
  UtVec3 margin = ut_vec3 (MARGIN_MM, MARGIN_MM, MARGIN_MM);
  UtAffine grid = ut_affine_scale_offset (ut_vec3 (SPACING_MM, SPACING_MM, SPACING_MM),
                                          ut_vec3_sub (low, margin));
  return ut_volume_new (UT_VOXEL_U8, dims, &grid, error);
}

static gboolean
fill (UtVolume *labels, UtMesh *const meshes[UT_N_LABELS], GError **error)
{
  const gsize n = ut_volume_n_voxels (labels);
  g_autofree guint8 *inside = g_malloc (n);
  gsize volumes[UT_N_LABELS] = {0};
  for (guint k = 0; k < G_N_ELEMENTS (order); k++) {
    const UtStructure s = order[k];
    gsize overlaps[UT_N_LABELS] = {0};
    ut_mesh_fill (meshes[s], labels, inside);
    for (gsize i = 0; i < n; i++)
      if (inside[i]) {
        overlaps[labels->u8[i]]++;
        labels->u8[i] = (guint8)s;
        volumes[s]++;
      }
    if (volumes[s] == 0)
      return ut_fail (error,
                      UT_ENGINE_ERROR_FORMAT,
                      ut_words ("the surface of %s holds nothing"),
                      ut_structure_name (s));
    for (UtStructure other = UT_LV; other < UT_N_LABELS; other++)
      if ((double)overlaps[other] > MAX_OVERLAP * (double)MIN (volumes[s], volumes[other]))
        return ut_fail (error,
                        UT_ENGINE_ERROR_FORMAT,
                        ut_words ("the surfaces of %s and %s overlap by %.1f ml: no cavity lies in "
                                  "another"),
                        ut_structure_name (s),
                        ut_structure_name (other),
                        (double)overlaps[other] * ut_volume_voxel_ml (labels));
  }
  return TRUE;
}

UtVolume *
ut_reference_meshes_read (char *const paths[UT_N_LABELS], GError **error)
{
  UtMesh *meshes[UT_N_LABELS] = {NULL};
  gboolean read = TRUE;
  for (int s = UT_MYO; read && s < UT_N_LABELS; s++)
    read = (meshes[s] = read_surface (paths[s], error)) != NULL;
  g_autoptr (UtVolume) labels = read ? make_grid (meshes, error) : NULL;
  gboolean filled = labels != NULL && fill (labels, meshes, error);
  for (int s = UT_MYO; s < UT_N_LABELS; s++)
    g_clear_pointer (&meshes[s], ut_mesh_unref);
  return filled ? g_steal_pointer (&labels) : NULL;
}
