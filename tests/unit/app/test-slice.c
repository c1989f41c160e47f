/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/slice.h"
#include "engine/anatomy/canonical.h"

#include <string.h>

static const float axes[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
static const UtViewPlane *const none[UT_N_VIEWS] = {NULL};

static UtSlice
make_slice (UtCutDirection direction, UtVec3 point)
{
  UtSlice slice;
  ut_slice_init (
    &slice, direction, none, axes, ut_vec3 (-60, -30, -90), ut_vec3 (60, 50, 40), point, 400, 300);
  return slice;
}

/* There and back, and the point that a slice was made for lies in it; the box fits. */
static void
test_places (void)
{
  UtVec3 point = ut_vec3 (11, -7, 23);
  for (UtCutDirection d = 0; d < UT_N_CUT_DIRECTIONS; d++) {
    UtSlice slice = make_slice (d, point);
    UtPlane plane = ut_slice_plane (&slice);
    double xy[2];
    g_assert_cmpfloat_with_epsilon (ut_plane_height (&plane, point), 0, 1e-4);
    ut_slice_pixel (&slice, point, xy);
    UtVec3 again = ut_slice_point (&slice, xy[0], xy[1]);
    g_assert_cmpfloat (ut_vec3_length (ut_vec3_sub (again, point)), <, 1e-4);
    for (int corner = 0; corner < 8; corner++) {
      ut_slice_pixel (
        &slice, ut_vec3 (corner & 1 ? 60 : -60, corner & 2 ? 50 : -30, corner & 4 ? 40 : -90), xy);
      g_assert_true (xy[0] > 0 && xy[0] < 400 && xy[1] > 0 && xy[1] < 300);
    }
  }
}

/* A person who stands before us has the left hand on our right, seen from the feet too. */
static void
test_letters (void)
{
  static const struct {
    UtCutDirection direction;
    const char *letters; /* right, down, into */
  } cases[] = {{UT_CUT_CORONAL, "LFP"}, {UT_CUT_SAGITTAL, "PFR"}, {UT_CUT_AXIAL, "LPH"}};
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    UtSlice slice = make_slice (cases[i].direction, ut_vec3 (0, 0, 0));
    g_assert_cmpint (ut_slice_letter (slice.right, axes), ==, cases[i].letters[0]);
    g_assert_cmpint (ut_slice_letter (slice.down, axes), ==, cases[i].letters[1]);
    g_assert_cmpint (ut_slice_letter (slice.into, axes), ==, cases[i].letters[2]);
  }
}

/* Each pixel shows the voxel that it lies in: a 9 mm block has 9 mm sides, no more and no less. */
static void
test_labels (void)
{
  const gsize dims[3] = {UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE};
  UtAffine grid = ut_canonical_grid ();
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &grid, NULL);
  for (gsize z = 30; z < 33; z++)
    for (gsize y = 30; y < 33; y++)
      for (gsize x = 30; x < 33; x++)
        labels->u8[(z * dims[1] + y) * dims[0] + x] = UT_LV;
  gboolean shown[UT_N_LABELS] = {FALSE, TRUE, TRUE, TRUE, TRUE, TRUE};
  UtVec3 inside = ut_affine_point (&grid, ut_vec3 (31, 31, 31));
  UtSlice slice = make_slice (UT_CUT_AXIAL, inside);
  for (int hidden = 0; hidden < 2; hidden++) {
    shown[UT_LV] = !hidden;
    cairo_surface_t *picture = ut_slice_labels (&slice, labels, shown);
    const guint8 *bytes = cairo_image_surface_get_data (picture);
    guint n = 0;
    for (int y = 0; y < slice.height; y++)
      for (int x = 0; x < slice.width; x++) {
        guint32 pixel;
        memcpy (&pixel, bytes + y * cairo_image_surface_get_stride (picture) + 4 * x, 4);
        UtVec3 off = ut_vec3_sub (ut_slice_point (&slice, x + 0.5, y + 0.5), inside);
        double far = MAX (fabs (off.x), fabs (off.y));
        n += pixel != 0;
        if (fabs (far - 4.5) > 1e-3)
          g_assert_cmpint (pixel != 0, ==, !hidden && far < 4.5);
      }
    g_assert_cmpint (n > 100, ==, !hidden);
    cairo_surface_destroy (picture);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/slice/places", test_places);
  g_test_add_func ("/slice/letters", test_letters);
  g_test_add_func ("/slice/labels", test_labels);
  return g_test_run ();
}
