/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/label-file.h"

/** What the readers of label files share. */

typedef double (*UtLabelValueFunc) (gconstpointer data, gsize layer, gsize i);

/** UtLabelSource: the values of a file, whatever it is */
typedef struct UtLabelSource {
  UtLabelValueFunc value;
  gconstpointer data;
  gsize dims[3], n_layers;
  UtAffine m_patient_from_voxel;
} UtLabelSource;

/** UtLabelSegment: which value in which layer is which of the codes */
typedef struct UtLabelSegment {
  gsize layer;
  int value;
} UtLabelSegment;

UtLabelFile *ut_label_file_new (void);

/** ut_label_file_add_code: @name: (transfer full) (nullable) */
void ut_label_file_add_code (UtLabelFile *self, int code, char *name);

/** ut_label_file_find_codes: adds a code for every value of a source of one layer; FORMAT */
gboolean ut_label_file_find_codes (UtLabelFile *self, const UtLabelSource *source, GError **error);

/** ut_label_file_fill: makes the layers; @segments: as many as codes; other values are background
 */
gboolean ut_label_file_fill (UtLabelFile *self,
                             const UtLabelSource *source,
                             const UtLabelSegment *segments,
                             GError **error);

/** ut_label_file_read_nrrd: as ut_label_file_read(), of what ut_nrrd_file_recognise() says yes to
 */
UtLabelFile *ut_label_file_read_nrrd (const char *path, GError **error);
