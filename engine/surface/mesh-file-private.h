/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh-file.h"

/* What the readers and writers of mesh files share (mesh-text.c), and the formats. */

/** ut_mesh_file_fail: sets "@name: message"; always FALSE, so that a parser can return it */
gboolean ut_mesh_file_fail (GError **error, int code, const char *name, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

/** ut_mesh_frame_from_name: UT_MESH_FRAME_UNKNOWN for any other text */
UtMeshFrame ut_mesh_frame_from_name (const char *name);

/**
 * UtMeshText: words of a text that need not end in NUL.
 */
typedef struct UtMeshText {
  const guint8 *at, *end;
} UtMeshText;

/** ut_mesh_text_word: the next word, cut at 63 bytes; FALSE at the end of the text */
gboolean ut_mesh_text_word (UtMeshText *self, char ret_word[64]);

/** ut_mesh_text_number: the next word as a number in the C locale; FALSE where it is none */
gboolean ut_mesh_text_number (UtMeshText *self, double *ret_number);

/** ut_mesh_file_append: appends @n 32-bit numbers to @bytes, little endian */
void ut_mesh_file_append (GByteArray *bytes, const void *words, gsize n);

gboolean ut_ply_recognise (const guint8 *data, gsize n_bytes);
UtMesh *ut_ply_parse (const guint8 *data, gsize n_bytes, const char *name, GError **error);
GByteArray *ut_ply_format (const UtMesh *mesh);

gboolean ut_stl_recognise (const guint8 *data, gsize n_bytes, const char *name);
UtMesh *ut_stl_parse (const guint8 *data, gsize n_bytes, const char *name, GError **error);
GByteArray *ut_stl_format (const UtMesh *mesh);

GByteArray *ut_obj_format (const UtMesh *mesh);
GByteArray *ut_glb_format (const UtMeshPart *parts, guint n_parts);

/**
 * ut_mesh_from_corners:
 * @corners: [@n_triangles][3][3] mm
 *
 * Corners at equal positions become one vertex, in order of appearance;
 * triangles with two corners in one place are left out. Normals are computed.
 */
UtMesh *
ut_mesh_from_corners (const float *corners, gsize n_triangles, UtMeshFrame frame, GError **error);
