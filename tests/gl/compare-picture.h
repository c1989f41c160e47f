/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

/**
 * ut_assert_picture:
 * @name: reference picture tests/gl/pictures/@name.png
 * @n_rows: rows from the top that count
 *
 * Asserts that a picture is the reference: at most 0.4 % of the pixels may differ by more
 * than 10 of 255 in a channel, and the mean difference may be at most 0.6. That lets pass what
 * drivers do differently at edges, and nothing that an eye would find.
 * On failure leaves @name.out.png, @name.ref.png and @name.diff.png in UT_TEST_OUTPUT.
 * With UT_UPDATE_PICTURES set, writes the reference in place of comparing.
 */
void ut_assert_picture (GdkPixbuf *picture, const char *name, int n_rows);

/** ut_pixel: red, green, blue at (@x, @y) */
const guint8 *ut_pixel (GdkPixbuf *picture, int x, int y);

/** ut_picture_difference: largest difference of a channel between two pictures of one size */
int ut_picture_difference (GdkPixbuf *a, GdkPixbuf *b);
