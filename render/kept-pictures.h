/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"
#include "render/scene.h"
#include "render/sheet.h"

/** UtShot: all that a picture depends on */
typedef struct UtShot {
  const UtScene *scene;
  UtCamera camera;
  int width_px, height_px;
  float scale;
  gboolean draft; /* one sample a pixel is enough */
} UtShot;

/**
 * UtKeptPictures:
 *
 * The pictures that were shown last, so that going back and forth between two (ED and ES, the
 * stages of a twin, a blink) costs a copy each time, not a drawing: at most 8, and 64 MB in all.
 * They are found again by what they show; a full picture does for a draft. All calls want the
 * renderer's context current.
 */
typedef struct UtKeptPictures UtKeptPictures;

UtKeptPictures *ut_kept_pictures_new (void);
void ut_kept_pictures_free (UtKeptPictures *self);

/** ut_kept_pictures_limit: how many of a size are kept at most; 0 where one is too large */
guint ut_kept_pictures_limit (int width_px, int height_px);

/** ut_kept_pictures_has: TRUE where the picture of @shot is kept; it stays as if it were shown */
gboolean ut_kept_pictures_has (UtKeptPictures *self, const UtShot *shot);

/**
 * ut_kept_pictures_add: makes room for the picture of @shot, which is not kept yet; a draft of the
 *   same goes, and those that were not shown for longest
 *
 * Returns: the framebuffer to draw it to; 0 where there is no room
 */
GLuint ut_kept_pictures_add (UtKeptPictures *self, const UtShot *shot);

/** ut_kept_pictures_drop: forgets the one that was added last, for it could not be drawn */
void ut_kept_pictures_drop (UtKeptPictures *self);

/**
 * ut_kept_pictures_show: copies the picture of @shot to @framebuffer
 *
 * Returns: FALSE, @framebuffer untouched, where it is not kept
 */
gboolean ut_kept_pictures_show (UtKeptPictures *self, const UtShot *shot, GLuint framebuffer);
