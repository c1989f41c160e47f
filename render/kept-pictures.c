/* SPDX-License-Identifier: Apache-2.0 */
#include "render/kept-pictures.h"

#include <string.h>

#include "render/scene-copy.h"

#define MAX_PICTURES 8
#define MAX_BYTES    (64 << 20)

typedef struct Picture {
  UtShot shot; /* owns its scene */
  UtSheet sheet;
} Picture;

struct UtKeptPictures {
  GQueue pictures; /* Picture, the one that was shown last first */
};

static void
picture_free (gpointer data)
{
  Picture *self = data;
  ut_sheet_clear (&self->sheet);
  ut_scene_free ((UtScene *)self->shot.scene);
  g_free (self);
}

UtKeptPictures *
ut_kept_pictures_new (void)
{
  return g_new0 (UtKeptPictures, 1);
}

void
ut_kept_pictures_free (UtKeptPictures *self)
{
  g_queue_clear_full (&self->pictures, picture_free);
  g_free (self);
}

static gboolean
same_shot (const UtShot *a, const UtShot *b)
{
  return a->width_px == b->width_px && a->height_px == b->height_px && a->scale == b->scale &&
         memcmp (&a->camera, &b->camera, sizeof a->camera) == 0 &&
         ut_scene_equal (a->scene, b->scene);
}

static GList *
find (UtKeptPictures *self, const UtShot *shot)
{
  for (GList *link = self->pictures.head; link != NULL; link = link->next)
    if (same_shot (&((Picture *)link->data)->shot, shot))
      return link;
  return NULL;
}

static void
copy_picture (const UtShot *shot, GLuint from, GLuint to)
{
  glDisable (GL_FRAMEBUFFER_SRGB); /* bytes are moved as they are */
  glDisable (GL_SCISSOR_TEST);
  ut_sheet_blit (from, to, (UtRect){0, 0, shot->width_px, shot->height_px});
}

void
ut_kept_pictures_keep (UtKeptPictures *self, const UtShot *shot, GLuint framebuffer)
{
  gsize bytes = (gsize)4 * shot->width_px * shot->height_px;
  guint most = MIN (MAX_PICTURES, MAX_BYTES / bytes);
  if (most == 0)
    return;

  while (self->pictures.length >= most)
    picture_free (g_queue_pop_tail (&self->pictures));
  Picture *picture = g_new0 (Picture, 1);
  picture->shot = *shot;
  picture->shot.scene = ut_scene_copy (shot->scene);
  g_queue_push_head (&self->pictures, picture);
  if (ut_sheet_init (&picture->sheet, shot->width_px, shot->height_px))
    copy_picture (shot, framebuffer, picture->sheet.framebuffer);
  else
    picture_free (g_queue_pop_head (&self->pictures));
}

gboolean
ut_kept_pictures_show (UtKeptPictures *self, const UtShot *shot, GLuint framebuffer)
{
  GList *link = find (self, shot);
  if (link == NULL)
    return FALSE;

  const Picture *picture = link->data;
  g_queue_unlink (&self->pictures, link);
  g_queue_push_head_link (&self->pictures, link);
  copy_picture (shot, picture->sheet.framebuffer, framebuffer);
  return TRUE;
}
