/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <adwaita.h>

/**
 * ut_card_window_new:
 * @text: a model card, see app/model-card.h
 *
 * Returns: (transfer none): a window that shows it over @parent; present it
 */
GtkWidget *ut_card_window_new (GtkWindow *parent, const char *text);
