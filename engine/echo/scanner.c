/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Distributions: medians and spreads over 590 pictures (295 patients, ED and ES) of the
 * CAMUS data (Leclerc et al., IEEE TMI 38(9), 2019); those of the greys are set so that
 * simulated pictures, measured in the same way, give the same medians.
 */
#include "engine/echo/scanner.h"

#include <math.h>

void
ut_scanner_default (UtScanner *ret, UtView view)
{
  *ret = (UtScanner){
    .half_angle_deg = 37.5,
    .depth_mm = 150,
    .masked = TRUE,
    .axial_fwhm_mm = 1.1,
    .lateral_fwhm_deg = 1.3,
    .looks = 3.8,
    .compression = UT_SCANNER_POWER,
    .dynamic_range_db = 60,
    .gamma = 3.85, /* grain's SD grows as grey^0.74 = grey^(1 - 1 / gamma) */
    .noise_grey = 28,
    .grey_blood = 59,
    .ratio_septal = 2.1,
    .ratio_lateral = 1.5,
    .ratio_apical = 1.6,
    .grey_atrial = 2,
    .grey_left = 10,
    .grey_right = 10,
    .grey_pericardium = 50,
    .grey_leaflet = 98,
    .mottle = 1,
    .edge_septal_mm = 5.3,
    .edge_lateral_mm = 7.2,
    .edge_apical_mm = 7,
    .specular = 25,
    .edge_left = 1,
    .edge_right = 0.95,
    .clutter_ratio = 1.65,
    .haze_grey = 4,
  };
}

/* Shares of LV blood or of a contrast, so that dark pictures stay dark. */
UtScanner
ut_scanner_at (const UtScanner *self, double contraction)
{
  UtScanner k = *self;
  const double c = CLAMP (contraction, 0, 1), blood = c * k.grey_blood;
  k.ratio_septal = 1 + (k.ratio_septal - 1) * (1 - 0.08 * c);
  k.ratio_lateral = 1 + (k.ratio_lateral - 1) * (1 + 0.25 * c);
  k.ratio_apical = 1 + (k.ratio_apical - 1) * (1 + 0.05 * c);
  k.grey_right += 0.36 * blood;
  k.grey_pericardium *= 1 + 0.12 * c;
  k.grey_atrial -= 0.4 * blood;
  k.haze_grey += 0.12 * blood;
  k.dropout_lateral *= 1 - 0.6 * c;
  k.dropout_apical *= 1 - 0.3 * c;
  k.dropout_septal *= 1 - 0.6 * c;
  return k;
}

static double
draw_half_angle (UtRandom *random)
{
  double p = ut_random_uniform (random, 0, 1);
  const double part[] = {0.86, 0.89, 0.91, 0.924, 0.951, 0.985, 0.993};
  const double degrees[] = {37.5, 32.5, 30, 35, 40, 45, 60};
  for (guint i = 0; i < G_N_ELEMENTS (part); i++)
    if (p < part[i])
      return degrees[i];
  return 27.5;
}

static void
draw_window (UtScanner *ret, UtRandom *random)
{
  ret->n_arcs = ut_random_chance (random, 0.4) ? 1 + ut_random_index (random, 3) : 0;
  for (guint i = 0; i < ret->n_arcs; i++) {
    ret->arc_mm[i] = ut_random_uniform (random, 5, 25);
    ret->arc_grey[i] = ut_random_uniform (random, 20, 80);
  }
  ret->dropout_lateral = ut_random_chance (random, 0.03)  ? 1
                         : ut_random_chance (random, 0.3) ? ut_random_uniform (random, 0.06, 0.34)
                                                          : 0;
  ret->dropout_apical = ut_random_chance (random, 0.04)   ? 1
                        : ut_random_chance (random, 0.15) ? ut_random_uniform (random, 0.1, 0.5)
                                                          : 0;
  ret->dropout_septal =
    ut_random_chance (random, 0.06) ? ut_random_uniform (random, 0.08, 0.25) : 0;
  ret->n_shadows = ut_random_chance (random, 0.17) ? 1 : 0;
  for (guint i = 0; i < ret->n_shadows; i++) {
    gboolean right = ut_random_chance (random, 0.65);
    double edge = ret->half_angle_deg * ut_random_uniform (random, 0.55, 1.02);
    ret->shadows[i] = (UtScannerShadow){.centre_deg = right ? edge : -edge,
                                        .width_deg = ut_random_uniform (random, 5, 16),
                                        .start_mm = ut_random_uniform (random, 10, 70),
                                        .loss_db = ut_random_uniform (random, 8, 30)};
  }
}

void
ut_scanner_draw (UtScanner *ret, UtView view, UtRandom *random)
{
  ut_scanner_default (ret, view);
  ret->seed = (guint64)ut_random_u32 (random) << 32 | ut_random_u32 (random);
  ret->half_angle_deg = draw_half_angle (random);
  ret->axial_fwhm_mm = ut_random_normal_within (random, 1.1, 0.15, 0.8, 1.6);
  ret->lateral_fwhm_deg = ut_random_normal_within (random, 1.3, 0.18, 0.9, 1.9);
  ret->looks = ut_random_uniform (random, 2.9, 5);
  ret->gamma = ut_random_normal_within (random, 3.85, 0.25, 3.2, 4.5);
  ret->dynamic_range_db = ut_random_normal_within (random, 60, 4, 50, 70);
  ret->noise_grey = ut_random_normal_within (random, 28, 12, 6, 60);

  ret->grey_blood = ut_random_normal_within (random, 44, 20, 18, 115);
  double contrast =
    ut_random_normal_within (random, 1, 0.09, 0.75, 1.25); /* shared part: haze, gain */
  ret->ratio_septal = MAX (ut_random_normal_within (random, 2.0, 0.36, 1.3, 3.5) * contrast, 1.3);
  ret->ratio_lateral =
    MAX (ut_random_normal_within (random, 1.64, 0.24, 1.1, 2.4) * contrast, 1.12);
  ret->ratio_apical = MAX (ut_random_normal_within (random, 1.64, 0.25, 1.1, 2.4) * contrast, 1.12);
  ret->grey_atrial = ut_random_normal_within (random, 20, 18, -28, 60);
  ret->grey_left = ut_random_normal_within (random, 17, 17, -25, 65);
  ret->grey_right = ut_random_normal_within (random, 32, 19, -25, 80);
  ret->grey_pericardium = ut_random_normal_within (random, 64, 34, 0, 150);
  ret->grey_leaflet = ut_random_normal_within (random, 98, 32, 15, 180);
  ret->mottle = ut_random_normal_within (random, 1, 0.25, 0.4, 1.8);
  ret->edge_septal_mm = ut_random_normal_within (random, 6, 1.2, 2.5, 9);
  ret->edge_lateral_mm = ut_random_normal_within (random, 8.2, 1.6, 3, 12);
  ret->edge_apical_mm = ut_random_normal_within (random, 8, 1.2, 4, 11);
  ret->specular = ut_random_normal_within (random, 25, 15, 0, 70);
  ret->slope_per_cm = ut_random_normal_within (random, 0, 2.5, -6, 6);
  ret->edge_left = ut_random_normal_within (random, 0.95, 0.15, 0.6, 1.4);
  ret->edge_right = ut_random_normal_within (random, 0.72, 0.14, 0.45, 1.35);
  ret->clutter_ratio = ut_random_normal_within (random, 1.38, 0.4, 1, 3);
  ret->haze_grey = ut_random_normal_within (random, 4, 24, -0.5 * ret->grey_blood, 60);
  draw_window (ret, random);
}

/* each habit of other machines and other people's pictures on its own, so that they mix */
void
ut_scanner_draw_broad (UtScanner *ret, UtView view, UtRandom *random)
{
  ut_scanner_draw (ret, view, random);
  if (ut_random_chance (random, 0.35)) { /* even greys, blurred, with white noise */
    ret->looks = 0;
    ret->mottle = ut_random_uniform (random, 0, 0.5);
    ret->specular = 0;
    ret->blur_mm = ut_random_uniform (random, 0.5, 3.5);
    ret->pixel_noise = ut_random_uniform (random, 0, 16);
  } else {
    ret->looks = exp (ut_random_uniform (random, log (0.9), log (20)));
    ret->axial_fwhm_mm = ut_random_uniform (random, 0.5, 2.2);
    ret->lateral_fwhm_deg = ut_random_uniform (random, 0.6, 3);
    ret->blur_mm = ut_random_chance (random, 0.3) ? ut_random_uniform (random, 0.4, 2) : 0;
    ret->pixel_noise = ut_random_chance (random, 0.3) ? ut_random_uniform (random, 0, 12) : 0;
    ret->mottle = ut_random_uniform (random, 0, 2);
  }
  ret->compression = (UtScannerCompression)ut_random_index (random, 3);
  ret->dynamic_range_db = ut_random_uniform (random, 35, 85);
  ret->gamma = ut_random_uniform (random, 1.2, 5);
  ret->half_angle_deg = ut_random_uniform (random, 27, 55);
  ret->top_radius_mm = ut_random_chance (random, 0.4) ? ut_random_uniform (random, 2, 14) : 0;
  ret->masked = !ut_random_chance (random, 0.12);
  ret->slope_per_cm = ut_random_uniform (random, -8, 8);
  ret->edge_left = ut_random_uniform (random, 0.5, 1.3);
  ret->edge_right = ut_random_uniform (random, 0.5, 1.3);

  ret->grey_blood = ut_random_chance (random, 0.4) ? ut_random_uniform (random, 2, 25)
                                                   : ut_random_uniform (random, 10, 110);
  double base = MAX (ret->grey_blood, 14),
         bright = ut_random_uniform (random, 1.3, 1.2 + 170 / base);
  ret->ratio_septal = MIN (bright * ut_random_uniform (random, 0.8, 1.25), 250 / base);
  ret->ratio_lateral = MIN (bright * ut_random_uniform (random, 0.7, 1.1), 250 / base);
  ret->ratio_apical = MIN (bright * ut_random_uniform (random, 0.7, 1.15), 250 / base);
  ret->grey_left = ut_random_uniform (random, -ret->grey_blood, 80);
  ret->grey_right = ut_random_uniform (random, -ret->grey_blood, 80);
  ret->grey_atrial = ut_random_uniform (random, -0.5 * ret->grey_blood, 20);
  ret->grey_pericardium = ut_random_uniform (random, 0, 160);
  ret->grey_leaflet = ut_random_uniform (random, 0, 160);
  ret->noise_grey = ut_random_uniform (random, 0, 30);
  ret->edge_septal_mm = ret->edge_lateral_mm = ret->edge_apical_mm =
    ut_random_uniform (random, 0.6, 5);
  if (ut_random_chance (random, 0.4)) { /* a clean picture without clutter */
    ret->clutter_ratio = 1;
    ret->haze_grey = 0;
    ret->n_arcs = 0;
  }
  const double overlay_chance[] = {0.4, 0.35, 0.35, 0.2, 0.15};
  for (guint i = 0; i < G_N_ELEMENTS (overlay_chance); i++)
    if (ret->masked && ut_random_chance (random, overlay_chance[i]))
      ret->overlays |= 1u << i;
  if (ut_random_chance (random, 0.2))
    *(ut_random_chance (random, 0.5) ? &ret->cut_left : &ret->cut_right) =
      ut_random_uniform (random, 0.03, 0.22);
}
