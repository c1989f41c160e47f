/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/deidentify.h"
#include "app/cli/cli.h"

#include <string.h>

static char *study_path, *out, **black_list;

/* Whole numbers up to the end of @text, one after each of the @separators but the last; "x,y,wxh"
 * has ",,x". */
static gboolean
read_numbers (const char *text, const char *separators, guint *ret)
{
  for (gsize i = 0; i <= strlen (separators); i++) {
    guint64 value;
    gsize digits = strspn (text, "0123456789");
    g_autofree char *number = g_strndup (text, digits);
    if (text[digits] != separators[i] ||
        !g_ascii_string_to_unsigned (number, 10, 0, G_MAXINT32, &value, NULL))
      return FALSE;
    ret[i] = (guint)value;
    text += digits + 1;
  }
  return TRUE;
}

typedef struct Blackout {
  UtView view;
  UtBlackArea area;
} Blackout;

/* (transfer full) (nullable) (element-type Blackout): what --black-out says */
static GArray *
read_blackouts (GError **error)
{
  g_autoptr (GArray) blackouts = g_array_new (FALSE, TRUE, sizeof (Blackout));
  for (char **text = black_list; text != NULL && *text != NULL; text++) {
    Blackout item;
    guint numbers[4];
    g_auto (GStrv) pair = g_strsplit (*text, ":", 2);
    if (g_strv_length (pair) != 2 || !ut_view_from_name (pair[0], &item.view) ||
        !read_numbers (pair[1], ",,x", numbers)) {
      g_set_error (error,
                   G_OPTION_ERROR,
                   G_OPTION_ERROR_BAD_VALUE,
                   "--black-out: \"%s\" is not VIEW:X,Y,WIDTHxHEIGHT in pixels, like "
                   "A4C:20,35,120x18",
                   *text);
      return NULL;
    }
    item.area = (UtBlackArea){numbers[0], numbers[1], numbers[2], numbers[3]};
    g_array_append_val (blackouts, item);
  }
  return g_steal_pointer (&blackouts);
}

static gboolean
black_out (UtDeidentification *copy, const GArray *blackouts, GError **error)
{
  for (guint i = 0; i < blackouts->len; i++) {
    const Blackout *item = &g_array_index (blackouts, Blackout, i);
    if (!ut_deidentification_black_out (copy, item->view, &item->area, error))
      return FALSE;
  }
  return TRUE;
}

static void
add_blacked_out (JsonBuilder *builder, const UtDeidentification *copy)
{
  ut_cli_json_object (builder, "blacked_out_areas");
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (copy->n_blacked_out[view] > 0)
      ut_cli_json_int (builder, ut_view_name (view), copy->n_blacked_out[view]);
  json_builder_end_object (builder);
}

static void
add_hearts (JsonBuilder *builder, const UtStudyState *state, const gboolean stale[UT_N_PHASES])
{
  ut_cli_json_object (builder, "results");
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (ut_study_twin (state, phase) != NULL)
      ut_cli_json_string (
        builder, ut_phase_name (phase), stale[phase] ? "out_of_date" : "up_to_date");
  json_builder_end_object (builder);
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"study", 0, 0, G_OPTION_ARG_FILENAME, &study_path, "Study to copy", "DIR"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Folder of the copy, new or empty", "DIR"},
    {"black-out",
     0,
     0,
     G_OPTION_ARG_STRING_ARRAY,
     &black_list,
     "Make an area of a loop black in every frame: X and Y of its upper left pixel, counted from "
     "0, and its size, in the picture as it was filmed, not mirrored; may be given again",
     "VIEW:X,Y,WxH"},
    {NULL},
  };
  if (!ut_cli_parse (
        "Copies a study with its loops, without anything that says who the patient "
        "was. Text inside the echo picture is not found: look at the copy and black it "
        "out, or make it in the window, which asks to look.",
        entries,
        (const char *[]){"study", "out", NULL},
        argc,
        argv))
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) blackouts = read_blackouts (&error);
  if (blackouts == NULL)
    return ut_cli_usage ("%s", error->message);
  g_autoptr (UtStudy) study = ut_cli_study_open (study_path, &error);
  if (study == NULL)
    return ut_cli_fail (error);
  g_autoptr (UtStudyState) state = ut_study_dup_state (study);
  g_autoptr (JsonObject) ui = ut_deidentified_ui (ut_study_get_ui (study));
  g_autoptr (UtDeidentification) copy = ut_deidentification_new (state, NULL, NULL, &error);
  gboolean stale[UT_N_PHASES];
  if (copy == NULL || !black_out (copy, blackouts, &error) ||
      !ut_deidentification_write (copy, ui, out, FALSE, stale, NULL, NULL, &error))
    return ut_cli_fail (error);
  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_string (builder, "header", "not_copied");
  ut_cli_json_string (builder, "pixels_outside_echo", "black");
  ut_cli_json_string (builder, "pixels_inside_echo", "not_looked_at");
  add_blacked_out (builder, copy);
  add_hearts (builder, state, stale);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

const UtCliCommand ut_cli_deidentify = {"deidentify", "a copy of a study to hand on", run};
