/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh-distance.h"

typedef struct Sample {
  double value, area;
} Sample;

static int
compare_samples (const void *a, const void *b)
{
  double x = ((const Sample *)a)->value, y = ((const Sample *)b)->value;
  return (x > y) - (x < y);
}

/* Samples in order of their value; vertices without area left out. */
static gsize
sort_samples (const double *areas, const float *values, gsize n, gboolean absolute, Sample *samples)
{
  gsize n_samples = 0;
  for (gsize i = 0; i < n; i++)
    if (areas[i] > 0)
      samples[n_samples++] = (Sample){absolute ? fabsf (values[i]) : values[i], areas[i]};
  qsort (samples, n_samples, sizeof (Sample), compare_samples);
  return n_samples;
}

/* The smallest value up to which @share of the area lies. */
static double
percentile (const Sample *samples, gsize n, double total, double share)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++) {
    sum += samples[i].area;
    if (sum >= share * total)
      return samples[i].value;
  }
  return samples[n - 1].value;
}

/* @areas: [n_vertices] zeros */
static void
add_vertex_areas (const UtMesh *self, double *areas)
{
  for (gsize i = 0; i < self->n_triangles; i++) {
    double third = ut_vec3_length (ut_mesh_triangle_cross (self, i)) / 6;
    for (gsize k = 0; k < 3; k++)
      areas[self->triangles[3 * i + k]] += third;
  }
}

static void
add_up (const double *areas, const float *values, gsize n, UtDistanceStats *stats)
{
  double sum = 0, sum_abs = 0, sum_squared = 0, above = 0, below = 0;
  stats->min = INFINITY;
  stats->max = -INFINITY;
  for (gsize i = 0; i < n; i++) {
    double value = values[i], area = areas[i];
    if (!(area > 0))
      continue;
    stats->area_mm2 += area;
    sum += area * value;
    sum_abs += area * fabs (value);
    sum_squared += area * value * value;
    above += value > UT_DISTANCE_BAND_MM ? area : 0;
    below += value < -UT_DISTANCE_BAND_MM ? area : 0;
    if (value < stats->min) {
      stats->min = value;
      stats->min_vertex = i;
    }
    if (value > stats->max) {
      stats->max = value;
      stats->max_vertex = i;
    }
  }
  double total = stats->area_mm2;
  stats->mean = sum / total;
  stats->mean_abs = sum_abs / total;
  stats->rms = sqrt (sum_squared / total);
  stats->max_abs = MAX (stats->max, -stats->min);
  stats->share_above = above / total;
  stats->share_below = below / total;
  stats->share_outside_band = stats->share_above + stats->share_below;
}

/* Fills what add_up() has not. */
static void
add_percentiles (
  const double *areas, const float *values, gsize n, Sample *samples, UtDistanceStats *stats)
{
  gsize n_samples = sort_samples (areas, values, n, FALSE, samples);
  double deviations = 0, total = stats->area_mm2;
  for (gsize i = 0; i < n_samples; i++)
    deviations +=
      samples[i].area * (samples[i].value - stats->mean) * (samples[i].value - stats->mean);
  stats->sd = sqrt (deviations / total);
  stats->p5 = percentile (samples, n_samples, total, 0.05);
  stats->p25 = percentile (samples, n_samples, total, 0.25);
  stats->p50 = percentile (samples, n_samples, total, 0.5);
  stats->p75 = percentile (samples, n_samples, total, 0.75);
  stats->p95 = percentile (samples, n_samples, total, 0.95);
  n_samples = sort_samples (areas, values, n, TRUE, samples);
  stats->p95_abs = percentile (samples, n_samples, total, 0.95);
}

gboolean
ut_distance_stats_pooled (const UtMesh *const *meshes,
                          const float *const *values,
                          guint n_meshes,
                          UtDistanceStats *ret_stats)
{
  UtDistanceStats stats = {0};
  gsize n = 0, first = 0;
  for (guint i = 0; i < n_meshes; i++)
    n += meshes[i]->n_vertices;
  g_autofree double *areas = g_new0 (double, MAX (n, 1));
  g_autofree float *all = g_new (float, MAX (n, 1));
  g_autofree Sample *samples = g_new (Sample, MAX (n, 1));
  for (guint i = 0; i < n_meshes; i++) {
    add_vertex_areas (meshes[i], areas + first);
    for (gsize k = 0; k < meshes[i]->n_vertices; k++)
      all[first + k] = values[i][k];
    first += meshes[i]->n_vertices;
  }
  add_up (areas, all, n, &stats);
  if (!(stats.area_mm2 > 0))
    return FALSE;
  add_percentiles (areas, all, n, samples, &stats);
  *ret_stats = stats;
  return TRUE;
}

gboolean
ut_distance_stats (const UtMesh *self, const float *values, UtDistanceStats *ret_stats)
{
  return ut_distance_stats_pooled (&self, &values, 1, ret_stats);
}

void
ut_distance_histogram_add (
  const UtMesh *self, const float *values, double limit_mm, guint n_bins, double *areas_mm2)
{
  g_autofree double *areas = g_new0 (double, MAX (self->n_vertices, 1));
  add_vertex_areas (self, areas);
  for (gsize i = 0; i < self->n_vertices; i++) {
    double bin = floor ((values[i] + limit_mm) / (2 * limit_mm) * n_bins);
    areas_mm2[(guint)CLAMP (bin, 0, n_bins - 1.0)] += areas[i];
  }
}
