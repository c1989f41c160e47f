/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/reconstruct-page.h"

#include "app/app-id.h"
#include "app/choose-path.h"
#include "app/export.h"
#include "app/job.h"
#include "app/reconstruct.h"
#include "app/run-forecast.h"
#include "app/sentence.h"
#include "app/twin/seen.h"

#include <glib/gi18n.h>

struct _UtReconstructPage {
  GtkWidget parent_instance;
  UtDocument *document;
  UtTwinRaster raster; /* of the network; side 0 until it has been read */
  UtJob *export_job;
  GtkWidget *seen_group, *seen, *seen_button;
  guint first_n_seeds; /* what the settings said last */
  char *device;        /* as the settings say */
  double seconds_per_heart;
  GtkWidget *checks, *seed_spin, *seeds_spin, *device_row, *model_row, *run_button, *status;
};

G_DEFINE_FINAL_TYPE (UtReconstructPage, ut_reconstruct_page, GTK_TYPE_WIDGET)

static void
add_check (UtReconstructPage *self, const char *icon, const char *css_class, const char *text)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  gtk_widget_add_css_class (image, css_class);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  gtk_list_box_append (GTK_LIST_BOX (self->checks), row);
}

static void
add_view_checks (UtReconstructPage *self, const UtStudyState *state)
{
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    gboolean ed = ut_study_view_used (state, view, UT_PHASE_ED);
    gboolean es = ut_study_view_used (state, view, UT_PHASE_ES);
    if (!ed && !es)
      continue;
    const int *marks = state->views[view].marks;
    g_autofree char *text = ed && es
                              ? g_strdup_printf (_ ("%s: ED is frame %d, ES is frame %d"),
                                                 ut_view_name (view),
                                                 marks[UT_PHASE_ED] + 1,
                                                 marks[UT_PHASE_ES] + 1)
                              : g_strdup_printf (_ ("%s: %s is frame %d"),
                                                 ut_view_name (view),
                                                 ut_phase_name (ed ? UT_PHASE_ED : UT_PHASE_ES),
                                                 marks[ed ? UT_PHASE_ED : UT_PHASE_ES] + 1);
    add_check (self, "emblem-ok-symbolic", "success", text);
  }
}

static void
show_checks (UtReconstructPage *self, const UtStudyState *state)
{
  GtkWidget *row;
  while ((row = gtk_widget_get_first_child (self->checks)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->checks), row);

  g_autoptr (GArray) issues = ut_study_issues (state);
  for (guint i = 0; i < issues->len; i++) {
    const UtStudyIssue *issue = &g_array_index (issues, UtStudyIssue, i);
    g_autofree char *text = ut_sentence_issue (issue);
    add_check (self,
               issue->blocks ? "dialog-error-symbolic" : "dialog-warning-symbolic",
               issue->blocks ? "error" : "warning",
               text);
  }
  add_view_checks (self, state);
}

/* Looking at the devices takes a moment: not before somebody is there to read of them. */
static void
show_forecast (UtReconstructPage *self)
{
  if (self->device == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  const UtStudyState *state = ut_document_get_state (self->document);
  guint n_phases = 0;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    n_phases += state != NULL && ut_study_is_ready (state, phase);
  g_autofree char *text =
    ut_run_forecast (self->device,
                     self->seconds_per_heart,
                     MAX (1, n_phases) * ut_reconstruct_page_get_n_seeds (self));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->device_row), text);
}

static void
show_status (UtReconstructPage *self, const UtStudyState *state)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const UtTwin *twin = ut_study_twin (state, phase);
    if (twin == NULL)
      continue;
    const UtTwinProvenance *from = &twin->provenance;
    g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, from->seed);
    if (text->len > 0)
      g_string_append_c (text, '\n');
    /* Translators: "ED: made with seed 1 on cpu in 3.2 s" */
    g_string_append_printf (text,
                            _ ("%s: made with seed %s on %s in %.1f s"),
                            ut_phase_name (phase),
                            seed,
                            from->device != NULL ? from->device : "?",
                            from->seconds);
    if (from->n_seeds > 1)
      g_string_append_printf (
        text, ngettext (", mean of %u seed", ", mean of %u seeds", from->n_seeds), from->n_seeds);
    if (ut_study_is_stale (state, phase))
      g_string_append (text, _ (" – out of date: views, marks or calibration changed since"));
  }
  gtk_label_set_text (GTK_LABEL (self->status), text->str);
}

static void
show_seen (UtReconstructPage *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  gboolean any = state != NULL && self->raster.side > 0 &&
                 ut_seen_fill (GTK_GRID (self->seen), state, &self->raster);
  gtk_widget_set_visible (self->seen, any);
  gtk_widget_set_sensitive (self->seen_button, any && ut_document_calibrated (state));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self->seen_group),
    any                      ? _ ("The marked frames, cut and resized as the network is given them")
    : self->raster.side == 0 ? _ ("Shown once the network has been read, at the first run: it "
                                  "says how pictures are cut")
                             : _ ("Nothing yet: no phase can be reconstructed"));
}

/* ---- their export ---------------------------------------------------------------------- */

typedef struct ExportInputs {
  UtStudyState *state;
  UtTwinRaster raster;
  char *folder;
} ExportInputs;

static void
export_inputs_free (gpointer data)
{
  ExportInputs *job = data;
  ut_study_state_unref (job->state);
  g_free (job->folder);
  g_free (job);
}

static gpointer
export_inputs (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  const ExportInputs *job = input;
  return ut_export_inputs (job->state, &job->raster, job->folder, error) ? g_strdup ("") : NULL;
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtReconstructPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *done = ut_job_run_finish (self->export_job, result, &error);
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self->seen_group),
    done != NULL ? _ ("Exported: pictures, numbers and spacing") : error->message);
}

static void
folder_chosen_cb (gpointer user_data, const char *const *paths, GtkFileChooser *chooser)
{
  UtReconstructPage *self = user_data;
  UtStudy *study = ut_document_get_study (self->document);
  if (study == NULL || ut_job_get_busy (self->export_job))
    return;
  ExportInputs *job = g_new0 (ExportInputs, 1);
  *job = (ExportInputs){ut_study_dup_state (study), self->raster, g_strdup (paths[0])};
  ut_job_run_async (self->export_job,
                    export_inputs,
                    job,
                    export_inputs_free,
                    g_free,
                    exported_cb,
                    g_object_ref (self));
}

static void
export_seen_cb (UtReconstructPage *self)
{
  ut_choose_path (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                  _ ("Choose or Make a Folder for the Export"),
                  GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                  _ ("_Export"),
                  folder_chosen_cb,
                  self);
}

static void
changed_cb (UtReconstructPage *self, guint changes)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  if (state == NULL)
    return;
  show_checks (self, state);
  show_status (self, state);
  show_forecast (self);
  if (changes & (UT_STUDY_CHANGE_CINE | UT_STUDY_CHANGE_CALIBRATION | UT_STUDY_CHANGE_MARKS |
                 UT_STUDY_CHANGE_MIRROR))
    show_seen (self);
}

void
ut_reconstruct_page_set_document (UtReconstructPage *self, UtDocument *document)
{
  g_return_if_fail (UT_IS_RECONSTRUCT_PAGE (self));
  g_set_object (&self->document, document);
  g_signal_connect_object (document, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

void
ut_reconstruct_page_set_model (UtReconstructPage *self, UtTwinModel *model)
{
  g_return_if_fail (UT_IS_RECONSTRUCT_PAGE (self));
  g_autofree char *text = NULL;
  if (model == NULL)
    text = g_strdup (_ ("Is read at the first run"));
  else
    text = g_strdup_printf (_ ("%s, %.1f million parameters, on %s, weights %.12s"),
                            ut_twin_model_get_name (model),
                            (double)ut_twin_model_get_n_parameters (model) / 1e6,
                            ut_twin_model_get_device (model),
                            ut_twin_model_get_sha256 (model));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->model_row), text);
  self->raster = model != NULL ? ut_twin_model_get_raster (model) : (UtTwinRaster){0};
  if (self->document != NULL)
    show_seen (self);
}

void
ut_reconstruct_page_set_device (UtReconstructPage *self,
                                const char *device,
                                double seconds_per_heart)
{
  g_return_if_fail (UT_IS_RECONSTRUCT_PAGE (self));
  char *copy = g_strdup (device);
  g_free (self->device);
  self->device = copy;
  self->seconds_per_heart = seconds_per_heart;
  show_forecast (self);
}

guint64
ut_reconstruct_page_get_seed (UtReconstructPage *self)
{
  g_return_val_if_fail (UT_IS_RECONSTRUCT_PAGE (self), 0);
  return (guint64)gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->seed_spin));
}

void
ut_reconstruct_page_begin_with_seeds (UtReconstructPage *self, guint n_seeds)
{
  g_return_if_fail (UT_IS_RECONSTRUCT_PAGE (self));
  if (n_seeds == self->first_n_seeds)
    return;
  self->first_n_seeds = n_seeds;
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->seeds_spin), n_seeds);
}

guint
ut_reconstruct_page_get_n_seeds (UtReconstructPage *self)
{
  g_return_val_if_fail (UT_IS_RECONSTRUCT_PAGE (self), 1);
  return (guint)gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->seeds_spin));
}

static void
ut_reconstruct_page_dispose (GObject *object)
{
  UtReconstructPage *self = UT_RECONSTRUCT_PAGE (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), UT_TYPE_RECONSTRUCT_PAGE);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_reconstruct_page_parent_class)->dispose (object);
}

static void
ut_reconstruct_page_finalize (GObject *object)
{
  g_clear_object (&UT_RECONSTRUCT_PAGE (object)->export_job); /* a run may outlast the widgets */
  g_free (UT_RECONSTRUCT_PAGE (object)->device);
  G_OBJECT_CLASS (ut_reconstruct_page_parent_class)->finalize (object);
}

static void
ut_reconstruct_page_class_init (UtReconstructPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_reconstruct_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = ut_reconstruct_page_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               UT_RESOURCE_PATH "/ui/reconstruct-page.ui");
  gtk_widget_class_bind_template_child (widget_class, UtReconstructPage, checks);
  gtk_widget_class_bind_template_child (widget_class, UtReconstructPage, seen_group);
  gtk_widget_class_bind_template_child (widget_class, UtReconstructPage, seen);
  gtk_widget_class_bind_template_child (widget_class, UtReconstructPage, seen_button);
  gtk_widget_class_bind_template_callback (widget_class, export_seen_cb);
  gtk_widget_class_bind_template_child (widget_class, UtReconstructPage, seed_spin);
  gtk_widget_class_bind_template_child (widget_class, UtReconstructPage, seeds_spin);
  gtk_widget_class_bind_template_child (widget_class, UtReconstructPage, device_row);
  gtk_widget_class_bind_template_child (widget_class, UtReconstructPage, model_row);
  gtk_widget_class_bind_template_child (widget_class, UtReconstructPage, run_button);
  gtk_widget_class_bind_template_child (widget_class, UtReconstructPage, status);
}

static void
ut_reconstruct_page_init (UtReconstructPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (show_forecast), NULL);
  g_signal_connect_object (
    self->seeds_spin, "value-changed", G_CALLBACK (show_forecast), self, G_CONNECT_SWAPPED);
  ut_reconstruct_page_begin_with_seeds (self, UT_DEFAULT_SEEDS);
  self->export_job = ut_job_new ();
  ut_reconstruct_page_set_model (self, NULL);
}
