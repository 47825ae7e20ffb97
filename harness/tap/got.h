// SPDX-License-Identifier: MIT
/// got.h: what a patched library calls instead of libc.
#ifndef HD_TAP_GOT_H
#define HD_TAP_GOT_H

#include <link.h>
#include <stddef.h>

typedef void (*hd_got_function)(void);

/// Tells what is to stand in for the function `name`; NULL: it is left alone.
typedef hd_got_function hd_got_lookup(const char *name);

/// Has the library call what `lookup` answers in place of the functions that it imports. Returns
/// how many of its words were overwritten; 0 too where the system does not let them be.
size_t hd_got_patch(const struct link_map *library, hd_got_lookup *lookup);

/// What stands in for libc's function `name` and does the same, through hd_answer; NULL: that one
/// is left alone. To be called as what it stands in for, by the patched library alone.
hd_got_function hd_got_hook(const char *name);

#endif
