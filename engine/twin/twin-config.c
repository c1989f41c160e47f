/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin-config.h"

#include "engine/anatomy/structure.h"
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/twin/twin-input.h"

#include <string.h>

#define WHERE(field) G_STRUCT_OFFSET (UtTwinConfig, field)

/* Whole numbers: object, member, range, place. Upper bounds are far above every published
 * size and keep a hostile file from asking for all memory. */
static const struct {
  const char *object, *key;
  gint64 min, max;
  gsize where;
} int_fields[] = {
  {"image", "size", 32, 1024, WHERE (side)},
  {"enc", "width", 4, 256, WHERE (width)},
  {"enc", "out_stage", 2, UT_TWIN_MAX_STAGES, WHERE (out_stage)},
  {"fuse", "space_hidden", 1, 4096, WHERE (space_hidden)},
  {"fuse", "blocks", 0, 16, WHERE (fuse_blocks)},
  {"fuse", "groups", 1, 256, WHERE (groups)},
  {"dit", "patch", 4, 32, WHERE (patch)},
  {"dit", "dim", 12, 1536, WHERE (dim)},
  {"dit", "heads", 1, 64, WHERE (heads)},
  {"dit", "mlp_ratio", 1, 8, WHERE (mlp_ratio)},
  {"dit", "time_freq_dim", 2, 2048, WHERE (time_freq_dim)},
  {"coarse", "depth", 1, 48, WHERE (depth)},
  {"diffusion", "T", 1, 10000, WHERE (n_times)},
  {"sampler", "steps", 1, 1000, WHERE (steps)},
};

static const struct {
  const char *object, *key;
  double min, max;
  gsize where;
} double_fields[] = {
  {"image", "spacing_ref_mm", 0.01, 10, WHERE (spacing_ref_mm)},
  {"enc", "bn_eps", 1e-12, 0.1, WHERE (bn_eps)},
  {"fuse", "gn_eps", 1e-12, 0.1, WHERE (gn_eps)},
  {"fuse", "ln_eps", 1e-12, 0.1, WHERE (fuse_ln_eps)},
  {"dit", "ln_eps", 1e-12, 0.1, WHERE (ln_eps)},
  {"diffusion", "beta_start", 1e-8, 0.5, WHERE (beta_start)},
  {"diffusion", "beta_end", 1e-8, 0.5, WHERE (beta_end)},
};

/* Members of which this version builds one kind only. */
static const struct {
  const char *object, *key, *value;
} fixed_texts[] = {
  {NULL, "axis_order", "NZYX"},
  {"dit", "gelu", "erf"},
  {"coarse", "mode", "cond"},
  {"diffusion", "schedule", "linear"},
  {"diffusion", "predict", "x0"},
  {"sampler", "type", "ddim"},
  {"sampler", "spacing", "trailing"},
  {"sampler", "rng", "philox4x32-10/boxmuller"},
};

void
ut_twin_config_free (UtTwinConfig *self)
{
  if (self)
    g_free (self->name);
  g_free (self);
}

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, UtEngineError code, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, UT_ENGINE_ERROR, (int)code, what);
  return FALSE;
}

/* the object @name of @root; @root itself for NULL */
static JsonObject *
part (JsonObject *root, const char *name, GError **error)
{
  JsonObject *object = root;
  if (name && !ut_json_get_object (root, name, &object, error))
    return NULL;
  return object;
}

static gboolean
read_numbers (UtTwinConfig *self, JsonObject *root, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (int_fields); i++) {
    JsonObject *object = part (root, int_fields[i].object, error);
    gint64 *ret = G_STRUCT_MEMBER_P (self, int_fields[i].where);
    if (object == NULL ||
        !ut_json_get_int (
          object, int_fields[i].key, int_fields[i].min, int_fields[i].max, ret, error))
      return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (double_fields); i++) {
    JsonObject *object = part (root, double_fields[i].object, error);
    double *ret = G_STRUCT_MEMBER_P (self, double_fields[i].where);
    if (object == NULL ||
        !ut_json_get_double (
          object, double_fields[i].key, double_fields[i].min, double_fields[i].max, ret, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_fixed (JsonObject *root, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fixed_texts); i++) {
    JsonObject *object = part (root, fixed_texts[i].object, error);
    const char *text;
    if (object == NULL || !ut_json_get_string (object, fixed_texts[i].key, &text, error))
      return FALSE;
    if (strcmp (text, fixed_texts[i].value) != 0)
      return refuse (error,
                     UT_ENGINE_ERROR_UNSUPPORTED,
                     "\"%s\" is \"%.40s\", this version builds only \"%s\"",
                     fixed_texts[i].key,
                     text,
                     fixed_texts[i].value);
  }
  gint64 side;
  double spacing_mm;
  return ut_json_get_int (root, "volume", UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, &side, error) &&
         ut_json_get_double (
           root, "spacing_mm", UT_CANONICAL_SPACING, UT_CANONICAL_SPACING, &spacing_mm, error);
}

/* a list of exactly @names */
static gboolean
check_names (JsonObject *root, const char *key, const char *const *names, guint n, GError **error)
{
  JsonArray *list;
  if (!ut_json_get_array (root, key, &list, error))
    return FALSE;
  gboolean same = json_array_get_length (list) == n;
  for (guint i = 0; same && i < n; i++) {
    JsonNode *node = json_array_get_element (list, i);
    same = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
           strcmp (json_node_get_string (node), names[i]) == 0;
  }
  if (!same)
    return refuse (error,
                   UT_ENGINE_ERROR_UNSUPPORTED,
                   "\"%s\" are not the %u that this version knows, from %s to %s",
                   key,
                   n,
                   names[0],
                   names[n - 1]);
  return TRUE;
}

/* @n numbers, each within [min, max] */
static gboolean
read_list (
  JsonObject *object, const char *key, gsize n, double min, double max, double *ret, GError **error)
{
  JsonArray *list;
  if (!ut_json_get_array (object, key, &list, error))
    return FALSE;
  if (json_array_get_length (list) != n)
    return refuse (error,
                   UT_ENGINE_ERROR_FORMAT,
                   "\"%s\" has %u numbers, want %" G_GSIZE_FORMAT,
                   key,
                   json_array_get_length (list),
                   n);
  for (guint i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element (list, i);
    GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;
    double value = type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? json_node_get_double (node) : 0;
    if ((type != G_TYPE_DOUBLE && type != G_TYPE_INT64) || !(value >= min && value <= max))
      return refuse (
        error, UT_ENGINE_ERROR_RANGE, "\"%s\"[%u] is not a number from %g to %g", key, i, min, max);
    ret[i] = value;
  }
  return TRUE;
}

static gboolean
read_image (UtTwinConfig *self, JsonObject *root, GError **error)
{
  JsonObject *image = part (root, "image", error);
  if (image == NULL || !ut_json_get_int (image, "channels", 1, 3, &self->channels, error))
    return FALSE;
  if (self->channels == 2)
    return refuse (error, UT_ENGINE_ERROR_RANGE, "\"channels\" is 2, want 1 or 3");
  if (ut_json_has (image, "field_mm") &&
      !ut_json_get_double (
        image, "field_mm", 1, UT_TWIN_INPUT_MAX_FIELD_MM, &self->field_mm, error))
    return FALSE;
  gsize n = (gsize)self->channels;
  return read_list (image, "mean", n, -10, 10, self->mean, error) &&
         read_list (image, "std", n, 1e-3, 100, self->std, error);
}

static gboolean
read_encoder (UtTwinConfig *self, JsonObject *root, GError **error)
{
  JsonObject *enc = part (root, "enc", error);
  const char *arch;
  double blocks[UT_TWIN_MAX_STAGES];
  if (enc == NULL || !ut_json_get_string (enc, "arch", &arch, error) ||
      !read_list (enc, "blocks", UT_TWIN_MAX_STAGES, 1, 64, blocks, error))
    return FALSE;
  for (int i = 0; i < UT_TWIN_MAX_STAGES; i++)
    self->blocks[i] = (gint64)blocks[i];
  self->bottleneck = strcmp (arch, "resnet50") == 0;
  if (!self->bottleneck && strcmp (arch, "resnet18") != 0)
    return refuse (error,
                   UT_ENGINE_ERROR_UNSUPPORTED,
                   "\"arch\" is \"%.40s\", this version builds resnet18 and resnet50",
                   arch);
  return TRUE;
}

/* TRUE where the optional object @name is there and its "enabled" is true */
static gboolean
read_enabled (JsonObject *root, const char *name, gboolean *ret, GError **error)
{
  *ret = FALSE;
  if (!ut_json_has (root, name))
    return TRUE;
  JsonObject *object = part (root, name, error);
  return object && ut_json_get_boolean (object, "enabled", ret, error);
}

static gboolean
read_switches (UtTwinConfig *self, JsonObject *root, GError **error)
{
  static const char *const later[] = {"refine", "topology"};
  for (gsize i = 0; i < G_N_ELEMENTS (later); i++) {
    gboolean enabled;
    if (!read_enabled (root, later[i], &enabled, error))
      return FALSE;
    if (enabled)
      return refuse (error,
                     UT_ENGINE_ERROR_UNSUPPORTED,
                     "\"%s\" is enabled, which this version does not build",
                     later[i]);
  }
  JsonObject *coarse = part (root, "coarse", error), *sampler = part (root, "sampler", error);
  double eta;
  if (coarse == NULL || sampler == NULL || !read_enabled (root, "global", &self->global, error) ||
      !ut_json_get_double (sampler, "eta", 0, 1, &eta, error))
    return FALSE;
  if (eta != 0 && eta != 1)
    return refuse (error, UT_ENGINE_ERROR_UNSUPPORTED, "\"eta\" is %g, want 0 or 1", eta);
  self->fresh_noise = eta == 1;
  return (!ut_json_has (root, "views_optional") ||
          ut_json_get_boolean (root, "views_optional", &self->views_optional, error)) &&
         (!ut_json_has (coarse, "residual") ||
          ut_json_get_boolean (coarse, "residual", &self->residual, error)) &&
         (!ut_json_has (coarse, "prior") ||
          ut_json_get_boolean (coarse, "prior", &self->prior, error));
}

static gboolean
check_together (const UtTwinConfig *self, GError **error)
{
  const struct {
    gboolean good;
    const char *sentence;
  } rules[] = {
    {UT_CANONICAL_SIDE % self->patch == 0, "\"patch\" does not divide 64"},
    {self->dim % 6 == 0, "\"dim\" is not a multiple of 6"},
    {self->dim % self->heads == 0, "\"dim\" is not a multiple of \"heads\""},
    {self->dim % self->groups == 0, "\"dim\" is not a multiple of \"groups\""},
    {self->time_freq_dim % 2 == 0, "\"time_freq_dim\" is odd"},
    {self->beta_start <= self->beta_end, "\"beta_start\" is above \"beta_end\""},
    {self->steps <= self->n_times, "\"steps\" is above \"T\""},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (!rules[i].good)
      return refuse (error, UT_ENGINE_ERROR_RANGE, "%s", rules[i].sentence);
  return TRUE;
}

static gboolean
read_config (UtTwinConfig *self, JsonObject *root, GError **error)
{
  static const char *const views[] = {"A4C", "A2C", "PSAX_PAP"};
  static const char *const classes[] = {"bg", "Myo", "LV", "LA", "RV", "RA"};
  const char *name;
  if (!ut_json_get_string (root, "name", &name, error))
    return FALSE;
  self->name = g_strdup (name);
  return check_names (root, "views", views, UT_N_VIEWS, error) &&
         check_names (root, "classes", classes, UT_N_LABELS, error) && read_fixed (root, error) &&
         read_switches (self, root, error) && read_numbers (self, root, error) &&
         read_image (self, root, error) && read_encoder (self, root, error) &&
         check_together (self, error);
}

UtTwinConfig *
ut_twin_config_new (const UtWeights *weights, GError **error)
{
  const char *file = ut_weights_get_name (weights);
  const char *format = ut_weights_get_metadata (weights, "format");
  const char *version = ut_weights_get_metadata (weights, "format_version");
  const char *text = ut_weights_get_metadata (weights, "config");
  if (g_strcmp0 (format, "ultratwin") != 0 || text == NULL) {
    refuse (error, UT_ENGINE_ERROR_FORMAT, "%s: not a weight file of this program", file);
    return NULL;
  }
  if (g_strcmp0 (version, "1") != 0) {
    refuse (error,
            UT_ENGINE_ERROR_UNSUPPORTED,
            "%s: format_version is \"%.20s\", this version reads \"1\"",
            file,
            version ? version : "");
    return NULL;
  }
  g_autoptr (UtTwinConfig) self = g_new0 (UtTwinConfig, 1);
  g_autoptr (JsonNode) root = ut_json_parse (text, strlen (text), "config", error);
  if (root == NULL || !read_config (self, json_node_get_object (root), error)) {
    g_prefix_error (error, "%s: ", file);
    return NULL;
  }
  return g_steal_pointer (&self);
}

gsize
ut_twin_config_features (const UtTwinConfig *self)
{
  return (gsize)self->width * (self->bottleneck ? 4 : 1) << (self->out_stage - 1);
}

gsize
ut_twin_config_tokens (const UtTwinConfig *self)
{
  gsize grid = UT_CANONICAL_SIDE / (gsize)self->patch;
  return grid * grid * grid;
}
