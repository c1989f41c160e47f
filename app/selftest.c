/* SPDX-License-Identifier: Apache-2.0 */
#include "app/selftest.h"

#include "engine/anatomy/canonical.h"
#include "engine/anatomy/phantom.h"
#include "engine/base/random.h"
#include "engine/measure/overlap.h"
#include "engine/measure/topology.h"
#include "engine/measure/volumes.h"
#include "engine/study/study.h"
#include "engine/surface/marching-cubes.h"
#include "engine/surface/mesh-distance.h"
#include "engine/twin/twin-model.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static char *
say (GError *error)
{
  char *sentence = g_strdup (error ? error->message : "–");
  g_clear_error (&error);
  return sentence;
}

/* Check value: counter 0, key 0 of Philox4x32-10 (Salmon et al. 2011) */
static gboolean
ask_random (char **ret_found)
{
  guint32 words[4];
  ut_philox ((const guint32[4]){0}, (const guint32[2]){0}, words);
  *ret_found = g_strdup_printf ("%08x %08x %08x %08x", words[0], words[1], words[2], words[3]);
  return g_str_equal (*ret_found, "6627e8d5 e169c58d bc57ac4c 9b00dbd8");
}

static gboolean
ask_phantom_volume (char **ret_found)
{
  GError *error = NULL;
  UtLabelVolume volumes[UT_N_LABELS];
  g_autoptr (UtPhantom) phantom = ut_phantom_new ();
  g_autoptr (UtVolume) labels = ut_phantom_labels (phantom, 1.5, &error);
  if (labels == NULL || !ut_label_volumes (labels, UT_N_LABELS, volumes, &error)) {
    *ret_found = say (error);
    return FALSE;
  }
  double worst = 0;
  for (int structure = UT_MYO; structure < UT_N_LABELS; structure++) {
    double truth = ut_phantom_volume_ml (phantom, structure);
    worst = MAX (worst, fabs (volumes[structure].ml - truth) / truth);
  }
  *ret_found = g_strdup_printf ("%.2f %%", 100 * worst);
  return worst < 0.03;
}

/* The phantom in the canonical pose: the right heart at -X, the atria at +Z */
static gboolean
ask_orientation (char **ret_found)
{
  GError *error = NULL;
  UtLandmarks marks;
  g_autoptr (UtPhantom) phantom = ut_phantom_new ();
  g_autoptr (UtVolume) labels = ut_phantom_labels (phantom, 1.5, &error);
  g_autoptr (UtVolume) canonical = labels ? ut_canonical_resample (labels, NULL, &error) : NULL;
  if (canonical == NULL || !ut_landmarks_find (canonical, &marks, &error)) {
    *ret_found = say (error);
    return FALSE;
  }
  double right = marks.centroid[UT_LV].x - marks.centroid[UT_RV].x;
  double up = marks.centroid[UT_LA].z - marks.centroid[UT_LV].z;
  *ret_found = g_strdup_printf ("RV %.0f mm, LA %.0f mm", right, up);
  return right > 20 && up > 20;
}

/* how far inside the surface, mm; negative outside */
typedef double (*DepthFunc) (UtVec3 p, double size_mm);

static double
ball_depth (UtVec3 p, double radius_mm)
{
  return radius_mm - ut_vec3_length (p);
}

/* a tube bent to a ring of 16 mm */
static double
ring_depth (UtVec3 p, double radius_mm)
{
  return radius_mm - hypot (hypot (p.x, p.y) - 16, p.z);
}

static UtMesh *
solid (DepthFunc depth, double size_mm, GError **error)
{
  const gsize side = 56;
  UtAffine grid = ut_affine_scale_offset (ut_vec3 (1, 1, 1), ut_vec3 (-27.5, -27.5, -27.5));
  g_autoptr (UtVolume) field =
    ut_volume_new (UT_VOXEL_F32, (const gsize[3]){side, side, side}, &grid, error);
  if (field == NULL)
    return NULL;
  for (gsize z = 0; z < side; z++)
    for (gsize y = 0; y < side; y++)
      for (gsize x = 0; x < side; x++) {
        UtVec3 p = ut_affine_point (&grid, ut_vec3 ((double)x, (double)y, (double)z));
        field->f32[ut_volume_index (field, x, y, z)] = (float)depth (p, size_mm);
      }
  return ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, error);
}

static gboolean
ask_distance (char **ret_found)
{
  GError *error = NULL;
  UtDistanceStats stats;
  g_autoptr (UtMesh) large = solid (ball_depth, 22, &error);
  g_autoptr (UtMesh) small = large ? solid (ball_depth, 20, &error) : NULL;
  g_autoptr (UtMeshDistance) distance = small ? ut_mesh_distance_new (large, small, &error) : NULL;
  if (distance == NULL || !ut_distance_stats (large, distance->signed_mm, &stats)) {
    *ret_found = say (error);
    return FALSE;
  }
  *ret_found = g_strdup_printf ("%+.3f mm, %.0f %%", stats.mean, 100 * stats.share_above);
  return fabs (stats.mean - 2) < 0.05 && stats.share_above > 0.999;
}

/* A ball has Euler number 2, a ring 0; the phantom with an island in its LV is not one part */
static gboolean
ask_topology (char **ret_found)
{
  GError *error = NULL;
  UtMeshCheck ball_check, ring_check;
  UtTopology whole, broken;
  g_autoptr (UtMesh) ball = solid (ball_depth, 20, &error);
  g_autoptr (UtMesh) ring = ball ? solid (ring_depth, 6, &error) : NULL;
  g_autoptr (UtPhantom) phantom = ut_phantom_new ();
  g_autoptr (UtVolume) labels = ring ? ut_phantom_labels (phantom, 3, &error) : NULL;
  if (labels == NULL || !ut_topology_check (labels, &whole, &error)) {
    *ret_found = say (error);
    return FALSE;
  }
  labels->u8[0] = UT_LV; /* a corner of the grid, far from the heart */
  if (!ut_topology_check (labels, &broken, &error)) {
    *ret_found = say (error);
    return FALSE;
  }
  ut_mesh_check (ball, &ball_check);
  ut_mesh_check (ring, &ring_check);
  *ret_found = g_strdup_printf ("%" G_GSSIZE_FORMAT ", %" G_GSSIZE_FORMAT "; %u, %u",
                                ball_check.euler,
                                ring_check.euler,
                                whole.n_parts[UT_LV],
                                broken.n_parts[UT_LV]);
  return ball_check.euler == 2 && ring_check.euler == 0 && whole.one_part && !broken.one_part &&
         broken.n_parts[UT_LV] == 2;
}

/* A line of 100 pixels that is 50 mm long, on a loop that says nothing of its spacing */
static gboolean
ask_calibration (char **ret_found)
{
  GError *error = NULL;
  const UtStudyRuler ruler = {.from_px = {10, 10}, .to_px = {70, 90}, .length_mm = 50};
  const UtStudyView *view;
  double before_mm[2] = {0}, after_mm[2] = {0};
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (UtCine) cine = ut_cine_new (1, 100, 100, &error);
  if (cine == NULL) {
    *ret_found = say (error);
    return FALSE;
  }
  ut_study_set_cine (study, UT_VIEW_A4C, cine, "self-test");
  view = &ut_study_get_state (study)->views[UT_VIEW_A4C];
  gboolean unknown = ut_study_view_spacing (view, before_mm) == UT_CALIBRATION_NONE;
  if (!ut_study_calibrate_ruler (study, UT_VIEW_A4C, &ruler, &error)) {
    *ret_found = say (error);
    return FALSE;
  }
  view = &ut_study_get_state (study)->views[UT_VIEW_A4C];
  gboolean manual = ut_study_view_spacing (view, after_mm) == UT_CALIBRATION_MANUAL;
  *ret_found =
    g_strdup_printf ("%s → %.4f x %.4f mm", unknown ? "–" : "?", after_mm[0], after_mm[1]);
  return unknown && manual && fabs (after_mm[0] - 0.5) < 1e-12 && fabs (after_mm[1] - 0.5) < 1e-12;
}

/* Two boxes of 10^3 voxels of 3 mm, one moved by 2 voxels: DSC 0.8, HD 2 voxels, 6 mm */
static gboolean
ask_overlap (char **ret_found)
{
  GError *error = NULL;
  UtAffine grid = ut_affine_scale_offset (ut_vec3 (3, 3, 3), ut_vec3 (0, 0, 0));
  const gsize dims[3] = {20, 20, 20};
  g_autoptr (UtVolume) a = ut_volume_new (UT_VOXEL_U8, dims, &grid, &error);
  g_autoptr (UtVolume) b = a ? ut_volume_new (UT_VOXEL_U8, dims, &grid, &error) : NULL;
  UtOverlap overlap;
  if (b == NULL) {
    *ret_found = say (error);
    return FALSE;
  }
  for (gsize z = 5; z < 15; z++)
    for (gsize y = 5; y < 15; y++) {
      memset (a->u8 + ut_volume_index (a, 4, y, z), 1, 10);
      memset (b->u8 + ut_volume_index (b, 6, y, z), 1, 10);
    }
  if (!ut_overlap_label (a, b, 1, &overlap, &error)) {
    *ret_found = say (error);
    return FALSE;
  }
  *ret_found =
    g_strdup_printf ("DSC %.3f, HD %.2f = %.2f mm", overlap.dsc, overlap.hd_voxels, overlap.hd_mm);
  return fabs (overlap.dsc - 0.8) < 1e-9 && fabs (overlap.hd_mm - 6) < 1e-9 &&
         fabs (overlap.hd_voxels - 2) < 1e-9;
}

/* A picture that is the same on every machine: smooth rings */
static UtTwinInput *
ring_input (const UtTwinModel *model, GError **error)
{
  const UtTwinRaster raster = ut_twin_model_get_raster (model);
  const guint side = raster.side;
  g_autoptr (UtCine) cine = ut_cine_new (1, side, side, error);
  if (cine == NULL)
    return NULL;
  for (guint y = 0; y < side; y++)
    for (guint x = 0; x < side; x++) {
      guint ring = ((x - side / 2) * (x - side / 2) + (y - side / 2) * (y - side / 2)) / side;
      cine->pixels[(gsize)y * side + x] = (guint8)(ring * 4 % 256);
    }
  cine->calibration = UT_CALIBRATION_COMMAND;
  cine->spacing_mm[0] = cine->spacing_mm[1] = 0.7;
  UtCine *cines[UT_N_VIEWS] = {cine, cine, cine};
  return ut_twin_input_new (cines, (const guint[UT_N_VIEWS]){0}, &raster, error);
}

static gboolean
ask_network (char **ret_found)
{
  GError *error = NULL;
  g_autofree char *path = ut_twin_model_default_path (&error);
  g_autoptr (UtTwinModel) model = path ? ut_twin_model_open (path, "cpu", NULL, &error) : NULL;
  g_autoptr (UtTwinInput) input = model ? ring_input (model, &error) : NULL;
  char *hashes[2] = {NULL, NULL};
  for (int i = 0; i < 2 && input != NULL; i++) {
    UtTwinOptions options = {.seed = 7};
    g_autoptr (UtTwin) twin =
      ut_twin_model_reconstruct (model, input, &options, NULL, NULL, &error);
    if (twin == NULL)
      break;
    const UtVolume *labels = twin->labels[ut_twin_final_stage (twin)];
    hashes[i] =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, labels->u8, ut_volume_n_voxels (labels));
  }
  gboolean same = hashes[1] != NULL && g_str_equal (hashes[0], hashes[1]);
  *ret_found = hashes[1] ? g_strdup_printf ("%.16s, %.16s", hashes[0], hashes[1]) : say (error);
  g_free (hashes[0]);
  g_free (hashes[1]);
  return same;
}

static const UtSelfCheck checks[] = {
  {N_ ("Random numbers"), "6627e8d5 e169c58d bc57ac4c 9b00dbd8", ask_random},
  {N_ ("Line of 100 pixels and 50 mm"), N_ ("unknown, then 0.5000 x 0.5000 mm"), ask_calibration},
  {N_ ("Phantom volumes by voxels against closed form"), N_ ("within 3 %"), ask_phantom_volume},
  {N_ ("Orientation of the canonical pose"),
   N_ ("RV right of LV, LA above it, over 20 mm"),
   ask_orientation},
  {N_ ("Distance from a sphere of 22 mm to one of 20 mm"),
   /* xgettext:no-c-format */
   N_ ("+2.000 mm within 0.05, 100 % outside"),
   ask_distance},
  {N_ ("Euler numbers of ball and ring; LV parts without and with an island"),
   N_ ("2 and 0; 1 and 2 parts"),
   ask_topology},
  {N_ ("Overlap of two boxes 2 voxels apart"),
   N_ ("DSC 0.800, HD 2.00 voxels, 6.00 mm"),
   ask_overlap},
  {N_ ("Network, same input and seed twice"), N_ ("the same label hash"), ask_network},
};

const UtSelfCheck *
ut_self_checks (gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS (checks);
  return checks;
}
