/* SPDX-License-Identifier: Apache-2.0 */
#include "render/scene-copy.h"

#include <string.h>

/* For members without padding. */
#define SAME(a, b, member) (memcmp (&(a)->member, &(b)->member, sizeof (a)->member) == 0)

UtScene *
ut_scene_copy (const UtScene *self)
{
  UtScene *copy = ut_scene_new ();
  for (guint i = 0; i < self->items->len; i++) {
    const UtSceneItem *item = ut_scene_item (self, i);
    ut_scene_set_mesh (copy, item->id, item->structure, item->mesh);
    ut_scene_set_visible (copy, item->id, item->visible);
    ut_scene_set_opacity (copy, item->id, item->opacity);
    ut_scene_set_colour (copy, item->id, item->colour);
  }
  ut_scene_set_map (copy, self->map.scalar != NULL ? &self->map : NULL);
  ut_scene_set_background (copy, self->background_top, self->background_bottom);
  ut_scene_set_cube (copy, self->show_cube);
  ut_scene_set_cube_lift (copy, self->cube_lift);
  ut_scene_set_legend (copy, self->show_legend);
  ut_scene_set_note (copy, self->note);
  ut_scene_set_clip (copy, self->clipped ? &self->clip : NULL);
  for (guint i = 0; i < UT_SCENE_MAX_IMAGES; i++)
    ut_scene_set_image (copy, i, &self->images[i]);
  memcpy (copy->axes, self->axes, sizeof copy->axes);
  return copy;
}

static gboolean
same_item (const UtSceneItem *a, const UtSceneItem *b)
{
  return a->id == b->id && a->structure == b->structure && a->mesh == b->mesh &&
         SAME (a, b, colour) && a->opacity == b->opacity && a->visible == b->visible;
}

static gboolean
same_items (const GPtrArray *a, const GPtrArray *b)
{
  for (guint i = 0; a->len == b->len && i < a->len; i++)
    if (!same_item (a->pdata[i], b->pdata[i]))
      return FALSE;
  return a->len == b->len;
}

gboolean
ut_scene_equal (const UtScene *a, const UtScene *b)
{
  for (int i = 0; i < UT_SCENE_MAX_IMAGES; i++)
    if (!ut_scene_image_equal (&a->images[i], &b->images[i]))
      return FALSE;
  return same_items (a->items, b->items) && ut_scalar_map_equal (&a->map, &b->map) &&
         SAME (a, b, background_top) && SAME (a, b, background_bottom) &&
         a->show_cube == b->show_cube && a->cube_lift == b->cube_lift &&
         a->show_legend == b->show_legend && g_strcmp0 (a->note, b->note) == 0 &&
         a->clipped == b->clipped && SAME (a, b, clip) && SAME (a, b, axes);
}
