/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/cine-variant.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/cine-driver.h"

#include <string.h>

/* sizes, pixels, calibration, spacing, times and whether they are known, R waves, heart rate,
 * body, region, view, ED, ES, note, whether the spacing was scaled, patient, examination */
#define TYPE "((uuu)ayu(dd)adbadd(udd)(uuuu)(iii)sbss)"

static GVariant *
numbers (const double *values, gsize n)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, values, n, sizeof (double));
}

GVariant *
ut_cine_to_variant (const UtCine *self)
{
  gsize n_bytes = (gsize)self->n_frames * self->height * self->width;
  return g_variant_new ("((uuu)@ayu(dd)@adb@add(udd)(uuuu)(iii)sbss)",
                        self->n_frames,
                        self->height,
                        self->width,
                        g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, self->pixels, n_bytes, 1),
                        (guint)self->calibration,
                        self->spacing_mm[0],
                        self->spacing_mm[1],
                        numbers (self->times_ms, self->n_frames),
                        self->times_known,
                        numbers (self->r_waves_ms, self->n_r_waves),
                        self->heart_rate_bpm,
                        (guint)self->body.sex,
                        self->body.height_cm,
                        self->body.weight_kg,
                        self->region[0],
                        self->region[1],
                        self->region[2],
                        self->region[3],
                        self->view_hint,
                        self->ed_hint,
                        self->es_hint,
                        self->note ? self->note : "",
                        self->spacing_scaled,
                        self->patient ? self->patient : "",
                        self->exam ? self->exam : "");
}

/* (transfer full): NULL where it is empty */
static char *
copy_text (GVariant *tuple, gsize i)
{
  const char *text;
  g_variant_get_child (tuple, i, "&s", &text);
  return *text != 0 ? g_strdup (text) : NULL;
}

static double *
copy_numbers (GVariant *list, gsize *ret_n)
{
  const double *values = g_variant_get_fixed_array (list, ret_n, sizeof (double));
  return g_memdup2 (values, *ret_n * sizeof (double));
}

UtCine *
ut_cine_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (GVariant) value =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (TYPE), bytes, FALSE));
  g_autoptr (GVariant) pixels = g_variant_get_child_value (value, 1);
  g_autoptr (GVariant) times = g_variant_get_child_value (value, 4);
  g_autoptr (GVariant) r_waves = g_variant_get_child_value (value, 6);
  guint n_frames, height, width, calibration;
  g_variant_get_child (value, 0, "(uuu)", &n_frames, &height, &width);
  g_autoptr (UtCine) self = ut_cine_new (n_frames, height, width, error);
  if (self == NULL)
    return NULL;

  gsize n_pixels, n_times, n_r_waves;
  const guint8 *grey = g_variant_get_fixed_array (pixels, &n_pixels, 1);
  g_autofree double *times_ms = copy_numbers (times, &n_times);
  if (n_pixels != (gsize)n_frames * height * width || n_times != n_frames) {
    g_set_error (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT, ut_words ("the decoded loop is incomplete"));
    return NULL;
  }
  memcpy (self->pixels, grey, n_pixels);
  g_variant_get_child (value, 5, "b", &self->times_known);
  if (self->times_known)
    self->times_known = ut_cine_take_times (self, g_steal_pointer (&times_ms));
  self->r_waves_ms = copy_numbers (r_waves, &n_r_waves);
  self->n_r_waves = (guint)n_r_waves;
  g_variant_get_child (value, 2, "u", &calibration);
  self->calibration = calibration < UT_N_CALIBRATIONS ? calibration : UT_CALIBRATION_NONE;
  g_variant_get_child (value, 3, "(dd)", &self->spacing_mm[0], &self->spacing_mm[1]);
  g_variant_get_child (value, 7, "d", &self->heart_rate_bpm);
  guint sex;
  g_variant_get_child (value, 8, "(udd)", &sex, &self->body.height_cm, &self->body.weight_kg);
  self->body.sex = sex < UT_N_SEXES ? sex : UT_SEX_UNKNOWN;
  g_variant_get_child (
    value, 9, "(uuuu)", &self->region[0], &self->region[1], &self->region[2], &self->region[3]);
  g_variant_get_child (value, 10, "(iii)", &self->view_hint, &self->ed_hint, &self->es_hint);
  g_variant_get_child (value, 12, "b", &self->spacing_scaled);
  self->note = copy_text (value, 11);
  self->patient = copy_text (value, 13);
  self->exam = copy_text (value, 14);
  return g_steal_pointer (&self);
}
