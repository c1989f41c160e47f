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

static UtVec3
ray_point (const Ray *ray, float t)
{
  return ut_vec3 (ray->origin[0] + t * ray->direction[0],
                  ray->origin[1] + t * ray->direction[1],
                  ray->origin[2] + t * ray->direction[2]);
}

/* Where the ray comes out of what is cut away: infinity where it does not. */
static float
ray_meets_clip (const Ray *ray, const UtScene *scene)
{
  if (!scene->clipped)
    return INFINITY;
  double height = ut_plane_height (&scene->clip, ray_point (ray, 0));
  double slope = ut_plane_height (&scene->clip, ray_point (ray, 1)) - height;
  return height > 0 && slope < 0 ? -height / slope : INFINITY;
}

typedef struct Hit {
  float t; /* infinity: none */
  gboolean on_cut;
  guint triangle;
  float weights[3];
} Hit;

/* An odd number of walls before the clip plane: the ray meets it inside the surface. */
static Hit
hit_item (const Ray *ray, const UtScene *scene, const UtMesh *mesh, float t_clip)
{
  Hit hit = {.t = INFINITY};
  guint n_before = 0;
  for (gsize t = 0; t < mesh->n_triangles; t++) {
    const guint32 *corners = mesh->triangles + 3 * t;
    const float *p = mesh->positions;
    float tuv[3];
    if (!hit_triangle (ray, p + 3 * corners[0], p + 3 * corners[1], p + 3 * corners[2], tuv))
      continue;
    n_before += tuv[0] < t_clip;
    if (tuv[0] >= hit.t ||
        (scene->clipped && ut_plane_height (&scene->clip, ray_point (ray, tuv[0])) > 0))
      continue;
    hit = (Hit){tuv[0], FALSE, (guint)t, {1 - tuv[1] - tuv[2], tuv[1], tuv[2]}};
  }
  if (t_clip < hit.t && n_before % 2 == 1)
    hit = (Hit){.t = t_clip, .on_cut = TRUE};
  return hit;
}

static void
fill_pick (
  const UtScene *scene, const UtSceneItem *item, const Ray *ray, const Hit *hit, UtPick *pick)
{
  const UtMesh *mesh = item->mesh;
  const guint32 *corners = mesh->triangles + 3 * (gsize)hit->triangle;
  const UtMeshScalar *scalar =
    scene->map.scalar && !hit->on_cut ? ut_mesh_find_scalar (mesh, scene->map.scalar) : NULL;

  *pick = (UtPick){
    .id = item->id,
    .structure = item->structure,
    .on_cut = hit->on_cut,
    .triangle = hit->triangle,
    .has_value = scalar != NULL,
  };
  glm_vec3_copy ((float *)hit->weights, pick->weights);
  if (hit->on_cut) {
    glm_vec3_copy ((float *)ray->origin, pick->position);
    glm_vec3_muladds ((float *)ray->direction, hit->t, pick->position);
    return;
  }
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
  float t_clip = ray_meets_clip (&ray, scene);
  const UtSceneItem *nearest_item = NULL;
  Hit nearest = {.t = INFINITY};
  gboolean filled[UT_N_LABELS] = {FALSE};
  for (guint i = 0; i < scene->items->len; i++) {
    const UtSceneItem *item = ut_scene_item (scene, i);
    if (!ut_scene_shows (item))
      continue;
    /* as it is drawn: the first of a structure is filled, and a later section lies on top */
    Hit hit = hit_item (&ray, scene, item->mesh, filled[item->structure] ? INFINITY : t_clip);
    filled[item->structure] = TRUE;
    if (hit.t < nearest.t || (hit.on_cut && hit.t == nearest.t)) {
      nearest = hit;
      nearest_item = item;
    }
  }
  if (nearest_item == NULL)
    return FALSE;

  fill_pick (scene, nearest_item, &ray, &nearest, ret_pick);
  return TRUE;
}
