/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"
#include "engine/surface/mesh-distance.h"

/* What the network does not agree with itself about, as numbers on a surface; without unit. How
 * the maps behind them are made says engine/twin/twin-mean.h. */
#define UT_SPREAD_SCALAR       "seed spread"
#define UT_DISAGREEMENT_SCALAR "branch disagreement"

/** Below this rank correlation with the true error an uncertainty says nothing about a heart. */
#define UT_UNCERTAINTY_MIN_RANK 0.2

/**
 * ut_mesh_add_sampled:
 * @self: not shared yet
 * @name: of the scalar; one of that name is replaced
 * @field: UT_VOXEL_F32, in the frame of @self
 *
 * Gives every vertex the value of @field there: trilinear between voxel centres, the edge's value
 * outside. Errors: UNSUPPORTED where @field holds labels.
 */
gboolean ut_mesh_add_sampled (
  UtMesh *self, const char *name, const char *unit, const UtVolume *field, GError **error);

/**
 * ut_uncertainty_rank:
 * @self: surface of a reconstructed structure
 * @name: of its scalar
 * @distance: from @self to the true surface
 * @ret_rho: (out): Spearman's rank correlation, over the vertices, of the scalar with the
 *   unsigned distance: 1 where the surface is the worse the less certain it is
 *
 * Returns: FALSE, @ret_rho untouched, where @self has no such scalar or either is the same
 * everywhere
 */
gboolean ut_uncertainty_rank (const UtMesh *self,
                              const char *name,
                              const UtMeshDistance *distance,
                              double *ret_rho);
