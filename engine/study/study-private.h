/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study-file.h"

/** ut_study_state_new: an empty state */
UtStudyState *ut_study_state_new (void);

/** ut_study_clean_text: @text as valid UTF-8 without control characters, at most @n characters */
char *ut_study_clean_text (const char *text, guint n);

/** ut_study_clean_label: the same, at most 80 characters */
char *ut_study_clean_label (const char *label);

/** ut_study_state_copy: a state to change before it is shared; loops, references and results are
 * referenced */
UtStudyState *ut_study_state_copy (const UtStudyState *self);

void ut_study_view_clear (UtStudyView *self);
void ut_study_view_copy (const UtStudyView *src, UtStudyView *ret);

/** ut_study_commit: makes @next, which is taken, the current state; an edit that changes nothing
 * leaves no step of undo, and nothing in the log */
void ut_study_commit (UtStudy *self, UtStudyState *next, UtStudyEdit edit);

/** ut_study_log: adds @act to the log of @next, a state to come; who does it is filled in, and when
 * where that is 0 */
void ut_study_log (const UtStudy *self, UtStudyState *next, const UtReviewAct *act);

/** ut_study_state_diff: what differs between two states, HISTORY and the log left out */
UtStudyChange ut_study_state_diff (const UtStudyState *a, const UtStudyState *b);

/**
 * UtStudyDisk: study.json as this program last read or wrote it. A study shares it with its
 * snapshots; only saves look at it, which do not overlap.
 */
typedef struct UtStudyDisk {
  char *sha256; /* NULL: of a folder that was not looked at */
} UtStudyDisk;

/** ut_study_disk_new: (transfer full): g_atomic_rc_box; takes @sha256 */
UtStudyDisk *ut_study_disk_new (char *sha256);
void ut_study_disk_unref (UtStudyDisk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtStudyDisk, ut_study_disk_unref)

/** ut_study_ref_disk: (transfer full): of the folder that the study is saved to */
UtStudyDisk *ut_study_ref_disk (const UtStudy *self);

/** ut_study_new_opened: a study as it was read from @folder; takes @disk, @state and @ui (nullable)
 */
UtStudy *
ut_study_new_opened (const char *folder, UtStudyDisk *disk, UtStudyState *state, JsonObject *ui);

/** ut_study_set_saved: @state is what is on disk now */
void ut_study_set_saved (UtStudy *self, UtStudyState *state);

/** ut_study_result_new_unread: stands for a result whose files could not be read */
UtStudyResult *ut_study_result_new_unread (const char *id, const char *inputs_key);

/** UT_STUDY_UNFINISHED: behind the id, with some letters of its own behind it, while a results
 * folder is being written */
#define UT_STUDY_UNFINISHED ".unfinished"

/** ut_study_result_write: makes @results_folder/ID where it is not there yet */
gboolean ut_study_result_write (const UtStudyResult *self,
                                const char *results_folder,
                                GCancellable *cancel,
                                GError **error);

/**
 * ut_study_result_read:
 *
 * Errors: FORMAT where files are damaged, contradict each other or do not hash to
 * @id; G_FILE_ERROR.
 */
UtStudyResult *ut_study_result_read (const char *results_folder,
                                     const char *id,
                                     const char *inputs_key,
                                     UtPhase phase,
                                     GError **error);

/** ut_study_result_remove: deletes the files of a results folder that we wrote, then the folder;
 * @name: an id, or of what was not finished; what is neither stays */
void ut_study_result_remove (const char *results_folder, const char *name);

/** ut_study_edit_new: (transfer full): @base with @labels as its edited stage; takes @steps on
 * success and failure alike. Errors: FORMAT as ut_twin_new_edited() */
UtStudyResult *
ut_study_edit_new (const UtStudyResult *base, UtVolume *labels, GArray *steps, GError **error);

/** ut_study_edit_write: writes @edits_folder/ID.nii.gz where it is not there yet */
gboolean ut_study_edit_write (const UtStudyResult *self, const char *edits_folder, GError **error);

/** ut_study_edit_read: (transfer full): @unread with its labels, on @base. Errors: as
 * ut_study_result_read() */
UtStudyResult *ut_study_edit_read (const char *edits_folder,
                                   const UtStudyResult *unread,
                                   const UtStudyResult *base,
                                   GError **error);

/** ut_study_edit_remove: deletes the file of an edit; what is none stays */
void ut_study_edit_remove (const char *edits_folder, const char *name);

/** ut_study_add_doubts: appends what is unusual in loops and marks; nothing of it blocks */
void ut_study_add_doubts (const UtStudyState *self, GArray *issues);

/** ut_study_review_to_json: (transfer full) (nullable): of one phase; NULL where there is nothing
 * to say */
JsonObject *ut_study_review_to_json (const UtStudyState *state, UtPhase phase);

/** ut_study_review_from_json: fills review and unread edit of a phase that has a result. Errors:
 * FORMAT, RANGE */
gboolean
ut_study_review_from_json (JsonObject *object, UtStudyState *state, UtPhase phase, GError **error);

/** ut_study_body_to_json: (transfer full): what is known of @body */
JsonObject *ut_study_body_to_json (const UtBody *body);

/** ut_study_contour_to_json: (transfer full): a contour that has points */
JsonObject *ut_study_contour_to_json (const UtStudyContour *self);

/** ut_study_contour_from_json: @ret is untouched on errors: FORMAT; RANGE, also for what
 * ut_contour_fault() finds */
gboolean ut_study_contour_from_json (JsonObject *object,
                                     guint n_frames,
                                     UtStudyContour *ret,
                                     GError **error);

#define UT_STUDY_ID_DIGITS 16

/** ut_study_is_id: TRUE for so many lower-case hex digits */
gboolean ut_study_is_id (const char *text);

/** ut_study_provenance_to_json: everything in @provenance, frames counted from 1 */
JsonNode *ut_study_provenance_to_json (const UtTwinProvenance *provenance);

/** ut_study_provenance_from_json: fills the empty @ret; FORMAT or RANGE, @ret left empty */
gboolean ut_study_provenance_from_json (JsonObject *object, UtTwinProvenance *ret, GError **error);

/* Small pieces of JSON: two numbers as a list; a text that may be missing (@ret untouched). */
JsonArray *ut_study_pair_to_json (const double values[2]);
gboolean ut_study_pair_from_json (
  JsonObject *object, const char *key, double min, double max, double ret[2], GError **error);
gboolean ut_study_optional_string (JsonObject *object, const char *key, char **ret, GError **error);

/** ut_study_log_to_json: sets "review_log" of @root, and how many older lines were dropped */
void ut_study_log_to_json (const UtStudyState *state, JsonObject *root);

/** ut_study_log_from_json: the same into @state; where @root has none, its log stays empty, and of
 * more than UT_REVIEW_MAX_ACTS lines the newest are kept. Errors: FORMAT, RANGE, naming the line */
gboolean ut_study_log_from_json (JsonObject *root, UtStudyState *state, GError **error);

/** ut_study_state_to_json: (transfer full): the object of study.json in @folder; @ui may be NULL */
JsonNode *ut_study_state_to_json (const UtStudyState *state, const char *folder, JsonObject *ui);

/**
 * ut_study_state_from_json:
 *
 * The state that study.json describes, with loops and reference labels not read
 * yet (NULL) and results unread. Errors: FORMAT, RANGE, UNSUPPORTED.
 */
UtStudyState *ut_study_state_from_json (JsonObject *root, const char *folder, GError **error);

/** ut_study_check_format: FORMAT where @root is no study, UNSUPPORTED where it is of the future */
gboolean ut_study_check_format (JsonObject *root, GError **error);

/** ut_study_calibration_name: "manual", ...: fixed, for files */
const char *ut_study_calibration_name (UtCalibration origin);
