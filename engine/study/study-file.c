/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/json.h"
#include "engine/base/words.h"
#include "engine/study/study-private.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define STUDY_MAX_BYTES ((gsize)16 << 20)
#define RESULTS_FOLDER  "results"
#define EDITS_FOLDER    "edits"
#define LEFT_OVER_S     3600 /* nobody still writes what has been untouched for so long */

/* ---- what is on disk ------------------------------------------------------------ */

UtStudyDisk *
ut_study_disk_new (char *sha256)
{
  UtStudyDisk *self = g_atomic_rc_box_new (UtStudyDisk);
  self->sha256 = sha256;
  return self;
}

static void
disk_clear (gpointer data)
{
  g_free (((UtStudyDisk *)data)->sha256);
}

void
ut_study_disk_unref (UtStudyDisk *self)
{
  g_atomic_rc_box_release_full (self, disk_clear);
}

/* (transfer full): NULL where it cannot be read */
static char *
hash_file (const char *file)
{
  g_autoptr (GMappedFile) map = g_mapped_file_new (file, FALSE, NULL);
  return map != NULL ? g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                                    (guchar *)g_mapped_file_get_contents (map),
                                                    g_mapped_file_get_length (map))
                     : NULL;
}

/* ---- opening -------------------------------------------------------------------- */

static void note (GStrvBuilder *notes, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
note (GStrvBuilder *notes, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_strv_builder_add (notes, text);
}

/* Marks and contours. */
static void
drop_past_end (UtStudyView *slot, UtView view, GStrvBuilder *notes)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (slot->marks[phase] < (int)slot->n_frames)
      continue;
    note (notes,
          ut_words ("%s: the %s mark was frame %d, but the loop now has %u: mark it again"),
          ut_view_name (view),
          ut_phase_name (phase),
          slot->marks[phase] + 1,
          slot->n_frames);
    slot->marks[phase] = -1;
  }
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (slot->contours[phase].trace.n_points == 0 || slot->contours[phase].frame < slot->n_frames)
      continue;
    note (notes,
          ut_words ("%s: the %s contour was on frame %u, but the loop now has %u: trace it again"),
          ut_view_name (view),
          ut_phase_name (phase),
          slot->contours[phase].frame + 1,
          slot->n_frames);
    slot->contours[phase] = (UtStudyContour){0};
  }
}

/* Reads the loop of a slot; where that fails, or it is another than it was, says so. */
static void
load_view (UtStudyView *slot, UtView view, GStrvBuilder *notes)
{
  g_autoptr (GError) cause = NULL;
  const char *name = ut_view_name (view);
  if (slot->source == NULL)
    return;
  g_autofree char *base = g_path_get_basename (slot->source);
  slot->cine = ut_cine_open (slot->source, &cause);
  ut_folder_hide (cause, slot->source);
  if (slot->cine == NULL) {
    if (g_file_test (slot->source, G_FILE_TEST_EXISTS))
      note (notes, ut_words ("%s: its loop cannot be read: %s"), name, cause->message);
    else
      note (notes, ut_words ("%s: its loop is missing: %s"), name, base);
    return;
  }
  const UtCine *cine = slot->cine;
  if (g_strcmp0 (cine->sha256, slot->sha256) != 0) {
    note (notes, ut_words ("%s: its loop has changed since it was saved: check the marks"), name);
    g_free (slot->sha256);
    slot->sha256 = g_strdup (cine->sha256);
  }
  slot->n_frames = cine->n_frames;
  drop_past_end (slot, view, notes);
  if (memcmp (slot->file_spacing_mm, cine->spacing_mm, sizeof slot->file_spacing_mm) != 0)
    note (notes, ut_words ("%s: the spacing in its file has changed since it was saved"), name);
  slot->file_calibration = cine->calibration;
  memcpy (slot->file_spacing_mm, cine->spacing_mm, sizeof slot->file_spacing_mm);
}

static void
load_reference (UtStudyReference **reference, UtPhase phase, GStrvBuilder *notes)
{
  g_autoptr (GError) cause = NULL;
  if (*reference == NULL)
    return;
  g_autofree char *base = g_path_get_basename ((*reference)->source);
  const UtHeartCodes *codes = &(*reference)->codes;
  UtStudyReference *read = ut_study_reference_read (
    (*reference)->source, ut_heart_codes_any (codes) ? codes : NULL, &cause);
  const char *name = ut_phase_name (phase);
  if (read == NULL) {
    if (g_file_test ((*reference)->source, G_FILE_TEST_EXISTS))
      note (notes, ut_words ("%s reference: it cannot be read: %s"), name, cause->message);
    else
      note (notes, ut_words ("%s reference: the file is missing: %s"), name, base);
    return;
  }
  if (strcmp (read->sha256, (*reference)->sha256) != 0)
    note (notes, ut_words ("%s reference: the file has changed since it was saved"), name);
  ut_study_reference_unref (*reference);
  *reference = read;
}

static void
load_result (UtStudyResult **result, const char *folder, UtPhase phase, GStrvBuilder *notes)
{
  g_autoptr (GError) cause = NULL;
  if (*result == NULL)
    return;
  g_autofree char *results = g_build_filename (folder, RESULTS_FOLDER, NULL);
  UtStudyResult *read =
    ut_study_result_read (results, (*result)->id, (*result)->inputs_key, phase, &cause);
  ut_folder_hide (cause, folder);
  if (read == NULL) {
    note (notes,
          ut_words ("%s result: it cannot be read, reconstruct it again: %s"),
          ut_phase_name (phase),
          cause->message);
    return;
  }
  ut_study_result_unref (*result);
  *result = read;
}

/* An edit without the heart that it was made on is not shown either. */
static void
load_edit (UtStudyState *state, const char *folder, UtPhase phase, GStrvBuilder *notes)
{
  g_autoptr (GError) cause = NULL;
  const UtStudyResult *base = state->results[phase];
  UtStudyResult *unread = state->edits[phase];
  if (unread == NULL || base == NULL || base->twin == NULL)
    return;
  g_autofree char *edits = g_build_filename (folder, EDITS_FOLDER, NULL);
  UtStudyResult *read = ut_study_edit_read (edits, unread, base, &cause);
  ut_folder_hide (cause, folder);
  if (read == NULL) {
    note (notes,
          ut_words (
            "%s edit: it cannot be read, the heart is as the network made it, and unreviewed: %s"),
          ut_phase_name (phase),
          cause->message);
    ut_review_clear (&state->reviews[phase]);
    return;
  }
  state->edits[phase] = read;
  ut_study_result_unref (unread);
}

static gboolean
load_state (UtStudyState *state,
            const char *folder,
            GCancellable *cancel,
            GStrvBuilder *notes,
            GError **error)
{
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return FALSE;
    load_view (&state->views[view], view, notes);
  }
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return FALSE;
    load_reference (&state->references[phase], phase, notes);
    load_result (&state->results[phase], folder, phase, notes);
    load_edit (state, folder, phase, notes);
  }
  return TRUE;
}

/* Takes the folder and the study.json out of a path that may be either. */
static void
resolve (const char *path, char **ret_folder, char **ret_file)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *base = g_path_get_basename (absolute);
  gboolean is_file =
    strcmp (base, UT_STUDY_FILE) == 0 && !g_file_test (absolute, G_FILE_TEST_IS_DIR);
  *ret_folder = is_file ? g_path_get_dirname (absolute) : g_strdup (absolute);
  *ret_file = g_build_filename (*ret_folder, UT_STUDY_FILE, NULL);
}

static UtStudy *
open_folder (
  const char *folder, const char *file, GCancellable *cancel, char ***ret_notes, GError **error)
{
  if (!g_file_test (file, G_FILE_TEST_IS_REGULAR)) {
    g_autofree char *name = g_path_get_basename (folder);
    g_set_error (error,
                 G_FILE_ERROR,
                 G_FILE_ERROR_NOENT,
                 ut_words ("%s: no study, want a folder that holds %s"),
                 name,
                 UT_STUDY_FILE);
    return NULL;
  }
  g_autoptr (UtStudyDisk) disk = ut_study_disk_new (hash_file (file));
  g_autoptr (JsonNode) node = ut_json_read (file, STUDY_MAX_BYTES, error);
  if (node == NULL)
    return NULL;
  JsonObject *root = json_node_get_object (node);
  g_autoptr (UtStudyState) state = ut_study_state_from_json (root, folder, error);
  if (state == NULL) {
    g_prefix_error (error, UT_STUDY_FILE ": ");
    return NULL;
  }
  g_autoptr (GStrvBuilder) notes = g_strv_builder_new ();
  if (!load_state (state, folder, cancel, notes, error))
    return NULL;

  JsonObject *ui = NULL;
  if (ut_json_has (root, "ui") && JSON_NODE_HOLDS_OBJECT (json_object_get_member (root, "ui")))
    ui = json_object_ref (json_object_get_object_member (root, "ui"));
  if (ret_notes)
    *ret_notes = g_strv_builder_end (notes);
  return ut_study_new_opened (folder, g_steal_pointer (&disk), g_steal_pointer (&state), ui);
}

GPtrArray *
ut_study_list (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  if (dir == NULL) {
    ut_folder_hide (error ? *error : NULL, folder);
    return NULL;
  }
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *file = g_build_filename (folder, name, UT_STUDY_FILE, NULL);
    if (g_file_test (file, G_FILE_TEST_EXISTS))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, ut_folder_compare);
  return names;
}

UtStudy *
ut_study_open (const char *path, GCancellable *cancel, char ***ret_notes, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *file = NULL;
  resolve (path, &folder, &file);
  UtStudy *self = open_folder (folder, file, cancel, ret_notes, &cause);
  ut_folder_hide (cause, folder);
  if (self == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return self;
}

/* ---- saving --------------------------------------------------------------------- */

struct UtStudySnapshot {
  char *folder;
  UtStudyDisk *disk;
  UtStudyState *state;
  char
    *text; /* of study.json: JSON nodes are not counted atomically, so they stay in their thread */
};

UtStudySnapshot *
ut_study_snapshot (const UtStudy *self)
{
  g_return_val_if_fail (ut_study_get_folder (self) != NULL, NULL);
  UtStudySnapshot *snapshot = g_new0 (UtStudySnapshot, 1);
  snapshot->folder = g_strdup (ut_study_get_folder (self));
  snapshot->disk = ut_study_ref_disk (self);
  snapshot->state = ut_study_dup_state (self);
  g_autoptr (JsonNode) json =
    ut_study_state_to_json (snapshot->state, snapshot->folder, ut_study_get_ui (self));
  snapshot->text = json_to_string (json, TRUE);
  return snapshot;
}

void
ut_study_snapshot_free (UtStudySnapshot *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  ut_study_disk_unref (self->disk);
  ut_study_state_unref (self->state);
  g_free (self->text);
  g_free (self);
}

/* FALSE where another program wrote it since this one looked, or this one never did. */
static gboolean
is_unchanged (const UtStudySnapshot *self, const char *file, GError **error)
{
  g_autofree char *sha256 = hash_file (file);
  if (sha256 == NULL || g_strcmp0 (sha256, self->disk->sha256) == 0)
    return TRUE;
  if (self->disk->sha256 == NULL)
    return ut_study_check_free (self->folder, error);
  g_set_error (error,
               G_FILE_ERROR,
               G_FILE_ERROR_EXIST,
               ut_words ("another program has changed the study since it was opened here; nothing "
                         "was written over: save it under another name, or open it again"));
  return FALSE;
}

/* What is there already may be written over only where it is a study that we understand.
 * @ret_replaced: (transfer full): what it says, NULL where nothing is there */
static gboolean
may_overwrite (const UtStudySnapshot *self,
               const char *file,
               JsonNode **ret_replaced,
               GError **error)
{
  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    return TRUE;
  *ret_replaced = ut_json_read (file, STUDY_MAX_BYTES, error);
  if (*ret_replaced && ut_study_check_format (json_node_get_object (*ret_replaced), error))
    return is_unchanged (self, file, error);
  g_prefix_error (error, ut_words ("not saved, so that nothing is written over: "));
  return FALSE;
}

static gboolean
is_named (const UtStudyState *state, const char *id)
{
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    if ((state->results[phase] && strcmp (state->results[phase]->id, id) == 0) ||
        (state->edits[phase] && strcmp (state->edits[phase]->id, id) == 0))
      return TRUE;
  return FALSE;
}

static gboolean
has_id (JsonObject *entry, const char *id)
{
  const char *old = NULL;
  return ut_json_get_string (entry, "id", &old, NULL) && strcmp (old, id) == 0;
}

/* Whether the study.json that was replaced named this result or edit. */
static gboolean
was_named (JsonNode *replaced, const char *id)
{
  JsonObject *root = replaced != NULL ? json_node_get_object (replaced) : NULL;
  JsonObject *of_all = NULL, *of_phase = NULL, *edit = NULL;
  for (UtPhase phase = 0; root != NULL && phase < UT_N_PHASES; phase++)
    if ((ut_json_get_object (root, "results", &of_all, NULL) &&
         ut_json_get_object (of_all, ut_phase_name (phase), &of_phase, NULL) &&
         has_id (of_phase, id)) ||
        (ut_json_get_object (root, "reviews", &of_all, NULL) &&
         ut_json_get_object (of_all, ut_phase_name (phase), &of_phase, NULL) &&
         ut_json_get_object (of_phase, "edit", &edit, NULL) && has_id (edit, id)))
      return TRUE;
  return FALSE;
}

/* A save that was cut off left it, its own or one that nobody came to name. */
static gboolean
is_left_over (const char *folder, const char *name)
{
  GStatBuf about;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  return g_stat (path, &about) == 0 &&
         g_get_real_time () / G_USEC_PER_SEC - about.st_mtime > LEFT_OVER_S;
}

/* Results or edits, by @remove. What another program may be about to name stays. */
static void
remove_old (const UtStudyState *state,
            JsonNode *replaced,
            const char *folder,
            void (*remove) (const char *folder, const char *name))
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *id = g_strndup (name, UT_STUDY_ID_DIGITS);
    if (ut_study_is_id (id) && !is_named (state, id) &&
        (was_named (replaced, id) || is_left_over (folder, name)))
      remove (folder, name);
  }
}

/* A link stays one: what it leads to is written. */
static gboolean
write_study_file (const UtStudySnapshot *self, const char *file, GError **error)
{
  g_autofree char *target = realpath (file, NULL);
  if (!is_unchanged (self, file, error) ||
      !g_file_set_contents_full (target != NULL ? target : file,
                                 self->text,
                                 -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0644,
                                 error))
    return FALSE;
  g_free (self->disk->sha256);
  self->disk->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->text, -1);
  return TRUE;
}

static gboolean
save (const UtStudySnapshot *self, GCancellable *cancel, GError **error)
{
  g_autofree char *file = g_build_filename (self->folder, UT_STUDY_FILE, NULL);
  g_autofree char *results = g_build_filename (self->folder, RESULTS_FOLDER, NULL);
  g_autofree char *edits = g_build_filename (self->folder, EDITS_FOLDER, NULL);
  g_autoptr (JsonNode) replaced = NULL;
  if (!may_overwrite (self, file, &replaced, error) || !ut_folder_make (self->folder, error))
    return FALSE;
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    if ((self->state->results[phase] &&
         !ut_study_result_write (self->state->results[phase], results, cancel, error)) ||
        (self->state->edits[phase] &&
         !ut_study_edit_write (self->state->edits[phase], edits, error)))
      return FALSE;
  if (g_cancellable_set_error_if_cancelled (cancel, error) || !write_study_file (self, file, error))
    return FALSE;
  remove_old (self->state, replaced, results, ut_study_result_remove);
  remove_old (self->state, replaced, edits, ut_study_edit_remove);
  return TRUE;
}

gboolean
ut_study_snapshot_save (const UtStudySnapshot *self, GCancellable *cancel, GError **error)
{
  g_autoptr (GError) cause = NULL;
  if (save (self, cancel, &cause))
    return TRUE;
  ut_folder_hide (cause, self->folder);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

void
ut_study_saved (UtStudy *self, const UtStudySnapshot *snapshot)
{
  g_autoptr (UtStudyDisk) disk = ut_study_ref_disk (self);
  if (disk == snapshot->disk)
    ut_study_set_saved (self, snapshot->state);
}

gboolean
ut_study_save (UtStudy *self, GError **error)
{
  g_autoptr (UtStudySnapshot) snapshot = ut_study_snapshot (self);
  if (!ut_study_snapshot_save (snapshot, NULL, error))
    return FALSE;
  ut_study_saved (self, snapshot);
  return TRUE;
}
