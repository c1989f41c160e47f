/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/train/shard.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>

enum { IMAGES, SLICES, SPACING, LABELS, META, N_FILES };

static const char *const file_names[N_FILES] = {
  "images.u8", "slices.u8", "spacing.f32", "labels.u8", "meta.csv"};

struct UtShard {
  char *folder, *part;
  FILE *files[N_FILES];
};

static gboolean
fail (GError **error, const char *what, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_set_error (error,
               G_FILE_ERROR,
               g_file_error_from_errno (errno),
               "%s %s: %s.",
               what,
               name,
               g_strerror (errno));
  return FALSE;
}

UtShard *
ut_shard_new (const char *folder, const char *meta_header, GError **error)
{
  g_autoptr (UtShard) self = g_new0 (UtShard, 1);
  self->folder = g_strdup (folder);
  self->part = g_strconcat (folder, ".part", NULL);
  if (g_mkdir_with_parents (self->part, 0777) != 0) {
    fail (error, "Cannot make the folder", self->part);
    return NULL;
  }
  for (int i = 0; i < N_FILES; i++) {
    g_autofree char *path = g_build_filename (self->part, file_names[i], NULL);
    self->files[i] = g_fopen (path, "wb");
    if (!self->files[i]) {
      fail (error, "Cannot write", path);
      return NULL;
    }
  }
  fprintf (self->files[META], "%s\n", meta_header);
  return g_steal_pointer (&self);
}

gboolean
ut_shard_add (UtShard *self, const UtShardSample *sample, const char *meta, GError **error)
{
  gsize n_labels = ut_volume_n_voxels (sample->labels);
  gboolean ok =
    fwrite (sample->images, sizeof sample->images, 1, self->files[IMAGES]) == 1 &&
    fwrite (sample->slices, sizeof sample->slices, 1, self->files[SLICES]) == 1 &&
    fwrite (sample->spacing_mm, sizeof sample->spacing_mm, 1, self->files[SPACING]) == 1 &&
    fwrite (sample->labels->u8, n_labels, 1, self->files[LABELS]) == 1 &&
    fprintf (self->files[META], "%s\n", meta) > 0;
  return ok || fail (error, "Cannot write to the shard", self->part);
}

gboolean
ut_shard_finish (UtShard *self, GError **error)
{
  for (int i = 0; i < N_FILES; i++) {
    FILE *file = g_steal_pointer (&self->files[i]);
    if (file && fclose (file) != 0)
      return fail (error, "Cannot write to the shard", self->part);
  }
  if (g_rename (self->part, self->folder) != 0)
    return fail (error, "Cannot rename the shard", self->part);
  return TRUE;
}

void
ut_shard_free (UtShard *self)
{
  for (int i = 0; self && i < N_FILES; i++)
    if (self->files[i])
      fclose (self->files[i]);
  if (self) {
    g_free (self->folder);
    g_free (self->part);
  }
  g_free (self);
}
