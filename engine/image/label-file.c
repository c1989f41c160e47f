/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/label-file-private.h"
#include "engine/image/nifti-file.h"
#include "engine/image/nrrd-file.h"

static void
code_clear (gpointer data)
{
  UtLabelCode *code = data;
  g_free (code->name);
}

UtLabelFile *
ut_label_file_new (void)
{
  UtLabelFile *self = g_new0 (UtLabelFile, 1);
  self->layers = g_ptr_array_new_with_free_func ((GDestroyNotify)ut_volume_unref);
  self->codes = g_array_new (FALSE, FALSE, sizeof (UtLabelCode));
  g_array_set_clear_func (self->codes, code_clear);
  return self;
}

void
ut_label_file_free (UtLabelFile *self)
{
  g_ptr_array_unref (self->layers);
  g_array_unref (self->codes);
  g_free (self->data_path);
  g_free (self);
}

void
ut_label_file_add_code (UtLabelFile *self, int code, char *name)
{
  UtLabelCode added = {.code = code, .name = name};
  g_array_append_val (self->codes, added);
}

int
ut_label_file_find (const UtLabelFile *self, int code)
{
  for (guint i = 0; i < self->codes->len; i++)
    if (ut_label_file_code (self, i)->code == code)
      return (int)i;
  return -1;
}

double
ut_label_file_ml (const UtLabelFile *self, guint i)
{
  return (double)ut_label_file_code (self, i)->n_voxels *
         ut_volume_voxel_ml (self->layers->pdata[0]);
}

/* FALSE where a value is none */
static gboolean
take_label (double value, guint *ret_label, GError **error)
{
  if (value >= 0 && value <= UT_LABEL_FILE_MAX_CODE && value == floor (value)) {
    *ret_label = (guint)value;
    return TRUE;
  }
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("holds the value %g, want labels: whole numbers 0 to %d"),
               value,
               UT_LABEL_FILE_MAX_CODE);
  return FALSE;
}

static gsize
n_voxels_of (const UtLabelSource *source)
{
  return source->dims[0] * source->dims[1] * source->dims[2];
}

gboolean
ut_label_file_find_codes (UtLabelFile *self, const UtLabelSource *source, GError **error)
{
  g_autofree gboolean *seen = g_new0 (gboolean, UT_LABEL_FILE_MAX_CODE + 1);
  gsize n = n_voxels_of (source);
  for (gsize i = 0; i < n; i++) {
    guint label;
    if (!take_label (source->value (source->data, 0, i), &label, error))
      return FALSE;
    seen[label] = TRUE;
  }
  for (int code = 1; code <= UT_LABEL_FILE_MAX_CODE; code++)
    if (seen[code])
      ut_label_file_add_code (self, code, NULL);
  if (self->codes->len <= UT_LABEL_FILE_MAX_CODES)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("holds %u values, want a label map of at most %d: is it the scan itself?"),
               self->codes->len,
               UT_LABEL_FILE_MAX_CODES);
  return FALSE;
}

static gboolean
fill_layer (UtLabelFile *self,
            const UtLabelSource *source,
            gsize layer,
            const guint8 *index_of,
            GError **error)
{
  UtVolume *volume =
    ut_volume_new (UT_VOXEL_U8, source->dims, &source->m_patient_from_voxel, error);
  if (volume == NULL)
    return FALSE;
  g_ptr_array_add (self->layers, volume);
  gsize n = n_voxels_of (source), counts[UT_LABEL_FILE_MAX_CODES + 1] = {0};
  for (gsize i = 0; i < n; i++) {
    guint label;
    if (!take_label (source->value (source->data, layer, i), &label, error))
      return FALSE;
    volume->u8[i] = index_of[label];
    counts[index_of[label]]++;
  }
  for (guint i = 0; i < self->codes->len; i++)
    g_array_index (self->codes, UtLabelCode, i).n_voxels += counts[i + 1];
  return TRUE;
}

gboolean
ut_label_file_fill (UtLabelFile *self,
                    const UtLabelSource *source,
                    const UtLabelSegment *segments,
                    GError **error)
{
  g_return_val_if_fail (self->codes->len <= UT_LABEL_FILE_MAX_CODES, FALSE);
  g_autofree guint8 *index_of = g_new (guint8, UT_LABEL_FILE_MAX_CODE + 1);
  for (gsize layer = 0; layer < source->n_layers; layer++) {
    memset (index_of, 0, UT_LABEL_FILE_MAX_CODE + 1);
    for (guint i = 0; i < self->codes->len; i++)
      if (segments[i].layer == layer)
        index_of[segments[i].value] = (guint8)(i + 1);
    if (!fill_layer (self, source, layer, index_of, error))
      return FALSE;
  }
  return TRUE;
}

static double
nifti_value (gconstpointer data, gsize layer, gsize i)
{
  return ut_nifti_file_value (data, i);
}

static UtLabelFile *
read_nifti (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (nifti_image) image = ut_nifti_file_read (path, UT_NIFTI_VOLUME, error);
  if (image == NULL)
    return NULL;
  UtLabelSource source = {.value = nifti_value, .data = image, .n_layers = 1};
  const gsize dims[3] = {(gsize)image->nx, (gsize)image->ny, (gsize)image->nz};
  memcpy (source.dims, dims, sizeof dims);
  if (!ut_nifti_file_affine (image, name, &source.m_patient_from_voxel, error))
    return NULL;

  g_autoptr (UtLabelFile) self = ut_label_file_new ();
  gboolean found = ut_label_file_find_codes (self, &source, error);
  UtLabelSegment segments[UT_LABEL_FILE_MAX_CODES] = {0};
  for (guint i = 0; found && i < self->codes->len; i++)
    segments[i].value = ut_label_file_code (self, i)->code;
  if (!found || !ut_label_file_fill (self, &source, segments, error)) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }
  return g_steal_pointer (&self);
}

UtLabelFile *
ut_label_file_read (const char *path, GError **error)
{
  if (ut_nrrd_file_recognise (path))
    return ut_label_file_read_nrrd (path, error);
  g_autofree char *lower = g_ascii_strdown (path, -1);
  if (!g_str_has_suffix (lower, ".nrrd") && !g_str_has_suffix (lower, ".nhdr"))
    return read_nifti (path, error);
  g_autoptr (UtNrrdFile) none = ut_nrrd_file_read (path, error); /* which says why */
  return NULL;
}
