/* SPDX-License-Identifier: Apache-2.0 */

/* Pixels that change over the loop are the echo's, and some of what is written around it. Where
 * most of a small square changes is area, not writing. The fan is fitted to that: the two straight
 * lines that most of its rows end at (pairs of rows are tried, as RANSAC does), which meet in the
 * apex, and the radius that nine tenths of its beams do not pass, so that what hangs on the area
 * (an ECG at its foot) does not widen it. How much a pixel has to change depends on gain and
 * compression: of a few values the one that makes the edges clearest is taken, and the widest: what
 * stands still in the echo ends straight, too. Method: ours. */

#include "engine/twin/sector-mask.h"

#include "engine/anatomy/parts.h"
#include "engine/base/compare.h"
#include "engine/base/error.h"
#include "engine/base/words.h"

#include <math.h>
#include <string.h>

#define LIT         8  /* grey value that is not black any more, compression noise included */
#define MIN_EDGE    16 /* rows that end at each edge */
#define MARGIN      2  /* pixels around the fitted fan that are still its own */
#define N_ROWS      96 /* that lines are tried through */
#define N_BEAMS     64
#define BEAMS_IN    0.9        /* part of the beams that end within the fan's radius */
#define MIN_OPENING (G_PI / 9) /* between the edges */
#define MAX_OPENING (G_PI * 0.8)
#define MIN_PART    0.01 /* of the picture, that belongs to the echo */
#define MAX_INWARDS 0.3  /* slope of an edge against its side: a fan may be steered */
#define MIN_ROWS    0.15 /* part of the area's rows that do */
#define MIN_FULL    0.5  /* part of the fan that is area */
#define MIN_CUT     0.1  /* part of the rows that ends where the picture is cut off straight */
#define MAX_OUT     0.03 /* part of the area that is not in the fan */

/* Grey values between the darkest and the brightest frame that are tried: compression noise changes
 * little, a dim echo too. 0: what stands still is only lit. */
static const int changes[] = {16, 6, 3, 0};

/* Part of a picture: the region of a loop. */
typedef struct Area {
  gsize width, height;
  guint8 *in; /* [height, width] */
} Area;

/* ---- where the echo moves -------------------------------------------------------------- */

/* Largest and smallest value of each pixel of the region over the loop. */
static gboolean
find_range (
  const UtCine *cine, guint8 *ret_max, guint8 *ret_min, GCancellable *cancel, GError **error)
{
  const gsize width = cine->region[2], height = cine->region[3];
  memset (ret_max, 0, width * height);
  memset (ret_min, 255, width * height);
  for (guint i = 0; i < cine->n_frames; i++) {
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return FALSE;
    for (gsize y = 0; y < height; y++) {
      const guint8 *row =
        ut_cine_frame (cine, i) + (cine->region[1] + y) * cine->width + cine->region[0];
      guint8 *max = ret_max + y * width, *min = ret_min + y * width;
      for (gsize x = 0; x < width; x++) {
        max[x] = MAX (max[x], row[x]);
        min[x] = MIN (min[x], row[x]);
      }
    }
  }
  return TRUE;
}

/* Keeps the pixels in whose square most pixels are set, and of these the parts of some size; of
 * what stands @still, bars and logos too, the largest. */
static void
keep_area (Area *self, gboolean still)
{
  const gsize width = self->width, height = self->height;
  const gsize reach = MAX (2, MIN (width, height) / 100);
  g_autofree guint32 *sum =
    g_new0 (guint32, (width + 1) * (height + 1)); /* of all above and left */
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++)
      sum[(y + 1) * (width + 1) + x + 1] = self->in[y * width + x] + sum[y * (width + 1) + x + 1] +
                                           sum[(y + 1) * (width + 1) + x] -
                                           sum[y * (width + 1) + x];
  for (gsize y = 0; y < height; y++)
    for (gsize x = 0; x < width; x++) {
      gsize left = x - MIN (x, reach), right = MIN (width, x + reach + 1);
      gsize top = y - MIN (y, reach), bottom = MIN (height, y + reach + 1);
      guint32 n = sum[bottom * (width + 1) + right] - sum[top * (width + 1) + right] -
                  sum[bottom * (width + 1) + left] + sum[top * (width + 1) + left];
      self->in[y * width + x] = 2 * n > (right - left) * (bottom - top);
    }
  const gsize dims[3] = {width, height, 1};
  if (still)
    ut_parts_keep_largest (self->in, dims);
  else
    ut_parts_drop_small (self->in, dims, (gsize)(MIN_PART * width * height));
}

/* ---- where its rows end ----------------------------------------------------------------- */

typedef struct Row {
  double y, ends[2]; /* of the area: first and last pixel */
} Row;

static GArray *
find_rows (const Area *area)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));
  for (gsize y = 0; y < area->height; y++) {
    const guint8 *row = area->in + y * area->width, *first = memchr (row, 1, area->width);
    gsize last = area->width - 1;
    if (first == NULL)
      continue;
    while (!row[last])
      last--;
    Row found = {(double)y, {(double)(first - row), (double)last}};
    g_array_append_val (rows, found);
  }
  return rows;
}

/* ---- the fan --------------------------------------------------------------------------- */

typedef struct Point {
  double x, y;
} Point;

/* x = at + slope y */
typedef struct Line {
  double at, slope;
} Line;

typedef struct Fan {
  Line edges[2]; /* left, right */
  Point apex;
  double radius;
  double clear;                 /* rows that end at its edges, times the angle between these */
  double top, bottom, sides[2]; /* rows and columns that it does not pass */
} Fan;

/* The column farthest out that a row ends at: where the fan is cut off, if it is. */
static double
find_side (const GArray *rows, int side)
{
  double farthest = side == 0 ? G_MAXDOUBLE : -1;
  for (guint i = 0; i < rows->len; i++) {
    double end = g_array_index (rows, Row, i).ends[side];
    farthest = side == 0 ? MIN (farthest, end) : MAX (farthest, end);
  }
  return farthest;
}

/* The line that most rows end at, of those that do not end at @border, and that runs outwards.
 * Returns: how many; 0: too few */
static guint
fit_edge (const GArray *rows, int side, double border, Line *ret)
{
  guint step = MAX (1, rows->len / N_ROWS), best = 0;
  for (guint i = 0; i < rows->len; i += step)
    for (guint j = i + MAX (8, rows->len / 16); j < rows->len; j += step) {
      const Row *a = &g_array_index (rows, Row, i), *b = &g_array_index (rows, Row, j);
      Line line = {.slope = (b->ends[side] - a->ends[side]) / (b->y - a->y)};
      line.at = a->ends[side] - line.slope * a->y;
      guint n = 0;
      for (guint k = 0; k < rows->len; k++) {
        const Row *row = &g_array_index (rows, Row, k);
        n += fabs (row->ends[side] - border) > 1 &&
             fabs (row->ends[side] - line.at - line.slope * row->y) <= MARGIN;
      }
      if (n <= best || (side == 0 ? line.slope > MAX_INWARDS : line.slope < -MAX_INWARDS))
        continue;
      best = n;
      *ret = line;
    }
  return best >= MIN_EDGE && best >= MIN_ROWS * rows->len ? best : 0;
}

/* Distance from the apex within which nine tenths of the beams of the area end, of those that do
 * not end where the fan is cut off. */
static double
fit_radius (const Area *area, const Fan *fan)
{
  const double left = atan (fan->edges[0].slope), right = atan (fan->edges[1].slope);
  double ends[N_BEAMS] = {0};
  gboolean cut[N_BEAMS] = {FALSE};
  for (gsize y = 0; y < area->height; y++)
    for (gsize x = 0; x < area->width; x++) {
      if (!area->in[y * area->width + x])
        continue;
      double dx = (double)x - fan->apex.x, dy = (double)y - fan->apex.y, r = hypot (dx, dy);
      int beam = (int)floor ((atan2 (dx, dy) - left) / (right - left) * N_BEAMS);
      if (beam < 0 || beam >= N_BEAMS || r <= ends[beam])
        continue;
      ends[beam] = r;
      cut[beam] = (double)y >= fan->bottom - 1 || (double)x <= fan->sides[0] + 1 ||
                  (double)x >= fan->sides[1] - 1;
    }
  guint n = 0;
  for (int beam = 0; beam < N_BEAMS; beam++)
    if (!cut[beam])
      ends[n++] = ends[beam];
  qsort (ends, n, sizeof *ends, ut_compare_doubles);
  return n > 0 ? ends[(int)(BEAMS_IN * n)] : G_MAXDOUBLE;
}

/* Rows that end within a pixel of a column. */
static guint
count_at (const GArray *rows, int side, double column)
{
  guint n = 0;
  for (guint i = 0; i < rows->len; i++)
    n += fabs (g_array_index (rows, Row, i).ends[side] - column) <= 1;
  return n;
}

static gboolean
fit_fan (const Area *area, Fan *ret)
{
  g_autoptr (GArray) rows = find_rows (area);
  guint n[2];
  for (int side = 0; side < 2; side++) {
    double farthest = find_side (rows, side);
    gboolean cut = count_at (rows, side, farthest) >= MIN_CUT * rows->len;
    ret->sides[side] = cut ? farthest : side == 0 ? 0 : (double)area->width - 1;
    n[side] = fit_edge (rows, side, farthest, &ret->edges[side]);
    if (n[side] == 0)
      return FALSE;
  }
  const Line *left = &ret->edges[0], *right = &ret->edges[1];
  double opening = atan (right->slope) - atan (left->slope);
  if (opening < MIN_OPENING || opening > MAX_OPENING)
    return FALSE;
  ret->clear = (n[0] + n[1]) * opening;
  ret->apex.y = (left->at - right->at) / (right->slope - left->slope);
  ret->apex.x = left->at + left->slope * ret->apex.y;
  ret->top = g_array_index (rows, Row, 0).y;
  ret->bottom = g_array_index (rows, Row, rows->len - 1).y;
  ret->radius = fit_radius (area, ret);
  return TRUE;
}

static gboolean
is_in_fan (const Fan *fan, Point point)
{
  const Line *left = &fan->edges[0], *right = &fan->edges[1];
  if (point.y < fan->top - MARGIN || point.y > fan->bottom + MARGIN ||
      point.x < fan->sides[0] - MARGIN || point.x > fan->sides[1] + MARGIN)
    return FALSE;
  return (point.x - left->at - left->slope * point.y) / hypot (1, left->slope) >= -MARGIN &&
         (right->at + right->slope * point.y - point.x) / hypot (1, right->slope) >= -MARGIN &&
         hypot (point.x - fan->apex.x, point.y - fan->apex.y) <= fan->radius + MARGIN;
}

/* TRUE where the area is in the fan, and the fan is full of it */
static gboolean
is_fan (const Area *area, const Fan *fan)
{
  gsize n_area = 0, n_fan = 0, n_both = 0;
  for (gsize y = 0; y < area->height; y++)
    for (gsize x = 0; x < area->width; x++) {
      gboolean in = area->in[y * area->width + x];
      gboolean in_fan = is_in_fan (fan, (Point){(double)x, (double)y});
      n_area += in;
      n_fan += in_fan;
      n_both += in && in_fan;
    }
  return n_both >= MIN_FULL * n_fan && n_area - n_both <= MAX_OUT * n_area;
}

/* ---- public ---------------------------------------------------------------------------- */

guint8 *
ut_sector_mask (const UtCine *cine, GCancellable *cancel, GError **error)
{
  const guint *region = cine->region;
  Area area = {.width = region[2], .height = region[3]};
  const gsize n = area.width * area.height;
  g_autofree guint8 *max = g_new (guint8, n), *min = g_new (guint8, n);
  g_autofree guint8 *in = area.in = g_new (guint8, n);
  Fan fan = {.clear = 0};
  if (!find_range (cine, max, min, cancel, error))
    return NULL;
  for (guint try = 0; try < G_N_ELEMENTS (changes); try++) {
    Fan other;
    gboolean still = changes[try] == 0;
    for (gsize i = 0; i < n; i++)
      in[i] = still ? max[i] > LIT : max[i] - min[i] > changes[try];
    keep_area (&area, still);
    if (fit_fan (&area, &other) && other.clear > fan.clear && is_fan (&area, &other))
      fan = other;
  }
  if (fan.clear == 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("the fan of the echo picture cannot be found"));
    return NULL;
  }
  guint8 *mask = g_new0 (guint8, (gsize)cine->width * cine->height);
  for (gsize y = 0; y < area.height; y++)
    for (gsize x = 0; x < area.width; x++)
      mask[(region[1] + y) * cine->width + region[0] + x] =
        is_in_fan (&fan, (Point){(double)x, (double)y});
  return mask;
}

/* @n pixels of @grey, black where @mask is 0. */
static void
mask_pixels (const guint8 *grey, const guint8 *mask, gsize n, guint8 *ret)
{
  for (gsize p = 0; p < n; p++)
    ret[p] = mask[p] ? grey[p] : 0;
}

UtCine *
ut_sector_mask_apply (const UtCine *cine, const guint8 *mask, GError **error)
{
  UtCine *self = ut_cine_new (cine->n_frames, cine->height, cine->width, error);
  if (self == NULL)
    return NULL;
  const gsize n = (gsize)cine->height * cine->width;
  for (guint i = 0; i < cine->n_frames; i++)
    mask_pixels (ut_cine_frame (cine, i), mask, n, self->pixels + i * n);
  self->calibration = cine->calibration;
  memcpy (self->spacing_mm, cine->spacing_mm, sizeof self->spacing_mm);
  self->frame_spacing_mm =
    g_memdup2 (cine->frame_spacing_mm, 2 * cine->n_frames * sizeof *cine->frame_spacing_mm);
  memcpy (self->times_ms, cine->times_ms, cine->n_frames * sizeof *cine->times_ms);
  self->times_known = cine->times_known;
  self->r_waves_ms = g_memdup2 (cine->r_waves_ms, cine->n_r_waves * sizeof *cine->r_waves_ms);
  self->n_r_waves = cine->n_r_waves;
  self->heart_rate_bpm = cine->heart_rate_bpm;
  memcpy (self->region, cine->region, sizeof self->region);
  self->view_hint = cine->view_hint;
  self->ed_hint = cine->ed_hint;
  self->es_hint = cine->es_hint;
  return self;
}

UtCine *
ut_sector_mask_frame (const UtCine *cine, const guint8 *mask, guint frame, GError **error)
{
  g_return_val_if_fail (frame < cine->n_frames, NULL);
  UtCine *self = ut_cine_new (1, cine->height, cine->width, error);
  if (self != NULL)
    mask_pixels (
      ut_cine_frame (cine, frame), mask, (gsize)cine->height * cine->width, self->pixels);
  return self;
}

UtCine *
ut_sector_mask_brightest (const UtCine *cine, const guint8 *mask, GError **error)
{
  UtCine *self = ut_cine_new (1, cine->height, cine->width, error);
  const gsize n = (gsize)cine->height * cine->width;
  for (guint i = 0; self != NULL && i < cine->n_frames; i++)
    for (gsize p = 0; p < n; p++)
      self->pixels[p] = mask[p] ? MAX (self->pixels[p], ut_cine_frame (cine, i)[p]) : 0;
  return self;
}
