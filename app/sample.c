/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sample.h"

#include "engine/anatomy/canonical.h"
#include "engine/anatomy/heart-motion.h"
#include "engine/anatomy/phantom.h"
#include "engine/echo/probe.h"
#include "engine/echo/simulator.h"
#include "engine/image/nifti.h"
#include "engine/study/study-file.h"

#define PHANTOM_SPACING_MM 1.5
#define LOOP_SIDE          384 /* pixels: as large as a slot of the window shows them */

/* streams of the seed: each draw has its own, so that adding one leaves the others as they were */
enum { STREAM_PHANTOM = 100, STREAM_MOTION, STREAM_VIEW };

static UtHeartMotion *
make_motion (const UtVolume *labels_ed,
             const UtLandmarks *landmarks,
             const UtSimulation *simulation,
             GError **error)
{
  UtRandom random;
  ut_random_init (&random, simulation->seed, STREAM_MOTION);
  double drawn = ut_random_normal_within (&random, 0.61, 0.05, 0.5, 0.72);
  double ef = simulation->ejection_fraction > 0 ? simulation->ejection_fraction : drawn;
  UtHeartMotionParams params = ut_heart_motion_params (ef);
  return ut_heart_motion_new ((UtVolume *)labels_ed, landmarks, &params, error);
}

/* a probe and a scanner of its own for each view */
static gboolean
set_up_view (UtView view,
             const UtVolume *labels_ed,
             const UtLandmarks *landmarks,
             const UtSimulation *simulation,
             UtEchoFilm *ret_film,
             GError **error)
{
  UtRandom random;
  ut_random_init (&random, simulation->seed, STREAM_VIEW + view);
  UtProbe probe;
  ut_scanner_draw (&ret_film->scanner, view, &random);
  if (simulation->unprepared && view == UT_VIEW_A2C)
    ret_film->scanner.overlays |= UT_SCANNER_TICKS;
  ut_probe_draw (&probe, view, &random);
  ret_film->params = (UtEchoLoopParams){
    .view = view,
    .n_beats = simulation->n_beats ? simulation->n_beats : 3,
    .heart_rate_bpm = ut_random_normal_within (&random, 68, 6, 55, 85),
    .frame_rate = ut_random_uniform (&random, 26, 34),
    .seed = simulation->seed,
    .width = LOOP_SIDE,
    .height = LOOP_SIDE,
    .marked_only = simulation->marked_only,
  };
  return ut_probe_place (
    &probe, view, labels_ed, landmarks, &ret_film->scanner, &ret_film->plane, error);
}

static void
forget_preparation (UtCine *film, UtView view)
{
  film->ed_hint = film->es_hint = -1;
  if (view != UT_VIEW_A2C)
    return;
  film->calibration = UT_CALIBRATION_NONE;
  film->spacing_mm[0] = film->spacing_mm[1] = 0;
}

/* Loops go through their files, so that the study holds what anyone else would read. */
static gboolean
add_view (UtStudy *study, UtView view, const UtCine *film, const char *folder, GError **error)
{
  g_autofree char *name = g_ascii_strdown (ut_view_name (view), -1);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  if (!ut_cine_write_stills (film, path, NULL, error))
    return FALSE;
  g_autoptr (UtCine) cine = ut_cine_open (path, error);
  if (cine == NULL)
    return FALSE;
  ut_study_set_cine (study, view, cine, path);
  return TRUE;
}

static gboolean
film_views (UtStudy *study,
            const UtVolume *labels_ed,
            const UtLandmarks *landmarks,
            const UtHeartMotion *motion,
            const UtSimulation *simulation,
            UtProgress *progress,
            GCancellable *cancellable,
            GError **error)
{
  UtEchoFilm films[UT_N_VIEWS];
  UtCine *cines[UT_N_VIEWS] = {NULL};
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (!set_up_view (view, labels_ed, landmarks, simulation, &films[view], error))
      return FALSE;
  UtProgress part = ut_progress_step (progress, 0.8);
  gboolean done =
    ut_echo_film (motion, films, UT_N_VIEWS, simulation->seed, cines, &part, cancellable, error);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    if (done && simulation->unprepared)
      forget_preparation (cines[view], view);
    done = done && add_view (study, view, cines[view], ut_study_get_folder (study), error);
    g_clear_pointer (&cines[view], ut_cine_unref);
  }
  return done;
}

static gboolean
add_reference (
  UtStudy *study, UtPhase phase, const UtHeartMotion *motion, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (
    folder, phase == UT_PHASE_ED ? UT_SAMPLE_REFERENCE_ED : UT_SAMPLE_REFERENCE_ES, NULL);
  g_autoptr (UtVolume) labels = ut_heart_motion_at (motion, phase == UT_PHASE_ED ? 0 : 1, error);
  g_autoptr (UtVolume) canonical = labels ? ut_canonical_resample (labels, NULL, error) : NULL;
  if (canonical == NULL ||
      !ut_nifti_write (canonical, path, "UltraTwin canonical labels, research use only", error))
    return FALSE;
  const UtHeartCodes own = ut_heart_codes_own ();
  g_autoptr (UtStudyReference) reference = ut_study_reference_read (path, &own, error);
  if (reference == NULL)
    return FALSE;
  ut_study_set_reference (study, phase, reference);
  return TRUE;
}

gboolean
ut_simulated_study_make (const UtVolume *labels_ed,
                         const UtSimulation *simulation,
                         const char *folder,
                         UtProgress *progress,
                         GCancellable *cancellable,
                         GError **error)
{
  UtLandmarks landmarks;
  g_autoptr (UtVolume) clean = ut_labels_largest_parts (labels_ed, error);
  if (clean == NULL || !ut_landmarks_find (clean, &landmarks, error))
    return FALSE;
  g_autoptr (UtHeartMotion) motion = make_motion (clean, &landmarks, simulation, error);
  g_autoptr (UtStudy) study = motion ? ut_study_new_in_folder (folder, error) : NULL;
  if (study == NULL)
    return FALSE;

  if (!film_views (study, clean, &landmarks, motion, simulation, progress, cancellable, error))
    return FALSE;
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !add_reference (study, phase, motion, folder, error))
      return FALSE;
  ut_study_set_label (study, simulation->label);
  return ut_study_save (study, error);
}

gboolean
ut_sample_study_make (const UtSimulation *simulation,
                      const char *folder,
                      UtProgress *progress,
                      GCancellable *cancellable,
                      GError **error)
{
  UtRandom random;
  ut_random_init (&random, simulation->seed, STREAM_PHANTOM);
  g_autoptr (UtPhantom) phantom = ut_phantom_new_random (&random);
  g_autoptr (UtVolume) labels = ut_phantom_labels (phantom, PHANTOM_SPACING_MM, error);
  UtSimulation labelled = *simulation;
  labelled.label = UT_SAMPLE_LABEL;
  return labels != NULL &&
         ut_simulated_study_make (labels, &labelled, folder, progress, cancellable, error);
}
