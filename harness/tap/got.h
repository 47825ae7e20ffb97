// SPDX-License-Identifier: MIT
/// got.h: what a patched library calls instead of libc.
#ifndef HD_TAP_GOT_H
#define HD_TAP_GOT_H

typedef void (*hd_got_function)(void);

/// What stands in for libc's function `name` and does the same, through hd_answer; NULL: that one
/// is left alone. To be called as what it stands in for, by the patched library alone.
hd_got_function hd_got_hook(const char *name);

#endif
