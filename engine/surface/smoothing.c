/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/smoothing.h"

#include "engine/base/parallel.h"

#define LAMBDA    0.5
#define PASS_BAND 0.1
#define MU        (1 / (PASS_BAND - 1 / LAMBDA))

typedef struct Smoothing {
  guint32 *first;      /* [n_vertices + 1] where a vertex's neighbours begin */
  guint32 *neighbours; /* one per half edge that starts at the vertex */
  const float *from;   /* [n_vertices][3] */
  float *to;
  double factor;
} Smoothing;

/* On a closed mesh the half edges that start at a vertex lead to each neighbour once. */
static void
find_neighbours (Smoothing *self, const UtMesh *mesh)
{
  gsize n = 3 * mesh->n_triangles;
  self->first = g_new0 (guint32, mesh->n_vertices + 2);
  self->neighbours = g_new (guint32, n);
  guint32 *next = self->first + 1; /* after filling, next[v] has become first[v + 1] */
  for (gsize h = 0; h < n; h++)
    next[mesh->triangles[h] + 1]++;
  for (gsize v = 0; v < mesh->n_vertices; v++)
    next[v + 1] += next[v];
  for (gsize h = 0; h < n; h++)
    self->neighbours[next[mesh->triangles[h]]++] = mesh->triangles[h - h % 3 + (h + 1) % 3];
}

static void
move_vertices (gsize begin, gsize end, gpointer user_data)
{
  const Smoothing *self = user_data;
  for (gsize v = begin; v < end; v++) {
    double sums[3] = {0};
    guint32 n = self->first[v + 1] - self->first[v];
    for (guint32 i = self->first[v]; i < self->first[v + 1]; i++)
      for (int axis = 0; axis < 3; axis++)
        sums[axis] += (double)self->from[3 * (gsize)self->neighbours[i] + (gsize)axis];
    for (gsize axis = 0; axis < 3; axis++) {
      double p = (double)self->from[3 * v + axis];
      double mean = n > 0 ? sums[axis] / n : p;
      self->to[3 * v + axis] = (float)(p + self->factor * (mean - p));
    }
  }
}

UtMesh *
ut_mesh_smooth (const UtMesh *self, guint n_steps, GError **error)
{
  g_autoptr (UtMesh) smooth = ut_mesh_copy (self, error);
  if (smooth == NULL)
    return NULL;
  Smoothing work = {0};
  find_neighbours (&work, self);
  g_autofree float *other = g_new (float, 3 * MAX (self->n_vertices, 1));
  for (guint step = 0; step < n_steps; step++) {
    work.from = smooth->positions;
    work.to = other;
    work.factor = LAMBDA;
    ut_parallel_for (self->n_vertices, 1024, move_vertices, &work);
    work.from = other;
    work.to = smooth->positions;
    work.factor = MU;
    ut_parallel_for (self->n_vertices, 1024, move_vertices, &work);
  }
  g_free (work.first);
  g_free (work.neighbours);
  ut_mesh_compute_normals (smooth);
  return g_steal_pointer (&smooth);
}
