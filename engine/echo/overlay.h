/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/echo/simulator.h"

/** ut_overlay_draw: what @scanner->overlays asks for, written over @pixels [height, width] */
void ut_overlay_draw (const UtScanner *scanner,
                      const UtEchoPicture *picture,
                      const UtEchoMoment *moment,
                      guint8 *pixels);
