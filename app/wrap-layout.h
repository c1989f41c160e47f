/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_WRAP_LAYOUT (ut_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (UtWrapLayout, ut_wrap_layout, UT, WRAP_LAYOUT, GtkLayoutManager)

/**
 * UtWrapLayout:
 *
 * Children beside each other in their natural widths, as words on a line: those that no longer fit
 * go to the next one. For bars of buttons, whose words may be large.
 */

/** ut_wrap_layout_new: (transfer full): @spacing px between children and between lines */
GtkLayoutManager *ut_wrap_layout_new (int spacing);

G_END_DECLS
