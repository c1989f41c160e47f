/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"

#define UT_LABEL_FILE_MAX_CODE  65535
#define UT_LABEL_FILE_MAX_CODES 255

/** UtLabelCode: one code of a label map, other than 0 for background */
typedef struct UtLabelCode {
  int code;
  char *name; /* of the segment where the file names it, else NULL */
  gsize n_voxels;
} UtLabelCode;

/**
 * UtLabelFile:
 *
 * A label map as its file has it, whatever its codes mean. The segments of a .seg.nrrd may overlap
 * and then lie in several layers, whose values say nothing across layers: there a code is the
 * number of a segment in the file, counted from 1.
 */
typedef struct UtLabelFile {
  char *data_path;   /* of a second file that holds the data (.nhdr), or NULL */
  GPtrArray *layers; /* UtVolume, uint8, one grid: 0 background, i + 1 for codes[i] */
  GArray *codes;     /* UtLabelCode, ascending; a named segment may have no voxel */
} UtLabelFile;

/**
 * ut_label_file_read:
 * @path: NIfTI-1, NRRD, or a segmentation of 3D Slicer (.seg.nrrd); told by its content
 *
 * Values must be whole numbers 0 to UT_LABEL_FILE_MAX_CODE, stored in any type, at most
 * UT_LABEL_FILE_MAX_CODES of them. Four axes are read only of a segmentation that names its
 * segments. Values that no segment of such a file names are background.
 *
 * Errors: as ut_nifti_read() and ut_nrrd_file_read(); FORMAT where a value is no label or segments
 * contradict each other.
 * Source: apidocs.slicer.org, vtkMRMLSegmentationStorageNode (keys Segment<i>_Name, _LabelValue,
 * _Layer).
 *
 * Returns: (transfer full): the map, or NULL with @error set
 */
UtLabelFile *ut_label_file_read (const char *path, GError **error);
void ut_label_file_free (UtLabelFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtLabelFile, ut_label_file_free)

static inline const UtLabelCode *
ut_label_file_code (const UtLabelFile *self, guint i)
{
  return &g_array_index (self->codes, UtLabelCode, i);
}

/** ut_label_file_find: index of @code in codes, or -1 */
int ut_label_file_find (const UtLabelFile *self, int code);

/** ut_label_file_ml: how much codes[i] fills */
double ut_label_file_ml (const UtLabelFile *self, guint i);
