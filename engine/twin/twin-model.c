/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

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

/* in order of preference */
static const char *const device_order[] = {"cuda", "cpu", "ref"};

GPtrArray *
ut_twin_devices (void)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify)ut_twin_device_free);
  guint n_usable = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (device_order); i++) {
    g_autoptr (GError) error = NULL;
    UtDeviceInfo info = {0};
    UtTwinDevice *device = g_new0 (UtTwinDevice, 1);
    device->name = g_strdup (device_order[i]);
    device->usable = ut_backend_find (device_order[i], &info, &error) != NULL;
    if (device->usable)
      device->description = g_strdup (info.description);
    else
      device->reason = g_strdup (error->message);
    gboolean last = strcmp (device->name, "ref") == 0;
    g_ptr_array_insert (devices, device->usable && !last ? (int)n_usable++ : -1, device);
  }
  return devices;
}

/* ---- opening ---- */

char *
ut_twin_model_default_path (GError **error)
{
  const char *const candidates[] = {
    g_getenv ("UT_MODEL"),
    UT_DATA_DIR "/models/ultratwin-small.safetensors",
    UT_BUILD_DIR "/resources/models/ultratwin-small.safetensors",
    UT_SOURCE_DIR "/resources/models/ultratwin-small.safetensors",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (candidates[i] && g_file_test (candidates[i], G_FILE_TEST_IS_REGULAR))
      return g_strdup (candidates[i]);
  g_set_error (error,
               G_FILE_ERROR,
               G_FILE_ERROR_NOENT,
               "the weight file ultratwin-small.safetensors is not installed in %s/models",
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
  self->n_parameters = ut_weights_get_n_elements (weights);
  self->metadata = ut_weights_steal_metadata (weights);
  return g_steal_pointer (&self);
}

UtTwinModel *
ut_twin_model_open (const char *path, const char *device, GCancellable *cancel, GError **error)
{
  g_return_val_if_fail (path != NULL && device != NULL, NULL);
  if (strcmp (device, "auto") != 0)
    return open_on (path, device, cancel, error);
  g_autoptr (GError) reason = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (device_order); i++) {
    g_clear_error (&reason);
    UtTwinModel *self = open_on (path, device_order[i], cancel, &reason);
    if (self)
      return self;
    /* a fault of the file is the same on every device */
    if (!g_error_matches (reason, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE) &&
        !g_error_matches (reason, UT_ENGINE_ERROR, UT_ENGINE_ERROR_MEMORY))
      break;
    g_debug ("device %s: %s", device_order[i], reason->message);
  }
  g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
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
