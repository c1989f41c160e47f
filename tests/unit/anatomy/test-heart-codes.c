/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-codes.h"
#include "engine/anatomy/heart-order.h"
#include "engine/base/error.h"
#include "engine/image/label-file-private.h"
#include "tests/unit/anatomy/hearts.h"

#define SPACING_MM 3.0

static void
count (UtLabelFile *file)
{
  for (guint layer = 0; layer < file->layers->len; layer++) {
    const UtVolume *labels = file->layers->pdata[layer];
    for (gsize i = 0; i < ut_volume_n_voxels (labels); i++)
      if (labels->u8[i] > 0)
        g_array_index (file->codes, UtLabelCode, labels->u8[i] - 1).n_voxels++;
  }
}

/* A heart whose structures have the codes of @codes; codes ascend in the file as they must */
static UtLabelFile *
file_of (const UtVolume *heart, const int codes[UT_N_LABELS])
{
  UtLabelFile *file = ut_label_file_new ();
  UtVolume *labels = on_grid (heart, &heart->m_patient_from_voxel);
  guint8 index[UT_N_LABELS] = {0};
  for (int code = 1; code <= UT_LABEL_FILE_MAX_CODE; code++)
    for (guint8 s = UT_MYO; s < UT_N_LABELS; s++)
      if (codes[s] == code) {
        ut_label_file_add_code (file, code, NULL);
        index[s] = (guint8)file->codes->len;
      }
  for (gsize i = 0; i < ut_volume_n_voxels (labels); i++)
    labels->u8[i] = index[labels->u8[i]];
  g_ptr_array_add (file->layers, labels);
  count (file);
  return file;
}

static void
assert_codes (const UtHeartCodes *codes, const int expected[UT_N_LABELS])
{
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    g_assert_cmpint (codes->codes[s], ==, expected[s]);
}

static void
assert_applied (const UtHeartCodes *codes, const UtLabelFile *file, const UtVolume *heart)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtVolume) labels = ut_heart_codes_apply (codes, file, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (labels->u8, ut_volume_n_voxels (labels), heart->u8, ut_volume_n_voxels (heart));
}

static void
test_own (void)
{
  const int own[UT_N_LABELS] = {0, 1, 2, 3, 4, 5};
  for (guint64 seed = 0; seed < 6; seed++) {
    g_autoptr (UtVolume) heart = phantom_heart (seed, SPACING_MM);
    g_autoptr (UtLabelFile) file = file_of (heart, own);
    g_autoptr (GError) error = NULL;
    UtHeartCodes codes;
    g_assert_true (ut_heart_codes_find (file, &codes, &error));
    g_assert_no_error (error);
    g_assert_cmpint (codes.origin, ==, UT_HEART_CODES_OWN);
    assert_codes (&codes, own);
    assert_applied (&codes, file, heart);
  }
}

/* Each other order of 1 to 5 on @heart; how many of them were asked about, with the right guess */
static guint
permute (const UtVolume *heart, int codes[UT_N_LABELS], int next, guint *n_all)
{
  guint n_caught = 0;
  for (int code = 1; next < UT_N_LABELS && code < UT_N_LABELS; code++) {
    gboolean taken = FALSE;
    for (int s = UT_MYO; s < next; s++)
      taken = taken || codes[s] == code;
    codes[next] = code;
    if (!taken)
      n_caught += permute (heart, codes, next + 1, n_all);
  }
  if (next < UT_N_LABELS)
    return n_caught;
  g_autoptr (UtLabelFile) file = file_of (heart, codes);
  g_autoptr (GError) error = NULL;
  UtHeartCodes found;
  (*n_all)++;
  if (ut_heart_codes_find (file, &found, &error))
    return 0;
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_ASK);
  assert_codes (&found, codes);
  return 1;
}

static void
test_permuted (void)
{
  g_autoptr (UtVolume) heart = phantom_heart (3, SPACING_MM);
  int codes[UT_N_LABELS] = {0};
  guint n_all = 0, n_caught = permute (heart, codes, UT_MYO, &n_all);
  g_assert_cmpuint (n_all, ==, 120);
  g_assert_cmpuint (n_caught, ==, 119); /* all but ours */
}

/* 1 to 5 as TotalSegmentator has them, and a vessel: never taken for ours, and well guessed */
static void
test_total_segmentator (void)
{
  const int total[UT_N_LABELS] = {[UT_MYO] = 1, [UT_LA] = 2, [UT_LV] = 3, [UT_RA] = 4, [UT_RV] = 5};
  g_autoptr (UtVolume) heart = phantom_heart (1, SPACING_MM);
  g_autoptr (UtLabelFile) file = file_of (heart, total);
  g_autoptr (GError) error = NULL;
  UtHeartCodes codes;
  g_assert_false (ut_heart_codes_find (file, &codes, &error));
  g_assert_nonnull (strstr (error->message, "Myo=1,LV=3,LA=2,RV=5,RA=4"));
  g_clear_error (&error);

  UtVolume *labels = file->layers->pdata[0];
  ut_label_file_add_code (file, 6, NULL);
  for (gsize i = 0; i < labels->dims[0] * labels->dims[1]; i++)
    labels->u8[i] = 6;
  g_array_index (file->codes, UtLabelCode, 5).n_voxels = labels->dims[0] * labels->dims[1];
  g_assert_false (ut_heart_codes_find (file, &codes, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_ASK);
  assert_codes (&codes, total);
}

static void
test_mm_whs (void)
{
  const int mm_whs[UT_N_LABELS] = {
    [UT_MYO] = 205, [UT_LA] = 420, [UT_LV] = 500, [UT_RA] = 550, [UT_RV] = 600};
  g_autoptr (UtVolume) heart = phantom_heart (2, SPACING_MM);
  g_autoptr (UtLabelFile) file = file_of (heart, mm_whs);
  UtHeartCodes codes;
  ut_label_file_add_code (file, 820, NULL);
  g_assert_true (ut_heart_codes_find (file, &codes, NULL));
  g_assert_cmpint (codes.origin, ==, UT_HEART_CODES_MM_WHS);
  assert_codes (&codes, mm_whs);
  assert_applied (&codes, file, heart);

  ut_label_file_add_code (file, 821, NULL); /* none of theirs */
  g_assert_false (ut_heart_codes_find (file, &codes, NULL));
}

/* What is not all there cannot be told, unless it plainly is something else. */
static void
test_missing (void)
{
  const int own[UT_N_LABELS] = {0, 1, 2, 3, 4, 5}, lv_first[UT_N_LABELS] = {0, 2, 1, 3};
  g_autoptr (UtVolume) heart = phantom_heart (4, SPACING_MM);
  UtHeartCodes codes;
  for (guint8 s = UT_MYO; s < UT_N_LABELS; s++) {
    g_autoptr (UtVolume) spoilt = without (heart, s);
    int some[UT_N_LABELS];
    memcpy (some, own, sizeof some);
    some[s] = 0;
    g_autoptr (UtLabelFile) file = file_of (spoilt, some);
    g_assert_true (ut_heart_codes_find (file, &codes, NULL));
    g_assert_cmpint (codes.origin, ==, UT_HEART_CODES_UNCHECKED);
    assert_codes (&codes, some);
  }
  g_autoptr (UtVolume) no_rv = without (heart, UT_RV);
  g_autoptr (UtVolume) left = without (no_rv, UT_RA);
  g_autoptr (UtLabelFile) file = file_of (left, lv_first); /* as CAMUS: 1 LV, 2 Myo, 3 LA */
  g_assert_false (ut_heart_codes_find (file, &codes, NULL));
  assert_codes (&codes, lv_first);

  g_autoptr (UtVolume) empty = without (left, UT_MYO);
  memset (empty->u8, 0, ut_volume_n_voxels (empty));
  const int none[UT_N_LABELS] = {0};
  g_autoptr (UtLabelFile) nothing = file_of (empty, none);
  g_assert_true (ut_heart_codes_find (nothing, &codes, NULL));
  g_assert_false (ut_heart_codes_any (&codes));
}

static void
test_names (void)
{
  static const struct {
    const char *name;
    int structure; /* -1: none */
  } names[] = {
    {"LV", UT_LV},
    {"left ventricle", UT_LV},
    {"Left Ventricular Cavity", UT_LV},
    {"heart_ventricle_left", UT_LV},
    {"LV blood pool", UT_LV},
    {"Left-Atrium", UT_LA},
    {"heart_atrium_left", UT_LA},
    {"right ventricle of heart", UT_RV},
    {"RA", UT_RA},
    {"heart_myocardium", UT_MYO},
    {"LV myocardium", UT_MYO},
    {"left ventricular wall", UT_MYO},
    {"Myo", UT_MYO},
    {"RV wall", -1},
    {"right ventricular myocardium", -1},
    {"left atrial appendage", -1},
    {"atrial_appendage_left", -1},
    {"wall", -1},
    {"heart", -1},
    {"left", -1},
    {"LV RV", -1},
    {"LA wall", -1},
    {"Segment_1", -1},
    {"", -1},
    {"pulmonary_vein", -1},
    {"left ventricular outflow tract", -1},
  };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    UtStructure structure = UT_BACKGROUND;
    gboolean found = ut_heart_codes_of_name (names[i].name, &structure);
    g_test_message ("%s", names[i].name);
    g_assert_cmpint (found ? (int)structure : -1, ==, names[i].structure);
  }
}

static void
set_name (UtLabelFile *file, guint i, const char *name)
{
  UtLabelCode *code = &g_array_index (file->codes, UtLabelCode, i);
  g_free (code->name);
  code->name = g_strdup (name);
}

static void
test_named_segments (void)
{
  const int odd[UT_N_LABELS] = {0, 9, 4, 1, 3, 7};
  g_autoptr (UtVolume) heart = phantom_heart (5, SPACING_MM);
  g_autoptr (UtLabelFile) file = file_of (heart, odd); /* codes 1, 3, 4, 7, 9 */
  static const char *const names[] = {"LA", "RV", "LV", "RA", "heart_myocardium"};
  g_autoptr (GError) error = NULL;
  UtHeartCodes codes;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    set_name (file, i, names[i]);
  g_assert_true (ut_heart_codes_find (file, &codes, NULL));
  g_assert_cmpint (codes.origin, ==, UT_HEART_CODES_NAMES);
  assert_codes (&codes, odd);
  assert_applied (&codes, file, heart);

  set_name (file, 1, "Segment_2");
  g_assert_false (ut_heart_codes_find (file, &codes, &error));
  g_assert_nonnull (strstr (error->message, "none of its segments is named as RV"));
  g_clear_error (&error);
  set_name (file, 1, "left ventricle");
  g_assert_false (ut_heart_codes_find (file, &codes, &error));
  g_assert_nonnull (strstr (error->message, "two of its segments are named as LV"));
}

/* Two layers of one grid: what overlaps is refused, unless only one of the two is wanted. */
static void
test_layers (void)
{
  const int own[UT_N_LABELS] = {0, 1, 2, 3, 4, 5};
  g_autoptr (UtVolume) heart = phantom_heart (0, SPACING_MM);
  g_autoptr (UtLabelFile) file = file_of (heart, own);
  g_autoptr (GError) error = NULL;
  UtVolume *second = on_grid (heart, &heart->m_patient_from_voxel);
  UtVolume *first = file->layers->pdata[0];
  for (gsize i = 0; i < ut_volume_n_voxels (heart); i++) {
    gboolean here = heart->u8[i] >= UT_RV;
    first->u8[i] = here ? 0 : heart->u8[i];
    second->u8[i] = here ? heart->u8[i] : 0;
  }
  g_ptr_array_add (file->layers, second);
  UtHeartCodes codes;
  g_assert_false (ut_heart_codes_find (file, &codes, NULL)); /* numbers of segments say nothing */
  assert_codes (&codes, own);
  assert_applied (&codes, file, heart);

  for (gsize i = 0; i < ut_volume_n_voxels (heart); i++)
    if (heart->u8[i] == UT_MYO)
      second->u8[i] = UT_RV;
  g_assert_null (ut_heart_codes_apply (&codes, file, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "segments of Myo and RV overlap in"));
  codes.codes[UT_RV] = 0;
  g_autoptr (UtVolume) labels = ut_heart_codes_apply (&codes, file, NULL);
  g_assert_nonnull (labels);
}

static void
test_text (void)
{
  static const char *const wrong[] = {"",
                                      "LV",
                                      "LV=",
                                      "LV=0",
                                      "LV=-1",
                                      "LV=70000",
                                      "LV=2,LV=3",
                                      "LV=2,LA=2",
                                      "XY=1",
                                      "background=1",
                                      "LV=2,",
                                      "LV=2;LA=3",
                                      "LV=1.5"};
  g_autoptr (GError) error = NULL;
  UtHeartCodes codes;
  g_assert_true (ut_heart_codes_parse (" lv = 3 ,Myo=1,RA=500", &codes, &error));
  g_assert_no_error (error);
  g_assert_cmpint (codes.origin, ==, UT_HEART_CODES_TOLD);
  g_autofree char *text = ut_heart_codes_to_string (&codes);
  g_assert_cmpstr (text, ==, "Myo=1,LV=3,RA=500");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_assert_false (ut_heart_codes_parse (wrong[i], &codes, &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
    g_clear_error (&error);
  }
  for (UtHeartCodesOrigin o = UT_HEART_CODES_OWN; o <= UT_HEART_CODES_TOLD; o++)
    g_assert_cmpint (ut_heart_codes_origin_from_name (ut_heart_codes_origin_name (o)), ==, o);
}

static void
test_told_but_absent (void)
{
  const int own[UT_N_LABELS] = {0, 1, 2, 3, 4, 5};
  g_autoptr (UtVolume) heart = phantom_heart (0, SPACING_MM);
  g_autoptr (UtLabelFile) file = file_of (heart, own);
  g_autoptr (GError) error = NULL;
  UtHeartCodes codes;
  g_assert_true (ut_heart_codes_parse ("LV=2,RA=8", &codes, NULL));
  g_assert_null (ut_heart_codes_apply (&codes, file, &error));
  g_assert_nonnull (
    strstr (error->message, "no code 8, which RA is said to have: it holds 1, 2, 3, 4, 5"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/heart-codes/own", test_own);
  g_test_add_func ("/heart-codes/permuted", test_permuted);
  g_test_add_func ("/heart-codes/total-segmentator", test_total_segmentator);
  g_test_add_func ("/heart-codes/mm-whs", test_mm_whs);
  g_test_add_func ("/heart-codes/missing", test_missing);
  g_test_add_func ("/heart-codes/names", test_names);
  g_test_add_func ("/heart-codes/named-segments", test_named_segments);
  g_test_add_func ("/heart-codes/layers", test_layers);
  g_test_add_func ("/heart-codes/text", test_text);
  g_test_add_func ("/heart-codes/told-but-absent", test_told_but_absent);
  return g_test_run ();
}
