/* SPDX-License-Identifier: Apache-2.0 */
#include "app/disks-text.h"
#include "app/number-text.h"
#include "app/report/definitions.h"
#include "app/report/measurements-csv.h"
#include "app/report/report-content.h"
#include "app/report/report-pdf.h"
#include "app/report/report-pictures.h"
#include "engine/base/error.h"
#include "tests/unit/study/fixture.h"

#include <locale.h>
#include <math.h>
#include <string.h>

typedef struct {
  char *folder;
  UtStudy *study;
  UtMeasurements *measurements;
} Case;

static void
set_up (Case *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  test->folder = fixture_folder ();
  test->study = fixture_study (test->folder);
  test->measurements = ut_study_measure (ut_study_get_state (test->study), NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Case *test, gconstpointer data)
{
  ut_measurements_free (test->measurements);
  ut_study_free (test->study);
  g_free (test->folder);
}

static const char *
cell (const UtReportTable *table, guint row, guint column)
{
  return g_ptr_array_index (table->cells, row * table->n_columns + column);
}

/* every number of one phase but the volumes stands in the table, once, as it is shown on screen */
static void
test_number_table (Case *test, gconstpointer data)
{
  g_autoptr (UtReportTable) table = ut_report_number_table (test->measurements);
  guint n_numbers = 0, n_cells = 0;
  for (guint i = 0; i < test->measurements->items->len; i++) {
    const UtMeasurement *item = &g_array_index (test->measurements->items, UtMeasurement, i);
    n_numbers += item->phase >= 0 && item->quantity != UT_QUANTITY_VOLUME &&
                 item->quantity != UT_QUANTITY_MESH_VOLUME;
  }
  g_assert_cmpuint (table->cells->len, ==, table->n_rows * table->n_columns);
  for (guint row = 1; row < table->n_rows; row++)
    for (guint column = 1; column < table->n_columns; column++)
      n_cells += !g_str_equal (cell (table, row, column), "–");
  g_assert_cmpuint (n_cells, ==, n_numbers);

  g_autofree char *mass = ut_number_text (
    ut_measurements_find (test->measurements, UT_QUANTITY_MASS, UT_PHASE_ED, UT_MYO), FALSE);
  g_assert_cmpstr (cell (table, 0, 1), ==, "LV ED");
  g_assert_cmpstr (cell (table, 0, 2), ==, "LV ES");
  g_assert_cmpstr (cell (table, 0, 12), ==, "Mean ES");
  g_assert_cmpstr (cell (table, 1, 0), ==, "LV mass, g");
  g_assert_cmpstr (cell (table, 1, 9), ==, mass);
}

/* Each thing is said once, and of each number. */
static void
test_definitions (Case *test, gconstpointer data)
{
  g_autofree char *text = ut_report_definitions (test->measurements);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    const char *said = strstr (*line, ": ");
    g_assert_nonnull (said);
    g_assert_null (strstr (strstr (text, said) + 1, said));
  }
  g_assert_nonnull (strstr (text, "\nHD, mm · HD, voxels: Hausdorff"));
  g_assert_nonnull (strstr (text, "\nSampling – HD · HD95 · ASSD: Surface voxels"));
}

static void
trace (Case *test, UtView view, UtPhase phase, double high)
{
  const guint frames[UT_N_PHASES] = {2, 5};
  UtStudyContour contour = {.trace.n_points = 9, .frame = frames[phase], .closed = TRUE};
  for (guint i = 0; i < 9; i++) {
    contour.trace.points[i][0] = 20 - 12 * cos (G_PI * i / 8);
    contour.trace.points[i][1] = 2 + high * sin (G_PI * i / 8);
  }
  g_assert_true (ut_study_set_contour (test->study, view, phase, &contour, NULL));
  ut_measurements_follow (test->measurements, ut_study_get_state (test->study));
}

static gboolean
notes (const Case *test, const char *words)
{
  g_auto (GStrv) lines = ut_disks_text_notes (&test->measurements->disks);
  g_autofree char *text = g_strjoinv ("\n", lines);
  return strstr (text, words) != NULL;
}

/* The cross-check stands beside the twin, under the name of its method, never without its note. */
static void
test_disks (Case *test, gconstpointer data)
{
  g_autoptr (UtReportTable) before = ut_report_number_table (test->measurements);
  g_assert_null (ut_report_disks_table (test->measurements));
  g_assert_false (notes (test, "methods differ"));

  trace (test, UT_VIEW_A4C, UT_PHASE_ED, 24);
  g_autoptr (UtReportTable) single = ut_report_disks_table (test->measurements);
  g_assert_cmpuint (single->n_rows, ==, 4);
  g_assert_cmpstr (cell (single, 1, 0), ==, "A4C single plane");
  g_assert_cmpstr (cell (single, 1, 1), ==, "1");   /* 0.7 ml */
  g_assert_cmpstr (cell (single, 1, 3), ==, "–");   /* no EF of ED alone */
  g_assert_cmpstr (cell (single, 1, 4), ==, "9.6"); /* 24 pixels of 0.4 mm */
  g_assert_true (notes (test, "methods differ") && notes (test, "No EF by disks"));
  g_assert_false (notes (test, "foreshortened"));

  trace (test, UT_VIEW_A2C, UT_PHASE_ED, 20);
  g_autoptr (UtReportTable) both = ut_report_disks_table (test->measurements);
  g_assert_cmpstr (cell (both, 1, 0), ==, "biplane disks");
  g_assert_true (
    notes (test, "ED: the long axes, 9.6 mm in A4C and 8.0 mm in A2C, are more than 10 % apart"));

  g_autoptr (UtReportTable) after = ut_report_number_table (test->measurements);
  g_assert_cmpuint (after->n_rows, ==, before->n_rows);
  g_autofree char *csv = ut_measurements_csv (ut_study_get_state (test->study), test->measurements);
  const char *row = strstr (csv, "ED,LV,volume_biplane_disks_ml,0.");
  g_assert_nonnull (row);
  g_autofree char *line = g_strndup (row, strcspn (row, "\n"));
  g_assert_nonnull (strstr (line, ",ml,0,0,0,\"traced by hand\","));
}

static gboolean
warns (const Case *test, const char *words)
{
  g_auto (GStrv) lines = ut_report_warnings (ut_study_get_state (test->study), test->measurements);
  gboolean found = FALSE;
  for (char **line = lines; *line != NULL; line++)
    found = found || strstr (*line, words) != NULL;
  return found;
}

static void
test_warnings (Case *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (warns (test, "ED: unreviewed LV, RV, LA, RA, Myo"));
  ut_study_set_verdict (test->study, UT_PHASE_ED, UT_LV, UT_VERDICT_REJECTED, "too large", &error);
  ut_study_set_verdict (test->study, UT_PHASE_ED, UT_RA, UT_VERDICT_ACCEPTED, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (warns (test, "ED: rejected LV (too large) by an unknown person at 2"));
  g_assert_true (warns (test, "; unreviewed RV, LA, Myo"));
  ut_study_set_reviewer (test->study, "Ann Berg");
  ut_study_set_verdict (test->study, UT_PHASE_ED, UT_RA, UT_VERDICT_ACCEPTED, NULL, &error);
  ut_study_set_verdict (test->study, UT_PHASE_ED, UT_LA, UT_VERDICT_ACCEPTED, NULL, &error);
  g_assert_true (warns (test, "; accepted LA, RA by Ann Berg at 2"));
  ut_study_set_reviewer (test->study, "Bo");
  ut_study_set_verdict (test->study, UT_PHASE_ED, UT_LA, UT_VERDICT_ACCEPTED, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (warns (test, "; accepted LA by Bo at 2"));
  g_assert_true (warns (test, ", RA by Ann Berg at 2"));
  ut_study_grade (test->study, UT_PHASE_ED, UT_VERDICT_LIMITED, "Poor image quality", &error);
  g_assert_no_error (error);
  g_assert_true (warns (test, "; limited RV/LA/RA/Myo (Poor image quality) by Bo at 2"));
  g_assert_true (ut_study_undo (test->study));
  ut_study_set_reviewer (test->study, NULL);
  g_assert_false (warns (test, "edited by hand"));
  ut_study_offset_structure (test->study, UT_PHASE_ES, UT_RV, -1.5, &error);
  g_assert_no_error (error);
  g_assert_true (
    warns (test, "ES was edited by hand: RV −1.5 mm; edited by an unknown person at 2"));
  for (int i = 0; i < 10; i++) { /* there and back: runs of one stroke each */
    UtVec3 point = ut_vec3 (40 - i / 4, i / 4, 0);
    UtStructure structure = i % 2 == 0 ? UT_LV : UT_BACKGROUND;
    ut_study_paint (test->study, UT_PHASE_ES, structure, 6, &point, 1, &error);
    g_assert_no_error (error);
  }
  g_assert_true (
    warns (test, "RV −1.5 mm, LV brush (1 stroke), eraser (1 stroke), LV brush (1 stroke)"));
  g_assert_true (warns (test, ", and 5 more edits; "));
  g_assert_false (warns (test, "ED is out of date"));
  ut_study_set_mark (test->study, UT_VIEW_A4C, UT_PHASE_ED, 3, &error);
  g_assert_no_error (error);
  g_assert_true (warns (test, "ED is out of date"));
  g_assert_false (warns (test, "ES is out of date"));
}

/* A picture that is cut out of the page still says what it shows. */
static void
test_captions (Case *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ut_study_offset_structure (test->study, UT_PHASE_ES, UT_RV, -1.5, &error);
  g_assert_no_error (error);
  g_autofree char *ed = ut_report_heart_caption (ut_study_get_state (test->study), UT_PHASE_ED, 1);
  g_autofree char *es = ut_report_heart_caption (ut_study_get_state (test->study), UT_PHASE_ES, 2);
  g_assert_cmpstr (ed, ==, "ED, A4C");
  g_assert_cmpstr (es, ==, "ES, edited, PSAX");
}

static void
test_csv (Case *test, gconstpointer data)
{
  ut_study_set_label (test->study, "Heart, \"third\"");
  const char *locale = setlocale (LC_NUMERIC, "de_DE.UTF-8");
  g_autofree char *text =
    ut_measurements_csv (ut_study_get_state (test->study), test->measurements);
  setlocale (LC_NUMERIC, "C");
  if (locale == NULL)
    g_test_message ("no de_DE.UTF-8 here: decimal commas were not tried");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, test->measurements->items->len + 2);
  for (guint i = 0; i < test->measurements->items->len; i++) {
    const UtMeasurement *item = &g_array_index (test->measurements->items, UtMeasurement, i);
    g_auto (GStrv) fields = g_strsplit (lines[i + 1], ",", 16);
    g_assert_cmpstr (fields[2], ==, ut_quantity_info (item->quantity)->key);
    g_assert_cmpfloat (g_ascii_strtod (fields[3], NULL), ==, item->value);
    g_assert_cmpint (fields[4][0] != '\0', ==, item->has_interval);
    g_assert_cmpstr (fields[9], ==, "0");
    g_assert_cmpstr (fields[10], ==, "\"unreviewed\"");
    for (guint person = 11; person < 15; person += 2) {
      g_assert_cmpstr (fields[person], ==, "\"\"");
      g_assert_cmpstr (fields[person + 1], ==, "");
    }
    g_assert_cmpstr (
      fields[15], ==, "\"Heart, \"\"third\"\"\",\"Research use only - not for diagnosis\"");
  }
}

/* Who made an edit stands beside its numbers, and on the page. */
static void
test_editors (Case *test, gconstpointer data)
{
  ut_study_set_reviewer (test->study, "Ann \"A.\" Berg");
  g_assert_true (ut_study_offset_structure (test->study, UT_PHASE_ES, UT_RV, -1.5, NULL));
  const UtStudyState *state = ut_study_get_state (test->study);
  g_autoptr (UtMeasurements) numbers = ut_study_measure (state, NULL, NULL);
  g_autofree char *text = ut_measurements_csv (state, numbers);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_edited = 0;
  for (char **line = lines + 1; **line != '\0'; line++) {
    gboolean edited = g_str_has_prefix (*line, "ES,RV,");
    g_assert_true (edited == (strstr (*line, "\"Ann \"\"A.\"\" Berg\",2") != NULL));
    n_edited += edited;
  }
  g_assert_cmpuint (n_edited, >, 0);
  g_assert_true (warns (test, "RV −1.5 mm; edited by Ann \"A.\" Berg at 2"));
}

/* Who gave a verdict stands beside it. */
static void
test_reviewers (Case *test, gconstpointer data)
{
  ut_study_set_reviewer (test->study, "Ann Berg");
  ut_study_set_verdict (test->study, UT_PHASE_ED, UT_RV, UT_VERDICT_REJECTED, "leaks", NULL);
  ut_study_set_verdict (test->study, UT_PHASE_ED, UT_LV, UT_VERDICT_ACCEPTED, NULL, NULL);
  ut_study_set_reviewer (test->study, "Bo");
  ut_study_set_verdict (test->study, UT_PHASE_ES, UT_LV, UT_VERDICT_ACCEPTED, NULL, NULL);
  g_autofree char *text =
    ut_measurements_csv (ut_study_get_state (test->study), test->measurements);
  const char *const wanted[] = {"\nED,RV,volume_ml,",
                                "\"rejected: leaks\",\"Ann Berg\",2",
                                "\nED,LV,volume_ml,",
                                "\"accepted\",\"Ann Berg\",2",
                                "\nED-ES,LV,ejection",
                                "\"accepted\",\"Ann Berg, Bo\",2",
                                "\nED,mean,dsc,",
                                "\"rejected: leaks\",\"Ann Berg\",2",
                                "\nES,RV,volume_ml,",
                                "\"unreviewed\",\"\",,"};
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i += 2) {
    const char *row = strstr (text, wanted[i]);
    g_assert_nonnull (row);
    g_autofree char *line = g_strndup (row + 1, strcspn (row + 1, "\n"));
    if (strstr (line, wanted[i + 1]) == NULL)
      g_error ("no %s in %s", wanted[i + 1], line);
  }
}

static double
ink (cairo_surface_t *page, int top, int bottom)
{
  const guint8 *pixels = cairo_image_surface_get_data (page);
  int stride = cairo_image_surface_get_stride (page), n = 0;
  for (int y = top; y < bottom; y++)
    for (int x = 0; x < cairo_image_surface_get_width (page); x++)
      n += pixels[y * stride + 4 * x] < 128;
  return n;
}

static UtReport *
make_report (Case *test)
{
  g_autoptr (GError) error = NULL;
  UtReport *report =
    ut_report_new (ut_study_get_state (test->study), test->measurements, NULL, NULL, &error);
  g_assert_no_error (error);
  return report;
}

/* each page has its foot, and nothing runs into it */
static void
check_pages (const UtReport *report)
{
  g_assert_cmpuint (ut_report_n_pages (report), ==, 2);
  for (guint i = 0; i < 2; i++) {
    cairo_surface_t *page = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 595, 842);
    cairo_t *cr = cairo_create (page);
    ut_report_draw_page (report, i, cr);
    g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
    cairo_destroy (cr);
    cairo_surface_flush (page);
    g_assert_cmpfloat (ink (page, 36, 700), >, 2000);
    g_assert_cmpfloat (ink (page, 785, 800), ==, 0);
    g_assert_cmpfloat (ink (page, 800, 812), >, 100);
    g_assert_cmpfloat (ink (page, 815, 842), ==, 0);
    cairo_surface_destroy (page);
  }
}

static void
test_pages (Case *test, gconstpointer data)
{
  g_autoptr (UtReport) report = make_report (test);
  check_pages (report);
}

/* As if it had all been measured. */
static void
add_missing_numbers (UtMeasurements *measurements)
{
  gboolean seen[UT_N_QUANTITIES] = {FALSE};
  for (guint i = 0; i < measurements->items->len; i++)
    seen[g_array_index (measurements->items, UtMeasurement, i).quantity] = TRUE;
  for (UtQuantity q = UT_QUANTITY_SV_INDEX; q <= UT_QUANTITY_CARDIAC_INDEX; q++) {
    UtMeasurement item = {.quantity = q, .phase = -1, .structure = UT_LV, .value = 10.7};
    if (!seen[q])
      g_array_append_val (measurements->items, item);
    seen[q] = TRUE;
  }
  measurements->body = (UtBody){UT_SEX_UNKNOWN, 170.5, 64.5};
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    for (UtQuantity q = UT_QUANTITY_LONG_AXIS; q < UT_N_QUANTITIES; q++) {
      UtMeasurement item = {.quantity = q, .phase = phase, .structure = UT_MYO, .value = 10.7};
      if (!seen[q] && q != UT_QUANTITY_SV && q != UT_QUANTITY_EF)
        g_array_append_val (measurements->items, item);
    }
    measurements->has_wall[phase] = TRUE;
    for (guint i = 1; i <= UT_N_SEGMENTS; i++)
      measurements->wall[phase].segment_mm[i] = 10.7;
  }
}

/* What @reader prints of @path, NULL where it is not installed. */
static char *
read_pdf (const char *reader, const char *option, const char *path)
{
  g_autofree char *program = g_find_program_in_path (reader), *text = NULL;
  const char *const command[] = {program, option, path, "-", NULL};
  const char *const xml[] = {program, "-i", "-stdout", "-zoom", "3", option, path, NULL};
  if (program == NULL)
    return NULL;
  g_assert_true (g_spawn_sync (NULL,
                               (char **)(g_str_equal (option, "-xml") ? xml : command),
                               NULL,
                               G_SPAWN_DEFAULT,
                               NULL,
                               NULL,
                               &text,
                               NULL,
                               NULL,
                               NULL));
  return g_steal_pointer (&text);
}

/* Nobody reads less than 7 points. */
static void
check_sizes (const char *path)
{
  g_autofree char *xml = read_pdf ("pdftohtml", "-xml", path);
  guint n = 0;
  for (const char *c = xml; c != NULL && (c = strstr (c, " size=\"")) != NULL; c++, n++)
    g_assert_cmpuint (g_ascii_strtoull (c + 7, NULL, 10), >=, 3 * 7);
  g_assert_cmpuint (n, >, 3);
}

/* With all that there can be: references of both phases, contours, edits and reasons. */
static void
test_full_pages (Case *test, gconstpointer data)
{
  g_autoptr (UtStudyReference) es = fixture_reference (test->folder, "es.nii.gz", UT_PHASE_ES, 22);
  ut_study_set_reference (test->study, UT_PHASE_ES, es);
  ut_study_set_reviewer (test->study, "Ann Berg");
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    g_assert_true (ut_study_offset_structure (test->study, phase, UT_RV, -1.5, NULL));
    g_assert_true (ut_study_set_verdict (
      test->study, phase, UT_RV, UT_VERDICT_REJECTED, "does not fit the echo", NULL));
    trace (test, UT_VIEW_A4C, phase, 24);
    trace (test, UT_VIEW_A2C, phase, 20);
  }
  g_clear_pointer (&test->measurements, ut_measurements_free);
  test->measurements = ut_study_measure (ut_study_get_state (test->study), NULL, NULL);
  add_missing_numbers (test->measurements);
  g_autoptr (UtReport) report = make_report (test);
  check_pages (report);

  g_autofree char *path = g_build_filename (test->folder, "full.pdf", NULL);
  g_assert_true (ut_report_write (report, path, NULL));
  g_autofree char *text = read_pdf ("pdftotext", "-raw", path);
  if (text == NULL) {
    g_test_skip ("poppler's tools are missing: the words of the report are not looked at");
    return;
  }
  check_sizes (path);
  g_auto (GStrv) words = g_strsplit_set (text, " \n", -1);
  g_autofree char *line = g_strjoinv (" ", words);
  g_autofree char *definitions = ut_report_definitions (test->measurements);
  const char *const wanted[] = {"men 52–72, women 54–74",
                                "Reference ranges: Lang et al., ASE/EACVI 2015",
                                "95 % interval of the EF from",
                                "RV −1.5 mm; edited by Ann Berg at 2",
                                "biplane disks",
                                definitions + strlen (definitions) - 40};
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (strstr (line, wanted[i]) == NULL)
      g_error ("no “%s” on the pages", wanted[i]);
  g_assert_null (strstr (line, "More definitions"));
}

static void
test_file (Case *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtReport) report =
    ut_report_new (ut_study_get_state (test->study), test->measurements, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (test->folder, "report.pdf", NULL);
  g_assert_true (ut_report_write (report, path, &error));
  g_autofree char *bytes = NULL;
  gsize n_bytes;
  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, &error));
  g_assert_true (g_str_has_prefix (bytes, "%PDF-"));
  g_assert_nonnull (memmem (bytes, n_bytes, "/Count 2", 8));
  g_assert_null (memmem (bytes, n_bytes, test->folder, strlen (test->folder)));

  g_autofree char *nowhere = g_build_filename (test->folder, "missing", "report.pdf", NULL);
  g_assert_false (ut_report_write (report, nowhere, &error));
  g_assert_true (error->domain == G_FILE_ERROR);
  g_assert_null (strstr (error->message, test->folder));
}

/* no page without a heart, none with a number that nobody calibrated */
static void
test_refused (Case *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtStudy) empty = ut_study_new ();
  g_assert_null (
    ut_report_new (ut_study_get_state (empty), test->measurements, NULL, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);

  fixture_add_loop (test->study, UT_VIEW_A2C, test->folder, "other", 99, FALSE);
  g_assert_null (
    ut_report_new (ut_study_get_state (test->study), test->measurements, NULL, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_nonnull (strstr (error->message, "A2C"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/report/number-table", Case, NULL, set_up, test_number_table, tear_down);
  g_test_add ("/report/definitions", Case, NULL, set_up, test_definitions, tear_down);
  g_test_add ("/report/disks", Case, NULL, set_up, test_disks, tear_down);
  g_test_add ("/report/csv", Case, NULL, set_up, test_csv, tear_down);
  g_test_add ("/report/editors", Case, NULL, set_up, test_editors, tear_down);
  g_test_add ("/report/reviewers", Case, NULL, set_up, test_reviewers, tear_down);
  g_test_add ("/report/warnings", Case, NULL, set_up, test_warnings, tear_down);
  g_test_add ("/report/captions", Case, NULL, set_up, test_captions, tear_down);
  g_test_add ("/report/pages", Case, NULL, set_up, test_pages, tear_down);
  g_test_add ("/report/full-pages", Case, NULL, set_up, test_full_pages, tear_down);
  g_test_add ("/report/file", Case, NULL, set_up, test_file, tear_down);
  g_test_add ("/report/refused", Case, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
