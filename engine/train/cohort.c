/* SPDX-License-Identifier: Apache-2.0 */

/*
 * ut-cohort: makes training data. Hearts of a list, or phantoms, are varied, brought into the
 * canonical pose at ED and ES and filmed in three views; see README.md.
 */

#include "engine/anatomy/heart-augment.h"
#include "engine/anatomy/heart-blend.h"
#include "engine/anatomy/heart-labels.h"
#include "engine/anatomy/phantom.h"
#include "engine/base/parallel.h"
#include "engine/train/picture.h"

#define META_HEADER "heart,phase,ef,seed,set,plain"

static char *opt_cohort, *opt_list, *opt_out;
static int opt_hearts = 100, opt_per_shard = 50, opt_first = 0, opt_sets = 1;
static double opt_broad = 0.25, opt_phantoms, opt_blends;
static gboolean opt_plain;

static const GOptionEntry entries[] = {
  {"cohort", 'c', 0, G_OPTION_ARG_FILENAME, &opt_cohort, "Folder of NIfTI label maps", "DIR"},
  {"list", 'l', 0, G_OPTION_ARG_FILENAME, &opt_list, "Text file, one heart a line", "FILE"},
  {"out", 'o', 0, G_OPTION_ARG_FILENAME, &opt_out, "Shards are OUT-0000, ...", "OUT"},
  {"hearts", 'n', 0, G_OPTION_ARG_INT, &opt_hearts, "Hearts to draw", "N"},
  {"per-shard", 0, 0, G_OPTION_ARG_INT, &opt_per_shard, "Hearts in a shard", "N"},
  {"first", 0, 0, G_OPTION_ARG_INT, &opt_first, "Number of the first heart: its seed", "N"},
  {"sets", 0, 0, G_OPTION_ARG_INT, &opt_sets, "Sets of pictures of each heart", "N"},
  {"broad", 0, 0, G_OPTION_ARG_DOUBLE, &opt_broad, "Chance of an unusual machine", "P"},
  {"blends", 0, 0, G_OPTION_ARG_DOUBLE, &opt_blends, "Chance to blend in another heart", "P"},
  {"phantoms",
   0,
   0,
   G_OPTION_ARG_DOUBLE,
   &opt_phantoms,
   "Chance of a phantom, not the list's",
   "P"},
  {"plain", 0, 0, G_OPTION_ARG_NONE, &opt_plain, "In the list's order, not varied", NULL},
  {NULL}};

#define P_DISEASE          0.4
#define BLEND_LOW          (-0.25)   /* of the other heart: beyond the first one ... */
#define BLEND_HIGH         0.5       /* ... to half way */
#define PHANTOM            "phantom" /* its name in meta.csv */
#define PHANTOM_SPACING_MM 1.5
#define PHANTOM_SEED_MIN   1000000 /* those below are the sample study's and the tests' */

/* Streams of a heart's seed. The sample study draws its phantoms from others. */
enum { STREAM_CHOICE, STREAM_PICTURES, STREAM_PHANTOM, STREAM_BLEND };

/* Another heart of the same kind of shape, or a diseased one. */
static UtVolume *
vary (const UtVolume *source, const UtLandmarks *marks, UtRandom *random, GError **error)
{
  UtHeartKind kind = ut_random_chance (random, P_DISEASE)
                       ? (UtHeartKind)ut_random_index (random, UT_N_HEART_KINDS)
                       : UT_HEART_NORMAL;
  UtHeartShape shape = ut_heart_shape_random (kind, random);
  return ut_heart_augment (source, marks, &shape, error);
}

/* What a heart does in a beat: most as healthy ones, some with a poor ventricle. */
static UtHeartMotionParams
draw_motion (UtRandom *random)
{
  double ef = ut_random_chance (random, 0.7)
                ? ut_random_normal_within (random, 0.62, 0.06, 0.5, 0.75)
                : ut_random_uniform (random, 0.2, 0.5);
  UtHeartMotionParams p = ut_heart_motion_params (ef);
  p.annulus_descent_mm =
    CLAMP (p.annulus_descent_mm * ut_random_normal_within (random, 1, 0.15, 0.6, 1.4), 0, 25);
  p.rv_ejection_fraction =
    CLAMP (p.rv_ejection_fraction + ut_random_normal (random, 0, 0.05), 0.1, 0.75);
  p.la_filling = CLAMP (p.la_filling + ut_random_normal (random, 0, 0.15), 0.9, 2.4);
  p.ra_filling = CLAMP (p.ra_filling + ut_random_normal (random, 0, 0.15), 0.9, 2.4);
  return p;
}

/* A heart at one moment of its beat, as the sampler of pictures needs it. */
typedef struct Moment {
  UtVolume *labels, *canonical;
  UtEchoScene *scene;
} Moment;

static void
moment_clear (Moment *self)
{
  g_clear_pointer (&self->labels, ut_volume_unref);
  g_clear_pointer (&self->canonical, ut_volume_unref);
  g_clear_pointer (&self->scene, ut_echo_scene_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Moment, moment_clear)

static gboolean
moment_fill (Moment *self,
             const UtHeartMotion *motion,
             double contraction,
             const UtLandmarks *landmarks_ed,
             guint64 seed,
             GError **error)
{
  UtLandmarks marks;
  self->labels = ut_heart_motion_at (motion, contraction, error);
  if (!self->labels || !ut_landmarks_find (self->labels, &marks, error))
    return FALSE;
  self->canonical = ut_canonical_resample (self->labels, NULL, error);
  if (!self->canonical)
    return FALSE;
  self->scene = ut_echo_scene_new (self->labels, &marks, landmarks_ed, seed, error);
  return self->scene != NULL;
}

/* Both phases of a heart, each seen in every set of pictures. */
static gboolean
add_pictures (UtShard *shard,
              const char *name,
              guint64 seed,
              UtVolume *labels,
              UtRandom *random,
              UtShardSample *sample,
              GError **error)
{
  UtLandmarks marks;
  if (!ut_landmarks_find (labels, &marks, error))
    return FALSE;
  UtHeartMotionParams params = draw_motion (random);
  g_autoptr (UtHeartMotion) motion = ut_heart_motion_new (labels, &marks, &params, error);
  if (!motion)
    return FALSE;
  g_auto (Moment) ed = {0}, es = {0};
  if (!moment_fill (&ed, motion, 0, NULL, seed, error) ||
      !moment_fill (&es, motion, 1, &marks, seed, error))
    return FALSE;
  for (int set = 0; set < opt_sets; set++) {
    UtPictureView views[UT_N_VIEWS];
    for (int v = 0; v < UT_N_VIEWS; v++)
      if (!ut_picture_view_draw (&views[v], v, labels, &marks, opt_broad, random, error))
        return FALSE;
    for (int phase = 0; phase < UT_N_PHASES; phase++) {
      const Moment *moment = phase == UT_PHASE_ED ? &ed : &es;
      sample->labels = moment->canonical;
      g_autofree char *meta = g_strdup_printf ("%s,%s,%.3f,%" G_GUINT64_FORMAT ",%d,%d",
                                               name,
                                               ut_phase_name (phase),
                                               params.ejection_fraction,
                                               seed,
                                               set,
                                               opt_plain);
      if (!ut_picture_make (views, moment->scene, moment->labels, phase, random, sample, error) ||
          !ut_shard_add (shard, sample, meta, error))
        return FALSE;
    }
  }
  return TRUE;
}

static UtVolume *
read_heart (const char *name, GError **error)
{
  g_autofree char *file = g_strconcat (name, ".nii.gz", NULL);
  g_autofree char *path = g_build_filename (opt_cohort, file, NULL);
  return ut_heart_labels_read (path, error);
}

static UtVolume *
draw_phantom (guint64 seed, GError **error)
{
  UtRandom random;
  ut_random_init (&random, seed, STREAM_PHANTOM);
  g_autoptr (UtPhantom) phantom = ut_phantom_new_random (&random);
  return ut_phantom_labels (phantom, PHANTOM_SPACING_MM, error);
}

/* @heart, or a blend of it and another of the list: the list is short. */
static UtVolume *
maybe_blend (UtVolume *heart, char **hearts, guint64 seed, GError **error)
{
  UtRandom random;
  ut_random_init (&random, seed, STREAM_BLEND);
  if (!ut_random_chance (&random, opt_blends))
    return ut_volume_ref (heart);
  const char *name = hearts[ut_random_index (&random, g_strv_length (hearts))];
  g_autoptr (UtVolume) other = read_heart (name, error);
  double part = ut_random_uniform (&random, BLEND_LOW, BLEND_HIGH);
  return other ? ut_heart_blend (heart, other, part, error) : NULL;
}

static UtVolume *
draw_heart (char **hearts, const char *name, guint64 seed, GError **error)
{
  if (g_str_equal (name, PHANTOM))
    return draw_phantom (seed, error);
  g_autoptr (UtVolume) heart = read_heart (name, error);
  return heart && !opt_plain ? maybe_blend (heart, hearts, seed, error) : g_steal_pointer (&heart);
}

/* A heart, varied unless --plain, into the shard. */
static gboolean
add_heart (UtShard *shard,
           const char *name,
           guint64 seed,
           UtVolume *source,
           UtShardSample *sample,
           GError **error)
{
  UtRandom random;
  ut_random_init (&random, seed, STREAM_PICTURES);
  UtLandmarks marks;
  if (!ut_landmarks_find (source, &marks, error))
    return FALSE;
  g_autoptr (UtVolume) varied =
    opt_plain ? ut_volume_ref (source) : vary (source, &marks, &random, error);
  g_autoptr (UtVolume) labels = varied ? ut_labels_largest_parts (varied, error) : NULL;
  return labels && add_pictures (shard, name, seed, labels, &random, sample, error);
}

/* The list's heart comes first, so that it is the same whatever the chance of a phantom. */
static const char *
choose_heart (char **hearts, int i, guint64 seed)
{
  UtRandom random;
  ut_random_init (&random, seed, STREAM_CHOICE);
  guint n = g_strv_length (hearts);
  const char *name = hearts[opt_plain ? i % n : ut_random_index (&random, n)];
  return ut_random_chance (&random, opt_phantoms) ? PHANTOM : name;
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
    const char *name = choose_heart (hearts, i, seed);
    g_autoptr (GError) local = NULL;
    g_autoptr (UtVolume) source = draw_heart (hearts, name, seed, &local);
    if (!source || !add_heart (shard, name, seed, source, sample, &local)) {
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

static gboolean
check_options (GError **error)
{
  const char *wrong = NULL;
  if (!opt_cohort || !opt_list || !opt_out)
    wrong = "--cohort, --list and --out are needed.";
  else if (opt_hearts < 1 || opt_per_shard < 1 || opt_sets < 1 || opt_first < 0)
    wrong = "--hearts, --per-shard and --sets start at 1, --first at 0.";
  else if (!(opt_phantoms >= 0 && opt_phantoms <= 1 && opt_broad >= 0 && opt_broad <= 1 &&
             opt_blends >= 0 && opt_blends <= 1))
    wrong = "--phantoms, --blends and --broad are chances, 0 to 1.";
  else if (opt_phantoms > 0 && opt_first < PHANTOM_SEED_MIN)
    wrong = "--phantoms wants --first from 1000000: lower seeds are kept for tests.";
  if (wrong != NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, wrong);
  return wrong == NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- make training data");
  g_option_context_add_main_entries (context, entries, NULL);
  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, &argc, &argv, &error) || !check_options (&error)) {
    g_printerr ("%s\n", error->message);
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
