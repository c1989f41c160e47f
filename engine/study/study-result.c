/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/canonical.h"
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/parallel.h"
#include "engine/image/nifti.h"
#include "engine/study/study-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define RESULT_FILE           "result.json"
#define RESULT_FORMAT         "ultratwin-twin"
#define RESULT_FORMAT_VERSION 1
#define RESULT_MAX_BYTES      (1 << 20)
#define N_PROBABILITIES       (UT_N_LABELS * UT_TWIN_N_VOXELS)
#define ID_DIGITS             16

/* Probabilities are kept on a logarithmic scale from 1e-6, the floor of the field that
 * surfaces are cut from, to 1: steps of 2e-4 in log p move a surface by less than 1e-4
 * voxels, where equal steps in p would move it by hundredths. */
#define LN_RANGE 13.815510557964274 /* ln 1e6 */
#define MAX_CODE 65535.0

static guint16
encode (float p)
{
  if (!(p > 1e-6f))
    return 0;
  return p >= 1 ? (guint16)MAX_CODE : (guint16)lrint (MAX_CODE * (1 + log (p) / LN_RANGE));
}

static const float *
decoded (void)
{
  static float *table = NULL;
  if (g_once_init_enter (&table)) {
    float *values = g_new (float, 1 << 16);
    for (guint code = 0; code < 1 << 16; code++)
      values[code] = (float)exp (LN_RANGE * (code / MAX_CODE - 1));
    g_once_init_leave (&table, values);
  }
  return table;
}

typedef struct Coding {
  const float *probabilities;
  guint16 *codes;
} Coding;

static void
encode_range (gsize begin, gsize end, gpointer user_data)
{
  const Coding *coding = user_data;
  for (gsize i = begin; i < end; i++)
    coding->codes[i] = GUINT16_TO_LE (encode (coding->probabilities[i]));
}

static guint16 *
encode_all (const float *probabilities)
{
  Coding coding = {probabilities, g_try_new (guint16, N_PROBABILITIES)};
  if (coding.codes)
    ut_parallel_for (N_PROBABILITIES, UT_TWIN_N_VOXELS / 4, encode_range, &coding);
  return coding.codes;
}

static float *
decode_all (const guint16 *codes)
{
  const float *table = decoded ();
  float *probabilities = g_try_new (float, N_PROBABILITIES);
  for (gsize i = 0; probabilities && i < N_PROBABILITIES; i++)
    probabilities[i] = table[GUINT16_FROM_LE (codes[i])];
  return probabilities;
}

static gboolean
out_of_memory (GError **error)
{
  g_set_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_MEMORY, "no memory for a result");
  return FALSE;
}

/* ---- a result in memory --------------------------------------------------------- */

gboolean
ut_study_is_id (const char *text)
{
  return strlen (text) == ID_DIGITS && strspn (text, "0123456789abcdef") == ID_DIGITS;
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
  return content;
}

static char *
content_id (GChecksum *content)
{
  return g_strndup (g_checksum_get_string (content), ID_DIGITS);
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
  float *probabilities = decode_all (codes);
  if (probabilities == NULL)
    return out_of_memory (error);
  if (!ut_twin_take_probabilities (self, stage, probabilities, error))
    return FALSE;
  ut_volume_unref (self->labels[stage]);
  self->labels[stage] = ut_volume_ref (labels);
  return TRUE;
}

UtStudyResult *
ut_study_result_new (const UtTwin *twin,
                     const UtStudyState *inputs,
                     GCancellable *cancel,
                     GError **error)
{
  g_autoptr (UtTwin) kept = ut_twin_new (twin->phase, &twin->provenance);
  g_autoptr (GChecksum) content = content_new (twin->phase, &twin->provenance);
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    if (!ut_twin_has_stage (twin, stage))
      continue;
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return NULL;
    const float *probabilities = twin->probabilities[stage];
    g_autofree guint16 *codes = probabilities ? encode_all (probabilities) : NULL;
    if (probabilities && codes == NULL) {
      out_of_memory (error);
      return NULL;
    }
    if (g_cancellable_set_error_if_cancelled (cancel, error) ||
        !add_stage (kept, stage, codes, twin->labels[stage], content, error))
      return NULL;
  }
  g_autofree char *id = content_id (content);
  g_autofree char *key = ut_study_inputs_key (inputs, twin->phase);
  UtStudyResult *self = ut_study_result_new_unread (id, key);
  self->twin = g_steal_pointer (&kept);
  return self;
}

/* ---- writing -------------------------------------------------------------------- */

static char *
stage_path (const char *folder, UtTwinStage stage, const char *ending)
{
  g_autofree char *name = g_strconcat (ut_twin_stage_name (stage), ending, NULL);
  return g_build_filename (folder, name, NULL);
}

static gboolean
write_codes (const float *probabilities, const char *path, GCancellable *cancel, GError **error)
{
  g_autofree guint16 *codes = encode_all (probabilities);
  if (codes == NULL)
    return out_of_memory (error);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GZlibCompressor) gzip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autoptr (GOutputStream) out = g_converter_output_stream_new (memory, G_CONVERTER (gzip));
  if (!g_output_stream_write_all (
        out, codes, N_PROBABILITIES * sizeof *codes, NULL, cancel, error) ||
      !g_output_stream_close (out, cancel, error))
    return FALSE;
  GMemoryOutputStream *bytes = G_MEMORY_OUTPUT_STREAM (memory);
  return g_file_set_contents (path,
                              g_memory_output_stream_get_data (bytes),
                              (gssize)g_memory_output_stream_get_data_size (bytes),
                              error);
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
  json_object_set_member (object, "provenance", ut_study_provenance_to_json (&twin->provenance));
  return json_node_init_object (json_node_alloc (), object);
}

static gboolean
write_files (const UtTwin *twin, const char *folder, GCancellable *cancel, GError **error)
{
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    if (!ut_twin_has_stage (twin, stage))
      continue;
    g_autofree char *labels = stage_path (folder, stage, ".nii.gz");
    g_autofree char *codes = stage_path (folder, stage, ".u16.gz");
    g_autofree char *description = g_strdup_printf (
      "%s %s, research use only", ut_phase_name (twin->phase), ut_twin_stage_name (stage));
    if (g_cancellable_set_error_if_cancelled (cancel, error) ||
        !ut_nifti_write (twin->labels[stage], labels, description, error) ||
        (twin->probabilities[stage] &&
         !write_codes (twin->probabilities[stage], codes, cancel, error)))
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
    g_autofree char *labels = stage_path (folder, stage, ".nii.gz");
    g_autofree char *codes = stage_path (folder, stage, ".u16.gz");
    g_unlink (labels);
    g_unlink (codes);
  }
  g_autofree char *json = g_build_filename (folder, RESULT_FILE, NULL);
  g_unlink (json);
  g_rmdir (folder);
}

void
ut_study_result_remove (const char *results_folder, const char *id)
{
  g_autofree char *folder = g_build_filename (results_folder, id, NULL);
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
  g_autofree char *unfinished = g_strdup_printf ("%s.unfinished", folder);
  remove_files (unfinished);
  gboolean ok = g_mkdir_with_parents (unfinished, 0755) == 0;
  if (ok && !write_files (self->twin, unfinished, cancel, error)) {
    remove_files (unfinished);
    return FALSE;
  }
  if (ok && g_rename (unfinished, folder) == 0)
    return TRUE;
  int code = errno;
  g_set_error (error,
               G_FILE_ERROR,
               g_file_error_from_errno (code),
               "results: a folder cannot be made: %s",
               g_strerror (code));
  return FALSE;
}

/* ---- reading -------------------------------------------------------------------- */

/* Reads exactly as many bytes as belong there, whatever the file claims to hold. */
static guint16 *
read_codes (const char *path, GError **error)
{
  gsize n_bytes = N_PROBABILITIES * sizeof (guint16), n_read = 0;
  g_autofree char *name = g_path_get_basename (path);
  g_autofree guint16 *codes = g_try_malloc (n_bytes);
  if (codes == NULL) {
    out_of_memory (error);
    return NULL;
  }
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GInputStream) raw = G_INPUT_STREAM (g_file_read (file, NULL, error));
  if (raw == NULL)
    return NULL;
  g_autoptr (GZlibDecompressor) gzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) in = g_converter_input_stream_new (raw, G_CONVERTER (gzip));
  char beyond;
  if (!g_input_stream_read_all (in, codes, n_bytes, &n_read, NULL, NULL) || n_read != n_bytes ||
      g_input_stream_read (in, &beyond, 1, NULL, NULL) != 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 "%s: damaged, want %" G_GSIZE_FORMAT " bytes of gzip data",
                 name,
                 n_bytes);
    return NULL;
  }
  return g_steal_pointer (&codes);
}

static gboolean
read_stage (UtTwin *twin, JsonObject *entry, const char *folder, GChecksum *content, GError **error)
{
  const char *name;
  gboolean has_probabilities;
  UtTwinStage stage;
  if (!ut_json_get_string (entry, "name", &name, error) ||
      !ut_json_get_boolean (entry, "probabilities", &has_probabilities, error))
    return FALSE;
  if (!ut_twin_stage_from_name (name, &stage) || ut_twin_has_stage (twin, stage)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 RESULT_FILE ": stage \"%s\" is unknown or there twice",
                 name);
    return FALSE;
  }
  g_autofree char *labels_path = stage_path (folder, stage, ".nii.gz");
  g_autofree char *codes_path = stage_path (folder, stage, ".u16.gz");
  g_autoptr (UtVolume) labels = ut_nifti_read_labels (labels_path, error);
  if (labels == NULL)
    return FALSE;
  g_autoptr (UtTwin) check = ut_twin_new (twin->phase, NULL);
  if (!ut_twin_set_labels (check, stage, labels, error))
    return FALSE;
  g_autofree guint16 *codes = has_probabilities ? read_codes (codes_path, error) : NULL;
  if (has_probabilities && codes == NULL)
    return FALSE;
  return add_stage (twin, stage, codes, labels, content, error);
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
                 RESULT_FILE ": format version %" G_GINT64_FORMAT ", this program reads up to %d",
                 version,
                 RESULT_FORMAT_VERSION);
    return FALSE;
  }
  if (strcmp (format, RESULT_FORMAT) != 0 || strcmp (phase_name, ut_phase_name (phase)) != 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 RESULT_FILE ": not a result of %s",
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
                   RESULT_FILE ": \"stages\": want a list of objects");
      return NULL;
    }
    if (!read_stage (twin, json_node_get_object (node), folder, content, error))
      return NULL;
  }
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
                 "the files do not belong together or have been changed");
    return NULL;
  }
  UtStudyResult *self = ut_study_result_new_unread (id, inputs_key);
  self->twin = g_steal_pointer (&twin);
  return self;
}
