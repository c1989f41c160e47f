/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/deidentify-window.h"

#include "app/study/cine-view.h"
#include "app/widgets.h"

#include <glib/gi18n.h>

#define WIDTH  1240 /* pixels */
#define HEIGHT 620

/* Lives as long as the window. */
typedef struct Question {
  void (*agreed) (gpointer user_data);
  gpointer user_data;
  GDestroyNotify free_data;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;
  self->free_data (self->user_data);
  g_free (self);
}

static void
save_cb (GtkWindow *window)
{
  Question *self = g_object_get_data (G_OBJECT (window), "question");
  self->agreed (self->user_data);
  gtk_window_destroy (window);
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
new_pictures (const UtDeidentification *copy)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    if (copy->pictures[view] == NULL)
      continue;
    const char *name = ut_view_name (view);
    GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *picture = g_object_new (UT_TYPE_CINE_VIEW, NULL);
    ut_cine_view_set_cine (UT_CINE_VIEW (picture), copy->pictures[view]);
    ut_widget_set_label (picture, g_strdup_printf (_ ("%s as it goes into the copy"), name), FALSE);
    gtk_widget_set_vexpand (picture, TRUE);
    gtk_box_append (GTK_BOX (column), new_label (name, "heading"));
    gtk_box_append (GTK_BOX (column), picture);
    gtk_box_append (GTK_BOX (row), column);
  }
  return row;
}

static GtkWidget *
new_buttons (GtkWidget *window, GtkWidget **ret_cancel)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *cancel = *ret_cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));
  GtkWidget *save = gtk_button_new_with_mnemonic (_ ("_Save Copy"));
  gtk_widget_add_css_class (save, "suggested-action");
  gtk_widget_set_halign (row, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (row), cancel);
  gtk_box_append (GTK_BOX (row), save);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_destroy), window);
  g_signal_connect_swapped (save, "clicked", G_CALLBACK (save_cb), window);
  return row;
}

GtkWidget *
ut_deidentify_window_new (GtkWindow *parent,
                          const UtDeidentification *copy,
                          void (*agreed) (gpointer user_data),
                          gpointer user_data,
                          GDestroyNotify free_data)
{
  Question *question = g_new (Question, 1);
  GtkWidget *cancel, *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *window = ut_side_window_new (parent, _ ("De-identified Copy"), page, WIDTH, HEIGHT);
  *question = (Question){agreed, user_data, free_data};
  g_object_set_data_full (G_OBJECT (window), "question", question, question_free);
  gtk_widget_add_css_class (page, "page");
  gtk_box_append (GTK_BOX (page),
                  new_label (_ ("Is there a name, date or number to be seen?"), "title-3"));
  gtk_box_append (
    GTK_BOX (page),
    new_label (_ ("So the loops go into the copy: black outside of the echo picture. Each point is "
                  "shown as bright as it is in any frame, so that nothing written in one of them "
                  "is missed. What is written inside the echo picture stays in the copy: save it "
                  "only where nothing is."),
               "dim-label"));
  gtk_box_append (GTK_BOX (page), new_pictures (copy));
  gtk_box_append (GTK_BOX (page), new_buttons (window, &cancel));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_focus (GTK_WINDOW (window), cancel); /* Return by habit saves nothing */
  return window;
}
