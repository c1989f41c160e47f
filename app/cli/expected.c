/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/expected.h"

#include "app/reproduce.h"
#include "engine/measure/overlap.h"
#include "engine/study/study-file.h"

static gboolean
has_hash (const UtTwin *twin, const char *hash)
{
  g_autofree char *own = twin != NULL ? ut_label_hash (twin) : NULL;
  return own != NULL && g_ascii_strcasecmp (own, hash) == 0;
}

/* of every structure, as the network made it; FALSE without a word where nothing can be compared */
static gboolean
compare_structures (const UtTwin *made,
                    const UtTwin *expected,
                    JsonObject *answer,
                    double *ret_least)
{
  UtOverlap overlaps[UT_N_LABELS];
  const UtVolume *labels = made->labels[ut_twin_network_stage (made)];
  const UtVolume *reference = expected->labels[ut_twin_network_stage (expected)];
  if (!ut_overlap_all (labels, reference, UT_N_LABELS, overlaps, NULL, NULL))
    return FALSE;
  *ret_least = 1;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    json_object_set_double_member (answer, ut_structure_name (s), overlaps[s].dsc);
    *ret_least = MIN (*ret_least, overlaps[s].dsc);
  }
  return TRUE;
}

static void
say_weights (UtPhase phase, const UtTwin *made, const UtTwin *expected)
{
  const char *now = made->provenance.model_sha256, *then = expected->provenance.model_sha256;
  if (g_strcmp0 (now, then) != 0)
    g_printerr ("%s: the expected %s heart was made with other weights: SHA-256 %.12s, not %.12s\n",
                g_get_prgname (),
                ut_phase_name (phase),
                then ? then : "unknown",
                now ? now : "unknown");
}

static void
say (UtPhase phase, const double *least)
{
  const char *program = g_get_prgname (), *name = ut_phase_name (phase);
  if (least == NULL)
    g_printerr ("%s: the labels of %s are not those that were expected; another device, version or "
                "weight file makes another heart\n",
                program,
                name);
  else if (*least >= UT_EXPECTED_DSC)
    g_printerr ("%s: the labels of %s are not those that were expected, but DSC with them is at "
                "least %.4f for each structure, as another device may give\n",
                program,
                name,
                *least);
  else
    g_printerr ("%s: the labels of %s are not those that were expected: DSC with them is only %.4f "
                "for one structure (%.3f is what another device may give)\n",
                program,
                name,
                *least,
                UT_EXPECTED_DSC);
}

struct UtExpected {
  char *hashes[UT_N_PHASES]; /* NULL: not expected */
  UtStudy *study;            /* that has these hearts, or NULL */
};

void
ut_expected_free (UtExpected *self)
{
  if (self == NULL)
    return;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    g_free (self->hashes[phase]);
  ut_study_free (self->study);
  g_free (self);
}

UtExpected *
ut_expected_new (const char *list, const char *study_path, GError **error)
{
  g_autoptr (UtExpected) self = g_new0 (UtExpected, 1);
  g_auto (GStrv) items = g_strsplit (list, ",", -1);
  for (char **item = items; *item != NULL; item++) {
    gboolean ed = g_ascii_strncasecmp (*item, "ED:", 3) == 0;
    if (!ed && g_ascii_strncasecmp (*item, "ES:", 3) != 0) {
      g_set_error (error,
                   G_OPTION_ERROR,
                   G_OPTION_ERROR_BAD_VALUE,
                   "--expect: \"%s\" is not ED:HASH or ES:HASH",
                   *item);
      return NULL;
    }
    char **hash = &self->hashes[ed ? UT_PHASE_ED : UT_PHASE_ES];
    g_free (*hash);
    *hash = g_strdup (*item + 3);
  }
  if (study_path != NULL)
    self->study = ut_study_open (study_path, NULL, NULL, error);
  return study_path == NULL || self->study != NULL ? g_steal_pointer (&self) : NULL;
}

void
ut_expected_compare (const UtExpected *self, const UtStudyState *state, JsonObject *result)
{
  JsonObject *same = json_object_new (), *dsc = json_object_new ();
  json_object_set_object_member (result, "reproduced", same);
  json_object_set_object_member (result, "dsc_with_expected", dsc);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const char *key = phase == UT_PHASE_ED ? "ed" : "es", *hash = self->hashes[phase];
    if (hash == NULL)
      continue;
    const UtTwin *made = ut_study_twin (state, phase);
    const UtTwin *expected =
      self->study != NULL ? ut_study_twin (ut_study_get_state (self->study), phase) : NULL;
    gboolean reproduced = has_hash (made, hash);
    json_object_set_boolean_member (same, key, reproduced);
    if (reproduced)
      continue;
    JsonObject *structures = json_object_new ();
    double least;
    gboolean compared = made != NULL && has_hash (expected, hash) &&
                        compare_structures (made, expected, structures, &least);
    json_object_set_object_member (dsc, key, structures);
    say (phase, compared ? &least : NULL);
    if (compared)
      say_weights (phase, made, expected);
  }
}
