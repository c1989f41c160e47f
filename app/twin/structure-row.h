/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_STRUCTURE_ROW (ut_structure_row_get_type ())
G_DECLARE_FINAL_TYPE (UtStructureRow, ut_structure_row, UT, STRUCTURE_ROW, GtkListBoxRow)

/**
 * UtStructureRow:
 *
 * Visibility, opacity and solo of one structure.
 * Signals: `changed`: visibility or opacity; `solo` (gboolean): alone, or not any more.
 *
 * @key: the digit that shows and hides it, for the tooltip
 */
GtkWidget *ut_structure_row_new (UtStructure structure, guint key, double opacity);

UtStructure ut_structure_row_get_structure (UtStructureRow *self);
gboolean ut_structure_row_get_shown (UtStructureRow *self);
void ut_structure_row_set_shown (UtStructureRow *self, gboolean shown);
double ut_structure_row_get_opacity (UtStructureRow *self); /* 0 to 1 */
void ut_structure_row_set_opacity (UtStructureRow *self, double opacity);

/** ut_structure_row_set_solo: shows that the structure is alone; emits nothing */
void ut_structure_row_set_solo (UtStructureRow *self, gboolean solo);

G_END_DECLS
