/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study.h"

#include <gio/gio.h>

/**
 * Studies on disk. A study is a folder:
 *
 *   study.json                 what the user decided; written last, by atomic rename
 *   results/ID/result.json     one twin: stages, template, maps, voxels of its seeds, provenance
 *   results/ID/STAGE.nii.gz    its label maps, canonical frame
 *   results/ID/STAGE.u16.gz    its probabilities p, [6, 64, 64, 64] little-endian uint16
 *                              q = round (65535 (1 + ln max (p, 1e-6) / ln 1e6)), gzip
 *   results/ID/MAP.u16.gz      variance and weight of the branches, [3, 64, 64, 64], spread of
 *                              the seeds, [64, 64, 64]: round (65535 value / largest), gzip;
 *                              the largest is 0.25, 1 and sqrt 5 (see UtTwin)
 *   edits/ID.nii.gz            labels of a heart that a person changed, canonical frame
 *
 * and, where the study was made by the phantom or the simulator or is a de-identified copy
 * (deidentify.h), the loops as folders of stills and the reference label maps. ID is the hash of a
 * result's content: a results folder is complete from the moment it has its name, and never
 * changes; those that the study no longer names go after study.json was written, and an hour later
 * what a save that was cut off left.
 *
 * "blacked_out_areas" of a view counts the areas of its loop that are black since such a copy was
 * made; where none is, and in studies of older programs, there is no such member.
 *
 * "review_log" in study.json is a list, oldest first, of what was done in review (review-log.h):
 * "when" (ISO 8601, UTC) and "who" where they are known, "act" (ut_review_act_kind_name()), "turn"
 * ("undo" or "redo"; else it was done), "phase", and what the act is about: "structure",
 * "offset_mm" (outwards), "brush_radius_mm" and "voxels" (that a stroke changed), "reason". Studies
 * of older programs have none. result.json has the same list.
 *
 * "format_version" is 2 where a verdict is "limited", or the log has an act "limit", which programs
 * that read 1 only would refuse as damaged; all other studies are written as 1.
 *
 * "codes" of a reference says which code each structure has in its file, and by what that is known
 * (ut_heart_codes_origin_name()). References of older programs have none: they are looked at again,
 * and one whose codes are not certain is left out, with a note.
 *
 * Paths: what lies in the folder is named relative to it, so that the folder may
 * be moved or copied; "..", "." and links that lead out of the folder are refused.
 * Only the user's own inputs (loops, reference label maps) may lie elsewhere; these
 * are named by absolute path, and nothing else is. Frames count from 1 in files.
 */
#define UT_STUDY_FILE           "study.json"
#define UT_STUDY_FORMAT         "ultratwin-study"
#define UT_STUDY_FORMAT_VERSION 2

/** Stands in every file and on every page that comes out of a study. */
#define UT_STUDY_NOTICE "Research use only - not for diagnosis"

/**
 * ut_study_open:
 * @path: a study folder, or the study.json in it
 * @ret_notes: (out) (transfer full) (nullable): sentences the user must see: inputs
 *   that are missing or have changed, results that cannot be read. g_strfreev();
 *   NULL-terminated, empty where all is well
 *
 * Opens a study. What cannot be found is reported and left out, the rest opens:
 * a view whose file is missing keeps its marks and calibration.
 *
 * Errors: FORMAT for a damaged study.json or paths that leave the folder;
 * UNSUPPORTED for a format_version from the future; G_FILE_ERROR. Nothing is
 * written in any case.
 * Threads: any; hand the study over afterwards.
 *
 * Returns: (transfer full): an unmodified study, or NULL with @error set
 */
UtStudy *ut_study_open (const char *path, GCancellable *cancel, char ***ret_notes, GError **error);

/**
 * ut_study_list:
 *
 * Returns: (transfer full) (element-type utf8): names of those folders in @folder that hold a
 * study, in the order of ut_folder_compare(); NULL where it cannot be read, G_FILE_ERROR
 */
GPtrArray *ut_study_list (const char *folder, GError **error);

/**
 * UtStudySnapshot:
 *
 * Everything that a save writes, taken in an instant in the study's thread and
 * written from any other one.
 */
typedef struct UtStudySnapshot UtStudySnapshot;

/** ut_study_snapshot: (transfer full): the study as it is now; it must have a folder */
UtStudySnapshot *ut_study_snapshot (const UtStudy *self);
void ut_study_snapshot_free (UtStudySnapshot *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtStudySnapshot, ut_study_snapshot_free)

/**
 * ut_study_snapshot_save:
 *
 * Writes the snapshot to its folder. Saves of one study must not overlap in time. Another program
 * may save the same study: its work is never written over, and its results stay.
 *
 * Errors: G_FILE_ERROR, EXIST where another program has changed study.json since it was opened or
 * saved here, or the study is new to a folder that holds one; G_IO_ERROR; UNSUPPORTED where the
 * folder holds a study of a future version or FORMAT where its study.json is no study: then nothing
 * is written.
 */
gboolean ut_study_snapshot_save (const UtStudySnapshot *self, GCancellable *cancel, GError **error);

/** ut_study_saved: tells the study that @snapshot is on disk now; clears "modified" where nothing
 * came after it. Without effect where it is another study's, or of another folder. */
void ut_study_saved (UtStudy *self, const UtStudySnapshot *snapshot);

/** ut_study_save: snapshot, save and saved in one, in this thread */
gboolean ut_study_save (UtStudy *self, GError **error);
