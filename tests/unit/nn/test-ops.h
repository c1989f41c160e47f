/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/backend.h"

/* The device that is tested. */
extern const UtBackendOps *tested;
extern UtBackendConfig tested_config;

/** assert_close: sum (is - want)^2 / sum want^2 is at most what @op may be off by */
void assert_close (UtOp op, const float *is, const float *want, gsize n);

/** assert_close_after: the same behind @n_products in a row, whose errors may all point the same
 * way */
void assert_close_after (int n_products, UtOp op, const float *is, const float *want, gsize n);

void add_chain_tests (void);
