/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/scene-words.h"

#include "app/sentence.h"
#include "app/twin/surface-map.h"

#include <glib/gi18n.h>
#include <math.h>

#define SIDE_SHARE 0.38f /* sides of the heart that are turned less than 22 degrees to the eye */

static void
add_structures (GString *text, const UtLookState *look)
{
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (ut_look_shows (look, s))
      g_string_append_printf (text, ", %s", ut_structure_name (s));
}

static void
add_map (GString *text, UtSurfaceMap which)
{
  if (which == UT_SURFACE_MAP_NONE)
    return;
  UtScalarMap map = ut_surface_map_get (which);
  /* Translators: name of a colour map, the values at its ends */
  g_string_append_printf (
    text, _ (", %s %g to %g"), map.quantity, (double)map.min, (double)map.max);
  if (map.unit[0] != '\0')
    g_string_append_printf (text, " %s", map.unit);
}

/* "seen from the left and the front" */
static void
add_camera (GString *text, const UtCamera *camera, const float axes[3][3])
{
  static const char *const sides[3][2] = {
    {NC_ ("seen from", "the left"), NC_ ("seen from", "the right")},
    {NC_ ("seen from", "the back"), NC_ ("seen from", "the front")},
    {NC_ ("seen from", "the head"), NC_ ("seen from", "the feet")}};
  const char *found[3];
  guint n = 0;
  for (guint axis = 0; axis < 3; axis++) {
    float along = 0; /* of the way from the heart to the eye */
    for (guint i = 0; i < 3; i++)
      along -= camera->direction[i] * axes[axis][i];
    if (fabsf (along) >= SIDE_SHARE)
      found[n++] = g_dpgettext2 (NULL, "seen from", sides[axis][along < 0]);
  }
  if (n == 1)
    g_string_append_printf (text, _ (", seen from %s"), found[0]);
  else if (n == 2)
    g_string_append_printf (text, _ (", seen from %s and %s"), found[0], found[1]);
  else
    g_string_append_printf (text, _ (", seen from %s, %s and %s"), found[0], found[1], found[2]);
}

char *
ut_scene_words (const UtSceneWords *self)
{
  g_autoptr (GString) text = g_string_new (ut_phase_name (self->phase));
  const UtPhaseSurfaces *surfaces = self->surfaces;
  if (surfaces == NULL)
    return g_strdup_printf (_ ("%s, nothing to see"), text->str);
  if (self->reference_alone || surfaces->result == NULL)
    g_string_append_printf (text, ", %s", _ ("reference"));
  else
    /* Translators: "coarse stage" */
    g_string_append_printf (text, _ (", %s stage"), ut_sentence_twin_stage (surfaces->stage));
  if (self->look->voxel_true)
    g_string_append_printf (text, ", %s", _ ("voxel-true"));
  if (self->look->voxel_true && self->map != UT_SURFACE_MAP_NONE)
    g_string_append_printf (text, ", %s", _ ("colours of the smooth surface"));
  add_structures (text, self->look);
  if (self->look->reference && !self->reference_alone && surfaces->reference != NULL)
    g_string_append_printf (text, ", %s", _ ("with reference"));
  add_map (text, self->map);
  add_camera (text, self->camera, self->axes);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
