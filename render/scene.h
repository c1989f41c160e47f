/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/surface/mesh-distance.h"
#include "engine/surface/section.h"
#include "render/camera.h"
#include "render/colour-map.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

/** UT_SCENE_MAX_ITEMS: surfaces in one scene */
#define UT_SCENE_MAX_ITEMS 32

/** UT_SCENE_MAX_IMAGES: pictures in one scene */
#define UT_SCENE_MAX_IMAGES 3

/** UT_SCENE_MIN_OPACITY: surfaces fainter than this are neither cut nor picked */
#define UT_SCENE_MIN_OPACITY 0.05f

/**
 * UtScalarMap:
 *
 * How a per-vertex number becomes colour, and what the legend says about it.
 */
typedef struct UtScalarMap {
  const char *scalar;   /* name of the scalar in the meshes, e.g. "distance_mm" */
  const char *quantity; /* legend title, e.g. "Signed distance to reference" */
  const char *unit;     /* legend unit, e.g. "mm" */
  UtColourMap map;
  float min, max;     /* values at the ends of the map; min < max; beyond them the end colours */
  float neutral;      /* half width around (min + max) / 2 in the middle colour; 0 for none */
  float contour_step; /* distance of the contour lines in units; 0 for none */
  gboolean windowed;  /* values outside the window are grey; those beyond an end go with the end */
  float window_min, window_max;
  gboolean local_numbers; /* the legend has the locale's decimal mark, not a point */
} UtScalarMap;

/**
 * ut_scalar_map_fill:
 * @n: colours to write, at least 2
 * @ret_rgba: (out): n x 4 bytes, sRGB, opaque, from min to max: what surfaces and legend show
 */
void ut_scalar_map_fill (const UtScalarMap *self, guint n, guint8 *ret_rgba);

/** ut_scalar_map_equal: TRUE where surfaces and legend look the same */
gboolean ut_scalar_map_equal (const UtScalarMap *a, const UtScalarMap *b);

#define UT_DISTANCE_LIMIT_MM 8.0f /* of distance maps everywhere */

/**
 * ut_scalar_map_distance:
 *
 * The map of UT_DISTANCE_SCALAR: vik over -@limit_mm..@limit_mm, +-UT_DISTANCE_BAND_MM neutral,
 * contour lines every 2 mm.
 */
UtScalarMap ut_scalar_map_distance (float limit_mm);

/**
 * UtSceneItem:
 *
 * One surface. Read by the renderer; changed by the functions below only.
 */
typedef struct UtSceneItem {
  guint id;
  UtStructure structure;
  UtMesh *mesh;
  float colour[3]; /* sRGB, 0..1 */
  float opacity;   /* 0..1 */
  gboolean visible;
} UtSceneItem;

/** UtSceneImage: a flat picture that stands in the scene */
typedef struct UtSceneImage {
  GdkPixbuf *picture;  /* RGBA, never changed; NULL: none. Clear pixels are not drawn */
  UtVec3 corner;       /* mm, the upper left corner of its first pixel */
  UtVec3 across, down; /* mm, from there to the upper right and the lower left corner */
} UtSceneImage;

/** ut_scene_image_equal: TRUE for the same picture at the same place */
gboolean ut_scene_image_equal (const UtSceneImage *a, const UtSceneImage *b);

/**
 * UtScene:
 *
 * What to draw; no OpenGL in it, so it outlives any context. Main thread, or one thread
 * at a time. Public fields are for reading.
 */
typedef struct UtScene {
  GPtrArray *items; /* UtSceneItem, in order of their ids */
  UtScalarMap map;  /* strings owned by the scene; map.scalar is NULL where none is shown */
  float background_top[3], background_bottom[3]; /* sRGB */
  gboolean show_cube;                            /* orientation cube, lower left corner */
  guint cube_lift;      /* higher up by so many logical pixels, above what stands there */
  gboolean show_legend; /* colour bar, right edge; drawn only while a map is set */
  char *note;           /* small line of text at the bottom, or NULL */
  gboolean clipped;     /* what lies in front of clip is cut away */
  UtPlane clip;
  UtSceneImage images[UT_SCENE_MAX_IMAGES];
  float axes[3][3]; /* unit vectors to the patient's left, posterior, superior, for the cube and the
                       cameras: ut_canonical_axes where the last mesh is in UT_MESH_FRAME_CANONICAL,
                       else the scene's own */
  guint64 change;   /* grows with every change of what is seen: redraw when it differs */
} UtScene;

/** ut_scene_new: empty; dark neutral background, cube and legend on */
UtScene *ut_scene_new (void);
void ut_scene_free (UtScene *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtScene, ut_scene_free)

/**
 * ut_scene_set_mesh:
 * @id: the caller's name for the surface, e.g. structure + 8 for the reference
 * @structure: gives the first colour and opacity of a new id
 * @mesh: (nullable): taken a reference of; NULL removes the surface
 *
 * Adds the surface or gives it a new shape; colour, opacity and visibility of a known id stay
 * (so ED and ES, or two stages, look alike). A new id is visible; Myo is translucent.
 * At most UT_SCENE_MAX_ITEMS.
 */
void ut_scene_set_mesh (UtScene *self, guint id, UtStructure structure, UtMesh *mesh);

/** ut_scene_find: (nullable): the surface of @id; valid until it is removed */
const UtSceneItem *ut_scene_find (const UtScene *self, guint id);

/** ut_scene_item: (transfer none): the surface at place @i of items */
static inline const UtSceneItem *
ut_scene_item (const UtScene *self, guint i)
{
  return self->items->pdata[i];
}

/* Unknown ids are ignored: a structure may be missing from a twin. */
void ut_scene_set_visible (UtScene *self, guint id, gboolean visible);
void ut_scene_set_opacity (UtScene *self, guint id, float opacity);
void ut_scene_set_colour (UtScene *self, guint id, const float srgb[3]);

/**
 * ut_scene_set_map:
 * @map: (nullable): copied with its strings; NULL shows the structures' own colours
 *
 * Surfaces that carry the scalar are coloured by it; the others keep their own colour, greyed.
 */
void ut_scene_set_map (UtScene *self, const UtScalarMap *map);

void ut_scene_set_background (UtScene *self, const float top[3], const float bottom[3]);
void ut_scene_set_cube (UtScene *self, gboolean show);
void ut_scene_set_cube_lift (UtScene *self, guint lift);
void ut_scene_set_legend (UtScene *self, gboolean show);
void ut_scene_set_note (UtScene *self, const char *note);

/**
 * ut_scene_set_clip:
 * @plane: (nullable): NULL shows all
 *
 * Cuts away what lies in front of a plane. Closed surfaces are capped: the inside shows in the
 * structure's colour, opaque however translucent the surface is. Of several surfaces of one
 * structure (a twin and its reference) the first is filled, the others are outlined.
 * Bounds, fit and shade are those of the whole surfaces.
 */
void ut_scene_set_clip (UtScene *self, const UtPlane *plane);

/**
 * ut_scene_set_image:
 * @number: 0 to UT_SCENE_MAX_IMAGES - 1
 * @image: (nullable): copied, its picture referenced; NULL takes the picture away
 *
 * Stands a picture into the scene, seen from both sides. The outlines of the surfaces that it
 * cuts are drawn on it in their colours. It is neither clipped nor picked, and bounds and fit do
 * not count it.
 */
void ut_scene_set_image (UtScene *self, guint number, const UtSceneImage *image);

/** ut_scene_item_is_opaque: TRUE where a surface hides what is behind it */
gboolean ut_scene_item_is_opaque (const UtSceneItem *item);

/** ut_scene_shows: TRUE where an item is seen well enough to be cut and picked */
gboolean ut_scene_shows (const UtSceneItem *item);

/**
 * ut_scene_item_colour:
 * @painted: the item takes its colour from the map
 * @ret: (out): linear red, green, blue, and opacity
 *
 * What an item is drawn in: a surface without the mapped scalar steps back, nearly grey, so that
 * only the map has colour.
 */
void
ut_scene_item_colour (const UtScene *self, const UtSceneItem *item, gboolean painted, float ret[4]);

/**
 * ut_scene_bounds:
 * @ret_min, @ret_max: (out): mm
 *
 * Box around the visible surfaces, or around all where none is visible.
 *
 * Returns: FALSE where there is no vertex at all
 */
gboolean ut_scene_bounds (const UtScene *self, float ret_min[3], float ret_max[3]);

/**
 * ut_scene_fit:
 * @camera: keeps its direction; target and distance change
 * @aspect: width / height of the picture
 *
 * Puts the visible surfaces (all where none is visible) in the middle of the picture, as large
 * as fits. Closer than ut_camera_fit(), which knows only their box.
 *
 * Returns: FALSE, @camera untouched, where there is no vertex at all
 */
gboolean ut_scene_fit (const UtScene *self, UtCamera *camera, float aspect);
