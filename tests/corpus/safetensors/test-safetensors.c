/* SPDX-License-Identifier: Apache-2.0 */
/* Broken weight files: each is the good file of base() with one change, and the sentence that
 * must refuse it. */
#include "engine/base/error.h"
#include "engine/nn/weights.h"

#include <math.h>
#include <string.h>

/* Two tensors of 16 and 8 bytes. */
#define A          "\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}"
#define B          "\"b\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[16,24]}"
#define META       "\"__metadata__\":{\"format\":\"x\"}"
#define GOOD       "{" META "," A "," B "}"

#define DATA_BYTES 24

typedef struct Case {
  const char *name;
  const char *header;
  gssize data_bytes;   /* -1: DATA_BYTES */
  gint64 length_delta; /* what the length field says too much */
  int code;            /* UtEngineError */
  const char *pattern; /* of the message after "file: " */
} Case;

#define FORMAT      UT_ENGINE_ERROR_FORMAT
#define RANGE       UT_ENGINE_ERROR_RANGE
#define UNSUPPORTED UT_ENGINE_ERROR_UNSUPPORTED

/* tensor "b" with other fields */
#define WITH_B(fields) "{" A ",\"b\":{" fields "}}"
#define WITH_SHAPE(shape, end)                                                                     \
  WITH_B ("\"dtype\":\"F16\",\"shape\":" shape ",\"data_offsets\":[16," end "]")
#define WITH_OFFSETS(offsets) WITH_B ("\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":" offsets)
#define WITH_TYPE(type)       WITH_B ("\"dtype\":" type ",\"shape\":[4],\"data_offsets\":[16,24]")
#define WITH_META(meta)       "{\"__metadata__\":" meta "," A "," B "}"
#define WITH_NAME(name)                                                                            \
  "{" A ",\"" name "\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[16,24]}}"

static const Case cases[] = {
  {"header longer than the file",
   GOOD,
   -1,
   1000,
   FORMAT,
   "a header of \\d+ bytes does not fit into \\d+"},
  {"header length huge", GOOD, -1, G_MAXINT64, FORMAT, "not a safetensors file: a header"},
  {"header length all ones", GOOD, -1, -1 - (gint64)sizeof GOOD + 1, FORMAT, "header of 184467440"},
  {"header cut short", GOOD, -1, -1, FORMAT, "not valid JSON"},
  {"header of one byte", "{", 24, 0, FORMAT, "header of 1 bytes"},
  {"header is a list", "[1,2]", 24, 0, FORMAT, "the header does not begin with \\{"},
  {"header begins with a space", " " GOOD, -1, 0, FORMAT, "does not begin with \\{"},
  {"header is not UTF-8", "{\"a\xff\":1}", 24, 0, FORMAT, "not UTF-8"},
  {"header is no JSON", "{\"a\":}", 24, 0, FORMAT, "not valid JSON"},
  {"header nested deeply",
   "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
   24,
   0,
   RANGE,
   "nested deeper than 32"},
  {"tensor is a number", "{\"a\":3}", 24, 0, FORMAT, "tensor \"a\" is not an object"},
  {"metadata is a list", WITH_META ("[]"), -1, 0, FORMAT, "__metadata__ is not an object"},
  {"metadata value is a number",
   WITH_META ("{\"steps\":8}"),
   -1,
   0,
   FORMAT,
   "__metadata__ \"steps\" is not a text"},
  {"metadata value is an object",
   WITH_META ("{\"config\":{}}"),
   -1,
   0,
   FORMAT,
   "__metadata__ \"config\" is not a text"},
  {"metadata key twice",
   WITH_META ("{\"x\":\"1\",\"x\":\"2\"}"),
   -1,
   0,
   FORMAT,
   "\"x\" occurs twice"},
  {"tensor twice", "{" A "," A "," B "}", -1, 0, FORMAT, "\"a.weight\" occurs twice"},
  {"field twice",
   WITH_B ("\"dtype\":\"F16\",\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16,24]"),
   -1,
   0,
   FORMAT,
   "\"dtype\" occurs twice"},
  {"name empty", WITH_NAME (""), -1, 0, FORMAT, "a tensor's name is not 1 to 200 letters"},
  {"name with a slash", WITH_NAME ("../b"), -1, 0, FORMAT, "a tensor's name is not"},
  {"name with an escape", WITH_NAME ("b\\n"), -1, 0, FORMAT, "a tensor's name is not"},
  {"dtype missing",
   WITH_B ("\"shape\":[4],\"data_offsets\":[16,24]"),
   -1,
   0,
   FORMAT,
   "tensor \"b\": \"dtype\" is missing"},
  {"shape missing",
   WITH_B ("\"dtype\":\"F16\",\"data_offsets\":[16,24]"),
   -1,
   0,
   FORMAT,
   "tensor \"b\": \"shape\" is missing"},
  {"offsets missing",
   WITH_B ("\"dtype\":\"F16\",\"shape\":[4]"),
   -1,
   0,
   FORMAT,
   "tensor \"b\": \"data_offsets\" is missing"},
  {"field unknown",
   WITH_B ("\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[16,24],\"strides\":[1]"),
   -1,
   0,
   FORMAT,
   "tensor \"b\" has fields besides"},
  {"dtype is a number",
   WITH_TYPE ("16"),
   -1,
   0,
   FORMAT,
   "\"dtype\" is a whole number, want a text"},
  {"dtype unknown", WITH_TYPE ("\"F17\""), -1, 0, FORMAT, "of type \"F17\", want F32, F16 or U8"},
  {"dtype that we do not read", WITH_TYPE ("\"BF16\""), -1, 0, UNSUPPORTED, "of type \"BF16\""},
  {"dtype very long",
   WITH_TYPE ("\"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\""),
   -1,
   0,
   FORMAT,
   "of type \"F{20}\""},
  {"shape is a number", WITH_SHAPE ("4", "24"), -1, 0, FORMAT, "\"shape\" is a whole number"},
  {"shape of six dimensions",
   WITH_SHAPE ("[1,1,1,1,1,4]", "24"),
   -1,
   0,
   RANGE,
   "tensor \"b\" has 6 dimensions, want at most 5"},
  {"shape with a zero", WITH_SHAPE ("[4,0]", "16"), -1, 0, RANGE, "shape\\[1\\] is not a sensible"},
  {"shape negative", WITH_SHAPE ("[-4]", "24"), -1, 0, RANGE, "shape\\[0\\] is not a sensible"},
  {"shape with a fraction", WITH_SHAPE ("[4.5]", "24"), -1, 0, RANGE, "shape\\[0\\] is not"},
  {"shape with a text", WITH_SHAPE ("[\"4\"]", "24"), -1, 0, RANGE, "shape\\[0\\] is not"},
  {"shape that overflows",
   WITH_SHAPE ("[4294967296,4294967296,4]", "24"),
   -1,
   0,
   RANGE,
   "shape\\[1\\] is not a sensible size"},
  {"shape larger than its bytes",
   WITH_SHAPE ("[5]", "24"),
   -1,
   0,
   FORMAT,
   "takes 8 bytes, but its shape and type want 10"},
  {"offsets one number", WITH_OFFSETS ("[16]"), -1, 0, FORMAT, "data_offsets are not two rising"},
  {"offsets falling", WITH_OFFSETS ("[24,16]"), -1, 0, FORMAT, "data_offsets are not two rising"},
  {"offsets negative", WITH_OFFSETS ("[-8,0]"), -1, 0, FORMAT, "data_offsets are not two rising"},
  {"offsets are texts",
   WITH_OFFSETS ("[\"16\",\"24\"]"),
   -1,
   0,
   FORMAT,
   "data_offsets are not two rising"},
  {"offsets beyond the data",
   WITH_OFFSETS ("[16,9223372036854775807]"),
   -1,
   0,
   FORMAT,
   "ends at byte 9223372036854775807 of the data, which has 24"},
  {"offsets overlap", WITH_OFFSETS ("[8,16]"), 16, 0, FORMAT, "begins at byte 8 .* but the one"},
  {"a hole", WITH_OFFSETS ("[20,28]"), 28, 0, FORMAT, "leaving a hole where .* ends at 16"},
  {"first tensor not at 0",
   "{\"b\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[16,24]}}",
   -1,
   0,
   FORMAT,
   "leaving a hole where .* ends at 0"},
  {"data cut short", GOOD, 23, 0, FORMAT, "ends at byte 24 of the data, which has 23"},
  {"data too long", GOOD, 25, 0, FORMAT, "1 bytes follow the last tensor"},
  {"data without a tensor", "{" META "}", 24, 0, FORMAT, "24 bytes follow the last tensor"},
};

static GBytes *
build (const char *header, gsize data_bytes, gint64 length_delta)
{
  GByteArray *bytes = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE ((guint64)strlen (header) + (guint64)length_delta);
  const float ones[] = {1, 2, 3, 4};
  const guint16 halves[] = {0x3c00, 0xc000, 0x0001, 0x3555}; /* 1, -2, 2^-24, 0.33325 */
  guint8 data[64] = {0};
  memcpy (data, ones, sizeof ones);
  memcpy (data + sizeof ones, halves, sizeof halves);
  g_byte_array_append (bytes, (const guint8 *)&length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *)header, (guint)strlen (header));
  g_byte_array_append (bytes, data, (guint)data_bytes);
  return g_byte_array_free_to_bytes (bytes);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  gsize n = test->data_bytes < 0 ? DATA_BYTES : (gsize)test->data_bytes;
  g_autoptr (GBytes) bytes = build (test->header, n, test->length_delta);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtWeights) weights = ut_weights_new (bytes, "file", &error);
  g_assert_null (weights);
  g_test_message ("%s", error->message);
  g_assert_error (error, UT_ENGINE_ERROR, test->code);
  g_autofree char *pattern = g_strdup_printf ("^file: .*%s", test->pattern);
  g_assert_true (g_regex_match_simple (pattern, error->message, 0, 0));
  g_assert_null (strchr (error->message, '\n'));
}

/* every file that is shorter than the good one is refused, at whatever byte it ends */
static void
test_every_length (void)
{
  g_autoptr (GBytes) whole = build (GOOD, DATA_BYTES, 0);
  for (gsize n = 0; n < g_bytes_get_size (whole); n++) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, n);
    g_autoptr (GError) error = NULL;
    g_assert_null (ut_weights_new (part, "file", &error));
    g_assert_nonnull (error);
  }
}

/* no single changed byte of the header may do worse than a refusal or another good file */
static void
test_every_byte (void)
{
  g_autoptr (GBytes) whole = build (GOOD, DATA_BYTES, 0);
  gsize n;
  const guint8 *from = g_bytes_get_data (whole, &n);
  guint n_refused = 0;
  for (gsize i = 0; i < n - DATA_BYTES; i++)
    for (int bit = 0; bit < 8; bit++) {
      guint8 *copy = g_memdup2 (from, n);
      copy[i] ^= (guint8)(1 << bit);
      g_autoptr (GBytes) changed = g_bytes_new_take (copy, n);
      g_autoptr (UtWeights) weights = ut_weights_new (changed, "file", NULL);
      n_refused += weights == NULL;
    }
  g_assert_cmpuint (n_refused, >, 500);
}

static void
test_good (void)
{
  g_autoptr (GBytes) bytes = build (GOOD, DATA_BYTES, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtWeights) weights = ut_weights_new (bytes, "file", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ut_weights_get_metadata (weights, "format"), ==, "x");
  g_assert_cmpuint (ut_weights_get_n_elements (weights), ==, 8);
  UtShape a = UT_SHAPE (2, 2), b = UT_SHAPE (4), other = UT_SHAPE (4, 1);
  const float *floats = ut_weights_take (weights, "a.weight", &a, &error);
  g_assert_cmpfloat (floats[3], ==, 4);
  g_assert_false (ut_weights_check_all_taken (weights, &error));
  g_assert_cmpstr (
    error->message, ==, "file: tensor \"b\" has no place in the network that the file describes");
  g_clear_error (&error);
  g_assert_null (ut_weights_take (weights, "b", &other, &error));
  g_assert_cmpstr (error->message, ==, "file: tensor \"b\" is [4], want [4, 1]");
  g_clear_error (&error);
  g_assert_null (ut_weights_take (weights, "c", &b, &error));
  g_assert_cmpstr (error->message, ==, "file: tensor \"c\" is missing");
  g_clear_error (&error);
  g_assert_null (ut_weights_take_u8 (weights, "b", &b, &error));
  g_assert_cmpstr (error->message, ==, "file: tensor \"b\" is F16, want U8");
  g_clear_error (&error);

  const float *halves = ut_weights_take (weights, "b", &b, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (halves[0], ==, 1);
  g_assert_cmpfloat (halves[1], ==, -2);
  g_assert_cmpfloat (halves[2], ==, ldexpf (1, -24));
  g_assert_cmpfloat (halves[3], ==, 0.333251953125f);
  g_assert_true (ut_weights_check_all_taken (weights, &error));
}

/* data that do not begin at a multiple of 4 are copied, not read askew */
static void
test_misaligned (void)
{
  g_autoptr (GBytes) bytes = build (GOOD " ", DATA_BYTES, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtWeights) weights = ut_weights_new (bytes, "file", &error);
  g_assert_no_error (error);
  UtShape a = UT_SHAPE (2, 2);
  const float *floats = ut_weights_take (weights, "a.weight", &a, &error);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat (floats[i], ==, i + 1);
}

static void
test_not_finite (void)
{
  g_autoptr (GBytes) good = build (GOOD, DATA_BYTES, 0);
  gsize n;
  const guint8 *from = g_bytes_get_data (good, &n);
  guint8 *copy = g_memdup2 (from, n);
  copy[n - 7] = 0x7c; /* first half: infinity */
  g_autoptr (GBytes) bytes = g_bytes_new_take (copy, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtWeights) weights = ut_weights_new (bytes, "file", &error);
  UtShape b = UT_SHAPE (4);
  g_assert_null (ut_weights_take (weights, "b", &b, &error));
  g_assert_cmpstr (error->message, ==, "file: tensor \"b\": number 0 is not finite");
}

static void
test_absent (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_weights_open ("/nonexistent/folder/model.safetensors", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_true (g_str_has_prefix (error->message, "model.safetensors: "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/safetensors/%s", cases[i].name);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/safetensors-good/whole", test_good);
  g_test_add_func ("/safetensors-good/misaligned", test_misaligned);
  g_test_add_func ("/safetensors-broken/every-length", test_every_length);
  g_test_add_func ("/safetensors-broken/every-byte", test_every_byte);
  g_test_add_func ("/safetensors-broken/not-finite", test_not_finite);
  g_test_add_func ("/safetensors-broken/absent", test_absent);
  return g_test_run ();
}
