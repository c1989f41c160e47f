/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/marching-cubes.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/parallel.h"
#include "engine/base/words.h"
#include "engine/surface/marching-cubes-table.h"

/* Vertices keep this share of a voxel edge away from its ends, so that no
 * triangle has two corners in one place: 3 um on the 3 mm grid. */
#define END_MARGIN 1e-3

/* Output of one row of cells: counts first, then, summed up, where it begins. */
typedef struct Row {
  guint32 first_along[3]; /* vertices on its own x, y and z edges */
  guint32 first_centre;
  guint32 n_triangles;
  gsize first_triangle;
} Row;

/* The grid with one layer of outside round it, so that every surface closes.
 * Point (x, y, z) of it is voxel (x - 1, y - 1, z - 1). */
typedef struct Grid {
  const UtVolume *volume;
  guint8 label;      /* for label volumes */
  float iso;         /* for float volumes */
  gsize dims[3];     /* points, border included */
  gsize row_words;   /* 64-bit words per row of sign bits */
  guint64 *bits;     /* [z][y][row_words] set where inside */
  Row *rows;         /* [z][y] rows of cells */
  gint bad_value;    /* atomic: a value is not finite */
  gboolean mirrored; /* the affine turns left hands into right ones */
  UtAffine m_normal; /* gradients to normals: transposed inverse */
  UtMesh *mesh;
} Grid;

/* Four neighbouring rows of sign bits: the walls of a row of cells. */
typedef struct CellRow {
  const guint64 *walls[4]; /* (y, z), (y + 1, z), (y, z + 1), (y + 1, z + 1) */
} CellRow;

static gsize
row_index (const Grid *self, gsize y, gsize z)
{
  return z * self->dims[1] + y;
}

/* value - iso at a point; the border is as far outside as the voxel next to it is from the
 * surface, so that an edge cut there is cut in the middle, where the voxel ends */
static float
value_at (const Grid *self, gsize x, gsize y, gsize z)
{
  gsize p[3] = {x, y, z};
  gboolean border = FALSE;
  for (int axis = 0; axis < 3; axis++) {
    gsize clamped = CLAMP (p[axis], 1, self->dims[axis] - 2);
    border |= clamped != p[axis];
    p[axis] = clamped;
  }
  gsize i = ut_volume_index (self->volume, p[0] - 1, p[1] - 1, p[2] - 1);
  float value;
  if (self->volume->type == UT_VOXEL_U8)
    value = self->volume->u8[i] == self->label ? 1 : -1;
  else
    value = self->volume->f32[i] - self->iso;
  return border ? -fabsf (value) : value;
}

/* Eight bytes of 0 or 1 to eight bits, the first lowest. */
static guint64
pack_bytes (const guint8 *flags)
{
  guint64 word;
  memcpy (&word, flags, 8);
  return (GUINT64_FROM_LE (word) * G_GUINT64_CONSTANT (0x0102040810204080)) >> 56;
}

/* Flags which of up to 64 voxels are inside; FALSE where one is not finite. */
static inline gboolean
flag_voxels (const Grid *self, gsize voxel, gsize n, guint8 flags[64])
{
  if (self->volume->type == UT_VOXEL_U8) {
    const guint8 *labels = self->volume->u8 + voxel;
    for (gsize i = 0; i < n; i++)
      flags[i] = labels[i] == self->label;
    return TRUE;
  }
  const float *values = self->volume->f32 + voxel;
  guint8 bad = 0;
  for (gsize i = 0; i < n; i++) {
    flags[i] = values[i] - self->iso > 0;
    bad |= !(fabsf (values[i]) <= G_MAXFLOAT);
  }
  return !bad;
}

static void
find_signs (gsize begin, gsize end, gpointer user_data)
{
  Grid *self = user_data;
  const gsize *dims = self->volume->dims;
  for (gsize row = begin; row < end; row++) {
    gsize y = row % dims[1], z = row / dims[1];
    guint64 *bits = self->bits + row_index (self, y + 1, z + 1) * self->row_words;
    for (gsize x = 0; x < dims[0]; x += 64) {
      guint8 flags[64] = {0};
      gsize voxel = row * dims[0] + x, n = MIN (64, dims[0] - x);
      /* with a fixed count the compiler takes many voxels at a time */
      if (n == 64 ? !flag_voxels (self, voxel, 64, flags) : !flag_voxels (self, voxel, n, flags))
        g_atomic_int_set (&self->bad_value, TRUE);
      guint64 word = 0;
      for (int k = 0; k < 8; k++)
        word |= pack_bytes (flags + 8 * k) << (8 * k);
      /* one bit up: point 0 is border */
      bits[x / 64] |= word << 1;
      if (x / 64 + 1 < self->row_words)
        bits[x / 64 + 1] |= word >> 63;
    }
  }
}

static CellRow
cell_row (const Grid *self, gsize y, gsize z)
{
  const guint64 *first = self->bits + row_index (self, y, z) * self->row_words;
  gsize up = self->dims[1] * self->row_words;
  return (CellRow){{first, first + self->row_words, first + up, first + up + self->row_words}};
}

/* Word @w of a row moved by one point: bit i tells of point i + 1. */
static guint64
next_points (const Grid *self, const guint64 *row, gsize w)
{
  return row[w] >> 1 | (w + 1 < self->row_words ? row[w + 1] << 63 : 0);
}

/* The eight walls of 64 cells: corner c of cell i is bit i of ret_corners[c]. Returns the cells
 * that the surface crosses. */
static guint64
gather_corners (const Grid *self, const CellRow *row, gsize w, guint64 ret_corners[8])
{
  guint64 any = 0, all = ~G_GUINT64_CONSTANT (0);
  for (int wall = 0; wall < 4; wall++) {
    guint64 here = row->walls[wall][w], next = next_points (self, row->walls[wall], w);
    ret_corners[2 * wall] = here;
    ret_corners[2 * wall + 1] = next;
    any |= here | next;
    all &= here & next;
  }
  return any & ~all;
}

static guint
configuration (const guint64 corners[8], guint bit)
{
  guint config = 0;
  for (guint c = 0; c < 8; c++)
    config |= (guint)(corners[c] >> bit & 1) << c;
  return config;
}

/* Asymptotic decider: the inside corners of a face are joined where the bilinear
 * interpolant is inside at its saddle point. Products of floats are exact in double, so both
 * cells of the face decide alike. */
static const UtCubeCase *
find_case (const Grid *self, const UtCubeTable *table, guint config, const gsize cell[3])
{
  guint choice = 0, k = 0;
  for (guint faces = table->ambiguous[config]; faces != 0; faces &= faces - 1, k++) {
    const guint8 *ring = table->face_corners[__builtin_ctz (faces)];
    double v[4];
    for (int i = 0; i < 4; i++)
      v[i] = value_at (
        self, cell[0] + (ring[i] & 1), cell[1] + (ring[i] >> 1 & 1), cell[2] + (ring[i] >> 2));
    double even = v[0] * v[2], odd = v[1] * v[3];
    gboolean joined = v[0] > 0 ? even > odd : odd > even;
    choice |= (guint)joined << k;
  }
  return &table->cases[table->first[config] + choice];
}

static void
count_rows (gsize begin, gsize end, gpointer user_data)
{
  Grid *self = user_data;
  const UtCubeTable *table = ut_cube_table ();
  for (gsize i = begin; i < end; i++) {
    gsize y = i % (self->dims[1] - 1), z = i / (self->dims[1] - 1);
    CellRow row = cell_row (self, y, z);
    Row *counts = &self->rows[row_index (self, y, z)];
    for (gsize w = 0; w < self->row_words; w++) {
      guint64 corners[8];
      guint64 active = gather_corners (self, &row, w, corners);
      if (active == 0)
        continue;
      for (int axis = 0; axis < 3; axis++)
        counts->first_along[axis] +=
          (guint32)__builtin_popcountll (corners[0] ^ corners[(gsize)1 << axis]);
      for (; active != 0; active &= active - 1) {
        guint bit = (guint)__builtin_ctzll (active);
        gsize cell[3] = {64 * w + bit, y, z};
        const UtCubeCase *cube = find_case (self, table, configuration (corners, bit), cell);
        counts->n_triangles += cube->n_triangles;
        counts->first_centre += cube->centre_edges != 0;
      }
    }
  }
}

/* Turns the counts of all rows into places in the mesh and makes the mesh. */
static gboolean
lay_out_mesh (Grid *self, UtMeshFrame frame, GError **error)
{
  gsize n_vertices = 0, n_triangles = 0;
  for (gsize i = 0; i < self->dims[1] * self->dims[2]; i++) {
    Row *row = &self->rows[i];
    guint32 *counts[4] = {
      &row->first_along[0], &row->first_along[1], &row->first_along[2], &row->first_centre};
    for (int k = 0; k < 4; k++) {
      gsize n = *counts[k];
      *counts[k] = (guint32)n_vertices; /* a mesh too large for it is refused below */
      n_vertices += n;
    }
    row->first_triangle = n_triangles;
    n_triangles += row->n_triangles;
  }
  self->mesh = ut_mesh_new (frame, n_vertices, n_triangles, error);
  return self->mesh != NULL;
}

/* value_at() off the border, by the voxel's place in memory */
static inline double
inner_value (const Grid *self, gsize voxel)
{
  if (self->volume->type == UT_VOXEL_F32)
    return (double)(self->volume->f32[voxel] - self->iso);
  return self->volume->u8[voxel] == self->label ? 1 : -1;
}

/* gradient_at() at least one voxel off the border */
static inline UtVec3
inner_gradient (const Grid *self, gsize voxel)
{
  const gsize *dims = self->volume->dims;
  gsize row = dims[0], slice = dims[0] * dims[1];
  return ut_vec3 ((inner_value (self, voxel + 1) - inner_value (self, voxel - 1)) / 2,
                  (inner_value (self, voxel + row) - inner_value (self, voxel - row)) / 2,
                  (inner_value (self, voxel + slice) - inner_value (self, voxel - slice)) / 2);
}

/* Central differences per voxel, one-sided at the border. */
static UtVec3
gradient_at (const Grid *self, const gsize p[3])
{
  double g[3];
  for (int axis = 0; axis < 3; axis++) {
    gsize low[3] = {p[0], p[1], p[2]}, high[3] = {p[0], p[1], p[2]};
    low[axis] -= p[axis] > 0;
    high[axis] += p[axis] + 1 < self->dims[axis];
    g[axis] = ((double)value_at (self, high[0], high[1], high[2]) -
               (double)value_at (self, low[0], low[1], low[2])) /
              (double)(high[axis] - low[axis]);
  }
  return ut_vec3 (g[0], g[1], g[2]);
}

/* A voxel edge: values and gradients at its two ends. */
typedef struct EdgeEnds {
  double a, b;
  UtVec3 gradient_a, gradient_b;
} EdgeEnds;

static EdgeEnds
edge_ends (const Grid *self, const gsize point[3], int axis)
{
  const gsize *dims = self->volume->dims;
  const gsize steps[3] = {1, dims[0], dims[0] * dims[1]};
  gboolean inner = TRUE;
  for (int i = 0; i < 3; i++)
    inner &= point[i] >= 2 && point[i] + 1 < dims[i];
  if (inner) {
    gsize voxel = ut_volume_index (self->volume, point[0] - 1, point[1] - 1, point[2] - 1);
    gsize next = voxel + steps[axis];
    return (EdgeEnds){inner_value (self, voxel),
                      inner_value (self, next),
                      inner_gradient (self, voxel),
                      inner_gradient (self, next)};
  }
  gsize next[3] = {point[0], point[1], point[2]};
  next[axis]++;
  return (EdgeEnds){(double)value_at (self, point[0], point[1], point[2]),
                    (double)value_at (self, next[0], next[1], next[2]),
                    gradient_at (self, point),
                    gradient_at (self, next)};
}

static void
set_vertex (const Grid *self, gsize vertex, UtVec3 p_voxel, UtVec3 gradient)
{
  UtVec3 p = ut_affine_point (&self->volume->m_patient_from_voxel, p_voxel);
  UtVec3 n = ut_vec3_normalise (ut_affine_direction (&self->m_normal, gradient));
  float *position = self->mesh->positions + 3 * vertex, *normal = self->mesh->normals + 3 * vertex;
  position[0] = (float)p.x;
  position[1] = (float)p.y;
  position[2] = (float)p.z;
  normal[0] = (float)-n.x;
  normal[1] = (float)-n.y;
  normal[2] = (float)-n.z;
}

/* Where the surface cuts the voxel edge from @point to the next along @axis, in voxels. */
static void
cut_edge (
  const Grid *self, const gsize point[3], int axis, UtVec3 *ret_p_voxel, UtVec3 *ret_gradient)
{
  EdgeEnds ends = edge_ends (self, point, axis);
  double t = CLAMP (ends.a / (ends.a - ends.b), END_MARGIN, 1 - END_MARGIN);
  double along[3] = {axis == 0, axis == 1, axis == 2};
  UtVec3 step = ut_vec3 (along[0], along[1], along[2]);
  /* point 0 is voxel -1 */
  UtVec3 p_voxel = ut_vec3 (point[0] - 1.0, point[1] - 1.0, point[2] - 1.0);
  *ret_p_voxel = ut_vec3_mad (p_voxel, t, step);

  UtVec3 gradient = ut_vec3_mad (ut_vec3_scale (ends.gradient_a, 1 - t), t, ends.gradient_b);
  gboolean flat = ut_vec3_dot (gradient, gradient) == 0;
  *ret_gradient = flat ? ut_vec3_scale (step, ends.b - ends.a) : gradient;
}

/* The vertex in the middle of a cell, at the mean of those on some of its edges. */
static void
fill_centre (const Grid *self, gsize vertex, const gsize cell[3], guint edges)
{
  const UtCubeTable *table = ut_cube_table ();
  UtVec3 p_sum = {0}, gradient_sum = {0};
  double n = 0;
  for (; edges != 0; edges &= edges - 1, n++) {
    int edge = __builtin_ctz (edges);
    guint c = table->edge_corners[edge][0];
    gsize point[3] = {cell[0] + (c & 1), cell[1] + (c >> 1 & 1), cell[2] + (c >> 2)};
    UtVec3 p, gradient;
    cut_edge (self, point, edge / 4, &p, &gradient);
    p_sum = ut_vec3_add (p_sum, p);
    gradient_sum = ut_vec3_add (gradient_sum, gradient);
  }
  set_vertex (self, vertex, ut_vec3_scale (p_sum, 1 / n), gradient_sum);
}

/* Numbers of the next vertex on each of the 12 kinds of edges, the next centre and the next
 * triangle, as the cells of a row are passed from left to right. */
typedef struct Cursor {
  guint32 next[12];
  guint32 centre;
  gsize triangle;
} Cursor;

static Cursor
row_cursor (const Grid *self, gsize y, gsize z)
{
  const Row *own = &self->rows[row_index (self, y, z)];
  Cursor cursor = {.centre = own->first_centre, .triangle = own->first_triangle};
  for (guint k = 0; k < 4; k++) {
    const Row *x_row = &self->rows[row_index (self, y + (k & 1), z + (k >> 1))];
    const Row *y_row = &self->rows[row_index (self, y, z + (k >> 1))];
    const Row *z_row = &self->rows[row_index (self, y + (k >> 1), z)];
    cursor.next[k] = x_row->first_along[0];
    cursor.next[4 + k] = y_row->first_along[1];
    cursor.next[8 + k] = z_row->first_along[2];
  }
  return cursor;
}

/* Vertex numbers of a cell's edges. Every cut edge of a row belongs to a cell that is visited,
 * so counting what has been passed is enough. */
static void
number_edges (Cursor *cursor, guint cut_edges, guint32 ret_vertices[UT_CUBE_CENTRE + 1])
{
  for (guint k = 0; k < 4; k++) {
    ret_vertices[k] = cursor->next[k];
    cursor->next[k] += cut_edges >> k & 1;
  }
  for (guint k = 4; k < 12; k += 2) {
    /* edges k and k + 1 lie in one row, at x and at x + 1 */
    ret_vertices[k] = cursor->next[k];
    cursor->next[k] += cut_edges >> k & 1;
    ret_vertices[k + 1] = cursor->next[k];
  }
}

/* A cell makes the vertices on the three edges that start at its lowest corner, and its centre. */
static void
fill_cell (const Grid *self, const gsize cell[3], guint config, Cursor *cursor)
{
  const UtCubeTable *table = ut_cube_table ();
  const UtCubeCase *cube = find_case (self, table, config, cell);
  guint cut = table->cut_edges[config];
  guint32 vertices[UT_CUBE_CENTRE + 1];
  number_edges (cursor, cut, vertices);
  for (int axis = 0; axis < 3; axis++)
    if (cut >> (4 * axis) & 1) {
      UtVec3 p, gradient;
      cut_edge (self, cell, axis, &p, &gradient);
      set_vertex (self, vertices[4 * axis], p, gradient);
    }
  vertices[UT_CUBE_CENTRE] = cursor->centre;
  if (cube->centre_edges != 0)
    fill_centre (self, cursor->centre++, cell, cube->centre_edges);

  guint32 *triangle = self->mesh->triangles + 3 * cursor->triangle;
  guint second = self->mirrored ? 2 : 1;
  for (guint i = 0; i < cube->n_triangles; i++, triangle += 3) {
    triangle[0] = vertices[cube->corners[i][0]];
    triangle[second] = vertices[cube->corners[i][1]];
    triangle[3 - second] = vertices[cube->corners[i][2]];
  }
  cursor->triangle += cube->n_triangles;
}

static void
fill_rows (gsize begin, gsize end, gpointer user_data)
{
  const Grid *self = user_data;
  for (gsize i = begin; i < end; i++) {
    gsize y = i % (self->dims[1] - 1), z = i / (self->dims[1] - 1);
    if (self->rows[row_index (self, y, z)].n_triangles == 0)
      continue;
    CellRow row = cell_row (self, y, z);
    Cursor cursor = row_cursor (self, y, z);
    for (gsize w = 0; w < self->row_words; w++) {
      guint64 corners[8];
      guint64 active = gather_corners (self, &row, w, corners);
      for (; active != 0; active &= active - 1) {
        guint bit = (guint)__builtin_ctzll (active);
        gsize cell[3] = {64 * w + bit, y, z};
        fill_cell (self, cell, configuration (corners, bit), &cursor);
      }
    }
  }
}

static gboolean
prepare_grid (Grid *self, GError **error)
{
  for (int axis = 0; axis < 3; axis++)
    self->dims[axis] = self->volume->dims[axis] + 2;
  self->row_words = (self->dims[0] + 63) / 64;
  gsize n_rows = self->dims[1] * self->dims[2];
  self->bits = g_try_new0 (guint64, n_rows * self->row_words);
  self->rows = g_try_new0 (Row, n_rows);
  if (self->bits == NULL || self->rows == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_MEMORY,
                 ut_words ("no memory to make a surface of %zu x %zu x %zu voxels"),
                 self->volume->dims[0],
                 self->volume->dims[1],
                 self->volume->dims[2]);
    return FALSE;
  }
  const UtAffine *m = &self->volume->m_patient_from_voxel;
  UtAffine inverse;
  ut_affine_invert (m, &inverse); /* ut_volume_new() refused singular ones */
  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 3; k++)
      self->m_normal.m[i][k] = inverse.m[k][i];
  self->mirrored = ut_affine_determinant (m) < 0;
  return TRUE;
}

static UtMesh *
march (Grid *self, UtMeshFrame frame, GError **error)
{
  const gsize *dims = self->volume->dims;
  if (prepare_grid (self, error)) {
    ut_parallel_for (dims[1] * dims[2], 64, find_signs, self);
    if (self->bad_value) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("a value of the field to make a surface of is not finite"));
    } else {
      gsize n_rows = (self->dims[1] - 1) * (self->dims[2] - 1);
      ut_parallel_for (n_rows, 64, count_rows, self);
      if (lay_out_mesh (self, frame, error))
        ut_parallel_for (n_rows, 64, fill_rows, self);
    }
  }
  g_free (self->bits);
  g_free (self->rows);
  return self->mesh;
}

UtMesh *
ut_mesh_from_field (const UtVolume *field, double iso, UtMeshFrame frame, GError **error)
{
  if (field->type != UT_VOXEL_F32) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("a surface at a value needs a float volume, this one holds labels"));
    return NULL;
  }
  if (!(fabs (iso) <= G_MAXFLOAT)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("surface wanted at a value that is not finite"));
    return NULL;
  }
  Grid grid = {.volume = field, .iso = (float)iso};
  return march (&grid, frame, error);
}

UtMesh *
ut_mesh_from_labels (const UtVolume *labels, guint8 label, UtMeshFrame frame, GError **error)
{
  if (labels->type != UT_VOXEL_U8) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("a surface of a label needs a label volume, this one holds floats"));
    return NULL;
  }
  Grid grid = {.volume = labels, .label = label};
  return march (&grid, frame, error);
}
