/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin-seen.h"

#include "engine/base/random.h"

#define N_VIEWS ((gsize)UT_N_VIEWS)
#define N_LOOKS 2

void
ut_twin_seen_clear (UtTwinSeen *self)
{
  g_clear_pointer (&self->grey, g_free);
}

/* where the heart lies in each picture of @grey */
static gboolean
look (UtTwinPlans *plans,
      const float *grey,
      UtHeartFrame ret[UT_N_VIEWS],
      GCancellable *cancel,
      GError **error)
{
  const UtTwinConfig *config = plans->config;
  gsize n = N_VIEWS * (gsize)(config->side * config->side);
  float located[UT_N_VIEWS][UT_N_VIEWS][4]; /* of a picture, as if it were of each view */
  g_autofree float *normalised = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    normalised[i] = (grey[i] - (float)config->mean[0]) / (float)config->std[0];
  if (!ut_twin_plans_upload (plans, plans->grey, normalised, n, error) ||
      !ut_twin_plans_run (plans, UT_TWIN_PLAN_LOCATE, NULL, cancel, error) ||
      !ut_twin_plans_download (
        plans, plans->located, &located[0][0][0], N_VIEWS * UT_NET_LOCATED, error))
    return FALSE;
  for (int v = 0; v < UT_N_VIEWS; v++)
    ret[v] = ut_heart_frame_read (located[v][v]);
  return TRUE;
}

static void
shake (const UtTwinConfig *config, guint64 seed, UtHeartFrame frame[UT_N_VIEWS])
{
  float normals[UT_N_VIEWS][4];
  ut_philox_normals (seed, UT_TWIN_SHAKE_STREAM, 0, 4 * N_VIEWS, &normals[0][0]);
  for (int v = 0; v < UT_N_VIEWS; v++) {
    double place = config->place_error_mm[v] * 2 / config->field_mm;
    const UtHeartFrame error = {
      .x = place * normals[v][0],
      .y = place * normals[v][1],
      .angle = config->turn_error_deg[v] * G_PI / 180 * normals[v][2],
    };
    frame[v] = ut_heart_frame_compose (frame[v], error);
  }
}

static void
turn (const UtTwinInput *input,
      const UtHeartFrame frame[UT_N_VIEWS],
      const UtUpright upright[UT_N_VIEWS],
      float *ret)
{
  for (int v = 0; v < UT_N_VIEWS; v++)
    ut_upright_turn (ut_twin_input_view (input, v),
                     input->side,
                     v,
                     frame[v],
                     upright[v],
                     ret + (gsize)v * input->side * input->side);
}

gboolean
ut_twin_see (UtTwinPlans *plans,
             const UtTwinInput *input,
             const guint64 *shaken,
             UtTwinSeen *ret,
             GCancellable *cancel,
             GError **error)
{
  static const UtUpright as_it_is[UT_N_VIEWS] = {{1, 0}, {1, 0}, {1, 0}};
  const UtTwinConfig *config = plans->config;
  gsize n = N_VIEWS * input->side * input->side;
  *ret = (UtTwinSeen){.grey = g_memdup2 (input->grey, n * sizeof (float)), .scale = 1};
  if (config->upright_mm <= 0)
    return TRUE;
  for (int i = 0; i < N_LOOKS; i++) {
    UtHeartFrame found[UT_N_VIEWS];
    if (i > 0)
      turn (input, ret->frame, as_it_is, ret->grey);
    if (!look (plans, ret->grey, found, cancel, error))
      return FALSE;
    for (int v = 0; v < UT_N_VIEWS; v++)
      ret->frame[v] = ut_heart_frame_compose (ret->frame[v], found[v]);
  }
  if (shaken)
    shake (config, *shaken, ret->frame);
  ret->scale = config->upright_mm / config->field_mm;
  UtUpright upright[UT_N_VIEWS];
  for (int v = 0; v < UT_N_VIEWS; v++)
    upright[v] = (UtUpright){ret->scale, config->ahead_mm[v] * 2 / config->field_mm};
  turn (input, ret->frame, upright, ret->grey);
  return TRUE;
}
