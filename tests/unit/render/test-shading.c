/* SPDX-License-Identifier: Apache-2.0 */
#include "render/ambient.h"
#include "render/overlay.h"
#include "render/triangle-sort.h"
#include "tests/unit/render/solids.h"

#include <locale.h>
#include <string.h>

static UtTriangleSpan
span_of (const UtMesh *mesh, guint32 base)
{
  return (UtTriangleSpan){.positions = mesh->positions,
                          .n_vertices = mesh->n_vertices,
                          .triangles = mesh->triangles,
                          .n_triangles = mesh->n_triangles,
                          .base = base};
}

static double
centre_depth (const UtMesh *mesh, const guint32 *corners, const float d[3])
{
  double sum = 0;
  for (int i = 0; i < 3; i++)
    for (int c = 0; c < 3; c++)
      sum += d[c] * mesh->positions[3 * corners[i] + c];
  return sum / 3;
}

/* Every triangle once, never nearer before farther by more than the sort's own grain. */
static void
test_sort_order (void)
{
  const float direction[3] = {0.48f, 0.6f, -0.64f};
  g_autoptr (UtMesh) torus = ut_solid_torus (ut_vec3 (5, 0, 0), 40, 15, 30);
  UtTriangleSpan span = span_of (torus, 0);
  g_autofree guint32 *sorted = g_new (guint32, 3 * torus->n_triangles);
  g_autofree guint *seen = g_new0 (guint, torus->n_vertices);
  g_autofree guint *wanted = g_new0 (guint, torus->n_vertices);
  ut_triangle_sort (&span, 1, direction, sorted);

  double last = INFINITY;
  for (gsize t = 0; t < torus->n_triangles; t++) {
    double depth = centre_depth (torus, sorted + 3 * t, direction);
    g_assert_cmpfloat (depth, <=, last + 0.02);
    last = depth;
  }
  for (gsize k = 0; k < 3 * torus->n_triangles; k++) {
    seen[sorted[k]]++;
    wanted[torus->triangles[k]]++;
  }
  g_assert_cmpmem (
    seen, torus->n_vertices * sizeof (guint), wanted, torus->n_vertices * sizeof (guint));
}

/* Two surfaces in one place: the second span comes after the first at every depth, unless biased.
 */
static void
test_sort_ties (void)
{
  const float direction[3] = {0, 1, 0};
  g_autoptr (UtMesh) ball = ut_solid_sphere (ut_vec3 (0, 0, 0), 30, 20);
  gsize n = ball->n_triangles;
  UtTriangleSpan spans[2] = {span_of (ball, 0), span_of (ball, 100000)};
  g_autofree guint32 *sorted = g_new (guint32, 6 * n);
  ut_triangle_sort (spans, 2, direction, sorted);
  int ahead = 0;
  for (gsize t = 0; t < 2 * n; t++) {
    ahead += sorted[3 * t] < 100000 ? 1 : -1;
    g_assert_cmpint (ahead, >=, 0);
  }
  spans[1].bias_mm = 100; /* behind everything */
  ut_triangle_sort (spans, 2, direction, sorted);
  for (gsize t = 0; t < n; t++)
    g_assert_cmpuint (sorted[3 * t], >=, 100000);
}

static void
mean_openness (const float *values, const UtMesh *mesh, UtVec3 towards, double *ret)
{
  double sum = 0, weight = 0;
  for (gsize v = 0; v < mesh->n_vertices; v++) {
    const float *n = mesh->normals + 3 * v;
    if (n[0] * towards.x + n[1] * towards.y + n[2] * towards.z < 0.95)
      continue;
    sum += values[v];
    weight++;
  }
  *ret = sum / weight;
}

/* Balls that nearly touch: dark between them, open on the far sides, clear glass throws no shade.
 */
static void
test_ambient_gap (void)
{
  g_autoptr (UtMesh) left = ut_solid_sphere (ut_vec3 (-31, 0, 0), 30, 30);
  g_autoptr (UtMesh) right = ut_solid_sphere (ut_vec3 (31, 0, 0), 30, 30);
  g_autofree float *a = g_new (float, left->n_vertices), *b = g_new (float, right->n_vertices);
  float *both[2] = {a, b};
  double gap, outside, mirrored, clear;
  UtOccluder occluders[2] = {{left, 1}, {right, 1}};
  ut_ambient_openness (occluders, 2, both);
  mean_openness (a, left, ut_vec3 (1, 0, 0), &gap);
  mean_openness (a, left, ut_vec3 (-1, 0, 0), &outside);
  mean_openness (b, right, ut_vec3 (-1, 0, 0), &mirrored);
  g_assert_cmpfloat (outside, >, 0.85);
  g_assert_cmpfloat (gap, <, 0.4);
  g_assert_cmpfloat_with_epsilon (gap, mirrored, 0.05);
  for (gsize v = 0; v < left->n_vertices; v++)
    g_assert_true (a[v] >= 0 && a[v] <= 1);

  occluders[1].density = 0;
  ut_ambient_openness (occluders, 2, both);
  mean_openness (a, left, ut_vec3 (1, 0, 0), &clear);
  g_assert_cmpfloat (clear, >, 0.85);
}

static void
test_ambient_inside (void)
{
  g_autoptr (UtMesh) inner = ut_solid_sphere (ut_vec3 (0, 0, 0), 10, 20);
  g_autoptr (UtMesh) outer = ut_solid_sphere (ut_vec3 (0, 0, 0), 40, 30);
  g_autofree float *a = g_new (float, inner->n_vertices), *b = g_new (float, outer->n_vertices);
  float *both[2] = {a, b};
  UtOccluder occluders[2] = {{inner, 1}, {outer, 1}};
  ut_ambient_openness (occluders, 2, both);
  for (gsize v = 0; v < inner->n_vertices; v++)
    g_assert_cmpfloat (a[v], <, 0.1);
}

static void
test_ambient_odd (void)
{
  g_autoptr (UtMesh) empty = ut_mesh_new (UT_MESH_FRAME_LPS, 0, 0, NULL);
  g_autoptr (UtMesh) point = ut_mesh_new (UT_MESH_FRAME_LPS, 3, 1, NULL);
  float values[3] = {-1, -1, -1};
  float *both[2] = {NULL, values};
  UtOccluder occluders[2] = {{empty, 1}, {point, 1}};
  ut_ambient_openness (NULL, 0, NULL);
  ut_ambient_openness (occluders, 2, both); /* three vertices in one place */
  g_assert_cmpfloat (values[2], ==, 1);
}

static void
test_tick_step (void)
{
  g_assert_cmpfloat_with_epsilon (ut_overlay_tick_step (16, 8), 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (ut_overlay_tick_step (16, 7), 5, 1e-12);
  g_assert_cmpfloat_with_epsilon (ut_overlay_tick_step (0.7, 10), 0.1, 1e-12);
  g_assert_cmpfloat_with_epsilon (ut_overlay_tick_step (900, 10), 100, 1e-9);
  g_assert_cmpfloat_with_epsilon (ut_overlay_tick_step (9.6, 1), 10, 1e-9);
}

static void
test_legend_grows (void)
{
  UtScalarMap map = ut_scalar_map_distance (10);
  cairo_surface_t *one = ut_overlay_legend (&map, 800, 1), *two = ut_overlay_legend (&map, 1600, 2);
  int width = cairo_image_surface_get_width (one), height = cairo_image_surface_get_height (one);
  g_assert_cmpint (height, <, 800);
  g_assert_cmpint (ABS (cairo_image_surface_get_width (two) - 2 * width), <=, 8);
  g_assert_cmpint (ABS (cairo_image_surface_get_height (two) - 2 * height), <=, 8);
  cairo_surface_destroy (one);
  cairo_surface_destroy (two);

  cairo_surface_t *note = ut_overlay_note ("Research use only", 100, 1);
  g_assert_cmpint (cairo_image_surface_get_width (note), <=, 104);
  cairo_surface_destroy (note);
}

/* Numbers get a comma. Returns: whether they do */
static gboolean
speak_german (void)
{
  const char *folder = g_get_user_cache_dir (); /* of this test alone */
  g_autofree char *locale = g_build_filename (folder, "de_DE.UTF-8", NULL);
  g_mkdir_with_parents (folder, 0700);
  const char *words[] = {"localedef", "-f", "UTF-8", "-i", "de_DE", locale, NULL};
  g_spawn_sync (NULL,
                (char **)words,
                NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                NULL,
                NULL,
                NULL,
                NULL,
                NULL,
                NULL);
  g_setenv ("LOCPATH", folder, TRUE);
  return setlocale (LC_NUMERIC, "de_DE.UTF-8") != NULL;
}

static GBytes *
legend_bytes (gboolean local)
{
  const UtScalarMap map = {.quantity = "Spread",
                           .unit = "",
                           .map = UT_COLOUR_MAP_BATLOW,
                           .max = 1,
                           .local_numbers = local};
  cairo_surface_t *drawn = ut_overlay_legend (&map, 400, 1);
  gsize size =
    (gsize)cairo_image_surface_get_stride (drawn) * (gsize)cairo_image_surface_get_height (drawn);
  GBytes *bytes = g_bytes_new (cairo_image_surface_get_data (drawn), size);
  cairo_surface_destroy (drawn);
  return bytes;
}

/* The window shows a comma; what goes into files is the same everywhere. */
static void
test_legend_locale (void)
{
  g_autoptr (GBytes) file = legend_bytes (FALSE), shown = legend_bytes (TRUE);
  g_assert_true (g_bytes_equal (file, shown));
  if (!speak_german ()) {
    g_test_skip ("no de_DE.UTF-8, and localedef cannot make it");
    return;
  }
  g_autoptr (GBytes) german_file = legend_bytes (FALSE), german_shown = legend_bytes (TRUE);
  setlocale (LC_NUMERIC, "C");
  g_assert_true (g_bytes_equal (file, german_file));
  g_assert_false (g_bytes_equal (shown, german_shown));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/render/sort/order", test_sort_order);
  g_test_add_func ("/render/sort/ties", test_sort_ties);
  g_test_add_func ("/render/ambient/gap", test_ambient_gap);
  g_test_add_func ("/render/ambient/inside", test_ambient_inside);
  g_test_add_func ("/render/ambient/odd", test_ambient_odd);
  g_test_add_func ("/render/overlay/tick-step", test_tick_step);
  g_test_add_func ("/render/overlay/legend", test_legend_grows);
  g_test_add_func ("/render/overlay/locale", test_legend_locale);
  return g_test_run ();
}
