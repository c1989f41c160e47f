/* SPDX-License-Identifier: Apache-2.0 */
#include "render/camera.h"

#include <cglm/cglm.h>
#include <string.h>

#define FOV_RAD         0.42f /* 24 degrees: little perspective, so that shapes compare */
#define FIT_MARGIN      1.12f /* space around a fitted box */
#define MIN_DISTANCE_MM 20.0f
#define MAX_DISTANCE_MM 4000.0f
#define HEART_RADIUS_MM 95.0f /* half the side of the canonical cube */

const float ut_canonical_axes[3][3] = {
  {0.756f, -0.430f, -0.494f}, {0.654f, 0.485f, 0.580f}, {-0.010f, -0.761f, 0.648f}};

/* A to F in patient axes, the echo cameras in canonical axes */
static const struct {
  const char *name;
  vec3 direction, up;
} named[UT_N_CAMERAS] = {
  [UT_CAMERA_A] = {"A", {0, 1, 0}, {0, 0, 1}},
  [UT_CAMERA_P] = {"P", {0, -1, 0}, {0, 0, 1}},
  [UT_CAMERA_L] = {"L", {-1, 0, 0}, {0, 0, 1}},
  [UT_CAMERA_R] = {"R", {1, 0, 0}, {0, 0, 1}},
  [UT_CAMERA_H] = {"H", {0, 0, -1}, {0, -1, 0}},
  [UT_CAMERA_F] = {"F", {0, 0, 1}, {0, -1, 0}},
  [UT_CAMERA_A4C] = {"A4C", {-0.317f, -0.947f, -0.047f}, {0, 0, -1}},
  [UT_CAMERA_A2C] = {"A2C", {-1, 0, 0}, {0, 0, -1}},
  [UT_CAMERA_PSAX] = {"PSAX", {0, 0, 1}, {0, -1, 0}},
};

const char *
ut_camera_name (UtCameraName name)
{
  g_return_val_if_fail (name < UT_N_CAMERAS, NULL);
  return named[name].name;
}

gboolean
ut_camera_from_name (const char *text, UtCameraName *ret_name)
{
  for (int i = 0; i < UT_N_CAMERAS; i++)
    if (g_ascii_strcasecmp (text, named[i].name) == 0) {
      *ret_name = i;
      return TRUE;
    }
  return FALSE;
}

/* Takes any two directions that are not parallel; makes them unit and perpendicular. */
static void
set_directions (UtCamera *self, const float direction[3], const float up[3])
{
  vec3 forward, right;
  glm_vec3_normalize_to ((float *)direction, forward);
  glm_vec3_crossn (forward, (float *)up, right);
  glm_vec3_copy (forward, self->direction);
  glm_vec3_crossn (right, forward, self->up);
}

void
ut_camera_init (UtCamera *self)
{
  *self = (UtCamera){.direction = {0, 1, 0}, .up = {0, 0, 1}, .fov_rad = FOV_RAD};
  self->radius_mm = HEART_RADIUS_MM;
  self->distance_mm = FIT_MARGIN * HEART_RADIUS_MM / sinf (FOV_RAD / 2);
}

/* Sum of the patient's axes weighted by a direction in patient coordinates. */
static void
scene_from_patient (const float axes[3][3], const float patient[3], float ret[3])
{
  for (int c = 0; c < 3; c++)
    ret[c] = axes[0][c] * patient[0] + axes[1][c] * patient[1] + axes[2][c] * patient[2];
}

static void
patient_from_canonical (const float canonical[3], float ret[3])
{
  for (int axis = 0; axis < 3; axis++)
    ret[axis] = glm_vec3_dot ((float *)ut_canonical_axes[axis], (float *)canonical);
}

void
ut_camera_set_named (UtCamera *self, UtCameraName name, const float axes[3][3])
{
  g_return_if_fail (name < UT_N_CAMERAS);

  vec3 direction, up;
  glm_vec3_copy ((float *)named[name].direction, direction);
  glm_vec3_copy ((float *)named[name].up, up);
  if (name >= UT_CAMERA_A4C) {
    patient_from_canonical (named[name].direction, direction);
    patient_from_canonical (named[name].up, up);
  }
  vec3 scene_direction, scene_up;
  scene_from_patient (axes, direction, scene_direction);
  scene_from_patient (axes, up, scene_up);
  set_directions (self, scene_direction, scene_up);
}

void
ut_camera_set_plane (UtCamera *self, const UtViewPlane *plane)
{
  vec3 direction = {plane->normal.x, plane->normal.y, plane->normal.z};
  vec3 up = {-plane->down.x, -plane->down.y, -plane->down.z};
  set_directions (self, direction, up);
}

void
ut_camera_right (const UtCamera *self, float ret[3])
{
  glm_vec3_crossn ((float *)self->direction, (float *)self->up, ret);
}

void
ut_camera_eye (const UtCamera *self, float ret[3])
{
  glm_vec3_copy ((float *)self->target, ret);
  glm_vec3_muladds ((float *)self->direction, -self->distance_mm, ret);
}

/* The middle of the box around the points along the picture's own axes; its half diagonal. */
static void
centre_points (UtCamera *self, const mat3 axes, const float *points, gsize n)
{
  vec3 low = {INFINITY, INFINITY, INFINITY}, high = {-INFINITY, -INFINITY, -INFINITY};
  for (gsize i = 0; i < n; i++)
    for (int c = 0; c < 3; c++) {
      float at = glm_vec3_dot ((float *)axes[c], (float *)points + 3 * i);
      low[c] = fminf (low[c], at);
      high[c] = fmaxf (high[c], at);
    }
  glm_vec3_zero (self->target);
  for (int c = 0; c < 3; c++)
    glm_vec3_muladds ((float *)axes[c], (low[c] + high[c]) / 2, self->target);
  self->radius_mm = fmaxf (1, glm_vec3_distance (low, high) / 2);
}

/* Each point asks for a distance at which it is inside the picture's two angles. */
void
ut_camera_fit_points (UtCamera *self, const float *points, gsize n, float aspect)
{
  g_return_if_fail (n > 0 && aspect > 0);

  mat3 axes;
  ut_camera_right (self, axes[0]);
  glm_vec3_copy (self->up, axes[1]);
  glm_vec3_copy (self->direction, axes[2]);
  centre_points (self, axes, points, n);

  float tan_up = tanf (self->fov_rad / 2), tan_right = tan_up * aspect, distance = 0;
  for (gsize i = 0; i < n; i++) {
    vec3 offset;
    glm_vec3_sub ((float *)points + 3 * i, self->target, offset);
    float x = fabsf (glm_vec3_dot (offset, axes[0])), y = fabsf (glm_vec3_dot (offset, axes[1]));
    float needed = FIT_MARGIN * fmaxf (x / tan_right, y / tan_up);
    distance = fmaxf (distance, needed - glm_vec3_dot (offset, axes[2]));
  }
  self->distance_mm = glm_clamp (distance, MIN_DISTANCE_MM, MAX_DISTANCE_MM);
}

void
ut_camera_fit (UtCamera *self, const float min[3], const float max[3], float aspect)
{
  vec3 corners[8];
  for (int i = 0; i < 8; i++)
    for (int c = 0; c < 3; c++)
      corners[i][c] = i >> c & 1 ? max[c] : min[c];
  ut_camera_fit_points (self, corners[0], 8, aspect);
}

static void
turn (UtCamera *self, float angle_rad, const float axis[3])
{
  vec3 direction, up;
  glm_vec3_copy (self->direction, direction);
  glm_vec3_copy (self->up, up);
  glm_vec3_rotate (direction, angle_rad, (float *)axis);
  glm_vec3_rotate (up, angle_rad, (float *)axis);
  set_directions (self, direction, up);
}

void
ut_camera_orbit (UtCamera *self, float right_rad, float up_rad)
{
  vec3 axis;
  turn (self, -right_rad, self->up);
  ut_camera_right (self, axis);
  turn (self, up_rad, axis);
}

void
ut_camera_roll (UtCamera *self, float clockwise_rad)
{
  turn (self, -clockwise_rad, self->direction);
}

void
ut_camera_pan (UtCamera *self, float right, float down)
{
  vec3 axis;
  float height_mm = 2 * self->distance_mm * tanf (self->fov_rad / 2);
  ut_camera_right (self, axis);
  glm_vec3_muladds (axis, -right * height_mm, self->target);
  glm_vec3_muladds (self->up, down * height_mm, self->target);
}

void
ut_camera_zoom (UtCamera *self, float factor)
{
  g_return_if_fail (factor > 0);
  self->distance_mm = glm_clamp (self->distance_mm / factor, MIN_DISTANCE_MM, MAX_DISTANCE_MM);
}

static void
orientation (const UtCamera *self, versor ret)
{
  mat3 axes;
  ut_camera_right (self, axes[0]);
  glm_vec3_copy ((float *)self->up, axes[1]);
  glm_vec3_negate_to ((float *)self->direction, axes[2]);
  glm_mat3_quat (axes, ret);
}

void
ut_camera_blend (const UtCamera *from, const UtCamera *to, float t, UtCamera *ret)
{
  versor a, b, between;
  vec3 direction = {0, 0, -1}, up = {0, 1, 0};
  UtCamera camera = *to;
  orientation (from, a);
  orientation (to, b);
  glm_quat_slerp (a, b, t, between);
  glm_quat_rotatev (between, direction, direction);
  glm_quat_rotatev (between, up, up);
  set_directions (&camera, direction, up);
  glm_vec3_lerp ((float *)from->target, (float *)to->target, t, camera.target);
  camera.distance_mm = glm_lerp (from->distance_mm, to->distance_mm, t);
  camera.fov_rad = glm_lerp (from->fov_rad, to->fov_rad, t);
  camera.radius_mm = fmaxf (from->radius_mm, to->radius_mm);
  *ret = camera;
}

void
ut_camera_view (const UtCamera *self, float ret[4][4])
{
  vec3 eye;
  mat4 view;
  ut_camera_eye (self, eye);
  glm_look (eye, (float *)self->direction, (float *)self->up, view);
  glm_mat4_ucopy (view, ret);
}

void
ut_camera_projection (const UtCamera *self, float aspect, float ret[4][4])
{
  /* twice the radius: what is panned away from the target keeps its depth */
  float reach = 2 * self->radius_mm, far = self->distance_mm + reach;
  float near = fmaxf (self->distance_mm - reach, far / 500);
  mat4 projection;
  glm_perspective (self->fov_rad, aspect, near, far, projection);
  glm_mat4_ucopy (projection, ret);
}

void
ut_camera_view_projection (const UtCamera *self, float aspect, float ret[4][4])
{
  float view[4][4], projection[4][4];
  mat4 a, b;
  ut_camera_view (self, view);
  ut_camera_projection (self, aspect, projection);
  glm_mat4_ucopy (view, a);
  glm_mat4_ucopy (projection, b);
  glm_mat4_mul (b, a, b);
  glm_mat4_ucopy (b, ret);
}

gboolean
ut_camera_project (
  const UtCamera *self, const float point[3], int width_px, int height_px, float ret_xy[2])
{
  vec3 right, offset;
  ut_camera_right (self, right);
  ut_camera_eye (self, offset);
  glm_vec3_sub ((float *)point, offset, offset);
  float depth = glm_vec3_dot (offset, (float *)self->direction);
  if (depth <= 0)
    return FALSE;

  float px_per_mm = height_px / (2 * depth * tanf (self->fov_rad / 2));
  ret_xy[0] = width_px / 2.0f + px_per_mm * glm_vec3_dot (offset, right);
  ret_xy[1] = height_px / 2.0f - px_per_mm * glm_vec3_dot (offset, (float *)self->up);
  return TRUE;
}
