/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/preview-window.h"

#include "app/choose-path.h"
#include "app/job.h"
#include "app/keys.h"
#include "app/report/paper.h"
#include "app/widgets.h"

#include <glib/gi18n.h>

#define PAGE_WIDTH 720 /* pixels */

/* What a preview has; lives as long as its window. */
typedef struct {
  GtkWidget *window, *toasts; /* lent */
  UtReport *report;
  UtJob *job;
} Preview;

static void
preview_free (gpointer data)
{
  Preview *self = data;
  ut_report_unref (self->report);
  g_object_unref (self->job);
  g_free (self);
}

/* ---- saving ------------------------------------------------------------------------------ */

typedef struct {
  UtReport *report;
  char *path;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;
  ut_report_unref (saving->report);
  g_free (saving->path);
  g_free (saving);
}

static gpointer
save_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  Saving *saving = input;
  ut_progress_set (progress, 0, UT_STAGE_WRITE);
  return ut_report_write (saving->report, saving->path, error) ? g_path_get_basename (saving->path)
                                                               : NULL;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) window = user_data; /* so that it outlives the work */
  Preview *self = g_object_get_data (G_OBJECT (window), "preview");
  g_autoptr (GError) error = NULL;
  g_autofree char *name = ut_job_run_finish (self->job, result, &error);
  g_autofree char *text = name != NULL
                            ? g_strdup_printf (_ ("Saved as “%s”"), name)
                            : g_strdup_printf (_ ("The report was not saved: %s"), error->message);
  ut_toast (self->toasts, text);
}

static void
place_chosen_cb (gpointer window, const char *const *paths, GtkFileChooser *chooser)
{
  Preview *self = g_object_get_data (G_OBJECT (window), "preview");
  if (ut_job_get_busy (self->job))
    return;
  Saving *saving = g_new (Saving, 1);
  *saving = (Saving){ut_report_ref (self->report), g_strdup (paths[0])};
  ut_job_run_async (
    self->job, save_in_thread, saving, saving_free, g_free, saved_cb, g_object_ref (window));
}

static void
save_action (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  GtkFileChooser *chooser =
    ut_path_chooser_new (window, _ ("Save the Report"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"));
  gtk_file_chooser_set_current_name (chooser, "report.pdf");
  ut_path_chooser_show (chooser, place_chosen_cb, window);
}

/* ---- the window ---------------------------------------------------------------------------- */

static void
draw_page (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  Preview *self = g_object_get_data (G_OBJECT (gtk_widget_get_root (GTK_WIDGET (area))), "preview");
  double scale = MIN (width / UT_PAPER_WIDTH, height / UT_PAPER_HEIGHT);
  cairo_scale (cr, scale, scale);
  ut_report_draw_page (self->report, GPOINTER_TO_UINT (user_data), cr);
}

static GtkWidget *
new_page (guint page, guint n_pages)
{
  GtkWidget *area =
    g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);
  g_autofree char *name = g_strdup_printf (_ ("Report, page %u of %u"), page + 1, n_pages);
  gtk_accessible_update_property (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), PAGE_WIDTH);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area),
                                       (int)(PAGE_WIDTH * UT_PAPER_HEIGHT / UT_PAPER_WIDTH));
  gtk_drawing_area_set_draw_func (
    GTK_DRAWING_AREA (area), draw_page, GUINT_TO_POINTER (page), NULL);
  gtk_widget_set_halign (area, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (area, "card");
  return area;
}

static void
add_header (GtkWidget *whole)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *save = gtk_button_new_with_mnemonic (_ ("_Save PDF…"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (save), "preview.save");
  gtk_widget_set_tooltip_text (save, _ ("Save these pages as a PDF file"));
  gtk_widget_add_css_class (save, "suggested-action");
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), save);
  gtk_box_append (GTK_BOX (whole), header);
}

static void
add_actions (GtkWidget *window)
{
  const GActionEntry entries[] = {{"save", save_action}};
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), window);
  gtk_widget_insert_action_group (window, "preview", G_ACTION_GROUP (group));
  ut_keys_add_controller (window, UT_KEYS_REPORT);
  ut_widget_close_by_escape (window);
}

GtkWidget *
ut_preview_window_new (GtkWindow *parent, UtReport *report)
{
  Preview *self = g_new0 (Preview, 1);
  GtkWidget *whole = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *pages = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  const guint n_pages = ut_report_n_pages (report);

  self->window = adw_window_new ();
  self->toasts = adw_toast_overlay_new ();
  self->report = report;
  self->job = ut_job_new ();
  g_object_set_data_full (G_OBJECT (self->window), "preview", self, preview_free);
  for (guint page = 0; page < n_pages; page++)
    gtk_box_append (GTK_BOX (pages), new_page (page, n_pages));
  gtk_widget_add_css_class (pages, "column-page");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), pages);
  gtk_widget_set_vexpand (scrolled, TRUE);
  add_header (whole);
  gtk_box_append (GTK_BOX (whole), scrolled);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), whole);
  adw_window_set_content (ADW_WINDOW (self->window), self->toasts);
  add_actions (self->window);
  gtk_window_set_title (GTK_WINDOW (self->window), _ ("Report Preview"));
  gtk_window_set_default_size (GTK_WINDOW (self->window), PAGE_WIDTH + 80, 760);
  gtk_window_set_transient_for (GTK_WINDOW (self->window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self->window), TRUE);
  return self->window;
}
