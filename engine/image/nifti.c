/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/nifti.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/nifti-file.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

/* TRUE where every value is a whole number that fits a label */
static gboolean
values_are_labels (const nifti_image *image, gsize n, double *ret_odd_value)
{
  for (gsize i = 0; i < n; i++) {
    double value = ut_nifti_file_value (image, i);
    if (!(value >= 0 && value <= 255 && value == floor (value))) {
      *ret_odd_value = value;
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
is_integer (const nifti_image *image)
{
  return image->datatype != DT_FLOAT32 && image->datatype != DT_FLOAT64;
}

static UtVolume *
read_volume (const char *path, gboolean want_labels, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (nifti_image) image = ut_nifti_file_read (path, UT_NIFTI_VOLUME, error);
  if (image == NULL)
    return NULL;
  UtAffine affine;
  if (!ut_nifti_file_affine (image, name, &affine, error))
    return NULL;

  gsize dims[3] = {(gsize)image->nx, (gsize)image->ny, (gsize)image->nz};
  gsize n = dims[0] * dims[1] * dims[2];
  double odd_value = 0;
  gboolean labels = (want_labels || is_integer (image)) && values_are_labels (image, n, &odd_value);
  if (want_labels && !labels) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("%s: holds the value %g, want labels: whole numbers 0 to 255"),
                 name,
                 odd_value);
    return NULL;
  }

  g_autoptr (UtVolume) volume =
    ut_volume_new (labels ? UT_VOXEL_U8 : UT_VOXEL_F32, dims, &affine, error);
  if (volume == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++) {
    if (labels)
      volume->u8[i] = (guint8)ut_nifti_file_value (image, i);
    else
      volume->f32[i] = (float)ut_nifti_file_value (image, i);
  }
  return g_steal_pointer (&volume);
}

UtVolume *
ut_nifti_read (const char *path, GError **error)
{
  return read_volume (path, FALSE, error);
}

UtVolume *
ut_nifti_read_labels (const char *path, GError **error)
{
  return read_volume (path, TRUE, error);
}

static nifti_image *
image_of (const UtVolume *volume, const char *description)
{
  int dims[8] = {3, (int)volume->dims[0], (int)volume->dims[1], (int)volume->dims[2], 1, 1, 1, 1};
  int datatype = volume->type == UT_VOXEL_U8 ? DT_UINT8 : DT_FLOAT32;
  nifti_image *image = nifti_make_new_nim (dims, datatype, 0);
  if (image == NULL)
    return NULL;

  UtAffine ras = ut_nifti_turn_ras_lps (&volume->m_patient_from_voxel);
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 4; c++)
      image->sto_xyz.m[r][c] = (float)ras.m[r][c];
  image->sto_xyz.m[3][3] = 1;
  image->sto_ijk = nifti_mat44_inverse (image->sto_xyz);
  UtVec3 spacing = ut_volume_spacing (volume);
  image->dx = image->pixdim[1] = (float)spacing.x;
  image->dy = image->pixdim[2] = (float)spacing.y;
  image->dz = image->pixdim[3] = (float)spacing.z;
  nifti_mat44_to_quatern (image->sto_xyz,
                          &image->quatern_b,
                          &image->quatern_c,
                          &image->quatern_d,
                          &image->qoffset_x,
                          &image->qoffset_y,
                          &image->qoffset_z,
                          NULL,
                          NULL,
                          NULL,
                          &image->qfac);
  image->sform_code = image->qform_code = NIFTI_XFORM_ALIGNED_ANAT;
  image->xyz_units = NIFTI_UNITS_MM;
  if (description != NULL)
    g_strlcpy (image->descrip, description, sizeof image->descrip);
  return image;
}

/* nifticlib reports no write error, so the length of what it wrote is checked. */
static gboolean
file_is_whole (const char *path, const UtVolume *volume)
{
  g_autoptr (nifti_image) image = ut_nifti_file_read (path, UT_NIFTI_VOLUME, NULL);
  return image != NULL && (gsize)image->nvox == ut_volume_n_voxels (volume);
}

gboolean
ut_nifti_write (const UtVolume *volume, const char *path, const char *description, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temporary_name = g_strdup_printf (".~%s", name); /* keeps .nii or .nii.gz */
  g_autofree char *temporary = g_build_filename (folder, temporary_name, NULL);
  if (!g_str_has_suffix (name, ".nii") && !g_str_has_suffix (name, ".nii.gz")) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("%s: want a name that ends in .nii or .nii.gz"),
                 name);
    return FALSE;
  }
  for (int axis = 0; axis < 3; axis++)
    if (volume->dims[axis] > G_MAXINT16) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("%s: a side of %zu voxels, want at most %d"),
                   name,
                   volume->dims[axis],
                   G_MAXINT16);
      return FALSE;
    }

  nifti_set_debug_level (0);
  g_autoptr (nifti_image) image = image_of (volume, description);
  gboolean named = image != NULL && g_access (folder, W_OK) == 0 &&
                   nifti_set_filenames (image, temporary, 0, 1) == 0;
  if (named) {
    image->data = volume->data; /* lent for the call */
    nifti_image_write (image);
    image->data = NULL;
  }
  if (!named || !file_is_whole (temporary, volume) || g_rename (temporary, path) != 0) {
    g_unlink (temporary);
    g_set_error (error,
                 G_IO_ERROR,
                 G_IO_ERROR_FAILED,
                 ut_words ("%s: cannot be written (does the folder exist, is the disk full?)"),
                 name);
    return FALSE;
  }
  return TRUE;
}
