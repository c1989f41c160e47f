/* SPDX-License-Identifier: Apache-2.0 */

/*
 * From tissue to picture, on beams and samples:
 *
 *  1. tissue.c says which grey each tissue should have; the scanner's curve turns
 *     that into intensity.
 *  2. Intensity is blurred with the point-spread function (Gaussian, of constant width
 *     in mm along and in degrees across the beam, so it widens with depth).
 *  3. White noise fixed to the tissue, blurred by the same function, becomes speckle:
 *     the mean in dB of L independent looks (frequency compounding after compression),
 *     so normal in dB with SD 5.57 / sqrt L.
 *  4. Near-field clutter, haze, shadows and the noise floor act on intensity.
 *  5. The curve gives grey, scan conversion the picture.
 */
#include "engine/echo/simulator.h"

#include "engine/echo/beams.h"
#include "engine/echo/grey-curve.h"
#include "engine/echo/overlay.h"

#include <math.h>
#include <string.h>

#define MAX_TAPS        8
#define SPECKLE_DB      5.57 /* SD of one look: Rayleigh amplitude in dB */
#define GRAIN_REACH     4.5f /* SDs */
#define GRAIN_STEPS     2048
#define FULL_DESCENT_MM 9.0 /* of the annulus at end-systole, median of real pictures */

typedef struct Kernel {
  int reach;
  float tap[MAX_TAPS + 1]; /* symmetric; sums to 1 */
} Kernel;

static Kernel
kernel_gauss (double fwhm_steps)
{
  double sigma = MAX (fwhm_steps / 2.3548, 0.05), sum = 0;
  Kernel kernel = {.reach = CLAMP ((int)ceil (2.6 * sigma), 1, MAX_TAPS)};
  for (int k = 0; k <= kernel.reach; k++) {
    kernel.tap[k] = (float)exp (-0.5 * k * k / (sigma * sigma));
    sum += (k == 0 ? 1 : 2) * kernel.tap[k];
  }
  for (int k = 0; k <= kernel.reach; k++)
    kernel.tap[k] = (float)(kernel.tap[k] / sum);
  return kernel;
}

static void
add_scaled (float *dst, const float *a, const float *b, float k, gsize n)
{
  for (gsize i = 0; i < n; i++)
    dst[i] += k * (a[i] + b[i]);
}

/* point-spread function; field is [n_beams, n_samples]; edges repeat */
static void
spread (const UtBeams *beams, float *field, const Kernel *axial, const Kernel *lateral)
{
  gsize n = beams->n_samples;
  int n_beams = (int)beams->n_beams;
  g_autofree float *padded = g_new (float, n + 2 * MAX_TAPS);
  for (int b = 0; b < n_beams; b++) {
    float *out = beams->work + (gsize)b * n;
    const float *in = field + (gsize)b * n;
    for (gsize i = 0; i < n; i++)
      out[i] = lateral->tap[0] * in[i];
    for (int k = 1; k <= lateral->reach; k++)
      add_scaled (out,
                  field + (gsize)MAX (b - k, 0) * n,
                  field + (gsize)MIN (b + k, n_beams - 1) * n,
                  lateral->tap[k],
                  n);
  }
  for (int b = 0; b < n_beams; b++) {
    float *out = field + (gsize)b * n, *middle = padded + MAX_TAPS;
    memcpy (middle, beams->work + (gsize)b * n, n * sizeof (float));
    for (int k = 1; k <= MAX_TAPS; k++) {
      middle[-k] = middle[0];
      middle[n - 1 + (gsize)k] = middle[n - 1];
    }
    for (gsize i = 0; i < n; i++)
      out[i] = axial->tap[0] * middle[i];
    for (int k = 1; k <= axial->reach; k++)
      add_scaled (out, middle - k, middle + k, axial->tap[k], n);
  }
}

/* brings the noise of each depth to variance 1, with a running mean over depths */
static void
standardise (const UtBeams *beams, float *field)
{
  gsize n = beams->n_samples;
  g_autofree float *power = g_new0 (float, n);
  for (guint b = 0; b < beams->n_beams; b++)
    for (gsize i = 0; i < n; i++)
      power[i] += field[b * n + i] * field[b * n + i];
  float mean = power[0];
  for (gsize i = 0; i < n; i++)
    mean = power[i] = 0.9f * mean + 0.1f * power[i];
  for (gsize i = n; i-- > 0;) {
    mean = 0.9f * mean + 0.1f * power[i];
    power[i] = 1 / sqrtf (mean / (float)beams->n_beams + 1e-9f);
  }
  for (guint b = 0; b < beams->n_beams; b++)
    for (gsize i = 0; i < n; i++)
      field[b * n + i] *= power[i];
}

/* per depth, what is added in front of the tissue and what the gain does */
typedef struct Depths {
  float *clutter, *noise, *gain, *slope, *dip; /* [n_samples] each */
} Depths;

static float
near_field_shape (double r)
{
  return (float)(r < 20 ? 1 : exp (-(r - 20) * (r - 20) / 60));
}

static void
fill_depths (const Depths *depths,
             const UtBeams *beams,
             const UtScanner *k,
             const UtGreyCurve *curve,
             double apex_mm,
             double base_mm)
{
  float blood = ut_grey_curve_intensity (curve, (float)k->grey_blood);
  double length = MAX (base_mm - apex_mm, 20);
  for (guint i = 0; i < beams->n_samples; i++) {
    double r = i * beams->step_mm, along = CLAMP (1.25 - (r - apex_mm) / length, 0, 1.5);
    double near = k->grey_blood * (1 + (k->clutter_ratio - 1) * near_field_shape (r));
    for (guint a = 0; a < k->n_arcs; a++)
      near += k->arc_grey[a] * exp (-pow ((r - k->arc_mm[a]) / 0.8, 2));
    float clutter = ut_grey_curve_intensity (curve, (float)near) - blood;
    float hazy = ut_grey_curve_intensity (curve, (float)(k->grey_blood + k->haze_grey * along));
    float noise = ut_grey_curve_intensity (curve, (float)k->noise_grey);
    float part = (float)(r / k->depth_mm);
    depths->clutter[i] = MAX (clutter, 0) + MAX (hazy - blood, 0);
    depths->gain[i] = k->haze_grey < 0 ? hazy / blood : 1;
    depths->dip[i] =
      (float)pow (10, -0.32 * exp (-(r - 7.5) * (r - 7.5) / 6)); /* after the pulse */
    depths->noise[i] = noise * (0.25f + 0.75f * part * part);
    depths->slope[i] = (float)(k->slope_per_cm * (r - 0.5 * (apex_mm + base_mm)) / 10);
  }
}

/* what speckle multiplies an echo with, by its normal number */
typedef struct Grain {
  float factor[GRAIN_STEPS];
} Grain;

static void
grain_init (Grain *self, double looks)
{
  double sd_db = looks > 0 ? SPECKLE_DB / sqrt (looks) : 0;
  for (int i = 0; i < GRAIN_STEPS; i++)
    self->factor[i] =
      (float)pow (10, 0.1 * sd_db * GRAIN_REACH * (2.0 * i / (GRAIN_STEPS - 1) - 1));
}

static inline float
grain_factor (const Grain *self, float normal)
{
  float i = (normal + GRAIN_REACH) * ((GRAIN_STEPS - 1) / (2 * GRAIN_REACH));
  return self->factor[i < 0 ? 0 : i > GRAIN_STEPS - 1 ? GRAIN_STEPS - 1 : (int)i];
}

static float
beam_gain (const UtScanner *k, float angle)
{
  float half = (float)(k->half_angle_deg * G_PI / 180), part = MIN (fabsf (angle) / half, 1);
  float t = CLAMP ((part - 0.45f) / 0.45f, 0, 1);
  return 1 + (float)((angle < 0 ? k->edge_left : k->edge_right) - 1) * t * t * (3 - 2 * t);
}

static float
shadow (const UtScanner *k, float angle, float r)
{
  double loss_db = 0, degrees = angle * 180 / G_PI;
  for (guint i = 0; i < k->n_shadows; i++) {
    const UtScannerShadow *s = &k->shadows[i];
    double across = fabs (degrees - s->centre_deg) / (0.5 * s->width_deg + 0.01);
    double t = CLAMP (1.6 - across, 0, 0.6) / 0.6, d = CLAMP ((r - s->start_mm) / 20, 0, 1);
    loss_db += s->loss_db * t * d;
  }
  return loss_db > 0 ? (float)pow (10, -loss_db / 10) : 1;
}

/* grey of tissue -> intensity of the echo -> grey of the picture, in beams->grey */
static void
image_beams (UtBeams *beams,
             const UtScanner *k,
             const UtGreyCurve *curve,
             guint32 frame_key,
             double apex_mm,
             double base_mm)
{
  gsize n = beams->n_samples;
  g_autofree float *rows = g_new (float, 5 * n);
  Depths depths = {rows, rows + n, rows + 2 * n, rows + 3 * n, rows + 4 * n};
  fill_depths (&depths, beams, k, curve, apex_mm, base_mm);
  guint32 still = (guint32)k->seed ^ 0x9e3779b9u;
  for (guint b = 0; b < beams->n_beams; b++) {
    float *grey = beams->grey + b * n, *clutter = beams->clutter + b * n;
    float gain = beam_gain (k, beams->first_rad + (float)b * beams->step_rad);
    for (gsize i = 0; i < n; i++) {
      float wanted = (grey[i] + depths.slope[i]) * gain;
      grey[i] = ut_grey_curve_intensity (curve, wanted > 4 ? wanted : 4) * depths.gain[i];
      clutter[i] = ut_texture (b, (guint32)i, 1, still);
    }
  }
  Kernel axial = kernel_gauss (k->axial_fwhm_mm / beams->step_mm);
  Kernel lateral = kernel_gauss (k->lateral_fwhm_deg * G_PI / 180 / beams->step_rad);
  spread (beams, beams->grey, &axial, &lateral);
  gboolean grainy = k->looks > 0;
  Grain grain;
  grain_init (&grain, k->looks);
  if (grainy) {
    spread (beams, beams->speckle, &axial, &lateral);
    standardise (beams, beams->speckle);
    spread (beams, beams->clutter, &axial, &lateral);
    standardise (beams, beams->clutter);
  }
  for (guint b = 0; b < beams->n_beams; b++) {
    float *grey = beams->grey + b * n, *speckle = beams->speckle + b * n,
          *clutter = beams->clutter + b * n;
    float angle = beams->first_rad + (float)b * beams->step_rad;
    for (gsize i = 0; i < n; i++) {
      float echo = grey[i] * grain_factor (&grain, speckle[i]);
      echo += depths.clutter[i] * grain_factor (&grain, clutter[i]);
      echo *= depths.dip[i];
      if (k->n_shadows > 0)
        echo *= shadow (k, angle, (float)i * beams->step_mm);
      echo +=
        depths.noise[i] *
        grain_factor (&grain, 0.7f * clutter[i] + 0.7f * ut_texture (b, (guint32)i, 2, frame_key));
      grey[i] = ut_grey_curve_grey (curve, echo);
    }
  }
}

static void
scan_convert (const UtBeams *beams,
              const UtScanner *k,
              const UtEchoPicture *picture,
              guint32 frame_key,
              guint8 *ret)
{
  float half = (float)(k->half_angle_deg * G_PI / 180), depth = (float)k->depth_mm,
        top = (float)k->top_radius_mm;
  float mm = (float)picture->mm_per_px, last_b = (float)beams->n_beams - 1.001f,
        last_i = (float)beams->n_samples - 1.001f;
  gsize n = beams->n_samples;
  for (guint row = 0; row < picture->height; row++)
    for (guint col = 0; col < picture->width; col++) {
      float x = ((float)col - (float)picture->probe_col) * mm,
            y = ((float)row - (float)picture->probe_row) * mm;
      float r = sqrtf (x * x + y * y), angle = atan2f (x, y);
      guint8 *out = ret + (gsize)row * picture->width + col;
      *out = 0;
      if (k->masked &&
          (y < -0.6f * mm || r > depth || r < top || fabsf (angle) > half + 0.3f * mm / (r + mm)))
        continue;
      float b = (angle - beams->first_rad) / beams->step_rad, i = r / beams->step_mm;
      b = b < 0 ? 0 : b > last_b ? last_b : b;
      i = i > last_i ? last_i : i;
      gsize ib = (gsize)b, ii = (gsize)i;
      float fb = b - (float)ib, fi = i - (float)ii;
      const float *p = beams->grey + ib * n + ii;
      float left = p[0] + fi * (p[1] - p[0]), right = p[n] + fi * (p[n + 1] - p[n]);
      float grey = left + fb * (right - left);
      if (k->pixel_noise > 0)
        grey += (float)k->pixel_noise * ut_texture (col, row, 3, frame_key);
      *out = grey < 1 ? 1 : grey > 255 ? 255 : (guint8)(grey + 0.5f);
    }
}

static void
label_picture (const UtVolume *labels,
               const UtViewPlane *plane,
               const UtEchoPicture *picture,
               guint8 *ret)
{
  UtAffine m_voxel_from_patient;
  if (!ut_affine_invert (&labels->m_patient_from_voxel, &m_voxel_from_patient))
    return;
  UtVec3 origin = ut_view_plane_point (
    plane, -picture->probe_col * picture->mm_per_px, -picture->probe_row * picture->mm_per_px);
  UtVec3 p0 = ut_affine_point (&m_voxel_from_patient, origin);
  UtVec3 right =
    ut_vec3_scale (ut_affine_direction (&m_voxel_from_patient, plane->right), picture->mm_per_px);
  UtVec3 down =
    ut_vec3_scale (ut_affine_direction (&m_voxel_from_patient, plane->down), picture->mm_per_px);
  const gsize *dims = labels->dims;
  for (guint row = 0; row < picture->height; row++)
    for (guint col = 0; col < picture->width; col++) {
      UtVec3 p = ut_vec3_mad (ut_vec3_mad (p0, col, right), row, down);
      double x = floor (p.x + 0.5), y = floor (p.y + 0.5), z = floor (p.z + 0.5);
      gboolean within = x >= 0 && y >= 0 && z >= 0 && x < (double)dims[0] && y < (double)dims[1] &&
                        z < (double)dims[2];
      ret[(gsize)row * picture->width + col] =
        within ? labels->u8[ut_volume_index (labels, (gsize)x, (gsize)y, (gsize)z)] : UT_BACKGROUND;
    }
}

/* Gaussian smoothing of the picture inside the sector, as a last filter of the machine */
static void
smooth_picture (const UtEchoPicture *picture, double fwhm_px, guint8 *pixels)
{
  Kernel kernel = kernel_gauss (fwhm_px);
  gint64 w = picture->width, h = picture->height;
  g_autofree float *rows = g_new (float, (gsize)(w * h));
  for (int pass = 0; pass < 2; pass++) {
    gint64 step = pass == 0 ? 1 : w, limit = pass == 0 ? w : h;
    for (gint64 y = 0; y < h; y++)
      for (gint64 x = 0; x < w; x++) {
        gint64 at = y * w + x, place = pass == 0 ? x : y;
        float sum = 0, weight = 0;
        for (int k = -kernel.reach; k <= kernel.reach; k++) {
          if (place + k < 0 || place + k >= limit || pixels[at + k * step] == 0)
            continue;
          sum += kernel.tap[ABS (k)] * pixels[at + k * step];
          weight += kernel.tap[ABS (k)];
        }
        rows[at] = pixels[at] > 0 ? sum / weight : 0;
      }
    for (gint64 i = 0; i < w * h; i++)
      pixels[i] = (guint8)(rows[i] + 0.5f);
  }
}

UtEchoPicture
ut_echo_picture_fit (const UtScanner *scanner, guint width, guint height)
{
  double half = scanner->half_angle_deg * G_PI / 180,
         reach = sin (MIN (half, G_PI / 2)) * scanner->depth_mm;
  double wide = 2 * reach * (1 - scanner->cut_left - scanner->cut_right);
  UtEchoPicture self = {.width = width, .height = height};
  if (scanner->masked) {
    self.mm_per_px = MAX (scanner->depth_mm / height, wide / width);
    self.probe_col =
      0.5 * (width - 1) + reach * (scanner->cut_right - scanner->cut_left) / self.mm_per_px;
  } else {
    self.mm_per_px = scanner->depth_mm / height;
    self.probe_col = 0.5 * (width - 1);
  }
  return self;
}

void
ut_echo_scene_render (const UtEchoScene *self,
                      const UtViewPlane *plane,
                      const UtScanner *scanner,
                      const UtEchoPicture *picture,
                      const UtEchoMoment *moment,
                      guint8 *ret_pixels,
                      guint8 *ret_labels)
{
  g_return_if_fail (picture->width >= 16 && picture->width <= 2048 && picture->height >= 16 &&
                    picture->height <= 2048);
  g_return_if_fail (picture->mm_per_px > 0 && scanner->depth_mm > 0);
  const UtScanner now = ut_scanner_at (scanner, fabs (self->annulus_shift) / FULL_DESCENT_MM);
  g_auto (UtBeams) beams = {0};
  ut_beams_init (&beams, &now, picture->mm_per_px);
  ut_tissue_fill (&beams, self, plane, &now, moment);

  UtGreyCurve curve;
  ut_grey_curve_init (&curve, &now);
  double apex_mm = ut_vec3_length (ut_vec3_sub (self->landmarks.apex, plane->origin));
  double base_mm = ut_vec3_length (ut_vec3_sub (self->landmarks.mitral, plane->origin));
  guint32 frame_key = (guint32)moment->seed * 0x9e3779b9u ^ (guint32)(moment->seed >> 32);
  image_beams (&beams, &now, &curve, frame_key, apex_mm, base_mm);
  scan_convert (&beams, scanner, picture, frame_key, ret_pixels);
  if (scanner->blur_mm > 0)
    smooth_picture (picture, scanner->blur_mm / picture->mm_per_px, ret_pixels);
  ut_overlay_draw (scanner, picture, moment, ret_pixels);
  if (ret_labels != NULL)
    label_picture (self->labels, plane, picture, ret_labels);
}
