/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/look.h"

#include <string.h>

#define WALL_OPACITY 0.35f /* of Myo, so that the LV shows through it */

struct _UtLook {
  GObject parent_instance;
  UtLookState state;
  UtLookState before; /* its item is what blinking goes back to */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtLook, ut_look, G_TYPE_OBJECT)

const UtLookState *
ut_look_get (UtLook *self)
{
  g_return_val_if_fail (UT_IS_LOOK (self), NULL);
  return &self->state;
}

static gboolean
same_heart (const UtLookState *a, const UtLookState *b)
{
  return a->phase == b->phase && a->stage == b->stage;
}

static gboolean
same_item (const UtLookState *a, const UtLookState *b)
{
  return same_heart (a, b) && a->reference == b->reference;
}

static gboolean
same (const UtLookState *a, const UtLookState *b)
{
  return same_item (a, b) && a->layout == b->layout && a->swapped == b->swapped &&
         a->map == b->map && a->echo == b->echo && a->voxel_true == b->voxel_true &&
         a->crosshair == b->crosshair && a->solo == b->solo &&
         memcmp (a->shown, b->shown, sizeof a->shown) == 0 &&
         memcmp (a->opacity, b->opacity, sizeof a->opacity) == 0 && a->brushed == b->brushed &&
         a->brush_low_mm == b->brush_low_mm && a->brush_high_mm == b->brush_high_mm &&
         a->marked == b->marked &&
         memcmp (&a->mark_low_mm, &b->mark_low_mm, sizeof a->mark_low_mm) == 0 &&
         memcmp (&a->mark_high_mm, &b->mark_high_mm, sizeof a->mark_high_mm) == 0;
}

void
ut_look_set (UtLook *self, const UtLookState *state)
{
  g_return_if_fail (UT_IS_LOOK (self));
  UtLookState new = *state;
  gboolean map_left = new.map == UT_SURFACE_MAP_NONE && self->state.map != new.map;
  if (map_left || !same_heart (&self->state, &new))
    new.marked = FALSE;
  if (self->state.layout != new.layout)
    new.swapped = FALSE;
  if (same (&self->state, &new))
    return;
  if (!same_item (&self->state, &new))
    self->before = self->state;
  self->state = new;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
ut_look_blink (UtLook *self)
{
  g_return_if_fail (UT_IS_LOOK (self));
  UtLookState next = self->state;
  if (next.layout == UT_LAYOUT_PHASES || next.layout == UT_LAYOUT_REFERENCE ||
      next.layout == UT_LAYOUT_STUDIES) {
    next.swapped = !next.swapped;
  } else {
    next.phase = self->before.phase;
    next.stage = self->before.stage;
    next.reference = self->before.reference;
  }
  ut_look_set (self, &next);
}

gboolean
ut_look_shows (const UtLookState *state, UtStructure structure)
{
  return state->solo == UT_BACKGROUND ? state->shown[structure] : state->solo == structure;
}

static void
ut_look_class_init (UtLookClass *klass)
{
  signals[CHANGED] =
    g_signal_new ("changed", UT_TYPE_LOOK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_look_init (UtLook *self)
{
  self->state.stage = -1;
  self->state.phase = UT_PHASE_ED;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    self->state.shown[s] = TRUE;
    self->state.opacity[s] = s == UT_MYO ? WALL_OPACITY : 1;
  }
  self->before = self->state;
  self->before.phase = UT_PHASE_ES;
}

UtLook *
ut_look_new (void)
{
  return g_object_new (UT_TYPE_LOOK, NULL);
}
