/* SPDX-License-Identifier: Apache-2.0 */
/* Times marching cubes and the distance map on made-up hearts and leaves the inputs in a folder, so
 * that tests/bench/surface.py can time VTK on the very same ones. One JSON object a line. */
#include <stdio.h>
#include <time.h>

#include "engine/base/parallel.h"
#include "engine/measure/overlap.h"
#include "engine/surface/marching-cubes.h"
#include "engine/surface/mesh-distance.h"
#include "engine/surface/mesh-file.h"

#define CUBE_MM 192.0

/* Shortest of several rounds: by the clock, and summed over cores. */
typedef struct Times {
  double ms, cpu_ms;
} Times;

static Times
now (void)
{
  return (Times){(double)g_get_monotonic_time () / 1e3, (double)clock () * 1e3 / CLOCKS_PER_SEC};
}

static void
keep_shortest (Times *best, Times start)
{
  Times end = now ();
  double ms = end.ms - start.ms, cpu_ms = end.cpu_ms - start.cpu_ms;
  best->ms = best->ms > 0 ? MIN (best->ms, ms) : ms;
  best->cpu_ms = best->cpu_ms > 0 ? MIN (best->cpu_ms, cpu_ms) : cpu_ms;
}

/* How far inside a wavy ellipsoid with a hollow a point is, mm, roughly. */
static double
heart_like (UtVec3 p, double radius_mm)
{
  double wave = 2.5 * sin (0.13 * p.x) * cos (0.11 * p.y) + 1.5 * sin (0.21 * p.z + 0.05 * p.x);
  double r = ut_vec3_length (ut_vec3 (1.25 * p.x, 1.1 * p.y, 0.8 * p.z));
  double hollow =
    ut_vec3_length (ut_vec3 (1.4 * (p.x - 8), 1.3 * p.y, 0.9 * p.z)) - 0.55 * radius_mm;
  return MIN (radius_mm + wave - r, hollow);
}

static UtVolume *
make_field (gsize n, double radius_mm)
{
  const gsize dims[3] = {n, n, n};
  double spacing = CUBE_MM / (double)n, low = -0.5 * spacing * ((double)n - 1);
  UtAffine m =
    ut_affine_scale_offset (ut_vec3 (spacing, spacing, spacing), ut_vec3 (low, low, low));
  UtVolume *field = ut_volume_new (UT_VOXEL_F32, dims, &m, NULL);
  for (gsize i = 0; i < n * n * n; i++) {
    UtVec3 p = ut_affine_point (&m, ut_vec3 (i % n, i / n % n, i / (n * n)));
    field->f32[i] = (float)heart_like (p, radius_mm);
  }
  return field;
}

static UtVolume *
make_labels (const UtVolume *field)
{
  UtVolume *labels = ut_volume_new (UT_VOXEL_U8, field->dims, &field->m_patient_from_voxel, NULL);
  for (gsize i = 0; i < ut_volume_n_voxels (field); i++)
    labels->u8[i] = field->f32[i] > 0;
  return labels;
}

static void
save (const char *folder, const char *name, const void *data, gsize n_bytes)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  if (!g_file_set_contents (path, data, (gssize)n_bytes, &error))
    g_error ("%s", error->message);
}

static void
bench_marching_cubes (const char *folder, gsize n, guint n_rounds, gboolean of_labels)
{
  g_autoptr (UtVolume) field = make_field (n, 70);
  g_autoptr (UtVolume) labels = make_labels (field);
  Times best = {0};
  gsize n_triangles = 0;
  double volume_ml = 0;
  for (guint i = 0; i < n_rounds; i++) {
    Times start = now ();
    g_autoptr (UtMesh) mesh = of_labels ? ut_mesh_from_labels (labels, 1, UT_MESH_FRAME_LPS, NULL)
                                        : ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
    keep_shortest (&best, start);
    n_triangles = mesh->n_triangles;
    volume_ml = ut_mesh_volume_mm3 (mesh) / 1000;
  }
  const char *kind = of_labels ? "labels" : "field";
  g_autofree char *name = g_strdup_printf ("%s-%" G_GSIZE_FORMAT ".raw", kind, n);
  save (folder,
        name,
        of_labels ? (const void *)labels->u8 : field->f32,
        ut_volume_n_voxels (field) * (of_labels ? 1 : sizeof (float)));
  printf ("{\"kind\": \"%s\", \"n\": %" G_GSIZE_FORMAT
          ", \"spacing_mm\": %.9g, \"ms\": %.3f, \"cpu_ms\": %.3f, "
          "\"triangles\": %" G_GSIZE_FORMAT ", \"volume_ml\": %.6f}\n",
          kind,
          n,
          CUBE_MM / (double)n,
          best.ms,
          best.cpu_ms,
          n_triangles,
          volume_ml);
}

static void
bench_distance (const char *folder, gsize n, guint n_rounds)
{
  g_autoptr (UtVolume) field_a = make_field (n, 70), field_b = make_field (n, 67);
  g_autoptr (UtMesh) a = ut_mesh_from_field (field_a, 0, UT_MESH_FRAME_LPS, NULL);
  g_autoptr (UtMesh) b = ut_mesh_from_field (field_b, 0, UT_MESH_FRAME_LPS, NULL);
  Times best = {0};
  g_autoptr (UtMesh) measured = NULL;
  for (guint i = 0; i < n_rounds; i++) {
    Times start = now ();
    g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (a, b, NULL);
    keep_shortest (&best, start);
    g_clear_pointer (&measured, ut_mesh_unref);
    measured = ut_mesh_with_distance (a, distance, NULL);
  }
  g_autofree char *name_b = g_strdup_printf ("b-%" G_GSIZE_FORMAT ".ply", n);
  g_autofree char *path_b = g_build_filename (folder, name_b, NULL);
  g_autofree char *name_a = g_strdup_printf ("a-%" G_GSIZE_FORMAT ".ply", n);
  g_autofree char *path_a = g_build_filename (folder, name_a, NULL);
  g_autofree char *name = g_strdup_printf ("distance-%" G_GSIZE_FORMAT ".raw", n);
  g_autoptr (GError) error = NULL;
  if (!ut_mesh_write (a, path_a, &error) || !ut_mesh_write (b, path_b, &error))
    g_error ("%s", error->message);
  save (folder, name, measured->scalars[0].values, a->n_vertices * sizeof (float));
  printf ("{\"kind\": \"distance\", \"n\": %" G_GSIZE_FORMAT
          ", \"ms\": %.3f, \"cpu_ms\": %.3f, \"vertices\": "
          "%" G_GSIZE_FORMAT ", \"triangles\": %" G_GSIZE_FORMAT "}\n",
          n,
          best.ms,
          best.cpu_ms,
          a->n_vertices,
          b->n_triangles);
}

static void
bench_overlap (guint n_rounds)
{
  g_autoptr (UtVolume) field_a = make_field (64, 70), field_b = make_field (64, 67);
  g_autoptr (UtVolume) a = make_labels (field_a), b = make_labels (field_b);
  Times best = {0};
  UtOverlap overlap;
  for (guint i = 0; i < n_rounds; i++) {
    Times start = now ();
    ut_overlap_label (a, b, 1, &overlap, NULL);
    keep_shortest (&best, start);
  }
  printf ("{\"kind\": \"overlap\", \"n\": 64, \"ms\": %.3f, \"cpu_ms\": %.3f, \"hd_mm\": %.6f}\n",
          best.ms,
          best.cpu_ms,
          overlap.hd_mm);
}

int
main (int argc, char **argv)
{
  if (argc != 2) {
    fprintf (stderr, "usage: bench-surface FOLDER\n");
    return 2;
  }
  for (int of_labels = 0; of_labels < 2; of_labels++) {
    bench_marching_cubes (argv[1], 64, 30, of_labels);
    bench_marching_cubes (argv[1], 256, 8, of_labels);
  }
  bench_distance (argv[1], 64, 20);
  bench_distance (argv[1], 128, 5);
  bench_overlap (20);
  return 0;
}
