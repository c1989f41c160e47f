/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/words.h"
#include "engine/image/nifti.h"
#include "engine/study/study-private.h"

#include <glib/gstdio.h>
#include <string.h>

#define ENDING ".nii.gz"

/* ---- an edit in memory ---------------------------------------------------------- */

/* Hash of the heart that was changed and of the voxels after it. */
static char *
edit_id (const UtStudyResult *base, const UtVolume *labels)
{
  g_autoptr (GChecksum) content = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *head = g_strdup_printf ("edit 1 %s", base->id);
  g_checksum_update (content, (const guchar *)head, -1);
  g_checksum_update (content, labels->u8, UT_TWIN_N_VOXELS);
  return g_strndup (g_checksum_get_string (content), UT_STUDY_ID_DIGITS);
}

UtStudyResult *
ut_study_edit_new (const UtStudyResult *base, UtVolume *labels, GArray *steps, GError **error)
{
  g_autoptr (GArray) taken = steps;
  g_autoptr (UtTwin) twin = ut_twin_new_edited (base->twin, labels, error);
  if (twin == NULL)
    return NULL;
  g_autofree char *id = edit_id (base, labels);
  UtStudyResult *self = ut_study_result_new_unread (id, base->inputs_key);
  self->twin = g_steal_pointer (&twin);
  self->steps = g_steal_pointer (&taken);
  return self;
}

/* ---- on disk -------------------------------------------------------------------- */

static char *
edit_path (const char *folder, const char *id)
{
  g_autofree char *name = g_strconcat (id, ENDING, NULL);
  return g_build_filename (folder, name, NULL);
}

gboolean
ut_study_edit_write (const UtStudyResult *self, const char *edits_folder, GError **error)
{
  g_autofree char *path = edit_path (edits_folder, self->id);
  if (self->twin == NULL || g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autofree char *description =
    g_strdup_printf ("%s edited by hand, research use only", ut_phase_name (self->twin->phase));
  return ut_folder_make (edits_folder, error) &&
         ut_nifti_write (self->twin->labels[UT_TWIN_EDITED], path, description, error);
}

UtStudyResult *
ut_study_edit_read (const char *edits_folder,
                    const UtStudyResult *unread,
                    const UtStudyResult *base,
                    GError **error)
{
  g_autofree char *path = edit_path (edits_folder, unread->id);
  g_autoptr (UtVolume) labels = ut_nifti_read_labels (path, error);
  if (labels == NULL)
    return NULL;
  g_autoptr (UtStudyResult) self =
    ut_study_edit_new (base, labels, g_array_ref (unread->steps), error);
  if (self == NULL)
    return NULL;
  if (strcmp (self->id, unread->id) == 0)
    return g_steal_pointer (&self);
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("its file was changed, or made for another result"));
  return NULL;
}

void
ut_study_edit_remove (const char *edits_folder, const char *name)
{
  if (strlen (name) <= UT_STUDY_ID_DIGITS || strcmp (name + UT_STUDY_ID_DIGITS, ENDING) != 0)
    return;
  g_autofree char *path = g_build_filename (edits_folder, name, NULL);
  g_unlink (path);
}
