/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-motion.h"

#include "engine/anatomy/heart-warp.h"
#include "engine/anatomy/label-sample.h"
#include "engine/anatomy/range.h"
#include "engine/base/parallel.h"

/*
 * What the population means at end-systole rest on; that all are straight lines in the EF
 * is our choice:
 * - mitral plane descent 3 to 15 mm, median 9 at a mean EF near 0.5, apex 1 to 4 mm: our
 *   measurement of the public CAMUS pictures (Leclerc et al., IEEE TMI 38(9), 2019). That
 *   the right side descends up to half as far again (heart-warp.c) is our choice.
 * - RVEF 0.9 of LVEF: Hudsmith et al., JCMR 7:775, 2005, abstract: RV 190 -> 78 ml in men,
 *   148 -> 56 in women (0.59, 0.62), LV 160 -> 50, 135 -> 42 (0.69, 0.69).
 * - LA 1.56 at an EF of 0.62: the power 3/2 of the median A4C area ratio in CAMUS, 1.34.
 *   Healthy adults fill more, from 45 to 103 ml and from 41 to 89 ml (Hudsmith).
 * - RA less than the LA: our choice; it takes the same blood and its largest volume is
 *   1.41 +- 0.15 times the LA's (Jarvinen et al., Radiology 191:137, 1994, abstract).
 * - wall 7 % smaller at an EF of 0.62: blood leaves its vessels. In dogs 4.1, 6.8 and 10.3 %
 *   in the outer, middle and inner layer (Ashikaga et al., Am J Physiol Heart
 *   295:H610, 2008, abstract).
 */

#define MISS_MAX 0.005 /* of the LV's ED volume: what voxels may be off */

struct UtHeartMotion {
  UtVolume *labels;
  gsize n_lv; /* voxels */
  UtHeartMotionParams params;
  UtHeartSurvey *survey;
};

static gboolean
check_params (const UtHeartMotionParams *params, GError **error)
{
  const UtRange ranges[] = {
    {"ejection fraction", params->ejection_fraction, 0, 0.8},
    {"annulus descent in mm", params->annulus_descent_mm, 0, 25},
    {"apex descent in mm", params->apex_descent_mm, -5, 15},
    {"RV ejection fraction", params->rv_ejection_fraction, 0, 0.8},
    {"LA filling", params->la_filling, 0.8, 2.5},
    {"RA filling", params->ra_filling, 0.8, 2.5},
    {"wall volume ratio", params->wall_volume, 0.8, 1.1},
  };
  return ut_ranges_check ("heart motion", ranges, G_N_ELEMENTS (ranges), error);
}

UtHeartMotionParams
ut_heart_motion_params (double ejection_fraction)
{
  const double ef = ejection_fraction;
  return (UtHeartMotionParams){
    .ejection_fraction = ef,
    .annulus_descent_mm = 18 * ef,
    .apex_descent_mm = 5 * ef,
    .rv_ejection_fraction = 0.9 * ef,
    .la_filling = 1 + 0.9 * ef,
    .ra_filling = 1 + 0.7 * ef,
    .wall_volume = 1 - 0.12 * ef,
  };
}

static gsize
count_lv (const UtVolume *labels)
{
  gsize n = 0;
  for (gsize i = 0; i < ut_volume_n_voxels (labels); i++)
    n += labels->u8[i] == UT_LV;
  return n;
}

UtHeartMotion *
ut_heart_motion_new (UtVolume *labels_ed,
                     const UtLandmarks *landmarks,
                     const UtHeartMotionParams *params,
                     GError **error)
{
  g_return_val_if_fail (labels_ed->type == UT_VOXEL_U8, NULL);

  if (!check_params (params, error))
    return NULL;
  UtHeartMotion *self = g_new0 (UtHeartMotion, 1);
  self->labels = ut_volume_ref (labels_ed);
  self->params = *params;
  self->survey = ut_heart_survey_new (labels_ed, landmarks);
  self->n_lv = count_lv (labels_ed);
  return self;
}

void
ut_heart_motion_free (UtHeartMotion *self)
{
  if (self == NULL)
    return;
  ut_volume_unref (self->labels);
  ut_heart_survey_free (self->survey);
  g_free (self);
}

/* The warp to a moment; @lv: LV volume to aim for, over that at ED. */
static UtHeartWarp *
warp_at (const UtHeartMotion *self, double contraction, double lv, GError **error)
{
  const UtHeartMotionParams *es = &self->params;
  const double c = contraction;
  const UtHeartWarpTarget target = {
    .base_mm = es->annulus_descent_mm * c,
    .apex_mm = es->apex_descent_mm * c,
    .wall = 1 + (es->wall_volume - 1) * c,
    .volumes = {[UT_FORCE_LV] = lv,
                [UT_FORCE_LA] = 1 + (es->la_filling - 1) * c,
                [UT_FORCE_RV] = 1 - es->rv_ejection_fraction * c,
                [UT_FORCE_RA] = 1 + (es->ra_filling - 1) * c},
  };
  return ut_heart_warp_new (self->survey, &target, error);
}

typedef struct Draw {
  const UtVolume *src;
  const UtSleeve *sleeve;
  const UtHeartWarp *warp;
  UtVolume *dst;
} Draw;

static void
draw_rows (gsize begin, gsize end, gpointer user_data)
{
  const Draw *draw = user_data;
  const gsize n = draw->dst->dims[0], n_rows = draw->dst->dims[1];
  for (gsize row = begin; row < end; row++)
    for (gsize x = 0; x < n; x++) {
      UtVec3 p_voxel = ut_vec3 (x, row % n_rows, row / n_rows);
      UtVec3 p = ut_affine_point (&draw->sleeve->m_heart_from_voxel, p_voxel);
      UtVec3 before = ut_heart_warp_before (draw->warp, p);
      draw->dst->u8[row * n + x] =
        ut_label_sample (draw->src, ut_affine_point (&draw->sleeve->m_voxel_from_heart, before));
    }
}

UtVolume *
ut_heart_motion_at (const UtHeartMotion *self, double contraction, GError **error)
{
  g_return_val_if_fail (contraction >= 0 && contraction <= 1, NULL);

  const UtVolume *src = self->labels;
  g_autoptr (UtVolume) dst =
    ut_volume_new (UT_VOXEL_U8, src->dims, &src->m_patient_from_voxel, error);
  if (dst == NULL)
    return NULL;
  const double want = 1 - self->params.ejection_fraction * contraction;
  double aim = want;
  /* Voxels may miss the volume solved for, coarse ones by a few per cent: then aim off. */
  for (int turn = 0; turn < 3; turn++) {
    g_autoptr (UtHeartWarp) warp = warp_at (self, contraction, aim, error);
    if (warp == NULL)
      return NULL;
    Draw draw = {src, ut_heart_survey_sleeve (self->survey), warp, dst};
    ut_parallel_for (src->dims[1] * src->dims[2], 64, draw_rows, &draw);
    ut_parts_keep_largest (dst->u8, dst->dims);
    double miss = want - (double)count_lv (dst) / self->n_lv;
    if (fabs (miss) < MISS_MAX)
      break;
    aim = MAX (aim + miss, 0.02);
  }
  return g_steal_pointer (&dst);
}

UtVec3
ut_heart_motion_point (const UtHeartMotion *self, double contraction, UtVec3 p_mm)
{
  g_return_val_if_fail (contraction >= 0 && contraction <= 1, p_mm);

  const UtSleeve *sleeve = ut_heart_survey_sleeve (self->survey);
  double lv = 1 - self->params.ejection_fraction * contraction;
  g_autoptr (UtHeartWarp) warp = warp_at (self, contraction, lv, NULL);
  if (warp == NULL)
    return p_mm;
  UtVec3 p = ut_affine_point (&sleeve->m_heart_from_patient, p_mm);
  return ut_affine_point (&sleeve->m_patient_from_heart, ut_heart_warp_after (warp, p));
}
