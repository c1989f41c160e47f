/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/twin/look.h"

G_BEGIN_DECLS

/** UtBrushState: what the brush does. */
typedef struct UtBrushState {
  gboolean on;
  UtStructure structure; /* UT_BACKGROUND erases */
  double radius_mm;
} UtBrushState;

#define UT_TYPE_BRUSH (ut_brush_get_type ())
G_DECLARE_FINAL_TYPE (UtBrush, ut_brush, UT, BRUSH, GObject)

/**
 * UtBrush:
 *
 * Paints on the heart in the look: one brush for all slices and the panel beside them. A stroke
 * is an edit of the study when it ends, and a copy of the labels until then.
 *
 * Signals:
 *  - `changed`: what it does, whether it can be used, or the labels;
 *  - `refused` (const char *message): a stroke was not taken, or the brush cannot be used.
 */
UtBrush *ut_brush_new (UtDocument *document, UtLook *look);

/** ut_brush_get: (transfer none): valid until the next change; copy it to change it */
const UtBrushState *ut_brush_get (UtBrush *self);

/** ut_brush_set: keeps the radius to its steps. Switched on, the look goes to the last stage, which
 * is the one that is edited; it goes off with another stage or study, and where nothing can be
 * painted on.
 */
void ut_brush_set (UtBrush *self, const UtBrushState *state);

/** ut_brush_resize: makes it larger by @steps of UT_BRUSH_STEP_MM */
void ut_brush_resize (UtBrush *self, int steps);

/** ut_brush_get_labels: (transfer none) (nullable): the labels that are painted on as they now are,
 * also amid a stroke; NULL while the brush is off */
UtVolume *ut_brush_get_labels (UtBrush *self);

/* A stroke, in canonical mm. What begins while the brush is off is none. */
void ut_brush_begin (UtBrush *self, UtVec3 point);
void ut_brush_extend (UtBrush *self, UtVec3 point);
void ut_brush_end (UtBrush *self);

/** ut_brush_cancel: as if the stroke had never begun; FALSE where there is none */
gboolean ut_brush_cancel (UtBrush *self);

G_END_DECLS
