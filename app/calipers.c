/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/calipers.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_COORDINATE 1e5 /* of a saved point; nothing measured is as far away */
#define MAX_NAME       64  /* bytes of what a saved one is on */

struct _UtCalipers {
  GObject parent_instance;
  GPtrArray *standing; /* UtStandingCaliper, the last one may have one point only */
  gboolean measuring;
  gboolean open; /* the next point goes to the last one */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtCalipers, ut_calipers, G_TYPE_OBJECT)

static void
standing_free (gpointer data)
{
  UtStandingCaliper *standing = data;
  g_free (standing->on);
  g_free (standing);
}

static UtStandingCaliper *
last (UtCalipers *self)
{
  return self->standing->len > 0 ? self->standing->pdata[self->standing->len - 1] : NULL;
}

static void
append (UtCalipers *self, const char *on, const UtCaliper *caliper)
{
  UtStandingCaliper *standing = g_new0 (UtStandingCaliper, 1);
  standing->on = g_strdup (on);
  standing->caliper = *caliper;
  if (self->standing->len == UT_CALIPERS_MAX)
    g_ptr_array_remove_index (self->standing, 0);
  g_ptr_array_add (self->standing, standing);
}

/* No more points to the last one; a single point is no measurement. */
static void
close_last (UtCalipers *self)
{
  UtStandingCaliper *standing = last (self);
  self->open = FALSE;
  if (standing != NULL && standing->caliper.n_points < 2)
    g_ptr_array_remove_index (self->standing, self->standing->len - 1);
}

void
ut_calipers_set_measuring (UtCalipers *self, gboolean measuring)
{
  g_return_if_fail (UT_IS_CALIPERS (self));
  if (self->measuring == measuring)
    return;
  self->measuring = measuring;
  close_last (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
ut_calipers_get_measuring (UtCalipers *self)
{
  g_return_val_if_fail (UT_IS_CALIPERS (self), FALSE);
  return self->measuring;
}

void
ut_calipers_add_point (UtCalipers *self, const char *on, UtVec3 point)
{
  g_return_if_fail (UT_IS_CALIPERS (self) && on != NULL);
  self->measuring = TRUE;
  if (!self->open || !g_str_equal (last (self)->on, on)) {
    close_last (self);
    append (self, on, &(UtCaliper){0});
  }
  UtCaliper *caliper = &last (self)->caliper;
  caliper->points[caliper->n_points++] = point;
  self->open = caliper->n_points < UT_CALIPER_POINTS;
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
ut_calipers_take_back (UtCalipers *self, const char *on, UtVec3 *ret_point)
{
  g_return_val_if_fail (UT_IS_CALIPERS (self), FALSE);
  for (guint i = self->standing->len; i > 0; i--) {
    UtStandingCaliper *standing = self->standing->pdata[i - 1];
    if (g_strcmp0 (standing->on, on) != 0)
      continue;
    g_ptr_array_steal_index (self->standing, i - 1);
    if (i <= self->standing->len) /* another one was open */
      close_last (self);
    g_ptr_array_add (self->standing, standing);
    *ret_point = standing->caliper.points[--standing->caliper.n_points];
    self->open = standing->caliper.n_points > 0;
    if (!self->open)
      g_ptr_array_remove_index (self->standing, self->standing->len - 1);
    g_signal_emit (self, signals[CHANGED], 0);
    return TRUE;
  }
  return FALSE;
}

gboolean
ut_calipers_delete_last (UtCalipers *self, const char *on)
{
  g_return_val_if_fail (UT_IS_CALIPERS (self), FALSE);
  for (guint i = self->standing->len; i > 0; i--) {
    const UtStandingCaliper *standing = self->standing->pdata[i - 1];
    if (g_strcmp0 (standing->on, on) != 0)
      continue;
    self->open = self->open && i < self->standing->len;
    g_ptr_array_remove_index (self->standing, i - 1);
    g_signal_emit (self, signals[CHANGED], 0);
    return TRUE;
  }
  return FALSE;
}

void
ut_calipers_forget (UtCalipers *self, const char *on_begins)
{
  g_return_if_fail (UT_IS_CALIPERS (self));
  guint n = self->standing->len;
  close_last (self);
  for (guint i = self->standing->len; i > 0; i--) {
    const UtStandingCaliper *standing = self->standing->pdata[i - 1];
    if (g_str_has_prefix (standing->on, on_begins))
      g_ptr_array_remove_index (self->standing, i - 1);
  }
  if (self->standing->len != n)
    g_signal_emit (self, signals[CHANGED], 0);
}

guint
ut_calipers_count (UtCalipers *self)
{
  g_return_val_if_fail (UT_IS_CALIPERS (self), 0);
  return self->standing->len;
}

const UtStandingCaliper *
ut_calipers_get (UtCalipers *self, guint index)
{
  g_return_val_if_fail (UT_IS_CALIPERS (self) && index < self->standing->len, NULL);
  return self->standing->pdata[index];
}

const UtCaliper *
ut_calipers_last_on (UtCalipers *self, const char *on)
{
  g_return_val_if_fail (UT_IS_CALIPERS (self), NULL);
  for (guint i = self->standing->len; i > 0; i--) {
    const UtStandingCaliper *standing = self->standing->pdata[i - 1];
    if (standing->caliper.n_points >= 2 && g_strcmp0 (standing->on, on) == 0)
      return &standing->caliper;
  }
  return NULL;
}

/* ---- place --------------------------------------------------------------------------- */

JsonNode *
ut_calipers_to_json (UtCalipers *self)
{
  g_return_val_if_fail (UT_IS_CALIPERS (self), NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->standing->len; i++) {
    const UtStandingCaliper *standing = self->standing->pdata[i];
    if (standing->caliper.n_points < 2)
      continue;
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "on");
    json_builder_add_string_value (builder, standing->on);
    json_builder_set_member_name (builder, "points");
    json_builder_begin_array (builder);
    for (guint k = 0; k < standing->caliper.n_points; k++) {
      json_builder_add_double_value (builder, standing->caliper.points[k].x);
      json_builder_add_double_value (builder, standing->caliper.points[k].y);
      json_builder_add_double_value (builder, standing->caliper.points[k].z);
    }
    json_builder_end_array (builder);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

static gboolean
read_points (JsonNode *node, UtCaliper *ret)
{
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;
  double values[3 * UT_CALIPER_POINTS];
  if (n != 6 && n != G_N_ELEMENTS (values))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    JsonNode *element = json_array_get_element (array, i);
    values[i] = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_double (element) : NAN;
    if (!(fabs (values[i]) <= MAX_COORDINATE))
      return FALSE;
  }
  *ret = (UtCaliper){.n_points = n / 3};
  for (guint k = 0; k < n / 3; k++)
    ret->points[k] = ut_vec3 (values[3 * k], values[3 * k + 1], values[3 * k + 2]);
  return TRUE;
}

static void
read_standing (UtCalipers *self, JsonNode *node)
{
  UtCaliper caliper;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  JsonObject *object = json_node_get_object (node);
  JsonNode *name = json_object_get_member (object, "on");
  const char *on =
    name != NULL && JSON_NODE_HOLDS_VALUE (name) ? json_node_get_string (name) : NULL;
  if (on != NULL && strlen (on) <= MAX_NAME &&
      read_points (json_object_get_member (object, "points"), &caliper))
    append (self, on, &caliper);
}

void
ut_calipers_from_json (UtCalipers *self, JsonNode *node)
{
  g_return_if_fail (UT_IS_CALIPERS (self));
  g_ptr_array_set_size (self->standing, 0);
  self->open = FALSE;
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);
    for (guint i = 0; i < MIN (json_array_get_length (array), UT_CALIPERS_MAX); i++)
      read_standing (self, json_array_get_element (array, i));
  }
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- words ---------------------------------------------------------------------------- */

char *
ut_caliper_text (const UtCaliper *caliper)
{
  if (caliper->n_points < UT_CALIPER_POINTS)
    return g_strdup_printf (_ ("%.1f mm"), ut_caliper_distance (caliper));
  double degrees = ut_caliper_angle (caliper);
  return isnan (degrees) ? g_strdup (_ ("no angle")) : g_strdup_printf (_ ("%.0f°"), degrees);
}

char *
ut_caliper_text_px (const UtCaliper *caliper)
{
  if (caliper->n_points < UT_CALIPER_POINTS)
    return g_strdup_printf (_ ("%.0f px"), ut_caliper_distance (caliper));
  double degrees = ut_caliper_angle (caliper);
  return isnan (degrees) ? g_strdup (_ ("no angle"))
                         : g_strdup_printf (_ ("%.0f° if pixels are square"), degrees);
}

char *
ut_caliper_words (const UtCaliper *caliper, const char *text)
{
  /* Translators: what was measured last: "Distance 45.2 mm", "Angle 87°" */
  return g_strdup_printf (
    caliper->n_points < UT_CALIPER_POINTS ? _ ("Distance %s") : _ ("Angle %s"), text);
}

/* ---- life ------------------------------------------------------------------------------- */

static void
ut_calipers_finalize (GObject *object)
{
  g_ptr_array_unref (UT_CALIPERS (object)->standing);
  G_OBJECT_CLASS (ut_calipers_parent_class)->finalize (object);
}

static void
ut_calipers_class_init (UtCalipersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ut_calipers_finalize;
  signals[CHANGED] = g_signal_new (
    "changed", UT_TYPE_CALIPERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_calipers_init (UtCalipers *self)
{
  self->standing = g_ptr_array_new_with_free_func (standing_free);
}

UtCalipers *
ut_calipers_new (void)
{
  return g_object_new (UT_TYPE_CALIPERS, NULL);
}
