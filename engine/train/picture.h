/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/echo/probe.h"
#include "engine/echo/simulator.h"
#include "engine/train/shard.h"

/**
 * UtPictureView: how one view of a heart is filmed: plane, machine and raster.
 */
typedef struct UtPictureView {
  UtViewPlane plane;
  UtScanner scanner;
  UtEchoPicture picture;
} UtPictureView;

/**
 * ut_picture_view_draw:
 * @labels: heart at end-diastole
 * @landmarks: of @labels
 * @broad: chance, 0 to 1, of a machine far from the measured ones
 *
 * Draws machine, hold of the probe and picture frame. Frames differ as users' do:
 * some end at the sector, others hold it anywhere with black around it; 240 to 480
 * pixels high, from square to 16:9. Network pictures therefore differ in scale, and
 * the pixel spacing has to be read.
 *
 * Errors: as ut_probe_place().
 */
gboolean ut_picture_view_draw (UtPictureView *ret,
                               UtView view,
                               const UtVolume *labels,
                               const UtLandmarks *landmarks,
                               double broad,
                               UtRandom *random,
                               GError **error);

/**
 * ut_picture_make:
 * @self: (array fixed-size=3): how each view is filmed
 * @scene: heart at the moment of @phase
 * @labels: of that moment
 * @random: of valves and noise
 *
 * Films all views, brings the pictures into the network's raster exactly as the
 * engine does, and cuts the label slices on the same raster.
 *
 * Errors: as ut_cine_new() and ut_twin_input_new().
 */
gboolean ut_picture_make (const UtPictureView self[UT_N_VIEWS],
                          const UtEchoScene *scene,
                          const UtVolume *labels,
                          UtPhase phase,
                          UtRandom *random,
                          UtShardSample *sample,
                          GError **error);
