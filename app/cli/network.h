/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/reconstruct.h"

/** What subcommands that run the network have in common: their options, and one model for the whole
 * command. */

/** UtCliNetwork: as the options say. */
typedef struct UtCliNetwork {
  char *device, *model_path;
  gint64 seed;
  int steps, n_seeds;
  gboolean fallback;
} UtCliNetwork;

extern UtCliNetwork ut_cli_network;

#define UT_CLI_NETWORK_ENTRIES                                                                     \
  {"seed", 0, 0, G_OPTION_ARG_INT64, &ut_cli_network.seed, "Of the start noise (1)", "N"},         \
    {"seeds",                                                                                      \
     0,                                                                                            \
     0,                                                                                            \
     G_OPTION_ARG_INT,                                                                             \
     &ut_cli_network.n_seeds,                                                                      \
     "Mean and spread over so many seeds, counted up from --seed (2)",                             \
     "N"},                                                                                         \
    {"steps",                                                                                      \
     0,                                                                                            \
     0,                                                                                            \
     G_OPTION_ARG_INT,                                                                             \
     &ut_cli_network.steps,                                                                        \
     "Sampler steps (0: the weight file's)",                                                       \
     "N"},                                                                                         \
    {"device",                                                                                     \
     0,                                                                                            \
     0,                                                                                            \
     G_OPTION_ARG_STRING,                                                                          \
     &ut_cli_network.device,                                                                       \
     "auto, cpu or cuda[:N][/f32|tf32|bf16] (auto)",                                               \
     "NAME"},                                                                                      \
    {"fallback",                                                                                   \
     0,                                                                                            \
     0,                                                                                            \
     G_OPTION_ARG_NONE,                                                                            \
     &ut_cli_network.fallback,                                                                     \
     "Run on the cpu where the device is missing, lost or out of memory",                          \
     NULL},                                                                                        \
  {                                                                                                \
    "model", 0, 0, G_OPTION_ARG_FILENAME, &ut_cli_network.model_path,                              \
      "Weight file (the one that comes along)", "W.safetensors"                                    \
  }

/** ut_cli_network_check: FALSE with a usage sentence printed where a number is out of its range */
gboolean ut_cli_network_check (void);

/** ut_cli_network_open: (transfer none): the model, opened once; with --fallback on the cpu where
 * the device fails, and a line that says so */
UtTwinModel *ut_cli_network_open (GError **error);

/** ut_cli_network_run: ut_reconstruct_study() with the options; falls back in the same way. Prints
 * what is worth knowing of the inputs */
gboolean ut_cli_network_run (const UtStudyState *inputs,
                             UtStudyResult *ret_results[UT_N_PHASES],
                             GError **error);
