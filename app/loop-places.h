/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/view.h"

#include <glib.h>

/**
 * ut_loop_places:
 * @says: (array length=n): UtView that each loop names, -1 = none
 * @n: of loops that are opened together
 * @full: views of the study that have a loop already
 * @ret_places: (array length=n): UtView of each, -1 = there is no place for it
 *
 * A loop goes to the view that it names, even over the loop of the study there. The second one
 * that names it goes to a view that is free after that. A loop that names none goes to a free
 * view, else to the first one that none of these loops took. No two get the same place.
 *
 * Returns: a view that more than one loop names, -1 = there is none
 */
int ut_loop_places (const int *says, gsize n, const gboolean full[UT_N_VIEWS], int *ret_places);
