/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/cohort-pdf.h"

#include "app/report/cohort-files.h"
#include "app/report/cohort-text.h"
#include "app/report/paper.h"
#include "app/report/pdf-file.h"
#include "app/review-text.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARGIN UT_PAPER_MARGIN
#define COLUMN (UT_PAPER_WIDTH - 2 * MARGIN)
#define BOTTOM (UT_PAPER_HEIGHT - MARGIN - 18) /* above the foot */
#define PLOT   118.0                           /* points, height */

/* ---- medians --------------------------------------------------------------------------------- */

static void
draw_medians (const UtCohort *self, UtPaper *paper)
{
  static const UtQuantity quantities[] = {
    UT_QUANTITY_DSC, UT_QUANTITY_HD95_MM, UT_QUANTITY_ASSD_MM};
  const int structures[] = {UT_MYO, UT_LV, UT_LA, UT_RV, UT_RA, -1};
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (cells, g_strdup (""));
  for (gsize q = 0; q < G_N_ELEMENTS (quantities); q++)
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
      const UtQuantityInfo *info = ut_quantity_info (quantities[q]);
      g_ptr_array_add (
        cells,
        g_strdup_printf (
          "%s %s%s%s", info->name, ut_phase_name (phase), *info->unit ? ", " : "", info->unit));
    }
  for (gsize s = 0; s < G_N_ELEMENTS (structures); s++) {
    g_ptr_array_add (
      cells,
      g_strdup (structures[s] < 0 ? _ ("mean") : ut_structure_name ((UtStructure)structures[s])));
    for (gsize q = 0; q < G_N_ELEMENTS (quantities); q++)
      for (int phase = 0; phase < UT_N_PHASES; phase++) {
        double median = NAN;
        ut_cohort_median (self, quantities[q], phase, structures[s], &median);
        g_ptr_array_add (cells, ut_cohort_number (quantities[q], median));
      }
  }
  ut_paper_table (paper, (const char *const *)cells->pdata, 7, cells->len / 7, 0.16);
}

/* ---- twin against reference --------------------------------------------------------------------
 */

typedef struct Plot {
  cairo_t *cr;
  double x, y, width, height;
  double from, to, low, high; /* of the axes */
} Plot;

static double
to_x (const Plot *self, double value)
{
  return self->x + self->width * (value - self->from) / (self->to - self->from);
}

static double
to_y (const Plot *self, double value)
{
  return self->y + self->height * (self->high - value) / (self->high - self->low);
}

static void
set_axes (Plot *self, const GArray *pairs, const UtAgreement *found)
{
  self->from = INFINITY;
  self->to = -INFINITY;
  self->low = MIN (found->low, 0);
  self->high = MAX (found->high, 0);
  for (guint i = 0; i < pairs->len; i++) {
    const UtPair *pair = &g_array_index (pairs, UtPair, i);
    double middle = (pair->a + pair->b) / 2, difference = pair->a - pair->b;
    self->from = MIN (self->from, middle);
    self->to = MAX (self->to, middle);
    self->low = MIN (self->low, difference);
    self->high = MAX (self->high, difference);
  }
  const double room = 0.05 * MAX (self->to - self->from, 1),
               more = 0.08 * MAX (self->high - self->low, 1);
  self->from -= room;
  self->to += room;
  self->low -= more;
  self->high += more;
}

static void
draw_level (const Plot *self, double value, gboolean dashed, double grey)
{
  const double dash[] = {3, 2};
  cairo_set_source_rgb (self->cr, grey, grey, grey);
  cairo_set_line_width (self->cr, 0.6);
  cairo_set_dash (self->cr, dash, dashed ? 2 : 0, 0);
  cairo_move_to (self->cr, self->x, to_y (self, value));
  cairo_line_to (self->cr, self->x + self->width, to_y (self, value));
  cairo_stroke (self->cr);
  cairo_set_dash (self->cr, NULL, 0, 0);
}

static void
draw_number (const Plot *self, double value, double x, double y)
{
  g_autofree char *text = g_strdup_printf ("%.0f", value);
  g_autofree char *minus = g_str_has_prefix (text, "-") ? g_strconcat ("−", text + 1, NULL) : NULL;
  cairo_set_source_rgb (self->cr, 0.35, 0.35, 0.35);
  ut_paper_word (self->cr, minus ? minus : text, x, y, UT_PAPER_SMALLEST);
}

static void
draw_points (const Plot *self, const GArray *pairs)
{
  cairo_set_source_rgba (self->cr, 0.1, 0.3, 0.6, 0.7);
  for (guint i = 0; i < pairs->len; i++) {
    const UtPair *pair = &g_array_index (pairs, UtPair, i);
    cairo_arc (self->cr,
               to_x (self, (pair->a + pair->b) / 2),
               to_y (self, pair->a - pair->b),
               1.6,
               0,
               2 * G_PI);
    cairo_fill (self->cr);
  }
}

static char *
agreement_text (const UtAgreement *found, guint n, const char *unit)
{
  g_autofree char *text = g_strdup_printf (
    _ ("bias %.1f %s, limits %.1f to %.1f; n = %u"), found->bias, unit, found->low, found->high, n);
  g_auto (GStrv) parts = g_strsplit (text, "-", -1);
  return g_strjoinv ("−", parts);
}

static void
draw_agreement (const UtCohort *self, UtPaper *paper, UtCohortVolume volume)
{
  const char *titles[UT_N_COHORT_VOLUMES] = {_ ("EDV, ml"), _ ("ESV, ml"), _ ("EF, %")};
  const char *units[UT_N_COHORT_VOLUMES] = {"ml", "ml", _ ("points")};
  g_autoptr (GArray) pairs = ut_cohort_pairs (self, volume);
  UtAgreement found;
  Plot plot = {paper->cr, paper->x + 18, paper->y + 14, paper->width - 22, PLOT - 34};
  cairo_set_source_rgb (paper->cr, 0.1, 0.1, 0.1);
  ut_paper_word (paper->cr, titles[volume], paper->x + paper->width / 2, paper->y + 6, 8);
  if (!ut_bland_altman ((const UtPair *)(const void *)pairs->data, pairs->len, &found)) {
    cairo_set_source_rgb (paper->cr, 0.4, 0.4, 0.4);
    ut_paper_caption (paper->cr,
                      _ ("fewer than 3 studies have both twin and reference"),
                      paper->x + paper->width / 2,
                      paper->y + PLOT / 2,
                      UT_PAPER_SMALLEST,
                      paper->width - 12);
    return;
  }
  set_axes (&plot, pairs, &found);
  cairo_set_source_rgb (plot.cr, 0.8, 0.8, 0.8);
  cairo_set_line_width (plot.cr, 0.6);
  cairo_rectangle (plot.cr, plot.x, plot.y, plot.width, plot.height);
  cairo_stroke (plot.cr);
  draw_level (&plot, 0, FALSE, 0.8);
  draw_level (&plot, found.bias, FALSE, 0.2);
  draw_level (&plot, found.low, TRUE, 0.2);
  draw_level (&plot, found.high, TRUE, 0.2);
  draw_points (&plot, pairs);
  draw_number (&plot, plot.high, paper->x + 8, plot.y + 4);
  draw_number (&plot, plot.low, paper->x + 8, plot.y + plot.height - 4);
  draw_number (&plot, plot.from, plot.x + 6, plot.y + plot.height + 7);
  draw_number (&plot, plot.to, plot.x + plot.width - 8, plot.y + plot.height + 7);
  g_autofree char *caption = agreement_text (&found, pairs->len, units[volume]);
  cairo_set_source_rgb (paper->cr, 0.2, 0.2, 0.2);
  ut_paper_fitted_word (
    paper->cr, caption, paper->x + paper->width / 2, plot.y + plot.height + 16, 7.5, paper->width);
}

static void
draw_agreements (const UtCohort *self, UtPaper *paper)
{
  const double gap = 8, width = (paper->width - 2 * gap) / UT_N_COHORT_VOLUMES;
  for (int i = 0; i < UT_N_COHORT_VOLUMES; i++) {
    UtPaper cell = {paper->cr, paper->x + i * (width + gap), paper->y, width};
    draw_agreement (self, &cell, (UtCohortVolume)i);
  }
  paper->y += PLOT + 4;
  ut_paper_text (paper,
                 UT_PAPER_SMALL,
                 _ ("Across: mean of twin and reference; up: twin − reference. Lines: mean "
                    "difference, and limits of agreement at ∓1.96 SD (Bland and Altman 1986)."));
}

/* ---- lists ------------------------------------------------------------------------------------
 */

static double
overlap_of (const UtCohortStudy *study, int phase)
{
  const UtMeasurement *item =
    ut_measurements_find (study->measurements, UT_QUANTITY_DSC, phase, -1);
  return item ? item->value : NAN;
}

static void
draw_worst (const UtCohort *self, UtPaper *paper)
{
  g_autoptr (GPtrArray) worst = ut_cohort_worst (self, UT_COHORT_WORST);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  const char *heads[] = {_ ("Study"),
                         _ ("ASSD, mm"),
                         _ ("DSC ED"),
                         _ ("DSC ES"),
                         _ ("EF, twin"),
                         _ ("EF, reference"),
                         _ ("Verdict")};
  if (worst->len == 0)
    return;
  ut_paper_text (paper, UT_PAPER_HEADING, _ ("Largest Errors"));
  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    g_ptr_array_add (cells, g_strdup (heads[i]));
  for (guint i = 0; i < worst->len; i++) {
    const UtCohortStudy *study = worst->pdata[i];
    g_ptr_array_add (cells, ut_cohort_title (study));
    g_ptr_array_add (cells, ut_cohort_number (UT_QUANTITY_ASSD_MM, ut_cohort_error (study)));
    for (int phase = 0; phase < UT_N_PHASES; phase++)
      g_ptr_array_add (cells, ut_cohort_number (UT_QUANTITY_DSC, overlap_of (study, phase)));
    g_ptr_array_add (cells,
                     ut_cohort_number (UT_QUANTITY_EF, ut_cohort_twin_value (study, UT_COHORT_EF)));
    g_ptr_array_add (cells, ut_cohort_number (UT_QUANTITY_EF, study->reference[UT_COHORT_EF]));
    g_ptr_array_add (cells, g_strdup (ut_review_word (study->verdict)));
  }
  ut_paper_table (paper,
                  (const char *const *)cells->pdata,
                  G_N_ELEMENTS (heads),
                  cells->len / G_N_ELEMENTS (heads),
                  0.3);
}

/* (nullable): what the list of @verdict says of a study; NONE: of those without numbers */
static const char *
words_of (const UtCohortStudy *study, UtVerdict verdict)
{
  if (verdict == UT_VERDICT_NONE)
    return study->problem;
  return study->verdict == verdict ? ut_cohort_reasons (study) : NULL;
}

/* a line each down to @bottom, then how many more there are */
static void
draw_list (
  const UtCohort *self, UtPaper *paper, UtVerdict verdict, const char *heading, double bottom)
{
  guint n_left_out = 0;
  gboolean begun = FALSE;
  for (guint i = 0; i < self->studies->len; i++) {
    const UtCohortStudy *study = self->studies->pdata[i];
    const char *words = words_of (study, verdict);
    if (words == NULL)
      continue;
    if (!begun)
      ut_paper_text (paper, UT_PAPER_HEADING, heading);
    begun = TRUE;
    g_autofree char *title = ut_cohort_title (study),
                    *line = g_strdup_printf ("%s: %s", title, words);
    if (paper->y > bottom - 24)
      n_left_out++;
    else
      ut_paper_text (paper, UT_PAPER_TEXT, line);
  }
  if (n_left_out > 0) {
    g_autofree char *more = g_strdup_printf (
      ngettext ("%u more stands in cohort.csv.", "%u more stand in cohort.csv.", n_left_out),
      n_left_out);
    ut_paper_text (paper, UT_PAPER_SMALL, more);
  }
}

/* ---- the sheet ----------------------------------------------------------------------------------
 */

void
ut_cohort_pdf_draw (const UtCohort *self, cairo_t *cr)
{
  UtPaper paper = {cr, MARGIN, MARGIN, COLUMN};
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d %H:%M");
  g_autofree char *from =
    g_strdup_printf (_ ("Hearts from echo by UltraTwin %s, %s"), UT_VERSION, date);
  g_autofree char *counts = ut_cohort_counts (self);
  ut_paper_blank (cr);
  ut_paper_text (&paper, UT_PAPER_TITLE, _ ("Cohort Sheet"));
  ut_paper_text (&paper, UT_PAPER_TEXT, from);
  ut_paper_text (&paper, UT_PAPER_STRONG, counts);
  ut_paper_text (
    &paper,
    UT_PAPER_SMALL,
    _ ("Studies are told by their number, in the order of their folders' names, and "
       "their label. Rejected hearts stay in all statistics. The network was trained on "
       "simulated ultrasound."));
  ut_paper_text (&paper, UT_PAPER_HEADING, _ ("Twin Against Reference: Medians"));
  draw_medians (self, &paper);
  ut_paper_text (&paper, UT_PAPER_HEADING, _ ("Volumes and EF of the Left Ventricle"));
  draw_agreements (self, &paper);
  draw_worst (self, &paper);
  draw_list (self, &paper, UT_VERDICT_REJECTED, _ ("Rejected"), (paper.y + BOTTOM) / 2);
  draw_list (self, &paper, UT_VERDICT_LIMITED, _ ("Limited"), (paper.y + BOTTOM) / 2);
  draw_list (self, &paper, UT_VERDICT_NONE, _ ("Without Numbers"), BOTTOM);
  ut_paper_foot (cr, 0, 1);
}

static void
draw_page (gconstpointer data, guint page, cairo_t *cr)
{
  ut_cohort_pdf_draw (data, cr);
}

gboolean
ut_cohort_pdf_write (const UtCohort *self, const char *path, GError **error)
{
  return ut_pdf_write (path, _ ("Cohort Sheet"), 1, draw_page, self, error);
}
