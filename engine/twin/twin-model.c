/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "engine/base/words.h"
#include "engine/twin/twin-model-private.h"

#include "engine/base/error.h"

#include <string.h>

/* ---- devices ---- */

void
ut_twin_device_free (UtTwinDevice *self)
{
  g_free (self->name);
  g_free (self->description);
  g_free (self->reason);
  g_free (self);
}

/* in order of preference; cuda comes first once it has run on a GPU (cuda/README.md) */
static const char *const device_order[] = {"cpu", "cuda", "ref"};

static UtTwinDevice *
look_at_device (const char *name, guint *ret_n_devices)
{
  g_autoptr (GError) error = NULL;
  UtDeviceInfo info = {0};
  UtTwinDevice *device = g_new0 (UtTwinDevice, 1);
  device->name = g_strdup (name);
  device->usable = ut_backend_find (name, &info, &error) != NULL;
  if (device->usable)
    device->description = g_strdup (info.description);
  else
    device->reason = g_strdup (error->message);
  g_debug ("device %s: %s", name, device->usable ? device->description : device->reason);
  *ret_n_devices = MAX (info.n_devices, 1);
  return device;
}

GPtrArray *
ut_twin_devices (void)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify)ut_twin_device_free);
  guint n_usable = 0, n_alike, ignored;
  for (gsize i = 0; i < G_N_ELEMENTS (device_order); i++) {
    UtTwinDevice *device = look_at_device (device_order[i], &n_alike);
    gboolean last = strcmp (device->name, "ref") == 0;
    g_ptr_array_insert (devices, device->usable && !last ? (int)n_usable++ : -1, device);
    for (guint number = 1; number < n_alike; number++) {
      g_autofree char *name = g_strdup_printf ("%s:%u", device_order[i], number);
      device = look_at_device (name, &ignored);
      g_ptr_array_insert (devices, device->usable ? (int)n_usable++ : -1, device);
    }
  }
  return devices;
}

char *
ut_twin_device_resolve (const char *device)
{
  if (strcmp (device, "auto") != 0)
    return g_strdup (device);
  g_autoptr (GPtrArray) devices = ut_twin_devices ();
  const UtTwinDevice *best = g_ptr_array_index (devices, 0);
  return g_strdup (best->name);
}

gboolean
ut_twin_may_fall_back (const char *device, const GError *error)
{
  return strcmp (device, "cpu") != 0 && strcmp (device, "ref") != 0 &&
         (g_error_matches (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE) ||
          g_error_matches (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_MEMORY));
}

/* ---- opening ---- */

char *
ut_twin_model_default_path (GError **error)
{
  const char *chosen = g_getenv ("UT_MODEL");
  const char *const candidates[] = {
    UT_DATA_DIR "/models/ultratwin-small.safetensors",
    UT_BUILD_DIR "/resources/models/ultratwin-small.safetensors",
    UT_SOURCE_DIR "/resources/models/ultratwin-small.safetensors",
  };
  if (chosen != NULL && *chosen != 0) /* what is wrong with it is said where it is opened */
    return g_strdup (chosen);
  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (g_file_test (candidates[i], G_FILE_TEST_IS_REGULAR))
      return g_strdup (candidates[i]);
  g_set_error (
    error,
    G_FILE_ERROR,
    G_FILE_ERROR_NOENT,
    ut_words ("the weight file ultratwin-small.safetensors is not installed in %s/models"),
    UT_DATA_DIR);
  return NULL;
}

/* on one device */
static UtTwinModel *
open_on (const char *path, const char *device, GCancellable *cancel, GError **error)
{
  g_autoptr (UtTwinModel) self = g_new0 (UtTwinModel, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->template_index = UT_TWIN_NO_TEMPLATE;
  g_autoptr (UtWeights) weights = ut_weights_open (path, error);
  if (weights == NULL)
    return NULL;
  self->config = ut_twin_config_new (weights, error);
  if (self->config == NULL)
    return NULL;
  self->plans = ut_twin_plans_new (self->config, weights, device, cancel, error);
  if (self->plans == NULL)
    return NULL;
  self->sha256 = ut_weights_dup_sha256 (weights);
  if (!ut_twin_validation_read (path, self->sha256, self->validations, error))
    return NULL;
  self->n_parameters = ut_weights_get_n_elements (weights);
  self->metadata = ut_weights_steal_metadata (weights);
  return g_steal_pointer (&self);
}

UtTwinModel *
ut_twin_model_open (const char *path, const char *device, GCancellable *cancel, GError **error)
{
  g_return_val_if_fail (path != NULL && device != NULL, NULL);
  g_autofree char *resolved = ut_twin_device_resolve (device);
  return open_on (path, resolved, cancel, error);
}

UtTwinModel *
ut_twin_model_ref (UtTwinModel *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_twin_model_unref (UtTwinModel *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->plans, ut_twin_plans_free);
  g_clear_pointer (&self->metadata, g_hash_table_unref);
  g_clear_pointer (&self->config, ut_twin_config_free);
  g_free (self->sha256);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const char *
ut_twin_model_get_name (const UtTwinModel *self)
{
  return self->config->name;
}

const char *
ut_twin_model_get_sha256 (const UtTwinModel *self)
{
  return self->sha256;
}

const char *
ut_twin_model_get_device (const UtTwinModel *self)
{
  return self->plans->ops->name;
}

UtTwinRaster
ut_twin_model_get_raster (const UtTwinModel *self)
{
  return (UtTwinRaster){.side = (guint)self->config->side, .field_mm = self->config->field_mm};
}

guint
ut_twin_model_get_default_steps (const UtTwinModel *self)
{
  return (guint)self->config->steps;
}

gboolean
ut_twin_model_get_views_optional (const UtTwinModel *self)
{
  return self->config->views_optional;
}

gboolean
ut_twin_model_get_sinks_islands (const UtTwinModel *self)
{
  return self->config->sinks_islands;
}

gboolean
ut_twin_model_has_stage (const UtTwinModel *self, UtTwinStage stage)
{
  switch (stage) {
  case UT_TWIN_TEMPLATE:
    return self->config->dual;
  case UT_TWIN_COARSE:
    return TRUE;
  case UT_TWIN_REFINED:
    return self->config->refined;
  case UT_TWIN_AUTOENCODER:
  case UT_TWIN_CORRECTED:
    return self->config->topology;
  case UT_TWIN_EDITED:
  case UT_N_TWIN_STAGES:
  default:
    return FALSE;
  }
}

guint
ut_twin_model_get_n_templates (const UtTwinModel *self)
{
  return self->plans->bank ? self->plans->bank->n : 0;
}

guint64
ut_twin_model_get_n_parameters (const UtTwinModel *self)
{
  return self->n_parameters;
}

const char *
ut_twin_model_get_metadata (const UtTwinModel *self, const char *key)
{
  return g_hash_table_lookup (self->metadata, key);
}
