// SPDX-License-Identifier: MIT
/// snapshot.c: the model's blocks, the tap's regions, the kernel's maps.
#include "harness/runner/snapshot.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void take_regions(struct hd_snapshot *snapshot, const struct hd_space *space)
{
    snapshot->brk_end = space->brk_end;
    const size_t count = space->count;
    snapshot->region_count = count < HD_SNAPSHOT_REGIONS_MAX ? count : HD_SNAPSHOT_REGIONS_MAX;
    memcpy(snapshot->regions, space->regions, snapshot->region_count * sizeof space->regions[0]);
}

static void take_blocks(struct hd_snapshot *snapshot, const struct hd_model *model)
{
    snapshot->blocks_live = model->live_count;
    uint32_t slot = hd_model_neighbours(model, 0).above;
    while (slot != HD_NO_SLOT && snapshot->block_count < HD_SNAPSHOT_BLOCKS_MAX) {
        const struct hd_block *block = &model->blocks[slot];
        snapshot->blocks[snapshot->block_count++] =
            (struct hd_snapshot_block){.address = block->address,
                                       .size = block->size,
                                       .usable = block->usable,
                                       .slot = slot};
        slot = hd_model_neighbours(model, block->address).above;
    }
}

/// The arenas, and the tap's log.
static void take_ours(struct hd_snapshot *snapshot)
{
    snapshot->ours_count = hd_arena_ranges(snapshot->ours);
    if (hd_tap_way() == HD_TAP_OFF) return;
    const uintptr_t log = (uintptr_t)hd_tap_log();
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    snapshot->ours[snapshot->ours_count++] = (struct hd_arena_range){
        .start = log, .end = (log + sizeof(struct hd_tap_log) + page - 1) & ~(page - 1)};
}

static void take_maps(struct hd_snapshot *snapshot)
{
    const int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (maps < 0) return;
    while (snapshot->maps_size < HD_SNAPSHOT_MAPS_MAX) {
        const ssize_t length = read(maps, snapshot->maps + snapshot->maps_size,
                                    HD_SNAPSHOT_MAPS_MAX - snapshot->maps_size);
        if (length <= 0) break;
        snapshot->maps_size += (size_t)length;
    }
    (void)close(maps);
}

void hd_snapshot_take(struct hd_snapshot *snapshot, const struct hd_engine *engine)
{
    snapshot->pid = (uint32_t)getpid();
    take_regions(snapshot, &engine->kernel_side.space);
    take_blocks(snapshot, &engine->model);
    take_ours(snapshot);
    take_maps(snapshot);
    snapshot->complete = true;
}
