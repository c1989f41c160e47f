/* SPDX-License-Identifier: Apache-2.0 */
#include "render/ambient.h"

#include <cglm/cglm.h>
#include <string.h>

#include "engine/base/parallel.h"

#define SIDE     64 /* cells along each axis; a power of two */
#define MARGIN   6  /* empty cells round the surfaces */
#define N_LEVELS 4
#define N_CONES  20
#define N_STEPS  3

/* One step of a cone: how far out (cells), in which blur, and how much it counts there. */
static const struct {
  float distance;
  int level;
  float weight;
} steps[N_STEPS] = {{2.2f, 1, 0.55f}, {5.0f, 2, 0.75f}, {10.5f, 3, 0.8f}};

typedef struct Grid {
  vec3 origin;   /* mm, corner of the first cell */
  float cell_mm; /* side of a cell */
  float *levels[N_LEVELS];
} Grid;

static void
grid_clear (Grid *self)
{
  for (int l = 0; l < N_LEVELS; l++)
    g_free (self->levels[l]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Grid, grid_clear)

static gboolean
grid_place (Grid *self, const UtOccluder *occluders, guint n)
{
  UtVec3 low = {INFINITY, INFINITY, INFINITY}, high = {-INFINITY, -INFINITY, -INFINITY};
  for (guint i = 0; i < n; i++) {
    UtVec3 a, b;
    if (!ut_mesh_bounds (occluders[i].mesh, &a, &b))
      continue;
    low = ut_vec3 (MIN (low.x, a.x), MIN (low.y, a.y), MIN (low.z, a.z));
    high = ut_vec3 (MAX (high.x, b.x), MAX (high.y, b.y), MAX (high.z, b.z));
  }
  UtVec3 size = ut_vec3_sub (high, low);
  double side = MAX (size.x, MAX (size.y, size.z));
  if (!(side > 0) || !isfinite (side))
    return FALSE;

  self->cell_mm = side / (SIDE - 2 * MARGIN);
  vec3 middle = {(low.x + high.x) / 2, (low.y + high.y) / 2, (low.z + high.z) / 2};
  glm_vec3_subs (middle, self->cell_mm * SIDE / 2, self->origin);
  for (int l = 0; l < N_LEVELS; l++)
    self->levels[l] = g_new0 (float, (SIDE >> l) * (SIDE >> l) * (SIDE >> l));
  return TRUE;
}

/* Position in cells, with a column lattice that no vertex lies on by chance. */
static void
to_cells (const Grid *self, const float *p_mm, double ret[3])
{
  static const double shift[3] = {0.4930713, 0.5081931, 0.5};
  for (int c = 0; c < 3; c++)
    ret[c] = (p_mm[c] - self->origin[c]) / self->cell_mm - (c < 2 ? shift[c] : 0);
}

/* A column enters or leaves the solid at height z: everything above changes by sign. */
static void
cross_column (float *column, double z, float sign)
{
  int k = CLAMP ((int)floor (z), 0, SIDE - 2);
  float share = CLAMP (k + 1 - z, 0, 1);
  column[k] += sign * share;
  column[k + 1] += sign * (1 - share);
}

static double
edge (const double *a, const double *b, double x, double y)
{
  return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
}

static void
cross_triangle (float *winding, double a[3], double b[3], double c[3])
{
  double area = edge (a, b, c[0], c[1]);
  if (area == 0)
    return;

  /* anticlockwise from above looks up: leaving the solid */
  float sign = area > 0 ? -1 : 1;
  int x0 = MAX (0, (int)ceil (fmin (a[0], fmin (b[0], c[0]))));
  int x1 = MIN (SIDE - 1, (int)floor (fmax (a[0], fmax (b[0], c[0]))));
  int y0 = MAX (0, (int)ceil (fmin (a[1], fmin (b[1], c[1]))));
  int y1 = MIN (SIDE - 1, (int)floor (fmax (a[1], fmax (b[1], c[1]))));
  for (int y = y0; y <= y1; y++)
    for (int x = x0; x <= x1; x++) {
      double u = edge (b, c, x, y) / area, v = edge (c, a, x, y) / area, w = 1 - u - v;
      if (u >= 0 && v >= 0 && w >= 0)
        cross_column (winding + (y * SIDE + x) * SIDE, u * a[2] + v * b[2] + w * c[2], sign);
    }
}

/* Columns run along z, so cell (x, y, z) is at (y * SIDE + x) * SIDE + z. */
static void
grid_add (Grid *self, const UtOccluder *occluder)
{
  const UtMesh *mesh = occluder->mesh;
  g_autofree float *winding = g_new0 (float, SIDE *SIDE *SIDE);
  for (gsize t = 0; t < mesh->n_triangles; t++) {
    double corners[3][3];
    for (int i = 0; i < 3; i++)
      to_cells (self, mesh->positions + 3 * mesh->triangles[3 * t + i], corners[i]);
    cross_triangle (winding, corners[0], corners[1], corners[2]);
  }
  for (int column = 0; column < SIDE * SIDE; column++) {
    float inside = 0;
    for (int z = column * SIDE; z < (column + 1) * SIDE; z++) {
      inside += winding[z];
      float clear = 1 - occluder->density * CLAMP (inside, 0, 1);
      self->levels[0][z] = 1 - (1 - self->levels[0][z]) * clear;
    }
  }
}

static void
grid_blur (Grid *self)
{
  for (int l = 1; l < N_LEVELS; l++) {
    int n = SIDE >> l, m = 2 * n;
    const float *from = self->levels[l - 1];
    for (int y = 0; y < n; y++)
      for (int x = 0; x < n; x++)
        for (int z = 0; z < n; z++) {
          float sum = 0;
          for (int i = 0; i < 8; i++)
            sum += from[((2 * y + (i >> 1 & 1)) * m + 2 * x + (i & 1)) * m + 2 * z + (i >> 2)];
          self->levels[l][(y * n + x) * n + z] = sum / 8;
        }
  }
}

/* Trilinear; @p in cells of level 0. */
static float
grid_lookup (const Grid *self, int level, const float p[3])
{
  int n = SIDE >> level, base[3];
  float part[3];
  for (int c = 0; c < 3; c++) {
    float at = glm_clamp (p[c] / (1 << level) - 0.5f, 0, n - 1.001f);
    base[c] = at;
    part[c] = at - base[c];
  }
  const float *v = self->levels[level] + (base[1] * n + base[0]) * n + base[2];
  int dx = n, dy = n * n;
  float z00 = v[0] + part[2] * (v[1] - v[0]);
  float z10 = v[dx] + part[2] * (v[dx + 1] - v[dx]);
  float z01 = v[dy] + part[2] * (v[dy + 1] - v[dy]);
  float z11 = v[dy + dx] + part[2] * (v[dy + dx + 1] - v[dy + dx]);
  float y0 = z00 + part[0] * (z10 - z00), y1 = z01 + part[0] * (z11 - z01);
  return y0 + part[1] * (y1 - y0);
}

/* Corners of a dodecahedron: even over the sphere. */
static void
cone_directions (vec3 ret[N_CONES])
{
  const float g = 1.6180340f, h = 1 / g;
  int n = 0;
  for (int i = 0; i < 8; i++)
    glm_vec3_copy ((vec3){i & 1 ? 1 : -1, i & 2 ? 1 : -1, i & 4 ? 1 : -1}, ret[n++]);
  for (int axis = 0; axis < 3; axis++)
    for (int i = 0; i < 4; i++) {
      float *direction = ret[n++];
      direction[axis] = 0;
      direction[(axis + 1) % 3] = i & 1 ? h : -h;
      direction[(axis + 2) % 3] = i & 2 ? g : -g;
    }
  for (int i = 0; i < N_CONES; i++)
    glm_vec3_normalize (ret[i]);
}

static float
openness (const Grid *grid, vec3 cones[N_CONES], const float *position, const float *normal)
{
  vec3 p, start;
  float open = 0, total = 0;
  for (int c = 0; c < 3; c++)
    p[c] = (position[c] - grid->origin[c]) / grid->cell_mm;
  glm_vec3_copy (p, start);
  glm_vec3_muladds ((float *)normal, 0.6f, start);
  for (int i = 0; i < N_CONES; i++) {
    float weight = glm_vec3_dot ((float *)normal, cones[i]);
    if (weight <= 0)
      continue;
    float clear = 1;
    for (int s = 0; s < N_STEPS; s++) {
      vec3 at;
      glm_vec3_copy (start, at);
      glm_vec3_muladds (cones[i], steps[s].distance, at);
      clear *= 1 - steps[s].weight * grid_lookup (grid, steps[s].level, at);
    }
    open += weight * clear;
    total += weight;
  }
  return total > 0 ? open / total : 1;
}

typedef struct Receiver {
  const Grid *grid;
  vec3 *cones;
  const UtMesh *mesh;
  float *openness;
} Receiver;

static void
receive (gsize begin, gsize end, gpointer user_data)
{
  Receiver *self = user_data;
  const UtMesh *mesh = self->mesh;
  for (gsize v = begin; v < end; v++)
    self->openness[v] =
      openness (self->grid, self->cones, mesh->positions + 3 * v, mesh->normals + 3 * v);
}

void
ut_ambient_openness (const UtOccluder *occluders, guint n, float *const *ret_openness)
{
  g_auto (Grid) grid = {0};
  vec3 cones[N_CONES];
  if (!grid_place (&grid, occluders, n)) {
    for (guint i = 0; i < n; i++)
      for (gsize v = 0; v < occluders[i].mesh->n_vertices; v++)
        ret_openness[i][v] = 1;
    return;
  }

  for (guint i = 0; i < n; i++)
    if (occluders[i].density > 0)
      grid_add (&grid, &occluders[i]);
  grid_blur (&grid);
  cone_directions (cones);
  for (guint i = 0; i < n; i++) {
    Receiver receiver = {&grid, cones, occluders[i].mesh, ret_openness[i]};
    ut_parallel_for (occluders[i].mesh->n_vertices, 2048, receive, &receiver);
  }
}
