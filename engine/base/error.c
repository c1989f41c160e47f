/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"

G_DEFINE_QUARK (ut_engine_error, ut_engine_error)
