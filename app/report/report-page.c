/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/report-page.h"

#include "app/app-id.h"
#include "app/keys.h"
#include "app/quantity-words.h"
#include "app/report/report-text.h"
#include "app/review-text.h"
#include "app/sentence.h"
#include "app/twin/disks-numbers.h"
#include "app/twin/numbers.h"

#include <glib/gi18n.h>

struct _UtReportPage {
  GtkWidget parent_instance;
  UtDocument *document;
  UtResults *results;
  GtkWidget *stack, *empty_page, *subtitle, *headline, *volumes;
  GtkWidget *disks_group, *disks, *ed_group, *ed_overlap, *es_group, *es_overlap, *provenance,
    *definitions;
};

enum { MESSAGE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtReportPage, ut_report_page, GTK_TYPE_WIDGET)

static void
show_provenance (UtReportPage *self, const UtStudyState *state)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (ut_study_twin (state, phase) == NULL)
      continue;
    g_autofree char *from = ut_report_provenance (ut_study_result (state, phase));
    g_string_append_printf (
      text, "%s%s. %s", text->len > 0 ? "\n\n" : "", ut_phase_name (phase), from);
    if (ut_study_is_stale (state, phase))
      g_string_append (
        text, _ ("\nOut of date: views, marks or calibration changed since this heart was made."));
  }
  gtk_label_set_text (GTK_LABEL (self->provenance), text->str);
}

static void
show_definitions (UtReportPage *self, const UtMeasurements *measurements)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  gboolean seen[UT_N_QUANTITIES] = {FALSE};
  for (guint i = 0; i < measurements->items->len; i++)
    seen[g_array_index (measurements->items, UtMeasurement, i).quantity] = TRUE;
  for (UtQuantity q = 0; q < UT_N_QUANTITIES; q++) {
    const UtQuantityInfo *info = ut_quantity_words (q);
    if (!seen[q])
      continue;
    g_autofree char *unit = info->unit[0] != 0 ? g_strdup_printf (" (%s)", info->unit) : NULL;
    g_autofree char *line = g_markup_printf_escaped ("%s<b>%s</b>%s  %s",
                                                     markup->len > 0 ? "\n" : "",
                                                     info->name,
                                                     unit != NULL ? unit : "",
                                                     info->definition);
    g_string_append (markup, line);
  }
  gtk_label_set_markup (GTK_LABEL (self->definitions), markup->str);
}

static void
show_overlap (GtkWidget *group, GtkWidget *grid, const UtMeasurements *measurements, UtPhase phase)
{
  const UtNumbersColumn columns[] = {{UT_QUANTITY_DSC, phase, NULL},
                                     {UT_QUANTITY_HD_MM, phase, NULL},
                                     {UT_QUANTITY_HD_VOXELS, phase, NULL},
                                     {UT_QUANTITY_HD95_MM, phase, NULL},
                                     {UT_QUANTITY_HD95_VOXELS, phase, NULL},
                                     {UT_QUANTITY_ASSD_MM, phase, NULL},
                                     {UT_QUANTITY_ASSD_VOXELS, phase, NULL},
                                     {UT_QUANTITY_VOLUME_ERROR, phase, NULL}};
  gboolean any = ut_measurements_find (measurements, UT_QUANTITY_DSC, (int)phase, UT_LV) != NULL;
  gtk_widget_set_visible (group, any);
  if (any)
    ut_numbers_fill_table (GTK_GRID (grid), measurements, columns, G_N_ELEMENTS (columns), TRUE);
}

static void
show_report (UtReportPage *self, const UtStudyState *state, const UtMeasurements *measurements)
{
  const UtNumbersColumn volumes[] = {
    {UT_QUANTITY_VOLUME, UT_PHASE_ED, _ ("ED, voxels\nml")},
    {UT_QUANTITY_MESH_VOLUME, UT_PHASE_ED, _ ("ED, surface\nml")},
    {UT_QUANTITY_VOLUME, UT_PHASE_ES, _ ("ES, voxels\nml")},
    {UT_QUANTITY_MESH_VOLUME, UT_PHASE_ES, _ ("ES, surface\nml")},
    {UT_QUANTITY_MASS, UT_PHASE_ED, _ ("ED, mass\ng")},
  };
  g_auto (GStrv) reviews = ut_review_lines (state);
  g_autofree char *review = g_strjoinv ("\n", reviews);
  g_autofree char *title = g_strdup_printf (_ ("%s. Research use only – not for diagnosis."),
                                            ut_sentence_study (state->label));
  g_autofree char *subtitle = g_strjoin ("\n", title, review, NULL);
  gtk_label_set_text (GTK_LABEL (self->subtitle), subtitle);
  ut_numbers_fill_headline (GTK_GRID (self->headline), measurements);
  ut_numbers_fill_table (
    GTK_GRID (self->volumes), measurements, volumes, G_N_ELEMENTS (volumes), FALSE);
  ut_disks_numbers_fill (self->disks_group, GTK_GRID (self->disks), measurements);
  show_overlap (self->ed_group, self->ed_overlap, measurements, UT_PHASE_ED);
  show_overlap (self->es_group, self->es_overlap, measurements, UT_PHASE_ES);
  show_provenance (self, state);
  show_definitions (self, measurements);
}

static void
update (UtReportPage *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  const UtMeasurements *measurements = ut_results_get_measurements (self->results);
  if (state == NULL)
    return;

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    measurements != NULL ? "report" : "empty");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.copy", measurements != NULL);
  adw_status_page_set_description (
    ADW_STATUS_PAGE (self->empty_page),
    ut_results_get_busy (self->results) ? _ ("They are being computed.")
    : ut_document_calibrated (state)
      ? _ ("Reconstruct the heart first: press Ctrl+Return.")
      : _ ("A view is not calibrated, so no number can be trusted. Calibrate it or empty it."));
  if (measurements != NULL)
    show_report (self, state, measurements);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtReportPage *self = UT_REPORT_PAGE (widget);
  const UtMeasurements *measurements = ut_results_get_measurements (self->results);
  if (measurements == NULL)
    return;
  g_autofree char *text = ut_report_text (ut_document_get_state (self->document), measurements);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  g_signal_emit (self, signals[MESSAGE], 0, _ ("The report is in the clipboard"));
}

void
ut_report_page_set_up (UtReportPage *self, UtDocument *document, UtResults *results)
{
  g_return_if_fail (UT_IS_REPORT_PAGE (self) && self->document == NULL);
  self->document = g_object_ref (document);
  self->results = g_object_ref (results);
  g_signal_connect_object (results, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

static void
ut_report_page_dispose (GObject *object)
{
  UtReportPage *self = UT_REPORT_PAGE (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), UT_TYPE_REPORT_PAGE);
  g_clear_object (&self->results);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_report_page_parent_class)->dispose (object);
}

#define BIND(widget_class, name)                                                                   \
  gtk_widget_class_bind_template_child (widget_class, UtReportPage, name)

static void
ut_report_page_class_init (UtReportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ut_report_page_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "report.copy", NULL, copy_action);
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/report-page.ui");
  BIND (widget_class, stack);
  BIND (widget_class, empty_page);
  BIND (widget_class, subtitle);
  BIND (widget_class, headline);
  BIND (widget_class, volumes);
  BIND (widget_class, disks_group);
  BIND (widget_class, disks);
  BIND (widget_class, ed_group);
  BIND (widget_class, ed_overlap);
  BIND (widget_class, es_group);
  BIND (widget_class, es_overlap);
  BIND (widget_class, provenance);
  BIND (widget_class, definitions);
  signals[MESSAGE] = g_signal_new ("message",
                                   UT_TYPE_REPORT_PAGE,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   1,
                                   G_TYPE_STRING);
}

static void
ut_report_page_init (UtReportPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ut_keys_add_controller (GTK_WIDGET (self), UT_KEYS_REPORT);
}
