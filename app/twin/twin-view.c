/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/twin-view.h"

#include "app/keys.h"
#include "app/widgets.h"

#include <glib/gi18n.h>
#include <string.h>

#define TURN_MS         260     /* from one camera to the next */
#define KEY_TURN        0.0873f /* rad, 5 degrees a key press */
#define KEY_PAN         0.04f   /* picture heights */
#define ZOOM_STEP       1.15f
#define PLACE_MARGIN_MM 18  /* of surroundings round a place that is looked at */
#define WHEEL_MM        1.0 /* that the cut moves */
#define CLICK_PX        4.0 /* pointer movement up to which a press is a click */

struct _UtTwinView {
  GtkGLArea parent_instance;

  UtScene *scene;
  UtPainter *painter;
  UtNextScene next;
  gpointer next_data;
  UtCamera camera;
  UtCut *cut;
  gboolean has_plane[UT_N_VIEWS];
  UtViewPlane planes[UT_N_VIEWS];
  int echo_camera; /* that "next echo camera" showed last, -1 = none */

  int covered;       /* px at the upper or lower edge that lie under other widgets */
  gboolean fitted;   /* the whole heart is in the picture, and stays so when its size changes */
  UtCamera from, to; /* of a turn on its way */
  gint64 turn_start_us;
  guint tick_id;

  double last_x, last_y; /* offset of the running drag */
  gboolean panning;
};

enum { FAILED, PICKED, HOVERED, CAMERA_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtTwinView, ut_twin_view, GTK_TYPE_GL_AREA)

/* ---- OpenGL --------------------------------------------------------------------- */

static void
ut_twin_view_realize (GtkWidget *widget)
{
  UtTwinView *self = UT_TWIN_VIEW (widget);
  GtkGLArea *area = GTK_GL_AREA (self);
  g_autoptr (GError) error = NULL;

  GTK_WIDGET_CLASS (ut_twin_view_parent_class)->realize (widget);
  gtk_gl_area_make_current (area);
  if (gtk_gl_area_get_error (area) == NULL && !ut_painter_realize (self->painter, &error))
    gtk_gl_area_set_error (area, error);
  if (gtk_gl_area_get_error (area) != NULL)
    g_signal_emit (self, signals[FAILED], 0, gtk_gl_area_get_error (area)->message);
}

static void
ut_twin_view_unrealize (GtkWidget *widget)
{
  UtTwinView *self = UT_TWIN_VIEW (widget);
  gtk_gl_area_make_current (GTK_GL_AREA (self));
  ut_painter_unrealize (self->painter);
  GTK_WIDGET_CLASS (ut_twin_view_parent_class)->unrealize (widget);
}

/* The plane follows the heart that is shown, so it is found anew for every picture. */
static void
update_clip (UtTwinView *self, UtScene *scene)
{
  const UtViewPlane *planes[UT_N_VIEWS];
  UtPlane plane = {0};
  for (UtView v = 0; v < UT_N_VIEWS; v++)
    planes[v] = self->has_plane[v] ? &self->planes[v] : NULL;
  gboolean on = ut_cut_plane (ut_cut_get (self->cut), planes, scene, &plane);
  ut_scene_set_clip (scene, on ? &plane : NULL);
}

static UtScene *
next_scene (guint i, gpointer user_data)
{
  UtTwinView *self = user_data;
  UtScene *scene = self->next (i, self->next_data);
  if (scene != NULL)
    update_clip (self, scene);
  return scene;
}

void
ut_twin_view_set_next (UtTwinView *self, UtNextScene next, gpointer user_data)
{
  g_return_if_fail (UT_IS_TWIN_VIEW (self));
  self->next = next;
  self->next_data = user_data;
  ut_painter_set_next (self->painter, next_scene, self);
}

static gboolean
ut_twin_view_render (GtkGLArea *area, GdkGLContext *context)
{
  UtTwinView *self = UT_TWIN_VIEW (area);
  g_autoptr (GError) error = NULL;

  if (ut_painter_device (self->painter) == NULL)
    return FALSE;
  update_clip (self, self->scene);
  if (!ut_painter_draw (self->painter, self->scene, &self->camera, &error)) {
    gtk_gl_area_set_error (area, error);
    g_signal_emit (self, signals[FAILED], 0, error->message);
  }
  return TRUE;
}

/* ---- camera ---------------------------------------------------------------------- */

/* To call after every change of the camera. */
static void
camera_changed (UtTwinView *self)
{
  gtk_gl_area_queue_render (GTK_GL_AREA (self));
  g_signal_emit (self, signals[CAMERA_CHANGED], 0);
}

static void
stop_turning (UtTwinView *self)
{
  if (self->tick_id == 0)
    return;
  gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
}

static gboolean
turn_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  UtTwinView *self = UT_TWIN_VIEW (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  if (self->turn_start_us == 0)
    self->turn_start_us = now;

  double t = (double)(now - self->turn_start_us) / (TURN_MS * 1000.0);
  t = CLAMP (t, 0, 1);
  ut_camera_blend (&self->from, &self->to, (float)(t * t * (3 - 2 * t)), &self->camera);
  if (t >= 1) {
    self->camera = self->to;
    self->tick_id = 0;
  }
  camera_changed (self);
  return t < 1 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
turn_to (UtTwinView *self, const UtCamera *camera)
{
  stop_turning (self);
  if (!ut_widget_may_move (GTK_WIDGET (self)) || !gtk_widget_get_mapped (GTK_WIDGET (self))) {
    ut_twin_view_set_camera (self, camera, FALSE);
    return;
  }
  self->from = self->camera;
  self->to = *camera;
  self->turn_start_us = 0;
  self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), turn_cb, NULL, NULL);
}

/* Between what lies over the picture; a fit leaves a twentieth free on each side anyway. */
static void
fit (UtTwinView *self, UtCamera *camera)
{
  int width, height, covered = self->covered * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  ut_painter_size (self->painter, &width, &height);
  float whole = (float)height, between = 1.1f * whole - 2 * (float)covered;
  between = CLAMP (between, whole / 2, whole);
  if (ut_scene_fit (self->scene, camera, width > 1 ? (float)width / between : 1))
    camera->distance_mm *= whole / between;
}

static void
fit_again (UtTwinView *self)
{
  if (!self->fitted)
    return;
  fit (self, self->tick_id != 0 ? &self->to : &self->camera);
  camera_changed (self);
}

static void
ut_twin_view_resize (GtkGLArea *area, int width, int height)
{
  GTK_GL_AREA_CLASS (ut_twin_view_parent_class)->resize (area, width, height);
  fit_again (UT_TWIN_VIEW (area));
}

void
ut_twin_view_set_covered (UtTwinView *self, int covered)
{
  g_return_if_fail (UT_IS_TWIN_VIEW (self) && covered >= 0);
  if (self->covered == covered)
    return;
  self->covered = covered;
  fit_again (self);
}

/* Ends a turn on its way, so that the hand takes over from what is on the screen. The caller says
 * camera_changed() afterwards. */
static UtCamera *
own_camera (UtTwinView *self)
{
  stop_turning (self);
  self->fitted = FALSE;
  return &self->camera;
}

static void
turn_to_fitted (UtTwinView *self, UtCamera *camera)
{
  fit (self, camera);
  turn_to (self, camera);
  self->fitted = TRUE;
}

void
ut_twin_view_look (UtTwinView *self, UtCameraName name)
{
  g_return_if_fail (UT_IS_TWIN_VIEW (self) && name < UT_N_CAMERAS);
  UtCamera camera = self->camera;
  int view = name == UT_CAMERA_A4C    ? UT_VIEW_A4C
             : name == UT_CAMERA_A2C  ? UT_VIEW_A2C
             : name == UT_CAMERA_PSAX ? UT_VIEW_PSAX
                                      : -1;
  if (view >= 0 && self->has_plane[view])
    ut_camera_set_plane (&camera, &self->planes[view]);
  else
    ut_camera_set_named (&camera, name, self->scene->axes);
  turn_to_fitted (self, &camera);
}

void
ut_twin_view_fit (UtTwinView *self)
{
  g_return_if_fail (UT_IS_TWIN_VIEW (self));
  UtCamera camera = self->camera;
  turn_to_fitted (self, &camera);
}

/* From outside the heart, head up; a place in the middle of it is seen from where the eye is. */
static void
face_place (UtTwinView *self, UtVec3 inward, UtCamera *camera)
{
  const float *head = self->scene->axes[2], *back = self->scene->axes[1];
  if (ut_vec3_length (inward) < PLACE_MARGIN_MM / 2)
    return;
  UtVec3 normal = ut_vec3_normalise (inward);
  UtVec3 up = ut_vec3_reject (ut_vec3 (head[0], head[1], head[2]), normal);
  if (ut_vec3_length (up) < 0.1)
    up = ut_vec3_reject (ut_vec3 (-back[0], -back[1], -back[2]), normal);
  const UtViewPlane plane = {.normal = normal, .down = ut_vec3_scale (ut_vec3_normalise (up), -1)};
  ut_camera_set_plane (camera, &plane);
}

void
ut_twin_view_look_at (UtTwinView *self, UtVec3 low, UtVec3 high)
{
  g_return_if_fail (UT_IS_TWIN_VIEW (self));
  float scene_low[3], scene_high[3];
  UtCamera camera = self->camera;
  int width, height;
  if (!ut_scene_bounds (self->scene, scene_low, scene_high))
    return;
  UtVec3 heart_low = ut_vec3 (scene_low[0], scene_low[1], scene_low[2]);
  UtVec3 heart_high = ut_vec3 (scene_high[0], scene_high[1], scene_high[2]);
  UtVec3 inward = ut_vec3_sub (ut_vec3_add (heart_low, heart_high), ut_vec3_add (low, high));
  face_place (self, ut_vec3_scale (inward, 0.5), &camera);

  const float margin = PLACE_MARGIN_MM;
  const float box_low[3] = {(float)low.x - margin, (float)low.y - margin, (float)low.z - margin};
  const float box_high[3] = {
    (float)high.x + margin, (float)high.y + margin, (float)high.z + margin};
  ut_painter_size (self->painter, &width, &height);
  ut_camera_fit (&camera, box_low, box_high, (float)width / (float)height);
  camera.radius_mm = (float)ut_vec3_length (ut_vec3_sub (heart_high, heart_low));
  turn_to (self, &camera);
  self->fitted = FALSE;
}

void
ut_twin_view_set_plane (UtTwinView *self, UtView view, const UtViewPlane *plane)
{
  g_return_if_fail (UT_IS_TWIN_VIEW (self) && view < UT_N_VIEWS);
  self->has_plane[view] = plane != NULL;
  if (plane != NULL)
    self->planes[view] = *plane;
}

gboolean
ut_twin_view_get_camera (UtTwinView *self, UtCamera *ret_camera)
{
  g_return_val_if_fail (UT_IS_TWIN_VIEW (self), FALSE);
  *ret_camera = self->tick_id != 0 ? self->to : self->camera;
  return self->fitted;
}

void
ut_twin_view_set_camera (UtTwinView *self, const UtCamera *camera, gboolean fitted)
{
  g_return_if_fail (UT_IS_TWIN_VIEW (self));
  *own_camera (self) = *camera;
  self->fitted = fitted;
  camera_changed (self);
}

void
ut_twin_view_follow (UtTwinView *self, UtTwinView *other)
{
  g_return_if_fail (UT_IS_TWIN_VIEW (self) && UT_IS_TWIN_VIEW (other));
  *own_camera (self) = other->camera;
  self->fitted = other->fitted;
  camera_changed (self);
}

gboolean
ut_twin_view_project (UtTwinView *self, UtVec3 point, graphene_point_t *ret)
{
  g_return_val_if_fail (UT_IS_TWIN_VIEW (self), FALSE);
  const float p[3] = {(float)point.x, (float)point.y, (float)point.z};
  float xy[2];
  if (!ut_camera_project (&self->camera,
                          p,
                          gtk_widget_get_width (GTK_WIDGET (self)),
                          gtk_widget_get_height (GTK_WIDGET (self)),
                          xy))
    return FALSE;
  graphene_point_init (ret, xy[0], xy[1]);
  return TRUE;
}

UtScene *
ut_twin_view_get_scene (UtTwinView *self)
{
  g_return_val_if_fail (UT_IS_TWIN_VIEW (self), NULL);
  return self->scene;
}

const char *
ut_twin_view_device (UtTwinView *self)
{
  g_return_val_if_fail (UT_IS_TWIN_VIEW (self), NULL);
  return ut_painter_device (self->painter);
}

/* ---- pointer --------------------------------------------------------------------- */

static void
drag_begin_cb (UtTwinView *self, double x, double y, GtkGesture *gesture)
{
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->panning = button != GDK_BUTTON_PRIMARY || (state & GDK_SHIFT_MASK) != 0;
  self->last_x = self->last_y = 0;
  stop_turning (self);
}

static void
drag_update_cb (UtTwinView *self, double dx, double dy)
{
  float height = (float)MAX (1, gtk_widget_get_height (GTK_WIDGET (self)));
  float right = (float)(dx - self->last_x) / height, down = (float)(dy - self->last_y) / height;
  self->last_x = dx;
  self->last_y = dy;
  if (self->panning)
    ut_camera_pan (own_camera (self), right, down);
  else /* half a turn across the height of the picture */
    ut_camera_orbit (own_camera (self), right * (float)G_PI, -down * (float)G_PI);
  camera_changed (self);
}

gboolean
ut_twin_view_pick (UtTwinView *self, double x, double y, UtPick *ret)
{
  return ut_scene_pick (self->scene,
                        &self->camera,
                        gtk_widget_get_width (GTK_WIDGET (self)),
                        gtk_widget_get_height (GTK_WIDGET (self)),
                        (float)x,
                        (float)y,
                        ret);
}

static void
pick (UtTwinView *self, double x, double y, guint signal)
{
  UtPick found;
  gboolean hit = ut_twin_view_pick (self, x, y, &found);
  g_signal_emit (self, signals[signal], 0, hit ? &found : NULL);
}

/* While something moves there is nothing to read off. */
static void
motion_cb (UtTwinView *self, double x, double y, GtkEventController *controller)
{
  GdkModifierType buttons = GDK_BUTTON1_MASK | GDK_BUTTON2_MASK | GDK_BUTTON3_MASK;
  if (self->tick_id == 0 &&
      (gtk_event_controller_get_current_event_state (controller) & buttons) == 0)
    pick (self, x, y, HOVERED);
}

static void
leave_cb (UtTwinView *self)
{
  g_signal_emit (self, signals[HOVERED], 0, NULL);
}

static void
drag_end_cb (UtTwinView *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;
  ut_drag_get_start (gesture, &x, &y);
  if (hypot (dx, dy) < CLICK_PX)
    pick (self, x, y, PICKED);
}

static gboolean
scroll_cb (UtTwinView *self, double dx, double dy, GtkEventController *scroll)
{
  if (gtk_event_controller_get_current_event_state (scroll) & GDK_SHIFT_MASK) {
    ut_cut_move (self->cut, WHEEL_MM * (dy != 0 ? dy : dx)); /* some desktops turn the wheel */
    return GDK_EVENT_STOP;
  }
  if (dy == 0)
    return GDK_EVENT_PROPAGATE;
  ut_camera_zoom (own_camera (self), powf (ZOOM_STEP, (float)-dy));
  camera_changed (self);
  return GDK_EVENT_STOP;
}

/* ---- actions --------------------------------------------------------------------- */

static void
camera_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UtCameraName name;
  if (ut_camera_from_name (g_variant_get_string (parameter, NULL), &name))
    ut_twin_view_look (UT_TWIN_VIEW (widget), name);
}

static void
echo_camera_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UtTwinView *self = UT_TWIN_VIEW (widget);
  self->echo_camera = (self->echo_camera + 1) % UT_N_VIEWS;
  ut_twin_view_look (self, UT_CAMERA_A4C + (UtCameraName)self->echo_camera);
}

static void
fit_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ut_twin_view_fit (UT_TWIN_VIEW (widget));
}

static void
orbit_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UtTwinView *self = UT_TWIN_VIEW (widget);
  int right, up;
  g_variant_get (parameter, "(ii)", &right, &up);
  ut_camera_orbit (own_camera (self), KEY_TURN * (float)right, KEY_TURN * (float)up);
  camera_changed (self);
}

static void
pan_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UtTwinView *self = UT_TWIN_VIEW (widget);
  int right, down;
  g_variant_get (parameter, "(ii)", &right, &down);
  ut_camera_pan (own_camera (self), KEY_PAN * (float)right, KEY_PAN * (float)down);
  camera_changed (self);
}

static void
zoom_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UtTwinView *self = UT_TWIN_VIEW (widget);
  gboolean in = g_str_equal (action, "twin.zoom-in");
  ut_camera_zoom (own_camera (self), in ? ZOOM_STEP : 1 / ZOOM_STEP);
  camera_changed (self);
}

static void
cut_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UtCut *cut = UT_TWIN_VIEW (widget)->cut;
  UtCutState state = *ut_cut_get (cut);
  if (g_str_equal (action, "twin.cut"))
    state.on = !state.on;
  else if (g_str_equal (action, "twin.cut-other-side"))
    state.other_side = !state.other_side;
  else /* the next plane, from its usual place */
    state = (UtCutState){
      .on = TRUE,
      .direction = (state.direction + (state.on ? 1 : 0)) % UT_N_CUT_DIRECTIONS,
    };
  ut_cut_set (cut, &state);
}

static void
cut_move_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ut_cut_move (UT_TWIN_VIEW (widget)->cut, g_variant_get_double (parameter));
}

void
ut_twin_view_set_cut (UtTwinView *self, UtCut *cut)
{
  g_return_if_fail (UT_IS_TWIN_VIEW (self));
  if (self->cut != NULL)
    g_signal_handlers_disconnect_by_func (self->cut, gtk_gl_area_queue_render, self);
  g_set_object (&self->cut, cut);
  g_signal_connect_object (
    cut, "changed", G_CALLBACK (gtk_gl_area_queue_render), self, G_CONNECT_SWAPPED);
  gtk_gl_area_queue_render (GTK_GL_AREA (self));
}

/* ---- life ------------------------------------------------------------------------- */

static void
ut_twin_view_finalize (GObject *object)
{
  UtTwinView *self = UT_TWIN_VIEW (object);
  ut_painter_free (self->painter);
  ut_scene_free (self->scene);
  g_clear_object (&self->cut);
  G_OBJECT_CLASS (ut_twin_view_parent_class)->finalize (object);
}

static void
ut_twin_view_class_init (UtTwinViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = UT_TYPE_TWIN_VIEW;

  G_OBJECT_CLASS (klass)->finalize = ut_twin_view_finalize;
  widget_class->realize = ut_twin_view_realize;
  widget_class->unrealize = ut_twin_view_unrealize;
  GTK_GL_AREA_CLASS (klass)->render = ut_twin_view_render;
  GTK_GL_AREA_CLASS (klass)->resize = ut_twin_view_resize;
  gtk_widget_class_set_css_name (widget_class, "glarea");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  gtk_widget_class_install_action (widget_class, "twin.camera", "s", camera_action);
  gtk_widget_class_install_action (widget_class, "twin.echo-camera", NULL, echo_camera_action);
  gtk_widget_class_install_action (widget_class, "twin.fit", NULL, fit_action);
  gtk_widget_class_install_action (widget_class, "twin.orbit", "(ii)", orbit_action);
  gtk_widget_class_install_action (widget_class, "twin.pan", "(ii)", pan_action);
  gtk_widget_class_install_action (widget_class, "twin.zoom-in", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "twin.zoom-out", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "twin.cut", NULL, cut_action);
  gtk_widget_class_install_action (widget_class, "twin.cut-next", NULL, cut_action);
  gtk_widget_class_install_action (widget_class, "twin.cut-other-side", NULL, cut_action);
  gtk_widget_class_install_action (widget_class, "twin.cut-move", "d", cut_move_action);

  signals[FAILED] = g_signal_new (
    "failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[HOVERED] = g_signal_new (
    "hovered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[CAMERA_CHANGED] =
    g_signal_new ("camera-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PICKED] = g_signal_new (
    "picked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
ut_twin_view_init (UtTwinView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->scene = ut_scene_new ();
  self->painter = ut_painter_new (GTK_GL_AREA (self));
  g_autoptr (UtCut) cut = ut_cut_new ();
  ut_twin_view_set_cut (self, cut);
  self->echo_camera = -1;
  ut_camera_init (&self->camera);
  gtk_gl_area_set_use_es (GTK_GL_AREA (self), FALSE);
  gtk_gl_area_set_required_version (GTK_GL_AREA (self), 3, 3);
  gtk_gl_area_set_has_depth_buffer (GTK_GL_AREA (self), TRUE);
  gtk_widget_set_focusable (widget, TRUE);

  GtkGesture *drag = ut_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));

  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);

  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);
  ut_keys_add_controller (widget, UT_KEYS_TWIN);
}
