/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "render/offscreen.h"
#include "tests/gl/compare-picture.h"
#include "tests/unit/render/solids.h"

#define SIDE      240
#define CUBE_SIDE 100 /* logical pixels of the lower left corner that hold the cube */
#define LETTER_PX 58  /* side of a cube's face that looks straight at the eye */

static UtOffscreen *offscreen;

static GdkPixbuf *
draw (const UtScene *scene, const UtCamera *camera, int width, int height)
{
  g_autoptr (GError) error = NULL;
  GdkPixbuf *picture = ut_offscreen_draw (offscreen, scene, camera, width, height, 1, &error);
  g_assert_no_error (error);
  return picture;
}

static UtScene *
bare_scene (void)
{
  UtScene *scene = ut_scene_new ();
  ut_scene_set_cube (scene, FALSE);
  return scene;
}

static void
add (UtScene *scene, guint id, UtStructure structure, UtMesh *mesh, float opacity)
{
  ut_scene_set_mesh (scene, id, structure, mesh);
  ut_scene_set_opacity (scene, id, opacity);
  ut_mesh_unref (mesh);
}

static int
brightness (const guint8 *rgb)
{
  return rgb[0] + rgb[1] + rgb[2];
}

/* Four nested balls: the order in which they were added must not show, and no triangle may. */
static void
test_nested (void)
{
  static const UtStructure structures[4] = {UT_LV, UT_RV, UT_LA, UT_RA};
  g_autoptr (UtScene) inwards = bare_scene (), outwards = bare_scene ();
  UtCamera camera;
  ut_camera_init (&camera);
  for (int i = 0; i < 4; i++) {
    double radius = 40 - 9 * i;
    add (inwards, i, structures[i], ut_solid_sphere (ut_vec3 (0, 0, 0), radius, 40), 0.35f);
    add (outwards, 3 - i, structures[i], ut_solid_sphere (ut_vec3 (0, 0, 0), radius, 40), 0.35f);
  }
  ut_scene_fit (inwards, &camera, 1);
  for (int turn = 0; turn < 3; turn++) {
    g_autoptr (GdkPixbuf) a = draw (inwards, &camera, SIDE, SIDE);
    g_autoptr (GdkPixbuf) b = draw (outwards, &camera, SIDE, SIDE);
    g_assert_cmpint (ut_picture_difference (a, b), <=, 1);
    /* smooth inside the innermost ball's outline */
    for (int y = SIDE / 2 - 18; y < SIDE / 2 + 18; y++)
      for (int x = SIDE / 2 - 18; x < SIDE / 2 + 18; x++) {
        int bend = brightness (ut_pixel (a, x - 1, y)) - 2 * brightness (ut_pixel (a, x, y)) +
                   brightness (ut_pixel (a, x + 1, y));
        g_assert_cmpint (ABS (bend), <=, 12);
      }
    ut_camera_orbit (&camera, 1.1f, 0.7f);
  }
}

/* Of two overlapping panes the nearer one shows more; seen from behind it is the other. */
static void
test_front_pane (void)
{
  g_autoptr (UtScene) scene = bare_scene ();
  const float red[3] = {0.8f, 0.1f, 0.1f}, blue[3] = {0.1f, 0.1f, 0.8f};
  UtCamera camera;
  add (scene, 1, UT_LV, ut_solid_box (ut_vec3 (-30, -21, -30), ut_vec3 (30, -20, 30), 20), 0.6f);
  add (scene, 2, UT_LA, ut_solid_box (ut_vec3 (-30, 20, -30), ut_vec3 (30, 21, 30), 20), 0.6f);
  ut_scene_set_colour (scene, 1, red);
  ut_scene_set_colour (scene, 2, blue);
  ut_camera_init (&camera);
  ut_scene_fit (scene, &camera, 1);
  g_autoptr (GdkPixbuf) front = draw (scene, &camera, SIDE, SIDE);
  ut_camera_set_named (&camera, UT_CAMERA_P, scene->axes);
  g_autoptr (GdkPixbuf) back = draw (scene, &camera, SIDE, SIDE);
  const guint8 *f = ut_pixel (front, SIDE / 2, SIDE / 2), *b = ut_pixel (back, SIDE / 2, SIDE / 2);
  g_assert_cmpint (f[0], >, f[2] + 30);
  g_assert_cmpint (b[2], >, b[0] + 30);
}

/* An opaque ball hides what is behind it and is seen through glass in front of it. */
static void
test_opaque_and_glass (void)
{
  g_autoptr (UtScene) with = bare_scene (), without = bare_scene ();
  UtCamera camera;
  ut_camera_init (&camera);
  for (int i = 0; i < 2; i++) {
    UtScene *scene = i ? with : without;
    add (scene, 2, UT_LV, ut_solid_sphere (ut_vec3 (0, 0, 0), 30, 30), 1);
  }
  ut_scene_fit (with, &camera, 1);
  add (with, 3, UT_RV, ut_solid_sphere (ut_vec3 (0, 60, 0), 10, 20), 0.5f);
  g_autoptr (GdkPixbuf) plain = draw (without, &camera, SIDE, SIDE);
  g_autoptr (GdkPixbuf) behind = draw (with, &camera, SIDE, SIDE);
  g_assert_cmpint (ut_picture_difference (plain, behind), <=, 8); /* no more than its shade */
  g_autoptr (UtMesh) front = ut_solid_sphere (ut_vec3 (0, -60, 0), 10, 20);
  ut_scene_set_mesh (with, 3, UT_RV, front);
  g_autoptr (GdkPixbuf) before = draw (with, &camera, SIDE, SIDE);
  const guint8 *a = ut_pixel (plain, SIDE / 2, SIDE / 2),
               *b = ut_pixel (before, SIDE / 2, SIDE / 2);
  g_assert_cmpint (b[2], >, a[2] + 15);
  g_assert_cmpint (b[0], >, 60);
}

/* A pale box on black, its edge aslant: in between stand the shades that four samples make. */
static void
test_smooth_edges (void)
{
  g_autoptr (UtScene) scene = bare_scene ();
  const float black[3] = {0, 0, 0}, white[3] = {1, 1, 1};
  UtCamera camera;
  int n_edges = 0, n_between = 0;
  add (scene, 1, UT_LV, ut_solid_box (ut_vec3 (-30, 0, -30), ut_vec3 (30, 1, 30), 8), 1);
  ut_scene_set_colour (scene, 1, white);
  ut_scene_set_background (scene, black, black);
  ut_camera_init (&camera);
  ut_scene_fit (scene, &camera, 1);
  ut_camera_roll (&camera, 0.12f);
  g_autoptr (GdkPixbuf) picture = draw (scene, &camera, SIDE, SIDE);
  for (int y = SIDE / 2 - 60; y < SIDE / 2 + 60; y++) {
    int x = SIDE / 2;
    while (x < SIDE - 2 && brightness (ut_pixel (picture, x + 1, y)) > 120)
      x++;
    int inside = brightness (ut_pixel (picture, x - 2, y));
    n_edges++;
    n_between += brightness (ut_pixel (picture, x, y)) < inside - 60;
  }
  g_assert_cmpint (n_between, >, n_edges / 2);
}

/* Dark ink on a lit face, as its own pixels around a mean of 0 and a length of 1. */
static void
normalise (float *values, int n)
{
  double mean = 0, square = 0;
  for (int i = 0; i < n; i++)
    mean += values[i] / n;
  for (int i = 0; i < n; i++) {
    values[i] -= mean;
    square += values[i] * values[i];
  }
  for (int i = 0; i < n; i++)
    values[i] /= sqrt (square) + 1e-9;
}

static void
draw_letter (char letter, gboolean mirrored, float *ret)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, LETTER_PX, LETTER_PX);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Sans Semi-Bold");
  PangoRectangle ink;
  const char text[2] = {letter, '\0'};
  pango_font_description_set_absolute_size (font, 0.72 * LETTER_PX * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, 1);
  pango_layout_get_extents (layout, &ink, NULL);
  cairo_translate (cr, LETTER_PX / 2.0, LETTER_PX / 2.0);
  cairo_scale (cr, mirrored ? -1 : 1, 1);
  cairo_move_to (
    cr, -(ink.x + ink.width / 2.0) / PANGO_SCALE, -(ink.y + ink.height / 2.0) / PANGO_SCALE);
  pango_cairo_show_layout (cr, layout);
  cairo_surface_flush (surface);
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  for (int i = 0; i < LETTER_PX * LETTER_PX; i++)
    ret[i] =
      -(float)pixels[i / LETTER_PX * cairo_image_surface_get_stride (surface) + i % LETTER_PX];
  normalise (ret, LETTER_PX * LETTER_PX);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* How well a letter fits the cube, at the best of a few places. */
static double
letter_score (GdkPixbuf *picture, const float *letter)
{
  float seen[LETTER_PX * LETTER_PX];
  double best = -1;
  int height = gdk_pixbuf_get_height (picture);
  for (int dy = -4; dy <= 4; dy++)
    for (int dx = -4; dx <= 4; dx++) {
      double score = 0;
      int x0 = 8 + 46 - LETTER_PX / 2 + dx, y0 = height - 8 - 46 - LETTER_PX / 2 + dy;
      for (int i = 0; i < LETTER_PX * LETTER_PX; i++)
        seen[i] = brightness (ut_pixel (picture, x0 + i % LETTER_PX, y0 + i / LETTER_PX));
      normalise (seen, LETTER_PX * LETTER_PX);
      for (int i = 0; i < LETTER_PX * LETTER_PX; i++)
        score += seen[i] * letter[i];
      best = MAX (best, score);
    }
  return best;
}

/* From each side of the patient the cube shows that side's letter, upright and not mirrored. */
static void
assert_letters (UtScene *scene)
{
  static const char letters[] = "APLRHF"; /* in the order of the cameras */
  UtCamera camera;
  ut_camera_init (&camera);
  for (UtCameraName name = UT_CAMERA_A; name <= UT_CAMERA_F; name++) {
    ut_camera_set_named (&camera, name, scene->axes);
    g_autoptr (GdkPixbuf) picture = draw (scene, &camera, SIDE, SIDE);
    double right = 0, best_wrong = -1;
    for (int i = 0; i < 6; i++)
      for (int mirrored = 0; mirrored < 2; mirrored++) {
        float letter[LETTER_PX * LETTER_PX];
        gboolean symmetric = letters[i] == 'A' || letters[i] == 'H';
        draw_letter (letters[i], mirrored, letter);
        double score = letter_score (picture, letter);
        if (i == (int)name && !mirrored)
          right = score;
        else if (i != (int)name || !symmetric)
          best_wrong = MAX (best_wrong, score);
      }
    g_test_message ("%c: %.3f, next %.3f", letters[name], right, best_wrong);
    g_assert_cmpfloat (right, >, 0.6);
    g_assert_cmpfloat (right, >, best_wrong + 0.1);
  }
}

static void
test_cube (void)
{
  g_autoptr (UtScene) scene = ut_scene_new ();
  assert_letters (scene);
  UtMesh *canonical = ut_solid_sphere (ut_vec3 (0, 0, 0), 10, 6);
  canonical->frame = UT_MESH_FRAME_CANONICAL;
  add (scene, 1, UT_LV, canonical, 1);
  ut_scene_set_visible (scene, 1, FALSE);
  g_assert_cmpfloat (scene->axes[0][1], !=, 0);
  assert_letters (scene);
}

/* Longest way down a column in which the colours go from the map's high end to its low end. */
static int
map_run (GdkPixbuf *picture, int x)
{
  guint8 rgba[256 * 4];
  int longest = 0, run = 0, place = 255;
  ut_colour_map_fill (UT_COLOUR_MAP_VIK, 256, 0.15f, rgba);
  for (int y = 0; y < gdk_pixbuf_get_height (picture); y++) {
    const guint8 *p = ut_pixel (picture, x, y);
    int at = place;
    while (at >= 0 && ABS (p[0] - rgba[4 * at]) + ABS (p[1] - rgba[4 * at + 1]) +
                          ABS (p[2] - rgba[4 * at + 2]) >
                        9)
      at--;
    run = at >= 0 ? run + 1 : 0;
    place = at >= 0 ? at : 255;
    longest = MAX (longest, run);
  }
  return longest;
}

/* The bar's colours are the map's, high end up; it goes away with the map or when hidden. */
static void
test_legend (void)
{
  g_autoptr (UtScene) scene = bare_scene ();
  UtScalarMap map = ut_scalar_map_distance (10);
  UtCamera camera;
  ut_camera_init (&camera);
  g_autoptr (GdkPixbuf) none = draw (scene, &camera, 640, 480);
  map.contour_step = 0;
  ut_scene_set_map (scene, &map);
  g_autoptr (GdkPixbuf) shown = draw (scene, &camera, 640, 480);
  ut_scene_set_legend (scene, FALSE);
  g_autoptr (GdkPixbuf) hidden = draw (scene, &camera, 640, 480);
  g_assert_cmpint (ut_picture_difference (none, hidden), ==, 0);
  g_assert_cmpint (ut_picture_difference (none, shown), >, 80);

  /* somewhere at the right a column runs down through all of the map */
  int longest = 0;
  for (int x = 480; x < 640; x++)
    longest = MAX (longest, map_run (shown, x));
  g_assert_cmpint (longest, >=, 220);
}

/* Surfaces on one side of the reference are blue, on the other red; at 0 neither. */
static void
test_map_colours (void)
{
  g_autoptr (UtScene) scene = bare_scene ();
  UtScalarMap map = ut_scalar_map_distance (10);
  UtCamera camera;
  for (int i = 0; i < 3; i++) {
    UtMesh *mesh = ut_solid_box (ut_vec3 (40 * i - 50, 0, -15), ut_vec3 (40 * i - 20, 20, 15), 8);
    float *values = ut_mesh_add_scalar (mesh, UT_DISTANCE_SCALAR, "mm");
    for (gsize v = 0; v < mesh->n_vertices; v++)
      values[v] = 6.5f * (i - 1);
    add (scene, i + 1, UT_LV, mesh, 1);
  }
  ut_scene_set_map (scene, &map);
  ut_scene_set_legend (scene, FALSE);
  ut_camera_init (&camera);
  ut_scene_fit (scene, &camera, 2);
  g_autoptr (GdkPixbuf) picture = draw (scene, &camera, 480, 240);
  for (int i = 0; i < 3; i++) {
    const float middle[3] = {40 * i - 35, 0, 0};
    float xy[2];
    g_assert_true (ut_camera_project (&camera, middle, 480, 240, xy));
    const guint8 *p = ut_pixel (picture, xy[0], xy[1]);
    if (i == 0)
      g_assert_cmpint (p[2], >, p[0] + 50);
    else if (i == 1)
      g_assert_cmpint (ABS (p[2] - p[0]), <, 20);
    else
      g_assert_cmpint (p[0], >, p[2] + 50);
  }
}

/* A second context, another size in between, a later renderer: the same bytes. */
static void
test_again (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtScene) scene = ut_scene_new ();
  UtCamera camera;
  ut_camera_init (&camera);
  add (scene, 1, UT_MYO, ut_solid_sphere (ut_vec3 (0, 0, 0), 40, 30), 0.4f);
  add (scene, 2, UT_LV, ut_solid_torus (ut_vec3 (0, 0, 0), 20, 8, 20), 1);
  g_autoptr (GdkPixbuf) first = draw (scene, &camera, 200, 150);
  g_autoptr (GdkPixbuf) larger = draw (scene, &camera, 333, 251);
  g_autoptr (GdkPixbuf) again = draw (scene, &camera, 200, 150);
  g_assert_cmpint (ut_picture_difference (first, again), ==, 0);
  for (int i = 0; i < 2; i++) {
    g_autoptr (UtOffscreen) other = ut_offscreen_new (&error);
    g_assert_no_error (error);
    g_autoptr (GdkPixbuf) same = ut_offscreen_draw (other, scene, &camera, 200, 150, 1, &error);
    g_assert_no_error (error);
    g_assert_cmpint (ut_picture_difference (first, same), ==, 0);
  }
  ut_scene_set_visible (scene, 2, FALSE);
  g_autoptr (GdkPixbuf) changed = draw (scene, &camera, 200, 150);
  g_assert_cmpint (ut_picture_difference (first, changed), >, 20);
  ut_scene_set_visible (scene, 2, TRUE);
  g_autoptr (GdkPixbuf) back = draw (scene, &camera, 200, 150);
  g_assert_cmpint (ut_picture_difference (first, back), ==, 0);
}

/* Empty scenes and empty meshes draw a background, and pictures carry the note. */
static void
test_note (void)
{
  g_autoptr (UtScene) scene = bare_scene ();
  g_autoptr (UtMesh) empty = ut_mesh_new (UT_MESH_FRAME_CANONICAL, 0, 0, NULL);
  UtCamera camera;
  int n_bright = 0;
  ut_camera_init (&camera);
  ut_scene_set_mesh (scene, 1, UT_LV, empty);
  ut_scene_set_mesh (scene, 2, UT_MYO, empty);
  g_autoptr (GdkPixbuf) picture = draw (scene, &camera, 400, 200);
  for (int y = 0; y < 200; y++)
    for (int x = 0; x < 400; x++) {
      gboolean bright = brightness (ut_pixel (picture, x, y)) > 300;
      n_bright += bright;
      g_assert_true (!bright || (y > 200 - 30 && x > 150));
    }
  g_assert_cmpint (n_bright, >, 200);
}

/* Straight on, a section covers as many pixels as its area says; the hole of a ring stays open,
 * and what lies before the plane is gone. */
static void
test_cut_area (void)
{
  g_autoptr (UtScene) scene = bare_scene ();
  const float black[3] = {0, 0, 0}, red[3] = {0.9f, 0.1f, 0.1f};
  UtPlane plane = {ut_vec3 (0, 3, 0), ut_vec3 (0, -1, 0)};
  UtCamera camera;
  ut_camera_init (&camera); /* from the front: along +y */
  add (scene, 1, UT_LV, ut_solid_torus (ut_vec3 (0, 3, 0), 25, 9, 40), 0.06f);
  add (scene, 2, UT_RV, ut_solid_sphere (ut_vec3 (0, -20, 0), 15, 20), 1); /* cut away */
  ut_scene_set_colour (scene, 1, red);
  ut_scene_set_background (scene, black, black);
  ut_scene_fit (scene, &camera, 1);
  ut_scene_set_clip (scene, &plane);
  g_autoptr (GdkPixbuf) picture = draw (scene, &camera, 2 * SIDE, 2 * SIDE);

  float centre[3] = {0, 3, 0}, beside[3] = {10, 3, 0}, a[2], b[2];
  g_assert_true (ut_camera_project (&camera, centre, 2 * SIDE, 2 * SIDE, a));
  g_assert_true (ut_camera_project (&camera, beside, 2 * SIDE, 2 * SIDE, b));
  double px_per_mm = hypot (b[0] - a[0], b[1] - a[1]) / 10, n = 0;
  for (int y = 0; y < 2 * SIDE - 28; y++)
    for (int x = 0; x < 2 * SIDE; x++)
      n += ut_pixel (picture, x, y)[0] > 170;
  double rim_mm2 = 2 * 2 * G_PI * 9 * 1.5 / px_per_mm; /* half of it is inside */
  double area_mm2 = n / (px_per_mm * px_per_mm) + rim_mm2 / 2;
  g_assert_cmpfloat_with_epsilon (area_mm2, 2 * G_PI * 81, 0.02 * 2 * G_PI * 81);
  g_assert_cmpint (ut_pixel (picture, a[0], a[1])[0], <, 150); /* the far side of the glass */
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
  g_test_add_func ("/gl/properties/nested", test_nested);
  g_test_add_func ("/gl/properties/front-pane", test_front_pane);
  g_test_add_func ("/gl/properties/opaque-and-glass", test_opaque_and_glass);
  g_test_add_func ("/gl/properties/smooth-edges", test_smooth_edges);
  g_test_add_func ("/gl/properties/cube", test_cube);
  g_test_add_func ("/gl/properties/legend", test_legend);
  g_test_add_func ("/gl/properties/map-colours", test_map_colours);
  g_test_add_func ("/gl/properties/cut-area", test_cut_area);
  g_test_add_func ("/gl/properties/again", test_again);
  g_test_add_func ("/gl/properties/note", test_note);
  int status = g_test_run ();
  ut_offscreen_free (offscreen);
  return status;
}
