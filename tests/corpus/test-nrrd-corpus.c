/* SPDX-License-Identifier: Apache-2.0 */

/* Broken NRRD files: a sound file, one change each, and the one sentence it must get; then many
 * copies damaged at random, none of which may do more than be refused. */

#include "engine/base/error.h"
#include "engine/base/random.h"
#include "engine/image/label-file.h"

#include <string.h>
#include <zlib.h>

#define SIDE     5
#define N_VOXELS (SIDE * SIDE * SIDE)
#define N_RANDOM 1000

#define GEOMETRY                                                                                   \
  "dimension: 3\nspace: left-posterior-superior\nsizes: 5 5 5\n"                                   \
  "space directions: (2,0,0) (0,2,0) (0,0,2.5)\nkinds: domain domain domain\n"
#define FOUR_AXES                                                                                  \
  "dimension: 4\nspace: left-posterior-superior\nsizes: 2 2 5 5\n"                                 \
  "space directions: none (2,0,0) (0,2,0) (0,0,2.5)\nkinds: list domain domain domain\n"
#define REST "endian: little\nencoding: raw\nspace origin: (-10.5,20,30)\n"
#define SEGMENTS                                                                                   \
  "Segment0_ID:=Segment_1\nSegment0_Name:=LV\nSegment0_LabelValue:=2\nSegment0_Layer:=0\n"

static const char sound[] = "NRRD0004\n# a comment\ntype: uchar\n" GEOMETRY REST SEGMENTS;

typedef enum { RAW, GZIP, ASCII, HEX } Encoding;

typedef struct Case {
  const char *name;
  const char *from, *to; /* replaced in the header; NULL = nothing */
  Encoding data;         /* how the data are written, whatever the header says */
  gssize length;         /* of the file; 0 = whole, else cut there, negative: so much off its end */
  int code;              /* UtEngineError; -1 = must be read, -2 = any of them */
  const char *message;
} Case;

#define FORMAT      UT_ENGINE_ERROR_FORMAT
#define UNSUPPORTED UT_ENGINE_ERROR_UNSUPPORTED
#define RANGE       UT_ENGINE_ERROR_RANGE

static const Case cases[] = {
  {"sound", NULL, NULL, RAW, 0, -1, NULL},
  {"sound-gzip", "encoding: raw", "encoding: gzip", GZIP, 0, -1, NULL},
  {"sound-gz", "encoding: raw", "encoding: gz", GZIP, 0, -1, NULL},
  {"sound-ascii", "encoding: raw", "encoding: ascii", ASCII, 0, -1, NULL},
  {"sound-hex", "encoding: raw", "encoding: hex", HEX, 0, -1, NULL},
  {"sound-short-space", "left-posterior-superior", "LPS", RAW, 0, -1, NULL},
  {"sound-units", "encoding", "space units: \"mm\" \"mm\" \"mm\"\nencoding", RAW, 0, -1, NULL},
  {"sound-skip", "encoding", "byte skip: -1\nencoding", RAW, 0, -1, NULL},
  {"empty", NULL, NULL, RAW, 1, FORMAT, "not a NRRD file"},
  {"magic-only", NULL, NULL, RAW, 9, FORMAT, "ends within its header"},
  {"magic-unknown", "NRRD0004", "NRRD0009", RAW, 0, FORMAT, "header cannot be read"},
  {"magic-gone", "NRRD0004", "NRRX0004", RAW, 0, FORMAT, "not a NRRD file"},
  {"half-header", NULL, NULL, RAW, 100, FORMAT, "ends within its header"},
  {"one-byte-short", NULL, NULL, RAW, -1, FORMAT, "data end after 124 bytes, want 125"},
  {"no-data", NULL, NULL, RAW, -N_VOXELS, FORMAT, "data end after 0 bytes, want 125"},
  {"gzip-cut", "encoding: raw", "encoding: gzip", GZIP, -20, FORMAT, "damaged|data end after"},
  {"gzip-said-of-plain", "encoding: raw", "encoding: gzip", RAW, 0, -1, NULL}, /* zlib takes it */
  {"bzip2-not", "encoding: raw", "encoding: bzip2", RAW, 0, FORMAT, "damaged"},
  {"ascii-cut", "encoding: raw", "encoding: ascii", ASCII, -9, FORMAT, "data end|damaged"},
  {"ascii-words", "encoding: raw", "encoding: ascii", HEX, 0, FORMAT, "damaged|the value"},
  {"hex-cut", "encoding: raw", "encoding: hex", HEX, -3, FORMAT, "data end after|damaged"},
  {"encoding-unknown", "encoding: raw", "encoding: zip", RAW, 0, FORMAT, "tried was .encoding"},
  {"encoding-zrl", "encoding: raw", "encoding: zrl", RAW, 0, UNSUPPORTED, "zrl is not read"},
  {"no-encoding", "encoding: raw\n", "", RAW, 0, FORMAT, "says no type, dimension, sizes or enc"},
  {"no-type", "type: uchar\n", "", RAW, 0, FORMAT, "header"},
  {"no-sizes", "sizes: 5 5 5\n", "", RAW, 0, FORMAT, "header|empty"},
  {"no-dimension", "dimension: 3\n", "", RAW, 0, FORMAT, "header"},
  {"type-block", "type: uchar", "type: block\nblock size: 9", RAW, 0, UNSUPPORTED, "blocks of"},
  {"type-unknown", "type: uchar", "type: label", RAW, 0, FORMAT, "tried was .type"},
  {"type-wider", "type: uchar", "type: double", RAW, 0, FORMAT, "after 125 bytes, want 1000"},
  {"no-endian", "type: uchar\n", "type: short\n", RAW, 0, FORMAT, "after 125 bytes, want 250"},
  {"two-axes", "dimension: 3", "dimension: 2", RAW, 0, FORMAT, "header cannot be read"},
  {"size-zero", "sizes: 5 5 5", "sizes: 5 0 5", RAW, 0, FORMAT, "header cannot be read"},
  {"size-negative", "sizes: 5 5 5", "sizes: 5 -5 5", RAW, 0, -2, "header cannot be read|1 GiB"},
  {"size-huge", "5 5 5", "5 99999 99999", RAW, 0, RANGE, "1 GiB at axis 3 of 99999"},
  {"size-overflow",
   "5 5 5",
   "4294967296 4294967296 4294967296",
   RAW,
   0,
   -2,
   "header cannot be read|1 GiB"},
  {"size-longer", "sizes: 5 5 5", "sizes: 6 5 5", RAW, 0, FORMAT, "after 125 bytes, want 150"},
  {"no-space", "space: left-posterior-superior\n", "", RAW, 0, FORMAT, "header|says no space"},
  {"space-other", "left-posterior-superior", "scanner-xyz", RAW, 0, UNSUPPORTED, "scanner-xyz"},
  {"space-nameless",
   "space: left-posterior-superior",
   "space dimension: 3",
   RAW,
   0,
   UNSUPPORTED,
   "want left-posterior-superior"},
  {"no-directions",
   "space directions: (2,0,0) (0,2,0) (0,0,2.5)\n",
   "spacings: 2 2 2.5\n",
   RAW,
   0,
   UNSUPPORTED,
   "axis 1 has no space direction"},
  {"direction-none", "(0,0,2.5)", "none", RAW, 0, UNSUPPORTED, "axis 3 has no space direction"},
  {"directions-flat", "(0,0,2.5)", "(0,2,0)", RAW, 0, RANGE, "singular"},
  {"directions-tiny", "(0,0,2.5)", "(0,0,1e-9)", RAW, 0, RANGE, "singular, or a voxel"},
  {"directions-far", "(0,0,2.5)", "(0,0,1e9)", RAW, 0, RANGE, "singular, or a voxel"},
  {"directions-nan", "(0,0,2.5)", "(0,nan,2.5)", RAW, 0, -2, "header cannot be read|singular"},
  {"origin-none", "space origin: (-10.5,20,30)\n", "", RAW, 0, FORMAT, "no space origin"},
  {"origin-far", "(-10.5,20,30)", "(1e30,0,0)", RAW, 0, RANGE, "singular, or a voxel|place"},
  {"units-metres",
   "encoding",
   "space units: \"m\" \"m\" \"m\"\nencoding",
   RAW,
   0,
   UNSUPPORTED,
   "mm"},
  {"skip-lines", "encoding", "line skip: 1\nencoding", RAW, 0, UNSUPPORTED, "skips lines"},
  {"skip-far", "encoding", "byte skip: 99\nencoding", RAW, 0, FORMAT, "after 26 bytes, want 125"},
  {"skip-back", "encoding", "byte skip: -9\nencoding", RAW, 0, UNSUPPORTED, "skips lines"},
  {"field-twice", "type: uchar", "type: uchar\ntype: uchar", RAW, 0, FORMAT, "tried was .type"},
  {"field-unknown", "# a comment", "wonder: 3", RAW, 0, FORMAT, "tried was .wonder"},
  {"carriage-return",
   "# a comment",
   "content: x\rdata file: /etc/passwd",
   RAW,
   0,
   FORMAT,
   "control characters"},
  {"path-absolute", "# a comment", "data file: /etc/passwd", RAW, 0, UNSUPPORTED, "lie elsewhere"},
  {"path-up", "# a comment", "data file: ../x.raw", RAW, 0, UNSUPPORTED, "lie elsewhere"},
  {"path-down", "# a comment", "DATA FILE: ./a/x.raw", RAW, 0, UNSUPPORTED, "lie elsewhere"},
  {"path-input", "# a comment", "datafile: -", RAW, 0, UNSUPPORTED, "lie elsewhere"},
  {"path-list", "# a comment", "data file: LIST", RAW, 0, UNSUPPORTED, "several files"},
  {"path-many", "# a comment", "data file: x%d.raw 1 9 1", RAW, 0, UNSUPPORTED, "several files"},
  {"path-nowhere", "# a comment", "data file: x.raw", RAW, 0, FORMAT, "data file is missing"},
  {"layers-nameless",
   GEOMETRY REST SEGMENTS,
   FOUR_AXES REST,
   RAW,
   0,
   UNSUPPORTED,
   "four axes, with 2 on the one outside of space, and names 0 segments"},
  {"layers-past-end",
   GEOMETRY REST SEGMENTS,
   FOUR_AXES REST "Segment0_ID:=a\nSegment0_Layer:=2\n",
   RAW,
   0,
   FORMAT,
   "layer 2, want a value over 0 and one of 2 layers"},
  {"layers-all-in-space",
   GEOMETRY,
   "dimension: 4\nspace: left-posterior-superior\nsizes: 2 2 5 5\n"
   "space directions: (1,0,0) (2,0,0) (0,2,0) (0,0,2.5)\n",
   RAW,
   0,
   UNSUPPORTED,
   "axis 4 is a fourth in space"},
  {"segment-layer", "Segment0_Layer:=0", "Segment0_Layer:=1", RAW, 0, FORMAT, "one of 1 layers"},
  {"segment-value", "LabelValue:=2", "LabelValue:=two", RAW, 0, FORMAT, "is no whole number"},
  {"segment-zero", "LabelValue:=2", "LabelValue:=0", RAW, 0, FORMAT, "want a value over 0"},
  {"segment-huge", "LabelValue:=2", "LabelValue:=70000", RAW, 0, FORMAT, "0 to 65535"},
  {"segment-twice",
   "Segment0_Layer:=0",
   "Segment1_Name:=RV\nSegment1_LabelValue:=2",
   RAW,
   0,
   FORMAT,
   "segments 0 and 1 have one value, 2"},
};

static GByteArray *
encode (Encoding encoding)
{
  guint8 raw[N_VOXELS];
  GByteArray *bytes = g_byte_array_new ();
  for (guint i = 0; i < N_VOXELS; i++)
    raw[i] = (guint8)((i * 2654435761u >> 13) % 6); /* hard to compress, so that a cut hurts */
  if (encoding == RAW)
    g_byte_array_append (bytes, raw, sizeof raw);
  for (guint i = 0; encoding >= ASCII && i < N_VOXELS; i++) {
    g_autofree char *text = g_strdup_printf (encoding == ASCII ? "%u " : "%02x", raw[i]);
    g_byte_array_append (bytes, (guint8 *)text, (guint)strlen (text));
  }
  if (encoding == GZIP) {
    z_stream stream = {.next_in = raw, .avail_in = sizeof raw};
    g_byte_array_set_size (bytes, 1024);
    stream.next_out = bytes->data;
    stream.avail_out = bytes->len;
    g_assert_cmpint (
      deflateInit2 (&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
    g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
    g_byte_array_set_size (bytes, (guint)stream.total_out);
    deflateEnd (&stream);
  }
  return bytes;
}

static GByteArray *
make_bytes (const Case *test)
{
  g_autoptr (GString) header = g_string_new (sound);
  if (test->from != NULL)
    g_assert_cmpuint (g_string_replace (header, test->from, test->to, 1), ==, 1);
  g_string_append_c (header, '\n');
  g_autoptr (GByteArray) data = encode (test->data);
  GByteArray *bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (guint8 *)header->str, (guint)header->len);
  g_byte_array_append (bytes, data->data, data->len);
  if (test->length != 0)
    g_byte_array_set_size (
      bytes, (guint)(test->length > 0 ? test->length : (gssize)bytes->len + test->length));
  return bytes;
}

/* (transfer full): path of the file */
static char *
write_bytes (const char *name, const GByteArray *bytes)
{
  g_autofree char *file = g_strconcat (name, ".seg.nrrd", NULL);
  char *path = g_build_filename (g_get_user_cache_dir (), file, NULL);
  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  g_assert_true (g_file_set_contents (path, (char *)bytes->data, bytes->len, NULL));
  return path;
}

static void
assert_one_sentence (const GError *error)
{
  g_assert_null (strstr (error->message, g_get_user_cache_dir ())); /* base names only */
  g_assert_null (strchr (error->message, '\n'));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (GByteArray) bytes = make_bytes (test);
  g_autofree char *path = write_bytes (test->name, bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtLabelFile) file = ut_label_file_read (path, &error);
  if (test->code == -1) {
    g_assert_no_error (error);
    g_assert_cmpuint (file->codes->len, ==, 5);
    g_assert_cmpstr (ut_label_file_code (file, 1)->name, ==, "LV");
    const UtVolume *labels = file->layers->pdata[0];
    for (guint i = 0; i < N_VOXELS; i++)
      g_assert_cmpuint (labels->u8[i], ==, (guint8)((i * 2654435761u >> 13) % 6));
    g_assert_cmpfloat (labels->m_patient_from_voxel.m[2][2], ==, 2.5);
    g_assert_cmpfloat (labels->m_patient_from_voxel.m[0][3], ==, -10.5);
    return;
  }
  g_assert_null (file);
  g_assert_true (error->domain == UT_ENGINE_ERROR);
  if (test->code >= 0)
    g_assert_cmpint (error->code, ==, test->code);
  if (!g_regex_match_simple (test->message, error->message, 0, 0))
    g_error ("%s: \"%s\" does not match \"%s\"", test->name, error->message, test->message);
  assert_one_sentence (error);
}

/* Bytes changed, cut out or cut off, by seed */
static void
test_random (void)
{
  guint n_read = 0;
  for (guint seed = 1; seed <= N_RANDOM; seed++) {
    const char *encodings[] = {
      "encoding: raw", "encoding: gzip", "encoding: ascii", "encoding: hex"};
    Encoding encoding = seed % 4;
    const Case base = {"random", "encoding: raw", encodings[encoding], encoding, 0, 0, NULL};
    g_autoptr (GByteArray) bytes = make_bytes (&base);
    UtRandom random;
    ut_random_init (&random, seed, 0);
    for (guint i = 1 + ut_random_index (&random, 4); i > 0 && bytes->len > 0; i--) {
      guint at = ut_random_index (&random, bytes->len), what = ut_random_index (&random, 10);
      if (what < 7)
        bytes->data[at] = (guint8)ut_random_index (&random, what < 4 ? 128 : 256);
      else if (what < 9)
        g_byte_array_remove_range (bytes, at, MIN (bytes->len - at, 1 + at % 7));
      else
        g_byte_array_set_size (bytes, at);
    }
    g_autofree char *path = write_bytes ("random", bytes);
    g_autoptr (GError) error = NULL;
    g_autoptr (UtLabelFile) file = ut_label_file_read (path, &error);
    n_read += file != NULL;
    if (file == NULL)
      assert_one_sentence (error);
  }
  g_test_message ("%u of %u damaged files could be read", n_read, N_RANDOM);
  g_assert_cmpuint (n_read, <, N_RANDOM);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/corpus/nrrd/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/corpus/nrrd-damaged", test_random);
  return g_test_run ();
}
