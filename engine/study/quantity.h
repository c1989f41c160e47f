/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** UtQuantity: what is measured; ut_quantity_info() says how. */
typedef enum {
  UT_QUANTITY_VOLUME,         /* per phase and structure, by voxels */
  UT_QUANTITY_MESH_VOLUME,    /* per phase and structure, enclosed by the mesh */
  UT_QUANTITY_MASS,           /* per phase, Myo */
  UT_QUANTITY_LONG_AXIS,      /* per phase, LV */
  UT_QUANTITY_SPHERICITY,     /* per phase, LV */
  UT_QUANTITY_WALL_THICKNESS, /* per phase, Myo: mean over the segments */
  UT_QUANTITY_SV,             /* LV, ED and ES together */
  UT_QUANTITY_EF,             /* LV, ED and ES together; always with an interval */
  UT_QUANTITY_VOLUME_INDEX,   /* per phase and chamber, over the body's surface */
  UT_QUANTITY_MASS_INDEX,     /* per phase, Myo */
  UT_QUANTITY_SV_INDEX,       /* LV, ED and ES together */
  UT_QUANTITY_CARDIAC_OUTPUT, /* the same, with the heart rate of the loops */
  UT_QUANTITY_CARDIAC_INDEX,
  UT_QUANTITY_DISKS_VOLUME,     /* per phase, LV: study-disks.h; biplane */
  UT_QUANTITY_DISKS_VOLUME_A4C, /* the same, single plane */
  UT_QUANTITY_DISKS_VOLUME_A2C,
  UT_QUANTITY_DISKS_AXIS_A4C, /* per phase */
  UT_QUANTITY_DISKS_AXIS_A2C,
  UT_QUANTITY_DISKS_DIFFERENCE, /* per phase: volume of the twin - by disks */
  UT_QUANTITY_DISKS_EF,         /* ED and ES together, biplane */
  UT_QUANTITY_DISKS_EF_A4C,     /* the same, single plane */
  UT_QUANTITY_DISKS_EF_A2C,
  UT_QUANTITY_DISKS_EF_DIFFERENCE, /* EF of the twin - by disks */
  UT_QUANTITY_DSC, /* per phase and structure, against the reference; from here on */
  UT_QUANTITY_HD_MM,
  UT_QUANTITY_HD_VOXELS,
  UT_QUANTITY_HD95_MM,
  UT_QUANTITY_HD95_VOXELS,
  UT_QUANTITY_ASSD_MM,
  UT_QUANTITY_ASSD_VOXELS,
  UT_QUANTITY_VOLUME_ERROR,      /* E_vol, never negative */
  UT_QUANTITY_VOLUME_DIFFERENCE, /* the same with its sign: twin - reference */
  UT_QUANTITY_SPREAD_RANK,       /* rank correlation of the seeds' spread with the error */
  UT_QUANTITY_DISAGREEMENT_RANK, /* the same of the branches' disagreement */
  UT_N_QUANTITIES,
} UtQuantity;

/** UtBetter: which way a number is good. */
typedef enum { UT_BETTER_NEITHER, UT_BETTER_LARGER, UT_BETTER_SMALLER, UT_BETTER_ZERO } UtBetter;

/** UtQuantityInfo: the passport of a number. The texts are English sentences. */
typedef struct UtQuantityInfo {
  const char *key;  /* field name in JSON, with its unit: "hd95_mm" */
  const char *name; /* "HD95" */
  const char *unit; /* "mm"; "" where there is none */
  int digits;       /* decimals that the resolution bears on screen */
  UtBetter better;
  const char *formula;
  const char *percentile; /* rule for order statistics; NULL where there are none */
  const char *sampling;   /* which points, voxels, hearts go in */
  const char *empty;      /* what an empty structure gives */
  const char *definition; /* all of these in one text */
} UtQuantityInfo;

/** ut_quantity_info: (transfer none): never NULL */
const UtQuantityInfo *ut_quantity_info (UtQuantity quantity);

/** ut_quantity_is_of_disks: TRUE where a traced contour goes into it */
gboolean ut_quantity_is_of_disks (UtQuantity quantity);

/** ut_quantity_is_of_body: TRUE where the body's size or the heart rate goes into it */
gboolean ut_quantity_is_of_body (UtQuantity quantity);

/** ut_better_sentence: "Larger is better." ... */
const char *ut_better_sentence (UtBetter better);
