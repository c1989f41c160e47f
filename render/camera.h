/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "engine/anatomy/view-plane.h"

/**
 * UtCamera:
 *
 * Where the eye stands. A value: copy it, keep it in a study file, compare it.
 * Points and directions are in the frame of the scene's meshes, mm.
 * The eye stands at target - distance_mm * direction.
 */
typedef struct UtCamera {
  float target[3];    /* mm: the point that orbit turns about, in the middle of the picture */
  float direction[3]; /* unit, from the eye into the picture */
  float up[3];        /* unit, perpendicular to direction */
  float distance_mm;  /* eye to target, > 0 */
  float fov_rad;      /* full vertical angle of view */
  float radius_mm;    /* of the sphere around target that near and far plane must hold */
} UtCamera;

/**
 * ut_canonical_axes:
 *
 * Unit vectors to the patient's left, posterior and superior in the canonical frame
 * (engine/anatomy/canonical.h): the rotation nearest to the mean of 40 of the training
 * anatomies. Single hearts turn away from it by 6 degrees on average, 13 at most, so it says
 * where patient directions lie where only the heart is known, as after echo.
 */
extern const float ut_canonical_axes[3][3];

/**
 * UtCameraName:
 *
 * A, P, L, R, H, F look at the heart from that side of the patient (from the front, the
 * back, the left, the right, the head, the feet): head up, or anterior up for H and F.
 * The echo cameras look as the probe's picture does: A4C and A2C apex up, left heart or
 * anterior wall on the right; PSAX seen from the apex, anterior up, RV on the left.
 */
typedef enum {
  UT_CAMERA_A,
  UT_CAMERA_P,
  UT_CAMERA_L,
  UT_CAMERA_R,
  UT_CAMERA_H,
  UT_CAMERA_F,
  UT_CAMERA_A4C,
  UT_CAMERA_A2C,
  UT_CAMERA_PSAX,
  UT_N_CAMERAS,
} UtCameraName;

/** ut_camera_name: "A", ... "PSAX": fixed letters, never translated */
const char *ut_camera_name (UtCameraName name);

/** ut_camera_from_name: any case; FALSE where @text is none of them */
gboolean ut_camera_from_name (const char *text, UtCameraName *ret_name);

/** ut_camera_init: from the front, at a distance that shows a heart at the origin */
void ut_camera_init (UtCamera *self);

/**
 * ut_camera_set_named:
 * @axes: unit vectors to the patient's left, posterior and superior; UtScene.axes
 *
 * Turns the eye about the target to a named direction. The echo cameras take the
 * canonical frame's standard planes (A4C as in the mean of the training anatomies); where a
 * heart's own planes are known, ut_camera_set_plane() is exact.
 */
void ut_camera_set_named (UtCamera *self, UtCameraName name, const float axes[3][3]);

/** ut_camera_set_plane: looks straight at an echo plane, its top up; target unchanged */
void ut_camera_set_plane (UtCamera *self, const UtViewPlane *plane);

/**
 * ut_camera_fit:
 * @min, @max: mm, opposite corners of what must be seen (ut_scene_bounds())
 * @aspect: width / height of the picture
 *
 * Moves target to the middle of the box, and the eye along its direction until the whole
 * box is in the picture with a small margin.
 */
void ut_camera_fit (UtCamera *self, const float min[3], const float max[3], float aspect);

/**
 * ut_camera_fit_points:
 * @points: [n][3] mm; n at least 1
 *
 * As ut_camera_fit(), for a cloud of points.
 */
void ut_camera_fit_points (UtCamera *self, const float *points, gsize n, float aspect);

/**
 * ut_camera_orbit:
 * @right_rad, @up_rad: how far the scene turns to the right and upwards under the pointer
 *
 * Turns freely about the target, along the picture's own axes; there is no pole to stick at.
 */
void ut_camera_orbit (UtCamera *self, float right_rad, float up_rad);

/** ut_camera_roll: turns the picture clockwise */
void ut_camera_roll (UtCamera *self, float clockwise_rad);

/**
 * ut_camera_pan:
 * @right, @down: pointer movement in picture heights; the target plane follows the pointer
 */
void ut_camera_pan (UtCamera *self, float right, float down);

/** ut_camera_zoom: brings the eye nearer by @factor (2: half the distance), within limits */
void ut_camera_zoom (UtCamera *self, float factor);

/**
 * ut_camera_blend:
 * @t: 0 gives @from, 1 gives @to
 *
 * The camera on the way from one to another, turning along the shortest arc.
 */
void ut_camera_blend (const UtCamera *from, const UtCamera *to, float t, UtCamera *ret);

/** ut_camera_right: unit vector to the right of the picture */
void ut_camera_right (const UtCamera *self, float ret[3]);

/** ut_camera_eye: mm */
void ut_camera_eye (const UtCamera *self, float ret[3]);

/**
 * ut_camera_view, ut_camera_projection:
 * @ret: (out): column-major, m[column][row], as OpenGL takes it
 *
 * Scene mm to eye mm (x right, y up, z towards the viewer); eye mm to clip space,
 * depth -1..1.
 */
void ut_camera_view (const UtCamera *self, float ret[4][4]);
void ut_camera_projection (const UtCamera *self, float aspect, float ret[4][4]);

/** ut_camera_view_projection: the one after the other: scene mm to clip space */
void ut_camera_view_projection (const UtCamera *self, float aspect, float ret[4][4]);

/**
 * ut_camera_project:
 * @ret_xy: (out): pixels right of and below the upper left corner
 *
 * Returns: FALSE where the point is behind the eye
 */
gboolean ut_camera_project (
  const UtCamera *self, const float point[3], int width_px, int height_px, float ret_xy[2]);
