/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/random.h"

#include "engine/base/parallel.h"

#include <math.h>
#include <string.h>

void
ut_philox (const guint32 counter[4], const guint32 key[2], guint32 ret_words[4])
{
  guint32 c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  guint32 k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    guint64 p0 = (guint64)0xD2511F53u * c0, p1 = (guint64)0xCD9E8D57u * c2;
    c0 = (guint32)(p1 >> 32) ^ c1 ^ k0;
    c1 = (guint32)p1;
    c2 = (guint32)(p0 >> 32) ^ c3 ^ k1;
    c3 = (guint32)p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  ret_words[0] = c0;
  ret_words[1] = c1;
  ret_words[2] = c2;
  ret_words[3] = c3;
}

static double
unit (guint32 word)
{
  return (word + 0.5) / 4294967296.0;
}

typedef struct {
  guint32 key[2], stream;
  guint64 first; /* block */
  gsize n;
  float *values;
} Normals;

static void
fill_blocks (gsize begin, gsize end, gpointer user_data)
{
  const Normals *self = user_data;
  for (gsize i = begin; i < end; i++) {
    guint64 block = self->first + i;
    guint32 counter[4] = {(guint32)block, (guint32)(block >> 32), self->stream, 0}, words[4];
    ut_philox (counter, self->key, words);
    float values[4];
    for (int pair = 0; pair < 2; pair++) {
      double radius = sqrt (-2 * log (unit (words[2 * pair])));
      double angle = 2 * G_PI * unit (words[2 * pair + 1]);
      values[2 * pair] = (float)(radius * cos (angle));
      values[2 * pair + 1] = (float)(radius * sin (angle));
    }
    memcpy (self->values + 4 * i, values, MIN (4, self->n - 4 * i) * sizeof values[0]);
  }
}

void
ut_philox_normals (guint64 seed, guint32 stream, guint64 first, gsize n, float *ret)
{
  g_return_if_fail (first % 4 == 0);
  Normals normals = {{(guint32)seed, (guint32)(seed >> 32)}, stream, first / 4, n, ret};
  ut_parallel_for ((n + 3) / 4, 4096, fill_blocks, &normals);
}

void
ut_philox_pack (guint64 seed, guint32 stream, float ret_packed[6])
{
  for (int i = 0; i < 4; i++)
    ret_packed[i] = (float)(seed >> 16 * i & 0xffff);
  for (int i = 0; i < 2; i++)
    ret_packed[4 + i] = (float)(stream >> 16 * i & 0xffff);
}

void
ut_philox_normals_packed (const float packed[6], gsize n, float *ret)
{
  guint64 words[6], seed;
  for (int i = 0; i < 6; i++)
    words[i] = (guint64)packed[i];
  seed = words[0] | words[1] << 16 | words[2] << 32 | words[3] << 48;
  ut_philox_normals (seed, (guint32)(words[4] | words[5] << 16), 0, n, ret);
}

void
ut_random_init (UtRandom *self, guint64 seed, guint32 stream)
{
  *self = (UtRandom){.key = {(guint32)seed, (guint32)(seed >> 32)}, .counter = {0, 0, stream, 1}};
}

guint32
ut_random_u32 (UtRandom *self)
{
  if (self->n_left == 0) {
    ut_philox (self->counter, self->key, self->words);
    if (++self->counter[0] == 0)
      self->counter[1]++;
    self->n_left = 4;
  }
  return self->words[--self->n_left];
}

double
ut_random_uniform (UtRandom *self, double low, double high)
{
  return low + (high - low) * unit (ut_random_u32 (self));
}

double
ut_random_normal (UtRandom *self, double mean, double sd)
{
  double radius = sqrt (-2 * log (unit (ut_random_u32 (self))));
  return mean + sd * radius * cos (2 * G_PI * unit (ut_random_u32 (self)));
}

double
ut_random_normal_within (UtRandom *self, double mean, double sd, double low, double high)
{
  g_return_val_if_fail (low < high, mean);
  for (int i = 0; i < 1000; i++) {
    double value = ut_random_normal (self, mean, sd);
    if (value >= low && value <= high)
      return value;
  }
  return ut_random_uniform (self, low, high); /* the interval lies far out in a tail */
}

guint
ut_random_index (UtRandom *self, guint n)
{
  g_return_val_if_fail (n > 0, 0);
  return (guint)(((guint64)ut_random_u32 (self) * n) >> 32);
}

gboolean
ut_random_chance (UtRandom *self, double p)
{
  return unit (ut_random_u32 (self)) < p;
}
