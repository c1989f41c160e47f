/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"

G_DEFINE_QUARK (ut_engine_error, ut_engine_error)

gboolean
ut_fail (GError **error, UtEngineError code, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_propagate_error (error, g_error_new_valist (UT_ENGINE_ERROR, (int)code, format, arguments));
  va_end (arguments);
  return FALSE;
}
