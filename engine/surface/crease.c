/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/crease.h"

#include <math.h>
#include <string.h>

#define N_LEVELS    4
#define CREASE_COS  0.93 /* between the normals of two triangles: 22 degrees */
#define TOLERANCE   0.04 /* voxels, from the middle of an edge to the surface */
#define SEARCH_STEP 0.1  /* voxels */
#define N_HALVINGS  6    /* of a step: to 0.002 voxels */
#define NONE        G_MAXUINT32

typedef struct Field {
  UtSurfaceValue value;
  gconstpointer user_data;
  double voxel_mm;
} Field;

/* One division of a mesh. Its half edges are numbered as ut_mesh_find_twins() has them. */
typedef struct Division {
  const UtMesh *mesh;
  const Field *field;
  gsize n_half_edges;
  guint32 *twins;
  gboolean *creased; /* [n_triangles]: beside a crease */
  guint32 *middles;  /* [n_half_edges]: the vertex that divides it; NONE */
  float *ways;       /* [n_half_edges]: from its middle to that vertex along the normal, mm */
  gsize n_middles;
} Division;

/* ---- where the surface is ----------------------------------------------------------- */

static gboolean
is_inside (const Field *self, UtVec3 p, UtVec3 direction, double way_mm)
{
  return self->value (ut_vec3_mad (p, way_mm, direction), self->user_data) > 0;
}

/* How far along the outward @normal the surface is, mm; 0 where it is nearer than the tolerance,
   or not within a voxel. */
static double
find_surface (const Field *self, UtVec3 p, UtVec3 normal)
{
  gboolean inside = is_inside (self, p, normal, 0);
  double outwards = self->voxel_mm * (inside ? 1 : -1), step = SEARCH_STEP * outwards;
  double near = TOLERANCE * outwards, far = step;
  if (is_inside (self, p, normal, near) != inside)
    return 0;
  while (is_inside (self, p, normal, far) == inside) {
    near = far;
    far += step;
    if (fabs (far) > self->voxel_mm)
      return 0;
  }
  for (int i = 0; i < N_HALVINGS; i++) {
    double middle = (near + far) / 2;
    if (is_inside (self, p, normal, middle) == inside)
      near = middle;
    else
      far = middle;
  }
  return near;
}

/* ---- which edges are divided -------------------------------------------------------- */

static UtVec3
face_normal (const UtMesh *mesh, gsize half_edge)
{
  return ut_vec3_normalise (ut_mesh_triangle_cross (mesh, half_edge / 3));
}

static void
find_creases (Division *self)
{
  for (gsize i = 0; i < self->n_half_edges; i++) {
    guint32 twin = self->twins[i];
    if (twin != NONE &&
        ut_vec3_dot (face_normal (self->mesh, i), face_normal (self->mesh, twin)) < CREASE_COS)
      self->creased[i / 3] = TRUE;
  }
}

/* Halfway between the @n numbers at one end of a half edge and those at the other. */
static void
mix (const UtMesh *mesh, gsize half_edge, const float *from, gsize n, float *ret)
{
  const guint32 *triangle = mesh->triangles + half_edge / 3 * 3;
  gsize a = triangle[half_edge % 3], b = triangle[(half_edge + 1) % 3];
  for (gsize c = 0; c < n; c++)
    ret[c] = (from[n * a + c] + from[n * b + c]) / 2;
}

/* Of the middle of a half edge, on the straight line */
static UtVec3
middle_position (const UtMesh *mesh, gsize half_edge)
{
  float p[3];
  mix (mesh, half_edge, mesh->positions, 3, p);
  return ut_vec3 (p[0], p[1], p[2]);
}

static UtVec3
middle_normal (const UtMesh *mesh, gsize half_edge)
{
  float n[3];
  mix (mesh, half_edge, mesh->normals, 3, n);
  return ut_vec3_normalise (ut_vec3 (n[0], n[1], n[2]));
}

/* A straight edge between two sides of a crease runs past it. */
static gboolean
runs_past (Division *self, gsize half_edge)
{
  self->ways[half_edge] = (float)find_surface (
    self->field, middle_position (self->mesh, half_edge), middle_normal (self->mesh, half_edge));
  return self->ways[half_edge] != 0;
}

/* An edge that is divided is so for both its triangles. */
static void
number_middles (Division *self)
{
  for (gsize i = 0; i < self->n_half_edges; i++)
    self->middles[i] = NONE;
  for (gsize i = 0; i < self->n_half_edges; i++) {
    guint32 twin = self->twins[i];
    if (twin == NONE || twin < i || !(self->creased[i / 3] || self->creased[twin / 3]) ||
        !runs_past (self, i))
      continue;
    self->middles[i] = self->middles[twin] = self->mesh->n_vertices + self->n_middles++;
  }
}

/* ---- the divided mesh --------------------------------------------------------------- */

static void
store (float *to, UtVec3 v)
{
  const float numbers[3] = {(float)v.x, (float)v.y, (float)v.z};
  memcpy (to, numbers, sizeof numbers);
}

static void
add_middle (const Division *self, UtMesh *mesh, gsize half_edge, gsize v)
{
  const UtMesh *old = self->mesh;
  UtVec3 normal = middle_normal (old, half_edge), p = middle_position (old, half_edge);
  store (mesh->positions + 3 * v, ut_vec3_mad (p, self->ways[half_edge], normal));
  store (mesh->normals + 3 * v, normal);
  for (guint i = 0; i < old->n_scalars; i++)
    mix (old, half_edge, old->scalars[i].values, 1, mesh->scalars[i].values + v);
}

static void
fill_vertices (const Division *self, UtMesh *mesh)
{
  const UtMesh *old = self->mesh;
  gsize n = old->n_vertices;
  memcpy (mesh->positions, old->positions, 3 * n * sizeof (float));
  memcpy (mesh->normals, old->normals, 3 * n * sizeof (float));
  for (guint i = 0; i < old->n_scalars; i++)
    memcpy (ut_mesh_add_scalar (mesh, old->scalars[i].name, old->scalars[i].unit),
            old->scalars[i].values,
            n * sizeof (float));
  gsize next = n; /* middles are numbered in this order */
  for (gsize i = 0; i < self->n_half_edges; i++)
    if (self->middles[i] == next)
      add_middle (self, mesh, i, next++);
}

/* Up to four triangles in place of one: @ret [4][3]; returns how many. */
static guint
divide_triangle (const guint32 *corners, const guint32 *middles, guint32 ret[12])
{
  guint n = 0, first = 0;
  for (guint k = 0; k < 3; k++)
    n += middles[k] != NONE;
  /* of one divided side that comes first, of two the whole one comes last */
  for (guint k = 0; k < 3; k++)
    if (n == 1 ? middles[k] != NONE : n == 2 && middles[(k + 2) % 3] == NONE)
      first = k;
  guint32 a = corners[first], b = corners[(first + 1) % 3], c = corners[(first + 2) % 3];
  guint32 ab = middles[first], bc = middles[(first + 1) % 3], ca = middles[(first + 2) % 3];
  const guint32 parts[4][12] = {
    {a, b, c},
    {a, ab, c, ab, b, c},
    {ab, b, bc, a, ab, bc, a, bc, c},
    {a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca},
  };
  memcpy (ret, parts[n], 3 * (n + 1) * sizeof *ret);
  return n + 1;
}

static void
fill_triangles (const Division *self, UtMesh *mesh)
{
  guint32 *to = mesh->triangles;
  for (gsize t = 0; t < self->mesh->n_triangles; t++) {
    guint32 parts[12];
    guint n = divide_triangle (self->mesh->triangles + 3 * t, self->middles + 3 * t, parts);
    memcpy (to, parts, 3 * n * sizeof *to);
    to += 3 * n;
  }
}

static UtMesh *
divide (const UtMesh *self, const Field *field, GError **error)
{
  gsize n_half_edges = 3 * self->n_triangles, n_triangles = self->n_triangles;
  g_autofree guint32 *twins = ut_mesh_find_twins (self);
  g_autofree gboolean *creased = g_new0 (gboolean, n_triangles + 1);
  g_autofree guint32 *middles = g_new (guint32, n_half_edges + 1);
  g_autofree float *ways = g_new (float, n_half_edges + 1);
  Division work = {self, field, n_half_edges, twins, creased, middles, ways, 0};
  find_creases (&work);
  number_middles (&work);
  for (gsize i = 0; i < n_half_edges; i++)
    n_triangles += middles[i] != NONE;
  UtMesh *mesh = ut_mesh_new (self->frame, self->n_vertices + work.n_middles, n_triangles, error);
  if (mesh == NULL)
    return NULL;
  mesh->note = g_strdup (self->note);
  fill_vertices (&work, mesh);
  fill_triangles (&work, mesh);
  return mesh;
}

UtMesh *
ut_mesh_with_creases (const UtMesh *self,
                      UtSurfaceValue value,
                      gconstpointer user_data,
                      double voxel_mm,
                      GError **error)
{
  const Field field = {value, user_data, voxel_mm};
  UtMesh *mesh = divide (self, &field, error);
  gsize before = self->n_vertices;
  for (int level = 1; mesh != NULL && mesh->n_vertices > before && level < N_LEVELS; level++) {
    UtMesh *finer = divide (mesh, &field, error);
    before = mesh->n_vertices;
    ut_mesh_unref (mesh);
    mesh = finer;
  }
  return mesh;
}
