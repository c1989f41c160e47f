/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/section.h"

#include <string.h>

/* A side of a triangle as it lies in space, from its end behind the plane to that in front. */
typedef struct Side {
  float behind[3], front[3];
} Side;

/* The way of the section through one triangle. */
typedef struct Step {
  Side from, to;
  gboolean entered, walked; /* another triangle leads here; is part of a curve */
} Step;

static void
side_init (Side *self, const UtMesh *mesh, guint32 behind, guint32 front)
{
  for (int c = 0; c < 3; c++) { /* + 0: so that 0 and -0 have the same bits */
    self->behind[c] = mesh->positions[3 * (gsize)behind + (gsize)c] + 0.0f;
    self->front[c] = mesh->positions[3 * (gsize)front + (gsize)c] + 0.0f;
  }
}

/* FNV-1a over the bits. Source: draft-eastlake-fnv. */
static guint
side_hash (gconstpointer key)
{
  guint32 words[6], hash = 2166136261u;
  memcpy (words, key, sizeof words);
  for (int i = 0; i < 6; i++)
    hash = (hash ^ (words[i] ^ words[i] >> 15)) * 16777619u;
  return hash;
}

static gboolean
side_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Side)) == 0;
}

static UtVec3
side_point (const Side *self, const UtPlane *plane)
{
  UtVec3 behind = ut_vec3 (self->behind[0], self->behind[1], self->behind[2]);
  UtVec3 front = ut_vec3 (self->front[0], self->front[1], self->front[2]);
  double low = ut_plane_height (plane, behind), high = ut_plane_height (plane, front);
  if (high == 0)
    return front;
  return ut_vec3_mad (behind, low / (low - high), ut_vec3_sub (front, behind));
}

/* The step of a triangle that has corners on both sides: in where its outline comes to the front,
 * out where it goes back. */
static void
append_step (GArray *steps, const UtMesh *mesh, const guint32 *corners, const gboolean *in_front)
{
  Step step = {0};
  for (int k = 0; k < 3; k++) {
    guint32 a = corners[k], b = corners[(k + 1) % 3];
    if (!in_front[a] && in_front[b])
      side_init (&step.to, mesh, a, b);
    else if (in_front[a] && !in_front[b])
      side_init (&step.from, mesh, b, a);
  }
  g_array_append_val (steps, step);
}

static GArray *
find_steps (const UtMesh *mesh, const UtPlane *plane)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_autofree gboolean *in_front = g_new (gboolean, mesh->n_vertices + 1);
  for (gsize v = 0; v < mesh->n_vertices; v++)
    in_front[v] = ut_plane_height (plane, ut_mesh_position (mesh, v)) >= 0;
  for (gsize t = 0; t < mesh->n_triangles; t++) {
    const guint32 *corners = mesh->triangles + 3 * t;
    guint n_front = (guint)(in_front[corners[0]] + in_front[corners[1]] + in_front[corners[2]]);
    if (n_front == 1 || n_front == 2)
      append_step (steps, mesh, corners, in_front);
  }
  return steps;
}

static void
append_point (GArray *points, guint first, UtVec3 p)
{
  if (points->len > first) {
    UtVec3 last = g_array_index (points, UtVec3, points->len - 1);
    if (ut_vec3_length (ut_vec3_sub (p, last)) == 0)
      return;
  }
  g_array_append_val (points, p);
}

/* Follows the steps from @step until they end or come back. */
static void
walk (Step *step, GHashTable *by_side, const UtPlane *plane, GArray *points, GArray *curves)
{
  const Step *start = step;
  UtSectionCurve curve = {.first = points->len};
  Side last = step->to;
  while (step != NULL && !step->walked) {
    step->walked = TRUE;
    append_point (points, curve.first, side_point (&step->from, plane));
    last = step->to;
    step = g_hash_table_lookup (by_side, &step->to);
  }
  curve.closed = step == start;
  if (!curve.closed)
    append_point (points, curve.first, side_point (&last, plane));
  curve.n_points = points->len - curve.first;
  if (curve.closed && curve.n_points > 1) {
    UtVec3 a = g_array_index (points, UtVec3, curve.first);
    UtVec3 b = g_array_index (points, UtVec3, points->len - 1);
    curve.n_points -= ut_vec3_length (ut_vec3_sub (a, b)) == 0;
  }
  guint least = curve.closed ? 3 : 2; /* fewer: the plane only touches a corner or a side */
  if (curve.n_points >= least)
    g_array_append_val (curves, curve);
  else
    curve.n_points = 0;
  g_array_set_size (points, curve.first + curve.n_points);
}

UtSection *
ut_section_new (const UtMesh *mesh, const UtPlane *plane)
{
  g_autoptr (GArray) steps = find_steps (mesh, plane);
  g_autoptr (GHashTable) by_side = g_hash_table_new (side_hash, side_equal);
  for (guint i = 0; i < steps->len; i++) {
    Step *step = &g_array_index (steps, Step, i);
    g_hash_table_insert (by_side, &step->from, step);
  }
  for (guint i = 0; i < steps->len; i++) {
    Step *next = g_hash_table_lookup (by_side, &g_array_index (steps, Step, i).to);
    if (next != NULL)
      next->entered = TRUE;
  }

  GArray *points = g_array_new (FALSE, FALSE, sizeof (UtVec3));
  GArray *curves = g_array_new (FALSE, FALSE, sizeof (UtSectionCurve));
  for (int loops = FALSE; loops <= TRUE; loops++) /* open curves from their beginnings first */
    for (guint i = 0; i < steps->len; i++) {
      Step *step = &g_array_index (steps, Step, i);
      if (!step->walked && (loops || !step->entered))
        walk (step, by_side, plane, points, curves);
    }
  UtSection *self = g_new0 (UtSection, 1);
  self->n_points = points->len;
  self->n_curves = curves->len;
  self->points = (UtVec3 *)g_array_free (points, FALSE);
  self->curves = (UtSectionCurve *)g_array_free (curves, FALSE);
  return self;
}

void
ut_section_free (UtSection *self)
{
  g_free (self->points);
  g_free (self->curves);
  g_free (self);
}

double
ut_section_length_mm (const UtSection *self)
{
  double sum = 0;
  for (gsize i = 0; i < self->n_curves; i++) {
    const UtSectionCurve *curve = &self->curves[i];
    const UtVec3 *p = self->points + curve->first;
    for (guint k = curve->closed ? 0 : 1; k < curve->n_points; k++)
      sum += ut_vec3_length (ut_vec3_sub (p[k], p[k > 0 ? k - 1 : curve->n_points - 1]));
  }
  return sum;
}

double
ut_section_area_mm2 (const UtSection *self, const UtPlane *plane)
{
  double twice = 0;
  for (gsize i = 0; i < self->n_curves; i++) {
    const UtSectionCurve *curve = &self->curves[i];
    const UtVec3 *p = self->points + curve->first;
    for (guint k = 1; curve->closed && k + 1 < curve->n_points; k++)
      twice += ut_vec3_dot (ut_vec3_cross (ut_vec3_sub (p[k], p[0]), ut_vec3_sub (p[k + 1], p[0])),
                            plane->normal);
  }
  return twice / 2;
}
