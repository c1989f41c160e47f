/* SPDX-License-Identifier: Apache-2.0 */
#include "render/error.h"

G_DEFINE_QUARK (ut_render_error, ut_render_error)
