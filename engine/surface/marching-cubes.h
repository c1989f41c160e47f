/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"
#include "engine/surface/mesh.h"

/**
 * Surfaces of volumes by marching cubes.
 *
 * Result: watertight, oriented outward, every edge in exactly two triangles and
 * one fan of triangles round every vertex, whatever the input. What touches the
 * border of the grid is closed half a voxel outside the last centre, where the
 * grid's voxels end. Nothing inside gives an empty mesh. Normals come from the
 * gradient of the field.
 * Frame: positions in the millimetres of the volume's affine, which may mirror.
 * Threads: works on all cores (engine/base/parallel.h); the result is the same
 * to the bit for any number of them.
 *
 * Source: Lorensen & Cline, "Marching cubes", SIGGRAPH 1987; ambiguous faces by
 * the asymptotic decider of Nielson & Hamann, IEEE Visualization 1991, so that
 * cells that share a face agree, and so do the two sides of a shared border;
 * rows of sign bits and counted output as in Schroeder et al., "Flying edges",
 * LDAV 2015. The case table is made from those rules, see marching-cubes-table.h.
 */

/**
 * ut_mesh_from_field:
 * @field: float volume
 * @iso: inside is where @field > @iso; finite
 * @frame: what to call the frame of the affine
 *
 * The surface of a scalar field, interpolated along voxel edges.
 *
 * Errors: RANGE where @iso or a value is not finite; UNSUPPORTED where @field
 * holds labels; MEMORY.
 *
 * Returns: (transfer full): a mesh, or NULL with @error set
 */
UtMesh *ut_mesh_from_field (const UtVolume *field, double iso, UtMeshFrame frame, GError **error);

/**
 * ut_mesh_from_labels:
 * @labels: uint8 volume
 * @label: code of the structure
 *
 * The voxel-true surface of one label: every vertex stands midway between a
 * voxel centre inside and one outside; nothing is smoothed. Voxels that touch
 * by an edge or a corner only are not joined (6-neighbourhood inside).
 *
 * Errors: UNSUPPORTED where @labels holds floats; MEMORY.
 */
UtMesh *
ut_mesh_from_labels (const UtVolume *labels, guint8 label, UtMeshFrame frame, GError **error);

/**
 * ut_mesh_from_probabilities:
 * @probabilities: class probabilities, shape [@n_classes][z][y][x], x fastest
 * @n_classes: 2 to 256
 * @dims: voxels along x, y, z
 * @label: the class wanted
 *
 * The smooth surface of one structure: iso 0 of ut_log_odds_field(). Where only
 * two classes compete their surfaces share the border, vertex by vertex; where
 * three meet, a gap thinner than a voxel stays.
 *
 * Errors: RANGE where a probability is not finite or a size makes no sense; MEMORY.
 */
UtMesh *ut_mesh_from_probabilities (const float *probabilities,
                                    guint n_classes,
                                    const gsize dims[3],
                                    const UtAffine *m_patient_from_voxel,
                                    guint label,
                                    UtMeshFrame frame,
                                    GError **error);

/**
 * ut_log_odds_field:
 *
 * log (p_label) - log (max of the other classes), each p at least 1e-6: greater
 * than 0 exactly where the class wins, and for softmax outputs linear in the
 * logits, which is what makes edge interpolation smooth. Arguments and errors as
 * ut_mesh_from_probabilities().
 *
 * Returns: (transfer full): a float volume
 */
UtVolume *ut_log_odds_field (const float *probabilities,
                             guint n_classes,
                             const gsize dims[3],
                             const UtAffine *m_patient_from_voxel,
                             guint label,
                             GError **error);

/** ut_log_probabilities: (transfer full): the log of each of @n, as ut_log_odds_at() wants them; a
 * probability counts as at least 1e-6 */
float *ut_log_probabilities (const float *probabilities, gsize n);

/**
 * ut_log_odds_at:
 * @logs: [n_classes][z][y][x]
 * @p_voxel: where, in voxels; outside the grid the nearest place in it
 *
 * ut_log_odds_field() between voxels, where the logits of each class run linearly. That is not what
 * lies linearly between the field's values where the best of the other classes changes: there the
 * surface has a crease.
 */
double ut_log_odds_at (
  const float *logs, guint n_classes, const gsize dims[3], guint label, UtVec3 p_voxel);
