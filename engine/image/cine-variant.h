/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/cine.h"

/**
 * A loop as one flat value, to pass from the decoder program to the one that asked.
 * Holds everything but the hash, and the frames' own spacing, which only stills have.
 */

/** ut_cine_to_variant: (transfer floating) */
GVariant *ut_cine_to_variant (const UtCine *self);

/**
 * ut_cine_from_bytes:
 * @bytes: serialised by ut_cine_to_variant(), in the same machine's byte order
 *
 * Errors: FORMAT where the bytes are anything else.
 */
UtCine *ut_cine_from_bytes (GBytes *bytes, GError **error);
