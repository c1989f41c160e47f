/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/nn/backend.h"

#include <gmodule.h>
#include <string.h>

static const struct {
  const char *name;
  const UtBackendOps *(*built_in) (void); /* NULL: a module */
} backends[] = {
#if UT_HAS_CPU
  {"cpu", ut_cpu_backend},
#else /* as a module that is not there */
  {"cpu", NULL},
#endif
  {"cuda", NULL},
  {"ref", ut_ref_backend},
};

const char *const *
ut_backend_names (void)
{
  static const char *names[G_N_ELEMENTS (backends) + 1];
  for (gsize i = 0; i < G_N_ELEMENTS (backends); i++)
    names[i] = backends[i].name;
  return names;
}

static gboolean
is_complete (const UtBackendOps *ops)
{
  return ops->name && ops->probe && ops->open && ops->close && ops->buffer_new &&
         ops->buffer_free && ops->upload && ops->download && ops->supports && ops->plan_new &&
         ops->plan_run && ops->plan_free;
}

const UtBackendOps *
ut_backend_load (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  GModule *module = g_module_open (path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (module == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_DEVICE,
                 ut_words ("%s cannot be loaded: %s"),
                 name,
                 g_module_error ());
    return NULL;
  }
  gpointer symbol = NULL;
  const UtBackendOps *ops = NULL;
  if (g_module_symbol (module, UT_BACKEND_SYMBOL, &symbol) && symbol)
    ops = ((UtBackendGetFunc)symbol) ();

  g_autofree char *fault = NULL;
  if (ops == NULL)
    fault = g_strdup_printf (ut_words ("%s has no %s"), name, UT_BACKEND_SYMBOL);
  else if (ops->abi != UT_BACKEND_ABI || ops->struct_size != sizeof (UtBackendOps))
    fault = g_strdup_printf (ut_words ("%s was built for version %u of the interface, want %d"),
                             name,
                             ops->abi,
                             UT_BACKEND_ABI);
  else if (!is_complete (ops))
    fault = g_strdup_printf (ut_words ("%s lacks a call"), name);
  if (fault) {
    g_set_error_literal (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE, fault);
    g_module_close (module);
    return NULL;
  }
  if (ops->translate_by != NULL && ops->translate_by != ut_words_translate_by) /* not shared */
    ops->translate_by (ut_words);
  g_module_make_resident (module); /* its types and threads may outlive any count of users */
  return ops;
}

static const UtBackendOps *
find_module (const char *name, GError **error)
{
  g_autofree char *file = g_strdup_printf ("libultratwin-%s." G_MODULE_SUFFIX, name);
  const char *const folders[] = {g_getenv ("UT_MODULES"), UT_MODULE_DIR, UT_BUILD_DIR "/cuda"};
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *path = folders[i] ? g_build_filename (folders[i], file, NULL) : NULL;
    if (path && g_file_test (path, G_FILE_TEST_IS_REGULAR))
      return ut_backend_load (path, error);
  }
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_DEVICE,
               ut_words ("the module %s is not installed (looked in %s)"),
               file,
               UT_MODULE_DIR);
  return NULL;
}

/* a module is loaded once, and again only after a failure */
static const UtBackendOps *
module_table (gsize index, GError **error)
{
  static const UtBackendOps *loaded[G_N_ELEMENTS (backends)];
  static GMutex lock;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (loaded[index] == NULL)
    loaded[index] = find_module (backends[index].name, error);
  return loaded[index];
}

static gboolean
refuse_device (const char *device, const char *why, GError **error)
{
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_DEVICE,
               ut_words ("there is no device \"%.40s\"; %s"),
               device,
               why);
  return FALSE;
}

static gboolean
parse_precision (const char *word, UtPrecision *ret)
{
  static const char *const words[] = {"", "f32", "tf32", "bf16"};
  for (guint i = 1; i < G_N_ELEMENTS (words); i++)
    if (strcmp (word, words[i]) == 0) {
      *ret = (UtPrecision)i;
      return TRUE;
    }
  return FALSE;
}

gboolean
ut_backend_parse (const char *device,
                  const char **ret_name,
                  UtBackendConfig *ret_config,
                  GError **error)
{
  gsize n_name = strcspn (device, ":/"), which = 0;
  UtBackendConfig config = {0};
  guint64 number;
  while (which < G_N_ELEMENTS (backends) && (strlen (backends[which].name) != n_name ||
                                             strncmp (backends[which].name, device, n_name) != 0))
    which++;
  if (which == G_N_ELEMENTS (backends))
    return refuse_device (device, ut_words ("there are cpu, cuda and ref"), error);
  const char *rest = device + n_name;
  if (*rest != '\0' && backends[which].built_in)
    return refuse_device (device, ut_words ("only cuda has numbers and precisions"), error);
  g_auto (GStrv) parts = g_strsplit (*rest == ':' ? rest + 1 : rest, "/", 2);
  if (*rest == ':' &&
      !(parts[0] && g_ascii_string_to_unsigned (parts[0], 10, 0, 1023, &number, NULL)))
    return refuse_device (
      device, ut_words ("after the colon comes its number, counted from 0"), error);
  config.device = *rest == ':' ? (guint)number : 0;
  if (parts[0] && parts[1] && !parse_precision (parts[1], &config.precision))
    return refuse_device (device, ut_words ("after the slash comes f32, tf32 or bf16"), error);
  if (ret_name)
    *ret_name = backends[which].name;
  if (ret_config)
    *ret_config = config;
  return TRUE;
}

const UtBackendOps *
ut_backend_find (const char *device, UtDeviceInfo *ret_info, GError **error)
{
  const char *name;
  UtBackendConfig config;
  UtDeviceInfo info = {0};
  if (!ut_backend_parse (device, &name, &config, error))
    return NULL;
  gsize which = 0;
  while (backends[which].name != name)
    which++;
  const UtBackendOps *ops =
    backends[which].built_in ? backends[which].built_in () : module_table (which, error);
  if (ops == NULL || !ops->probe (config.device, &info, error))
    return NULL;
  if (ret_info)
    *ret_info = info;
  return ops;
}
