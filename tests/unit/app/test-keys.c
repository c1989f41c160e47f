/* SPDX-License-Identifier: Apache-2.0 */
#include "app/keys.h"

/* Every trigger can be read, every action name too, and no key means two things in one place. */
static void
test_table (void)
{
  guint n;
  const UtKey *keys = ut_keys_table (&n);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_assert_cmpuint (n, >, 40);
  for (guint i = 0; i < n; i++) {
    g_auto (GStrv) triggers = g_strsplit (keys[i].trigger, "|", -1);
    g_autofree char *name = NULL;
    g_autoptr (GVariant) target = NULL;
    g_autoptr (GError) error = NULL;
    if (keys[i].action == NULL)
      continue;
    g_assert_true (g_action_parse_detailed_name (keys[i].action, &name, &target, &error));
    g_assert_no_error (error);
    for (guint t = 0; triggers[t] != NULL; t++) {
      guint key;
      GdkModifierType modifiers;
      g_test_message ("%s: %s", keys[i].action, triggers[t]);
      g_assert_true (gtk_accelerator_parse (triggers[t], &key, &modifiers));
      g_assert_cmpuint (key, !=, 0);
      g_assert_true (
        g_hash_table_add (seen, g_strdup_printf ("%d %u %u", keys[i].context, key, modifiers)));
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/keys/table", test_table);
  return g_test_run ();
}
