/* SPDX-License-Identifier: Apache-2.0 */
#include "render/offscreen.h"
#include "tests/gl/compare-picture.h"
#include "tests/unit/render/solids.h"

#define WIDTH  320
#define HEIGHT 240
#define ROWS   (HEIGHT - 28) /* above the note, whose letters depend on the fonts at hand */

static UtOffscreen *offscreen;

static void
add (UtScene *scene, UtStructure structure, UtMesh *mesh)
{
  ut_scene_set_mesh (scene, structure, structure, mesh);
  ut_mesh_unref (mesh);
}

/* Like a heart: two ventricles, one in a wall, and two atria behind them; canonical axes. */
static UtScene *
make_phantom (void)
{
  UtScene *scene = ut_scene_new ();
  ut_scene_set_cube (scene, FALSE);
  add (scene, UT_MYO, ut_solid_sphere (ut_vec3 (18, 0, -20), 34, 40));
  add (scene, UT_LV, ut_solid_sphere (ut_vec3 (18, 0, -18), 24, 36));
  add (scene, UT_LA, ut_solid_torus (ut_vec3 (18, 0, 34), 14, 9, 20));
  add (scene, UT_RV, ut_solid_sphere (ut_vec3 (-34, -8, -16), 22, 36));
  add (scene, UT_RA, ut_solid_box (ut_vec3 (-50, -18, 12), ut_vec3 (-16, 14, 44), 12));
  return scene;
}

static void
assert_view (const UtScene *scene, UtCameraName name, const char *picture_name, int n_rows)
{
  g_autoptr (GError) error = NULL;
  UtCamera camera;
  ut_camera_init (&camera);
  ut_camera_set_named (&camera, name, scene->axes);
  ut_camera_orbit (&camera, 0.35f, 0.25f);
  g_assert_true (ut_scene_fit (scene, &camera, (float)WIDTH / HEIGHT));
  g_autoptr (GdkPixbuf) picture =
    ut_offscreen_draw (offscreen, scene, &camera, WIDTH, HEIGHT, 1, &error);
  g_assert_no_error (error);
  ut_assert_picture (picture, picture_name, n_rows);
}

static void
test_heart (void)
{
  g_autoptr (UtScene) scene = make_phantom ();
  assert_view (scene, UT_CAMERA_A, "heart", ROWS);
}

static void
test_glass (void)
{
  g_autoptr (UtScene) scene = make_phantom ();
  for (int s = UT_MYO; s < UT_N_LABELS; s++)
    ut_scene_set_opacity (scene, s, 0.4f);
  assert_view (scene, UT_CAMERA_L, "glass", ROWS);
}

static void
test_hidden (void)
{
  g_autoptr (UtScene) scene = make_phantom ();
  ut_scene_set_visible (scene, UT_MYO, FALSE);
  ut_scene_set_visible (scene, UT_RA, FALSE);
  assert_view (scene, UT_CAMERA_P, "hidden", ROWS);
}

/* Distance to the plane x = 0, in the map's colours; the wall has no such number and steps back. */
static void
test_distance (void)
{
  g_autoptr (UtScene) scene = make_phantom ();
  for (int s = UT_LV; s < UT_N_LABELS; s++) {
    g_autoptr (UtMesh) mesh = ut_mesh_copy (ut_scene_find (scene, s)->mesh, NULL);
    float *values = ut_mesh_add_scalar (mesh, UT_DISTANCE_SCALAR, "mm");
    for (gsize v = 0; v < mesh->n_vertices; v++)
      values[v] = 0.25f * mesh->positions[3 * v];
    ut_scene_set_mesh (scene, s, s, mesh);
  }
  UtScalarMap map = ut_scalar_map_distance (10);
  ut_scene_set_map (scene, &map);
  ut_scene_set_legend (scene, FALSE);
  assert_view (scene, UT_CAMERA_A, "distance", ROWS);
}

/* Ventricles and atria cut along the heart, and a second surface of the LV, outlined. */
static void
test_cut (void)
{
  g_autoptr (UtScene) scene = make_phantom ();
  g_autoptr (UtMesh) other = ut_solid_sphere (ut_vec3 (16, 0, -14), 24, 36);
  UtPlane plane = {ut_vec3 (0, 2, 0), ut_vec3 (0, -1, 0)};
  ut_scene_set_clip (scene, &plane);
  ut_scene_set_mesh (scene, UT_LV + UT_N_LABELS, UT_LV, other);
  ut_scene_set_opacity (scene, UT_LV + UT_N_LABELS, 0.3f);
  assert_view (scene, UT_CAMERA_A, "cut", ROWS);
}

/* Glass in front of sections and behind them. */
static void
test_cut_glass (void)
{
  g_autoptr (UtScene) scene = make_phantom ();
  UtPlane plane = {ut_vec3 (-4, 0, 0), ut_vec3_normalise (ut_vec3 (1, -0.4, 0.3))};
  for (int s = UT_MYO; s < UT_N_LABELS; s++)
    ut_scene_set_opacity (scene, s, 0.4f);
  ut_scene_set_clip (scene, &plane);
  assert_view (scene, UT_CAMERA_L, "cut-glass", ROWS);
}

/* A chequered picture along the heart, its corner cut off; outlines lie on it. */
static void
test_image (void)
{
  g_autoptr (UtScene) scene = make_phantom ();
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 96, 96);
  guint8 *pixels = gdk_pixbuf_get_pixels (picture);
  for (int i = 0; i < 96 * 96; i++) {
    int x = i % 96, y = i / 96;
    guint8 *p = pixels + y * gdk_pixbuf_get_rowstride (picture) + 4 * x;
    p[0] = p[1] = p[2] = (x / 12 + y / 12) % 2 ? 150 : 70;
    p[3] = x + y < 40 ? 0 : 255;
  }
  UtSceneImage image = {.picture = picture,
                        .corner = ut_vec3 (-60, 2, 55),
                        .across = ut_vec3 (120, 0, 0),
                        .down = ut_vec3 (0, 0, -120)};
  ut_scene_set_image (scene, 0, &image);
  ut_scene_set_opacity (scene, UT_RV, 0.4f);
  assert_view (scene, UT_CAMERA_A, "image", ROWS);
  /* and away again */
  ut_scene_set_image (scene, 0, NULL);
  ut_scene_set_opacity (scene, UT_RV, 1);
  assert_view (scene, UT_CAMERA_A, "heart", ROWS);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_test_init (&argc, &argv, NULL);
  g_log_set_fatal_mask (UT_GL_ERROR_DOMAIN, G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_ERROR);
  offscreen = ut_offscreen_new (&error);
  if (offscreen == NULL) {
    g_print ("1..0 # SKIP %s\n", error->message);
    return 0;
  }
  g_test_message ("drawn by %s", ut_offscreen_device (offscreen));
  g_test_add_func ("/gl/pictures/heart", test_heart);
  g_test_add_func ("/gl/pictures/glass", test_glass);
  g_test_add_func ("/gl/pictures/hidden", test_hidden);
  g_test_add_func ("/gl/pictures/distance", test_distance);
  g_test_add_func ("/gl/pictures/cut", test_cut);
  g_test_add_func ("/gl/pictures/cut-glass", test_cut_glass);
  g_test_add_func ("/gl/pictures/image", test_image);
  int status = g_test_run ();
  ut_offscreen_free (offscreen);
  return status;
}
