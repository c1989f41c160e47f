/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/study/cine-view.h"

G_BEGIN_DECLS

#define UT_TYPE_TRACE_LAYER (ut_trace_layer_get_type ())
G_DECLARE_FINAL_TYPE (UtTraceLayer, ut_trace_layer, UT, TRACE_LAYER, GtkWidget)

/**
 * UtTraceLayer:
 *
 * Over the picture of a view: the contours of the left ventricle that are on its frame, with their
 * disks and numbers, and, while tracing, the hand that sets, moves and takes back their points.
 * Leaving closes the contour where it can be. Its keys work while it has focus, those of the slot
 * behind them. Every change is an edit of the study.
 *
 * Signals: `tracing`: it began or ended; `message` (const char *): a sentence for a toast.
 */

/** ut_trace_layer_set_up: lies over @cine_view, which shows @view of @document */
void ut_trace_layer_set_up (UtTraceLayer *self,
                            UtView view,
                            UtDocument *document,
                            UtCineView *cine_view);

/** ut_trace_layer_update: the study or the frame on screen changed; another frame ends tracing */
void ut_trace_layer_update (UtTraceLayer *self);

/** ut_trace_layer_set_tracing: begins only on a marked frame of known spacing, else says why not */
void ut_trace_layer_set_tracing (UtTraceLayer *self, gboolean tracing);
gboolean ut_trace_layer_get_tracing (UtTraceLayer *self);

G_END_DECLS
