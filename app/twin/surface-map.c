/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/surface-map.h"

#include "engine/measure/uncertainty.h"
#include "engine/surface/mesh-motion.h"

#include <glib/gi18n.h>

#define MOTION_LIMIT_MM    12.0f
#define SPREAD_LIMIT       1.0f
#define DISAGREEMENT_LIMIT 0.12f

UtScalarMap
ut_surface_map_get (UtSurfaceMap map)
{
  UtScalarMap found = ut_scalar_map_distance (UT_DISTANCE_LIMIT_MM);
  found.local_numbers = TRUE;
  switch (map) {
  case UT_SURFACE_MAP_MOTION:
    found = ut_scalar_map_distance (MOTION_LIMIT_MM);
    found.scalar = UT_MOTION_SCALAR;
    found.quantity = _ ("Inward motion, ED to ES");
    found.local_numbers = TRUE;
    return found;
  case UT_SURFACE_MAP_SPREAD:
  case UT_SURFACE_MAP_DISAGREEMENT: {
    gboolean spread = map == UT_SURFACE_MAP_SPREAD;
    return (UtScalarMap){
      .scalar = spread ? UT_SPREAD_SCALAR : UT_DISAGREEMENT_SCALAR,
      .quantity = spread ? _ ("Seed spread") : _ ("Branch disagreement"),
      .unit = "",
      .map = UT_COLOUR_MAP_BATLOW,
      .max = spread ? SPREAD_LIMIT : DISAGREEMENT_LIMIT,
      .local_numbers = TRUE,
    };
  }
  default:
    return found;
  }
}

gboolean
ut_surface_map_there (UtSurfaceMap map, const UtPhaseSurfaces *surfaces)
{
  if (surfaces == NULL || map == UT_SURFACE_MAP_NONE)
    return FALSE;
  UtScalarMap wanted = ut_surface_map_get (map);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (surfaces->meshes[s] != NULL &&
        ut_mesh_find_scalar (surfaces->meshes[s], wanted.scalar) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
ut_surface_map_needs_mm (UtSurfaceMap map)
{
  return map == UT_SURFACE_MAP_DISTANCE || map == UT_SURFACE_MAP_MOTION;
}
