/* SPDX-License-Identifier: Apache-2.0 */

/* What touches what in labelled hearts (engine/anatomy/heart-order.h): order-table FILE...
 * prints the mean shares, and over all files the misfit of our codes and of the best other order.
 */

#include "engine/anatomy/heart-labels.h"
#include "engine/anatomy/heart-order.h"

static void
print_mean (const double *sums, guint n)
{
  for (int a = UT_MYO; a < UT_N_LABELS; a++) {
    g_print ("%-4s", ut_structure_name (a));
    for (int b = 0; b < UT_N_LABELS; b++)
      g_print (" %.3f", sums[a * UT_N_LABELS + b] / n);
    g_print ("\n");
  }
}

/* The least misfit of an order that is not ours: of the five structures, each two swapped or more
 */
static double
best_other (const double *shares, guint8 order[UT_N_LABELS], int next, guint taken)
{
  double best = G_MAXDOUBLE;
  if (next == UT_N_LABELS) {
    gboolean ours = TRUE;
    for (int s = UT_MYO; s < UT_N_LABELS; s++)
      ours = ours && order[s] == s;
    return ours ? G_MAXDOUBLE : ut_heart_order_misfit (shares, UT_N_LABELS, order);
  }
  for (guint8 s = UT_MYO; s < UT_N_LABELS; s++)
    if ((taken & 1u << s) == 0) {
      order[next] = s;
      best = MIN (best, best_other (shares, order, next + 1, taken | 1u << s));
    }
  return best;
}

int
main (int argc, char **argv)
{
  double sums[UT_N_LABELS * UT_N_LABELS] = {0};
  double worst = 0, least_other = 1, least_margin = 1;
  guint n = 0, n_wrong = 0;
  for (int i = 1; i < argc; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (UtVolume) labels = ut_heart_labels_read (argv[i], &error);
    if (labels == NULL) {
      g_printerr ("%s\n", error->message);
      return 1;
    }
    double shares[UT_N_LABELS * UT_N_LABELS];
    guint8 ours[UT_N_LABELS] = {0, 1, 2, 3, 4, 5}, order[UT_N_LABELS] = {0};
    ut_heart_contacts (labels, UT_N_LABELS, shares);
    for (guint k = 0; k < G_N_ELEMENTS (sums); k++)
      sums[k] += shares[k];
    double misfit = ut_heart_order_misfit (shares, UT_N_LABELS, ours);
    double other = best_other (shares, order, UT_MYO, 0);
    worst = MAX (worst, misfit);
    least_other = MIN (least_other, other);
    least_margin = MIN (least_margin, other - misfit);
    n_wrong += other <= misfit;
    n++;
  }
  if (n == 0)
    return 2;
  print_mean (sums, n);
  g_print (
    "%u hearts: misfit of our order at most %.3f, of another at least %.3f, the difference at "
    "least %.3f; %u fit another better\n",
    n,
    worst,
    least_other,
    least_margin,
    n_wrong);
  return 0;
}
