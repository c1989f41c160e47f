/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/study/twin-morph.h"

#include <gio/gio.h>

/** A beat as it is shown: slower than a heart, to see more. */
#define UT_BEAT_MS 1600

/** ut_beat_contraction: @beats after ED: 0 there, 1 at ES half a beat later, 0 again at the next */
double ut_beat_contraction (double beats);

/**
 * ut_moments_new:
 * @t: as of ut_twin_morph_mesh(), one per moment
 *
 * Surfaces of a heart on its way from ED to ES, all structures of every moment. A second for 6 to
 * 10 moments. Errors: as ut_twin_morph_new(); CANCELLED.
 *
 * Returns: (transfer full): for ut_moments_mesh()
 */
GPtrArray *ut_moments_new (const UtTwin *ed,
                           const UtTwin *es,
                           const double *t,
                           guint n,
                           UtProgress *progress,
                           GCancellable *cancel,
                           GError **error);

/** ut_moments_mesh: (transfer none) */
UtMesh *ut_moments_mesh (const GPtrArray *moments, guint moment, UtStructure structure);
