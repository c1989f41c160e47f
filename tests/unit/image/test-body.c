/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/body.h"

#include "engine/base/error.h"

/* Worked by hand from the formula; nothing without both. */
static void
test_surface (void)
{
  const UtBody middle = {UT_SEX_FEMALE, 170, 70}, tall = {UT_SEX_MALE, 190, 82};
  g_assert_cmpfloat_with_epsilon (ut_body_surface_m2 (&middle), 1.8097, 1e-4);
  g_assert_cmpfloat_with_epsilon (ut_body_surface_m2 (&tall), 2.0981, 1e-4);
  g_assert_cmpfloat (ut_body_surface_m2 (&(UtBody){.height_cm = 170}), ==, 0);
  g_assert_cmpfloat (ut_body_surface_m2 (&(UtBody){.weight_kg = 70}), ==, 0);
}

static void
test_sound (void)
{
  const UtBody wrong[] = {
    {.height_cm = 1.7}, {.height_cm = 251}, {.weight_kg = -70}, {.weight_kg = 401}};
  g_assert_true (ut_body_is_sound (&(UtBody){0}, NULL));
  g_assert_true (ut_body_is_sound (&(UtBody){UT_SEX_MALE, 30, 400}, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (ut_body_is_sound (&wrong[i], &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
    g_assert_nonnull (strstr (error->message, i < 2 ? "height" : "weight"));
  }
}

static void
test_names (void)
{
  for (UtSex sex = 0; sex < UT_N_SEXES; sex++) {
    UtSex found = UT_N_SEXES;
    g_assert_true (ut_sex_from_name (ut_sex_name (sex), &found));
    g_assert_cmpint (found, ==, sex);
  }
  UtSex untouched = UT_SEX_MALE;
  g_assert_false (ut_sex_from_name ("Female", &untouched));
  g_assert_cmpint (untouched, ==, UT_SEX_MALE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/body/surface", test_surface);
  g_test_add_func ("/body/sound", test_sound);
  g_test_add_func ("/body/names", test_names);
  return g_test_run ();
}
