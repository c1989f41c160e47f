/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/lesson/lesson.h"
#include "engine/base/progress.h"
#include "engine/study/study.h"

/**
 * ut_lesson_study_open:
 * @sample_folder: of the lessons' own sample study, which is made and reconstructed at the first
 *   time, so that no lesson depends on what a user did to hers
 * @device: as ut_twin_model_open() takes it, for hearts that are not made yet
 *
 * Opens the study of a lesson, with a heart at each phase that can have one, made of today's
 * inputs. With @lesson->broken the ED heart is one whose refined stage has faults on purpose
 * (engine/anatomy/heart-damage.h) and whose later stages the network made of that.
 * A teacher's study is not written to.
 *
 * Errors: FORMAT, naming the study, where it is not there, or where it has no heart; as
 * ut_study_open(), ut_reconstruct_study(). Threads: any; seconds.
 *
 * Returns: (transfer full): a study without a folder: what is done to it is never saved
 */
UtStudy *ut_lesson_study_open (const UtLesson *lesson,
                               const char *sample_folder,
                               const char *device,
                               UtProgress *progress,
                               GCancellable *cancel,
                               GError **error);
