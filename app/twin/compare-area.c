/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/compare-area.h"

#include "app/twin/second-pane.h"
#include "app/twin/twin-pane.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_PANES   4       /* of the open study */
#define SECOND    N_PANES /* the one after them, of the second study */
#define N_COLUMNS 2

struct _UtCompareArea {
  GtkWidget parent_instance;

  UtLook *look;
  UtBeat *beat;
  UtCut *cut;
  UtSecondStudy *second;
  gboolean following; /* the others take over a camera */
  gboolean together;  /* the second heart beats with the first */
  int top, bottom;    /* px under other widgets */
  GtkWidget *grid, *second_pane;
  UtTwinPane *panes[N_PANES + 1]; /* the second study's: NULL where there is none */
};

enum { FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtCompareArea, ut_compare_area, GTK_TYPE_WIDGET)

/* What a layout shows of the open study: @ret_items [N_PANES]; returns how many. */
static guint
list_items (const UtLookState *look, UtPaneItem *ret_items)
{
  static const int stages[N_PANES] = {
    UT_TWIN_TEMPLATE, UT_TWIN_COARSE, UT_TWIN_REFINED, UT_TWIN_CORRECTED};
  for (guint i = 0; i < N_PANES; i++)
    ret_items[i] = (UtPaneItem){.phase = look->phase,
                                .stage = look->stage,
                                .captioned = look->layout != UT_LAYOUT_SINGLE,
                                .named = look->layout == UT_LAYOUT_STUDIES};
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

/* The same, in their places. */
static guint
place_items (const UtLookState *look, UtPaneItem *ret_items)
{
  guint n = list_items (look, ret_items);
  if (look->swapped && n > 1) {
    UtPaneItem first = ret_items[0];
    ret_items[0] = ret_items[1];
    ret_items[1] = first;
  }
  return n;
}

/* What another stage and the other phase would show in pane @i: @ret_items [UT_PANE_MAX_NEXT];
 * returns how many. */
static guint
list_next (const UtLookState *look, guint i, UtPaneItem *ret_items)
{
  UtPaneItem now[N_PANES], then[N_PANES];
  guint n = 0;
  place_items (look, now);
  for (int k = 0; k <= UT_N_TWIN_STAGES; k++) {
    UtLookState other = *look;
    if (k < UT_N_TWIN_STAGES)
      other.stage = k;
    else
      other.phase = look->phase == UT_PHASE_ED ? UT_PHASE_ES : UT_PHASE_ED;
    place_items (&other, then);
    if (memcmp (&then[i], &now[i], sizeof now[i]) != 0)
      ret_items[n++] = then[i];
  }
  return n;
}

/* What comes and goes with a pane. */
static GtkWidget *
frame_of (UtCompareArea *self, guint i)
{
  return i == SECOND ? self->second_pane : GTK_WIDGET (self->panes[i]);
}

/* A pane that comes into sight looks as the first one does. */
static void
take_camera (UtCompareArea *self, UtTwinPane *pane)
{
  self->following = TRUE;
  ut_twin_view_follow (ut_twin_pane_get_view (pane), ut_compare_area_get_view (self));
  self->following = FALSE;
}

/* Shows @item, or nothing. The second study's heart follows the first pane. */
static void
show_pane (UtCompareArea *self, guint i, const UtPaneItem *item)
{
  UtPaneItem next[UT_PANE_MAX_NEXT];
  UtTwinPane *pane = self->panes[i];
  GtkWidget *frame = frame_of (self, i);
  if (pane != NULL && item != NULL && !gtk_widget_get_visible (frame))
    take_camera (self, pane);
  gtk_widget_set_visible (frame, item != NULL);
  if (pane == NULL || item == NULL)
    return;
  ut_twin_pane_show (pane, item);
  ut_twin_pane_set_next (pane, next, list_next (ut_look_get (self->look), i % SECOND, next));
}

static void
put_into_column (UtCompareArea *self, GtkWidget *frame, int column)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (self->grid);
  gtk_grid_layout_child_set_column (
    GTK_GRID_LAYOUT_CHILD (gtk_layout_manager_get_layout_child (layout, frame)), column);
}

/* Two studies have a pane each, so that it is the panes that change places. */
static void
show_studies (UtCompareArea *self, const UtLookState *look)
{
  gboolean shown = look->layout == UT_LAYOUT_STUDIES, swapped = shown && look->swapped;
  UtBeat *beat = ut_second_study_get_beat (self->second);
  gboolean together = shown && ut_beat_get_playing (self->beat);
  const UtPaneItem item = {
    .phase = look->phase, .stage = look->stage, .captioned = TRUE, .named = TRUE};
  put_into_column (self, frame_of (self, 0), swapped);
  put_into_column (self, self->second_pane, !swapped);
  show_pane (self, SECOND, shown ? &item : NULL);
  if (beat != NULL && together != self->together) {
    self->together = together;
    ut_beat_set_playing (beat, together);
  }
}

/* In two rows the upper has room above, the lower below. */
static void
give_room (UtCompareArea *self, guint n)
{
  gboolean rows = n > N_COLUMNS;
  for (guint i = 0; i < G_N_ELEMENTS (self->panes); i++) {
    gboolean lower = i != SECOND && i >= N_COLUMNS;
    if (self->panes[i] != NULL)
      ut_twin_pane_set_room (
        self->panes[i], lower ? 0 : self->top, rows && !lower ? 0 : self->bottom);
  }
  ut_second_pane_set_room (UT_SECOND_PANE (self->second_pane), self->top, self->bottom);
}

void
ut_compare_area_set_room (UtCompareArea *self, int top, int bottom)
{
  g_return_if_fail (UT_IS_COMPARE_AREA (self));
  self->top = top;
  self->bottom = bottom;
  ut_compare_area_update (self);
}

void
ut_compare_area_update (UtCompareArea *self)
{
  g_return_if_fail (UT_IS_COMPARE_AREA (self));
  UtPaneItem items[N_PANES];
  const UtLookState *look = ut_look_get (self->look);
  guint n = place_items (look, items);
  for (guint i = 0; i < N_PANES; i++)
    show_pane (self, i, i < n ? &items[i] : NULL);
  give_room (self, n);
  show_studies (self, look);
}

static void
camera_changed_cb (UtCompareArea *self, UtTwinView *view)
{
  if (self->following)
    return;
  self->following = TRUE;
  for (guint i = 0; i <= SECOND; i++) {
    UtTwinView *other = self->panes[i] != NULL ? ut_twin_pane_get_view (self->panes[i]) : NULL;
    if (other != NULL && other != view && (i == 0 || gtk_widget_get_visible (frame_of (self, i))))
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

static void
watch (UtCompareArea *self, UtTwinPane *pane)
{
  UtTwinView *view = ut_twin_pane_get_view (pane);
  g_signal_connect_object (view, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    view, "camera-changed", G_CALLBACK (camera_changed_cb), self, G_CONNECT_SWAPPED);
}

/* Each second study has a pane of its own. */
static void
second_changed_cb (UtCompareArea *self)
{
  UtDocument *document = ut_second_study_get_document (self->second);
  UtTwinPane *pane = self->panes[SECOND];
  if (pane != NULL && ut_twin_pane_get_document (pane) != document) {
    self->panes[SECOND] = NULL;
    ut_second_pane_set_heart (UT_SECOND_PANE (self->second_pane), NULL);
  }
  if (self->panes[SECOND] == NULL && document != NULL) {
    UtBeat *beat = ut_second_study_get_beat (self->second);
    GtkWidget *heart = ut_twin_pane_new (document,
                                         ut_second_study_get_results (self->second),
                                         self->look,
                                         beat,
                                         NULL,
                                         NULL,
                                         _ ("3D heart of the second study"));
    pane = self->panes[SECOND] = UT_TWIN_PANE (heart);
    self->together = FALSE;
    watch (self, pane);
    ut_twin_view_set_cut (ut_twin_pane_get_view (pane), self->cut);
    take_camera (self, pane);
    g_signal_connect_object (
      beat, "changed", G_CALLBACK (ut_compare_area_update), self, G_CONNECT_SWAPPED);
    ut_second_pane_set_heart (UT_SECOND_PANE (self->second_pane), heart);
  }
  ut_compare_area_update (self);
}

void
ut_compare_area_set_up (UtCompareArea *self,
                        UtDocument *document,
                        UtResults *results,
                        UtLook *look,
                        UtBeat *beat,
                        UtCalipers *calipers,
                        UtCrosshair *crosshair,
                        UtSecondStudy *second)
{
  g_return_if_fail (UT_IS_COMPARE_AREA (self) && self->look == NULL);
  self->look = g_object_ref (look);
  self->beat = g_object_ref (beat);
  self->second = g_object_ref (second);
  for (int i = 0; i < N_PANES; i++) {
    g_autofree char *label =
      i == 0 ? g_strdup (_ ("3D heart")) : g_strdup_printf (_ ("3D heart %d"), i + 1);
    GtkWidget *pane = ut_twin_pane_new (document, results, look, beat, calipers, crosshair, label);
    self->panes[i] = UT_TWIN_PANE (pane);
    gtk_widget_set_visible (pane, i == 0);
    gtk_grid_attach (GTK_GRID (self->grid), pane, i % N_COLUMNS, i / N_COLUMNS, 1, 1);
    watch (self, self->panes[i]);
  }
  self->second_pane = ut_second_pane_new (second);
  gtk_widget_set_visible (self->second_pane, FALSE);
  gtk_grid_attach (GTK_GRID (self->grid), self->second_pane, 1, 0, 1, 1);
  g_signal_connect_object (
    look, "changed", G_CALLBACK (ut_compare_area_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    beat, "changed", G_CALLBACK (ut_compare_area_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    second, "changed", G_CALLBACK (second_changed_cb), self, G_CONNECT_SWAPPED);
}

void
ut_compare_area_set_cut (UtCompareArea *self, UtCut *cut)
{
  g_return_if_fail (UT_IS_COMPARE_AREA (self) && self->cut == NULL);
  self->cut = g_object_ref (cut);
  for (guint i = 0; i < N_PANES; i++)
    ut_twin_view_set_cut (ut_twin_pane_get_view (self->panes[i]), cut);
}

static void
ut_compare_area_dispose (GObject *object)
{
  UtCompareArea *self = UT_COMPARE_AREA (object);
  g_clear_pointer (&self->grid, gtk_widget_unparent);
  g_clear_object (&self->second);
  g_clear_object (&self->cut);
  g_clear_object (&self->beat);
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
