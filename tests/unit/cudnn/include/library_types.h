/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* In place of the Toolkit's: what cudnn.h wants of it is in the runtime made of loops. */
typedef int libraryPropertyType;
