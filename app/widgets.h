/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* Small things that several widgets want. */

/** ut_widget_set_label: @label (transfer full) becomes accessible name, and tooltip where asked */
void ut_widget_set_label (GtkWidget *widget, char *label, gboolean tooltip);

/** ut_widget_set_css_class: gives @widget the class or takes it away */
void ut_widget_set_css_class (GtkWidget *widget, const char *css_class, gboolean on);

/** ut_spin_reads_lengths: what is typed may have a point or a comma, whatever the locale writes */
void ut_spin_reads_lengths (GtkSpinButton *spin);
