/* SPDX-License-Identifier: Apache-2.0 */

/*
 * marks [--phantoms N] [--seed N] [HEART.nii.gz ...]: how far automatic ED and ES proposals stand
 * from the truth. Every labelled heart, and N parametric ones, beats and is filmed in three views
 * with a probe, a scanner, a frame rate (20 to 80 / s), a heart rate (50 to 100 / min) and a
 * number of beats (1 to 3) of its own. Each loop is asked three times: as it is but without its R
 * waves, with its beginning cut off up to a beat's length where it holds more than one, and with
 * its R waves. Prints a table, and fails where fewer than 90 % of the proposals are within a
 * frame.
 */
#include "engine/anatomy/parts.h"
#include "engine/anatomy/phantom.h"
#include "engine/echo/probe.h"
#include "engine/echo/simulator.h"
#include "engine/image/cine-motion.h"
#include "engine/image/nifti.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SIDE               256 /* pixels */
#define PHANTOM_SPACING_MM 1.5
#define WANTED             0.9

typedef enum { AS_FILMED, CUT, R_WAVES, N_KINDS } Kind;

static const char *const kind_names[N_KINDS] = {"without R waves", "cut", "with R waves"};

typedef struct Tally {
  guint n, n_within, n_none;
  int worst; /* frames */
} Tally;

static Tally tallies[N_KINDS][UT_N_VIEWS][UT_N_PHASES];

/* A loop without its R waves and its first @n_cut frames. */
static UtCine *
cut_cine (const UtCine *cine, guint n_cut, GError **error)
{
  UtCine *cut = ut_cine_new (cine->n_frames - n_cut, cine->height, cine->width, error);
  if (cut == NULL)
    return NULL;
  memcpy (
    cut->pixels, ut_cine_frame (cine, n_cut), (gsize)cut->n_frames * cut->height * cut->width);
  for (guint i = 0; i < cut->n_frames; i++)
    cut->times_ms[i] = cine->times_ms[n_cut + i] - cine->times_ms[n_cut];
  cut->times_known = TRUE;
  return cut;
}

/* Frames from the nearest true one, at @phase of any beat, to @frame; the loop begins at
 * @start_ms. */
static int
miss (const UtCine *cine, int frame, double phase, double start_ms, double beat_ms)
{
  double frame_ms = cine->times_ms[1];
  double beat = round ((cine->times_ms[frame] + start_ms) / beat_ms - phase);
  return frame - (int)lround (((beat + phase) * beat_ms - start_ms) / frame_ms);
}

static void
ask (Kind kind, UtView view, const UtCine *cine, double start_ms, double beat_ms)
{
  const double phases[UT_N_PHASES] = {0, ut_heart_motion_es_phase ()};
  g_autoptr (UtCineMotion) motion = ut_cine_motion_new (cine, view, NULL, NULL);
  const UtCineBeat *beat = motion->proposed >= 0 ? &motion->beats[motion->proposed] : NULL;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    Tally *tally = &tallies[kind][view][phase];
    tally->n++;
    int frame = beat != NULL ? beat->frames[phase] : -1;
    if (frame < 0) {
      tally->n_none++;
      continue;
    }
    int off = abs (miss (cine, frame, phases[phase], start_ms, beat_ms));
    tally->n_within += off <= 1;
    tally->worst = MAX (tally->worst, off);
  }
}

static gboolean
ask_all (UtView view, const UtCine *cine, guint n_beats, UtRandom *random, GError **error)
{
  double beat_ms = 60000 / cine->heart_rate_bpm;
  g_autoptr (UtCine) silent = cut_cine (cine, 0, error);
  if (silent == NULL)
    return FALSE;
  ask (R_WAVES, view, cine, 0, beat_ms);
  ask (AS_FILMED, view, silent, 0, beat_ms);
  if (n_beats < 2)
    return TRUE;
  guint n_cut = ut_cine_frame_at (cine, ut_random_uniform (random, 0.1, 1) * beat_ms);
  g_autoptr (UtCine) cut = cut_cine (cine, n_cut, error);
  if (cut == NULL)
    return FALSE;
  ask (CUT, view, cut, cine->times_ms[n_cut], beat_ms);
  return TRUE;
}

static gboolean
film_heart (const UtVolume *labels, guint64 seed, GError **error)
{
  UtLandmarks landmarks;
  UtRandom random;
  ut_random_init (&random, seed, 0);
  UtHeartMotionParams params = ut_heart_motion_params (ut_random_uniform (&random, 0.25, 0.7));
  g_autoptr (UtVolume) clean = ut_labels_largest_parts (labels, error);
  if (clean == NULL || !ut_landmarks_find (clean, &landmarks, error))
    return FALSE;
  g_autoptr (UtHeartMotion) motion = ut_heart_motion_new (clean, &landmarks, &params, error);
  if (motion == NULL)
    return FALSE;

  UtEchoFilm films[UT_N_VIEWS];
  UtCine *cines[UT_N_VIEWS] = {NULL};
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    UtProbe probe;
    ut_scanner_draw (&films[view].scanner, view, &random);
    ut_probe_draw (&probe, view, &random);
    films[view].params = (UtEchoLoopParams){.view = view,
                                            .n_beats = 1 + ut_random_index (&random, 3),
                                            .heart_rate_bpm = ut_random_uniform (&random, 50, 100),
                                            .frame_rate = ut_random_uniform (&random, 20, 80),
                                            .seed = seed,
                                            .width = SIDE,
                                            .height = SIDE};
    if (!ut_probe_place (
          &probe, view, clean, &landmarks, &films[view].scanner, &films[view].plane, error))
      return FALSE;
  }
  gboolean done = ut_echo_film (motion, films, UT_N_VIEWS, seed, cines, NULL, NULL, error);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    done = done && ask_all (view, cines[view], films[view].params.n_beats, &random, error);
    g_clear_pointer (&cines[view], ut_cine_unref);
  }
  return done;
}

static gboolean
film_phantom (guint64 seed, GError **error)
{
  UtRandom random;
  ut_random_init (&random, seed, 1);
  g_autoptr (UtPhantom) phantom = ut_phantom_new_random (&random);
  g_autoptr (UtVolume) labels = ut_phantom_labels (phantom, PHANTOM_SPACING_MM, error);
  return labels != NULL && film_heart (labels, seed, error);
}

/* Returns: TRUE where all rows have what is wanted */
static gboolean
print_table (void)
{
  gboolean enough = TRUE;
  printf ("%-16s %-5s %-3s %6s %9s %6s %7s\n",
          "loops",
          "view",
          "",
          "number",
          "within 1",
          "none",
          "worst");
  for (Kind kind = 0; kind < N_KINDS; kind++)
    for (UtView view = 0; view < UT_N_VIEWS; view++)
      for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
        const Tally *tally = &tallies[kind][view][phase];
        double share = tally->n > 0 ? (double)tally->n_within / tally->n : 1;
        enough = enough && share >= WANTED;
        printf ("%-16s %-5s %-3s %6u %7.1f %% %6u %7d\n",
                kind_names[kind],
                ut_view_name (view),
                ut_phase_name (phase),
                tally->n,
                100 * share,
                tally->n_none,
                tally->worst);
      }
  return enough;
}

int
main (int argc, char **argv)
{
  int n_phantoms = 0, seed = 1;
  g_auto (GStrv) hearts = NULL;
  const GOptionEntry entries[] = {
    {"phantoms", 0, 0, G_OPTION_ARG_INT, &n_phantoms, "Parametric hearts to film (0)", "N"},
    {"seed", 0, 0, G_OPTION_ARG_INT, &seed, "Of the first heart; the next ones count on (1)", "N"},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &hearts, NULL, "HEART.nii.gz"},
    {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);

  for (int i = 0; i < n_phantoms; i++)
    if (!film_phantom ((guint64)(seed + i), &error))
      g_error ("phantom %d: %s", seed + i, error->message);
  for (guint i = 0; hearts != NULL && hearts[i] != NULL; i++) {
    g_autoptr (UtVolume) labels = ut_nifti_read_labels (hearts[i], &error);
    if (labels == NULL || !film_heart (labels, (guint64)seed + i, &error))
      g_error ("heart %u: %s", i + 1, error->message);
  }
  return print_table () ? 0 : 1;
}
