/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/affine.h"

#include <teem/nrrd.h>

/** UtNrrdFile: a picture with its data, and what its axes mean */
typedef struct UtNrrdFile {
  Nrrd *nrrd;
  char *data_path;               /* of the data where they do not follow the header; or NULL */
  guint axes[3];                 /* those of space, in the file's order, fastest first */
  int list_axis;                 /* the one without a direction in space, -1 = none */
  gsize dims[3];                 /* voxels along @axes */
  gsize n_lists;                 /* along @list_axis; 1 where there is none */
  gsize n_inner;                 /* values that lie together before @list_axis steps on */
  UtAffine m_patient_from_voxel; /* LPS mm */
} UtNrrdFile;

/** ut_nrrd_file_recognise: TRUE where the file at @path begins like NRRD */
gboolean ut_nrrd_file_recognise (const char *path);

/**
 * ut_nrrd_file_read:
 * @path: a .nrrd, a .seg.nrrd, or a .nhdr with its data file beside it
 *
 * Validates the header (sizes, type, encoding, space, place and length of the data) and only then
 * lets teem read the data. Three axes must have a direction in space, in LPS, RAS or LAS; a fourth
 * may have none: layers of a segmentation. Encodings: raw, gzip, bzip2, ascii, hex. Data that lie
 * elsewhere than in the file or beside it are refused, as is a list of data files.
 *
 * Threads: any; one reads at a time, for teem keeps its errors in one place.
 * Errors: FORMAT, UNSUPPORTED, RANGE or MEMORY, beginning with the base name; G_FILE_ERROR.
 * Source: teem.sourceforge.net/nrrd/format.html.
 *
 * Returns: (transfer full): the picture, or NULL with @error set
 */
UtNrrdFile *ut_nrrd_file_read (const char *path, GError **error);
void ut_nrrd_file_free (UtNrrdFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtNrrdFile, ut_nrrd_file_free)

/** ut_nrrd_file_value: of voxel @i (x fastest) in list @list */
double ut_nrrd_file_value (const UtNrrdFile *self, gsize list, gsize i);

/** ut_nrrd_file_dup_key: (transfer full) (nullable): value of a key; the format is "%s%u%s" of the
 * three */
char *
ut_nrrd_file_dup_key (const UtNrrdFile *self, const char *before, guint number, const char *after);
