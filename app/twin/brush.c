/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/brush.h"

#include "engine/study/label-brush.h"

#include <glib/gi18n.h>
#include <string.h>

#define FIRST_RADIUS_MM 6.0

struct _UtBrush {
  GObject parent_instance;
  UtDocument *document;
  UtLook *look;
  UtBrushState state;
  UtPhase phase;    /* of the stroke */
  UtVolume *labels; /* painted on by the stroke; NULL: there is none */
  GArray *way;      /* UtVec3, of the stroke */
};

enum { CHANGED, REFUSED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtBrush, ut_brush, G_TYPE_OBJECT)

static UtTwin *
find_twin (UtBrush *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  return state != NULL ? ut_study_twin (state, ut_look_get (self->look)->phase) : NULL;
}

/* Why nothing can be painted on; NULL where it can. */
static const char *
find_obstacle (UtBrush *self)
{
  if (find_twin (self) == NULL)
    return _ ("There is no heart to paint on: reconstruct first.");
  if (!ut_document_calibrated (ut_document_get_state (self->document)))
    return _ ("The brush has its size in mm: calibrate every view first.");
  return NULL;
}

static void
look_at_last_stage (UtBrush *self)
{
  UtLookState look = *ut_look_get (self->look);
  look.stage = -1;
  ut_look_set (self->look, &look);
}

const UtBrushState *
ut_brush_get (UtBrush *self)
{
  g_return_val_if_fail (UT_IS_BRUSH (self), NULL);
  return &self->state;
}

void
ut_brush_set (UtBrush *self, const UtBrushState *state)
{
  g_return_if_fail (UT_IS_BRUSH (self) && state->structure < UT_N_LABELS);
  const char *obstacle = state->on ? find_obstacle (self) : NULL;
  UtBrushState old = self->state;
  self->state = *state;
  self->state.on = state->on && obstacle == NULL;
  self->state.radius_mm = CLAMP (round (state->radius_mm / UT_BRUSH_STEP_MM) * UT_BRUSH_STEP_MM,
                                 UT_BRUSH_MIN_MM,
                                 UT_BRUSH_MAX_MM);
  ut_brush_cancel (self);
  if (self->state.on && !old.on)
    look_at_last_stage (self);
  g_signal_emit (self, signals[CHANGED], 0);
  if (obstacle != NULL)
    g_signal_emit (self, signals[REFUSED], 0, obstacle);
}

void
ut_brush_resize (UtBrush *self, int steps)
{
  g_return_if_fail (UT_IS_BRUSH (self));
  UtBrushState state = self->state;
  state.radius_mm += steps * UT_BRUSH_STEP_MM;
  ut_brush_set (self, &state);
}

UtVolume *
ut_brush_get_labels (UtBrush *self)
{
  g_return_val_if_fail (UT_IS_BRUSH (self), NULL);
  if (!self->state.on)
    return NULL;
  if (self->labels != NULL)
    return self->labels;
  const UtTwin *twin = find_twin (self);
  return twin != NULL ? twin->labels[ut_twin_final_stage (twin)] : NULL;
}

/* ---- a stroke -------------------------------------------------------------------------- */

void
ut_brush_begin (UtBrush *self, UtVec3 point)
{
  g_return_if_fail (UT_IS_BRUSH (self));
  g_autoptr (GError) error = NULL;
  ut_brush_cancel (self);
  const UtVolume *before = ut_brush_get_labels (self);
  if (before == NULL)
    return;
  self->labels = ut_volume_new (UT_VOXEL_U8, before->dims, &before->m_patient_from_voxel, &error);
  if (self->labels == NULL) {
    g_signal_emit (self, signals[REFUSED], 0, error->message);
    return;
  }
  memcpy (self->labels->u8, before->u8, ut_volume_n_voxels (before));
  self->phase = ut_look_get (self->look)->phase;
  ut_brush_extend (self, point);
}

void
ut_brush_extend (UtBrush *self, UtVec3 point)
{
  g_return_if_fail (UT_IS_BRUSH (self));
  if (self->labels == NULL)
    return;
  guint n = self->way->len;
  UtVec3 from = n > 0 ? g_array_index (self->way, UtVec3, n - 1) : point;
  if (n > 0 && ut_vec3_length (ut_vec3_sub (point, from)) == 0)
    return;
  g_array_append_val (self->way, point);
  ut_label_brush (self->labels, self->state.structure, self->state.radius_mm, from, point);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
ut_brush_end (UtBrush *self)
{
  g_return_if_fail (UT_IS_BRUSH (self));
  g_autoptr (GError) error = NULL;
  if (self->labels == NULL)
    return;
  g_autoptr (GArray) way = g_array_copy (self->way);
  ut_brush_cancel (self);
  look_at_last_stage (self); /* there will be one more */
  if (!ut_study_paint (ut_document_get_study (self->document),
                       self->phase,
                       self->state.structure,
                       self->state.radius_mm,
                       &g_array_index (way, UtVec3, 0),
                       way->len,
                       &error))
    g_signal_emit (self, signals[REFUSED], 0, error->message);
}

gboolean
ut_brush_cancel (UtBrush *self)
{
  g_return_val_if_fail (UT_IS_BRUSH (self), FALSE);
  if (self->labels == NULL)
    return FALSE;
  g_clear_pointer (&self->labels, ut_volume_unref);
  g_array_set_size (self->way, 0);
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

/* ---- life ------------------------------------------------------------------------------ */

/* Off with another study, another stage or without a heart; what is painted on may be another one
 * now. */
static void
check (UtBrush *self, gboolean same_study)
{
  if (!self->state.on)
    return;
  int stage = ut_look_get (self->look)->stage;
  const UtTwin *twin = find_twin (self);
  UtBrushState state = self->state;
  state.on = same_study && find_obstacle (self) == NULL &&
             (stage < 0 || stage >= (int)ut_twin_final_stage (twin));
  if (!state.on || (self->labels != NULL && self->phase != ut_look_get (self->look)->phase))
    ut_brush_set (self, &state);
}

static void
look_changed_cb (UtBrush *self)
{
  check (self, TRUE);
}

static void
document_changed_cb (UtBrush *self, guint changes)
{
  if (!self->state.on || !(changes & ~(guint)UT_STUDY_CHANGE_HISTORY))
    return;
  check (self, changes != G_MAXUINT);
  if (!ut_brush_cancel (self))
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
ut_brush_dispose (GObject *object)
{
  UtBrush *self = UT_BRUSH (object);
  g_clear_pointer (&self->labels, ut_volume_unref);
  g_clear_pointer (&self->way, g_array_unref);
  g_clear_object (&self->look);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_brush_parent_class)->dispose (object);
}

static void
ut_brush_class_init (UtBrushClass *klass)
{
  GType type = UT_TYPE_BRUSH;
  G_OBJECT_CLASS (klass)->dispose = ut_brush_dispose;
  signals[CHANGED] =
    g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REFUSED] = g_signal_new (
    "refused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
ut_brush_init (UtBrush *self)
{
  self->state = (UtBrushState){.structure = UT_LV, .radius_mm = FIRST_RADIUS_MM};
  self->way = g_array_new (FALSE, FALSE, sizeof (UtVec3));
}

UtBrush *
ut_brush_new (UtDocument *document, UtLook *look)
{
  UtBrush *self = g_object_new (UT_TYPE_BRUSH, NULL);
  self->document = g_object_ref (document);
  self->look = g_object_ref (look);
  g_signal_connect_object (look, "changed", G_CALLBACK (look_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    document, "changed", G_CALLBACK (document_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}
