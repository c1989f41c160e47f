/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/nrrd-file.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/gzip-length.h"
#include "engine/image/volume.h"

#include <inttypes.h>
#include <locale.h>
#include <sys/stat.h>
#include <teem/biff.h>

#define MAX_HEADER_BYTES ((gsize)1 << 20)
#define MIN_SPACING_MM   0.001
#define MAX_SPACING_MM   100.0
#define MAX_ORIGIN_MM    1e6

typedef struct Header {
  char *text;      /* all lines but the one that names a data file */
  gsize n_bytes;   /* where the data begin */
  char *data_name; /* of a file beside it; NULL: the data follow */
} Header;

static void
header_clear (Header *header)
{
  g_free (header->text);
  g_free (header->data_name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Header, header_clear)

/* At most @max bytes from the start of a file. */
static GString *
read_start (const char *path, gsize max)
{
  FILE *file = fopen (path, "rb");
  if (file == NULL)
    return NULL;
  GString *text = g_string_sized_new (4096);
  char buffer[4096];
  gsize n = 1;
  while (text->len < max && n > 0) {
    n = fread (buffer, 1, MIN (sizeof buffer, max - text->len), file);
    g_string_append_len (text, buffer, (gssize)n);
  }
  fclose (file);
  return text;
}

gboolean
ut_nrrd_file_recognise (const char *path)
{
  g_autoptr (GString) start = read_start (path, 4);
  return start != NULL && g_str_equal (start->str, "NRRD");
}

/* ---- the header ------------------------------------------------------------------------- */

/* What follows "data file:" and its other spelling, which teem knows in any case; or NULL */
static const char *
data_file_of (const char *line)
{
  static const char *const names[] = {"data file:", "datafile:"};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strncasecmp (line, names[i], strlen (names[i])) == 0)
      return line + strlen (names[i]);
  return NULL;
}

/* A path could lead anywhere, and teem takes "-" for standard input. */
static gboolean
take_data_name (Header *header, const char *text, GError **error)
{
  g_autofree char *name = g_strstrip (g_strdup (text));
  if (g_str_has_prefix (name, "./"))
    memmove (name, name + 2, strlen (name + 2) + 1);
  if (header->data_name != NULL || strchr (name, '%') != NULL || strchr (name, ' ') != NULL ||
      g_str_has_prefix (name, "LIST"))
    return ut_fail (
      error,
      UT_ENGINE_ERROR_UNSUPPORTED,
      ut_words ("its data lie in several files, want one: save it as one .nrrd file"));
  if (name[0] == '\0' || name[0] == '.' || name[0] == '-' || strpbrk (name, "/\\:") != NULL)
    return ut_fail (error,
                    UT_ENGINE_ERROR_UNSUPPORTED,
                    ut_words ("its data lie elsewhere, want a file beside it: save it as one .nrrd "
                              "file"));
  header->data_name = g_steal_pointer (&name);
  return TRUE;
}

/* Cuts the lines out of the start of the file; a line that is empty ends them. */
static gboolean
split_header (GString *start, Header *ret, GError **error)
{
  g_auto (Header) header = {NULL};
  g_autoptr (GString) text = g_string_new (NULL);
  gsize at = 0;
  gboolean ended = FALSE;
  while (!ended && at < start->len) {
    const char *line = start->str + at;
    const char *end = memchr (line, '\n', start->len - at);
    gsize length = end != NULL ? (gsize)(end - line) : start->len - at;
    at += length + (end != NULL);
    g_autofree char *copy = g_strndup (line, length);
    if (length > 0 && line[length - 1] == '\r')
      copy[--length] = '\0';
    ended = length == 0;
    if (strlen (copy) != length || strchr (copy, '\r') != NULL)
      return ut_fail (
        error, UT_ENGINE_ERROR_FORMAT, ut_words ("its header holds control characters"));
    const char *name = data_file_of (copy);
    if (name != NULL && !take_data_name (&header, name, error))
      return FALSE;
    if (name == NULL && !ended)
      g_string_append_printf (text, "%s\n", copy);
  }
  if (start->len >= MAX_HEADER_BYTES && !ended)
    return ut_fail (
      error, UT_ENGINE_ERROR_FORMAT, ut_words ("its header does not end within 1 MiB"));
  if (!ended && header.data_name == NULL)
    return ut_fail (
      error, UT_ENGINE_ERROR_FORMAT, ut_words ("ends within its header: the file is not whole"));
  header.n_bytes = at;
  header.text = g_string_free (g_steal_pointer (&text), FALSE);
  *ret = header;
  header = (Header){NULL};
  return TRUE;
}

/* teem stops at a field that it cannot read: the name of it, never what stands in it */
static char *
field_of (const NrrdIoState *nio)
{
  g_autofree char *name = g_strndup (nio->line != NULL ? nio->line : "", 30);
  char *colon = strchr (name, ':');
  if (colon == NULL)
    return g_strdup ("?");
  *colon = '\0';
  return g_str_to_ascii (g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS " ", '?'), "C");
}

static gboolean
parse_header (const Header *header, Nrrd *nrrd, NrrdIoState *nio, GError **error)
{
  nio->skipData = TRUE;
  if (nrrdStringRead (nrrd, header->text, nio) != 0) {
    biffDone (NRRD);
    g_autofree char *field = field_of (nio);
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("its header cannot be read, the last field tried was \"%s\""),
                    field);
  }
  if (nio->dataFNFormat != NULL || nio->dataFNArr->len > 0)
    return ut_fail (
      error,
      UT_ENGINE_ERROR_UNSUPPORTED,
      ut_words ("its data lie in several files, want one: save it as one .nrrd file"));
  if (nrrd->dim == 0 || nio->encoding == NULL || nio->encoding == nrrdEncodingUnknown)
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("its header says no type, dimension, sizes or encoding"));
  return TRUE;
}

/* ---- what the header may say --------------------------------------------------------------- */

static gboolean
check_sizes (const Nrrd *nrrd, GError **error)
{
  if (nrrd->type <= nrrdTypeUnknown || nrrd->type >= nrrdTypeBlock)
    return ut_fail (error,
                    UT_ENGINE_ERROR_UNSUPPORTED,
                    ut_words ("blocks of bytes are not read, want whole numbers or floats"));
  if (nrrd->dim < 3 || nrrd->dim > 4)
    return ut_fail (error,
                    UT_ENGINE_ERROR_UNSUPPORTED,
                    ut_words ("has %u axes, want 3, or 4 of a segmentation with layers"),
                    nrrd->dim);
  gsize n_bytes = nrrdTypeSize[nrrd->type];
  for (guint axis = 0; axis < nrrd->dim; axis++) {
    if (nrrd->axis[axis].size < 1 ||
        !g_size_checked_mul (&n_bytes, n_bytes, nrrd->axis[axis].size) ||
        n_bytes > UT_VOLUME_MAX_BYTES)
      return ut_fail (error,
                      UT_ENGINE_ERROR_RANGE,
                      ut_words ("the data would be empty or pass 1 GiB at axis %u of %zu"),
                      axis + 1,
                      nrrd->axis[axis].size);
  }
  return TRUE;
}

static gboolean
encoding_is_read (const NrrdEncoding *encoding)
{
  const NrrdEncoding *const read[] = {
    nrrdEncodingRaw, nrrdEncodingGzip, nrrdEncodingBzip2, nrrdEncodingAscii, nrrdEncodingHex};
  for (guint i = 0; i < G_N_ELEMENTS (read); i++)
    if (encoding == read[i])
      return TRUE;
  return FALSE;
}

static gboolean
check_encoding (const Nrrd *nrrd, const NrrdIoState *nio, GError **error)
{
  if (!encoding_is_read (nio->encoding))
    return ut_fail (error,
                    UT_ENGINE_ERROR_UNSUPPORTED,
                    ut_words ("encoding %s is not read, want raw, gzip, bzip2, ascii or hex"),
                    nio->encoding->name);
  if (nio->lineSkip > 0 || nio->byteSkip < -1 ||
      (nio->byteSkip != 0 && nio->encoding != nrrdEncodingRaw))
    return ut_fail (
      error,
      UT_ENGINE_ERROR_UNSUPPORTED,
      ut_words ("skips lines, or bytes of data that are not raw: save it as one .nrrd "
                "file"));
  if (nio->encoding->endianMatters && nrrdTypeSize[nrrd->type] > 1 &&
      nio->endian != airEndianLittle && nio->endian != airEndianBig)
    return ut_fail (
      error,
      UT_ENGINE_ERROR_FORMAT,
      ut_words ("its header does not say whether its values are little or big endian"));
  return TRUE;
}

/* LPS out of the file's space: signs of x and y */
static gboolean
signs_of (const Nrrd *nrrd, double ret_signs[3], GError **error)
{
  if (nrrd->spaceDim == 0)
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("says no space and no space directions, so no voxel has a size or a "
                              "place in the patient: export it again with them"));
  ret_signs[0] = ret_signs[1] = ret_signs[2] = 1;
  if (nrrd->space == nrrdSpaceRightAnteriorSuperior)
    ret_signs[0] = ret_signs[1] = -1;
  else if (nrrd->space == nrrdSpaceLeftAnteriorSuperior)
    ret_signs[1] = -1;
  else if (nrrd->space != nrrdSpaceLeftPosteriorSuperior)
    return ut_fail (error,
                    UT_ENGINE_ERROR_UNSUPPORTED,
                    ut_words ("its space is \"%s\", want left-posterior-superior, "
                              "right-anterior-superior or left-anterior-superior"),
                    nrrd->space != nrrdSpaceUnknown ? airEnumStr (nrrdSpace, nrrd->space) : "?");
  for (guint i = 0; i < 3; i++)
    if (nrrd->spaceUnits[i] != NULL && nrrd->spaceUnits[i][0] != '\0' &&
        !g_str_equal (nrrd->spaceUnits[i], "mm"))
      return ut_fail (
        error, UT_ENGINE_ERROR_UNSUPPORTED, ut_words ("its space units are not mm, want mm"));
  return TRUE;
}

/* Which axes stand in space: three of three, or all but one of four */
static gboolean
find_axes (UtNrrdFile *self, GError **error)
{
  guint n = 0;
  self->list_axis = -1;
  self->n_lists = self->n_inner = 1;
  for (guint axis = 0; axis < self->nrrd->dim; axis++) {
    const NrrdAxisInfo *info = &self->nrrd->axis[axis];
    gboolean in_space = !isnan (info->spaceDirection[0]);
    if (in_space && n < 3) {
      self->axes[n] = axis;
      self->dims[n++] = info->size;
    } else if (!in_space && self->nrrd->dim == 4 && self->list_axis < 0) {
      self->list_axis = (int)axis;
      self->n_lists = info->size;
      for (guint i = 0; i < n; i++)
        self->n_inner *= self->dims[i];
    } else {
      return ut_fail (error,
                      UT_ENGINE_ERROR_UNSUPPORTED,
                      ut_words ("axis %u %s, want three axes with a space direction, and a fourth "
                                "without one only for the layers of a segmentation"),
                      axis + 1,
                      in_space ? ut_words ("is a fourth in space")
                               : ut_words ("has no space direction"));
    }
  }
  return TRUE;
}

static gboolean
place (UtNrrdFile *self, GError **error)
{
  double signs[3];
  if (!signs_of (self->nrrd, signs, error) || !find_axes (self, error))
    return FALSE;
  UtAffine inverse, *affine = &self->m_patient_from_voxel;
  gboolean sane = TRUE;
  for (int c = 0; c < 3; c++) {
    const double *direction = self->nrrd->axis[self->axes[c]].spaceDirection;
    double length = hypot (hypot (direction[0], direction[1]), direction[2]);
    sane = sane && length >= MIN_SPACING_MM && length <= MAX_SPACING_MM;
    for (int r = 0; r < 3; r++)
      affine->m[r][c] = signs[r] * direction[r];
  }
  for (int r = 0; r < 3; r++) {
    affine->m[r][3] = signs[r] * self->nrrd->spaceOrigin[r];
    if (isnan (affine->m[r][3]))
      return ut_fail (
        error, UT_ENGINE_ERROR_FORMAT, ut_words ("says no space origin: export it again with one"));
    sane = sane && fabs (affine->m[r][3]) < MAX_ORIGIN_MM;
  }
  if (!sane || !ut_affine_invert (affine, &inverse))
    return ut_fail (
      error,
      UT_ENGINE_ERROR_RANGE,
      ut_words ("its space directions are singular, or a voxel is not 0.001 to 100 mm"));
  return TRUE;
}

/* ---- the data --------------------------------------------------------------------------- */

/* The file must hold all that the header promises before memory is taken for it; what a bzip2
 * stream holds only teem can tell. */
static gboolean
check_length (
  const Nrrd *nrrd, const NrrdIoState *nio, const char *path, gsize offset, GError **error)
{
  struct stat status;
  guint64 n_values = nrrdElementNumber (nrrd);
  guint64 want = n_values * nrrdTypeSize[nrrd->type];
  if (stat (path, &status) != 0 || !S_ISREG (status.st_mode))
    return ut_fail (error, UT_ENGINE_ERROR_FORMAT, ut_words ("its data file is missing"));
  guint64 have = (guint64)status.st_size - MIN ((guint64)status.st_size, offset);
  if (nio->encoding == nrrdEncodingRaw && nio->byteSkip > 0)
    have -= MIN (have, (guint64)nio->byteSkip);
  if (nio->encoding == nrrdEncodingGzip)
    have = ut_gzip_length (path, offset, want);
  else if (nio->encoding == nrrdEncodingHex)
    want *= 2;
  else if (nio->encoding == nrrdEncodingAscii)
    want = 2 * n_values - 1;
  else if (nio->encoding == nrrdEncodingBzip2)
    want = 1;
  if (have == UT_GZIP_DAMAGED)
    return ut_fail (error, UT_ENGINE_ERROR_FORMAT, ut_words ("the compressed data are damaged"));
  if (have < want)
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("its data end after %" PRIu64 " bytes, want %" PRIu64),
                    have,
                    want);
  return TRUE;
}

static gboolean
read_data (UtNrrdFile *self, const char *path, GError **error)
{
  NrrdIoState *nio = nrrdIoStateNew ();
  gboolean read = nrrdLoad (self->nrrd, path, nio) == 0 && self->nrrd->data != NULL;
  nrrdIoStateNix (nio);
  if (!read) {
    biffDone (NRRD);
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("the data cannot be read: they are damaged or not whole"));
  }
  return TRUE;
}

static gboolean
read_file (UtNrrdFile *self, const char *path, NrrdIoState *nio, GError **error)
{
  g_auto (Header) header = {NULL};
  g_autoptr (GString) start = read_start (path, MAX_HEADER_BYTES);
  if (start == NULL || strncmp (start->str, "NRRD", 4) != 0)
    return ut_fail (error, UT_ENGINE_ERROR_FORMAT, ut_words ("not a NRRD file"));
  if (!split_header (start, &header, error) || !parse_header (&header, self->nrrd, nio, error) ||
      !check_sizes (self->nrrd, error) || !check_encoding (self->nrrd, nio, error) ||
      !place (self, error))
    return FALSE;
  if (header.data_name != NULL) {
    g_autofree char *folder = g_path_get_dirname (path);
    self->data_path = g_build_filename (folder, header.data_name, NULL);
  }
  return check_length (self->nrrd,
                       nio,
                       self->data_path != NULL ? self->data_path : path,
                       self->data_path != NULL ? 0 : header.n_bytes,
                       error) &&
         read_data (self, path, error);
}

UtNrrdFile *
ut_nrrd_file_read (const char *path, GError **error)
{
  static GMutex one_at_a_time;
  g_autofree char *name = g_path_get_basename (path);
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, ut_words ("%s: no such file"), name);
    return NULL;
  }
  g_mutex_lock (&one_at_a_time);
  locale_t plain = newlocale (LC_NUMERIC_MASK, "C", NULL); /* teem reads by sscanf() */
  locale_t before = uselocale (plain);
  NrrdIoState *nio = nrrdIoStateNew ();
  g_autoptr (UtNrrdFile) self = g_new0 (UtNrrdFile, 1);
  self->nrrd = nrrdNew ();
  gboolean read = read_file (self, path, nio, error);
  nrrdIoStateNix (nio);
  uselocale (before);
  freelocale (plain);
  g_mutex_unlock (&one_at_a_time);
  if (!read) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
ut_nrrd_file_free (UtNrrdFile *self)
{
  nrrdNuke (self->nrrd);
  g_free (self->data_path);
  g_free (self);
}

double
ut_nrrd_file_value (const UtNrrdFile *self, gsize list, gsize i)
{
  gsize inner = self->n_inner;
  gsize at = self->list_axis < 0 ? i : (i / inner * self->n_lists + list) * inner + i % inner;
  return nrrdDLookup[self->nrrd->type](self->nrrd->data, at);
}

char *
ut_nrrd_file_dup_key (const UtNrrdFile *self, const char *before, guint number, const char *after)
{
  g_autofree char *key = g_strdup_printf ("%s%u%s", before, number, after);
  char *value = nrrdKeyValueGet (self->nrrd, key);
  char *copy = g_strdup (value);
  free (value);
  return copy;
}
