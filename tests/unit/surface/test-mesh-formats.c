/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <locale.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/surface/mesh-file.h"
#include "tests/unit/surface/shapes.h"

static char *folder;

/* ---- OBJ: read back by its own rules, "v x y z", "vn x y z", "f v//n ..." counted from 1 -------
 */

static void
take_numbers (const char *line, GArray *numbers)
{
  for (int i = 0; i < 3; i++) {
    char *end;
    float value = (float)g_ascii_strtod (line, &end);
    g_assert_true (end != line);
    g_array_append_val (numbers, value);
    line = end;
  }
  g_assert_cmpint (*line, ==, '\0');
}

static void
take_corners (const char *line, GArray *corners)
{
  for (int i = 0; i < 3; i++) {
    char *end;
    guint32 vertex = (guint32)g_ascii_strtoull (line, &end, 10);
    g_assert_true (g_str_has_prefix (end, "//"));
    g_assert_cmpuint (g_ascii_strtoull (end + 2, &end, 10), ==, vertex);
    vertex--;
    g_array_append_val (corners, vertex);
    line = end;
  }
}

static void
test_obj (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, "sphere.obj", NULL);
  g_autofree char *text = NULL;
  g_autoptr (UtMesh) mesh = ut_shape_sphere_mesh (4, 0.3);
  g_autoptr (GArray) positions = g_array_new (FALSE, FALSE, sizeof (float));
  g_autoptr (GArray) normals = g_array_new (FALSE, FALSE, sizeof (float));
  g_autoptr (GArray) corners = g_array_new (FALSE, FALSE, sizeof (guint32));
  setlocale (LC_NUMERIC, "de_DE.UTF-8"); /* where it is installed */
  g_assert_true (ut_mesh_write (mesh, path, &error));
  setlocale (LC_NUMERIC, "C");
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_assert_nonnull (strstr (text, "# frame LPS\n# unit mm\n"));
  g_assert_nonnull (strstr (text, "research use only"));

  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    if (g_str_has_prefix (*line, "v "))
      take_numbers (*line + 2, positions);
    else if (g_str_has_prefix (*line, "vn "))
      take_numbers (*line + 3, normals);
    else if (g_str_has_prefix (*line, "f "))
      take_corners (*line + 2, corners);
    else
      g_assert_true (**line == '#' || **line == '\0');
  }
  g_assert_cmpmem (positions->data, 4 * positions->len, mesh->positions, 12 * mesh->n_vertices);
  g_assert_cmpmem (normals->data, 4 * normals->len, mesh->normals, 12 * mesh->n_vertices);
  g_assert_cmpmem (corners->data, 4 * corners->len, mesh->triangles, 12 * mesh->n_triangles);
}

/* ---- glTF ---------------------------------------------------------------------------------- */

typedef struct {
  guint8 *bytes;
  gsize n_bytes;
  JsonNode *root;
  const guint8 *binary;
  gsize n_binary;
} Glb;

static guint32
word_at (const Glb *self, gsize offset)
{
  guint32 word;
  g_assert_cmpuint (offset + 4, <=, self->n_bytes);
  memcpy (&word, self->bytes + offset, 4);
  return GUINT32_FROM_LE (word);
}

static void
glb_open (Glb *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  *self = (Glb){0};
  g_assert_true (g_file_get_contents (path, (char **)&self->bytes, &self->n_bytes, &error));
  g_assert_cmpmem (self->bytes, 4, "glTF", 4);
  g_assert_cmpuint (word_at (self, 4), ==, 2);
  g_assert_cmpuint (word_at (self, 8), ==, self->n_bytes);
  guint32 n_json = word_at (self, 12);
  g_assert_cmpuint (n_json % 4, ==, 0);
  g_assert_cmpmem (self->bytes + 16, 4, "JSON", 4);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_true (
    json_parser_load_from_data (parser, (char *)self->bytes + 20, (gssize)n_json, &error));
  self->root = json_parser_steal_root (parser);
  if (20 + n_json == self->n_bytes)
    return;
  self->n_binary = word_at (self, 20 + n_json);
  self->binary = self->bytes + 28 + n_json;
  g_assert_cmpmem (self->bytes + 24 + n_json, 4, "BIN", 4);
  g_assert_cmpuint (28 + n_json + self->n_binary, ==, self->n_bytes);
}

static void
glb_close (Glb *self)
{
  json_node_unref (self->root);
  g_free (self->bytes);
}

static JsonObject *
element (const Glb *self, const char *list, gint64 i)
{
  JsonArray *array = json_object_get_array_member (json_node_get_object (self->root), list);
  return json_array_get_object_element (array, (guint)i);
}

static void
assert_accessor (const Glb *self, gint64 i, const void *values, gsize n_words)
{
  JsonObject *accessor = element (self, "accessors", i);
  JsonObject *view =
    element (self, "bufferViews", json_object_get_int_member (accessor, "bufferView"));
  gsize offset = (gsize)json_object_get_int_member (view, "byteOffset");
  gsize length = (gsize)json_object_get_int_member (view, "byteLength");
  gsize width = g_str_equal (json_object_get_string_member (accessor, "type"), "VEC3") ? 3 : 1;
  g_assert_cmpuint ((gsize)json_object_get_int_member (accessor, "count") * width, ==, n_words);
  g_assert_cmpuint (offset % 4, ==, 0);
  g_assert_cmpuint (offset + length, <=, self->n_binary);
  g_assert_cmpmem (self->binary + offset, length, values, 4 * n_words);
}

static void
assert_part (const Glb *glb, gint64 node, const UtMeshPart *part)
{
  JsonObject *object = element (glb, "nodes", node);
  g_assert_cmpstr (json_object_get_string_member (object, "name"), ==, part->name);
  JsonObject *mesh = element (glb, "meshes", json_object_get_int_member (object, "mesh"));
  JsonObject *primitive =
    json_array_get_object_element (json_object_get_array_member (mesh, "primitives"), 0);
  JsonObject *attributes = json_object_get_object_member (primitive, "attributes");
  gint64 positions = json_object_get_int_member (attributes, "POSITION");
  assert_accessor (glb, positions, part->mesh->positions, 3 * part->mesh->n_vertices);
  assert_accessor (glb,
                   json_object_get_int_member (attributes, "NORMAL"),
                   part->mesh->normals,
                   3 * part->mesh->n_vertices);
  assert_accessor (glb,
                   json_object_get_int_member (primitive, "indices"),
                   part->mesh->triangles,
                   3 * part->mesh->n_triangles);
  UtVec3 min, max;
  ut_mesh_bounds (part->mesh, &min, &max);
  JsonArray *low = json_object_get_array_member (element (glb, "accessors", positions), "min");
  g_assert_cmpfloat (json_array_get_double_element (low, 2), ==, min.z);
  JsonObject *material =
    element (glb, "materials", json_object_get_int_member (primitive, "material"));
  JsonArray *colour = json_object_get_array_member (
    json_object_get_object_member (material, "pbrMetallicRoughness"), "baseColorFactor");
  g_assert_cmpfloat (json_array_get_double_element (colour, 3), ==, part->opacity);
  g_assert_cmpint (json_object_has_member (material, "alphaMode"), ==, part->opacity < 1);
}

static void
test_glb (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, "heart.glb", NULL);
  g_autoptr (UtMesh) large = ut_shape_sphere_mesh (5, 0.3);
  g_autoptr (UtMesh) small = ut_shape_sphere_mesh (3, 0.2);
  float *spread = ut_mesh_add_scalar (small, "seed spread", "");
  for (gsize i = 0; i < small->n_vertices; i++)
    spread[i] = (float)i / 7;
  const UtMeshPart parts[] = {{"LV", large, {1, 0.5f, 0}, 1}, {"Myo", small, {0, 0, 1}, 0.25f}};
  g_assert_true (ut_mesh_write_glb (parts, 2, path, &error));
  g_assert_no_error (error);

  Glb glb;
  glb_open (&glb, path);
  JsonObject *root = element (&glb, "nodes", 0), *extras;
  extras = json_object_get_object_member (root, "extras");
  g_assert_cmpstr (json_object_get_string_member (extras, "frame"), ==, "LPS");
  g_assert_cmpstr (json_object_get_string_member (extras, "unit_of_positions"), ==, "mm");
  JsonArray *scale = json_object_get_array_member (root, "scale");
  g_assert_cmpfloat (json_array_get_double_element (scale, 0), ==, 0.001);
  assert_part (&glb, 1, &parts[0]);
  assert_part (&glb, 2, &parts[1]);
  JsonObject *primitive = json_array_get_object_element (
    json_object_get_array_member (element (&glb, "meshes", 1), "primitives"), 0);
  JsonObject *attributes = json_object_get_object_member (primitive, "attributes");
  assert_accessor (
    &glb, json_object_get_int_member (attributes, "_SEED_SPREAD"), spread, small->n_vertices);
  JsonObject *asset = json_object_get_object_member (json_node_get_object (glb.root), "asset");
  g_assert_nonnull (strstr (json_object_get_string_member (asset, "copyright"), "Research use"));
  glb_close (&glb);
}

/* the standard forbids empty lists */
static void
test_empty (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtMesh) empty = ut_mesh_new (UT_MESH_FRAME_CANONICAL, 0, 0, NULL);
  g_autofree char *glb_path = g_build_filename (folder, "empty.glb", NULL);
  g_autofree char *obj_path = g_build_filename (folder, "empty.obj", NULL);
  g_assert_true (ut_mesh_write (empty, glb_path, &error));
  g_assert_true (ut_mesh_write (empty, obj_path, &error));
  Glb glb;
  glb_open (&glb, glb_path);
  g_assert_null (glb.binary);
  g_assert_false (json_object_has_member (json_node_get_object (glb.root), "meshes"));
  g_assert_cmpstr (json_object_get_string_member (element (&glb, "nodes", 1), "name"), ==, "empty");
  glb_close (&glb);
}

static void
test_names (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtMesh) mesh = ut_shape_sphere_mesh (3, 0.5);
  UtMeshFormat format;
  for (UtMeshFormat i = 0; i < UT_N_MESH_FORMATS; i++) {
    g_assert_true (ut_mesh_format_from_name (ut_mesh_format_name (i), &format));
    g_assert_cmpint (format, ==, i);
  }
  g_assert_false (ut_mesh_format_from_name ("vtk", &format));
  g_autofree char *path = g_build_filename (folder, "sphere.vtk", NULL);
  g_assert_false (ut_mesh_write (mesh, path, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("ultratwin-formats-XXXXXX", NULL);
  g_test_add_func ("/mesh-formats/obj", test_obj);
  g_test_add_func ("/mesh-formats/glb", test_glb);
  g_test_add_func ("/mesh-formats/empty", test_empty);
  g_test_add_func ("/mesh-formats/names", test_names);
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
