/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/report-pdf.h"

#include "app/bulls-eye-draw.h"
#include "app/disks-text.h"
#include "app/number-text.h"
#include "app/report/definitions.h"
#include "app/report/paper.h"
#include "app/report/pdf-file.h"
#include "app/report/report-content.h"
#include "app/report/report-pictures.h"
#include "app/report/report-text.h"
#include "app/selftest-run.h"
#include "app/sentence.h"
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/study/study-file.h"
#include "render/colour-map.h"

#include <glib/gi18n.h>

#define MARGIN  UT_PAPER_MARGIN
#define COLUMN  (UT_PAPER_WIDTH - 2 * MARGIN)
#define BOTTOM  (UT_PAPER_HEIGHT - MARGIN - 8) /* above the foot */
#define N_PAGES 2
#define ROOMY   0.9  /* scale of the hearts at which bull's-eyes beside them have room for values */
#define CROWDED 0.42 /* scale of the other pictures at which the hearts give way too */

struct UtReport {
  UtStudyState *state;
  char *title, *date, *definitions;
  char **warnings;
  char **disks_notes;
  char *headline[5]; /* EF, EDV, ESV, SV, mass */
  char *ranges[5];   /* what echo finds of them in healthy adults; NULL: nothing is known */
  char *ef_sources, *range_source, *body;
  UtReportTable *volumes;
  UtReportTable *disks; /* NULL where nothing is traced */
  UtReportTable *numbers;
  gboolean has_wall[UT_N_PHASES];
  UtBullsEyeMap wall[UT_N_PHASES];
  double ml[UT_N_PHASES][UT_N_LABELS]; /* by voxels; 0 where there is none */
  UtReportPictures pictures;
  double scale; /* of the pictures on page 1, so that all of it fits */
  gatomicrefcount ref_count;
};

static double fitting_scale (const UtReport *self);

/* ---- making ---------------------------------------------------------------------------- */

static gboolean
check_state (const UtStudyState *state, GError **error)
{
  if (!ut_study_is_calibrated (state, error))
    return FALSE;
  if (ut_study_has_heart (state))
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_RANGE,
               _ ("there is no result to report: reconstruct first"));
  return FALSE;
}

static void
take_wall (UtReport *self, const UtMeasurements *measurements, UtPhase phase)
{
  self->has_wall[phase] = measurements->has_wall[phase];
  if (!self->has_wall[phase])
    return;
  UtBullsEyeMap map = {
    .title = _ ("Wall Thickness"), .colours = UT_COLOUR_MAP_BATLOW, .max_mm = UT_WALL_MAX_MM};
  for (guint i = 1; i <= UT_N_SEGMENTS; i++)
    map.values_mm[i] = measurements->wall[phase].segment_mm[i];
  self->wall[phase] = map;
}

static void
take_numbers (UtReport *self, const UtMeasurements *measurements)
{
  const struct {
    UtQuantity quantity;
    int phase, structure;
  } headline[G_N_ELEMENTS (self->headline)] = {
    {UT_QUANTITY_EF, -1, UT_LV},
    {UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_LV},
    {UT_QUANTITY_VOLUME, UT_PHASE_ES, UT_LV},
    {UT_QUANTITY_SV, -1, UT_LV},
    {UT_QUANTITY_MASS, UT_PHASE_ED, UT_MYO},
  };
  for (guint i = 0; i < G_N_ELEMENTS (headline); i++) {
    self->headline[i] = ut_number_text (
      ut_measurements_find (
        measurements, headline[i].quantity, headline[i].phase, headline[i].structure),
      TRUE);
    self->ranges[i] = ut_number_range (
      headline[i].quantity, headline[i].phase, headline[i].structure, measurements->body.sex);
  }
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    take_wall (self, measurements, phase);
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
      const UtMeasurement *volume =
        ut_measurements_find (measurements, UT_QUANTITY_VOLUME, (int)phase, (int)s);
      self->ml[phase][s] = volume != NULL ? volume->value : 0;
    }
  }
  self->ef_sources = ut_number_ef_sources (&measurements->ef);
  self->range_source = ut_number_range_source (measurements->body.sex);
  self->body = ut_number_body_summary (measurements);
  self->numbers = ut_report_number_table (measurements);
  self->volumes = ut_report_volume_table (measurements);
  self->definitions = ut_report_definitions (measurements);
  self->disks = ut_report_disks_table (measurements);
  self->disks_notes = ut_disks_text_notes (&measurements->disks);
}

UtReport *
ut_report_new (const UtStudyState *state,
               const UtMeasurements *measurements,
               UtProgress *progress,
               GCancellable *cancel,
               GError **error)
{
  if (!check_state (state, error))
    return NULL;
  g_autoptr (UtReport) self = g_new0 (UtReport, 1);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_atomic_ref_count_init (&self->ref_count);
  self->state = ut_study_state_ref ((UtStudyState *)state);
  self->date = g_date_time_format (now, "%Y-%m-%d %H:%M");
  self->title = g_strdup (ut_sentence_study (state->label));
  self->warnings = ut_report_warnings (state, measurements);
  take_numbers (self, measurements);
  if (!ut_report_pictures_init (&self->pictures, state, progress, cancel, error))
    return NULL;
  self->scale = fitting_scale (self);
  return g_steal_pointer (&self);
}

UtReport *
ut_report_ref (UtReport *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_report_unref (UtReport *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  ut_study_state_unref (self->state);
  g_free (self->title);
  g_free (self->date);
  g_free (self->definitions);
  g_strfreev (self->warnings);
  g_strfreev (self->disks_notes);
  g_free (self->ef_sources);
  g_free (self->range_source);
  g_free (self->body);
  for (guint i = 0; i < G_N_ELEMENTS (self->headline); i++) {
    g_free (self->headline[i]);
    g_free (self->ranges[i]);
  }
  g_clear_pointer (&self->volumes, ut_report_table_free);
  g_clear_pointer (&self->disks, ut_report_table_free);
  g_clear_pointer (&self->numbers, ut_report_table_free);
  ut_report_pictures_clear (&self->pictures);
  g_free (self);
}

guint
ut_report_n_pages (const UtReport *self)
{
  return N_PAGES;
}

/* ---- page 1 ------------------------------------------------------------------------------ */

/* Two notes side by side. */
static void
draw_halves (UtPaper *paper, const char *left, const char *right)
{
  const double gap = 14, width = (paper->width - gap) / 2;
  UtPaper first = {paper->cr, paper->x, paper->y, width};
  UtPaper second = {paper->cr, paper->x + width + gap, paper->y, width};
  ut_paper_text (&first, UT_PAPER_SMALL, left);
  ut_paper_text (&second, UT_PAPER_SMALL, right);
  paper->y = MAX (first.y, second.y);
}

static void
draw_headline (const UtReport *self, UtPaper *paper)
{
  const char *titles[G_N_ELEMENTS (self->headline)] = {
    _ ("LV EF"), _ ("EDV"), _ ("ESV"), _ ("SV"), _ ("LV mass, ED")};
  const double step = paper->width / G_N_ELEMENTS (titles);
  double ranges = 0; /* height */
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++) {
    double middle = paper->x + (i + 0.5) * step;
    cairo_set_source_rgb (paper->cr, 0.1, 0.1, 0.1);
    ut_paper_fitted_word (paper->cr, self->headline[i], middle, paper->y + 15, 16, step - 6);
    cairo_set_source_rgb (paper->cr, 0.4, 0.4, 0.4);
    ut_paper_word (paper->cr, titles[i], middle, paper->y + 30.5, 7.5);
    if (self->ranges[i] != NULL)
      ranges = MAX (
        ranges, ut_paper_caption (paper->cr, self->ranges[i], middle, paper->y + 37, 7, step + 6));
  }
  paper->y += 40 + ranges;
  draw_halves (paper, self->ef_sources, self->range_source);
  ut_paper_text (paper, UT_PAPER_SMALL, self->body);
  paper->y += 3;
}

static PangoContext *
fonts_new (cairo_t *cr, double size)
{
  PangoContext *fonts = pango_cairo_create_context (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Sans");
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_context_set_font_description (fonts, font);
  return fonts;
}

static gboolean
has_walls (const UtReport *self)
{
  return self->has_wall[UT_PHASE_ED] || self->has_wall[UT_PHASE_ES];
}

/* The bull's-eye of a phase beside its hearts, as high as these. Returns: the caption's height */
static double
draw_wall (const UtReport *self, UtPaper *cell, UtPhase phase, double height)
{
  double middle = cell->x + cell->width / 2;
  UtBullsEyeDisc disc = {middle, cell->y + height / 2, MIN (height, cell->width) / 2 - 10, TRUE};
  PangoContext *fonts = fonts_new (cell->cr, UT_PAPER_SMALLEST);
  cairo_set_source_rgb (cell->cr, 0.3, 0.3, 0.3);
  ut_bulls_eye_draw (cell->cr, fonts, &self->wall[phase], &disc);
  g_object_unref (fonts);
  g_autofree char *range =
    ut_number_range (UT_QUANTITY_WALL_THICKNESS, (int)phase, UT_MYO, self->state->body.sex);
  g_autofree char *caption = g_strdup_printf (
    "%s%s%s",
    _ (phase == UT_PHASE_ED ? N_ ("Wall thickness at ED") : N_ ("Wall thickness at ES")),
    range != NULL ? ", mm: " : ", mm",
    range != NULL ? range : "");
  cairo_set_source_rgb (cell->cr, 0.2, 0.2, 0.2);
  return ut_paper_caption (cell->cr, caption, middle, cell->y + height + 1, 7.5, cell->width);
}

/* Room for the hearts of a row, and, beside them, for the bull's-eye. */
static void
find_row (const UtReport *self, const UtPaper *paper, double *ret_width, UtPaper *ret_wall)
{
  const double gap = 5, whole = has_walls (self) ? 0.245 : 0.327;
  gboolean roomy = has_walls (self) && self->scale > CROWDED;
  *ret_width = whole * paper->width * (roomy ? MAX (self->scale, ROOMY) : self->scale);
  double hearts = UT_REPORT_N_CAMERAS * (*ret_width + gap);
  *ret_wall = (UtPaper){paper->cr, paper->x + hearts, paper->y, paper->width - hearts};
}

/* A row per phase that has a heart, a column per camera. */
static void
draw_hearts (const UtReport *self, UtPaper *paper)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    double width;
    UtPaper wall;
    find_row (self, paper, &width, &wall);
    const double gap = 5, height = width * 600 / 680;
    if (self->pictures.hearts[phase][0] == NULL && !self->has_wall[phase])
      continue;
    for (guint i = 0; i < UT_REPORT_N_CAMERAS && self->pictures.hearts[phase][0] != NULL; i++) {
      double x = paper->x + i * (width + gap);
      g_autofree char *caption = ut_report_heart_caption (self->state, phase, i);
      ut_paper_picture (paper->cr, self->pictures.hearts[phase][i], x, paper->y, width, height);
      cairo_set_source_rgb (paper->cr, 0.2, 0.2, 0.2);
      ut_paper_word (paper->cr, caption, x + width / 2, paper->y + height + 6, 7.5);
    }
    double caption = self->has_wall[phase] ? draw_wall (self, &wall, phase, height) : 0;
    paper->y += height + MAX (14, caption + 4);
  }
  if (self->pictures.no_hearts != NULL) {
    g_autofree char *text =
      g_strdup_printf (_ ("The heart could not be drawn: %s"), self->pictures.no_hearts);
    ut_paper_text (paper, UT_PAPER_STRONG, text);
  }
}

/* The colours of the bull's-eyes, below them. */
static void
draw_wall_legend (const UtReport *self, UtPaper *paper)
{
  double width;
  UtPaper wall;
  if (!has_walls (self))
    return;
  find_row (self, paper, &width, &wall);
  PangoContext *fonts = fonts_new (paper->cr, 8.25); /* the legend's words are smaller */
  UtPhase phase = self->has_wall[UT_PHASE_ED] ? UT_PHASE_ED : UT_PHASE_ES;
  cairo_set_source_rgb (paper->cr, 0.3, 0.3, 0.3);
  ut_bulls_eye_draw_legend (
    paper->cr, fonts, &self->wall[phase], wall.x + 14, paper->y + 1, wall.width - 24, 5);
  g_object_unref (fonts);
}

/* Names of the structures in the colours of the pictures. */
static void
draw_legend (const UtReport *self, UtPaper *paper)
{
  double width;
  UtPaper wall;
  find_row (self, paper, &width, &wall);
  const double step = (has_walls (self) ? wall.x - paper->x : paper->width) / UT_N_STRUCTURES;
  double end = paper->y + 14;
  for (guint i = 0; i < UT_N_STRUCTURES; i++) {
    float colour[3];
    ut_structure_colour (ut_structure_order[i], colour);
    cairo_set_source_rgb (paper->cr, colour[0], colour[1], colour[2]);
    cairo_rectangle (paper->cr, paper->x + i * step, paper->y + 1, 8, 8);
    cairo_fill (paper->cr);
    g_autofree char *name = g_strdup_printf ("%s  %s",
                                             ut_structure_name (ut_structure_order[i]),
                                             ut_sentence_structure (ut_structure_order[i]));
    UtPaper cell = {paper->cr, paper->x + i * step + 11, paper->y, step - 15};
    ut_paper_text (&cell, UT_PAPER_SMALL, name);
    end = MAX (end, cell.y);
  }
  draw_wall_legend (self, paper);
  paper->y = end;
}

/* 50 mm in the lower left corner. */
static void
draw_scale_bar (
  UtPaper *paper, cairo_surface_t *picture, double picture_mm, double x, double y, double side)
{
  double wide = cairo_image_surface_get_width (picture);
  double high = cairo_image_surface_get_height (picture);
  double length = 50 * wide * MIN (side / wide, side / high) / picture_mm;
  if (length > side)
    return;
  cairo_set_source_rgb (paper->cr, 1, 1, 1);
  cairo_rectangle (paper->cr, x + 4, y + side - 6, length, 1.2);
  cairo_fill (paper->cr);
  ut_paper_word (paper->cr, "50 mm", x + 4 + length / 2, y + side - 12, 7);
}

/* "A4C ED: frame 12 of 48, 233 ms" */
static char *
mark_text (const UtStudyView *view, UtView v, UtPhase phase)
{
  if (view->source == NULL)
    return g_strdup_printf (_ ("%s: empty"), ut_view_name (v));
  if (view->marks[phase] < 0)
    return g_strdup_printf (_ ("%s %s: no mark"), ut_view_name (v), ut_phase_name (phase));
  if (view->cine == NULL)
    return g_strdup_printf (_ ("%s: file not found"), ut_view_name (v));
  guint frame = (guint)view->marks[phase];
  g_autofree char *time = view->cine->times_known
                            ? g_strdup_printf (", %.0f ms", view->cine->times_ms[frame])
                            : g_strdup ("");
  /* Translators: "A4C ED: frame 12 of 48, 233 ms" */
  return g_strdup_printf (_ ("%s %s: frame %u of %u%s"),
                          ut_view_name (v),
                          ut_phase_name (phase),
                          frame + 1,
                          view->n_frames,
                          time);
}

static void
draw_echo (const UtReport *self, UtPaper *paper)
{
  const double gap = 4, step = (paper->width + gap) / 6, side = (step - gap) * self->scale;
  double end = paper->y;
  for (UtView v = 0; v < UT_N_VIEWS; v++)
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
      double x = paper->x + (2 * v + phase) * step;
      cairo_set_source_rgb (paper->cr, 0, 0, 0);
      cairo_rectangle (paper->cr, x, paper->y, side, side);
      cairo_fill (paper->cr);
      if (self->pictures.echo[v][phase] != NULL) {
        ut_paper_picture (paper->cr, self->pictures.echo[v][phase], x, paper->y, side, side);
        draw_scale_bar (paper,
                        self->pictures.echo[v][phase],
                        self->pictures.echo_mm[v][phase],
                        x,
                        paper->y,
                        side);
      }
      g_autofree char *caption = mark_text (&self->state->views[v], v, phase);
      UtPaper cell = {paper->cr, x, paper->y + side + 2, step - gap};
      ut_paper_text (&cell, UT_PAPER_SMALL, caption);
      end = MAX (end, cell.y);
    }
  paper->y = end;
}

/* Two bars for each structure: ED in its colour, ES paler. */
static void
draw_bars (const UtReport *self, cairo_t *cr, double x, double y, double width, double height)
{
  double most = 1;
  for (guint i = 0; i < UT_N_STRUCTURES; i++)
    most = MAX (most, MAX (self->ml[0][ut_structure_order[i]], self->ml[1][ut_structure_order[i]]));
  const double step = width / UT_N_STRUCTURES, bar = step * 0.34, base = y + height - 10;
  for (guint i = 0; i < UT_N_STRUCTURES; i++) {
    float colour[3];
    ut_structure_colour (ut_structure_order[i], colour);
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
      double ml = self->ml[phase][ut_structure_order[i]];
      double left = x + i * step + step * 0.14 + phase * bar;
      double high = (height - 22) * ml / most;
      if (ml <= 0)
        continue;
      g_autofree char *number = g_strdup_printf ("%.0f", ml);
      cairo_set_source_rgba (cr, colour[0], colour[1], colour[2], phase == UT_PHASE_ED ? 1 : 0.5);
      cairo_rectangle (cr, left, base - high, bar - 1, high);
      cairo_fill (cr);
      cairo_set_source_rgb (cr, 0.3, 0.3, 0.3);
      ut_paper_word (cr, number, left + bar / 2, base - high - 5, 7);
    }
    cairo_set_source_rgb (cr, 0.1, 0.1, 0.1);
    ut_paper_word (
      cr, ut_structure_name (ut_structure_order[i]), x + (i + 0.5) * step, base + 5, 7);
  }
}

static void
draw_table (UtPaper *paper, const UtReportTable *table, double first)
{
  ut_paper_table (
    paper, (const char *const *)table->cells->pdata, table->n_columns, table->n_rows, first);
}

static void
draw_first_page (const UtReport *self, UtPaper *paper)
{
  g_autofree char *from =
    g_strdup_printf (_ ("Heart from echo by UltraTwin %s, %s"), UT_VERSION, self->date);
  ut_paper_text (paper, UT_PAPER_TITLE, self->title);
  ut_paper_text (paper, UT_PAPER_TEXT, from);
  for (char **line = self->warnings; *line != NULL; line++)
    ut_paper_text (paper, UT_PAPER_STRONG, *line);
  draw_headline (self, paper);
  draw_hearts (self, paper);
  draw_legend (self, paper);
  ut_paper_text (paper, UT_PAPER_HEADING, _ ("Marked Frames"));
  draw_echo (self, paper);
  ut_paper_text (paper, UT_PAPER_HEADING, _ ("Volumes"));
  UtPaper left = {paper->cr, paper->x, paper->y, paper->width * 0.58};
  draw_table (&left, self->volumes, 0.12);
  cairo_set_source_rgb (paper->cr, 0.4, 0.4, 0.4);
  ut_paper_word (paper->cr,
                 _ ("Volumes by voxels, ml: ED full, ES pale"),
                 paper->x + 0.81 * paper->width,
                 paper->y - 8,
                 7);
  draw_bars (self, paper->cr, paper->x + 0.63 * paper->width, paper->y, 0.37 * paper->width, 76);
  paper->y = MAX (left.y, paper->y + 76) + 8;
  if (self->disks != NULL)
    draw_table (paper, self->disks, 0.21);
  for (char **note = self->disks_notes; *note != NULL; note++)
    ut_paper_text (paper, UT_PAPER_SMALL, *note);
}

/* The largest at which page 1 ends above its foot. */
static double
fitting_scale (const UtReport *self)
{
  UtReport tried = *self;
  cairo_surface_t *nothing = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_t *cr = cairo_create (nothing);
  UtPaper paper;
  tried.scale = 1.05;
  do {
    tried.scale -= 0.05;
    paper = (UtPaper){cr, MARGIN, MARGIN, COLUMN};
    draw_first_page (&tried, &paper);
  } while (paper.y > BOTTOM && tried.scale > 0.4);
  cairo_destroy (cr);
  cairo_surface_destroy (nothing);
  return tried.scale;
}

/* ---- page 2 ------------------------------------------------------------------------------ */

static void
draw_options (UtPaper *paper, const UtTwin *twin)
{
  g_autofree char *text = g_strdup_printf (_ ("Options: %s"), twin->provenance.options);
  ut_paper_text (paper, UT_PAPER_SMALL, text);
}

static void
draw_phase_provenance (const UtReport *self, UtPaper *paper, UtPhase phase, gboolean options)
{
  const UtStudyResult *result = ut_study_result (self->state, phase);
  const UtStudyReference *reference = self->state->references[phase];
  g_autofree char *from = ut_report_provenance (result);
  g_autofree char *text = g_strdup_printf ("%s. %s", ut_phase_name (phase), from);
  ut_paper_text (paper, UT_PAPER_SMALL, text);
  if (options && result->twin->provenance.options != NULL)
    draw_options (paper, result->twin);
  if (reference != NULL) {
    g_autofree char *file = g_strdup_printf (_ ("Reference: file %.12s"), reference->sha256);
    ut_paper_text (paper, UT_PAPER_SMALL, file);
  }
}

/* ED to the left, ES to the right; options that both have below them. */
static void
draw_provenance (const UtReport *self, UtPaper *paper)
{
  const UtTwin *twins[UT_N_PHASES] = {ut_study_twin (self->state, UT_PHASE_ED),
                                      ut_study_twin (self->state, UT_PHASE_ES)};
  gboolean same = twins[0] != NULL && twins[1] != NULL && twins[0]->provenance.options != NULL &&
                  g_strcmp0 (twins[0]->provenance.options, twins[1]->provenance.options) == 0;
  const double gap = 14, width = (paper->width - gap) / UT_N_PHASES;
  double end = paper->y;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    UtPaper half = {paper->cr, paper->x + phase * (width + gap), paper->y, width};
    if (twins[phase] != NULL)
      draw_phase_provenance (self, &half, phase, !same);
    end = MAX (end, half.y);
  }
  paper->y = end;
  if (same)
    draw_options (paper, twins[0]);
}

/* Of this version with these weights, or that there is none. */
static void
draw_self_test (const UtReport *self, UtPaper *paper)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const UtTwin *twin = ut_study_twin (self->state, phase);
    if (twin == NULL)
      continue;
    gboolean passed = FALSE;
    g_autofree char *sha256 = ut_self_test_recall (twin->provenance.model_sha256, &passed);
    g_autofree char *text =
      sha256 == NULL
        ? g_strdup (_ ("Self-test: not run with this version and these weights"))
        : g_strdup_printf (passed ? _ ("Self-test: passed, %.12s") : _ ("Self-test: FAILED, %.12s"),
                           sha256);
    ut_paper_text (paper, sha256 != NULL && !passed ? UT_PAPER_STRONG : UT_PAPER_SMALL, text);
    return;
  }
}

static void
draw_second_page (const UtReport *self, UtPaper *paper)
{
  if (self->numbers != NULL) {
    ut_paper_text (paper, UT_PAPER_HEADING, _ ("Further Numbers"));
    draw_table (paper, self->numbers, 0.25);
  }
  ut_paper_text (paper, UT_PAPER_HEADING, _ ("Where the Numbers Come From"));
  draw_provenance (self, paper);
  draw_self_test (self, paper);
  ut_paper_text (paper, UT_PAPER_HEADING, _ ("Definitions"));
  gboolean all = ut_paper_columns (paper, self->definitions, BOTTOM - 12 - paper->y);
  ut_paper_text (paper,
                 UT_PAPER_SMALL,
                 all ? _ ("How empty structures count stands in result.json.")
                     : _ ("More definitions stand in result.json."));
}

void
ut_report_draw_page (const UtReport *self, guint page, cairo_t *cr)
{
  UtPaper paper = {cr, MARGIN, MARGIN, COLUMN};
  cairo_save (cr);
  ut_paper_blank (cr);
  if (page == 0)
    draw_first_page (self, &paper);
  else
    draw_second_page (self, &paper);
  ut_paper_foot (cr, page, N_PAGES);
  cairo_restore (cr);
}

/* ---- the file ------------------------------------------------------------------------------ */

static void
draw_page (gconstpointer data, guint page, cairo_t *cr)
{
  ut_report_draw_page (data, page, cr);
}

gboolean
ut_report_write (const UtReport *self, const char *path, GError **error)
{
  return ut_pdf_write (path, self->title, N_PAGES, draw_page, self, error);
}
