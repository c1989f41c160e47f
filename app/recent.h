/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * UtRecent: a study that was open lately. Its folder is for opening it alone and never shown, for
 * folders are named after patients; a person knows it by the label that she gave it and by when.
 */
typedef struct UtRecent {
  char *folder; /* absolute */
  char *label;  /* as ut_study_set_label(), "" = none */
  gint64 time;  /* when it was open last, Unix seconds */
} UtRecent;

#define UT_RECENT_MAX 8

/** ut_recent_list_new: (transfer full): an empty list of UtRecent, to be: the last one first */
GPtrArray *ut_recent_list_new (void);

/**
 * ut_recent_list_add:
 * @list: changed; a folder stands in it once, and UT_RECENT_MAX of them in all
 *
 * Puts a study at the head of the list.
 */
void ut_recent_list_add (GPtrArray *list, const char *folder, const char *label, gint64 time);

/** ut_recent_list_read: fills an empty @list; entries that are damaged are left out */
void ut_recent_list_read (GPtrArray *list, GKeyFile *file);

void ut_recent_list_write (const GPtrArray *list, GKeyFile *file);
