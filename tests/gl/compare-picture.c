/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/gl/compare-picture.h"

#define PIXEL_TOLERANCE 10
#define SHARE_TOLERANCE 0.004
#define MEAN_TOLERANCE  0.6

typedef struct Difference {
  double mean;  /* of all channels */
  double share; /* pixels beyond the tolerance */
} Difference;

const guint8 *
ut_pixel (GdkPixbuf *picture, int x, int y)
{
  g_assert_true (x >= 0 && x < gdk_pixbuf_get_width (picture));
  g_assert_true (y >= 0 && y < gdk_pixbuf_get_height (picture));
  return gdk_pixbuf_read_pixels (picture) + (gsize)y * gdk_pixbuf_get_rowstride (picture) +
         x * gdk_pixbuf_get_n_channels (picture);
}

static int
pixel_difference (GdkPixbuf *a, GdkPixbuf *b, int x, int y, int *ret_sum)
{
  const guint8 *p = ut_pixel (a, x, y), *q = ut_pixel (b, x, y);
  int worst = 0;
  for (int c = 0; c < 3; c++) {
    int d = ABS (p[c] - q[c]);
    *ret_sum += d;
    worst = MAX (worst, d);
  }
  return worst;
}

int
ut_picture_difference (GdkPixbuf *a, GdkPixbuf *b)
{
  int worst = 0, sum = 0;
  g_assert_cmpint (gdk_pixbuf_get_width (a), ==, gdk_pixbuf_get_width (b));
  g_assert_cmpint (gdk_pixbuf_get_height (a), ==, gdk_pixbuf_get_height (b));
  for (int y = 0; y < gdk_pixbuf_get_height (a); y++)
    for (int x = 0; x < gdk_pixbuf_get_width (a); x++)
      worst = MAX (worst, pixel_difference (a, b, x, y, &sum));
  return worst;
}

/* What differs, ten times as bright. */
static Difference
compare (GdkPixbuf *out, GdkPixbuf *ref, int n_rows, GdkPixbuf *diff)
{
  int width = gdk_pixbuf_get_width (out), n_bad = 0, sum = 0;
  for (int y = 0; y < n_rows; y++)
    for (int x = 0; x < width; x++) {
      guint8 *to = (guint8 *)ut_pixel (diff, x, y);
      n_bad += pixel_difference (out, ref, x, y, &sum) > PIXEL_TOLERANCE;
      for (int c = 0; c < 3; c++)
        to[c] = MIN (255, 10 * ABS (ut_pixel (out, x, y)[c] - ut_pixel (ref, x, y)[c]));
    }
  double n_pixels = (double)width * n_rows;
  return (Difference){sum / (3 * n_pixels), n_bad / n_pixels};
}

static void
save (GdkPixbuf *picture, const char *name, const char *ending)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strconcat (name, ending, NULL);
  g_autofree char *path = g_build_filename (g_getenv ("UT_TEST_OUTPUT"), file, NULL);
  gdk_pixbuf_save (picture, path, "png", &error, NULL);
  g_assert_no_error (error);
  g_test_message ("left %s", path);
}

void
ut_assert_picture (GdkPixbuf *picture, const char *name, int n_rows)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (g_getenv ("UT_TEST_PICTURES"), file, NULL);
  if (g_getenv ("UT_UPDATE_PICTURES") != NULL) {
    gdk_pixbuf_save (picture, path, "png", &error, "compression", "9", NULL);
    g_assert_no_error (error);
    g_test_message ("wrote %s", path);
    return;
  }

  g_autoptr (GdkPixbuf) ref = gdk_pixbuf_new_from_file (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_pixbuf_get_width (picture), ==, gdk_pixbuf_get_width (ref));
  g_assert_cmpint (gdk_pixbuf_get_height (picture), ==, gdk_pixbuf_get_height (ref));
  g_autoptr (GdkPixbuf) diff = gdk_pixbuf_copy (picture);
  Difference difference = compare (picture, ref, n_rows, diff);
  g_test_message ("%s: mean difference %.3f, %.3f %% of the pixels beyond %d",
                  name,
                  difference.mean,
                  100 * difference.share,
                  PIXEL_TOLERANCE);
  if (difference.mean > MEAN_TOLERANCE || difference.share > SHARE_TOLERANCE) {
    save (picture, name, ".out.png");
    save (ref, name, ".ref.png");
    save (diff, name, ".diff.png");
    g_test_fail_printf ("%s differs from its reference", name);
  }
}
