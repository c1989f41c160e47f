/* SPDX-License-Identifier: Apache-2.0 */
#include "app/study/proposals.h"

#include "app/job.h"

#include <string.h>

/* What is known of one loop. */
typedef struct Slot {
  UtCine *cine;
  UtCineMotion *motion; /* of @cine; NULL until it is computed */
  int beat;             /* chosen, -1 = none */
  int frames[UT_N_PHASES];
  gboolean by_hand[UT_N_PHASES]; /* a person has marked it */
} Slot;

/* What a mark by hand has changed, for when it is undone. */
typedef struct Offer {
  gboolean stands;
  UtView view; /* of the mark */
  int frame;
  gboolean was_by_hand;
  int before[UT_N_VIEWS], after[UT_N_VIEWS]; /* frames proposed */
} Offer;

struct _UtProposals {
  GObject parent_instance;

  UtDocument *document;
  UtJob *job;
  UtView computing; /* by the job, while it is busy */
  gboolean stale;   /* another loop came into that slot meanwhile */
  Slot slots[UT_N_VIEWS];
  Offer offers[UT_N_PHASES]; /* of the last mark */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtProposals, ut_proposals, G_TYPE_OBJECT)

static void start_next (UtProposals *self);

/* ---- in the background ---------------------------------------------------------------- */

typedef struct Work {
  UtCine *cine;
  UtView view;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;
  ut_cine_unref (work->cine);
  g_free (work);
}

static gpointer
find_motion (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  const Work *work = input;
  return ut_cine_motion_new (work->cine, work->view, cancel, error);
}

/* The frames of a beat take the place of what was proposed before. */
static void
propose_beat (Slot *slot, int beat)
{
  slot->beat = beat;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    slot->frames[phase] = beat >= 0 ? slot->motion->beats[beat].frames[phase] : -1;
}

/* What is marked already is not proposed, and the beat is the one that holds it. */
static void
propose (UtProposals *self, UtView view)
{
  Slot *slot = &self->slots[view];
  const int *marks = ut_document_get_view (self->document, view)->marks;
  int beat = slot->motion->proposed;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (marks[phase] >= 0)
      beat = ut_cine_motion_beat_at (slot->motion, (guint)marks[phase]);
  propose_beat (slot, beat);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (marks[phase] >= 0)
      slot->frames[phase] = -1;
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtProposals) self = user_data;
  g_autoptr (UtCineMotion) motion = ut_job_run_finish (self->job, result, NULL);

  if (motion != NULL && !self->stale) {
    self->slots[self->computing].motion = g_steal_pointer (&motion);
    propose (self, self->computing);
    g_signal_emit (self, signals[CHANGED], 0);
  }
  start_next (self);
}

/* One loop after the other. */
static void
start_next (UtProposals *self)
{
  if (ut_job_get_busy (self->job))
    return;
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    if (self->slots[view].cine == NULL || self->slots[view].motion != NULL)
      continue;
    Work *work = g_new0 (Work, 1);
    *work = (Work){ut_cine_ref (self->slots[view].cine), view};
    self->computing = view;
    self->stale = FALSE;
    ut_job_run_async (self->job,
                      find_motion,
                      work,
                      work_free,
                      (GDestroyNotify)ut_cine_motion_unref,
                      found_cb,
                      g_object_ref (self));
    return;
  }
}

static void
slot_clear (Slot *slot)
{
  g_clear_pointer (&slot->cine, ut_cine_unref);
  g_clear_pointer (&slot->motion, ut_cine_motion_unref);
  *slot = (Slot){.beat = -1, .frames = {-1, -1}};
}

/* Offers go with the mark that they came from. */
static void
follow_marks (UtProposals *self)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    Offer *offer = &self->offers[phase];
    const UtStudyView *marked = ut_document_get_view (self->document, offer->view);
    if (!offer->stands || marked->marks[phase] == offer->frame)
      continue;
    offer->stands = FALSE;
    self->slots[offer->view].by_hand[phase] = offer->was_by_hand;
    for (UtView view = 0; view < UT_N_VIEWS; view++)
      if (self->slots[view].frames[phase] == offer->after[view])
        self->slots[view].frames[phase] = offer->before[view];
  }
}

static void
changed_cb (UtProposals *self, guint changes)
{
  gboolean any = FALSE;
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    UtCine *cine = ut_document_get_view (self->document, view)->cine;
    if (self->slots[view].cine == cine)
      continue;
    slot_clear (&self->slots[view]);
    self->slots[view].cine = cine != NULL ? ut_cine_ref (cine) : NULL;
    any = TRUE;
    if (ut_job_get_busy (self->job) && self->computing == view) {
      self->stale = TRUE;
      ut_job_cancel (self->job);
    }
  }
  if (any) {
    memset (self->offers, 0, sizeof self->offers);
    start_next (self);
  }
  if (changes & UT_STUDY_CHANGE_MARKS)
    follow_marks (self);
  if (any || changes & UT_STUDY_CHANGE_MARKS)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- public --------------------------------------------------------------------------- */

UtCineMotion *
ut_proposals_get_motion (UtProposals *self, UtView view)
{
  g_return_val_if_fail (UT_IS_PROPOSALS (self) && view < UT_N_VIEWS, NULL);
  return self->slots[view].motion;
}

int
ut_proposals_get_beat (UtProposals *self, UtView view)
{
  g_return_val_if_fail (UT_IS_PROPOSALS (self) && view < UT_N_VIEWS, -1);
  return self->slots[view].beat;
}

gboolean
ut_proposals_step_beat (UtProposals *self, UtView view, int step)
{
  g_return_val_if_fail (UT_IS_PROPOSALS (self) && view < UT_N_VIEWS, FALSE);
  Slot *slot = &self->slots[view];
  int beat = slot->beat + step;
  if (slot->motion == NULL || beat < 0 || beat >= (int)slot->motion->n_beats)
    return FALSE;
  propose_beat (slot, beat);
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

int
ut_proposals_get_frame (UtProposals *self, UtView view, UtPhase phase)
{
  g_return_val_if_fail (UT_IS_PROPOSALS (self) && view < UT_N_VIEWS && phase < UT_N_PHASES, -1);
  int frame = self->slots[view].frames[phase];
  return frame == ut_document_get_view (self->document, view)->marks[phase] ? -1 : frame;
}

const char *
ut_proposals_phases_at (UtProposals *self, UtView view, guint frame, gboolean *ret_marked)
{
  g_return_val_if_fail (UT_IS_PROPOSALS (self) && view < UT_N_VIEWS, NULL);
  const int *marks = ut_document_get_view (self->document, view)->marks;
  gboolean is[UT_N_PHASES];
  *ret_marked = marks[UT_PHASE_ED] == (int)frame || marks[UT_PHASE_ES] == (int)frame;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    is[phase] =
      (*ret_marked ? marks[phase] : ut_proposals_get_frame (self, view, phase)) == (int)frame;
  return is[UT_PHASE_ED] && is[UT_PHASE_ES] ? "ED, ES"
         : is[UT_PHASE_ED]                  ? "ED"
         : is[UT_PHASE_ES]                  ? "ES"
                                            : NULL;
}

gboolean
ut_proposals_any (UtProposals *self)
{
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
      if (ut_proposals_get_frame (self, view, phase) >= 0)
        return TRUE;
  return FALSE;
}

/* The part of its beat at which @frame stands; FALSE where the loop shows no beat. */
static gboolean
part_of_beat (const Slot *slot, guint frame, double *ret_part)
{
  int i = slot->motion != NULL ? ut_cine_motion_beat_at (slot->motion, frame) : -1;
  if (i < 0)
    return FALSE;
  const UtCineBeat *beat = &slot->motion->beats[i];
  *ret_part = (slot->cine->times_ms[frame] - beat->begin_ms) / (beat->end_ms - beat->begin_ms);
  return TRUE;
}

void
ut_proposals_marked (UtProposals *self, UtView view, UtPhase phase, guint frame)
{
  g_return_if_fail (UT_IS_PROPOSALS (self) && view < UT_N_VIEWS && phase < UT_N_PHASES);
  double part;
  Offer *offer = &self->offers[phase];
  *offer = (Offer){TRUE, view, (int)frame, self->slots[view].by_hand[phase], {0}, {0}};
  for (UtView v = 0; v < UT_N_VIEWS; v++)
    offer->before[v] = self->slots[v].frames[phase];
  self->slots[view].by_hand[phase] = TRUE;
  self->slots[view].frames[phase] = -1;
  gboolean known = part_of_beat (&self->slots[view], frame, &part);
  if (known && phase == UT_PHASE_ED && part > 0.5)
    part -= 1; /* just before the next beat */
  for (UtView other = 0; known && other < UT_N_VIEWS; other++) {
    Slot *slot = &self->slots[other];
    if (other == view || slot->beat < 0 || slot->by_hand[phase])
      continue;
    const UtCineBeat *beat = &slot->motion->beats[slot->beat];
    double ms = beat->begin_ms + part * (beat->end_ms - beat->begin_ms);
    slot->frames[phase] = (int)ut_cine_nearest_frame (slot->cine, ms);
  }
  for (UtView v = 0; v < UT_N_VIEWS; v++)
    offer->after[v] = self->slots[v].frames[phase];
  g_signal_emit (self, signals[CHANGED], 0);
}

void
ut_proposals_confirm (UtProposals *self)
{
  g_return_if_fail (UT_IS_PROPOSALS (self));
  UtStudy *study = ut_document_get_study (self->document);
  if (study == NULL || !ut_proposals_any (self))
    return;
  ut_study_begin_group (study);
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
      int frame = ut_proposals_get_frame (self, view, phase);
      if (frame >= 0 && ut_study_set_mark (study, view, phase, (guint)frame, NULL))
        self->slots[view].by_hand[phase] = TRUE;
    }
  ut_study_end_group (study);
}

static void
ut_proposals_dispose (GObject *object)
{
  UtProposals *self = UT_PROPOSALS (object);
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    slot_clear (&self->slots[view]);
  g_clear_object (&self->job);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_proposals_parent_class)->dispose (object);
}

static void
ut_proposals_class_init (UtProposalsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_proposals_dispose;
  signals[CHANGED] = g_signal_new (
    "changed", UT_TYPE_PROPOSALS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_proposals_init (UtProposals *self)
{
  self->job = ut_job_new ();
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    slot_clear (&self->slots[view]);
}

UtProposals *
ut_proposals_new (UtDocument *document)
{
  UtProposals *self = g_object_new (UT_TYPE_PROPOSALS, NULL);
  self->document = g_object_ref (document);
  g_signal_connect_object (document, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self, G_MAXUINT);
  return self;
}
