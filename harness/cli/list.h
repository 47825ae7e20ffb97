// SPDX-License-Identifier: MIT
/// list.h: what `heapduel list` knows of an allocator, and its two ways to write everything.
#ifndef HD_LIST_H
#define HD_LIST_H

#include "allocators/status.h"

#include <stdbool.h>
#include <stddef.h>

struct hd_listed {
    const char *name;
    const char *summary;
    bool found;
    struct hd_message why_not;
};

/// How many operands an operation has at most.
#define HD_LIST_OPERANDS 8

/// The operands that follow an operation's word in the text form, ended by NULL.
void hd_list_operands(unsigned operand_set, const char *operands[HD_LIST_OPERANDS]);

void hd_list_text(const struct hd_listed *allocators, size_t count);
void hd_list_json(const struct hd_listed *allocators, size_t count);

#endif
