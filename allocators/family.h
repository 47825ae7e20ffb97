// SPDX-License-Identifier: MIT
/// family.h: malloc and its family, as C, POSIX and glibc declare them, found by name.
#ifndef HD_FAMILY_H
#define HD_FAMILY_H

#include <stddef.h>

/// Of one library; NULL where it has none.
struct hd_family {
#define HD_FUNCTION(result, name, ...) result (*name)(__VA_ARGS__);
#include "allocators/family.def"
#undef HD_FUNCTION
};

/// The address of a symbol, NULL where there is none. `context` is the caller's.
typedef void *hd_find_symbol(const char *name, const void *context);

/// Every function of the family, where `find` says that it is.
void hd_family_find(struct hd_family *family, hd_find_symbol *find, const void *context);

#endif
