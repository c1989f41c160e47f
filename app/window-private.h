/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/job.h"
#include "app/lesson/lesson-point.h"
#include "app/lesson/lesson.h"
#include "app/report/report-page.h"
#include "app/study/views-page.h"
#include "app/twin/inspect-page.h"
#include "app/twin/reconstruct-page.h"
#include "app/twin/results.h"
#include "app/window.h"

/** UtWindowLesson: the lesson that runs, and what comes back after it. */
typedef struct UtWindowLesson {
  UtLesson *lesson; /* NULL: none runs */
  guint at;         /* step, counted from 0 */
  gboolean held;    /* what the step waits for was so when it began: only Next goes on */
  guint advance_id; /* idle source */
  UtLessonPoint pointed;
  UtStudy *study; /* NULL: none was open */
  UtLookState look;
  char *side;
} UtWindowLesson;

struct _UtWindow {
  AdwApplicationWindow parent_instance;

  UtSettings *settings; /* lent */
  UtDocument *document;
  UtResults *results;
  UtTwinModel *model; /* the network as last opened, or NULL, */
  char *model_device; /* on what the settings or the user said then */
  UtJob *open_job;    /* reading files, making the sample */
  UtJob *work_job;    /* reconstruction, export */
  GQueue open_queue;  /* OpenRequest, waiting for open_job */
  gboolean saving;    /* the open study, before the next request is read */
  char *step;         /* name of the step on screen */
  gboolean inspected; /* the Inspect page was seen with results */
  gboolean exported;
  UtWindowLesson lesson;
  gboolean presenter_steps; /* the steps were shown before presenter mode */
  gboolean closing;         /* saved, or not to be saved */
  char *save_failure;       /* what the last save that nobody waited for said; NULL: nothing */

  GtkWidget *toasts, *root_box, *window_title, *undo_button, *redo_button, *side_button;
  GtkWidget *main_stack, *continue_button, *sample_button, *recent_group, *recent_rows,
    *open_button, *flap, *steps, *pages, *views_page;
  GtkWidget *reconstruct_page, *inspect_page, *report_page;
  GtkWidget *lesson_card, *job_revealer, *stage_label, *progress_bar;
};

/* window.c */
void ut_window_toast (UtWindow *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** ut_window_error: a dialog: what failed, why, and what to do next */
void ut_window_error (UtWindow *self, const char *heading, const char *body);

/** UtWindowAnswered: a "response" of the dialog */
typedef void (*UtWindowAnswered) (AdwMessageDialog *dialog, const char *response, UtWindow *self);

/** ut_window_ask: presents @dialog about the open study; @answered is left out where another one
 * was opened before the answer */
void ut_window_ask (UtWindow *self, GtkWidget *dialog, UtWindowAnswered answered);

/** ut_window_unsaved_dialog: (transfer none): asks whether the open study may be lost; answers
 * "stay" or "discard", which is called @discard; present it */
GtkWidget *ut_window_unsaved_dialog (UtWindow *self, const char *reason, const char *discard);

/** ut_window_save_failed: says so, and keeps the reason for as long as something is unsaved */
void ut_window_save_failed (UtWindow *self, const char *message);

void ut_window_set_step (UtWindow *self, const char *step);
void ut_window_update (UtWindow *self);

/** ut_window_focus_page: the keyboard goes to the page's main viewport, whose keys work at once, or
 * to the first control of a page without one */
void ut_window_focus_page (UtWindow *self);

/** ut_window_blocking_reason: (transfer full) (nullable): why @state cannot be reconstructed */
char *ut_window_blocking_reason (const UtStudyState *state);

/* window-actions.c */
void ut_window_add_actions (UtWindow *self);
void ut_window_update_actions (UtWindow *self);

/* window-files.c */
void ut_window_choose_files (UtWindow *self, int view);
void ut_window_choose_folder (UtWindow *self);
void ut_window_choose_reference (UtWindow *self);
void ut_window_choose_export_folder (UtWindow *self);

/** ut_window_choose_second_study: asks for a study folder, or for the study.json in one */
void ut_window_choose_second_study (UtWindow *self, gboolean folder);

/** ut_window_ensure_study: opens an empty study where none is open; FALSE if there is no place */
gboolean ut_window_ensure_study (UtWindow *self);

/** ut_window_save: saves in the background and says so; to another @folder where it is not NULL */
void ut_window_save (UtWindow *self, const char *folder);
void ut_window_choose_save_folder (UtWindow *self);
void ut_window_open_sample (UtWindow *self);

/** ut_window_continue: opens the study that was open last */
void ut_window_continue (UtWindow *self);
void ut_window_add_drop_target (UtWindow *self);
void ut_window_files_clear (UtWindow *self);

/* window-studies.c: studies that were open lately, and those beside the open one */
void ut_window_add_study_actions (UtWindow *self);

/** ut_window_remember_study: the open study goes to the head of the list */
void ut_window_remember_study (UtWindow *self);

/** ut_window_show_recent: on the start page and beside Open, without what is not there now */
void ut_window_show_recent (UtWindow *self);

/** ut_window_open_reference: window-reference.c: reads a label map, asks what its codes mean where
 * that is not certain, and for the moment that it shows */
void ut_window_open_reference (UtWindow *self, const char *path);

/* window-work.c: long work in self->work_job */
void ut_window_reconstruct (UtWindow *self);

/**
 * ut_window_export:
 * @mesh_formats: bits 1 << UtMeshFormat
 * @turntable: also pictures of a full turn
 * @film: also a film of one, of the beating heart where both phases are there
 */
void ut_window_export (
  UtWindow *self, const char *folder, guint mesh_formats, gboolean turntable, gboolean film);

/* window-report.c */

/** ut_window_report: the Report step, and where there are numbers the pages as they are printed */
void ut_window_report (UtWindow *self);

/** ut_window_reproduce: the command line that makes the results again, to the clipboard */
void ut_window_reproduce (UtWindow *self);

/** ut_window_self_test: questions with known answers, in the background, then a window with them */
void ut_window_self_test (UtWindow *self);

/* window-place.c: reopening at the same place */
void ut_window_save_place (UtWindow *self);
void ut_window_restore_place (UtWindow *self);

/* window-cohort.c */

/** ut_window_choose_cohort: asks for the folder of the studies, then makes their sheet */
void ut_window_choose_cohort (UtWindow *self);

/** ut_window_make_cohort_sheet: of the studies in @folder, into it */
void ut_window_make_cohort_sheet (UtWindow *self, const char *folder);

/* window-deidentify.c */

/** ut_window_choose_deidentified_folder: asks where, then shows the pictures, then writes the copy
 */
void ut_window_choose_deidentified_folder (UtWindow *self);

/* window-lesson.c */
void ut_window_add_lesson_actions (UtWindow *self);

/** ut_window_update_lesson: what a running lesson may have waited for; its numbers */
void ut_window_update_lesson (UtWindow *self);

/** ut_window_leave_lesson: back to the study that was open, or to none; nothing where none runs */
void ut_window_leave_lesson (UtWindow *self);
