/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/lesson/lesson-study.h"

#include "app/reconstruct.h"
#include "app/sample.h"
#include "engine/anatomy/heart-damage.h"
#include "engine/base/error.h"
#include "engine/study/study-file.h"

#include <glib/gi18n.h>

static gboolean
has_all_hearts (const UtStudyState *state)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (ut_study_is_ready (state, phase) &&
        (ut_study_twin (state, phase) == NULL || ut_study_is_stale (state, phase)))
      return FALSE;
  return ut_study_twin (state, UT_PHASE_ED) != NULL;
}

static UtTwinModel *
open_model (const char *device, UtProgress *progress, GCancellable *cancel, GError **error)
{
  ut_progress_set (progress, 0, UT_STAGE_PREPARE);
  g_autofree char *resolved = ut_twin_device_resolve (device);
  g_autofree char *path = ut_twin_model_default_path (error);
  return path != NULL ? ut_twin_model_open (path, resolved, cancel, error) : NULL;
}

static gboolean
reconstruct (
  UtStudy *study, UtTwinModel *model, UtProgress *progress, GCancellable *cancel, GError **error)
{
  UtStudyResult *results[UT_N_PHASES] = {NULL};
  const UtTwinOptions options = {0};
  gboolean done = ut_reconstruct_study (ut_study_get_state (study),
                                        model,
                                        &options,
                                        UT_DEFAULT_SEEDS,
                                        results,
                                        progress,
                                        cancel,
                                        error);
  if (done)
    ut_study_add_results (study, results);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    g_clear_pointer (&results[phase], ut_study_result_unref);
  return done;
}

static gboolean
break_heart (
  UtStudy *study, UtTwinModel *model, UtProgress *progress, GCancellable *cancel, GError **error)
{
  const UtStudyState *state = ut_study_get_state (study);
  const UtTwin *whole = ut_study_twin (state, UT_PHASE_ED);
  g_autoptr (UtVolume) broken = ut_heart_damage (whole->labels[ut_twin_final_stage (whole)], error);
  g_autoptr (UtTwin) twin =
    broken != NULL ? ut_twin_model_mend (model, UT_PHASE_ED, broken, progress, cancel, error)
                   : NULL;
  UtStudyResult *results[UT_N_PHASES] = {NULL};
  results[UT_PHASE_ED] = twin != NULL ? ut_study_result_new (twin, state, cancel, error) : NULL;
  if (results[UT_PHASE_ED] == NULL)
    return FALSE;
  ut_study_add_results (study, results);
  ut_study_result_unref (results[UT_PHASE_ED]);
  return TRUE;
}

static UtStudy *
open_study (const UtLesson *lesson,
            const char *sample_folder,
            UtProgress *progress,
            GCancellable *cancel,
            GError **error)
{
  const char *folder = lesson->study != NULL ? lesson->study : sample_folder;
  g_autofree char *file = g_str_has_suffix (folder, UT_STUDY_FILE)
                            ? g_strdup (folder)
                            : g_build_filename (folder, UT_STUDY_FILE, NULL);
  if (!g_file_test (file, G_FILE_TEST_EXISTS)) {
    if (lesson->study != NULL) {
      g_autofree char *name = g_path_get_basename (folder);
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   _ ("the study “%s” that the lesson names is not there"),
                   name);
      return NULL;
    }
    const UtSimulation sample = {.seed = UT_SAMPLE_SEED};
    if (!ut_sample_study_make (&sample, folder, progress, cancel, error))
      return NULL;
  }
  g_auto (GStrv) notes = NULL;
  return ut_study_open (folder, cancel, &notes, error);
}

UtStudy *
ut_lesson_study_open (const UtLesson *lesson,
                      const char *sample_folder,
                      const char *device,
                      UtProgress *progress,
                      GCancellable *cancel,
                      GError **error)
{
  UtProgress first = ut_progress_step (progress, 0.4), rest = ut_progress_step (progress, 0.6);
  g_autoptr (UtStudy) study = open_study (lesson, sample_folder, &first, cancel, error);
  if (study == NULL)
    return NULL;
  gboolean whole = has_all_hearts (ut_study_get_state (study));
  g_autoptr (UtTwinModel) model = NULL;
  if ((!whole || lesson->broken) && (model = open_model (device, &rest, cancel, error)) == NULL)
    return NULL;
  UtProgress make = ut_progress_step (&rest, 0.7), mend = ut_progress_step (&rest, 0.3);
  if (!whole && !reconstruct (study, model, &make, cancel, error))
    return NULL;
  if (!whole && lesson->study == NULL && !ut_study_save (study, error))
    return NULL;
  if (ut_study_twin (ut_study_get_state (study), UT_PHASE_ED) == NULL) {
    g_set_error_literal (error,
                         UT_ENGINE_ERROR,
                         UT_ENGINE_ERROR_FORMAT,
                         _ ("the study that the lesson names has no heart at ED"));
    return NULL;
  }
  if (lesson->broken && !break_heart (study, model, &mend, cancel, error))
    return NULL;
  ut_study_set_folder (study, NULL);
  ut_study_forget_history (study);
  return g_steal_pointer (&study);
}
