/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/canonical.h"
#include "engine/image/view.h"

#define UT_SHARD_FIELD_MM 200.0 /* UtTwinRaster.field_mm of the pictures; as in config.py */
#define UT_SHARD_SIDE     224   /* pixels of a network picture */

/** Bit of a slice pixel that lies inside the sector; the structure is in the bits below. */
#define UT_SHARD_IN_SECTOR 8

/**
 * UtShardSample: one training sample, as it is written.
 */
typedef struct UtShardSample {
  guint8 images[UT_N_VIEWS][UT_SHARD_SIDE][UT_SHARD_SIDE]; /* grey, network raster */
  guint8 slices[UT_N_VIEWS][UT_SHARD_SIDE][UT_SHARD_SIDE]; /* structures there, and the sector */
  float spacing_mm[UT_N_VIEWS][2];                         /* row, column */
  const UtVolume *labels;                                  /* canonical, lent */
} UtShardSample;

/**
 * UtShard:
 *
 * A folder of raw arrays that numpy.memmap reads: images.u8 [n, 3, 224, 224],
 * slices.u8 (the same shape), spacing.f32 [n, 3, 2], labels.u8 [n, 64, 64, 64], and
 * meta.csv, one row per sample. It is called FOLDER.part until it is whole.
 */
typedef struct UtShard UtShard;

/** ut_shard_new: makes FOLDER.part. Errors: G_FILE_ERROR. */
UtShard *ut_shard_new (const char *folder, const char *meta_header, GError **error);

/** ut_shard_add: writes a sample; @meta is its row, without line end. Errors: G_FILE_ERROR. */
gboolean
ut_shard_add (UtShard *self, const UtShardSample *sample, const char *meta, GError **error);

/** ut_shard_finish: closes the files and renames the folder. Errors: G_FILE_ERROR. */
gboolean ut_shard_finish (UtShard *self, GError **error);

void ut_shard_free (UtShard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtShard, ut_shard_free)
