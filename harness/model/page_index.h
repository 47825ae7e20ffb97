// SPDX-License-Identifier: MIT
/// page_index.h: the live blocks in the order of their addresses.
///
/// A directory of three levels, each a table of 4096 with a bitmap of what is in it, leads from the
/// upper 36 bits of an address to its page; a page lists the blocks that begin in it, sorted:
///
///     47      36 35      24 23      12 11       0
///     | level 0 | level 1  | level 2  | offset  |       page: count | offsets... | slots...
///
/// Looking up, inserting, removing and stepping to a neighbour cost a handful of memory reads,
/// however many blocks live. Slots stand for blocks here; what they are is the model's matter.
#ifndef HD_PAGE_INDEX_H
#define HD_PAGE_INDEX_H

#include "harness/base/address.h"
#include "harness/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

// No block starts at or past HD_ADDRESS_END; whoever inserts has checked.

/// Where there is no block.
#define HD_NO_SLOT UINT32_MAX

struct hd_directory;
struct hd_page;
struct hd_path;

#define HD_PAGE_CLASSES 11 // the largest lists a block at each byte of its page

struct hd_page_index {
    struct hd_arena *arena; // owned by whoever opened the index
    struct hd_directory *root;
    struct hd_path *last_path; // to the page last looked up
    struct hd_directory *free_directories;
    struct hd_page *free_pages[HD_PAGE_CLASSES];
};

/// The blocks nearest to an address, by slot, HD_NO_SLOT where there is none.
struct hd_neighbours {
    uint32_t below; // starts at or before the address
    uint32_t above; // starts after it
};

/// An empty index that takes its memory from `arena` and keeps it there.
void hd_page_index_open(struct hd_page_index *index, struct hd_arena *arena);

/// `address` < HD_ADDRESS_END.
struct hd_neighbours hd_page_index_neighbours(const struct hd_page_index *index, uintptr_t address);

/// Asks for what a look-up of the address will read, as far as that can be told; changes nothing.
void hd_page_index_prefetch(const struct hd_page_index *index, uintptr_t address);

/// No block in the index may start at `address`.
void hd_page_index_insert(struct hd_page_index *index, uintptr_t address, uint32_t slot);

/// A block of the index must start at `address`.
void hd_page_index_remove(struct hd_page_index *index, uintptr_t address);

#endif
