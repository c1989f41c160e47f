/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/scene.h"

/** ut_scene_copy: the same content; meshes and pictures, which never change, are shared */
UtScene *ut_scene_copy (const UtScene *self);

/** ut_scene_equal: TRUE where both draw the same picture, however they came to it */
gboolean ut_scene_equal (const UtScene *a, const UtScene *b);
