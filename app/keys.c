/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/keys.h"

#include <glib/gi18n.h>
#include <string.h>

#define GROUP_ROWS                                                                                 \
  12 /* of the shortcuts window: no group is taller than a screen with large text */
#define TITLE_CHARS 32 /* after which a title goes on in a second line */
#define KEYCODE_1   10 /* position of the digit 1 on the keyboard, X11 and Wayland; 0 follows 9 */

static const UtKey keys[] = {
  {UT_KEYS_WINDOW, "win.open", "<Control>o", N_ ("Open a study or files")},
  {UT_KEYS_WINDOW, "win.open-folder", "<Control><Alt>o", N_ ("Open a folder")},
  {UT_KEYS_WINDOW, "win.open-reference", "<Control><Shift>o", N_ ("Open a reference label map")},
  {UT_KEYS_WINDOW, "win.next-case(1)", "<Control>Page_Down", N_ ("Next study in the folder")},
  {UT_KEYS_WINDOW, "win.next-case(-1)", "<Control>Page_Up", N_ ("Study before in the folder")},
  {UT_KEYS_WINDOW, "win.save", "<Control>s", N_ ("Save the study")},
  {UT_KEYS_WINDOW, "win.save-as", "<Control><Shift>s", N_ ("Save the study in another folder")},
  {UT_KEYS_WINDOW, "win.deidentify", "<Control><Alt>s", N_ ("Save a de-identified copy")},
  {UT_KEYS_WINDOW, "win.rename", "<Control>r", N_ ("Rename the study")},
  {UT_KEYS_WINDOW, "win.export", "<Control>e", N_ ("Export meshes, label maps and numbers")},
  {UT_KEYS_WINDOW, "win.report", "<Control>p", N_ ("Report, with its pages as they are printed")},
  {UT_KEYS_WINDOW, "win.cohort", "<Control><Shift>p", N_ ("Cohort sheet of a folder of studies")},
  {UT_KEYS_WINDOW,
   "win.reproduce",
   "<Control><Shift>c",
   N_ ("Copy the command that makes this heart again")},
  {UT_KEYS_WINDOW, "win.undo", "<Control>z", N_ ("Undo")},
  {UT_KEYS_WINDOW, "win.redo", "<Control><Shift>z", N_ ("Redo")},
  {UT_KEYS_WINDOW, "win.reconstruct", "<Control>Return|<Control>KP_Enter", N_ ("Reconstruct")},
  {UT_KEYS_WINDOW, "win.cancel", "Escape", N_ ("Cancel the running work")},
  {UT_KEYS_WINDOW, "win.second-study", "<Control>F7", N_ ("Open a second study beside this one")},
  {UT_KEYS_WINDOW,
   "win.second-study-folder",
   "<Control><Shift>F7",
   N_ ("Open a second study of a folder")},
  {UT_KEYS_WINDOW, "win.close-second-study", "<Control><Shift>w", N_ ("Close the second study")},
  {UT_KEYS_WINDOW, "win.focus-view::a2c", "<Control>1|<Control>KP_1", N_ ("Go to A2C")},
  {UT_KEYS_WINDOW, "win.focus-view::a4c", "<Control>2|<Control>KP_2", N_ ("Go to A4C")},
  {UT_KEYS_WINDOW, "win.focus-view::psax", "<Control>3|<Control>KP_3", N_ ("Go to PSAX")},
  {UT_KEYS_WINDOW, "win.focus-view::twin", "<Control>4|<Control>KP_4", N_ ("Go to the 3D view")},
  {UT_KEYS_WINDOW, "win.step::load", "<Control>5|<Control>KP_5", N_ ("Step Load")},
  {UT_KEYS_WINDOW, "win.step::calibrate", "<Control>6|<Control>KP_6", N_ ("Step Calibrate")},
  {UT_KEYS_WINDOW, "win.step::mark", "<Control>7|<Control>KP_7", N_ ("Step Mark")},
  {UT_KEYS_WINDOW, "win.step::reconstruct", "<Control>8|<Control>KP_8", N_ ("Step Reconstruct")},
  {UT_KEYS_WINDOW, "win.step::inspect", "<Control>9|<Control>KP_9", N_ ("Step Inspect")},
  {UT_KEYS_WINDOW, "win.step::report", "<Control>0|<Control>KP_0", N_ ("Step Report")},
  {UT_KEYS_WINDOW, "win.side-panel", "F9", N_ ("Show or hide the side panel")},
  {UT_KEYS_WINDOW, "win.fullscreen", "F11", N_ ("Full screen")},
  {UT_KEYS_WINDOW, NULL, "F10", N_ ("Main menu")},
  {UT_KEYS_WINDOW,
   "win.shortcuts",
   "<Control>question|<Control><Shift>question",
   N_ ("Keyboard shortcuts")},
  {UT_KEYS_WINDOW, "app.preferences", "<Control>comma", N_ ("Preferences")},
  {UT_KEYS_WINDOW, "win.help", "F1", N_ ("Help")},
  {UT_KEYS_WINDOW, "win.model-card", "<Shift>F1", N_ ("Model card of the network")},
  {UT_KEYS_WINDOW, "win.lessons", "<Control><Shift>F1", N_ ("Lessons")},
  {UT_KEYS_WINDOW,
   "win.presenter",
   "F12",
   N_ ("Presenter mode: larger words, nothing beside the heart")},
  {UT_KEYS_WINDOW, "win.self-test", "<Control>F1", N_ ("Self-test")},
  {UT_KEYS_WINDOW, "window.close", "<Control>w", N_ ("Close the window")},
  {UT_KEYS_WINDOW, "app.quit", "<Control>q", N_ ("Quit")},

  {UT_KEYS_CINE, "slot.open", "o", N_ ("Open a file in this view")},
  {UT_KEYS_CINE, "slot.clear", "<Shift>Delete", N_ ("Empty this view")},
  {UT_KEYS_CINE, "slot.swap::a2c", "<Alt>1|<Alt>KP_1", N_ ("Swap with A2C")},
  {UT_KEYS_CINE, "slot.swap::a4c", "<Alt>2|<Alt>KP_2", N_ ("Swap with A4C")},
  {UT_KEYS_CINE, "slot.swap::psax", "<Alt>3|<Alt>KP_3", N_ ("Swap with PSAX")},
  {UT_KEYS_CINE, "slot.play", "space", N_ ("Play or pause all loops")},
  {UT_KEYS_CINE, "slot.step(-1)", "Left", N_ ("Frame back")},
  {UT_KEYS_CINE, "slot.step(1)", "Right", N_ ("Frame forward")},
  {UT_KEYS_CINE, "slot.step(-10)", "<Shift>Left", N_ ("Ten frames back")},
  {UT_KEYS_CINE, "slot.step(10)", "<Shift>Right", N_ ("Ten frames forward")},
  {UT_KEYS_CINE, "slot.first", "Home", N_ ("First frame")},
  {UT_KEYS_CINE, "slot.last", "End", N_ ("Last frame")},
  {UT_KEYS_CINE, "slot.mark-ed", "d", N_ ("Mark this frame as ED")},
  {UT_KEYS_CINE, "slot.mark-es", "s", N_ ("Mark this frame as ES")},
  {UT_KEYS_CINE, "slot.go-ed", "<Shift>d", N_ ("Go to ED in all views")},
  {UT_KEYS_CINE, "slot.go-es", "<Shift>s", N_ ("Go to ES in all views")},
  {UT_KEYS_CINE, "slot.accept", "y", N_ ("Confirm the proposed ED and ES of all views")},
  {UT_KEYS_CINE, "slot.beat(-1)", "bracketleft", N_ ("Beat before")},
  {UT_KEYS_CINE, "slot.beat(1)", "bracketright", N_ ("Next beat")},
  {UT_KEYS_CINE, "slot.one-beat", "b", N_ ("Repeat the chosen beat, or play all")},
  {UT_KEYS_CINE, "slot.mirror", "m", N_ ("Mirror the view")},
  {UT_KEYS_CINE, "slot.ruler", "k", N_ ("Draw a line of known length")},
  {UT_KEYS_CINE, "slot.reset-calibration", "<Shift>k", N_ ("Back to the calibration of the file")},
  {UT_KEYS_CINE, "slot.caliper", "v", N_ ("Measure a distance or an angle, or end it")},
  {UT_KEYS_CINE, "slot.caliper-delete", "Delete", N_ ("Delete the last measurement")},
  {UT_KEYS_CINE, "slot.leave-ruler", "Escape", N_ ("Draw no line, measure no more")},
  {UT_KEYS_CINE, "slot.trace", "t", N_ ("Trace the left ventricle, or close its contour")},
  {UT_KEYS_CINE, "slot.zoom-in", "plus|equal|KP_Add", N_ ("Zoom in")},
  {UT_KEYS_CINE, "slot.zoom-out", "minus|KP_Subtract", N_ ("Zoom out")},
  {UT_KEYS_CINE, "slot.zoom-fit", "0|KP_0", N_ ("Fit the picture")},

  {UT_KEYS_TRACE, "trace.move((-2,0))", "Left", N_ ("Cross left")},
  {UT_KEYS_TRACE, "trace.move((2,0))", "Right", N_ ("Cross right")},
  {UT_KEYS_TRACE, "trace.move((0,-2))", "Up", N_ ("Cross up")},
  {UT_KEYS_TRACE, "trace.move((0,2))", "Down", N_ ("Cross down")},
  {UT_KEYS_TRACE, "trace.move((-20,0))", "<Shift>Left", N_ ("Cross far left")},
  {UT_KEYS_TRACE, "trace.move((20,0))", "<Shift>Right", N_ ("Cross far right")},
  {UT_KEYS_TRACE, "trace.move((0,-20))", "<Shift>Up", N_ ("Cross far up")},
  {UT_KEYS_TRACE, "trace.move((0,20))", "<Shift>Down", N_ ("Cross far down")},
  {UT_KEYS_TRACE, "trace.set", "Return|KP_Enter", N_ ("Set a point at the cross")},
  {UT_KEYS_TRACE, "trace.back", "BackSpace", N_ ("Take the last point back")},
  {UT_KEYS_TRACE, "trace.delete", "Delete", N_ ("Delete the contour")},
  {UT_KEYS_TRACE, "trace.leave", "Escape", N_ ("Leave tracing, close the contour")},

  {UT_KEYS_POINT, "point.move((-2,0))", "Left", N_ ("Cross left")},
  {UT_KEYS_POINT, "point.move((2,0))", "Right", N_ ("Cross right")},
  {UT_KEYS_POINT, "point.move((0,-2))", "Up", N_ ("Cross up")},
  {UT_KEYS_POINT, "point.move((0,2))", "Down", N_ ("Cross down")},
  {UT_KEYS_POINT, "point.move((-20,0))", "<Shift>Left", N_ ("Cross far left")},
  {UT_KEYS_POINT, "point.move((20,0))", "<Shift>Right", N_ ("Cross far right")},
  {UT_KEYS_POINT, "point.move((0,-20))", "<Shift>Up", N_ ("Cross far up")},
  {UT_KEYS_POINT, "point.move((0,20))", "<Shift>Down", N_ ("Cross far down")},
  {UT_KEYS_POINT, "point.set", "Return|KP_Enter", N_ ("Set a point at the cross")},
  {UT_KEYS_POINT, "point.back", "BackSpace", N_ ("Move the last point: back to the cross with it")},

  {UT_KEYS_BLACKOUT, "blackout.move((-2,0))", "Left", N_ ("Cross left")},
  {UT_KEYS_BLACKOUT, "blackout.move((2,0))", "Right", N_ ("Cross right")},
  {UT_KEYS_BLACKOUT, "blackout.move((0,-2))", "Up", N_ ("Cross up")},
  {UT_KEYS_BLACKOUT, "blackout.move((0,2))", "Down", N_ ("Cross down")},
  {UT_KEYS_BLACKOUT, "blackout.move((-20,0))", "<Shift>Left", N_ ("Cross far left")},
  {UT_KEYS_BLACKOUT, "blackout.move((20,0))", "<Shift>Right", N_ ("Cross far right")},
  {UT_KEYS_BLACKOUT, "blackout.move((0,-20))", "<Shift>Up", N_ ("Cross far up")},
  {UT_KEYS_BLACKOUT, "blackout.move((0,20))", "<Shift>Down", N_ ("Cross far down")},
  {UT_KEYS_BLACKOUT,
   "blackout.set",
   "Return|KP_Enter",
   N_ ("Set a corner of a black area at the cross")},
  {UT_KEYS_BLACKOUT, "blackout.choose", "space", N_ ("Choose the next black area")},
  {UT_KEYS_BLACKOUT, "blackout.delete", "Delete", N_ ("Remove the chosen black area")},
  {UT_KEYS_BLACKOUT, "blackout.undo", "<Control>z|BackSpace", N_ ("Take back the last step")},
  {UT_KEYS_BLACKOUT, "blackout.zoom(1)", "plus|equal|KP_Add", N_ ("Zoom in")},
  {UT_KEYS_BLACKOUT, "blackout.zoom(-1)", "minus|KP_Subtract", N_ ("Zoom out")},
  {UT_KEYS_BLACKOUT, "blackout.fit", "0|KP_0", N_ ("Fit the picture")},

  {UT_KEYS_TWIN, NULL, "1...5", N_ ("Show or hide LV, RV, LA, RA, Myo")},
  {UT_KEYS_TWIN, NULL, "<Shift>1...5", N_ ("Show LV, RV, LA, RA or Myo alone")},
  {UT_KEYS_TWIN,
   NULL,
   "<Alt>1...6",
   N_ ("Template, coarse, refined, autoencoder, corrected, edited stage")},
  {UT_KEYS_TWIN,
   "twin.blink",
   "b",
   N_ ("The other heart in this place: what was shown before, or stands beside it")},
  {UT_KEYS_TWIN, "twin.play", "space", N_ ("Let the heart beat between ED and ES, interpolated")},
  {UT_KEYS_TWIN,
   "twin.side::heart",
   "F2",
   N_ ("Beside the heart: structures, cameras and colours")},
  {UT_KEYS_TWIN, "twin.side::numbers", "F3", N_ ("Beside the heart: numbers")},
  {UT_KEYS_TWIN, "twin.side::trust", "F4", N_ ("Beside the heart: what speaks for and against it")},
  {UT_KEYS_TWIN, "twin.layout(0)", "F5", N_ ("One heart")},
  {UT_KEYS_TWIN, "twin.layout(1)", "F6", N_ ("ED beside ES")},
  {UT_KEYS_TWIN, "twin.layout(2)", "F7", N_ ("Twin beside reference")},
  {UT_KEYS_TWIN, "twin.layout(3)", "F8", N_ ("Four stages side by side")},
  {UT_KEYS_TWIN, "twin.layout(4)", "<Shift>F7", N_ ("Beside the heart of another study")},
  {UT_KEYS_TWIN, "twin.reference", "g", N_ ("Show or hide the reference")},
  {UT_KEYS_TWIN, "twin.distance-map", "n", N_ ("Distance map")},
  {UT_KEYS_TWIN, "twin.motion-map", "m", N_ ("Motion from ED to ES")},
  {UT_KEYS_TWIN, "twin.worst-spot", "w", N_ ("Go to the spot farthest from the reference")},
  {UT_KEYS_TWIN, "twin.accept-all", "Return|KP_Enter", N_ ("Accept all that is unreviewed")},
  {UT_KEYS_TWIN, "twin.grade", "q", N_ ("Quality: good, limited or rejected, and why")},
  {UT_KEYS_TWIN, "twin.brush", "e", N_ ("Edit with the brush on the slices, or end it")},
  {UT_KEYS_TWIN, "twin.uncertainty", "u", N_ ("Uncertainty")},
  {UT_KEYS_TWIN, "twin.camera::A", "a", N_ ("From the front")},
  {UT_KEYS_TWIN, "twin.camera::P", "p", N_ ("From the back")},
  {UT_KEYS_TWIN, "twin.camera::L", "l", N_ ("From the left")},
  {UT_KEYS_TWIN, "twin.camera::R", "r", N_ ("From the right")},
  {UT_KEYS_TWIN, "twin.camera::H", "h", N_ ("From the head")},
  {UT_KEYS_TWIN, "twin.camera::F", "f", N_ ("From the feet")},
  {UT_KEYS_TWIN, "twin.echo-camera", "c", N_ ("Next echo camera: A4C, A2C, PSAX")},
  {UT_KEYS_TWIN, "twin.fit", "0|KP_0", N_ ("Fit the heart")},
  {UT_KEYS_TWIN, "twin.orbit((-1,0))", "Left", N_ ("Turn left")},
  {UT_KEYS_TWIN, "twin.orbit((1,0))", "Right", N_ ("Turn right")},
  {UT_KEYS_TWIN, "twin.orbit((0,1))", "Up", N_ ("Turn up")},
  {UT_KEYS_TWIN, "twin.orbit((0,-1))", "Down", N_ ("Turn down")},
  {UT_KEYS_TWIN, "twin.pan((-1,0))", "<Shift>Left", N_ ("Move left")},
  {UT_KEYS_TWIN, "twin.pan((1,0))", "<Shift>Right", N_ ("Move right")},
  {UT_KEYS_TWIN, "twin.pan((0,-1))", "<Shift>Up", N_ ("Move up")},
  {UT_KEYS_TWIN, "twin.pan((0,1))", "<Shift>Down", N_ ("Move down")},
  {UT_KEYS_TWIN, "twin.zoom-in", "plus|equal|KP_Add", N_ ("Zoom in")},
  {UT_KEYS_TWIN, "twin.zoom-out", "minus|KP_Subtract", N_ ("Zoom out")},
  {UT_KEYS_TWIN, "twin.voxel-true", "t", N_ ("Voxel-true surfaces, or smooth ones")},
  {UT_KEYS_TWIN, "twin.caliper", "v", N_ ("Measure a distance or an angle, or end it")},
  {UT_KEYS_TWIN, "twin.caliper-end", "Escape", N_ ("Measure no more")},
  {UT_KEYS_TWIN, "twin.caliper-delete", "Delete", N_ ("Delete the last measurement")},
  {UT_KEYS_TWIN, "twin.echo-planes", "i", N_ ("Show or hide the echo planes")},
  {UT_KEYS_TWIN, "twin.cut", "x", N_ ("Cut the heart open, or close it")},
  {UT_KEYS_TWIN, "twin.cut-next", "<Shift>x", N_ ("Next plane of the cut")},
  {UT_KEYS_TWIN, "twin.cut-other-side", "<Alt>x", N_ ("Keep the other side of the cut")},
  {UT_KEYS_TWIN, "twin.cut-move(1.0)", "Page_Down", N_ ("Cut deeper")},
  {UT_KEYS_TWIN, "twin.cut-move(-1.0)", "Page_Up", N_ ("Cut less deep")},
  {UT_KEYS_TWIN, "twin.cut-move(5.0)", "<Shift>Page_Down", N_ ("Cut much deeper")},
  {UT_KEYS_TWIN, "twin.cut-move(-5.0)", "<Shift>Page_Up", N_ ("Cut much less deep")},

  {UT_KEYS_SLICE, "slice.move((-1,0))", "Left", N_ ("Crosshair left")},
  {UT_KEYS_SLICE, "slice.move((1,0))", "Right", N_ ("Crosshair right")},
  {UT_KEYS_SLICE, "slice.move((0,-1))", "Up", N_ ("Crosshair up")},
  {UT_KEYS_SLICE, "slice.move((0,1))", "Down", N_ ("Crosshair down")},
  {UT_KEYS_SLICE, "slice.deeper(1)", "Page_Down", N_ ("Deeper slice")},
  {UT_KEYS_SLICE, "slice.deeper(-1)", "Page_Up", N_ ("Less deep slice")},
  {UT_KEYS_SLICE, "slice.deeper(5)", "<Shift>Page_Down", N_ ("Much deeper slice")},
  {UT_KEYS_SLICE, "slice.deeper(-5)", "<Shift>Page_Up", N_ ("Much less deep slice")},

  {UT_KEYS_SLICE, "slice.brush", "e", N_ ("Edit with the brush, or end it")},
  {UT_KEYS_SLICE, "slice.brush-end", "Escape", N_ ("End the brush, or take back its stroke")},
  {UT_KEYS_SLICE, "slice.paint", "Return|KP_Enter|space", N_ ("Paint at the crosshair")},
  {UT_KEYS_SLICE, NULL, "1...5", N_ ("Brush for LV, RV, LA, RA, Myo")},
  {UT_KEYS_SLICE, NULL, "0", N_ ("Eraser")},
  {UT_KEYS_SLICE, "slice.brush-size(-1)", "bracketleft|minus|KP_Subtract", N_ ("Smaller brush")},
  {UT_KEYS_SLICE, "slice.brush-size(1)", "bracketright|plus|equal|KP_Add", N_ ("Larger brush")},

  {UT_KEYS_PLANE, "plane.move((-1,0,0))", "Left", N_ ("Move the plane left")},
  {UT_KEYS_PLANE, "plane.move((1,0,0))", "Right", N_ ("Move the plane right")},
  {UT_KEYS_PLANE, "plane.move((0,-1,0))", "Up", N_ ("Move the plane up")},
  {UT_KEYS_PLANE, "plane.move((0,1,0))", "Down", N_ ("Move the plane down")},
  {UT_KEYS_PLANE, "plane.move((0,0,1))", "Page_Down", N_ ("Move the plane back")},
  {UT_KEYS_PLANE, "plane.move((0,0,-1))", "Page_Up", N_ ("Move the plane forward")},
  {UT_KEYS_PLANE, "plane.turn((0,-1,0))", "<Shift>Left", N_ ("Turn the plane left")},
  {UT_KEYS_PLANE, "plane.turn((0,1,0))", "<Shift>Right", N_ ("Turn the plane right")},
  {UT_KEYS_PLANE, "plane.turn((1,0,0))", "<Shift>Up", N_ ("Tilt the plane up")},
  {UT_KEYS_PLANE, "plane.turn((-1,0,0))", "<Shift>Down", N_ ("Tilt the plane down")},
  {UT_KEYS_PLANE, "plane.turn((0,0,1))", "<Shift>Page_Down", N_ ("Turn the picture clockwise")},
  {UT_KEYS_PLANE, "plane.turn((0,0,-1))", "<Shift>Page_Up", N_ ("Turn the picture back")},
  {UT_KEYS_PLANE, "plane.reset", "r", N_ ("Back to the estimated plane")},

  {UT_KEYS_REPORT, "report.copy", "<Control>c", N_ ("Copy the report as text")},
  {UT_KEYS_REPORT, "preview.save", "<Control>s", N_ ("Save the pages as a PDF file")},

  {UT_KEYS_LESSON, "win.lesson-next", "<Alt>Right", N_ ("Next step")},
  {UT_KEYS_LESSON, "win.lesson-back", "<Alt>Left", N_ ("Step before")},
  {UT_KEYS_LESSON, "win.lesson-leave", "Escape", N_ ("Leave the lesson")},
};

const UtKey *
ut_keys_table (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (keys);
  return keys;
}

void
ut_keys_install_accels (GtkApplication *app)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    if (keys[i].context != UT_KEYS_WINDOW || keys[i].action == NULL)
      continue;
    g_auto (GStrv) accels = g_strsplit (keys[i].trigger, "|", -1);
    gtk_application_set_accels_for_action (app, keys[i].action, (const char *const *)accels);
  }
}

int
ut_keys_digit (guint keyval, guint keycode)
{
  if (keyval >= GDK_KEY_KP_0 && keyval <= GDK_KEY_KP_9)
    return (int)(keyval - GDK_KEY_KP_0);
  return keycode >= KEYCODE_1 && keycode < KEYCODE_1 + 10 ? (int)(keycode - KEYCODE_1 + 1) % 10
                                                          : -1;
}

static gboolean
has_trigger (const UtKey *key, guint keyval, GdkModifierType modifiers)
{
  g_auto (GStrv) triggers = g_strsplit (key->trigger, "|", -1);
  for (char **t = triggers; *t != NULL; t++) {
    guint own = 0;
    GdkModifierType with = 0;
    if (gtk_accelerator_parse (*t, &own, &with) && own == keyval && with == modifiers)
      return TRUE;
  }
  return FALSE;
}

static void
activate (GtkWidget *widget, const UtKey *key)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;
  if (g_action_parse_detailed_name (key->action, &name, &target, NULL))
    gtk_widget_activate_action_variant (widget, name, target);
}

/* A digit's key where the layout has another sign on it; GTK finds the others by what they say. */
static gboolean
position_cb (GtkEventControllerKey *controller,
             guint keyval,
             guint keycode,
             GdkModifierType state,
             gpointer data)
{
  int digit = ut_keys_digit (keyval, keycode);
  gboolean says_digit = keyval <= G_MAXUINT8 && g_ascii_isdigit ((char)keyval);
  if (digit < 0 || says_digit || (keyval >= GDK_KEY_KP_0 && keyval <= GDK_KEY_KP_9))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].context == (UtKeysContext)GPOINTER_TO_UINT (data) && keys[i].action != NULL &&
        has_trigger (
          &keys[i], GDK_KEY_0 + (guint)digit, state & gtk_accelerator_get_default_mod_mask ())) {
      activate (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)), &keys[i]);
      return TRUE;
    }
  return FALSE;
}

void
ut_keys_add_positions (GtkWidget *widget, UtKeysContext context)
{
  GtkEventController *controller = gtk_event_controller_key_new ();
  g_signal_connect (
    controller, "key-pressed", G_CALLBACK (position_cb), GUINT_TO_POINTER (context));
  gtk_widget_add_controller (widget, controller);
}

/* Controllers of the letters, so that they can be switched off: alive as long as their widgets. */
static GPtrArray *letter_controllers;
static gboolean letters_on = TRUE;

static void
forget_controller (gpointer data, GObject *controller)
{
  g_ptr_array_remove_fast (letter_controllers, controller);
}

void
ut_keys_set_letters (gboolean on)
{
  letters_on = on;
  for (guint i = 0; letter_controllers != NULL && i < letter_controllers->len; i++)
    gtk_event_controller_set_propagation_phase (g_ptr_array_index (letter_controllers, i),
                                                on ? GTK_PHASE_BUBBLE : GTK_PHASE_NONE);
}

static GtkEventController *
letter_controller_new (void)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  if (letter_controllers == NULL)
    letter_controllers = g_ptr_array_new ();
  g_ptr_array_add (letter_controllers, controller);
  g_object_weak_ref (G_OBJECT (controller), forget_controller, NULL);
  gtk_event_controller_set_propagation_phase (controller,
                                              letters_on ? GTK_PHASE_BUBBLE : GTK_PHASE_NONE);
  return controller;
}

/* "d" and "<Shift>d", not "<Alt>x" or "Left". */
static gboolean
is_letter (const char *trigger)
{
  const char *key = g_str_has_prefix (trigger, "<Shift>") ? trigger + strlen ("<Shift>") : trigger;
  return g_ascii_isalpha (key[0]) && key[1] == 0;
}

void
ut_keys_add_controller (GtkWidget *viewport, UtKeysContext context)
{
  GtkEventController *others = gtk_shortcut_controller_new (), *letters = letter_controller_new ();
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    if (keys[i].context != context || keys[i].action == NULL)
      continue;

    g_autofree char *name = NULL;
    g_autoptr (GVariant) target = NULL;
    g_autoptr (GError) error = NULL;
    if (!g_action_parse_detailed_name (keys[i].action, &name, &target, &error))
      g_error ("%s", error->message);

    GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].trigger),
                                              gtk_named_action_new (name));
    gtk_shortcut_set_arguments (shortcut, target);
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (is_letter (keys[i].trigger) ? letters : others), shortcut);
  }
  gtk_widget_add_controller (viewport, others);
  gtk_widget_add_controller (viewport, letters);
  ut_keys_add_positions (viewport, context);
}

/* "a|b" is two keys for one action; the shortcuts window wants them apart by a space. That the
 * keypad's do the same goes without saying. */
static void
append_shortcut (GString *xml, const UtKey *key)
{
  g_auto (GStrv) triggers = g_strsplit (key->trigger, "|", -1);
  g_autoptr (GString) shown = g_string_new (triggers[0]);
  for (guint i = 1; triggers[0] != NULL && triggers[i] != NULL; i++)
    if (strstr (triggers[i], "KP_") == NULL)
      g_string_append_printf (shown, " %s", triggers[i]);
  g_autofree char *line = g_markup_printf_escaped (
    "<child><object class='GtkShortcutsShortcut'>"
    "<property name='accelerator'>%s</property><property name='title'>%s</property>"
    "</object></child>",
    shown->str,
    gettext (key->title));
  g_string_append (xml, line);
}

/* GTK keeps each title on one line, and all pages as wide as the widest. */
static void
wrap_labels (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget)) {
    gtk_label_set_wrap (GTK_LABEL (widget), TRUE);
    gtk_label_set_max_width_chars (GTK_LABEL (widget), TITLE_CHARS);
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    wrap_labels (child);
}

GtkWidget *
ut_keys_window_new (void)
{
  static const char *const titles[UT_N_KEYS_CONTEXTS] = {N_ ("Window"),
                                                         N_ ("Echo views (with focus)"),
                                                         N_ ("Tracing (with focus)"),
                                                         N_ ("Measuring (with focus)"),
                                                         N_ ("Blacking out (with focus)"),
                                                         N_ ("3D view (with focus)"),
                                                         N_ ("Slices (with focus)"),
                                                         N_ ("Echo planes (with focus)"),
                                                         N_ ("Report (with focus)"),
                                                         N_ ("Lesson")};
  g_autoptr (GString) xml = g_string_new (
    "<interface><object class='GtkShortcutsWindow' id='window'>"
    "<property name='modal'>1</property><child><object class='GtkShortcutsSection'>"
    "<property name='section-name'>all</property><property name='max-height'>" G_STRINGIFY (
      GROUP_ROWS) "</property>");

  for (UtKeysContext context = 0; context < UT_N_KEYS_CONTEXTS; context++) {
    g_autofree char *head = g_markup_printf_escaped (
      "<child><object class='GtkShortcutsGroup'><property name='title'>%s</property>",
      gettext (titles[context]));
    guint n = 0;
    g_string_append (xml, head);
    for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
      if (keys[i].context != context || keys[i].title == NULL)
        continue;
      if (n > 0 && n % GROUP_ROWS == 0)
        g_string_append_printf (xml, "</object></child>%s", head);
      append_shortcut (xml, &keys[i]);
      n++;
    }
    g_string_append (xml, "</object></child>");
  }
  g_string_append (xml, "</object></child></object></interface>");

  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_string (xml->str, (gssize)xml->len);
  GtkWidget *window = GTK_WIDGET (gtk_builder_get_object (builder, "window"));
  wrap_labels (window);
  return g_object_ref_sink (window);
}
