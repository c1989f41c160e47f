/* SPDX-License-Identifier: Apache-2.0 */
#include "render/scene-cut.h"

#include <string.h>

static void
part_clear (UtCutPart *self)
{
  g_clear_pointer (&self->section, ut_section_free);
  g_clear_pointer (&self->mesh, ut_mesh_unref);
}

void
ut_scene_cut_clear (UtSceneCut *self)
{
  for (guint i = 0; i < self->n_parts; i++)
    part_clear (&self->parts[i]);
  self->n_parts = 0;
}

void
ut_scene_cut_update (UtSceneCut *self, const UtScene *scene, const UtPlane *plane)
{
  gboolean filled[UT_N_LABELS] = {FALSE};
  if (memcmp (&self->plane, plane, sizeof *plane) != 0)
    ut_scene_cut_clear (self);
  self->plane = *plane;
  for (guint i = scene->items->len; i < self->n_parts; i++)
    part_clear (&self->parts[i]);
  self->n_parts = scene->items->len;

  for (guint i = 0; i < self->n_parts; i++) {
    const UtSceneItem *item = ut_scene_item (scene, i);
    UtCutPart *part = &self->parts[i];
    part->shown = ut_scene_shows (item);
    part->filled = part->shown && !filled[item->structure];
    filled[item->structure] |= part->shown;
    if (!part->shown || part->mesh == item->mesh)
      continue;
    part_clear (part);
    part->section = ut_section_new (item->mesh, plane);
    part->mesh = ut_mesh_ref (item->mesh);
  }
}
