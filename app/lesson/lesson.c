/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/lesson/lesson.h"

#include "app/lesson/lesson-text.h"
#include "engine/base/error.h"
#include "engine/base/json.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_BYTES ((gsize)1 << 20)
#define MAX_STEPS 100
#define MAX_WORDS 11

static const struct {
  const char *name;
  gboolean flag; /* true or false in a file */
  const char *words[MAX_WORDS];
} keys[UT_N_LESSON_KEYS] = {
  [UT_LESSON_STEP] = {"step",
                      FALSE,
                      {"load", "calibrate", "mark", "reconstruct", "inspect", "report"}},
  [UT_LESSON_LAYOUT] = {"layout", FALSE, {"one", "phases", "reference", "stages"}},
  [UT_LESSON_PHASE] = {"phase", FALSE, {"ED", "ES"}},
  [UT_LESSON_STAGE] = {"stage",
                       FALSE,
                       {"template", "coarse", "refined", "autoencoder", "corrected", "last"}},
  [UT_LESSON_MAP] = {"map", FALSE, {"none", "distance", "spread", "disagreement", "motion"}},
  [UT_LESSON_SIDE] = {"side", FALSE, {"heart", "planes", "numbers", "trust"}},
  [UT_LESSON_REFERENCE] = {"reference", TRUE, {"false", "true"}},
  [UT_LESSON_ECHO] = {"echo", TRUE, {"false", "true"}},
  [UT_LESSON_BEAT] = {"beat", TRUE, {"false", "true"}},
  [UT_LESSON_CAMERA] = {"camera", FALSE, {"A", "P", "L", "R", "H", "F", "A4C", "A2C", "PSAX"}},
};

/* ids of the window's templates */
static const struct {
  const char *id, *title;
} controls[] = {
  {"ed_button", N_ ("ED, above the heart")},
  {"es_button", N_ ("ES, above the heart")},
  {"layouts", N_ ("Layouts, above the heart")},
  {"stage_switch", N_ ("Stages, below the heart")},
  {"area", N_ ("The heart")},
  {"headline", N_ ("The numbers beside the heart")},
  {"side_switcher", N_ ("Pages beside the heart")},
  {"structures_panel", N_ ("Structures, on the page Heart")},
  {"cameras", N_ ("Cameras, on the page Heart")},
  {"maps_panel", N_ ("Colours, on the page Heart")},
  {"reference_panel", N_ ("Reference, on the page Heart")},
  {"planes_panel", N_ ("The page Planes")},
  {"numbers_panel", N_ ("The page Numbers")},
  {"topology", N_ ("Topology, on the page Trust")},
  {"stages", N_ ("What the stages change, on the page Trust")},
  {"steps", N_ ("Steps, at the side of the window")},
};

const char *
ut_lesson_control (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    if (g_str_equal (controls[i].id, id))
      return _ (controls[i].title);
  return NULL;
}

const char *
ut_lesson_word (UtLessonKey key, int value)
{
  g_return_val_if_fail (value >= 0 && value < MAX_WORDS, NULL);
  return keys[key].words[value];
}

const char *
ut_lesson_text (GHashTable *text)
{
  const char *const *languages = g_get_language_names ();
  for (guint i = 0; languages[i] != NULL; i++) {
    const char *found = g_hash_table_lookup (text, languages[i]);
    if (found != NULL)
      return found;
  }
  return g_hash_table_lookup (text, "en");
}

/* ---- reading ------------------------------------------------------------------------------ */

/* Where the reader is, for its sentences. */
typedef struct {
  const char *name, *folder;
  guint step; /* counted from 1; 0: before the first */
} Reader;

static gboolean fail (const Reader *reader, GError **error, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

static gboolean
fail (const Reader *reader, GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  if (reader->step > 0)
    /* Translators: file, number of the step, what is wrong with it */
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 _ ("%s, step %u: %s"),
                 reader->name,
                 reader->step,
                 what);
  else
    g_set_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT, _ ("%s: %s"), reader->name, what);
  return FALSE;
}

/* A member that nobody reads is most likely a slip of the pen. */
static gboolean
check_members (const Reader *reader, JsonObject *object, const char *known, GError **error)
{
  g_auto (GStrv) names = g_strsplit (known, " ", -1);
  g_autoptr (GList) members = json_object_get_members (object);
  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains ((const char *const *)names, l->data))
      return fail (reader, error, _ ("“%s” is not known here"), (const char *)l->data);
  return TRUE;
}

static const char *
string_of (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static GHashTable *
read_text (const Reader *reader, JsonObject *object, const char *key, GError **error)
{
  JsonNode *node = json_object_get_member (object, key);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)) {
    fail (reader, error, _ ("“%s” is missing, or not {\"en\": …}"), key);
    return NULL;
  }
  g_autoptr (GHashTable) text = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GList) languages = json_object_get_members (json_node_get_object (node));
  for (GList *l = languages; l != NULL; l = l->next) {
    const char *value = string_of (json_object_get_member (json_node_get_object (node), l->data));
    g_autofree char *fault = value != NULL ? ut_lesson_text_fault (value) : NULL;
    if (value == NULL || *value == 0) {
      fail (reader, error, _ ("“%s” in “%s” is no text"), key, (const char *)l->data);
      return NULL;
    }
    if (fault != NULL) {
      fail (reader, error, "%s", fault);
      return NULL;
    }
    g_hash_table_insert (text, g_strdup (l->data), g_strdup (value));
  }
  if (!g_hash_table_contains (text, "en")) {
    fail (reader, error, _ ("“%s” has no English (\"en\")"), key);
    return NULL;
  }
  return g_steal_pointer (&text);
}

static gboolean
read_value (const Reader *reader, UtLessonKey key, JsonNode *node, int *ret, GError **error)
{
  if (keys[key].flag) {
    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
      return fail (reader, error, _ ("“%s” must be true or false"), keys[key].name);
    *ret = json_node_get_boolean (node);
    return TRUE;
  }
  const char *word = string_of (node);
  for (int i = 0; word != NULL && i < MAX_WORDS && keys[key].words[i] != NULL; i++)
    if (g_str_equal (keys[key].words[i], word)) {
      *ret = i;
      return TRUE;
    }
  g_autofree char *words = g_strjoinv (", ", (char **)keys[key].words);
  return fail (reader, error, _ ("“%s” must be one of %s"), keys[key].name, words);
}

/* @n_keys: so many of the first ones may be said */
static gboolean
read_values (const Reader *reader,
             JsonObject *step,
             const char *member,
             guint n_keys,
             int ret[UT_N_LESSON_KEYS],
             GError **error)
{
  JsonNode *node = json_object_get_member (step, member);
  for (guint key = 0; key < UT_N_LESSON_KEYS; key++)
    ret[key] = UT_LESSON_UNSAID;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (reader, error, _ ("“%s” is not {…}"), member);
  g_autoptr (GString) known = g_string_new (NULL);
  for (guint key = 0; key < n_keys; key++)
    g_string_append_printf (known, "%s%s", key > 0 ? " " : "", keys[key].name);
  JsonObject *object = json_node_get_object (node);
  if (!check_members (reader, object, known->str, error))
    return FALSE;
  for (guint key = 0; key < n_keys; key++) {
    JsonNode *value = json_object_get_member (object, keys[key].name);
    if (value != NULL && !read_value (reader, key, value, &ret[key], error))
      return FALSE;
  }
  return TRUE;
}

static void
step_free (UtLessonStep *step)
{
  g_clear_pointer (&step->text, g_hash_table_unref);
  g_free (step);
}

static gboolean
read_step (const Reader *reader, JsonNode *node, UtLessonStep *step, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (reader, error, _ ("it is not {…}"));
  JsonObject *object = json_node_get_object (node);
  if (!check_members (reader, object, "text point set wait", error) ||
      (step->text = read_text (reader, object, "text", error)) == NULL ||
      !read_values (reader, object, "set", UT_N_LESSON_KEYS, step->set, error) ||
      !read_values (reader, object, "wait", UT_LESSON_CAMERA, step->wait, error))
    return FALSE;
  for (guint key = 0; key < UT_N_LESSON_KEYS; key++)
    step->waits = step->waits || step->wait[key] != UT_LESSON_UNSAID;
  JsonNode *point = json_object_get_member (object, "point");
  if (point == NULL)
    return TRUE;
  const char *id = string_of (point);
  for (guint i = 0; id != NULL && i < G_N_ELEMENTS (controls); i++)
    if (g_str_equal (controls[i].id, id))
      step->control = controls[i].id;
  return step->control != NULL ||
         fail (reader, error, _ ("“point” names no control of the window: %s"), id ? id : "?");
}

static gboolean
read_steps (Reader *reader, JsonObject *object, GPtrArray *steps, GError **error)
{
  JsonNode *node = json_object_get_member (object, "steps");
  guint n = node != NULL && JSON_NODE_HOLDS_ARRAY (node)
              ? json_array_get_length (json_node_get_array (node))
              : 0;
  if (n == 0 || n > MAX_STEPS)
    return fail (reader, error, _ ("“steps” must be a list of 1 to %d steps"), MAX_STEPS);
  for (guint i = 0; i < n; i++) {
    UtLessonStep *step = g_new0 (UtLessonStep, 1);
    g_ptr_array_add (steps, step);
    reader->step = i + 1;
    if (!read_step (reader, json_array_get_element (json_node_get_array (node), i), step, error))
      return FALSE;
  }
  reader->step = 0;
  return TRUE;
}

static gboolean
read_head (const Reader *reader, JsonObject *object, UtLesson *lesson, GError **error)
{
  JsonNode *study = json_object_get_member (object, "study");
  JsonNode *broken = json_object_get_member (object, "broken");
  JsonNode *version = json_object_get_member (object, "format_version");
  if (g_strcmp0 (string_of (json_object_get_member (object, "format")), "ultratwin-lesson") != 0)
    return fail (reader, error, _ ("this is no lesson: “format” is not “ultratwin-lesson”"));
  if (version == NULL || !JSON_NODE_HOLDS_VALUE (version) || json_node_get_int (version) != 1)
    return fail (reader, error, _ ("“format_version” must be 1"));
  if (study != NULL && (string_of (study) == NULL || *string_of (study) == 0))
    return fail (reader, error, _ ("“study” must be the path of a study folder"));
  if (broken != NULL &&
      (!JSON_NODE_HOLDS_VALUE (broken) || json_node_get_value_type (broken) != G_TYPE_BOOLEAN))
    return fail (reader, error, _ ("“%s” must be true or false"), "broken");
  lesson->study =
    study != NULL ? g_canonicalize_filename (string_of (study), reader->folder) : NULL;
  lesson->broken = broken != NULL && json_node_get_boolean (broken);
  return (lesson->title = read_text (reader, object, "title", error)) != NULL &&
         (lesson->summary = read_text (reader, object, "summary", error)) != NULL;
}

static UtLesson *
read_lesson (JsonNode *root, const char *name, const char *folder, GError **error)
{
  Reader reader = {name, folder, 0};
  JsonObject *object = json_node_get_object (root);
  g_autoptr (UtLesson) lesson = g_new0 (UtLesson, 1);
  g_atomic_ref_count_init (&lesson->ref_count);
  lesson->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)step_free);
  return check_members (
           &reader, object, "format format_version title summary study broken steps", error) &&
             read_head (&reader, object, lesson, error) &&
             read_steps (&reader, object, lesson->steps, error)
           ? g_steal_pointer (&lesson)
           : NULL;
}

UtLesson *
ut_lesson_parse (
  const char *text, gsize length, const char *name, const char *folder, GError **error)
{
  g_autoptr (JsonNode) root = ut_json_parse (text, length, name, error);
  return root != NULL ? read_lesson (root, name, folder, error) : NULL;
}

UtLesson *
ut_lesson_read (const char *path, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute);
  g_autofree char *name = g_path_get_basename (absolute);
  g_autoptr (JsonNode) root = ut_json_read (absolute, MAX_BYTES, error);
  return root != NULL ? read_lesson (root, name, folder, error) : NULL;
}

UtLesson *
ut_lesson_ref (UtLesson *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_lesson_unref (UtLesson *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->title, g_hash_table_unref);
  g_clear_pointer (&self->summary, g_hash_table_unref);
  g_ptr_array_unref (self->steps);
  g_free (self->study);
  g_free (self);
}
