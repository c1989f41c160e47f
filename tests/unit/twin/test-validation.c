/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/nn/weights.h"
#include "engine/twin/twin-validation.h"

#include <glib/gstdio.h>
#include <string.h>

#define A4C_ALONE (1u << UT_VIEW_A4C)

static const UtTwinValidation tables[UT_TWIN_N_VIEW_SETS] = {
  [A4C_ALONE] = {24, A4C_ALONE, 1.125, 9.5, -2.5, 8.75, 0.25, 6.25, -1.25},
  [UT_TWIN_ALL_VIEWS] = {40, UT_TWIN_ALL_VIEWS, 0.125, 6.5, -0.5, 4.75, 0.375, 3.25, -0.25},
};

static void
test_round_trip (void)
{
  g_autofree char *folder = g_dir_make_tmp ("validation-XXXXXX", NULL);
  g_autofree char *weights = g_build_filename (folder, "w.safetensors", NULL);
  g_autofree char *path = g_build_filename (folder, "w.validation.json", NULL);
  UtTwinValidation read[UT_TWIN_N_VIEW_SETS];
  g_assert_true (ut_twin_validation_read (weights, "ab", read, NULL));
  g_assert_cmpuint (read[UT_TWIN_ALL_VIEWS].n_hearts, ==, 0); /* no file */
  g_assert_true (ut_twin_validation_write (tables, "ab", path, NULL));
  g_assert_true (ut_twin_validation_read (weights, "ab", read, NULL));
  g_assert_cmpmem (read, sizeof read, tables, sizeof tables);
  g_assert_true (ut_twin_validation_read (weights, "cd", read, NULL));
  g_assert_cmpuint (read[UT_TWIN_ALL_VIEWS].n_hearts, ==, 0); /* of other weights */
  g_unlink (path);
  g_rmdir (folder);
}

/* As it was written before the views stood in it. */
static void
test_without_views (void)
{
  g_autoptr (JsonObject) object = ut_twin_validation_to_json (&tables[UT_TWIN_ALL_VIEWS]);
  UtTwinValidation read;
  json_object_remove_member (object, "views");
  g_assert_true (ut_twin_validation_from_json (object, &read, NULL));
  g_assert_cmpmem (&read, sizeof read, &tables[UT_TWIN_ALL_VIEWS], sizeof read);
}

static void
test_damaged (void)
{
  static const struct {
    const char *from, *to;
    int code;
    const char *says;
  } cases[] = {
    {"\"n_hearts\" : 40", "\"n_hearts\" : 0", UT_ENGINE_ERROR_RANGE, "n_hearts"},
    {"6.5", "-6.5", UT_ENGINE_ERROR_RANGE, "edv_error_sd_ml"},
    {"0.375", "1.5", UT_ENGINE_ERROR_RANGE, "error_correlation"},
    {"esv_error_sd_ml", "sd", UT_ENGINE_ERROR_FORMAT, "esv_error_sd_ml"},
    {"ultratwin-validation", "other", UT_ENGINE_ERROR_FORMAT, "want \"ultratwin-validation\""},
    {"\"format_version\" : 1", "\"format_version\" : 2", UT_ENGINE_ERROR_RANGE, "format_version"},
    {"\"A4C\"\n", "\"PLAX\"\n", UT_ENGINE_ERROR_FORMAT, "\"views\": want names"},
    {"\"fewer_views\" : [", "\"fewer_views\" : [ 1,", UT_ENGINE_ERROR_FORMAT, "list of objects"},
    {"{", "", UT_ENGINE_ERROR_FORMAT, "not valid JSON"},
  };
  g_autofree char *folder = g_dir_make_tmp ("validation-XXXXXX", NULL);
  g_autofree char *weights = g_build_filename (folder, "w.safetensors", NULL);
  g_autofree char *path = g_build_filename (folder, "w.validation.json", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;
    UtTwinValidation read[UT_TWIN_N_VIEW_SETS];
    g_assert_true (ut_twin_validation_write (tables, "ab", path, NULL));
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_autoptr (GString) changed = g_string_new (text);
    g_assert_cmpuint (g_string_replace (changed, cases[i].from, cases[i].to, 1), ==, 1);
    g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
    g_assert_false (ut_twin_validation_read (weights, "ab", read, &error));
    g_assert_error (error, UT_ENGINE_ERROR, cases[i].code);
    g_assert_nonnull (strstr (error->message, cases[i].says));
    g_assert_true (g_str_has_prefix (error->message, "w.validation.json: "));
    g_assert_cmpuint (read[UT_TWIN_ALL_VIEWS].n_hearts, ==, 0);
  }
  g_unlink (path);
  g_rmdir (folder);
}

/* The weights that ship have a table for each set of views, and they are theirs. */
static void
test_shipped (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *weights = g_build_filename (
    g_getenv ("UT_SOURCE_DIR"), "resources", "models", "ultratwin-small.safetensors", NULL);
  g_autoptr (UtWeights) opened = ut_weights_open (weights, &error);
  g_assert_no_error (error);
  g_autofree char *sha256 = ut_weights_dup_sha256 (opened);
  UtTwinValidation shipped[UT_TWIN_N_VIEW_SETS];
  g_assert_true (ut_twin_validation_read (weights, sha256, shipped, &error));
  for (guint views = 1; views < UT_TWIN_N_VIEW_SETS; views++) {
    g_assert_cmpuint (shipped[views].n_hearts, ==, 40);
    g_assert_cmpuint (shipped[views].views, ==, views);
  }
  g_assert_cmpfloat_with_epsilon (
    shipped[UT_TWIN_ALL_VIEWS].ef_error_mean_absolute_points, 3.1, 0.05);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/validation/round-trip", test_round_trip);
  g_test_add_func ("/validation/without-views", test_without_views);
  g_test_add_func ("/validation/damaged", test_damaged);
  g_test_add_func ("/validation/shipped", test_shipped);
  return g_test_run ();
}
