/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/quantity.h"

#define BY_VOXELS "Voxels of 3 mm (0.027 ml) of the twin's last stage; nothing is smoothed."
#define CUT_OFF                                                                                    \
  "A structure that touches the border of the 192 mm cube is cut off: it holds at least this."
#define OVER_VOXELS "All voxels of twin (last stage) and reference. Mean: over the five structures."
#define OVER_SURFACE                                                                               \
  "Surface voxels of 3 mm of twin (last stage) and reference, those with one of 6 neighbours "     \
  "outside; the end of the grid is outside. From centre to centre. Mean: over the five "           \
  "structures."
#define EMPTY_DISTANCE "One set empty: the diagonal of the cube, 63 sqrt 3 voxels; both empty: 0."
#define EMPTY_VOLUME   "0."
#define OVER_VERTICES                                                                              \
  "Vertices of the twin's surface, their distances to the reference's surface. Mean: over the "    \
  "structures that have one."
#define RANK_EMPTY "None, also where all values are the same. Below 0.2 it says nothing here."
#define HD_FORMULA                                                                                 \
  "Hausdorff distance: the largest distance from a point of one surface to the nearest of the "    \
  "other, either way."
#define HD95_FORMULA "The larger of the two directed 95th percentiles of surface distances."
#define HD95_RULE    "Linear between order statistics, each direction by itself, not pooled."
#define ASSD_FORMULA                                                                               \
  "Average symmetric surface distance: mean of the directed surface distances of both, pooled."

#define SHAPE_EMPTY                                                                                \
  "Left out where LV or myocardium is cut off, or a structure is missing that the axes need."

#define PER_BSA "Over the body surface area of Du Bois (1916), 0.007184 cm^0.725 kg^0.425 m²."
#define NO_BSA  "Left out where height or weight is not known."

#define DISKS_FORMULA                                                                              \
  " 20 elliptic disks of the same height across the long axis, pi / 4 times the sum of their two " \
  "diameters' products times the height."
#define BIPLANE                                                                                    \
  "Biplane method of disks (modified Simpson, ASE/EACVI 2015):" DISKS_FORMULA                      \
  " The longer of both axes counts. A cross-check: the twin does not depend on it, and the "       \
  "methods differ."
#define SINGLE_PLANE                                                                               \
  "Single-plane method of disks, both diameters those of one view:" DISKS_FORMULA                  \
  " The heart is taken to be round. A cross-check: the twin does not depend on it, and the "       \
  "methods differ."
#define TRACED_AXIS                                                                                \
  "From the middle of the traced annulus to the farthest place of the contour. More than 10 % "    \
  "between A4C and A2C are marked: one of them may be foreshortened."
#define TRACED_EF "(Volume at ED - volume at ES) / volume at ED, both "
#define BY_HAND                                                                                    \
  "Contours traced by hand on the marked frames, closed by the mitral plane: a smooth curve "      \
  "through the points."
#define NO_CONTOUR "Left out where a contour is missing, open, or on another frame."
#define EITHER_METHOD                                                                              \
  " (biplane, or single plane where only one view is traced). The methods differ: a difference "   \
  "need not be an error of either."

static UtQuantityInfo infos[UT_N_QUANTITIES] = {
  [UT_QUANTITY_VOLUME] = {.key = "volume_ml",
                          .name = "Volume",
                          .unit = "ml",
                          .formula = "Number of voxels times 0.027 ml. " CUT_OFF,
                          .sampling = BY_VOXELS,
                          .empty = EMPTY_VOLUME},
  [UT_QUANTITY_MESH_VOLUME] =
    {.key = "volume_mesh_ml",
     .name = "Volume (mesh)",
     .unit = "ml",
     .formula =
       "Volume enclosed by the structure's surface (divergence theorem), cut off as that by "
       "voxels. More than 2 % off the voxels' volume is marked with its cause.",
     .sampling = "Triangles of the surface that marching cubes cut from the probabilities of the "
                 "twin's last stage; the mesh itself is not smoothed.",
     .empty = EMPTY_VOLUME},
  [UT_QUANTITY_MASS] = {.key = "lv_mass_g",
                        .name = "LV mass",
                        .unit = "g",
                        .formula =
                          "Myocardial volume times 1.05 g/ml; at least this where that is cut off.",
                        .sampling = BY_VOXELS,
                        .empty = EMPTY_VOLUME},
  [UT_QUANTITY_LONG_AXIS] =
    {.key = "lv_long_axis_mm",
     .name = "LV long axis",
     .unit = "mm",
     .digits = 1,
     .formula = "From the mitral plane to the end of the cavity, along the line from the centre of "
                "the mitral opening to the endocardial apex. Good to half a voxel, 1.5 mm.",
     .sampling = "Vertices of the LV's surface; the opening is where LV and LA touch.",
     .empty = SHAPE_EMPTY},
  [UT_QUANTITY_SPHERICITY] =
    {.key = "lv_sphericity",
     .name = "LV sphericity",
     .unit = "",
     .digits = 2,
     .formula = "LV volume over that of the ball whose diameter is the long axis; 1 for a ball. "
                "Not the linear index. 1.5 mm of a long axis of 80 mm change it by 6 %.",
     .sampling = "Volume by voxels of 3 mm, long axis by the LV's surface.",
     .empty = SHAPE_EMPTY},
  [UT_QUANTITY_WALL_THICKNESS] =
    {.key = "lv_wall_thickness_mm",
     .name = "Wall thickness",
     .unit = "mm",
     .digits = 1,
     .formula =
       "Shortest way from the outer surface of the myocardium to the cavity, mean by outer "
       "area; also in each of the 17 segments of the AHA. Voxels of 3 mm do not show less "
       "than 1.5 mm, and no wall thinner than 3 mm.",
     .sampling = "Triangles of the outer surface from the first whole ring of wall to the apex.",
     .empty = SHAPE_EMPTY},
  [UT_QUANTITY_SV] = {.key = "stroke_volume_ml",
                      .name = "Stroke volume",
                      .unit = "ml",
                      .formula = "LV volume at ED minus LV volume at ES.",
                      .sampling = BY_VOXELS,
                      .empty = "Left out where the LV is cut off, or ED or ES is not there."},
  [UT_QUANTITY_EF] =
    {.key = "ejection_fraction_percent",
     .name = "EF",
     .unit = "%",
     .formula =
       "(LV volume at ED - LV volume at ES) / LV volume at ED. The interval in brackets is made to "
       "hold 95 % of the true values: Fieller's interval of the ratio of two volumes whose errors "
       "are normal and correlated. Its sources: the validation error table of the weights (mean, "
       "spread and correlation of the LV volume errors at ED and ES on simulated hearts of known "
       "truth) and, where the twin is a mean of several seeds, the spread of their volumes. "
       "Patients are in neither.",
     .percentile = "2.5 % of the true values are to lie beyond either end.",
     .sampling = BY_VOXELS,
     .empty = "Left out where the LV is cut off or empty, ED or ES is not there, or the weights "
              "have no validation error table: without an interval no EF is given."},
  [UT_QUANTITY_VOLUME_INDEX] = {.key = "volume_index_ml_per_m2",
                                .name = "Volume / BSA",
                                .unit = "ml/m²",
                                .formula = PER_BSA,
                                .sampling = BY_VOXELS,
                                .empty = NO_BSA},
  [UT_QUANTITY_MASS_INDEX] = {.key = "lv_mass_index_g_per_m2",
                              .name = "LV mass / BSA",
                              .unit = "g/m²",
                              .formula = PER_BSA,
                              .sampling = BY_VOXELS,
                              .empty = NO_BSA},
  [UT_QUANTITY_SV_INDEX] = {.key = "stroke_volume_index_ml_per_m2",
                            .name = "Stroke volume / BSA",
                            .unit = "ml/m²",
                            .formula = PER_BSA,
                            .sampling = BY_VOXELS,
                            .empty = NO_BSA},
  [UT_QUANTITY_CARDIAC_OUTPUT] =
    {.key = "cardiac_output_l_per_min",
     .name = "Cardiac output",
     .unit = "l/min",
     .digits = 1,
     .formula = "Stroke volume times the mean heart rate of the loops.",
     .sampling = BY_VOXELS,
     .empty = "Left out where no loop says a heart rate, or there is no stroke volume."},
  [UT_QUANTITY_CARDIAC_INDEX] = {.key = "cardiac_index_l_per_min_m2",
                                 .name = "Cardiac index",
                                 .unit = "l/min/m²",
                                 .digits = 1,
                                 .formula = PER_BSA,
                                 .sampling = BY_VOXELS,
                                 .empty = NO_BSA},
  [UT_QUANTITY_DISKS_VOLUME] = {.key = "volume_biplane_disks_ml",
                                .name = "Volume, biplane disks",
                                .unit = "ml",
                                .formula = BIPLANE,
                                .sampling = BY_HAND,
                                .empty = NO_CONTOUR},
  [UT_QUANTITY_DISKS_VOLUME_A4C] = {.key = "volume_a4c_disks_ml",
                                    .name = "Volume, A4C single plane",
                                    .unit = "ml",
                                    .formula = SINGLE_PLANE,
                                    .sampling = BY_HAND,
                                    .empty = NO_CONTOUR},
  [UT_QUANTITY_DISKS_VOLUME_A2C] = {.key = "volume_a2c_disks_ml",
                                    .name = "Volume, A2C single plane",
                                    .unit = "ml",
                                    .formula = SINGLE_PLANE,
                                    .sampling = BY_HAND,
                                    .empty = NO_CONTOUR},
  [UT_QUANTITY_DISKS_AXIS_A4C] = {.key = "long_axis_a4c_traced_mm",
                                  .name = "Long axis traced, A4C",
                                  .unit = "mm",
                                  .digits = 1,
                                  .formula = TRACED_AXIS,
                                  .sampling = BY_HAND,
                                  .empty = NO_CONTOUR},
  [UT_QUANTITY_DISKS_AXIS_A2C] = {.key = "long_axis_a2c_traced_mm",
                                  .name = "Long axis traced, A2C",
                                  .unit = "mm",
                                  .digits = 1,
                                  .formula = TRACED_AXIS,
                                  .sampling = BY_HAND,
                                  .empty = NO_CONTOUR},
  [UT_QUANTITY_DISKS_DIFFERENCE] = {.key = "volume_twin_minus_disks_ml",
                                    .name = "Volume, twin - disks",
                                    .unit = "ml",
                                    .formula =
                                      "LV volume of the twin minus that by disks" EITHER_METHOD,
                                    .sampling = BY_HAND,
                                    .empty =
                                      NO_CONTOUR " Also where the LV of the twin is cut off."},
  [UT_QUANTITY_DISKS_EF] = {.key = "ejection_fraction_biplane_disks_percent",
                            .name = "EF, biplane disks",
                            .unit = "%",
                            .formula = TRACED_EF "by the biplane method of disks.",
                            .sampling = BY_HAND,
                            .empty = NO_CONTOUR},
  [UT_QUANTITY_DISKS_EF_A4C] = {.key = "ejection_fraction_a4c_disks_percent",
                                .name = "EF, A4C single plane",
                                .unit = "%",
                                .formula = TRACED_EF "by the single-plane method of disks.",
                                .sampling = BY_HAND,
                                .empty = NO_CONTOUR},
  [UT_QUANTITY_DISKS_EF_A2C] = {.key = "ejection_fraction_a2c_disks_percent",
                                .name = "EF, A2C single plane",
                                .unit = "%",
                                .formula = TRACED_EF "by the single-plane method of disks.",
                                .sampling = BY_HAND,
                                .empty = NO_CONTOUR},
  [UT_QUANTITY_DISKS_EF_DIFFERENCE] =
    {.key = "ejection_fraction_twin_minus_disks_points",
     .name = "EF, twin - disks",
     .unit = "points",
     .formula = "EF of the twin minus that by disks, in percentage points" EITHER_METHOD,
     .sampling = BY_HAND,
     .empty = NO_CONTOUR " Also where the twin has no EF."},
  [UT_QUANTITY_DSC] = {.key = "dsc",
                       .name = "DSC",
                       .unit = "",
                       .digits = 3,
                       .better = UT_BETTER_LARGER,
                       .formula =
                         "Dice: 2 |A and B| / (|A| + |B|), A the twin, B the reference, 0 to 1.",
                       .sampling = OVER_VOXELS,
                       .empty = "One set empty: 0; both empty: 1."},
  [UT_QUANTITY_HD_MM] = {.key = "hd_mm",
                         .name = "HD",
                         .unit = "mm",
                         .digits = 1,
                         .better = UT_BETTER_SMALLER,
                         .formula = HD_FORMULA,
                         .percentile = "The maximum, 100 %.",
                         .sampling = OVER_SURFACE,
                         .empty = EMPTY_DISTANCE},
  [UT_QUANTITY_HD_VOXELS] = {.key = "hd_voxels",
                             .name = "HD",
                             .unit = "voxels",
                             .digits = 1,
                             .better = UT_BETTER_SMALLER,
                             .formula = HD_FORMULA,
                             .percentile = "The maximum, 100 %.",
                             .sampling = OVER_SURFACE,
                             .empty = EMPTY_DISTANCE},
  [UT_QUANTITY_HD95_MM] = {.key = "hd95_mm",
                           .name = "HD95",
                           .unit = "mm",
                           .digits = 1,
                           .better = UT_BETTER_SMALLER,
                           .formula = HD95_FORMULA,
                           .percentile = HD95_RULE,
                           .sampling = OVER_SURFACE,
                           .empty = EMPTY_DISTANCE},
  [UT_QUANTITY_HD95_VOXELS] = {.key = "hd95_voxels",
                               .name = "HD95",
                               .unit = "voxels",
                               .digits = 1,
                               .better = UT_BETTER_SMALLER,
                               .formula = HD95_FORMULA,
                               .percentile = HD95_RULE,
                               .sampling = OVER_SURFACE,
                               .empty = EMPTY_DISTANCE},
  [UT_QUANTITY_ASSD_MM] = {.key = "assd_mm",
                           .name = "ASSD",
                           .unit = "mm",
                           .digits = 1,
                           .better = UT_BETTER_SMALLER,
                           .formula = ASSD_FORMULA,
                           .sampling = OVER_SURFACE,
                           .empty = EMPTY_DISTANCE},
  [UT_QUANTITY_ASSD_VOXELS] = {.key = "assd_voxels",
                               .name = "ASSD",
                               .unit = "voxels",
                               .digits = 1,
                               .better = UT_BETTER_SMALLER,
                               .formula = ASSD_FORMULA,
                               .sampling = OVER_SURFACE,
                               .empty = EMPTY_DISTANCE},
  [UT_QUANTITY_VOLUME_ERROR] = {.key = "volume_error_ml",
                                .name = "E_vol",
                                .unit = "ml",
                                .better = UT_BETTER_SMALLER,
                                .formula =
                                  "Absolute difference of the volumes of twin and reference.",
                                .sampling = OVER_VOXELS,
                                .empty = "An empty one counts as 0 ml."},
  [UT_QUANTITY_VOLUME_DIFFERENCE] = {.key = "volume_difference_ml",
                                     .name = "Volume difference",
                                     .unit = "ml",
                                     .better = UT_BETTER_ZERO,
                                     .formula = "Volume of the twin minus volume of the reference.",
                                     .sampling = OVER_VOXELS,
                                     .empty = "An empty one counts as 0 ml."},
  [UT_QUANTITY_SPREAD_RANK] =
    {.key = "seed_spread_error_rank_correlation",
     .name = "Spread against error",
     .unit = "",
     .digits = 2,
     .better = UT_BETTER_LARGER,
     .formula = "Spearman's rank correlation of the seeds' spread (standard deviation of the class "
                "probabilities, summed over the classes) with the unsigned distance to the "
                "reference; 1 where the surface is the worse the less certain it is.",
     .sampling = OVER_VERTICES,
     .empty = RANK_EMPTY},
  [UT_QUANTITY_DISAGREEMENT_RANK] =
    {.key = "branch_disagreement_error_rank_correlation",
     .name = "Disagreement against error",
     .unit = "",
     .digits = 2,
     .better = UT_BETTER_LARGER,
     .formula = "Spearman's rank correlation of the branches' disagreement (standard deviation "
                "over x, y and z of their local standard deviation) with the unsigned distance to "
                "the reference.",
     .sampling = OVER_VERTICES,
     .empty = RANK_EMPTY},
};

gboolean
ut_quantity_is_of_disks (UtQuantity quantity)
{
  return quantity >= UT_QUANTITY_DISKS_VOLUME && quantity <= UT_QUANTITY_DISKS_EF_DIFFERENCE;
}

gboolean
ut_quantity_is_of_body (UtQuantity quantity)
{
  return quantity >= UT_QUANTITY_VOLUME_INDEX && quantity <= UT_QUANTITY_CARDIAC_INDEX;
}

const char *
ut_better_sentence (UtBetter better)
{
  static const char *const sentences[] = {
    "Neither large nor small is good in itself.",
    "Larger is better.",
    "Smaller is better.",
    "Nearer to 0 is better.",
  };
  g_return_val_if_fail (better < G_N_ELEMENTS (sentences), "");
  return sentences[better];
}

static char *
join (const UtQuantityInfo *info)
{
  GString *text = g_string_new (info->formula);
  if (info->better != UT_BETTER_NEITHER)
    g_string_append_printf (text, " %s", ut_better_sentence (info->better));
  if (info->percentile != NULL)
    g_string_append_printf (text, " Percentile: %s", info->percentile);
  g_string_append_printf (text, " Sampling: %s Empty structure: %s", info->sampling, info->empty);
  return g_string_free (text, FALSE);
}

const UtQuantityInfo *
ut_quantity_info (UtQuantity quantity)
{
  static gsize joined = 0;
  if (g_once_init_enter (&joined)) {
    for (int i = 0; i < UT_N_QUANTITIES; i++)
      infos[i].definition = join (&infos[i]);
    g_once_init_leave (&joined, 1);
  }
  g_return_val_if_fail ((guint)quantity < UT_N_QUANTITIES, &infos[UT_QUANTITY_VOLUME]);
  return &infos[quantity];
}
