/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/echo/beams.h"
#include "engine/echo/leaflets.h"

#include <math.h>

#define TEXTURE_MM 0.4f /* cell of the noise that becomes speckle */

/* what fill_beam() needs of a picture, worked out once */
typedef struct Look {
  const UtEchoScene *scene;
  const UtScanner *scanner;
  const UtViewPlane *plane;
  guint32 frame_key, still_key;
  UtVec3 axis, septal, mitral;
  double centre_x, mid_depth;                   /* of the LV, in the picture, mm */
  float loss_lateral, loss_apical, loss_septal; /* mottle below which a wall is lost */
} Look;

static inline float
clamp01 (float v)
{
  return v < 0 ? 0 : v > 1 ? 1 : v;
}

static inline float
ramp (float v, float low, float high)
{
  float t = clamp01 ((v - low) / (high - low));
  return t * t * (3 - 2 * t);
}

static inline float
mix (float a, float b, float t)
{
  return a + t * (b - a);
}

/* 1 at the middle of a layer, 0 beyond its half width */
static inline float
layer (float distance, float middle, float half_width)
{
  float t = 1 - (distance - middle) * (distance - middle) / (half_width * half_width);
  return t > 0 ? t * t : 0;
}

/* a place of the beam: where it is and what lies there */
typedef struct Spot {
  float d[8];         /* UtEchoField */
  float facing[8];    /* |change of d per mm of beam|: 1 where the surface faces the beam */
  float depth, x;     /* mm, in the picture */
  float level;        /* 0 mitral plane, 1 LV apex */
  float side;         /* 1 septal, -1 lateral */
  float fine, coarse; /* mottle, about N (0, 0.55), of 4 and 14 mm, fixed to the tissue */
  float streak;       /* the same in layers across the beam, standing still; outside the heart */
} Spot;

static float
outside_grey (const Look *look, const Spot *s)
{
  const UtScanner *k = look->scanner;
  float blood = (float)k->grey_blood, mottle = (float)k->mottle;
  float right = ramp (s->x - (float)look->centre_x, -25, 25);
  float grey = blood + mix ((float)k->grey_left, (float)k->grey_right, right);
  float bright = s->streak > 0 ? s->streak : 0;
  grey += mottle * (16 * s->fine + 20 * s->coarse + 27 * s->streak + 160 * bright * bright);
  grey += 44 * (1 - ramp (s->depth, 8, 60)); /* chest wall */
  grey += 22 * ramp (s->depth / (float)k->depth_mm, 0.6f, 0.9f);

  float rv = s->d[UT_ECHO_RV], epi = s->d[UT_ECHO_EPI];
  float atria = MIN (s->d[UT_ECHO_LA], s->d[UT_ECHO_RA]);
  float atrial_facing =
    s->d[UT_ECHO_LA] < s->d[UT_ECHO_RA] ? s->facing[UT_ECHO_LA] : s->facing[UT_ECHO_RA];
  float patch = clamp01 (1 + 1.1f * s->coarse + 0.5f * s->fine);

  float free_of_rv = ramp (rv, 1, 6);
  float sac = layer (epi, 2.4f, 5.5f) * free_of_rv * ramp (0.75f - s->level, -0.35f, 0.3f);
  grey = mix (grey,
              blood + 1.6f * (float)k->grey_pericardium * patch * (0.4f + 0.6f * patch) + 14,
              clamp01 (1.2f * sac));

  float rv_wall = layer (rv, 1.8f, 3.4f) * ramp (epi, 0, 3);
  grey = mix (grey, blood + (18 + 45 * s->facing[UT_ECHO_RV]) * patch, rv_wall);

  float atrial_wall = layer (atria, 1.6f, 3.4f);
  grey = mix (
    grey, blood + (8 + 80 * atrial_facing * atrial_facing) * (0.5f + 0.5f * patch), atrial_wall);

  float behind = layer (atria, 6, 8) * atrial_facing * ramp (s->level, -0.2f, -0.7f);
  grey += 40 * behind * patch;

  float groove = layer (epi, 3, 6) * layer (s->d[UT_ECHO_LA], 3, 6);
  return grey + 60 * groove * patch;
}

static float
wall_grey (const Look *look, const Spot *s)
{
  const UtScanner *k = look->scanner;
  float blood = (float)k->grey_blood;
  float apical = ramp (s->level, 0.6f, 0.82f), lateral = ramp (-s->side, -0.25f, 0.25f);
  float inner = s->d[UT_ECHO_LV] > 0 ? s->d[UT_ECHO_LV] : 0,
        outer = s->d[UT_ECHO_EPI] < 0 ? -s->d[UT_ECHO_EPI] : 0;
  float across = inner / (inner + outer + 0.5f); /* 0 endocardium, 1 epicardium */

  float septal_rise = 1.85f - 0.4f * ramp (across, 0.55f, 1);
  float lateral_rise = 1.35f + 2.0f * across * across + 0.25f * across;
  float gain_septal = (float)k->ratio_septal - 1, gain_lateral = (float)k->ratio_lateral - 1;
  float gain = mix (gain_septal * septal_rise, gain_lateral * lateral_rise, lateral);
  gain = mix (gain, ((float)k->ratio_apical - 1) * (1.65f + 0.4f * across), apical);

  float lost = mix (ramp (look->loss_septal - s->coarse, 0, 0.3f),
                    ramp (look->loss_lateral - s->coarse, 0, 0.3f),
                    lateral);
  lost = mix (lost, ramp (look->loss_apical - s->coarse, 0, 0.3f), apical);
  gain *= 1 - 0.95f * lost;
  float uneven =
    (float)k->mottle * (mix (24, 10, lateral) * s->fine + mix (9, 4, lateral) * s->coarse);
  return blood * (1 + gain) + uneven * (1 - lost);
}

/* RV, atria and all that lies outside the LV and its wall */
static float
beyond_wall_grey (const Look *look, const Spot *s)
{
  const UtScanner *k = look->scanner;
  float blood = (float)k->grey_blood, mottle = (float)k->mottle;
  float in_rv = ramp (-s->d[UT_ECHO_RV], -1, 1);
  float in_atrium = ramp (-MIN (s->d[UT_ECHO_LA], s->d[UT_ECHO_RA]), -1, 1.5f);
  float grey = in_rv < 1 && in_atrium < 1 ? outside_grey (look, s) : 0;
  if (in_rv > 0) {
    float trabeculae = ramp (s->fine, 0.35f, 0.9f) * ramp (s->d[UT_ECHO_RV], -12, -2);
    float uneven = mottle * (8 * s->coarse + 5 * s->fine + 45 * trabeculae);
    grey = mix (grey, blood + 0.5f * (float)k->grey_left + uneven, in_rv);
  }
  return mix (grey, blood + (float)k->grey_atrial + mottle * 5 * s->coarse, in_atrium);
}

/* LV and its wall */
static float
ventricle_grey (const Look *look, const Spot *s)
{
  const UtScanner *k = look->scanner;
  float blood = (float)k->grey_blood, mottle = (float)k->mottle;
  float lateral = ramp (-s->side, -0.25f, 0.25f), apical = ramp (s->level, 0.6f, 0.82f);
  float septal_or_lateral = mix ((float)k->edge_septal_mm, (float)k->edge_lateral_mm, lateral);
  float rise = mix (septal_or_lateral, (float)k->edge_apical_mm, apical);
  float cavity = 1 / (1 + expf (4.39f * (s->d[UT_ECHO_LV] - 0.1f * rise) / rise));
  float endocardium = s->facing[UT_ECHO_LV] * layer (s->d[UT_ECHO_LV], 0.6f, 2);
  float wall = wall_grey (look, s) + (float)k->specular * endocardium;

  float strand = ramp (s->fine, 0.45f, 1.0f) * ramp (s->d[UT_ECHO_LV], -14, -2);
  float inside = blood + mottle * (6 * s->coarse + 3 * s->fine + 30 * strand);
  float muscle = ramp (-s->d[UT_ECHO_PAPILLARY], -1.5f, 1.5f);
  inside = mix (inside, mix (blood, wall, 0.8f), 0.85f * muscle * cavity);
  return mix (wall, inside, cavity);
}

static float
tissue_grey (const Look *look, const Spot *s)
{
  float in_epi = ramp (-s->d[UT_ECHO_EPI], -1.2f, 1.2f);
  float beyond = in_epi < 1 ? beyond_wall_grey (look, s) : 0;
  return in_epi > 0 ? mix (beyond, ventricle_grey (look, s), in_epi) : beyond;
}

static void
locate (const Look *look, UtVec3 p, Spot *s)
{
  UtVec3 from_base = ut_vec3_sub (p, look->mitral);
  double along = ut_vec3_dot (from_base, look->axis);
  UtVec3 across = ut_vec3_mad (from_base, -along, look->axis);
  s->level = (float)(along / look->scene->length_mm);
  s->side = (float)(ut_vec3_dot (across, look->septal) / (ut_vec3_length (across) + 3));
}

/* where the tissue that is at p now lies at end-diastole: the base and the apex move along the axis
 */
static UtVec3
material_point (const Look *look, UtVec3 p, const Spot *s)
{
  const UtEchoScene *scene = look->scene;
  double level = s->level,
         shift = mix ((float)scene->annulus_shift, (float)scene->apex_shift, clamp01 (s->level));
  if (level < 0)
    shift *= MAX (1 + level, 0);
  float heart =
    MIN (MIN (s->d[UT_ECHO_EPI], s->d[UT_ECHO_RV]), MIN (s->d[UT_ECHO_LA], s->d[UT_ECHO_RA]));
  return ut_vec3_mad (p, shift * clamp01 (1 - heart / 12), look->axis);
}

static void
fill_beam (
  const Look *look, UtBeams *beams, guint b, UtLeafletFinder *mitral, UtLeafletFinder *tricuspid)
{
  const UtEchoScene *scene = look->scene;
  float angle = beams->first_rad + (float)b * beams->step_rad, sine = sinf (angle),
        cosine = cosf (angle);
  const UtViewPlane *plane = look->plane;
  UtVec3 dir =
    ut_vec3_add (ut_vec3_scale (plane->right, sine), ut_vec3_scale (plane->down, cosine));
  UtVec3 g0 = ut_affine_point (&scene->m_grid_from_patient, plane->origin);
  UtVec3 dg = ut_affine_direction (&scene->m_grid_from_patient, dir);
  float *grey = beams->grey + (gsize)b * beams->n_samples,
        *speckle = beams->speckle + (gsize)b * beams->n_samples;
  Spot spot = {0};
  float before[8];
  for (guint i = 0; i < beams->n_samples; i++) {
    float r = (float)i * beams->step_mm;
    float at[3] = {(float)(g0.x + r * dg.x), (float)(g0.y + r * dg.y), (float)(g0.z + r * dg.z)};
    ut_echo_scene_distances (scene, at, spot.d);
    for (int f = 0; f < 8; f++) {
      spot.facing[f] = i > 0 ? clamp01 (fabsf (spot.d[f] - before[f]) / beams->step_mm) : 0;
      before[f] = spot.d[f];
    }
    UtVec3 p = ut_vec3_mad (plane->origin, r, dir);
    spot.depth = r * cosine;
    spot.x = r * sine;
    locate (look, p, &spot);
    UtVec3 q = material_point (look, p, &spot);
    float qx = (float)q.x, qy = (float)q.y, qz = (float)q.z;
    spot.fine = ut_echo_scene_mottle (scene, qx / 4, qy / 4, qz / 4);
    spot.coarse = ut_echo_scene_mottle (scene, qx / 14 + 7, qy / 14, qz / 14);
    spot.streak = 0;
    if (spot.d[UT_ECHO_EPI] > 0)
      spot.streak = ut_echo_scene_mottle (scene, r / 7, angle * (r + 40) / 15, 3.5f);
    grey[i] = tissue_grey (look, &spot);
    ut_leaflet_finder_add (mitral, spot.x, spot.depth, spot.d[UT_ECHO_LV], spot.d[UT_ECHO_LA]);
    ut_leaflet_finder_add (tricuspid, spot.x, spot.depth, spot.d[UT_ECHO_RV], spot.d[UT_ECHO_RA]);

    float pool = MIN (MIN (spot.d[UT_ECHO_LV], spot.d[UT_ECHO_RV]),
                      MIN (spot.d[UT_ECHO_LA], spot.d[UT_ECHO_RA]));
    if (pool > 0)
      speckle[i] = ut_texture ((guint32)(gint32)floorf (qx / TEXTURE_MM),
                               (guint32)(gint32)floorf (qy / TEXTURE_MM),
                               (guint32)(gint32)floorf (qz / TEXTURE_MM),
                               scene->key);
    else
      speckle[i] =
        0.8f * ut_texture (b, i, 0, look->frame_key) + 0.6f * ut_texture (b, i, 0, look->still_key);
  }
}

/* the mottle (about N (0, 0.55)) below which the wanted part of a wall lies */
static float
loss_threshold (double part)
{
  if (part <= 0)
    return -10;
  double p = CLAMP (part, 0.001, 0.999), t = sqrt (-2 * log (p < 0.5 ? p : 1 - p));
  double z =
    t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t)); /* Abramowitz 26.2.22 */
  return (float)(0.55 * (p < 0.5 ? -z : z)) + 0.15f;
}

void
ut_tissue_fill (UtBeams *beams,
                const UtEchoScene *scene,
                const UtViewPlane *plane,
                const UtScanner *scanner,
                const UtEchoMoment *moment)
{
  const UtLandmarks *lm = &scene->landmarks;
  UtVec3 centre = ut_vec3_sub (lm->centroid[UT_LV], plane->origin);
  Look look = {.scene = scene,
               .scanner = scanner,
               .plane = plane,
               .axis = lm->long_axis,
               .septal = lm->septal,
               .mitral = lm->mitral};
  look.centre_x = ut_vec3_dot (centre, plane->right);
  look.mid_depth = ut_vec3_dot (centre, plane->down);
  look.frame_key = (guint32)moment->seed ^ (guint32)(moment->seed >> 32) ^ 0x51ed270bu;
  look.still_key = (guint32)scanner->seed ^ 0x2545f491u;
  look.loss_lateral = loss_threshold (scanner->dropout_lateral);
  look.loss_apical = loss_threshold (scanner->dropout_apical);
  look.loss_septal = loss_threshold (scanner->dropout_septal);
  UtLeafletFinder mitral, tricuspid;
  ut_leaflet_finder_init (&mitral);
  ut_leaflet_finder_init (&tricuspid);
  for (guint b = 0; b < beams->n_beams; b++)
    fill_beam (&look, beams, b, &mitral, &tricuspid);
  ut_leaflet_draw (
    &mitral, moment->mitral_opening, scanner->grey_blood + scanner->grey_leaflet, beams);
  ut_leaflet_draw (&tricuspid,
                   moment->tricuspid_opening,
                   scanner->grey_blood + 0.8 * scanner->grey_leaflet,
                   beams);
}
