/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/nifti-file.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/cine.h"
#include "engine/image/gzip-length.h"
#include "engine/image/volume.h"

#include <inttypes.h>
#include <math.h>
#include <zlib.h>

#define HEADER_BYTES   348
#define MIN_SPACING_MM 0.001
#define MAX_SPACING_MM 100.0

static gboolean
read_header (const char *path, nifti_1_header *ret_header)
{
  gzFile file = gzopen (path, "rb"); /* reads plain files as they are */
  if (file == NULL)
    return FALSE;
  int n_read = gzread (file, ret_header, HEADER_BYTES);
  gzclose (file);
  return n_read == HEADER_BYTES;
}

static gboolean
has_magic (const nifti_1_header *header)
{
  return memcmp (header->magic, "n+1", 4) == 0 || memcmp (header->magic, "ni1", 4) == 0;
}

gboolean
ut_nifti_file_recognise (const char *path)
{
  nifti_1_header header;
  return read_header (path, &header) && has_magic (&header);
}

static gboolean
check_sizes (const nifti_1_header *header, UtNiftiKind kind, gsize n_bytes_each, GError **error)
{
  const short *dim = header->dim;
  int least = kind == UT_NIFTI_VOLUME ? 3 : 2;
  if (dim[0] < least || dim[0] > 7)
    return ut_fail (
      error, UT_ENGINE_ERROR_FORMAT, ut_words ("dim[0] is %d, want %d to 7"), dim[0], least);

  gsize n_bytes = n_bytes_each;
  for (int axis = 1; axis <= dim[0]; axis++) {
    if (dim[axis] < 1)
      return ut_fail (
        error, UT_ENGINE_ERROR_FORMAT, ut_words ("dim[%d] is %d, want 1 or more"), axis, dim[axis]);
    n_bytes *= (gsize)dim[axis];
    if (n_bytes > UT_VOLUME_MAX_BYTES)
      return ut_fail (error,
                      UT_ENGINE_ERROR_RANGE,
                      ut_words ("the data would pass 1 GiB at dim[%d] = %d"),
                      axis,
                      dim[axis]);
    gboolean may_be_long = axis <= 3 || (axis == 4 && kind == UT_NIFTI_LOOP && dim[3] == 1);
    if (!may_be_long && dim[axis] > 1)
      return ut_fail (error,
                      UT_ENGINE_ERROR_UNSUPPORTED,
                      ut_words ("dim[%d] is %d, want 1: %s"),
                      axis,
                      dim[axis],
                      kind == UT_NIFTI_VOLUME ? ut_words ("a single 3D volume is read")
                                              : ut_words ("a loop has two axes and frames"));
  }
  return TRUE;
}

double
ut_nifti_unit_mm (int unit)
{
  return unit == NIFTI_UNITS_METER ? 1000 : unit == NIFTI_UNITS_MICRON ? 0.001 : 1;
}

static gboolean
check_spacing (const nifti_1_header *header, GError **error)
{
  double to_mm = ut_nifti_unit_mm (XYZT_TO_SPACE (header->xyzt_units));
  int n_axes = MIN (header->dim[0], 3);
  for (int axis = 1; axis <= n_axes; axis++) {
    double spacing_mm = fabs (header->pixdim[axis]) * to_mm;
    gboolean sane = spacing_mm >= MIN_SPACING_MM && spacing_mm <= MAX_SPACING_MM;
    gboolean matters = axis <= 2 || header->dim[axis] > 1;
    if (matters && !sane)
      return ut_fail (error,
                      UT_ENGINE_ERROR_RANGE,
                      ut_words ("pixdim[%d] is %g, want %g to %g mm"),
                      axis,
                      (double)header->pixdim[axis],
                      MIN_SPACING_MM,
                      MAX_SPACING_MM);
  }
  return TRUE;
}

static gboolean
check_place (const nifti_1_header *header, GError **error)
{
  float offset = header->vox_offset;
  if (!(offset >= 352 && offset <= 1 << 24))
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("vox_offset is %g, want 352 to 16777216"),
                    (double)offset);
  if (header->sform_code < 0 || header->qform_code < 0)
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("sform_code %d and qform_code %d, want 0 or more"),
                    header->sform_code,
                    header->qform_code);
  return TRUE;
}

static gboolean
type_is_read (int datatype)
{
  switch (datatype) {
  case DT_UINT8:
  case DT_INT8:
  case DT_INT16:
  case DT_UINT16:
  case DT_INT32:
  case DT_UINT32:
  case DT_INT64:
  case DT_UINT64:
  case DT_FLOAT32:
  case DT_FLOAT64:
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean
check_header (nifti_1_header *header, UtNiftiKind kind, GError **error)
{
  if (!has_magic (header))
    return ut_fail (error, UT_ENGINE_ERROR_FORMAT, ut_words ("not a NIfTI-1 file"));
  if (memcmp (header->magic, "ni1", 4) == 0)
    return ut_fail (error,
                    UT_ENGINE_ERROR_UNSUPPORTED,
                    ut_words ("a header of a .hdr/.img pair, want a single .nii file"));
  if (header->sizeof_hdr == (int)GUINT32_SWAP_LE_BE (HEADER_BYTES))
    swap_nifti_header (header, 1);
  if (header->sizeof_hdr != HEADER_BYTES)
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("sizeof_hdr is %d, want %d"),
                    header->sizeof_hdr,
                    HEADER_BYTES);
  if (!type_is_read (header->datatype))
    return ut_fail (error,
                    UT_ENGINE_ERROR_UNSUPPORTED,
                    ut_words ("datatype %d (%s) is not read, want whole numbers or floats"),
                    header->datatype,
                    nifti_datatype_string (header->datatype));
  int n_bytes, swap_size;
  nifti_datatype_sizes (header->datatype, &n_bytes, &swap_size);
  if (header->bitpix != 8 * n_bytes)
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("bitpix is %d, want %d for datatype %d"),
                    header->bitpix,
                    8 * n_bytes,
                    header->datatype);
  return check_sizes (header, kind, (gsize)n_bytes, error) && check_spacing (header, error) &&
         check_place (header, error);
}

/* The stream must hold all that the header promises before memory is taken for it. */
static gboolean
check_length (const char *path, const nifti_1_header *header, GError **error)
{
  guint64 want = (guint64)header->vox_offset;
  guint64 n_values = 1;
  for (int axis = 1; axis <= header->dim[0]; axis++)
    n_values *= (guint64)header->dim[axis];
  want += n_values * (guint64)header->bitpix / 8;

  guint64 have = ut_gzip_length (path, 0, want);
  if (have == UT_GZIP_DAMAGED)
    return ut_fail (error, UT_ENGINE_ERROR_FORMAT, ut_words ("the compressed data are damaged"));
  if (have < want)
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("ends after %" PRIu64 " bytes, want %" PRIu64),
                    have,
                    want);
  return TRUE;
}

nifti_image *
ut_nifti_file_read (const char *path, UtNiftiKind kind, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  nifti_1_header header;
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, ut_words ("%s: no such file"), name);
    return NULL;
  }
  if (!read_header (path, &header)) {
    ut_fail (error,
             UT_ENGINE_ERROR_FORMAT,
             ut_words ("%s: shorter than a NIfTI-1 header of %d bytes"),
             name,
             HEADER_BYTES);
    return NULL;
  }
  if (!check_header (&header, kind, error) || !check_length (path, &header, error)) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }

  nifti_set_debug_level (0); /* nifticlib prints otherwise */
  g_autoptr (nifti_image) image = nifti_image_read (path, 1);
  if (image == NULL || image->data == NULL) {
    ut_fail (error, UT_ENGINE_ERROR_FORMAT, ut_words ("%s: the data cannot be read"), name);
    return NULL;
  }
  return g_steal_pointer (&image);
}

static double
stored_value (const nifti_image *image, gsize i)
{
  switch (image->datatype) {
  case DT_UINT8:
    return ((const guint8 *)image->data)[i];
  case DT_INT8:
    return ((const gint8 *)image->data)[i];
  case DT_INT16:
    return ((const gint16 *)image->data)[i];
  case DT_UINT16:
    return ((const guint16 *)image->data)[i];
  case DT_INT32:
    return ((const gint32 *)image->data)[i];
  case DT_UINT32:
    return ((const guint32 *)image->data)[i];
  case DT_INT64:
    return (double)((const gint64 *)image->data)[i];
  case DT_UINT64:
    return (double)((const guint64 *)image->data)[i];
  case DT_FLOAT32:
    return ((const float *)image->data)[i];
  default:
    return ((const double *)image->data)[i];
  }
}

double
ut_nifti_file_value (const nifti_image *image, gsize i)
{
  double value = stored_value (image, i);
  gboolean scaled = isnormal (image->scl_slope) && isfinite (image->scl_inter);
  return scaled ? value * image->scl_slope + image->scl_inter : value;
}

UtAffine
ut_nifti_turn_ras_lps (const UtAffine *affine)
{
  UtAffine turned = *affine;
  for (int r = 0; r < 2; r++)
    for (int c = 0; c < 4; c++)
      turned.m[r][c] = -turned.m[r][c];
  return turned;
}

/* The sform where the file has one, else the qform, else sizes alone (NIfTI-1 methods 3, 2, 1). */
static UtAffine
affine_of (const nifti_image *image)
{
  mat44 ras = image->sform_code > 0 ? image->sto_xyz : image->qto_xyz;
  double to_mm = ut_nifti_unit_mm (image->xyz_units);
  UtAffine affine;
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 4; c++)
      affine.m[r][c] = ras.m[r][c] * to_mm;
  return ut_nifti_turn_ras_lps (&affine);
}

gboolean
ut_nifti_file_affine (const nifti_image *image,
                      const char *name,
                      UtAffine *ret_m_patient_from_voxel,
                      GError **error)
{
  UtAffine inverse, affine = affine_of (image);
  gboolean sane = ut_affine_invert (&affine, &inverse);
  for (int c = 0; c < 3 && sane; c++) {
    double length = hypot (hypot (affine.m[0][c], affine.m[1][c]), affine.m[2][c]);
    sane = length >= MIN_SPACING_MM && length <= MAX_SPACING_MM;
  }
  for (int r = 0; r < 3 && sane; r++)
    sane = fabs (affine.m[r][3]) < 1e6;
  if (!sane)
    return ut_fail (error,
                    UT_ENGINE_ERROR_RANGE,
                    ut_words ("%s: its affine is singular, or a voxel is not 0.001 to 100 mm"),
                    name);
  *ret_m_patient_from_voxel = affine;
  return TRUE;
}
