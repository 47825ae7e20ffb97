// SPDX-License-Identifier: MIT
/// pause_afl.c: another map for the edges, for a while.
#include "harness/fuzz/pause.h"

#include "allocators/status.h"

#include <stddef.h>
#include <stdint.h>

// AFL++'s runtime: where edges are counted, and how many there are.
extern uint8_t *__afl_area_ptr;
extern uint32_t __afl_map_size;

static uint8_t nobody_reads[(size_t)1 << 22];
static uint8_t *map;

/// A library counts in the same map.
void hd_coverage_watch(const struct link_map *library)
{
    (void)library;
}

void hd_coverage_pause(void)
{
    HD_ASSERT(map == NULL && __afl_map_size <= sizeof nobody_reads);
    map = __afl_area_ptr;
    __afl_area_ptr = nobody_reads;
}

void hd_coverage_resume(void)
{
    HD_ASSERT(map != NULL);
    __afl_area_ptr = map;
    map = NULL;
}
