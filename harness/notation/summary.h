// SPDX-License-Identifier: MIT
/// summary.h: how often each system call was made, as `strace -c` counts.
#ifndef HD_NOTATION_SUMMARY_H
#define HD_NOTATION_SUMMARY_H

#include "harness/notation/notation.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/// More than Linux has system calls. Numbers that find no row are counted in `lost`.
#define HD_SUMMARY_ROWS_MAX 512

struct hd_summary_row {
    long number;
    char name[HD_NOTATION_NAME_MAX];
    uint64_t calls;
    uint64_t errors;  // failed in the kernel; of brk, those that did not move the break as asked
    uint64_t refused; // answered by the tap; none of them is in `errors`
    // Bytes as the call had them: not rounded to pages. What is mapped over a mapping (MAP_FIXED)
    // counts as mapped.
    uint64_t mapped;
    uint64_t unmapped;
};

/// All zero is an empty one.
struct hd_summary {
    struct hd_summary_row rows[HD_SUMMARY_ROWS_MAX];
    size_t count;
    uint64_t lost;
};

/// Counts `count` more calls, and sorts the rows: most calls first, then by name.
void hd_summary_add(struct hd_summary *summary, const struct hd_syscall *calls, size_t count);

/// Writes a table with a line for each row and one for their sum. The caller asks ferror.
void hd_summary_write(const struct hd_summary *summary, FILE *file);

#endif
