/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

/** Exit codes of every subcommand; a contract. */
typedef enum {
  UT_CLI_DONE = 0,
  UT_CLI_USAGE = 2,
  UT_CLI_REFUSED = 3,  /* an input is refused; the reason is in the JSON */
  UT_CLI_DEVICE = 4,   /* device or memory */
  UT_CLI_SELFTEST = 5, /* the self-test failed */
} UtCliExit;

/**
 * UtCliCommand:
 *
 * One subcommand, one file. @run gets the arguments after the subcommand's name
 * (argv[0] is "ultratwin-cli NAME"), prints one JSON object on standard output and
 * returns a UtCliExit.
 */
typedef struct UtCliCommand {
  const char *name;
  const char *summary; /* a line for --help */
  int (*run) (int argc, char **argv);
} UtCliCommand;

extern const UtCliCommand ut_cli_batch;
extern const UtCliCommand ut_cli_canonical;
extern const UtCliCommand ut_cli_cohort;
extern const UtCliCommand ut_cli_deidentify;
extern const UtCliCommand ut_cli_devices;
extern const UtCliCommand ut_cli_distance;
extern const UtCliCommand ut_cli_evaluate;
extern const UtCliCommand ut_cli_mesh;
extern const UtCliCommand ut_cli_model;
extern const UtCliCommand ut_cli_phantom;
extern const UtCliCommand ut_cli_reconstruct;
extern const UtCliCommand ut_cli_render;
extern const UtCliCommand ut_cli_report;
extern const UtCliCommand ut_cli_reproduce;
extern const UtCliCommand ut_cli_selftest;
extern const UtCliCommand ut_cli_simulate;

/**
 * ut_cli_parse:
 * @entries: options of the subcommand, ended by an empty one
 * @parameters: text after the options in the usage line; NULL = none are taken
 * @required: names of options that must be given, NULL-terminated; their arg_data are char **
 *
 * Reads the arguments; --help prints and exits.
 *
 * Returns: FALSE where they are wrong: a sentence was printed, return UT_CLI_USAGE
 */
gboolean ut_cli_parse (const char *summary,
                       const GOptionEntry *entries,
                       const char *const *required,
                       int argc,
                       char **argv);

/** ut_cli_usage: prints a sentence about a wrong argument; returns UT_CLI_USAGE */
int ut_cli_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

/**
 * ut_cli_cancellable: (transfer none)
 *
 * Cancelled by SIGINT and SIGTERM from now on, which end the process no more: for work that cleans
 * up behind itself. Once, before there are threads.
 */
GCancellable *ut_cli_cancellable (void);

/** ut_cli_study_open: (transfer full): ut_study_open(), with what it notes on standard error */
UtStudy *ut_cli_study_open (const char *path, GError **error);

/** ut_cli_exit_of: the exit code that fits: UT_CLI_DEVICE or UT_CLI_REFUSED */
UtCliExit ut_cli_exit_of (const GError *error);

/**
 * ut_cli_fail:
 * @error: (transfer none)
 *
 * Prints {"error": {"code", "message"}, "research_use_only": true} on standard output and the
 * message on standard error.
 *
 * Returns: the exit code that fits
 */
int ut_cli_fail (const GError *error);

/**
 * ut_cli_succeed:
 * @root: (transfer full): an object
 *
 * Prints @root. Returns: UT_CLI_DONE
 */
int ut_cli_succeed (JsonNode *root);

/** ut_cli_json: a builder whose root object is open and says that this is for research only */
JsonBuilder *ut_cli_json (void);

/** ut_cli_json_end: (transfer full): closes the root; frees @builder */
JsonNode *ut_cli_json_end (JsonBuilder *builder);

/** ut_cli_json_object: begins an object; json_builder_end_object() ends it */
void ut_cli_json_object (JsonBuilder *builder, const char *key);

void ut_cli_json_string (JsonBuilder *builder, const char *key, const char *value);
void ut_cli_json_double (JsonBuilder *builder, const char *key, double value);
void ut_cli_json_int (JsonBuilder *builder, const char *key, gint64 value);
void ut_cli_json_boolean (JsonBuilder *builder, const char *key, gboolean value);
