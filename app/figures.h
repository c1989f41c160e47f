/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/study/study.h"
#include "render/offscreen.h"

#include <cairo.h>
#include <gio/gio.h>

/** Side lengths of an exported figure, its legend included. */
#define UT_FIGURE_WIDTH_PX  1200
#define UT_FIGURE_HEIGHT_PX 1000

/** Most pictures of a turntable. */
#define UT_TURNTABLE_MAX 720

/**
 * ut_figure_scene:
 * @reference: (nullable): what the surfaces are coloured by: their signed distance to it
 *
 * The surfaces of the twin's last stage.
 *
 * Errors: as ut_twin_mesh() and ut_mesh_distance_new().
 */
UtScene *ut_figure_scene (const UtTwin *twin, const UtStudyReference *reference, GError **error);

/** ut_figure_aspect: width / height of the heart's part of a figure, above the strip */
float ut_figure_aspect (int width_px, int height_px);

/** ut_figure_camera: looks at the whole of @scene from @name */
void ut_figure_camera (const UtScene *scene, UtCameraName name, float aspect, UtCamera *ret_camera);

/**
 * ut_figure_draw:
 * @caption: what it shows; stands beside the legend
 *
 * A picture of @scene above a strip that names the structures by their colours. What stands there
 * is as large as the picture is wide.
 *
 * Errors: as ut_offscreen_draw(). Returns: (transfer full): RGB24, of the size asked for
 */
cairo_surface_t *ut_figure_draw (UtOffscreen *offscreen,
                                 const UtScene *scene,
                                 const UtCamera *camera,
                                 const char *caption,
                                 int width_px,
                                 int height_px,
                                 GError **error);

/**
 * ut_figures_write:
 * @turntable: pictures of a full turn of each heart about the axis from feet to head, 0 for none
 *
 * Writes ed_a.png ... es_psax.png, one per phase that has a heart and camera, and
 * ed_turn_001.png ... Both phases are seen from the same place, so that sizes compare.
 *
 * Errors: RANGE where there is no heart; as ut_figure_scene(), ut_figure_draw(); G_FILE_ERROR;
 * CANCELLED. Threads: any.
 */
gboolean ut_figures_write (const UtStudyState *state,
                           const char *folder,
                           guint turntable,
                           UtProgress *progress,
                           GCancellable *cancel,
                           GError **error);

/** ut_turntable_camera: from @name, far enough for a whole turn of @scene: a heart that grows and
 * shrinks while it turns looks alive */
void
ut_turntable_camera (const UtScene *scene, UtCameraName name, float aspect, UtCamera *ret_first);

/** ut_turntable_write: @n pictures of @scene, from the front and once about, as STEM_001.png ... */
gboolean ut_turntable_write (UtOffscreen *offscreen,
                             const UtScene *scene,
                             const char *caption,
                             guint n,
                             const char *stem,
                             UtProgress *progress,
                             GCancellable *cancel,
                             GError **error);

/** ut_figure_caption: (transfer full): "ED, edited stage, unreviewed, A4C": @twin of @state */
char *ut_figure_caption (const UtStudyState *state, const UtTwin *twin, const char *camera);

/** ut_figure_caption_between: (transfer full): the same of a heart between ED and ES: that it is
 * interpolated, and what from */
char *ut_figure_caption_between (const UtStudyState *state, const char *camera);

/** ut_picture_surface: (transfer full): an RGB picture for cairo */
cairo_surface_t *ut_picture_surface (const GdkPixbuf *picture);
