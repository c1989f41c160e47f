/* SPDX-License-Identifier: Apache-2.0 */
/* repeat WEIGHTS EXPECTED DEVICE STEPS RUNS PHASES: case a of a golden file over and over, PHASES
 * times in each run. One JSON object: medians after warm-up, of the network and of the whole call
 * with what the host makes of its answer; and the device's free memory then and at the end. */
#include "engine/nn/backend.h"
#include "tests/golden/golden.h"

#include <stdio.h>
#include <stdlib.h>

#define WARM_UP 5 /* runs at most; the second one captures the graphs */

typedef struct Bench {
  UtTwinModel *model;
  UtTwinInput *input;
  UtTwinOptions options;
  guint n_phases;
  const UtBackendOps *ops; /* a second backend there, to ask for free memory */
  UtBackend *backend;
} Bench;

static gint64
free_bytes (const Bench *self)
{
  guint64 n_free = 0, total = 0;
  if (self->ops->memory)
    self->ops->memory (self->backend, &n_free, &total);
  return (gint64)n_free;
}

/* milliseconds of one run */
static gboolean
run (const Bench *self, double *ret_network, double *ret_whole, GError **error)
{
  gint64 begin = g_get_monotonic_time ();
  *ret_network = 0;
  for (guint i = 0; i < self->n_phases; i++) {
    g_autoptr (UtTwin) twin =
      ut_twin_model_reconstruct (self->model, self->input, &self->options, NULL, NULL, error);
    if (twin == NULL)
      return FALSE;
    *ret_network += 1e3 * twin->provenance.seconds;
  }
  *ret_whole = (double)(g_get_monotonic_time () - begin) / 1e3;
  return TRUE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

static gboolean
measure (const Bench *self, guint n, GError **error)
{
  g_autofree double *network = g_new (double, n), *whole = g_new (double, n);
  for (guint i = 0; i < MIN (WARM_UP, n + 1); i++)
    if (!run (self, network, whole, error))
      return FALSE;
  gint64 before = free_bytes (self);
  for (guint i = 0; i < n; i++)
    if (!run (self, network + i, whole + i, error))
      return FALSE;
  printf ("{\"runs\":%u,\"phases\":%u,\"network_ms\":%.4f,\"whole_ms\":%.4f,"
          "\"free_before\":%" G_GINT64_FORMAT ",\"free_after\":%" G_GINT64_FORMAT "}\n",
          n,
          self->n_phases,
          median (network, n),
          median (whole, n),
          before,
          free_bytes (self));
  return TRUE;
}

static gboolean
open_bench (Bench *self, char **argv, GError **error)
{
  UtBackendConfig config;
  self->options.steps = (guint)g_ascii_strtoull (argv[4], NULL, 10);
  self->n_phases = (guint)CLAMP (g_ascii_strtoull (argv[6], NULL, 10), 1, 2);
  g_autoptr (UtWeights) file = ut_weights_open (argv[2], error);
  if (file == NULL || !ut_backend_parse (argv[3], NULL, &config, error) ||
      (self->ops = ut_backend_find (argv[3], NULL, error)) == NULL ||
      (self->backend = self->ops->open (&config, error)) == NULL)
    return FALSE;
  self->input = golden_input (file, "a");
  self->model = ut_twin_model_open (argv[1], argv[3], NULL, error);
  return self->model != NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Bench bench = {0};
  if (argc != 7) {
    g_printerr ("repeat WEIGHTS EXPECTED DEVICE STEPS RUNS PHASES\n");
    return 2;
  }
  guint n = (guint)CLAMP (g_ascii_strtoull (argv[5], NULL, 10), 1, 100000);
  gboolean done = open_bench (&bench, argv, &error) && measure (&bench, n, &error);
  if (!done)
    g_printerr ("%s\n", error->message);
  g_clear_pointer (&bench.model, ut_twin_model_unref);
  g_clear_pointer (&bench.input, ut_twin_input_free);
  if (bench.backend)
    bench.ops->close (bench.backend);
  return done ? 0 : 1;
}
