/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/surface/mesh-file-private.h"

#define MAX_HEADER_BYTES (64 * 1024)
#define MAX_ELEMENTS     16
#define MAX_PROPERTIES   64
#define MAX_TRIANGLES    ((gsize)100000000)

typedef enum { PLY_ASCII, PLY_LITTLE_ENDIAN, PLY_BIG_ENDIAN } PlyFormat;

typedef enum {
  PLY_I8,
  PLY_U8,
  PLY_I16,
  PLY_U16,
  PLY_I32,
  PLY_U32,
  PLY_F32,
  PLY_F64,
  PLY_N_TYPES,
} PlyType;

static const struct {
  const char *old_name, *new_name;
  guint8 n_bytes;
} types[PLY_N_TYPES] = {
  {"char", "int8", 1},
  {"uchar", "uint8", 1},
  {"short", "int16", 2},
  {"ushort", "uint16", 2},
  {"int", "int32", 4},
  {"uint", "uint32", 4},
  {"float", "float32", 4},
  {"double", "float64", 8},
};

typedef struct Property {
  char *name;
  PlyType type;
  gboolean is_list;
  PlyType count_type; /* of a list */
  float *target;      /* where a vertex's number goes; NULL to skip it */
  gsize stride;       /* numbers from one vertex's place there to the next one's */
} Property;

typedef struct Element {
  char *name;
  guint64 count;
  guint n_properties;
  Property properties[MAX_PROPERTIES];
} Element;

typedef struct Ply {
  const char *name; /* of the file */
  gboolean has_format;
  PlyFormat format;
  UtMeshText body;
  UtMeshFrame frame;
  guint n_elements;
  Element elements[MAX_ELEMENTS];
  GPtrArray *scalar_notes; /* "property unit name", of our own files */
  UtMesh *mesh;
  gboolean has_normals;
  GArray *triangles; /* guint32 */
} Ply;

static void
ply_free (Ply *self)
{
  for (guint i = 0; i < self->n_elements; i++) {
    g_free (self->elements[i].name);
    for (guint k = 0; k < self->elements[i].n_properties; k++)
      g_free (self->elements[i].properties[k].name);
  }
  g_ptr_array_unref (self->scalar_notes);
  g_array_unref (self->triangles);
  ut_mesh_unref (self->mesh);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ply, ply_free)

gboolean
ut_ply_recognise (const guint8 *data, gsize n_bytes)
{
  return n_bytes >= 4 && memcmp (data, "ply", 3) == 0 && (data[3] == '\n' || data[3] == '\r');
}

static gboolean
parse_type (const char *word, PlyType *ret_type)
{
  for (PlyType type = 0; type < PLY_N_TYPES; type++)
    if (g_str_equal (word, types[type].old_name) || g_str_equal (word, types[type].new_name)) {
      *ret_type = type;
      return TRUE;
    }
  return FALSE;
}

static gboolean
parse_format (Ply *self, char **words, GError **error)
{
  static const char *const names[] = {"ascii", "binary_little_endian", "binary_big_endian"};
  for (guint i = 0; g_strv_length (words) == 3 && i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (words[1], names[i]) && g_str_equal (words[2], "1.0")) {
      self->format = (PlyFormat)i;
      self->has_format = TRUE;
      return TRUE;
    }
  return ut_mesh_file_fail (error,
                            UT_ENGINE_ERROR_UNSUPPORTED,
                            self->name,
                            ut_words ("the PLY is of no format that is read"));
}

static gboolean
parse_element (Ply *self, char **words, GError **error)
{
  guint64 count;
  if (g_strv_length (words) != 3 ||
      !g_ascii_string_to_unsigned (words[2], 10, 0, G_MAXINT64, &count, NULL))
    return ut_mesh_file_fail (error,
                              UT_ENGINE_ERROR_FORMAT,
                              self->name,
                              ut_words ("an element of the PLY has no valid count"));
  if (self->n_elements == MAX_ELEMENTS)
    return ut_mesh_file_fail (error,
                              UT_ENGINE_ERROR_RANGE,
                              self->name,
                              ut_words ("the PLY has more than %d kinds of elements"),
                              MAX_ELEMENTS);
  Element *element = &self->elements[self->n_elements++];
  element->name = g_strdup (words[1]);
  element->count = count;
  return TRUE;
}

static gboolean
parse_property (Ply *self, char **words, GError **error)
{
  guint n = g_strv_length (words);
  Property property = {.is_list = n == 5 && g_str_equal (words[1], "list")};
  gboolean valid = self->n_elements > 0;
  if (property.is_list)
    valid = valid && parse_type (words[2], &property.count_type) && property.count_type < PLY_F32 &&
            parse_type (words[3], &property.type);
  else
    valid = valid && n == 3 && parse_type (words[1], &property.type);
  if (!valid)
    return ut_mesh_file_fail (error,
                              UT_ENGINE_ERROR_FORMAT,
                              self->name,
                              ut_words ("a property in the header of the PLY is damaged"));

  Element *element = &self->elements[self->n_elements - 1];
  if (element->n_properties == MAX_PROPERTIES)
    return ut_mesh_file_fail (error,
                              UT_ENGINE_ERROR_RANGE,
                              self->name,
                              ut_words ("an element of the PLY has more than %d properties"),
                              MAX_PROPERTIES);
  for (guint i = 0; i < element->n_properties; i++)
    if (g_str_equal (element->properties[i].name, words[n - 1]))
      return ut_mesh_file_fail (
        error,
        UT_ENGINE_ERROR_FORMAT,
        self->name,
        ut_words ("two properties of one element of the PLY have the same name"));
  property.name = g_strdup (words[n - 1]);
  element->properties[element->n_properties++] = property;
  return TRUE;
}

static gboolean
parse_comment (Ply *self, const char *text, GError **error)
{
  if (g_str_has_prefix (text, "frame "))
    self->frame = ut_mesh_frame_from_name (text + 6);
  else if (g_str_has_prefix (text, "scalar "))
    g_ptr_array_add (self->scalar_notes, g_strdup (text + 7));
  else if (g_str_has_prefix (text, "unit ") && !g_str_equal (text, "unit mm"))
    return ut_mesh_file_fail (error,
                              UT_ENGINE_ERROR_UNSUPPORTED,
                              self->name,
                              ut_words ("the PLY is not in mm; convert it before it is read"));
  return TRUE;
}

static gboolean
parse_header_line (Ply *self, char *line, GError **error)
{
  if (g_str_has_prefix (line, "comment "))
    return parse_comment (self, g_strstrip (line + 8), error);
  g_auto (GStrv) words = g_strsplit_set (g_strstrip (line), " \t", -1);
  const char *keyword = words[0] != NULL ? words[0] : "";
  if (g_str_equal (keyword, "format"))
    return parse_format (self, words, error);
  if (g_str_equal (keyword, "element"))
    return parse_element (self, words, error);
  if (g_str_equal (keyword, "property"))
    return parse_property (self, words, error);
  if (g_str_equal (keyword, "comment") || g_str_equal (keyword, "obj_info"))
    return TRUE;
  return ut_mesh_file_fail (error,
                            UT_ENGINE_ERROR_FORMAT,
                            self->name,
                            ut_words ("the header of the PLY has a line of unknown kind"));
}

/* Reads up to end_header; what follows is the body. */
static gboolean
parse_header (Ply *self, const guint8 *data, gsize n_bytes, GError **error)
{
  const guint8 *at = data, *end = data + MIN (n_bytes, MAX_HEADER_BYTES);
  for (gboolean first = TRUE;; first = FALSE) {
    const guint8 *line_end = memchr (at, '\n', (gsize)(end - at));
    if (line_end == NULL)
      return ut_mesh_file_fail (
        error, UT_ENGINE_ERROR_FORMAT, self->name, ut_words ("the PLY ends before its end_header"));
    g_autofree char *line = g_strndup ((const char *)at, (gsize)(line_end - at));
    at = line_end + 1;
    g_strchomp (line);
    if (g_str_equal (line, "end_header"))
      break;
    if (!first && !parse_header_line (self, line, error))
      return FALSE;
  }
  self->body = (UtMeshText){at, data + n_bytes};
  return self->has_format ||
         ut_mesh_file_fail (
           error, UT_ENGINE_ERROR_FORMAT, self->name, ut_words ("the PLY does not say its format"));
}

static gboolean
read_binary (Ply *self, PlyType type, double *ret)
{
  gsize n = types[type].n_bytes;
  if ((gsize)(self->body.end - self->body.at) < n)
    return FALSE;
  guint64 raw = 0;
  for (gsize i = 0; i < n; i++) {
    gsize shift = 8 * (self->format == PLY_LITTLE_ENDIAN ? i : n - 1 - i);
    raw |= (guint64)self->body.at[i] << shift;
  }
  self->body.at += n;
  guint32 word = (guint32)raw;
  float single;
  switch (type) {
  case PLY_I8:
    *ret = (gint8)raw;
    break;
  case PLY_I16:
    *ret = (gint16)raw;
    break;
  case PLY_I32:
    *ret = (gint32)raw;
    break;
  case PLY_F32:
    memcpy (&single, &word, sizeof single);
    *ret = (double)single;
    break;
  case PLY_F64:
    memcpy (ret, &raw, sizeof raw);
    break;
  case PLY_U8:
  case PLY_U16:
  case PLY_U32:
  case PLY_N_TYPES:
  default:
    *ret = (double)raw;
  }
  return TRUE;
}

static gboolean
read_number (Ply *self, PlyType type, double *ret)
{
  return self->format == PLY_ASCII ? ut_mesh_text_number (&self->body, ret)
                                   : read_binary (self, type, ret);
}

static gboolean
fail_truncated (const Ply *self, const Element *element, guint64 row, GError **error)
{
  return ut_mesh_file_fail (
    error,
    UT_ENGINE_ERROR_FORMAT,
    self->name,
    ut_words ("%s %" PRIu64 " of %" PRIu64 " in the PLY is cut off or damaged"),
    element->name,
    row + 1,
    element->count);
}

/* Refuses a count that the rest of the file cannot hold, before anything is allocated for it. */
static gboolean
check_count (const Ply *self, const Element *element, GError **error)
{
  gsize row_bytes = 0;
  for (guint i = 0; i < element->n_properties; i++) {
    const Property *property = &element->properties[i];
    PlyType type = property->is_list ? property->count_type : property->type;
    row_bytes += self->format == PLY_ASCII ? 2 : types[type].n_bytes;
  }
  /* the last number of a text needs no space behind it */
  gsize left = (gsize)(self->body.end - self->body.at) + (self->format == PLY_ASCII);
  if (element->count > 0 && (row_bytes == 0 || element->count > left / row_bytes))
    return ut_mesh_file_fail (
      error,
      UT_ENGINE_ERROR_FORMAT,
      self->name,
      ut_words ("the PLY says %" PRIu64 " of \"%s\", more than the file has room for"),
      element->count,
      element->name);
  return TRUE;
}

/* Name and unit that our own files note for a property; else the property's name and no unit.
 * NULL where the name is taken, so that nothing is written over. */
static float *
add_scalar (Ply *self, const char *property)
{
  for (guint i = 0; i < self->scalar_notes->len; i++) {
    g_auto (GStrv) words = g_strsplit (g_ptr_array_index (self->scalar_notes, i), " ", 3);
    if (g_strv_length (words) == 3 && g_str_equal (words[0], property) &&
        ut_mesh_find_scalar (self->mesh, words[2]) == NULL)
      return ut_mesh_add_scalar (self->mesh, words[2], g_str_equal (words[1], "-") ? "" : words[1]);
  }
  if (ut_mesh_find_scalar (self->mesh, property) != NULL)
    return NULL;
  return ut_mesh_add_scalar (self->mesh, property, "");
}

/* Makes the mesh and says for each property of the vertices where its numbers go. */
static gboolean
plan_vertices (Ply *self, Element *element, GError **error)
{
  static const char *const names[] = {"x", "y", "z", "nx", "ny", "nz"};
  guint found = 0;
  if (self->mesh != NULL)
    return ut_mesh_file_fail (
      error, UT_ENGINE_ERROR_FORMAT, self->name, ut_words ("the PLY has its vertices twice"));
  self->mesh = ut_mesh_new (self->frame, element->count, 0, error);
  if (self->mesh == NULL)
    return FALSE;
  for (guint i = 0; i < element->n_properties; i++) {
    Property *property = &element->properties[i];
    if (property->is_list)
      continue;
    for (guint k = 0; k < G_N_ELEMENTS (names); k++)
      if (g_str_equal (property->name, names[k])) {
        property->target = (k < 3 ? self->mesh->positions : self->mesh->normals) + k % 3;
        property->stride = 3;
        found |= 1u << k;
      }
    if (property->target == NULL && property->type >= PLY_F32) {
      property->target = add_scalar (self, property->name);
      property->stride = 1;
    }
  }
  self->has_normals = found >> 3 == 7;
  if ((found & 7) != 7)
    return ut_mesh_file_fail (error,
                              UT_ENGINE_ERROR_FORMAT,
                              self->name,
                              ut_words ("the PLY's vertices have no x, y and z"));
  return TRUE;
}

/* One corner after the other; a face of more than three becomes a fan round its first. */
static gboolean
read_face (Ply *self, PlyType type, guint64 n_corners)
{
  guint32 fan[3];
  for (guint64 i = 0; i < n_corners; i++) {
    double number;
    if (!read_number (self, type, &number) || !(number >= 0 && number < G_MAXUINT32) ||
        number != floor (number))
      return FALSE;
    fan[MIN (i, 2)] = (guint32)number;
    if (i >= 2) {
      g_array_append_vals (self->triangles, fan, 3);
      fan[1] = fan[2];
    }
  }
  return n_corners >= 3 && self->triangles->len / 3 <= MAX_TRIANGLES;
}

static gboolean
read_list (Ply *self, const Property *property, gboolean is_face)
{
  double count;
  if (!read_number (self, property->count_type, &count) ||
      !(count >= 0 && count <= (double)(self->body.end - self->body.at)) || count != floor (count))
    return FALSE;
  if (is_face)
    return count <= MAX_TRIANGLES && read_face (self, property->type, (guint64)count);
  double skipped;
  for (guint64 i = 0; i < (guint64)count; i++)
    if (!read_number (self, property->type, &skipped))
      return FALSE;
  return TRUE;
}

static gboolean
read_row (Ply *self, const Element *element, guint64 row, gboolean is_face, GError **error)
{
  for (guint i = 0; i < element->n_properties; i++) {
    const Property *property = &element->properties[i];
    gboolean corners = is_face && (g_str_equal (property->name, "vertex_indices") ||
                                   g_str_equal (property->name, "vertex_index"));
    double number = 0;
    if (property->is_list ? !read_list (self, property, corners)
                          : !read_number (self, property->type, &number))
      return fail_truncated (self, element, row, error);
    if (property->target == NULL)
      continue;
    if (!(fabs (number) <= G_MAXFLOAT))
      return ut_mesh_file_fail (error,
                                UT_ENGINE_ERROR_RANGE,
                                self->name,
                                ut_words ("%s of vertex %" PRIu64 " in the PLY is not finite"),
                                property->name,
                                row + 1);
    property->target[row * property->stride] = (float)number;
  }
  return TRUE;
}

static gboolean
read_element (Ply *self, Element *element, GError **error)
{
  if (!check_count (self, element, error))
    return FALSE;
  gboolean is_face = g_str_equal (element->name, "face");
  if (g_str_equal (element->name, "vertex") && !plan_vertices (self, element, error))
    return FALSE;
  for (guint64 row = 0; row < element->count; row++)
    if (!read_row (self, element, row, is_face, error))
      return FALSE;
  return TRUE;
}

static UtMesh *
finish (Ply *self, GError **error)
{
  if (self->mesh == NULL) {
    ut_mesh_file_fail (
      error, UT_ENGINE_ERROR_FORMAT, self->name, ut_words ("the PLY has no vertices"));
    return NULL;
  }
  UtMesh *mesh = self->mesh;
  for (guint i = 0; i < self->triangles->len; i++)
    if (g_array_index (self->triangles, guint32, i) >= mesh->n_vertices) {
      ut_mesh_file_fail (error,
                         UT_ENGINE_ERROR_FORMAT,
                         self->name,
                         ut_words ("a face of the PLY names vertex %u of %zu"),
                         g_array_index (self->triangles, guint32, i),
                         mesh->n_vertices);
      return NULL;
    }
  mesh->n_triangles = self->triangles->len / 3;
  if (mesh->n_triangles > 0) {
    g_free (mesh->triangles);
    mesh->triangles = g_array_steal (self->triangles, NULL);
  }
  if (!self->has_normals)
    ut_mesh_compute_normals (mesh);
  return g_steal_pointer (&self->mesh);
}

UtMesh *
ut_ply_parse (const guint8 *data, gsize n_bytes, const char *name, GError **error)
{
  g_autoptr (Ply) self = g_new0 (Ply, 1);
  self->name = name;
  self->scalar_notes = g_ptr_array_new_with_free_func (g_free);
  self->triangles = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (!parse_header (self, data, n_bytes, error))
    return NULL;
  for (guint i = 0; i < self->n_elements; i++)
    if (!read_element (self, &self->elements[i], error))
      return NULL;
  return finish (self, error);
}
