/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/slices-area.h"

#include <glib/gi18n.h>

#define N_SLICES 3

struct _UtSlicesArea {
  GtkWidget parent_instance;
  GtkWidget *box, *echo_button, *smooth_button;
  GtkWidget *slices[N_SLICES];
};

G_DEFINE_FINAL_TYPE (UtSlicesArea, ut_slices_area, GTK_TYPE_WIDGET)

static void
chosen_cb (UtSlicesArea *self)
{
  gboolean echo = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->echo_button));
  gboolean smoothed = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->smooth_button));
  for (guint i = 0; i < N_SLICES; i++) {
    UtSliceView *slice = UT_SLICE_VIEW (self->slices[i]);
    ut_slice_view_set_direction (slice, (echo ? UT_CUT_A4C : UT_CUT_CORONAL) + i);
    ut_slice_view_set_smoothed (slice, smoothed);
  }
}

void
ut_slices_area_show (UtSlicesArea *self, const UtSliceHeart *heart)
{
  g_return_if_fail (UT_IS_SLICES_AREA (self));
  for (guint i = 0; i < N_SLICES; i++)
    ut_slice_view_show (UT_SLICE_VIEW (self->slices[i]), heart);
}

void
ut_slices_area_grab_focus (UtSlicesArea *self)
{
  g_return_if_fail (UT_IS_SLICES_AREA (self));
  gtk_widget_grab_focus (self->slices[0]);
}

/* ---- life ------------------------------------------------------------------------- */

/* Two buttons of which one is on; Returns: (transfer none): the second */
static GtkWidget *
add_choice (GtkWidget *bar, const char *const names[2], const char *const tooltips[2])
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *buttons[2];
  gtk_widget_add_css_class (box, "linked");
  for (guint i = 0; i < 2; i++) {
    buttons[i] = gtk_toggle_button_new_with_label (names[i]);
    gtk_widget_set_tooltip_text (buttons[i], tooltips[i]);
    gtk_widget_add_css_class (buttons[i], "caption");
    gtk_box_append (GTK_BOX (box), buttons[i]);
  }
  gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (buttons[1]), GTK_TOGGLE_BUTTON (buttons[0]));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (buttons[0]), TRUE);
  gtk_box_append (GTK_BOX (bar), box);
  return buttons[1];
}

static void
ut_slices_area_dispose (GObject *object)
{
  g_clear_pointer (&UT_SLICES_AREA (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ut_slices_area_parent_class)->dispose (object);
}

static void
ut_slices_area_class_init (UtSlicesAreaClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_slices_area_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ut_slices_area_init (UtSlicesArea *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_halign (bar, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (bar, "slices-bar");
  gtk_box_append (GTK_BOX (self->box), bar);
  self->echo_button =
    add_choice (bar,
                (const char *const[]){C_ ("slices", "Patient"), C_ ("slices", "Echo")},
                (const char *const[]){_ ("Coronal, sagittal and axial slices"),
                                      _ ("Slices along A4C, A2C and PSAX of this heart")});
  self->smooth_button =
    add_choice (bar,
                (const char *const[]){C_ ("slices", "Voxels"), C_ ("slices", "Smooth")},
                (const char *const[]){_ ("The label volume as it is, voxel by voxel"),
                                      _ ("Sections of the smoothed surfaces")});
}

GtkWidget *
ut_slices_area_new (UtCrosshair *crosshair, UtBrush *brush)
{
  UtSlicesArea *self = g_object_new (UT_TYPE_SLICES_AREA, NULL);
  for (guint i = 0; i < N_SLICES; i++) {
    self->slices[i] = ut_slice_view_new (UT_CUT_CORONAL + i, crosshair, brush);
    gtk_widget_set_vexpand (self->slices[i], TRUE);
    gtk_box_append (GTK_BOX (self->box), self->slices[i]);
  }
  g_signal_connect_swapped (self->echo_button, "toggled", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->smooth_button, "toggled", G_CALLBACK (chosen_cb), self);
  return GTK_WIDGET (self);
}
