/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "app/model-card.h"
#include "engine/twin/twin-model.h"

static char *model_path, *device;
static gboolean text_only;

static void
add_stages (JsonBuilder *builder, const UtTwinModel *model)
{
  json_builder_set_member_name (builder, "stages");
  json_builder_begin_array (builder);
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    if (ut_twin_model_has_stage (model, stage))
      json_builder_add_string_value (builder, ut_twin_stage_name (stage));
  json_builder_end_array (builder);
}

static int
print_model (const char *path, const char *card)
{
  static const char *const keys[] = {"train.dataset", "train.steps", "license"};
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwinModel) model = ut_twin_model_open (path, device ? device : "auto", NULL, &error);
  if (model == NULL)
    return ut_cli_fail (error);
  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_string (builder, "name", ut_twin_model_get_name (model));
  ut_cli_json_string (builder, "sha256", ut_twin_model_get_sha256 (model));
  ut_cli_json_int (builder, "n_parameters", (gint64)ut_twin_model_get_n_parameters (model));
  ut_cli_json_int (builder, "n_templates", ut_twin_model_get_n_templates (model));
  ut_cli_json_int (builder, "default_steps", ut_twin_model_get_default_steps (model));
  ut_cli_json_boolean (builder, "views_optional", ut_twin_model_get_views_optional (model));
  add_stages (builder, model);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    const char *value = ut_twin_model_get_metadata (model, keys[i]);
    if (value != NULL)
      ut_cli_json_string (builder, keys[i], value);
  }
  if (card != NULL)
    ut_cli_json_string (builder, "card", card);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"model",
     0,
     0,
     G_OPTION_ARG_FILENAME,
     &model_path,
     "Weight file (the one that comes along)",
     "W.safetensors"},
    {"device", 0, 0, G_OPTION_ARG_STRING, &device, "auto, cpu or cuda[:N] (auto)", "NAME"},
    {"text", 0, 0, G_OPTION_ARG_NONE, &text_only, "Print the model card alone, to be read", NULL},
    {NULL},
  };
  if (!ut_cli_parse ("Says what a weight file holds: the network, and its model card.",
                     entries,
                     NULL,
                     argc,
                     argv))
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = model_path ? g_strdup (model_path) : ut_twin_model_default_path (&error);
  if (path == NULL)
    return ut_cli_fail (error);
  g_autofree char *card = ut_model_card_read (path, NULL, &error);
  if (!text_only)
    return print_model (path, card); /* which may be without a card */
  if (card == NULL)
    return ut_cli_fail (error);
  g_print ("%s", card);
  return UT_CLI_DONE;
}

const UtCliCommand ut_cli_model = {"model", "what a weight file holds, and its model card", run};
