// SPDX-License-Identifier: MIT
/// notation.h: a system call written as strace(1) writes it, in one line.
///
///     mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffff7fb9000
///     munmap(0x7ffff7fb9000, 8192) = 0
///     mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE, 3, 0) = -1 ENOMEM (Cannot allocate memory)
///     (refused)
///
/// The same letters as `strace -a 1 -e verbose=none` gives, apart from these: memory that the call
/// points to is never read, an address stands for it; a refused call says so; and some arguments
/// that strace has words for are numbers (calls.def).
///
/// For the reader of a run: it may call malloc, so nothing here may be called between two
/// operations of a trace.
#ifndef HD_NOTATION_H
#define HD_NOTATION_H

#include "harness/notation/names.h"
#include "harness/tap/tap.h"

#include <stdbool.h>
#include <stddef.h>

/// Longest name of a system call, with its terminating zero.
#define HD_NOTATION_NAME_MAX 64

struct hd_notation_style {
    // Addresses are written as offsets into these regions, so that two runs can be compared:
    // `map1`, `brk+0x21000`; those in none of them in hexadecimal. NULL: all in hexadecimal.
    const struct hd_notation_names *names;
};

/// Writes the call as a line without its end into `text`, cut to `size` bytes with its terminating
/// zero. Returns the length of the whole line, as snprintf does. `style` NULL: addresses in
/// hexadecimal. In a style with names, hd_notation_learn the call first.
size_t hd_notation_format(const struct hd_syscall *call, const struct hd_notation_style *style,
                          char *text, size_t size);

/// One argument alone, from 0, or the result (without words for an error), cut to `size` bytes in
/// the same way. hd_notation_argument is false, and writes nothing, past the call's last one.
bool hd_notation_argument(const struct hd_syscall *call, const struct hd_notation_style *style,
                          size_t index, char *text, size_t size);
void hd_notation_result(const struct hd_syscall *call, const struct hd_notation_style *style,
                        char *text, size_t size);

/// The name of a system call, as libseccomp knows it; `syscall_0x1f4` for a number that has none.
void hd_notation_call_name(long number, char name[HD_NOTATION_NAME_MAX]);

#endif
