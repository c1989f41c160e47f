/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"

#include "engine/base/error.h"
#include "engine/study/study-file.h"

#include <signal.h>
#include <stdlib.h>

static gboolean
is_missing (const GOptionEntry *entries, const char *name)
{
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    if (g_str_equal (entry->long_name, name))
      return *(char **)entry->arg_data == NULL;
  g_return_val_if_reached (TRUE);
}

gboolean
ut_cli_parse (const char *summary,
              const GOptionEntry *entries,
              const char *const *required,
              int argc,
              char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, "Research use only - not for diagnosis.");
  g_option_context_add_main_entries (context, entries, NULL);
  g_set_prgname (argv[0]);

  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    ut_cli_usage ("%s", error->message);
    return FALSE;
  }
  if (argc > 1) {
    ut_cli_usage ("unexpected argument \"%s\"", argv[1]);
    return FALSE;
  }
  for (; required != NULL && *required != NULL; required++)
    if (is_missing (entries, *required)) {
      ut_cli_usage ("--%s is missing", *required);
      return FALSE;
    }
  return TRUE;
}

int
ut_cli_usage (const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *sentence = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("%s: %s (--help shows how)\n", g_get_prgname (), sentence);
  return UT_CLI_USAGE;
}

static const char *
error_word (const GError *error)
{
  static const char *const words[] = {"format", "unsupported", "range", "device", "memory", "ask"};
  if (error->domain == UT_ENGINE_ERROR && (guint)error->code < G_N_ELEMENTS (words))
    return words[error->code];
  return error->domain == G_FILE_ERROR || error->domain == G_IO_ERROR ? "file" : "other";
}

static gpointer
wait_in_thread (gpointer cancellable)
{
  int which;
  sigset_t ends;
  pthread_sigmask (SIG_BLOCK, NULL, &ends);
  sigwait (&ends, &which);
  g_cancellable_cancel (cancellable);
  return NULL;
}

GCancellable *
ut_cli_cancellable (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  sigset_t ends;
  sigemptyset (&ends);
  sigaddset (&ends, SIGINT);
  sigaddset (&ends, SIGTERM);
  pthread_sigmask (SIG_BLOCK, &ends, NULL);
  g_thread_unref (g_thread_new ("signals", wait_in_thread, cancellable));
  return cancellable;
}

UtStudy *
ut_cli_study_open (const char *path, GError **error)
{
  g_auto (GStrv) notes = NULL;
  UtStudy *study = ut_study_open (path, NULL, &notes, error);
  for (char **note = notes; study != NULL && *note != NULL; note++)
    g_printerr ("%s: %s\n", g_get_prgname (), *note);
  return study;
}

UtCliExit
ut_cli_exit_of (const GError *error)
{
  gboolean device = g_error_matches (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE) ||
                    g_error_matches (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_MEMORY);
  return device ? UT_CLI_DEVICE : UT_CLI_REFUSED;
}

int
ut_cli_fail (const GError *error)
{
  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_object (builder, "error");
  ut_cli_json_string (builder, "code", error_word (error));
  ut_cli_json_string (builder, "message", error->message);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = ut_cli_json_end (builder);
  g_autofree char *text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
  g_printerr ("%s: %s\n", g_get_prgname (), error->message);
  return ut_cli_exit_of (error);
}

int
ut_cli_succeed (JsonNode *root)
{
  g_autoptr (JsonNode) owned = root;
  g_autofree char *text = json_to_string (owned, TRUE);
  g_print ("%s\n", text);
  return UT_CLI_DONE;
}

JsonBuilder *
ut_cli_json (void)
{
  JsonBuilder *builder = json_builder_new ();
  json_builder_begin_object (builder);
  ut_cli_json_boolean (builder, "research_use_only", TRUE);
  return builder;
}

JsonNode *
ut_cli_json_end (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  JsonNode *root = json_builder_get_root (builder);
  g_object_unref (builder);
  return root;
}

void
ut_cli_json_object (JsonBuilder *builder, const char *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
}

void
ut_cli_json_string (JsonBuilder *builder, const char *key, const char *value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, value);
}

void
ut_cli_json_double (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_double_value (builder, value);
}

void
ut_cli_json_int (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

void
ut_cli_json_boolean (JsonBuilder *builder, const char *key, gboolean value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, value);
}
