/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/twin/twin-input.h"

/**
 * ut_twin_input_write:
 * @folder: made where missing; files of the same names are replaced
 * @prefix: "ed" or "es"
 *
 * Writes what the network is given: @prefix_input.npy, the bytes of @grey, float32
 * [UT_N_VIEWS, 1, side, side]; @prefix_input_spacing_mm.npy, those of @spacing_mm, float64
 * [UT_N_VIEWS, 2]; and @prefix_input.png, its pictures side by side in the order of UtView, 8 bits.
 *
 * Errors: G_FILE_ERROR and others of the writers, naming files only; MEMORY.
 * Threads: pure.
 * Source: NumPy's format 1.0, numpy.lib.format.
 */
gboolean ut_twin_input_write (const UtTwinInput *self,
                              const char *folder,
                              const char *prefix,
                              GError **error);
