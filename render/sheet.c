/* SPDX-License-Identifier: Apache-2.0 */
#include "render/sheet.h"

gboolean
ut_sheet_init (UtSheet *self, int width_px, int height_px)
{
  glGenTextures (1, &self->texture);
  glBindTexture (GL_TEXTURE_2D, self->texture);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexImage2D (
    GL_TEXTURE_2D, 0, GL_SRGB8_ALPHA8, width_px, height_px, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
  glGenFramebuffers (1, &self->framebuffer);
  glBindFramebuffer (GL_FRAMEBUFFER, self->framebuffer);
  glFramebufferTexture2D (GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, self->texture, 0);
  return glCheckFramebufferStatus (GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
}

void
ut_sheet_clear (UtSheet *self)
{
  glDeleteFramebuffers (1, &self->framebuffer);
  glDeleteTextures (1, &self->texture);
  *self = (UtSheet){0};
}

void
ut_sheet_blit (GLuint from, GLuint to, UtRect part)
{
  int x1 = part.x + part.width, y1 = part.y + part.height;
  glBindFramebuffer (GL_READ_FRAMEBUFFER, from);
  glBindFramebuffer (GL_DRAW_FRAMEBUFFER, to);
  glBlitFramebuffer (
    part.x, part.y, x1, y1, part.x, part.y, x1, y1, GL_COLOR_BUFFER_BIT, GL_NEAREST);
}
