/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/trust-panel.h"

#include "app/app-id.h"
#include "app/twin/distance-panel.h"
#include "app/twin/error-panel.h"
#include "app/twin/findings.h"
#include "app/twin/review-panel.h"
#include "app/twin/stage-panel.h"
#include "app/twin/topology-panel.h"

struct _UtTrustPanel {
  GtkWidget parent_instance;
  UtFindings *findings;
  GtkWidget *box, *stages, *topology, *distance, *error, *review;
};

enum { SHOW_PLACE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtTrustPanel, ut_trust_panel, GTK_TYPE_WIDGET)

static void
show_place_cb (UtTrustPanel *self, const UtPlace *place)
{
  g_signal_emit (self, signals[SHOW_PLACE], 0, place);
}

void
ut_trust_panel_set_up (UtTrustPanel *self, UtDocument *document, UtResults *results, UtLook *look)
{
  g_return_if_fail (UT_IS_TRUST_PANEL (self) && self->findings == NULL);
  self->findings = ut_findings_new (document);
  ut_review_panel_set_up (UT_REVIEW_PANEL (self->review), document, look);
  ut_error_panel_set_up (UT_ERROR_PANEL (self->error), results, look);
  ut_stage_panel_set_up (UT_STAGE_PANEL (self->stages), document, self->findings, look);
  ut_distance_panel_set_up (
    UT_DISTANCE_PANEL (self->distance), document, results, self->findings, look);
  ut_topology_panel_set_up (UT_TOPOLOGY_PANEL (self->topology), document, self->findings, look);
}

void
ut_trust_panel_show_worst (UtTrustPanel *self)
{
  g_return_if_fail (UT_IS_TRUST_PANEL (self));
  ut_distance_panel_show_worst (UT_DISTANCE_PANEL (self->distance));
}

void
ut_trust_panel_accept_all (UtTrustPanel *self)
{
  g_return_if_fail (UT_IS_TRUST_PANEL (self));
  ut_review_panel_accept_all (UT_REVIEW_PANEL (self->review));
}

void
ut_trust_panel_ask (UtTrustPanel *self, GtkWidget *over)
{
  g_return_if_fail (UT_IS_TRUST_PANEL (self));
  ut_review_panel_ask (UT_REVIEW_PANEL (self->review), over);
}

static void
ut_trust_panel_dispose (GObject *object)
{
  UtTrustPanel *self = UT_TRUST_PANEL (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), UT_TYPE_TRUST_PANEL);
  g_clear_object (&self->findings);
  G_OBJECT_CLASS (ut_trust_panel_parent_class)->dispose (object);
}

static void
ut_trust_panel_class_init (UtTrustPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_trust_panel_dispose;
  g_type_ensure (UT_TYPE_DISTANCE_PANEL);
  g_type_ensure (UT_TYPE_ERROR_PANEL);
  g_type_ensure (UT_TYPE_REVIEW_PANEL);
  g_type_ensure (UT_TYPE_STAGE_PANEL);
  g_type_ensure (UT_TYPE_TOPOLOGY_PANEL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/trust-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, UtTrustPanel, box);
  gtk_widget_class_bind_template_child (widget_class, UtTrustPanel, distance);
  gtk_widget_class_bind_template_child (widget_class, UtTrustPanel, error);
  gtk_widget_class_bind_template_child (widget_class, UtTrustPanel, review);
  gtk_widget_class_bind_template_child (widget_class, UtTrustPanel, stages);
  gtk_widget_class_bind_template_child (widget_class, UtTrustPanel, topology);
  gtk_widget_class_bind_template_callback (widget_class, show_place_cb);
  signals[SHOW_PLACE] = g_signal_new ("show-place",
                                      UT_TYPE_TRUST_PANEL,
                                      G_SIGNAL_RUN_LAST,
                                      0,
                                      NULL,
                                      NULL,
                                      NULL,
                                      G_TYPE_NONE,
                                      1,
                                      G_TYPE_POINTER);
}

static void
ut_trust_panel_init (UtTrustPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
