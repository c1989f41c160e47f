/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/surface/mesh-file.h"

/** ut_mesh_formats_parse: a set, bit 1 << UtMeshFormat, from "ply,glb"; FALSE with RANGE, naming
 * the word that is none */
gboolean ut_mesh_formats_parse (const char *list, guint *ret_formats, GError **error);

/**
 * ut_mesh_export:
 * @meshes: per structure; NULL is left out, as is UT_BACKGROUND
 * @prefix: of the names, "ed"; NULL for none
 * @formats: bits 1 << UtMeshFormat
 *
 * Writes a heart: ed_lv.ply ... in every format of one mesh a file, and ed.glb (heart.glb without a
 * prefix) with all structures in their colours, the wall translucent.
 *
 * Errors: as ut_mesh_write(). Threads: any.
 */
gboolean ut_mesh_export (UtMesh *const meshes[UT_N_LABELS],
                         const char *folder,
                         const char *prefix,
                         guint formats,
                         GError **error);
