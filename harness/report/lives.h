// SPDX-License-Identifier: MIT
/// lives.h: the blocks of a run as rectangles: where each lay, from which operation to which.
#ifndef HD_LIVES_H
#define HD_LIVES_H

#include "harness/base/arena.h"
#include "harness/runner/runner.h"

#include <stddef.h>
#include <stdint.h>

/// Of a block that a realloc changed, one life before it and one after.
struct hd_life {
    uint64_t birth; // the operation that gave it, 1 for the trace's first
    uint64_t death; // that ended it; one past the last that the run came to where none did
    uintptr_t address;
    size_t usable; // bytes
};

struct hd_lives {
    const struct hd_life *items; // by birth
    size_t count;
    struct hd_arena arena; // holds them
};

/// pre: the result has moments.
void hd_lives_open(struct hd_lives *lives, const struct hd_trace *trace,
                   const struct hd_result *result);
void hd_lives_close(struct hd_lives *lives);

#endif
