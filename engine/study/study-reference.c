/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/canonical.h"
#include "engine/base/folder.h"
#include "engine/base/words.h"
#include "engine/study/study-private.h"

#define GRID_TOLERANCE_MM 0.01
#define CHUNK_BYTES       (1 << 20)

static gboolean
add_file (GChecksum *sum, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) in = g_file_read (file, NULL, error);
  g_autofree guchar *chunk = g_malloc (CHUNK_BYTES);
  gssize n = in ? 1 : -1;
  while (n > 0) {
    n = g_input_stream_read (G_INPUT_STREAM (in), chunk, CHUNK_BYTES, NULL, error);
    if (n > 0)
      g_checksum_update (sum, chunk, n);
  }
  return n == 0;
}

/* Of the file, and of the one beside it that holds its data */
static char *
files_sha256 (const char *path, const char *data_path, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  if (!add_file (sum, path, error) || (data_path != NULL && !add_file (sum, data_path, error)))
    return NULL;
  return g_strdup (g_checksum_get_string (sum));
}

static gboolean
is_canonical (const UtVolume *labels)
{
  const gsize n = UT_CANONICAL_SIDE;
  UtAffine grid = ut_canonical_grid ();
  UtVolume canonical = {.type = UT_VOXEL_U8, .dims = {n, n, n}, .m_patient_from_voxel = grid};
  return ut_volume_same_grid (labels, &canonical, GRID_TOLERANCE_MM);
}

UtStudyReference *
ut_study_reference_new (const char *path,
                        const UtLabelFile *file,
                        const UtHeartCodes *codes,
                        GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *name = g_path_get_basename (absolute);
  g_autofree char *sha256 = files_sha256 (absolute, file->data_path, error);
  if (sha256 == NULL)
    return NULL;
  UtVec3 zero = ut_vec3 (0, 0, 0);
  UtAffine m_patient_from_canonical = ut_affine_scale_offset (ut_vec3 (1, 1, 1), zero);
  UtVolume *labels = ut_heart_codes_apply (codes, file, error);
  if (labels != NULL && !is_canonical (labels)) {
    UtVolume *posed = ut_canonical_resample (labels, &m_patient_from_canonical, error);
    ut_volume_unref (labels);
    labels = posed;
  }
  if (labels == NULL) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }

  UtStudyReference *self = g_new0 (UtStudyReference, 1);
  self->source = g_steal_pointer (&absolute);
  self->sha256 = g_steal_pointer (&sha256);
  self->codes = *codes;
  self->labels = labels;
  self->m_patient_from_canonical = m_patient_from_canonical;
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

static UtStudyReference *
read_reference (const char *path, const UtHeartCodes *told, GError **error)
{
  g_autoptr (UtLabelFile) file = ut_label_file_read (path, error);
  if (file == NULL)
    return NULL;
  UtHeartCodes codes;
  if (told != NULL)
    codes = *told;
  else if (!ut_heart_codes_find (file, &codes, error)) {
    g_autofree char *name = g_path_get_basename (path);
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }
  return ut_study_reference_new (path, file, &codes, error);
}

UtStudyReference *
ut_study_reference_read (const char *path, const UtHeartCodes *told, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  UtStudyReference *self = read_reference (absolute, told, &cause);
  ut_folder_hide (cause, absolute);
  if (self == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return self;
}
