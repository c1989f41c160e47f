/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/compare-area.h"

#include "app/twin/twin-pane.h"

#include <glib/gi18n.h>

#define N_PANES   4
#define N_COLUMNS 2

struct _UtCompareArea {
  GtkWidget parent_instance;

  UtLook *look;
  gboolean following; /* the others take over a camera */
  GtkWidget *grid;
  UtTwinPane *panes[N_PANES];
};

enum { FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtCompareArea, ut_compare_area, GTK_TYPE_WIDGET)

/* What a layout shows: @ret_items [N_PANES]; returns how many. */
static guint
list_items (const UtLookState *look, UtPaneItem *ret_items)
{
  static const int stages[N_PANES] = {
    UT_TWIN_TEMPLATE, UT_TWIN_COARSE, UT_TWIN_REFINED, UT_TWIN_CORRECTED};
  for (guint i = 0; i < N_PANES; i++)
    ret_items[i] = (UtPaneItem){
      .phase = look->phase, .stage = look->stage, .captioned = look->layout != UT_LAYOUT_SINGLE};
  switch (look->layout) {
  case UT_LAYOUT_PHASES:
    ret_items[0].phase = UT_PHASE_ED;
    ret_items[1].phase = UT_PHASE_ES;
    return 2;
  case UT_LAYOUT_REFERENCE:
    ret_items[1].reference = TRUE;
    return 2;
  case UT_LAYOUT_STAGES:
    for (guint i = 0; i < N_PANES; i++)
      ret_items[i].stage = stages[i];
    return N_PANES;
  default:
    return 1;
  }
}

/* A pane that comes into sight looks as the first one does. */
static void
take_camera (UtCompareArea *self, UtTwinPane *pane)
{
  self->following = TRUE;
  ut_twin_view_follow (ut_twin_pane_get_view (pane), ut_compare_area_get_view (self));
  self->following = FALSE;
}

void
ut_compare_area_update (UtCompareArea *self)
{
  g_return_if_fail (UT_IS_COMPARE_AREA (self));
  UtPaneItem items[N_PANES];
  const UtLookState *look = ut_look_get (self->look);
  guint n = list_items (look, items);
  if (look->swapped) {
    UtPaneItem first = items[0];
    items[0] = items[1];
    items[1] = first;
  }
  for (guint i = 0; i < N_PANES; i++) {
    GtkWidget *pane = GTK_WIDGET (self->panes[i]);
    if (i < n && !gtk_widget_get_visible (pane))
      take_camera (self, self->panes[i]);
    gtk_widget_set_visible (pane, i < n);
    if (i < n)
      ut_twin_pane_show (self->panes[i], &items[i]);
  }
}

static void
camera_changed_cb (UtCompareArea *self, UtTwinView *view)
{
  if (self->following)
    return;
  self->following = TRUE;
  for (guint i = 0; i < N_PANES; i++) {
    UtTwinView *other = ut_twin_pane_get_view (self->panes[i]);
    if (other != view && (i == 0 || gtk_widget_get_visible (GTK_WIDGET (self->panes[i]))))
      ut_twin_view_follow (other, view);
  }
  self->following = FALSE;
}

static void
failed_cb (UtCompareArea *self, const char *message)
{
  g_signal_emit (self, signals[FAILED], 0, message);
}

UtTwinView *
ut_compare_area_get_view (UtCompareArea *self)
{
  g_return_val_if_fail (UT_IS_COMPARE_AREA (self), NULL);
  return ut_twin_pane_get_view (self->panes[0]);
}

void
ut_compare_area_set_up (UtCompareArea *self,
                        UtDocument *document,
                        UtResults *results,
                        UtLook *look,
                        UtBeat *beat,
                        UtCalipers *calipers,
                        UtCrosshair *crosshair)
{
  g_return_if_fail (UT_IS_COMPARE_AREA (self) && self->look == NULL);
  self->look = g_object_ref (look);
  for (int i = 0; i < N_PANES; i++) {
    g_autofree char *label =
      i == 0 ? g_strdup (_ ("3D heart")) : g_strdup_printf (_ ("3D heart %d"), i + 1);
    GtkWidget *pane = ut_twin_pane_new (document, results, look, beat, calipers, crosshair, label);
    UtTwinView *view = ut_twin_pane_get_view (UT_TWIN_PANE (pane));
    self->panes[i] = UT_TWIN_PANE (pane);
    gtk_widget_set_visible (pane, i == 0);
    gtk_grid_attach (GTK_GRID (self->grid), pane, i % N_COLUMNS, i / N_COLUMNS, 1, 1);
    g_signal_connect_object (view, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (
      view, "camera-changed", G_CALLBACK (camera_changed_cb), self, G_CONNECT_SWAPPED);
  }
  g_signal_connect_object (
    look, "changed", G_CALLBACK (ut_compare_area_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    beat, "changed", G_CALLBACK (ut_compare_area_update), self, G_CONNECT_SWAPPED);
}

void
ut_compare_area_set_cut (UtCompareArea *self, UtCut *cut)
{
  g_return_if_fail (UT_IS_COMPARE_AREA (self) && self->look != NULL);
  for (guint i = 0; i < N_PANES; i++)
    ut_twin_view_set_cut (ut_twin_pane_get_view (self->panes[i]), cut);
}

static void
ut_compare_area_dispose (GObject *object)
{
  UtCompareArea *self = UT_COMPARE_AREA (object);
  g_clear_pointer (&self->grid, gtk_widget_unparent);
  g_clear_object (&self->look);
  G_OBJECT_CLASS (ut_compare_area_parent_class)->dispose (object);
}

static void
ut_compare_area_class_init (UtCompareAreaClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_compare_area_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[FAILED] = g_signal_new ("failed",
                                  UT_TYPE_COMPARE_AREA,
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
ut_compare_area_init (UtCompareArea *self)
{
  self->grid = gtk_grid_new ();
  gtk_grid_set_row_homogeneous (GTK_GRID (self->grid), TRUE);
  gtk_grid_set_column_homogeneous (GTK_GRID (self->grid), TRUE);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 2);
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 2);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
}
