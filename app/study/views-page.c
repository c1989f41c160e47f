/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/study/views-page.h"

#include "app/app-id.h"
#include "app/widgets.h"

#include <glib/gi18n.h>

struct _UtViewsPage {
  GtkWidget parent_instance;

  UtPlayer *player;
  UtProposals *proposals;
  UtCalipers *calipers;
  gboolean marking; /* the step is Mark */
  GtkWidget *heading, *hint, *confirm_button;
  GtkWidget *a2c, *a4c, *psax; /* in the order of their keys */
};

enum { OPEN, MESSAGE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtViewsPage, ut_views_page, GTK_TYPE_WIDGET)

static const struct {
  const char *step, *heading, *hint;
} texts[] = {
  {"load",
   NC_ ("step", "Load"),
   N_ ("One loop per view. Drop files or folders on a view, or open them; one view is enough to "
       "begin with.")},
  {"calibrate",
   NC_ ("step", "Calibrate"),
   N_ ("The size of a pixel decides the size of the heart. Where the file does not say it, draw a "
       "line along the depth scale and give its length.")},
  {"mark",
   NC_ ("step", "Mark"),
   N_ ("ED: first frame after mitral closure, or the largest cavity. ES: first frame after aortic "
       "closure, or the smallest cavity.")},
};

/* After the hint of Mark. */
static const char *
marking_keys (gboolean proposed)
{
  return proposed
           ? _ ("Hollow marks are proposals: check them, then press Y. D and S mark the frame "
                "that is shown.")
           : _ ("D and S mark the frame that is shown; Shift+D and Shift+S go to the marks. "
                "Ctrl+Return reconstructs.");
}

static void
go_to_phase_cb (UtViewsPage *self, int phase)
{
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    ut_view_slot_go_to_phase (ut_views_page_get_slot (self, view), (UtPhase)phase);
}

static void
open_cb (UtViewsPage *self, UtViewSlot *slot)
{
  g_signal_emit (self, signals[OPEN], 0, (int)ut_view_slot_get_view (slot));
}

static void
message_cb (UtViewsPage *self, const char *message)
{
  g_signal_emit (self, signals[MESSAGE], 0, message);
}

static void
confirm_cb (UtViewsPage *self)
{
  ut_proposals_confirm (self->proposals);
}

static void
proposals_changed_cb (UtViewsPage *self)
{
  gboolean any = self->proposals != NULL && ut_proposals_any (self->proposals);
  gtk_widget_set_visible (self->confirm_button, self->marking && any);
  if (!self->marking)
    return;
  g_autofree char *text =
    g_strdup_printf ("%s %s", gettext (texts[G_N_ELEMENTS (texts) - 1].hint), marking_keys (any));
  gtk_label_set_text (GTK_LABEL (self->hint), text);
}

void
ut_views_page_set_document (UtViewsPage *self, UtDocument *document)
{
  g_return_if_fail (UT_IS_VIEWS_PAGE (self) && self->proposals == NULL);
  self->proposals = ut_proposals_new (document);
  self->calipers = ut_calipers_new ();
  g_signal_connect_object (
    self->proposals, "changed", G_CALLBACK (proposals_changed_cb), self, G_CONNECT_SWAPPED);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    UtViewSlot *slot = ut_views_page_get_slot (self, view);
    ut_view_slot_set_up (slot, view, document, self->player, self->proposals, self->calipers);
    g_signal_connect_swapped (slot, "go-to-phase", G_CALLBACK (go_to_phase_cb), self);
    g_signal_connect_swapped (slot, "open", G_CALLBACK (open_cb), self);
    g_signal_connect_swapped (slot, "message", G_CALLBACK (message_cb), self);
  }
}

void
ut_views_page_set_step (UtViewsPage *self, const char *step)
{
  g_return_if_fail (UT_IS_VIEWS_PAGE (self));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    if (!g_str_equal (texts[i].step, step))
      continue;
    gtk_label_set_text (GTK_LABEL (self->heading), g_dpgettext2 (NULL, "step", texts[i].heading));
    gtk_label_set_text (GTK_LABEL (self->hint), gettext (texts[i].hint));
    for (UtView view = 0; view < UT_N_VIEWS; view++)
      ut_view_slot_set_step (ut_views_page_get_slot (self, view), step);
  }
  self->marking = g_str_equal (step, "mark");
  proposals_changed_cb (self);
}

UtCalipers *
ut_views_page_get_calipers (UtViewsPage *self)
{
  g_return_val_if_fail (UT_IS_VIEWS_PAGE (self), NULL);
  return self->calipers;
}

UtViewSlot *
ut_views_page_get_slot (UtViewsPage *self, UtView view)
{
  g_return_val_if_fail (UT_IS_VIEWS_PAGE (self) && view < UT_N_VIEWS, NULL);
  GtkWidget *const slots[UT_N_VIEWS] = {
    [UT_VIEW_A4C] = self->a4c, [UT_VIEW_A2C] = self->a2c, [UT_VIEW_PSAX] = self->psax};
  return UT_VIEW_SLOT (slots[view]);
}

void
ut_views_page_begin (UtViewsPage *self)
{
  g_return_if_fail (UT_IS_VIEWS_PAGE (self));
  if (ut_widget_may_move (GTK_WIDGET (self)))
    ut_player_set_playing (self->player, TRUE);
}

void
ut_views_page_set_playing (UtViewsPage *self, gboolean playing)
{
  g_return_if_fail (UT_IS_VIEWS_PAGE (self));
  ut_player_set_playing (self->player, playing);
}

int
ut_views_page_view_at (UtViewsPage *self, GtkWidget *widget, double x, double y)
{
  g_return_val_if_fail (UT_IS_VIEWS_PAGE (self), -1);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    GtkWidget *slot = GTK_WIDGET (ut_views_page_get_slot (self, view));
    double slot_x, slot_y;
    if (gtk_widget_get_mapped (slot) &&
        gtk_widget_translate_coordinates (widget, slot, x, y, &slot_x, &slot_y) &&
        gtk_widget_contains (slot, slot_x, slot_y))
      return (int)view;
  }
  return -1;
}

void
ut_views_page_highlight (UtViewsPage *self, int highlighted)
{
  g_return_if_fail (UT_IS_VIEWS_PAGE (self));
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    ut_view_slot_set_drop_target (ut_views_page_get_slot (self, view), (int)view == highlighted);
}

static void
ut_views_page_dispose (GObject *object)
{
  UtViewsPage *self = UT_VIEWS_PAGE (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), UT_TYPE_VIEWS_PAGE);
  g_clear_object (&self->player);
  g_clear_object (&self->proposals);
  g_clear_object (&self->calipers);
  G_OBJECT_CLASS (ut_views_page_parent_class)->dispose (object);
}

static void
ut_views_page_class_init (UtViewsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = UT_TYPE_VIEWS_PAGE;

  G_OBJECT_CLASS (klass)->dispose = ut_views_page_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  g_type_ensure (UT_TYPE_VIEW_SLOT);
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/views-page.ui");
  gtk_widget_class_bind_template_child (widget_class, UtViewsPage, heading);
  gtk_widget_class_bind_template_child (widget_class, UtViewsPage, hint);
  gtk_widget_class_bind_template_child (widget_class, UtViewsPage, confirm_button);
  gtk_widget_class_bind_template_callback (widget_class, confirm_cb);
  gtk_widget_class_bind_template_child (widget_class, UtViewsPage, a2c);
  gtk_widget_class_bind_template_child (widget_class, UtViewsPage, a4c);
  gtk_widget_class_bind_template_child (widget_class, UtViewsPage, psax);

  signals[OPEN] =
    g_signal_new ("open", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[MESSAGE] = g_signal_new (
    "message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
ut_views_page_init (UtViewsPage *self)
{
  self->player = ut_player_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
