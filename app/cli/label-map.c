/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/label-map.h"

#include "app/cli/cli.h"
#include "engine/base/error.h"

gboolean
ut_cli_codes_check (const char *list, const char *option)
{
  g_autoptr (GError) error = NULL;
  UtHeartCodes codes;
  if (list == NULL || ut_heart_codes_parse (list, &codes, &error))
    return TRUE;
  ut_cli_usage ("--%s: %s", option, error->message);
  return FALSE;
}

void
ut_cli_name_option (GError *error, const char *option)
{
  if (!g_error_matches (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_ASK))
    return;
  char *named = g_strdup_printf ("%s (--%s Myo=...,LV=...)", error->message, option);
  g_free (error->message);
  error->message = named;
}

UtVolume *
ut_cli_labels_open (
  const char *path, const char *list, const char *option, UtHeartCodes *ret_codes, GError **error)
{
  g_autoptr (GError) cause = NULL;
  UtHeartCodes told;
  if (list != NULL && !ut_heart_codes_parse (list, &told, error))
    return NULL;
  UtVolume *labels = ut_heart_labels_open (path, list ? &told : NULL, ret_codes, &cause);
  if (labels == NULL) {
    ut_cli_name_option (cause, option);
    g_propagate_error (error, g_steal_pointer (&cause));
  }
  return labels;
}

void
ut_cli_json_codes (JsonBuilder *builder, const char *key, const UtHeartCodes *codes)
{
  ut_cli_json_object (builder, key);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (codes->codes[s] != 0)
      ut_cli_json_int (builder, ut_structure_name (s), codes->codes[s]);
  ut_cli_json_string (builder, "known_by", ut_heart_codes_origin_name (codes->origin));
  json_builder_end_object (builder);
}
