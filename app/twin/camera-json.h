/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"

#include <json-glib/json-glib.h>

/** ut_camera_to_json: (transfer full): ten numbers: target in mm, direction, up, distance in mm */
JsonNode *ut_camera_to_json (const UtCamera *self);

/** ut_camera_from_json: @node: (nullable): what isn't whole and sane is no camera: FALSE, and @self
 * is left as it was; its lens is left in any case */
gboolean ut_camera_from_json (UtCamera *self, JsonNode *node);
