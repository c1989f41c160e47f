/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/affine.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define UT_TYPE_CROSSHAIR (ut_crosshair_get_type ())
G_DECLARE_FINAL_TYPE (UtCrosshair, ut_crosshair, UT, CROSSHAIR, GObject)

/**
 * UtCrosshair:
 *
 * A point of the heart, canonical mm, that all slices go through. Signal `changed`.
 */
UtCrosshair *ut_crosshair_new (void);

UtVec3 ut_crosshair_get (UtCrosshair *self);

/** ut_crosshair_set: keeps the point inside the 192 mm that a heart can fill */
void ut_crosshair_set (UtCrosshair *self, UtVec3 point_mm);

G_END_DECLS
