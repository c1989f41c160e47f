/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/image/volume.h"

/**
 * A ground truth as five surfaces instead of a label map: PLY or STL files beside each other, named
 * as the structures ("lv.ply", "heart_ventricle_left.stl"), or so behind one prefix for all
 * ("ed_lv.ply", as results are exported).
 */

/** ut_reference_meshes_is: TRUE where the path is one by its name: a folder, a .ply or a .stl */
gboolean ut_reference_meshes_is (const char *path);

/**
 * ut_reference_meshes_find:
 * @path: one of the files, or a folder that holds one such set
 * @ret_paths: (out) (array length=UT_N_LABELS): (transfer full): of the files, by structure;
 * g_free()
 *
 * Errors: FORMAT where a structure has no file, or two, or the folder holds sets of several
 * prefixes.
 */
gboolean ut_reference_meshes_find (const char *path, char *ret_paths[UT_N_LABELS], GError **error);

/**
 * ut_reference_meshes_read:
 * @paths: of ut_reference_meshes_find()
 *
 * Fills the surfaces into a label map of 1 mm: the wall is what lies within its surface and in no
 * cavity. Positions count as LPS mm; a mirrored heart is refused later, by its landmarks.
 *
 * Errors: as ut_mesh_read(); FORMAT where a surface is open, holds nothing or two cavities overlap
 * by more than a twentieth of the smaller; RANGE where the heart is not 60 to 400 mm long, which a
 * heart in metres or centimetres is not.
 *
 * Returns: (transfer full): uint8, codes as UtStructure, or NULL with @error set
 */
UtVolume *ut_reference_meshes_read (char *const paths[UT_N_LABELS], GError **error);
