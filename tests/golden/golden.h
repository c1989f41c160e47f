/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/weights.h"
#include "engine/twin/twin-model.h"

/* Expected numbers are made by engine/train/golden.py: arrays CASE.WHAT of a file. */

#define GOLDEN_STRIDE 5  /* volumes are kept at indices 0, 5, ... 60 of each axis */
#define GOLDEN_KEPT   13 /* of them */

/** golden_path: of a file of this folder; free it */
char *golden_path (const char *name);

/** golden_open: the same, opened */
UtWeights *golden_open (const char *name);

gboolean golden_has (UtWeights *file, const char *name, const char *what);

/** golden_expected: array @name.@what, lent from @file */
const float *golden_expected (UtWeights *file, const char *name, const char *what, UtShape shape);
const guint8 *
golden_expected_u8 (UtWeights *file, const char *name, const char *what, UtShape shape);

/** golden_assert_close: @n values within @tolerance times the largest, or 1 if that is less */
void golden_assert_close (
  const char *what, const float *is, const float *want, gsize n, double tolerance);

/** golden_assert_volume: @n_channels volumes of 64^3 against the kept voxels of @name.@what.
 * @channels_last: [64^3,n_channels], else [n_channels,64^3] */
void golden_assert_volume (UtWeights *file,
                           const char *name,
                           const char *what,
                           const float *volume,
                           gsize n_channels,
                           gboolean channels_last,
                           double tolerance);

/** golden_input: pictures and spacing of a case */
UtTwinInput *golden_input (UtWeights *file, const char *name);
