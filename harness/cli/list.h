// SPDX-License-Identifier: MIT
/// list.h: what `heapduel list` knows of allocators and of the tap, and its two ways to write
/// everything.
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

/// A way of the tap, and whether it works on this machine.
struct hd_listed_way {
    const char *name;
    const char *summary;
    bool works;
    bool chosen; // by auto
    struct hd_message why_not;
};

/// How many operands an operation has at most.
#define HD_LIST_OPERANDS 8

/// The operands that follow an operation's word in the text form, ended by NULL.
void hd_list_operands(unsigned operand_set, const char *operands[HD_LIST_OPERANDS]);

/// `ways` has HD_TAP_WAYS entries.
void hd_list_text(const struct hd_listed *allocators, size_t count,
                  const struct hd_listed_way *ways);
void hd_list_json(const struct hd_listed *allocators, size_t count,
                  const struct hd_listed_way *ways);

#endif
