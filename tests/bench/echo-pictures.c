/* SPDX-License-Identifier: Apache-2.0 */

/*
 * echo-pictures FOLDER SEED HEART.nii.gz ...: simulated A4C pictures with masks as
 * FOLDER/CASE/CASE_ED.pgm, CASE_ED_gt.pgm, the same for ES (0 background, 85 LV, 170
 * myocardium, 255 LA), 0.308 mm a pixel; echo-table.py measures them. --views adds A2C and
 * PSAX, --broad draws far-off scanners. Prints the frame rate.
 */
#include "engine/anatomy/landmarks.h"
#include "engine/echo/probe.h"
#include "engine/echo/simulator.h"
#include "engine/image/nifti.h"

#include <math.h>
#include <string.h>

#define MM_PER_PX 0.308

static gboolean broad;
static gboolean all_views;

static gboolean
write_pgm (const guint8 *grey, guint width, guint height, const char *path, GError **error)
{
  g_autoptr (GString) file = g_string_new (NULL);
  g_string_printf (file, "P5\n%u %u\n255\n", width, height);
  g_string_append_len (file, (const char *)grey, (gssize)width * height);
  return g_file_set_contents (path, file->str, (gssize)file->len, error);
}

typedef struct Case {
  const char *folder, *name;
  UtView view;
  UtScanner scanner;
  UtViewPlane plane;
  double *seconds;
  guint *frames;
} Case;

static gboolean
write_phase (Case *self, const UtEchoScene *scene, UtPhase phase, UtRandom *random, GError **error)
{
  const guint8 mask_code[UT_N_LABELS] = {[UT_LV] = 85, [UT_MYO] = 170, [UT_LA] = 255};
  guint height = (guint)(self->scanner.depth_mm / MM_PER_PX);
  UtEchoPicture picture = ut_echo_picture_fit (&self->scanner, 16, height);
  picture.width = (guint)(2 * self->scanner.depth_mm *
                          sin (self->scanner.half_angle_deg * G_PI / 180) / MM_PER_PX);
  picture = ut_echo_picture_fit (&self->scanner, picture.width, height);
  picture.mm_per_px = MM_PER_PX;
  gsize n = (gsize)picture.width * picture.height;
  g_autofree guint8 *pixels = g_malloc (n), *labels = g_malloc (n);
  UtEchoMoment moment = ut_echo_moment_draw (phase, random);
  gint64 begin = g_get_monotonic_time ();
  ut_echo_scene_render (scene, &self->plane, &self->scanner, &picture, &moment, pixels, labels);
  *self->seconds += (double)(g_get_monotonic_time () - begin) * 1e-6;
  ++*self->frames;
  for (gsize i = 0; i < n; i++)
    labels[i] = mask_code[labels[i]];
  gboolean measured = self->view == UT_VIEW_A4C;
  g_autofree char *base = g_strdup_printf (
    "%s_%s%s", self->name, measured ? "" : ut_view_name (self->view), ut_phase_name (phase));
  g_autofree char *file = g_strconcat (base, ".pgm", NULL),
                  *mask = g_strconcat (base, "_gt.pgm", NULL);
  g_autofree char *file_path = g_build_filename (self->folder, self->name, file, NULL);
  g_autofree char *mask_path = g_build_filename (self->folder, self->name, mask, NULL);
  return write_pgm (pixels, picture.width, picture.height, file_path, error) &&
         (!measured || write_pgm (labels, picture.width, picture.height, mask_path, error));
}

/* the heart at end-systole, with an ejection fraction as adults have it */
static UtEchoScene *
make_es (UtVolume *labels_ed,
         const UtLandmarks *landmarks_ed,
         guint64 seed,
         UtRandom *random,
         UtVolume **ret_labels,
         GError **error)
{
  UtHeartMotionParams params =
    ut_heart_motion_params (ut_random_normal_within (random, 0.55, 0.1, 0.25, 0.7));
  g_autoptr (UtHeartMotion) motion = ut_heart_motion_new (labels_ed, landmarks_ed, &params, error);
  g_autoptr (UtVolume) labels = motion != NULL ? ut_heart_motion_at (motion, 1, error) : NULL;
  UtLandmarks landmarks;
  if (labels == NULL || !ut_landmarks_find (labels, &landmarks, error))
    return NULL;
  *ret_labels = g_steal_pointer (&labels);
  return ut_echo_scene_new (*ret_labels, &landmarks, landmarks_ed, seed, error);
}

static gboolean
write_case (const char *folder,
            const char *path,
            guint64 seed,
            double *seconds,
            guint *frames,
            GError **error)
{
  UtRandom random;
  ut_random_init (&random, seed, 0);
  g_autoptr (UtVolume) labels = ut_nifti_read_labels (path, error);
  UtLandmarks landmarks;
  if (labels == NULL || !ut_landmarks_find (labels, &landmarks, error))
    return FALSE;
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (UtEchoScene) ed = ut_echo_scene_new (labels, &landmarks, NULL, seed, error);
  if (ed == NULL)
    return FALSE;
  g_debug ("scene in %.0f ms", (double)(g_get_monotonic_time () - begin) * 1e-3);
  g_autoptr (UtVolume) labels_es = NULL;
  g_autoptr (UtEchoScene) es = make_es (labels, &landmarks, seed, &random, &labels_es, error);
  if (es == NULL)
    return FALSE;
  g_autofree char *name = g_path_get_basename (path);
  name[strcspn (name, ".")] = '\0';
  g_autofree char *case_folder = g_build_filename (folder, name, NULL);
  g_mkdir_with_parents (case_folder, 0755);
  for (UtView view = 0; view < (all_views ? UT_N_VIEWS : 1); view++) {
    Case self = {
      .folder = folder, .name = name, .view = view, .seconds = seconds, .frames = frames};
    UtProbe probe;
    ut_probe_draw (&probe, view, &random);
    (broad ? ut_scanner_draw_broad : ut_scanner_draw) (&self.scanner, view, &random);
    if (!ut_probe_place (&probe, view, labels, &landmarks, &self.scanner, &self.plane, error) ||
        !write_phase (&self, ed, UT_PHASE_ED, &random, error) ||
        !write_phase (&self, es, UT_PHASE_ES, &random, error))
      return FALSE;
  }
  return TRUE;
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"broad", 0, 0, G_OPTION_ARG_NONE, &broad, "far-off scanners", NULL},
    {"views", 0, 0, G_OPTION_ARG_NONE, &all_views, "A2C and PSAX too", NULL},
    {NULL},
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER SEED HEART...");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc < 4) {
    g_printerr ("echo-pictures: %s\n",
                error != NULL ? error->message : "want FOLDER SEED HEART...");
    return 2;
  }
  double seconds = 0;
  guint frames = 0;
  for (int i = 3; i < argc; i++)
    if (!write_case (argv[1],
                     argv[i],
                     g_ascii_strtoull (argv[2], NULL, 10) + (guint64)i,
                     &seconds,
                     &frames,
                     &error)) {
      g_printerr ("echo-pictures: %s\n", error->message);
      g_clear_error (&error);
    }
  g_print ("%u pictures, %.1f a second\n", frames, frames / MAX (seconds, 1e-9));
  return frames > 0 ? 0 : 1;
}
