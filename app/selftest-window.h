/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/selftest-run.h"

#include <adwaita.h>

/**
 * ut_self_test_window_new:
 * @test: (transfer none)
 *
 * Returns: (transfer none): a window over @parent with a line for each check; present it
 */
GtkWidget *ut_self_test_window_new (GtkWindow *parent, const UtSelfTest *test);
