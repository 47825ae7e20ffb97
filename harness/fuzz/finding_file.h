// SPDX-License-Identifier: MIT
/// finding_file.h: how the files of a finding are called.
///
///     DIR/NAME-SIGNATURE.trace      libmine.so-overlap-realloc-shares-bytes.trace
///
/// NAME is the allocator as it was given, without the folders in front; slashes and colons are
/// dashes. Nothing here allocates: it is called from signal handlers.
#ifndef HD_FINDING_FILE_H
#define HD_FINDING_FILE_H

#include <limits.h>

#define HD_FINDING_NAME_MAX 128

/// Whose a difference is: all allocators together.
#define HD_FINDING_DIFFERENTIAL "differential"

/// NAME of an allocator, cut to fit.
void hd_finding_name(const char *spec, char name[static HD_FINDING_NAME_MAX]);

/// The path, with `ending` behind the signature; cut to fit.
void hd_finding_path(const char *folder, const char *spec, const char *signature,
                     const char *ending, char path[static PATH_MAX]);

#endif
