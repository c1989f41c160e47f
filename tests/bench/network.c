/* SPDX-License-Identifier: Apache-2.0 */
/* network WEIGHTS DEVICE STEPS REPEATS THREADS: seconds of the network pass, as one JSON object;
 * "cpu" is processor time, which a busy machine changes less */
#include "engine/base/parallel.h"
#include "engine/twin/twin-model.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
now (void)
{
  return (double)g_get_monotonic_time () / G_USEC_PER_SEC;
}

static double
cpu_now (void)
{
  struct timespec t;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static UtTwinInput *
grey_input (const UtTwinModel *model, GError **error)
{
  const UtTwinRaster raster = ut_twin_model_get_raster (model);
  const guint side = raster.side;
  UtCine *cines[UT_N_VIEWS];
  const guint frames[UT_N_VIEWS] = {0};
  g_autoptr (UtCine) cine = ut_cine_new (1, side, side, error);
  if (cine == NULL)
    return NULL;
  for (guint i = 0; i < side * side; i++)
    cine->pixels[i] = (guint8)(i * 7919 % 251);
  cine->calibration = UT_CALIBRATION_MANUAL;
  cine->spacing_mm[0] = cine->spacing_mm[1] = 0.75;
  for (int v = 0; v < UT_N_VIEWS; v++)
    cines[v] = cine;
  return ut_twin_input_new (cines, frames, &raster, error);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  if (argc != 6) {
    g_printerr ("network WEIGHTS DEVICE STEPS REPEATS THREADS\n");
    return 2;
  }
  g_autoptr (GError) error = NULL;
  ut_parallel_set_n_threads ((guint)CLAMP (g_ascii_strtoull (argv[5], NULL, 10), 1, 64));
  double begin = now ();
  g_autoptr (UtTwinModel) model = ut_twin_model_open (argv[1], argv[2], NULL, &error);
  double opened = now () - begin;
  g_autoptr (UtTwinInput) input = model ? grey_input (model, &error) : NULL;
  UtTwinOptions options = {.steps = (guint)g_ascii_strtoull (argv[3], NULL, 10)};
  guint n = (guint)CLAMP (g_ascii_strtoull (argv[4], NULL, 10), 1, 1000);
  g_autofree double *seconds = g_new (double, n);
  double cpu = cpu_now ();
  for (guint i = 0; input && i < n && error == NULL; i++) {
    begin = now ();
    g_autoptr (UtTwin) twin =
      ut_twin_model_reconstruct (model, input, &options, NULL, NULL, &error);
    seconds[i] = now () - begin;
  }
  if (error) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  cpu = (cpu_now () - cpu) / n;
  qsort (seconds, n, sizeof *seconds, compare);
  printf ("{\"open\":%.4f,\"best\":%.4f,\"median\":%.4f,\"cpu\":%.4f}\n",
          opened,
          seconds[0],
          seconds[n / 2],
          cpu);
  return 0;
}
