/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "engine/surface/mesh.h"

/** Largest mesh file that is read. */
#define UT_MESH_FILE_MAX_BYTES ((gsize)1 << 30)

/**
 * Mesh files: PLY 1.0 (Turk, "The PLY polygon file format", 1994) and STL.
 *
 * Written: through a temporary file and a rename; numbers in the C locale. The
 * header names the frame, the unit mm and "research use only". PLY is binary
 * little endian with positions, normals and one float property per scalar, its
 * name in lower case with _ for what is no letter or digit and a comment that
 * keeps name and unit. STL is binary and keeps triangles only.
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

/** ut_mesh_write: PLY or STL by the ending of @path (".ply", ".stl", any case) */
gboolean ut_mesh_write (const UtMesh *self, const char *path, GError **error);
gboolean ut_mesh_write_ply (const UtMesh *self, const char *path, GError **error);
gboolean ut_mesh_write_stl (const UtMesh *self, const char *path, GError **error);

/** ut_mesh_read: a PLY or STL file, told apart by content; NULL with @error set */
UtMesh *ut_mesh_read (const char *path, GError **error);

/**
 * ut_mesh_parse:
 * @data: content of a file
 * @name: its base name, for messages
 */
UtMesh *ut_mesh_parse (const guint8 *data, gsize n_bytes, const char *name, GError **error);
