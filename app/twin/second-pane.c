/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/second-pane.h"

#include "app/app-id.h"

#include <adwaita.h>

struct _UtSecondPane {
  GtkWidget parent_instance;
  UtSecondStudy *second;
  GtkWidget *stack, *empty_page, *folder_button, *file_button, *bin;
};

G_DEFINE_FINAL_TYPE (UtSecondPane, ut_second_pane, GTK_TYPE_WIDGET)

static void
update (UtSecondPane *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    ut_second_study_get_busy (self->second) ? "busy"
                                    : ut_second_study_get_document (self->second) != NULL
                                      ? "heart"
                                      : "empty");
}

void
ut_second_pane_set_heart (UtSecondPane *self, GtkWidget *heart)
{
  g_return_if_fail (UT_IS_SECOND_PANE (self));
  adw_bin_set_child (ADW_BIN (self->bin), heart);
}

void
ut_second_pane_set_room (UtSecondPane *self, int top, int bottom)
{
  g_return_if_fail (UT_IS_SECOND_PANE (self));
  gtk_widget_set_margin_top (self->empty_page, top);
  gtk_widget_set_margin_bottom (self->empty_page, bottom);
}

static gboolean
drop_cb (UtSecondPane *self, const GValue *value)
{
  GSList *files = g_value_get_boxed (value);
  const char *path = files != NULL ? g_file_peek_path (files->data) : NULL;
  if (path != NULL)
    ut_second_study_open (self->second, path);
  return path != NULL;
}

static void
ut_second_pane_dispose (GObject *object)
{
  UtSecondPane *self = UT_SECOND_PANE (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), UT_TYPE_SECOND_PANE);
  g_clear_object (&self->second);
  G_OBJECT_CLASS (ut_second_pane_parent_class)->dispose (object);
}

static void
ut_second_pane_class_init (UtSecondPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ut_second_pane_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/second-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, UtSecondPane, stack);
  gtk_widget_class_bind_template_child (widget_class, UtSecondPane, empty_page);
  gtk_widget_class_bind_template_child (widget_class, UtSecondPane, folder_button);
  gtk_widget_class_bind_template_child (widget_class, UtSecondPane, file_button);
  gtk_widget_class_bind_template_child (widget_class, UtSecondPane, bin);
  /* verdicts are on the open study: their keys do nothing while this one has the focus */
  gtk_widget_class_install_action (widget_class, "twin.accept-all", NULL, NULL);
  gtk_widget_class_install_action (widget_class, "twin.grade", NULL, NULL);
}

/* Large text must not widen the window. */
static void
let_shrink (GtkWidget *button)
{
  GtkWidget *label = gtk_button_get_child (GTK_BUTTON (button));
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
}

static void
ut_second_pane_init (UtSecondPane *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  gtk_widget_init_template (GTK_WIDGET (self));
  let_shrink (self->folder_button);
  let_shrink (self->file_button);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "twin.accept-all", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "twin.grade", FALSE);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

GtkWidget *
ut_second_pane_new (UtSecondStudy *second)
{
  UtSecondPane *self = g_object_new (UT_TYPE_SECOND_PANE, NULL);
  self->second = g_object_ref (second);
  g_signal_connect_object (second, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
