/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/view-plane.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

#define DEPTH_MIN_MM            120.0
#define DEPTH_MARGIN            1.1
#define APICAL_STANDOFF_MM      10.0 /* probe before the epicardial apex */
#define PARASTERNAL_STANDOFF_MM 25.0 /* probe before the anterior epicardium */
#define PSAX_FRACTION           0.5  /* of the way from mitral centre to apex */

/* Deepest point and, above the middle of the picture, highest point of the heart. */
typedef struct Reach {
  const UtViewPlane *plane;
  double half_thickness_mm;
  double down_mm, up_mm;
} Reach;

static void
reach_point (Reach *self, UtVec3 p_mm)
{
  UtVec3 d = ut_vec3_sub (p_mm, self->plane->origin);
  if (fabs (ut_vec3_dot (d, self->plane->normal)) > self->half_thickness_mm)
    return;
  double down = ut_vec3_dot (d, self->plane->down);
  self->down_mm = MAX (self->down_mm, down);
  if (fabs (ut_vec3_dot (d, self->plane->right)) < 6)
    self->up_mm = MAX (self->up_mm, -down);
}

/* How far the heart reaches below and above the plane's origin. */
static Reach
measure_reach (const UtVolume *labels, const UtViewPlane *plane)
{
  Reach reach = {.plane = plane, .half_thickness_mm = cbrt (ut_volume_voxel_ml (labels) * 1000)};
  const guint8 *voxel = labels->u8;
  for (gsize z = 0; z < labels->dims[2]; z++)
    for (gsize y = 0; y < labels->dims[1]; y++)
      for (gsize x = 0; x < labels->dims[0]; x++, voxel++)
        if (*voxel != UT_BACKGROUND)
          reach_point (&reach, ut_affine_point (&labels->m_patient_from_voxel, ut_vec3 (x, y, z)));
  return reach;
}

/* Plane through both atria and the LV apex, as Stojanovski et al. 2022. */
static void
orient_a4c (const UtLandmarks *marks, UtViewPlane *plane)
{
  UtVec3 la_to_ra = ut_vec3_sub (marks->centroid[UT_RA], marks->centroid[UT_LA]);
  UtVec3 la_to_apex = ut_vec3_sub (marks->apex, marks->centroid[UT_LA]);
  UtVec3 normal = ut_vec3_normalise (ut_vec3_cross (la_to_ra, la_to_apex));
  if (ut_vec3_dot (normal, marks->anterior) < 0)
    normal = ut_vec3_scale (normal, -1);
  UtVec3 to_base = ut_vec3_sub (marks->mitral, marks->apex);
  plane->normal = normal;
  plane->down = ut_vec3_normalise (ut_vec3_reject (to_base, normal));
  plane->right = ut_vec3_cross (plane->down, normal);
}

static void
orient_a2c (const UtLandmarks *marks, UtViewPlane *plane)
{
  plane->down = ut_vec3_scale (marks->long_axis, -1);
  plane->right = marks->anterior;
  plane->normal = marks->septal;
}

static void
orient_psax (const UtLandmarks *marks, UtViewPlane *plane)
{
  plane->down = ut_vec3_scale (marks->anterior, -1);
  plane->right = ut_vec3_scale (marks->septal, -1);
  plane->normal = ut_vec3_scale (marks->long_axis, -1);
}

/* Probe before the foot of the epicardial apex in the plane through @through. */
static void
place_apical_probe (const UtLandmarks *marks, UtVec3 through, UtViewPlane *plane)
{
  double off = ut_vec3_dot (ut_vec3_sub (marks->apex_epi, through), plane->normal);
  UtVec3 foot = ut_vec3_mad (marks->apex_epi, -off, plane->normal);
  plane->origin = ut_vec3_mad (foot, -APICAL_STANDOFF_MM, plane->down);
}

static void
place_parasternal_probe (const UtVolume *labels, const UtLandmarks *marks, UtViewPlane *plane)
{
  UtVec3 axis = ut_vec3_sub (marks->apex, marks->mitral);
  plane->origin = ut_vec3_mad (marks->mitral, PSAX_FRACTION, axis);
  double up_mm = measure_reach (labels, plane).up_mm;
  plane->origin = ut_vec3_mad (plane->origin, -(up_mm + PARASTERNAL_STANDOFF_MM), plane->down);
}

static gboolean
check_a4c (const UtLandmarks *marks, const UtViewPlane *plane, GError **error)
{
  const UtVec3 *c = marks->centroid;
  double ventricles = ut_vec3_dot (ut_vec3_sub (c[UT_LV], c[UT_RV]), plane->right);
  double atria = ut_vec3_dot (ut_vec3_sub (c[UT_LA], c[UT_RA]), plane->right);
  double left_heart = ut_vec3_dot (ut_vec3_sub (c[UT_LA], c[UT_LV]), plane->down);
  if (ventricles > 0 && atria > 0 && left_heart > 0)
    return TRUE;
  g_set_error_literal (
    error,
    UT_ENGINE_ERROR,
    UT_ENGINE_ERROR_FORMAT,
    ut_words ("the chambers do not lie as in a normal heart in the four-chamber plane "
              "(left heart on the right, atria below)"));
  return FALSE;
}

gboolean
ut_view_plane_standard (UtView view,
                        const UtVolume *labels,
                        const UtLandmarks *landmarks,
                        UtViewPlane *ret,
                        GError **error)
{
  g_return_val_if_fail (view < UT_N_VIEWS, FALSE);
  g_return_val_if_fail (labels->type == UT_VOXEL_U8, FALSE);

  if (!ut_landmarks_check_handedness (landmarks, error))
    return FALSE;
  UtViewPlane plane = {0};
  switch (view) {
  case UT_VIEW_A4C:
    orient_a4c (landmarks, &plane);
    if (!check_a4c (landmarks, &plane, error))
      return FALSE;
    place_apical_probe (landmarks, landmarks->apex, &plane);
    break;
  case UT_VIEW_A2C:
    orient_a2c (landmarks, &plane);
    place_apical_probe (landmarks, landmarks->mitral, &plane);
    break;
  case UT_VIEW_PSAX:
  default:
    orient_psax (landmarks, &plane);
    place_parasternal_probe (labels, landmarks, &plane);
    break;
  }
  plane.depth_mm = MAX (DEPTH_MIN_MM, DEPTH_MARGIN * measure_reach (labels, &plane).down_mm);
  *ret = plane;
  return TRUE;
}

void
ut_view_plane_shift (UtViewPlane *self, const UtPlaneShift *shift, UtVec3 pivot)
{
  UtVec3 *const axes[3] = {&self->right, &self->down, &self->normal};
  for (int about = 0; about < 3; about++) {
    double angle_rad = shift->deg[about] * G_PI / 180;
    UtVec3 axis = *axes[about], from_pivot = ut_vec3_sub (self->origin, pivot);
    self->origin = ut_vec3_add (pivot, ut_vec3_rotate (from_pivot, axis, angle_rad));
    for (int a = 0; a < 3; a++)
      *axes[a] = ut_vec3_normalise (ut_vec3_rotate (*axes[a], axis, angle_rad));
  }
  for (int along = 0; along < 3; along++)
    self->origin = ut_vec3_mad (self->origin, shift->mm[along], *axes[along]);
}
