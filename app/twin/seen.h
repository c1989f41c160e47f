/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ut_seen_fill:
 * @raster: of the network's pictures
 *
 * Fills @grid with what the network is given, cut and resized as it gets it: a row for each phase
 * that is ready, a column for each view, each picture with its frame and, where every view is
 * calibrated, the spacing that it has after resizing.
 *
 * Returns: FALSE where there is nothing to show
 */
gboolean ut_seen_fill (GtkGrid *grid, const UtStudyState *state, const UtTwinRaster *raster);

G_END_DECLS
