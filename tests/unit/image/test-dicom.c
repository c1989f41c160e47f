/* SPDX-License-Identifier: Apache-2.0 */

/* DICOM ultrasound written here element by element (explicit VR, little endian), and the real
 * loops beside the project where they are at hand. */

#include "engine/base/error.h"
#include "engine/image/cine.h"

#include <string.h>

#define ROWS    6
#define COLUMNS 8
#define FRAMES  3

static void
put_u16 (GByteArray *out, guint value)
{
  guint8 bytes[2] = {value & 255, value >> 8};
  g_byte_array_append (out, bytes, 2);
}

static void
put_u32 (GByteArray *out, guint32 value)
{
  put_u16 (out, value & 0xffff);
  put_u16 (out, value >> 16);
}

static void
put (GByteArray *out, guint tag, const char *vr, const void *data, guint n)
{
  put_u16 (out, tag >> 16);
  put_u16 (out, tag & 0xffff);
  g_byte_array_append (out, (const guint8 *)vr, 2);
  if (strstr ("OB OW SQ UN", vr) != NULL) {
    put_u16 (out, 0);
    put_u32 (out, n);
  } else {
    put_u16 (out, n);
  }
  g_byte_array_append (out, data, n);
}

static void
put_text (GByteArray *out, guint tag, const char *vr, const char *text)
{
  g_autofree char *even = g_strconcat (text, strlen (text) % 2 ? " " : "", NULL);
  put (out, tag, vr, even, (guint)strlen (even));
}

static void
put_us (GByteArray *out, guint tag, guint16 value)
{
  put (out, tag, "US", &(guint16){GUINT16_TO_LE (value)}, 2);
}

static void
put_ul (GByteArray *out, guint tag, guint32 value)
{
  put (out, tag, "UL", &(guint32){GUINT32_TO_LE (value)}, 4);
}

typedef struct Region {
  int format, type, unit;
  guint x0, y0, x1, y1;
  double delta_x, delta_y; /* cm */
} Region;

static void
put_regions (GByteArray *out, const Region *regions, guint n)
{
  g_autoptr (GByteArray) items = g_byte_array_new ();
  for (const Region *r = regions; r < regions + n; r++) {
    g_autoptr (GByteArray) item = g_byte_array_new ();
    put_us (item, 0x00186012, (guint16)r->format);
    put_us (item, 0x00186014, (guint16)r->type);
    put_ul (item, 0x00186018, r->x0);
    put_ul (item, 0x0018601a, r->y0);
    put_ul (item, 0x0018601c, r->x1);
    put_ul (item, 0x0018601e, r->y1);
    put_us (item, 0x00186024, (guint16)r->unit);
    put_us (item, 0x00186026, (guint16)r->unit);
    put (item, 0x0018602c, "FD", &r->delta_x, 8);
    put (item, 0x0018602e, "FD", &r->delta_y, 8);
    put_u16 (items, 0xfffe);
    put_u16 (items, 0xe000);
    put_u32 (items, item->len);
    g_byte_array_append (items, item->data, item->len);
  }
  put (out, 0x00186011, "SQ", items->data, items->len);
}

typedef struct File {
  const char *syntax; /* transfer syntax; NULL = explicit little endian */
  const char *kind;   /* photometric interpretation */
  guint samples, planar;
  const Region *regions;
  guint n_regions;
  const char *frame_time, *frame_vector; /* ms */
  gboolean point_to_vector;
  const char *view_name;
  const char *sex, *height_m, *weight_kg, *patient_id, *exam;
  int n_more; /* bytes of pixels than the header says */
} File;

static GByteArray *
make_file (const File *file)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GByteArray) meta = g_byte_array_new ();
  put (meta, 0x00020001, "OB", "\0\1", 2);
  put_text (meta, 0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.3.1");
  put_text (meta, 0x00020003, "UI", "1.2.3.4");
  put_text (meta, 0x00020010, "UI", file->syntax ? file->syntax : "1.2.840.10008.1.2.1");
  guint8 preamble[132] = {0};
  memcpy (preamble + 128, "DICM", 4);
  g_byte_array_append (out, preamble, sizeof preamble);
  put_ul (out, 0x00020000, meta->len);
  g_byte_array_append (out, meta->data, meta->len);

  put_text (out, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.3.1");
  put_text (out, 0x00080018, "UI", "1.2.3.4");
  put_text (out, 0x00080060, "CS", "US");
  if (file->view_name)
    put_text (out, 0x00082127, "SH", file->view_name);
  put_text (out, 0x00100010, "PN", "Secret^Name");
  if (file->patient_id)
    put_text (out, 0x00100020, "LO", file->patient_id);
  if (file->sex)
    put_text (out, 0x00100040, "CS", file->sex);
  if (file->height_m)
    put_text (out, 0x00101020, "DS", file->height_m);
  if (file->weight_kg)
    put_text (out, 0x00101030, "DS", file->weight_kg);
  if (file->frame_time)
    put_text (out, 0x00181063, "DS", file->frame_time);
  if (file->frame_vector)
    put_text (out, 0x00181065, "DS", file->frame_vector);
  put_text (out, 0x00181088, "IS", "72");
  if (file->n_regions)
    put_regions (out, file->regions, file->n_regions);
  if (file->exam)
    put_text (out, 0x0020000d, "UI", file->exam);
  put_us (out, 0x00280002, (guint16)file->samples);
  put_text (out, 0x00280004, "CS", file->kind);
  if (file->samples > 1)
    put_us (out, 0x00280006, (guint16)file->planar);
  put_text (out, 0x00280008, "IS", G_STRINGIFY (FRAMES));
  guint pointer = file->point_to_vector ? 0x10650018 : 0x10630018;
  put (out, 0x00280009, "AT", &(guint32){GUINT32_TO_LE (pointer)}, 4);
  put_us (out, 0x00280010, ROWS);
  put_us (out, 0x00280011, COLUMNS);
  put_us (out, 0x00280100, 8);
  put_us (out, 0x00280101, 8);
  put_us (out, 0x00280102, 7);
  put_us (out, 0x00280103, 0);
  guint8 pixels[FRAMES * ROWS * COLUMNS * 3];
  for (guint i = 0; i < sizeof pixels; i++)
    pixels[i] = (guint8)i;
  put (out, 0x7fe00010, "OB", pixels, FRAMES * ROWS * COLUMNS * file->samples + file->n_more);
  return out;
}

static UtCine *
open_bytes (const GByteArray *bytes, gsize length, GError **error)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "loop.dcm", NULL);
  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  g_assert_true (g_file_set_contents (path, (char *)bytes->data, (gssize)length, NULL));
  return ut_cine_open (path, error);
}

static UtCine *
open_file (const File *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = make_file (file);
  UtCine *cine = open_bytes (bytes, bytes->len, &error);
  g_assert_no_error (error);
  return cine;
}

static const Region usual[] = {
  {0, 0, 0, 0, 0, 7, 5, 1, 1},            /* a frame round everything, no unit */
  {3, 1, 3, 0, 0, 7, 5, 0.2, 0.2},        /* a spectral trace */
  {1, 2, 3, 0, 0, 7, 5, 0.3, 0.3},        /* colour flow */
  {1, 1, 3, 1, 2, 6, 5, -0.0525, 0.0625}, /* tissue: the one; delta x runs leftward */
};

static void
test_region (void)
{
  File file = {.kind = "MONOCHROME2", .samples = 1, .regions = usual, .n_regions = 4};
  g_autoptr (UtCine) cine = open_file (&file);
  g_assert_cmpint (cine->calibration, ==, UT_CALIBRATION_DICOM);
  g_assert_cmpfloat_with_epsilon (cine->spacing_mm[0], 0.625, 1e-9);
  g_assert_cmpfloat_with_epsilon (cine->spacing_mm[1], 0.525, 1e-9);
  g_assert_cmpuint (cine->region[0], ==, 1);
  g_assert_cmpuint (cine->region[1], ==, 2);
  g_assert_cmpuint (cine->region[2], ==, 6);
  g_assert_cmpuint (cine->region[3], ==, 4);
  g_assert_null (cine->note);
  g_assert_false (cine->spacing_scaled);
}

/* Regions without a length in cm leave the loop uncalibrated, whatever else they say */
static void
test_no_region (void)
{
  const Region wrong[] = {{1, 1, 4, 0, 0, 7, 5, 0.05, 0.05}, {1, 1, 3, 0, 0, 7, 5, 0, 0.05}};
  for (guint n = 0; n <= 2; n++) {
    File file = {.kind = "MONOCHROME2", .samples = 1, .regions = wrong, .n_regions = n};
    g_autoptr (UtCine) cine = open_file (&file);
    g_assert_cmpint (cine->calibration, ==, UT_CALIBRATION_NONE);
    g_assert_cmpfloat (cine->spacing_mm[0], ==, 0);
    g_assert_cmpuint (cine->region[2], ==, COLUMNS);
  }
}

static void
test_reduced_picture (void)
{
  const Region larger = {1, 1, 3, 2, 2, 13, 10, 0.05, 0.05};
  File file = {.kind = "MONOCHROME2", .samples = 1, .regions = &larger, .n_regions = 1};
  g_autoptr (UtCine) cine = open_file (&file);
  g_assert_cmpfloat_with_epsilon (cine->spacing_mm[0], 1.0, 1e-9);
  g_assert_true (cine->spacing_scaled);
  g_assert_nonnull (cine->note);
  g_assert_cmpuint (cine->region[0], ==, 1);
  g_assert_cmpuint (cine->region[0] + cine->region[2], <=, COLUMNS);
}

static void
test_times (void)
{
  File both = {.kind = "MONOCHROME2",
               .samples = 1,
               .frame_time = "20",
               .frame_vector = "33.3\\30\\50",
               .point_to_vector = TRUE};
  g_autoptr (UtCine) vector = open_file (&both);
  g_assert_true (vector->times_known);
  g_assert_cmpfloat (vector->times_ms[0], ==, 0); /* the first increment is before the loop */
  g_assert_cmpfloat (vector->times_ms[1], ==, 30);
  g_assert_cmpfloat (vector->times_ms[2], ==, 80);
  g_assert_cmpfloat (vector->heart_rate_bpm, ==, 72);

  both.point_to_vector = FALSE;
  g_autoptr (UtCine) steady = open_file (&both);
  g_assert_cmpfloat (steady->times_ms[2], ==, 40);

  File none = {.kind = "MONOCHROME2", .samples = 1};
  g_autoptr (UtCine) guessed = open_file (&none);
  g_assert_false (guessed->times_known);
}

/* Metres become centimetres; what cannot be, as a height in cm, is left out. */
static void
test_body (void)
{
  File whole = {
    .kind = "MONOCHROME2", .samples = 1, .sex = "F", .height_m = "1.68", .weight_kg = "64.5"};
  File odd = {.kind = "MONOCHROME2", .samples = 1, .sex = "O", .height_m = "168", .weight_kg = "x"};
  g_autoptr (UtCine) known = open_file (&whole);
  g_assert_cmpint (known->body.sex, ==, UT_SEX_FEMALE);
  g_assert_cmpfloat_with_epsilon (known->body.height_cm, 168, 1e-9);
  g_assert_cmpfloat (known->body.weight_kg, ==, 64.5);
  g_autoptr (UtCine) unknown = open_file (&odd);
  g_assert_false (ut_body_is_known (&unknown->body));
}

/* One patient by the ID, whatever blanks are around it; by the name only where none has an ID. */
static void
test_origin (void)
{
  File first = {.kind = "MONOCHROME2", .samples = 1, .patient_id = "Secret 1", .exam = "1.2.3"};
  File second = first, third = first, unnamed = first;
  second.patient_id = " Secret 1 ";
  second.exam = "1.2.4";
  third.patient_id = "Secret 2";
  unnamed.patient_id = unnamed.exam = NULL;
  g_autoptr (UtCine) a = open_file (&first), b = open_file (&second), c = open_file (&third);
  g_autoptr (UtCine) d = open_file (&unnamed), e = open_file (&unnamed);
  g_assert_cmpstr (a->patient, ==, b->patient);
  g_assert_cmpstr (a->patient, !=, c->patient);
  g_assert_cmpstr (d->patient, ==, e->patient);
  g_assert_cmpstr (d->patient, !=, a->patient);
  g_assert_cmpstr (a->exam, ==, c->exam);
  g_assert_cmpstr (a->exam, !=, b->exam);
  g_assert_null (d->exam);
  g_assert_null (strstr (a->patient, "Secret"));
}

static void
test_pixels (void)
{
  File grey = {.kind = "MONOCHROME2", .samples = 1};
  File inverse = {.kind = "MONOCHROME1", .samples = 1};
  File rgb = {.kind = "RGB", .samples = 3};
  File planes = {.kind = "RGB", .samples = 3, .planar = 1};
  File luma = {.kind = "YBR_FULL", .samples = 3};
  g_autoptr (UtCine) a = open_file (&grey);
  g_assert_cmpuint (ut_cine_frame (a, 1)[5], ==, 48 + 5);
  g_autoptr (UtCine) b = open_file (&inverse);
  g_assert_cmpuint (ut_cine_frame (b, 1)[5], ==, 255 - (48 + 5));
  g_autoptr (UtCine) c = open_file (&rgb);
  g_assert_cmpuint (ut_cine_frame (c, 0)[5], ==, (77 * 15 + 150 * 16 + 29 * 17 + 128) / 256);
  g_autoptr (UtCine) d = open_file (&planes);
  g_assert_cmpuint (ut_cine_frame (d, 0)[5], ==, (77 * 5 + 150 * 53 + 29 * 101 + 128) / 256);
  g_autoptr (UtCine) e = open_file (&luma);
  g_assert_cmpuint (ut_cine_frame (e, 0)[5], ==, 15);
}

static void
test_view_name (void)
{
  File file = {.kind = "MONOCHROME2", .samples = 1, .view_name = "Apical 2 Chamber"};
  g_autoptr (UtCine) cine = open_file (&file);
  g_assert_cmpint (cine->view_hint, ==, UT_VIEW_A2C);
}

static void
test_trailing_bytes (void)
{
  File file = {.kind = "MONOCHROME2", .samples = 1};
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = make_file (&file);
  g_byte_array_append (bytes, (const guint8 *)"\xfe\xff\xdd\xe0\0\0\0\0junk", 12);
  g_autoptr (UtCine) cine = open_bytes (bytes, bytes->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cine->n_frames, ==, FRAMES);
}

/* Whole by its structure, with other pixels than it says; padding does no harm */
static void
test_other_pixels (void)
{
  static const struct {
    int n_more;
    gboolean read;
  } cases[] = {{-2, FALSE}, {0, TRUE}, {2, TRUE}, {ROWS * COLUMNS, FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    File file = {.kind = "MONOCHROME2", .samples = 1, .n_more = cases[i].n_more};
    g_autoptr (GError) error = NULL;
    g_autoptr (GByteArray) bytes = make_file (&file);
    g_autoptr (UtCine) cine = open_bytes (bytes, bytes->len, &error);
    g_assert_true ((cine != NULL) == cases[i].read);
    if (cine != NULL)
      continue;
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
    g_assert_cmpstr (error->message,
                     ==,
                     "loop.dcm: the pixel data do not match Rows, Columns and Number of Frames");
  }
}

/* Cut anywhere, the file is read or refused in one sentence without the patient's name */
static void
test_truncated (void)
{
  File file = {.kind = "MONOCHROME2", .samples = 1, .regions = usual, .n_regions = 4};
  g_autoptr (GByteArray) bytes = make_file (&file);
  guint n_refused = 0;
  for (gsize length = 132; length < bytes->len; length += 13) {
    g_autoptr (GError) error = NULL;
    g_autoptr (UtCine) cine = open_bytes (bytes, length, &error);
    g_assert_true ((cine == NULL) == (error != NULL));
    n_refused += cine == NULL;
    if (error == NULL)
      continue;
    g_assert_true (error->domain == UT_ENGINE_ERROR);
    g_assert_true (g_str_has_prefix (error->message, "loop.dcm: "));
    g_assert_null (strstr (error->message, "Secret"));
  }
  g_assert_cmpuint (n_refused, ==, (bytes->len - 132 + 12) / 13);
}

static void
test_unsupported_syntax (void)
{
  File file = {.syntax = "1.2.840.10008.1.2.4.102", .kind = "MONOCHROME2", .samples = 1};
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = make_file (&file);
  g_autoptr (UtCine) cine = open_bytes (bytes, bytes->len, &error);
  g_assert_null (cine);
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "1.2.840.10008.1.2.4.102"));
}

static UtCine *
open_real (const char *name)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("UT_SOURCE_DIR"), "..", "shared", "echo", name, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_test_skip ("the real loops are not beside the project");
    return NULL;
  }
  g_autoptr (GError) error = NULL;
  UtCine *cine = ut_cine_open (path, &error);
  g_assert_no_error (error);
  return cine;
}

static void
test_real_vector_times (void)
{
  g_autoptr (UtCine) cine = open_real ("DIRW0007.dcm");
  if (cine == NULL)
    return;
  g_assert_cmpuint (cine->n_frames, ==, 65);
  g_assert_cmpuint (cine->width, ==, 576);
  g_assert_cmpint (cine->calibration, ==, UT_CALIBRATION_DICOM);
  g_assert_cmpfloat_with_epsilon (cine->spacing_mm[0], 0.52478, 1e-5);
  g_assert_cmpfloat_with_epsilon (cine->spacing_mm[1], 0.52478, 1e-5);
  g_assert_cmpfloat_with_epsilon (cine->times_ms[1], 33.333, 1e-6);
  g_assert_cmpfloat_with_epsilon (cine->times_ms[2], 83.333, 1e-6);
  g_assert_cmpfloat (cine->heart_rate_bpm, ==, 61);
}

static void
test_real_reduced (void)
{
  g_autoptr (UtCine) cine = open_real ("examples_ybr_color.dcm");
  if (cine == NULL)
    return;
  g_assert_cmpuint (cine->n_frames, ==, 30);
  g_assert_cmpfloat_with_epsilon (cine->spacing_mm[0], 1.021, 1e-3);
  g_assert_nonnull (cine->note);
}

static void
test_real_uncalibrated (void)
{
  g_autoptr (UtCine) cine = open_real ("US-PAL-8-10x-echo.dcm");
  if (cine == NULL)
    return;
  g_assert_cmpuint (cine->n_frames, ==, 10);
  g_assert_cmpint (cine->calibration, ==, UT_CALIBRATION_NONE);
  g_assert_cmpfloat (cine->times_ms[1], ==, 76);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/image/dicom/region", test_region);
  g_test_add_func ("/image/dicom/no-region", test_no_region);
  g_test_add_func ("/image/dicom/reduced-picture", test_reduced_picture);
  g_test_add_func ("/image/dicom/body", test_body);
  g_test_add_func ("/image/dicom/origin", test_origin);
  g_test_add_func ("/image/dicom/times", test_times);
  g_test_add_func ("/image/dicom/pixels", test_pixels);
  g_test_add_func ("/image/dicom/view-name", test_view_name);
  g_test_add_func ("/image/dicom/trailing-bytes", test_trailing_bytes);
  g_test_add_func ("/image/dicom/other-pixels", test_other_pixels);
  g_test_add_func ("/image/dicom/truncated", test_truncated);
  g_test_add_func ("/image/dicom/unsupported-syntax", test_unsupported_syntax);
  g_test_add_func ("/image/dicom/real/vector-times", test_real_vector_times);
  g_test_add_func ("/image/dicom/real/reduced", test_real_reduced);
  g_test_add_func ("/image/dicom/real/uncalibrated", test_real_uncalibrated);
  return g_test_run ();
}
