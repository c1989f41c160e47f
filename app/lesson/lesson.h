/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

/**
 * UtLessonKey: what a step of a lesson can set, or wait for. Its value is a number: a UtLayout,
 * UtPhase, UtTwinStage (UT_TWIN_EDITED = the last one), UtSurfaceMap, UtCameraName, 0 or 1 for
 * the switches, or a place among the words that ut_lesson_word() gives.
 */
typedef enum {
  UT_LESSON_STEP, /* of the window */
  UT_LESSON_LAYOUT,
  UT_LESSON_PHASE,
  UT_LESSON_STAGE,
  UT_LESSON_MAP,
  UT_LESSON_SIDE, /* page beside the heart */
  UT_LESSON_REFERENCE,
  UT_LESSON_ECHO,
  UT_LESSON_BEAT,
  UT_LESSON_CAMERA, /* set only: an eye may stand anywhere */
  UT_N_LESSON_KEYS,
} UtLessonKey;

/** UT_LESSON_UNSAID: the value of a key that a step says nothing about */
#define UT_LESSON_UNSAID (-1)

typedef struct UtLessonStep {
  GHashTable *text;           /* language -> sentences; "en" is always there */
  const char *control;        /* ut_lesson_control() that it points at, or NULL */
  int set[UT_N_LESSON_KEYS];  /* when it begins */
  int wait[UT_N_LESSON_KEYS]; /* goes on by itself when all of these hold */
  gboolean waits;             /* any of them is said */
} UtLessonStep;

/**
 * UtLesson: steps on a study, in the real window. A file of them is JSON:
 *
 *   {"format": "ultratwin-lesson", "format_version": 1,
 *    "title": TEXT, "summary": TEXT,
 *    "study": "path of a study folder, relative to the file",   none: the sample study
 *    "broken": true,                    none: false; faults are put into the ED heart on purpose
 *    "steps": [{"text": TEXT, "point": CONTROL, "set": {...}, "wait": {...}}]}
 *
 * TEXT is {"en": ..., "de": ..., "zh_CN": ...}, English required; numbers stand in it as in
 * lesson-text.h. "set" and "wait" hold members named as the keys in lesson.c.
 */
typedef struct UtLesson {
  GHashTable *title, *summary;
  char *study; /* absolute, or NULL: the sample study */
  gboolean broken;
  GPtrArray *steps; /* UtLessonStep */
  gatomicrefcount ref_count;
} UtLesson;

/**
 * ut_lesson_read: checks everything
 *
 * Errors: FORMAT with one sentence: file, step and what is wrong; G_FILE_ERROR; RANGE above 1 MiB.
 */
UtLesson *ut_lesson_read (const char *path, GError **error);

/** ut_lesson_parse: the same of text; @name stands in messages, @folder is where it lies */
UtLesson *ut_lesson_parse (
  const char *text, gsize length, const char *name, const char *folder, GError **error);

UtLesson *ut_lesson_ref (UtLesson *self);
void ut_lesson_unref (UtLesson *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtLesson, ut_lesson_unref)

/** ut_lesson_text: (transfer none): in the user's language, or else in English */
const char *ut_lesson_text (GHashTable *text);

/** ut_lesson_word: (transfer none): the word for a value of @key in a file: "corrected" */
const char *ut_lesson_word (UtLessonKey key, int value);

/** ut_lesson_control: (transfer none) (nullable): how a person would call the control that the
 * template names so; NULL where a lesson cannot point there */
const char *ut_lesson_control (const char *id);
