/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin-config.h"

#include "engine/anatomy/structure.h"
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/words.h"
#include "engine/nn/graph.h"
#include "engine/twin/twin-input.h"

#include <string.h>

#define WHERE(field) G_STRUCT_OFFSET (UtTwinConfig, field)

/* Parts of the configuration: those that a file may leave out are read where it has them. */
typedef enum {
  PART_ALWAYS,
  PART_REFINE,
  PART_FUSION,
  PART_AE,
  PART_SELECT,
  PART_SHAPE,
  PART_LOCATE,
} Part;

/* Whole numbers: object, member, range, place. Upper bounds are far above every published
 * size and keep a hostile file from asking for all memory. */
static const struct {
  Part part;
  const char *object, *key;
  gint64 min, max;
  gsize where;
} int_fields[] = {
  {PART_ALWAYS, "image", "size", 32, 1024, WHERE (side)},
  {PART_ALWAYS, "enc", "width", 4, 256, WHERE (width)},
  {PART_ALWAYS, "enc", "out_stage", 2, UT_TWIN_MAX_STAGES, WHERE (out_stage)},
  {PART_ALWAYS, "fuse", "space_hidden", 1, 4096, WHERE (space_hidden)},
  {PART_ALWAYS, "fuse", "blocks", 0, 16, WHERE (fuse_blocks)},
  {PART_ALWAYS, "fuse", "groups", 1, 256, WHERE (groups)},
  {PART_ALWAYS, "dit", "patch", 4, 32, WHERE (patch)},
  {PART_ALWAYS, "dit", "dim", 12, 1536, WHERE (dim)},
  {PART_ALWAYS, "dit", "heads", 1, 64, WHERE (heads)},
  {PART_ALWAYS, "dit", "mlp_ratio", 1, 8, WHERE (mlp_ratio)},
  {PART_ALWAYS, "dit", "time_freq_dim", 2, 2048, WHERE (time_freq_dim)},
  {PART_ALWAYS, "coarse", "depth", 1, 48, WHERE (depth)},
  {PART_ALWAYS, "diffusion", "T", 1, 10000, WHERE (n_times)},
  {PART_ALWAYS, "sampler", "steps", 1, 1000, WHERE (steps)},
  {PART_REFINE, "refine", "dim", 12, 1536, WHERE (refine.dim)},
  {PART_REFINE, "refine", "heads", 1, 64, WHERE (refine.heads)},
  {PART_REFINE, "refine", "n1", 1, 24, WHERE (refine.n1)},
  {PART_REFINE, "refine", "n2", 1, 24, WHERE (refine.n2)},
  {PART_AE, "ae", "latent", 1, 4096, WHERE (ae.latent)},
  {PART_AE, "ae", "c0", 1, 1024, WHERE (ae.c0)},
  {PART_AE, "ae", "templates", 1, 256, WHERE (ae.templates)},
  {PART_AE, "ae", "groups", 1, 256, WHERE (ae.groups)},
  {PART_SHAPE, "shape", "side", 2, UT_CANONICAL_SIDE, WHERE (shape.side)},
  {PART_SHAPE, "shape", "modes", 1, 1024, WHERE (shape.modes)},
  {PART_SHAPE, "shape", "power", 1, 2, WHERE (shape.power)},
  {PART_SHAPE, "shape", "segment", 1, 1024, WHERE (shape.segment)},
  {PART_SHAPE, "shape", "components", 1, 4096, WHERE (shape.components)},
  {PART_SHAPE, "shape", "hidden", 1, 8192, WHERE (shape.hidden)},
  {PART_LOCATE, "locate", "width", 4, 256, WHERE (locate.width)},
  {PART_LOCATE, "locate", "reduce", 1, 1024, WHERE (locate.reduce)},
  {PART_LOCATE, "locate", "hidden", 1, 8192, WHERE (locate.hidden)},
  {PART_SELECT, "ts", "t_max", 0, 10000, WHERE (select.t_max)},
  {PART_SELECT, "ts", "k", 1, 256, WHERE (select.k)},
};

static const struct {
  Part part;
  const char *object, *key;
  double min, max;
  gsize where;
} double_fields[] = {
  {PART_ALWAYS, "image", "spacing_ref_mm", 0.01, 10, WHERE (spacing_ref_mm)},
  {PART_ALWAYS, "enc", "bn_eps", 1e-12, 0.1, WHERE (bn_eps)},
  {PART_ALWAYS, "fuse", "gn_eps", 1e-12, 0.1, WHERE (gn_eps)},
  {PART_ALWAYS, "fuse", "ln_eps", 1e-12, 0.1, WHERE (fuse_ln_eps)},
  {PART_ALWAYS, "dit", "ln_eps", 1e-12, 0.1, WHERE (ln_eps)},
  {PART_ALWAYS, "diffusion", "beta_start", 1e-8, 0.5, WHERE (beta_start)},
  {PART_ALWAYS, "diffusion", "beta_end", 1e-8, 0.5, WHERE (beta_end)},
  {PART_FUSION, "fusion", "eps", 1e-6, 1, WHERE (fusion_eps)},
  {PART_AE, "ae", "max_disp", 0, 1, WHERE (ae.max_disp)},
};

/* Members of which this version builds one kind only. */
static const struct {
  const char *object, *key, *value;
} fixed_texts[] = {
  {NULL, "axis_order", "NZYX"},
  {"dit", "gelu", "erf"},
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
has_part (const UtTwinConfig *self, Part part)
{
  switch (part) {
  case PART_REFINE:
    return self->refined;
  case PART_FUSION:
    return self->refined || self->topology;
  case PART_AE:
    return self->has_ae;
  case PART_SELECT:
    return self->dual;
  case PART_SHAPE:
    return self->prior == UT_TWIN_PRIOR_SHAPE;
  case PART_LOCATE:
    return self->upright_mm > 0;
  case PART_ALWAYS:
  default:
    return TRUE;
  }
}

static gboolean
read_numbers (UtTwinConfig *self, JsonObject *root, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (int_fields); i++) {
    if (!has_part (self, int_fields[i].part))
      continue;
    JsonObject *object = part (root, int_fields[i].object, error);
    gint64 *ret = G_STRUCT_MEMBER_P (self, int_fields[i].where);
    if (object == NULL ||
        !ut_json_get_int (
          object, int_fields[i].key, int_fields[i].min, int_fields[i].max, ret, error))
      return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (double_fields); i++) {
    if (!has_part (self, double_fields[i].part))
      continue;
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
      return ut_fail (error,
                      UT_ENGINE_ERROR_UNSUPPORTED,
                      ut_words ("\"%s\" is \"%.40s\", this version builds only \"%s\""),
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
    return ut_fail (error,
                    UT_ENGINE_ERROR_UNSUPPORTED,
                    ut_words ("\"%s\" are not the %u that this version knows, from %s to %s"),
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
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("\"%s\" has %u numbers, want %zu"),
                    key,
                    json_array_get_length (list),
                    n);
  for (guint i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element (list, i);
    GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;
    double value = type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? json_node_get_double (node) : 0;
    if ((type != G_TYPE_DOUBLE && type != G_TYPE_INT64) || !(value >= min && value <= max))
      return ut_fail (error,
                      UT_ENGINE_ERROR_RANGE,
                      ut_words ("\"%s\"[%u] is not a number from %g to %g"),
                      key,
                      i,
                      min,
                      max);
    ret[i] = value;
  }
  return TRUE;
}

/* the same for whole numbers */
static gboolean
read_int_list (
  JsonObject *object, const char *key, gsize n, gint64 min, gint64 max, gint64 *ret, GError **error)
{
  double values[8];
  g_assert (n <= G_N_ELEMENTS (values));
  if (!read_list (object, key, n, (double)min, (double)max, values, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    ret[i] = (gint64)values[i];
  return TRUE;
}

/* the place of the text @key of @object in @names, whose last element is NULL */
static gboolean
read_choice (
  JsonObject *object, const char *key, const char *const *names, guint *ret, GError **error)
{
  const char *text;
  if (!ut_json_get_string (object, key, &text, error))
    return FALSE;
  for (guint i = 0; names[i]; i++)
    if (strcmp (text, names[i]) == 0) {
      *ret = i;
      return TRUE;
    }
  g_autofree char *known = g_strjoinv ("\", \"", (char **)names);
  return ut_fail (error,
                  UT_ENGINE_ERROR_UNSUPPORTED,
                  ut_words ("\"%s\" is \"%.40s\", this version builds \"%s\""),
                  key,
                  text,
                  known);
}

/* pictures that are turned upright: what they show then, of what the square shows */
static gboolean
read_upright (UtTwinConfig *self, JsonObject *image, GError **error)
{
  if (!ut_json_has (image, "upright"))
    return TRUE;
  JsonObject *upright = part (image, "upright", error);
  if (upright == NULL)
    return FALSE;
  if (self->field_mm <= 0)
    return ut_fail (
      error, UT_ENGINE_ERROR_RANGE, ut_words ("\"upright\" of \"image\" needs its \"field_mm\""));
  return ut_json_get_double (upright, "field_mm", 1, self->field_mm, &self->upright_mm, error) &&
         read_list (upright, "ahead_mm", UT_N_VIEWS, -100, 100, self->ahead_mm, error) &&
         read_list (upright, "place_error_mm", UT_N_VIEWS, 0, 100, self->place_error_mm, error) &&
         read_list (upright, "turn_error_deg", UT_N_VIEWS, 0, 90, self->turn_error_deg, error);
}

static gboolean
read_image (UtTwinConfig *self, JsonObject *root, GError **error)
{
  JsonObject *image = part (root, "image", error);
  if (image == NULL || !ut_json_get_int (image, "channels", 1, 3, &self->channels, error))
    return FALSE;
  if (self->channels == 2)
    return ut_fail (error, UT_ENGINE_ERROR_RANGE, ut_words ("\"channels\" is 2, want 1 or 3"));
  if (ut_json_has (image, "field_mm") &&
      !ut_json_get_double (
        image, "field_mm", 1, UT_TWIN_INPUT_MAX_FIELD_MM, &self->field_mm, error))
    return FALSE;
  gsize n = (gsize)self->channels;
  return read_upright (self, image, error) &&
         read_list (image, "mean", n, -10, 10, self->mean, error) &&
         read_list (image, "std", n, 1e-3, 100, self->std, error);
}

static gboolean
read_encoder (UtTwinConfig *self, JsonObject *root, GError **error)
{
  static const char *const archs[] = {"resnet18", "resnet50", NULL};
  JsonObject *enc = part (root, "enc", error);
  guint arch;
  if (enc == NULL || !read_choice (enc, "arch", archs, &arch, error) ||
      !read_int_list (enc, "blocks", UT_TWIN_MAX_STAGES, 1, 64, self->blocks, error))
    return FALSE;
  self->bottleneck = arch == 1;
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

/* @ret stays as it is where @object has no such member */
static gboolean
read_optional_boolean (JsonObject *object, const char *key, gboolean *ret, GError **error)
{
  return !ut_json_has (object, key) || ut_json_get_boolean (object, key, ret, error);
}

static gboolean
read_topology (UtTwinConfig *self, JsonObject *root, GError **error)
{
  if (!read_enabled (root, "topology", &self->topology, error))
    return FALSE;
  if (!self->topology)
    return TRUE;
  JsonObject *topology = part (root, "topology", error);
  return topology && read_optional_boolean (topology, "sink_islands", &self->sinks_islands, error);
}

static gboolean
read_coarse (UtTwinConfig *self, JsonObject *root, GError **error)
{
  static const char *const modes[] = {"cond", "dual", NULL};
  JsonObject *coarse = part (root, "coarse", error);
  guint mode;
  if (coarse == NULL || !read_choice (coarse, "mode", modes, &mode, error) ||
      !read_optional_boolean (coarse, "residual", &self->residual, error))
    return FALSE;
  self->dual = mode == 1;
  JsonNode *prior = json_object_get_member (coarse, "prior");
  if (prior && JSON_NODE_HOLDS_VALUE (prior) && json_node_get_value_type (prior) == G_TYPE_STRING) {
    static const char *const priors[] = {"template", "shape", NULL};
    guint which = 0;
    gboolean known = read_choice (coarse, "prior", priors, &which, error);
    self->prior = which == 0 ? UT_TWIN_PRIOR_TEMPLATE : UT_TWIN_PRIOR_SHAPE;
    return known;
  }
  gboolean mean = FALSE;
  if (!read_optional_boolean (coarse, "prior", &mean, error))
    return FALSE;
  self->prior = mean ? UT_TWIN_PRIOR_MEAN : UT_TWIN_PRIOR_NONE;
  return TRUE;
}

static gboolean
read_sampler (UtTwinConfig *self, JsonObject *root, GError **error)
{
  JsonObject *sampler = part (root, "sampler", error);
  double eta;
  if (sampler == NULL || !ut_json_get_double (sampler, "eta", 0, 1, &eta, error))
    return FALSE;
  if (eta != 0 && eta != 1)
    return ut_fail (
      error, UT_ENGINE_ERROR_UNSUPPORTED, ut_words ("\"eta\" is %g, want 0 or 1"), eta);
  self->fresh_noise = eta == 1;
  return TRUE;
}

/* "all" or "last:n" */
static gboolean
read_when (UtTwinConfig *self, JsonObject *refine, GError **error)
{
  const char *when;
  guint64 last = 0;
  if (!ut_json_get_string (refine, "when", &when, error))
    return FALSE;
  if (strcmp (when, "all") != 0 &&
      (!g_str_has_prefix (when, "last:") ||
       !g_ascii_string_to_unsigned (when + strlen ("last:"), 10, 1, 1000, &last, NULL)))
    return ut_fail (error,
                    UT_ENGINE_ERROR_RANGE,
                    ut_words ("\"when\" is \"%.40s\", want \"all\" or \"last:\" and 1 to 1000"),
                    when);
  self->refine.last = (gint64)last;
  return TRUE;
}

static gboolean
read_refine (UtTwinConfig *self, JsonObject *root, GError **error)
{
  if (!read_enabled (root, "refine", &self->refined, error))
    return FALSE;
  if (!self->refined)
    return TRUE;
  JsonObject *refine = part (root, "refine", error);
  return ut_json_get_boolean (refine, "mid_fusion", &self->refine.mid_fusion, error) &&
         read_optional_boolean (refine, "residual", &self->refine.residual, error) &&
         read_when (self, refine, error);
}

/* the parts of the dynamic fusion of which there is one kind */
static gboolean
read_fusion (UtTwinConfig *self, JsonObject *root, GError **error)
{
  if (!has_part (self, PART_FUSION))
    return TRUE;
  static const char *const flags[] = {"per_class", "renormalise"};
  JsonObject *fusion = part (root, "fusion", error);
  gint64 window;
  if (fusion == NULL || !ut_json_get_int (fusion, "window", 3, 3, &window, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++) {
    gboolean flag;
    if (!ut_json_get_boolean (fusion, flags[i], &flag, error))
      return FALSE;
    if (!flag)
      return ut_fail (error,
                      UT_ENGINE_ERROR_UNSUPPORTED,
                      ut_words ("\"%s\" is false, this version builds only true"),
                      flags[i]);
  }
  return TRUE;
}

static gboolean
read_autoencoder (UtTwinConfig *self, JsonObject *root, GError **error)
{
  self->has_ae = ut_json_has (root, "ae");
  if (!self->has_ae)
    return TRUE;
  JsonObject *ae = part (root, "ae", error);
  UtTwinAutoencoder *sizes = &self->ae;
  double leaky;
  if (ae == NULL || !ut_json_get_double (ae, "leaky", 0, 1, &leaky, error))
    return FALSE;
  if ((float)leaky != UT_LEAKY_SLOPE)
    return ut_fail (error,
                    UT_ENGINE_ERROR_UNSUPPORTED,
                    ut_words ("\"leaky\" is %g, this version builds only %g"),
                    leaky,
                    (double)UT_LEAKY_SLOPE);
  return read_int_list (
           ae, "enc_channels", UT_TWIN_AE_LEVELS, 1, 1024, sizes->enc_channels, error) &&
         read_int_list (ae, "dec_channels", UT_TWIN_AE_UPS, 1, 1024, sizes->dec_channels, error) &&
         read_int_list (ae, "point_hidden", 2, 1, 256, sizes->point_hidden, error);
}

static gboolean
read_selector (UtTwinConfig *self, JsonObject *root, GError **error)
{
  static const char *const modes[] = {"latent_nn", "t_branch", NULL};
  static const char *const inputs[] = {"x_t", "x0_prev", "pictures", NULL};
  if (!self->dual)
    return TRUE;
  JsonObject *ts = part (root, "ts", error);
  guint mode, input;
  if (ts == NULL || !read_choice (ts, "mode", modes, &mode, error) ||
      !read_choice (ts, "input", inputs, &input, error))
    return FALSE;
  self->select.t_branch = mode == 1;
  self->select.input = (UtTwinSelectInput)input;
  return TRUE;
}

static gboolean
all_multiples (const gint64 *numbers, gsize n, gint64 of)
{
  for (gsize i = 0; i < n; i++)
    if (numbers[i] % of != 0)
      return FALSE;
  return TRUE;
}

static gboolean
check_together (const UtTwinConfig *self, GError **error)
{
  const UtTwinRefine *refine = &self->refine;
  const UtTwinAutoencoder *ae = &self->ae;
  const UtTwinSelector *select = &self->select;
  gboolean pictures = self->dual && select->input == UT_TWIN_SELECT_PICTURES;
  const struct {
    gboolean applies, good;
    const char *sentence;
  } rules[] = {
    {TRUE, UT_CANONICAL_SIDE % self->patch == 0, UT_WORDS ("\"patch\" does not divide 64")},
    {TRUE, self->dim % 6 == 0, UT_WORDS ("\"dim\" is not a multiple of 6")},
    {TRUE, self->dim % self->heads == 0, UT_WORDS ("\"dim\" is not a multiple of \"heads\"")},
    {TRUE, self->dim % self->groups == 0, UT_WORDS ("\"dim\" is not a multiple of \"groups\"")},
    {TRUE, self->time_freq_dim % 2 == 0, UT_WORDS ("\"time_freq_dim\" is odd")},
    {TRUE, self->beta_start <= self->beta_end, UT_WORDS ("\"beta_start\" is above \"beta_end\"")},
    {TRUE, self->steps <= self->n_times, UT_WORDS ("\"steps\" is above \"T\"")},
    {self->dual, self->residual, UT_WORDS ("\"mode\" is \"dual\", which needs \"residual\" true")},
    {self->prior == UT_TWIN_PRIOR_TEMPLATE,
     self->dual,
     UT_WORDS ("\"prior\" is \"template\", which needs \"mode\" \"dual\"")},
    {self->refined, self->patch % 2 == 0, UT_WORDS ("\"patch\" is odd, \"refine\" halves it")},
    {self->refined,
     refine->dim % 6 == 0,
     UT_WORDS ("\"dim\" of \"refine\" is not a multiple of 6")},
    {self->refined,
     refine->heads && refine->dim % refine->heads == 0,
     UT_WORDS ("\"dim\" of \"refine\" is not a multiple of its \"heads\"")},
    {self->has_ae,
     ae->groups && all_multiples (ae->enc_channels, UT_TWIN_AE_LEVELS, ae->groups),
     UT_WORDS ("\"enc_channels\" are not multiples of \"groups\" of \"ae\"")},
    {self->has_ae,
     ae->groups && all_multiples (ae->dec_channels, UT_TWIN_AE_UPS, ae->groups),
     UT_WORDS ("\"dec_channels\" are not multiples of \"groups\" of \"ae\"")},
    {self->topology, self->has_ae, UT_WORDS ("\"topology\" is enabled, which needs \"ae\"")},
    {pictures,
     !select->t_branch,
     UT_WORDS ("\"input\" of \"ts\" is \"pictures\", which needs \"mode\" \"latent_nn\"")},
    {self->dual,
     self->has_ae,
     UT_WORDS ("\"mode\" is \"dual\", which needs \"ae\" and its \"latent\"")},
    {self->dual && select->t_branch,
     select->k == ae->templates,
     UT_WORDS (
       "\"k\" of \"ts\" differs from \"templates\" of \"ae\", which are the templates in mode "
       "\"t_branch\"")},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (rules[i].applies && !rules[i].good)
      return ut_fail (error, UT_ENGINE_ERROR_RANGE, "%s", ut_words (rules[i].sentence));
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
         read_optional_boolean (root, "views_optional", &self->views_optional, error) &&
         read_enabled (root, "global", &self->global, error) && read_topology (self, root, error) &&
         read_image (self, root, error) && read_encoder (self, root, error) &&
         read_coarse (self, root, error) && read_selector (self, root, error) &&
         read_refine (self, root, error) && read_fusion (self, root, error) &&
         read_autoencoder (self, root, error) && read_sampler (self, root, error) &&
         read_numbers (self, root, error) && check_together (self, error);
}

UtTwinConfig *
ut_twin_config_new (const UtWeights *weights, GError **error)
{
  const char *file = ut_weights_get_name (weights);
  const char *format = ut_weights_get_metadata (weights, "format");
  const char *version = ut_weights_get_metadata (weights, "format_version");
  const char *text = ut_weights_get_metadata (weights, "config");
  if (g_strcmp0 (format, "ultratwin") != 0 || text == NULL) {
    ut_fail (
      error, UT_ENGINE_ERROR_FORMAT, ut_words ("%s: not a weight file of this program"), file);
    return NULL;
  }
  if (g_strcmp0 (version, "1") != 0) {
    ut_fail (error,
             UT_ENGINE_ERROR_UNSUPPORTED,
             ut_words ("%s: format_version is \"%.20s\", this version reads \"1\""),
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

gboolean
ut_twin_config_selects_by_volume (const UtTwinConfig *self)
{
  return self->dual && self->select.input != UT_TWIN_SELECT_PICTURES;
}
