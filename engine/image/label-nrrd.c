/* SPDX-License-Identifier: Apache-2.0 */

/* Label maps in NRRD, and the segmentations that 3D Slicer keeps in it. */

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/label-file-private.h"
#include "engine/image/nrrd-file.h"

static double
nrrd_value (gconstpointer data, gsize layer, gsize i)
{
  return ut_nrrd_file_value (data, layer, i);
}

/* "Segment3_Layer" and the like: @otherwise where the file has none */
static gboolean
segment_number (const UtNrrdFile *file,
                guint segment,
                const char *what,
                guint64 otherwise,
                guint64 max,
                guint64 *ret,
                GError **error)
{
  g_autofree char *text = ut_nrrd_file_dup_key (file, "Segment", segment, what);
  *ret = otherwise;
  if (text == NULL || g_ascii_string_to_unsigned (g_strstrip (text), 10, 0, max, ret, NULL))
    return TRUE;
  return ut_fail (error,
                  UT_ENGINE_ERROR_FORMAT,
                  ut_words ("its key Segment%u%s is no whole number of 0 to %u"),
                  segment,
                  what,
                  (guint)max);
}

static gboolean
has_segment (const UtNrrdFile *file, guint segment)
{
  static const char *const keys[] = {"_ID", "_Name", "_LabelValue"};
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *value = ut_nrrd_file_dup_key (file, "Segment", segment, keys[i]);
    if (value != NULL)
      return TRUE;
  }
  return FALSE;
}

/* A file of before layers were said holds one segment in each. */
static gboolean
read_segment (
  const UtNrrdFile *file, guint segment, UtLabelSegment *ret, char **ret_name, GError **error)
{
  guint64 value, layer;
  guint64 usual = file->n_lists > 1 ? segment : 0;
  if (!segment_number (file, segment, "_LabelValue", 1, UT_LABEL_FILE_MAX_CODE, &value, error) ||
      !segment_number (file, segment, "_Layer", usual, G_MAXINT, &layer, error))
    return FALSE;
  if (value == 0 || layer >= file->n_lists)
    return ut_fail (
      error,
      UT_ENGINE_ERROR_FORMAT,
      ut_words ("its segment %u is said to be value %u of layer %u, want a value over 0 "
                "and one of %zu layers"),
      segment,
      (guint)value,
      (guint)layer,
      file->n_lists);
  *ret = (UtLabelSegment){.layer = (gsize)layer, .value = (int)value};
  *ret_name = ut_nrrd_file_dup_key (file, "Segment", segment, "_Name");
  if (*ret_name != NULL && !g_utf8_validate (*ret_name, -1, NULL)) {
    char *valid = g_utf8_make_valid (*ret_name, -1);
    g_free (*ret_name);
    *ret_name = valid;
  }
  return TRUE;
}

static gboolean
are_distinct (const UtLabelSegment *segments, guint n, GError **error)
{
  for (guint a = 0; a < n; a++)
    for (guint b = a + 1; b < n; b++)
      if (segments[a].layer == segments[b].layer && segments[a].value == segments[b].value)
        return ut_fail (error,
                        UT_ENGINE_ERROR_FORMAT,
                        ut_words ("its segments %u and %u have one value, %d, in one layer"),
                        a,
                        b,
                        segments[a].value);
  return TRUE;
}

/* How many the file names; 0 where it is a plain label map. */
static gboolean
read_segments (const UtNrrdFile *file, UtLabelFile *self, UtLabelSegment *segments, GError **error)
{
  guint n = 0;
  while (has_segment (file, n)) {
    char *name = NULL;
    if (n == UT_LABEL_FILE_MAX_CODES)
      return ut_fail (error,
                      UT_ENGINE_ERROR_RANGE,
                      ut_words ("names more than %d segments"),
                      UT_LABEL_FILE_MAX_CODES);
    if (!read_segment (file, n, &segments[n], &name, error))
      return FALSE;
    ut_label_file_add_code (self, file->n_lists > 1 ? (int)n + 1 : segments[n].value, name);
    n++;
  }
  return are_distinct (segments, n, error);
}

static int
compare_codes (gconstpointer a, gconstpointer b)
{
  return ((const UtLabelCode *)a)->code - ((const UtLabelCode *)b)->code;
}

/* The codes of a map of one layer: those of its voxels and those that it names */
static gboolean
find_all_codes (UtLabelFile *self,
                const UtLabelSource *source,
                UtLabelSegment *segments,
                GError **error)
{
  g_autoptr (UtLabelFile) found = ut_label_file_new ();
  if (!ut_label_file_find_codes (found, source, error))
    return FALSE;
  for (guint i = 0; i < self->codes->len; i++) {
    UtLabelCode *named = &g_array_index (self->codes, UtLabelCode, i);
    int at = ut_label_file_find (found, named->code);
    if (at < 0)
      ut_label_file_add_code (found, named->code, g_steal_pointer (&named->name));
    else
      g_array_index (found->codes, UtLabelCode, at).name = g_steal_pointer (&named->name);
  }
  if (found->codes->len > UT_LABEL_FILE_MAX_CODES)
    return ut_fail (error,
                    UT_ENGINE_ERROR_RANGE,
                    ut_words ("names more than %d segments"),
                    UT_LABEL_FILE_MAX_CODES);
  g_array_sort (found->codes, compare_codes);
  GArray *codes = self->codes;
  self->codes = found->codes;
  found->codes = codes;
  for (guint i = 0; i < self->codes->len; i++)
    segments[i] = (UtLabelSegment){.value = ut_label_file_code (self, i)->code};
  return TRUE;
}

static UtLabelFile *
read_nrrd (const UtNrrdFile *file, GError **error)
{
  g_autoptr (UtLabelFile) self = ut_label_file_new ();
  g_autofree UtLabelSegment *segments = g_new0 (UtLabelSegment, UT_LABEL_FILE_MAX_CODES);
  UtLabelSource source = {.value = nrrd_value,
                          .data = file,
                          .n_layers = file->n_lists,
                          .m_patient_from_voxel = file->m_patient_from_voxel};
  memcpy (source.dims, file->dims, sizeof source.dims);
  self->data_path = g_strdup (file->data_path);
  if (!read_segments (file, self, segments, error))
    return NULL;
  if (file->n_lists > 1 && (self->codes->len == 0 || file->n_lists > UT_LABEL_FILE_MAX_CODES)) {
    ut_fail (
      error,
      UT_ENGINE_ERROR_UNSUPPORTED,
      ut_words ("has four axes, with %zu on the one outside of space, and names %u segments, "
                "want one label map of three axes or the layers of a segmentation"),
      file->n_lists,
      self->codes->len);
    return NULL;
  }
  if ((file->n_lists == 1 && !find_all_codes (self, &source, segments, error)) ||
      !ut_label_file_fill (self, &source, segments, error))
    return NULL;
  return g_steal_pointer (&self);
}

UtLabelFile *
ut_label_file_read_nrrd (const char *path, GError **error)
{
  g_autoptr (UtNrrdFile) file = ut_nrrd_file_read (path, error);
  if (file == NULL)
    return NULL;
  UtLabelFile *self = read_nrrd (file, error);
  if (self == NULL) {
    g_autofree char *name = g_path_get_basename (path);
    g_prefix_error (error, "%s: ", name);
  }
  return self;
}
