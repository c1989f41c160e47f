/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/nn/weights.h"

#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN); /* as_floats() maps the file as it is */

typedef struct Tensor {
  char *name;
  UtDType dtype;
  UtShape shape;
  gsize begin, end; /* bytes from the start of the data */
  float *copy;      /* widened or aligned; NULL until needed */
  gboolean taken;
} Tensor;

struct UtWeights {
  char *name;
  GBytes *bytes;
  const guint8 *data; /* after the header */
  gsize data_bytes;
  GPtrArray *tensors;   /* by offset */
  GHashTable *by_name;  /* lends from tensors */
  GHashTable *metadata; /* owns both */
};

static const struct {
  const char *name;
  gsize bytes;
} dtypes[] = {
  [UT_DTYPE_F32] = {"F32", 4},
  [UT_DTYPE_F16] = {"F16", 2},
  [UT_DTYPE_U8] = {"U8", 1},
};

G_GNUC_PRINTF (4, 5)
static gboolean
refuse (GError **error, const UtWeights *self, UtEngineError code, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, UT_ENGINE_ERROR, (int)code, "%s: %s", self->name, what);
  return FALSE;
}

static void
tensor_free (gpointer data)
{
  Tensor *tensor = data;
  g_free (tensor->name);
  g_free (tensor->copy);
  g_free (tensor);
}

void
ut_weights_free (UtWeights *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_clear_pointer (&self->tensors, g_ptr_array_unref);
  g_clear_pointer (&self->metadata, g_hash_table_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->name);
  g_free (self);
}

/* The JSON parser keeps the last of two members with one name, so they are looked for in
 * the text; the header has two levels: names, and the fields of each. */
static gboolean
check_duplicates (const UtWeights *self, const char *text, gsize length, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize string = 0, string_end = 0;
  int depth = 0;
  for (gsize i = 0; i < length; i++) {
    if (text[i] == '"') {
      string = ++i;
      while (i < length && text[i] != '"')
        i += text[i] == '\\' ? 2 : 1;
      string_end = MIN (i, length);
    } else if (text[i] == '{') {
      depth++;
      g_hash_table_remove_all (fields);
    } else if (text[i] == '}') {
      depth--;
    } else if (text[i] == ':') {
      char *key = g_strndup (text + string, string_end - string);
      g_autofree char *shown = g_strndup (key, UT_WEIGHTS_MAX_NAME);
      if (!g_hash_table_add (depth == 1 ? names : fields, key))
        return refuse (
          error, self, UT_ENGINE_ERROR_FORMAT, ut_words ("\"%s\" occurs twice"), shown);
    }
  }
  return TRUE;
}

static gboolean
read_metadata (UtWeights *self, JsonNode *node, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, self, UT_ENGINE_ERROR_FORMAT, ut_words ("__metadata__ is not an object"));
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &key, &value)) {
    if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING)
      return refuse (error,
                     self,
                     UT_ENGINE_ERROR_FORMAT,
                     ut_words ("__metadata__ \"%.60s\" is not a text"),
                     key);
    g_hash_table_insert (self->metadata, g_strdup (key), json_node_dup_string (value));
  }
  return TRUE;
}

/* type name of the container; TRUE where it is one that exists at all */
static gboolean
is_known_dtype (const char *name)
{
  static const char *const others[] = {"BOOL",
                                       "I8",
                                       "I16",
                                       "U16",
                                       "I32",
                                       "U32",
                                       "I64",
                                       "U64",
                                       "F64",
                                       "BF16",
                                       "C64",
                                       "F4",
                                       "F8_E4M3",
                                       "F8_E5M2",
                                       "F8_E8M0",
                                       NULL};
  return g_strv_contains (others, name);
}

static gboolean
read_dtype (const UtWeights *self, Tensor *tensor, const char *name, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (strcmp (dtypes[i].name, name) == 0) {
      tensor->dtype = (UtDType)i;
      return TRUE;
    }
  gboolean known = is_known_dtype (name);
  return refuse (error,
                 self,
                 known ? UT_ENGINE_ERROR_UNSUPPORTED : UT_ENGINE_ERROR_FORMAT,
                 ut_words ("tensor \"%s\" is of type \"%.20s\", want F32, F16 or U8"),
                 tensor->name,
                 name);
}

static gboolean
read_int (JsonArray *list, guint i, gint64 *ret)
{
  JsonNode *node = json_array_get_element (list, i);
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *ret = json_node_get_int (node);
  return TRUE;
}

static gboolean
read_shape (
  const UtWeights *self, Tensor *tensor, JsonArray *list, gsize *ret_bytes, GError **error)
{
  guint n = json_array_get_length (list);
  if (n > UT_MAX_DIMS)
    return refuse (error,
                   self,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("tensor \"%s\" has %u dimensions, want at most %d"),
                   tensor->name,
                   n,
                   UT_MAX_DIMS);
  gsize bytes = dtypes[tensor->dtype].bytes;
  tensor->shape.n_dims = (int)n;
  for (guint i = 0; i < n; i++) {
    gint64 size;
    if (!read_int (list, i, &size) || size < 1 || !g_size_checked_mul (&bytes, bytes, (gsize)size))
      return refuse (error,
                     self,
                     UT_ENGINE_ERROR_RANGE,
                     ut_words ("tensor \"%s\": shape[%u] is not a sensible size"),
                     tensor->name,
                     i);
    tensor->shape.dim[i] = (gsize)size;
  }
  *ret_bytes = bytes;
  return TRUE;
}

static gboolean
read_offsets (const UtWeights *self, Tensor *tensor, JsonArray *list, gsize bytes, GError **error)
{
  gint64 begin, end;
  if (json_array_get_length (list) != 2 || !read_int (list, 0, &begin) ||
      !read_int (list, 1, &end) || begin < 0 || end < begin)
    return refuse (error,
                   self,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("tensor \"%s\": data_offsets are not two rising positions"),
                   tensor->name);
  if ((guint64)end > self->data_bytes)
    return refuse (error,
                   self,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("tensor \"%s\" ends at byte %" PRId64 " of the data, which has %zu"),
                   tensor->name,
                   end,
                   self->data_bytes);
  if ((guint64)(end - begin) != bytes)
    return refuse (
      error,
      self,
      UT_ENGINE_ERROR_FORMAT,
      ut_words ("tensor \"%s\" takes %" PRId64 " bytes, but its shape and type want %zu"),
      tensor->name,
      end - begin,
      bytes);
  tensor->begin = (gsize)begin;
  tensor->end = (gsize)end;
  return TRUE;
}

static gboolean
read_name (const UtWeights *self, const char *name, GError **error)
{
  gsize length = strlen (name);
  gboolean good = length > 0 && length <= UT_WEIGHTS_MAX_NAME;
  for (gsize i = 0; good && i < length; i++)
    good = g_ascii_isalnum (name[i]) || name[i] == '_' || name[i] == '.';
  if (!good)
    return refuse (
      error,
      self,
      UT_ENGINE_ERROR_FORMAT,
      ut_words ("a tensor's name is not 1 to %d letters, digits, dots and underscores"),
      UT_WEIGHTS_MAX_NAME);
  return TRUE;
}

static gboolean
read_tensor (UtWeights *self, const char *name, JsonNode *node, GError **error)
{
  if (!read_name (self, name, error))
    return FALSE;
  Tensor *tensor = g_new0 (Tensor, 1);
  tensor->name = g_strdup (name);
  g_ptr_array_add (self->tensors, tensor);
  g_hash_table_insert (self->by_name, tensor->name, tensor);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (
      error, self, UT_ENGINE_ERROR_FORMAT, ut_words ("tensor \"%s\" is not an object"), name);

  JsonObject *object = json_node_get_object (node);
  const char *dtype;
  JsonArray *shape, *offsets;
  gsize bytes = 0;
  if (!ut_json_get_string (object, "dtype", &dtype, error) ||
      !ut_json_get_array (object, "shape", &shape, error) ||
      !ut_json_get_array (object, "data_offsets", &offsets, error)) {
    g_prefix_error (error, ut_words ("%s: tensor \"%s\": "), self->name, name);
    return FALSE;
  }
  if (json_object_get_size (object) != 3)
    return refuse (error,
                   self,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("tensor \"%s\" has fields besides dtype, shape and data_offsets"),
                   name);
  return read_dtype (self, tensor, dtype, error) &&
         read_shape (self, tensor, shape, &bytes, error) &&
         read_offsets (self, tensor, offsets, bytes, error);
}

static int
compare_begin (gconstpointer a, gconstpointer b)
{
  const Tensor *first = *(Tensor *const *)a, *second = *(Tensor *const *)b;
  return (first->begin > second->begin) - (first->begin < second->begin);
}

/* The format wants the data fully used: nothing can hide in it. */
static gboolean
check_layout (UtWeights *self, GError **error)
{
  g_ptr_array_sort (self->tensors, compare_begin);
  gsize at = 0;
  for (guint i = 0; i < self->tensors->len; i++) {
    const Tensor *tensor = g_ptr_array_index (self->tensors, i);
    if (tensor->begin != at)
      return refuse (
        error,
        self,
        UT_ENGINE_ERROR_FORMAT,
        tensor->begin < at
          ? ut_words (
              "tensor \"%s\" begins at byte %zu of the data, but the one before it ends at %zu")
          : ut_words (
              "tensor \"%s\" begins at byte %zu of the data, leaving a hole where the one before "
              "it ends at %zu"),
        tensor->name,
        tensor->begin,
        at);
    at = tensor->end;
  }
  if (at != self->data_bytes)
    return refuse (error,
                   self,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("%zu bytes follow the last tensor"),
                   self->data_bytes - at);
  return TRUE;
}

static gboolean
read_header (UtWeights *self, GError **error)
{
  gsize size;
  const guint8 *start = g_bytes_get_data (self->bytes, &size);
  if (size < 10)
    return refuse (error,
                   self,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("%zu bytes are too few for a weight file"),
                   size);
  guint64 length = 0;
  for (int i = 0; i < 8; i++)
    length |= (guint64)start[i] << (8 * i);
  if (length > size - 8 || length < 2)
    return refuse (
      error,
      self,
      UT_ENGINE_ERROR_FORMAT,
      ut_words ("not a safetensors file: a header of %" PRIu64 " bytes does not fit into %zu"),
      length,
      size);
  if (length > UT_WEIGHTS_MAX_HEADER)
    return refuse (error,
                   self,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("header of %" PRIu64 " bytes, want at most %zu"),
                   length,
                   UT_WEIGHTS_MAX_HEADER);
  const char *text = (const char *)start + 8;
  if (text[0] != '{')
    return refuse (
      error, self, UT_ENGINE_ERROR_FORMAT, ut_words ("the header does not begin with {"));
  self->data = start + 8 + length;
  self->data_bytes = size - 8 - (gsize)length;

  g_autoptr (JsonNode) root = ut_json_parse (text, (gsize)length, self->name, error);
  if (root == NULL || !check_duplicates (self, text, (gsize)length, error))
    return FALSE;
  JsonObject *object = json_node_get_object (root);
  if (json_object_get_size (object) > UT_WEIGHTS_MAX_TENSORS)
    return refuse (error,
                   self,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("%u tensors, want at most %d"),
                   json_object_get_size (object),
                   UT_WEIGHTS_MAX_TENSORS);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node)) {
    gboolean good = strcmp (name, "__metadata__") == 0 ? read_metadata (self, node, error)
                                                       : read_tensor (self, name, node, error);
    if (!good)
      return FALSE;
  }
  return check_layout (self, error);
}

UtWeights *
ut_weights_new (GBytes *bytes, const char *name, GError **error)
{
  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);
  g_autoptr (UtWeights) self = g_new0 (UtWeights, 1);
  self->name = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  self->tensors = g_ptr_array_new_with_free_func (tensor_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return read_header (self, error) ? g_steal_pointer (&self) : NULL;
}

UtWeights *
ut_weights_open (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, &cause);
  if (map == NULL) {
    g_set_error (error,
                 cause->domain,
                 cause->code,
                 "%s: %s",
                 name,
                 ut_words ("the weight file cannot be opened"));
    return NULL;
  }
  g_autoptr (GBytes) bytes = g_mapped_file_get_bytes (map);
  return ut_weights_new (bytes, name, error);
}

const char *
ut_weights_get_name (const UtWeights *self)
{
  return self->name;
}

const char *
ut_weights_get_metadata (const UtWeights *self, const char *key)
{
  return g_hash_table_lookup (self->metadata, key);
}

GHashTable *
ut_weights_steal_metadata (UtWeights *self)
{
  GHashTable *metadata = self->metadata;
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return metadata;
}

char *
ut_weights_dup_sha256 (const UtWeights *self)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, self->bytes);
}

guint64
ut_weights_get_n_elements (const UtWeights *self)
{
  guint64 n = 0;
  for (guint i = 0; i < self->tensors->len; i++)
    n += ut_shape_count (&((Tensor *)g_ptr_array_index (self->tensors, i))->shape);
  return n;
}

gboolean
ut_weights_has (const UtWeights *self, const char *name)
{
  return g_hash_table_contains (self->by_name, name);
}

static const float *
as_floats (const UtWeights *self, Tensor *tensor)
{
  const guint8 *bytes = self->data + tensor->begin;
  gsize n = ut_shape_count (&tensor->shape);
  if (tensor->dtype == UT_DTYPE_F32 && (gsize)bytes % sizeof (float) == 0)
    return (const float *)(const void *)bytes;
  if (tensor->copy == NULL) {
    tensor->copy = g_try_new (float, n);
    if (tensor->copy == NULL)
      return NULL;
    if (tensor->dtype == UT_DTYPE_F32)
      memcpy (tensor->copy, bytes, n * sizeof (float));
    else
      for (gsize i = 0; i < n; i++)
        tensor->copy[i] = ut_half_to_float ((guint16)(bytes[2 * i] | bytes[2 * i + 1] << 8));
  }
  return tensor->copy;
}

static Tensor *
find (UtWeights *self, const char *name, const UtShape *shape, gboolean u8, GError **error)
{
  Tensor *tensor = g_hash_table_lookup (self->by_name, name);
  if (tensor == NULL) {
    refuse (error, self, UT_ENGINE_ERROR_FORMAT, ut_words ("tensor \"%s\" is missing"), name);
    return NULL;
  }
  if (!ut_shape_equal (&tensor->shape, shape)) {
    g_autofree char *is = ut_shape_to_string (&tensor->shape);
    g_autofree char *want = ut_shape_to_string (shape);
    refuse (error,
            self,
            UT_ENGINE_ERROR_FORMAT,
            ut_words ("tensor \"%s\" is %s, want %s"),
            name,
            is,
            want);
    return NULL;
  }
  if ((tensor->dtype == UT_DTYPE_U8) != u8) {
    refuse (error,
            self,
            UT_ENGINE_ERROR_FORMAT,
            ut_words ("tensor \"%s\" is %s, want %s"),
            name,
            dtypes[tensor->dtype].name,
            u8 ? "U8" : ut_words ("F32 or F16"));
    return NULL;
  }
  tensor->taken = TRUE;
  return tensor;
}

const guint8 *
ut_weights_take_u8 (UtWeights *self, const char *name, const UtShape *shape, GError **error)
{
  const Tensor *tensor = find (self, name, shape, TRUE, error);
  return tensor ? self->data + tensor->begin : NULL;
}

const float *
ut_weights_take (UtWeights *self, const char *name, const UtShape *shape, GError **error)
{
  Tensor *tensor = find (self, name, shape, FALSE, error);
  if (tensor == NULL)
    return NULL;
  const float *data = as_floats (self, tensor);
  if (data == NULL) {
    refuse (error, self, UT_ENGINE_ERROR_MEMORY, ut_words ("no memory for tensor \"%s\""), name);
    return NULL;
  }
  for (gsize i = 0, n = ut_shape_count (shape); i < n; i++)
    if (!isfinite (data[i])) {
      refuse (error,
              self,
              UT_ENGINE_ERROR_FORMAT,
              ut_words ("tensor \"%s\": number %zu is not finite"),
              name,
              i);
      return NULL;
    }
  return data;
}

gboolean
ut_weights_check_all_taken (const UtWeights *self, GError **error)
{
  for (guint i = 0; i < self->tensors->len; i++) {
    const Tensor *tensor = g_ptr_array_index (self->tensors, i);
    if (!tensor->taken)
      return refuse (error,
                     self,
                     UT_ENGINE_ERROR_FORMAT,
                     ut_words ("tensor \"%s\" has no place in the network that the file describes"),
                     tensor->name);
  }
  return TRUE;
}
