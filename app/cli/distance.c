/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "engine/surface/mesh-distance.h"
#include "engine/surface/mesh-file.h"

static char *from_path, *to_path, *out;

static void
add_statistics (JsonBuilder *builder, const UtDistanceStats *stats)
{
  ut_cli_json_double (builder, "area_mm2", stats->area_mm2);
  ut_cli_json_double (builder, "mean_mm", stats->mean);
  ut_cli_json_double (builder, "sd_mm", stats->sd);
  ut_cli_json_double (builder, "mean_absolute_mm", stats->mean_abs);
  ut_cli_json_double (builder, "p5_mm", stats->p5);
  ut_cli_json_double (builder, "p50_mm", stats->p50);
  ut_cli_json_double (builder, "p95_mm", stats->p95);
  ut_cli_json_double (builder, "p95_absolute_mm", stats->p95_abs);
  ut_cli_json_double (builder, "max_absolute_mm", stats->max_abs);
  ut_cli_json_double (builder, "band_mm", UT_DISTANCE_BAND_MM);
  ut_cli_json_double (builder, "share_outside_band_percent", 100 * stats->share_outside_band);
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"from", 0, 0, G_OPTION_ARG_FILENAME, &from_path, "Mesh whose vertices are measured", "A.ply"},
    {"to", 0, 0, G_OPTION_ARG_FILENAME, &to_path, "Mesh that is measured against", "B.ply"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Copy of A with the distances", "C.ply"},
    {NULL},
  };
  if (!ut_cli_parse ("Signed distance in mm from every vertex of A to mesh B, inside negative.",
                     entries,
                     (const char *[]){"from", "to", "out", NULL},
                     argc,
                     argv))
    return UT_CLI_USAGE;

  g_autoptr (GError) error = NULL;
  g_autoptr (UtMesh) from = ut_mesh_read (from_path, &error);
  g_autoptr (UtMesh) to = from ? ut_mesh_read (to_path, &error) : NULL;
  g_autoptr (UtMeshDistance) distance = to ? ut_mesh_distance_new (from, to, &error) : NULL;
  g_autoptr (UtMesh) result = distance ? ut_mesh_with_distance (from, distance, &error) : NULL;
  if (result == NULL || !ut_mesh_write (result, out, &error))
    return ut_cli_fail (error);

  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_int (builder, "n_vertices", (gint64)from->n_vertices);
  ut_cli_json_boolean (builder, "sign_valid", distance->sign_valid);
  UtDistanceStats stats;
  if (ut_distance_stats (from, distance->signed_mm, &stats))
    add_statistics (builder, &stats);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

const UtCliCommand ut_cli_distance = {
  "distance", "signed distance from every vertex of one mesh to another", run};
