/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/study/view-slot.h"

#include "app/app-id.h"
#include "app/keys.h"
#include "app/sentence.h"
#include "app/study/cine-view.h"
#include "app/study/frame-calipers.h"
#include "app/study/ruler-panel.h"
#include "app/study/slot-text.h"
#include "app/study/time-bar.h"
#include "app/study/trace-layer.h"
#include "app/widgets.h"
#include "engine/image/cine-clock.h"

#include <glib/gi18n.h>

struct _UtViewSlot {
  GtkWidget parent_instance;

  UtView view;
  UtDocument *document;
  UtPlayer *player;
  UtProposals *proposals;
  UtCalipers *calipers;
  UtCine *cine;       /* on screen */
  UtCineClock *clock; /* of @cine; NULL where nothing can be played */
  guint tick_id;      /* while playing */
  gboolean moving;    /* the time bar is being moved from here */

  GtkWidget *box, *title, *subtitle, *badge, *menu_button, *stack, *empty_label, *cine_view;
  GtkWidget *trace_layer, *trace_button, *phase_label, *transport, *play_button, *time_bar,
    *readout, *panel, *facts;
  GtkWidget *ruler_panel;
  GtkWidget *mark_ed_button, *mark_es_button, *ed_label, *es_label, *beat_label, *one_beat_button,
    *open_button;
};

enum { GO_TO_PHASE, OPEN, MESSAGE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtViewSlot, ut_view_slot, GTK_TYPE_WIDGET)

static const UtStudyView *
study_view (UtViewSlot *self)
{
  return ut_document_get_view (self->document, self->view);
}

/* ---- what is shown ------------------------------------------------------------- */

static void
show_frame (UtViewSlot *self)
{
  ut_trace_layer_update (UT_TRACE_LAYER (self->trace_layer));
  if (self->cine == NULL) {
    gtk_label_set_text (GTK_LABEL (self->readout), "");
    gtk_widget_set_visible (self->phase_label, FALSE);
    return;
  }
  gboolean marked;
  guint frame = ut_cine_view_get_frame (UT_CINE_VIEW (self->cine_view));
  const char *phases = ut_proposals_phases_at (self->proposals, self->view, frame, &marked);
  g_autofree char *text = ut_slot_text_frame (self->cine, frame, phases, marked);

  g_autofree char *measured = ut_frame_calipers_show (
    self->calipers, study_view (self), self->view, UT_CINE_VIEW (self->cine_view));
  gtk_label_set_text (GTK_LABEL (self->readout), text);
  if (!ut_player_get_playing (self->player)) { /* nobody wants thirty of them a second */
    g_autofree char *words = g_strjoin (", ", text, measured, NULL);
    ut_time_bar_set_text (UT_TIME_BAR (self->time_bar), text);
    gtk_accessible_update_property (
      GTK_ACCESSIBLE (self->cine_view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  }

  gtk_label_set_text (GTK_LABEL (self->phase_label), phases != NULL ? phases : "");
  gtk_widget_set_visible (self->phase_label, phases != NULL);
  gboolean ed = phases != NULL && g_str_has_prefix (phases, "ED");
  ut_widget_set_css_class (self->phase_label, "ed", ed);
  ut_widget_set_css_class (self->phase_label, "es", phases != NULL && !ed);
  ut_widget_set_css_class (self->phase_label, "proposed", phases != NULL && !marked);
}

static void
show_facts (UtViewSlot *self)
{
  const UtStudyView *view = study_view (self);
  g_autofree char *name = view->source != NULL ? g_path_get_basename (view->source) : NULL;
  g_autofree char *facts = ut_slot_text_facts (view);

  gtk_label_set_text (GTK_LABEL (self->subtitle),
                      name != NULL ? name : ut_sentence_view (self->view));
  gtk_widget_set_tooltip_text (self->subtitle, name); /* where there is no room for all of it */
  gtk_label_set_text (GTK_LABEL (self->facts), facts);
}

static void
show_calibration (UtViewSlot *self)
{
  const UtStudyView *view = study_view (self);
  const char *doubt = ut_slot_text_doubt (view);
  g_autofree char *badge = ut_slot_text_badge (view);
  gboolean known = ut_study_view_spacing (view, NULL) != UT_CALIBRATION_NONE;

  gtk_widget_set_visible (self->badge, self->cine != NULL);
  gtk_label_set_text (GTK_LABEL (self->badge), badge);
  ut_widget_set_css_class (self->badge, "known", known && doubt == NULL);
  ut_widget_set_css_class (self->badge, "unknown", !known || doubt != NULL);
  gtk_widget_set_tooltip_text (self->badge,
                               doubt != NULL ? doubt
                               : known       ? _ ("Where the pixel spacing comes from")
                                       : _ ("The pixel spacing is unknown: press K to set it"));
  ut_ruler_panel_show (UT_RULER_PANEL (self->ruler_panel));
}

static void
show_mark (UtViewSlot *self, UtPhase phase, GtkWidget *label)
{
  int frame = self->cine != NULL ? study_view (self)->marks[phase] : -1;
  int proposed =
    self->cine != NULL ? ut_proposals_get_frame (self->proposals, self->view, phase) : -1;
  g_autofree char *text = ut_slot_text_mark (self->cine, frame, proposed);
  ut_time_bar_set_mark (UT_TIME_BAR (self->time_bar), phase, frame, proposed);
  gtk_label_set_text (GTK_LABEL (label), text);
}

static void
show_beat (UtViewSlot *self)
{
  UtCineMotion *motion =
    self->cine != NULL ? ut_proposals_get_motion (self->proposals, self->view) : NULL;
  int beat = ut_proposals_get_beat (self->proposals, self->view);
  g_autofree char *text = ut_slot_text_beat (motion, beat);
  ut_time_bar_set_motion (UT_TIME_BAR (self->time_bar), motion, beat);
  gtk_label_set_text (GTK_LABEL (self->beat_label), text);
}

/* The clock's beat to stay in, -1 = all. */
static int
chosen_beat (UtViewSlot *self)
{
  int beat = ut_proposals_get_beat (self->proposals, self->view);
  if (!ut_player_get_one_beat (self->player))
    return -1;
  if (beat < 0)
    return 0;
  const UtCineBeat *chosen = &ut_proposals_get_motion (self->proposals, self->view)->beats[beat];
  return (int)ut_cine_clock_beat_at (self->clock, (chosen->begin_ms + chosen->end_ms) / 2);
}

static void
set_clock (UtViewSlot *self)
{
  g_clear_pointer (&self->clock, ut_cine_clock_free);
  if (self->cine != NULL && self->cine->n_frames > 1)
    self->clock = ut_cine_clock_new (self->cine,
                                     ut_proposals_get_motion (self->proposals, self->view),
                                     study_view (self)->marks[UT_PHASE_ED]);
  ut_player_set_beat_ms (
    self->player, self->view, self->clock != NULL ? ut_cine_clock_beat_ms (self->clock) : 0);
}

static void
show_marks (UtViewSlot *self)
{
  if (self->cine != study_view (self)->cine)
    return; /* proposals hear of another loop first; changed_cb() comes next */
  show_mark (self, UT_PHASE_ED, self->ed_label);
  show_mark (self, UT_PHASE_ES, self->es_label);
  show_beat (self);
  show_frame (self);
  set_clock (self);
  gtk_widget_action_set_enabled (
    GTK_WIDGET (self), "slot.accept", ut_proposals_any (self->proposals));
}

static void
update_actions (UtViewSlot *self)
{
  static const char *const of_a_loop[] = {"slot.play",
                                          "slot.one-beat",
                                          "slot.step",
                                          "slot.first",
                                          "slot.last",
                                          "slot.mark-ed",
                                          "slot.mark-es",
                                          "slot.beat",
                                          "slot.mirror",
                                          "slot.ruler",
                                          "slot.caliper",
                                          "slot.zoom-in",
                                          "slot.zoom-out",
                                          "slot.zoom-fit"};
  const UtStudyView *view = study_view (self);
  GtkWidget *widget = GTK_WIDGET (self);
  for (guint i = 0; i < G_N_ELEMENTS (of_a_loop); i++)
    gtk_widget_action_set_enabled (widget, of_a_loop[i], self->cine != NULL);
  gtk_widget_action_set_enabled (
    widget, "slot.trace", self->cine != NULL && self->view != UT_VIEW_PSAX);
  gtk_widget_action_set_enabled (widget, "slot.clear", view->source != NULL);
  gtk_widget_action_set_enabled (
    widget, "slot.reset-calibration", view->calibration.origin != UT_CALIBRATION_NONE);
  gtk_widget_set_sensitive (self->transport, self->cine != NULL);
}

static void
show_cine (UtViewSlot *self)
{
  UtCine *cine = study_view (self)->cine;
  if (self->cine == cine)
    return;
  ut_frame_calipers_forget (self->calipers, self->view);
  g_clear_pointer (&self->cine, ut_cine_unref);
  self->cine = cine != NULL ? ut_cine_ref (cine) : NULL;
  ut_ruler_panel_leave (UT_RULER_PANEL (self->ruler_panel));
  ut_cine_view_set_cine (UT_CINE_VIEW (self->cine_view), cine);
  ut_time_bar_set_cine (UT_TIME_BAR (self->time_bar), cine);
  gtk_range_set_value (GTK_RANGE (self->time_bar), 0);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), cine != NULL ? "cine" : "empty");
}

static void
changed_cb (UtViewSlot *self, guint changes)
{
  show_cine (self);
  ut_cine_view_set_mirrored (UT_CINE_VIEW (self->cine_view), study_view (self)->mirrored);
  show_facts (self);
  show_calibration (self);
  show_marks (self);
  update_actions (self);
}

/* ---- time ------------------------------------------------------------------------ */

static void
set_frame (UtViewSlot *self, guint frame)
{
  ut_cine_view_set_frame (UT_CINE_VIEW (self->cine_view), frame);
  self->moving = TRUE;
  gtk_range_set_value (GTK_RANGE (self->time_bar), frame);
  self->moving = FALSE;
  show_frame (self);
  if (self->cine != NULL && self->cine->frame_spacing_mm != NULL)
    ut_ruler_panel_show (UT_RULER_PANEL (self->ruler_panel));
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  double beats = ut_player_get_beats (self->player, gdk_frame_clock_get_frame_time (clock));
  if (self->clock == NULL)
    return G_SOURCE_CONTINUE;
  double time_ms = ut_cine_clock_time_ms (self->clock, beats, chosen_beat (self));
  guint frame = ut_cine_frame_at (self->cine, time_ms);
  if (frame != ut_view_slot_get_frame (self))
    set_frame (self, frame);
  return G_SOURCE_CONTINUE;
}

static void
playing_cb (UtViewSlot *self)
{
  gboolean playing = ut_player_get_playing (self->player);
  gtk_button_set_icon_name (GTK_BUTTON (self->play_button),
                            playing ? "media-playback-pause-symbolic"
                                    : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (
    self->play_button, playing ? _ ("Pause all loops (Space)") : _ ("Play all loops (Space)"));
  if (playing && self->tick_id == 0) {
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
  } else if (!playing && self->tick_id != 0) {
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
    self->tick_id = 0;
    show_frame (self);
  }
}

static void
one_beat_cb (UtViewSlot *self)
{
  gboolean one_beat = ut_player_get_one_beat (self->player);
  ut_widget_set_css_class (self->one_beat_button, "on", one_beat);
  gtk_widget_set_tooltip_text (self->one_beat_button,
                               one_beat ? _ ("Play all beats (B)")
                                        : _ ("Repeat the chosen beat of all loops (B)"));
}

static void
time_changed_cb (UtViewSlot *self)
{
  if (!self->moving)
    ut_view_slot_go_to (self, (guint)lround (gtk_range_get_value (GTK_RANGE (self->time_bar))));
}

/* ---- calipers, contours ------------------------------------------------------------ */

static void
calipers_changed_cb (UtViewSlot *self)
{
  ut_cine_view_set_measuring (UT_CINE_VIEW (self->cine_view),
                              ut_calipers_get_measuring (self->calipers));
  show_frame (self);
}

static void
tracing_cb (UtViewSlot *self)
{
  ut_widget_set_css_class (
    self->trace_button, "on", ut_trace_layer_get_tracing (UT_TRACE_LAYER (self->trace_layer)));
}

static void
message_cb (UtViewSlot *self, const char *message)
{
  g_signal_emit (self, signals[MESSAGE], 0, message);
}

/* ---- actions ---------------------------------------------------------------------- */

static void
play_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  if (!ut_player_get_playing (self->player) && self->clock != NULL)
    ut_player_set_start (
      self->player,
      ut_cine_clock_beats (self->clock, self->cine->times_ms[ut_view_slot_get_frame (self)]));
  ut_player_set_playing (self->player, !ut_player_get_playing (self->player));
}

static void
one_beat_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  ut_player_set_one_beat (self->player, !ut_player_get_one_beat (self->player));
  if (ut_player_get_one_beat (self->player) && !ut_player_get_playing (self->player))
    play_action (widget, name, NULL);
}

static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  int frame = (int)ut_view_slot_get_frame (self) + g_variant_get_int32 (parameter);
  ut_view_slot_go_to (self, (guint)MAX (0, frame));
}

static void
end_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ut_view_slot_go_to (UT_VIEW_SLOT (widget), g_str_equal (name, "slot.first") ? 0 : G_MAXUINT);
}

static void
mark_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  UtPhase phase = g_str_equal (name, "slot.mark-ed") ? UT_PHASE_ED : UT_PHASE_ES;
  guint frame = ut_view_slot_get_frame (self);
  g_autoptr (GError) error = NULL;

  ut_player_set_playing (self->player, FALSE);
  if (ut_study_set_mark (ut_document_get_study (self->document), self->view, phase, frame, &error))
    ut_proposals_marked (self->proposals, self->view, phase, frame);
  else
    g_signal_emit (self, signals[MESSAGE], 0, error->message);
}

static void
accept_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ut_proposals_confirm (UT_VIEW_SLOT (widget)->proposals);
}

/* Shows the beginning of the beat that was chosen. */
static void
beat_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  if (!ut_proposals_step_beat (self->proposals, self->view, g_variant_get_int32 (parameter)))
    return;
  const UtCineMotion *motion = ut_proposals_get_motion (self->proposals, self->view);
  ut_view_slot_go_to (self,
                      motion->beats[ut_proposals_get_beat (self->proposals, self->view)].first);
}

static void
go_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtPhase phase = g_str_equal (name, "slot.go-ed") ? UT_PHASE_ED : UT_PHASE_ES;
  g_signal_emit (widget, signals[GO_TO_PHASE], 0, (int)phase);
}

static void
mirror_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  ut_study_set_mirrored (
    ut_document_get_study (self->document), self->view, !study_view (self)->mirrored);
}

static void
ruler_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.step", "s", "calibrate");
  ut_ruler_panel_toggle (UT_RULER_PANEL (UT_VIEW_SLOT (widget)->ruler_panel));
}

static void
caliper_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  g_autofree char *on = ut_frame_calipers_name (self->view, ut_view_slot_get_frame (self));
  if (g_str_equal (name, "slot.caliper-delete")) {
    ut_calipers_delete_last (self->calipers, on);
    return;
  }
  ut_player_set_playing (self->player, FALSE);
  ut_ruler_panel_leave (UT_RULER_PANEL (self->ruler_panel));
  ut_calipers_set_measuring (self->calipers, !ut_calipers_get_measuring (self->calipers));
}

static void
trace_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  UtTraceLayer *layer = UT_TRACE_LAYER (self->trace_layer);
  ut_player_set_playing (self->player, FALSE);
  ut_ruler_panel_leave (UT_RULER_PANEL (self->ruler_panel));
  ut_calipers_set_measuring (self->calipers, FALSE);
  ut_trace_layer_set_tracing (layer, !ut_trace_layer_get_tracing (layer));
}

static void
leave_ruler_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  ut_ruler_panel_leave (UT_RULER_PANEL (self->ruler_panel));
  ut_calipers_set_measuring (self->calipers, FALSE);
  ut_trace_layer_set_tracing (UT_TRACE_LAYER (self->trace_layer), FALSE);
  ut_view_slot_grab_focus (self);
}

static void
reset_calibration_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  ut_study_clear_calibration (ut_document_get_study (self->document), self->view);
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtCineView *cine_view = UT_CINE_VIEW (UT_VIEW_SLOT (widget)->cine_view);
  if (g_str_equal (name, "slot.zoom-fit"))
    ut_cine_view_zoom_fit (cine_view);
  else
    ut_cine_view_zoom (cine_view, g_str_equal (name, "slot.zoom-in") ? 1.25 : 1 / 1.25);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[OPEN], 0);
}

static void
swap_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  UtView other;
  if (ut_view_from_name (g_variant_get_string (parameter, NULL), &other) && other != self->view)
    ut_study_swap_views (ut_document_get_study (self->document), self->view, other);
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtViewSlot *self = UT_VIEW_SLOT (widget);
  ut_study_clear_view (ut_document_get_study (self->document), self->view);
}

/* ---- public ----------------------------------------------------------------------- */

static void
set_names (UtViewSlot *self)
{
  const char *name = ut_view_name (self->view);
  gtk_label_set_text (GTK_LABEL (self->title), name);
  gtk_widget_set_tooltip_text (self->title, ut_sentence_view (self->view));

  g_autofree char *empty = g_strdup_printf (_ ("Drop %s here, or press to open a file"), name);
  gtk_label_set_text (GTK_LABEL (self->empty_label), empty);

  ut_widget_set_label (self->cine_view, g_strdup_printf (_ ("%s loop"), name), FALSE);
  ut_widget_set_label (self->time_bar, g_strdup_printf (_ ("%s frame"), name), FALSE);
  ut_widget_set_label (self->play_button, g_strdup_printf (_ ("Play or pause, %s"), name), FALSE);
  ut_widget_set_label (self->menu_button, g_strdup_printf (_ ("%s menu"), name), FALSE);
  ut_widget_set_label (self->open_button, g_strdup_printf (_ ("Open %s"), name), FALSE);
  ut_widget_set_label (self->mark_ed_button, g_strdup_printf (_ ("Mark ED in %s"), name), FALSE);
  ut_widget_set_label (self->mark_es_button, g_strdup_printf (_ ("Mark ES in %s"), name), FALSE);
}

void
ut_view_slot_set_up (UtViewSlot *self,
                     UtView view,
                     UtDocument *document,
                     UtPlayer *player,
                     UtProposals *proposals,
                     UtCalipers *calipers)
{
  g_return_if_fail (UT_IS_VIEW_SLOT (self) && self->document == NULL);
  self->view = view;
  self->document = g_object_ref (document);
  self->player = g_object_ref (player);
  self->proposals = g_object_ref (proposals);
  self->calipers = g_object_ref (calipers);
  set_names (self);
  ut_ruler_panel_set_up (
    UT_RULER_PANEL (self->ruler_panel), view, document, UT_CINE_VIEW (self->cine_view), calipers);
  ut_frame_calipers_follow (calipers, view, UT_CINE_VIEW (self->cine_view));
  ut_trace_layer_set_up (
    UT_TRACE_LAYER (self->trace_layer), view, document, UT_CINE_VIEW (self->cine_view));
  gtk_widget_set_visible (self->trace_button, view != UT_VIEW_PSAX);
  g_signal_connect_object (document, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (proposals, "changed", G_CALLBACK (show_marks), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    calipers, "changed", G_CALLBACK (calipers_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    player, "notify::playing", G_CALLBACK (playing_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    player, "notify::one-beat", G_CALLBACK (one_beat_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self, G_MAXUINT);
}

UtView
ut_view_slot_get_view (UtViewSlot *self)
{
  g_return_val_if_fail (UT_IS_VIEW_SLOT (self), UT_VIEW_A4C);
  return self->view;
}

void
ut_view_slot_set_step (UtViewSlot *self, const char *step)
{
  g_return_if_fail (UT_IS_VIEW_SLOT (self));
  gtk_stack_set_visible_child_name (GTK_STACK (self->panel), step);
  if (!g_str_equal (step, "calibrate"))
    ut_ruler_panel_leave (UT_RULER_PANEL (self->ruler_panel));
}

void
ut_view_slot_go_to (UtViewSlot *self, guint frame)
{
  g_return_if_fail (UT_IS_VIEW_SLOT (self));
  if (self->cine == NULL)
    return;
  ut_player_set_playing (self->player, FALSE);
  set_frame (self, MIN (frame, self->cine->n_frames - 1));
}

guint
ut_view_slot_get_frame (UtViewSlot *self)
{
  g_return_val_if_fail (UT_IS_VIEW_SLOT (self), 0);
  return ut_cine_view_get_frame (UT_CINE_VIEW (self->cine_view));
}

void
ut_view_slot_go_to_phase (UtViewSlot *self, UtPhase phase)
{
  g_return_if_fail (UT_IS_VIEW_SLOT (self));
  int frame = study_view (self)->marks[phase];
  if (frame < 0)
    frame = ut_proposals_get_frame (self->proposals, self->view, phase);
  if (frame >= 0)
    ut_view_slot_go_to (self, (guint)frame);
}

void
ut_view_slot_grab_focus (UtViewSlot *self)
{
  g_return_if_fail (UT_IS_VIEW_SLOT (self));
  gtk_widget_grab_focus (self->cine != NULL ? self->cine_view : self->open_button);
}

void
ut_view_slot_set_drop_target (UtViewSlot *self, gboolean target)
{
  g_return_if_fail (UT_IS_VIEW_SLOT (self));
  ut_widget_set_css_class (self->box, "drop-target", target);
}

static void
ut_view_slot_dispose (GObject *object)
{
  UtViewSlot *self = UT_VIEW_SLOT (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), UT_TYPE_VIEW_SLOT);
  g_clear_object (&self->document);
  g_clear_object (&self->player);
  g_clear_object (&self->proposals);
  g_clear_object (&self->calipers);
  g_clear_pointer (&self->cine, ut_cine_unref);
  g_clear_pointer (&self->clock, ut_cine_clock_free);
  G_OBJECT_CLASS (ut_view_slot_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "slot.play", NULL, play_action);
  gtk_widget_class_install_action (widget_class, "slot.one-beat", NULL, one_beat_action);
  gtk_widget_class_install_action (widget_class, "slot.step", "i", step_action);
  gtk_widget_class_install_action (widget_class, "slot.first", NULL, end_action);
  gtk_widget_class_install_action (widget_class, "slot.last", NULL, end_action);
  gtk_widget_class_install_action (widget_class, "slot.mark-ed", NULL, mark_action);
  gtk_widget_class_install_action (widget_class, "slot.mark-es", NULL, mark_action);
  gtk_widget_class_install_action (widget_class, "slot.go-ed", NULL, go_action);
  gtk_widget_class_install_action (widget_class, "slot.go-es", NULL, go_action);
  gtk_widget_class_install_action (widget_class, "slot.accept", NULL, accept_action);
  gtk_widget_class_install_action (widget_class, "slot.beat", "i", beat_action);
  gtk_widget_class_install_action (widget_class, "slot.mirror", NULL, mirror_action);
  gtk_widget_class_install_action (widget_class, "slot.ruler", NULL, ruler_action);
  gtk_widget_class_install_action (widget_class, "slot.caliper", NULL, caliper_action);
  gtk_widget_class_install_action (widget_class, "slot.caliper-delete", NULL, caliper_action);
  gtk_widget_class_install_action (widget_class, "slot.trace", NULL, trace_action);
  gtk_widget_class_install_action (widget_class, "slot.leave-ruler", NULL, leave_ruler_action);
  gtk_widget_class_install_action (
    widget_class, "slot.reset-calibration", NULL, reset_calibration_action);
  gtk_widget_class_install_action (widget_class, "slot.zoom-in", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "slot.zoom-out", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "slot.zoom-fit", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "slot.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "slot.swap", "s", swap_action);
  gtk_widget_class_install_action (widget_class, "slot.clear", NULL, clear_action);
}

#define BIND(widget_class, name)                                                                   \
  gtk_widget_class_bind_template_child (widget_class, UtViewSlot, name)

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/view-slot.ui");
  BIND (widget_class, box);
  BIND (widget_class, title);
  BIND (widget_class, subtitle);
  BIND (widget_class, badge);
  BIND (widget_class, menu_button);
  BIND (widget_class, stack);
  BIND (widget_class, open_button);
  BIND (widget_class, empty_label);
  BIND (widget_class, cine_view);
  BIND (widget_class, trace_layer);
  BIND (widget_class, trace_button);
  BIND (widget_class, phase_label);
  BIND (widget_class, transport);
  BIND (widget_class, play_button);
  BIND (widget_class, time_bar);
  BIND (widget_class, readout);
  BIND (widget_class, panel);
  BIND (widget_class, facts);
  BIND (widget_class, ruler_panel);
  BIND (widget_class, mark_ed_button);
  BIND (widget_class, mark_es_button);
  BIND (widget_class, ed_label);
  BIND (widget_class, es_label);
  BIND (widget_class, beat_label);
  BIND (widget_class, one_beat_button);
  gtk_widget_class_bind_template_callback (widget_class, time_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, tracing_cb);
  gtk_widget_class_bind_template_callback (widget_class, message_cb);
}

static void
ut_view_slot_class_init (UtViewSlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = UT_TYPE_VIEW_SLOT;

  G_OBJECT_CLASS (klass)->dispose = ut_view_slot_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  g_type_ensure (UT_TYPE_CINE_VIEW);
  g_type_ensure (UT_TYPE_RULER_PANEL);
  g_type_ensure (UT_TYPE_TIME_BAR);
  g_type_ensure (UT_TYPE_TRACE_LAYER);
  install_actions (widget_class);
  bind_template (widget_class);

  signals[GO_TO_PHASE] = g_signal_new (
    "go-to-phase", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[OPEN] =
    g_signal_new ("open", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new (
    "message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
ut_view_slot_init (UtViewSlot *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* time runs to the right everywhere, as the ECG in the pictures does */
  gtk_widget_set_direction (self->transport, GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (self->play_button, GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (self->time_bar, GTK_TEXT_DIR_LTR);
  ut_keys_add_controller (GTK_WIDGET (self), UT_KEYS_CINE);
}
