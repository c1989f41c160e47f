/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/heart-codes.h"
#include "engine/anatomy/view-plane.h"
#include "engine/image/cine.h"
#include "engine/image/volume.h"
#include "engine/measure/contour.h"
#include "engine/study/edit-step.h"
#include "engine/study/review-log.h"
#include "engine/study/review.h"
#include "engine/twin/twin-input.h"
#include "engine/twin/twin.h"

#include <json-glib/json-glib.h>

/**
 * The document. A UtStudy is a chain of immutable UtStudyState values: an edit
 * makes the next state out of the current one, undo and redo walk the chain. All
 * that can be said of a study (what is missing, what the network sees, whether a
 * result is out of date, every number) is computed from one state, in any thread.
 *
 * Threads: UtStudy belongs to one thread (the window's). UtStudyState,
 * UtStudyReference and UtStudyResult never change once made and may be read,
 * referenced and released anywhere.
 */

/** UtStudyRuler: a line of known length on the picture; pixels of the file, not mirrored. */
typedef struct UtStudyRuler {
  double from_px[2], to_px[2]; /* (x, y), pixel centres on whole numbers */
  double length_mm;            /* > 0 */
} UtStudyRuler;

/**
 * UtStudyCalibration: a spacing that takes the place of the file's.
 */
typedef struct UtStudyCalibration {
  UtCalibration origin; /* NONE (the file's spacing counts), MANUAL or COMMAND */
  double spacing_mm[2]; /* row, column, mm per pixel */
  UtStudyRuler ruler;   /* where @origin is MANUAL */
} UtStudyCalibration;

/**
 * UtStudyContour: the endocardium of the LV as a person traced it on one frame. It counts where it
 * is closed and that frame is the marked one: study-disks.h. No twin depends on it.
 */
typedef struct UtStudyContour {
  UtContour trace; /* pixels of the file, not mirrored, centres on whole numbers; no point: none */
  guint frame;     /* counted from 0 */
  gboolean closed;
} UtStudyContour;

/**
 * UtStudyView: one of the three slots. Empty: @source is NULL. File missing or
 * unreadable at opening: @source is set and @cine is NULL.
 */
typedef struct UtStudyView {
  char *source;                   /* absolute path of the loop's file or folder */
  char *sha256;                   /* of the loop; lower-case hex */
  guint n_frames;                 /* of the loop */
  UtCalibration file_calibration; /* what the loop's file says of the spacing */
  double file_spacing_mm[2];      /* row, column, mm per pixel; 0, 0 where it says nothing */
  UtCine *cine;
  UtStudyCalibration calibration;
  gboolean mirrored;        /* the network and the screen get the picture left-right swapped */
  int marks[UT_N_PHASES];   /* frame counted from 0, -1 = none */
  UtPlaneShift plane_shift; /* of its estimated plane (echo-plane.h); no result depends on it */
  UtStudyContour contours[UT_N_PHASES];
  guint n_blacked_out; /* areas of the loop that somebody blacked out (deidentify.h) */
} UtStudyView;

/**
 * UtStudyReference: a ground-truth label map, brought to the canonical pose. The
 * file is kept as it is; a map that stands on the canonical grid already is taken
 * voxel by voxel.
 */
typedef struct UtStudyReference {
  char *source;       /* absolute path of the file */
  char *sha256;       /* of the file, or of its files one after the other; lower-case hex */
  UtHeartCodes codes; /* as the file has them; all 0 where the file was never read */
  UtVolume *labels;   /* 64^3 uint8, canonical frame; NULL where the file is missing */
  UtAffine m_patient_from_canonical; /* where that heart stood in the file */
  gatomicrefcount ref_count;
} UtStudyReference;

/**
 * UtStudyResult: a twin and what it was made from. Probabilities are held as they
 * are on disk (see study-file.h), so that a study that was opened again gives the
 * same meshes and numbers to the bit.
 */
typedef struct UtStudyResult {
  UtTwin *twin;     /* NULL where its files could not be read */
  char *id;         /* of its content, 16 hex digits: name of its folder in results/ */
  char *inputs_key; /* ut_study_inputs_key() of the state that it was made from */
  GArray *steps;    /* UtEditStep, in order, of an edit; NULL: as the network made it */
  gatomicrefcount ref_count;
} UtStudyResult;

/** UtStudyState: everything that an edit can change. */
typedef struct UtStudyState {
  char *label; /* chosen by the user, "" = none; never taken from a file */
  UtBody body; /* of the loops' files, or as a person said it; no twin depends on it */
  UtStudyView views[UT_N_VIEWS];
  UtStudyReference *references[UT_N_PHASES]; /* NULL = none */
  UtStudyResult *results[UT_N_PHASES];       /* NULL = none */
  UtStudyResult *edits[UT_N_PHASES]; /* a copy of the result that a person changed; NULL = none */
  UtReview reviews[UT_N_PHASES];     /* on what is shown: the edit, or the result */
  GPtrArray *log; /* UtReviewAct: who did what in review; goes on over undo, see review-log.h */
  guint n_log_dropped; /* lines that were older than the log's first */
  gatomicrefcount ref_count;
} UtStudyState;

UtStudyState *ut_study_state_ref (UtStudyState *self);
void ut_study_state_unref (UtStudyState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtStudyState, ut_study_state_unref)

UtStudyReference *ut_study_reference_ref (UtStudyReference *self);
void ut_study_reference_unref (UtStudyReference *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtStudyReference, ut_study_reference_unref)

UtStudyResult *ut_study_result_ref (UtStudyResult *self);
void ut_study_result_unref (UtStudyResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtStudyResult, ut_study_result_unref)

/**
 * ut_study_state_hash:
 *
 * Returns: (transfer full): SHA-256, lower-case hex, of all that the state holds but its log;
 * equal states have equal hashes
 */
char *ut_study_state_hash (const UtStudyState *self);

/* ---- the document ---------------------------------------------------------- */

typedef struct UtStudy UtStudy;

/** ut_study_new: an empty study that has no folder yet */
UtStudy *ut_study_new (void);

/**
 * ut_study_new_in_folder:
 * @folder: made where missing
 *
 * An empty study that will be saved to @folder; nothing is written but the folder.
 *
 * Errors: G_FILE_ERROR_EXIST where @folder holds a study already, other
 * G_FILE_ERROR where it cannot be made.
 */
UtStudy *ut_study_new_in_folder (const char *folder, GError **error);

/** ut_study_check_free: FALSE with G_FILE_ERROR_EXIST where @folder holds a study */
gboolean ut_study_check_free (const char *folder, GError **error);

void ut_study_free (UtStudy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtStudy, ut_study_free)

/** ut_study_get_state: (transfer none): the current state; valid until the next edit */
const UtStudyState *ut_study_get_state (const UtStudy *self);

/** ut_study_dup_state: (transfer full): the current state, for a worker thread */
UtStudyState *ut_study_dup_state (const UtStudy *self);

/** ut_study_get_serial: greater than 0, of no other study that this program has or had open: for
 * what comes back later and must know whether it is still for this one */
guint64 ut_study_get_serial (const UtStudy *self);

/** ut_study_get_folder: (nullable): absolute path of the study folder */
const char *ut_study_get_folder (const UtStudy *self);

/** ut_study_set_folder: where the next save goes ("save as"); NULL: nowhere, the study is never
 * saved; no edit */
void ut_study_set_folder (UtStudy *self, const char *folder);

/** ut_study_set_reviewer: the name that acts of review are logged under from now on; cut to
 * UT_REVIEW_MAX_NAME characters; NULL or "": not known */
void ut_study_set_reviewer (UtStudy *self, const char *name);

/** ut_study_get_ui: (transfer none) (nullable): what the window keeps of itself: step, frames, ...
 */
JsonObject *ut_study_get_ui (const UtStudy *self);

/**
 * ut_study_set_ui:
 * @ui: (nullable) (transfer none): any object; do not change it afterwards
 *
 * Navigation: saved with the study, but no edit, not undone, announces nothing
 * and does not make the study modified.
 */
void ut_study_set_ui (UtStudy *self, JsonObject *ui);

/* ---- change notification --------------------------------------------------- */

/** UtStudyChange: what differs between the state before and the state after. */
typedef enum {
  UT_STUDY_CHANGE_LABEL = 1 << 0,
  UT_STUDY_CHANGE_CINE = 1 << 1, /* a loop was set, cleared or swapped */
  UT_STUDY_CHANGE_CALIBRATION = 1 << 2,
  UT_STUDY_CHANGE_MARKS = 1 << 3,
  UT_STUDY_CHANGE_MIRROR = 1 << 4,
  UT_STUDY_CHANGE_REFERENCE = 1 << 5,
  UT_STUDY_CHANGE_RESULTS = 1 << 6, /* results came, went, or became (no longer) out of date */
  UT_STUDY_CHANGE_PLANE = 1 << 8,   /* where an echo plane is taken to lie */
  UT_STUDY_CHANGE_REVIEW = 1 << 9,  /* verdicts, reasons, the log; edits are RESULTS */
  UT_STUDY_CHANGE_CONTOUR = 1 << 10,
  UT_STUDY_CHANGE_BODY = 1 << 11,
  UT_STUDY_CHANGE_HISTORY = 1 << 7, /* what can be undone or redone, or modified since the save */
} UtStudyChange;

/** UtStudyChangedFunc: called after an edit, undo, redo or save; may edit the study itself. */
typedef void (*UtStudyChangedFunc) (UtStudy *self, UtStudyChange changes, gpointer user_data);

/** ut_study_connect: calls @func on every change until ut_study_disconnect(); returns an id > 0 */
guint ut_study_connect (UtStudy *self, UtStudyChangedFunc func, gpointer user_data);
void ut_study_disconnect (UtStudy *self, guint id);

/* ---- edits: one call, one step of undo -------------------------------------- */

/**
 * ut_study_set_cine:
 * @source: file or folder that @cine was read from
 *
 * Puts a loop into a slot. The same loop as before (by hash: a file that was moved)
 * keeps marks, calibration, mirror flag and contours; another one starts with the marks that
 * its file proposes. What the study does not know yet of the body it takes from the loop.
 */
void ut_study_set_cine (UtStudy *self, UtView view, UtCine *cine, const char *source);

/** ut_study_clear_view: empties a slot */
void ut_study_clear_view (UtStudy *self, UtView view);

/** ut_study_swap_views: exchanges all that two slots hold */
void ut_study_swap_views (UtStudy *self, UtView a, UtView b);

/**
 * ut_study_calibrate_ruler:
 *
 * Sets the spacing by a line of known length. Pixels count as square, unless the
 * file knows their ratio, which then stays.
 *
 * Errors: RANGE where the slot is empty, the line is shorter than 4 pixels or
 * the spacing would not be sound (ut_cine_spacing_is_sound()); nothing changes.
 */
gboolean
ut_study_calibrate_ruler (UtStudy *self, UtView view, const UtStudyRuler *ruler, GError **error);

/**
 * ut_study_calibrate_spacing:
 * @spacing_mm: row, column, mm per pixel, ut_cine_spacing_is_sound()
 *
 * Sets the spacing by number (--spacing). Errors: RANGE; nothing changes.
 */
gboolean
ut_study_calibrate_spacing (UtStudy *self, UtView view, const double spacing_mm[2], GError **error);

/** ut_study_clear_calibration: back to what the file says */
void ut_study_clear_calibration (UtStudy *self, UtView view);

/**
 * ut_study_set_mark:
 * @frame: counted from 0
 *
 * Errors: RANGE where the loop has no such frame; nothing changes.
 */
gboolean ut_study_set_mark (UtStudy *self, UtView view, UtPhase phase, guint frame, GError **error);
void ut_study_clear_mark (UtStudy *self, UtView view, UtPhase phase);

void ut_study_set_mirrored (UtStudy *self, UtView view, gboolean mirrored);

/** UT_STUDY_MAX_SHIFT_MM: farthest that an echo plane is moved along an axis; turns end at 180 */
#define UT_STUDY_MAX_SHIFT_MM 100.0

/**
 * ut_study_adjust_plane:
 * @shift: from the estimate, not from the last shift
 *
 * Moves the plane in which a view's frame is taken to lie. Twins and numbers do not depend on it.
 *
 * Errors: RANGE where the slot is empty or the shift too large; nothing changes.
 */
gboolean
ut_study_adjust_plane (UtStudy *self, UtView view, const UtPlaneShift *shift, GError **error);

/**
 * ut_study_set_contour:
 *
 * Takes the place of the contour of @phase, whichever frame that one is on. A point that is set,
 * moved or taken back is an edit each.
 *
 * Errors: RANGE in PSAX and in an empty slot, for a frame that the loop does not have, a point
 * outside of its part that holds the echo, and what ut_contour_fault() finds; nothing changes.
 */
gboolean ut_study_set_contour (
  UtStudy *self, UtView view, UtPhase phase, const UtStudyContour *contour, GError **error);
void ut_study_clear_contour (UtStudy *self, UtView view, UtPhase phase);

/** ut_study_set_label: @label is cut to 80 characters, control characters are dropped */
void ut_study_set_label (UtStudy *self, const char *label);

/** ut_study_set_body: Errors: as ut_body_is_sound(); nothing changes */
gboolean ut_study_set_body (UtStudy *self, const UtBody *body, GError **error);

/** ut_study_set_reference: @reference is referenced; NULL takes it away */
void ut_study_set_reference (UtStudy *self, UtPhase phase, UtStudyReference *reference);

/**
 * ut_study_add_results:
 * @results: (array length=UT_N_PHASES): per phase, referenced; NULL leaves that phase as it is
 *
 * Takes in what a reconstruction made. When inputs change later the results stay,
 * and ut_study_is_stale() says so. Verdicts and edits of a phase go with its old result.
 */
void ut_study_add_results (UtStudy *self, UtStudyResult *const results[UT_N_PHASES]);

/**
 * ut_study_set_verdict:
 * @reason: (nullable): kept where the verdict is limited or rejected; cut to UT_REVIEW_MAX_REASON
 * characters, control characters are dropped
 *
 * Errors: RANGE where @phase has no heart to judge; nothing changes.
 */
gboolean ut_study_set_verdict (UtStudy *self,
                               UtPhase phase,
                               UtStructure structure,
                               UtVerdict verdict,
                               const char *reason,
                               GError **error);

/**
 * ut_study_grade:
 * @verdict: none that is UT_VERDICT_NONE
 * @reason: as for ut_study_set_verdict()
 *
 * A verdict on the whole heart of @phase: on each of its structures, but none that has a worse one.
 * Who was limited or rejected before is so for @reason now. One step of undo, a line in the log for
 * each structure.
 *
 * Errors: RANGE where @phase has no heart to judge; nothing changes.
 */
gboolean ut_study_grade (
  UtStudy *self, UtPhase phase, UtVerdict verdict, const char *reason, GError **error);

/**
 * ut_study_offset_structure:
 *
 * Moves the surface of a structure on a copy of the heart, of the edited one where there is one:
 * ut_label_offset(). The result itself never changes. Verdicts on structures whose voxels change
 * go. An edit that comes back to the network's own labels is none. About 0.1 s.
 *
 * Errors: RANGE where @phase has no heart; as ut_label_offset(); nothing changes.
 */
gboolean ut_study_offset_structure (
  UtStudy *self, UtPhase phase, UtStructure structure, double mm, GError **error);

/**
 * ut_study_paint:
 * @structure: UT_BACKGROUND erases
 * @radius_mm: UT_BRUSH_MIN_MM to UT_BRUSH_MAX_MM
 * @way: (array length=n) (element-type UtVec3): canonical mm, in order; one point is a dab
 * @n: at least 1
 *
 * A stroke of the brush along @way, ut_label_brush(), on a copy as ut_study_offset_structure().
 * Verdicts on structures that win or lose voxels go. A stroke that changes nothing is none.
 *
 * Errors: RANGE where @phase has no heart, @radius_mm is none or a structure would vanish; nothing
 * changes.
 */
gboolean ut_study_paint (UtStudy *self,
                         UtPhase phase,
                         UtStructure structure,
                         double radius_mm,
                         const UtVec3 *way,
                         guint n,
                         GError **error);

/** ut_study_discard_edit: back to the heart as the network made it; verdicts on what changes go */
void ut_study_discard_edit (UtStudy *self, UtPhase phase);

/** ut_study_begin_group: edits up to the matching end are one step of undo; groups nest */
void ut_study_begin_group (UtStudy *self);
void ut_study_end_group (UtStudy *self);

/* ---- undo -------------------------------------------------------------------- */

/** UtStudyEdit: what a step of undo did; the window makes the menu text of it. */
typedef enum {
  UT_STUDY_EDIT_NONE,
  UT_STUDY_EDIT_SET_CINE,
  UT_STUDY_EDIT_CLEAR_VIEW,
  UT_STUDY_EDIT_SWAP_VIEWS,
  UT_STUDY_EDIT_CALIBRATE,
  UT_STUDY_EDIT_CLEAR_CALIBRATION,
  UT_STUDY_EDIT_SET_MARK,
  UT_STUDY_EDIT_CLEAR_MARK,
  UT_STUDY_EDIT_MIRROR,
  UT_STUDY_EDIT_ADJUST_PLANE,
  UT_STUDY_EDIT_TRACE,
  UT_STUDY_EDIT_CLEAR_CONTOUR,
  UT_STUDY_EDIT_SET_LABEL,
  UT_STUDY_EDIT_SET_BODY,
  UT_STUDY_EDIT_SET_REFERENCE,
  UT_STUDY_EDIT_CLEAR_REFERENCE,
  UT_STUDY_EDIT_SET_RESULTS,
  UT_STUDY_EDIT_REVIEW,
  UT_STUDY_EDIT_OFFSET,
  UT_STUDY_EDIT_PAINT,
  UT_STUDY_EDIT_DISCARD,
  UT_N_STUDY_EDITS,
} UtStudyEdit;

/** ut_study_edit_name: "Set Mark", ...: English, title case; a message id for the window */
const char *ut_study_edit_name (UtStudyEdit edit);

/** ut_study_undo_edit: what ut_study_undo() would take back; NONE = nothing. A group is its first
 * edit. */
UtStudyEdit ut_study_undo_edit (const UtStudy *self);
UtStudyEdit ut_study_redo_edit (const UtStudy *self);

/* Acts of review that are undone or done again are logged. Such a study is modified even where it
 * is back at what was saved, for its log has grown: the next save, by itself or at closing, writes
 * it, and nobody is asked. */

/** ut_study_undo: FALSE where there is nothing to undo, or a group is open */
gboolean ut_study_undo (UtStudy *self);
gboolean ut_study_redo (UtStudy *self);

/** ut_study_forget_history: nothing can be undone or redone before the next edit; not in a group */
void ut_study_forget_history (UtStudy *self);

/** ut_study_is_modified: TRUE where the state is not the one that was last saved or opened */
gboolean ut_study_is_modified (const UtStudy *self);

/* ---- what follows from a state: pure, any thread ------------------------------ */

/**
 * ut_study_view_spacing:
 * @ret_spacing_mm: (out) (array length=2) (nullable): row, column; 0, 0 where unknown
 *
 * The spacing that counts for a slot: the override, or the file's.
 *
 * Returns: its origin; NONE where nobody knows it
 */
UtCalibration ut_study_view_spacing (const UtStudyView *view, double ret_spacing_mm[2]);

/**
 * ut_study_view_spacing_at:
 * @frame: of the slot's loop
 *
 * The same of one frame: of a loop whose spacing changes from frame to frame, that frame's.
 */
UtCalibration
ut_study_view_spacing_at (const UtStudyView *view, guint frame, double ret_spacing_mm[2]);

/** ut_study_view_used: TRUE where the slot takes part in @phase: loop, spacing and mark are there
 */
gboolean ut_study_view_used (const UtStudyState *self, UtView view, UtPhase phase);

/**
 * ut_study_is_calibrated:
 *
 * The calibration gate: while a slot holds a loop of unknown spacing, marked or not, no mm, ml or
 * EF may be shown or leave the program.
 *
 * Errors: RANGE, naming the view.
 */
gboolean ut_study_is_calibrated (const UtStudyState *self, GError **error);

typedef enum {
  UT_STUDY_ISSUE_EMPTY,        /* no slot holds a loop; blocks */
  UT_STUDY_ISSUE_UNCALIBRATED, /* @view is marked, but its spacing is unknown; blocks */
  UT_STUDY_ISSUE_FILE_MISSING, /* @view is marked, but its file could not be read; blocks */
  UT_STUDY_ISSUE_NO_MARK,      /* no slot that could be used has a mark for @phase; blocks @phase */
  UT_STUDY_ISSUE_VIEW_UNMARKED, /* @view has no mark for @phase: left out of it */
  UT_STUDY_ISSUE_VIEW_EMPTY,    /* @view holds no loop: reconstruction from fewer views */
  UT_STUDY_ISSUE_SAME_FILE,     /* @view and @other hold the same loop */
  UT_STUDY_ISSUE_PATIENTS,      /* @view and @other are of two patients by their files */
  UT_STUDY_ISSUE_EXAMS,         /* of one patient, but of two examinations */
  UT_STUDY_ISSUE_IRREGULAR,     /* R-R intervals of @view vary by @value % of their mean */
  UT_STUDY_ISSUE_RATES,         /* heart rates of @view and @other differ by @value % */
  UT_STUDY_ISSUE_SYSTOLE,       /* ES of @view lies @value % of a beat behind ED */
  UT_STUDY_ISSUE_DEPTH,         /* the picture of @view is @value mm high by its spacing */
  UT_N_STUDY_ISSUES,
} UtStudyIssueKind;

typedef struct UtStudyIssue {
  UtStudyIssueKind kind;
  gboolean blocks; /* FALSE: worth a warning only */
  int view, other; /* UtView, -1 = none */
  int phase;       /* UtPhase, -1 = both */
  double value;    /* of the last kinds, which are unusual, not impossible */
} UtStudyIssue;

/**
 * ut_study_issues:
 *
 * What stands in the way of a reconstruction, or is worth knowing before it,
 * blocking ones first. One calibrated view with one mark suffices; views without
 * a loop may stay empty. A view that is marked but has no spacing is never left
 * out silently: calibrate it, clear its marks or empty the slot.
 *
 * Returns: (transfer full) (element-type UtStudyIssue): g_array_unref()
 */
GArray *ut_study_issues (const UtStudyState *self);

/** ut_study_issue_text: (transfer full): an English sentence that says what to do, for the command
 */
char *ut_study_issue_text (const UtStudyIssue *issue);

/** ut_study_is_reconstructed: TRUE where every phase that could be made is made, of today's inputs
 */
gboolean ut_study_is_reconstructed (const UtStudyState *self);

/** ut_study_has_heart: TRUE where any phase has a twin */
gboolean ut_study_has_heart (const UtStudyState *self);

/** ut_study_has_review: TRUE where a verdict was given on @phase, or it was edited */
gboolean ut_study_has_review (const UtStudyState *self, UtPhase phase);

/** ut_study_is_ready: TRUE where @phase can be reconstructed now */
gboolean ut_study_is_ready (const UtStudyState *self, UtPhase phase);

/**
 * ut_study_inputs_key:
 *
 * Returns: (transfer full): SHA-256, lower-case hex, of all that a twin of @phase
 * depends on in the study: per used view the loop's hash, frame, spacing and
 * mirror flag
 */
char *ut_study_inputs_key (const UtStudyState *self, UtPhase phase);

/** ut_study_is_stale: TRUE where @phase has a result that was made from other inputs than today's
 */
gboolean ut_study_is_stale (const UtStudyState *self, UtPhase phase);

/**
 * ut_study_result: (transfer none) (nullable): what counts of @phase: the edit where there is one
 * that could be read, else the result
 */
UtStudyResult *ut_study_result (const UtStudyState *self, UtPhase phase);

/** ut_study_twin: (transfer none) (nullable): the twin of ut_study_result(), which is shown,
 * measured and exported */
UtTwin *ut_study_twin (const UtStudyState *self, UtPhase phase);

/** ut_study_is_edited: TRUE where a person changed voxels of @structure; -1 asks for any */
gboolean ut_study_is_edited (const UtStudyState *self, UtPhase phase, int structure);

/**
 * ut_study_verdict:
 * @phase: -1 = both together
 * @structure: -1 = all five together
 *
 * Returns: the verdict on a number made from these: rejected where one of them is, else
 * unreviewed where one of them is, else limited where one of them is, else accepted. Hearts that
 * are not there do not count.
 */
UtVerdict ut_study_verdict (const UtStudyState *self, int phase, int structure);

/** ut_study_verdict_text: (transfer full): for files: "unreviewed", "accepted", "limited",
 * "rejected", "rejected: reason"; of several reasons the first */
char *ut_study_verdict_text (const UtStudyState *self, int phase, int structure);

/**
 * ut_study_reviewed_by:
 * @ret_when: (out): of the last of these verdicts, s since 1970, UTC; 0: not known
 *
 * Returns: (transfer full) (nullable): those who gave the verdicts that make up
 * ut_study_verdict(): "A, B"; NULL where nobody is known, or nothing was said. Who says the same
 * again leaves the time as it was.
 */
char *ut_study_reviewed_by (const UtStudyState *self, int phase, int structure, gint64 *ret_when);

/** ut_study_edit_text: (transfer full) (nullable): for files: ut_edit_text(); NULL where the heart
 * is as the network made it */
char *ut_study_edit_text (const UtStudyState *self, UtPhase phase);

/**
 * ut_study_edited_by:
 * @ret_when: (out): of the last step of the edit of @phase, s since 1970, UTC; 0: not known
 *
 * Returns: (transfer full) (nullable): those who made the edit of @phase as it is now, each once,
 * in order: "A, B"; NULL where nobody is known, or nothing was edited
 */
char *ut_study_edited_by (const UtStudyState *self, UtPhase phase, gint64 *ret_when);

/**
 * ut_study_marked_frame:
 * @view: calibrated, its loop there and marked for @phase: ut_study_view_used()
 *
 * A loop of one frame: the marked one as the network and the screen get it, mirrored where
 * asked, with the spacing that counts.
 *
 * Errors: MEMORY. Returns: (transfer full): the frame, or NULL with @error set
 */
UtCine *ut_study_marked_frame (const UtStudyView *view, UtPhase phase, GError **error);

/**
 * ut_study_twin_input:
 * @raster: of the network's pictures: ut_twin_model_get_raster()
 *
 * Exactly what the network is to see for @phase: the marked frames (mirrored
 * where asked) with the spacing that counts; views that are not used are absent.
 *
 * Errors: RANGE with the sentence of the first issue that blocks @phase; those
 * of ut_twin_input_new().
 *
 * Returns: (transfer full): the input, or NULL with @error set
 */
UtTwinInput *ut_study_twin_input (const UtStudyState *self,
                                  UtPhase phase,
                                  const UtTwinRaster *raster,
                                  GError **error);

/**
 * ut_study_result_new:
 * @inputs: the state that @twin was made from
 * @cancel: (nullable): looked at twice for each stage
 *
 * Takes @twin into the form in which it is kept. About 0.1 s for each of its stages:
 * run it in the worker that made the twin. Errors: MEMORY.
 *
 * Returns: (transfer full): a result, or NULL with @error set
 */
UtStudyResult *ut_study_result_new (const UtTwin *twin,
                                    const UtStudyState *inputs,
                                    GCancellable *cancel,
                                    GError **error);

/**
 * ut_study_reference_new:
 * @path: of @file
 * @codes: what its codes are
 *
 * Brings a ground-truth label map to the canonical pose. Slow (up to seconds): run it in a worker.
 *
 * Errors: as ut_heart_codes_apply() and ut_canonical_resample(), beginning with the base name.
 *
 * Returns: (transfer full): a reference, or NULL with @error set
 */
UtStudyReference *ut_study_reference_new (const char *path,
                                          const UtLabelFile *file,
                                          const UtHeartCodes *codes,
                                          GError **error);

/**
 * ut_study_reference_read:
 * @path: a label map, see ut_label_file_read(), or five surfaces, see reference-meshes.h
 * @told: (nullable): which code is which; NULL: only where that is certain
 *
 * Reads a file, or several, and makes a reference of them. Slow: run it in a worker.
 *
 * Errors: as ut_label_file_read(), ut_heart_codes_find(), ut_reference_meshes_read() and
 * ut_study_reference_new().
 *
 * Returns: (transfer full): a reference, or NULL with @error set
 */
UtStudyReference *
ut_study_reference_read (const char *path, const UtHeartCodes *told, GError **error);
