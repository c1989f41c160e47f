/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/study/trace-layer.h"

#include "app/disks-text.h"
#include "app/keys.h"
#include "app/study/contour-draw.h"
#include "app/widgets.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define REACH_PX 10.0 /* of a press from a point or the curve */
#define CLICK_PX 4.0  /* pointer movement up to which a press is no drag */
#define CROSS_PX 9.0  /* half an arm */

struct _UtTraceLayer {
  GtkWidget parent_instance;

  UtView view;
  UtDocument *document;
  UtCineView *cine_view;
  GtkWidget *note;

  gboolean tracing;
  UtPhase phase;         /* traced */
  guint frame;           /* traced on */
  int dragged;           /* point in the hand, -1 = none */
  UtStudyContour moving; /* while @dragged: not yet in the study */
  gboolean has_cross;
  double cross[2]; /* for the keyboard; a contour's coordinates */
};

enum { TRACING, MESSAGE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtTraceLayer, ut_trace_layer, GTK_TYPE_WIDGET)

static const UtStudyView *
study_view (UtTraceLayer *self)
{
  return ut_document_get_view (self->document, self->view);
}

static guint
shown_frame (UtTraceLayer *self)
{
  return ut_cine_view_get_frame (self->cine_view);
}

/* Of @phase where it is on the frame that is traced; else one without points. */
static UtStudyContour
current_contour (UtTraceLayer *self)
{
  const UtStudyContour *contour = &study_view (self)->contours[self->phase];
  if (contour->trace.n_points > 0 && contour->frame == self->frame)
    return *contour;
  return (UtStudyContour){.frame = self->frame};
}

/* ---- picture ---------------------------------------------------------------------- */

/* (nullable): what is on the frame on screen, with the point that is in the hand */
static const UtStudyContour *
shown_contour (UtTraceLayer *self, UtPhase phase)
{
  const UtStudyContour *contour = &study_view (self)->contours[phase];
  if (self->dragged >= 0 && phase == self->phase)
    contour = &self->moving;
  return contour->trace.n_points > 0 && contour->frame == shown_frame (self) ? contour : NULL;
}

static void
draw_contour (UtTraceLayer *self, cairo_t *cr, UtPhase phase)
{
  const UtStudyView *slot = study_view (self);
  const UtStudyContour *contour = shown_contour (self, phase);
  gboolean traced = self->tracing && phase == self->phase;
  if (contour == NULL)
    return;
  UtContourLook look = {.counts = slot->marks[phase] == (int)contour->frame, .handles = traced};
  ut_study_view_spacing_at (slot, contour->frame, look.spacing_mm);
  ut_widget_colour (
    GTK_WIDGET (self), phase == UT_PHASE_ED ? "ut_ed_color" : "ut_es_color", &look.colour);
  ut_contour_draw (cr, self->cine_view, contour, &look);
}

static void
draw_cross (UtTraceLayer *self, cairo_t *cr)
{
  graphene_point_t p = ut_contour_place (self->cine_view, self->cross);
  GdkRGBA colour;
  ut_widget_colour (GTK_WIDGET (self), "ut_ruler_color", &colour);
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, 1.5);
  for (int down = 0; down < 2; down++) {
    double x = down ? 0 : CROSS_PX, y = down ? CROSS_PX : 0;
    cairo_move_to (cr, (double)p.x - x, (double)p.y - y);
    cairo_line_to (cr, (double)p.x + x, (double)p.y + y);
  }
  cairo_stroke (cr);
}

static void
ut_trace_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtTraceLayer *self = UT_TRACE_LAYER (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (
    0, 0, (float)gtk_widget_get_width (widget), (float)gtk_widget_get_height (widget));
  if (self->document == NULL || study_view (self)->cine == NULL)
    return;
  gboolean cross = self->tracing && self->has_cross;
  if (cross || shown_contour (self, UT_PHASE_ED) || shown_contour (self, UT_PHASE_ES)) {
    cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
      draw_contour (self, cr, phase);
    if (cross)
      draw_cross (self, cr);
    cairo_destroy (cr);
  }
  GTK_WIDGET_CLASS (ut_trace_layer_parent_class)->snapshot (widget, snapshot);
}

/* (transfer full): what is to be done, or the numbers of the contour on screen; "" = neither */
static char *
note_text (UtTraceLayer *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  if (self->tracing && !current_contour (self).closed)
    return g_strdup_printf (_ ("%s: press from one end of the mitral annulus over the apex to the "
                               "other. T closes it."),
                            ut_phase_name (self->phase));
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    UtStudyDisks disks;
    if (shown_contour (self, phase) == NULL || !ut_document_calibrated (state))
      continue;
    ut_study_disks (state, &disks);
    char *text = ut_disks_text_view (&disks, phase, self->view);
    if (text != NULL)
      return text;
  }
  return g_strdup ("");
}

static void
show_note (UtTraceLayer *self)
{
  g_autofree char *text = note_text (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (g_str_equal (text, gtk_label_get_text (GTK_LABEL (self->note))))
    return; /* thirty times a second while the loop plays */
  gtk_label_set_text (GTK_LABEL (self->note), text);
  gtk_widget_set_visible (self->note, text[0] != 0);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* ---- edits ------------------------------------------------------------------------- */

static void
say (UtTraceLayer *self, const char *sentence)
{
  g_signal_emit (self, signals[MESSAGE], 0, sentence);
}

static gboolean
set_contour (UtTraceLayer *self, const UtStudyContour *contour)
{
  UtStudy *study = ut_document_get_study (self->document);
  const char *fault = ut_disks_text_fault (ut_contour_fault (&contour->trace, contour->closed));
  g_autoptr (GError) error = NULL;
  if (fault != NULL)
    say (self, fault);
  else if (!ut_study_set_contour (study, self->view, self->phase, contour, &error))
    say (self, error->message);
  return fault == NULL && error == NULL;
}

/* The pixel at (@x, @y) in the widget, kept to the part that holds the echo. */
static void
pixel_at (UtTraceLayer *self, double x, double y, double ret[2])
{
  const guint *region = study_view (self)->cine->region;
  ut_cine_view_to_picture (self->cine_view, x, y, ret);
  for (int k = 0; k < 2; k++)
    ret[k] = CLAMP (ret[k], region[k], region[k] + region[2 + k]) - 0.5;
}

static double
distance_px (UtTraceLayer *self, const double point[2], const graphene_point_t *from)
{
  graphene_point_t p = ut_contour_place (self->cine_view, point);
  return hypot ((double)p.x - (double)from->x, (double)p.y - (double)from->y);
}

/* Index of the nearest of @n places within reach of @from; -1 = none. */
static int
nearest (UtTraceLayer *self, double places[][2], guint n, const graphene_point_t *from)
{
  int found = -1;
  double best = REACH_PX;
  for (guint i = 0; i < n; i++) {
    double d = distance_px (self, places[i], from);
    if (d <= best) {
      best = d;
      found = (int)i;
    }
  }
  return found;
}

/* Behind point @after; -1 is the front. */
static void
insert_point (UtStudyContour *contour, int after, const double point[2])
{
  UtContour *trace = &contour->trace;
  guint at = (guint)(after + 1);
  memmove (
    trace->points[at + 1], trace->points[at], (trace->n_points - at) * sizeof *trace->points);
  memcpy (trace->points[at], point, sizeof *trace->points);
  trace->n_points++;
}

/* The next point of an open contour; on the curve of a closed one, one more between two. */
static void
add_point (UtTraceLayer *self, const double point[2])
{
  UtStudyContour contour = current_contour (self);
  double corners[UT_CONTOUR_MAX_CURVE][2];
  int after = (int)contour.trace.n_points - 1;
  if (contour.trace.n_points == UT_CONTOUR_MAX_POINTS) {
    say (self, _ ("A contour has at most 64 points."));
    return;
  }
  if (contour.closed) {
    graphene_point_t place = ut_contour_place (self->cine_view, point);
    int corner = nearest (self, corners, ut_contour_curve (&contour.trace, corners), &place);
    if (corner < 0) {
      say (self,
           _ ("The contour is closed: drag its points, press on its line for one more, or "
              "press Backspace to go on."));
      return;
    }
    after = MIN (corner / UT_CONTOUR_STEPS, after - 1);
  }
  insert_point (&contour, after, point);
  set_contour (self, &contour);
}

static void
close_contour (UtTraceLayer *self)
{
  UtStudyContour contour = current_contour (self);
  if (contour.closed || contour.trace.n_points == 0)
    return;
  contour.closed = TRUE;
  set_contour (self, &contour);
}

/* ---- tracing ------------------------------------------------------------------------ */

/* The phase whose mark is on the frame on screen; -1 = none. */
static int
marked_phase (UtTraceLayer *self)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (study_view (self)->marks[phase] == (int)shown_frame (self))
      return (int)phase;
  return -1;
}

static void
end (UtTraceLayer *self)
{
  gboolean focus = gtk_widget_is_focus (GTK_WIDGET (self));
  self->tracing = FALSE;
  self->dragged = -1;
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  if (focus)
    gtk_widget_grab_focus (GTK_WIDGET (self->cine_view));
  g_signal_emit (self, signals[TRACING], 0);
}

static void
begin (UtTraceLayer *self)
{
  int phase = marked_phase (self);
  if (phase < 0) {
    say (self, _ ("Contours are traced on marked frames: mark this one with D or S first."));
    return;
  }
  if (ut_study_view_spacing (study_view (self), NULL) == UT_CALIBRATION_NONE) {
    say (self, _ ("Disks need the size of a pixel: calibrate this view with K first."));
    return;
  }
  self->tracing = TRUE;
  self->has_cross = FALSE;
  self->phase = (UtPhase)phase;
  self->frame = shown_frame (self);
  gtk_widget_set_can_target (GTK_WIDGET (self), TRUE);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  g_signal_emit (self, signals[TRACING], 0);
}

void
ut_trace_layer_set_tracing (UtTraceLayer *self, gboolean tracing)
{
  g_return_if_fail (UT_IS_TRACE_LAYER (self));
  if (self->tracing == tracing || study_view (self)->cine == NULL)
    return;
  if (tracing) {
    begin (self);
  } else {
    end (self);
    close_contour (self);
  }
  show_note (self);
}

gboolean
ut_trace_layer_get_tracing (UtTraceLayer *self)
{
  g_return_val_if_fail (UT_IS_TRACE_LAYER (self), FALSE);
  return self->tracing;
}

void
ut_trace_layer_update (UtTraceLayer *self)
{
  g_return_if_fail (UT_IS_TRACE_LAYER (self));
  const UtStudyView *slot = study_view (self);
  if (self->tracing && slot->cine == NULL)
    end (self);
  else if (self->tracing &&
           (shown_frame (self) != self->frame || slot->marks[self->phase] != (int)self->frame))
    ut_trace_layer_set_tracing (self, FALSE);
  show_note (self);
}

/* ---- hand ----------------------------------------------------------------------------- */

static void
drag_begin_cb (UtTraceLayer *self, double x, double y)
{
  const graphene_point_t from = GRAPHENE_POINT_INIT ((float)x, (float)y);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->has_cross = FALSE;
  self->moving = current_contour (self);
  self->dragged = nearest (self, self->moving.trace.points, self->moving.trace.n_points, &from);
}

static void
drag_update_cb (UtTraceLayer *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;
  if (self->dragged < 0)
    return;
  ut_drag_get_start (gesture, &x, &y);
  if (hypot (dx, dy) >= CLICK_PX)
    pixel_at (self, x + dx, y + dy, self->moving.trace.points[self->dragged]);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_end_cb (UtTraceLayer *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y, point[2];
  gboolean click = hypot (dx, dy) < CLICK_PX, held = self->dragged >= 0;
  self->dragged = -1;
  if (!self->tracing)
    return;
  ut_drag_get_start (gesture, &x, &y);
  pixel_at (self, x, y, point);
  if (held && !click)
    set_contour (self, &self->moving);
  else if (!held && click)
    add_point (self, point);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
scroll_cb (UtTraceLayer *self, double dx, double dy)
{
  if (dy != 0)
    ut_cine_view_zoom (self->cine_view, dy < 0 ? 1.15 : 1 / 1.15);
  return GDK_EVENT_STOP;
}

/* ---- keys ------------------------------------------------------------------------------ */

/* The cross starts where the last point is, or in the middle. */
static void
move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtTraceLayer *self = UT_TRACE_LAYER (widget);
  const UtContour trace = current_contour (self).trace;
  const guint *region = study_view (self)->cine->region;
  int steps[2];
  g_variant_get (parameter, "(ii)", &steps[0], &steps[1]);
  if (study_view (self)->mirrored)
    steps[0] = -steps[0];
  for (int k = 0; k < 2; k++) {
    double middle = region[k] + region[2 + k] / 2.0 - 0.5;
    if (!self->has_cross)
      self->cross[k] = trace.n_points > 0 ? trace.points[trace.n_points - 1][k] : middle;
    self->cross[k] =
      CLAMP (self->cross[k] + steps[k], region[k] - 0.5, region[k] + region[2 + k] - 0.5);
  }
  self->has_cross = TRUE;
  /* Translators: for screen readers, where the cross of the tracing stands, in pixels */
  g_autofree char *place =
    g_strdup_printf (_ ("cross at %.0f, %.0f"), self->cross[0], self->cross[1]);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, place, -1);
  gtk_widget_queue_draw (widget);
}

static void
set_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtTraceLayer *self = UT_TRACE_LAYER (widget);
  if (self->has_cross)
    add_point (self, self->cross);
}

/* Opens a closed contour, so that tracing goes on from there. */
static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtTraceLayer *self = UT_TRACE_LAYER (widget);
  UtStudyContour contour = current_contour (self);
  if (contour.trace.n_points > 0)
    contour.trace.n_points--;
  contour.closed = FALSE;
  if (contour.trace.n_points > 0)
    set_contour (self, &contour);
  else
    gtk_widget_activate_action (widget, "trace.delete", NULL);
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtTraceLayer *self = UT_TRACE_LAYER (widget);
  if (current_contour (self).trace.n_points > 0)
    ut_study_clear_contour (ut_document_get_study (self->document), self->view, self->phase);
}

static void
leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ut_trace_layer_set_tracing (UT_TRACE_LAYER (widget), FALSE);
}

/* ---- life ------------------------------------------------------------------------------ */

void
ut_trace_layer_set_up (UtTraceLayer *self, UtView view, UtDocument *document, UtCineView *cine_view)
{
  g_return_if_fail (UT_IS_TRACE_LAYER (self) && self->document == NULL);
  self->view = view;
  self->document = g_object_ref (document);
  self->cine_view = g_object_ref (cine_view);
  ut_widget_set_label (
    GTK_WIDGET (self), g_strdup_printf (_ ("%s contour"), ut_view_name (view)), FALSE);
  g_signal_connect_object (
    cine_view, "moved", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

static void
ut_trace_layer_dispose (GObject *object)
{
  UtTraceLayer *self = UT_TRACE_LAYER (object);
  g_clear_pointer (&self->note, gtk_widget_unparent);
  g_clear_object (&self->document);
  g_clear_object (&self->cine_view);
  G_OBJECT_CLASS (ut_trace_layer_parent_class)->dispose (object);
}

static void
ut_trace_layer_class_init (UtTraceLayerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = UT_TYPE_TRACE_LAYER;

  G_OBJECT_CLASS (klass)->dispose = ut_trace_layer_dispose;
  widget_class->snapshot = ut_trace_layer_snapshot;
  gtk_widget_class_set_css_name (widget_class, "trace");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_install_action (widget_class, "trace.move", "(ii)", move_action);
  gtk_widget_class_install_action (widget_class, "trace.set", NULL, set_action);
  gtk_widget_class_install_action (widget_class, "trace.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "trace.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "trace.leave", NULL, leave_action);
  signals[TRACING] =
    g_signal_new ("tracing", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new (
    "message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
ut_trace_layer_init (UtTraceLayer *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  self->dragged = -1;
  self->note = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->note), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->note), GTK_JUSTIFY_CENTER);
  gtk_widget_set_halign (self->note, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->note, GTK_ALIGN_END);
  gtk_widget_set_can_target (self->note, FALSE);
  gtk_widget_set_visible (self->note, FALSE);
  gtk_widget_add_css_class (self->note, "caption");
  gtk_widget_add_css_class (self->note, "numeric");
  gtk_widget_set_parent (self->note, widget);
  gtk_widget_set_can_target (widget, FALSE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_cursor_from_name (widget, "crosshair");

  GtkGesture *drag = ut_drag_new ();
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));

  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);
  ut_keys_add_controller (widget, UT_KEYS_TRACE);
}
