/* SPDX-License-Identifier: Apache-2.0 */
#include "app/loop-places.h"

#define A4C  UT_VIEW_A4C
#define A2C  UT_VIEW_A2C
#define PSAX UT_VIEW_PSAX
#define NONE -1

static const struct {
  const char *what;
  int says[4];
  gsize n;
  gboolean full[UT_N_VIEWS]; /* A4C, A2C, PSAX */
  int places[4], twice;
} cases[] = {
  {"each its own", {PSAX, A4C, A2C}, 3, {FALSE}, {PSAX, A4C, A2C}, NONE},
  {"a name goes over the study's", {A2C}, 1, {TRUE, TRUE, TRUE}, {A2C}, NONE},
  {"the second to a free view", {A4C, A4C}, 2, {FALSE}, {A4C, A2C}, A4C},
  {"not over another's name", {A4C, A4C, A2C}, 3, {FALSE}, {A4C, PSAX, A2C}, A4C},
  {"not over the study's", {A4C, A4C}, 2, {FALSE, TRUE, FALSE}, {A4C, PSAX}, A4C},
  {"no view is free", {A4C, A4C}, 2, {TRUE, TRUE, TRUE}, {A4C, NONE}, A4C},
  {"all say the same", {PSAX, PSAX, PSAX, PSAX}, 4, {FALSE}, {PSAX, A4C, A2C, NONE}, PSAX},
  {"no names", {NONE, NONE, NONE}, 3, {FALSE}, {A4C, A2C, PSAX}, NONE},
  {"no names, a full study", {NONE, NONE}, 2, {TRUE, TRUE, TRUE}, {A4C, A2C}, NONE},
  {"no name beside a name", {NONE, A4C}, 2, {FALSE}, {A2C, A4C}, NONE},
};

static void
test_places (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    int places[G_N_ELEMENTS (cases[i].places)];
    int twice = ut_loop_places (cases[i].says, cases[i].n, cases[i].full, places);
    g_test_message ("%s", cases[i].what);
    g_assert_cmpint (twice, ==, cases[i].twice);
    for (gsize k = 0; k < cases[i].n; k++)
      g_assert_cmpint (places[k], ==, cases[i].places[k]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loop-places/places", test_places);
  return g_test_run ();
}
