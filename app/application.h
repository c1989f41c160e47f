/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_APPLICATION (ut_application_get_type ())
G_DECLARE_FINAL_TYPE (UtApplication, ut_application, UT, APPLICATION, AdwApplication)

/** UtApplication: one process, one window; opens what the command line names. */
UtApplication *ut_application_new (void);

G_END_DECLS
