/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/surface/mesh-file.h"
#include "tests/unit/surface/shapes.h"

static char *folder;

static UtMesh *
mesh_with_scalars (void)
{
  UtMesh *mesh = ut_shape_sphere_mesh (4, 0.25);
  float *distance = ut_mesh_add_scalar (mesh, "signed distance", "mm");
  float *share = ut_mesh_add_scalar (mesh, "x", "");
  for (gsize i = 0; i < mesh->n_vertices; i++) {
    distance[i] = (float)i * 0.125f - 3;
    share[i] = -(float)i;
  }
  return mesh;
}

static void
assert_same_geometry (const UtMesh *a, const UtMesh *b)
{
  g_assert_cmpuint (a->n_vertices, ==, b->n_vertices);
  g_assert_cmpuint (a->n_triangles, ==, b->n_triangles);
  g_assert_cmpmem (a->positions, 12 * a->n_vertices, b->positions, 12 * b->n_vertices);
  g_assert_cmpmem (a->triangles, 12 * a->n_triangles, b->triangles, 12 * b->n_triangles);
}

static void
test_ply_round_trip (void)
{
  g_autofree char *path = g_build_filename (folder, "sphere.PLY", NULL);
  g_autoptr (UtMesh) mesh = mesh_with_scalars ();
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_mesh_write (mesh, path, &error));
  g_assert_no_error (error);
  g_autoptr (UtMesh) back = ut_mesh_read (path, &error);
  g_assert_no_error (error);
  assert_same_geometry (mesh, back);
  g_assert_cmpmem (mesh->normals, 12 * mesh->n_vertices, back->normals, 12 * back->n_vertices);
  g_assert_cmpint (back->frame, ==, UT_MESH_FRAME_LPS);
  g_assert_cmpuint (back->n_scalars, ==, 2);
  for (guint i = 0; i < 2; i++) {
    g_assert_cmpstr (back->scalars[i].name, ==, mesh->scalars[i].name);
    g_assert_cmpstr (back->scalars[i].unit, ==, mesh->scalars[i].unit);
    g_assert_cmpmem (
      back->scalars[i].values, 4 * back->n_vertices, mesh->scalars[i].values, 4 * mesh->n_vertices);
  }
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "comment frame LPS\ncomment unit mm\n"));
  g_assert_nonnull (strstr (text, "research use only"));
}

static void
test_stl_round_trip (void)
{
  g_autofree char *path = g_build_filename (folder, "sphere.stl", NULL);
  g_autoptr (UtMesh) mesh = ut_shape_sphere_mesh (6, 0.25);
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_mesh_write (mesh, path, &error));
  g_autoptr (UtMesh) back = ut_mesh_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (back->frame, ==, UT_MESH_FRAME_LPS);
  g_assert_cmpuint (back->n_vertices, ==, mesh->n_vertices);
  g_assert_cmpuint (back->n_triangles, ==, mesh->n_triangles);
  g_assert_cmpfloat (ut_mesh_volume_mm3 (back), ==, ut_mesh_volume_mm3 (mesh));
  ut_shape_assert_manifold (back);
  g_autofree char *text = NULL;
  gsize n_bytes;
  g_assert_true (g_file_get_contents (path, &text, &n_bytes, NULL));
  g_assert_cmpuint (n_bytes, ==, 84 + 50 * mesh->n_triangles);
  g_assert_false (g_str_has_prefix (text, "solid"));
  g_assert_nonnull (strstr (text, "frame LPS; unit mm; research use only"));
}

static void
test_empty_round_trip (void)
{
  static const char *const names[] = {"empty.ply", "empty.stl"};
  g_autoptr (UtMesh) empty = ut_mesh_new (UT_MESH_FRAME_CANONICAL, 0, 0, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_autoptr (GError) error = NULL;
    g_assert_true (ut_mesh_write (empty, path, &error));
    g_autoptr (UtMesh) back = ut_mesh_read (path, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (back->n_vertices, ==, 0);
    g_assert_cmpint (back->frame, ==, UT_MESH_FRAME_CANONICAL);
  }
}

static UtMesh *
parse_text (const char *text, const char *name, GError **error)
{
  return ut_mesh_parse ((const guint8 *)text, strlen (text), name, error);
}

static void
test_foreign_ply (void)
{
  /* text, a quadrilateral, a colour, a double, an unknown element, lines ended by CR LF */
  const char *text =
    "ply\r\nformat ascii 1.0\r\ncomment made elsewhere\r\nelement vertex 4\r\n"
    "property double x\r\nproperty double y\r\nproperty double z\r\nproperty uchar red\r\n"
    "property float quality\r\nelement edge 1\r\nproperty int a\r\nproperty list uchar int b\r\n"
    "element face 1\r\nproperty list uchar uint vertex_index\r\nend_header\r\n"
    "0 0 0.5 255 1.5\r\n1 0 0.5 0 2.5\r\n1 1 .5 0 3.5\r\n0 1 5e-1 0 -4\r\n"
    "7 2 0 1\r\n4 0 1 2 3";
  g_autoptr (GError) error = NULL;
  g_autoptr (UtMesh) mesh = parse_text (text, "f.ply", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mesh->n_vertices, ==, 4);
  g_assert_cmpuint (mesh->n_triangles, ==, 2);
  g_assert_cmpfloat (ut_mesh_area_mm2 (mesh), ==, 1);
  g_assert_cmpint (mesh->frame, ==, UT_MESH_FRAME_UNKNOWN);
  g_assert_cmpuint (mesh->n_scalars, ==, 1);
  g_assert_cmpfloat (ut_mesh_find_scalar (mesh, "quality")->values[3], ==, -4);
  g_assert_cmpfloat (mesh->normals[2], ==, 1);
}

static void
test_big_endian_ply (void)
{
  static const char header[] =
    "ply\nformat binary_big_endian 1.0\nelement vertex 3\nproperty float x\nproperty float y\n"
    "property short z\nelement face 1\nproperty list uchar ushort vertex_indices\nend_header\n";
  static const guint8 body[] = {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0x3f, 0x80, 0,
                                0, 0, 0, 0, 0, 0, 5, 0, 0,    0,    0,    0x40, 0,
                                0, 0, 0, 1, 3, 0, 0, 0, 1,    0,    2};
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *)header, sizeof header - 1);
  g_byte_array_append (bytes, body, sizeof body);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtMesh) mesh = ut_mesh_parse (bytes->data, bytes->len, "b.ply", &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (mesh->positions[2], ==, -2);
  g_assert_cmpfloat (mesh->positions[3], ==, 1);
  g_assert_cmpfloat (mesh->positions[5], ==, 5);
  g_assert_cmpfloat (mesh->positions[7], ==, 2);
  g_assert_cmpuint (mesh->triangles[2], ==, 2);
}

static void
test_text_stl (void)
{
  const char *text = "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\n"
                     "vertex 0 1 0\nendloop\nendfacet\nfacet normal 0 0 1\nouter loop\n"
                     "vertex 1 0 -0.0\nvertex 1 1 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid a\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (UtMesh) mesh = parse_text (text, "a.stl", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mesh->n_vertices, ==, 4);
  g_assert_cmpfloat (ut_mesh_area_mm2 (mesh), ==, 1);
}

#define HEAD "ply\nformat ascii 1.0\n"
#define XYZ  "property float x\nproperty float y\nproperty float z\n"
#define FACE "element face 1\nproperty list uchar int vertex_indices\nend_header\n"
#define LE   "ply\nformat binary_little_endian 1.0\n"

static void
test_broken_files (void)
{
  static const struct {
    const char *name, *text;
    int code;
    const char *says;
  } cases[] = {
    {"a.txt", "hello", UT_ENGINE_ERROR_UNSUPPORTED, "neither a PLY nor an STL"},
    {"a.ply", "", UT_ENGINE_ERROR_UNSUPPORTED, "neither a PLY nor an STL"},
    {"a.ply", "ply\n", UT_ENGINE_ERROR_FORMAT, "before its end_header"},
    {"a.ply", "ply\nend_header\n", UT_ENGINE_ERROR_FORMAT, "does not say its format"},
    {"a.ply", "ply\nformat ascii 2.0\nend_header\n", UT_ENGINE_ERROR_UNSUPPORTED, "no format"},
    {"a.ply", HEAD "end_header\n", UT_ENGINE_ERROR_FORMAT, "no vertices"},
    {"a.ply", HEAD "wibble\nend_header\n", UT_ENGINE_ERROR_FORMAT, "line of unknown kind"},
    {"a.ply", HEAD "element vertex -1\nend_header\n", UT_ENGINE_ERROR_FORMAT, "no valid count"},
    {"a.ply", HEAD "property float x\nend_header\n", UT_ENGINE_ERROR_FORMAT, "property in the"},
    {"a.ply",
     HEAD "element vertex 0\nproperty half x\nend_header\n",
     UT_ENGINE_ERROR_FORMAT,
     "property in the header"},
    {"a.ply",
     HEAD "element vertex 0\nproperty float x\nproperty float x\nend_header\n",
     UT_ENGINE_ERROR_FORMAT,
     "same name"},
    {"a.ply",
     HEAD "element vertex 1\nproperty float x\nend_header\n1 ",
     UT_ENGINE_ERROR_FORMAT,
     "no x, y and z"},
    {"a.ply",
     HEAD "comment unit m\nelement vertex 0\n" XYZ "end_header\n",
     UT_ENGINE_ERROR_UNSUPPORTED,
     "not in mm"},
    {"a.ply",
     LE "element vertex 4000000000\n" XYZ "end_header\nabcdefghijkl",
     UT_ENGINE_ERROR_FORMAT,
     "more than the file has room for"},
    {"a.ply",
     LE "element vertex 9223372036854775807\n" XYZ "end_header\nabcdefghijkl",
     UT_ENGINE_ERROR_FORMAT,
     "more than the file has room for"},
    {"a.ply",
     HEAD "element spam 9000000000000000000\nelement vertex 1\n" XYZ "end_header\n",
     UT_ENGINE_ERROR_FORMAT,
     "more than the file has room for"},
    {"a.ply",
     HEAD "element vertex 2\n" XYZ "end_header\n1 2 3 4.0000 5",
     UT_ENGINE_ERROR_FORMAT,
     "vertex 2 of 2"},
    {"a.ply",
     HEAD "element vertex 1\n" XYZ "end_header\n1 two 3",
     UT_ENGINE_ERROR_FORMAT,
     "vertex 1 of 1"},
    {"a.ply", HEAD "element vertex 1\n" XYZ "end_header\n1 nan 3", UT_ENGINE_ERROR_RANGE, "y of"},
    {"a.ply", HEAD "element vertex 1\n" XYZ "end_header\n1 2 1e99", UT_ENGINE_ERROR_RANGE, "z of"},
    {"a.ply",
     HEAD "element vertex 1\n" XYZ "element vertex 1\n" XYZ "end_header\n1 2 3 1 2 3",
     UT_ENGINE_ERROR_FORMAT,
     "vertices twice"},
    {"a.ply",
     HEAD "element vertex 1\n" XYZ FACE "0 0 0\n3 0 0 1\n",
     UT_ENGINE_ERROR_FORMAT,
     "names vertex 1 of 1"},
    {"a.ply",
     HEAD "element vertex 1\n" XYZ FACE "0 0 0\n3 0 -1 0\n",
     UT_ENGINE_ERROR_FORMAT,
     "face"},
    {"a.ply",
     HEAD "element vertex 1\n" XYZ FACE "0 0 0\n3 0 0.5 0\n",
     UT_ENGINE_ERROR_FORMAT,
     "face"},
    {"a.ply", HEAD "element vertex 1\n" XYZ FACE "0 0 0\n2 0 0\n", UT_ENGINE_ERROR_FORMAT, "face"},
    {"a.ply",
     HEAD "element vertex 1\n" XYZ FACE "0 0 0\n99999 0\n",
     UT_ENGINE_ERROR_FORMAT,
     "face"},
    {"a.stl", "abc", UT_ENGINE_ERROR_FORMAT, "too short"},
    {"a.stl",
     "This header is eighty bytes long, as every header of an STL file of any kind must be"
     "\1\1\1\1 and then too little",
     UT_ENGINE_ERROR_FORMAT,
     "triangles, which take"},
    {"a.stl", "solid a\nfacet normal 0 0 1\nouter loop", UT_ENGINE_ERROR_FORMAT, "endsolid"},
    {"a.stl", "solid a\nvertex 1 2 3\nendsolid", UT_ENGINE_ERROR_FORMAT, "three corners"},
    {"a.stl", "solid a\nvertex 1 2 x\nendsolid", UT_ENGINE_ERROR_FORMAT, "corner 1"},
    {"a.stl", "solid a\nvertex 1 2 inf\nendsolid", UT_ENGINE_ERROR_FORMAT, "corner 1"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("case %" G_GSIZE_FORMAT ": %s", i, cases[i].says);
    g_assert_null (parse_text (cases[i].text, cases[i].name, &error));
    g_assert_error (error, UT_ENGINE_ERROR, cases[i].code);
    g_assert_nonnull (strstr (error->message, cases[i].says));
    g_assert_true (g_str_has_prefix (error->message, cases[i].name));
    g_assert_null (strchr (error->message, '\n'));
  }
}

/* Every cut of a good file is refused or read, never more than that. */
static void
test_every_cut (void)
{
  static const char *const names[] = {"cut.ply", "cut.stl"};
  g_autoptr (UtMesh) mesh = ut_shape_box_mesh (ut_vec3 (0, 0, 0), ut_vec3 (1, 2, 3));
  ut_mesh_add_scalar (mesh, "wall", "mm");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_assert_true (ut_mesh_write (mesh, path, NULL));
    g_autofree char *content = NULL;
    gsize n_bytes;
    g_assert_true (g_file_get_contents (path, &content, &n_bytes, NULL));
    for (gsize n = 0; n < n_bytes; n++) {
      g_autofree guint8 *cut = g_memdup2 (content, n); /* own block, so overruns are caught */
      g_autoptr (GError) error = NULL;
      g_assert_null (ut_mesh_parse (cut, n, names[i], &error));
      g_assert_nonnull (error);
    }
  }
}

/* Two properties that our note gives one name must not share one array. */
static void
test_scalar_names_collide (void)
{
  const char *text = HEAD "comment scalar a mm b\nelement vertex 1\n" XYZ
                          "property float a\nproperty float b\nend_header\n1 2 3 4 5";
  g_autoptr (GError) error = NULL;
  g_autoptr (UtMesh) mesh = parse_text (text, "c.ply", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mesh->n_scalars, ==, 1);
  g_assert_cmpfloat (ut_mesh_find_scalar (mesh, "b")->values[0], ==, 4);
}

static void
test_paths (void)
{
  g_autoptr (UtMesh) mesh = ut_shape_box_mesh (ut_vec3 (0, 0, 0), ut_vec3 (1, 2, 3));
  g_autofree char *missing = g_build_filename (folder, "Jane Doe", "mesh.ply", NULL);
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_mesh_read (missing, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_cmpstr (
    error->message, ==, "mesh.ply: the mesh cannot be read: No such file or directory");
  g_clear_error (&error);
  g_assert_false (ut_mesh_write (mesh, missing, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_cmpstr (
    error->message, ==, "mesh.ply: the mesh cannot be written: No such file or directory");
  g_clear_error (&error);
  g_assert_false (ut_mesh_write (mesh, "mesh.vtk", &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "de_DE.UTF-8"); /* decimal comma, where it is installed */
  folder = g_dir_make_tmp ("ut-mesh-XXXXXX", NULL);
  g_test_add_func ("/surface/file/ply", test_ply_round_trip);
  g_test_add_func ("/surface/file/stl", test_stl_round_trip);
  g_test_add_func ("/surface/file/empty", test_empty_round_trip);
  g_test_add_func ("/surface/file/foreign-ply", test_foreign_ply);
  g_test_add_func ("/surface/file/big-endian-ply", test_big_endian_ply);
  g_test_add_func ("/surface/file/text-stl", test_text_stl);
  g_test_add_func ("/surface/file/broken", test_broken_files);
  g_test_add_func ("/surface/file/cut", test_every_cut);
  g_test_add_func ("/surface/file/scalar-names", test_scalar_names_collide);
  g_test_add_func ("/surface/file/paths", test_paths);
  int status = g_test_run ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (folder);
  return status;
}
