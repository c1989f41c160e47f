/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The one name under which the desktop knows the program, and where its resources lie. */
#define UT_APP_ID        "org.ultratwin.UltraTwin"
#define UT_RESOURCE_PATH "/org/ultratwin/UltraTwin"
