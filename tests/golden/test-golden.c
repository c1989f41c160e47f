/* SPDX-License-Identifier: Apache-2.0 */
/* The network against PyTorch from pictures to labels, on every backend that is usable here:
 * every stage, the chosen template, and the same bytes a second time. */
#include "engine/base/json.h"
#include "engine/nn/backend.h"
#include "tests/golden/golden.h"

#include <string.h>

/* of probabilities */
#define MAX_ERROR     1e-4
#define MIN_AGREEMENT 0.9995

typedef struct Case {
  const char *device, *model; /* NAME of the expected numbers and the configuration */
  gboolean shipped;           /* the weights that come with the program */
} Case;

static void
check_stages (UtWeights *file, const char *name, const UtTwin *twin, guint n_steps)
{
  static const struct {
    UtTwinStage stage;
    const char *what;
  } stages[] = {
    {UT_TWIN_COARSE, "coarse"},
    {UT_TWIN_REFINED, "refined"},
    {UT_TWIN_AUTOENCODER, "autoencoder"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    if (golden_has (file, name, stages[i].what))
      golden_assert_volume (file,
                            name,
                            stages[i].what,
                            twin->probabilities[stages[i].stage],
                            UT_N_LABELS,
                            FALSE,
                            MAX_ERROR);
  g_assert_true (golden_has (file, name, "variance") == (twin->variance != NULL));
  if (twin->variance) {
    golden_assert_volume (file, name, "variance", twin->variance, 3, FALSE, MAX_ERROR);
    golden_assert_volume (file, name, "weight", twin->weight, 3, FALSE, MAX_ERROR);
  }
  g_assert_true (golden_has (file, name, "templates") ==
                 ut_twin_has_stage (twin, UT_TWIN_TEMPLATE));
  if (ut_twin_has_stage (twin, UT_TWIN_TEMPLATE)) {
    const guint8 *templates = golden_expected_u8 (file, name, "templates", UT_SHAPE (n_steps));
    g_assert_cmpint (twin->template_index, ==, templates[n_steps - 1]);
  }
}

static void
check_final (UtWeights *file, const char *name, const UtTwin *twin)
{
  UtTwinStage last = ut_twin_final_stage (twin);
  golden_assert_volume (
    file, name, "prob", twin->probabilities[last], UT_N_LABELS, FALSE, MAX_ERROR);
  const guint8 *labels = golden_expected_u8 (file, name, "labels", UT_SHAPE (64, 64, 64));
  gsize same = 0;
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    same += twin->labels[last]->u8[i] == labels[i];
  g_test_message ("%s: labels of stage %s agree in %.4f %%",
                  name,
                  ut_twin_stage_name (last),
                  100.0 * same / UT_TWIN_N_VOXELS);
  g_assert_cmpfloat ((double)same / UT_TWIN_N_VOXELS, >=, MIN_AGREEMENT);
}

static void
assert_same (const UtTwin *a, const UtTwin *b)
{
  const gsize bytes = UT_N_LABELS * UT_TWIN_N_VOXELS * sizeof (float);
  for (int s = 0; s < UT_N_TWIN_STAGES; s++) {
    g_assert_true ((a->probabilities[s] == NULL) == (b->probabilities[s] == NULL));
    if (a->probabilities[s])
      g_assert_cmpmem (a->probabilities[s], bytes, b->probabilities[s], bytes);
  }
  g_assert_cmpint (a->template_index, ==, b->template_index);
}

static void
check_case (UtTwinModel *model, UtWeights *file, const char *name, JsonObject *values)
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
  g_assert_no_error (error);
  check_stages (file, name, twin, options.steps);
  check_final (file, name, twin);
  if (strcmp (ut_twin_model_get_device (model), "ref") == 0)
    return;
  g_autoptr (UtTwin) again = ut_twin_model_reconstruct (model, input, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_same (twin, again);
}

static void
test_whole (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *weights_name = g_strconcat (test->model, ".safetensors", NULL);
  g_autofree char *expected_name = g_strconcat (test->model, "-expected.safetensors", NULL);
  g_autofree char *path =
    test->shipped ? g_strdup (g_getenv ("UT_TEST_SHIPPED")) : golden_path (weights_name);
  g_autoptr (UtWeights) file = golden_open (expected_name);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwinModel) model = ut_twin_model_open (path, test->device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ut_twin_model_get_name (model), ==, test->model);

  const char *text = ut_weights_get_metadata (file, "cases");
  g_autoptr (JsonNode) cases = ut_json_parse (text, strlen (text), "cases", &error);
  g_assert_no_error (error);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  json_object_iter_init (&iter, json_node_get_object (cases));
  while (json_object_iter_next (&iter, &name, &node)) {
    gboolean slow = strcmp (test->device, "ref") == 0;
    JsonObject *values = json_node_get_object (node);
    if (!slow || json_object_get_int_member (values, "steps") == 1)
      check_case (model, file, name, values);
  }
}

int
main (int argc, char **argv)
{
  static const char *const models[] = {"tiny", "whole", "pictures", "branch"};
  g_autoptr (GPtrArray) tests = g_ptr_array_new_with_free_func (g_free);
  g_test_init (&argc, &argv, NULL);
  for (const char *const *device = ut_backend_names (); *device; device++) {
    g_autoptr (GError) reason = NULL;
    if (ut_backend_find (*device, NULL, &reason) == NULL) {
      g_printerr ("# %s skipped: %s\n", *device, reason->message);
      continue;
    }
    for (gsize i = 0; i <= G_N_ELEMENTS (models); i++) {
      gboolean shipped = i == G_N_ELEMENTS (models);
      if (i > 0 && strcmp (*device, "ref") == 0) /* minutes of plain loops */
        continue;
      Case *test = g_new (Case, 1);
      const char *exact = strcmp (*device, "cuda") == 0 ? "cuda/f32" : *device;
      *test = (Case){exact, shipped ? "small" : models[i], shipped};
      g_ptr_array_add (tests, test);
      g_autofree char *path = g_strdup_printf ("/golden/%s/%s", test->model, *device);
      g_test_add_data_func (path, test, test_whole);
    }
  }
  return g_test_run ();
}
