/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/reference-panel.h"

#include "app/app-id.h"

#include <glib/gi18n.h>

struct _UtReferencePanel {
  AdwPreferencesGroup parent_instance;
  UtDocument *document;
  UtLook *look;
  GtkWidget *file_row, *show_switch;
};

G_DEFINE_FINAL_TYPE (UtReferencePanel, ut_reference_panel, ADW_TYPE_PREFERENCES_GROUP)

static void
switched_cb (UtReferencePanel *self)
{
  UtLookState look = *ut_look_get (self->look);
  look.reference = gtk_switch_get_active (GTK_SWITCH (self->show_switch));
  ut_look_set (self->look, &look);
}

void
ut_reference_panel_update (UtReferencePanel *self)
{
  g_return_if_fail (UT_IS_REFERENCE_PANEL (self));
  const UtLookState look = *ut_look_get (self->look);
  const UtStudyState *state = ut_document_get_state (self->document);
  const UtStudyReference *reference = state != NULL ? state->references[look.phase] : NULL;
  g_autofree char *name = reference != NULL ? g_path_get_basename (reference->source)
                                            : g_strdup (C_ ("reference", "none"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->file_row), name);
  gtk_widget_set_sensitive (self->show_switch, reference != NULL);
  gtk_switch_set_active (GTK_SWITCH (self->show_switch), look.reference);
}

void
ut_reference_panel_set_up (UtReferencePanel *self, UtDocument *document, UtLook *look)
{
  g_return_if_fail (UT_IS_REFERENCE_PANEL (self) && self->look == NULL);
  self->document = g_object_ref (document);
  self->look = g_object_ref (look);
  g_signal_connect_object (
    look, "changed", G_CALLBACK (ut_reference_panel_update), self, G_CONNECT_SWAPPED);
}

static void
ut_reference_panel_dispose (GObject *object)
{
  UtReferencePanel *self = UT_REFERENCE_PANEL (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), UT_TYPE_REFERENCE_PANEL);
  g_clear_object (&self->look);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_reference_panel_parent_class)->dispose (object);
}

static void
ut_reference_panel_class_init (UtReferencePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_reference_panel_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               UT_RESOURCE_PATH "/ui/reference-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, UtReferencePanel, file_row);
  gtk_widget_class_bind_template_child (widget_class, UtReferencePanel, show_switch);
  gtk_widget_class_bind_template_callback (widget_class, switched_cb);
}

static void
ut_reference_panel_init (UtReferencePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
