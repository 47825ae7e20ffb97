// SPDX-License-Identifier: MIT
/// family.c: malloc and its family, found by name.
#include "allocators/family.h"

#include <string.h>

void hd_family_find(struct hd_family *family, hd_find_symbol *find, const void *context)
{
    // A void * is what C will not convert to a function pointer; POSIX lets the bits be copied.
#define HD_FUNCTION(result, name, ...)                                                             \
    do {                                                                                           \
        void *address = find(#name, context);                                                      \
        memcpy(&family->name, &address, sizeof address);                                           \
    } while (0);
#include "allocators/family.def"
#undef HD_FUNCTION
}
