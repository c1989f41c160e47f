/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/label-file.h"
#include "engine/image/nifti.h"

#include <locale.h>
#include <string.h>

#define N 24 /* voxels of 2 x 3 x 4 */

static char *
path_of (const char *name)
{
  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  return g_build_filename (g_get_user_cache_dir (), name, NULL);
}

/* (transfer full): path */
static char *
write_file (const char *name, const char *header, const void *data, gsize n_bytes)
{
  char *path = path_of (name);
  g_autoptr (GString) bytes = g_string_new (header);
  g_string_append_len (bytes, data, (gssize)n_bytes);
  g_assert_true (g_file_set_contents (path, bytes->str, (gssize)bytes->len, NULL));
  return path;
}

static UtLabelFile *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  UtLabelFile *file = ut_label_file_read (path, &error);
  g_assert_no_error (error);
  return file;
}

static const UtVolume *
layer (const UtLabelFile *file, guint i)
{
  return file->layers->pdata[i];
}

/* The header of 2 x 3 x 4 voxels, with what varies */
static char *
header_of (const char *type, const char *space, const char *directions, const char *more)
{
  return g_strdup_printf ("NRRD0005\ntype: %s\ndimension: 3\nspace: %s\nsizes: 2 3 4\n"
                          "space directions: %s\nspace origin: (10.25,-20,30)\n%s\n",
                          type,
                          space,
                          directions,
                          more);
}

/* One place in the patient, said in three spaces: signs of x and y */
static void
test_spaces (void)
{
  /* numbers in headers have points, whatever the user's have */
  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL)
    g_test_message ("no de_DE.UTF-8 here: decimal commas were not tried");
  static const struct {
    const char *space;
    double x, y;
  } spaces[] = {
    {"left-posterior-superior", 1, 1},
    {"LPS", 1, 1},
    {"right-anterior-superior", -1, -1},
    {"RAS", -1, -1},
    {"left-anterior-superior", 1, -1},
    {"LAS", 1, -1},
  };
  guint8 data[N] = {1};
  for (guint i = 0; i < G_N_ELEMENTS (spaces); i++) {
    g_autofree char *header = header_of ("uchar",
                                         spaces[i].space,
                                         "(0.5,0,0) (0,0,2) (0,1.5,0)",
                                         "encoding: raw\nkinds: domain domain domain\n");
    g_autofree char *path = write_file ("space.nrrd", header, data, sizeof data);
    g_autoptr (UtLabelFile) file = read_file (path);
    const UtAffine *affine = &layer (file, 0)->m_patient_from_voxel;
    g_assert_cmpfloat (affine->m[0][0], ==, 0.5 * spaces[i].x);
    g_assert_cmpfloat (affine->m[2][1], ==, 2);
    g_assert_cmpfloat (affine->m[1][2], ==, 1.5 * spaces[i].y);
    g_assert_cmpfloat (affine->m[0][3], ==, 10.25 * spaces[i].x);
    g_assert_cmpfloat (affine->m[1][3], ==, -20 * spaces[i].y);
    g_assert_cmpfloat (affine->m[2][3], ==, 30);
    g_assert_cmpuint (layer (file, 0)->dims[1], ==, 3);
  }
  setlocale (LC_NUMERIC, "C");
}

/* Whole numbers in every form: the codes are the same */
static void
test_types (void)
{
  gint16 big[N];
  float floats[N];
  guint64 wide[N];
  for (guint i = 0; i < N; i++) {
    int code = i % 3 == 0 ? 0 : (i % 3 == 1 ? 205 : 500);
    big[i] = GINT16_TO_BE ((gint16)code);
    floats[i] = (float)code;
    wide[i] = GUINT64_TO_LE ((guint64)code);
  }
  const struct {
    const char *type, *endian;
    const void *data;
    gsize n_bytes;
  } forms[] = {
    {"short", "endian: big\n", big, sizeof big},
    {"float",
     G_BYTE_ORDER == G_LITTLE_ENDIAN ? "endian: little\n" : "endian: big\n",
     floats,
     sizeof floats},
    {"uint64", "endian: little\n", wide, sizeof wide},
  };
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autofree char *more = g_strconcat (forms[i].endian, "encoding: raw\n", NULL);
    g_autofree char *header = header_of (forms[i].type, "LPS", "(1,0,0) (0,1,0) (0,0,1)", more);
    g_autofree char *path = write_file ("type.nrrd", header, forms[i].data, forms[i].n_bytes);
    g_autoptr (UtLabelFile) file = read_file (path);
    g_assert_cmpuint (file->codes->len, ==, 2);
    g_assert_cmpint (ut_label_file_code (file, 0)->code, ==, 205);
    g_assert_cmpint (ut_label_file_code (file, 1)->code, ==, 500);
    g_assert_cmpuint (ut_label_file_code (file, 1)->n_voxels, ==, N / 3);
    g_assert_cmpfloat_with_epsilon (ut_label_file_ml (file, 1), N / 3 / 1000.0, 1e-9);
    for (guint v = 0; v < N; v++)
      g_assert_cmpuint (layer (file, 0)->u8[v], ==, v % 3);
  }
}

static void
test_halves (void)
{
  float data[N] = {0, 1, 1.5f};
  g_autoptr (GError) error = NULL;
  g_autofree char *header =
    header_of ("float", "LPS", "(1,0,0) (0,1,0) (0,0,1)", "endian: little\nencoding: raw\n");
  g_autofree char *path = write_file ("half.nrrd", header, data, sizeof data);
  g_assert_null (ut_label_file_read (path, &error));
  g_assert_cmpstr (
    error->message, ==, "half.nrrd: holds the value 1.5, want labels: whole numbers 0 to 65535");
}

/* bzip2 of N bytes of 7 as python3 -c 'import bz2; print(bz2.compress(b"\7" * 24))' writes it */
static void
test_bzip2 (void)
{
  static const guint8 data[] = {0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59,
                                0xbc, 0x07, 0x81, 0x63, 0x00, 0x00, 0x00, 0x60, 0x00, 0x00,
                                0x80, 0x04, 0x00, 0x20, 0x00, 0x21, 0x00, 0x82, 0x83, 0x17,
                                0x72, 0x45, 0x38, 0x50, 0x90, 0xbc, 0x07, 0x81, 0x63};
  g_autofree char *header =
    header_of ("uchar", "LPS", "(1,0,0) (0,1,0) (0,0,1)", "encoding: bzip2\n");
  g_autofree char *path = write_file ("b.nrrd", header, data, sizeof data);
  g_autoptr (UtLabelFile) file = read_file (path);
  g_assert_cmpuint (file->codes->len, ==, 1);
  g_assert_cmpint (ut_label_file_code (file, 0)->code, ==, 7);
  g_assert_cmpuint (ut_label_file_code (file, 0)->n_voxels, ==, N);

  g_autofree char *cut = write_file ("cut.nrrd", header, data, sizeof data / 2);
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_label_file_read (cut, &error));
  g_assert_nonnull (strstr (error->message, "damaged or not whole"));
}

static void
test_detached (void)
{
  guint8 data[N] = {0, 3, 3};
  g_autofree char *raw = write_file ("voxels.raw", "", data, sizeof data);
  g_autofree char *header =
    header_of ("uchar", "LPS", "(1,0,0) (0,1,0) (0,0,1)", "encoding: raw\ndata file: voxels.raw\n");
  g_autofree char *path = write_file ("there.nhdr", header, "", 0);
  g_autoptr (UtLabelFile) file = read_file (path);
  g_assert_cmpstr (file->data_path, ==, raw);
  g_assert_cmpint (ut_label_file_code (file, 0)->code, ==, 3);
  g_assert_cmpuint (ut_label_file_code (file, 0)->n_voxels, ==, 2);
}

#define LAYERS                                                                                     \
  "NRRD0004\ntype: uchar\ndimension: 4\nspace: left-posterior-superior\n%s"                        \
  "encoding: raw\nspace origin: (0,0,0)\n"                                                         \
  "Segment0_ID:=Segment_1\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n"                            \
  "Segment0_Name:=left ventricle\n"                                                                \
  "Segment1_ID:=Segment_2\nSegment1_LabelValue:=2\nSegment1_Layer:=0\nSegment1_Name:=RV\n"         \
  "Segment2_ID:=Segment_3\nSegment2_LabelValue:=1\nSegment2_Layer:=1\nSegment2_Name:=Herz\n\n"

/* Values mean something else in each layer; the list may be the first axis or the last. */
static void
test_layers (void)
{
  guint8 first[2 * N] = {0}, last[2 * N] = {0};
  for (guint v = 0; v < N; v++) {
    guint8 a = v % 3, b = v % 2;
    first[2 * v] = last[v] = a;
    first[2 * v + 1] = last[N + v] = b;
  }
  static const char *const forms[] = {
    "sizes: 2 2 3 4\nspace directions: none (1,0,0) (0,1,0) (0,0,1)\n"
    "kinds: list domain domain domain\n",
    "sizes: 2 3 4 2\nspace directions: (1,0,0) (0,1,0) (0,0,1) none\n"
    "kinds: domain domain domain list\n"};
  for (guint form = 0; form < 2; form++) {
    g_autofree char *header = g_strdup_printf (LAYERS, forms[form]);
    g_autofree char *path =
      write_file ("layers.seg.nrrd", header, form == 0 ? first : last, sizeof first);
    g_autoptr (UtLabelFile) file = read_file (path);
    g_assert_cmpuint (file->layers->len, ==, 2);
    g_assert_cmpuint (file->codes->len, ==, 3);
    g_assert_cmpint (ut_label_file_code (file, 2)->code, ==, 3); /* by the order of segments */
    g_assert_cmpstr (ut_label_file_code (file, 0)->name, ==, "left ventricle");
    g_assert_cmpuint (ut_label_file_code (file, 2)->n_voxels, ==, N / 2);
    for (guint v = 0; v < N; v++) {
      g_assert_cmpuint (layer (file, 0)->u8[v], ==, v % 3);
      g_assert_cmpuint (layer (file, 1)->u8[v], ==, v % 2 ? 3 : 0);
    }
  }
}

/* Segments name codes of a plain map; one of them has no voxel. */
static void
test_names (void)
{
  guint8 data[N] = {0, 4, 4, 9};
  g_autofree char *header = header_of ("uchar",
                                       "LPS",
                                       "(1,0,0) (0,1,0) (0,0,1)",
                                       "encoding: raw\nSegment0_Name:=RV\n"
                                       "Segment0_LabelValue:=4\nSegment1_ID:=x\n"
                                       "Segment1_Name:=LA\nSegment1_LabelValue:=2\n");
  g_autofree char *path = write_file ("names.seg.nrrd", header, data, sizeof data);
  g_autoptr (UtLabelFile) file = read_file (path);
  g_assert_cmpuint (file->codes->len, ==, 3);
  g_assert_cmpint (ut_label_file_code (file, 0)->code, ==, 2);
  g_assert_cmpstr (ut_label_file_code (file, 0)->name, ==, "LA");
  g_assert_cmpuint (ut_label_file_code (file, 0)->n_voxels, ==, 0);
  g_assert_cmpstr (ut_label_file_code (file, 1)->name, ==, "RV");
  g_assert_null (ut_label_file_code (file, 2)->name);
  g_assert_cmpuint (layer (file, 0)->u8[1], ==, 2);
  g_assert_cmpuint (layer (file, 0)->u8[3], ==, 3);
}

/* A map in NIfTI comes out the same; a scan is told from a label map. */
static void
test_nifti (void)
{
  const gsize dims[3] = {8, 8, 8};
  UtAffine affine = ut_affine_scale_offset (ut_vec3 (-2, 2, 2), ut_vec3 (5, 6, 7));
  g_autoptr (GError) error = NULL;
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &affine, NULL);
  for (guint i = 0; i < 512; i++)
    labels->u8[i] = i % 7 == 0 ? 200 : 0;
  g_autofree char *path = path_of ("map.nii.gz");
  g_assert_true (ut_nifti_write (labels, path, NULL, NULL));
  g_autoptr (UtLabelFile) file = read_file (path);
  g_assert_true (ut_volume_same_grid (labels, layer (file, 0), 1e-6));
  g_assert_cmpuint (file->codes->len, ==, 1);
  g_assert_cmpint (ut_label_file_code (file, 0)->code, ==, 200);

  g_autoptr (UtVolume) scan = ut_volume_new (UT_VOXEL_F32, dims, &affine, NULL);
  for (guint i = 0; i < 512; i++)
    scan->f32[i] = (float)i;
  g_autofree char *other = path_of ("scan.nii");
  g_assert_true (ut_nifti_write (scan, other, NULL, NULL));
  g_assert_null (ut_label_file_read (other, &error));
  g_assert_cmpstr (error->message,
                   ==,
                   "scan.nii: holds 511 values, want a label map of at most 255: is it the scan "
                   "itself?");
}

static void
test_absent (void)
{
  g_autofree char *path = path_of ("absent.nrrd");
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_label_file_read (path, &error));
  g_assert_cmpstr (error->message, ==, "absent.nrrd: no such file");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/label-file/spaces", test_spaces);
  g_test_add_func ("/label-file/types", test_types);
  g_test_add_func ("/label-file/halves", test_halves);
  g_test_add_func ("/label-file/bzip2", test_bzip2);
  g_test_add_func ("/label-file/detached", test_detached);
  g_test_add_func ("/label-file/layers", test_layers);
  g_test_add_func ("/label-file/names", test_names);
  g_test_add_func ("/label-file/nifti", test_nifti);
  g_test_add_func ("/label-file/absent", test_absent);
  return g_test_run ();
}
