/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/crosshair.h"

#include "engine/anatomy/canonical.h"

#define REACH_MM (UT_CANONICAL_SIDE * UT_CANONICAL_SPACING / 2)

struct _UtCrosshair {
  GObject parent_instance;
  UtVec3 point;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtCrosshair, ut_crosshair, G_TYPE_OBJECT)

UtVec3
ut_crosshair_get (UtCrosshair *self)
{
  g_return_val_if_fail (UT_IS_CROSSHAIR (self), ut_vec3 (0, 0, 0));
  return self->point;
}

void
ut_crosshair_set (UtCrosshair *self, UtVec3 p)
{
  g_return_if_fail (UT_IS_CROSSHAIR (self));
  UtVec3 kept = ut_vec3 (CLAMP (p.x, -REACH_MM, REACH_MM),
                         CLAMP (p.y, -REACH_MM, REACH_MM),
                         CLAMP (p.z, -REACH_MM, REACH_MM));
  if (ut_vec3_length (ut_vec3_sub (kept, self->point)) == 0)
    return;
  self->point = kept;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
ut_crosshair_class_init (UtCrosshairClass *klass)
{
  signals[CHANGED] = g_signal_new (
    "changed", UT_TYPE_CROSSHAIR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_crosshair_init (UtCrosshair *self)
{
}

UtCrosshair *
ut_crosshair_new (void)
{
  return g_object_new (UT_TYPE_CROSSHAIR, NULL);
}
