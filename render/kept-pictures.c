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
  GQueue pictures; /* Picture, the one that was asked for last first */
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
same_content (const UtShot *a, const UtShot *b)
{
  return a->width_px == b->width_px && a->height_px == b->height_px && a->scale == b->scale &&
         memcmp (&a->camera, &b->camera, sizeof a->camera) == 0 &&
         ut_scene_equal (a->scene, b->scene);
}

/* The picture of @shot, be it a draft or in full, or NULL. */
static GList *
find_link (UtKeptPictures *self, const UtShot *shot)
{
  for (GList *link = self->pictures.head; link != NULL; link = link->next)
    if (same_content (&((Picture *)link->data)->shot, shot))
      return link;
  return NULL;
}

/* The picture that does for @shot and comes to the head, or NULL. */
static Picture *
find (UtKeptPictures *self, const UtShot *shot)
{
  GList *link = find_link (self, shot);
  if (link == NULL || (((Picture *)link->data)->shot.draft && !shot->draft))
    return NULL;
  g_queue_unlink (&self->pictures, link);
  g_queue_push_head_link (&self->pictures, link);
  return link->data;
}

static void
copy_picture (const UtShot *shot, GLuint from, GLuint to)
{
  glDisable (GL_FRAMEBUFFER_SRGB); /* bytes are moved as they are */
  glDisable (GL_SCISSOR_TEST);
  ut_sheet_blit (from, to, (UtRect){0, 0, shot->width_px, shot->height_px});
}

guint
ut_kept_pictures_limit (int width_px, int height_px)
{
  gsize bytes = (gsize)4 * width_px * height_px;
  return MIN (MAX_PICTURES, MAX_BYTES / bytes);
}

gboolean
ut_kept_pictures_has (UtKeptPictures *self, const UtShot *shot)
{
  return find (self, shot) != NULL;
}

void
ut_kept_pictures_drop (UtKeptPictures *self)
{
  picture_free (g_queue_pop_head (&self->pictures));
}

GLuint
ut_kept_pictures_add (UtKeptPictures *self, const UtShot *shot)
{
  guint limit = ut_kept_pictures_limit (shot->width_px, shot->height_px);
  if (limit == 0)
    return 0;

  GList *draft = find_link (self, shot);
  if (draft != NULL) {
    picture_free (draft->data);
    g_queue_delete_link (&self->pictures, draft);
  }
  while (self->pictures.length >= limit)
    picture_free (g_queue_pop_tail (&self->pictures));
  Picture *picture = g_new0 (Picture, 1);
  picture->shot = *shot;
  picture->shot.scene = ut_scene_copy (shot->scene);
  g_queue_push_head (&self->pictures, picture);
  if (ut_sheet_init (&picture->sheet, shot->width_px, shot->height_px))
    return picture->sheet.framebuffer;
  ut_kept_pictures_drop (self);
  return 0;
}

gboolean
ut_kept_pictures_show (UtKeptPictures *self, const UtShot *shot, GLuint framebuffer)
{
  const Picture *picture = find (self, shot);
  if (picture != NULL)
    copy_picture (shot, picture->sheet.framebuffer, framebuffer);
  return picture != NULL;
}
