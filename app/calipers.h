/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/caliper.h"

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** UT_CALIPERS_MAX: that stand at a time; one more takes the place of the oldest */
#define UT_CALIPERS_MAX 32

/** UtStandingCaliper: a caliper and what it was measured on. */
typedef struct UtStandingCaliper {
  char *on; /* e.g. "ED corrected", "A4C 12": the same words, the same thing */
  UtCaliper caliper;
} UtStandingCaliper;

#define UT_TYPE_CALIPERS (ut_calipers_get_type ())
G_DECLARE_FINAL_TYPE (UtCalipers, ut_calipers, UT, CALIPERS, GObject)

/**
 * UtCalipers:
 *
 * Distances and angles that a person measures, point by point. Part of the study's place, as the
 * camera is: kept with the study, but no edit, and not undone. Signal `changed`: after every
 * change.
 */
UtCalipers *ut_calipers_new (void);

/** ut_calipers_set_measuring: whether presses are points; what has one point only goes at the end
 */
void ut_calipers_set_measuring (UtCalipers *self, gboolean measuring);
gboolean ut_calipers_get_measuring (UtCalipers *self);

/**
 * ut_calipers_add_point:
 *
 * The next point: the second makes a distance, the third an angle, the fourth begins anew, as does
 * the first one on something else. Switches measuring on.
 */
void ut_calipers_add_point (UtCalipers *self, const char *on, UtVec3 point);

/**
 * ut_calipers_take_back:
 *
 * Takes the last point of the youngest on @on away, which the next point then goes to again.
 *
 * Returns: whether there was one, now in @ret_point
 */
gboolean ut_calipers_take_back (UtCalipers *self, const char *on, UtVec3 *ret_point);

/** ut_calipers_delete_last: takes the youngest on @on away; FALSE where there is none */
gboolean ut_calipers_delete_last (UtCalipers *self, const char *on);

/** ut_calipers_forget: takes away those whose @on begins so; "": all */
void ut_calipers_forget (UtCalipers *self, const char *on_begins);

guint ut_calipers_count (UtCalipers *self);

/** ut_calipers_get: (transfer none): from the oldest to the youngest; valid until the next change
 */
const UtStandingCaliper *ut_calipers_get (UtCalipers *self, guint index);

/** ut_calipers_last_on: (transfer none) (nullable): the youngest on @on with two points at least */
const UtCaliper *ut_calipers_last_on (UtCalipers *self, const char *on);

/** ut_calipers_to_json: (transfer full): those with two points at least */
JsonNode *ut_calipers_to_json (UtCalipers *self);

/** ut_calipers_from_json: takes the place of all; @node (nullable) may hold anything, what makes no
 * sense in it is passed over */
void ut_calipers_from_json (UtCalipers *self, JsonNode *node);

/** ut_caliper_text: (transfer full): "45.2 mm" or "87°"; @caliper in mm, two points at least */
char *ut_caliper_text (const UtCaliper *caliper);

/** ut_caliper_text_px: (transfer full): the same of pixels whose size is not known */
char *ut_caliper_text_px (const UtCaliper *caliper);

/** ut_caliper_words: (transfer full): "Distance 45.2 mm", "Angle 87°": with its @text */
char *ut_caliper_words (const UtCaliper *caliper, const char *text);

G_END_DECLS
