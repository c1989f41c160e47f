/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/twin/twin-input.h"
#include "engine/twin/twin-plans.h"
#include "engine/twin/upright.h"

#define UT_TWIN_SHAKE_STREAM (1U << 31) /* beyond those of the sampler's steps */

/** UtTwinSeen: what the view encoder sees of an input. */
typedef struct UtTwinSeen {
  float *grey;                    /* [UT_N_VIEWS, side, side], 0 to 1 */
  double scale;                   /* of the input's spacing */
  UtHeartFrame frame[UT_N_VIEWS]; /* of the input's pictures; all 0 where none is turned */
} UtTwinSeen;

void ut_twin_seen_clear (UtTwinSeen *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (UtTwinSeen, ut_twin_seen_clear)

/**
 * ut_twin_see:
 * @plans: of a network; one that turns no pictures sees them as they are
 * @shaken: (nullable): a seed
 * @ret: (out): cleared by the caller, also after an error
 *
 * 1.0: finds the heart in every picture, looks again at what that turns upright, which is the more
 * exact look, and turns the pictures by both together. With @shaken the frames then err as the
 * locator does on average, by stream UT_TWIN_SHAKE_STREAM of that seed.
 *
 * Errors: of the device; G_IO_ERROR_CANCELLED.
 */
gboolean ut_twin_see (UtTwinPlans *plans,
                      const UtTwinInput *input,
                      const guint64 *shaken,
                      UtTwinSeen *ret,
                      GCancellable *cancel,
                      GError **error);
