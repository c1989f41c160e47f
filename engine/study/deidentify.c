/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "engine/study/deidentify.h"

#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/words.h"
#include "engine/image/nifti.h"
#include "engine/study/study-private.h"
#include "engine/twin/sector-mask.h"

#include <glib/gstdio.h>
#include <string.h>

/* ---- what is to be looked at ------------------------------------------------------------- */

static gboolean
find_echo (UtDeidentification *self, UtView view, GCancellable *cancel, GError **error)
{
  const UtStudyView *slot = &self->state->views[view];
  if (slot->cine == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("its loop is missing: load it again or empty the view"));
    return FALSE;
  }
  self->masks[view] = ut_sector_mask (slot->cine, cancel, error);
  if (self->masks[view] == NULL)
    return FALSE;
  self->pictures[view] = ut_sector_mask_brightest (slot->cine, self->masks[view], error);
  return self->pictures[view] != NULL;
}

UtDeidentification *
ut_deidentification_new (UtStudyState *state,
                         UtProgress *progress,
                         GCancellable *cancel,
                         GError **error)
{
  g_autoptr (UtDeidentification) self = g_new0 (UtDeidentification, 1);
  guint n = 0;
  self->state = ut_study_state_ref (state);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    ut_progress_set (progress, (double)view / UT_N_VIEWS, UT_STAGE_READ);
    if (state->views[view].source == NULL)
      continue;
    n++;
    if (!find_echo (self, view, cancel, error)) {
      g_prefix_error (error, "%s: ", ut_view_name (view));
      return NULL;
    }
  }
  if (n > 0)
    return g_steal_pointer (&self);
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_RANGE,
               ut_words ("the study holds no loop: there is nothing to copy"));
  return NULL;
}

void
ut_deidentification_free (UtDeidentification *self)
{
  ut_study_state_unref (self->state);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    g_free (self->masks[view]);
    ut_cine_unref (self->pictures[view]);
  }
  g_free (self);
}

static gboolean
check_area (const UtDeidentification *self, UtView view, const UtBlackArea *area, GError **error)
{
  const UtCine *picture = self->pictures[view];
  const char *name = ut_view_name (view);
  if (picture == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s holds no loop: there is nothing to black out"),
                 name);
    return FALSE;
  }
  if (area->width > 0 && area->height > 0 && area->x < picture->width &&
      area->width <= picture->width - area->x && area->y < picture->height &&
      area->height <= picture->height - area->y)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_RANGE,
               ut_words ("%s: the area %u,%u,%ux%u does not lie in the picture of %u x %u pixels: "
                         "count from its upper left pixel, which is 0,0"),
               name,
               area->x,
               area->y,
               area->width,
               area->height,
               picture->width,
               picture->height);
  return FALSE;
}

gboolean
ut_deidentification_black_out (UtDeidentification *self,
                               UtView view,
                               const UtBlackArea *area,
                               GError **error)
{
  g_return_val_if_fail (view < UT_N_VIEWS, FALSE);
  if (!check_area (self, view, area, error))
    return FALSE;
  gboolean any = FALSE;
  for (guint y = area->y; y < area->y + area->height; y++) {
    guint8 *row = self->masks[view] + (gsize)y * self->pictures[view]->width + area->x;
    any = any || memchr (row, 1, area->width) != NULL;
    memset (row, 0, area->width);
  }
  self->n_blacked_out[view] += any;
  return TRUE;
}

UtCine *
ut_deidentification_frame (const UtDeidentification *self, UtView view, guint frame, GError **error)
{
  g_return_val_if_fail (view < UT_N_VIEWS && self->masks[view] != NULL, NULL);
  return ut_sector_mask_frame (self->state->views[view].cine, self->masks[view], frame, error);
}

/* ---- the parts of the copy --------------------------------------------------------------- */

/* Writes the loop of a slot, and gives the slot what is read back of it. */
static gboolean
write_loop (const UtStudyView *slot,
            const guint8 *mask,
            UtView view,
            const char *folder,
            UtStudyView *ret,
            GCancellable *cancel,
            GError **error)
{
  g_autofree char *name = g_ascii_strdown (ut_view_name (view), -1);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (UtCine) masked = ut_sector_mask_apply (slot->cine, mask, error);
  if (masked == NULL)
    return FALSE;
  masked->view_hint = (int)view;
  if (!ut_cine_write_stills (masked, path, cancel, error))
    return FALSE;
  g_clear_pointer (&masked, ut_cine_unref);
  UtCine *cine = ut_cine_open (path, error);
  if (cine == NULL)
    return FALSE;
  ut_cine_unref (ret->cine);
  g_free (ret->source);
  g_free (ret->sha256);
  ret->cine = cine;
  ret->source = g_steal_pointer (&path);
  ret->sha256 = g_strdup (cine->sha256);
  ret->file_calibration = cine->calibration;
  return TRUE;
}

/* Equal pixels in an equal region, as these are: an equal input of any network. */
static gboolean
is_same_frame (const UtStudyView *a, const UtStudyView *b, UtPhase phase)
{
  const guint *region = a->cine->region;
  const guint8 *frames[2] = {ut_cine_frame (a->cine, (guint)a->marks[phase]),
                             ut_cine_frame (b->cine, (guint)b->marks[phase])};
  for (guint y = region[1]; y < region[1] + region[3]; y++) {
    gsize at = (gsize)y * a->cine->width + region[0];
    if (memcmp (frames[0] + at, frames[1] + at, region[2]) != 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_stale (const UtStudyState *self, const UtStudyState *copy, UtPhase phase)
{
  gboolean stale = ut_study_is_stale (self, phase);
  for (UtView view = 0; !stale && view < UT_N_VIEWS; view++)
    stale = ut_study_view_used (self, view, phase) &&
            !is_same_frame (&self->views[view], &copy->views[view], phase);
  return stale;
}

/* Writes the result of a phase without the hashes of the original loops; those of @copy take their
 * place where it is up to date there. */
static gboolean
write_result (UtStudyState *copy,
              UtPhase phase,
              gboolean stale,
              const char *folder,
              GCancellable *cancel,
              GError **error)
{
  UtStudyResult *result = copy->results[phase];
  UtTwin twin = *result->twin;
  UtStudyResult named = {.twin = &twin, .id = result->id};
  g_autofree char *results = g_build_filename (folder, "results", NULL);
  g_autofree char *key = stale ? g_strdup ("") : ut_study_inputs_key (copy, phase);
  twin.provenance = (UtTwinProvenance){0};
  ut_twin_provenance_copy (&result->twin->provenance, &twin.provenance);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    g_clear_pointer (&twin.provenance.input_sha256[view], g_free);
    if (!stale && twin.provenance.present[view])
      twin.provenance.input_sha256[view] = g_strdup (copy->views[view].sha256);
  }
  gboolean written = ut_study_result_write (&named, results, cancel, error);
  ut_twin_provenance_clear (&twin.provenance);

  copy->results[phase] = ut_study_result_new_unread (result->id, key);
  copy->results[phase]->twin = ut_twin_ref (result->twin);
  ut_study_result_unref (result);
  return written;
}

static gboolean
write_reference (UtStudyReference **reference, UtPhase phase, const char *folder, GError **error)
{
  g_autoptr (UtStudyReference) original = g_steal_pointer (reference);
  if (original == NULL || original->labels == NULL)
    return TRUE;
  g_autofree char *lower = g_ascii_strdown (ut_phase_name (phase), -1);
  g_autofree char *name = g_strdup_printf ("reference_%s.nii.gz", lower);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  if (!ut_nifti_write (original->labels, path, NULL, error))
    return FALSE;
  const UtHeartCodes own = ut_heart_codes_own ();
  *reference = ut_study_reference_read (path, &own, error);
  return *reference != NULL;
}

/* (transfer full): "as they were, but for areas ...; a person looked ..." @copy counts what was
 * blacked out in @self, too. */
static char *
inside_words (const UtStudyState *copy, gboolean looked)
{
  g_autoptr (GString) areas = g_string_new (NULL);
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (copy->views[view].n_blacked_out > 0)
      g_string_append_printf (areas,
                              "%s%s: %u",
                              areas->len > 0 ? ", " : "",
                              ut_view_name (view),
                              copy->views[view].n_blacked_out);
  if (areas->len == 0)
    return g_strdup (looked
                       ? "as they were; a person looked for text in them and found none"
                       : "as they were; nobody looked for text in them, and no program can tell "
                         "it");
  return g_strdup_printf (
    "as they were, but black in every frame in areas that were blacked out by hand (%s); %s",
    areas->str,
    looked ? "a person looked for text in them and left none"
           : "nobody looked for text in what is left, and no program can tell it");
}

/* For whoever gets the copy. In English, as all that is written to files. */
static gboolean
write_words (const UtDeidentification *self,
             const UtStudyState *copy,
             const gboolean stale[UT_N_PHASES],
             gboolean looked,
             const char *folder,
             GError **error)
{
  g_autofree char *path = g_build_filename (folder, UT_DEIDENTIFIED_FILE, NULL);
  g_autofree char *inside = inside_words (copy, looked);
  g_autoptr (GString) text = g_string_new (
    "De-identified copy of a study, made by UltraTwin " UT_VERSION ".\n" UT_STUDY_NOTICE ".\n\n"
    "header: not copied; the loops are pictures, with their times and spacing in cine.json\n"
    "pixels outside of the echo picture: black, in every frame\n");
  g_string_append_printf (
    text,
    "pixels inside of it: %s\n"
    "left out: label, sex, height and weight, names of reviewers and files, paths, dates and times "
    "of day, reasons that a person typed\n",
    inside);
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (self->masks[view] != NULL)
      g_string_append_printf (
        text,
        "spacing of %s: in the original from \"%s\"\n",
        ut_view_name (view),
        ut_study_calibration_name (ut_study_view_spacing (&self->state->views[view], NULL)));
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (ut_study_twin (self->state, phase) != NULL)
      g_string_append_printf (
        text,
        "result of %s: %s\n",
        ut_phase_name (phase),
        stale[phase] ? "out of date, for it was made from pixels that are not here: reconstruct it "
                       "again to compare"
                     : "up to date; the network is given the same pixels");
  return g_file_set_contents (path, text->str, -1, error);
}

/* ---- all of it --------------------------------------------------------------------------- */

static gboolean
write_copy (const UtDeidentification *self,
            JsonObject *ui,
            const char *folder,
            gboolean looked,
            gboolean ret_stale[UT_N_PHASES],
            UtProgress *progress,
            GCancellable *cancel,
            GError **error)
{
  g_autoptr (UtStudyState) copy = ut_deidentified_state (self->state);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    ut_progress_set (progress, 0.9 * view / UT_N_VIEWS, UT_STAGE_WRITE);
    if (self->masks[view] != NULL && !write_loop (&self->state->views[view],
                                                  self->masks[view],
                                                  view,
                                                  folder,
                                                  &copy->views[view],
                                                  cancel,
                                                  error))
      return FALSE;
    copy->views[view].n_blacked_out += self->n_blacked_out[view];
  }
  ut_progress_set (progress, 0.9, UT_STAGE_WRITE);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    ret_stale[phase] = copy->results[phase] != NULL && is_stale (self->state, copy, phase);
    if ((copy->results[phase] != NULL &&
         !write_result (copy, phase, ret_stale[phase], folder, cancel, error)) ||
        !write_reference (&copy->references[phase], phase, folder, error))
      return FALSE;
  }
  g_autoptr (UtStudy) study = ut_study_new_opened (
    folder, ut_study_disk_new (NULL), g_steal_pointer (&copy), ui ? json_object_ref (ui) : NULL);
  g_autoptr (UtStudySnapshot) snapshot = ut_study_snapshot (study);
  return write_words (self, ut_study_get_state (study), ret_stale, looked, folder, error) &&
         ut_study_snapshot_save (snapshot, cancel, error);
}

/* (transfer full): a folder beside @folder to write in */
static char *
make_unfinished (const char *folder, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *path = g_build_filename (parent, ".deidentified-XXXXXX", NULL);
  if (!ut_folder_make (parent, error) ||
      (g_mkdtemp_full (path, 0755) == NULL && !ut_folder_fail (folder, error)))
    return NULL;
  return g_steal_pointer (&path);
}

gboolean
ut_deidentification_write (const UtDeidentification *self,
                           JsonObject *ui,
                           const char *folder,
                           gboolean looked,
                           gboolean ret_stale[UT_N_PHASES],
                           UtProgress *progress,
                           GCancellable *cancel,
                           GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *place = g_canonicalize_filename (folder, NULL);
  g_autofree char *name = g_path_get_basename (place);
  if (!ut_folder_is_free (place)) {
    g_set_error (error,
                 G_FILE_ERROR,
                 G_FILE_ERROR_EXIST,
                 ut_words ("%s: holds something already: choose an empty folder or a new one"),
                 name);
    return FALSE;
  }
  g_autofree char *unfinished = make_unfinished (place, error);
  if (unfinished == NULL)
    return FALSE;
  if (write_copy (self, ui, unfinished, looked, ret_stale, progress, cancel, &cause) &&
      !g_cancellable_set_error_if_cancelled (cancel, &cause) &&
      (g_rename (unfinished, place) == 0 || ut_folder_fail (place, &cause)))
    return TRUE;
  ut_folder_remove (unfinished);
  ut_folder_hide (cause, unfinished);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}
