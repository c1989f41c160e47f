/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "engine/twin/twin-model.h"

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {{NULL}};
  if (!ut_cli_parse (
        "Lists where the network can run, and why elsewhere it cannot.", entries, NULL, argc, argv))
    return UT_CLI_USAGE;
  g_autoptr (GPtrArray) devices = ut_twin_devices ();
  JsonBuilder *builder = ut_cli_json ();
  json_builder_set_member_name (builder, "devices");
  json_builder_begin_array (builder);
  for (guint i = 0; i < devices->len; i++) {
    const UtTwinDevice *device = g_ptr_array_index (devices, i);
    json_builder_begin_object (builder);
    ut_cli_json_string (builder, "name", device->name);
    ut_cli_json_boolean (builder, "usable", device->usable);
    ut_cli_json_string (builder,
                        device->usable ? "description" : "reason",
                        device->usable ? device->description : device->reason);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

const UtCliCommand ut_cli_devices = {"devices", "where the network can run, and why not", run};
