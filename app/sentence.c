/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/sentence.h"

#include "app/sample.h"

#include <glib/gi18n.h>

const char *
ut_sentence_stage (UtStage stage)
{
  static const char *const names[UT_N_STAGES] = {
    [UT_STAGE_IDLE] = N_ ("Waiting"),
    [UT_STAGE_READ] = N_ ("Reading files"),
    [UT_STAGE_SIMULATE] = N_ ("Drawing the sample study"),
    [UT_STAGE_PREPARE] = N_ ("Preparing the network"),
    [UT_STAGE_ENCODE] = N_ ("Looking at the views"),
    [UT_STAGE_DENOISE] = N_ ("Reconstructing"),
    [UT_STAGE_REFINE] = N_ ("Refining"),
    [UT_STAGE_CORRECT] = N_ ("Correcting the topology"),
    [UT_STAGE_SURFACE] = N_ ("Making surfaces"),
    [UT_STAGE_MEASURE] = N_ ("Measuring"),
    [UT_STAGE_WRITE] = N_ ("Writing files"),
  };
  return gettext (names[stage < UT_N_STAGES ? stage : UT_STAGE_IDLE]);
}

const char *
ut_sentence_structure (UtStructure structure)
{
  static const char *const names[UT_N_LABELS] = {
    [UT_BACKGROUND] = N_ ("Background"),
    [UT_MYO] = N_ ("Left-ventricular wall"),
    [UT_LV] = N_ ("Left ventricle"),
    [UT_LA] = N_ ("Left atrium"),
    [UT_RV] = N_ ("Right ventricle"),
    [UT_RA] = N_ ("Right atrium"),
  };
  return gettext (names[structure < UT_N_LABELS ? structure : UT_BACKGROUND]);
}

const char *
ut_sentence_view (UtView view)
{
  static const char *const names[UT_N_VIEWS] = {
    [UT_VIEW_A4C] = N_ ("Apical four-chamber"),
    [UT_VIEW_A2C] = N_ ("Apical two-chamber"),
    [UT_VIEW_PSAX] = N_ ("Parasternal short axis"),
  };
  return view < UT_N_VIEWS ? gettext (names[view]) : "";
}

const char *
ut_sentence_phase (UtPhase phase)
{
  return phase == UT_PHASE_ED ? _ ("End-diastole") : _ ("End-systole");
}

const char *
ut_sentence_verdict (UtVerdict verdict)
{
  static const char *const words[UT_N_VERDICTS] = {
    N_ ("Unreviewed"), N_ ("Accepted"), N_ ("Limited"), N_ ("Rejected")};
  return verdict < UT_N_VERDICTS ? gettext (words[verdict]) : "";
}

const char *
ut_sentence_study (const char *label)
{
  if (g_str_equal (label, UT_SAMPLE_LABEL))
    return _ ("Sample: phantom heart");
  return label[0] != 0 ? label : _ ("Study without a name");
}

const char *
ut_sentence_calibration (UtCalibration origin)
{
  static const char *const names[UT_N_CALIBRATIONS] = {
    [UT_CALIBRATION_NONE] = N_ ("Uncalibrated"),
    [UT_CALIBRATION_DICOM] = N_ ("DICOM region"),
    [UT_CALIBRATION_SIDECAR] = N_ ("Sidecar file"),
    [UT_CALIBRATION_HEADER] = N_ ("NIfTI header"),
    [UT_CALIBRATION_MANUAL] = N_ ("Manual ruler"),
    [UT_CALIBRATION_COMMAND] = N_ ("Command line"),
  };
  return gettext (names[origin < UT_N_CALIBRATIONS ? origin : UT_CALIBRATION_NONE]);
}

const char *
ut_sentence_edit (UtStudyEdit edit)
{
  static const char *const names[UT_N_STUDY_EDITS] = {
    [UT_STUDY_EDIT_SET_CINE] = NC_ ("edit", "Load Loop"),
    [UT_STUDY_EDIT_CLEAR_VIEW] = NC_ ("edit", "Empty View"),
    [UT_STUDY_EDIT_SWAP_VIEWS] = NC_ ("edit", "Swap Views"),
    [UT_STUDY_EDIT_CALIBRATE] = NC_ ("edit", "Calibrate"),
    [UT_STUDY_EDIT_CLEAR_CALIBRATION] = NC_ ("edit", "Reset Calibration"),
    [UT_STUDY_EDIT_SET_MARK] = NC_ ("edit", "Set Mark"),
    [UT_STUDY_EDIT_CLEAR_MARK] = NC_ ("edit", "Clear Mark"),
    [UT_STUDY_EDIT_MIRROR] = NC_ ("edit", "Mirror"),
    [UT_STUDY_EDIT_ADJUST_PLANE] = NC_ ("edit", "Adjust Plane"),
    [UT_STUDY_EDIT_TRACE] = NC_ ("edit", "Trace LV"),
    [UT_STUDY_EDIT_CLEAR_CONTOUR] = NC_ ("edit", "Delete Contour"),
    [UT_STUDY_EDIT_SET_LABEL] = NC_ ("edit", "Rename Study"),
    [UT_STUDY_EDIT_SET_BODY] = NC_ ("edit", "Set Body Size"),
    [UT_STUDY_EDIT_SET_REFERENCE] = NC_ ("edit", "Load Reference"),
    [UT_STUDY_EDIT_CLEAR_REFERENCE] = NC_ ("edit", "Remove Reference"),
    [UT_STUDY_EDIT_SET_RESULTS] = NC_ ("edit", "Reconstruct"),
    [UT_STUDY_EDIT_REVIEW] = NC_ ("edit", "Review"),
    [UT_STUDY_EDIT_OFFSET] = NC_ ("edit", "Move Surface"),
    [UT_STUDY_EDIT_PAINT] = NC_ ("edit", "Brush Stroke"),
    [UT_STUDY_EDIT_DISCARD] = NC_ ("edit", "Discard Edit"),
  };
  return edit > UT_STUDY_EDIT_NONE && edit < UT_N_STUDY_EDITS
           ? g_dpgettext2 (NULL, "edit", names[edit])
           : "";
}

char *
ut_sentence_issue (const UtStudyIssue *issue)
{
  const char *view = issue->view >= 0 ? ut_view_name (issue->view) : "";
  const char *other = issue->other >= 0 ? ut_view_name (issue->other) : "";

  switch (issue->kind) {
  case UT_STUDY_ISSUE_EMPTY:
    return g_strdup (_ ("No view holds a loop. Open or drop one."));
  case UT_STUDY_ISSUE_UNCALIBRATED:
    return g_strdup_printf (_ ("%s is not calibrated. Press K and draw a line of known length."),
                            view);
  case UT_STUDY_ISSUE_FILE_MISSING:
    return g_strdup_printf (_ ("The file of %s could not be read. Open it again."), view);
  case UT_STUDY_ISSUE_NO_MARK:
    if (issue->phase < 0)
      return g_strdup (
        _ ("ED and ES are not marked (Ctrl+7): Y confirms what is proposed, D and S mark "
           "frames."));
    return g_strdup_printf (
      issue->phase == UT_PHASE_ED
        ? _ ("%s is not marked in any view (Ctrl+7): Y confirms what is proposed, D marks a frame.")
        : _ (
            "%s is not marked in any view (Ctrl+7): Y confirms what is proposed, S marks a frame."),
      ut_phase_name (issue->phase));
  case UT_STUDY_ISSUE_VIEW_UNMARKED:
    if (issue->phase < 0)
      return g_strdup_printf (_ ("%s has no marks and is left out."), view);
    return g_strdup_printf (
      _ ("%s has no %s mark and is left out of it."), view, ut_phase_name (issue->phase));
  case UT_STUDY_ISSUE_VIEW_EMPTY:
    return g_strdup_printf (_ ("%s is empty: the heart is made from fewer views."), view);
  case UT_STUDY_ISSUE_SAME_FILE:
    return g_strdup_printf (_ ("%s and %s hold the same loop."), view, other);
  case UT_STUDY_ISSUE_PATIENTS:
    return g_strdup_printf (
      _ ("%s and %s are of two patients, as their files say. Load loops of one patient."),
      other,
      view);
  case UT_STUDY_ISSUE_EXAMS:
    return g_strdup_printf (
      _ ("%s and %s are of two examinations, as their files say. Do they belong together?"),
      other,
      view);
  case UT_STUDY_ISSUE_IRREGULAR:
    return g_strdup_printf (
      _ ("The beats of %s differ in length by %.0f %%: mark ED and ES in the same beat."),
      view,
      issue->value);
  case UT_STUDY_ISSUE_RATES:
    return g_strdup_printf (
      _ ("The heart rates of %s and %s differ by %.0f %%. Do they belong together?"),
      other,
      view,
      issue->value);
  case UT_STUDY_ISSUE_SYSTOLE:
    return g_strdup_printf (_ ("ES of %s lies %.0f %% of a beat behind ED, where a third is usual. "
                               "Are the marks swapped?"),
                            view,
                            issue->value);
  case UT_STUDY_ISSUE_DEPTH:
    return g_strdup_printf (_ ("The picture of %s is %.0f mm deep by its calibration, where 120 to "
                               "240 are usual. Is it right?"),
                            view,
                            issue->value);
  case UT_N_STUDY_ISSUES:
    break;
  }
  return g_strdup ("");
}

const char *
ut_sentence_twin_stage (UtTwinStage stage)
{
  static const char *const names[UT_N_TWIN_STAGES] = {N_ ("template"),
                                                      N_ ("coarse"),
                                                      N_ ("refined"),
                                                      N_ ("autoencoder"),
                                                      N_ ("corrected"),
                                                      N_ ("edited")};
  g_return_val_if_fail (stage < UT_N_TWIN_STAGES, "?");
  return _ (names[stage]);
}

const char *
ut_sentence_twin_stage_title (UtTwinStage stage)
{
  static const char *const names[UT_N_TWIN_STAGES] = {N_ ("Template"),
                                                      N_ ("Coarse"),
                                                      N_ ("Refined"),
                                                      N_ ("Autoencoder"),
                                                      N_ ("Corrected"),
                                                      N_ ("Edited")};
  g_return_val_if_fail (stage < UT_N_TWIN_STAGES, "?");
  return _ (names[stage]);
}
