/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/look.h"
#include "app/twin/results.h"
#include "render/scene.h"

/**
 * ut_surface_map_get:
 * @map: not UT_SURFACE_MAP_NONE
 *
 * Returns: how @map is drawn, with ends that never move, so that hearts can be compared by eye
 */
UtScalarMap ut_surface_map_get (UtSurfaceMap map);

/** ut_surface_map_there: whether @surfaces (nullable) carry the numbers of @map */
gboolean ut_surface_map_there (UtSurfaceMap map, const UtPhaseSurfaces *surfaces);

/** ut_surface_map_needs_mm: whether the numbers of @map are lengths, hidden without calibration */
gboolean ut_surface_map_needs_mm (UtSurfaceMap map);
