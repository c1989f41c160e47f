/* SPDX-License-Identifier: Apache-2.0 */
#include "render/scene.h"

#include "engine/base/srgb.h"
#include "engine/base/words.h"

#include <string.h>

#define MYO_OPACITY   0.45f
#define OPAQUE        0.995f
#define OUT_OF_WINDOW 74 /* sRGB grey */

/* One counter for all scenes: a change number never comes back with another meaning. */
static guint64
next_change (void)
{
  static _Atomic guint64 last = 0; /* figures are drawn in threads of their own */
  return ++last;
}

static void
touch (UtScene *self)
{
  self->change = next_change ();
}

static void
item_free (gpointer data)
{
  UtSceneItem *item = data;
  ut_mesh_unref (item->mesh);
  g_free (item);
}

static void
clear_map (UtScene *self)
{
  g_free ((char *)self->map.scalar);
  g_free ((char *)self->map.quantity);
  g_free ((char *)self->map.unit);
  self->map = (UtScalarMap){0};
}

UtScalarMap
ut_scalar_map_distance (float limit_mm)
{
  return (UtScalarMap){
    .scalar = UT_DISTANCE_SCALAR,
    .quantity = ut_words ("Signed distance"),
    .unit = "mm",
    .map = UT_COLOUR_MAP_VIK,
    .min = -limit_mm,
    .max = limit_mm,
    .neutral = UT_DISTANCE_BAND_MM,
    .contour_step = 2,
  };
}

void
ut_scalar_map_fill (const UtScalarMap *self, guint n, guint8 *ret_rgba)
{
  ut_colour_map_fill (self->map, n, 2 * self->neutral / (self->max - self->min), ret_rgba);
  for (guint i = 0; self->windowed && i < n; i++) {
    float value = self->min + (self->max - self->min) * ((float)i + 0.5f) / (float)n;
    if (value < self->window_min || value > self->window_max)
      memset (ret_rgba + 4 * i, OUT_OF_WINDOW, 3);
  }
}

gboolean
ut_scalar_map_equal (const UtScalarMap *a, const UtScalarMap *b)
{
  return g_strcmp0 (a->scalar, b->scalar) == 0 && g_strcmp0 (a->quantity, b->quantity) == 0 &&
         g_strcmp0 (a->unit, b->unit) == 0 && a->map == b->map && a->min == b->min &&
         a->max == b->max && a->neutral == b->neutral && a->contour_step == b->contour_step &&
         a->windowed == b->windowed && a->window_min == b->window_min &&
         a->window_max == b->window_max && a->local_numbers == b->local_numbers;
}

UtScene *
ut_scene_new (void)
{
  UtScene *self = g_new0 (UtScene, 1);
  self->items = g_ptr_array_new_with_free_func (item_free);
  self->show_cube = self->show_legend = TRUE;
  for (int i = 0; i < 3; i++) {
    self->axes[i][i] = 1;
    self->background_top[i] = (const float[]){0.165f, 0.172f, 0.186f}[i];
    self->background_bottom[i] = (const float[]){0.058f, 0.061f, 0.068f}[i];
  }
  touch (self);
  return self;
}

void
ut_scene_free (UtScene *self)
{
  g_ptr_array_unref (self->items);
  clear_map (self);
  for (int i = 0; i < UT_SCENE_MAX_IMAGES; i++)
    g_clear_object (&self->images[i].picture);
  g_free (self->note);
  g_free (self);
}

static UtSceneItem *
find (const UtScene *self, guint id)
{
  for (guint i = 0; i < self->items->len; i++) {
    UtSceneItem *item = self->items->pdata[i];
    if (item->id == id)
      return item;
  }
  return NULL;
}

const UtSceneItem *
ut_scene_find (const UtScene *self, guint id)
{
  return find (self, id);
}

static UtSceneItem *
add (UtScene *self, guint id, UtStructure structure)
{
  UtSceneItem *item = g_new0 (UtSceneItem, 1);
  item->id = id;
  item->visible = TRUE;
  item->opacity = structure == UT_MYO ? MYO_OPACITY : 1;
  ut_structure_colour (structure, item->colour);

  guint at = 0;
  while (at < self->items->len && ((UtSceneItem *)self->items->pdata[at])->id < id)
    at++;
  g_ptr_array_insert (self->items, at, item);
  return item;
}

static void
follow_frame (UtScene *self, UtMeshFrame frame)
{
  static const float own[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  memcpy (self->axes, frame == UT_MESH_FRAME_CANONICAL ? ut_canonical_axes : own, sizeof own);
}

void
ut_scene_set_mesh (UtScene *self, guint id, UtStructure structure, UtMesh *mesh)
{
  UtSceneItem *item = find (self, id);
  if (item == NULL ? mesh == NULL : item->mesh == mesh && item->structure == structure)
    return;

  if (mesh == NULL) {
    g_ptr_array_remove (self->items, item);
  } else {
    g_return_if_fail (item != NULL || self->items->len < UT_SCENE_MAX_ITEMS);
    if (item == NULL)
      item = add (self, id, structure);
    ut_mesh_ref (mesh);
    g_clear_pointer (&item->mesh, ut_mesh_unref);
    item->mesh = mesh;
    item->structure = structure;
    follow_frame (self, mesh->frame);
  }
  touch (self);
}

void
ut_scene_set_visible (UtScene *self, guint id, gboolean visible)
{
  UtSceneItem *item = find (self, id);
  if (item == NULL || item->visible == visible)
    return;
  item->visible = visible;
  touch (self);
}

void
ut_scene_set_opacity (UtScene *self, guint id, float opacity)
{
  UtSceneItem *item = find (self, id);
  opacity = CLAMP (opacity, 0, 1);
  if (item == NULL || item->opacity == opacity)
    return;
  item->opacity = opacity;
  touch (self);
}

void
ut_scene_set_colour (UtScene *self, guint id, const float srgb[3])
{
  UtSceneItem *item = find (self, id);
  if (item == NULL || memcmp (item->colour, srgb, sizeof item->colour) == 0)
    return;
  memcpy (item->colour, srgb, sizeof item->colour);
  touch (self);
}

void
ut_scene_set_map (UtScene *self, const UtScalarMap *map)
{
  g_return_if_fail (map == NULL || (map->scalar && map->min < map->max));

  UtScalarMap copy = map != NULL ? *map : (UtScalarMap){0};
  if (ut_scalar_map_equal (&copy, &self->map))
    return;
  copy.scalar = g_strdup (copy.scalar);
  copy.quantity = g_strdup (copy.quantity);
  copy.unit = g_strdup (copy.unit);
  clear_map (self);
  self->map = copy;
  touch (self);
}

void
ut_scene_set_background (UtScene *self, const float top[3], const float bottom[3])
{
  memcpy (self->background_top, top, sizeof self->background_top);
  memcpy (self->background_bottom, bottom, sizeof self->background_bottom);
  touch (self);
}

void
ut_scene_set_cube (UtScene *self, gboolean show)
{
  self->show_cube = show;
  touch (self);
}

void
ut_scene_set_cube_lift (UtScene *self, guint lift)
{
  if (self->cube_lift == lift)
    return;
  self->cube_lift = lift;
  touch (self);
}

void
ut_scene_set_legend (UtScene *self, gboolean show)
{
  self->show_legend = show;
  touch (self);
}

void
ut_scene_set_note (UtScene *self, const char *note)
{
  char *copy = g_strdup (note);
  g_free (self->note);
  self->note = copy;
  touch (self);
}

void
ut_scene_set_clip (UtScene *self, const UtPlane *plane)
{
  const UtPlane clip = plane != NULL ? *plane : (UtPlane){0};
  if (self->clipped == (plane != NULL) && memcmp (&self->clip, &clip, sizeof clip) == 0)
    return;
  self->clipped = plane != NULL;
  self->clip = clip;
  touch (self);
}

gboolean
ut_scene_image_equal (const UtSceneImage *a, const UtSceneImage *b)
{
  return a->picture == b->picture && memcmp (&a->corner, &b->corner, sizeof a->corner) == 0 &&
         memcmp (&a->across, &b->across, sizeof a->across) == 0 &&
         memcmp (&a->down, &b->down, sizeof a->down) == 0;
}

void
ut_scene_set_image (UtScene *self, guint number, const UtSceneImage *image)
{
  g_return_if_fail (number < UT_SCENE_MAX_IMAGES);
  UtSceneImage *mine = &self->images[number], next = image != NULL ? *image : (UtSceneImage){0};
  if (ut_scene_image_equal (mine, &next))
    return;
  g_set_object (&mine->picture, next.picture);
  *mine = next;
  touch (self);
}

gboolean
ut_scene_item_is_opaque (const UtSceneItem *item)
{
  return item->opacity >= OPAQUE;
}

gboolean
ut_scene_shows (const UtSceneItem *item)
{
  return item->visible && item->opacity >= UT_SCENE_MIN_OPACITY;
}

void
ut_scene_item_colour (const UtScene *self, const UtSceneItem *item, gboolean painted, float ret[4])
{
  for (int c = 0; c < 3; c++)
    ret[c] = (float)ut_srgb_linear ((double)item->colour[c]);
  ret[3] = item->opacity;
  if (self->map.scalar == NULL || painted)
    return;
  float grey = 0.2126f * ret[0] + 0.7152f * ret[1] + 0.0722f * ret[2];
  for (int c = 0; c < 3; c++)
    ret[c] += 0.8f * (grey - ret[c]);
}

/* The meshes of the visible items, or of all where none is visible. */
static GPtrArray *
shown_meshes (const UtScene *self)
{
  GPtrArray *visible = g_ptr_array_new (), *all = g_ptr_array_new ();
  for (guint i = 0; i < self->items->len; i++) {
    const UtSceneItem *item = ut_scene_item (self, i);
    g_ptr_array_add (all, item->mesh);
    if (item->visible)
      g_ptr_array_add (visible, item->mesh);
  }
  GPtrArray *shown = visible->len > 0 ? visible : all;
  g_ptr_array_unref (shown == visible ? all : visible);
  return shown;
}

gboolean
ut_scene_bounds (const UtScene *self, float ret_min[3], float ret_max[3])
{
  g_autoptr (GPtrArray) meshes = shown_meshes (self);
  gboolean found = FALSE;
  for (guint i = 0; i < meshes->len; i++) {
    UtVec3 low, high;
    if (!ut_mesh_bounds (meshes->pdata[i], &low, &high))
      continue;
    const float lows[3] = {low.x, low.y, low.z}, highs[3] = {high.x, high.y, high.z};
    for (int c = 0; c < 3; c++) {
      ret_min[c] = found ? MIN (ret_min[c], lows[c]) : lows[c];
      ret_max[c] = found ? MAX (ret_max[c], highs[c]) : highs[c];
    }
    found = TRUE;
  }
  return found;
}

gboolean
ut_scene_fit (const UtScene *self, UtCamera *camera, float aspect)
{
  g_autoptr (GPtrArray) meshes = shown_meshes (self);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, 3 * sizeof (float));
  for (guint i = 0; i < meshes->len; i++) {
    const UtMesh *mesh = meshes->pdata[i];
    g_array_append_vals (points, mesh->positions, mesh->n_vertices);
  }
  if (points->len == 0)
    return FALSE;
  ut_camera_fit_points (camera, (const float *)points->data, points->len, aspect);
  return TRUE;
}
