/* SPDX-License-Identifier: Apache-2.0 */

/* Loops kept as pictures: a folder of PNG or JPEG frames in natural order, or one picture. What
 * pictures cannot say stands in a JSON sidecar: cine.json in the folder, or NAME.json beside a
 * single NAME.png. Its members are all optional:
 *   spacing_mm      number, or [row, column]      frame_time_ms  number
 *   times_ms        [number per frame]            r_waves_ms     [number]
 *   heart_rate_bpm  number                        view           "A4C", "A2C", "PSAX"
 *   frame_spacing_mm  [number, or [row, column], per frame] in place of spacing_mm
 *   region          [x, y, width, height] of the part that holds the echo, in pixels
 *   ed_frame, es_frame   counted from 1 */

#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/json.h"
#include "engine/base/parallel.h"
#include "engine/base/words.h"
#include "engine/image/cine-driver.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <math.h>

#define SIDECAR           "cine.json"
#define MAX_SIDECAR_BYTES (1 << 20)

static gboolean
name_is_picture (const char *name)
{
  static const char *const suffixes[] = {".png", ".jpg", ".jpeg"};
  g_autofree char *lower = g_ascii_strdown (name, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (lower, suffixes[i]))
      return name[0] != '.';
  return FALSE;
}

/* "png" or "jpeg" by the first bytes, NULL for anything else */
static const char *
picture_type (const char *bytes, gsize n_bytes)
{
  if (n_bytes >= 8 && memcmp (bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
    return "png";
  if (n_bytes >= 3 && memcmp (bytes, "\xff\xd8\xff", 3) == 0)
    return "jpeg";
  return NULL;
}

static gboolean
content_is_picture (const char *path)
{
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, NULL);
  return map != NULL &&
         picture_type (g_mapped_file_get_contents (map), g_mapped_file_get_length (map)) != NULL;
}

/* (transfer full): paths of the pictures in a folder, in natural order ("2" before "10") */
static GStrv
list_pictures (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (name_is_picture (name))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, ut_folder_compare);
  g_ptr_array_add (paths, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}

static gboolean
recognise (const char *path)
{
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return content_is_picture (path);
  g_auto (GStrv) pictures = list_pictures (path);
  return pictures[0] != NULL;
}

/* Rec. 601 luma; the weights add up to 256, so grey stays what it was */
static void
copy_grey (const GdkPixbuf *picture, guint8 *ret_pixels)
{
  int width = gdk_pixbuf_get_width (picture), height = gdk_pixbuf_get_height (picture);
  int n_channels = gdk_pixbuf_get_n_channels (picture);
  gsize stride = (gsize)gdk_pixbuf_get_rowstride (picture);
  const guint8 *rows = gdk_pixbuf_read_pixels (picture);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      const guint8 *p = rows + (gsize)y * stride + (gsize)(x * n_channels);
      *ret_pixels++ = (guint8)((77 * p[0] + 150 * p[1] + 29 * p[2] + 128) >> 8);
    }
}

/* Called when the header is read; a size of 0 makes the decoder stop before it takes memory. */
static void
check_size_cb (GdkPixbufLoader *loader, int width, int height, gpointer unused)
{
  if (width > UT_CINE_MAX_SIDE || height > UT_CINE_MAX_SIDE)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
}

static GdkPixbuf *
load_picture (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, NULL);
  const char *bytes = map ? g_mapped_file_get_contents (map) : NULL;
  gsize n_bytes = map ? g_mapped_file_get_length (map) : 0;
  const char *type = picture_type (bytes, n_bytes);
  if (type == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("%s: not a PNG or JPEG picture"),
                 name);
    return NULL;
  }

  g_autoptr (GError) cause = NULL;
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (type, &cause);
  GdkPixbuf *picture = NULL;
  if (loader != NULL) {
    g_signal_connect (loader, "size-prepared", G_CALLBACK (check_size_cb), NULL);
    gboolean written = gdk_pixbuf_loader_write (loader, (const guchar *)bytes, n_bytes, &cause);
    if (gdk_pixbuf_loader_close (loader, written ? &cause : NULL) && written)
      picture = gdk_pixbuf_loader_get_pixbuf (loader);
  }
  if (picture == NULL)
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("%s: the picture is damaged, or a side is over %d pixels%s%s"),
                 name,
                 UT_CINE_MAX_SIDE,
                 cause ? ": " : "",
                 cause ? cause->message : "");
  return picture ? g_object_ref (picture) : NULL;
}

/* Does something with frame @i of @cine and its file; FALSE with @error. */
typedef gboolean (*FrameFunc) (const UtCine *cine, guint i, char **paths, GError **error);

typedef struct FrameLoop {
  const UtCine *cine;
  char **paths; /* [n_frames] to read; [1], the folder, to write */
  FrameFunc func;
  GCancellable *cancel;
  GMutex mutex;
  guint failed; /* lowest frame that did, under the mutex, as is its error */
  GError *error;
} FrameLoop;

static void
do_frames (gsize begin, gsize end, gpointer user_data)
{
  FrameLoop *self = user_data;
  for (guint i = (guint)begin; i < end; i++) {
    g_autoptr (GError) error = NULL;
    if (!g_cancellable_set_error_if_cancelled (self->cancel, &error) &&
        self->func (self->cine, i, self->paths, &error))
      continue;
    g_mutex_lock (&self->mutex);
    if (i < self->failed) {
      self->failed = i;
      g_clear_error (&self->error);
      self->error = g_steal_pointer (&error);
    }
    g_mutex_unlock (&self->mutex);
    return;
  }
}

/* All frames, on all cores: a picture's codec takes longer than anything else here. */
static gboolean
each_frame (const UtCine *cine, FrameFunc func, char **paths, GCancellable *cancel, GError **error)
{
  FrameLoop loop = {
    .cine = cine, .paths = paths, .func = func, .cancel = cancel, .failed = G_MAXUINT};
  g_mutex_init (&loop.mutex);
  ut_parallel_for (cine->n_frames, 4, do_frames, &loop);
  g_mutex_clear (&loop.mutex);
  if (loop.error == NULL)
    return TRUE;
  g_propagate_error (error, loop.error);
  return FALSE;
}

static gboolean
load_frame (const UtCine *self, guint i, char **paths, GError **error)
{
  const char *path = paths[i];
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GdkPixbuf) picture = load_picture (path, error);
  if (picture == NULL)
    return FALSE;
  guint width = (guint)gdk_pixbuf_get_width (picture);
  guint height = (guint)gdk_pixbuf_get_height (picture);
  if (width != self->width || height != self->height) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("%s: %u x %u pixels, but the first frame has %u x %u"),
                 name,
                 width,
                 height,
                 self->width,
                 self->height);
    return FALSE;
  }
  copy_grey (picture, self->pixels + (gsize)i * self->height * self->width);
  return TRUE;
}

/* (transfer full): a list of finite numbers, or NULL with @error */
static double *
read_numbers (JsonObject *sidecar, const char *key, guint *ret_n, GError **error)
{
  JsonArray *list;
  if (!ut_json_get_array (sidecar, key, &list, error))
    return NULL;
  guint n = json_array_get_length (list);
  g_autofree double *numbers = g_new (double, n + 1);
  for (guint i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element (list, i);
    GType type = json_node_get_value_type (node);
    gboolean is_number = type == G_TYPE_DOUBLE || type == G_TYPE_INT64;
    numbers[i] = is_number ? json_node_get_double (node) : NAN;
    if (!isfinite (numbers[i])) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("\"%s\"[%u] is not a number"),
                   key,
                   i);
      return NULL;
    }
  }
  *ret_n = n;
  return g_steal_pointer (&numbers);
}

/* A number, or [row, column], that stands under @key. */
static gboolean
read_spacing_pair (JsonNode *node, const char *key, double ret_mm[2], GError **error)
{
  JsonNode *numbers[2] = {node, node};
  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *pair = json_node_get_array (node);
    if (json_array_get_length (pair) != 2) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("\"%s\" holds %u numbers, want row and column"),
                   key,
                   json_array_get_length (pair));
      return FALSE;
    }
    for (guint i = 0; i < 2; i++)
      numbers[i] = json_array_get_element (pair, i);
  }
  for (guint i = 0; i < 2; i++) {
    GType type = JSON_NODE_HOLDS_VALUE (numbers[i]) ? json_node_get_value_type (numbers[i]) : 0;
    if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("\"%s\" holds something else than a number"),
                   key);
      return FALSE;
    }
    double mm = json_node_get_double (numbers[i]);
    if (!ut_cine_spacing_is_sound (mm)) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("\"%s\" is %g, want %g to %g mm per pixel"),
                   key,
                   mm,
                   UT_CINE_MIN_SPACING_MM,
                   UT_CINE_MAX_SPACING_MM);
      return FALSE;
    }
    ret_mm[i] = mm;
  }
  return TRUE;
}

static gboolean
read_spacing (UtCine *self, JsonObject *sidecar, GError **error)
{
  JsonNode *node = json_object_get_member (sidecar, "spacing_mm");
  if (!read_spacing_pair (node, "spacing_mm", self->spacing_mm, error))
    return FALSE;
  self->calibration = UT_CALIBRATION_SIDECAR;
  return TRUE;
}

/* The loop's hash takes in what makes another heart, though the pictures are the same. */
static void
hash_in (UtCine *self, const char *text)
{
  g_autofree char *hashed = g_steal_pointer (&self->sha256);
  g_autofree char *both = g_strconcat (hashed, text, NULL);
  self->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);
}

static gboolean
read_frame_spacing (UtCine *self, JsonObject *sidecar, GError **error)
{
  JsonNode *node = json_object_get_member (sidecar, "frame_spacing_mm");
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = list != NULL ? json_array_get_length (list) : 0;
  if (n != self->n_frames) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"frame_spacing_mm\" holds %u spacings for %u frames"),
                 n,
                 self->n_frames);
    return FALSE;
  }
  g_autofree double *spacing_mm = g_new (double, 2 * (gsize)n);
  g_autoptr (GString) hashed = g_string_new (NULL);
  for (guint i = 0; i < n; i++) {
    double *mm = spacing_mm + 2 * (gsize)i;
    char digits[2][G_ASCII_DTOSTR_BUF_SIZE];
    if (!read_spacing_pair (json_array_get_element (list, i), "frame_spacing_mm", mm, error))
      return FALSE;
    for (int axis = 0; axis < 2; axis++)
      g_ascii_dtostr (digits[axis], sizeof digits[axis], mm[axis]);
    g_string_append_printf (hashed, ";%s,%s", digits[0], digits[1]);
  }
  memcpy (self->spacing_mm, spacing_mm, sizeof self->spacing_mm);
  self->frame_spacing_mm = g_steal_pointer (&spacing_mm);
  self->calibration = UT_CALIBRATION_SIDECAR;
  hash_in (self, hashed->str);
  return TRUE;
}

static gboolean
read_region (UtCine *self, JsonObject *sidecar, GError **error)
{
  guint n;
  g_autofree double *numbers = read_numbers (sidecar, "region", &n, error);
  if (numbers == NULL)
    return FALSE;
  gboolean inside = n == 4;
  for (guint i = 0; inside && i < 4; i++)
    inside = numbers[i] >= i / 2 && numbers[i] == floor (numbers[i]);
  if (!inside || numbers[0] + numbers[2] > self->width || numbers[1] + numbers[3] > self->height) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"region\": want x, y, width and height of a part of the picture"));
    return FALSE;
  }
  for (guint i = 0; i < 4; i++)
    self->region[i] = (guint)numbers[i];
  g_autofree char *text = g_strdup_printf (
    ";region %u %u %u %u", self->region[0], self->region[1], self->region[2], self->region[3]);
  hash_in (self, text);
  return TRUE;
}

static gboolean
read_times (UtCine *self, JsonObject *sidecar, GError **error)
{
  double *times_ms;
  if (ut_json_has (sidecar, "times_ms")) {
    guint n;
    g_autofree double *listed = read_numbers (sidecar, "times_ms", &n, error);
    if (listed == NULL)
      return FALSE;
    if (n != self->n_frames) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("\"times_ms\" holds %u times for %u frames"),
                   n,
                   self->n_frames);
      return FALSE;
    }
    times_ms = g_steal_pointer (&listed);
  } else {
    double frame_ms;
    if (!ut_json_get_double (sidecar, "frame_time_ms", 0.1, 60000, &frame_ms, error))
      return FALSE;
    times_ms = g_new (double, self->n_frames);
    for (guint i = 0; i < self->n_frames; i++)
      times_ms[i] = i * frame_ms;
  }
  if (ut_cine_take_times (self, times_ms))
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("\"times_ms\" do not rise from frame to frame"));
  return FALSE;
}

static gboolean
read_mark (UtCine *self, JsonObject *sidecar, const char *key, int *ret_frame, GError **error)
{
  gint64 frame;
  if (!ut_json_has (sidecar, key))
    return TRUE;
  if (!ut_json_get_int (sidecar, key, 1, self->n_frames, &frame, error))
    return FALSE;
  *ret_frame = (int)frame - 1;
  return TRUE;
}

static gboolean
read_view (UtCine *self, JsonObject *sidecar, GError **error)
{
  const char *text;
  UtView view;
  if (!ut_json_get_string (sidecar, "view", &text, error))
    return FALSE;
  if (!ut_view_from_name (text, &view)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"view\" is \"%s\", want A4C, A2C or PSAX"),
                 text);
    return FALSE;
  }
  self->view_hint = (int)view;
  return TRUE;
}

/* a misspelt member must not be lost in silence */
static void
note_unknown_members (UtCine *self, JsonObject *sidecar)
{
  static const char *const known[] = {"spacing_mm",
                                      "frame_spacing_mm",
                                      "frame_time_ms",
                                      "times_ms",
                                      "r_waves_ms",
                                      "heart_rate_bpm",
                                      "view",
                                      "region",
                                      "ed_frame",
                                      "es_frame",
                                      NULL};
  g_autoptr (GList) members = json_object_get_members (sidecar);
  for (GList *i = members; i != NULL; i = i->next)
    if (!g_strv_contains (known, i->data)) {
      g_autofree char *name = g_utf8_substring (i->data, 0, MIN (g_utf8_strlen (i->data, -1), 40));
      ut_cine_take_note (
        self,
        g_strdup_printf (ut_words ("The JSON file beside the pictures says \"%s\", which is "
                                   "not known and has no effect."),
                         name));
      return;
    }
}

static gboolean
apply_sidecar (UtCine *self, JsonObject *sidecar, GError **error)
{
  note_unknown_members (self, sidecar);
  if (ut_json_has (sidecar, "spacing_mm") && !read_spacing (self, sidecar, error))
    return FALSE;
  if (ut_json_has (sidecar, "frame_spacing_mm") && !read_frame_spacing (self, sidecar, error))
    return FALSE;
  if (ut_json_has (sidecar, "region") && !read_region (self, sidecar, error))
    return FALSE;
  if ((ut_json_has (sidecar, "times_ms") || ut_json_has (sidecar, "frame_time_ms")) &&
      !read_times (self, sidecar, error))
    return FALSE;
  if (ut_json_has (sidecar, "r_waves_ms") &&
      !(self->r_waves_ms = read_numbers (sidecar, "r_waves_ms", &self->n_r_waves, error)))
    return FALSE;
  if (ut_json_has (sidecar, "heart_rate_bpm") &&
      !ut_json_get_double (sidecar, "heart_rate_bpm", 0, 400, &self->heart_rate_bpm, error))
    return FALSE;
  if (ut_json_has (sidecar, "view") && !read_view (self, sidecar, error))
    return FALSE;
  return read_mark (self, sidecar, "ed_frame", &self->ed_hint, error) &&
         read_mark (self, sidecar, "es_frame", &self->es_hint, error);
}

/* (transfer full): path of the sidecar that belongs to @path */
static char *
sidecar_path (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_build_filename (path, SIDECAR, NULL);
  const char *dot = strrchr (path, '.');
  g_autofree char *stem = dot ? g_strndup (path, (gsize)(dot - path)) : g_strdup (path);
  return g_strconcat (stem, ".json", NULL);
}

static gboolean
read_sidecar (UtCine *self, const char *path, GError **error)
{
  g_autofree char *json_path = sidecar_path (path);
  if (!g_file_test (json_path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autofree char *name = g_path_get_basename (json_path);
  g_autoptr (JsonNode) root = ut_json_read (json_path, MAX_SIDECAR_BYTES, error);
  if (root == NULL)
    return FALSE;
  if (apply_sidecar (self, json_node_get_object (root), error))
    return TRUE;
  g_prefix_error (error, "%s: ", name);
  return FALSE;
}

static UtCine *
open_stills (const char *path, GError **error)
{
  g_auto (GStrv) pictures = NULL;
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    pictures = list_pictures (path);
  else
    pictures = g_strdupv ((char *[]){(char *)path, NULL});

  g_autofree char *first_name = g_path_get_basename (pictures[0]);
  g_autoptr (GdkPixbuf) first = load_picture (pictures[0], error);
  if (first == NULL)
    return NULL;
  g_autoptr (UtCine) self = ut_cine_new (g_strv_length (pictures),
                                         (guint)gdk_pixbuf_get_height (first),
                                         (guint)gdk_pixbuf_get_width (first),
                                         error);
  if (self == NULL) {
    g_prefix_error (error, "%s: ", first_name);
    return NULL;
  }
  if (!each_frame (self, load_frame, pictures, NULL, error))
    return NULL;
  self->sha256 = ut_cine_sha256_files ((const char *const *)pictures, error);
  if (self->sha256 == NULL || !read_sidecar (self, path, error))
    return NULL;
  return g_steal_pointer (&self);
}

const UtCineDriver ut_cine_driver_stills = {
  .kind = UT_WORDS ("PNG or JPEG pictures, single or in a folder"),
  .recognise = recognise,
  .open = open_stills,
};

static gboolean
write_frame (const UtCine *self, guint i, char **folder, GError **error)
{
  g_autofree char *name = g_strdup_printf ("frame_%04u.png", i + 1);
  g_autofree char *path = g_build_filename (*folder, name, NULL);
  g_autoptr (GdkPixbuf) picture =
    gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, (int)self->width, (int)self->height);
  if (picture == NULL) {
    g_set_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_MEMORY, ut_words ("%s: no memory"), name);
    return FALSE;
  }
  guint8 *rows = gdk_pixbuf_get_pixels (picture);
  gsize stride = (gsize)gdk_pixbuf_get_rowstride (picture);
  const guint8 *grey = ut_cine_frame (self, i);
  for (gsize y = 0; y < self->height; y++)
    for (gsize x = 0; x < self->width; x++)
      memset (rows + y * stride + 3 * x, grey[y * self->width + x], 3);
  return gdk_pixbuf_save (picture, path, "png", error, "compression", "2", NULL);
}

static void
add_numbers (JsonBuilder *builder, const char *key, const double *numbers, guint n)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    json_builder_add_double_value (builder, numbers[i]);
  json_builder_end_array (builder);
}

static void
add_pair (JsonBuilder *builder, const double pair[2])
{
  json_builder_begin_array (builder);
  json_builder_add_double_value (builder, pair[0]);
  json_builder_add_double_value (builder, pair[1]);
  json_builder_end_array (builder);
}

static JsonNode *
make_sidecar (const UtCine *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  if (self->view_hint >= 0) {
    json_builder_set_member_name (builder, "view");
    json_builder_add_string_value (builder, ut_view_name ((UtView)self->view_hint));
  }
  if (self->frame_spacing_mm != NULL) {
    json_builder_set_member_name (builder, "frame_spacing_mm");
    json_builder_begin_array (builder);
    for (guint i = 0; i < self->n_frames; i++)
      add_pair (builder, ut_cine_spacing_at (self, i));
    json_builder_end_array (builder);
  } else if (self->calibration != UT_CALIBRATION_NONE) {
    json_builder_set_member_name (builder, "spacing_mm");
    add_pair (builder, self->spacing_mm);
  }
  if (self->times_known)
    add_numbers (builder, "times_ms", self->times_ms, self->n_frames);
  if (self->n_r_waves > 0)
    add_numbers (builder, "r_waves_ms", self->r_waves_ms, self->n_r_waves);
  if (self->heart_rate_bpm > 0) {
    json_builder_set_member_name (builder, "heart_rate_bpm");
    json_builder_add_double_value (builder, self->heart_rate_bpm);
  }
  if (self->region[2] < self->width || self->region[3] < self->height)
    add_numbers (
      builder,
      "region",
      (const double[]){self->region[0], self->region[1], self->region[2], self->region[3]},
      4);
  const struct {
    const char *key;
    int frame;
  } marks[] = {{"ed_frame", self->ed_hint}, {"es_frame", self->es_hint}};
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (marks[i].frame >= 0) {
      json_builder_set_member_name (builder, marks[i].key);
      json_builder_add_int_value (builder, marks[i].frame + 1);
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

gboolean
ut_cine_write_stills (const UtCine *self, const char *folder, GCancellable *cancel, GError **error)
{
  if (!ut_folder_make (folder, error))
    return FALSE;
  if (!each_frame (self, write_frame, (char *[]){(char *)folder}, cancel, error))
    return FALSE;
  g_autoptr (JsonNode) sidecar = make_sidecar (self);
  g_autofree char *path = g_build_filename (folder, SIDECAR, NULL);
  return ut_json_write (sidecar, path, error);
}
