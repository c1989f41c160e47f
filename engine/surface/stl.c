/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/surface/mesh-file-private.h"

#define HEADER_BYTES   80
#define TRIANGLE_BYTES 50

static guint32
read_u32 (const guint8 *at)
{
  guint32 word;
  memcpy (&word, at, 4);
  return GUINT32_FROM_LE (word);
}

static float
read_float (const guint8 *at)
{
  guint32 word = read_u32 (at);
  float value;
  memcpy (&value, &word, 4);
  return value;
}

static gboolean
is_binary (const guint8 *data, gsize n_bytes)
{
  return n_bytes >= HEADER_BYTES + 4 &&
         n_bytes - HEADER_BYTES - 4 == (guint64)TRIANGLE_BYTES * read_u32 (data + HEADER_BYTES);
}

static gboolean
is_text (const guint8 *data, gsize n_bytes)
{
  return n_bytes >= 6 && memcmp (data, "solid", 5) == 0 && g_ascii_isspace (data[5]);
}

gboolean
ut_stl_recognise (const guint8 *data, gsize n_bytes, const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  return is_binary (data, n_bytes) || is_text (data, n_bytes) || g_str_has_suffix (lower, ".stl");
}

static UtMeshFrame
header_frame (const guint8 *data)
{
  g_autofree char *header = g_strndup ((const char *)data, HEADER_BYTES);
  const char *mark = strstr (header, "frame ");
  if (mark == NULL)
    return UT_MESH_FRAME_UNKNOWN;
  g_autofree char *word = g_strndup (mark + 6, strcspn (mark + 6, " ;"));
  return ut_mesh_frame_from_name (word);
}

static UtMesh *
parse_binary (const guint8 *data, const char *name, GError **error)
{
  gsize n = read_u32 (data + HEADER_BYTES);
  g_autofree float *corners = g_try_new (float, 9 * MAX (n, 1));
  if (corners == NULL) {
    ut_mesh_file_fail (
      error, UT_ENGINE_ERROR_MEMORY, name, ut_words ("no memory for %zu triangles"), n);
    return NULL;
  }
  for (gsize i = 0; i < n; i++) {
    const guint8 *triangle = data + HEADER_BYTES + 4 + TRIANGLE_BYTES * i;
    for (gsize k = 0; k < 9; k++) {
      corners[9 * i + k] = read_float (triangle + 12 + 4 * k);
      if (!isfinite (corners[9 * i + k])) {
        ut_mesh_file_fail (error,
                           UT_ENGINE_ERROR_RANGE,
                           name,
                           ut_words ("triangle %zu of the STL has a corner that is not finite"),
                           i + 1);
        return NULL;
      }
    }
  }
  return ut_mesh_from_corners (corners, n, header_frame (data), error);
}

/* "vertex x y z", three for every facet; the words round them say nothing new. */
static UtMesh *
parse_text (const guint8 *data, gsize n_bytes, const char *name, GError **error)
{
  UtMeshText text = {data, data + n_bytes};
  g_autoptr (GArray) corners = g_array_new (FALSE, FALSE, sizeof (float));
  char word[64];
  gboolean ended = FALSE;
  while (!ended && ut_mesh_text_word (&text, word)) {
    ended = g_str_equal (word, "endsolid");
    if (!g_str_equal (word, "vertex"))
      continue;
    for (int k = 0; k < 3; k++) {
      double number;
      if (!ut_mesh_text_number (&text, &number) || !(fabs (number) <= G_MAXFLOAT)) {
        ut_mesh_file_fail (error,
                           UT_ENGINE_ERROR_FORMAT,
                           name,
                           ut_words ("corner %u of the STL is not three finite numbers"),
                           corners->len / 3 + 1);
        return NULL;
      }
      float value = (float)number;
      g_array_append_val (corners, value);
    }
  }
  if (!ended || corners->len % 9 != 0) {
    ut_mesh_file_fail (error,
                       UT_ENGINE_ERROR_FORMAT,
                       name,
                       ended ? ut_words ("a facet of the STL has not three corners")
                             : ut_words ("the STL ends before its endsolid"));
    return NULL;
  }
  return ut_mesh_from_corners (
    (const float *)corners->data, corners->len / 9, UT_MESH_FRAME_UNKNOWN, error);
}

UtMesh *
ut_stl_parse (const guint8 *data, gsize n_bytes, const char *name, GError **error)
{
  if (is_binary (data, n_bytes))
    return parse_binary (data, name, error);
  if (is_text (data, n_bytes))
    return parse_text (data, n_bytes, name, error);
  if (n_bytes < HEADER_BYTES + 4)
    ut_mesh_file_fail (error,
                       UT_ENGINE_ERROR_FORMAT,
                       name,
                       ut_words ("%zu bytes, too short for the header of an STL"),
                       n_bytes);
  else
    ut_mesh_file_fail (
      error,
      UT_ENGINE_ERROR_FORMAT,
      name,
      ut_words ("the STL says %u triangles, which take %" PRIu64 " bytes, but has %zu"),
      read_u32 (data + HEADER_BYTES),
      (guint64)TRIANGLE_BYTES * read_u32 (data + HEADER_BYTES),
      n_bytes - HEADER_BYTES - 4);
  return NULL;
}

GByteArray *
ut_stl_format (const UtMesh *mesh)
{
  GByteArray *bytes = g_byte_array_new ();
  /* must not begin with "solid", by which the text form is known */
  g_autofree char *text = g_strdup_printf ("UltraTwin; frame %s; unit mm; research use only%s%.*s",
                                           ut_mesh_frame_name (mesh->frame),
                                           mesh->note != NULL ? "; " : "",
                                           mesh->note != NULL ? (int)strcspn (mesh->note, ":;") : 0,
                                           mesh->note != NULL ? mesh->note : "");
  char header[HEADER_BYTES] = {0};
  g_strlcpy (header, text, sizeof header);
  g_byte_array_append (bytes, (const guint8 *)header, sizeof header);
  guint32 n = (guint32)mesh->n_triangles;
  ut_mesh_file_append (bytes, &n, 1);
  for (gsize i = 0; i < mesh->n_triangles; i++) {
    UtVec3 normal = ut_vec3_normalise (ut_mesh_triangle_cross (mesh, i));
    float words[12] = {(float)normal.x, (float)normal.y, (float)normal.z};
    for (gsize k = 0; k < 3; k++)
      memcpy (words + 3 + 3 * k, mesh->positions + 3 * (gsize)mesh->triangles[3 * i + k], 12);
    ut_mesh_file_append (bytes, words, 12);
    g_byte_array_append (bytes, (const guint8 *)"\0\0", 2);
  }
  return bytes;
}
