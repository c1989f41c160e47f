/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** UtView: the three echo views, in the order in which the network takes them. */
typedef enum {
  UT_VIEW_A4C,  /* apical 4-chamber; left heart on the right of the picture */
  UT_VIEW_A2C,  /* apical 2-chamber; anterior wall on the right */
  UT_VIEW_PSAX, /* parasternal short axis at papillary level; RV on the left, anterior on top */
  UT_N_VIEWS,
} UtView;

/** UtPhase: the two moments of a beat that a twin is made for. */
typedef enum {
  UT_PHASE_ED, /* end-diastole */
  UT_PHASE_ES, /* end-systole */
  UT_N_PHASES,
} UtPhase;

/** ut_view_name: "A4C", "A2C", "PSAX": fixed letters, never translated */
const char *ut_view_name (UtView view);

/** ut_view_from_name: reads the names above, any case; FALSE where @name is none of them */
gboolean ut_view_from_name (const char *name, UtView *ret_view);

/** ut_phase_name: "ED", "ES" */
const char *ut_phase_name (UtPhase phase);

G_END_DECLS
