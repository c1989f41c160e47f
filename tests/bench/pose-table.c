/* SPDX-License-Identifier: Apache-2.0 */

/*
 * pose-table [--vary] HEART.nii.gz ...: what the canonical pose does to hearts: change of
 * each volume, and how far the landmarks found again stand from the axes and the origin.
 * --vary takes another shape of each heart at ED and at ES instead of the heart itself.
 */
#include "engine/anatomy/canonical.h"
#include "engine/anatomy/heart-augment.h"
#include "engine/anatomy/heart-motion.h"
#include "engine/image/nifti.h"

#include <math.h>

#define SMALL_ML 20 /* smaller structures do not count */

typedef struct Tally {
  double sum, worst;
  guint n, n_over; /* over one per cent */
} Tally;

typedef struct Table {
  const char *phase;
  guint n_hearts, n_off; /* more than 3 degrees */
  Tally volumes[UT_N_LABELS];
  double axis_deg, septal_deg, centre_mm; /* largest */
} Table;

static double
volume_ml (const UtVolume *labels, guint8 label)
{
  gsize n = 0;
  for (gsize i = 0; i < ut_volume_n_voxels (labels); i++)
    n += labels->u8[i] == label;
  return n * ut_volume_voxel_ml (labels);
}

static double
angle_deg (UtVec3 a, UtVec3 b)
{
  return acos (CLAMP (ut_vec3_dot (a, b), -1, 1)) * 180 / G_PI;
}

static gboolean
add_heart (Table *table, const UtVolume *labels, GError **error)
{
  UtLandmarks marks;
  g_autoptr (UtVolume) canonical = ut_canonical_resample (labels, NULL, error);
  if (canonical == NULL || !ut_landmarks_find (canonical, &marks, error))
    return FALSE;
  for (guint8 i = UT_MYO; i < UT_N_LABELS; i++) {
    double before = volume_ml (labels, i);
    if (before <= SMALL_ML)
      continue;
    double change = 100 * (volume_ml (canonical, i) / before - 1);
    Tally *tally = &table->volumes[i];
    tally->sum += change;
    tally->n++;
    tally->n_over += fabs (change) > 1;
    if (fabs (change) > fabs (tally->worst))
      tally->worst = change;
  }
  double axis = angle_deg (marks.long_axis, ut_vec3 (0, 0, -1));
  double septal = angle_deg (marks.septal, ut_vec3 (-1, 0, 0));
  table->axis_deg = MAX (table->axis_deg, axis);
  table->septal_deg = MAX (table->septal_deg, septal);
  table->centre_mm = MAX (table->centre_mm, ut_vec3_length (marks.centroid[UT_BACKGROUND]));
  table->n_off += axis > 3 || septal > 3;
  table->n_hearts++;
  return TRUE;
}

/* Another shape of the heart into the first table, its end-systole into the second. */
static gboolean
add_varied (Table tables[2], const UtVolume *labels, guint64 seed, GError **error)
{
  UtRandom random;
  ut_random_init (&random, seed, 0);
  UtLandmarks marks;
  if (!ut_landmarks_find (labels, &marks, error))
    return FALSE;
  UtHeartKind kind = ut_random_chance (&random, 0.4)
                       ? (UtHeartKind)ut_random_index (&random, UT_N_HEART_KINDS)
                       : UT_HEART_NORMAL;
  UtHeartShape shape = ut_heart_shape_random (kind, &random);
  g_autoptr (UtVolume) varied = ut_heart_augment (labels, &marks, &shape, error);
  if (varied == NULL || !ut_landmarks_find (varied, &marks, error))
    return FALSE;
  UtHeartMotionParams params = ut_heart_motion_params (ut_random_uniform (&random, 0.3, 0.7));
  g_autoptr (UtHeartMotion) motion = ut_heart_motion_new (varied, &marks, &params, error);
  g_autoptr (UtVolume) es = motion != NULL ? ut_heart_motion_at (motion, 1, error) : NULL;
  return es != NULL && add_heart (&tables[0], varied, error) && add_heart (&tables[1], es, error);
}

static void
print_table (const Table *table)
{
  g_print ("%s, %u hearts\n     mean %%  worst %%  over 1 %%\n", table->phase, table->n_hearts);
  for (int i = UT_MYO; i < UT_N_LABELS; i++) {
    const Tally *tally = &table->volumes[i];
    g_print ("%-4s %+6.2f  %+6.2f   %u of %u\n",
             ut_structure_name (i),
             tally->sum / MAX (tally->n, 1),
             tally->worst,
             tally->n_over,
             tally->n);
  }
  g_print ("largest: axis %.2f deg, septal %.2f deg, centroid %.2f mm; over 3 deg: %u\n",
           table->axis_deg,
           table->septal_deg,
           table->centre_mm,
           table->n_off);
}

int
main (int argc, char **argv)
{
  gboolean vary = argc > 1 && g_str_equal (argv[1], "--vary");
  Table tables[2] = {{.phase = "ED"}, {.phase = "ES"}};
  for (int i = 1 + vary; i < argc; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (UtVolume) labels = ut_nifti_read_labels (argv[i], &error);
    gboolean done = labels != NULL && (vary ? add_varied (tables, labels, (guint64)i, &error)
                                            : add_heart (&tables[0], labels, &error));
    if (!done)
      g_printerr ("%s: %s\n", argv[i], error->message);
  }
  for (int i = 0; i <= vary; i++)
    print_table (&tables[i]);
  return tables[0].n_hearts > 0 ? 0 : 1;
}
