/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/csv.h"

#include <math.h>

/* RFC 4180, section 2, rules 5 to 7. */
void
ut_csv_text (GString *self, const char *words)
{
  g_string_append_c (self, '"');
  for (const char *c = words; *c != '\0'; c++) {
    if (*c == '"')
      g_string_append_c (self, '"');
    g_string_append_c (self, *c);
  }
  g_string_append_c (self, '"');
}

void
ut_csv_number (GString *self, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  if (isfinite (value))
    g_string_append (self, g_ascii_dtostr (text, sizeof text, value));
}
