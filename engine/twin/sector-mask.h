/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/cine.h"

#include <gio/gio.h>

/**
 * ut_sector_mask:
 * @cine: a loop or a still picture; only UtCine.region of it is looked at
 * @cancel: (nullable)
 *
 * Finds the echo picture of a loop: a fan that opens downwards, in which the picture moves (a still
 * one: is lit). What stands still beside it, and what is thin or apart from it where it moves
 * (an ECG), is outside, also where it touches the fan. Method: sector-mask.c
 *
 * Shape: [height, width], row-major: 1 inside, 0 outside.
 * Errors: FORMAT where there is no such fan; CANCELLED.
 * Threads: pure; reads every pixel once, about 1 s for 2 GiB.
 *
 * Returns: (transfer full): the mask, or NULL with @error set
 */
guint8 *ut_sector_mask (const UtCine *cine, GCancellable *cancel, GError **error);

/**
 * ut_sector_mask_apply:
 * @mask: ut_sector_mask() of @cine
 *
 * Returns: (transfer full): @cine with every pixel outside of @mask black, in every frame, without
 * its hash and note; NULL with @error (MEMORY) set
 */
UtCine *ut_sector_mask_apply (const UtCine *cine, const guint8 *mask, GError **error);

/**
 * ut_sector_mask_frame:
 * @frame: counted from 0
 *
 * Returns: (transfer full): that frame alone as ut_sector_mask_apply() leaves it; NULL with @error
 * (MEMORY) set
 */
UtCine *ut_sector_mask_frame (const UtCine *cine, const guint8 *mask, guint frame, GError **error);

/**
 * ut_sector_mask_brightest:
 *
 * Returns: (transfer full): one frame: the largest value that each pixel of @mask has at any time,
 * so that a text is seen in whichever frame it stands; black outside. NULL with @error (MEMORY)
 * set
 */
UtCine *ut_sector_mask_brightest (const UtCine *cine, const guint8 *mask, GError **error);
