/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/run-forecast.h"

#include "engine/nn/backend.h"
#include "engine/twin/twin-model.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* What programs may still take without swapping, bytes; 0 where the system does not say. */
static guint64
find_free_memory (void)
{
  static const char key[] = "\nMemAvailable:";
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return 0;
  const char *line = strstr (text, key);
  return line != NULL ? 1024 * g_ascii_strtoull (line + strlen (key), NULL, 10) : 0;
}

static char *
describe_device (const UtDeviceInfo *info)
{
  guint64 bytes = info->n_devices == 0 ? find_free_memory () : 0; /* others say it themselves */
  if (bytes == 0)
    return g_strdup (info->description);
  g_autofree char *size = g_format_size (bytes);
  /* Translators: a device, then an amount: "oneDNN, 2 threads; 12.4 GB of memory free". */
  return g_strdup_printf (_ ("%s; %s of memory free"), info->description, size);
}

static char *
describe_time (guint seconds)
{
  return seconds == 0 ? g_strdup (_ ("How long a run takes is known after the first."))
                      : g_strdup_printf (ngettext ("About %u second, as the last run went.",
                                                   "About %u seconds, as the last run went.",
                                                   seconds),
                                         seconds);
}

char *
ut_run_forecast (const char *device, double seconds_per_heart, guint n_hearts)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *resolved = ut_twin_device_resolve (device);
  UtDeviceInfo info = {0};
  if (ut_backend_find (resolved, &info, &error) == NULL)
    return g_strdup (error->message);
  g_autofree char *on = describe_device (&info);
  g_autofree char *time = describe_time ((guint)ceil (seconds_per_heart * n_hearts));
  return g_strdup_printf ("%s. %s", on, time);
}
