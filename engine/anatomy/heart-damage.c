/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-damage.h"

#include "engine/anatomy/structure.h"
#include "engine/base/error.h"
#include "engine/base/words.h"

#include <math.h>
#include <string.h>

#define ISLAND_SIDE 3
#define MAX_WALL    8    /* voxels of wall that a leak may have to pass */
#define LEAK_PLACE  0.55 /* share of the way from the mitral opening to the apex */
#define MAX_OFF     0.2  /* of that way beside it */

typedef struct {
  UtVolume *volume;
} Heart;

/* label at a place, or the background outside the grid */
static guint8
label_at (const Heart *heart, const gssize p[3])
{
  for (int axis = 0; axis < 3; axis++)
    if (p[axis] < 0 || p[axis] >= (gssize)heart->volume->dims[axis])
      return UT_BACKGROUND;
  return heart->volume->u8[ut_volume_index (heart->volume, (gsize)p[0], (gsize)p[1], (gsize)p[2])];
}

static void
set_label (Heart *heart, const gssize p[3], guint8 label)
{
  heart->volume->u8[ut_volume_index (heart->volume, (gsize)p[0], (gsize)p[1], (gsize)p[2])] = label;
}

/* TRUE where every voxel of the box from @p is @label; a box that leaves the grid is not */
static gboolean
box_is (const Heart *heart, const gssize p[3], gssize side, guint8 label)
{
  for (int axis = 0; axis < 3; axis++)
    if (p[axis] < 0 || p[axis] + side > (gssize)heart->volume->dims[axis])
      return FALSE;
  for (gssize z = p[2]; z < p[2] + side; z++)
    for (gssize y = p[1]; y < p[1] + side; y++)
      for (gssize x = p[0]; x < p[0] + side; x++)
        if (label_at (heart, (const gssize[3]){x, y, z}) != label)
          return FALSE;
  return TRUE;
}

typedef gboolean (*TryFunc) (Heart *heart, const gssize p[3]);

/* calls @try for one voxel after the other until it could do something there */
static gboolean
find_place (Heart *heart, TryFunc try)
{
  const gsize *dims = heart->volume->dims;
  for (gssize z = 0; z < (gssize)dims[2]; z++)
    for (gssize y = 0; y < (gssize)dims[1]; y++)
      for (gssize x = 0; x < (gssize)dims[0]; x++)
        if (try (heart, (const gssize[3]){x, y, z}))
          return TRUE;
  return FALSE;
}

static gboolean
try_island (Heart *heart, const gssize p[3])
{
  const gssize clear = UT_DAMAGE_CLEAR, side = ISLAND_SIDE + 2 * clear;
  if (!box_is (heart, p, side, UT_BACKGROUND))
    return FALSE;
  const gssize beside[3] = {p[0] + side / 2, p[1] + side / 2, p[2] + side};
  if (label_at (heart, beside) == UT_BACKGROUND)
    return FALSE; /* near the heart, so that both are in the picture */
  for (gssize i = 0; i < ISLAND_SIDE * ISLAND_SIDE * ISLAND_SIDE; i++)
    set_label (heart,
               (const gssize[3]){p[0] + clear + i % ISLAND_SIDE,
                                 p[1] + clear + i / ISLAND_SIDE % ISLAND_SIDE,
                                 p[2] + clear + i / (ISLAND_SIDE * ISLAND_SIDE)},
               UT_RV);
  return TRUE;
}

/* @p and the 6 voxels that share a face with it are wall */
static gboolean
walled (const Heart *heart, const gssize p[3])
{
  for (int face = 0; face < 6; face++) {
    gssize q[3] = {p[0], p[1], p[2]};
    q[face / 2] += face % 2 ? 1 : -1;
    if (label_at (heart, q) != UT_MYO)
      return FALSE;
  }
  return label_at (heart, p) == UT_MYO;
}

static gboolean
try_hole (Heart *heart, const gssize p[3])
{
  for (int axis = 0; axis < 3; axis++) {
    gssize q[3] = {p[0], p[1], p[2]};
    q[axis]++;
    if (!walled (heart, p) || !walled (heart, q))
      continue;
    set_label (heart, p, UT_BACKGROUND);
    set_label (heart, q, UT_BACKGROUND);
    return TRUE;
  }
  return FALSE;
}

/* ---- the leak ------------------------------------------------------------------------------ */

typedef struct {
  gssize from[3];
  int axis, sign;
} Way;

/* The slab of 2 x 2 voxels, @k steps along the way. */
static void
slab (const Way *way, gssize k, gssize ret[4][3])
{
  for (int i = 0; i < 4; i++) {
    memcpy (ret[i], way->from, sizeof way->from);
    ret[i][way->axis] += way->sign * k;
    ret[i][(way->axis + 1) % 3] += i % 2;
    ret[i][(way->axis + 2) % 3] += i / 2;
  }
}

static guint
count (const Heart *heart, gssize voxels[4][3], guint8 label)
{
  guint n = 0;
  for (int i = 0; i < 4; i++)
    n += label_at (heart, voxels[i]) == label;
  return n;
}

/* how many slabs lie between LV and background, all of them Myo or either; 0: no such way */
static gssize
wall_on_way (const Heart *heart, const Way *way)
{
  gssize voxels[4][3];
  slab (way, 0, voxels);
  if (count (heart, voxels, UT_LV) < 4)
    return 0;
  for (gssize k = 1; k <= MAX_WALL; k++) {
    slab (way, k, voxels);
    guint n_outside = count (heart, voxels, UT_BACKGROUND);
    if (n_outside == 4)
      return k - 1;
    if (n_outside + count (heart, voxels, UT_MYO) + count (heart, voxels, UT_LV) < 4)
      return 0;
  }
  return 0;
}

static void
add_place (double sum[3], const gssize p[3])
{
  for (int axis = 0; axis < 3; axis++)
    sum[axis] += (double)p[axis];
}

static double
distance2 (const gssize p[3], const double q[3])
{
  return pow ((double)p[0] - q[0], 2) + pow ((double)p[1] - q[1], 2) + pow ((double)p[2] - q[2], 2);
}

static gboolean
touches (const Heart *heart, const gssize p[3], guint8 label)
{
  for (int face = 0; face < 6; face++) {
    gssize q[3] = {p[0], p[1], p[2]};
    q[face / 2] += face % 2 ? 1 : -1;
    if (label_at (heart, q) == label)
      return TRUE;
  }
  return FALSE;
}

static void
place_of (const Heart *heart, gsize i, gssize ret[3])
{
  const gsize *dims = heart->volume->dims;
  ret[0] = (gssize)(i % dims[0]);
  ret[1] = (gssize)(i / dims[0] % dims[1]);
  ret[2] = (gssize)(i / (dims[0] * dims[1]));
}

/* mitral opening: mean of the LV voxels that share a face with LA; apex: the LV voxel farthest
 * from it; as engine/measure/topology.h has them */
static gboolean
find_axis (const Heart *heart, double mitral[3], double apex[3])
{
  const gsize n_voxels = ut_volume_n_voxels (heart->volume);
  gsize n = 0;
  double farthest = -1;
  gssize p[3];
  memset (mitral, 0, 3 * sizeof *mitral);
  for (gsize i = 0; i < n_voxels; i++) {
    place_of (heart, i, p);
    if (heart->volume->u8[i] != UT_LV || !touches (heart, p, UT_LA))
      continue;
    add_place (mitral, p);
    n++;
  }
  for (int axis = 0; axis < 3; axis++)
    mitral[axis] /= n > 0 ? (double)n : 1;
  for (gsize i = 0; i < n_voxels; i++) {
    place_of (heart, i, p);
    if (heart->volume->u8[i] != UT_LV || distance2 (p, mitral) <= farthest)
      continue;
    farthest = distance2 (p, mitral);
    memset (apex, 0, 3 * sizeof *apex);
    add_place (apex, p);
  }
  return n > 0 && farthest > 0;
}

/* share of the way from mitral opening to apex at which @p lies */
static double
share_at (const gssize p[3], const double mitral[3], const double apex[3])
{
  double along = 0, length2 = 0;
  for (int axis = 0; axis < 3; axis++) {
    along += ((double)p[axis] - mitral[axis]) * (apex[axis] - mitral[axis]);
    length2 += pow (apex[axis] - mitral[axis], 2);
  }
  return along / length2;
}

static gboolean
make_leak (Heart *heart)
{
  double mitral[3], apex[3] = {0}, best = MAX_OFF;
  Way found = {.sign = 0};
  if (!find_axis (heart, mitral, apex))
    return FALSE;
  for (gsize i = 0; i < ut_volume_n_voxels (heart->volume); i++) {
    if (heart->volume->u8[i] != UT_LV)
      continue;
    Way way = {.sign = 0};
    place_of (heart, i, way.from);
    double off = fabs (share_at (way.from, mitral, apex) - LEAK_PLACE);
    for (int direction = 0; off < best && direction < 6; direction++) {
      way.axis = direction / 2;
      way.sign = direction % 2 ? 1 : -1;
      if (wall_on_way (heart, &way) == 0)
        continue;
      best = off;
      found = way;
    }
  }
  gssize voxels[4][3];
  for (gssize k = found.sign != 0 ? wall_on_way (heart, &found) : 0; k > 0; k--) {
    slab (&found, k, voxels);
    for (int i = 0; i < 4; i++)
      if (label_at (heart, voxels[i]) == UT_MYO)
        set_label (heart, voxels[i], UT_BACKGROUND);
  }
  return found.sign != 0;
}

UtVolume *
ut_heart_damage (const UtVolume *labels, GError **error)
{
  if (labels->type != UT_VOXEL_U8) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("only a label map can be damaged"));
    return NULL;
  }
  g_autoptr (UtVolume) copy =
    ut_volume_new (UT_VOXEL_U8, labels->dims, &labels->m_patient_from_voxel, error);
  if (copy == NULL)
    return NULL;
  memcpy (copy->u8, labels->u8, ut_volume_n_voxels (labels));
  Heart heart = {.volume = copy};
  if (!make_leak (&heart) || !find_place (&heart, try_hole) || !find_place (&heart, try_island)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("this heart has no place for an island, a hole and a leak"));
    return NULL;
  }
  return g_steal_pointer (&copy);
}
