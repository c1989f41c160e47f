/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/train/picture.h"

#include "engine/twin/twin-input.h"

#define P_TIGHT 0.4 /* pictures that end at the sector */

gboolean
ut_picture_view_draw (UtPictureView *ret,
                      UtView view,
                      const UtVolume *labels,
                      const UtLandmarks *landmarks,
                      double broad,
                      UtRandom *random,
                      GError **error)
{
  static const double aspects[] = {1, 1.25, 4 / 3.0, 4 / 3.0, 1.5, 16 / 9.0};
  if (ut_random_chance (random, broad))
    ut_scanner_draw_broad (&ret->scanner, view, random);
  else
    ut_scanner_draw (&ret->scanner, view, random);
  UtProbe probe;
  ut_probe_draw (&probe, view, random);
  if (!ut_probe_place (&probe, view, labels, landmarks, &ret->scanner, &ret->plane, error))
    return FALSE;

  guint height = (guint)ut_random_uniform (random, 240, 480);
  guint width = (guint)(height * aspects[ut_random_index (random, G_N_ELEMENTS (aspects))]);
  double fill = ut_random_chance (random, P_TIGHT) ? 1 : ut_random_uniform (random, 0.6, 1);
  UtEchoPicture *picture = &ret->picture;
  *picture = ut_echo_picture_fit (&ret->scanner, (guint)(width * fill), (guint)(height * fill));
  if (fill == 1) { /* crop the frame to the sector, which touches only two borders of it */
    double sector = 2 * ret->scanner.depth_mm * sin (ret->scanner.half_angle_deg * G_PI / 180);
    guint tight = (guint)ceil (sector / picture->mm_per_px);
    if (tight < picture->width && tight >= 64) {
      picture->probe_col -= (picture->width - tight) / 2.0;
      picture->width = tight;
    }
    return TRUE;
  }
  picture->probe_col += ut_random_uniform (random, 0, width - picture->width);
  picture->probe_row += ut_random_uniform (random, 0, height - picture->height);
  picture->width = width;
  picture->height = height;
  return TRUE;
}

static guint8
label_at (const UtVolume *labels, const UtAffine *m_voxel_from_patient, UtVec3 p)
{
  UtVec3 v = ut_affine_point (m_voxel_from_patient, p);
  const double at[3] = {floor (v.x + 0.5), floor (v.y + 0.5), floor (v.z + 0.5)};
  for (int a = 0; a < 3; a++)
    if (at[a] < 0 || at[a] >= labels->dims[a])
      return UT_BACKGROUND;
  return labels->u8[ut_volume_index (labels, (gsize)at[0], (gsize)at[1], (gsize)at[2])];
}

/* Structures on the network's raster, that is where the pixels of its picture come from. */
static void
cut_slice (const UtPictureView *self,
           const UtVolume *labels,
           const UtTwinInput *input,
           UtView view,
           guint8 ret[UT_SHARD_SIDE][UT_SHARD_SIDE])
{
  UtAffine m_voxel_from_patient;
  if (!ut_affine_invert (&labels->m_patient_from_voxel, &m_voxel_from_patient))
    g_return_if_reached ();
  const UtEchoPicture *picture = &self->picture;
  const double *corner = input->corner[view];
  double zoom = input->spacing_mm[view][0] / picture->mm_per_px;
  double half_angle = self->scanner.half_angle_deg * G_PI / 180;
  for (int row = 0; row < UT_SHARD_SIDE; row++)
    for (int col = 0; col < UT_SHARD_SIDE; col++) {
      double at_row = corner[0] + (row + 0.5) * zoom - 0.5;
      double at_col = corner[1] + (col + 0.5) * zoom - 0.5;
      double x = (at_col - picture->probe_col) * picture->mm_per_px;
      double y = (at_row - picture->probe_row) * picture->mm_per_px;
      UtVec3 p = ut_view_plane_point (&self->plane, x, y);
      guint8 value = label_at (labels, &m_voxel_from_patient, p);
      gboolean in_picture =
        at_col > -1 && at_col < picture->width && at_row > -1 && at_row < picture->height;
      if (in_picture && hypot (x, y) <= self->scanner.depth_mm && fabs (atan2 (x, y)) <= half_angle)
        value |= UT_SHARD_IN_SECTOR;
      ret[row][col] = value;
    }
}

gboolean
ut_picture_make (const UtPictureView self[UT_N_VIEWS],
                 const UtEchoScene *scene,
                 const UtVolume *labels,
                 UtPhase phase,
                 UtRandom *random,
                 UtShardSample *sample,
                 GError **error)
{
  UtCine *cines[UT_N_VIEWS] = {NULL};
  gboolean ok = TRUE;
  for (int v = 0; v < UT_N_VIEWS && ok; v++) {
    const UtPictureView *view = &self[v];
    UtEchoMoment moment = ut_echo_moment_draw (phase, random);
    cines[v] = ut_cine_new (1, view->picture.height, view->picture.width, error);
    ok = cines[v] != NULL;
    if (!ok)
      break;
    cines[v]->calibration = UT_CALIBRATION_SIDECAR;
    cines[v]->spacing_mm[0] = cines[v]->spacing_mm[1] = view->picture.mm_per_px;
    ut_echo_scene_render (
      scene, &view->plane, &view->scanner, &view->picture, &moment, cines[v]->pixels, NULL);
  }
  const guint frames[UT_N_VIEWS] = {0};
  const UtTwinRaster raster = {.side = UT_SHARD_SIDE, .field_mm = UT_SHARD_FIELD_MM};
  g_autoptr (UtTwinInput) input = ok ? ut_twin_input_new (cines, frames, &raster, error) : NULL;
  for (int v = 0; v < UT_N_VIEWS; v++)
    g_clear_pointer (&cines[v], ut_cine_unref);
  if (!input)
    return FALSE;
  guint8 *out = &sample->images[0][0][0];
  for (gsize i = 0; i < sizeof sample->images; i++)
    out[i] = (guint8)(input->grey[i] * 255 + 0.5F);
  for (int v = 0; v < UT_N_VIEWS; v++) {
    cut_slice (&self[v], labels, input, v, sample->slices[v]);
    for (int axis = 0; axis < 2; axis++)
      sample->spacing_mm[v][axis] = (float)input->spacing_mm[v][axis];
  }
  return TRUE;
}
