/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "engine/study/measurements.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_BODY_PANEL (ut_body_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtBodyPanel, ut_body_panel, UT, BODY_PANEL, AdwPreferencesGroup)

/** UtBodyPanel: sex, height and weight of the person, to be typed, and the numbers that follow from
 * them and from the heart rate. */

void ut_body_panel_set_up (UtBodyPanel *self, UtDocument *document);

/** ut_body_panel_update: what the study says of the body, and the numbers that follow */
void ut_body_panel_update (UtBodyPanel *self, const UtMeasurements *measurements);

G_END_DECLS
