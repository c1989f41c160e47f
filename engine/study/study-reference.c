/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/canonical.h"
#include "engine/base/folder.h"
#include "engine/study/reference-meshes.h"
#include "engine/study/study-private.h"

#define CHUNK_BYTES (1 << 20)

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

/* Of several files one after the other; NULL among them is none */
static char *
files_sha256 (const char *const *paths, guint n, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < n; i++)
    if (paths[i] != NULL && !add_file (sum, paths[i], error))
      return NULL;
  return g_strdup (g_checksum_get_string (sum));
}

static gboolean
is_canonical (const UtVolume *labels)
{
  const gsize n = UT_CANONICAL_SIDE;
  UtAffine grid = ut_canonical_grid ();
  UtVolume canonical = {.type = UT_VOXEL_U8, .dims = {n, n, n}, .m_patient_from_voxel = grid};
  return ut_volume_same_grid (labels, &canonical, UT_VOLUME_GRID_TOLERANCE_MM);
}

/* @sha256, @labels: (transfer full) (nullable): NULL with @error set */
static UtStudyReference *
pose (const char *path, char *sha256, UtVolume *labels, const UtHeartCodes *codes, GError **error)
{
  g_autofree char *hash = sha256;
  g_autoptr (UtVolume) heart = labels;
  UtVec3 zero = ut_vec3 (0, 0, 0);
  UtAffine m_patient_from_canonical = ut_affine_scale_offset (ut_vec3 (1, 1, 1), zero);
  if (hash == NULL || heart == NULL)
    return NULL;
  g_autoptr (UtVolume) posed = is_canonical (heart)
                                 ? ut_volume_ref (heart)
                                 : ut_canonical_resample (heart, &m_patient_from_canonical, error);
  if (posed == NULL)
    return NULL;
  UtStudyReference *self = g_new0 (UtStudyReference, 1);
  self->source = g_canonicalize_filename (path, NULL);
  self->sha256 = g_steal_pointer (&hash);
  self->codes = *codes;
  self->labels = g_steal_pointer (&posed);
  self->m_patient_from_canonical = m_patient_from_canonical;
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

UtStudyReference *
ut_study_reference_new (const char *path,
                        const UtLabelFile *file,
                        const UtHeartCodes *codes,
                        GError **error)
{
  const char *const paths[] = {path, file->data_path};
  char *sha256 = files_sha256 (paths, G_N_ELEMENTS (paths), error);
  UtVolume *labels = sha256 != NULL ? ut_heart_codes_apply (codes, file, error) : NULL;
  UtStudyReference *self = pose (path, sha256, labels, codes, error);
  if (self == NULL) {
    g_autofree char *name = g_path_get_basename (path);
    g_prefix_error (error, "%s: ", name);
  }
  return self;
}

static UtStudyReference *
read_meshes (const char *path, GError **error)
{
  const UtHeartCodes own = ut_heart_codes_own ();
  char *paths[UT_N_LABELS] = {NULL};
  if (!ut_reference_meshes_find (path, paths, error))
    return NULL;
  char *sha256 = files_sha256 ((const char *const *)paths, UT_N_LABELS, error);
  UtVolume *labels = sha256 != NULL ? ut_reference_meshes_read (paths, error) : NULL;
  UtStudyReference *self = pose (path, sha256, labels, &own, error);
  for (int s = 0; s < UT_N_LABELS; s++)
    g_free (paths[s]);
  return self;
}

static UtStudyReference *
read_labels (const char *path, const UtHeartCodes *told, GError **error)
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
  UtStudyReference *self = ut_reference_meshes_is (absolute) ? read_meshes (absolute, &cause)
                                                             : read_labels (absolute, told, &cause);
  ut_folder_hide (cause, absolute);
  if (self == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return self;
}
