/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** Deviceless: the symbol "deviceless" of the module: which device there is, and which plans cuDNN
 * built for it. */
typedef struct Deviceless {
  const char *properties; /* JSON, as cuDNN writes it; read by open() */
  int n_convolutions, n_attentions;
} Deviceless;
