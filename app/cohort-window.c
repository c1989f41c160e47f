/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/cohort-window.h"

#include "app/report/cohort-text.h"
#include "app/widgets.h"

#include <glib/gi18n.h>
#include <math.h>

#define WIDTH  560 /* pixels */
#define HEIGHT 640

typedef struct Opener {
  UtCohortOpenFunc open;
  gpointer user_data;
} Opener;

static void
row_activated_cb (GtkWidget *row)
{
  const Opener *opener = g_object_get_data (G_OBJECT (gtk_widget_get_root (row)), "opener");
  opener->open (g_object_get_data (G_OBJECT (row), "folder"), opener->user_data);
}

static GtkWidget *
new_row (const UtCohortStudy *study)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = ut_cohort_title (study), *summary = ut_cohort_summary (study);
  g_autofree char *title_markup = g_markup_escape_text (title, -1);
  g_autofree char *summary_markup = g_markup_escape_text (summary, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title_markup);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), summary_markup);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "folder", g_strdup (study->folder), g_free);
  g_signal_connect (row, "activated", G_CALLBACK (row_activated_cb), NULL);
  return row;
}

/* 0: there is an error to compare, 1: there are numbers, 2: there are none */
static int
rank_of (const UtCohortStudy *study)
{
  return study->problem != NULL ? 2 : !isfinite (ut_cohort_error (study));
}

static int
compare_studies (gconstpointer a, gconstpointer b)
{
  const UtCohortStudy *p = *(UtCohortStudy *const *)a, *q = *(UtCohortStudy *const *)b;
  if (rank_of (p) != rank_of (q))
    return rank_of (p) - rank_of (q);
  if (rank_of (p) == 0 && ut_cohort_error (p) != ut_cohort_error (q))
    return ut_cohort_error (p) < ut_cohort_error (q) ? 1 : -1;
  return (int)p->number - (int)q->number;
}

static GtkWidget *
new_list (const UtCohort *cohort)
{
  GtkWidget *list = gtk_list_box_new ();
  g_autoptr (GPtrArray) studies = g_ptr_array_copy (cohort->studies, NULL, NULL);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Studies, the largest error first"),
                                  -1);
  g_ptr_array_set_free_func (studies, NULL);
  g_ptr_array_sort (studies, compare_studies);
  for (guint i = 0; i < studies->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), new_row (studies->pdata[i]));
  return list;
}

static GtkWidget *
new_page (const UtCohort *cohort)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled = gtk_scrolled_window_new (), *clamp = adw_clamp_new ();
  g_autofree char *counts = ut_cohort_counts (cohort);
  GtkWidget *head = gtk_label_new (counts);
  gtk_label_set_wrap (GTK_LABEL (head), TRUE);
  gtk_label_set_xalign (GTK_LABEL (head), 0);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), new_list (cohort));
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

GtkWidget *
ut_cohort_window_new (GtkWindow *parent,
                      const UtCohort *cohort,
                      UtCohortOpenFunc open,
                      gpointer user_data)
{
  GtkWidget *window = ut_side_window_new (parent, _ ("Cohort"), new_page (cohort), WIDTH, HEIGHT);
  Opener *opener = g_new (Opener, 1);
  *opener = (Opener){open, user_data};
  g_object_set_data_full (G_OBJECT (window), "opener", opener, g_free);
  return window;
}
