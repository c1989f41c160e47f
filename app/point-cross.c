/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/point-cross.h"

#include "app/keys.h"
#include "app/widgets.h"

#define ARM_PX 9

struct _UtPointCross {
  GtkWidget parent_instance;

  GtkWidget *picture; /* outlives it */
  GSimpleActionGroup *actions;
  gboolean placed, shown;
  graphene_point_t place; /* once @placed */
};

enum { MOVED, SET, BACK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtPointCross, ut_point_cross, GTK_TYPE_WIDGET)

static void
ut_point_cross_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtPointCross *self = UT_POINT_CROSS (widget);
  const char *colours[] = {"ut_number_ground_color", "ut_ruler_color"};
  for (int i = 0; self->shown && i < 2; i++) { /* bright on dark: seen on any picture */
    GdkRGBA colour;
    float half = i == 0 ? 2 : 1, arm = ARM_PX + half;
    ut_widget_colour (widget, colours[i], &colour);
    gtk_snapshot_append_color (
      snapshot,
      &colour,
      &GRAPHENE_RECT_INIT (self->place.x - arm, self->place.y - half, 2 * arm, 2 * half));
    gtk_snapshot_append_color (
      snapshot,
      &colour,
      &GRAPHENE_RECT_INIT (self->place.x - half, self->place.y - arm, 2 * half, 2 * arm));
  }
}

static void
show (UtPointCross *self, float x, float y)
{
  float right = (float)gtk_widget_get_width (GTK_WIDGET (self)) - 1;
  float bottom = (float)gtk_widget_get_height (GTK_WIDGET (self)) - 1;
  self->place = GRAPHENE_POINT_INIT (CLAMP (x, 0, MAX (0, right)), CLAMP (y, 0, MAX (0, bottom)));
  self->placed = self->shown = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[MOVED], 0, (double)self->place.x, (double)self->place.y);
}

static void
move_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtPointCross *self = user_data;
  int right, down;
  g_variant_get (parameter, "(ii)", &right, &down);
  if (!self->placed)
    self->place = GRAPHENE_POINT_INIT ((float)gtk_widget_get_width (GTK_WIDGET (self)) / 2,
                                       (float)gtk_widget_get_height (GTK_WIDGET (self)) / 2);
  show (self, self->place.x + (float)right, self->place.y + (float)down);
}

static void
set_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtPointCross *self = user_data;
  if (self->shown)
    g_signal_emit (self, signals[SET], 0, (double)self->place.x, (double)self->place.y);
}

static void
back_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_signal_emit (user_data, signals[BACK], 0);
}

void
ut_point_cross_set_on (UtPointCross *self, gboolean on)
{
  g_return_if_fail (UT_IS_POINT_CROSS (self));
  /* keys of actions that are not there go on to whoever has them otherwise */
  gtk_widget_insert_action_group (
    self->picture, "point", on ? G_ACTION_GROUP (self->actions) : NULL);
  if (!on)
    ut_point_cross_hide (self);
}

void
ut_point_cross_hide (UtPointCross *self)
{
  g_return_if_fail (UT_IS_POINT_CROSS (self));
  self->shown = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ut_point_cross_place (UtPointCross *self, const graphene_point_t *place)
{
  g_return_if_fail (UT_IS_POINT_CROSS (self));
  show (self, place->x, place->y);
}

gboolean
ut_point_cross_get_shown (UtPointCross *self)
{
  g_return_val_if_fail (UT_IS_POINT_CROSS (self), FALSE);
  return self->shown;
}

static void
ut_point_cross_finalize (GObject *object)
{
  g_clear_object (&UT_POINT_CROSS (object)->actions);
  G_OBJECT_CLASS (ut_point_cross_parent_class)->finalize (object);
}

/* with x and y */
static guint
place_signal (const char *name)
{
  return g_signal_new (name,
                       UT_TYPE_POINT_CROSS,
                       G_SIGNAL_RUN_LAST,
                       0,
                       NULL,
                       NULL,
                       NULL,
                       G_TYPE_NONE,
                       2,
                       G_TYPE_DOUBLE,
                       G_TYPE_DOUBLE);
}

static void
ut_point_cross_class_init (UtPointCrossClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ut_point_cross_finalize;
  GTK_WIDGET_CLASS (klass)->snapshot = ut_point_cross_snapshot;
  signals[MOVED] = place_signal ("moved");
  signals[SET] = place_signal ("set");
  signals[BACK] = g_signal_new (
    "back", UT_TYPE_POINT_CROSS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_point_cross_init (UtPointCross *self)
{
  static const GActionEntry actions[] = {
    {"move", move_action, "(ii)"}, {"set", set_action}, {"back", back_action}};
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (
    G_ACTION_MAP (self->actions), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
ut_point_cross_new (GtkWidget *picture)
{
  UtPointCross *self = g_object_new (UT_TYPE_POINT_CROSS, NULL);
  self->picture = picture;
  ut_keys_add_controller (picture, UT_KEYS_POINT);
  return GTK_WIDGET (self);
}
