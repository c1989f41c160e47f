/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/words.h"
#include "engine/image/nifti.h"
#include "engine/study/result-code.h"
#include "engine/study/study-private.h"

#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>

#define RESULT_FILE           "result.json"
#define RESULT_FORMAT         "ultratwin-twin"
#define RESULT_FORMAT_VERSION 3 /* 1 had no maps and no template, 2 no volumes of the seeds */
#define RESULT_MAX_BYTES      (1 << 20)
#define N_PROBABILITIES       (UT_N_LABELS * UT_TWIN_N_VOXELS)

#define N_BRANCHES            (UT_TWIN_N_BRANCHES * UT_TWIN_N_VOXELS)
#define MAX_TEMPLATES         4096

/* What is kept besides the stages. */
enum { VARIANCE, WEIGHT, SPREAD, N_MAPS };
static const struct {
  const char *name; /* of the file, and in result.json */
  gsize n_values;
  double max;
} maps[N_MAPS] = {{"variance", N_BRANCHES, 0.25},
                  {"weight", N_BRANCHES, 1},
                  {"spread", UT_TWIN_N_VOXELS, 2.2360680}};

static const float *
twin_map (const UtTwin *twin, int map)
{
  return map == VARIANCE ? twin->variance : map == WEIGHT ? twin->weight : twin->spread;
}

/* ---- a result in memory --------------------------------------------------------- */

gboolean
ut_study_is_id (const char *text)
{
  return strlen (text) == UT_STUDY_ID_DIGITS &&
         strspn (text, "0123456789abcdef") == UT_STUDY_ID_DIGITS;
}

/* The id of a result: hash of what made it, then of the voxels of each stage. */
static GChecksum *
content_new (UtPhase phase, const UtTwinProvenance *made)
{
  GChecksum *content = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *head = g_strdup_printf ("twin 1 %s %s %s %" G_GUINT64_FORMAT " %u",
                                           ut_phase_name (phase),
                                           made->model_sha256 ? made->model_sha256 : "",
                                           made->device ? made->device : "",
                                           made->seed,
                                           made->steps);
  g_checksum_update (content, (const guchar *)head, -1);
  if (made->n_seeds > 1) {
    g_autofree char *seeds = g_strdup_printf (" seeds %u", made->n_seeds);
    g_checksum_update (content, (const guchar *)seeds, -1);
  }
  return content;
}

static char *
content_id (GChecksum *content)
{
  return g_strndup (g_checksum_get_string (content), UT_STUDY_ID_DIGITS);
}

/* Gives @self a stage out of its kept form. Labels are those of the network: where two
 * classes all but tie, rounding must not flip a voxel. */
static gboolean
add_stage (UtTwin *self,
           UtTwinStage stage,
           const guint16 *codes,
           UtVolume *labels,
           GChecksum *content,
           GError **error)
{
  g_checksum_update (content, (const guchar *)ut_twin_stage_name (stage), -1);
  g_checksum_update (content, labels->u8, UT_TWIN_N_VOXELS);
  if (codes == NULL)
    return ut_twin_set_labels (self, stage, labels, error);
  g_checksum_update (content, (const guchar *)codes, N_PROBABILITIES * sizeof *codes);
  float *probabilities = ut_result_decode (codes, N_PROBABILITIES, 0);
  if (probabilities == NULL)
    return ut_result_out_of_memory (error);
  if (!ut_twin_take_probabilities (self, stage, probabilities, error))
    return FALSE;
  ut_volume_unref (self->labels[stage]);
  self->labels[stage] = ut_volume_ref (labels);
  return TRUE;
}

/* Gives @self what is kept besides the stages. @codes: [N_MAPS], NULL where it is not there */
static gboolean
add_maps (
  UtTwin *self, guint16 *const *codes, int template_index, GChecksum *content, GError **error)
{
  float *values[N_MAPS] = {NULL};
  self->template_index = template_index;
  if (template_index != UT_TWIN_NO_TEMPLATE) {
    g_autofree char *chosen = g_strdup_printf ("template %d", template_index);
    g_checksum_update (content, (const guchar *)chosen, -1);
  }
  gboolean ok = TRUE;
  for (int map = 0; map < N_MAPS; map++) {
    if (codes[map] == NULL)
      continue;
    gsize n = maps[map].n_values;
    g_checksum_update (content, (const guchar *)maps[map].name, -1);
    g_checksum_update (content, (const guchar *)codes[map], (gssize)(n * sizeof *codes[map]));
    values[map] = ut_result_decode (codes[map], n, maps[map].max);
    ok = ok && values[map] != NULL;
  }
  ok = ok || ut_result_out_of_memory (error);
  if (ok && values[VARIANCE])
    ok = ut_twin_take_branches (
      self, g_steal_pointer (&values[VARIANCE]), g_steal_pointer (&values[WEIGHT]), error);
  if (ok && values[SPREAD])
    ok = ut_twin_take_spread (self, g_steal_pointer (&values[SPREAD]), error);
  for (int map = 0; map < N_MAPS; map++)
    g_free (values[map]);
  return ok;
}

/* Gives @self the voxels of each seed; @voxels may be NULL. */
static gboolean
add_seeds (UtTwin *self, const guint32 (*voxels)[UT_N_LABELS], GChecksum *content, GError **error)
{
  if (voxels == NULL)
    return TRUE;
  g_checksum_update (content, (const guchar *)"seed voxels", -1);
  for (guint i = 0; i < self->provenance.n_seeds; i++)
    for (guint c = 0; c < UT_N_LABELS; c++) {
      g_autofree char *count = g_strdup_printf (" %u", voxels[i][c]);
      g_checksum_update (content, (const guchar *)count, -1);
    }
  return ut_twin_set_seed_voxels (self, voxels, error);
}

/* As add_maps(), out of a twin that was just made. */
static gboolean
keep_maps (UtTwin *self, const UtTwin *twin, GChecksum *content, GError **error)
{
  guint16 *codes[N_MAPS] = {NULL};
  gboolean ok = TRUE;
  for (int map = 0; ok && map < N_MAPS; map++) {
    const float *values = twin_map (twin, map);
    codes[map] = values ? ut_result_encode (values, maps[map].n_values, maps[map].max) : NULL;
    ok = (values == NULL) == (codes[map] == NULL) || ut_result_out_of_memory (error);
  }
  ok = ok && add_maps (self, codes, twin->template_index, content, error);
  for (int map = 0; map < N_MAPS; map++)
    g_free (codes[map]);
  return ok;
}

static gboolean
keep_stage (UtTwin *self,
            const UtTwin *twin,
            UtTwinStage stage,
            GChecksum *content,
            GCancellable *cancel,
            GError **error)
{
  const float *probabilities = twin->probabilities[stage];
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  g_autofree guint16 *codes =
    probabilities ? ut_result_encode (probabilities, N_PROBABILITIES, 0) : NULL;
  if (probabilities && codes == NULL)
    return ut_result_out_of_memory (error);
  return !g_cancellable_set_error_if_cancelled (cancel, error) &&
         add_stage (self, stage, codes, twin->labels[stage], content, error);
}

UtStudyResult *
ut_study_result_new (const UtTwin *twin,
                     const UtStudyState *inputs,
                     GCancellable *cancel,
                     GError **error)
{
  g_autoptr (UtTwin) kept = ut_twin_new (twin->phase, &twin->provenance);
  g_autoptr (GChecksum) content = content_new (twin->phase, &twin->provenance);
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    if (ut_twin_has_stage (twin, stage) && !keep_stage (kept, twin, stage, content, cancel, error))
      return NULL;
  if (!keep_maps (kept, twin, content, error) ||
      !add_seeds (kept, twin->seed_voxels, content, error))
    return NULL;
  g_autofree char *id = content_id (content);
  g_autofree char *key = ut_study_inputs_key (inputs, twin->phase);
  UtStudyResult *self = ut_study_result_new_unread (id, key);
  self->twin = g_steal_pointer (&kept);
  return self;
}

/* ---- writing -------------------------------------------------------------------- */

static char *
path_of (const char *folder, const char *what, const char *ending)
{
  g_autofree char *name = g_strconcat (what, ending, NULL);
  return g_build_filename (folder, name, NULL);
}

static gboolean
write_values (
  const float *values, gsize n, double max, const char *path, GCancellable *cancel, GError **error)
{
  g_autofree guint16 *codes = ut_result_encode (values, n, max);
  if (codes == NULL)
    return ut_result_out_of_memory (error);
  return ut_result_write_codes (codes, n, path, cancel, error);
}

/* A row for each seed, a column for each label. */
static JsonArray *
seeds_to_json (const UtTwin *twin)
{
  JsonArray *rows = json_array_new ();
  for (guint i = 0; i < twin->provenance.n_seeds; i++) {
    JsonArray *row = json_array_new ();
    for (guint c = 0; c < UT_N_LABELS; c++)
      json_array_add_int_element (row, twin->seed_voxels[i][c]);
    json_array_add_array_element (rows, row);
  }
  return rows;
}

static JsonNode *
result_to_json (const UtTwin *twin)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "format", RESULT_FORMAT);
  json_object_set_int_member (object, "format_version", RESULT_FORMAT_VERSION);
  json_object_set_string_member (object, "phase", ut_phase_name (twin->phase));
  JsonArray *stages = json_array_new ();
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    if (!ut_twin_has_stage (twin, stage))
      continue;
    JsonObject *entry = json_object_new ();
    json_object_set_string_member (entry, "name", ut_twin_stage_name (stage));
    json_object_set_boolean_member (entry, "probabilities", twin->probabilities[stage] != NULL);
    json_array_add_object_element (stages, entry);
  }
  json_object_set_array_member (object, "stages", stages);
  if (twin->template_index != UT_TWIN_NO_TEMPLATE)
    json_object_set_int_member (object, "template", twin->template_index);
  JsonArray *kept = json_array_new ();
  for (int map = 0; map < N_MAPS; map++)
    if (twin_map (twin, map))
      json_array_add_string_element (kept, maps[map].name);
  json_object_set_array_member (object, "maps", kept);
  if (twin->seed_voxels)
    json_object_set_array_member (object, "seed_voxels", seeds_to_json (twin));
  json_object_set_member (object, "provenance", ut_study_provenance_to_json (&twin->provenance));
  return json_node_init_object (json_node_alloc (), object);
}

static gboolean
write_stage (
  const UtTwin *twin, UtTwinStage stage, const char *folder, GCancellable *cancel, GError **error)
{
  const char *name = ut_twin_stage_name (stage);
  g_autofree char *labels = path_of (folder, name, ".nii.gz");
  g_autofree char *codes = path_of (folder, name, ".u16.gz");
  g_autofree char *description =
    g_strdup_printf ("%s %s, research use only", ut_phase_name (twin->phase), name);
  if (g_cancellable_set_error_if_cancelled (cancel, error) ||
      !ut_nifti_write (twin->labels[stage], labels, description, error))
    return FALSE;
  return twin->probabilities[stage] == NULL ||
         write_values (twin->probabilities[stage], N_PROBABILITIES, 0, codes, cancel, error);
}

static gboolean
write_files (const UtTwin *twin, const char *folder, GCancellable *cancel, GError **error)
{
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    if (ut_twin_has_stage (twin, stage) && !write_stage (twin, stage, folder, cancel, error))
      return FALSE;
  for (int map = 0; map < N_MAPS; map++) {
    const float *values = twin_map (twin, map);
    g_autofree char *path = path_of (folder, maps[map].name, ".u16.gz");
    if (values && !write_values (values, maps[map].n_values, maps[map].max, path, cancel, error))
      return FALSE;
  }
  g_autoptr (JsonNode) json = result_to_json (twin);
  g_autofree char *path = g_build_filename (folder, RESULT_FILE, NULL);
  return ut_json_write (json, path, error);
}

/* Only files that write_files() makes; a folder that holds others stays. */
static void
remove_files (const char *folder)
{
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    g_autofree char *labels = path_of (folder, ut_twin_stage_name (stage), ".nii.gz");
    g_autofree char *codes = path_of (folder, ut_twin_stage_name (stage), ".u16.gz");
    g_unlink (labels);
    g_unlink (codes);
  }
  for (int map = 0; map < N_MAPS; map++) {
    g_autofree char *codes = path_of (folder, maps[map].name, ".u16.gz");
    g_unlink (codes);
  }
  g_autofree char *json = g_build_filename (folder, RESULT_FILE, NULL);
  g_unlink (json);
  g_rmdir (folder);
}

void
ut_study_result_remove (const char *results_folder, const char *name)
{
  const char *rest = name + MIN (strlen (name), UT_STUDY_ID_DIGITS);
  g_autofree char *folder = g_build_filename (results_folder, name, NULL);
  if (*rest == 0 || g_str_has_prefix (rest, UT_STUDY_UNFINISHED))
    remove_files (folder);
}

gboolean
ut_study_result_write (const UtStudyResult *self,
                       const char *results_folder,
                       GCancellable *cancel,
                       GError **error)
{
  g_autofree char *folder = g_build_filename (results_folder, self->id, NULL);
  if (self->twin == NULL || g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_autofree char *unfinished = g_strconcat (folder, UT_STUDY_UNFINISHED "-XXXXXX", NULL);
  gboolean ok =
    g_mkdir_with_parents (results_folder, 0755) == 0 && g_mkdtemp_full (unfinished, 0755) != NULL;
  if (ok && !write_files (self->twin, unfinished, cancel, error)) {
    remove_files (unfinished);
    return FALSE;
  }
  if (ok && g_rename (unfinished, folder) == 0)
    return TRUE;
  int code = errno;
  if (ok)
    remove_files (unfinished);
  if (g_file_test (folder, G_FILE_TEST_IS_DIR)) /* another program made the same meanwhile */
    return TRUE;
  g_set_error (error,
               G_FILE_ERROR,
               g_file_error_from_errno (code),
               ut_words ("results: a folder cannot be made: %s"),
               g_strerror (code));
  return FALSE;
}

/* ---- reading -------------------------------------------------------------------- */

static gboolean
read_stage (UtTwin *twin, JsonObject *entry, const char *folder, GChecksum *content, GError **error)
{
  const char *name;
  gboolean has_probabilities;
  UtTwinStage stage;
  if (!ut_json_get_string (entry, "name", &name, error) ||
      !ut_json_get_boolean (entry, "probabilities", &has_probabilities, error))
    return FALSE;
  if (!ut_twin_stage_from_name (name, &stage) || stage == UT_TWIN_EDITED ||
      ut_twin_has_stage (twin, stage)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("%s: stage \"%s\" is unknown or there twice"),
                 RESULT_FILE,
                 name);
    return FALSE;
  }
  g_autofree char *labels_path = path_of (folder, name, ".nii.gz");
  g_autofree char *codes_path = path_of (folder, name, ".u16.gz");
  g_autoptr (UtVolume) labels = ut_nifti_read_labels (labels_path, error);
  if (labels == NULL)
    return FALSE;
  g_autoptr (UtTwin) check = ut_twin_new (twin->phase, NULL);
  if (!ut_twin_set_labels (check, stage, labels, error))
    return FALSE;
  g_autofree guint16 *codes =
    has_probabilities ? ut_result_read_codes (codes_path, N_PROBABILITIES, error) : NULL;
  if (has_probabilities && codes == NULL)
    return FALSE;
  return add_stage (twin, stage, codes, labels, content, error);
}

/* Which maps result.json names; results of format version 1 name none. */
static gboolean
read_map_list (JsonObject *root, gboolean ret_there[N_MAPS], GError **error)
{
  JsonArray *names;
  if (!ut_json_has (root, "maps"))
    return TRUE;
  if (!ut_json_get_array (root, "maps", &names, error))
    return FALSE;
  guint n_known = 0;
  for (int map = 0; map < N_MAPS; map++)
    for (guint i = 0; !ret_there[map] && i < json_array_get_length (names); i++) {
      JsonNode *node = json_array_get_element (names, i);
      ret_there[map] = JSON_NODE_HOLDS_VALUE (node) &&
                       g_strcmp0 (json_node_get_string (node), maps[map].name) == 0;
      n_known += ret_there[map];
    }
  if (n_known == json_array_get_length (names) && ret_there[VARIANCE] == ret_there[WEIGHT])
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("%s: \"maps\": want variance and weight, spread, or none of them"),
               RESULT_FILE);
  return FALSE;
}

static gboolean
read_maps (UtTwin *twin, JsonObject *root, const char *folder, GChecksum *content, GError **error)
{
  gboolean there[N_MAPS] = {FALSE};
  gint64 template_index = UT_TWIN_NO_TEMPLATE;
  if (!read_map_list (root, there, error) ||
      (ut_json_has (root, "template") &&
       !ut_json_get_int (root, "template", 0, MAX_TEMPLATES, &template_index, error)))
    return FALSE;
  guint16 *codes[N_MAPS] = {NULL};
  gboolean ok = TRUE;
  for (int map = 0; ok && map < N_MAPS; map++) {
    g_autofree char *path = path_of (folder, maps[map].name, ".u16.gz");
    codes[map] = there[map] ? ut_result_read_codes (path, maps[map].n_values, error) : NULL;
    ok = there[map] == (codes[map] != NULL);
  }
  ok = ok && add_maps (twin, codes, (int)template_index, content, error);
  for (int map = 0; map < N_MAPS; map++)
    g_free (codes[map]);
  return ok;
}

/* One row of "seed_voxels"; FALSE where it is none. */
static gboolean
read_seed (JsonNode *node, guint32 ret[UT_N_LABELS])
{
  JsonArray *row = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (row == NULL || json_array_get_length (row) != UT_N_LABELS)
    return FALSE;
  for (guint c = 0; c < UT_N_LABELS; c++) {
    JsonNode *count = json_array_get_element (row, c);
    gint64 value = JSON_NODE_HOLDS_VALUE (count) ? json_node_get_int (count) : -1;
    if (value < 0 || value > (gint64)UT_TWIN_N_VOXELS)
      return FALSE;
    ret[c] = (guint32)value;
  }
  return TRUE;
}

/* Results of a format version below 3 have none. */
static gboolean
read_seeds (UtTwin *twin, JsonObject *root, GChecksum *content, GError **error)
{
  guint32 voxels[UT_TWIN_MAX_SEEDS][UT_N_LABELS];
  JsonArray *rows;
  if (!ut_json_has (root, "seed_voxels"))
    return TRUE;
  if (!ut_json_get_array (root, "seed_voxels", &rows, error))
    return FALSE;
  guint n = json_array_get_length (rows);
  gboolean ok = n > 0 && n == twin->provenance.n_seeds;
  for (guint i = 0; ok && i < n; i++)
    ok = read_seed (json_array_get_element (rows, i), voxels[i]);
  if (ok)
    return add_seeds (twin, voxels, content, error);
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("%s: \"seed_voxels\": want a row of %d counts for each seed"),
               RESULT_FILE,
               UT_N_LABELS);
  return FALSE;
}

static gboolean
check_format (JsonObject *root, UtPhase phase, GError **error)
{
  const char *format, *phase_name;
  gint64 version;
  if (!ut_json_get_string (root, "format", &format, error) ||
      !ut_json_get_int (root, "format_version", 1, G_MAXINT64, &version, error) ||
      !ut_json_get_string (root, "phase", &phase_name, error))
    return FALSE;
  if (version > RESULT_FORMAT_VERSION) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("%s: format version %" PRId64 ", this program reads up to %d"),
                 RESULT_FILE,
                 version,
                 RESULT_FORMAT_VERSION);
    return FALSE;
  }
  if (strcmp (format, RESULT_FORMAT) != 0 || strcmp (phase_name, ut_phase_name (phase)) != 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("%s: not a result of %s"),
                 RESULT_FILE,
                 ut_phase_name (phase));
    return FALSE;
  }
  return TRUE;
}

static UtTwin *
read_twin (JsonObject *root, const char *folder, UtPhase phase, char **ret_id, GError **error)
{
  JsonObject *made;
  JsonArray *stages;
  UtTwinProvenance provenance = {0};
  if (!check_format (root, phase, error) ||
      !ut_json_get_object (root, "provenance", &made, error) ||
      !ut_json_get_array (root, "stages", &stages, error) ||
      !ut_study_provenance_from_json (made, &provenance, error))
    return NULL;
  g_autoptr (UtTwin) twin = ut_twin_new (phase, &provenance);
  g_autoptr (GChecksum) content = content_new (phase, &provenance);
  ut_twin_provenance_clear (&provenance);
  for (guint i = 0; i < json_array_get_length (stages); i++) {
    JsonNode *node = json_array_get_element (stages, i);
    if (!JSON_NODE_HOLDS_OBJECT (node)) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("%s: \"stages\": want a list of objects"),
                   RESULT_FILE);
      return NULL;
    }
    if (!read_stage (twin, json_node_get_object (node), folder, content, error))
      return NULL;
  }
  if (!read_maps (twin, root, folder, content, error) || !read_seeds (twin, root, content, error))
    return NULL;
  *ret_id = content_id (content);
  return g_steal_pointer (&twin);
}

UtStudyResult *
ut_study_result_read (
  const char *results_folder, const char *id, const char *inputs_key, UtPhase phase, GError **error)
{
  g_autofree char *folder = g_build_filename (results_folder, id, NULL);
  g_autofree char *path = g_build_filename (folder, RESULT_FILE, NULL);
  g_autoptr (JsonNode) root = ut_json_read (path, RESULT_MAX_BYTES, error);
  if (root == NULL)
    return NULL;
  g_autofree char *found_id = NULL;
  g_autoptr (UtTwin) twin =
    read_twin (json_node_get_object (root), folder, phase, &found_id, error);
  if (twin == NULL)
    return NULL;
  if (strcmp (found_id, id) != 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("the files do not belong together or have been changed"));
    return NULL;
  }
  UtStudyResult *self = ut_study_result_new_unread (id, inputs_key);
  self->twin = g_steal_pointer (&twin);
  return self;
}
