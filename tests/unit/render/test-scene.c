/* SPDX-License-Identifier: Apache-2.0 */
#include "render/pick.h"
#include "render/scene-copy.h"
#include "tests/unit/render/solids.h"

#include <string.h>

#define LEFT  UT_LV
#define RIGHT (UT_RV + 8)

/* A small ball inside a large one, and a third beside them. */
static UtScene *
make_scene (void)
{
  UtScene *scene = ut_scene_new ();
  g_autoptr (UtMesh) small = ut_solid_sphere (ut_vec3 (0, 0, 0), 10, 24);
  g_autoptr (UtMesh) large = ut_solid_sphere (ut_vec3 (0, 0, 0), 30, 24);
  g_autoptr (UtMesh) beside = ut_solid_sphere (ut_vec3 (60, 0, 0), 15, 24);
  float *values = ut_mesh_add_scalar (small, UT_DISTANCE_SCALAR, "mm");
  for (gsize v = 0; v < small->n_vertices; v++)
    values[v] = small->positions[3 * v + 2]; /* z */
  ut_scene_set_mesh (scene, RIGHT, UT_RV, beside);
  ut_scene_set_mesh (scene, UT_MYO, UT_MYO, large);
  ut_scene_set_mesh (scene, LEFT, UT_LV, small);
  return scene;
}

static void
test_items (void)
{
  g_autoptr (UtScene) scene = make_scene ();
  g_assert_cmpuint (scene->items->len, ==, 3);
  for (guint i = 1; i < 3; i++)
    g_assert_cmpuint (((UtSceneItem *)scene->items->pdata[i - 1])->id,
                      <,
                      ((UtSceneItem *)scene->items->pdata[i])->id);
  g_assert_cmpfloat (ut_scene_find (scene, UT_MYO)->opacity, <, 1);
  g_assert_cmpfloat (ut_scene_find (scene, LEFT)->opacity, ==, 1);
  g_assert_null (ut_scene_find (scene, 77));

  /* a new shape keeps the look */
  const float green[3] = {0, 1, 0};
  g_autoptr (UtMesh) other = ut_solid_sphere (ut_vec3 (0, 0, 0), 8, 6);
  ut_scene_set_opacity (scene, LEFT, 0.25f);
  ut_scene_set_visible (scene, LEFT, FALSE);
  ut_scene_set_colour (scene, LEFT, green);
  ut_scene_set_mesh (scene, LEFT, UT_LV, other);
  const UtSceneItem *item = ut_scene_find (scene, LEFT);
  g_assert_true (item->mesh == other);
  g_assert_cmpfloat (item->opacity, ==, 0.25f);
  g_assert_false (item->visible);
  g_assert_cmpmem (item->colour, sizeof green, green, sizeof green);
  ut_scene_set_mesh (scene, LEFT, UT_LV, NULL);
  g_assert_null (ut_scene_find (scene, LEFT));
}

static void
test_changes (void)
{
  g_autoptr (UtScene) scene = make_scene ();
  guint64 at = scene->change;
#define ASSERT_CHANGED                                                                             \
  g_assert_cmpuint (scene->change, >, at);                                                         \
  at = scene->change
  ut_scene_set_visible (scene, LEFT, TRUE);
  g_assert_cmpuint (scene->change, ==, at);
  ut_scene_set_visible (scene, LEFT, FALSE);
  ASSERT_CHANGED;
  ut_scene_set_opacity (scene, UT_MYO, 2);
  ASSERT_CHANGED;
  g_assert_cmpfloat (ut_scene_find (scene, UT_MYO)->opacity, ==, 1);
  UtScalarMap map = ut_scalar_map_distance (8);
  ut_scene_set_map (scene, &map);
  ASSERT_CHANGED;
  /* its own strings may be given back to it */
  UtScalarMap same = scene->map;
  same.max = 5;
  ut_scene_set_map (scene, &same);
  ASSERT_CHANGED;
  g_assert_cmpstr (scene->map.scalar, ==, UT_DISTANCE_SCALAR);
  ut_scene_set_note (scene, "x");
  ASSERT_CHANGED;
  ut_scene_set_note (scene, scene->note);
  g_assert_cmpstr (scene->note, ==, "x");
#undef ASSERT_CHANGED

  /* what is as it was is no change */
  const UtSceneItem *item = ut_scene_find (scene, UT_MYO);
  at = scene->change;
  ut_scene_set_mesh (scene, UT_MYO, UT_MYO, item->mesh);
  ut_scene_set_opacity (scene, UT_MYO, item->opacity);
  ut_scene_set_colour (scene, UT_MYO, item->colour);
  ut_scene_set_map (scene, &scene->map);
  g_assert_cmpuint (scene->change, ==, at);
}

/* Every property counts, and two ways to the same content are the same. */
static void
test_copy (void)
{
  g_autoptr (UtScene) scene = make_scene ();
  g_autoptr (UtMesh) other = ut_solid_sphere (ut_vec3 (0, 0, 0), 8, 6);
  g_autoptr (GdkPixbuf) pixel = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 1, 1);
  const float grey[3] = {0.5f, 0.5f, 0.5f};
  const UtPlane plane = {ut_vec3 (1, 2, 3), ut_vec3 (0, 0, 1)};
  const UtSceneImage image = {pixel, ut_vec3 (0, 0, 0), ut_vec3 (9, 0, 0), ut_vec3 (0, 9, 0)};
  UtScalarMap map = ut_scalar_map_distance (8);
#define ASSERT_COUNTS(change)                                                                      \
  {                                                                                                \
    g_autoptr (UtScene) copy = ut_scene_copy (scene);                                              \
    g_assert_true (ut_scene_equal (scene, copy));                                                  \
    change;                                                                                        \
    g_assert_false (ut_scene_equal (scene, copy));                                                 \
    g_assert_false (ut_scene_equal (copy, scene));                                                 \
  }
  ASSERT_COUNTS (ut_scene_set_mesh (scene, LEFT, UT_LV, other));
  ASSERT_COUNTS (ut_scene_set_mesh (scene, LEFT, UT_LA, other));
  ASSERT_COUNTS (ut_scene_set_mesh (scene, RIGHT, UT_RV, NULL));
  ASSERT_COUNTS (ut_scene_set_visible (scene, LEFT, FALSE));
  ASSERT_COUNTS (ut_scene_set_opacity (scene, LEFT, 0.3f));
  ASSERT_COUNTS (ut_scene_set_colour (scene, LEFT, grey));
  ASSERT_COUNTS (ut_scene_set_map (scene, &map));
  ASSERT_COUNTS ((map.window_max = 3, ut_scene_set_map (scene, &map)));
  ASSERT_COUNTS (ut_scene_set_background (scene, grey, grey));
  ASSERT_COUNTS (ut_scene_set_cube (scene, FALSE));
  ASSERT_COUNTS (ut_scene_set_cube_lift (scene, 9));
  ASSERT_COUNTS (ut_scene_set_legend (scene, FALSE));
  ASSERT_COUNTS (ut_scene_set_note (scene, "x"));
  ASSERT_COUNTS (ut_scene_set_clip (scene, &plane));
  ASSERT_COUNTS (ut_scene_set_image (scene, 1, &image));
#undef ASSERT_COUNTS

  g_autoptr (UtScene) before = ut_scene_copy (scene);
  ut_scene_set_opacity (scene, LEFT, 1);
  ut_scene_set_clip (scene, NULL);
  g_assert_false (ut_scene_equal (scene, before));
  ut_scene_set_opacity (scene, LEFT, 0.3f);
  ut_scene_set_clip (scene, &plane);
  g_assert_true (ut_scene_equal (scene, before));
}

static void
test_bounds (void)
{
  g_autoptr (UtScene) empty = ut_scene_new ();
  g_autoptr (UtScene) scene = make_scene ();
  float min[3], max[3];
  UtCamera camera;
  ut_camera_init (&camera);
  g_assert_false (ut_scene_bounds (empty, min, max));
  g_assert_false (ut_scene_fit (empty, &camera, 1));
  g_assert_true (ut_scene_bounds (scene, min, max));
  g_assert_cmpfloat_with_epsilon (min[0], -30, 1e-3);
  g_assert_cmpfloat_with_epsilon (max[0], 75, 1e-3);
  ut_scene_set_visible (scene, RIGHT, FALSE);
  ut_scene_bounds (scene, min, max);
  g_assert_cmpfloat_with_epsilon (max[0], 30, 1e-3);
  ut_scene_set_visible (scene, UT_MYO, FALSE);
  ut_scene_set_visible (scene, LEFT, FALSE);
  ut_scene_bounds (scene, min, max); /* nothing visible: all */
  g_assert_cmpfloat_with_epsilon (max[0], 75, 1e-3);
}

static void
test_axes (void)
{
  g_autoptr (UtScene) scene = make_scene ();
  g_assert_cmpfloat (scene->axes[0][0], ==, 1);
  g_autoptr (UtMesh) canonical = ut_solid_sphere (ut_vec3 (0, 0, 0), 10, 6);
  canonical->frame = UT_MESH_FRAME_CANONICAL;
  ut_scene_set_mesh (scene, LEFT, UT_LV, canonical);
  g_assert_cmpmem (scene->axes, sizeof scene->axes, ut_canonical_axes, sizeof scene->axes);
  /* right-handed and unit, as printed in the header */
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) {
      float d = 0;
      for (int c = 0; c < 3; c++)
        d += ut_canonical_axes[a][c] * ut_canonical_axes[b][c];
      g_assert_cmpfloat_with_epsilon (d, a == b, 2e-3);
    }
}

static void
test_pick (void)
{
  g_autoptr (UtScene) scene = make_scene ();
  UtCamera camera;
  UtPick pick;
  float xy[2];
  const float front[3] = {0, -30, 0}, aside[3] = {60, -15, 0}, upper[3] = {0, -8, 6};
  ut_camera_init (&camera);
  g_assert_false (ut_scene_pick (scene, &camera, 800, 600, 2, 2, &pick));

  /* the outer ball is in front, though translucent */
  ut_camera_project (&camera, front, 800, 600, xy);
  g_assert_true (ut_scene_pick (scene, &camera, 800, 600, xy[0], xy[1], &pick));
  g_assert_cmpuint (pick.id, ==, UT_MYO);
  g_assert_cmpfloat_with_epsilon (pick.position[1], -30, 0.3);
  g_assert_false (pick.has_value);
  ut_camera_project (&camera, aside, 800, 600, xy);
  g_assert_true (ut_scene_pick (scene, &camera, 800, 600, xy[0], xy[1], &pick));
  g_assert_cmpuint (pick.id, ==, RIGHT);
  g_assert_cmpint (pick.structure, ==, UT_RV);
  for (int c = 0; c < 3; c++)
    g_assert_cmpfloat_with_epsilon (pick.position[c], aside[c], 0.3);

  /* too faint to hold the pointer: the inner ball, and the value between its vertices */
  UtScalarMap map = ut_scalar_map_distance (8);
  ut_scene_set_map (scene, &map);
  ut_scene_set_opacity (scene, UT_MYO, 0.01f);
  ut_camera_project (&camera, upper, 800, 600, xy);
  g_assert_true (ut_scene_pick (scene, &camera, 800, 600, xy[0], xy[1], &pick));
  g_assert_cmpuint (pick.id, ==, LEFT);
  g_assert_true (pick.has_value);
  g_assert_cmpfloat_with_epsilon (pick.value, pick.position[2], 1e-3);
  g_assert_cmpfloat_with_epsilon (pick.value, 6, 0.1);
  g_assert_cmpfloat_with_epsilon (pick.weights[0] + pick.weights[1] + pick.weights[2], 1, 1e-5);
  const UtMesh *mesh = ut_scene_find (scene, LEFT)->mesh;
  g_assert_cmpuint (pick.triangle, <, mesh->n_triangles);

  ut_scene_set_visible (scene, LEFT, FALSE);
  g_assert_false (ut_scene_pick (scene, &camera, 800, 600, xy[0], xy[1], &pick));
}

/* A window greys what lies outside it, and nothing else. */
static void
test_window (void)
{
  guint8 whole[64 * 4], part[64 * 4];
  UtScalarMap map = ut_scalar_map_distance (8); /* 0.25 mm a colour */
  ut_scalar_map_fill (&map, 64, whole);
  map.windowed = TRUE;
  map.window_min = -8;
  map.window_max = -2;
  ut_scalar_map_fill (&map, 64, part);
  for (guint i = 0; i < 64; i++) {
    const guint8 *colour = part + 4 * i;
    if (i < 24)
      g_assert_cmpmem (colour, 4, whole + 4 * i, 4);
    else
      g_assert_true (colour[0] == colour[1] && colour[1] == colour[2] && colour[3] == 255);
  }
  g_assert_cmpuint (whole[4 * 63], >, whole[4 * 63 + 2]); /* vik ends in red */
}

/* What is cut away is passed through; inside a ball the cut is met, the inner ball on top. */
static void
test_pick_cut (void)
{
  g_autoptr (UtScene) scene = make_scene ();
  UtPlane plane = {ut_vec3 (0, 4, 0), ut_vec3 (0, -1, 0)};
  UtCamera camera;
  UtPick pick;
  ut_camera_init (&camera); /* from the front: along +y */
  ut_scene_fit (scene, &camera, 1);
  ut_scene_set_clip (scene, &plane);
  const struct {
    float at[3];
    gboolean hit, on_cut;
    UtStructure structure;
  } cases[] = {{{1.3f, 4, 0.7f}, TRUE, TRUE, UT_LV},
               {{20, 4, 0.7f}, TRUE, TRUE, UT_MYO},
               {{60, 4, 5}, TRUE, TRUE, UT_RV},
               {{0, 4, 40}, FALSE}};
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    float xy[2];
    g_assert_true (ut_camera_project (&camera, cases[i].at, 400, 400, xy));
    g_assert_cmpint (
      ut_scene_pick (scene, &camera, 400, 400, xy[0], xy[1], &pick), ==, cases[i].hit);
    if (!cases[i].hit)
      continue;
    g_assert_cmpint (pick.on_cut, ==, cases[i].on_cut);
    g_assert_cmpint (pick.structure, ==, cases[i].structure);
    for (int c = 0; c < 3; c++)
      g_assert_cmpfloat_with_epsilon (pick.position[c], cases[i].at[c], 0.01);
  }
  /* from behind the cut is not seen: the outer ball's back is */
  ut_camera_set_named (&camera, UT_CAMERA_P, scene->axes);
  g_assert_true (ut_scene_pick (scene, &camera, 400, 400, 200, 200, &pick));
  g_assert_false (pick.on_cut);
  g_assert_cmpfloat (pick.position[1], >, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/scene/items", test_items);
  g_test_add_func ("/render/scene/changes", test_changes);
  g_test_add_func ("/render/scene/copy", test_copy);
  g_test_add_func ("/render/scene/bounds", test_bounds);
  g_test_add_func ("/render/scene/axes", test_axes);
  g_test_add_func ("/render/scene/pick", test_pick);
  g_test_add_func ("/render/scene/window", test_window);
  g_test_add_func ("/render/scene/pick-cut", test_pick_cut);
  return g_test_run ();
}
