/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"
#include "render/scene.h"

/**
 * UtMeshPass:
 *
 * Draws the surfaces of a scene. Opaque ones first, then all triangles of the translucent
 * ones in one order, back to front.
 *
 * Why sorted triangles: the result is right for any number of nested chambers, keeps multisample
 * edges (peeling in OpenGL 3.3 would have to compare depths per pixel, not per sample), and draws
 * each triangle once, where peeling draws the heart once per layer: on a software rasteriser that
 * decides whether turning it is smooth. The order is by a triangle's centre, so triangles must
 * be small beside the gaps between surfaces, as those of marching cubes are.
 */
typedef struct UtMeshPass UtMeshPass;

/* All of these want the renderer's context current. */
UtMeshPass *ut_mesh_pass_new (GError **error);
void ut_mesh_pass_free (UtMeshPass *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtMeshPass, ut_mesh_pass_free)

/**
 * ut_mesh_pass_update: uploads what is new of @scene
 *
 * The surfaces that were drawn last stay on the device: going back to them costs nothing.
 */
void ut_mesh_pass_update (UtMeshPass *self, const UtScene *scene);

/**
 * ut_mesh_pass_draw_opaque, ut_mesh_pass_draw_translucent:
 *
 * To the bound framebuffer, which must have a cleared depth buffer. What else hides things goes
 * between the two.
 */
void ut_mesh_pass_draw_opaque (UtMeshPass *self,
                               const UtScene *scene,
                               const UtCamera *camera,
                               float aspect);
void ut_mesh_pass_draw_translucent (UtMeshPass *self,
                                    const UtScene *scene,
                                    const UtCamera *camera,
                                    float aspect);
