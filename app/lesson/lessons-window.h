/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/app-id.h"

#include <adwaita.h>

/**
 * ut_lessons_window_new: the lessons that come with the program, and a way to open another file;
 * a row asks @parent for "win.lesson" with the name of a resource, or for "win.open-lesson"
 */
GtkWidget *ut_lessons_window_new (GtkWindow *parent);

/** UT_LESSONS_RESOURCE: where the lessons that come with the program lie */
#define UT_LESSONS_RESOURCE UT_RESOURCE_PATH "/lessons"
