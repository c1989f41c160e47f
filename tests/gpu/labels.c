/* SPDX-License-Identifier: Apache-2.0 */
/* labels WEIGHTS EXPECTED DEVICE FOLDER [CASE]: the final labels of one or of each case of a golden
 * file, as FOLDER/CASE.labels, u8 [64,64,64] */
#include "engine/base/json.h"
#include "tests/golden/golden.h"

#include <string.h>

static void
save_case (
  UtTwinModel *model, UtWeights *file, const char *name, JsonObject *values, const char *folder)
{
  g_autoptr (GError) error = NULL;
  const UtTwinOptions options = {
    .seed = (guint64)json_object_get_int_member (values, "seed"),
    .steps = (guint)json_object_get_int_member (values, "steps"),
    .noise =
      json_object_get_int_member (values, "eta") ? UT_TWIN_NOISE_FRESH : UT_TWIN_NOISE_IMPLIED,
  };
  g_autoptr (UtTwinInput) input = golden_input (file, name);
  g_autoptr (UtTwin) twin = ut_twin_model_reconstruct (model, input, &options, NULL, NULL, &error);
  if (twin == NULL)
    g_error ("%s: %s", name, error->message);
  g_autofree char *path = g_strdup_printf ("%s/%s.labels", folder, name);
  const char *labels = (const char *)twin->labels[ut_twin_final_stage (twin)]->u8;
  if (!g_file_set_contents (path, labels, UT_TWIN_N_VOXELS, &error))
    g_error ("%s", error->message);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  if (argc < 5) {
    g_printerr ("labels WEIGHTS EXPECTED DEVICE FOLDER [CASE]\n");
    return 2;
  }
  g_autoptr (UtTwinModel) model = ut_twin_model_open (argv[1], argv[3], NULL, &error);
  g_autoptr (UtWeights) file = model ? ut_weights_open (argv[2], &error) : NULL;
  const char *text = file ? ut_weights_get_metadata (file, "cases") : NULL;
  g_autoptr (JsonNode) cases = text ? ut_json_parse (text, strlen (text), "cases", &error) : NULL;
  if (cases == NULL) {
    g_printerr ("%s\n", error ? error->message : "there are no cases in the file");
    return 1;
  }
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  json_object_iter_init (&iter, json_node_get_object (cases));
  while (json_object_iter_next (&iter, &name, &node))
    if (argc == 5 || strcmp (argv[5], name) == 0)
      save_case (model, file, name, json_node_get_object (node), argv[4]);
  return 0;
}
