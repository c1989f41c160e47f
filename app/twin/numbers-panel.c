/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/numbers-panel.h"

#include "app/app-id.h"
#include "app/twin/body-panel.h"
#include "app/twin/disks-numbers.h"
#include "app/twin/numbers.h"
#include "app/twin/wall-panel.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _UtNumbersPanel {
  GtkWidget parent_instance;
  GtkWidget *box, *none_label, *volumes_group, *volumes, *overlap_group, *overlap;
  GtkWidget *function_group, *function, *disks_group, *disks, *body, *wall;
};

G_DEFINE_FINAL_TYPE (UtNumbersPanel, ut_numbers_panel, GTK_TYPE_WIDGET)

void
ut_numbers_panel_set_up (UtNumbersPanel *self, UtDocument *document)
{
  g_return_if_fail (UT_IS_NUMBERS_PANEL (self));
  ut_body_panel_set_up (UT_BODY_PANEL (self->body), document);
}

void
ut_numbers_panel_update (UtNumbersPanel *self, const UtMeasurements *measurements, UtPhase phase)
{
  g_return_if_fail (UT_IS_NUMBERS_PANEL (self));
  const int p = (int)phase;
  const UtNumbersColumn volumes[] = {{UT_QUANTITY_VOLUME, UT_PHASE_ED, _ ("ED, voxels\nml")},
                                     {UT_QUANTITY_MESH_VOLUME, UT_PHASE_ED, _ ("ED, surface\nml")},
                                     {UT_QUANTITY_VOLUME, UT_PHASE_ES, _ ("ES, voxels\nml")},
                                     {UT_QUANTITY_MESH_VOLUME, UT_PHASE_ES, _ ("ES, surface\nml")}};
  const UtNumbersColumn overlap[] = {{UT_QUANTITY_DSC, p, NULL},
                                     {UT_QUANTITY_HD_MM, p, NULL},
                                     {UT_QUANTITY_HD95_MM, p, NULL},
                                     {UT_QUANTITY_ASSD_MM, p, NULL},
                                     {UT_QUANTITY_VOLUME_ERROR, p, NULL}};
  gboolean compared =
    measurements != NULL && ut_measurements_find (measurements, UT_QUANTITY_DSC, p, UT_LV) != NULL;

  gtk_widget_set_visible (self->none_label, measurements == NULL);
  gtk_widget_set_visible (self->volumes_group, measurements != NULL);
  gtk_widget_set_visible (self->function_group, measurements != NULL);
  gtk_widget_set_visible (self->body, measurements != NULL);
  gtk_widget_set_visible (self->overlap_group, compared);
  ut_disks_numbers_fill (self->disks_group, GTK_GRID (self->disks), measurements);
  ut_wall_panel_update (UT_WALL_PANEL (self->wall), measurements);
  if (measurements != NULL) {
    ut_numbers_fill_function (GTK_GRID (self->function), measurements);
    ut_body_panel_update (UT_BODY_PANEL (self->body), measurements);
    ut_numbers_fill_table (
      GTK_GRID (self->volumes), measurements, volumes, G_N_ELEMENTS (volumes), FALSE);
  }
  if (compared)
    ut_numbers_fill_table (
      GTK_GRID (self->overlap), measurements, overlap, G_N_ELEMENTS (overlap), TRUE);
}

static void
ut_numbers_panel_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), UT_TYPE_NUMBERS_PANEL);
  G_OBJECT_CLASS (ut_numbers_panel_parent_class)->dispose (object);
}

static void
ut_numbers_panel_class_init (UtNumbersPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  g_type_ensure (UT_TYPE_BODY_PANEL);
  G_OBJECT_CLASS (klass)->dispose = ut_numbers_panel_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               UT_RESOURCE_PATH "/ui/numbers-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, box);
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, none_label);
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, volumes_group);
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, volumes);
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, function_group);
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, function);
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, body);
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, disks_group);
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, disks);
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, overlap_group);
  gtk_widget_class_bind_template_child (widget_class, UtNumbersPanel, overlap);
}

static void
ut_numbers_panel_init (UtNumbersPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->wall = ut_wall_panel_new ();
  gtk_box_append (GTK_BOX (self->box), self->wall);
}
