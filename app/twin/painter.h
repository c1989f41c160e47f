/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

#include "render/renderer.h"

G_BEGIN_DECLS

/**
 * UtPainter:
 *
 * Draws a scene in a GtkGLArea so that nobody waits for it. With a GPU that is all there is to it.
 * Without one, what has become another picture is drawn plainer, so that it is there at once and a
 * turning heart keeps up; in full when nothing more came for 150 ms; and 100 ms after that, plainer
 * ones of what is one key away are drawn ahead, one at a time and only while there is nothing else
 * to do.
 */
typedef struct UtPainter UtPainter;

/**
 * UtNextScene:
 * @i: 0, 1, ...
 *
 * Returns: (transfer full) (nullable): the @i-th scene that may well be asked for next; NULL after
 * the last one
 */
typedef UtScene *(*UtNextScene) (guint i, gpointer user_data);

/** ut_painter_new: @area outlives it, and must not be realized when it is freed */
UtPainter *ut_painter_new (GtkGLArea *area);
void ut_painter_free (UtPainter *self);

/** ut_painter_set_next: @next is called between events, with the same camera as the last draw */
void ut_painter_set_next (UtPainter *self, UtNextScene next, gpointer user_data);

/* To call when the area is realized, with its context current; before it is unrealized; and when
 * it is to be rendered. */
gboolean ut_painter_realize (UtPainter *self, GError **error);
void ut_painter_unrealize (UtPainter *self);
gboolean
ut_painter_draw (UtPainter *self, const UtScene *scene, const UtCamera *camera, GError **error);

/** ut_painter_device: (nullable): the OpenGL driver; NULL while not realized */
const char *ut_painter_device (UtPainter *self);

/** ut_painter_size: device pixels of the area, at least 1 */
void ut_painter_size (UtPainter *self, int *ret_width, int *ret_height);

G_END_DECLS
