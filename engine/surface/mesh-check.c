/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh.h"

/* A half edge's two ends, in the direction in which its triangle runs. */
static void
half_edge_ends (const UtMesh *self, guint32 half_edge, guint32 ret_ends[2])
{
  guint32 first = half_edge - half_edge % 3;
  ret_ends[0] = self->triangles[half_edge];
  ret_ends[1] = self->triangles[first + (half_edge + 1) % 3];
}

static guint32
half_edge_key (const UtMesh *self, guint32 half_edge, gboolean larger)
{
  guint32 ends[2];
  half_edge_ends (self, half_edge, ends);
  return larger ? MAX (ends[0], ends[1]) : MIN (ends[0], ends[1]);
}

/* Stable counting sort of half edges by their smaller or larger end. */
static void
sort_half_edges (const UtMesh *self, gboolean larger, const guint32 *from, guint32 *to)
{
  guint32 n = 3 * (guint32)self->n_triangles;
  g_autofree guint32 *first = g_new0 (guint32, self->n_vertices + 1);
  for (guint32 i = 0; i < n; i++)
    first[half_edge_key (self, i, larger) + 1]++;
  for (gsize i = 0; i < self->n_vertices; i++)
    first[i + 1] += first[i];
  for (guint32 i = 0; i < n; i++) {
    guint32 half_edge = from != NULL ? from[i] : i;
    to[first[half_edge_key (self, half_edge, larger)]++] = half_edge;
  }
}

/* Half edges in an order in which those along one edge stand side by side. */
static guint32 *
half_edges_by_edge (const UtMesh *self)
{
  g_autofree guint32 *by_larger = g_new (guint32, 3 * self->n_triangles);
  guint32 *sorted = g_new (guint32, 3 * self->n_triangles);
  sort_half_edges (self, TRUE, NULL, by_larger);
  sort_half_edges (self, FALSE, by_larger, sorted);
  return sorted;
}

/* One past the last half edge of the group that begins at @begin. */
static guint32
group_end (const UtMesh *self, const guint32 *sorted, guint32 begin)
{
  guint32 n = 3 * (guint32)self->n_triangles, end = begin + 1;
  guint32 low = half_edge_key (self, sorted[begin], FALSE);
  guint32 high = half_edge_key (self, sorted[begin], TRUE);
  while (end < n && half_edge_key (self, sorted[end], FALSE) == low &&
         half_edge_key (self, sorted[end], TRUE) == high)
    end++;
  return end;
}

static gboolean
is_pair (const UtMesh *self, const guint32 *sorted, guint32 begin, guint32 end)
{
  if (end - begin != 2)
    return FALSE;
  guint32 a[2], b[2];
  half_edge_ends (self, sorted[begin], a);
  half_edge_ends (self, sorted[begin + 1], b);
  return a[0] == b[1] && a[1] == b[0] && a[0] != a[1];
}

guint32 *
ut_mesh_find_twins (const UtMesh *self)
{
  guint32 n = 3 * (guint32)self->n_triangles;
  g_autofree guint32 *sorted = half_edges_by_edge (self);
  guint32 *twins = g_new (guint32, n);
  for (guint32 begin = 0, end; begin < n; begin = end) {
    end = group_end (self, sorted, begin);
    gboolean pair = is_pair (self, sorted, begin, end);
    for (guint32 i = begin; i < end; i++)
      twins[sorted[i]] = pair ? sorted[begin + end - 1 - i] : G_MAXUINT32;
  }
  return twins;
}

/* Union-find with path halving (Tarjan & van Leeuwen, JACM 31(2), 1984). */
static guint32
find_root (guint32 *parents, guint32 i)
{
  while (parents[i] != i)
    i = parents[i] = parents[parents[i]];
  return i;
}

static void
count_parts (const UtMesh *self, UtMeshCheck *check)
{
  g_autofree guint32 *parents = g_new (guint32, self->n_vertices);
  for (gsize i = 0; i < self->n_vertices; i++)
    parents[i] = G_MAXUINT32;
  for (gsize i = 0; i < 3 * self->n_triangles; i++)
    parents[self->triangles[i]] = self->triangles[i];
  for (gsize i = 0; i < self->n_triangles; i++) {
    const guint32 *t = self->triangles + 3 * i;
    for (int k = 1; k < 3; k++)
      parents[find_root (parents, t[k])] = find_root (parents, t[0]);
  }
  for (gsize i = 0; i < self->n_vertices; i++) {
    check->n_unused += parents[i] == G_MAXUINT32;
    check->n_parts += parents[i] == i;
  }
}

void
ut_mesh_check (const UtMesh *self, UtMeshCheck *ret_check)
{
  UtMeshCheck check = {0};
  guint32 n = 3 * (guint32)self->n_triangles;
  g_autofree guint32 *sorted = half_edges_by_edge (self);
  for (guint32 begin = 0, end; begin < n; begin = end) {
    end = group_end (self, sorted, begin);
    check.n_edges++;
    check.n_open_edges += end - begin == 1;
    check.n_bad_edges += end - begin > 1 && !is_pair (self, sorted, begin, end);
  }
  count_parts (self, &check);
  check.euler =
    (gssize)(self->n_vertices - check.n_unused) - (gssize)check.n_edges + (gssize)self->n_triangles;
  check.closed = check.n_open_edges == 0 && check.n_bad_edges == 0;
  *ret_check = check;
}
