/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/study/time-bar.h"

#include "app/widgets.h"

/* pixels; the curve lies in the room that the style sheet leaves below the trough */
#define MARK_RADIUS  4.0f
#define CURVE_TOP    9.0f /* below the middle of the trough */
#define CURVE_HEIGHT 22.0f

struct _UtTimeBar {
  GtkScale parent_instance;

  guint n_frames;
  GArray *r_waves;           /* guint frames */
  int frames[UT_N_PHASES];   /* marked */
  int proposed[UT_N_PHASES]; /* not confirmed by a person yet */
  UtCineMotion *motion;      /* NULL = none */
  int beat;                  /* of it, that stands out */
};

G_DEFINE_FINAL_TYPE (UtTimeBar, ut_time_bar, GTK_TYPE_SCALE)

static const char *const colour_names[UT_N_PHASES] = {"ut_ed_mark_color", "ut_es_mark_color"};

/* Where the middle of the slider stands at @frame, widget pixels: it travels the whole trough. */
static float
frame_x (UtTimeBar *self, guint frame, const GdkRectangle *trough)
{
  double share = frame / MAX (1.0, self->n_frames - 1.0);
  return (float)(trough->x + share * trough->width);
}

/* The first mark or proposal right of @frame, -1 = none. */
static int
next_mark (UtTimeBar *self, int frame)
{
  int next = -1;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const int others[] = {self->frames[phase], self->proposed[phase]};
    for (guint i = 0; i < G_N_ELEMENTS (others); i++)
      if (others[i] > frame && (next < 0 || others[i] < next))
        next = others[i];
  }
  return next;
}

static void
draw_mark (UtTimeBar *self,
           GtkSnapshot *snapshot,
           UtPhase phase,
           int frame,
           gboolean confirmed,
           const GdkRectangle *trough)
{
  GdkRGBA colour;
  ut_widget_colour (GTK_WIDGET (self), colour_names[phase], &colour);

  float x = frame_x (self, (guint)frame, trough);
  float middle = (float)trough->y + (float)trough->height / 2, y = middle - 15;
  graphene_rect_t dot =
    GRAPHENE_RECT_INIT (x - MARK_RADIUS, y - MARK_RADIUS, 2 * MARK_RADIUS, 2 * MARK_RADIUS);
  float border = confirmed ? MARK_RADIUS : 1.5f;
  GskRoundedRect rounded;
  gsk_rounded_rect_init_from_rect (&rounded, &dot, MARK_RADIUS);
  gtk_snapshot_append_border (snapshot,
                              &rounded,
                              (float[4]){border, border, border, border},
                              (GdkRGBA[4]){colour, colour, colour, colour});
  gtk_snapshot_append_color (
    snapshot, &colour, &GRAPHENE_RECT_INIT (x - 1, y + MARK_RADIUS, 2, middle - y - MARK_RADIUS));

  g_autoptr (PangoLayout) layout =
    gtk_widget_create_pango_layout (GTK_WIDGET (self), ut_phase_name (phase));
  int width, height;
  pango_layout_get_pixel_size (layout, &width, &height);
  float left =
    x + MARK_RADIUS + 3; /* beside the dot; on its left where the next or the end is near */
  float end = (float)gtk_widget_get_width (GTK_WIDGET (self));
  int other = next_mark (self, frame);
  if (other >= 0)
    end = frame_x (self, (guint)other, trough) - MARK_RADIUS;
  if (left + (float)width > end)
    left = x - MARK_RADIUS - 3 - (float)width;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (left, y - (float)height / 2));
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

/* How the heart empties, upside down: high where the cavity is large. */
static void
draw_curve (UtTimeBar *self, GtkSnapshot *snapshot, const GdkRectangle *trough, const GdkRGBA *ink)
{
  const UtCineMotion *motion = self->motion;
  float top = (float)trough->y + (float)trough->height / 2 + CURVE_TOP;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (
    0, top - 1, (float)gtk_widget_get_width (GTK_WIDGET (self)), CURVE_HEIGHT + 2);
  GdkRGBA accent;
  ut_widget_colour (GTK_WIDGET (self), "accent_color", &accent);

  for (guint i = 0; i < motion->n_beats; i++) {
    const UtCineBeat *beat = &motion->beats[i];
    float x0 = frame_x (self, beat->first, trough), x1 = frame_x (self, beat->last, trough);
    GdkRGBA fill = (int)i == self->beat ? accent : *ink;
    fill.alpha = (int)i == self->beat ? 0.22f : 0.08f;
    gtk_snapshot_append_color (
      snapshot, &fill, &GRAPHENE_RECT_INIT (x0, top, MAX (1, x1 - x0), CURVE_HEIGHT));
  }

  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  gdk_cairo_set_source_rgba (cr, ink);
  cairo_set_line_width (cr, 1.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < motion->n_frames; i++)
    cairo_line_to (
      cr, frame_x (self, i, trough), top + 1 + motion->emptying[i] * (CURVE_HEIGHT - 2));
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
ut_time_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtTimeBar *self = UT_TIME_BAR (widget);
  GTK_WIDGET_CLASS (ut_time_bar_parent_class)->snapshot (widget, snapshot);

  GdkRectangle trough;
  GdkRGBA colour;
  gtk_range_get_range_rect (GTK_RANGE (self), &trough);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  colour.alpha *= 0.6f;
  if (self->motion != NULL && self->motion->n_beats > 0)
    draw_curve (self, snapshot, &trough, &colour);
  for (guint i = 0; i < self->r_waves->len; i++) {
    float x = frame_x (self, g_array_index (self->r_waves, guint, i), &trough);
    float y = (float)trough.y + (float)trough.height / 2 + 4;
    gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (x - 1, y, 2, 6));
  }
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (self->proposed[phase] >= 0)
      draw_mark (self, snapshot, phase, self->proposed[phase], FALSE, &trough);
    if (self->frames[phase] >= 0)
      draw_mark (self, snapshot, phase, self->frames[phase], TRUE, &trough);
  }
}

void
ut_time_bar_set_cine (UtTimeBar *self, const UtCine *cine)
{
  g_return_if_fail (UT_IS_TIME_BAR (self));
  self->n_frames = cine != NULL ? cine->n_frames : 1;
  g_array_set_size (self->r_waves, 0);
  for (guint i = 0; cine != NULL && cine->r_waves_ms != NULL && i < cine->n_r_waves; i++) {
    guint frame = ut_cine_frame_at (cine, cine->r_waves_ms[i]);
    g_array_append_val (self->r_waves, frame);
  }
  gtk_range_set_range (GTK_RANGE (self), 0, MAX (1, self->n_frames - 1));
  gtk_widget_set_sensitive (GTK_WIDGET (self), self->n_frames > 1);
}

void
ut_time_bar_set_motion (UtTimeBar *self, UtCineMotion *motion, int beat)
{
  g_return_if_fail (UT_IS_TIME_BAR (self));
  UtCineMotion *old = self->motion;
  self->motion = motion != NULL ? ut_cine_motion_ref (motion) : NULL;
  self->beat = beat;
  ut_cine_motion_unref (old);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ut_time_bar_set_mark (UtTimeBar *self, UtPhase phase, int frame, int proposed)
{
  g_return_if_fail (UT_IS_TIME_BAR (self) && phase < UT_N_PHASES);
  self->frames[phase] = frame;
  self->proposed[phase] = proposed;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ut_time_bar_set_text (UtTimeBar *self, const char *text)
{
  g_return_if_fail (UT_IS_TIME_BAR (self));
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

/* The range has its adjustment only now. */
static void
ut_time_bar_constructed (GObject *object)
{
  UtTimeBar *self = UT_TIME_BAR (object);
  G_OBJECT_CLASS (ut_time_bar_parent_class)->constructed (object);

  gtk_scale_set_draw_value (GTK_SCALE (self), FALSE);
  gtk_range_set_increments (GTK_RANGE (self), 1, 10);
  gtk_range_set_round_digits (GTK_RANGE (self), 0);
  gtk_widget_add_css_class (GTK_WIDGET (self), "time-bar");
}

static void
ut_time_bar_finalize (GObject *object)
{
  UtTimeBar *self = UT_TIME_BAR (object);
  g_array_unref (self->r_waves);
  g_clear_pointer (&self->motion, ut_cine_motion_unref);
  G_OBJECT_CLASS (ut_time_bar_parent_class)->finalize (object);
}

static void
ut_time_bar_class_init (UtTimeBarClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = ut_time_bar_constructed;
  G_OBJECT_CLASS (klass)->finalize = ut_time_bar_finalize;
  GTK_WIDGET_CLASS (klass)->snapshot = ut_time_bar_snapshot;
}

static void
ut_time_bar_init (UtTimeBar *self)
{
  self->n_frames = 1;
  self->r_waves = g_array_new (FALSE, FALSE, sizeof (guint));
  self->beat = -1;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    self->frames[phase] = self->proposed[phase] = -1;
}
