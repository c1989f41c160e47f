/* SPDX-License-Identifier: Apache-2.0 */

/*
 * bench-frames FOLDER: five translucent balls of 20 000 triangles each, overlapping as chambers
 * do, drawn without a window at 1280 x 800 while the camera goes round; writes them as
 * FOLDER/0.ply ... and prints the time of a frame, read back, as JSON. frames.py draws the same
 * with VTK.
 */
#include "engine/surface/mesh-file.h"
#include "render/offscreen.h"

#include <math.h>

#define N_BALLS   5
#define N_RINGS   100 /* x N_SECTORS x 2 = 20 000 triangles, less those that meet at the poles */
#define N_SECTORS 101
#define RADIUS_MM 30.0
#define OPACITY   0.5f
#define N_FRAMES  60

static UtMesh *
make_ball (double x_mm, double y_mm)
{
  UtMesh *mesh = ut_mesh_new (UT_MESH_FRAME_CANONICAL,
                              (gsize)(N_RINGS - 1) * N_SECTORS + 2,
                              (gsize)2 * (N_RINGS - 1) * N_SECTORS,
                              NULL);
  guint32 last = (guint32)mesh->n_vertices - 1, *triangle = mesh->triangles;
  for (guint32 i = 0; i <= last; i++) {
    guint32 ring = i == 0 ? 0 : i == last ? N_RINGS : 1 + (i - 1) / N_SECTORS;
    double polar = G_PI * ring / N_RINGS;
    double turn = 2 * G_PI * ((i + N_SECTORS - 1) % N_SECTORS) / N_SECTORS;
    mesh->positions[3 * i] = (float)(x_mm + RADIUS_MM * sin (polar) * cos (turn));
    mesh->positions[3 * i + 1] = (float)(y_mm + RADIUS_MM * sin (polar) * sin (turn));
    mesh->positions[3 * i + 2] = (float)(RADIUS_MM * cos (polar));
  }
  for (guint32 ring = 0; ring < N_RINGS; ring++)
    for (guint32 sector = 0; sector < N_SECTORS; sector++) {
      guint32 next = (sector + 1) % N_SECTORS, above = 1 + (ring - 1) * N_SECTORS,
              below = above + N_SECTORS;
      guint32 corners[2][3] = {{above + sector, below + sector, below + next},
                               {above + sector, below + next, above + next}};
      if (ring == 0)
        corners[0][0] = 0;
      if (ring == N_RINGS - 1)
        corners[1][1] = last;
      if (ring != N_RINGS - 1) {
        memcpy (triangle, corners[0], sizeof corners[0]);
        triangle += 3;
      }
      if (ring != 0) {
        memcpy (triangle, corners[1], sizeof corners[1]);
        triangle += 3;
      }
    }
  ut_mesh_compute_normals (mesh);
  return mesh;
}

static double
frame_ms (UtOffscreen *offscreen, const UtScene *scene, UtCamera *camera)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GdkPixbuf) picture =
    ut_offscreen_draw (offscreen, scene, camera, 1280, 800, 1, &error);
  if (picture == NULL)
    g_error ("%s", error->message);
  ut_camera_orbit (camera, (float)(2 * G_PI / N_FRAMES), 0);
  return (double)(g_get_monotonic_time () - start) / 1000;
}

static int
compare (const void *a, const void *b)
{
  return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static double
median_ms (UtOffscreen *offscreen, const UtScene *scene, UtCamera *camera)
{
  double ms[N_FRAMES];
  for (guint i = 0; i < N_FRAMES; i++)
    ms[i] = frame_ms (offscreen, scene, camera);
  qsort (ms, N_FRAMES, sizeof *ms, compare);
  return ms[N_FRAMES / 2];
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtOffscreen) offscreen = ut_offscreen_new (&error);
  if (argc != 2 || offscreen == NULL) {
    g_printerr ("bench-frames FOLDER: %s\n", error != NULL ? error->message : "give a folder");
    return 2;
  }
  g_autoptr (UtScene) scene = ut_scene_new ();
  gsize n_triangles = 0;
  for (guint i = 0; i < N_BALLS; i++) {
    double turn = 2 * G_PI * i / N_BALLS;
    g_autoptr (UtMesh) ball = make_ball (25 * cos (turn), 25 * sin (turn));
    g_autofree char *path = g_strdup_printf ("%s/%u.ply", argv[1], i);
    if (!ut_mesh_write (ball, path, &error))
      g_error ("%s", error->message);
    ut_scene_set_mesh (scene, i, UT_MYO + i, ball);
    ut_scene_set_opacity (scene, i, OPACITY);
    n_triangles += ball->n_triangles;
  }
  UtCamera camera;
  ut_camera_init (&camera);
  ut_scene_fit (scene, &camera, 1.6f);
  double first = frame_ms (offscreen, scene, &camera);
  double smooth = median_ms (offscreen, scene, &camera);
  ut_offscreen_set_draft (offscreen, TRUE);
  frame_ms (offscreen, scene, &camera);
  double draft = median_ms (offscreen, scene, &camera);
  g_print ("{\"device\": \"%s\", \"n_triangles\": %" G_GSIZE_FORMAT
           ", \"first_ms\": %.1f, \"smooth_ms\": %.2f, \"draft_ms\": %.2f}\n",
           ut_offscreen_device (offscreen),
           n_triangles,
           first,
           smooth,
           draft);
  return 0;
}
