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
} UtShot;

/**
 * UtKeptPictures:
 *
 * The pictures that were shown last, so that going back and forth between two (ED and ES, the
 * stages of a twin, a blink) costs a copy each time, not a drawing: at most 8, and 64 MB in all.
 * They are found again by what they show. All calls want the renderer's context current.
 */
typedef struct UtKeptPictures UtKeptPictures;

UtKeptPictures *ut_kept_pictures_new (void);
void ut_kept_pictures_free (UtKeptPictures *self);

/** ut_kept_pictures_keep: copies the picture of @shot, which is not kept yet, from @framebuffer;
 * those that were not shown for longest go */
void ut_kept_pictures_keep (UtKeptPictures *self, const UtShot *shot, GLuint framebuffer);

/**
 * ut_kept_pictures_show: copies the picture of @shot to @framebuffer
 *
 * Returns: FALSE, @framebuffer untouched, where it is not kept
 */
gboolean ut_kept_pictures_show (UtKeptPictures *self, const UtShot *shot, GLuint framebuffer);
