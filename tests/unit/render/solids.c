/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/render/solids.h"

typedef struct Surface {
  UtVec3 centre, a, b; /* sizes, or corners of a face */
  UtVec3 origin;
} Surface;

typedef void (*SurfaceFunc) (const Surface *self, double u, double v, UtVec3 *p, UtVec3 *n);

static void
put (float *to, UtVec3 v)
{
  to[0] = v.x;
  to[1] = v.y;
  to[2] = v.z;
}

/* Vertices of a grid of nu x nv squares over 0..1 x 0..1, from vertex @first on. */
static void
put_vertices (
  UtMesh *mesh, gsize first, guint nu, guint nv, SurfaceFunc func, const Surface *surface)
{
  for (guint i = 0; i <= nu; i++)
    for (guint j = 0; j <= nv; j++) {
      UtVec3 p, n;
      gsize vertex = first + i * (nv + 1) + j;
      func (surface, (double)i / nu, (double)j / nv, &p, &n);
      put (mesh->positions + 3 * vertex, p);
      put (mesh->normals + 3 * vertex, n);
    }
}

/* Anticlockwise where u x v looks out; a wrapped direction joins its last row to its first. */
static void
put_triangles (UtMesh *mesh, gsize first_triangle, gsize first, guint nu, guint nv, gboolean wrap)
{
  guint32 *to = mesh->triangles + 3 * first_triangle;
  for (guint i = 0; i < nu; i++)
    for (guint j = 0; j < nv; j++) {
      guint i1 = wrap ? (i + 1) % nu : i + 1, j1 = wrap ? (j + 1) % nv : j + 1;
      guint32 a = first + i * (nv + 1) + j, b = first + i1 * (nv + 1) + j;
      guint32 c = first + i1 * (nv + 1) + j1, d = first + i * (nv + 1) + j1;
      const guint32 both[6] = {a, b, c, a, c, d};
      for (int k = 0; k < 6; k++)
        *to++ = both[k];
    }
}

static void
sphere_at (const Surface *self, double u, double v, UtVec3 *p, UtVec3 *n)
{
  double theta = G_PI * u, phi = 2 * G_PI * v;
  *n = ut_vec3 (sin (theta) * cos (phi), sin (theta) * sin (phi), cos (theta));
  *p = ut_vec3_mad (self->centre, self->a.x, *n);
}

static void
torus_at (const Surface *self, double u, double v, UtVec3 *p, UtVec3 *n)
{
  double around = 2 * G_PI * u, tube = 2 * G_PI * v;
  UtVec3 out = ut_vec3 (cos (around), sin (around), 0);
  *n = ut_vec3_add (ut_vec3_scale (out, cos (tube)), ut_vec3 (0, 0, sin (tube)));
  *p = ut_vec3_mad (ut_vec3_mad (self->centre, self->a.x, out), self->a.y, *n);
}

static void
face_at (const Surface *self, double u, double v, UtVec3 *p, UtVec3 *n)
{
  *n = ut_vec3_normalise (ut_vec3_cross (self->a, self->b));
  *p = ut_vec3_mad (ut_vec3_mad (self->origin, u, self->a), v, self->b);
}

/* A pole is a ring of one point: its meridians meet, and half of its triangles vanish. */
static gsize
drop_flat_triangles (UtMesh *mesh)
{
  gsize kept = 0;
  for (gsize t = 0; t < mesh->n_triangles; t++) {
    guint32 *c = mesh->triangles + 3 * t;
    if (c[0] == c[1] || c[1] == c[2] || c[2] == c[0])
      continue;
    for (int k = 0; k < 3; k++)
      mesh->triangles[3 * kept + k] = c[k];
    kept++;
  }
  return kept;
}

UtMesh *
ut_solid_sphere (UtVec3 centre, double radius_mm, guint n)
{
  guint nv = 2 * n;
  Surface surface = {.centre = centre, .a = ut_vec3 (radius_mm, 0, 0)};
  UtMesh *mesh = ut_mesh_new (UT_MESH_FRAME_LPS, (n + 1) * (nv + 1), 2 * n * nv, NULL);
  put_vertices (mesh, 0, n, nv, sphere_at, &surface);
  put_triangles (mesh, 0, 0, n, nv, FALSE);
  for (gsize k = 0; k < 3 * mesh->n_triangles; k++) {
    guint32 ring = mesh->triangles[k] / (nv + 1), meridian = mesh->triangles[k] % (nv + 1);
    mesh->triangles[k] = ring * (nv + 1) + (ring == 0 || ring == n ? 0 : meridian % nv);
  }
  mesh->n_triangles = drop_flat_triangles (mesh);
  return mesh;
}

UtMesh *
ut_solid_torus (UtVec3 centre, double ring_mm, double tube_mm, guint n)
{
  guint nu = 3 * n;
  Surface surface = {.centre = centre, .a = ut_vec3 (ring_mm, tube_mm, 0)};
  UtMesh *mesh = ut_mesh_new (UT_MESH_FRAME_LPS, (nu + 1) * (n + 1), 2 * nu * n, NULL);
  put_vertices (mesh, 0, nu, n, torus_at, &surface);
  put_triangles (mesh, 0, 0, nu, n, TRUE);
  return mesh;
}

UtMesh *
ut_solid_box (UtVec3 low, UtVec3 high, guint n)
{
  UtVec3 d = ut_vec3_sub (high, low);
  UtVec3 x = ut_vec3 (d.x, 0, 0), y = ut_vec3 (0, d.y, 0), z = ut_vec3 (0, 0, d.z);
  const Surface faces[6] = {
    {.origin = low, .a = y, .b = x},
    {.origin = low, .a = z, .b = y},
    {.origin = low, .a = x, .b = z},
    {.origin = ut_vec3_add (low, z), .a = x, .b = y},
    {.origin = ut_vec3_add (low, x), .a = y, .b = z},
    {.origin = ut_vec3_add (low, y), .a = z, .b = x},
  };
  gsize face_vertices = (n + 1) * (n + 1), face_triangles = 2 * n * n;
  UtMesh *mesh = ut_mesh_new (UT_MESH_FRAME_LPS, 6 * face_vertices, 6 * face_triangles, NULL);
  for (int f = 0; f < 6; f++) {
    put_vertices (mesh, f * face_vertices, n, n, face_at, &faces[f]);
    put_triangles (mesh, f * face_triangles, f * face_vertices, n, n, FALSE);
  }
  return mesh;
}
