// SPDX-License-Identifier: MIT
/// shared_object.h: any malloc library, from its file, with no code written for it.
#ifndef HD_SHARED_OBJECT_H
#define HD_SHARED_OBJECT_H

#include "allocators/allocator.h"
#include "allocators/status.h"

#include <link.h>
#include <stdbool.h>

/// The exported functions that a library may offer besides the C ones: `bool NAME(void)`, true
/// while its metadata is consistent; `size_t NAME(void)`, the largest block, in bytes, that it can
/// serve when none lives: for an allocator over a fixed pool.
#define HD_CONSISTENT_SYMBOL "heapduel_consistent"
#define HD_CAPACITY_SYMBOL   "heapduel_capacity"

/// Loads the library `file` (a path, or a name that the dynamic linker finds) and takes from it
/// each of malloc, free, calloc, ... whose name with `prefix` in front it defines itself; what it
/// only inherits from libc is not taken. Fills in the functions and the heap of `subject`, and
/// leaves name, summary and policy alone. The library stays loaded until the process ends. When it
/// is libc itself its malloc is not called.
/// HD_UNAVAILABLE: it cannot be loaded, or has no malloc or no free of its own.
HD_MUST_USE enum hd_status hd_shared_object_open(const char *file, const char *prefix,
                                                 struct hd_subject *subject,
                                                 struct hd_message *message);

/// Defined by a program that has a malloc of its own which leaves what is asked for inside an
/// allocator's call to libc's (harness/fresh/host_malloc.c); it does while this is true. Here it is
/// made false while a library is loaded: libc's malloc would move the break. Any other malloc in
/// front of libc's takes libc's reallocarray, which calls realloc by name, to a heap that is not
/// libc's.
extern bool hd_malloc_gives_way __attribute__((weak));

/// Who is told when a library is being loaded: `before` right before its constructors may run,
/// `after` right after, with the library's handle, or NULL when it failed. For a library that is
/// loaded already no constructors run, and `before` is not called. A handle is its link_map, as
/// glibc's are; that of libc is not one for dlsym, which wants one from dlopen. Between the two the
/// break does not move on the dynamic linker's account.
/// `bound`, optional, once before `after` of a library that was loaded: the names that it calls are
/// bound. That is before any constructor, of what it depends on too; but right before `after` where
/// it was loaded already, or linked by -nostartfiles.
struct hd_load_watch {
    void (*before)(void);
    void (*bound)(const struct link_map *library);
    void (*after)(void *handle);
};

/// `watch` must stay; NULL: nobody is told.
void hd_shared_object_watch(const struct hd_load_watch *watch);

#endif
