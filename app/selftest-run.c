/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/selftest-run.h"

#include "engine/base/folder.h"
#include "engine/base/json.h"
#include "engine/twin/twin-model.h"

#include <locale.h>

#define MAX_BYTES 65536 /* of the file; it has a few hundred */

static char *
file_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "ultratwin", "selftest.json", NULL);
}

/* "" where there is no weight file, or it cannot be read */
static char *
hash_of_weights (void)
{
  g_autofree char *path = ut_twin_model_default_path (NULL);
  g_autoptr (GMappedFile) file = path != NULL ? g_mapped_file_new (path, FALSE, NULL) : NULL;
  g_autoptr (GBytes) bytes = file != NULL ? g_mapped_file_get_bytes (file) : NULL;
  return bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : g_strdup ("");
}

static void
seal (UtSelfTest *self)
{
  g_autoptr (GString) text = g_string_new (UT_VERSION);
  g_string_append_printf (text, "\n%s\n", self->model_sha256);
  for (gsize i = 0; i < self->n; i++)
    g_string_append_printf (text,
                            "%s\t%s\t%s\t%d\n",
                            self->checks[i].name,
                            self->checks[i].expected,
                            self->found[i],
                            self->passed[i]);
  self->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize)text->len);
}

UtSelfTest *
ut_self_test_run (UtProgress *progress, GCancellable *cancel, GError **error)
{
  g_autoptr (UtSelfTest) self = g_new0 (UtSelfTest, 1);
  self->checks = ut_self_checks (&self->n);
  self->found = g_new0 (char *, self->n + 1);
  self->passed = g_new0 (gboolean, self->n);
  self->all_passed = TRUE;
  /* What was found is sealed and compared between machines: no comma may stand in it. */
  locale_t plain = newlocale (LC_NUMERIC_MASK, "C", (locale_t)0), before = uselocale (plain);
  gboolean cancelled = FALSE;
  for (gsize i = 0; i < self->n; i++) {
    ut_progress_set (progress, (double)i / (double)self->n, UT_STAGE_MEASURE);
    cancelled = g_cancellable_set_error_if_cancelled (cancel, error);
    if (cancelled)
      break;
    self->passed[i] = self->checks[i].ask (&self->found[i]);
    self->all_passed = self->all_passed && self->passed[i];
  }
  uselocale (before);
  freelocale (plain);
  if (cancelled)
    return NULL;
  self->model_sha256 = hash_of_weights ();
  seal (self);
  return g_steal_pointer (&self);
}

void
ut_self_test_free (UtSelfTest *self)
{
  g_strfreev (self->found);
  g_free (self->passed);
  g_free (self->model_sha256);
  g_free (self->sha256);
  g_free (self);
}

gboolean
ut_self_test_remember (const UtSelfTest *self, GError **error)
{
  g_autofree char *path = file_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *root = json_object_new ();
  json_object_set_string_member (root, "version", UT_VERSION);
  json_object_set_string_member (root, "model_sha256", self->model_sha256);
  json_object_set_boolean_member (root, "passed", self->all_passed);
  json_object_set_string_member (root, "sha256", self->sha256);
  json_node_take_object (node, root);
  return ut_folder_make (folder, error) && ut_json_write (node, path, error);
}

char *
ut_self_test_recall (const char *model_sha256, gboolean *ret_passed)
{
  g_autofree char *path = file_path ();
  g_autoptr (JsonNode) node = ut_json_read (path, MAX_BYTES, NULL);
  const char *version, *model, *sha256;
  gboolean passed;
  if (node == NULL || model_sha256 == NULL)
    return NULL;
  JsonObject *root = json_node_get_object (node);
  if (!ut_json_get_string (root, "version", &version, NULL) ||
      !ut_json_get_string (root, "model_sha256", &model, NULL) ||
      !ut_json_get_string (root, "sha256", &sha256, NULL) ||
      !ut_json_get_boolean (root, "passed", &passed, NULL) || !g_str_equal (version, UT_VERSION) ||
      !g_str_equal (model, model_sha256))
    return NULL;
  *ret_passed = passed;
  return g_strdup (sha256);
}
