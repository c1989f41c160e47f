/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-codes.h"

#include "engine/anatomy/heart-order.h"
#include "engine/base/error.h"
#include "engine/base/words.h"

#include <string.h>

#define MAX_CODES_SAID 12 /* of a file, in a sentence */
#define CLEAR_MISFIT                                                                               \
  0.05 /* by so much another order must be better where structures are missing                     \
        */

static const int mm_whs[UT_N_LABELS] = {
  [UT_MYO] = 205, [UT_LV] = 500, [UT_LA] = 420, [UT_RV] = 600, [UT_RA] = 550};
static const int mm_whs_vessels[] = {820, 850};

UtHeartCodes
ut_heart_codes_own (void)
{
  UtHeartCodes own = {.origin = UT_HEART_CODES_OWN};
  for (int s = UT_MYO; s < UT_N_LABELS; s++)
    own.codes[s] = s;
  return own;
}

static const char *const origin_names[] = {
  "own", "own, unchecked", "segment names", "MM-WHS", "told"};

const char *
ut_heart_codes_origin_name (UtHeartCodesOrigin origin)
{
  return origin_names[origin];
}

UtHeartCodesOrigin
ut_heart_codes_origin_from_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (origin_names); i++)
    if (g_str_equal (name, origin_names[i]))
      return (UtHeartCodesOrigin)i;
  return UT_HEART_CODES_TOLD;
}

gboolean
ut_heart_codes_any (const UtHeartCodes *self)
{
  for (int s = UT_MYO; s < UT_N_LABELS; s++)
    if (self->codes[s] != 0)
      return TRUE;
  return FALSE;
}

/* ---- as text ----------------------------------------------------------------------------- */

static gboolean
add_item (UtHeartCodes *codes, const char *item)
{
  g_auto (GStrv) sides = g_strsplit (item, "=", 2);
  UtStructure structure;
  guint64 code;
  if (g_strv_length (sides) != 2 || !ut_structure_from_name (g_strstrip (sides[0]), &structure) ||
      structure == UT_BACKGROUND || codes->codes[structure] != 0 ||
      !g_ascii_string_to_unsigned (
        g_strstrip (sides[1]), 10, 1, UT_LABEL_FILE_MAX_CODE, &code, NULL))
    return FALSE;
  for (int s = UT_MYO; s < UT_N_LABELS; s++)
    if (codes->codes[s] == (int)code)
      return FALSE;
  codes->codes[structure] = (int)code;
  return TRUE;
}

gboolean
ut_heart_codes_parse (const char *list, UtHeartCodes *ret_codes, GError **error)
{
  UtHeartCodes codes = {.origin = UT_HEART_CODES_TOLD};
  g_auto (GStrv) items = g_strsplit (list, ",", -1);
  gboolean good = items[0] != NULL;
  for (char **item = items; good && *item != NULL; item++)
    good = add_item (&codes, *item);
  if (!good) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"%s\" is no list of codes, want each structure and each code once, "
                           "1 to %d, such as Myo=1,LV=3,LA=2,RV=5,RA=4"),
                 list,
                 UT_LABEL_FILE_MAX_CODE);
    return FALSE;
  }
  *ret_codes = codes;
  return TRUE;
}

char *
ut_heart_codes_to_string (const UtHeartCodes *self)
{
  GString *text = g_string_new (NULL);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (self->codes[s] != 0)
      g_string_append_printf (
        text, "%s%s=%d", text->len > 0 ? "," : "", ut_structure_name (s), self->codes[s]);
  return g_string_free (text, FALSE);
}

/* "1, 2, 3", not past MAX_CODES_SAID; (transfer full) */
static char *
codes_text (const UtLabelFile *file)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < MIN (file->codes->len, MAX_CODES_SAID); i++)
    g_string_append_printf (text, "%s%d", i > 0 ? ", " : "", ut_label_file_code (file, i)->code);
  if (file->codes->len > MAX_CODES_SAID)
    g_string_append (text, ", ...");
  return g_string_free (text, FALSE);
}

/* ---- names ------------------------------------------------------------------------------- */

enum {
  LEFT = 1 << 0,
  RIGHT = 1 << 1,
  VENTRICLE = 1 << 2,
  ATRIUM = 1 << 3,
  MUSCLE = 1 << 4,
  WALL = 1 << 5,
};

typedef struct Word {
  const char *word;
  guint means;
} Word;

static const Word words[] = {
  {"lv", LEFT | VENTRICLE},
  {"rv", RIGHT | VENTRICLE},
  {"la", LEFT | ATRIUM},
  {"ra", RIGHT | ATRIUM},
  {"left", LEFT},
  {"right", RIGHT},
  {"ventricle", VENTRICLE},
  {"ventricular", VENTRICLE},
  {"atrium", ATRIUM},
  {"atrial", ATRIUM},
  {"myo", MUSCLE},
  {"myocardium", MUSCLE},
  {"myocardial", MUSCLE},
  {"wall", WALL},
  {"heart", 0},
  {"cardiac", 0},
  {"of", 0},
  {"the", 0},
  {"cavity", 0},
  {"chamber", 0},
  {"blood", 0},
  {"pool", 0},
};

static gboolean
add_meaning (guint *meaning, const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].word, word)) {
      *meaning |= words[i].means;
      return TRUE;
    }
  return word[0] == '\0';
}

gboolean
ut_heart_codes_of_name (const char *name, UtStructure *ret_structure)
{
  static const Word known[UT_N_LABELS] = {
    [UT_LV] = {NULL, LEFT | VENTRICLE},
    [UT_LA] = {NULL, LEFT | ATRIUM},
    [UT_RV] = {NULL, RIGHT | VENTRICLE},
    [UT_RA] = {NULL, RIGHT | ATRIUM},
  };
  g_autofree char *lower = g_ascii_strdown (name, -1);
  g_strcanon (lower, G_CSET_a_2_z G_CSET_DIGITS, ' ');
  g_auto (GStrv) parts = g_strsplit (lower, " ", -1);
  guint meaning = 0;
  for (char **part = parts; *part != NULL; part++)
    if (!add_meaning (&meaning, *part))
      return FALSE;
  for (UtStructure s = UT_LV; s < UT_N_LABELS; s++)
    if (meaning == known[s].means) {
      *ret_structure = s;
      return TRUE;
    }
  /* the muscle is that of the LV, unless it is said to be another's */
  *ret_structure = UT_MYO;
  return meaning == MUSCLE || (meaning & ~(guint)WALL) == (LEFT | VENTRICLE | MUSCLE) ||
         meaning == (LEFT | VENTRICLE | WALL);
}

/* TRUE where any segment has a name that means a structure; @ret_twice: one that two mean */
static gboolean
find_names (const UtLabelFile *file, UtHeartCodes *ret, UtStructure *ret_twice)
{
  gboolean any = FALSE;
  *ret = (UtHeartCodes){.origin = UT_HEART_CODES_NAMES};
  *ret_twice = UT_BACKGROUND;
  for (guint i = 0; i < file->codes->len; i++) {
    const UtLabelCode *code = ut_label_file_code (file, i);
    UtStructure structure;
    if (code->name == NULL || !ut_heart_codes_of_name (code->name, &structure))
      continue;
    if (ret->codes[structure] != 0)
      *ret_twice = structure;
    ret->codes[structure] = code->code;
    any = TRUE;
  }
  return any;
}

static gboolean
judge_names (const UtHeartCodes *codes, UtStructure twice, GError **error)
{
  if (twice != UT_BACKGROUND)
    return ut_fail (error,
                    UT_ENGINE_ERROR_ASK,
                    ut_words ("two of its segments are named as %s: say which code is which"),
                    ut_structure_name (twice));
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (codes->codes[s] == 0)
      return ut_fail (error,
                      UT_ENGINE_ERROR_ASK,
                      ut_words ("none of its segments is named as %s: say which code is which"),
                      ut_structure_name (s));
  return TRUE;
}

/* ---- numbers ------------------------------------------------------------------------------ */

static gboolean
is_mm_whs (const UtLabelFile *file, UtHeartCodes *ret)
{
  UtHeartCodes codes = {.origin = UT_HEART_CODES_MM_WHS};
  gboolean any = FALSE;
  for (guint i = 0; i < file->codes->len; i++) {
    int code = ut_label_file_code (file, i)->code;
    gboolean known = code == mm_whs_vessels[0] || code == mm_whs_vessels[1];
    for (int s = UT_MYO; s < UT_N_LABELS; s++)
      if (code == mm_whs[s]) {
        codes.codes[s] = code;
        known = any = TRUE;
      }
    if (!known)
      return FALSE;
  }
  if (any)
    *ret = codes;
  return any;
}

/* TRUE where no code is over 5; @ret: ours, without those that are missing */
static gboolean
may_be_own (const UtLabelFile *file, UtHeartCodes *ret)
{
  *ret = (UtHeartCodes){.origin = UT_HEART_CODES_UNCHECKED};
  guint n = 0;
  for (guint i = 0; i < file->codes->len; i++) {
    int code = ut_label_file_code (file, i)->code;
    if (code >= UT_N_LABELS)
      return FALSE;
    ret->codes[code] = code;
    n++;
  }
  if (n == UT_N_LABELS - 1)
    ret->origin = UT_HEART_CODES_OWN;
  return TRUE;
}

/* The indices of the largest codes, at most UT_HEART_ORDER_MAX */
static guint
largest (const UtLabelFile *file, guint8 ret_labels[UT_HEART_ORDER_MAX])
{
  guint n = 0;
  for (guint i = 0; i < file->codes->len; i++) {
    gsize n_voxels = ut_label_file_code (file, i)->n_voxels;
    guint at = n;
    while (at > 0 && ut_label_file_code (file, ret_labels[at - 1] - 1u)->n_voxels < n_voxels)
      at--;
    if (n_voxels == 0 || at == UT_HEART_ORDER_MAX)
      continue;
    n = MIN (n + 1, UT_HEART_ORDER_MAX);
    memmove (ret_labels + at + 1, ret_labels + at, n - 1 - at);
    ret_labels[at] = (guint8)(i + 1);
  }
  return n;
}

/* All layers in one; where they overlap, the last one counts */
static UtVolume *
merged (const UtLabelFile *file)
{
  UtVolume *first = file->layers->pdata[0];
  if (file->layers->len == 1)
    return ut_volume_ref (first);
  UtVolume *all = ut_volume_new (UT_VOXEL_U8, first->dims, &first->m_patient_from_voxel, NULL);
  for (guint layer = 0; all != NULL && layer < file->layers->len; layer++) {
    const UtVolume *labels = file->layers->pdata[layer];
    for (gsize i = 0; i < ut_volume_n_voxels (all); i++)
      if (labels->u8[i] != 0)
        all->u8[i] = labels->u8[i];
  }
  return all;
}

/* The order that fits best goes to @codes; FALSE where ours does not fit as well, or there is no
 * memory to tell */
static gboolean
fits_own (const UtLabelFile *file, gboolean own, UtHeartCodes *codes)
{
  guint8 candidates[UT_HEART_ORDER_MAX], order[UT_N_LABELS] = {0};
  guint n_candidates = largest (file, candidates), n_labels = file->codes->len + 1;
  g_autoptr (UtVolume) labels = n_candidates > 0 ? merged (file) : NULL;
  if (labels == NULL)
    return own && n_candidates == 0;
  g_autofree double *shares = g_new (double, n_labels *n_labels);
  ut_heart_contacts (labels, n_labels, shares);
  UtHeartOrder best = ut_heart_order_find (shares, n_labels, candidates, n_candidates);
  double clear = codes->origin == UT_HEART_CODES_OWN ? 0 : CLEAR_MISFIT;
  for (int s = UT_MYO; own && s < UT_N_LABELS; s++)
    order[s] = (guint8)(ut_label_file_find (file, s) + 1);
  if (own && ut_heart_order_misfit (shares, n_labels, order) <= best.misfit + clear)
    return TRUE;
  for (int s = UT_MYO; s < UT_N_LABELS; s++)
    codes->codes[s] = best.labels[s] > 0 ? ut_label_file_code (file, best.labels[s] - 1u)->code : 0;
  return FALSE;
}

static gboolean
judge_contacts (const UtLabelFile *file, gboolean own, UtHeartCodes *codes, GError **error)
{
  if (fits_own (file, own, codes))
    return TRUE;
  g_autofree char *guess = ut_heart_codes_to_string (codes);
  if (own)
    return ut_fail (
      error,
      UT_ENGINE_ERROR_ASK,
      ut_words ("what touches what in it fits %s better than ours, 1 Myo, 2 LV, 3 LA, "
                "4 RV, 5 RA: say which code is which"),
      guess);
  g_autofree char *all = codes_text (file);
  return ut_fail (
    error,
    UT_ENGINE_ERROR_ASK,
    ut_words ("holds the codes %s, ours are 1 Myo, 2 LV, 3 LA, 4 RV, 5 RA; what touches "
              "what fits %s best: say which code is which"),
    all,
    guess);
}

gboolean
ut_heart_codes_find (const UtLabelFile *file, UtHeartCodes *ret_codes, GError **error)
{
  UtStructure twice;
  if (find_names (file, ret_codes, &twice))
    return judge_names (ret_codes, twice, error);
  if (is_mm_whs (file, ret_codes))
    return TRUE;
  gboolean own = may_be_own (file, ret_codes) && file->layers->len == 1;
  if (!own)
    *ret_codes = (UtHeartCodes){.origin = UT_HEART_CODES_UNCHECKED};
  return judge_contacts (file, own, ret_codes, error);
}

/* ---- to ours ------------------------------------------------------------------------------- */

static gboolean
put_layer (UtVolume *volume,
           const UtVolume *layer,
           const guint8 structure_of[UT_LABEL_FILE_MAX_CODES + 1],
           GError **error)
{
  gsize n_twice = 0;
  UtStructure a = UT_BACKGROUND, b = UT_BACKGROUND;
  for (gsize i = 0; i < ut_volume_n_voxels (volume); i++) {
    const guint8 structure = structure_of[layer->u8[i]];
    if (structure == UT_BACKGROUND)
      continue;
    if (volume->u8[i] != UT_BACKGROUND) {
      a = volume->u8[i];
      b = structure;
      n_twice++;
    }
    volume->u8[i] = structure;
  }
  if (n_twice == 0)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("its segments of %s and %s overlap in %zu voxels: take the one out of the "
                         "other first"),
               ut_structure_name (a),
               ut_structure_name (b),
               n_twice);
  return FALSE;
}

UtVolume *
ut_heart_codes_apply (const UtHeartCodes *self, const UtLabelFile *file, GError **error)
{
  guint8 structure_of[UT_LABEL_FILE_MAX_CODES + 1] = {0};
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    int at = ut_label_file_find (file, self->codes[s]);
    if (self->codes[s] == 0 || (at < 0 && self->origin != UT_HEART_CODES_TOLD))
      continue;
    if (at < 0) {
      g_autofree char *all = codes_text (file);
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("holds no code %d, which %s is said to have: it holds %s"),
                   self->codes[s],
                   ut_structure_name (s),
                   all);
      return NULL;
    }
    structure_of[at + 1] = (guint8)s;
  }
  UtVolume *first = file->layers->pdata[0];
  g_autoptr (UtVolume) volume =
    ut_volume_new (UT_VOXEL_U8, first->dims, &first->m_patient_from_voxel, error);
  for (guint layer = 0; volume != NULL && layer < file->layers->len; layer++)
    if (!put_layer (volume, file->layers->pdata[layer], structure_of, error))
      return NULL;
  return g_steal_pointer (&volume);
}
