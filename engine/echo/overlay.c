/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/echo/overlay.h"

#include <math.h>

#define GLYPH_ROWS 5
#define INK        210

/* 3 x 5 dots, row by row from the top, 15 bits; 0 to 9, then A, C, E, F, H, L, M, P, R, T */
static const guint16 glyphs[] = {
  0x7b6f, 0x2c97, 0x73e7, 0x73cf, 0x5bc9, 0x79cf, 0x79ef, 0x7252, 0x7bef, 0x7bcf,
  0x7bed, 0x7927, 0x79a7, 0x79a4, 0x5bed, 0x4927, 0x5fed, 0x7be4, 0x7bb5, 0x7492,
};

static void
dot (const UtEchoPicture *picture, guint8 *pixels, double col, double row, guint8 ink)
{
  if (col >= 0 && row >= 0 && col < picture->width && row < picture->height)
    pixels[(gsize)row * picture->width + (gsize)col] = ink;
}

static void
letter (
  const UtEchoPicture *picture, guint8 *pixels, guint glyph, double col, double row, double size)
{
  for (int y = 0; y < (int)(GLYPH_ROWS * size); y++)
    for (int x = 0; x < (int)(3 * size); x++) {
      int bit = 14 - ((int)(y / size) * 3 + (int)(x / size));
      if (glyphs[glyph] >> bit & 1)
        dot (picture, pixels, col + x, row + y, INK);
    }
}

/* lines of arbitrary signs in the free corners */
static void
text (const UtScanner *scanner, const UtEchoPicture *picture, guint8 *pixels)
{
  UtRandom random;
  ut_random_init (&random, scanner->seed, 60);
  double size = MAX (picture->width / 224.0, 1);
  for (guint line = 0, n = 2 + ut_random_index (&random, 7); line < n; line++) {
    gboolean right = ut_random_chance (&random, 0.6);
    guint n_letters = 3 + ut_random_index (&random, 8);
    double col = right ? picture->width - 4 * size * (n_letters + 1) : 3 * size;
    double row = (4 + 8 * line) * size;
    for (guint i = 0; i < n_letters; i++)
      if (!ut_random_chance (&random, 0.12))
        letter (picture,
                pixels,
                ut_random_index (&random, G_N_ELEMENTS (glyphs)),
                col + 4 * size * i,
                row,
                size);
  }
}

static void
ticks (const UtScanner *scanner, const UtEchoPicture *picture, guint8 *pixels)
{
  double half = scanner->half_angle_deg * G_PI / 180;
  int thick = MAX ((int)lround (picture->width / 224.0), 1);
  for (double r = 10; r <= scanner->depth_mm; r += 10)
    for (int side = -1; side <= 1; side += 2) {
      double x = side * (r * sin (half) + 3), y = r * cos (half);
      double col = x / picture->mm_per_px + picture->probe_col,
             row = y / picture->mm_per_px + picture->probe_row;
      gboolean fifth = fmod (r, 50) < 1;
      int wide = fifth ? 3 * thick : thick;
      for (int i = 0; i < wide * thick; i++)
        dot (picture, pixels, col + side * (i % wide), row + i / wide, fifth ? 255 : 150);
    }
}

/* sum of bumps at the P, Q, R, S and T waves of one beat */
static double
ecg (double phase)
{
  const double at[] = {0.88, 0.985, 0.0, 0.02, 0.3}, width[] = {0.025, 0.008, 0.01, 0.01, 0.045},
               height[] = {0.12, -0.12, 1, -0.2, 0.25};
  double sum = 0;
  for (guint i = 0; i < G_N_ELEMENTS (at); i++) {
    double d = phase - at[i];
    d -= round (d);
    sum += height[i] * exp (-0.5 * d * d / (width[i] * width[i]));
  }
  return sum;
}

static void
trace (const UtEchoPicture *picture, const UtEchoMoment *moment, guint8 *pixels)
{
  double base = picture->height * 0.97, tall = picture->height * 0.09, before = base;
  guint end = (guint)(picture->width * 0.4);
  for (guint col = 2; col < end; col++) {
    double row = base - tall * ecg (2.2 * col / end);
    for (double y = MIN (row, before); y <= MAX (row, before); y++)
      dot (picture, pixels, col, y, 170);
    before = row;
  }
  double now = 2 + fmod (moment->ecg_phase + 1, 1) / 2.2 * (end - 2);
  for (double y = base - tall; y < base + 3; y++)
    dot (picture, pixels, now, y, 255);
}

static void
outline (const UtScanner *scanner, const UtEchoPicture *picture, guint8 *pixels)
{
  double half = scanner->half_angle_deg * G_PI / 180, step = 0.5 * picture->mm_per_px;
  for (double r = scanner->top_radius_mm; r < scanner->depth_mm; r += step)
    for (int side = -1; side <= 1; side += 2)
      dot (picture,
           pixels,
           side * r * sin (half) / picture->mm_per_px + picture->probe_col,
           r * cos (half) / picture->mm_per_px + picture->probe_row,
           120);
}

static void
bar (const UtEchoPicture *picture, guint8 *pixels)
{
  guint tall = picture->height / 3, wide = MAX (picture->width / 45, 2);
  for (guint y = 0; y < tall; y++)
    for (guint x = 0; x < wide; x++)
      dot (picture, pixels, 3 + x, picture->height * 0.35 + y, (guint8)(255 - 255 * y / tall));
}

void
ut_overlay_draw (const UtScanner *scanner,
                 const UtEchoPicture *picture,
                 const UtEchoMoment *moment,
                 guint8 *pixels)
{
  if (scanner->overlays & UT_SCANNER_FRAME)
    outline (scanner, picture, pixels);
  if (scanner->overlays & UT_SCANNER_BAR)
    bar (picture, pixels);
  if (scanner->overlays & UT_SCANNER_TICKS)
    ticks (scanner, picture, pixels);
  if (scanner->overlays & UT_SCANNER_TEXT)
    text (scanner, picture, pixels);
  if (scanner->overlays & UT_SCANNER_ECG)
    trace (picture, moment, pixels);
}
