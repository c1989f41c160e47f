/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/heart-labels.h"

#include <json-glib/json-glib.h>

/** Label maps as arguments: UT_CLI_CODES_ENTRY is the option that says what the codes of one mean.
 */

#define UT_CLI_CODES_ENTRY(name, list, whose)                                                      \
  {                                                                                                \
    name, 0, 0, G_OPTION_ARG_STRING, list,                                                         \
      "Which code is which structure in " whose " (as it is recognised)", "LV=3,LA=2,..."          \
  }

/** ut_cli_codes_check: @list: (nullable); FALSE where it is none: a sentence was printed, return
 * UT_CLI_USAGE */
gboolean ut_cli_codes_check (const char *list, const char *option);

/**
 * ut_cli_labels_open:
 * @list: (nullable): codes that were told, checked
 * @option: that tells them, for the sentence
 *
 * Errors: as ut_heart_labels_open(); ASK names @option.
 *
 * Returns: (transfer full): labels, or NULL with @error set
 */
UtVolume *ut_cli_labels_open (
  const char *path, const char *list, const char *option, UtHeartCodes *ret_codes, GError **error);

/** ut_cli_name_option: adds to an error that asks for codes which option tells them */
void ut_cli_name_option (GError *error, const char *option);

/** ut_cli_json_codes: "key": {"Myo": 1, ..., "known_by": "own"} */
void ut_cli_json_codes (JsonBuilder *builder, const char *key, const UtHeartCodes *codes);
