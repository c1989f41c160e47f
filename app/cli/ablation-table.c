/* SPDX-License-Identifier: Apache-2.0 */

/* The ablation as JSON and as text. */

#include "app/cli/ablation.h"

#include "engine/study/study-file.h"

#include <math.h>
#include <stddef.h>

#define FORMAT         "ultratwin-ablation"
#define FORMAT_VERSION 1

static const char *const names[UT_N_ABLATION_ROWS] = {
  "baseline", "+ implicit AE", "+ coarse-to-fine", "full"};

static const char *const definitions[][2] = {
  {"mean", "Mean over the five structures of a volume, then over volumes."},
  {"volume", "A heart at one phase."},
  {"hd_voxels", "Largest distance from one surface to the other, either way, in voxels of 3 mm."},
  {"volume_error_ml", "Absolute difference to the true volume: E_vol."},
  {"volume_difference_ml", "The same with its sign: found - true."},
  {"ef_error_points",
   "EF from the LV volumes at ED and ES, found - true, in percentage points; over hearts that "
   "have both."},
  {"one_part_share", "Volumes in which each structure is one piece (26 neighbours)."},
  {"no_leak_share",
   "Volumes in which no LV voxel farther than 0.3 of the way from mitral opening to apex touches "
   "the background by a face."},
  {"wilcoxon_p_against_full",
   "Two-sided, signed ranks of each heart's mean DSC (structures, then phases) against that of "
   "the full network."},
  {"seed_spread_error_rank_correlation",
   "Spearman's, over the vertices of a surface, of the seeds' spread with the distance to the "
   "true surface; mean over structures and volumes."},
};

/* ---- JSON -------------------------------------------------------------------------- */

/* JSON knows no NAN: what is unknown is left out */
static void
set (JsonObject *object, const char *key, double value)
{
  if (isfinite (value))
    json_object_set_double_member (object, key, value);
}

static JsonObject *
overlap_to_json (const UtOverlap *overlap)
{
  JsonObject *object = json_object_new ();
  for (gsize i = 0; i < UT_OVERLAP_N_NUMBERS; i++)
    set (object,
         ut_overlap_numbers[i].key,
         G_STRUCT_MEMBER (double, overlap, ut_overlap_numbers[i].offset));
  return object;
}

static gboolean
is_of_baseline (const UtAblation *self, UtAblationRow row)
{
  return self->baseline != NULL && (row == UT_ABLATION_BASELINE || row == UT_ABLATION_AUTOENCODER);
}

static JsonObject *
row_to_json (const UtAblation *self, UtAblationRow row)
{
  UtAblationSummary sum;
  JsonObject *object = json_object_new (), *structures = json_object_new ();
  ut_ablation_summarise (self, row, &sum);
  json_object_set_string_member (object, "name", names[row]);
  json_object_set_string_member (
    object, "weights", is_of_baseline (self, row) ? "baseline" : "full");
  json_object_set_int_member (object, "n_volumes", sum.n_volumes);
  for (int s = UT_MYO; s < UT_N_LABELS; s++) {
    JsonObject *one = overlap_to_json (&sum.overlaps[s]);
    json_object_set_int_member (one, "n_one_side_empty", sum.n_one_empty[s]);
    set (one, "mean_n_parts", sum.mean_parts[s]);
    json_object_set_object_member (structures, ut_structure_name (s), one);
  }
  json_object_set_object_member (object, "structures", structures);
  json_object_set_object_member (object, "mean", overlap_to_json (&sum.mean));
  json_object_set_int_member (object, "n_ef", sum.n_ef);
  set (object, "ef_error_mean_absolute_points", sum.ef_error_mean_absolute);
  set (object, "ef_error_mean_points", sum.ef_error_mean);
  set (object, "ef_error_within_5_points_share", sum.ef_share_within_5);
  set (object, "one_part_share", sum.share_one_part);
  set (object, "no_leak_share", sum.share_no_leak);
  set (object, "sound_topology_share", sum.share_sound);
  set (object, "wilcoxon_p_against_full", sum.has_p ? sum.p_against_full : NAN);
  set (object, "seed_spread_error_rank_correlation", sum.rank[0]);
  set (object, "branch_disagreement_error_rank_correlation", sum.rank[1]);
  set (object, "seconds_per_volume", sum.seconds);
  return object;
}

static JsonObject *
heart_to_json (const UtAblation *self, const UtAblationHeart *heart)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "name", heart->name);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (!heart->scored[phase])
      continue;
    JsonObject *rows = json_object_new ();
    set (rows, "reference_lv_ml", heart->reference_lv_ml[phase]);
    for (UtAblationRow row = 0; row < UT_N_ABLATION_ROWS; row++) {
      const UtAblationScore *score = &heart->scores[row][phase];
      if (!self->present[row])
        continue;
      JsonObject *one = overlap_to_json (&score->mean.mean);
      set (one, "lv_ml", score->lv_ml);
      json_object_set_boolean_member (one, "one_part", score->topology.one_part);
      json_object_set_int_member (one, "n_leak_voxels", (gint64)score->topology.n_leak_voxels);
      json_object_set_object_member (rows, names[row], one);
    }
    g_autofree char *key = g_ascii_strdown (ut_phase_name (phase), -1);
    json_object_set_object_member (object, key, rows);
  }
  return object;
}

static JsonObject *
weights_to_json (const UtTwinModel *model)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "name", ut_twin_model_get_name (model));
  json_object_set_string_member (object, "sha256", ut_twin_model_get_sha256 (model));
  json_object_set_string_member (object, "device", ut_twin_model_get_device (model));
  json_object_set_int_member (
    object, "n_parameters", (gint64)ut_twin_model_get_n_parameters (model));
  return object;
}

static void
add_options (JsonObject *root, const UtAblation *self)
{
  const UtAblationOptions *options = &self->options;
  JsonArray *views = json_array_new ();
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (options->use_view[view])
      json_array_add_string_element (views, ut_view_name (view));
  json_object_set_array_member (root, "views", views);
  json_object_set_int_member (root, "seed", (gint64)options->seed);
  json_object_set_int_member (root, "n_seeds", options->n_seeds);
  json_object_set_int_member (
    root, "steps", options->steps ? options->steps : ut_twin_model_get_default_steps (self->full));
}

JsonNode *
ut_ablation_to_json (const UtAblation *self)
{
  JsonObject *root = json_object_new (), *weights = json_object_new ();
  JsonObject *defined = json_object_new ();
  JsonArray *rows = json_array_new (), *hearts = json_array_new ();
  json_object_set_string_member (root, "format", FORMAT);
  json_object_set_int_member (root, "format_version", FORMAT_VERSION);
  json_object_set_string_member (root, "notice", UT_STUDY_NOTICE);
  json_object_set_int_member (root, "n_hearts", self->hearts->len);
  add_options (root, self);
  json_object_set_object_member (weights, "full", weights_to_json (self->full));
  if (self->baseline)
    json_object_set_object_member (weights, "baseline", weights_to_json (self->baseline));
  json_object_set_object_member (root, "weights", weights);
  for (UtAblationRow row = 0; row < UT_N_ABLATION_ROWS; row++)
    if (self->present[row])
      json_array_add_object_element (rows, row_to_json (self, row));
  json_object_set_array_member (root, "rows", rows);
  for (guint i = 0; i < self->hearts->len; i++)
    json_array_add_object_element (hearts,
                                   heart_to_json (self, g_ptr_array_index (self->hearts, i)));
  json_object_set_array_member (root, "hearts", hearts);
  for (gsize i = 0; i < G_N_ELEMENTS (definitions); i++)
    json_object_set_string_member (defined, definitions[i][0], definitions[i][1]);
  json_object_set_object_member (root, "definitions", defined);
  return json_node_init_object (json_node_alloc (), root);
}

/* ---- text -------------------------------------------------------------------------- */

/* Quantities that have a block of their own: a line for each row, a column for each structure. */
static const struct {
  const char *title;
  gsize offset; /* of the number in UtOverlap */
  int digits;
} blocks[] = {
  {"DSC", offsetof (UtOverlap, dsc), 3},
  {"HD, voxels", offsetof (UtOverlap, hd_voxels), 2},
  {"HD, mm", offsetof (UtOverlap, hd_mm), 1},
  {"HD95, mm", offsetof (UtOverlap, hd95_mm), 1},
  {"E_vol, ml", offsetof (UtOverlap, volume_error_ml), 1},
  {"found - true, ml", offsetof (UtOverlap, volume_difference_ml), 1},
};

static double
number (const UtOverlap *overlap, gsize offset)
{
  return G_STRUCT_MEMBER (double, overlap, offset);
}

static void
append_blocks (GString *text, const UtAblation *self, const UtAblationSummary *sums)
{
  for (gsize b = 0; b < G_N_ELEMENTS (blocks); b++) {
    g_string_append_printf (text, "\n%-18s", blocks[b].title);
    for (int s = UT_MYO; s < UT_N_LABELS; s++)
      g_string_append_printf (text, "%8s", ut_structure_name (s));
    g_string_append (text, "    mean\n");
    for (UtAblationRow row = 0; row < UT_N_ABLATION_ROWS; row++) {
      if (!self->present[row])
        continue;
      g_string_append_printf (text, "%-18s", names[row]);
      for (int s = UT_MYO; s < UT_N_LABELS; s++)
        g_string_append_printf (
          text, "%8.*f", blocks[b].digits, number (&sums[row].overlaps[s], blocks[b].offset));
      g_string_append_printf (
        text, "%8.*f\n", blocks[b].digits, number (&sums[row].mean, blocks[b].offset));
    }
  }
}

static void
append_number (GString *text, int digits, double value)
{
  if (isfinite (value))
    g_string_append_printf (text, "%10.*f", digits, value);
  else
    g_string_append_printf (text, "%10s", "-");
}

static void
append_rest (GString *text, const UtAblation *self, const UtAblationSummary *sums)
{
  static const char *const titles[] = {"EF error",
                                       "bias",
                                       "within 5",
                                       "one part",
                                       "no leak",
                                       "p vs full",
                                       "rho seeds",
                                       "rho br.",
                                       "s/volume"};
  g_string_append_printf (text, "\n%-18s", "EF in points, %");
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    g_string_append_printf (text, "%10s", titles[i]);
  g_string_append_c (text, '\n');
  for (UtAblationRow row = 0; row < UT_N_ABLATION_ROWS; row++) {
    const UtAblationSummary *sum = &sums[row];
    if (!self->present[row])
      continue;
    g_string_append_printf (text, "%-18s", names[row]);
    append_number (text, 1, sum->ef_error_mean_absolute);
    append_number (text, 1, sum->ef_error_mean);
    append_number (text, 1, 100 * sum->ef_share_within_5);
    append_number (text, 1, 100 * sum->share_one_part);
    append_number (text, 1, 100 * sum->share_no_leak);
    append_number (text, 5, sum->has_p ? sum->p_against_full : NAN);
    append_number (text, 2, sum->rank[0]);
    append_number (text, 2, sum->rank[1]);
    append_number (text, 2, sum->seconds);
    g_string_append_c (text, '\n');
  }
}

char *
ut_ablation_to_text (const UtAblation *self)
{
  UtAblationSummary sums[UT_N_ABLATION_ROWS] = {0};
  GString *text = g_string_new (NULL);
  for (UtAblationRow row = 0; row < UT_N_ABLATION_ROWS; row++)
    if (self->present[row])
      ut_ablation_summarise (self, row, &sums[row]);
  g_string_append_printf (text,
                          "%u hearts, %u volumes, %s; %s\n",
                          sums[UT_ABLATION_FULL].n_hearts,
                          sums[UT_ABLATION_FULL].n_volumes,
                          ut_twin_model_get_name (self->full),
                          UT_STUDY_NOTICE);
  append_blocks (text, self, sums);
  append_rest (text, self, sums);
  return g_string_free (text, FALSE);
}
