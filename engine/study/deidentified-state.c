/* SPDX-License-Identifier: Apache-2.0 */

/* What stays of the texts and times of a study. deidentify.h says it of every field. */

#include "engine/base/words.h"
#include "engine/study/deidentify.h"
#include "engine/study/study-private.h"

#include <string.h>

/* ---- the state -------------------------------------------------------------------------- */

/* (transfer full) (nullable): a reason that the program offers, in English or the user's language
 */
static char *
own_reason (const char *reason)
{
  for (UtVerdict verdict = 0; reason != NULL && verdict < UT_N_VERDICTS; verdict++)
    for (const char *const *own = ut_review_reasons (verdict); *own != NULL; own++)
      if (strcmp (reason, *own) == 0 || strcmp (reason, ut_words (*own)) == 0)
        return g_strdup (*own);
  return NULL;
}

static void
clean_review (UtReview *self)
{
  for (UtStructure s = 0; s < UT_N_LABELS; s++) {
    g_autofree char *typed = g_steal_pointer (&self->reasons[s]);
    self->reasons[s] = own_reason (typed);
    g_clear_pointer (&self->who[s], g_free);
    self->when[s] = 0;
  }
}

static UtStudyResult *
clean_edit (const UtStudyResult *edit)
{
  UtStudyResult *self = ut_study_result_new_unread (edit->id, edit->inputs_key);
  self->twin = ut_twin_ref (edit->twin);
  self->steps = g_array_copy (edit->steps);
  for (guint i = 0; i < self->steps->len; i++)
    g_array_index (self->steps, UtEditStep, i).when = 0;
  return self;
}

/* The order of its lines is all that is left of when. */
static GPtrArray *
clean_log (const GPtrArray *log)
{
  GPtrArray *clean = ut_review_log_new ();
  for (guint i = 0; i < log->len; i++) {
    UtReviewAct act = *(const UtReviewAct *)log->pdata[i];
    g_autofree char *reason = own_reason (act.reason);
    act.when = 0;
    act.who = NULL;
    act.reason = reason;
    clean = ut_review_log_add (clean, &act);
  }
  return clean;
}

UtStudyState *
ut_deidentified_state (const UtStudyState *self)
{
  UtStudyState *next = ut_study_state_copy (self);
  g_free (next->label);
  next->label = g_strdup ("");
  next->body = (UtBody){0};
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    UtStudyResult *edit = g_steal_pointer (&next->edits[phase]);
    if (ut_study_twin (self, phase) == NULL) {
      g_clear_pointer (&next->results[phase], ut_study_result_unref);
      ut_review_clear (&next->reviews[phase]);
    } else if (edit != NULL && edit->twin != NULL) {
      next->edits[phase] = clean_edit (edit);
    }
    g_clear_pointer (&edit, ut_study_result_unref);
    clean_review (&next->reviews[phase]);
  }
  g_ptr_array_unref (next->log);
  next->log = clean_log (self->log);
  return next;
}

/* ---- the window's place ----------------------------------------------------------------- */

/* All that a place may be made of; a study of elsewhere may hold anything. */
static const char *const own_words[] = {
  "A4C",       "A2C",    "PSAX",        "ED",       "ES",
  "template",  "coarse", "refined",     "frames",   "autoencoder",
  "corrected", "edited", "reference",   "step",     "load",
  "calibrate", "mark",   "reconstruct", "inspect",  "report",
  "camera",    "phase",  "layout",      "calipers", "frame_calipers",
  "on",        "points", NULL};

static gboolean
is_own_text (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  gboolean own = TRUE;
  for (char **word = words; own && *word != NULL; word++)
    own = g_strv_contains (own_words, *word) ||
          (strlen (*word) < 6 && strspn (*word, "0123456789") == strlen (*word));
  return own;
}

static JsonObject *clean_object (JsonObject *object);

/* (transfer full) (nullable) */
static JsonNode *
clean_node (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_init_object (json_node_alloc (), clean_object (json_node_get_object (node)));
  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node), *clean = json_array_new ();
    for (guint i = 0; i < json_array_get_length (array); i++) {
      JsonNode *element = clean_node (json_array_get_element (array, i));
      if (element != NULL)
        json_array_add_element (clean, element);
    }
    return json_node_init_array (json_node_alloc (), clean);
  }
  const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  return JSON_NODE_HOLDS_VALUE (node) && (text == NULL || is_own_text (text))
           ? json_node_copy (node)
           : NULL;
}

static JsonObject *
clean_object (JsonObject *object)
{
  JsonObject *clean = json_object_new ();
  g_autoptr (GList) members = json_object_get_members (object);
  for (GList *i = members; i != NULL; i = i->next) {
    JsonNode *node = g_strv_contains (own_words, i->data)
                       ? clean_node (json_object_get_member (object, i->data))
                       : NULL;
    if (node != NULL)
      json_object_set_member (clean, i->data, node);
  }
  return clean;
}

JsonObject *
ut_deidentified_ui (JsonObject *ui)
{
  return ui != NULL ? clean_object (ui) : NULL;
}
