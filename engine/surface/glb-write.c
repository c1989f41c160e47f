/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh-file-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "engine/base/srgb.h"

/* Khronos, "glTF 2.0 Specification": 3.6 binary data, 3.7 geometry, 3.9 materials, 4 GLB.
 *
 * Positions stay the millimetres of the mesh, bit for bit; the node above all others brings them
 * to metres and turns the z axis, which is up in both frames of a mesh, to glTF's y. */
#define GLB_MAGIC      0x46546C67u /* "glTF" */
#define CHUNK_JSON     0x4E4F534Au
#define CHUNK_BIN      0x004E4942u

#define TYPE_FLOAT     5126
#define TYPE_UINT32    5125
#define TARGET_ARRAY   34962
#define TARGET_INDICES 34963

typedef struct {
  JsonArray *nodes, *meshes, *materials, *accessors, *views;
  GByteArray *binary;
} Scene;

/* The number of an object that is put at the end of @array. */
static gint64
add (JsonArray *array, JsonObject *object)
{
  json_array_add_object_element (array, object);
  return json_array_get_length (array) - 1;
}

static JsonArray *
numbers (const double *values, guint n)
{
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < n; i++)
    json_array_add_double_element (array, values[i]);
  return array;
}

/* @values: [count][n_components] 32-bit words. Returns the number of the accessor. */
static gint64
add_accessor (
  Scene *self, const void *values, gsize count, guint n_components, int type, int target)
{
  JsonObject *view = json_object_new ();
  json_object_set_int_member (view, "buffer", 0);
  json_object_set_int_member (view, "byteOffset", self->binary->len);
  json_object_set_int_member (view, "byteLength", (gint64)(4 * n_components * count));
  json_object_set_int_member (view, "target", target);
  ut_mesh_file_append (self->binary, values, n_components * count);

  JsonObject *accessor = json_object_new ();
  json_object_set_int_member (accessor, "bufferView", add (self->views, view));
  json_object_set_int_member (accessor, "componentType", type);
  json_object_set_int_member (accessor, "count", (gint64)count);
  json_object_set_string_member (accessor, "type", n_components == 3 ? "VEC3" : "SCALAR");
  return add (self->accessors, accessor);
}

static void
set_bounds (Scene *self, gint64 accessor, const UtMesh *mesh)
{
  JsonObject *object = json_array_get_object_element (self->accessors, (guint)accessor);
  UtVec3 min, max;
  if (!ut_mesh_bounds (mesh, &min, &max))
    return;
  json_object_set_array_member (object, "min", numbers ((double[]){min.x, min.y, min.z}, 3));
  json_object_set_array_member (object, "max", numbers ((double[]){max.x, max.y, max.z}, 3));
}

/* A name of an application's own attribute: "_SIGNED_DISTANCE". */
static char *
attribute_name (const UtMeshScalar *scalar)
{
  GString *name = g_string_new ("_");
  for (const char *c = scalar->name; *c != '\0'; c++)
    g_string_append_c (name, g_ascii_isalnum (*c) ? g_ascii_toupper (*c) : '_');
  return g_string_free (name, FALSE);
}

static gint64
add_material (Scene *self, const UtMeshPart *part)
{
  const double colour[4] = {ut_srgb_linear (part->colour[0]),
                            ut_srgb_linear (part->colour[1]),
                            ut_srgb_linear (part->colour[2]),
                            part->opacity};
  JsonObject *surface = json_object_new (), *material = json_object_new ();
  json_object_set_array_member (surface, "baseColorFactor", numbers (colour, 4));
  json_object_set_double_member (surface, "metallicFactor", 0);
  json_object_set_double_member (surface, "roughnessFactor", 0.6);
  json_object_set_string_member (material, "name", part->name);
  json_object_set_object_member (material, "pbrMetallicRoughness", surface);
  if (part->opacity < 1)
    json_object_set_string_member (material, "alphaMode", "BLEND");
  return add (self->materials, material);
}

static gint64
add_mesh (Scene *self, const UtMeshPart *part)
{
  const UtMesh *mesh = part->mesh;
  JsonObject *attributes = json_object_new (), *units = json_object_new ();
  gint64 positions =
    add_accessor (self, mesh->positions, mesh->n_vertices, 3, TYPE_FLOAT, TARGET_ARRAY);
  set_bounds (self, positions, mesh);
  json_object_set_int_member (attributes, "POSITION", positions);
  json_object_set_int_member (
    attributes,
    "NORMAL",
    add_accessor (self, mesh->normals, mesh->n_vertices, 3, TYPE_FLOAT, TARGET_ARRAY));
  for (guint i = 0; i < mesh->n_scalars; i++) {
    g_autofree char *name = attribute_name (&mesh->scalars[i]);
    json_object_set_int_member (
      attributes,
      name,
      add_accessor (self, mesh->scalars[i].values, mesh->n_vertices, 1, TYPE_FLOAT, TARGET_ARRAY));
    json_object_set_string_member (units, name, mesh->scalars[i].unit);
  }

  JsonObject *primitive = json_object_new (), *object = json_object_new ();
  JsonArray *primitives = json_array_new ();
  json_object_set_object_member (primitive, "attributes", attributes);
  json_object_set_int_member (
    primitive,
    "indices",
    add_accessor (self, mesh->triangles, 3 * mesh->n_triangles, 1, TYPE_UINT32, TARGET_INDICES));
  json_object_set_int_member (primitive, "material", add_material (self, part));
  json_array_add_object_element (primitives, primitive);
  json_object_set_string_member (object, "name", part->name);
  json_object_set_array_member (object, "primitives", primitives);
  json_object_set_object_member (object, "extras", units);
  return add (self->meshes, object);
}

static void
add_root (Scene *self, const UtMeshPart *parts, guint n_parts)
{
  static const double rotation[4] = {-G_SQRT2 / 2, 0, 0, G_SQRT2 / 2}; /* x, y, z, w */
  static const double scale[3] = {0.001, 0.001, 0.001};
  JsonObject *root = json_object_new (), *extras = json_object_new ();
  JsonArray *children = json_array_new ();
  for (guint i = 0; i < n_parts; i++)
    json_array_add_int_element (children, i + 1);
  json_object_set_string_member (
    extras, "frame", ut_mesh_frame_name (n_parts > 0 ? parts[0].mesh->frame : 0));
  json_object_set_string_member (extras, "unit_of_positions", "mm");
  json_object_set_double_member (extras, "metres_per_unit", scale[0]);
  json_object_set_string_member (root, "name", "heart");
  json_object_set_array_member (root, "rotation", numbers (rotation, 4));
  json_object_set_array_member (root, "scale", numbers (scale, 3));
  json_object_set_object_member (root, "extras", extras);
  if (n_parts > 0)
    json_object_set_array_member (root, "children", children);
  else
    json_array_unref (children);
  add (self->nodes, root);
  for (guint i = 0; i < n_parts; i++) {
    JsonObject *node = json_object_new ();
    json_object_set_string_member (node, "name", parts[i].name);
    if (parts[i].mesh->note != NULL) {
      JsonObject *said = json_object_new ();
      json_object_set_string_member (said, "note", parts[i].mesh->note);
      json_object_set_object_member (node, "extras", said);
    }
    if (parts[i].mesh->n_triangles > 0)
      json_object_set_int_member (node, "mesh", add_mesh (self, &parts[i]));
    add (self->nodes, node);
  }
}

/* The standard has no empty lists. */
static void
set_list (JsonObject *root, const char *key, JsonArray *list)
{
  if (json_array_get_length (list) > 0)
    json_object_set_array_member (root, key, list);
  else
    json_array_unref (list);
}

static char *
describe (Scene *self, gsize *ret_length)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *root = json_object_new (), *asset = json_object_new ();
  JsonObject *scene = json_object_new (), *buffer = json_object_new ();
  JsonArray *scenes = json_array_new (), *buffers = json_array_new (), *tops = json_array_new ();
  json_object_set_string_member (asset, "version", "2.0");
  json_object_set_string_member (asset, "generator", "UltraTwin");
  json_object_set_string_member (asset, "copyright", "Research use only - not for diagnosis");
  json_array_add_int_element (tops, 0);
  json_object_set_array_member (scene, "nodes", tops);
  json_array_add_object_element (scenes, scene);
  json_object_set_object_member (root, "asset", asset);
  json_object_set_int_member (root, "scene", 0);
  json_object_set_array_member (root, "scenes", scenes);
  json_object_set_array_member (root, "nodes", self->nodes);
  set_list (root, "meshes", self->meshes);
  set_list (root, "materials", self->materials);
  set_list (root, "accessors", self->accessors);
  set_list (root, "bufferViews", self->views);
  json_object_set_int_member (buffer, "byteLength", self->binary->len);
  if (self->binary->len > 0)
    json_array_add_object_element (buffers, buffer);
  else
    json_object_unref (buffer);
  set_list (root, "buffers", buffers);
  json_node_take_object (node, root);
  char *text = json_to_string (node, FALSE);
  *ret_length = strlen (text);
  return text;
}

GByteArray *
ut_glb_format (const UtMeshPart *parts, guint n_parts)
{
  Scene scene = {json_array_new (),
                 json_array_new (),
                 json_array_new (),
                 json_array_new (),
                 json_array_new (),
                 g_byte_array_new ()};
  gsize length;
  add_root (&scene, parts, n_parts);
  g_autofree char *text = describe (&scene, &length);
  const guint32 padding = (guint32)((4 - length % 4) % 4);
  const guint32 json_length = (guint32)length + padding, n_binary = scene.binary->len;
  const guint32 whole = 12 + 8 + json_length + (n_binary > 0 ? 8 + n_binary : 0);

  GByteArray *bytes = g_byte_array_sized_new (whole);
  ut_mesh_file_append (bytes, (guint32[]){GLB_MAGIC, 2, whole, json_length, CHUNK_JSON}, 5);
  g_byte_array_append (bytes, (const guint8 *)text, (guint)length);
  g_byte_array_append (bytes, (const guint8 *)"   ", padding);
  if (n_binary > 0) {
    ut_mesh_file_append (bytes, (guint32[]){n_binary, CHUNK_BIN}, 2);
    g_byte_array_append (bytes, scene.binary->data, n_binary);
  }
  g_byte_array_unref (scene.binary);
  return bytes;
}
