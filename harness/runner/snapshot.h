// SPDX-License-Identifier: MIT
/// snapshot.h: the address space of a child after the last operation of its trace.
#ifndef HD_SNAPSHOT_H
#define HD_SNAPSHOT_H

#include "harness/engine/engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HD_SNAPSHOT_REGIONS_MAX 65536
#define HD_SNAPSHOT_BLOCKS_MAX  65536
#define HD_SNAPSHOT_OURS_MAX    (HD_ARENAS_MAX + 1)
#define HD_SNAPSHOT_MAPS_MAX    ((size_t)4 << 20)

struct hd_snapshot_block {
    uintptr_t address;
    size_t size;   // bytes asked for
    size_t usable; // bytes
    uint32_t slot;
};

struct hd_snapshot {
    bool complete;      // the rest is set
    uint32_t pid;       // whose it is
    uintptr_t brk_end;  // where the break is; 0: not known
    size_t region_count;
    size_t block_count;
    size_t blocks_live; // more may live than are held here
    size_t ours_count;
    size_t maps_size;   // bytes
    struct hd_region regions[HD_SNAPSHOT_REGIONS_MAX];         // by address
    struct hd_snapshot_block blocks[HD_SNAPSHOT_BLOCKS_MAX];   // by address, the lowest
    struct hd_arena_range ours[HD_SNAPSHOT_OURS_MAX];          // the harness's own memory
    char maps[HD_SNAPSHOT_MAPS_MAX];                           // the text of /proc/self/maps
};

/// Fills it in, in the process whose it is. Calls no allocator.
void hd_snapshot_take(struct hd_snapshot *snapshot, const struct hd_engine *engine);

#endif
