/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/cut.h"

#include <glib/gi18n.h>

struct _UtCut {
  GObject parent_instance;
  UtCutState state;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtCut, ut_cut, G_TYPE_OBJECT)

const UtCutState *
ut_cut_get (UtCut *self)
{
  g_return_val_if_fail (UT_IS_CUT (self), NULL);
  return &self->state;
}

void
ut_cut_set (UtCut *self, const UtCutState *state)
{
  g_return_if_fail (UT_IS_CUT (self) && state->direction < UT_N_CUT_DIRECTIONS);
  UtCutState new = *state, old = self->state;
  new.offset_mm = CLAMP (new.offset_mm, -UT_CUT_REACH_MM, UT_CUT_REACH_MM);
  if (new.on == old.on &&new.direction == old.direction &&new.other_side ==
      old.other_side &&new.offset_mm == old.offset_mm)
    return;
  self->state = new;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
ut_cut_move (UtCut *self, double mm)
{
  g_return_if_fail (UT_IS_CUT (self));
  UtCutState state = self->state;
  state.offset_mm += state.on ? mm : 0;
  state.on = TRUE;
  ut_cut_set (self, &state);
}

UtCameraName
ut_cut_camera (UtCutDirection direction)
{
  static const UtCameraName cameras[UT_N_CUT_DIRECTIONS] = {
    [UT_CUT_A4C] = UT_CAMERA_A4C,
    [UT_CUT_A2C] = UT_CAMERA_A2C,
    [UT_CUT_PSAX] = UT_CAMERA_PSAX,
    [UT_CUT_CORONAL] = UT_CAMERA_A,
    [UT_CUT_SAGITTAL] = UT_CAMERA_L,
    [UT_CUT_AXIAL] = UT_CAMERA_F,
  };
  g_return_val_if_fail (direction < UT_N_CUT_DIRECTIONS, UT_CAMERA_A);
  return cameras[direction];
}

const char *
ut_cut_direction_title (UtCutDirection direction)
{
  static const char *const titles[UT_N_CUT_DIRECTIONS] = {
    "A4C", "A2C", "PSAX", N_ ("Coronal"), N_ ("Sagittal"), N_ ("Axial")};
  g_return_val_if_fail (direction < UT_N_CUT_DIRECTIONS, NULL);
  return _ (titles[direction]);
}

const UtViewPlane *
ut_cut_own_plane (UtCutDirection direction, const UtViewPlane *const planes[UT_N_VIEWS])
{
  G_STATIC_ASSERT (UT_CUT_A4C == (int)UT_VIEW_A4C && UT_CUT_A2C == (int)UT_VIEW_A2C &&
                   UT_CUT_PSAX == (int)UT_VIEW_PSAX);
  return direction <= UT_CUT_PSAX ? planes[direction] : NULL;
}

/* The plane that a direction has of itself, its normal towards the eye. */
static gboolean
usual_plane (UtCutDirection direction,
             const UtViewPlane *const planes[UT_N_VIEWS],
             const UtScene *scene,
             UtPlane *ret)
{
  const UtViewPlane *own = ut_cut_own_plane (direction, planes);
  float low[3], high[3];
  UtCamera camera;
  if (!ut_scene_bounds (scene, low, high))
    return FALSE;
  if (own != NULL) {
    *ret = (UtPlane){own->origin, ut_vec3_scale (own->normal, -1)};
    return TRUE;
  }
  ut_camera_init (&camera);
  ut_camera_set_named (&camera, ut_cut_camera (direction), scene->axes);
  const float *d = camera.direction;
  ret->normal = ut_vec3_normalise (ut_vec3 (-(double)d[0], -(double)d[1], -(double)d[2]));
  ret->origin = ut_vec3_scale (ut_vec3 ((double)low[0] + (double)high[0],
                                        (double)low[1] + (double)high[1],
                                        (double)low[2] + (double)high[2]),
                               0.5);
  return TRUE;
}

gboolean
ut_cut_plane (const UtCutState *state,
              const UtViewPlane *const planes[UT_N_VIEWS],
              const UtScene *scene,
              UtPlane *ret)
{
  UtPlane plane;
  if (!state->on || !usual_plane (state->direction, planes, scene, &plane))
    return FALSE;
  ret->origin = ut_vec3_mad (plane.origin, -state->offset_mm, plane.normal);
  ret->normal = state->other_side ? ut_vec3_scale (plane.normal, -1) : plane.normal;
  return TRUE;
}

static void
ut_cut_class_init (UtCutClass *klass)
{
  signals[CHANGED] =
    g_signal_new ("changed", UT_TYPE_CUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_cut_init (UtCut *self)
{
}

UtCut *
ut_cut_new (void)
{
  return g_object_new (UT_TYPE_CUT, NULL);
}
