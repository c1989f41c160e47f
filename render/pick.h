/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"
#include "render/scene.h"

/** UtPick: what lies under the pointer: a place on a surface, or on the cut through one */
typedef struct UtPick {
  guint id;              /* of the scene's surface */
  UtStructure structure; /* of that surface */
  gboolean on_cut;       /* inside the surface, where the scene's clip plane cuts it */
  guint triangle;        /* index into the mesh's triangles; 0 where on_cut */
  float weights[3];   /* barycentric, of the triangle's corners; each 0..1, sum 1; 0 where on_cut */
  float position[3];  /* mm */
  gboolean has_value; /* a scalar map is set and the mesh carries the scalar */
  float value;        /* the scalar there, in the map's unit */
} UtPick;

/**
 * ut_scene_pick:
 * @x_px, @y_px: right of and below the upper left corner of the picture
 * @ret_pick: (out): untouched where nothing is hit
 *
 * Finds the foremost visible surface at a point of the picture, translucent ones included;
 * what the scene's clip plane cuts away is passed through, and its caps are met.
 * Done on the processor: it needs no OpenGL context, reads nothing back, and is exact.
 *
 * Cost: O(triangles), about a millisecond for a whole heart.
 * Source: Möller and Trumbore, "Fast, minimum storage ray/triangle intersection", Journal of
 * Graphics Tools 2(1), 1997.
 *
 * Returns: FALSE where nothing is there
 */
gboolean ut_scene_pick (const UtScene *scene,
                        const UtCamera *camera,
                        int width_px,
                        int height_px,
                        float x_px,
                        float y_px,
                        UtPick *ret_pick);
