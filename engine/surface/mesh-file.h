/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "engine/surface/mesh.h"

/** Largest mesh file that is read. */
#define UT_MESH_FILE_MAX_BYTES ((gsize)1 << 30)

/**
 * Mesh files: PLY 1.0 (Turk, "The PLY polygon file format", 1994), STL, OBJ (Wavefront) and binary
 * glTF 2.0 (Khronos).
 *
 * Written: through a temporary file and a rename; numbers in the C locale. The
 * header names the frame, the unit mm and "research use only", and holds the mesh's note, of which
 * STL keeps what stands before the first ":" or ";". PLY is binary
 * little endian with positions, normals and one float property per scalar, its
 * name in lower case with _ for what is no letter or digit and a comment that
 * keeps name and unit. STL is binary and keeps triangles only.
 * OBJ is text with positions and normals, nine digits each. glTF keeps positions in mm too, below
 * a node that scales them to the metres of the standard and turns z up to its y up; a scalar is an
 * attribute of its own, "_SIGNED_DISTANCE". Positions come back to the bit from all but STL's
 * order of vertices.
 * Read: PLY in all three formats (faces of more than three corners become fans;
 * unknown elements and properties are skipped, float properties of vertices
 * become scalars), STL binary and ASCII (corners at equal positions become one
 * vertex). Normals are computed where the file has none.
 *
 * Errors of reading: G_FILE_ERROR and G_IO_ERROR where the file cannot be opened;
 * RANGE past UT_MESH_FILE_MAX_BYTES, or for a number that is not finite; FORMAT
 * where it is damaged: every count is compared with the bytes that are left;
 * UNSUPPORTED for other kinds of file. One sentence with the file's base name.
 */

typedef enum {
  UT_MESH_FORMAT_PLY,
  UT_MESH_FORMAT_STL,
  UT_MESH_FORMAT_OBJ,
  UT_MESH_FORMAT_GLB,
  UT_N_MESH_FORMATS,
} UtMeshFormat;

/** ut_mesh_format_name: "ply", ...: the ending of its files; fixed */
const char *ut_mesh_format_name (UtMeshFormat format);

/** ut_mesh_format_from_name: any case; FALSE where @name is none of them */
gboolean ut_mesh_format_from_name (const char *name, UtMeshFormat *ret_format);

/** ut_mesh_write: in the format that the ending of @path names, any case; UNSUPPORTED else. glTF:
 * one grey part named as the file */
gboolean ut_mesh_write (const UtMesh *self, const char *path, GError **error);
gboolean ut_mesh_write_ply (const UtMesh *self, const char *path, GError **error);
gboolean ut_mesh_write_stl (const UtMesh *self, const char *path, GError **error);

/** UtMeshPart: a mesh among others in one file. */
typedef struct UtMeshPart {
  const char *name;   /* of its node, "LV" */
  const UtMesh *mesh; /* of one frame with the others; may be empty */
  float colour[3];    /* sRGB, 0..1 */
  float opacity;      /* 0..1 */
} UtMeshPart;

/** ut_mesh_write_glb: all @parts as one binary glTF file */
gboolean
ut_mesh_write_glb (const UtMeshPart *parts, guint n_parts, const char *path, GError **error);

/** ut_mesh_read: a PLY or STL file, told apart by content; NULL with @error set */
UtMesh *ut_mesh_read (const char *path, GError **error);

/**
 * ut_mesh_parse:
 * @data: content of a file
 * @name: its base name, for messages
 */
UtMesh *ut_mesh_parse (const guint8 *data, gsize n_bytes, const char *name, GError **error);
