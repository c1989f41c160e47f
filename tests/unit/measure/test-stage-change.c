/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/measure/stage-change.h"

#define N_STAGES 5
#define N_LABELS 4
#define SIDE     8

static UtVolume *
grid (UtVoxelType type, double x_mm)
{
  const gsize dims[3] = {SIDE, SIDE, SIDE};
  UtAffine m = ut_affine_scale_offset (ut_vec3 (3, 3, 3), ut_vec3 (x_mm, 0, 0));
  return ut_volume_new (type, dims, &m, NULL);
}

typedef UtVolume *Stages[N_STAGES];

static void
stages_clear (Stages stages)
{
  for (guint i = 0; i < N_STAGES; i++)
    ut_volume_unref (stages[i]);
}

/* Voxel 0 goes 1 2 1 1 2, voxel 1 goes 0 3 3 0 0; all others are 1. */
static void
test_by_hand (void)
{
  static const guint8 labels[2][N_STAGES] = {{1, 2, 1, 1, 2}, {0, 3, 3, 0, 0}};
  Stages stages;
  for (guint i = 0; i < N_STAGES; i++) {
    stages[i] = grid (UT_VOXEL_U8, 0);
    memset (stages[i]->u8, 1, SIDE * SIDE * SIDE);
    stages[i]->u8[0] = labels[0][i];
    stages[i]->u8[1] = labels[1][i];
  }
  UtStageChange found[N_STAGES][N_LABELS];
  g_assert_true (ut_stage_changes (
    (const UtVolume *const *)stages, N_STAGES, stages[4], N_LABELS, &found[0][0], NULL));

  static const guint gained[N_STAGES][N_LABELS] = {
    {0}, {0, 0, 1, 1}, {0, 1, 0, 0}, {0}, {0, 0, 1, 0}};
  static const guint lost[N_STAGES][N_LABELS] = {
    {0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}, {0, 1, 0, 0}};
  static const guint back[N_STAGES][N_LABELS] = {{0}, {0}, {0, 1, 1, 0}, {0, 0, 0, 1}, {0}};
  for (guint i = 0; i < N_STAGES; i++)
    for (guint label = 0; label < N_LABELS; label++) {
      g_assert_cmpuint (found[i][label].n_gained, ==, gained[i][label]);
      g_assert_cmpuint (found[i][label].n_lost, ==, lost[i][label]);
      g_assert_cmpuint (found[i][label].n_back, ==, back[i][label]);
    }
  g_assert_cmpfloat_with_epsilon (found[1][1].voxel_ml, 0.027, 1e-12);
  g_assert_true (found[0][1].has_reference);
  g_assert_cmpfloat (found[4][1].overlap.dsc, ==, 1);
  g_assert_cmpfloat (found[2][2].overlap.dsc, ==, 0);
  g_assert_cmpuint (found[2][1].overlap.n_pred, ==, SIDE * SIDE * SIDE - 1);
  stages_clear (stages);
}

static gsize
count (const UtVolume *stage, guint8 label)
{
  gsize n = 0;
  for (gsize i = 0; i < SIDE * SIDE * SIDE; i++)
    n += stage->u8[i] == label;
  return n;
}

/* The steps add up to first against last, to the voxel, whatever flips how often. */
static void
test_sums (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  Stages stages;
  for (guint i = 0; i < N_STAGES; i++) {
    stages[i] = grid (UT_VOXEL_U8, 0);
    for (gsize v = 0; v < SIDE * SIDE * SIDE; v++)
      stages[i]->u8[v] = (guint8)g_rand_int_range (rand, 0, N_LABELS + 1);
  }
  UtStageChange steps[N_STAGES][N_LABELS], whole[2][N_LABELS];
  const UtVolume *ends[2] = {stages[0], stages[N_STAGES - 1]};
  g_assert_true (ut_stage_changes (
    (const UtVolume *const *)stages, N_STAGES, NULL, N_LABELS, &steps[0][0], NULL));
  g_assert_true (ut_stage_changes (ends, 2, NULL, N_LABELS, &whole[0][0], NULL));
  for (guint8 label = 1; label < N_LABELS; label++) {
    gssize net = 0;
    gsize changed = 0, back = 0;
    for (guint i = 0; i < N_STAGES; i++) {
      net += ut_stage_change_net (&steps[i][label]);
      changed += ut_stage_change_n_changed (&steps[i][label]);
      back += steps[i][label].n_back;
      g_assert_false (steps[i][label].has_reference);
    }
    g_assert_cmpint (net, ==, ut_stage_change_net (&whole[1][label]));
    g_assert_cmpint (net, ==, (gssize)count (ends[1], label) - (gssize)count (ends[0], label));
    g_assert_cmpuint (back, >, 0);
    g_assert_cmpuint (changed - 2 * back, ==, ut_stage_change_n_changed (&whole[1][label]));
  }
  stages_clear (stages);
}

static void
test_refused (void)
{
  g_autoptr (UtVolume) labels = grid (UT_VOXEL_U8, 0);
  g_autoptr (UtVolume) elsewhere = grid (UT_VOXEL_U8, 1);
  g_autoptr (UtVolume) field = grid (UT_VOXEL_F32, 0);
  g_autoptr (GError) error = NULL;
  UtStageChange found[2][N_LABELS];
  const UtVolume *floats[] = {labels, field}, *apart[] = {labels, elsewhere};
  g_assert_false (ut_stage_changes (floats, 2, NULL, N_LABELS, &found[0][0], &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_false (ut_stage_changes (apart, 2, NULL, N_LABELS, &found[0][0], &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_false (ut_stage_changes (apart, 1, elsewhere, N_LABELS, &found[0][0], &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stage-change/by-hand", test_by_hand);
  g_test_add_func ("/stage-change/sums", test_sums);
  g_test_add_func ("/stage-change/refused", test_refused);
  return g_test_run ();
}
