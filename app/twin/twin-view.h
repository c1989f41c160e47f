/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/cut.h"
#include "app/twin/painter.h"
#include "render/camera.h"
#include "render/pick.h"
#include "render/scene.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_TWIN_VIEW (ut_twin_view_get_type ())
G_DECLARE_FINAL_TYPE (UtTwinView, ut_twin_view, UT, TWIN_VIEW, GtkGLArea)

/**
 * UtTwinView:
 *
 * Draws a scene and turns the eye: drag orbits, with Shift or another button it moves,
 * the wheel zooms, with Shift it moves the cut. Its actions "twin.camera" (s), "twin.echo-camera",
 * "twin.fit", "twin.orbit" and "twin.pan" (ii), "twin.zoom-in" and "twin.zoom-out", "twin.cut",
 * "twin.cut-next", "twin.cut-other-side" and "twin.cut-move" (d, mm) have keys. The scene outlives
 * any OpenGL context.
 *
 * Signals: `failed` (const char *message): no usable OpenGL; `picked` (UtPick *,
 * NULL where nothing was hit): a click on the scene; `hovered` (the same): the pointer moved over
 * it, or left; `camera-changed`: the eye moved.
 */

/** ut_twin_view_get_scene: (transfer none): after changing it, call gtk_gl_area_queue_render() */
UtScene *ut_twin_view_get_scene (UtTwinView *self);

/** ut_twin_view_set_next: what may be shown next (app/twin/painter.h), cut as the scene is */
void ut_twin_view_set_next (UtTwinView *self, UtNextScene next, gpointer user_data);

/** ut_twin_view_get_camera: TRUE where the heart is fitted, as for ut_twin_view_set_camera() */
gboolean ut_twin_view_get_camera (UtTwinView *self, UtCamera *ret_camera);

/** ut_twin_view_set_camera: @fitted: the whole heart stays in the picture when its size changes */
void ut_twin_view_set_camera (UtTwinView *self, const UtCamera *camera, gboolean fitted);

/** ut_twin_view_follow: takes over the camera of another view as it is right now */
void ut_twin_view_follow (UtTwinView *self, UtTwinView *other);

/** ut_twin_view_pick: what is drawn at a place of the widget; FALSE: nothing */
gboolean ut_twin_view_pick (UtTwinView *self, double x, double y, UtPick *ret);

/** ut_twin_view_project: where a point of the scene, mm, is in the widget; FALSE behind the eye */
gboolean ut_twin_view_project (UtTwinView *self, UtVec3 point, graphene_point_t *ret);

/** ut_twin_view_set_plane: the heart's own plane for an echo camera; NULL = the usual one */
void ut_twin_view_set_plane (UtTwinView *self, UtView view, const UtViewPlane *plane);

/** ut_twin_view_set_cut: cuts the heart as @cut says, from now on; a view has a cut of its own
 * until then */
void ut_twin_view_set_cut (UtTwinView *self, UtCut *cut);

/** ut_twin_view_look: turns the eye to a named camera and fits the heart, quickly but visibly */
void ut_twin_view_look (UtTwinView *self, UtCameraName name);

void ut_twin_view_fit (UtTwinView *self);

/** ut_twin_view_set_covered: px at the upper or lower edge under other widgets, out of which a
 * fitted heart keeps */
void ut_twin_view_set_covered (UtTwinView *self, int covered);

/**
 * ut_twin_view_look_at:
 * @low, @high: mm, opposite corners of what is to be in the middle of the picture
 *
 * Turns the eye to the side of the heart on which the box lies, near enough to see it well.
 */
void ut_twin_view_look_at (UtTwinView *self, UtVec3 low, UtVec3 high);

/** ut_twin_view_device: (nullable): the OpenGL driver, for the About window */
const char *ut_twin_view_device (UtTwinView *self);

G_END_DECLS
