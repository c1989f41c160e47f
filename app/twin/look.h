/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/base/affine.h"
#include "engine/image/view.h"

#include <glib-object.h>

G_BEGIN_DECLS

/** UtLayout: what stands beside what in the 3D area. */
typedef enum {
  UT_LAYOUT_SINGLE,
  UT_LAYOUT_PHASES,    /* ED | ES */
  UT_LAYOUT_REFERENCE, /* twin | reference */
  UT_LAYOUT_STAGES,    /* template, coarse, refined, corrected */
  UT_LAYOUT_STUDIES,   /* open study | second one */
  UT_N_LAYOUTS,
} UtLayout;

/** UtSurfaceMap: what the surfaces are coloured by. */
typedef enum {
  UT_SURFACE_MAP_NONE,         /* the structures' own colours */
  UT_SURFACE_MAP_DISTANCE,     /* to the reference */
  UT_SURFACE_MAP_SPREAD,       /* of the seeds */
  UT_SURFACE_MAP_DISAGREEMENT, /* of the branches */
  UT_SURFACE_MAP_MOTION,       /* to the surface of the other phase */
  UT_N_SURFACE_MAPS,
} UtSurfaceMap;

/** UtLookState: everything that is chosen about the picture of a heart; the camera is not. */
typedef struct UtLookState {
  UtLayout layout;
  gboolean swapped; /* two hearts side by side have changed places; until another layout */
  UtPhase phase;
  int stage; /* UtTwinStage, -1 = the last one */
  UtSurfaceMap map;
  gboolean reference;  /* show it with the twin */
  gboolean voxel_true; /* surfaces step from voxel to voxel, as the label maps do */
  gboolean echo;       /* the marked frames stand in the scene, where each is taken to lie */
  gboolean crosshair;  /* the point that the slices go through is marked */
  UtStructure solo;    /* shown alone, opaque; UT_BACKGROUND = none */
  gboolean shown[UT_N_LABELS];
  float opacity[UT_N_LABELS]; /* 0 to 1 */
  gboolean brushed;           /* of the distance map, only values in the brush have their colour */
  float brush_low_mm, brush_high_mm;
  gboolean marked; /* a box is drawn round a place, until another phase or stage is chosen */
  UtVec3 mark_low_mm, mark_high_mm; /* corners of it, canonical frame */
} UtLookState;

#define UT_TYPE_LOOK (ut_look_get_type ())
G_DECLARE_FINAL_TYPE (UtLook, ut_look, UT, LOOK, GObject)

/**
 * UtLook:
 *
 * What the user chose to see, one of it for all 3D views and the panels beside them, so that
 * they cannot disagree. Signal `changed`: after every choice. Navigation, no edit: it is not
 * undone.
 */
UtLook *ut_look_new (void);

/** ut_look_get: (transfer none): valid until the next choice; copy it to change it */
const UtLookState *ut_look_get (UtLook *self);

/** ut_look_set: emits `changed` where @state differs from what it was */
void ut_look_set (UtLook *self, const UtLookState *state);

/**
 * ut_look_blink:
 *
 * Shows the other one of two hearts in the same place. Two side by side change places. Else goes
 * back to the phase, stage and reference that were shown before the present ones, to the other
 * phase where nothing was shown before.
 */
void ut_look_blink (UtLook *self);

/** ut_look_shows: whether a structure is to be seen */
gboolean ut_look_shows (const UtLookState *state, UtStructure structure);

G_END_DECLS
