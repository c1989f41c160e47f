/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/body-panel.h"

#include "app/app-id.h"
#include "app/number-text.h"
#include "app/twin/numbers.h"
#include "app/widgets.h"

#include <glib/gi18n.h>

struct _UtBodyPanel {
  AdwPreferencesGroup parent_instance;
  UtDocument *document;
  gboolean showing; /* what the controls say comes from the study */
  guint64 of_study; /* its serial: the controls say this body of this study */
  UtBody shown;
  GtkWidget *sex, *height, *weight, *fault, *numbers;
};

G_DEFINE_FINAL_TYPE (UtBodyPanel, ut_body_panel, ADW_TYPE_PREFERENCES_GROUP)

/* FALSE where it holds no number; nothing typed: 0. */
static gboolean
read_entry (GtkWidget *entry, double *ret)
{
  gboolean empty = gtk_entry_get_text_length (GTK_ENTRY (entry)) == 0;
  *ret = 0;
  return empty || ut_number_from_text (gtk_editable_get_text (GTK_EDITABLE (entry)), ret);
}

static void
set_fault (UtBodyPanel *self, const char *text)
{
  gtk_label_set_text (GTK_LABEL (self->fault), text != NULL ? text : "");
  gtk_widget_set_visible (self->fault, text != NULL);
}

/* Also when the focus leaves, which it does after another study came in: what was typed into one
 * study never gets into another. */
static void
edited_cb (UtBodyPanel *self)
{
  UtStudy *study = ut_document_get_study (self->document);
  g_autoptr (GError) error = NULL;
  UtBody body = {.sex = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->sex))};
  if (self->showing || ut_document_get_serial (self->document) != self->of_study || study == NULL)
    return;
  if (!read_entry (self->height, &body.height_cm) || !read_entry (self->weight, &body.weight_kg))
    set_fault (self, _ ("Height and weight are numbers, in cm and kg."));
  else
    set_fault (self, ut_study_set_body (study, &body, &error) ? NULL : error->message);
}

/* "170", "64.5"; nothing where it is not known */
static void
show_number (GtkWidget *entry, double value)
{
  g_autofree char *text = value > 0 ? g_strdup_printf ("%.10g", value) : g_strdup ("");
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
show_body (UtBodyPanel *self, guint64 study, const UtBody *body)
{
  self->of_study = study;
  self->shown = *body;
  self->showing = TRUE;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->sex), body->sex);
  show_number (self->height, body->height_cm);
  show_number (self->weight, body->weight_kg);
  self->showing = FALSE;
  set_fault (self, NULL);
}

void
ut_body_panel_update (UtBodyPanel *self, const UtMeasurements *measurements)
{
  g_return_if_fail (UT_IS_BODY_PANEL (self));
  guint64 study = ut_document_get_serial (self->document);
  if (study != self->of_study || !ut_body_equal (&measurements->body, &self->shown))
    show_body (self, study, &measurements->body);
  ut_numbers_fill_body (GTK_GRID (self->numbers), measurements);
}

void
ut_body_panel_set_up (UtBodyPanel *self, UtDocument *document)
{
  g_return_if_fail (UT_IS_BODY_PANEL (self) && self->document == NULL);
  self->document = g_object_ref (document);
}

static void
ut_body_panel_dispose (GObject *object)
{
  g_clear_object (&UT_BODY_PANEL (object)->document);
  gtk_widget_dispose_template (GTK_WIDGET (object), UT_TYPE_BODY_PANEL);
  G_OBJECT_CLASS (ut_body_panel_parent_class)->dispose (object);
}

static void
ut_body_panel_class_init (UtBodyPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_body_panel_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/body-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, UtBodyPanel, sex);
  gtk_widget_class_bind_template_child (widget_class, UtBodyPanel, height);
  gtk_widget_class_bind_template_child (widget_class, UtBodyPanel, weight);
  gtk_widget_class_bind_template_child (widget_class, UtBodyPanel, fault);
  gtk_widget_class_bind_template_child (widget_class, UtBodyPanel, numbers);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
}

static void
ut_body_panel_init (UtBodyPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ut_widget_name_inside (self->sex, _ ("Sex"));
}
