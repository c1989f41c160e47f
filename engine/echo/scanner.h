/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/random.h"
#include "engine/image/view.h"

#define UT_SCANNER_MAX_SHADOWS 3
#define UT_SCANNER_MAX_ARCS    4

/** UtScannerCompression: how echo strength becomes grey */
typedef enum {
  UT_SCANNER_POWER,   /* 255 x^gamma of the level x in dB, as measured pictures behave */
  UT_SCANNER_LINEAR,  /* 255 x: a plain log picture */
  UT_SCANNER_SIGMOID, /* flat at both ends */
} UtScannerCompression;

/**
 * UtScannerOverlay: what a machine writes round the sector; flags.
 */
typedef enum {
  UT_SCANNER_TEXT = 1 << 0,  /* lines of letters and numbers */
  UT_SCANNER_TICKS = 1 << 1, /* depth ticks beside the sector */
  UT_SCANNER_ECG = 1 << 2,   /* trace below the sector */
  UT_SCANNER_BAR = 1 << 3,   /* grey bar */
  UT_SCANNER_FRAME = 1 << 4, /* outline of the sector */
} UtScannerOverlay;

/** UtScannerShadow: a wedge of beams behind a rib or lung */
typedef struct UtScannerShadow {
  double centre_deg, width_deg; /* from the sector axis, + = picture right */
  double start_mm;              /* depth at which it begins */
  double loss_db;
} UtScannerShadow;

/**
 * UtScanner:
 *
 * Everything about the machine, its settings and the patient's window that is the
 * same in all frames of a loop, and at end-diastole and end-systole of a patient.
 * A plain value: copy it freely. Greys are 0 to 255 after compression.
 */
typedef struct UtScanner {
  guint64 seed; /* of all patterns that stand still: texture, arcs, drop-out */

  /* sector */
  double half_angle_deg;
  double depth_mm;      /* from the probe; ut_probe_place() chooses it to suit the heart */
  double top_radius_mm; /* the part of each beam that is cut off; 0: pointed tip */
  gboolean masked;      /* FALSE: the whole rectangle holds picture, no sector */

  /* resolution and grain */
  double axial_fwhm_mm;
  double lateral_fwhm_deg;
  double looks;   /* independent pictures averaged; 0: no speckle at all */
  double blur_mm; /* FWHM of a last smoothing of the picture, 0: none */

  /* grey curve */
  UtScannerCompression compression;
  double dynamic_range_db;
  double gamma;
  double noise_grey;  /* median of the noise floor at full depth */
  double pixel_noise; /* SD of white noise per pixel, after everything else */

  /* grey of tissues */
  double grey_blood;                                      /* LV cavity, median */
  double ratio_septal, ratio_lateral, ratio_apical;       /* wall over LV blood */
  double grey_atrial;                                     /* LA, RA blood minus LV blood */
  double grey_left, grey_right;                           /* surroundings minus LV blood */
  double grey_pericardium;                                /* lateral band minus LV blood */
  double grey_leaflet;                                    /* closed leaflet line minus LV blood */
  double mottle;                                          /* slow unevenness of tissue, 1 = usual */
  double edge_septal_mm, edge_lateral_mm, edge_apical_mm; /* 10-90 % rise at the endocardium */
  double specular; /* extra at interfaces that face the beam, grey */

  /* along the depth and across the beams */
  double slope_per_cm;          /* grey of blood and tissue, about mid depth */
  double edge_left, edge_right; /* grey of the outermost beams over the centre */
  double clutter_ratio;         /* first 20 mm over mid cavity */
  double haze_grey;             /* apical minus basal third of the cavity */
  guint n_arcs;                 /* reverberation arcs */
  double arc_mm[UT_SCANNER_MAX_ARCS], arc_grey[UT_SCANNER_MAX_ARCS];

  /* what the window takes away */
  double dropout_lateral, dropout_apical, dropout_septal; /* part of the wall lost, 0 to 1 */
  guint n_shadows;
  UtScannerShadow shadows[UT_SCANNER_MAX_SHADOWS];

  /* round the sector */
  guint overlays;             /* UtScannerOverlay */
  double cut_left, cut_right; /* part of the sector's width outside the picture, 0 to 0.3 */
} UtScanner;

/**
 * ut_scanner_default: a good machine with a good window; no chance involved
 */
void ut_scanner_default (UtScanner *ret, UtView view);

/**
 * ut_scanner_draw:
 *
 * Draws a machine, its settings and a patient's window from what 590 real apical
 * pictures measure like. PSAX takes the same distributions where none is known.
 * Source: CAMUS (Leclerc 2019, doi 10.1109/TMI.2019.2900516), own measurements.
 */
void ut_scanner_draw (UtScanner *ret, UtView view, UtRandom *random);

/**
 * ut_scanner_at:
 * @contraction: 0 end-diastole, 1 end-systole
 *
 * What the heart's contraction does to the greys: at end-systole the lateral wall and what
 * lies beside it turn brighter and are lost less often, the septum and the atria darker,
 * and haze gathers at the apex.
 * Source: CAMUS, own measurements, A4C: differences to LV blood, ES against ED.
 *
 * Returns: the settings with which that moment is filmed
 */
UtScanner ut_scanner_at (const UtScanner *self, double contraction);

/**
 * ut_scanner_draw_broad:
 *
 * Draws a scanner far from the measured ones, for training only: no speckle, other
 * compressions, no sector, slopes the wrong way, text and traces round the sector,
 * a sector cut by the picture's border. What is learnt must not lean on our texture.
 */
void ut_scanner_draw_broad (UtScanner *ret, UtView view, UtRandom *random);
