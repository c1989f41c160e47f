/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"
#include "engine/surface/mesh.h"

/** Density of heart muscle in g/ml: Lang et al., ASE/EACVI chamber quantification, 2015. */
#define UT_MYOCARDIUM_G_PER_ML 1.05

/** Voxel and mesh volume that differ by more than this share are worth a flag. */
#define UT_VOLUME_FLAG_SHARE 0.02

/**
 * UtLabelVolume:
 *
 * How much of a label map one label fills.
 */
typedef struct UtLabelVolume {
  gsize n_voxels;
  double ml;             /* n_voxels times the volume of a voxel */
  gboolean touches_edge; /* a voxel of it lies in the outermost layer: it may be cut off */
} UtLabelVolume;

/**
 * ut_label_volumes:
 * @labels: uint8 volume
 * @n_labels: how many codes to measure, 0 included; voxels of higher codes are left out
 * @ret_volumes: (out) (array length=n_labels): by label code
 *
 * Errors: UNSUPPORTED where @labels holds floats.
 */
gboolean ut_label_volumes (const UtVolume *labels,
                           guint n_labels,
                           UtLabelVolume *ret_volumes,
                           GError **error);

/** ut_mesh_volume_ml: volume enclosed by a closed, outward mesh */
double ut_mesh_volume_ml (const UtMesh *mesh);

/** ut_volumes_agree: FALSE where two volumes of one structure differ by over UT_VOLUME_FLAG_SHARE
 * of the larger one */
gboolean ut_volumes_agree (double voxel_ml, double mesh_ml);

/** UtVolumeCause: why the volumes of one structure by voxels and by mesh differ. */
typedef enum {
  UT_VOLUMES_AGREE,  /* they do not */
  UT_VOLUMES_OPEN,   /* the mesh has open edges, so that its volume means nothing */
  UT_VOLUMES_CUT,    /* the structure is clipped at the border of the grid */
  UT_VOLUMES_SMOOTH, /* the surface is smoother than the voxels, which shows on small structures */
} UtVolumeCause;

/** ut_volume_cause_name: "open_boundary", ...: fixed, for files; NULL for UT_VOLUMES_AGREE */
const char *ut_volume_cause_name (UtVolumeCause cause);

/**
 * ut_volumes_compare:
 * @mesh: surface of the structure that @voxels counts
 *
 * Returns: UT_VOLUMES_AGREE where ut_volumes_agree(); else the first cause of the list that holds
 */
UtVolumeCause ut_volumes_compare (const UtLabelVolume *voxels, const UtMesh *mesh);

/** ut_lv_mass_g: mass of @myocardium_ml ml of heart muscle in g */
double ut_lv_mass_g (double myocardium_ml);

/** ut_stroke_volume_ml: @edv_ml - @esv_ml, end-diastolic and end-systolic volume */
double ut_stroke_volume_ml (double edv_ml, double esv_ml);

/**
 * ut_ejection_fraction:
 * @ret_fraction: (out): (edv - esv) / edv; below 0 where the ES volume is the larger
 *
 * Returns: FALSE, @ret_fraction untouched, where @edv_ml is not greater than 0
 */
gboolean ut_ejection_fraction (double edv_ml, double esv_ml, double *ret_fraction);
