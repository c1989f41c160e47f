/* SPDX-License-Identifier: Apache-2.0 */

/*
 * ut-cohort: makes training data. Hearts of a list are varied, brought into the
 * canonical pose and cut along jittered standard planes; see README.md.
 */

#include "engine/base/parallel.h"
#include "engine/image/nifti.h"
#include "engine/train/deform.h"
#include "engine/train/shard.h"

#include "engine/anatomy/view-plane.h"

#define META_HEADER "heart,phase,ef,seed,plain"

static char *opt_cohort, *opt_list, *opt_out;
static int opt_hearts = 100, opt_per_shard = 50, opt_first = 0;
static gboolean opt_plain;

static const GOptionEntry entries[] = {
  {"cohort", 'c', 0, G_OPTION_ARG_FILENAME, &opt_cohort, "Folder of NIfTI label maps", "DIR"},
  {"list", 'l', 0, G_OPTION_ARG_FILENAME, &opt_list, "Text file, one heart a line", "FILE"},
  {"out", 'o', 0, G_OPTION_ARG_FILENAME, &opt_out, "Shards are OUT-0000, ...", "OUT"},
  {"hearts", 'n', 0, G_OPTION_ARG_INT, &opt_hearts, "Hearts to draw", "N"},
  {"per-shard", 0, 0, G_OPTION_ARG_INT, &opt_per_shard, "Hearts in a shard", "N"},
  {"first", 0, 0, G_OPTION_ARG_INT, &opt_first, "Number of the first heart: its seed", "N"},
  {"plain", 0, 0, G_OPTION_ARG_NONE, &opt_plain, "In the list's order, not deformed", NULL},
  {NULL}};

/* Where the probe's tip stands in a network picture, and what a pixel measures. */
typedef struct Raster {
  double mm_per_px, probe_col, probe_row;
  double half_angle, depth_mm; /* sector */
} Raster;

static guint8
label_at (const UtVolume *labels, const UtAffine *m_voxel_from_patient, UtVec3 p)
{
  UtVec3 v = ut_affine_point (m_voxel_from_patient, p);
  const double at[3] = {floor (v.x + 0.5), floor (v.y + 0.5), floor (v.z + 0.5)};
  for (int a = 0; a < 3; a++)
    if (at[a] < 0 || at[a] >= labels->dims[a])
      return UT_BACKGROUND;
  return labels->u8[ut_volume_index (labels, (gsize)at[0], (gsize)at[1], (gsize)at[2])];
}

static void
cut (const UtVolume *labels,
     const UtViewPlane *plane,
     const Raster *raster,
     guint8 ret[UT_SHARD_SIDE][UT_SHARD_SIDE])
{
  UtAffine m_voxel_from_patient;
  if (!ut_affine_invert (&labels->m_patient_from_voxel, &m_voxel_from_patient))
    g_return_if_reached ();
  for (int row = 0; row < UT_SHARD_SIDE; row++)
    for (int col = 0; col < UT_SHARD_SIDE; col++) {
      double x = (col - raster->probe_col) * raster->mm_per_px;
      double y = (row - raster->probe_row) * raster->mm_per_px;
      guint8 value = label_at (labels, &m_voxel_from_patient, ut_view_plane_point (plane, x, y));
      if (hypot (x, y) <= raster->depth_mm && fabs (atan2 (x, y)) <= raster->half_angle)
        value |= UT_SHARD_IN_SECTOR;
      ret[row][col] = value;
    }
}

/* A jittered standard plane and a random picture frame around its sector. */
static gboolean
draw_view (UtView view,
           const UtVolume *labels,
           const UtLandmarks *marks,
           UtRandom *random,
           UtViewPlane *plane,
           Raster *raster,
           GError **error)
{
  if (!ut_view_plane_standard (view, labels, marks, plane, error))
    return FALSE;
  UtVec3 centre = marks->centroid[UT_LV];
  UtVec3 turn_axis[3] = {plane->right, plane->down, plane->normal};
  for (int a = 0; a < 3; a++) {
    double angle = ut_random_normal_within (random, 0, a == 2 ? 8 : 5, -15, 15) * G_PI / 180;
    UtVec3 *vectors[] = {&plane->right, &plane->down, &plane->normal};
    for (int k = 0; k < 3; k++)
      *vectors[k] = ut_vec3_rotate (*vectors[k], turn_axis[a], angle);
    UtVec3 arm = ut_vec3_rotate (ut_vec3_sub (plane->origin, centre), turn_axis[a], angle);
    plane->origin = ut_vec3_add (centre, arm);
  }
  plane->origin = ut_view_plane_point (
    plane, ut_random_normal (random, 0, 8), -ut_random_uniform (random, -8, 20));
  plane->origin =
    ut_vec3_mad (plane->origin, ut_random_normal_within (random, 0, 3, -8, 8), plane->normal);

  *raster = (Raster){.depth_mm = plane->depth_mm * ut_random_uniform (random, 0.9, 1.4),
                     .half_angle = ut_random_uniform (random, 30, 46) * G_PI / 180};
  double size = MAX (raster->depth_mm, 2 * raster->depth_mm * sin (raster->half_angle));
  double fill = ut_random_chance (random, 0.4) ? 1 : ut_random_uniform (random, 0.55, 1);
  raster->mm_per_px = size / (fill * UT_SHARD_SIDE);
  double room = (1 - fill) * UT_SHARD_SIDE / 2;
  raster->probe_col = UT_SHARD_SIDE / 2.0 + room * ut_random_uniform (random, -1, 1);
  double free_rows = UT_SHARD_SIDE - raster->depth_mm / raster->mm_per_px;
  raster->probe_row = free_rows * ut_random_uniform (random, 0, 1);
  return TRUE;
}

static gboolean
make_sample (const UtVolume *labels,
             const UtLandmarks *marks,
             const UtVolume *canonical,
             UtRandom *random,
             UtShardSample *sample,
             GError **error)
{
  sample->labels = canonical;
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    UtViewPlane plane;
    Raster raster;
    if (!draw_view (view, labels, marks, random, &plane, &raster, error))
      return FALSE;
    cut (labels, &plane, &raster, sample->slices[view]);
    sample->spacing_mm[view][0] = sample->spacing_mm[view][1] = raster.mm_per_px;
  }
  return TRUE;
}

/* One heart, varied unless --plain, into the shard. */
static gboolean
add_heart (UtShard *shard, const char *name, guint64 seed, UtShardSample *sample, GError **error)
{
  UtRandom random;
  ut_random_init (&random, seed, 1);
  g_autofree char *file = g_strconcat (name, ".nii.gz", NULL);
  g_autofree char *path = g_build_filename (opt_cohort, file, NULL);
  g_autoptr (UtVolume) source = ut_nifti_read_labels (path, error);
  UtLandmarks marks;
  if (!source || !ut_landmarks_find (source, &marks, error))
    return FALSE;
  g_autoptr (UtVolume) varied = opt_plain
                                  ? ut_volume_ref (source)
                                  : ut_deform_draw (source, &marks, 0.4, &random, error);
  g_autoptr (UtVolume) labels = varied ? ut_labels_largest_parts (varied, error) : NULL;
  if (!labels || !ut_landmarks_find (labels, &marks, error))
    return FALSE;
  g_autoptr (UtVolume) canonical = ut_canonical_resample (labels, NULL, error);
  if (!canonical || !make_sample (labels, &marks, canonical, &random, sample, error))
    return FALSE;
  g_autofree char *meta =
    g_strdup_printf ("%s,ED,0,%" G_GUINT64_FORMAT ",%d", name, seed, opt_plain);
  return ut_shard_add (shard, sample, meta, error);
}

static char **
read_list (GError **error)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents (opt_list, &text, NULL, error))
    return NULL;
  return g_strsplit (g_strstrip (text), "\n", -1);
}

static gboolean
make_shard (int number, char **hearts, UtShardSample *sample, GError **error)
{
  g_autofree char *folder = g_strdup_printf ("%s-%04d", opt_out, number);
  g_autoptr (UtShard) shard = ut_shard_new (folder, META_HEADER, error);
  if (!shard)
    return FALSE;
  int begin = number * opt_per_shard, end = MIN (begin + opt_per_shard, opt_hearts);
  gint64 start = g_get_monotonic_time ();
  for (int i = begin; i < end; i++) {
    guint64 seed = opt_first + i;
    UtRandom random;
    ut_random_init (&random, seed, 0);
    guint n = g_strv_length (hearts);
    const char *name = hearts[opt_plain ? i % n : ut_random_index (&random, n)];
    g_autoptr (GError) local = NULL;
    if (!add_heart (shard, name, seed, sample, &local)) {
      if (local->domain == G_FILE_ERROR) {
        g_propagate_error (error, g_steal_pointer (&local));
        return FALSE;
      }
      g_printerr ("heart %d (%s) left out: %s\n", i, name, local->message);
    }
  }
  double seconds = (g_get_monotonic_time () - start) / 1e6;
  g_print ("%s: %d hearts, %.2f s each\n", folder, end - begin, seconds / (end - begin));
  return ut_shard_finish (shard, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- make training data");
  g_option_context_add_main_entries (context, entries, NULL);
  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, &argc, &argv, &error) || !opt_cohort || !opt_list ||
      !opt_out || opt_hearts < 1 || opt_per_shard < 1) {
    g_printerr ("%s\n", error ? error->message : "--cohort, --list and --out are needed.");
    return 2;
  }
  ut_parallel_set_n_threads (1);
  g_auto (GStrv) hearts = read_list (&error);
  g_autofree UtShardSample *sample = g_new0 (UtShardSample, 1);
  for (int i = 0; hearts && !error && i * opt_per_shard < opt_hearts; i++)
    make_shard (i, hearts, sample, &error);
  if (error)
    g_printerr ("%s\n", error->message);
  return error ? 1 : 0;
}
