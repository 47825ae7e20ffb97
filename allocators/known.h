// SPDX-License-Identifier: MIT
/// known.h: allocators by name or by file.
#ifndef HD_KNOWN_H
#define HD_KNOWN_H

#include "allocators/allocator.h"
#include "allocators/status.h"

#include <stdbool.h>
#include <stddef.h>

/// How many allocators have a name, and the i-th: its name and its summary.
size_t hd_known_count(void);
const char *hd_known_name(size_t i);
const char *hd_known_summary(size_t i);

/// HD_BAD_INPUT when `spec` is neither the name of a known allocator, nor written as a file:
/// `./libmine.so` or, where its functions have a prefix, `./libmine.so:mi_`; nor the name of a file
/// that this build was given (HEAPDUEL_ALLOCATORS): `mine` or `mine:mi_`. Loads nothing.
HD_MUST_USE enum hd_status hd_allocator_check(const char *spec, struct hd_message *message);

/// True for a spec that is no known allocator's name, and so has no policy of its own.
bool hd_allocator_is_file(const char *spec);

/// The library of an allocator, as a linker or LD_PRELOAD takes it (of a known one the first of its
/// files that may be there), and the prefix of its functions, "" for none. Both are cut to fit.
/// pre: hd_allocator_check(spec) is HD_OK.
void hd_allocator_library(const char *spec, char *file, size_t file_size, char *prefix,
                          size_t prefix_size);

/// The policy of the allocator that `spec` names; all zero for a file.
struct hd_policy hd_allocator_policy(const char *spec);

/// Makes the allocator that `spec` names ready to be called. This runs the library's constructors,
/// which may do anything. `spec` must outlive the subject; what is loaded stays loaded.
/// HD_BAD_INPUT as in hd_allocator_check; HD_UNAVAILABLE: it is not on this machine, or is no
/// malloc library.
HD_MUST_USE enum hd_status hd_allocator_open(const char *spec, struct hd_subject *subject,
                                             struct hd_message *message);

#endif
