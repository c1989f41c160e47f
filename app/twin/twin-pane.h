/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/calipers.h"
#include "app/document.h"
#include "app/twin/beat.h"
#include "app/twin/crosshair.h"
#include "app/twin/look.h"
#include "app/twin/results.h"
#include "app/twin/twin-view.h"

G_BEGIN_DECLS

/** UtPaneItem: which heart of its study a pane shows. */
typedef struct UtPaneItem {
  UtPhase phase;
  int stage;          /* UtTwinStage, -1 = the last one */
  gboolean reference; /* the reference alone */
  gboolean captioned; /* say in the picture what it is */
  gboolean named;     /* and of which study, with what is said of it there and its numbers */
} UtPaneItem;

#define UT_TYPE_TWIN_PANE (ut_twin_pane_get_type ())
G_DECLARE_FINAL_TYPE (UtTwinPane, ut_twin_pane, UT, TWIN_PANE, GtkWidget)

/**
 * UtTwinPane:
 *
 * One heart in three dimensions, as the look says, with its caption, what was picked on it, the
 * calipers on it, and the picture in words for screen readers. While the heart beats, that of the
 * present moment. A press on the heart moves the crosshair there, or, while measuring, is a
 * caliper's next point. Actions "twin.caliper" (begins to measure, or ends it), "twin.caliper-end"
 * and "twin.caliper-delete" have keys. No caliper is shown or drawn while a view is uncalibrated or
 * the heart beats.
 *
 * @calipers, @crosshair: (nullable): NULL both: a heart of the second study, which is only looked
 *   at: nothing is measured on it, slices and marked places are those of the open study
 * @label: accessible name of its 3D view
 */
GtkWidget *ut_twin_pane_new (UtDocument *document,
                             UtResults *results,
                             UtLook *look,
                             UtBeat *beat,
                             UtCalipers *calipers,
                             UtCrosshair *crosshair,
                             const char *label);

/** ut_twin_pane_show: shows @item as everything now is; call it again after any change */
void ut_twin_pane_show (UtTwinPane *self, const UtPaneItem *item);

/** UT_PANE_MAX_NEXT: hearts that are drawn ahead: each stage, and the other phase */
#define UT_PANE_MAX_NEXT (UT_N_TWIN_STAGES + 1)

/** ut_twin_pane_set_next: @items: [@n] hearts that are one key away from what is shown now, the
 * likeliest first: their pictures are drawn while there is nothing else to do */
void ut_twin_pane_set_next (UtTwinPane *self, const UtPaneItem *items, guint n);

/** ut_twin_pane_set_room: px at @top and @bottom that captions and a fitted heart leave to what
 * lies over the pane */
void ut_twin_pane_set_room (UtTwinPane *self, int top, int bottom);

/** ut_twin_pane_get_view: (transfer none) */
UtTwinView *ut_twin_pane_get_view (UtTwinPane *self);

/** ut_twin_pane_get_document: (transfer none): the study that it shows a heart of */
UtDocument *ut_twin_pane_get_document (UtTwinPane *self);

G_END_DECLS
