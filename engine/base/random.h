/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * Counter-based random numbers: Philox4x32-10.
 *
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 * The same seed and stream give the same numbers on every machine, in C, in
 * CUDA and in engine/train/philox.py.
 */

/** ut_philox: block of four 32-bit words for a counter and a key. */
void ut_philox (const guint32 counter[4], const guint32 key[2], guint32 ret_words[4]);

/**
 * ut_philox_normals:
 * @seed: key of the generator: low word first
 * @stream: third counter word; stream 0 is the sampler's start noise
 * @first: index of the first number wanted; a multiple of 4
 * @ret: (out) (array length=n): N(0, 1) numbers
 *
 * Element i comes from block i / 4, counter (i / 4 low, i / 4 high, @stream, 0),
 * through u_k = (r_k + 0.5) / 2^32 and two Box-Muller pairs
 * sqrt (-2 ln u0) (cos, sin) (2 pi u1), computed in double and rounded to float.
 *
 * Threads: pure; uses ut_parallel_for().
 */
void ut_philox_normals (guint64 seed, guint32 stream, guint64 first, gsize n, float *ret);

/**
 * ut_philox_pack, ut_philox_normals_packed:
 * @packed: the seed's four and the stream's two words of 16 bits, low first
 *
 * Seed and stream as floats that hold them exactly, for devices whose memory is floats;
 * ut_philox_normals() from 0 for what was packed.
 */
void ut_philox_pack (guint64 seed, guint32 stream, float ret_packed[6]);
void ut_philox_normals_packed (const float packed[6], gsize n, float *ret);

/**
 * UtRandom:
 *
 * A sequential generator on top of Philox for drawing parameters. Streams of
 * one seed are independent, so every part of a simulation takes its own and
 * adding a draw to one part leaves the others as they were.
 */
typedef struct UtRandom {
  guint32 key[2];
  guint32 counter[4];
  guint32 words[4];
  guint n_left; /* unused words */
} UtRandom;

void ut_random_init (UtRandom *self, guint64 seed, guint32 stream);

guint32 ut_random_u32 (UtRandom *self);

/** ut_random_uniform: in the open interval (@low, @high) */
double ut_random_uniform (UtRandom *self, double low, double high);

/** ut_random_normal: N (@mean, @sd^2) */
double ut_random_normal (UtRandom *self, double mean, double sd);

/** ut_random_normal_within: normal, drawn again until inside [@low, @high] */
double ut_random_normal_within (UtRandom *self, double mean, double sd, double low, double high);

/** ut_random_index: 0 to @n - 1; @n > 0 */
guint ut_random_index (UtRandom *self, guint n);

/** ut_random_chance: TRUE with probability @p */
gboolean ut_random_chance (UtRandom *self, double p);
