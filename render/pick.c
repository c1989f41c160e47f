/* SPDX-License-Identifier: Apache-2.0 */
#include "render/pick.h"

#include <cglm/cglm.h>

typedef struct Ray {
  vec3 origin, direction; /* direction: one picture depth per unit of t */
} Ray;

static Ray
ray_through (const UtCamera *camera, int width_px, int height_px, float x_px, float y_px)
{
  Ray ray;
  vec3 right;
  float mm_per_px = 2 * tanf (camera->fov_rad / 2) / height_px; /* at depth 1 mm */
  ut_camera_right (camera, right);
  ut_camera_eye (camera, ray.origin);
  glm_vec3_copy ((float *)camera->direction, ray.direction);
  glm_vec3_muladds (right, (x_px - width_px / 2.0f) * mm_per_px, ray.direction);
  glm_vec3_muladds ((float *)camera->up, (height_px / 2.0f - y_px) * mm_per_px, ray.direction);
  return ray;
}

/* Both sides count: an open surface is seen from behind, too. */
static gboolean
hit_triangle (const Ray *ray, const float *a, const float *b, const float *c, float ret_tuv[3])
{
  vec3 ab, ac, p, q, s;
  glm_vec3_sub ((float *)b, (float *)a, ab);
  glm_vec3_sub ((float *)c, (float *)a, ac);
  glm_vec3_cross ((float *)ray->direction, ac, p);
  float determinant = glm_vec3_dot (ab, p);
  if (determinant == 0)
    return FALSE;

  glm_vec3_sub ((float *)ray->origin, (float *)a, s);
  glm_vec3_cross (s, ab, q);
  float t = glm_vec3_dot (ac, q) / determinant;
  float u = glm_vec3_dot (s, p) / determinant;
  float v = glm_vec3_dot ((float *)ray->direction, q) / determinant;
  if (t <= 0 || u < 0 || v < 0 || u + v > 1)
    return FALSE;
  ret_tuv[0] = t;
  ret_tuv[1] = u;
  ret_tuv[2] = v;
  return TRUE;
}

static void
fill_pick (const UtScene *scene, const UtSceneItem *item, guint triangle, UtPick *pick)
{
  const UtMesh *mesh = item->mesh;
  const guint32 *corners = mesh->triangles + 3 * triangle;
  const UtMeshScalar *scalar =
    scene->map.scalar ? ut_mesh_find_scalar (mesh, scene->map.scalar) : NULL;

  pick->id = item->id;
  pick->structure = item->structure;
  pick->triangle = triangle;
  pick->has_value = scalar != NULL;
  glm_vec3_zero (pick->position);
  for (int i = 0; i < 3; i++) {
    glm_vec3_muladds (mesh->positions + 3 * corners[i], pick->weights[i], pick->position);
    if (scalar != NULL)
      pick->value += pick->weights[i] * scalar->values[corners[i]];
  }
}

gboolean
ut_scene_pick (const UtScene *scene,
               const UtCamera *camera,
               int width_px,
               int height_px,
               float x_px,
               float y_px,
               UtPick *ret_pick)
{
  Ray ray = ray_through (camera, width_px, height_px, x_px, y_px);
  const UtSceneItem *nearest_item = NULL;
  guint nearest_triangle = 0;
  UtPick pick = {0};
  float nearest = INFINITY;

  for (guint i = 0; i < scene->items->len; i++) {
    const UtSceneItem *item = scene->items->pdata[i];
    if (!item->visible || item->opacity < UT_PICK_MIN_OPACITY)
      continue;
    for (gsize t = 0; t < item->mesh->n_triangles; t++) {
      const guint32 *corners = item->mesh->triangles + 3 * t;
      const float *p = item->mesh->positions;
      float tuv[3];
      if (!hit_triangle (&ray, p + 3 * corners[0], p + 3 * corners[1], p + 3 * corners[2], tuv) ||
          tuv[0] >= nearest)
        continue;
      nearest = tuv[0];
      nearest_item = item;
      nearest_triangle = t;
      pick.weights[0] = 1 - tuv[1] - tuv[2];
      pick.weights[1] = tuv[1];
      pick.weights[2] = tuv[2];
    }
  }
  if (nearest_item == NULL)
    return FALSE;

  fill_pick (scene, nearest_item, nearest_triangle, &pick);
  *ret_pick = pick;
  return TRUE;
}
