/* SPDX-License-Identifier: Apache-2.0 */
/* Lesson files are checked to the last word, and what topology correction is shown to do is done.
 */
#include "app/app-id.h"
#include "app/lesson/lesson-text.h"
#include "app/lesson/lesson.h"
#include "engine/anatomy/canonical.h"
#include "engine/anatomy/heart-damage.h"
#include "engine/anatomy/phantom.h"
#include "engine/measure/topology-report.h"
#include "engine/twin/twin-model.h"

#include <string.h>

#define TEXT "{\"en\": \"A heart\"}"
#define FILE_WITH(head, step)                                                                      \
  "{\"format\": \"ultratwin-lesson\", \"format_version\": 1, \"title\": " TEXT                     \
  ", \"summary\": " TEXT head ", \"steps\": [{\"text\": " TEXT "}, " step "]}"

static UtLesson *
parse (const char *text, GError **error)
{
  return ut_lesson_parse (text, strlen (text), "mine.json", "/somewhere", error);
}

static void
test_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtLesson) lesson = parse (
    FILE_WITH (", \"study\": \"../case\", \"broken\": true",
               "{\"text\": {\"en\": \"{volume:LV:ED}\"}, \"point\": \"layouts\", \"set\": "
               "{\"stage\": \"last\", \"beat\": false}, \"wait\": {\"layout\": \"phases\"}}"),
    &error);
  g_assert_no_error (error);
  const UtLessonStep *step = g_ptr_array_index (lesson->steps, 1);
  g_assert_cmpstr (lesson->study, ==, "/case");
  g_assert_true (lesson->broken && step->waits);
  g_assert_cmpstr (step->control, ==, "layouts");
  g_assert_cmpint (step->set[UT_LESSON_STAGE], ==, 5);
  g_assert_cmpint (step->set[UT_LESSON_BEAT], ==, 0);
  g_assert_cmpint (step->set[UT_LESSON_PHASE], ==, UT_LESSON_UNSAID);
  g_assert_cmpint (step->wait[UT_LESSON_LAYOUT], ==, 1);
  g_assert_false (((UtLessonStep *)g_ptr_array_index (lesson->steps, 0))->waits);
}

static void
test_broken (void)
{
  static const struct {
    const char *text, *says;
  } files[] = {
    {"{", "mine.json"},
    {"{\"steps\": []}", "mine.json: this is no lesson"},
    {FILE_WITH (", \"sutdy\": \"a\"", "{\"text\": " TEXT "}"), "mine.json: “sutdy” is not known"},
    {FILE_WITH (", \"study\": 3", "{\"text\": " TEXT "}"), "mine.json: “study” must be"},
    {FILE_WITH (", \"broken\": 1", "{\"text\": " TEXT "}"), "mine.json: “broken” must be"},
    {FILE_WITH ("", "3"), "mine.json, step 2: "},
    {FILE_WITH ("", "{}"), "mine.json, step 2: “text” is missing"},
    {FILE_WITH ("", "{\"text\": {\"de\": \"Herz\"}}"), "mine.json, step 2: “text” has no English"},
    {FILE_WITH ("", "{\"text\": {\"en\": \"{volume:XY:ED}\"}}"), "step 2: {volume:XY:ED} is no"},
    {FILE_WITH ("", "{\"text\": {\"en\": \"{mass:LV:ED}\"}}"), "step 2: {mass:LV:ED} is no"},
    {FILE_WITH ("", "{\"text\": {\"en\": \"EF {ef of\"}}"),
     "mine.json, step 2: “{ef” has no closing brace"},
    {FILE_WITH ("", "{\"text\": {\"en\": \"{ef, {volume:LV:ED}\"}}"),
     "step 2: “{ef,” has no closing brace"},
    {FILE_WITH ("", "{\"text\": " TEXT ", \"point\": \"moon\"}"), "step 2: “point” names no"},
    {FILE_WITH ("", "{\"text\": " TEXT ", \"set\": {\"phase\": \"XX\"}}"),
     "step 2: “phase” must be one of ED, ES"},
    {FILE_WITH ("", "{\"text\": " TEXT ", \"set\": {\"beat\": \"on\"}}"),
     "step 2: “beat” must be true"},
    {FILE_WITH ("", "{\"text\": " TEXT ", \"wait\": {\"camera\": \"A\"}}"),
     "step 2: “camera” is not known here"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (UtLesson) lesson = parse (files[i].text, &error);
    g_assert_null (lesson);
    if (strstr (error->message, files[i].says) == NULL)
      g_error ("“%s” does not say “%s”", error->message, files[i].says);
  }
}

static void
test_fill (void)
{
  const UtMeasurement items[] = {
    {.quantity = UT_QUANTITY_VOLUME, .phase = UT_PHASE_ED, .structure = UT_LV, .value = 120.4}};
  UtMeasurements measurements = {.items = g_array_new (FALSE, FALSE, sizeof *items)};
  g_array_append_vals (measurements.items, items, 1);
  g_autofree char *known = ut_lesson_text_fill ("LV {volume:LV:ED}, EF {ef}.", &measurements);
  g_autofree char *hidden = ut_lesson_text_fill ("LV {volume:LV:ED}.", NULL);
  g_assert_cmpstr (known, ==, "LV 120 ml, EF –.");
  g_assert_cmpstr (hidden, ==, "LV –.");
  g_array_unref (measurements.items);
}

/* Those that come with the program, in all their languages. */
static void
test_ours (void)
{
  const char *folder = UT_RESOURCE_PATH "/lessons";
  g_auto (GStrv) names = g_resources_enumerate_children (folder, 0, NULL);
  g_assert_cmpuint (g_strv_length (names), ==, 3);
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *path = g_strdup_printf ("%s/%s", folder, names[i]);
    g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (UtLesson) lesson = ut_lesson_parse (
      g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), names[i], "/", &error);
    g_assert_no_error (error);
    for (guint s = 0; s < lesson->steps->len; s++) {
      UtLessonStep *step = g_ptr_array_index (lesson->steps, s);
      g_assert_true (g_hash_table_contains (step->text, "de"));
      g_assert_true (g_hash_table_contains (step->text, "zh_CN"));
    }
  }
}

static UtVolume *
phantom_labels (void)
{
  g_autoptr (GError) error = NULL;
  UtRandom random;
  ut_random_init (&random, 1, 100);
  g_autoptr (UtPhantom) phantom = ut_phantom_new_random (&random);
  g_autoptr (UtVolume) fine = ut_phantom_labels (phantom, 1.5, &error);
  UtVolume *labels = ut_canonical_resample (fine, NULL, &error);
  g_assert_no_error (error);
  return labels;
}

/* parts beside the largest, cavities of Myo, LV voxels in gaps */
static void
count (const UtVolume *labels, guint ret[3])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTopologyReport) report = ut_topology_report_new (labels, &error);
  g_assert_no_error (error);
  ret[0] = report->structures[UT_RV].n_parts - 1;
  ret[1] = report->structures[UT_MYO].n_cavities;
  ret[2] = (guint)report->topology.n_leak_voxels;
}

static void
test_damage (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtVolume) whole = phantom_labels ();
  g_autoptr (UtVolume) broken = ut_heart_damage (whole, &error);
  g_autoptr (UtVolume) again = ut_heart_damage (whole, &error);
  g_assert_no_error (error);
  guint before[3], after[3];
  count (whole, before);
  count (broken, after);
  g_assert_cmpuint (after[0], ==, before[0] + 1);
  g_assert_cmpuint (after[1], ==, before[1] + 1);
  g_assert_cmpuint (before[2], ==, 0);
  g_assert_cmpuint (after[2], >, 0);
  g_assert_cmpmem (broken->u8, UT_TWIN_N_VOXELS, again->u8, UT_TWIN_N_VOXELS);
  memset (again->u8, 0, UT_TWIN_N_VOXELS);
  g_assert_null (ut_heart_damage (again, &error));
}

/* The weights that come with the program mend all three; others need not. */
static void
test_mend (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = ut_twin_model_default_path (&error);
  g_autoptr (UtTwinModel) model =
    path != NULL ? ut_twin_model_open (path, "cpu", NULL, &error) : NULL;
  g_assert_no_error (error);
  g_autoptr (UtVolume) whole = phantom_labels ();
  g_autoptr (UtVolume) broken = ut_heart_damage (whole, &error);
  g_autoptr (UtTwin) twin = ut_twin_model_mend (model, UT_PHASE_ED, broken, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (ut_twin_has_stage (twin, UT_TWIN_COARSE));
  g_assert_cmpmem (
    twin->labels[UT_TWIN_REFINED]->u8, UT_TWIN_N_VOXELS, broken->u8, UT_TWIN_N_VOXELS);
  guint faults[3];
  count (twin->labels[UT_TWIN_CORRECTED], faults);
  g_test_message ("left: %u parts, %u cavities, %u leaks", faults[0], faults[1], faults[2]);
  if (!g_str_equal (ut_twin_model_get_name (model), "tiny"))
    for (int i = 0; i < 3; i++)
      g_assert_cmpuint (faults[i], ==, 0);
  memset (broken->u8, UT_N_LABELS, 1);
  g_assert_null (ut_twin_model_mend (model, UT_PHASE_ED, broken, NULL, NULL, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lesson/read", test_read);
  g_test_add_func ("/lesson/broken", test_broken);
  g_test_add_func ("/lesson/fill", test_fill);
  g_test_add_func ("/lesson/ours", test_ours);
  g_test_add_func ("/lesson/damage", test_damage);
  g_test_add_func ("/lesson/mend", test_mend);
  return g_test_run ();
}
