// SPDX-License-Identifier: MIT
/// library.h: what a loaded library has written to: its data and its thread-local storage.
#ifndef HD_LIBRARY_H
#define HD_LIBRARY_H

#include "harness/fresh/image.h"
#include "harness/tap/space.h"

#include <link.h>
#include <stdbool.h>

/// Keeps the library's writable segments, less what the dynamic linker made read-only, less what by
/// `space` cannot be written now (its constructors made it so), and less the counters of its
/// coverage; and its thread-local storage in the calling thread. Where other libraries or the
/// program need it too (libc), as what is shared (image.h): they write to it between two runs.
/// False: it is not in the dynamic linker's list, or the image has no room.
HD_MUST_USE bool hd_library_keep(struct hd_image *image, const struct link_map *library,
                                 const struct hd_space *space);

/// Whether malloc, called by the process itself, is the library's.
HD_MUST_USE bool hd_library_is_process_malloc(const struct link_map *library);

/// Whether it calls libc's malloc or one of its family: not where it defines the function itself.
HD_MUST_USE bool hd_library_imports_malloc(const struct link_map *library);

/// Calls `visit` with the bounds of each section of the library in which coverage is counted, until
/// it returns false; then false. A library whose file is gone has none that we could know.
bool hd_library_visit_counters(const struct link_map *library,
                               bool (*visit)(void *context, uintptr_t start, uintptr_t end),
                               void *context);

#endif
