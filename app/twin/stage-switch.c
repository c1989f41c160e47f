/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/stage-switch.h"

#include "app/sentence.h"
#include "app/wrap-layout.h"

#include <glib/gi18n.h>

struct _UtStageSwitch {
  GtkWidget parent_instance;
  UtLook *look;
  GtkWidget *buttons[UT_N_TWIN_STAGES];
};

G_DEFINE_FINAL_TYPE (UtStageSwitch, ut_stage_switch, GTK_TYPE_WIDGET)

static void
toggled_cb (UtStageSwitch *self, GtkToggleButton *button)
{
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    if (self->buttons[stage] != GTK_WIDGET (button) || !gtk_toggle_button_get_active (button))
      continue;
    UtLookState look = *ut_look_get (self->look);
    look.stage = (int)stage;
    ut_look_set (self->look, &look);
  }
}

void
ut_stage_switch_set_twin (UtStageSwitch *self, const UtTwin *twin, int shown)
{
  g_return_if_fail (UT_IS_STAGE_SWITCH (self));
  gtk_widget_set_visible (GTK_WIDGET (self), twin != NULL);
  if (twin == NULL)
    return;
  if (shown < 0 || !ut_twin_has_stage (twin, (UtTwinStage)shown))
    shown = (int)ut_twin_final_stage (twin);
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    GtkWidget *button = self->buttons[stage];
    gboolean there = ut_twin_has_stage (twin, stage);
    g_autofree char *text =
      there ? g_strdup_printf (
                _ ("Show the %s stage (Alt+%u)"), ut_sentence_twin_stage (stage), stage + 1)
            : g_strdup_printf (_ ("This network has no %s stage"), ut_sentence_twin_stage (stage));
    gtk_widget_set_sensitive (button, there);
    gtk_widget_set_visible (button, there || stage != UT_TWIN_EDITED);
    gtk_widget_set_tooltip_text (button, text);
    if ((int)stage == shown) {
      g_signal_handlers_block_by_func (button, toggled_cb, self);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
      g_signal_handlers_unblock_by_func (button, toggled_cb, self);
    }
  }
}

gboolean
ut_stage_switch_choose (UtStageSwitch *self, guint index)
{
  g_return_val_if_fail (UT_IS_STAGE_SWITCH (self), FALSE);
  if (index >= UT_N_TWIN_STAGES || !gtk_widget_get_visible (GTK_WIDGET (self)) ||
      !gtk_widget_is_sensitive (self->buttons[index]))
    return FALSE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[index]), TRUE);
  return TRUE;
}

void
ut_stage_switch_set_up (UtStageSwitch *self, UtLook *look)
{
  g_return_if_fail (UT_IS_STAGE_SWITCH (self) && self->look == NULL);
  self->look = g_object_ref (look);
}

static void
ut_stage_switch_dispose (GObject *object)
{
  UtStageSwitch *self = UT_STAGE_SWITCH (object);
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    g_clear_pointer (&self->buttons[stage], gtk_widget_unparent);
  g_clear_object (&self->look);
  G_OBJECT_CLASS (ut_stage_switch_parent_class)->dispose (object);
}

static void
ut_stage_switch_class_init (UtStageSwitchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_stage_switch_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), UT_TYPE_WRAP_LAYOUT);
}

static void
ut_stage_switch_init (UtStageSwitch *self)
{
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    GtkWidget *button = gtk_toggle_button_new_with_label (ut_sentence_twin_stage_title (stage));
    g_autofree char *label =
      g_strdup_printf (_ ("Show the %s stage"), ut_sentence_twin_stage (stage));
    gtk_accessible_update_property (
      GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    if (stage > 0)
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                   GTK_TOGGLE_BUTTON (self->buttons[0]));
    g_signal_connect_object (button, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
    gtk_widget_set_parent (button, GTK_WIDGET (self));
    self->buttons[stage] = button;
  }
}
