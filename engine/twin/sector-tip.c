/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/sector-tip.h"

#include "engine/anatomy/parts.h"

#include <string.h>

#define LIT    8 /* grey value that is not black any more, compression noise included */
#define TIP_MM 8.0

void
ut_sector_tip (const UtCine *cine, guint frame, double ret_tip[2])
{
  const gsize left = cine->region[0], top = cine->region[1];
  const gsize dims[3] = {cine->region[2], cine->region[3], 1};
  g_autofree guint8 *lit = g_new (guint8, dims[0] * dims[1]);
  const guint8 *corner = ut_cine_frame (cine, frame) + top * cine->width + left;
  for (gsize y = 0; y < dims[1]; y++)
    for (gsize x = 0; x < dims[0]; x++)
      lit[y * dims[0] + x] = corner[y * cine->width + x] > LIT;
  ut_parts_keep_largest (lit, dims);

  const guint8 *first = memchr (lit, 1, dims[0] * dims[1]);
  ret_tip[0] = 0;
  ret_tip[1] = (double)dims[0] / 2;
  if (first == NULL)
    return;
  gsize begin = (gsize)(first - lit) / dims[0];
  gsize end = MIN (begin + (gsize)MAX (1, TIP_MM / cine->spacing_mm[0]), dims[1]);
  double sum = 0, n = 0;
  for (gsize y = begin; y < end; y++)
    for (gsize x = 0; x < dims[0]; x++) {
      n += lit[y * dims[0] + x];
      sum += lit[y * dims[0] + x] * ((double)x + 0.5);
    }
  ret_tip[0] = (double)begin;
  ret_tip[1] = sum / n;
}
