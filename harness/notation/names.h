// SPDX-License-Identifier: MIT
/// names.h: names for regions of the address space, found in the order in which they come up.
///
/// Two runs that ask the same of the kernel give the same names to what it answers, wherever that
/// lies. `brk` is where the break was first seen. Each mapping is named by its number: `map1`,
/// `map2`. What is mapped over a part of a region (MAP_FIXED) goes on under the region's name. A
/// region keeps its name when it is unmapped, until its addresses are mapped anew.
#ifndef HD_NOTATION_NAMES_H
#define HD_NOTATION_NAMES_H

#include "harness/base/arena.h"
#include "harness/tap/tap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A part of a named region, [start, end). Parts are sorted and share no byte.
struct hd_notation_part {
    uintptr_t start;
    uintptr_t end;
    uintptr_t origin; // offsets count from here
    const char *name;
    uint64_t number; // stands behind the name; 0: none does
    bool mapped;     // false: unmapped, and only remembered
};

struct hd_notation_names {
    struct hd_notation_part *parts;
    size_t count;
    struct hd_arena arena; // holds the parts, and only them
    uintptr_t page_size;
    uintptr_t brk_start; // 0: the break was not seen yet
    uintptr_t brk_end;   // where it was when last seen
    uint64_t maps;       // how many were numbered
};

/// Where an address lies.
struct hd_notation_place {
    const char *name;
    uint64_t number; // 0: the name stands alone
    uintptr_t offset;
};

/// No names yet. `page_size` is that of the machine the calls were made on.
void hd_notation_names_open(struct hd_notation_names *names, uintptr_t page_size);
void hd_notation_names_close(struct hd_notation_names *names);

/// Names [start, end), as memory that is mapped. `name` must live as long as `names`. pre: start <
/// end. What it covers of regions named before is theirs no longer.
void hd_notation_names_add(struct hd_notation_names *names, const char *name, uintptr_t start,
                           uintptr_t end);

/// Learns from a call what it mapped and unmapped. For each call in the order made, and before that
/// call is written: then its result already has a name, and what it unmapped still has one.
void hd_notation_learn(struct hd_notation_names *names, const struct hd_syscall *call);

/// Finds the region that `address` lies in; false: in none, or `names` is NULL.
bool hd_notation_names_find(const struct hd_notation_names *names, uint64_t address,
                            struct hd_notation_place *place);

/// The same of an address that is or might become the break: one from the first break on lies in
/// `brk`, since the break is behind the region's end.
bool hd_notation_names_find_break(const struct hd_notation_names *names, uint64_t address,
                                  struct hd_notation_place *place);

#endif
