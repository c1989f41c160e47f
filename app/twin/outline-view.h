/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/twin/echo-frames.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_OUTLINE_VIEW (ut_outline_view_get_type ())
G_DECLARE_FINAL_TYPE (UtOutlineView, ut_outline_view, UT, OUTLINE_VIEW, GtkWidget)

/**
 * UtOutlineView:
 *
 * The marked frame of one view with the outlines of the twin in its estimated plane. Its actions
 * "plane.move" and "plane.turn" (iii: along and about right, down and into the picture, mm and
 * degrees) and "plane.reset" adjust the plane, with undo; they have keys.
 */
GtkWidget *ut_outline_view_new (UtDocument *document, UtView view);

/**
 * ut_outline_view_show:
 * @frames: read during the call only
 * @meshes: [UT_N_LABELS], (nullable elements): in the plane's frame
 * @shown: [UT_N_LABELS]
 */
void ut_outline_view_show (UtOutlineView *self,
                           const UtEchoFrames *frames,
                           UtMesh *const *meshes,
                           const gboolean *shown);

/** ut_outline_view_draw: strokes the outlines of @meshes onto @cr, whose unit is a pixel of the
 * frame, its origin the upper left corner of the first; @width: of the lines, in the same unit */
void ut_outline_view_draw (const UtEchoPlane *plane,
                           UtMesh *const *meshes,
                           const gboolean *shown,
                           double width,
                           cairo_t *cr);

G_END_DECLS
