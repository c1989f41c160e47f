/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/canonical.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

#define LOST_SHARE_MAX 0.005
#define CENTRE         ((UT_CANONICAL_SIDE - 1) / 2.0)

/* Voxel coordinates in fixed point, 32 bits after the point, so that rounding is a shift. */
#define FIXED_ONE 4294967296.0

typedef struct Fixed3 {
  gint64 x, y, z;
} Fixed3;

static Fixed3
fixed_from_vec3 (UtVec3 p)
{
  return (Fixed3){(gint64)(p.x * FIXED_ONE), (gint64)(p.y * FIXED_ONE), (gint64)(p.z * FIXED_ONE)};
}

UtAffine
ut_canonical_grid (void)
{
  const double s = UT_CANONICAL_SPACING, o = -s * CENTRE;
  return ut_affine_scale_offset (ut_vec3 (s, s, s), ut_vec3 (o, o, o));
}

UtAffine
ut_canonical_frame (const UtLandmarks *landmarks)
{
  return ut_affine_from_axes (ut_vec3_scale (landmarks->septal, -1),
                              ut_vec3_scale (landmarks->anterior, -1),
                              ut_vec3_scale (landmarks->long_axis, -1),
                              landmarks->centroid[UT_BACKGROUND]);
}

static gboolean
check_fits (const UtVolume *labels, const UtAffine *m_canonical_from_patient, GError **error)
{
  const double edge = UT_CANONICAL_SPACING * UT_CANONICAL_SIDE / 2;
  UtAffine m = ut_affine_multiply (m_canonical_from_patient, &labels->m_patient_from_voxel);
  gsize total[UT_N_LABELS] = {0}, lost[UT_N_LABELS] = {0};
  const guint8 *voxel = labels->u8;
  for (gsize z = 0; z < labels->dims[2]; z++)
    for (gsize y = 0; y < labels->dims[1]; y++)
      for (gsize x = 0; x < labels->dims[0]; x++, voxel++) {
        if (*voxel == UT_BACKGROUND)
          continue;
        UtVec3 p = ut_affine_point (&m, ut_vec3 (x, y, z));
        total[*voxel]++;
        lost[*voxel] += fabs (p.x) > edge || fabs (p.y) > edge || fabs (p.z) > edge;
      }
  for (int i = UT_MYO; i < UT_N_LABELS; i++)
    if (lost[i] > LOST_SHARE_MAX * total[i]) {
      g_set_error (
        error,
        UT_ENGINE_ERROR,
        UT_ENGINE_ERROR_RANGE,
        ut_words ("%.1f %% of %s lies outside the %g mm cube of the canonical pose, want at most "
                  "%g %%"),
        100.0 * lost[i] / total[i],
        ut_structure_name (i),
        2 * edge,
        100 * LOST_SHARE_MAX);
      return FALSE;
    }
  return TRUE;
}

static guint8
commonest (const guint8 *voters)
{
  guint8 votes[UT_N_LABELS] = {0};
  for (int i = 0; i < 27; i++)
    votes[voters[i]]++;
  guint8 best = 0;
  for (guint8 i = 1; i < UT_N_LABELS; i++)
    if (votes[i] > votes[best])
      best = i;
  return best;
}

static guint8
vote (const UtVolume *labels, Fixed3 p, const Fixed3 offsets[27])
{
  guint8 voters[27];
  for (int i = 0; i < 27; i++) {
    /* negative indices turn into huge ones */
    guint64 x = (guint64)((p.x + offsets[i].x) >> 32);
    guint64 y = (guint64)((p.y + offsets[i].y) >> 32);
    guint64 z = (guint64)((p.z + offsets[i].z) >> 32);
    gboolean inside = x < labels->dims[0] && y < labels->dims[1] && z < labels->dims[2];
    voters[i] = inside ? labels->u8[ut_volume_index (labels, x, y, z)] : UT_BACKGROUND;
  }
  return commonest (voters);
}

static UtVolume *
resample (const UtVolume *labels, const UtAffine *m_patient_from_canonical, GError **error)
{
  const gsize dims[3] = {UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE};
  const UtAffine grid = ut_canonical_grid ();
  g_autoptr (UtVolume) dst = ut_volume_new (UT_VOXEL_U8, dims, &grid, error);
  UtAffine m_voxel_from_patient;
  if (dst == NULL || !ut_affine_invert (&labels->m_patient_from_voxel, &m_voxel_from_patient))
    return NULL;

  UtAffine m_src_from_mm = ut_affine_multiply (&m_voxel_from_patient, m_patient_from_canonical);
  UtAffine m_src_from_dst = ut_affine_multiply (&m_src_from_mm, &grid);
  Fixed3 offsets[27];
  for (int i = 0; i < 27; i++) {
    UtVec3 d_mm = ut_vec3 (i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1);
    offsets[i] = fixed_from_vec3 (ut_affine_direction (&m_src_from_mm, d_mm));
  }
  guint8 *voxel = dst->u8;
  for (gsize z = 0; z < dims[2]; z++)
    for (gsize y = 0; y < dims[1]; y++)
      for (gsize x = 0; x < dims[0]; x++) {
        UtVec3 p = ut_affine_point (&m_src_from_dst, ut_vec3 (x, y, z));
        p = ut_vec3_add (p, ut_vec3 (0.5, 0.5, 0.5));
        *voxel++ = vote (labels, fixed_from_vec3 (p), offsets);
      }
  return g_steal_pointer (&dst);
}

UtVolume *
ut_canonical_resample (const UtVolume *labels,
                       UtAffine *ret_m_patient_from_canonical,
                       GError **error)
{
  g_return_val_if_fail (labels->type == UT_VOXEL_U8, NULL);

  g_autoptr (UtVolume) heart = ut_labels_largest_parts (labels, error);
  UtLandmarks landmarks;
  if (heart == NULL || !ut_landmarks_find (heart, &landmarks, error) ||
      !ut_landmarks_check_handedness (&landmarks, error))
    return NULL;
  UtAffine m_patient_from_canonical = ut_canonical_frame (&landmarks), m_canonical_from_patient;
  if (!ut_affine_invert (&m_patient_from_canonical, &m_canonical_from_patient) ||
      !check_fits (heart, &m_canonical_from_patient, error))
    return NULL;
  UtVolume *canonical = resample (heart, &m_patient_from_canonical, error);
  if (canonical == NULL)
    return NULL;
  ut_parts_keep_largest (canonical->u8, canonical->dims); /* thin ends may come off in the vote */
  if (ret_m_patient_from_canonical != NULL)
    *ret_m_patient_from_canonical = m_patient_from_canonical;
  return canonical;
}
