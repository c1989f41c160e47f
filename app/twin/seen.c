/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/seen.h"

#include "app/sentence.h"

#include <glib/gi18n.h>

#define PICTURE_SIDE 190 /* pixels on screen */

static const UtView columns[UT_N_VIEWS] = {UT_VIEW_A2C, UT_VIEW_A4C, UT_VIEW_PSAX};

static GdkTexture *
make_texture (const UtTwinInput *input, UtView view)
{
  gsize n_pixels = (gsize)input->side * input->side;
  const float *grey = ut_twin_input_view (input, view);
  guint8 *rgb = g_malloc (3 * n_pixels);
  for (gsize i = 0; i < n_pixels; i++)
    rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = (guint8)(255 * grey[i] + 0.5f);
  g_autoptr (GBytes) bytes = g_bytes_new_take (rgb, 3 * n_pixels);
  return gdk_memory_texture_new (
    (int)input->side, (int)input->side, GDK_MEMORY_R8G8B8, bytes, 3 * (gsize)input->side);
}

/* "A4C, frame 12" and "1.234 × 1.234 mm per pixel" */
static char *
make_caption (const UtTwinInput *input, UtView view, gboolean calibrated)
{
  GString *text = g_string_new (ut_view_name (view));
  if (!input->present[view]) {
    g_string_append_printf (text, ", %s", _ ("absent: black"));
    return g_string_free (text, FALSE);
  }
  g_string_append_printf (text, _ (", frame %u"), input->frame[view] + 1);
  if (calibrated)
    g_string_append_printf (text,
                            _ ("\n%.3f × %.3f mm per pixel"),
                            input->spacing_mm[view][0],
                            input->spacing_mm[view][1]);
  return g_string_free (text, FALSE);
}

static GtkWidget *
make_cell (const UtTwinInput *input, UtView view, UtPhase phase, gboolean calibrated)
{
  g_autoptr (GdkTexture) texture = make_texture (input, view);
  g_autofree char *caption = make_caption (input, view, calibrated);
  g_autofree char *name = g_strdup_printf ("%s, %s", ut_phase_name (phase), caption);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
  GtkWidget *label = gtk_label_new (caption);
  gtk_widget_set_size_request (picture, PICTURE_SIDE, PICTURE_SIDE);
  gtk_picture_set_alternative_text (GTK_PICTURE (picture), name);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "numeric");
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

gboolean
ut_seen_fill (GtkGrid *grid, const UtStudyState *state, const UtTwinRaster *raster)
{
  gboolean any = FALSE, calibrated = ut_study_is_calibrated (state, NULL);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (!ut_study_is_ready (state, phase))
      continue;
    g_autoptr (UtTwinInput) input = ut_study_twin_input (state, phase, raster, NULL);
    if (input == NULL)
      continue;
    GtkWidget *label = gtk_label_new (ut_phase_name (phase));
    gtk_widget_set_tooltip_text (label, ut_sentence_phase (phase));
    gtk_widget_add_css_class (label, "heading");
    gtk_grid_attach (grid, label, 0, (int)phase, 1, 1);
    for (int i = 0; i < UT_N_VIEWS; i++)
      gtk_grid_attach (
        grid, make_cell (input, columns[i], phase, calibrated), i + 1, (int)phase, 1, 1);
    any = TRUE;
  }
  return any;
}
