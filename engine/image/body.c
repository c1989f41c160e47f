/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/body.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

#include <math.h>
#include <string.h>

static const char *const sex_names[UT_N_SEXES] = {
  [UT_SEX_UNKNOWN] = "unknown", [UT_SEX_FEMALE] = "female", [UT_SEX_MALE] = "male"};

const char *
ut_sex_name (UtSex sex)
{
  return sex_names[sex];
}

gboolean
ut_sex_from_name (const char *name, UtSex *ret)
{
  for (UtSex sex = 0; sex < UT_N_SEXES; sex++)
    if (strcmp (name, sex_names[sex]) == 0) {
      *ret = sex;
      return TRUE;
    }
  return FALSE;
}

gboolean
ut_body_equal (const UtBody *a, const UtBody *b)
{
  return a->sex == b->sex && a->height_cm == b->height_cm && a->weight_kg == b->weight_kg;
}

gboolean
ut_body_is_known (const UtBody *self)
{
  return !ut_body_equal (self, &(UtBody){0});
}

gboolean
ut_body_is_sound (const UtBody *self, GError **error)
{
  gboolean height = self->height_cm == 0 || (self->height_cm >= UT_BODY_MIN_HEIGHT_CM &&
                                             self->height_cm <= UT_BODY_MAX_HEIGHT_CM);
  gboolean weight = self->weight_kg == 0 || (self->weight_kg >= UT_BODY_MIN_WEIGHT_KG &&
                                             self->weight_kg <= UT_BODY_MAX_WEIGHT_KG);
  if (!height)
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("a height of %g cm, want %g to %g"),
                 self->height_cm,
                 UT_BODY_MIN_HEIGHT_CM,
                 UT_BODY_MAX_HEIGHT_CM);
  else if (!weight)
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("a weight of %g kg, want %g to %g"),
                 self->weight_kg,
                 UT_BODY_MIN_WEIGHT_KG,
                 UT_BODY_MAX_WEIGHT_KG);
  return height && weight;
}

double
ut_body_surface_m2 (const UtBody *self)
{
  return 0.007184 * pow (self->height_cm, 0.725) * pow (self->weight_kg, 0.425);
}
