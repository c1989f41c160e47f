/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/echo-plane.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/twin/sector-tip.h"

#define REACH_MM  150 /* of the section round the plane's own LV */
#define LEAST_MM2 60  /* of a structure whose centroid counts: as in training */

/* The second structure, and the way to it in an upright picture; clockwise from the right. */
static const struct {
  UtStructure structure;
  double points_rad;
} partners[UT_N_VIEWS] = {
  [UT_VIEW_A4C] = {UT_LA, G_PI / 2},
  [UT_VIEW_A2C] = {UT_LA, G_PI / 2},
  [UT_VIEW_PSAX] = {UT_RV, G_PI},
};

static guint8
label_at (const UtVolume *labels, const UtAffine *m_voxel_from_mm, UtVec3 p_mm)
{
  UtVec3 v = ut_affine_point (m_voxel_from_mm, p_mm);
  const double at[3] = {floor (v.x + 0.5), floor (v.y + 0.5), floor (v.z + 0.5)};
  for (int c = 0; c < 3; c++)
    if (at[c] < 0 || at[c] >= (double)labels->dims[c])
      return UT_BACKGROUND;
  return labels
    ->u8[((gsize)at[2] * labels->dims[1] + (gsize)at[1]) * labels->dims[0] + (gsize)at[0]];
}

/* Centroid of @a and @b in the plane, mm right of and below its origin, on a raster of 1 mm. */
static gboolean
find_centroid (const UtVolume *labels,
               const UtViewPlane *plane,
               UtStructure a,
               UtStructure b,
               double ret_mm[2],
               GError **error)
{
  UtAffine m_voxel_from_mm;
  double sum[2] = {0, 0};
  gsize n = 0;
  gboolean placed = ut_affine_invert (&labels->m_patient_from_voxel, &m_voxel_from_mm);
  for (int y = -REACH_MM; placed && y <= 2 * REACH_MM; y++)
    for (int x = -REACH_MM; x <= REACH_MM; x++) {
      guint8 label = label_at (labels, &m_voxel_from_mm, ut_view_plane_point (plane, x, y));
      if (label != a && label != b)
        continue;
      sum[0] += x;
      sum[1] += y;
      n++;
    }
  if (n < LEAST_MM2) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("the plane hardly meets %s"),
                 ut_structure_name (a));
    return FALSE;
  }
  ret_mm[0] = sum[0] / (double)n;
  ret_mm[1] = sum[1] / (double)n;
  return TRUE;
}

gboolean
ut_echo_plane_lay (UtView view,
                   const UtVolume *labels,
                   const UtViewPlane *standard,
                   const double heart_mm[2],
                   double turn_deg,
                   UtViewPlane *ret_plane,
                   UtVec3 *ret_pivot,
                   GError **error)
{
  UtStructure partner = partners[view].structure;
  double heart[2], other[2];
  if (!find_centroid (labels, standard, UT_LV, UT_MYO, heart, error) ||
      !find_centroid (labels, standard, partner, partner, other, error))
    return FALSE;
  double section_rad = atan2 (other[1] - heart[1], other[0] - heart[0]) - partners[view].points_rad;
  /* the picture shows the section turned clockwise by as much */
  double turn_rad = turn_deg * G_PI / 180 - section_rad, c = cos (turn_rad), s = sin (turn_rad);
  UtVec3 right = standard->right, down = standard->down;
  UtVec3 pivot = ut_view_plane_point (standard, heart[0], heart[1]);
  UtViewPlane plane = *standard;
  plane.right = ut_vec3_mad (ut_vec3_scale (right, c), -s, down);
  plane.down = ut_vec3_mad (ut_vec3_scale (right, s), c, down);
  plane.origin = ut_vec3_mad (pivot, -heart_mm[1], plane.right);
  plane.origin = ut_vec3_mad (plane.origin, -heart_mm[0], plane.down);
  *ret_plane = plane;
  *ret_pivot = pivot;
  return TRUE;
}

/* What the picture itself gives: its size, scale and where the probe stands in it. */
static gboolean
read_picture (const UtStudyView *slot, UtPhase phase, UtEchoPlane *ret, GError **error)
{
  double tip[2]; /* row, column from the region's corner; pixel 0 reaches from 0 to 1 */
  g_autoptr (UtCine) picture = ut_study_marked_frame (slot, phase, error);
  if (picture == NULL)
    return FALSE;
  ut_sector_tip (picture, 0, tip);
  ret->width = picture->width;
  ret->height = picture->height;
  for (int axis = 0; axis < 2; axis++) {
    ret->spacing_mm[axis] = picture->spacing_mm[axis];
    ret->origin_px[axis] = picture->region[axis] + tip[1 - axis] - 0.5;
  }
  return TRUE;
}

gboolean
ut_echo_plane_estimate (const UtStudyState *state,
                        UtPhase phase,
                        UtView view,
                        const UtVolume *labels,
                        UtEchoPlane *ret,
                        GError **error)
{
  const UtTwin *twin = ut_study_twin (state, phase);
  const char *why = NULL;
  if (twin == NULL)
    why = ut_words ("there is no twin");
  else if (!ut_study_view_used (state, view, phase) || !twin->provenance.present[view])
    why = ut_words ("the view takes no part in the twin");
  else if (ut_study_is_stale (state, phase))
    why = ut_words ("the twin is out of date");
  else if (!twin->provenance.upright)
    why = ut_words ("the network did not look for the heart in the picture");
  if (why != NULL) {
    g_set_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE, "%s: %s", ut_view_name (view), why);
    return FALSE;
  }

  UtLandmarks landmarks;
  UtViewPlane standard;
  UtEchoPlane plane = {0};
  const UtStudyView *slot = &state->views[view];
  if (!ut_landmarks_find (labels, &landmarks, error) ||
      !ut_view_plane_standard (view, labels, &landmarks, &standard, error) ||
      !ut_echo_plane_lay (view,
                          labels,
                          &standard,
                          twin->provenance.heart_mm[view],
                          twin->provenance.heart_turn_deg[view],
                          &plane.plane,
                          &plane.pivot,
                          error) ||
      !read_picture (slot, phase, &plane, error))
    return FALSE;
  ut_view_plane_shift (&plane.plane, &slot->plane_shift, plane.pivot);
  *ret = plane;
  return TRUE;
}

UtVec3
ut_echo_plane_point (const UtEchoPlane *self, double column, double row)
{
  return ut_view_plane_point (&self->plane,
                              (column - self->origin_px[0]) * self->spacing_mm[1],
                              (row - self->origin_px[1]) * self->spacing_mm[0]);
}

void
ut_echo_plane_pixel (const UtEchoPlane *self, UtVec3 point, double ret_px[2])
{
  UtVec3 off = ut_vec3_sub (point, self->plane.origin);
  ret_px[0] = self->origin_px[0] + ut_vec3_dot (off, self->plane.right) / self->spacing_mm[1];
  ret_px[1] = self->origin_px[1] + ut_vec3_dot (off, self->plane.down) / self->spacing_mm[0];
}

UtSection *
ut_echo_plane_outline (const UtEchoPlane *self, const UtMesh *mesh)
{
  UtPlane plane = {self->plane.origin, self->plane.normal};
  return ut_section_new (mesh, &plane);
}
