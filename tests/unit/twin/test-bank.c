/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/nn/backend.h"
#include "engine/twin/net.h"
#include "engine/twin/template-bank.h"

#include <math.h>

#define SIDE 64
#define N    ((gsize)SIDE * SIDE * SIDE)

static void
test_nearest (void)
{
  float latents[] = {9, 9, 1, 0, 1, 0, 0, 1}, deviations[] = {1, 1};
  const UtTemplateBank bank = {
    .n = 4, .latent_dim = 2, .latents = latents, .deviations = deviations};
  g_assert_cmpuint (ut_template_bank_nearest (&bank, (const float[]){1, 0.1f}), ==, 1);
  /* as far from 1 and 2 as from 3 */
  g_assert_cmpuint (ut_template_bank_nearest (&bank, (const float[]){0, 0}), ==, 1);
  g_assert_cmpuint (ut_template_bank_nearest (&bank, (const float[]){0, 0.5f}), ==, 3);
  deviations[1] = 10; /* what differs along it weighs a hundredth */
  g_assert_cmpuint (ut_template_bank_nearest (&bank, (const float[]){0.6f, 1}), ==, 1);
}

static void
test_largest (void)
{
  g_assert_cmpuint (ut_template_bank_largest ((const float[]){1, 3, 3, 2}, 4), ==, 1);
  g_assert_cmpuint (ut_template_bank_largest ((const float[]){-2, -1}, 2), ==, 1);
}

/* template 1 of two: LV where x < 32, a single voxel of RA, background else */
static UtTemplateBank
make_bank (guint8 *labels)
{
  for (gsize i = 0; i < N; i++)
    labels[N + i] = i % SIDE < 32 ? UT_LV : UT_BACKGROUND;
  labels[N + (20 * SIDE + 30) * SIDE + 50] = UT_RA;
  return (UtTemplateBank){.n = 2, .labels = labels};
}

static void
test_one_hot (void)
{
  g_autofree guint8 *labels = g_new0 (guint8, 2 * N);
  g_autofree float *volume = g_new (float, UT_N_LABELS *N);
  const UtTemplateBank bank = make_bank (labels);
  ut_template_bank_one_hot (&bank, 1, volume);
  for (gsize i = 0; i < N; i++)
    for (gsize c = 0; c < UT_N_LABELS; c++)
      g_assert_cmpfloat (volume[c * N + i], ==, labels[N + i] == c);
}

/* what the network makes of a template [N,64,64,64], in its place */
static void
blur (float *volume)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  UtNet net = {.graph = graph};
  const UtBackendOps *ops = ut_ref_backend ();
  UtBackend *backend = ops->open (&(const UtBackendConfig){0}, &error);
  g_assert_no_error (error);
  const gsize size = UT_N_LABELS * N * sizeof (float);
  UtBuffer *one_hot = ops->buffer_new (backend, size, &error);
  UtBuffer *prior = ops->buffer_new (backend, size, &error);
  UtShape shape = UT_SHAPE (UT_N_LABELS, SIDE, SIDE, SIDE);
  ut_graph_store (
    graph, ut_net_template_prior (&net, ut_graph_buffer (graph, shape, one_hot)), prior);
  g_assert_true (ut_graph_finish (graph, &error));
  UtPlan *plan = ops->plan_new (backend, graph, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ops->upload (backend, one_hot, volume, size, &error));
  g_assert_true (ops->plan_run (plan, NULL, NULL, &error));
  g_assert_true (ops->download (backend, prior, volume, size, &error));
  ops->plan_free (plan);
  ops->buffer_free (backend, one_hot);
  ops->buffer_free (backend, prior);
  ops->close (backend);
}

static void
test_prior (void)
{
  g_autofree guint8 *labels = g_new0 (guint8, 2 * N);
  g_autofree float *prior = g_new (float, UT_N_LABELS *N);
  const UtTemplateBank bank = make_bank (labels);
  ut_template_bank_one_hot (&bank, 1, prior);
  blur (prior);
  const gsize middle = (32 * SIDE + 32) * SIDE;
  const float *lv = prior + UT_LV * N + middle, *ra = prior + UT_RA * N;
  g_assert_cmpfloat_with_epsilon (lv[10], 1, 1e-6);
  g_assert_cmpfloat (lv[50], ==, 0);
  /* halfway between two voxels the step is halved */
  g_assert_cmpfloat_with_epsilon (lv[31] + lv[32], 1, 1e-6);
  /* zeros outside: the face x = 0 keeps a little more than a half, an edge its square */
  double face = lv[0], edge = prior[UT_LV * N + 32 * SIDE];
  g_assert_cmpfloat (face, >, 0.5);
  g_assert_cmpfloat_with_epsilon (edge, face * face, 1e-5);
  /* a single voxel spreads as the product of three Gaussians and no farther than 5 */
  double kernel[6], total = 0;
  for (int i = 0; i <= 5; i++)
    total += (i ? 2 : 1) * (kernel[i] = exp (-0.5 * i * i / 2.25));
  const float *voxel = ra + (20 * SIDE + 30) * SIDE + 50;
  g_assert_cmpfloat_with_epsilon (voxel[(2 * SIDE - 1) * SIDE + 3],
                                  kernel[2] * kernel[1] * kernel[3] / (total * total * total),
                                  1e-6);
  g_assert_cmpfloat (voxel[6], ==, 0);
  for (gsize i = 0; i < N; i += 101) {
    double sum = 0;
    for (gsize c = 0; c < UT_N_LABELS; c++)
      sum += prior[c * N + i];
    g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/bank/nearest", test_nearest);
  g_test_add_func ("/twin/bank/largest", test_largest);
  g_test_add_func ("/twin/bank/one-hot", test_one_hot);
  g_test_add_func ("/twin/bank/prior", test_prior);
  return g_test_run ();
}
