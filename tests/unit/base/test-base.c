/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/affine.h"
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/json.h"
#include "engine/base/parallel.h"
#include "engine/base/progress.h"
#include "engine/base/random.h"
#include "engine/base/words.h"

#include <string.h>
#include <unistd.h>

static void
test_affine_inverse (void)
{
  UtAffine m = {{{2, 0.5, 0, 7}, {0, -3, 1, 5}, {0.1, 0, 4, -2}}}, inverse;
  g_assert_true (ut_affine_invert (&m, &inverse));
  UtAffine unit = ut_affine_multiply (&m, &inverse);
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 4; c++)
      g_assert_cmpfloat_with_epsilon (unit.m[r][c], r == c, 1e-12);

  UtVec3 p = ut_vec3 (1, 2, 3);
  UtVec3 back = ut_affine_point (&inverse, ut_affine_point (&m, p));
  g_assert_cmpfloat (ut_vec3_length (ut_vec3_sub (p, back)), <, 1e-12);

  UtAffine flat = {{{1, 2, 3, 0}, {2, 4, 6, 0}, {0, 0, 1, 0}}}, untouched = m;
  g_assert_false (ut_affine_invert (&flat, &untouched));
  g_assert_cmpmem (&untouched, sizeof m, &m, sizeof m);
}

static void
test_vectors (void)
{
  UtVec3 z = ut_vec3_cross (ut_vec3 (1, 0, 0), ut_vec3 (0, 1, 0));
  g_assert_cmpfloat (z.z, ==, 1);
  UtVec3 turned = ut_vec3_rotate (ut_vec3 (1, 0, 0), ut_vec3 (0, 0, 1), G_PI / 2);
  g_assert_cmpfloat_with_epsilon (turned.y, 1, 1e-12); /* right hand: x to y about z */
  UtVec3 rest = ut_vec3_reject (ut_vec3 (3, 4, 5), ut_vec3 (0, 0, 1));
  g_assert_cmpfloat_with_epsilon (ut_vec3_length (rest), 5, 1e-12);
  g_assert_cmpfloat (ut_vec3_length (ut_vec3_normalise (ut_vec3 (0, 0, 0))), ==, 0);
}

/* Known answers of Philox4x32-10: the authors' kat_vectors, and the normals that the
 * training code makes of them */
static void
test_philox (void)
{
  guint32 words[4];
  ut_philox ((const guint32[4]){0}, (const guint32[2]){0}, words);
  g_assert_cmphex (words[0], ==, 0x6627e8d5);
  g_assert_cmphex (words[1], ==, 0xe169c58d);
  g_assert_cmphex (words[2], ==, 0xbc57ac4c);
  g_assert_cmphex (words[3], ==, 0x9b00dbd8);
  ut_philox ((const guint32[4]){0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
             (const guint32[2]){0xa4093822, 0x299f31d0},
             words);
  g_assert_cmphex (words[0], ==, 0xd16cfe09);
  g_assert_cmphex (words[3], ==, 0x24126ea1);
}

static void
test_normals (void)
{
  const float seed_0[8] = {
    0.991138f, -0.924663f, -0.617609f, -0.482069f, -0.153638f, 0.180826f, 0.831735f, 0.197440f};
  const float seed_42[4] = {-0.970190f, 0.194019f, -1.235621f, 1.923927f};
  float normals[8], tail[4];
  ut_philox_normals (0, 0, 0, 8, normals);
  for (int i = 0; i < 8; i++)
    g_assert_cmpfloat_with_epsilon (normals[i], seed_0[i], 1e-6);
  ut_philox_normals (0, 0, 4, 3, tail); /* any multiple of four may come first */
  g_assert_cmpmem (tail, 3 * sizeof (float), normals + 4, 3 * sizeof (float));
  ut_philox_normals (42, 0, 0, 4, normals);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (normals[i], seed_42[i], 1e-6);
}

static void
test_random_moments (void)
{
  UtRandom random, other;
  ut_random_init (&random, 3, 0);
  ut_random_init (&other, 3, 1);
  g_assert_cmpuint (ut_random_u32 (&random), !=, ut_random_u32 (&other));
  double sum = 0, squares = 0;
  const int n = 20000;
  for (int i = 0; i < n; i++) {
    double value = ut_random_normal (&random, 5, 2);
    sum += value;
    squares += (value - 5) * (value - 5);
    g_assert_cmpuint (ut_random_index (&random, 7), <, 7);
    double inside = ut_random_normal_within (&random, 0, 1, 0.5, 0.6);
    g_assert_true (inside >= 0.5 && inside <= 0.6);
  }
  g_assert_cmpfloat_with_epsilon (sum / n, 5, 0.06); /* 4 standard errors */
  g_assert_cmpfloat_with_epsilon (squares / n, 4, 0.16);
}

static void
count_items (gsize begin, gsize end, gpointer data)
{
  int *visits = data;
  for (gsize i = begin; i < end; i++)
    g_atomic_int_inc (&visits[i]);
}

static void
nest (gsize begin, gsize end, gpointer data)
{
  for (gsize i = begin; i < end; i++)
    ut_parallel_for (100, 1, count_items, (int *)data + 100 * i);
}

static void
test_parallel (void)
{
  static int visits[10000];
  for (int round = 0; round < 50; round++) {
    memset (visits, 0, sizeof visits);
    ut_parallel_for (10000, 1 + (gsize)round * 100, count_items, visits);
    for (int i = 0; i < 10000; i++)
      g_assert_cmpint (visits[i], ==, 1);
  }
  memset (visits, 0, sizeof visits);
  ut_parallel_for (100, 1, nest, visits);
  for (int i = 0; i < 10000; i++)
    g_assert_cmpint (visits[i], ==, 1);
  ut_parallel_for (0, 1, count_items, visits);
}

static void
note_fraction (double fraction, UtStage stage, gpointer data)
{
  double *last = data;
  g_assert_cmpfloat (fraction, >=, *last);
  *last = fraction;
}

static void
test_progress_nests (void)
{
  double last = -1;
  UtProgress whole;
  ut_progress_init (&whole, note_fraction, &last);
  UtProgress half = ut_progress_step (&whole, 0.5);
  UtProgress quarter = ut_progress_step (&half, 0.5);
  ut_progress_set (&quarter, 1, UT_STAGE_READ);
  g_assert_cmpfloat_with_epsilon (last, 0.25, 1e-12);
  UtProgress rest = ut_progress_step (&half, 0.5);
  ut_progress_set (&rest, 1, UT_STAGE_READ);
  g_assert_cmpfloat_with_epsilon (last, 0.5, 1e-12);
  UtProgress end = ut_progress_step (&whole, 0.5);
  ut_progress_set (&end, 0.5, UT_STAGE_WRITE);
  g_assert_cmpfloat_with_epsilon (last, 0.75, 1e-12);

  UtProgress nobody = ut_progress_step (NULL, 0.5);
  ut_progress_set (&nobody, 1, UT_STAGE_READ);
}

static void
assert_refused (const char *text, gsize length, int code)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_json_parse (text, length, "x.json", &error));
  g_assert_error (error, UT_ENGINE_ERROR, code);
  g_assert_true (g_str_has_prefix (error->message, "x.json: "));
}

static void
test_json_refuses (void)
{
  assert_refused ("", 0, UT_ENGINE_ERROR_FORMAT);
  assert_refused ("[1]", 3, UT_ENGINE_ERROR_FORMAT);
  assert_refused ("{\"a\":", 5, UT_ENGINE_ERROR_FORMAT);
  assert_refused ("{\"a\":\"\xff\"}", 9, UT_ENGINE_ERROR_FORMAT);
  const char *comment = "{/*\"*/ \"a\": 1}"; /* its quote would hide brackets */
  assert_refused (comment, strlen (comment), UT_ENGINE_ERROR_FORMAT);
  g_autofree char *deep = g_strnfill (100000, '[');
  assert_refused (deep, 100000, UT_ENGINE_ERROR_RANGE);
}

static void
test_json_time (void)
{
  static const char *const bad[] = {"1969-12-31T23:59:59Z", "2026-01-02T03:04:05", "yesterday"};
  g_autoptr (JsonObject) object = json_object_new ();
  gint64 when = 1;
  ut_json_set_time (object, "when", 0);
  g_assert_false (ut_json_has (object, "when"));
  g_assert_true (ut_json_get_time (object, "when", &when, NULL) && when == 0);
  ut_json_set_time (object, "when", 1767322445);
  g_assert_cmpstr (json_object_get_string_member (object, "when"), ==, "2026-01-02T02:54:05Z");
  g_assert_true (ut_json_get_time (object, "when", &when, NULL) && when == 1767322445);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    json_object_set_string_member (object, "when", bad[i]);
    g_assert_false (ut_json_get_time (object, "when", &when, &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  }
}

static void
test_json_members (void)
{
  const char *text = "{\"n\": 3, \"x\": 0.5, \"s\": \"[[[\", \"b\": true, \"nothing\": null}";
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = ut_json_parse (text, strlen (text), "x.json", &error);
  g_assert_no_error (error);
  JsonObject *object = json_node_get_object (root);
  gint64 n = 0;
  double x = 0;
  const char *s = NULL;
  gboolean b = FALSE;
  g_assert_true (ut_json_get_int (object, "n", 0, 3, &n, &error) && n == 3);
  g_assert_true (ut_json_get_double (object, "n", 0, 3, &x, &error) && x == 3);
  g_assert_true (ut_json_get_double (object, "x", 0, 1, &x, &error) && x == 0.5);
  g_assert_true (ut_json_get_string (object, "s", &s, &error) && g_str_equal (s, "[[["));
  g_assert_true (ut_json_get_boolean (object, "b", &b, &error) && b);
  g_assert_false (ut_json_has (object, "nothing"));

  g_assert_false (ut_json_get_int (object, "n", 4, 9, &n, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_false (ut_json_get_int (object, "x", 0, 9, &n, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_false (ut_json_get_string (object, "missing", &s, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_assert_cmpint (n, ==, 3);
}

static void
test_folder_relative (void)
{
  static const struct {
    const char *folder, *path, *way;
  } cases[] = {
    {"/a/before", "/a/after", "../after"},
    {"/a/before", "/a/before-not", "../before-not"}, /* names that begin alike */
    {"/a", "/a/b/c", "b/c"},
    {"/a/b/c", "/a", "../.."},
    {"/a/b", "/c/d", "../../c/d"},
    {"/a/./b/", "/a//b/../b", "."},
    {"/", "/a", "a"},
    {"/a", "/", ".."},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *way = ut_folder_relative (cases[i].folder, cases[i].path);
    g_autofree char *back = g_canonicalize_filename (way, cases[i].folder);
    g_autofree char *there = g_canonicalize_filename (cases[i].path, "/");
    g_assert_cmpstr (way, ==, cases[i].way);
    g_assert_cmpstr (back, ==, there);
  }
}

static const char *
backwards (const char *english)
{
  return g_str_equal (english, "%s: want a JSON object") ? "a JSON object is missing: %s" : english;
}

static void
test_words (void)
{
  g_autoptr (GError) english = NULL, other = NULL, untranslated = NULL;
  g_assert_null (ut_json_parse ("[]", 2, "list.json", &english));
  g_assert_cmpstr (english->message, ==, "list.json: want a JSON object");
  ut_words_translate_by (backwards);
  g_assert_null (ut_json_parse ("[]", 2, "list.json", &other));
  g_assert_null (ut_json_parse ("\xff", 1, "list.json", &untranslated));
  ut_words_translate_by (NULL);
  g_assert_cmpstr (other->message, ==, "a JSON object is missing: list.json");
  g_assert_cmpstr (untranslated->message, ==, "list.json: not UTF-8 text");
}

/* Whatever lies in a folder goes, and nothing that its links lead to. */
static void
test_folder_remove (void)
{
  g_autofree char *outside = g_dir_make_tmp ("ut-base-XXXXXX", NULL);
  g_autofree char *kept = g_build_filename (outside, "kept", NULL);
  g_autofree char *folder = g_build_filename (outside, "folder", NULL);
  g_autofree char *deep = g_build_filename (folder, "deep", NULL);
  g_autofree char *file = g_build_filename (deep, "file", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  g_assert_true (ut_folder_is_free (folder));
  g_assert_true (ut_folder_make (deep, NULL) && ut_folder_is_free (deep));
  g_assert_true (g_file_set_contents (file, "", 0, NULL) &&
                 g_file_set_contents (kept, "", 0, NULL));
  g_assert_cmpint (symlink (outside, link), ==, 0);
  g_assert_false (ut_folder_is_free (folder) || ut_folder_is_free (file));
  ut_folder_remove (link); /* as one that cannot be deleted comes to it */
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  ut_folder_remove (folder);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  ut_folder_remove (outside);
  g_assert_false (g_file_test (outside, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/base/affine/inverse", test_affine_inverse);
  g_test_add_func ("/base/affine/vectors", test_vectors);
  g_test_add_func ("/base/random/philox", test_philox);
  g_test_add_func ("/base/random/normals", test_normals);
  g_test_add_func ("/base/random/moments", test_random_moments);
  g_test_add_func ("/base/parallel", test_parallel);
  g_test_add_func ("/base/progress", test_progress_nests);
  g_test_add_func ("/base/folder/relative", test_folder_relative);
  g_test_add_func ("/base/folder/remove", test_folder_remove);
  g_test_add_func ("/base/json/refuses", test_json_refuses);
  g_test_add_func ("/base/json/members", test_json_members);
  g_test_add_func ("/base/json/time", test_json_time);
  g_test_add_func ("/base/words", test_words);
  return g_test_run ();
}
