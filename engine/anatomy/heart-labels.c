/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-labels.h"

#include "engine/anatomy/structure.h"
#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/nifti.h"

UtVolume *
ut_heart_labels_read (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (UtVolume) labels = ut_nifti_read_labels (path, error);
  for (gsize i = 0; labels != NULL && i < ut_volume_n_voxels (labels); i++)
    if (labels->u8[i] >= UT_N_LABELS) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("%s: holds code %d, want 0 background, 1 Myo, 2 LV, 3 LA, 4 RV, 5 RA: "
                             "rename the codes first"),
                   name,
                   labels->u8[i]);
      return NULL;
    }
  return g_steal_pointer (&labels);
}

UtVolume *
ut_heart_labels_open (const char *path,
                      const UtHeartCodes *told,
                      UtHeartCodes *ret_codes,
                      GError **error)
{
  g_autoptr (UtLabelFile) file = ut_label_file_read (path, error);
  if (file == NULL)
    return NULL;
  UtHeartCodes codes;
  gboolean known = told != NULL || ut_heart_codes_find (file, &codes, error);
  if (told != NULL)
    codes = *told;
  UtVolume *labels = known ? ut_heart_codes_apply (&codes, file, error) : NULL;
  if (labels == NULL) {
    g_autofree char *name = g_path_get_basename (path);
    g_prefix_error (error, "%s: ", name);
  } else if (ret_codes != NULL) {
    *ret_codes = codes;
  }
  return labels;
}
