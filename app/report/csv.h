/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** Cells of comma-separated values (RFC 4180, UTF-8); the comma behind them is the caller's. */

/** ut_csv_text: @words in quotation marks */
void ut_csv_text (GString *self, const char *words);

/** ut_csv_number: every digit, a decimal point in any locale; nothing where it is not finite */
void ut_csv_number (GString *self, double value);
