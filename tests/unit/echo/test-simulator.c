/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/echo/probe.h"
#include "engine/echo/simulator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIDE 224

/*
 * A plain heart in LPS mm: axis along -y (apex anterior), ellipsoid LV in a shell,
 * spheres as atria, an ellipsoid as RV on the patient's right of the LV.
 */
static gboolean
in_ellipsoid (UtVec3 p, UtVec3 centre, UtVec3 radii)
{
  UtVec3 d = ut_vec3_sub (p, centre);
  return d.x * d.x / (radii.x * radii.x) + d.y * d.y / (radii.y * radii.y) +
           d.z * d.z / (radii.z * radii.z) <
         1;
}

static UtStructure
plain_heart_label (UtVec3 p)
{
  const UtVec3 lv = {0, 0, 0};
  gboolean above_base = p.y > 22;
  if (!above_base && in_ellipsoid (p, lv, ut_vec3 (23, 45, 23)))
    return UT_LV;
  if (!above_base && in_ellipsoid (p, lv, ut_vec3 (33, 55, 33)))
    return UT_MYO;
  if (!above_base && in_ellipsoid (p, ut_vec3 (-34, 0, 12), ut_vec3 (24, 42, 26)))
    return UT_RV;
  if (above_base && in_ellipsoid (p, ut_vec3 (0, 40, -6), ut_vec3 (20, 20, 20)))
    return UT_LA;
  if (above_base && in_ellipsoid (p, ut_vec3 (-42, 40, -8), ut_vec3 (20, 20, 20)))
    return UT_RA;
  return UT_BACKGROUND;
}

typedef struct Heart {
  UtVolume *labels;
  UtLandmarks landmarks;
  UtEchoScene *scene;
  UtScanner scanner;
  UtViewPlane plane;
  UtEchoPicture picture;
} Heart;

static void
heart_clear (Heart *self)
{
  ut_volume_unref (self->labels);
  ut_echo_scene_free (self->scene);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Heart, heart_clear)

static void
heart_init (Heart *self, UtView view)
{
  g_autoptr (GError) error = NULL;
  const gsize dims[3] = {96, 96, 64};
  UtAffine affine = ut_affine_scale_offset (ut_vec3 (1.5, 1.5, 1.5), ut_vec3 (-90, -72, -48));
  self->labels = ut_volume_new (UT_VOXEL_U8, dims, &affine, &error);
  g_assert_no_error (error);
  for (gsize z = 0; z < dims[2]; z++)
    for (gsize y = 0; y < dims[1]; y++)
      for (gsize x = 0; x < dims[0]; x++)
        self->labels->u8[ut_volume_index (self->labels, x, y, z)] =
          (guint8)plain_heart_label (ut_affine_point (&affine, ut_vec3 (x, y, z)));
  ut_landmarks_find (self->labels, &self->landmarks, &error);
  g_assert_no_error (error);
  self->scene = ut_echo_scene_new (self->labels, &self->landmarks, NULL, 7, &error);
  g_assert_no_error (error);
  ut_scanner_default (&self->scanner, view);
  ut_probe_place (
    &(UtProbe){0}, view, self->labels, &self->landmarks, &self->scanner, &self->plane, &error);
  g_assert_no_error (error);
  self->picture = ut_echo_picture_fit (&self->scanner, SIDE, SIDE);
}

static void
render (
  const Heart *heart, const UtScanner *scanner, UtEchoMoment moment, guint8 *pixels, guint8 *labels)
{
  UtEchoPicture picture = ut_echo_picture_fit (scanner, SIDE, SIDE);
  ut_echo_scene_render (heart->scene, &heart->plane, scanner, &picture, &moment, pixels, labels);
}

static void
test_same_seed_same_picture (void)
{
  g_auto (Heart) heart = {0};
  heart_init (&heart, UT_VIEW_A4C);
  static guint8 a[SIDE * SIDE], b[SIDE * SIDE];
  for (guint64 seed = 0; seed < 3; seed++) {
    UtRandom random;
    UtScanner one, two;
    ut_random_init (&random, seed, 0);
    ut_scanner_draw (&one, UT_VIEW_A4C, &random);
    ut_random_init (&random, seed, 0);
    ut_scanner_draw (&two, UT_VIEW_A4C, &random);
    one.depth_mm = two.depth_mm = heart.scanner.depth_mm;
    render (&heart, &one, (UtEchoMoment){.seed = seed}, a, NULL);
    render (&heart, &two, (UtEchoMoment){.seed = seed}, b, NULL);
    g_assert_cmpmem (a, sizeof a, b, sizeof b);
    render (&heart, &two, (UtEchoMoment){.seed = seed + 1}, b, NULL);
    g_assert_cmpint (memcmp (a, b, sizeof a), !=, 0);
  }
}

/* mean grey of the pixels that carry a label, and where they lie */
typedef struct Region {
  double n, grey, col, row;
} Region;

static void
measure (const guint8 *pixels, const guint8 *labels, Region ret[UT_N_LABELS])
{
  memset (ret, 0, sizeof (Region) * UT_N_LABELS);
  for (guint i = 0; i < SIDE * SIDE; i++) {
    Region *region = &ret[labels[i]];
    if (pixels[i] == 0)
      continue;
    region->n++;
    region->grey += pixels[i];
    region->col += i % SIDE;
    region->row += i / SIDE;
  }
  for (guint label = 0; label < UT_N_LABELS; label++) {
    ret[label].grey /= ret[label].n;
    ret[label].col /= ret[label].n;
    ret[label].row /= ret[label].n;
  }
}

static void
test_left_heart_on_the_right (void)
{
  g_auto (Heart) heart = {0};
  heart_init (&heart, UT_VIEW_A4C);
  static guint8 pixels[SIDE * SIDE], labels[SIDE * SIDE];
  render (&heart, &heart.scanner, (UtEchoMoment){0}, pixels, labels);
  Region r[UT_N_LABELS];
  measure (pixels, labels, r);
  for (guint label = UT_MYO; label < UT_N_LABELS; label++)
    g_assert_cmpfloat (r[label].n, >, 500);
  g_assert_cmpfloat (r[UT_LV].col, >, r[UT_RV].col + 20);
  g_assert_cmpfloat (r[UT_LA].col, >, r[UT_RA].col + 20);
  g_assert_cmpfloat (r[UT_LV].row, <, r[UT_LA].row - 20);
  g_assert_cmpfloat (r[UT_MYO].grey, >, r[UT_LV].grey + 20);
}

static void
test_mask_is_the_plane (void)
{
  g_auto (Heart) heart = {0};
  heart_init (&heart, UT_VIEW_PSAX);
  static guint8 pixels[SIDE * SIDE], labels[SIDE * SIDE];
  render (&heart, &heart.scanner, (UtEchoMoment){0}, pixels, labels);
  guint wrong = 0, heart_pixels = 0;
  for (guint row = 0; row < SIDE; row++)
    for (guint col = 0; col < SIDE; col++) {
      double x = (col - heart.picture.probe_col) * heart.picture.mm_per_px;
      double y = (row - heart.picture.probe_row) * heart.picture.mm_per_px;
      UtStructure truth = plain_heart_label (ut_view_plane_point (&heart.plane, x, y));
      wrong += truth != labels[row * SIDE + col];
      heart_pixels += truth != UT_BACKGROUND;
    }
  /* only the rims may differ, where a voxel is cut */
  g_assert_cmpuint (heart_pixels, >, 3000);
  g_assert_cmpuint (wrong, <, heart_pixels / 8);
}

static void
test_closed_valve_is_a_bright_line (void)
{
  g_auto (Heart) heart = {0};
  heart_init (&heart, UT_VIEW_A4C);
  static guint8 shut[SIDE * SIDE], open[SIDE * SIDE], labels[SIDE * SIDE];
  render (&heart, &heart.scanner, (UtEchoMoment){.seed = 3}, shut, labels);
  render (&heart, &heart.scanner, (UtEchoMoment){.mitral_opening = 1, .seed = 3}, open, NULL);
  /* the middle of the line where LV meets LA, and a few mm above it */
  double brightest_shut = 0, brightest_open = 0;
  guint n = 0;
  for (guint row = 8; row < SIDE; row++)
    for (guint col = 0; col < SIDE; col++) {
      guint i = row * SIDE + col;
      if (labels[i] != UT_LA || labels[i - SIDE] != UT_LV)
        continue;
      guint8 a = 0, b = 0;
      for (guint up = 0; up < 8; up++) {
        a = MAX (a, shut[i - up * SIDE]);
        b = MAX (b, open[i - up * SIDE]);
      }
      brightest_shut += a;
      brightest_open += b;
      n++;
    }
  g_assert_cmpuint (n, >, 15);
  g_assert_cmpfloat (brightest_shut / n, >, brightest_open / n + 15);
}

static void
test_sector_is_black_outside_and_never_inside (void)
{
  g_auto (Heart) heart = {0};
  heart_init (&heart, UT_VIEW_A4C);
  static guint8 pixels[SIDE * SIDE];
  render (&heart, &heart.scanner, (UtEchoMoment){0}, pixels, NULL);
  double half = heart.scanner.half_angle_deg * G_PI / 180;
  for (guint row = 0; row < SIDE; row++)
    for (guint col = 0; col < SIDE; col++) {
      double x = (col - heart.picture.probe_col) * heart.picture.mm_per_px;
      double y = (row - heart.picture.probe_row) * heart.picture.mm_per_px;
      double r = hypot (x, y), over = fabs (atan2 (x, y)) - half;
      if (r < 2 || fabs (over) * r < 1.5 || fabs (r - heart.scanner.depth_mm) < 1)
        continue;
      gboolean inside = over < 0 && r < heart.scanner.depth_mm;
      g_assert_cmpint (pixels[row * SIDE + col] > 0, ==, inside);
    }
}

static void
test_broad_scanners_render (void)
{
  g_auto (Heart) heart = {0};
  heart_init (&heart, UT_VIEW_A4C);
  static guint8 pixels[SIDE * SIDE];
  UtRandom random;
  ut_random_init (&random, 11, 0);
  for (int i = 0; i < 20; i++) {
    UtScanner scanner;
    ut_scanner_draw_broad (&scanner, UT_VIEW_A4C, &random);
    scanner.depth_mm = heart.scanner.depth_mm;
    render (&heart, &scanner, (UtEchoMoment){0}, pixels, NULL);
    guint bright = 0;
    for (guint p = 0; p < SIDE * SIDE; p++)
      bright += pixels[p] > 0;
    g_assert_cmpuint (bright, >, SIDE * SIDE / 8);
  }
}

static void
test_contraction_changes_the_greys (void)
{
  UtScanner k;
  ut_scanner_default (&k, UT_VIEW_A4C);
  k.dropout_lateral = 0.4;
  UtScanner ed = ut_scanner_at (&k, 0), es = ut_scanner_at (&k, 1), beyond = ut_scanner_at (&k, 3);
  g_assert_cmpmem (&ed, sizeof ed, &k, sizeof k);
  g_assert_cmpmem (&beyond, sizeof beyond, &es, sizeof es);
  g_assert_cmpfloat (es.ratio_lateral, >, k.ratio_lateral);
  g_assert_cmpfloat (es.grey_atrial, <, k.grey_atrial);
  g_assert_cmpfloat (es.dropout_lateral, <, k.dropout_lateral);
}

/* mean grey of the wall right of the LV's middle column */
static double
lateral_wall_grey (const Heart *heart, const UtEchoScene *scene)
{
  static guint8 pixels[SIDE * SIDE], labels[SIDE * SIDE];
  ut_echo_scene_render (scene,
                        &heart->plane,
                        &heart->scanner,
                        &heart->picture,
                        &(UtEchoMoment){.seed = 1},
                        pixels,
                        labels);
  Region all[UT_N_LABELS];
  measure (pixels, labels, all);
  double sum = 0, n = 0;
  for (guint i = 0; i < SIDE * SIDE; i++)
    if (labels[i] == UT_MYO && i % SIDE > all[UT_LV].col && i / SIDE > all[UT_LV].row) {
      sum += pixels[i];
      n++;
    }
  return sum / n;
}

/* The same labels, once as end-diastole and once as a heart whose annulus came down 9 mm. */
static void
test_systole_brightens_the_lateral_wall (void)
{
  g_auto (Heart) heart = {0};
  g_autoptr (GError) error = NULL;
  heart_init (&heart, UT_VIEW_A4C);
  UtLandmarks ed = heart.landmarks;
  ed.mitral = ut_vec3_mad (ed.mitral, -9, ed.long_axis);
  g_autoptr (UtEchoScene) es = ut_echo_scene_new (heart.labels, &heart.landmarks, &ed, 7, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (
    lateral_wall_grey (&heart, es), >, lateral_wall_grey (&heart, heart.scene) + 4);
}

/* a drawn hold shows the LV where it says */
static void
test_probe_places_the_heart (void)
{
  g_auto (Heart) heart = {0};
  g_autoptr (GError) error = NULL;
  heart_init (&heart, UT_VIEW_A4C);
  UtProbe probe = {.tilt_deg = 3,
                   .rotation_deg = -5,
                   .sweep_mm = 2,
                   .axis_deg = 12,
                   .offset_mm = 6,
                   .standoff_mm = 30,
                   .depth_part = 0.7};
  UtViewPlane plane;
  UtScanner scanner = heart.scanner;
  ut_probe_place (&probe, UT_VIEW_A4C, heart.labels, &heart.landmarks, &scanner, &plane, &error);
  g_assert_no_error (error);
  UtVec3 apex = ut_vec3_sub (heart.landmarks.apex, plane.origin),
         base = ut_vec3_sub (heart.landmarks.mitral, plane.origin);
  UtVec3 centre = ut_vec3_sub (heart.landmarks.centroid[UT_LV], plane.origin),
         axis = ut_vec3_sub (base, apex);
  g_assert_cmpfloat_with_epsilon (ut_vec3_dot (apex, plane.down), 30, 1e-6);
  g_assert_cmpfloat_with_epsilon (ut_vec3_dot (centre, plane.right), 6, 1e-6);
  double angle = atan2 (ut_vec3_dot (axis, plane.right), ut_vec3_dot (axis, plane.down));
  g_assert_cmpfloat_with_epsilon (angle * 180 / G_PI, 12, 1e-6);
  g_assert_cmpfloat_with_epsilon (ut_vec3_dot (plane.right, plane.down), 0, 1e-9);
  UtVec3 normal = ut_vec3_cross (plane.right, plane.down);
  g_assert_cmpfloat_with_epsilon (ut_vec3_dot (normal, plane.normal), 1, 1e-9);
  double part = ut_vec3_dot (base, plane.down) / scanner.depth_mm;
  g_assert_cmpfloat_with_epsilon (part, 0.7, 0.03);
  g_assert_cmpfloat_with_epsilon (fmod (scanner.depth_mm, 10), 0, 1e-9);
  g_assert_cmpfloat (plane.depth_mm, ==, scanner.depth_mm);
}

static void
test_empty_volume_is_refused (void)
{
  g_autoptr (GError) error = NULL;
  const gsize dims[3] = {8, 8, 8};
  UtAffine affine = ut_affine_scale_offset (ut_vec3 (1.5, 1.5, 1.5), ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &affine, &error);
  g_assert_no_error (error);
  UtLandmarks landmarks = {0};
  g_assert_null (ut_echo_scene_new (labels, &landmarks, NULL, 1, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
}

/* mean of the absolute grey differences of two frames */
static double
frame_difference (const UtCine *cine, guint a, guint b)
{
  const guint8 *p = ut_cine_frame (cine, a), *q = ut_cine_frame (cine, b);
  double sum = 0;
  for (guint i = 0; i < cine->width * cine->height; i++)
    sum += abs (p[i] - q[i]);
  return sum / (cine->width * cine->height);
}

static void
test_loop_beats (void)
{
  g_auto (Heart) heart = {0};
  g_autoptr (GError) error = NULL;
  heart_init (&heart, UT_VIEW_A4C);
  UtHeartMotionParams motion_params = ut_heart_motion_params (0.6);
  g_autoptr (UtHeartMotion) motion =
    ut_heart_motion_new (heart.labels, &heart.landmarks, &motion_params, &error);
  g_assert_no_error (error);
  UtEchoFilm film = {
    .plane = heart.plane,
    .scanner = heart.scanner,
    .params = {
      .width = 96, .height = 96, .n_beats = 2, .heart_rate_bpm = 75, .frame_rate = 10, .seed = 5}};
  g_autoptr (UtCine) cine = NULL;
  g_assert_true (ut_echo_film (motion, &film, 1, 5, &cine, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (cine->n_frames, ==, 17);
  g_assert_cmpuint (cine->n_r_waves, ==, 3);
  g_assert_cmpfloat_with_epsilon (cine->r_waves_ms[1], 800, 1e-6);
  g_assert_cmpfloat_with_epsilon (cine->times_ms[16], 1600, 1e-6);
  g_assert_cmpfloat_with_epsilon (cine->heart_rate_bpm, 75, 1e-6);
  g_assert_cmpfloat (cine->spacing_mm[0], ==, cine->spacing_mm[1]);
  g_assert_cmpint (cine->ed_hint, ==, 0);
  g_assert_cmpint (cine->es_hint, >, 1);
  g_assert_cmpint (cine->es_hint, <, 5);
  /* one beat later the same moment comes again, but not the same noise */
  guint es = (guint)cine->es_hint;
  g_assert_cmpfloat (frame_difference (cine, 0, es), >, 1.5 * frame_difference (cine, 0, 8));
  g_assert_cmpfloat (frame_difference (cine, 0, 8), >, 0.1);

  /* the marked frames alone are the same pictures */
  film.params.marked_only = TRUE;
  g_autoptr (UtCine) marked = NULL;
  g_assert_true (ut_echo_film (motion, &film, 1, 5, &marked, NULL, NULL, &error));
  g_assert_cmpuint (marked->n_frames, ==, 2);
  g_assert_cmpint (marked->ed_hint, ==, 0);
  g_assert_cmpint (marked->es_hint, ==, 1);
  g_assert_cmpfloat_with_epsilon (marked->times_ms[1], cine->times_ms[es], 1e-6);
  g_assert_cmpfloat (marked->spacing_mm[0], ==, cine->spacing_mm[0]);
  g_assert_cmpmem (ut_cine_frame (marked, 0), 96 * 96, ut_cine_frame (cine, 0), 96 * 96);
  g_assert_cmpmem (ut_cine_frame (marked, 1), 96 * 96, ut_cine_frame (cine, es), 96 * 96);

  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  UtCine *none = NULL;
  g_assert_false (ut_echo_film (motion, &film, 1, 5, &none, NULL, cancellable, &error));
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_speed (void)
{
  g_auto (Heart) heart = {0};
  heart_init (&heart, UT_VIEW_A4C);
  static guint8 pixels[SIDE * SIDE];
  gint64 begin = g_get_monotonic_time ();
  const int n = 15;
  for (int i = 0; i < n; i++)
    render (&heart, &heart.scanner, (UtEchoMoment){.seed = (guint64)i}, pixels, NULL);
  double per_second = n / ((double)(g_get_monotonic_time () - begin) * 1e-6);
  g_test_message ("%.0f pictures of %d x %d a second", per_second, SIDE, SIDE);
  g_test_maximized_result (per_second, "%.0f pictures a second", per_second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo/same-seed-same-picture", test_same_seed_same_picture);
  g_test_add_func ("/echo/left-heart-on-the-right", test_left_heart_on_the_right);
  g_test_add_func ("/echo/mask-is-the-plane", test_mask_is_the_plane);
  g_test_add_func ("/echo/closed-valve-is-a-bright-line", test_closed_valve_is_a_bright_line);
  g_test_add_func ("/echo/sector-is-black-outside", test_sector_is_black_outside_and_never_inside);
  g_test_add_func ("/echo/broad-scanners-render", test_broad_scanners_render);
  g_test_add_func ("/echo/contraction", test_contraction_changes_the_greys);
  g_test_add_func ("/echo/systole", test_systole_brightens_the_lateral_wall);
  g_test_add_func ("/echo/probe-places-the-heart", test_probe_places_the_heart);
  g_test_add_func ("/echo/empty-volume-is-refused", test_empty_volume_is_refused);
  g_test_add_func ("/echo/loop-beats", test_loop_beats);
  g_test_add_func ("/echo/speed", test_speed);
  return g_test_run ();
}
