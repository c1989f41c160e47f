/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/deidentify-window.h"

#include "app/blackout-layer.h"
#include "app/widgets.h"

#include <glib/gi18n.h>

#define WIDTH  1240 /* pixels */
#define HEIGHT 720

/* A loop; NULL widgets: an empty slot. */
typedef struct Column {
  UtDeidentification *copy;
  UtView view;
  UtCineView *picture;
  UtBlackoutLayer *layer;
  GtkWidget *frame, *frame_text, *areas_text, *undo;
} Column;

/* Lives as long as the window. */
typedef struct Question {
  Column columns[UT_N_VIEWS];
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
black_out (Column *self)
{
  guint n = 0;
  const UtBlackArea *areas =
    self->layer != NULL ? ut_blackout_layer_get_areas (self->layer, &n) : NULL;
  for (guint i = 0; i < n; i++)
    if (!ut_deidentification_black_out (self->copy, self->view, &areas[i], NULL))
      g_assert_not_reached (); /* the layer keeps them to the picture */
}

static void
save_cb (GtkWindow *window)
{
  Question *self = g_object_get_data (G_OBJECT (window), "question");
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    black_out (&self->columns[view]);
  self->agreed (self->user_data);
  gtk_window_destroy (window);
}

/* ---- a loop ----------------------------------------------------------------------------- */

/* The scale is at 0 for all frames together, else at a frame counted from 1. */
static void
frame_cb (Column *self)
{
  g_autoptr (GError) error = NULL;
  guint frame = (guint)gtk_range_get_value (GTK_RANGE (self->frame));
  guint n_frames = self->copy->state->views[self->view].cine->n_frames;
  g_autoptr (UtCine) picture =
    frame == 0 ? ut_cine_ref (self->copy->pictures[self->view])
               : ut_deidentification_frame (self->copy, self->view, frame - 1, &error);
  g_autofree char *text = NULL;
  if (picture == NULL)
    text = g_strdup (error->message);
  else
    text = frame == 0 ? g_strdup (_ ("All frames, each point at its brightest"))
                      : g_strdup_printf (_ ("Frame %u of %u"), frame, n_frames);
  if (picture != NULL)
    ut_cine_view_exchange_cine (self->picture, picture);
  gtk_label_set_text (GTK_LABEL (self->frame_text), text);
  ut_widget_set_value_text (self->frame, g_strdup (text));
}

static void
areas_cb (Column *self)
{
  guint n;
  ut_blackout_layer_get_areas (self->layer, &n);
  g_autofree char *text =
    n == 0 ? g_strdup (_ ("Nothing blacked out"))
           : g_strdup_printf (ngettext ("%u area blacked out", "%u areas blacked out", n), n);
  gtk_label_set_text (GTK_LABEL (self->areas_text), text);
  gtk_widget_set_sensitive (self->undo, ut_blackout_layer_can_undo (self->layer));
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

/* With pixels of the right shape where it is known; nothing is drawn on it that the loop lacks. */
static GtkWidget *
new_picture (Column *self)
{
  GtkWidget *overlay = gtk_overlay_new ();
  UtCine *brightest = self->copy->pictures[self->view];
  double spacing_mm[2];
  ut_study_view_spacing (&self->copy->state->views[self->view], spacing_mm);
  self->picture = g_object_new (UT_TYPE_CINE_VIEW, "focusable", FALSE, NULL);
  ut_cine_view_set_cine (self->picture, brightest);
  ut_cine_view_set_spacing (self->picture, spacing_mm);
  ut_cine_view_set_bare (self->picture, TRUE);
  self->layer = UT_BLACKOUT_LAYER (ut_blackout_layer_new (
    self->picture,
    brightest,
    g_strdup_printf (_ ("%s as it goes into the copy"), ut_view_name (self->view))));
  g_signal_connect_swapped (self->layer, "changed", G_CALLBACK (areas_cb), self);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->picture));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->layer));
  gtk_widget_set_vexpand (overlay, TRUE);
  return overlay;
}

static GtkWidget *
new_frame_scale (Column *self)
{
  const UtCine *cine = self->copy->state->views[self->view].cine;
  self->frame = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, cine->n_frames, 1);
  gtk_scale_set_draw_value (GTK_SCALE (self->frame), FALSE);
  gtk_widget_set_sensitive (self->frame, cine->n_frames > 1);
  ut_widget_set_label (
    self->frame, g_strdup_printf (_ ("Frame of %s"), ut_view_name (self->view)), FALSE);
  g_signal_connect_swapped (self->frame, "value-changed", G_CALLBACK (frame_cb), self);
  return self->frame;
}

static GtkWidget *
new_areas_line (Column *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->areas_text = new_label (NULL, "caption");
  self->undo = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  gtk_widget_set_hexpand (self->areas_text, TRUE);
  gtk_widget_add_css_class (self->undo, "flat");
  ut_widget_set_label (
    self->undo,
    g_strdup_printf (_ ("Take back the last change to %s"), ut_view_name (self->view)),
    TRUE);
  g_signal_connect_object (
    self->undo, "clicked", G_CALLBACK (ut_blackout_layer_undo), self->layer, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (line), self->areas_text);
  gtk_box_append (GTK_BOX (line), self->undo);
  return line;
}

static GtkWidget *
new_column (Column *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append (GTK_BOX (column), new_label (ut_view_name (self->view), "heading"));
  gtk_box_append (GTK_BOX (column), new_picture (self));
  gtk_box_append (GTK_BOX (column), new_frame_scale (self));
  self->frame_text = new_label (NULL, "caption");
  gtk_box_append (GTK_BOX (column), self->frame_text);
  gtk_box_append (GTK_BOX (column), new_areas_line (self));
  frame_cb (self);
  areas_cb (self);
  return column;
}

/* ---- all of them ------------------------------------------------------------------------ */

static GtkWidget *
new_pictures (Question *question, UtDeidentification *copy)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    Column *column = &question->columns[view];
    *column = (Column){.copy = copy, .view = view};
    if (copy->pictures[view] != NULL)
      gtk_box_append (GTK_BOX (row), new_column (column));
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
                          UtDeidentification *copy,
                          void (*agreed) (gpointer user_data),
                          gpointer user_data,
                          GDestroyNotify free_data)
{
  Question *question = g_new0 (Question, 1);
  GtkWidget *cancel, *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *window = ut_side_window_new (parent, _ ("De-identified Copy"), page, WIDTH, HEIGHT);
  question->agreed = agreed;
  question->user_data = user_data;
  question->free_data = free_data;
  g_object_set_data_full (G_OBJECT (window), "question", question, question_free);
  gtk_widget_add_css_class (page, "page");
  gtk_box_append (GTK_BOX (page),
                  new_label (_ ("Is there a name, date or number to be seen?"), "title-3"));
  gtk_box_append (
    GTK_BOX (page),
    new_label (
      _ ("So the loops go into the copy: black outside of the echo picture. Drag over "
         "what is written: it becomes black in every frame of that loop. To remove an "
         "area press on it, then the Delete key. A heart that the network made from what is black "
         "now is out of date in the copy. Save only where nothing is left to be read."),
      "dim-label"));
  gtk_box_append (GTK_BOX (page), new_pictures (question, copy));
  gtk_box_append (GTK_BOX (page), new_buttons (window, &cancel));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_focus (GTK_WINDOW (window), cancel); /* Return by habit saves nothing */
  return window;
}
