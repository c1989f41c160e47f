/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/canonical.h"
#include "engine/study/label-brush.h"

#include <math.h>
#include <string.h>

static const gsize dims[3] = {40, 36, 30};

/* Oblong voxels, turned and mirrored; round the labels a frame that nobody may write to. */
typedef struct Grid {
  UtVolume *labels;
  guint8 *memory;
  gsize n;
} Grid;

#define FRAME 4096

static void
set_up (Grid *grid, gconstpointer data)
{
  UtVec3 x = ut_vec3_rotate (ut_vec3 (3, 0, 0), ut_vec3 (0, 0, 1), 0.4);
  UtVec3 y = ut_vec3_rotate (ut_vec3 (0, -2, 0), ut_vec3 (0, 0, 1), 0.4);
  UtAffine affine = ut_affine_from_axes (x, y, ut_vec3 (0, 0, 4), ut_vec3 (-40, 50, -60));
  grid->labels = ut_volume_new (UT_VOXEL_U8, dims, &affine, NULL);
  grid->n = ut_volume_n_voxels (grid->labels);
  grid->memory = g_malloc (grid->n + 2 * FRAME);
  memset (grid->memory, 0xee, grid->n + 2 * FRAME);
  g_free (grid->labels->data);
  grid->labels->u8 = grid->memory + FRAME;
  for (gsize i = 0; i < grid->n; i++)
    grid->labels->u8[i] = (guint8)(i * 2654435761u % UT_N_LABELS);
}

static void
tear_down (Grid *grid, gconstpointer data)
{
  for (gsize i = 0; i < FRAME; i++) {
    g_assert_cmpuint (grid->memory[i], ==, 0xee);
    g_assert_cmpuint (grid->memory[FRAME + grid->n + i], ==, 0xee);
  }
  grid->labels->data = NULL;
  ut_volume_unref (grid->labels);
  g_free (grid->memory);
}

static UtVec3
centre_of (const Grid *grid, gsize i)
{
  UtVec3 voxel = ut_vec3 (
    (double)(i % dims[0]), (double)(i / dims[0] % dims[1]), (double)(i / dims[0] / dims[1]));
  return ut_affine_point (&grid->labels->m_patient_from_voxel, voxel);
}

/* In small steps along the way, so that nothing of what is tested is used. */
static double
distance_to_way (UtVec3 p, UtVec3 from, UtVec3 to)
{
  double least = INFINITY;
  for (int i = 0; i <= 100; i++) {
    UtVec3 on = ut_vec3_mad (from, i / 100.0, ut_vec3_sub (to, from));
    least = MIN (least, ut_vec3_length (ut_vec3_sub (p, on)));
  }
  return least;
}

/* Paints and looks at every voxel: those within the radius and no others. */
static gsize
paint (Grid *grid, UtStructure structure, double radius_mm, UtVec3 from, UtVec3 to)
{
  g_autofree guint8 *before = g_memdup2 (grid->labels->u8, grid->n);
  gsize n = ut_label_brush (grid->labels, structure, radius_mm, from, to), n_changed = 0;
  for (gsize i = 0; i < grid->n; i++) {
    double mm = distance_to_way (centre_of (grid, i), from, to);
    if (fabs (mm - radius_mm) > 0.1) /* else the small steps do not tell */
      g_assert_cmpuint (grid->labels->u8[i], ==, mm < radius_mm ? structure : before[i]);
    n_changed += grid->labels->u8[i] != before[i];
  }
  g_assert_cmpuint (n, ==, n_changed);
  return n;
}

static void
test_exact (Grid *grid, gconstpointer data)
{
  UtVec3 middle = ut_affine_point (&grid->labels->m_patient_from_voxel, ut_vec3 (20, 18, 15));
  UtVec3 away = ut_vec3_add (middle, ut_vec3 (14, -9, 17));
  g_assert_cmpuint (paint (grid, UT_LV, 3, middle, middle), >, 0);
  g_assert_cmpuint (paint (grid, UT_RA, 10.5, middle, away), >, 0);
  g_assert_cmpuint (paint (grid, UT_BACKGROUND, 6, away, middle), >, 0);
  g_assert_cmpuint (paint (grid, UT_BACKGROUND, 6, middle, away), ==, 0); /* done already */
}

/* A voxel whose centre is just as far away as the radius is in it: 3 mm and 3 mm voxels. */
static void
test_just_met (void)
{
  const gsize side[3] = {UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE};
  UtAffine affine = ut_canonical_grid ();
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, side, &affine, NULL);
  UtVec3 on_centre = ut_affine_point (&affine, ut_vec3 (10, 20, 30));
  g_assert_cmpuint (ut_label_brush (labels, UT_LV, 3, on_centre, on_centre), ==, 7);
  UtVec3 between = ut_affine_point (&affine, ut_vec3 (40.5, 20.5, 30.5));
  g_assert_cmpuint (ut_label_brush (labels, UT_LV, 3, between, between), ==, 8);
}

/* Over every side, far outside and nowhere at all: set_up() watches the memory beside the grid. */
static void
test_borders (Grid *grid, gconstpointer data)
{
  const UtAffine *affine = &grid->labels->m_patient_from_voxel;
  for (int corner = 0; corner < 8; corner++) {
    UtVec3 p = ut_affine_point (affine,
                                ut_vec3 (corner & 1 ? (double)dims[0] - 0.6 : -0.4,
                                         corner & 2 ? (double)dims[1] - 0.6 : -0.4,
                                         corner & 4 ? (double)dims[2] - 0.6 : -0.4));
    g_assert_cmpuint (paint (grid, UT_RV, 7.5, p, p), >, 0);
    g_assert_cmpuint (
      paint (grid, UT_LA, 30, ut_vec3_scale (p, 3), ut_vec3_scale (p, 2)), <, 20000);
  }
  g_autofree guint8 *before = g_memdup2 (grid->labels->u8, grid->n);
  const double odd[] = {NAN, INFINITY, -INFINITY, 1e9, -1e300, 1e300};
  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    for (int axis = 0; axis < 3; axis++) {
      UtVec3 far = ut_vec3 (axis == 0 ? odd[i] : 0, axis == 1 ? odd[i] : 0, axis == 2 ? odd[i] : 0);
      g_assert_cmpuint (ut_label_brush (grid->labels, UT_LV, 30, far, far), ==, 0);
    }
  g_assert_cmpmem (before, grid->n, grid->labels->u8, grid->n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/label-brush/exact", Grid, NULL, set_up, test_exact, tear_down);
  g_test_add_func ("/label-brush/just-met", test_just_met);
  g_test_add ("/label-brush/borders", Grid, NULL, set_up, test_borders, tear_down);
  return g_test_run ();
}
