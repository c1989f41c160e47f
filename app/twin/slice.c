/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/slice.h"

#include "render/colour-map.h"

#define MARGIN 1.12 /* of the heart's size */

static UtVec3
from_floats (const float v[3])
{
  return ut_vec3 ((double)v[0], (double)v[1], (double)v[2]);
}

static void
set_directions (UtSlice *self,
                UtCutDirection direction,
                const UtViewPlane *const planes[UT_N_VIEWS],
                const float axes[3][3])
{
  UtCamera camera;
  float right[3];
  ut_camera_init (&camera);
  const UtViewPlane *own = ut_cut_own_plane (direction, planes);
  if (own != NULL)
    ut_camera_set_plane (&camera, own);
  else
    ut_camera_set_named (&camera, ut_cut_camera (direction), axes);
  ut_camera_right (&camera, right);
  self->right = from_floats (right);
  self->down = ut_vec3_scale (from_floats (camera.up), -1);
  self->into = from_floats (camera.direction);
}

void
ut_slice_init (UtSlice *self,
               UtCutDirection direction,
               const UtViewPlane *const planes[UT_N_VIEWS],
               const float axes[3][3],
               UtVec3 low,
               UtVec3 high,
               UtVec3 point,
               int width,
               int height)
{
  UtVec3 centre = ut_vec3_scale (ut_vec3_add (low, high), 0.5);
  double reach[2] = {1, 1};
  set_directions (self, direction, planes, axes);
  for (int corner = 0; corner < 8; corner++) {
    UtVec3 p = ut_vec3 (
      corner & 1 ? high.x : low.x, corner & 2 ? high.y : low.y, corner & 4 ? high.z : low.z);
    UtVec3 off = ut_vec3_sub (p, centre);
    reach[0] = MAX (reach[0], MARGIN * fabs (ut_vec3_dot (off, self->right)));
    reach[1] = MAX (reach[1], MARGIN * fabs (ut_vec3_dot (off, self->down)));
  }
  double depth = ut_vec3_dot (ut_vec3_sub (point, centre), self->into);
  self->middle = ut_vec3_mad (centre, depth, self->into);
  self->px_per_mm = MIN (width / reach[0], height / reach[1]) / 2;
  self->width = width;
  self->height = height;
}

UtVec3
ut_slice_point (const UtSlice *self, double x, double y)
{
  UtVec3 p = ut_vec3_mad (self->middle, (x - self->width / 2.0) / self->px_per_mm, self->right);
  return ut_vec3_mad (p, (y - self->height / 2.0) / self->px_per_mm, self->down);
}

void
ut_slice_pixel (const UtSlice *self, UtVec3 point, double ret_xy[2])
{
  UtVec3 off = ut_vec3_sub (point, self->middle);
  ret_xy[0] = self->width / 2.0 + self->px_per_mm * ut_vec3_dot (off, self->right);
  ret_xy[1] = self->height / 2.0 + self->px_per_mm * ut_vec3_dot (off, self->down);
}

UtPlane
ut_slice_plane (const UtSlice *self)
{
  return (UtPlane){self->middle, self->into};
}

char
ut_slice_letter (UtVec3 way, const float axes[3][3])
{
  static const char letters[3][2] = {{'L', 'R'}, {'P', 'A'}, {'H', 'F'}};
  double most = 0;
  char letter = letters[0][0];
  for (int axis = 0; axis < 3; axis++) {
    double along = ut_vec3_dot (way, from_floats (axes[axis]));
    if (fabs (along) > most) {
      most = fabs (along);
      letter = letters[axis][along < 0];
    }
  }
  return letter;
}

static guint32
opaque_pixel (UtStructure structure)
{
  float srgb[3];
  guint32 pixel = 0xff;
  ut_structure_colour (structure, srgb);
  for (int c = 0; c < 3; c++)
    pixel = pixel << 8 | (guint32)lrintf (255 * srgb[c]);
  return pixel;
}

cairo_surface_t *
ut_slice_labels (const UtSlice *self, const UtVolume *labels, const gboolean *shown)
{
  guint32 pixels[UT_N_LABELS] = {0};
  UtAffine m_voxel_from_mm;
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, self->width, self->height);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS ||
      !ut_affine_invert (&labels->m_patient_from_voxel, &m_voxel_from_mm))
    return surface;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    pixels[s] = shown[s] ? opaque_pixel (s) : 0;

  guint32 *row = (guint32 *)(void *)cairo_image_surface_get_data (surface);
  const gsize *dims = labels->dims;
  for (int y = 0; y < self->height; y++) {
    for (int x = 0; x < self->width; x++) {
      UtVec3 v = ut_affine_point (&m_voxel_from_mm, ut_slice_point (self, x + 0.5, y + 0.5));
      double i = floor (v.x + 0.5), j = floor (v.y + 0.5), k = floor (v.z + 0.5);
      gboolean inside = i >= 0 && j >= 0 && k >= 0 && i < (double)dims[0] && j < (double)dims[1] &&
                        k < (double)dims[2];
      guint8 label = inside ? labels->u8[((gsize)k * dims[1] + (gsize)j) * dims[0] + (gsize)i] : 0;
      row[x] = label < UT_N_LABELS ? pixels[label] : 0;
    }
    row += cairo_image_surface_get_stride (surface) / 4;
  }
  cairo_surface_mark_dirty (surface);
  return surface;
}

void
ut_slice_trace (const UtSlice *self, const UtSection *section, cairo_t *cr)
{
  for (gsize i = 0; i < section->n_curves; i++) {
    const UtSectionCurve *curve = &section->curves[i];
    for (guint k = 0; k < curve->n_points; k++) {
      double xy[2];
      ut_slice_pixel (self, section->points[curve->first + k], xy);
      if (k == 0)
        cairo_move_to (cr, xy[0], xy[1]);
      else
        cairo_line_to (cr, xy[0], xy[1]);
    }
    if (curve->closed)
      cairo_close_path (cr);
  }
}
