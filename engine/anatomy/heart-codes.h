/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/image/label-file.h"

/**
 * Which code of a label map is which structure.
 *
 * Codes in use, of which the first two share 1 to 5 and mean different things by them:
 *   ours                  1 Myo, 2 LV, 3 LA, 4 RV, 5 RA (UtStructure)
 *   TotalSegmentator      1 Myo, 2 LA, 3 LV, 4 RA, 5 RV, 6 aorta, 7 pulmonary artery: its task
 *                         heartchambers_highres, totalsegmentator/map_to_binary.py; Wasserthal et
 *                         al., Radiology: Artificial Intelligence 5(5), 2023
 *   MM-WHS                500 LV, 600 RV, 420 LA, 550 RA, 205 Myo, 820 aorta, 850 pulmonary artery:
 *                         the challenge of 2017; Zhuang and Shen, Medical Image Analysis 31, 2016
 */

/** UtHeartCodesOrigin: how the codes are known */
typedef enum {
  UT_HEART_CODES_OWN,       /* 1 to 5, and what touches what fits that (heart-order.h) */
  UT_HEART_CODES_UNCHECKED, /* the same, but structures are missing and nothing speaks against it */
  UT_HEART_CODES_NAMES,     /* of its segments */
  UT_HEART_CODES_MM_WHS,    /* no other convention has these */
  UT_HEART_CODES_TOLD,      /* by a person */
} UtHeartCodesOrigin;

/** UtHeartCodes: which code each structure has in a file */
typedef struct UtHeartCodes {
  int codes[UT_N_LABELS]; /* by UtStructure; 0: not in the file, or not wanted */
  UtHeartCodesOrigin origin;
} UtHeartCodes;

/** ut_heart_codes_own: ours, as files have them that this program wrote */
UtHeartCodes ut_heart_codes_own (void);

/** ut_heart_codes_origin_name: "own", "own, unchecked", "segment names", "MM-WHS", "told"; fixed,
 * never translated */
const char *ut_heart_codes_origin_name (UtHeartCodesOrigin origin);

/** ut_heart_codes_origin_from_name: UT_HEART_CODES_TOLD where it is none of them */
UtHeartCodesOrigin ut_heart_codes_origin_from_name (const char *name);

/** ut_heart_codes_any: TRUE where a structure has a code */
gboolean ut_heart_codes_any (const UtHeartCodes *self);

/**
 * ut_heart_codes_parse:
 * @list: "LV=3,LA=2": structures in any order and case; what is not named is background
 *
 * Errors: FORMAT where it is no such list, or a structure or a code stands in it twice.
 */
gboolean ut_heart_codes_parse (const char *list, UtHeartCodes *ret_codes, GError **error);

/** ut_heart_codes_to_string: (transfer full): as ut_heart_codes_parse() reads */
char *ut_heart_codes_to_string (const UtHeartCodes *self);

/**
 * ut_heart_codes_of_name: the structure that the name of a segment means: "LV", "left ventricle",
 * "heart_ventricle_left", "LV myocardium"; FALSE where it is another, or more is said
 */
gboolean ut_heart_codes_of_name (const char *name, UtStructure *ret_structure);

/**
 * ut_heart_codes_find:
 * @ret_codes: (out): the best guess, whatever is returned
 *
 * Recognises the codes of a file by the names of its segments, by MM-WHS's numbers, or as ours.
 *
 * Cost: O(voxels). Errors: ASK where it is not certain, the message without the file's name.
 *
 * Returns: TRUE where it is certain
 */
gboolean ut_heart_codes_find (const UtLabelFile *file, UtHeartCodes *ret_codes, GError **error);

/**
 * ut_heart_codes_apply:
 *
 * Errors: FORMAT where the file has no code that a person told, or two structures overlap in its
 * layers.
 *
 * Returns: (transfer full): uint8, codes as UtStructure, on the file's grid
 */
UtVolume *ut_heart_codes_apply (const UtHeartCodes *self, const UtLabelFile *file, GError **error);
