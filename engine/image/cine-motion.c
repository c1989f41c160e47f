/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/cine-motion.h"

#include <math.h>
#include <string.h>

/*
 * The frames become thumbnails, which have no speckle; their first principal component over time
 * follows the cavity up to its sign (finding ED and ES by the dimension in which a loop's frames
 * vary: Gifani et al., Physiol Meas 31:1091, 2010). Two signs say which way is up: a contracted
 * ventricle shows more wall and less blood, so that the middle of the picture is brighter, and a
 * heart takes longer to fill than to empty. R waves, where there are any, decide instead.
 *
 * Turns of the curve by SWING of its range are the ends of filling and emptying. ES is the middle
 * of the time in which the curve rests within REST of its top: after aortic closure the volume
 * stays for the isovolumic relaxation. ED is an R wave, or so long before the first movement of
 * ejection as ISOVOLUMIC of the ejection's length; that and the other constants are ours, set on
 * loops of our simulator.
 */

#define SIDE                   32 /* cells of a thumbnail */
#define N_CELLS                (SIDE * SIDE)
#define N_POWER                60   /* iterations */
#define SMOOTH_MS              20.0 /* standard deviation */
#define STEADY                 0.5  /* least correlation of neighbouring frames; noise has none */

#define USUAL_MS               900.0 /* beat of an unknown heart rate */
#define SYSTOLE                0.37  /* of a beat, where the ventricle is empty */
#define FILLING_AGAINST_BRIGHT 6.0   /* weight of the two signs of which way is up */

#define SWING                  0.4
#define REST                   0.1
#define REST_MS                150.0 /* usual rest at the top, where the loop ends in it */
#define EJECTING               0.2   /* of the swing: ejection is under way */
#define ISOVOLUMIC             0.22
#define BEAT_MS                250.0 /* shortest beat */

/* ---- the curve ---------------------------------------------------------------------- */

/* Mean grey of each cell of the echo's region; @ret is [SIDE, SIDE]. */
static void
make_thumbnail (const UtCine *cine, guint frame, float *ret)
{
  const guint8 *pixels = ut_cine_frame (cine, frame);
  const guint *region = cine->region; /* x, y, width, height */
  for (guint row = 0; row < SIDE; row++) {
    guint y0 = region[1] + row * region[3] / SIDE;
    guint y1 = MAX (y0 + 1, region[1] + (row + 1) * region[3] / SIDE);
    for (guint col = 0; col < SIDE; col++) {
      guint x0 = region[0] + col * region[2] / SIDE;
      guint x1 = MAX (x0 + 1, region[0] + (col + 1) * region[2] / SIDE);
      guint sum = 0;
      for (guint y = y0; y < y1; y++)
        for (guint x = x0; x < x1; x++)
          sum += pixels[(gsize)y * cine->width + x];
      ret[row * SIDE + col] = (float)sum / (float)((y1 - y0) * (x1 - x0));
    }
  }
}

/* How much a cell says of the ventricle: most in the middle of an apical picture's upper half and
 * of a short-axis picture, nothing at the borders, where machines write. */
static float
cell_weight (UtView view, guint row, guint col)
{
  float y = ((float)row + 0.5f) / SIDE - (view == UT_VIEW_PSAX ? 0.5f : 0.42f);
  float x = ((float)col + 0.5f) / SIDE - 0.5f;
  return expf (-(x * x + y * y) / (2 * 0.2f * 0.2f));
}

/* Weighted thumbnails less their mean over time; @ret_brightness: of the middle, [n_frames]. FALSE:
 * cancelled. */
static gboolean
make_thumbnails (
  const UtCine *cine, UtView view, float *cells, float *ret_brightness, GCancellable *cancel)
{
  guint n = cine->n_frames;
  float mean[N_CELLS] = {0}, weight[N_CELLS];
  for (guint i = 0; i < n; i++) {
    if (g_cancellable_is_cancelled (cancel))
      return FALSE;
    make_thumbnail (cine, i, cells + (gsize)i * N_CELLS);
    for (guint c = 0; c < N_CELLS; c++)
      mean[c] += cells[(gsize)i * N_CELLS + c] / (float)n;
  }
  for (guint c = 0; c < N_CELLS; c++)
    weight[c] = cell_weight (view, c / SIDE, c % SIDE);
  for (guint i = 0; i < n; i++) {
    float *frame = cells + (gsize)i * N_CELLS;
    ret_brightness[i] = 0;
    for (guint c = 0; c < N_CELLS; c++) {
      frame[c] = (frame[c] - mean[c]) * weight[c];
      ret_brightness[i] += frame[c];
    }
  }
  return TRUE;
}

/* Scores of the first principal component, [n]; by power iteration on the cells. */
static void
first_component (const float *cells, guint n, double *ret)
{
  double axis[N_CELLS];
  for (guint c = 0; c < N_CELLS; c++)
    axis[c] = 1;
  for (guint iteration = 0; iteration < N_POWER; iteration++) {
    double next[N_CELLS] = {0}, length = 0;
    for (guint i = 0; i < n; i++) {
      const float *frame = cells + (gsize)i * N_CELLS;
      ret[i] = 0;
      for (guint c = 0; c < N_CELLS; c++)
        ret[i] += frame[c] * axis[c];
      for (guint c = 0; c < N_CELLS; c++)
        next[c] += ret[i] * frame[c];
    }
    for (guint c = 0; c < N_CELLS; c++)
      length += next[c] * next[c];
    length = sqrt (length);
    if (length < 1e-9) /* nothing moves */
      break;
    for (guint c = 0; c < N_CELLS; c++)
      axis[c] = next[c] / length;
  }
}

static void
smooth (double *values, guint n, double sigma)
{
  g_autofree double *source = g_memdup2 (values, n * sizeof *values);
  int reach = (int)ceil (3 * sigma);
  for (int i = 0; i < (int)n; i++) {
    double sum = 0, total = 0;
    for (int k = MAX (0, i - reach); k <= MIN ((int)n - 1, i + reach); k++) {
      double weight = exp (-0.5 * (k - i) * (k - i) / (sigma * sigma));
      sum += weight * source[k];
      total += weight;
    }
    values[i] = sum / total;
  }
}

/* ---- its turns ------------------------------------------------------------------------ */

/* Where the curve turns: tops (emptiest) and bottoms (fullest) take turns. */
typedef struct Turn {
  guint frame;
  gboolean top;
  double ms;       /* of ES or ED */
  gboolean begins; /* of a top: the curve is seen to rise to it */
  gboolean whole;  /* the rest is in the loop from its beginning to its end */
} Turn;

static void
add_turn (GArray *turns, guint frame, gboolean top)
{
  Turn turn = {.frame = frame, .top = top};
  g_array_append_val (turns, turn);
}

/* None, or at least two. */
static GArray *
find_turns (const double *curve, guint n)
{
  GArray *turns = g_array_new (FALSE, FALSE, sizeof (Turn));
  guint low = 0, high = 0;
  for (guint i = 1; i < n; i++) {
    low = curve[i] < curve[low] ? i : low;
    high = curve[i] > curve[high] ? i : high;
  }
  double swing = SWING * (curve[high] - curve[low]);
  int direction = 0; /* 1 up, -1 down, 0 not known yet */
  low = high = 0;
  for (guint i = 1; i < n; i++) {
    low = curve[i] < curve[low] ? i : low;
    high = curve[i] > curve[high] ? i : high;
    if (direction >= 0 && curve[high] - curve[i] >= swing) {
      add_turn (turns, high, TRUE);
      direction = -1;
      low = i;
    } else if (direction <= 0 && curve[i] - curve[low] >= swing) {
      add_turn (turns, low, FALSE);
      direction = 1;
      high = i;
    }
  }
  if (direction != 0)
    add_turn (turns, direction > 0 ? high : low, direction > 0);
  return turns;
}

/* ---- which way up --------------------------------------------------------------------- */

/* How much longer the curve takes to fall than to rise, -1 to 1; 0 where it does not do both. */
static double
fall_over_rise (const UtCine *cine, const double *score)
{
  g_autoptr (GArray) turns = find_turns (score, cine->n_frames);
  double ms[2] = {0}; /* of falls, of rises */
  guint n[2] = {0};
  for (guint k = 1; k < turns->len; k++) {
    const Turn *turn = &g_array_index (turns, Turn, k);
    ms[turn->top] += cine->times_ms[turn->frame] - cine->times_ms[turn[-1].frame];
    n[turn->top]++;
  }
  if (n[0] == 0 || n[1] == 0)
    return 0;
  double fall_ms = ms[0] / n[0], rise_ms = ms[1] / n[1];
  return (fall_ms - rise_ms) / (fall_ms + rise_ms);
}

/* TRUE where a high score seems to be a full ventricle: the middle is dark then, and a heart takes
 * longer to fill than to empty. */
static gboolean
is_upside_down (const UtCine *cine, const double *score, const float *brightness)
{
  double product = 0, norm_score = 0, norm_brightness = 0;
  for (guint i = 0; i < cine->n_frames; i++) {
    product += score[i] * brightness[i];
    norm_score += score[i] * score[i];
    norm_brightness += brightness[i] * brightness[i];
  }
  double correlation = product / MAX (1e-12, sqrt (norm_score * norm_brightness));
  return correlation + FILLING_AGAINST_BRIGHT * fall_over_rise (cine, score) < 0;
}

/* How far the curve rises from the R waves on, while the ventricle empties; 0 = no R wave shows. */
static double
rise_after_r_waves (const double *score, const UtCine *cine)
{
  double rise = 0, usual_ms = cine->heart_rate_bpm > 0 ? 60000 / cine->heart_rate_bpm : USUAL_MS;
  for (guint i = 0; i < cine->n_r_waves; i++) {
    double begin_ms = cine->r_waves_ms[i];
    double beat_ms = i + 1 < cine->n_r_waves ? cine->r_waves_ms[i + 1] - begin_ms : usual_ms;
    double es_ms = begin_ms + SYSTOLE * beat_ms;
    if (begin_ms >= 0 && es_ms < cine->times_ms[cine->n_frames - 1])
      rise += score[ut_cine_frame_at (cine, es_ms)] - score[ut_cine_frame_at (cine, begin_ms)];
  }
  return rise;
}

/* Returns: (transfer full): the smoothed curve, high where the ventricle is empty, or NULL where
 * nothing moves steadily, or it is cancelled */
static double *
make_curve (const UtCine *cine, UtView view, float *ret_cells, GCancellable *cancel)
{
  guint n = cine->n_frames;
  g_autofree float *brightness = g_new (float, n);
  const float *cells = ret_cells;
  if (!make_thumbnails (cine, view, ret_cells, brightness, cancel))
    return NULL;
  g_autofree double *score = g_new0 (double, n);
  first_component (cells, n, score);

  double power = 0, neighbours = 0;
  for (guint i = 0; i < n; i++) {
    power += score[i] * score[i];
    neighbours += i > 0 ? score[i] * score[i - 1] : 0;
  }
  if (!(power > 0) || neighbours / power < STEADY)
    return NULL;
  smooth (score, n, SMOOTH_MS * (n - 1) / cine->times_ms[n - 1]);
  double rise = rise_after_r_waves (score, cine);
  if (rise != 0 ? rise < 0 : is_upside_down (cine, score, brightness))
    for (guint i = 0; i < n; i++)
      score[i] = -score[i];
  return g_steal_pointer (&score);
}

/* Time at which the curve leaves the rest around @turn in direction @step (1, -1), for a rest
 * that reaches up to @other, the lowest or highest value on that side. FALSE: it does not. */
static gboolean
leave_rest (const UtCine *cine,
            const double *curve,
            guint turn,
            int step,
            double other,
            double rest,
            double *ret_ms)
{
  double level = curve[turn] + rest * (other - curve[turn]);
  gboolean above = curve[turn] > other;
  if (curve[turn] == other)
    return FALSE;
  for (int i = (int)turn + step; i >= 0 && i < (int)cine->n_frames; i += step) {
    if (above ? curve[i] > level : curve[i] < level)
      continue;
    double part = (curve[i - step] - level) / (curve[i - step] - curve[i]);
    *ret_ms = cine->times_ms[i - step] + part * (cine->times_ms[i] - cine->times_ms[i - step]);
    return TRUE;
  }
  return FALSE;
}

/* ES: the middle of the rest at the top. */
static void
time_top (const UtCine *cine, const double *curve, GArray *turns, guint k)
{
  Turn *turn = &g_array_index (turns, Turn, k);
  guint before = k > 0 ? turn[-1].frame : turn[1].frame; /* at an end of the loop, the other one */
  guint after = k + 1 < turns->len ? turn[1].frame : turn[-1].frame;
  double begin_ms, end_ms;
  turn->begins = leave_rest (cine, curve, turn->frame, -1, curve[before], REST, &begin_ms);
  gboolean ends = leave_rest (cine, curve, turn->frame, 1, curve[after], REST, &end_ms);
  turn->whole = turn->begins && ends;
  turn->ms = turn->whole    ? (begin_ms + end_ms) / 2
             : ends         ? end_ms - REST_MS / 2
             : turn->begins ? begin_ms + REST_MS / 2
                            : cine->times_ms[turn->frame];
  turn->ms = MIN (turn->ms, cine->times_ms[cine->n_frames - 1]);
}

/* Mean of the thumbnails about @frame. */
static void
average_cells (const float *cells, guint n, guint frame, double reach, float *ret)
{
  guint first = frame > (guint)reach ? frame - (guint)reach : 0;
  guint last = MIN (n - 1, frame + (guint)reach);
  memset (ret, 0, N_CELLS * sizeof *ret);
  for (guint i = first; i <= last; i++)
    for (guint c = 0; c < N_CELLS; c++)
      ret[c] += cells[(gsize)i * N_CELLS + c] / (float)(last - first + 1);
}

/* ED: the curve hardly feels the first movement after it, so the frames are asked how far they
 * are on the straight way from the fullest frame to one well in ejection. */
static void
time_bottom (const UtCine *cine, const float *cells, const double *curve, GArray *turns, guint k)
{
  Turn *turn = &g_array_index (turns, Turn, k);
  guint n = cine->n_frames;
  turn->ms = cine->times_ms[turn->frame];
  double ejecting_ms, quarter_ms, most_ms;
  if (k + 1 >= turns->len ||
      !leave_rest (cine, curve, turn->frame, 1, curve[turn[1].frame], EJECTING, &ejecting_ms))
    return;
  guint ejecting = MAX (turn->frame + 1, ut_cine_frame_at (cine, ejecting_ms));
  float full[N_CELLS], way[N_CELLS];
  double reach = SMOOTH_MS * (n - 1) / cine->times_ms[n - 1], length = 0;
  average_cells (cells, n, turn->frame, reach, full);
  average_cells (cells, n, ejecting, 0, way);
  for (guint c = 0; c < N_CELLS; c++) {
    way[c] -= full[c];
    length += way[c] * way[c];
  }
  g_autofree double *part = g_new0 (double, n);
  for (guint i = turn->frame; i <= turn[1].frame; i++)
    for (guint c = 0; c < N_CELLS; c++)
      part[i] += (cells[(gsize)i * N_CELLS + c] - full[c]) * way[c] / MAX (length, 1e-12);
  part[turn->frame] = 0;
  if (!leave_rest (cine, part, turn->frame, 1, 1, 0.25, &quarter_ms) ||
      !leave_rest (cine, part, turn->frame, 1, 1, 0.75, &most_ms))
    return;
  double onset_ms = quarter_ms - (most_ms - quarter_ms) / 2;
  double ms = onset_ms - ISOVOLUMIC * (turn[1].ms - onset_ms);
  turn->whole = ms > -SMOOTH_MS;
  turn->ms = MAX (0, ms);
}

/* ---- its beats ------------------------------------------------------------------------ */

/* The R wave before and the one after @ms, or @ret as it is where there is none. */
static void
bracket_r_waves (const UtCine *cine, double ms, double *ret_before_ms, double *ret_after_ms)
{
  for (guint i = 0; i < cine->n_r_waves; i++)
    if (cine->r_waves_ms[i] <= ms && cine->r_waves_ms[i] >= 0)
      *ret_before_ms = cine->r_waves_ms[i];
  for (guint i = cine->n_r_waves; i > 0; i--)
    if (cine->r_waves_ms[i - 1] > ms)
      *ret_after_ms = cine->r_waves_ms[i - 1];
}

/* The beat whose ES is turn @k; @ret_clear: both of its marks can be trusted */
static UtCineBeat
make_beat (
  const UtCineMotion *self, const UtCine *cine, GArray *turns, guint k, gboolean *ret_clear)
{
  const Turn *top = &g_array_index (turns, Turn, k);
  double begin_ms = -1, end_ms = -1;
  *ret_clear = top->whole;
  if (self->from_r_waves) {
    bracket_r_waves (cine, top->ms, &begin_ms, &end_ms);
  } else {
    begin_ms = k > 0 ? top[-1].ms : -1;
    end_ms = k + 1 < turns->len ? top[1].ms : -1;
    *ret_clear = *ret_clear && k > 0 && top[-1].whole;
  }
  double ed_ms = begin_ms >= 0 ? begin_ms : end_ms;
  double last_ms = cine->times_ms[cine->n_frames - 1];
  UtCineBeat beat = {
    .frames = {ed_ms >= 0 && ed_ms <= last_ms ? (int)ut_cine_nearest_frame (cine, ed_ms) : -1,
               (int)ut_cine_nearest_frame (cine, top->ms)},
    .whole = begin_ms >= 0 && end_ms >= 0,
    .begin_ms = MAX (0, begin_ms),
    .end_ms = end_ms >= 0 ? end_ms : ut_cine_duration_ms (cine)};
  *ret_clear = *ret_clear && begin_ms >= 0;
  beat.first = ut_cine_nearest_frame (cine, beat.begin_ms);
  beat.last = cine->n_frames - 1;
  return beat;
}

static void
find_beats (UtCineMotion *self, const UtCine *cine, const float *cells, const double *curve)
{
  g_autoptr (GArray) turns = find_turns (curve, cine->n_frames);
  g_autoptr (GArray) beats = g_array_new (FALSE, FALSE, sizeof (UtCineBeat));
  self->from_r_waves = cine->n_r_waves > 0;
  for (guint k = 0; k < turns->len; k++)
    if (g_array_index (turns, Turn, k).top)
      time_top (cine, curve, turns, k);
  for (guint k = 0; k < turns->len; k++)
    if (!g_array_index (turns, Turn, k).top)
      time_bottom (cine, cells, curve, turns, k);
  for (guint k = 0; k < turns->len; k++) {
    if (!g_array_index (turns, Turn, k).begins)
      continue;
    gboolean clear;
    UtCineBeat beat = make_beat (self, cine, turns, k, &clear);
    UtCineBeat *last = beats->len > 0 ? &g_array_index (beats, UtCineBeat, beats->len - 1) : NULL;
    if (last != NULL && beat.begin_ms < last->begin_ms + BEAT_MS)
      continue; /* twice in one beat */
    if (last != NULL)
      last->last = MAX (last->first, beat.first - 1);
    if (clear && self->proposed < 0)
      self->proposed = (int)beats->len;
    g_array_append_val (beats, beat);
  }
  self->n_beats = beats->len;
  self->beats = (UtCineBeat *)(void *)g_array_free (g_steal_pointer (&beats), FALSE);
  for (guint i = 0; i < self->n_beats && self->proposed < 0; i++)
    if (self->beats[i].frames[UT_PHASE_ED] >= 0)
      self->proposed = (int)i;
}

/* ---- public --------------------------------------------------------------------------- */

UtCineMotion *
ut_cine_motion_new (const UtCine *cine, UtView view, GCancellable *cancel, GError **error)
{
  g_return_val_if_fail (cine != NULL && view < UT_N_VIEWS, NULL);
  guint n = cine->n_frames;
  g_autoptr (UtCineMotion) self = g_new0 (UtCineMotion, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->n_frames = n;
  self->emptying = g_new0 (float, n);
  self->proposed = -1;
  gboolean loop = n >= UT_CINE_MOTION_MIN_FRAMES;
  g_autofree float *cells = g_new (float, loop ? (gsize)n *N_CELLS : 1);
  g_autofree double *curve = loop ? make_curve (cine, view, cells, cancel) : NULL;
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return NULL;
  if (curve == NULL)
    return g_steal_pointer (&self);

  double low = curve[0], high = curve[0];
  for (guint i = 0; i < n; i++) {
    low = MIN (low, curve[i]);
    high = MAX (high, curve[i]);
  }
  for (guint i = 0; i < n && high > low; i++)
    self->emptying[i] = (float)((curve[i] - low) / (high - low));
  find_beats (self, cine, cells, curve);
  return g_steal_pointer (&self);
}

UtCineMotion *
ut_cine_motion_ref (UtCineMotion *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_cine_motion_unref (UtCineMotion *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->emptying);
  g_free (self->beats);
  g_free (self);
}

int
ut_cine_motion_beat_at (const UtCineMotion *self, guint frame)
{
  int nearest = -1;
  for (guint i = 0; i < self->n_beats; i++)
    if (nearest < 0 || self->beats[i].first <= frame)
      nearest = (int)i;
  return nearest;
}
