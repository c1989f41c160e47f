/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/landmarks.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

#include <string.h>

/*
 * Rules, with LV, LA, ... for the voxel centres of a structure:
 *
 * Valve centre. g = smallest distance between a voxel of the ventricle and one of
 * the atrium; P, Q = voxels of either within g + 1 voxel of the other; the centre is
 * (mean P + mean Q) / 2. Labels of the valves themselves are not needed.
 *
 * LV apex. Start: mean of the 0.5 % of the LV farthest from the mitral centre; then
 * three times: axis = mitral centre to apex; apex = mean of the 0.5 % of the LV that lies
 * farthest along it. After Stojanovski et al., "Efficient Pix2Vox++ for 3D cardiac
 * reconstruction from 2D echo views",
 * ASMUS 2022, which refines by ray tracing. The shares are of volume: a voxel that the
 * cut goes through counts in part. Counted whole, the last layer of a grid along the axis
 * comes in from one side only, which moves the apex that way, which tilts the cut more:
 * by 1 mm on average and up to 3 mm on the canonical grid.
 *
 * Aortic root. The LV is closed by myocardium and LA but for the outflow: the largest
 * part of the LV voxels that touch background in the basal third, on the septal side
 * of the mitral centre (on coarse grids the whole mitral ring touches background).
 * Where that is less than 20 mm2, a place relative to mitral centre, axis and RV,
 * fitted to one heart.
 *
 * Handedness. All of the above is the same for a mirror image. In a normal heart the RV
 * reaches from the tricuspid valve forward to the pulmonary artery, and the plane of the
 * four chambers, seen from the apex, is turned from the anterior normal towards the
 * septum: by 8 to 26 mm and 6 to 41 degrees over 240 hearts.
 */

/* Valves farther apart than this are taken for a heart with a missing piece. */
#define VALVE_GAP_MAX_MM 15.0
#define TIP_SHARE        0.005
#define OUTFLOW_MIN_MM2  20.0
#define OUTFLOW_SIDE     0.1 /* least offset towards the septum, of the LV length */

typedef struct Box {
  gssize low[3], high[3]; /* inclusive */
} Box;

typedef struct Heart {
  const UtVolume *labels;
  Box box[UT_N_LABELS];
  gsize count[UT_N_LABELS];
  UtVec3 centroid[UT_N_LABELS]; /* voxel indices */
  double voxel_mm;              /* cube root of the voxel's volume */
} Heart;

/* One voxel step and its length. */
typedef struct Step {
  int x, y, z;
  double length_mm;
} Step;

static UtVec3
to_mm (const UtVolume *labels, double x, double y, double z)
{
  return ut_affine_point (&labels->m_patient_from_voxel, ut_vec3 (x, y, z));
}

static gboolean
survey (const UtVolume *labels, Heart *heart, GError **error)
{
  *heart = (Heart){.labels = labels, .voxel_mm = cbrt (ut_volume_voxel_ml (labels) * 1000)};
  gssize sums[UT_N_LABELS][3] = {0};
  for (int i = 0; i < UT_N_LABELS; i++)
    heart->box[i] = (Box){{G_MAXSSIZE, G_MAXSSIZE, G_MAXSSIZE}, {-1, -1, -1}};

  const guint8 *voxel = labels->u8;
  for (gssize z = 0; z < (gssize)labels->dims[2]; z++)
    for (gssize y = 0; y < (gssize)labels->dims[1]; y++)
      for (gssize x = 0; x < (gssize)labels->dims[0]; x++, voxel++) {
        guint8 label = *voxel;
        if (label == UT_BACKGROUND)
          continue;
        if (label >= UT_N_LABELS) {
          g_set_error (error,
                       UT_ENGINE_ERROR,
                       UT_ENGINE_ERROR_FORMAT,
                       ut_words ("label %d in a heart volume, want 0 to %d"),
                       label,
                       UT_N_LABELS - 1);
          return FALSE;
        }
        const gssize p[3] = {x, y, z};
        heart->count[label]++;
        for (int axis = 0; axis < 3; axis++) {
          sums[label][axis] += p[axis];
          heart->box[label].low[axis] = MIN (heart->box[label].low[axis], p[axis]);
          heart->box[label].high[axis] = MAX (heart->box[label].high[axis], p[axis]);
        }
      }

  for (int i = UT_MYO; i < UT_N_LABELS; i++) {
    if (heart->count[i] == 0) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("heart volume without %s (label %d)"),
                   ut_structure_name (i),
                   i);
      return FALSE;
    }
    heart->count[UT_BACKGROUND] += heart->count[i];
    for (int axis = 0; axis < 3; axis++)
      sums[UT_BACKGROUND][axis] += sums[i][axis];
  }
  for (int i = 0; i < UT_N_LABELS; i++)
    heart->centroid[i] =
      ut_vec3_scale (ut_vec3 (sums[i][0], sums[i][1], sums[i][2]), 1.0 / heart->count[i]);
  return TRUE;
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  double difference = ((const Step *)a)->length_mm - ((const Step *)b)->length_mm;
  return (difference > 0) - (difference < 0);
}

/* All voxel steps up to @radius_mm, shortest first. */
static GArray *
steps_within (const UtVolume *labels, double radius_mm)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (Step));
  UtVec3 spacing = ut_volume_spacing (labels);
  double least = MIN (spacing.x, MIN (spacing.y, spacing.z));
  int n = (int)ceil (radius_mm / least);
  for (int z = -n; z <= n; z++)
    for (int y = -n; y <= n; y++)
      for (int x = -n; x <= n; x++) {
        UtVec3 d = ut_affine_direction (&labels->m_patient_from_voxel, ut_vec3 (x, y, z));
        Step step = {x, y, z, ut_vec3_length (d)};
        if (step.length_mm > 0 && step.length_mm <= radius_mm)
          g_array_append_val (steps, step);
      }
  g_array_sort (steps, compare_steps);
  return steps;
}

static Box
box_near (const Box *a, const Box *b, const GArray *steps)
{
  Box near = *a;
  gssize reach[3] = {0, 0, 0};
  for (guint i = 0; i < steps->len; i++) {
    const Step *step = &g_array_index (steps, Step, i);
    reach[0] = MAX (reach[0], step->x);
    reach[1] = MAX (reach[1], step->y);
    reach[2] = MAX (reach[2], step->z);
  }
  for (int axis = 0; axis < 3; axis++) {
    near.low[axis] = MAX (near.low[axis], b->low[axis] - reach[axis]);
    near.high[axis] = MIN (near.high[axis], b->high[axis] + reach[axis]);
  }
  return near;
}

/* Index into @steps of the shortest step from the voxel to @other; steps->len if none. */
static guint
shortest_step (
  const UtVolume *labels, const GArray *steps, gssize x, gssize y, gssize z, guint8 other)
{
  for (guint i = 0; i < steps->len; i++) {
    const Step *step = &g_array_index (steps, Step, i);
    gssize u = x + step->x, v = y + step->y, w = z + step->z;
    if (u >= 0 && v >= 0 && w >= 0 && u < (gssize)labels->dims[0] && v < (gssize)labels->dims[1] &&
        w < (gssize)labels->dims[2] &&
        labels->u8[ut_volume_index (labels, (gsize)u, (gsize)v, (gsize)w)] == other)
      return i;
  }
  return steps->len;
}

/* Smallest distance in mm between @a and @b up to the longest step; infinity if farther. */
static double
smallest_gap (const Heart *heart, guint8 a, guint8 b, GArray *steps)
{
  Box near = box_near (&heart->box[a], &heart->box[b], steps);
  double gap = INFINITY;
  for (gssize z = near.low[2]; z <= near.high[2]; z++)
    for (gssize y = near.low[1]; y <= near.high[1]; y++)
      for (gssize x = near.low[0]; x <= near.high[0]; x++) {
        if (heart->labels->u8[ut_volume_index (heart->labels, x, y, z)] != a)
          continue;
        guint i = shortest_step (heart->labels, steps, x, y, z, b);
        if (i == steps->len)
          continue;
        gap = g_array_index (steps, Step, i).length_mm;
        g_array_set_size (steps, i); /* only shorter ones matter from here on */
      }
  return gap;
}

/* Mean, in voxel indices, of the voxels of @a that have one of @b within @steps. */
static UtVec3
mean_near (const Heart *heart, guint8 a, guint8 b, const GArray *steps)
{
  Box near = box_near (&heart->box[a], &heart->box[b], steps);
  UtVec3 sum = {0};
  gsize n = 0;
  for (gssize z = near.low[2]; z <= near.high[2]; z++)
    for (gssize y = near.low[1]; y <= near.high[1]; y++)
      for (gssize x = near.low[0]; x <= near.high[0]; x++)
        if (heart->labels->u8[ut_volume_index (heart->labels, x, y, z)] == a &&
            shortest_step (heart->labels, steps, x, y, z, b) < steps->len) {
          sum = ut_vec3_add (sum, ut_vec3 (x, y, z));
          n++;
        }
  return ut_vec3_scale (sum, 1.0 / MAX (n, 1));
}

static gboolean
find_valve (const Heart *heart, UtStructure a, UtStructure b, UtVec3 *ret_mm, GError **error)
{
  double gap = INFINITY;
  double reach = 1.01 * heart->voxel_mm; /* nearly always enough: the labels touch */
  while (!isfinite (gap) && reach < VALVE_GAP_MAX_MM) {
    reach = MIN (2 * reach, VALVE_GAP_MAX_MM);
    g_autoptr (GArray) steps = steps_within (heart->labels, reach);
    gap = smallest_gap (heart, a, b, steps);
  }
  if (!isfinite (gap)) {
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_FORMAT,
      ut_words ("%s and %s are more than %g mm apart, so there is no valve between them"),
      ut_structure_name (a),
      ut_structure_name (b),
      VALVE_GAP_MAX_MM);
    return FALSE;
  }
  g_autoptr (GArray) steps = steps_within (heart->labels, gap + heart->voxel_mm * 1.0001);
  UtVec3 sum = ut_vec3_add (mean_near (heart, a, b, steps), mean_near (heart, b, a, steps));
  *ret_mm = to_mm (heart->labels, sum.x / 2, sum.y / 2, sum.z / 2);
  return TRUE;
}

/* The @k-th largest of @values (k from 1), by quickselect; reorders them. */
static float
kth_largest (float *values, gsize n, gsize k)
{
  gsize low = 0, high = n - 1, want = k - 1;
  while (low < high) {
    float pivot = values[low + (high - low) / 2];
    gsize i = low, j = high;
    while (TRUE) {
      while (values[i] > pivot)
        i++;
      while (values[j] < pivot)
        j--;
      if (i >= j)
        break;
      float swap = values[i];
      values[i++] = values[j];
      values[j--] = swap;
    }
    if (want <= j)
      high = j;
    else
      low = j + 1;
  }
  return values[want];
}

/* Where voxels of one @width, centred at @keys, must be cut for @volume of them beyond. */
static double
find_cut (const float *keys, gsize n, double width, double volume)
{
  double low = keys[0], high = keys[0] + width;
  for (gsize i = 0; i < n; i++) {
    low = MIN (low, keys[i] - width);
    high = MAX (high, keys[i] + width);
  }
  for (int turn = 0; turn < 24; turn++) {
    double cut = (low + high) / 2, beyond = 0;
    for (gsize i = 0; i < n; i++)
      beyond += CLAMP ((keys[i] - cut) / width + 0.5, 0, 1);
    if (beyond > volume)
      low = cut;
    else
      high = cut;
  }
  return (low + high) / 2;
}

/* The points that a farthest part of the cavity is taken from. */
typedef struct Cloud {
  UtVec3 *points;
  float *keys, *top; /* how far each lies; room for as many */
  gsize n;
} Cloud;

/* Centre of the @share of the cloud's volume with the largest keys. A voxel @width long
 * that the cut goes through counts by what lies beyond, and there (along @axis). */
static UtVec3
centre_of_farthest (const Cloud *cloud, double share, double width, UtVec3 axis)
{
  double volume = MAX (1, share * cloud->n);
  memcpy (cloud->top, cloud->keys, cloud->n * sizeof *cloud->keys);
  double least = kth_largest (cloud->top, cloud->n, (gsize)volume) - width;
  gsize n_top = 0;
  for (gsize i = 0; i < cloud->n; i++)
    if (cloud->keys[i] >= least)
      cloud->top[n_top++] = cloud->keys[i];
  double cut = find_cut (cloud->top, n_top, width, volume);

  UtVec3 sum = {0};
  double total = 0;
  for (gsize i = 0; i < cloud->n; i++) {
    double part = CLAMP ((cloud->keys[i] - cut) / width + 0.5, 0, 1);
    UtVec3 centre = ut_vec3_mad (cloud->points[i], (1 - part) * width / 2, axis);
    sum = ut_vec3_mad (sum, part, centre);
    total += part;
  }
  return ut_vec3_scale (sum, 1 / total);
}

/* Length of a voxel along @axis: that of a box with the same spread. */
static double
width_along (const UtVolume *labels, UtVec3 axis)
{
  double square = 0;
  for (int i = 0; i < 3; i++) {
    UtVec3 edge =
      ut_affine_direction (&labels->m_patient_from_voxel, ut_vec3 (i == 0, i == 1, i == 2));
    square += ut_vec3_dot (edge, axis) * ut_vec3_dot (edge, axis);
  }
  return sqrt (square);
}

static UtVec3 *
points_of (const Heart *heart, UtStructure structure)
{
  UtVec3 *points = g_new (UtVec3, heart->count[structure]);
  const Box *box = &heart->box[structure];
  gsize n = 0;
  for (gssize z = box->low[2]; z <= box->high[2]; z++)
    for (gssize y = box->low[1]; y <= box->high[1]; y++)
      for (gssize x = box->low[0]; x <= box->high[0]; x++)
        if (heart->labels->u8[ut_volume_index (heart->labels, x, y, z)] == structure)
          points[n++] = to_mm (heart->labels, x, y, z);
  return points;
}

static UtVec3
find_apex (const Heart *heart, UtVec3 mitral)
{
  gsize n = heart->count[UT_LV];
  g_autofree UtVec3 *points = points_of (heart, UT_LV);
  g_autofree float *keys = g_new (float, n);
  g_autofree float *top = g_new (float, n);
  const Cloud cavity = {points, keys, top, n};

  for (gsize i = 0; i < n; i++)
    keys[i] = (float)ut_vec3_length (ut_vec3_sub (points[i], mitral));
  UtVec3 apex = centre_of_farthest (&cavity, TIP_SHARE, heart->voxel_mm, ut_vec3 (0, 0, 0));
  for (int turn = 0; turn < 3; turn++) {
    UtVec3 axis = ut_vec3_normalise (ut_vec3_sub (apex, mitral));
    double width = width_along (heart->labels, axis);
    for (gsize i = 0; i < n; i++)
      keys[i] = (float)ut_vec3_dot (ut_vec3_sub (points[i], mitral), axis);
    apex = centre_of_farthest (&cavity, TIP_SHARE, width, axis);
  }
  return apex;
}

/* Farthest point of wall or cavity along the axis, less than 6 mm from it. */
static UtVec3
find_epicardial_apex (const Heart *heart, const UtLandmarks *marks)
{
  double farthest = 0;
  for (UtStructure structure = UT_MYO; structure <= UT_LV; structure++) {
    g_autofree UtVec3 *points = points_of (heart, structure);
    for (gsize i = 0; i < heart->count[structure]; i++) {
      UtVec3 d = ut_vec3_sub (points[i], marks->mitral);
      double along = ut_vec3_dot (d, marks->long_axis);
      if (along > farthest && ut_vec3_dot (d, d) - along * along < 36)
        farthest = along;
    }
  }
  return ut_vec3_mad (marks->mitral, farthest, marks->long_axis);
}

static gboolean
touches_background (const UtVolume *labels, gsize x, gsize y, gsize z)
{
  const gsize *dims = labels->dims;
  gsize i = ut_volume_index (labels, x, y, z), row = dims[0], slice = dims[0] * dims[1];
  const guint8 *v = labels->u8;
  return x == 0 || y == 0 || z == 0 || x + 1 == dims[0] || y + 1 == dims[1] || z + 1 == dims[2] ||
         v[i - 1] == 0 || v[i + 1] == 0 || v[i - row] == 0 || v[i + row] == 0 ||
         v[i - slice] == 0 || v[i + slice] == 0;
}

static UtVec3
find_aortic_root (const Heart *heart, const UtLandmarks *marks)
{
  const UtVolume *labels = heart->labels;
  const Box *box = &heart->box[UT_LV];
  double length = ut_vec3_length (ut_vec3_sub (marks->apex, marks->mitral));
  gsize dims[3];
  for (int axis = 0; axis < 3; axis++)
    dims[axis] = (gsize)(box->high[axis] - box->low[axis] + 1);
  g_autofree guint8 *outflow = g_new0 (guint8, dims[0] * dims[1] * dims[2]);

  guint8 *mark = outflow;
  for (gssize z = box->low[2]; z <= box->high[2]; z++)
    for (gssize y = box->low[1]; y <= box->high[1]; y++)
      for (gssize x = box->low[0]; x <= box->high[0]; x++, mark++)
        if (labels->u8[ut_volume_index (labels, x, y, z)] == UT_LV &&
            touches_background (labels, x, y, z)) {
          UtVec3 d = ut_vec3_sub (to_mm (labels, x, y, z), marks->mitral);
          *mark = ut_vec3_dot (d, marks->long_axis) < length / 3 &&
                  ut_vec3_dot (d, marks->septal) > OUTFLOW_SIDE * length;
        }
  ut_parts_keep_largest (outflow, dims);

  UtVec3 sum = {0};
  gsize n = 0;
  for (gsize i = 0; i < dims[0] * dims[1] * dims[2]; i++)
    if (outflow[i]) {
      gsize x = i % dims[0], y = i / dims[0] % dims[1], z = i / dims[0] / dims[1];
      sum = ut_vec3_add (sum, ut_vec3 (x, y, z));
      n++;
    }
  if (n * heart->voxel_mm * heart->voxel_mm < OUTFLOW_MIN_MM2) {
    UtVec3 root = ut_vec3_mad (marks->mitral, 0.30 * length, marks->septal);
    root = ut_vec3_mad (root, 0.145 * length, marks->anterior);
    return ut_vec3_mad (root, 0.03 * length, marks->long_axis);
  }
  return to_mm (labels, sum.x / n + box->low[0], sum.y / n + box->low[1], sum.z / n + box->low[2]);
}

static gboolean
find_axes (UtLandmarks *marks, double voxel_mm, GError **error)
{
  UtVec3 axis = ut_vec3_sub (marks->apex, marks->mitral);
  marks->long_axis = ut_vec3_normalise (axis);
  UtVec3 to_rv = ut_vec3_sub (marks->centroid[UT_RV], marks->mitral);
  UtVec3 across = ut_vec3_reject (to_rv, marks->long_axis);
  if (ut_vec3_length (axis) < 3 * voxel_mm || ut_vec3_length (across) < voxel_mm) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("the heart has no axes: LV %.1f mm long, RV %.1f mm beside it"),
                 ut_vec3_length (axis),
                 ut_vec3_length (across));
    return FALSE;
  }
  marks->septal = ut_vec3_normalise (across);
  marks->anterior = ut_vec3_cross (marks->septal, marks->long_axis);
  return TRUE;
}

gboolean
ut_landmarks_find (const UtVolume *labels, UtLandmarks *ret, GError **error)
{
  g_return_val_if_fail (labels->type == UT_VOXEL_U8, FALSE);

  Heart heart;
  if (!survey (labels, &heart, error))
    return FALSE;
  UtLandmarks marks = {0};
  for (int i = 0; i < UT_N_LABELS; i++)
    marks.centroid[i] = ut_affine_point (&labels->m_patient_from_voxel, heart.centroid[i]);
  if (!find_valve (&heart, UT_LV, UT_LA, &marks.mitral, error) ||
      !find_valve (&heart, UT_RV, UT_RA, &marks.tricuspid, error))
    return FALSE;
  marks.apex = find_apex (&heart, marks.mitral);
  if (!find_axes (&marks, heart.voxel_mm, error))
    return FALSE;
  marks.apex_epi = find_epicardial_apex (&heart, &marks);
  marks.aortic_root = find_aortic_root (&heart, &marks);
  *ret = marks;
  return TRUE;
}

gboolean
ut_landmarks_check_handedness (const UtLandmarks *self, GError **error)
{
  const UtVec3 *c = self->centroid;
  double length = ut_vec3_length (ut_vec3_sub (self->apex, self->mitral));
  UtVec3 rv = ut_vec3_sub (c[UT_RV], self->tricuspid);
  double forward = ut_vec3_dot (rv, self->anterior) / length;
  UtVec3 normal = ut_vec3_normalise (
    ut_vec3_cross (ut_vec3_sub (c[UT_RA], c[UT_LA]), ut_vec3_sub (self->apex, c[UT_LA])));
  double turn = ut_vec3_dot (normal, self->septal);
  if (ut_vec3_dot (normal, self->anterior) < 0)
    turn = -turn;
  if (forward + turn / 2 > 0)
    return TRUE;
  g_set_error (
    error,
    UT_ENGINE_ERROR,
    UT_ENGINE_ERROR_FORMAT,
    ut_words ("the heart is mirrored: its RV lies %.0f mm behind the tricuspid valve and its "
              "four-chamber plane is turned by %.0f degrees, want both the other way"),
    -forward * length,
    asin (CLAMP (turn, -1, 1)) * 180 / G_PI);
  return FALSE;
}
