/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum { UT_SEX_UNKNOWN, UT_SEX_FEMALE, UT_SEX_MALE, UT_N_SEXES } UtSex;

/** UtBody: of the person who was filmed; all zero: nothing is known. */
typedef struct UtBody {
  UtSex sex;
  double height_cm, weight_kg; /* 0 = unknown */
} UtBody;

#define UT_BODY_MIN_HEIGHT_CM 30.0
#define UT_BODY_MAX_HEIGHT_CM 250.0
#define UT_BODY_MIN_WEIGHT_KG 1.0
#define UT_BODY_MAX_WEIGHT_KG 400.0

/** ut_sex_name: "unknown", "female", "male": for files and the command */
const char *ut_sex_name (UtSex sex);

/** ut_sex_from_name: FALSE where @name is none of these */
gboolean ut_sex_from_name (const char *name, UtSex *ret);

gboolean ut_body_equal (const UtBody *a, const UtBody *b);

/** ut_body_is_known: TRUE where anything is */
gboolean ut_body_is_known (const UtBody *self);

/** ut_body_is_sound: TRUE where height and weight are each 0 or within the limits above. Errors:
 * RANGE, which names the one that is not */
gboolean ut_body_is_sound (const UtBody *self, GError **error);

/**
 * ut_body_surface_m2:
 *
 * Body surface area, 0.007184 height^0.725 weight^0.425; 0 where either is unknown.
 *
 * Source: Du Bois & Du Bois, Archives of Internal Medicine 17, 1916.
 */
double ut_body_surface_m2 (const UtBody *self);

G_END_DECLS
