/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/heart-codes.h"

#include <adwaita.h>

/** UtCodesChosen: @codes: as a person told them */
typedef void (*UtCodesChosen) (const UtHeartCodes *codes, gpointer user_data);

/**
 * ut_codes_dialog_new:
 * @name: of the file
 * @file: its codes are offered, with their names and volumes; not needed after this call
 * @guess: what is chosen at first
 * @why: (nullable): a sentence: why it has to be asked
 * @chosen: called once with @user_data where they were told
 * @free_data: frees @user_data with the dialog
 *
 * Asks which code of a label map is which structure: a row for each, with a list.
 *
 * Returns: (transfer none): a dialog over @parent; present it
 */
GtkWidget *ut_codes_dialog_new (GtkWindow *parent,
                                const char *name,
                                const UtLabelFile *file,
                                const UtHeartCodes *guess,
                                const char *why,
                                UtCodesChosen chosen,
                                gpointer user_data,
                                GDestroyNotify free_data);
