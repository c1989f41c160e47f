/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/triangle-tree.h"

#include <string.h>

#include "engine/base/parallel.h"

#define LANES      4
#define MAX_LEVELS 16 /* 4^16 triangles */
#define CURVE_BITS 10 /* per axis */

/* A triangle whose corner is narrower than a millionth is a line: floats hold no more. */
#define LEAST_SINE_SQUARED 1e-12

/* A box distance is computed in float: smaller by this factor it is surely a lower bound. The
 * differences of floats are rounded once, so three squares add up to 2^-21 at most. */
#define BOUND_FACTOR (1 - 1e-6f)

typedef float Lanes __attribute__ ((vector_size (4 * LANES)));
typedef gint32 LaneMask __attribute__ ((vector_size (4 * LANES)));

/* Boxes of four children, mm; a missing child has low = infinity, high = -infinity. */
typedef struct Group {
  Lanes low[3], high[3];
} Group;

struct UtTriangleTree {
  const UtMesh *mesh;
  guint32 *order; /* [n_triangles] triangles along the curve: children of level 0 */
  Group *groups;  /* level 0 first */
  guint n_levels;
  gsize first[MAX_LEVELS + 1]; /* group at which each level begins */
  guint32 *keys;               /* [n_triangles] places on the curve; while building */
  UtVec3 low;                  /* corner of the mesh's bounds */
  double cells_per_mm;
  guint level; /* being built */
};

/* Of a triangle without area: the nearest point on its three sides. */
static UtNearest
nearest_on_sides (const UtVec3 corners[3], guint32 triangle, UtVec3 p)
{
  UtNearest best = UT_NEAREST_NONE;
  for (guint8 k = 0; k < 3; k++) {
    UtVec3 side = ut_vec3_sub (corners[(k + 1) % 3], corners[k]);
    double along = ut_vec3_dot (ut_vec3_sub (p, corners[k]), side);
    double t = along > 0 ? MIN (along / ut_vec3_dot (side, side), 1) : 0;
    UtVec3 point = ut_vec3_mad (corners[k], t, side), offset = ut_vec3_sub (p, point);
    double squared = ut_vec3_dot (offset, offset);
    gboolean at_end = t == 0 || t == 1;
    if (squared < best.squared)
      best = (UtNearest){.squared = squared,
                         .point = point,
                         .triangle = triangle,
                         .feature = at_end ? UT_FEATURE_CORNER : UT_FEATURE_EDGE,
                         .k = t == 1 ? (k + 1) % 3 : k};
  }
  return best;
}

UtNearest
ut_triangle_nearest (const UtMesh *mesh, guint32 triangle, UtVec3 p)
{
  const guint32 *t = mesh->triangles + 3 * (gsize)triangle;
  UtVec3 a = ut_mesh_position (mesh, t[0]), b = ut_mesh_position (mesh, t[1]);
  UtVec3 c = ut_mesh_position (mesh, t[2]);
  UtVec3 ab = ut_vec3_sub (b, a), ac = ut_vec3_sub (c, a), bc = ut_vec3_sub (c, b);
  UtVec3 normal = ut_vec3_cross (ab, ac);
  if (ut_vec3_dot (normal, normal) <=
      LEAST_SINE_SQUARED * ut_vec3_dot (ab, ab) * ut_vec3_dot (ac, ac))
    return nearest_on_sides ((const UtVec3[3]){a, b, c}, triangle, p);

  UtVec3 ap = ut_vec3_sub (p, a), bp = ut_vec3_sub (p, b), cp = ut_vec3_sub (p, c);
  double d1 = ut_vec3_dot (ab, ap), d2 = ut_vec3_dot (ac, ap);
  double d3 = ut_vec3_dot (ab, bp), d4 = ut_vec3_dot (ac, bp);
  double d5 = ut_vec3_dot (ab, cp), d6 = ut_vec3_dot (ac, cp);
  /* weights of a, b and c at the foot of p, not yet adding up to 1 */
  double wa = d3 * d6 - d5 * d4, wb = d5 * d2 - d1 * d6, wc = d1 * d4 - d3 * d2;

  UtNearest nearest = {.triangle = triangle, .feature = UT_FEATURE_CORNER};
  if (d1 <= 0 && d2 <= 0) {
    nearest.point = a;
  } else if (d3 >= 0 && d4 <= d3) {
    nearest.point = b;
    nearest.k = 1;
  } else if (d6 >= 0 && d5 <= d6) {
    nearest.point = c;
    nearest.k = 2;
  } else if (wc <= 0 && d1 >= 0 && d3 <= 0) {
    nearest.point = ut_vec3_mad (a, d1 / (d1 - d3), ab);
    nearest.feature = UT_FEATURE_EDGE;
  } else if (wa <= 0 && d4 >= d3 && d5 >= d6) {
    nearest.point = ut_vec3_mad (b, (d4 - d3) / ((d4 - d3) + (d5 - d6)), bc);
    nearest.feature = UT_FEATURE_EDGE;
    nearest.k = 1;
  } else if (wb <= 0 && d2 >= 0 && d6 <= 0) {
    nearest.point = ut_vec3_mad (a, d2 / (d2 - d6), ac);
    nearest.feature = UT_FEATURE_EDGE;
    nearest.k = 2;
  } else {
    double sum = wa + wb + wc;
    nearest.point = ut_vec3_mad (ut_vec3_mad (a, wb / sum, ab), wc / sum, ac);
    nearest.feature = UT_FEATURE_FACE;
  }
  UtVec3 offset = ut_vec3_sub (p, nearest.point);
  nearest.squared = ut_vec3_dot (offset, offset);
  return nearest;
}

/* Skilling's transform of a cell to its place on the curve. */
static guint32
curve_place (guint32 x[3])
{
  for (guint32 q = 1u << (CURVE_BITS - 1); q > 1; q >>= 1)
    for (int i = 0; i < 3; i++) {
      if (x[i] & q) {
        x[0] ^= q - 1;
      } else {
        guint32 swapped = (x[0] ^ x[i]) & (q - 1);
        x[0] ^= swapped;
        x[i] ^= swapped;
      }
    }
  x[1] ^= x[0];
  x[2] ^= x[1];
  guint32 flip = 0, place = 0;
  for (guint32 q = 1u << (CURVE_BITS - 1); q > 1; q >>= 1)
    if (x[2] & q)
      flip ^= q - 1;
  for (int bit = CURVE_BITS - 1; bit >= 0; bit--)
    for (int i = 0; i < 3; i++)
      place = place << 1 | ((x[i] ^ flip) >> bit & 1);
  return place;
}

static void
find_places (gsize begin, gsize end, gpointer user_data)
{
  UtTriangleTree *self = user_data;
  for (gsize i = begin; i < end; i++) {
    const guint32 *t = self->mesh->triangles + 3 * i;
    UtVec3 sum = ut_vec3_add (
      ut_vec3_add (ut_mesh_position (self->mesh, t[0]), ut_mesh_position (self->mesh, t[1])),
      ut_mesh_position (self->mesh, t[2]));
    UtVec3 at =
      ut_vec3_scale (ut_vec3_sub (ut_vec3_scale (sum, 1 / 3.0), self->low), self->cells_per_mm);
    const double last = (1 << CURVE_BITS) - 1;
    guint32 cell[3] = {(guint32)CLAMP (at.x, 0, last),
                       (guint32)CLAMP (at.y, 0, last),
                       (guint32)CLAMP (at.z, 0, last)};
    self->keys[i] = curve_place (cell);
  }
}

/* Stable radix sort of triangle numbers by key, CURVE_BITS bits at a time. */
static void
sort_by_place (UtTriangleTree *self)
{
  enum { N_BUCKETS = 1 << CURVE_BITS };
  gsize n = self->mesh->n_triangles;
  g_autofree guint32 *other = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    self->order[i] = (guint32)i;
  for (guint shift = 0; shift < 3 * CURVE_BITS; shift += CURVE_BITS) {
    gsize first[N_BUCKETS + 1] = {0};
    for (gsize i = 0; i < n; i++)
      first[(self->keys[i] >> shift & (N_BUCKETS - 1)) + 1]++;
    for (gsize i = 0; i < N_BUCKETS; i++)
      first[i + 1] += first[i];
    for (gsize i = 0; i < n; i++) {
      guint32 triangle = self->order[i];
      other[first[self->keys[triangle] >> shift & (N_BUCKETS - 1)]++] = triangle;
    }
    guint32 *swap = self->order;
    self->order = other;
    other = swap;
  }
}

static void
widen (Group *group, guint lane, const float low[3], const float high[3])
{
  for (int axis = 0; axis < 3; axis++) {
    group->low[axis][lane] = MIN (group->low[axis][lane], low[axis]);
    group->high[axis][lane] = MAX (group->high[axis][lane], high[axis]);
  }
}

static void
add_triangle (const UtTriangleTree *self, gsize child, Group *group, guint lane)
{
  const guint32 *t = self->mesh->triangles + 3 * (gsize)self->order[child];
  for (int k = 0; k < 3; k++) {
    const float *p = self->mesh->positions + 3 * (gsize)t[k];
    widen (group, lane, p, p);
  }
}

static void
add_group (const Group *child, Group *group, guint lane)
{
  for (guint i = 0; i < LANES; i++) {
    const float low[3] = {child->low[0][i], child->low[1][i], child->low[2][i]};
    const float high[3] = {child->high[0][i], child->high[1][i], child->high[2][i]};
    widen (group, lane, low, high);
  }
}

static gsize
level_size (const UtTriangleTree *self, guint level)
{
  return self->first[level + 1] - self->first[level];
}

static void
fill_level (gsize begin, gsize end, gpointer user_data)
{
  UtTriangleTree *self = user_data;
  guint level = self->level;
  gsize n_children = level > 0 ? level_size (self, level - 1) : self->mesh->n_triangles;
  for (gsize i = begin; i < end; i++) {
    Group *group = &self->groups[self->first[level] + i];
    for (int axis = 0; axis < 3; axis++) {
      group->low[axis] = (Lanes){INFINITY, INFINITY, INFINITY, INFINITY};
      group->high[axis] = -group->low[axis];
    }
    for (gsize child = LANES * i; child < MIN (LANES * (i + 1), n_children); child++) {
      guint lane = (guint)(child % LANES);
      if (level == 0)
        add_triangle (self, child, group, lane);
      else
        add_group (&self->groups[self->first[level - 1] + child], group, lane);
    }
  }
}

UtTriangleTree *
ut_triangle_tree_new (const UtMesh *mesh)
{
  g_return_val_if_fail (mesh->n_triangles > 0, NULL);
  UtTriangleTree *self = g_new0 (UtTriangleTree, 1);
  gsize n = mesh->n_triangles;
  self->mesh = mesh;
  self->order = g_new (guint32, n);
  self->keys = g_new (guint32, n);
  UtVec3 high;
  ut_mesh_bounds (mesh, &self->low, &high);
  UtVec3 size = ut_vec3_sub (high, self->low);
  double side = MAX (MAX (size.x, size.y), size.z);
  self->cells_per_mm = side > 0 ? (1 << CURVE_BITS) / side : 0;
  ut_parallel_for (n, 1024, find_places, self);
  sort_by_place (self);
  g_clear_pointer (&self->keys, g_free);

  gsize n_level = n;
  do {
    n_level = (n_level + LANES - 1) / LANES;
    self->first[self->n_levels + 1] = self->first[self->n_levels] + n_level;
    self->n_levels++;
  } while (n_level > 1);
  self->groups = g_aligned_alloc (self->first[self->n_levels], sizeof (Group), sizeof (Lanes));
  for (self->level = 0; self->level < self->n_levels; self->level++)
    ut_parallel_for (level_size (self, self->level), 256, fill_level, self);
  return self;
}

void
ut_triangle_tree_free (UtTriangleTree *self)
{
  if (self == NULL)
    return;
  g_free (self->order);
  g_aligned_free (self->groups);
  g_free (self);
}

static inline Lanes
larger (Lanes a, Lanes b)
{
  LaneMask first = a > b;
  return (Lanes)(((LaneMask)a & first) | ((LaneMask)b & ~first));
}

/* Lower bounds of the squared distances to the four boxes. */
static inline Lanes
box_bounds (const Group *group, const float p[3])
{
  Lanes sum = {0};
  for (int axis = 0; axis < 3; axis++) {
    Lanes out =
      larger (larger (group->low[axis] - p[axis], p[axis] - group->high[axis]), (Lanes){0});
    sum += out * out;
  }
  return sum * BOUND_FACTOR;
}

/* A child that may hold something nearer: a group, or at the lowest level a place in the order. */
typedef struct Candidate {
  float bound;
  guint32 level; /* of the group it is a child of */
  guint32 child;
} Candidate;

/* Puts the children of a group that are near enough on the stack, the nearest on top. */
static inline guint
push_children (const UtTriangleTree *self,
               guint32 level,
               gsize index,
               const float p[3],
               float limit,
               Candidate *stack,
               guint n)
{
  Lanes bounds = box_bounds (&self->groups[self->first[level] + index], p);
  LaneMask near = bounds <= limit;
  guint base = n;
  for (guint32 lane = 0; lane < LANES; lane++) {
    if (!near[lane])
      continue;
    float bound = bounds[lane];
    guint place = n++;
    for (; place > base && stack[place - 1].bound < bound; place--)
      stack[place] = stack[place - 1];
    stack[place] = (Candidate){bound, level, LANES * (guint32)index + lane};
  }
  return n;
}

/* A float that is not below @squared and not infinite, so that missing children stay out. */
static float
float_limit (double squared)
{
  return squared < G_MAXFLOAT / 2 ? (float)(squared * (1 + 1e-6)) : G_MAXFLOAT;
}

void
ut_triangle_tree_find (const UtTriangleTree *self, const float p[3], UtNearest *nearest)
{
  UtVec3 point = ut_vec3 (p[0], p[1], p[2]);
  UtNearest best = UT_NEAREST_NONE;
  if (nearest->triangle < self->mesh->n_triangles)
    best = ut_triangle_nearest (self->mesh, nearest->triangle, point);
  float limit = float_limit (best.squared);
  Candidate stack[LANES * MAX_LEVELS];
  guint n = push_children (self, self->n_levels - 1, 0, p, limit, stack, 0);
  while (n > 0) {
    Candidate top = stack[--n];
    if (top.bound > limit)
      continue;
    if (top.level > 0) {
      n = push_children (self, top.level - 1, top.child, p, limit, stack, n);
      continue;
    }
    UtNearest found = ut_triangle_nearest (self->mesh, self->order[top.child], point);
    if (found.squared < best.squared ||
        (found.squared == best.squared && found.triangle < best.triangle)) {
      best = found;
      limit = float_limit (best.squared);
    }
  }
  *nearest = best;
}
