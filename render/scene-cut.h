/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/scene.h"

/** UtCutPart: the section of one surface of the scene */
typedef struct UtCutPart {
  UtMesh *mesh; /* that it was made of; NULL: none */
  UtSection *section;
  gboolean shown;  /* the surface is */
  gboolean filled; /* the first shown surface of its structure */
} UtCutPart;

/**
 * UtSceneCut:
 *
 * The sections of a scene's surfaces by one plane, kept while neither changes. No OpenGL.
 */
typedef struct UtSceneCut {
  UtPlane plane;
  UtCutPart parts[UT_SCENE_MAX_ITEMS]; /* as scene->items */
  guint n_parts;
} UtSceneCut;

void ut_scene_cut_clear (UtSceneCut *self);

/** ut_scene_cut_update: cuts what is new of @scene's shown surfaces, or all where @plane is new */
void ut_scene_cut_update (UtSceneCut *self, const UtScene *scene, const UtPlane *plane);
