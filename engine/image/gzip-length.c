/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/gzip-length.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

guint64
ut_gzip_length (const char *path, gsize offset, guint64 most)
{
  int descriptor = open (path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return 0;
  gzFile stream =
    lseek (descriptor, (goffset)offset, SEEK_SET) >= 0 ? gzdopen (descriptor, "rb") : NULL;
  if (stream == NULL) {
    close (descriptor);
    return 0;
  }
  guint64 have = 0;
  guint8 buffer[65536];
  int n_read = 1;
  while (have < most && (n_read = gzread (stream, buffer, sizeof buffer)) > 0)
    have += (guint64)n_read;
  gzclose (stream);
  return n_read < 0 ? UT_GZIP_DAMAGED : have;
}
