/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/marching-cubes-table.h"

/* A closed polygon of cut edges within one cell. */
typedef struct Loop {
  guint n;
  guint8 edges[12];
} Loop;

static guint
edge_between (guint a, guint b)
{
  guint low = MIN (a, b), axis = (a ^ b) >> 1; /* 1, 2, 4 to 0, 1, 2 */
  switch (axis) {
  case 0:
    return low >> 1;
  case 1:
    return 4 + ((low & 1) | (low >> 1 & 2));
  default:
    return 8 + (low & 3);
  }
}

static void
number_cube (UtCubeTable *table)
{
  for (guint corner = 0; corner < 8; corner++)
    for (guint axis = 0; axis < 3; axis++) {
      guint other = corner | 1u << axis;
      if (other == corner)
        continue;
      guint8 *ends = table->edge_corners[edge_between (corner, other)];
      ends[0] = (guint8)corner;
      ends[1] = (guint8)other;
    }
  for (guint face = 0; face < 6; face++) {
    guint axis = face / 2, side = face % 2;
    guint u = 1u << (axis + 1) % 3, v = 1u << (axis + 2) % 3;
    guint ring[4] = {0, u, u | v, v}; /* anticlockwise seen from the far side of the axis */
    for (guint i = 0; i < 4; i++)
      table->face_corners[face][i] = (guint8)(side << axis | ring[side ? i : (4 - i) % 4]);
  }
}

/* The edges of @face in walking order, and for each +1 where the walk enters the inside,
 * -1 where it leaves, 0 where nothing changes. */
static guint
walk_face (const UtCubeTable *table, guint config, guint face, guint edges[4], int changes[4])
{
  guint n_changes = 0;
  for (guint i = 0; i < 4; i++) {
    guint a = table->face_corners[face][i], b = table->face_corners[face][(i + 1) % 4];
    edges[i] = edge_between (a, b);
    changes[i] = (int)(config >> b & 1) - (int)(config >> a & 1);
    n_changes += changes[i] != 0;
  }
  return n_changes;
}

/* next[e]: the edge to which the segment that begins on edge e runs. */
static void
connect_faces (const UtCubeTable *table, guint config, guint joined_faces, int next[12])
{
  for (guint e = 0; e < 12; e++)
    next[e] = -1;
  for (guint face = 0; face < 6; face++) {
    guint edges[4];
    int changes[4];
    gboolean ambiguous = walk_face (table, config, face, edges, changes) == 4;
    gboolean joined = ambiguous && (joined_faces >> face & 1);
    for (guint i = 0; i < 4; i++) {
      if (changes[i] != 1)
        continue;
      /* apart: to the next way out of the inside; joined: to the one just passed */
      guint step = joined ? 3 : 1;
      guint leave = (i + step) % 4;
      while (changes[leave] != -1)
        leave = (leave + step) % 4;
      next[edges[i]] = (int)edges[leave];
    }
  }
}

static gboolean
share_face (const UtCubeTable *table, guint edge_a, guint edge_b)
{
  for (guint face = 0; face < 6; face++) {
    guint on_face = 0;
    for (guint i = 0; i < 4; i++) {
      guint edge =
        edge_between (table->face_corners[face][i], table->face_corners[face][(i + 1) % 4]);
      on_face += (edge == edge_a) + (edge == edge_b);
    }
    if (on_face == 2)
      return TRUE;
  }
  return FALSE;
}

static void
add_triangle (UtCubeCase *cube, guint a, guint b, guint c)
{
  g_assert (cube->n_triangles < UT_CUBE_MAX_TRIANGLES);
  guint8 *corners = cube->corners[cube->n_triangles++];
  corners[0] = (guint8)a;
  corners[1] = (guint8)b;
  corners[2] = (guint8)c;
}

/* Cuts the part @i to @j of the loop into triangles; FALSE where that needs a diagonal in a face.
 */
static gboolean
cut_loop (const UtCubeTable *table, const Loop *loop, guint i, guint j, UtCubeCase *cube)
{
  if (j - i < 2)
    return TRUE;
  guint8 n_before = cube->n_triangles;
  for (guint k = i + 1; k < j; k++) {
    if ((k > i + 1 && share_face (table, loop->edges[i], loop->edges[k])) ||
        (k < j - 1 && share_face (table, loop->edges[k], loop->edges[j])))
      continue;
    add_triangle (cube, loop->edges[i], loop->edges[k], loop->edges[j]);
    if (cut_loop (table, loop, i, k, cube) && cut_loop (table, loop, k, j, cube))
      return TRUE;
    cube->n_triangles = n_before;
  }
  return FALSE;
}

static void
fan_loop (const Loop *loop, UtCubeCase *cube)
{
  g_assert (cube->centre_edges == 0);
  for (guint i = 0; i < loop->n; i++) {
    cube->centre_edges |= (guint16)(1u << loop->edges[i]);
    add_triangle (cube, loop->edges[i], loop->edges[(i + 1) % loop->n], UT_CUBE_CENTRE);
  }
}

static void
make_case (const UtCubeTable *table, guint config, guint joined_faces, UtCubeCase *cube)
{
  int next[12];
  connect_faces (table, config, joined_faces, next);
  for (guint start = 0; start < 12; start++) {
    Loop loop = {0};
    for (int e = (int)start; next[e] >= 0;) {
      int following = next[e];
      loop.edges[loop.n++] = (guint8)e;
      next[e] = -1;
      e = following;
    }
    if (loop.n > 0 && !cut_loop (table, &loop, 0, loop.n - 1, cube))
      fan_loop (&loop, cube);
  }
}

/* Spreads the bits of @choice over the set bits of @mask, lowest first. */
static guint
spread_bits (guint choice, guint mask)
{
  guint spread = 0;
  for (guint bit = 0, k = 0; bit < 6; bit++)
    if (mask >> bit & 1)
      spread |= (choice >> k++ & 1) << bit;
  return spread;
}

static UtCubeTable *
make_table (void)
{
  UtCubeTable *table = g_new0 (UtCubeTable, 1);
  number_cube (table);
  for (guint config = 0; config < 256; config++) {
    for (guint e = 0; e < 12; e++) {
      guint a = table->edge_corners[e][0], b = table->edge_corners[e][1];
      table->cut_edges[config] |= (guint16)(((config >> a ^ config >> b) & 1) << e);
    }
    guint n_ambiguous = 0;
    for (guint face = 0; face < 6; face++) {
      guint edges[4];
      int changes[4];
      if (walk_face (table, config, face, edges, changes) == 4) {
        table->ambiguous[config] |= (guint8)(1u << face);
        n_ambiguous++;
      }
    }
    guint n_choices = 1u << n_ambiguous;
    table->first[config] = (guint16)table->n_cases;
    table->cases = g_renew (UtCubeCase, table->cases, table->n_cases + n_choices);
    for (guint choice = 0; choice < n_choices; choice++) {
      UtCubeCase *cube = &table->cases[table->n_cases++];
      *cube = (UtCubeCase){0};
      make_case (table, config, spread_bits (choice, table->ambiguous[config]), cube);
    }
  }
  return table;
}

const UtCubeTable *
ut_cube_table (void)
{
  static const UtCubeTable *table;
  if (g_once_init_enter (&table))
    g_once_init_leave (&table, make_table ());
  return table;
}
