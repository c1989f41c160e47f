/* SPDX-License-Identifier: Apache-2.0 */

/*
 * plane-table COHORT-DIR SEED:STUDY-DIR ...: how well echo planes are estimated in simulated
 * studies with results. COHORT-DIR holds NAME.nii.gz of the hearts, NAME as the study's folder;
 * SEED is that of `simulate`. Prints, per view at ED, the angle between estimated and true plane
 * and the mean distance in the picture from the outline of the twin in the estimated plane to the
 * outline of the true heart in the true plane, for the LV and the outer and inner borders of its
 * wall.
 */
#include "engine/anatomy/canonical.h"
#include "engine/echo/probe.h"
#include "engine/echo/simulator.h"
#include "engine/image/nifti.h"
#include "engine/study/echo-plane.h"
#include "engine/study/study-file.h"
#include "engine/study/twin-mesh.h"
#include "engine/surface/marching-cubes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define STREAM_VIEW 102 /* of app/sample.c */

typedef struct Sum {
  double angle_deg, lv_mm, myo_mm, worst_lv_mm;
  guint n;
} Sum;

/* The plane that a view was filmed in, in the heart's canonical frame; the picture's own mm. */
static gboolean
true_plane (const UtVolume *labels, guint64 seed, UtView view, UtEchoPlane *ret, GError **error)
{
  UtRandom random;
  UtScanner scanner;
  UtProbe probe;
  UtLandmarks marks;
  UtViewPlane plane;
  UtAffine m_patient_from_canonical, m_canonical_from_patient;
  ut_random_init (&random, seed, STREAM_VIEW + view);
  ut_scanner_draw (&scanner, view, &random);
  ut_probe_draw (&probe, view, &random);
  g_autoptr (UtVolume) clean = ut_labels_largest_parts (labels, error);
  g_autoptr (UtVolume) canonical =
    clean ? ut_canonical_resample (clean, &m_patient_from_canonical, error) : NULL;
  if (canonical == NULL || !ut_landmarks_find (clean, &marks, error) ||
      !ut_probe_place (&probe, view, clean, &marks, &scanner, &plane, error) ||
      !ut_affine_invert (&m_patient_from_canonical, &m_canonical_from_patient))
    return FALSE;
  UtEchoPicture picture = ut_echo_picture_fit (&scanner, 384, 384);
  *ret = (UtEchoPlane){
    .plane = {.origin = ut_affine_point (&m_canonical_from_patient, plane.origin),
              .right = ut_affine_direction (&m_canonical_from_patient, plane.right),
              .down = ut_affine_direction (&m_canonical_from_patient, plane.down),
              .normal = ut_affine_direction (&m_canonical_from_patient, plane.normal)},
    .origin_px = {picture.probe_col, picture.probe_row},
    .spacing_mm = {picture.mm_per_px, picture.mm_per_px},
    .width = 384,
    .height = 384,
  };
  return TRUE;
}

/* Mean distance in the picture from the points of @a to those of @b, mm. */
static double
one_way (const UtEchoPlane *plane_a,
         const UtSection *a,
         const UtEchoPlane *plane_b,
         const UtSection *b)
{
  double sum = 0;
  for (gsize i = 0; i < a->n_points; i++) {
    double p[2], nearest = INFINITY;
    ut_echo_plane_pixel (plane_a, a->points[i], p);
    for (gsize k = 0; k < b->n_points; k++) {
      double q[2];
      ut_echo_plane_pixel (plane_b, b->points[k], q);
      nearest = MIN (nearest, hypot (p[0] - q[0], p[1] - q[1]));
    }
    sum += nearest * plane_a->spacing_mm[0];
  }
  return sum / (double)MAX (a->n_points, 1);
}

static double
outline_distance (const UtEchoPlane *estimate,
                  const UtMesh *twin,
                  const UtEchoPlane *truth,
                  const UtMesh *heart)
{
  g_autoptr (UtSection) a = ut_echo_plane_outline (estimate, twin);
  g_autoptr (UtSection) b = ut_echo_plane_outline (truth, heart);
  return (one_way (estimate, a, truth, b) + one_way (truth, b, estimate, a)) / 2;
}

static gboolean
add_study (
  const char *cohort, guint64 seed, const char *folder, Sum sums[UT_N_VIEWS], GError **error)
{
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *file = g_strdup_printf ("%s/%s.nii.gz", cohort, name);
  g_autoptr (UtVolume) labels = ut_nifti_read_labels (file, error);
  g_autoptr (UtStudy) study = labels ? ut_study_open (folder, NULL, NULL, error) : NULL;
  if (study == NULL)
    return FALSE;
  const UtStudyState *state = ut_study_get_state (study);
  const UtTwin *twin = ut_study_twin (state, UT_PHASE_ED);
  const UtStudyReference *reference = state->references[UT_PHASE_ED];
  for (UtView view = 0; twin && reference && view < UT_N_VIEWS; view++) {
    UtTwinStage stage = ut_twin_final_stage (twin);
    UtEchoPlane estimate, truth;
    double mm[2];
    if (!ut_echo_plane_estimate (state, UT_PHASE_ED, view, twin->labels[stage], &estimate, error) ||
        !true_plane (labels, seed, view, &truth, error))
      return FALSE;
    const UtStructure structures[2] = {UT_LV, UT_MYO};
    for (int i = 0; i < 2; i++) {
      g_autoptr (UtMesh) mine = ut_twin_mesh (twin, stage, structures[i], error);
      g_autoptr (UtMesh) heart = ut_mesh_from_labels (
        reference->labels, (guint8)structures[i], UT_MESH_FRAME_CANONICAL, error);
      if (mine == NULL || heart == NULL)
        return FALSE;
      mm[i] = outline_distance (&estimate, mine, &truth, heart);
    }
    double cosine = CLAMP (ut_vec3_dot (estimate.plane.normal, truth.plane.normal), -1, 1);
    Sum *sum = &sums[view];
    sum->angle_deg += acos (cosine) * 180 / G_PI;
    sum->lv_mm += mm[0];
    sum->myo_mm += mm[1];
    sum->worst_lv_mm = MAX (sum->worst_lv_mm, mm[0]);
    sum->n++;
  }
  return TRUE;
}

int
main (int argc, char **argv)
{
  Sum sums[UT_N_VIEWS] = {{0}};
  for (int i = 2; i < argc; i++) {
    g_autoptr (GError) error = NULL;
    char *folder = NULL;
    guint64 seed = g_ascii_strtoull (argv[i], &folder, 10);
    if (*folder != ':' || !add_study (argv[1], seed, folder + 1, sums, &error)) {
      fprintf (stderr, "%s: %s\n", argv[i], error ? error->message : "want SEED:STUDY-DIR");
      return EXIT_FAILURE;
    }
  }
  printf ("view  n  plane, deg  LV, mm (worst)  Myo, mm\n");
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    const Sum *s = &sums[view];
    if (s->n > 0)
      printf ("%-4s %2u  %9.1f  %6.1f (%4.1f)  %7.1f\n",
              ut_view_name (view),
              s->n,
              s->angle_deg / s->n,
              s->lv_mm / s->n,
              s->worst_lv_mm,
              s->myo_mm / s->n);
  }
  return EXIT_SUCCESS;
}
