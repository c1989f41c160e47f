/* SPDX-License-Identifier: Apache-2.0 */
/* Opening weight files, good and changed, and what a reconstruction refuses and reports. */
#include "engine/base/error.h"
#include "engine/twin/twin-model.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

static char *folder; /* for changed files */

static char *
tiny_path (void)
{
  return g_build_filename (g_getenv ("UT_TEST_GOLDEN"), "tiny.safetensors", NULL);
}

/* The tiny file with every @find of its header turned into @replace, and the tensor @drop, which
 * may be NULL, left out. Returns the new file's path. */
static char *
changed_file (const char *find, const char *replace, const char *drop)
{
  g_autofree char *path = tiny_path ();
  g_autofree char *bytes = NULL;
  gsize size, n_header;
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  memcpy (&n_header, bytes, 8);
  g_autofree char *header = g_strndup (bytes + 8, n_header);
  g_auto (GStrv) pieces = g_strsplit (header, find, -1);
  g_assert_cmpuint (g_strv_length (pieces), >, 1);
  g_autofree char *joined = g_strjoinv (replace, pieces);
  g_autoptr (GString) data = g_string_new_len (bytes + 8 + n_header, (gssize)(size - 8 - n_header));

  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_true (json_parser_load_from_data (parser, joined, -1, NULL));
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  if (drop) {
    JsonArray *span =
      json_object_get_array_member (json_object_get_object_member (root, drop), "data_offsets");
    gint64 begin = json_array_get_int_element (span, 0), end = json_array_get_int_element (span, 1);
    g_string_erase (data, begin, end - begin);
    json_object_remove_member (root, drop);
    g_autoptr (GList) names = json_object_get_members (root);
    for (GList *i = names; i; i = i->next) {
      JsonObject *object = json_object_get_object_member (root, i->data);
      JsonArray *list = json_object_has_member (object, "data_offsets")
                          ? json_object_get_array_member (object, "data_offsets")
                          : NULL;
      if (list == NULL || json_array_get_int_element (list, 0) < end)
        continue;
      JsonArray *moved = json_array_new ();
      for (guint k = 0; k < 2; k++)
        json_array_add_int_element (moved, json_array_get_int_element (list, k) - (end - begin));
      json_object_set_array_member (object, "data_offsets", moved);
    }
  }
  g_autofree char *text = json_to_string (json_parser_get_root (parser), FALSE);
  guint64 length = strlen (text);
  g_string_prepend_len (data, text, (gssize)length);
  g_string_prepend_len (data, (const char *)&length, 8);
  char *changed = g_build_filename (folder, "changed.safetensors", NULL);
  g_assert_true (g_file_set_contents (changed, data->str, (gssize)data->len, NULL));
  return changed;
}

typedef struct Case {
  const char *name, *find, *replace, *drop;
  int code;
  const char *message; /* after "changed.safetensors: " */
} Case;

#define FORMAT      UT_ENGINE_ERROR_FORMAT
#define RANGE       UT_ENGINE_ERROR_RANGE
#define UNSUPPORTED UT_ENGINE_ERROR_UNSUPPORTED

#define Q           "\\\"" /* a quote inside the configuration, which is a string itself */

static const Case cases[] = {
  {"format", "\"ultratwin\"", "\"other\"", NULL, FORMAT, "not a weight file of this program"},
  {"version",
   "\"format_version\":\"1\"",
   "\"format_version\":\"2\"",
   NULL,
   UNSUPPORTED,
   "format_version is \"2\", this version reads \"1\""},
  {"config no JSON",
   "\"{" Q "name" Q ":",
   "\"{" Q,
   NULL,
   FORMAT,
   "config: not valid JSON, see line 1"},
  {"name missing",
   "{" Q "name" Q ":" Q "tiny" Q ",",
   "{",
   NULL,
   FORMAT,
   "\"name\" is missing, want a text"},
  {"volume",
   Q "volume" Q ":64",
   Q "volume" Q ":32",
   NULL,
   RANGE,
   "\"volume\" is 32, want 64 to 64"},
  {"classes", Q "RA" Q "]", Q "AO" Q "]", NULL, UNSUPPORTED, "\"classes\" are not the 6 .*"},
  {"views", Q "A2C" Q, Q "A3C" Q, NULL, UNSUPPORTED, "\"views\" are not the 3 .*"},
  {"axis order", "NZYX", "NXYZ", NULL, UNSUPPORTED, "\"axis_order\" is \"NXYZ\".*"},
  {"channels 2",
   Q "channels" Q ":1",
   Q "channels" Q ":2",
   NULL,
   RANGE,
   "\"channels\" is 2, want 1 or 3"},
  {"mean too many",
   Q "mean" Q ":[0.2]",
   Q "mean" Q ":[0.2,0.2]",
   NULL,
   FORMAT,
   "\"mean\" has 2 numbers, want 1"},
  {"std zero",
   Q "std" Q ":[0.2]",
   Q "std" Q ":[0]",
   NULL,
   RANGE,
   "\"std\"\\[0\\] is not a number from 0.001 to 100"},
  {"architecture", "resnet18", "vgg", NULL, UNSUPPORTED, "\"arch\" is \"vgg\".*"},
  {"bottlenecks where the file has none",
   "resnet18",
   "resnet50",
   NULL,
   FORMAT,
   "tensor \"enc.layer1.0.downsample.0.weight\" is missing"},
  {"stage 1",
   Q "out_stage" Q ":3",
   Q "out_stage" Q ":1",
   NULL,
   RANGE,
   "\"out_stage\" is 1, want 2 to 4"},
  {"stage 2 of a file with 3",
   Q "out_stage" Q ":3",
   Q "out_stage" Q ":2",
   NULL,
   FORMAT,
   "tensor \"space.*\" is \\[.*\\], want \\[.*\\]"},
  {"blocks not a list",
   Q "blocks" Q ":[2,2,2,2]",
   Q "blocks" Q ":2",
   NULL,
   FORMAT,
   "\"blocks\" is Integer, want a list"},
  {"patch 12", Q "patch" Q ":8", Q "patch" Q ":12", NULL, RANGE, "\"patch\" does not divide 64"},
  {"dim 50", Q "dim" Q ":48", Q "dim" Q ":50", NULL, RANGE, "\"dim\" is not a multiple of 6"},
  {"dim 96",
   Q "dim" Q ":48",
   Q "dim" Q ":96",
   NULL,
   FORMAT,
   "tensor \"fuse.in.weight\" is \\[48, 96, 1\\], want \\[96, 96, 1\\]"},
  {"heads 5",
   Q "heads" Q ":2",
   Q "heads" Q ":5",
   NULL,
   RANGE,
   "\"dim\" is not a multiple of \"heads\""},
  {"huge", Q "dim" Q ":48", Q "dim" Q ":48000000", NULL, RANGE, "\"dim\" is 48000000, want .*"},
  {"depth 1",
   Q "depth" Q ":2",
   Q "depth" Q ":1",
   NULL,
   FORMAT,
   "tensor \"coarse.block.1.*\" has no place in the network that the file describes"},
  {"depth 3",
   Q "depth" Q ":2",
   Q "depth" Q ":3",
   NULL,
   FORMAT,
   "tensor \"coarse.block.2.cross.kv.weight\" is missing"},
  {"prior off",
   Q "prior" Q ":true",
   Q "prior" Q ":false",
   NULL,
   FORMAT,
   "tensor \"coarse.prior\" has no place .*"},
  {"residual off",
   Q "residual" Q ":true",
   Q "residual" Q ":false",
   NULL,
   FORMAT,
   "tensor \"coarse.block.[01].gamma\" has no place .*"},
  {"views needed, yet an absent row",
   Q "views_optional" Q ":true",
   Q "views_optional" Q ":false",
   NULL,
   FORMAT,
   "tensor \"space.absent\" has no place .*"},
  {"views_optional a number",
   Q "views_optional" Q ":true",
   Q "views_optional" Q ":1",
   NULL,
   FORMAT,
   "\"views_optional\" is Integer, want true or false"},
  {"mode dual", Q "cond" Q, Q "dual" Q, NULL, UNSUPPORTED, "\"mode\" is \"dual\".*"},
  {"refinement",
   Q "refine" Q ":{" Q "enabled" Q ":false",
   Q "refine" Q ":{" Q "enabled" Q ":true",
   NULL,
   UNSUPPORTED,
   "\"refine\" is enabled, which this version does not build"},
  {"topology",
   Q "topology" Q ":{" Q "enabled" Q ":false",
   Q "topology" Q ":{" Q "enabled" Q ":true",
   NULL,
   UNSUPPORTED,
   "\"topology\" is enabled, which this version does not build"},
  {"eta a half", Q "eta" Q ":0.0", Q "eta" Q ":0.5", NULL, UNSUPPORTED, "\"eta\" is 0.5, .*"},
  {"steps 0", Q "steps" Q ":4", Q "steps" Q ":0", NULL, RANGE, "\"steps\" is 0, want 1 to 1000"},
  {"more steps than times", Q "T" Q ":1000", Q "T" Q ":3", NULL, RANGE, "\"steps\" is above \"T\""},
  {"beta a text",
   Q "beta_end" Q ":0.02",
   Q "beta_end" Q ":" Q "0.02" Q,
   NULL,
   FORMAT,
   "\"beta_end\" is String, want a number"},
  {"a tensor renamed",
   "\"time.fc2.bias\"",
   "\"time.fc3.bias\"",
   NULL,
   FORMAT,
   "tensor \"time.fc2.bias\" is missing"},
  {"a tensor left out",
   "\"time.fc2.bias\"",
   "\"time.fc2.bias\"",
   "coarse.block.1.gamma",
   FORMAT,
   "tensor \"coarse.block.1.gamma\" is missing"},
};

static void
test_changed (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *path = changed_file (test->find, test->replace, test->drop);
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_twin_model_open (path, "ref", NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, UT_ENGINE_ERROR, test->code);
  g_autofree char *pattern = g_strdup_printf ("^changed.safetensors: %s$", test->message);
  g_assert_true (g_regex_match_simple (pattern, error->message, 0, 0));
}

static UtTwinModel *
open_tiny (void)
{
  g_autofree char *path = tiny_path ();
  g_autoptr (GError) error = NULL;
  UtTwinModel *model = ut_twin_model_open (path, "auto", NULL, &error);
  g_assert_no_error (error);
  return model;
}

static UtTwinInput *
make_input (guint side, const gboolean present[UT_N_VIEWS])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = ut_cine_new (1, side, side, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < side * side; i++)
    cine->pixels[i] = (guint8)(i % 199);
  cine->calibration = UT_CALIBRATION_MANUAL;
  cine->spacing_mm[0] = cine->spacing_mm[1] = 0.7;
  cine->sha256 = g_strdup ("0123");
  UtCine *cines[UT_N_VIEWS];
  const guint frames[UT_N_VIEWS] = {0};
  for (int v = 0; v < UT_N_VIEWS; v++)
    cines[v] = present == NULL || present[v] ? cine : NULL;
  UtTwinInput *input = ut_twin_input_new (cines, frames, &(UtTwinRaster){.side = side}, &error);
  g_assert_no_error (error);
  return input;
}

static void
test_open (void)
{
  g_autoptr (UtTwinModel) model = open_tiny ();
  g_assert_cmpstr (ut_twin_model_get_name (model), ==, "tiny");
  g_assert_cmpuint (strlen (ut_twin_model_get_sha256 (model)), ==, 64);
  g_assert_cmpuint (ut_twin_model_get_raster (model).side, ==, 224);
  g_assert_cmpuint (ut_twin_model_get_default_steps (model), ==, 4);
  g_assert_true (ut_twin_model_get_views_optional (model));
  g_assert_cmpuint (ut_twin_model_get_n_parameters (model), >, 100000);
  g_assert_cmpstr (ut_twin_model_get_metadata (model, "train.dataset"), ==, "none: random numbers");
  g_assert_null (ut_twin_model_get_metadata (model, "nothing"));

  g_autofree char *path = tiny_path ();
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_twin_model_open (path, "gpu", NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE);
  g_clear_error (&error);
  g_assert_null (ut_twin_model_open ("/nonexistent/a.safetensors", "cpu", NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_default_path (void)
{
  g_autofree char *path = tiny_path ();
  g_autoptr (GError) error = NULL;
  g_setenv ("UT_MODEL", path, TRUE);
  g_autofree char *found = ut_twin_model_default_path (&error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, path);
  g_unsetenv ("UT_MODEL");
}

static void
test_devices (void)
{
  g_autoptr (GPtrArray) devices = ut_twin_devices ();
  g_assert_cmpuint (devices->len, ==, 3);
  const UtTwinDevice *first = g_ptr_array_index (devices, 0);
  g_assert_true (first->usable);
  g_assert_cmpstr (first->name, !=, "ref");
  for (guint i = 0; i < devices->len; i++) {
    const UtTwinDevice *device = g_ptr_array_index (devices, i);
    g_test_message ("%s: %s%s",
                    device->name,
                    device->usable ? device->description : "not usable: ",
                    device->usable ? "" : device->reason);
    g_assert_true (device->usable ? device->reason == NULL && device->description[0] != '\0'
                                  : device->reason[0] != '\0');
  }
}

typedef struct Watch {
  double last;
  guint n_calls;
  gboolean stages[UT_N_STAGES];
  GCancellable *cancel_at; /* cancelled at the first call of DENOISE */
  gint64 cancelled_at;
} Watch;

static void
watch_cb (double fraction, UtStage stage, gpointer data)
{
  Watch *watch = data;
  g_assert_cmpfloat (fraction, >=, watch->last);
  watch->last = fraction;
  watch->n_calls++;
  watch->stages[stage] = TRUE;
  if (watch->cancel_at && stage == UT_STAGE_DENOISE && watch->cancelled_at == 0) {
    g_cancellable_cancel (watch->cancel_at);
    watch->cancelled_at = g_get_monotonic_time ();
  }
}

static void
test_reconstruct (void)
{
  g_autoptr (UtTwinModel) model = open_tiny ();
  g_autoptr (UtTwinInput) input = make_input (224, NULL);
  g_autoptr (GError) error = NULL;
  Watch watch = {0};
  UtProgress progress;
  ut_progress_init (&progress, watch_cb, &watch);
  const UtTwinOptions options = {.phase = UT_PHASE_ES, .seed = 5, .steps = 2};
  g_autoptr (UtTwin) twin =
    ut_twin_model_reconstruct (model, input, &options, &progress, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (watch.last, 1, 1e-9);
  g_assert_true (watch.stages[UT_STAGE_ENCODE] && watch.stages[UT_STAGE_DENOISE]);

  g_assert_cmpint (twin->phase, ==, UT_PHASE_ES);
  const UtTwinProvenance *made = &twin->provenance;
  g_assert_cmpstr (made->model_sha256, ==, ut_twin_model_get_sha256 (model));
  g_assert_cmpstr (made->device, ==, ut_twin_model_get_device (model));
  g_assert_cmpstr (made->input_sha256[1], ==, "0123");
  g_assert_cmpuint (made->seed, ==, 5);
  g_assert_cmpuint (made->steps, ==, 2);
  g_autoptr (JsonNode) resolved = json_from_string (made->options, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (resolved), "steps"), ==, 2);

  const float *p = twin->probabilities[UT_TWIN_COARSE];
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i += 997) {
    double sum = 0;
    for (gsize c = 0; c < UT_N_LABELS; c++)
      sum += p[c * UT_TWIN_N_VOXELS + i];
    g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
  }

  const UtTwinOptions other = {.seed = 6, .steps = 2};
  g_autoptr (UtTwin) differs = ut_twin_model_reconstruct (model, input, &other, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (memcmp (p,
                           differs->probabilities[UT_TWIN_COARSE],
                           UT_N_LABELS * UT_TWIN_N_VOXELS * sizeof (float)),
                   !=,
                   0);
}

static void
test_cancel (void)
{
  g_autoptr (UtTwinModel) model = open_tiny ();
  g_autoptr (UtTwinInput) input = make_input (224, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  Watch watch = {.cancel_at = cancel};
  UtProgress progress;
  ut_progress_init (&progress, watch_cb, &watch);
  const UtTwinOptions options = {.steps = 500};
  g_assert_null (ut_twin_model_reconstruct (model, input, &options, &progress, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  double late = (double)(g_get_monotonic_time () - watch.cancelled_at) / G_USEC_PER_SEC;
  g_test_message ("answered after %.3f s", late);
  g_assert_cmpfloat (late, <, 2); /* 500 steps would take far longer, even on a busy machine */

  g_clear_error (&error);
  const UtTwinOptions one = {.steps = 1};
  g_autoptr (UtTwin) twin = ut_twin_model_reconstruct (model, input, &one, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (twin);
}

static void
test_refusals (void)
{
  g_autoptr (UtTwinModel) model = open_tiny ();
  g_autoptr (UtTwinInput) small = make_input (112, NULL);
  g_autoptr (UtTwinInput) input = make_input (224, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_twin_model_reconstruct (model, small, NULL, NULL, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_cmpstr (error->message, ==, "the pictures are 112 pixels wide, the network wants 224");
  g_clear_error (&error);
  const UtTwinOptions options = {.steps = 1001};
  g_assert_null (ut_twin_model_reconstruct (model, input, &options, NULL, NULL, &error));
  g_assert_cmpstr (error->message, ==, "1001 steps wanted, the network takes 1 to 1000");
}

/* a network without the absent row needs all three views */
static void
test_views_needed (void)
{
  g_autofree char *path =
    changed_file (Q "views_optional" Q ":true", Q "views_optional" Q ":false", "space.absent");
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwinModel) model = ut_twin_model_open (path, "auto", NULL, &error);
  g_assert_no_error (error);
  g_assert_false (ut_twin_model_get_views_optional (model));
  const gboolean two[UT_N_VIEWS] = {TRUE, TRUE, FALSE};
  g_autoptr (UtTwinInput) partial = make_input (224, two);
  g_autoptr (UtTwinInput) whole = make_input (224, NULL);
  const UtTwinOptions options = {.steps = 1};
  g_assert_null (ut_twin_model_reconstruct (model, partial, &options, NULL, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_cmpstr (
    error->message, ==, "PSAX is missing, and the network \"tiny\" needs all three views");
  g_clear_error (&error);
  g_autoptr (UtTwin) twin = ut_twin_model_reconstruct (model, whole, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (twin);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("ut-model-XXXXXX", NULL);
  g_assert_nonnull (folder);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/twin/file/%s", cases[i].name);
    g_test_add_data_func (path, &cases[i], test_changed);
  }
  g_test_add_func ("/twin/model/open", test_open);
  g_test_add_func ("/twin/model/default-path", test_default_path);
  g_test_add_func ("/twin/model/devices", test_devices);
  g_test_add_func ("/twin/model/reconstruct", test_reconstruct);
  g_test_add_func ("/twin/model/cancel", test_cancel);
  g_test_add_func ("/twin/model/refusals", test_refusals);
  g_test_add_func ("/twin/model/views-needed", test_views_needed);
  int status = g_test_run ();
  g_autofree char *changed = g_build_filename (folder, "changed.safetensors", NULL);
  g_remove (changed);
  g_rmdir (folder);
  g_free (folder);
  return status;
}
