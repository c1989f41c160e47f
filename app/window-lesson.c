/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/choose-path.h"
#include "app/keys.h"
#include "app/lesson/lesson-card.h"
#include "app/lesson/lesson-study.h"
#include "app/lesson/lesson-text.h"
#include "app/lesson/lessons-window.h"
#include "app/widgets.h"
#include "app/window-private.h"

#include <glib/gi18n.h>

static UtInspectPage *
inspect (UtWindow *self)
{
  return UT_INSPECT_PAGE (self->inspect_page);
}

static const UtLessonStep *
step_now (UtWindow *self)
{
  return g_ptr_array_index (self->lesson.lesson->steps, self->lesson.at);
}

/* ---- what a step sets and waits for -------------------------------------------------------- */

/* Value of a key that can be waited for, as it is now. */
static int
value_now (UtWindow *self, UtLessonKey key)
{
  const UtLookState *look = ut_look_get (ut_inspect_page_get_look (inspect (self)));
  const char *side = gtk_stack_get_visible_child_name (ut_inspect_page_get_side (inspect (self)));
  const char *word = key == UT_LESSON_STEP ? self->step : side;
  switch (key) {
  case UT_LESSON_LAYOUT:
    return (int)look->layout;
  case UT_LESSON_PHASE:
    return (int)look->phase;
  case UT_LESSON_STAGE:
    return look->stage >= 0 ? look->stage : UT_TWIN_EDITED;
  case UT_LESSON_MAP:
    return (int)look->map;
  case UT_LESSON_REFERENCE:
    return look->reference;
  case UT_LESSON_ECHO:
    return look->echo;
  case UT_LESSON_BEAT:
    return ut_beat_get_playing (ut_inspect_page_get_beat (inspect (self)));
  case UT_LESSON_STEP:
  case UT_LESSON_SIDE:
    for (int i = 0; ut_lesson_word (key, i) != NULL; i++)
      if (g_strcmp0 (ut_lesson_word (key, i), word) == 0)
        return i;
    return UT_LESSON_UNSAID;
  case UT_LESSON_CAMERA:
  case UT_N_LESSON_KEYS:
  default:
    return UT_LESSON_UNSAID;
  }
}

/* The last stage is chosen by its own name, or as the last one. */
static gboolean
holds (UtWindow *self, const UtLessonStep *step)
{
  for (UtLessonKey key = 0; key < UT_N_LESSON_KEYS; key++) {
    int now = value_now (self, key), wanted = step->wait[key];
    gboolean last = key == UT_LESSON_STAGE && now == UT_TWIN_EDITED;
    if (wanted != UT_LESSON_UNSAID && wanted != now && !(last && wanted == UT_TWIN_CORRECTED))
      return FALSE;
  }
  return step->waits;
}

static void
set_look (UtWindow *self, const int *set)
{
  UtLook *choices = ut_inspect_page_get_look (inspect (self));
  UtLookState look = *ut_look_get (choices);
  if (set[UT_LESSON_LAYOUT] != UT_LESSON_UNSAID)
    look.layout = (UtLayout)set[UT_LESSON_LAYOUT];
  if (set[UT_LESSON_PHASE] != UT_LESSON_UNSAID)
    look.phase = (UtPhase)set[UT_LESSON_PHASE];
  if (set[UT_LESSON_STAGE] != UT_LESSON_UNSAID)
    look.stage = set[UT_LESSON_STAGE] == UT_TWIN_EDITED ? -1 : set[UT_LESSON_STAGE];
  if (set[UT_LESSON_MAP] != UT_LESSON_UNSAID)
    look.map = (UtSurfaceMap)set[UT_LESSON_MAP];
  if (set[UT_LESSON_REFERENCE] != UT_LESSON_UNSAID)
    look.reference = set[UT_LESSON_REFERENCE] &&
                     ut_document_get_state (self->document)->references[look.phase] != NULL;
  if (set[UT_LESSON_ECHO] != UT_LESSON_UNSAID)
    look.echo = set[UT_LESSON_ECHO];
  ut_look_set (choices, &look);
}

static void
set_all (UtWindow *self, const int *set)
{
  if (set[UT_LESSON_STEP] != UT_LESSON_UNSAID)
    ut_window_set_step (self, ut_lesson_word (UT_LESSON_STEP, set[UT_LESSON_STEP]));
  if (set[UT_LESSON_SIDE] != UT_LESSON_UNSAID)
    gtk_stack_set_visible_child_name (ut_inspect_page_get_side (inspect (self)),
                                      ut_lesson_word (UT_LESSON_SIDE, set[UT_LESSON_SIDE]));
  set_look (self, set);
  if (set[UT_LESSON_CAMERA] != UT_LESSON_UNSAID)
    gtk_widget_activate_action (self->inspect_page,
                                "page.camera",
                                "s",
                                ut_lesson_word (UT_LESSON_CAMERA, set[UT_LESSON_CAMERA]));
  if (set[UT_LESSON_BEAT] != UT_LESSON_UNSAID)
    ut_beat_set_playing (ut_inspect_page_get_beat (inspect (self)),
                         set[UT_LESSON_BEAT] && ut_widget_may_move (self->inspect_page));
}

/* ---- the card ------------------------------------------------------------------------------- */

static void
show_card (UtWindow *self)
{
  const UtLesson *lesson = self->lesson.lesson;
  const UtLessonStep *step = step_now (self);
  g_autofree char *text =
    ut_lesson_text_fill (ut_lesson_text (step->text), ut_results_get_measurements (self->results));
  ut_lesson_point_at (&self->lesson.pointed, self->root_box, step->control);
  ut_lesson_card_show (UT_LESSON_CARD (self->lesson_card),
                       ut_lesson_text (lesson->title),
                       self->lesson.at + 1,
                       lesson->steps->len,
                       text,
                       self->lesson.pointed.control != NULL ? ut_lesson_control (step->control)
                                                            : NULL,
                       step->waits && !self->lesson.held);
}

static void
go_to (UtWindow *self, guint at)
{
  g_clear_handle_id (&self->lesson.advance_id, g_source_remove);
  self->lesson.at = at;
  self->lesson.held = TRUE; /* what the step sets by itself is not what it waits for */
  set_all (self, step_now (self)->set);
  self->lesson.held = holds (self, step_now (self));
  show_card (self);
  ut_lesson_point_scroll (&self->lesson.pointed);
  ut_window_update_actions (self);
}

static gboolean
advance_cb (gpointer user_data)
{
  UtWindow *self = user_data;
  self->lesson.advance_id = 0;
  if (self->lesson.at + 1 < self->lesson.lesson->steps->len)
    go_to (self, self->lesson.at + 1);
  return G_SOURCE_REMOVE;
}

static void
check_wait (UtWindow *self)
{
  if (self->lesson.lesson != NULL && !self->lesson.held && self->lesson.advance_id == 0 &&
      holds (self, step_now (self)))
    self->lesson.advance_id = g_idle_add (advance_cb, self);
}

void
ut_window_update_lesson (UtWindow *self)
{
  if (self->lesson.lesson != NULL)
    show_card (self);
  check_wait (self);
}

/* ---- begin and end --------------------------------------------------------------------------- */

void
ut_window_leave_lesson (UtWindow *self)
{
  UtWindowLesson *lesson = &self->lesson;
  if (lesson->lesson == NULL)
    return;
  g_clear_handle_id (&lesson->advance_id, g_source_remove);
  ut_lesson_point_at (&lesson->pointed, self->root_box, NULL);
  g_clear_pointer (&lesson->lesson, ut_lesson_unref);
  gtk_widget_set_visible (self->lesson_card, FALSE);
  ut_beat_set_playing (ut_inspect_page_get_beat (inspect (self)), FALSE);
  g_autofree char *side = g_steal_pointer (&lesson->side);
  if (lesson->study != NULL) /* it knows step, frames and camera: window-place.c */
    ut_document_set_study (self->document, g_steal_pointer (&lesson->study));
  else
    ut_study_free (ut_document_take_study (self->document));
  ut_look_set (ut_inspect_page_get_look (inspect (self)), &lesson->look);
  gtk_stack_set_visible_child_name (ut_inspect_page_get_side (inspect (self)), side);
  ut_window_update (self);
}

/* A lesson begins with all structures in their own colours, whatever was chosen before. */
static void
begin (UtWindow *self, UtLesson *lesson, UtStudy *study)
{
  UtLook *look = ut_inspect_page_get_look (inspect (self));
  g_autoptr (UtLook) usual = ut_look_new ();
  GtkStack *side = ut_inspect_page_get_side (inspect (self));
  ut_window_leave_lesson (self);
  ut_document_save (self->document, NULL, NULL); /* and has it remember its place */
  self->lesson.look = *ut_look_get (look);
  self->lesson.side = g_strdup (gtk_stack_get_visible_child_name (side));
  self->lesson.study = ut_document_take_study (self->document);
  ut_look_set (look, ut_look_get (usual));
  ut_document_set_study (self->document, study);
  self->lesson.lesson = ut_lesson_ref (lesson);
  gtk_widget_set_visible (self->lesson_card, TRUE);
  go_to (self, 0);
  ut_lesson_card_grab_focus (UT_LESSON_CARD (self->lesson_card));
}

typedef struct {
  UtWindow *window;
  UtLesson *lesson;
  char *device;
} Start;

static void
start_free (gpointer data)
{
  Start *start = data;
  g_object_unref (start->window);
  ut_lesson_unref (start->lesson);
  g_free (start->device);
  g_free (start);
}

static gpointer
open_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  const Start *start = input;
  g_autofree char *sample =
    g_build_filename (g_get_user_data_dir (), "ultratwin", "lesson-sample", NULL);
  return ut_lesson_study_open (start->lesson, sample, start->device, progress, cancel, error);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Start *start = user_data;
  g_autoptr (UtWindow) self = g_object_ref (start->window);
  g_autoptr (UtLesson) lesson = ut_lesson_ref (start->lesson);
  UtStudy *study = ut_job_run_finish (self->work_job, result, &error);
  if (study != NULL)
    begin (self, lesson, study);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ut_window_error (self, _ ("The lesson could not be opened"), error->message);
}

static void
start_lesson (UtWindow *self, UtLesson *lesson, const GError *error)
{
  if (lesson == NULL) {
    ut_window_error (self, _ ("The lesson could not be opened"), error->message);
    return;
  }
  Start *start = g_new0 (Start, 1);
  *start = (Start){g_object_ref (self), ut_lesson_ref (lesson), g_strdup (self->settings->device)};
  ut_job_run_async (self->work_job,
                    open_in_thread,
                    start,
                    start_free,
                    (GDestroyNotify)ut_study_free,
                    opened_cb,
                    start);
}

/* ---- actions -----------------------------------------------------------------------------------
 */

static void
lessons_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (ut_lessons_window_new (user_data)));
}

static void
lesson_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *name = g_variant_get_string (parameter, NULL);
  g_autofree char *path = g_build_path ("/", UT_LESSONS_RESOURCE, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  g_autoptr (UtLesson) lesson =
    bytes != NULL ? ut_lesson_parse (
                      g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), name, "/", &error)
                  : NULL;
  start_lesson (user_data, lesson, error);
}

static void
file_chosen_cb (gpointer user_data, const char *const *paths, GtkFileChooser *chooser)
{
  UtWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  if (ut_job_get_busy (self->work_job))
    return;
  g_autoptr (UtLesson) lesson = ut_lesson_read (paths[0], &error);
  start_lesson (self, lesson, error);
}

static void
open_lesson_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_choose_path (user_data,
                  _ ("Open a Lesson File"),
                  GTK_FILE_CHOOSER_ACTION_OPEN,
                  _ ("_Open"),
                  file_chosen_cb,
                  user_data);
}

static void
next_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtWindow *self = user_data;
  if (self->lesson.at + 1 < self->lesson.lesson->steps->len)
    go_to (self, self->lesson.at + 1);
  else
    ut_window_leave_lesson (self);
}

static void
back_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtWindow *self = user_data;
  go_to (self, self->lesson.at - 1);
}

static void
leave_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_leave_lesson (user_data);
}

/* Words that the last row can read, and nothing but the heart and what is said about it. */
static void
presenter_state (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  UtWindow *self = user_data;
  gboolean on = g_variant_get_boolean (state);
  AdwFlap *flap = ADW_FLAP (self->flap);
  if (on) {
    self->presenter_steps = adw_flap_get_reveal_flap (flap);
    adw_flap_set_reveal_flap (flap, FALSE);
    gtk_widget_add_css_class (GTK_WIDGET (self), "presenter");
  } else {
    adw_flap_set_reveal_flap (flap, self->presenter_steps);
    gtk_widget_remove_css_class (GTK_WIDGET (self), "presenter");
  }
  ut_inspect_page_show_side (inspect (self), !on);
  g_simple_action_set_state (action, state);
  ut_window_update_lesson (self);
}

void
ut_window_add_lesson_actions (UtWindow *self)
{
  static const GActionEntry actions[] = {
    {"lessons", lessons_action},
    {"lesson", lesson_action, "s"},
    {"open-lesson", open_lesson_action},
    {"lesson-next", next_action},
    {"lesson-back", back_action},
    {"lesson-leave", leave_action},
    {"presenter", NULL, NULL, "false", presenter_state},
  };
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  ut_keys_add_controller (GTK_WIDGET (self), UT_KEYS_LESSON);
  g_signal_connect_object (ut_inspect_page_get_look (inspect (self)),
                           "changed",
                           G_CALLBACK (ut_window_update_lesson),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ut_inspect_page_get_beat (inspect (self)),
                           "changed",
                           G_CALLBACK (check_wait),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ut_inspect_page_get_side (inspect (self)),
                           "notify::visible-child",
                           G_CALLBACK (ut_window_update_lesson),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (
    self->results, "changed", G_CALLBACK (ut_window_update_lesson), self, G_CONNECT_SWAPPED);
}
