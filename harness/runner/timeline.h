// SPDX-License-Identifier: MIT
/// timeline.h: what each operation of a trace left behind: its block, and how much memory there is.
#ifndef HD_TIMELINE_H
#define HD_TIMELINE_H

#include "harness/engine/engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// After one operation. All zero: it was not carried out, or is an event.
struct hd_moment {
    uintptr_t address; // of the block in the operation's slot; 0: none
    size_t usable;     // bytes of it
    size_t live;       // usable bytes of all blocks
    size_t mapped;     // bytes; of a run that no tap sees 0
    size_t resident;   // of them, where `looked`
    bool taken;        // the rest is set
    bool looked;       // at resident memory
};

/// How often resident memory is looked at in a trace, at most: it costs a call for each mapping.
#define HD_TIMELINE_LOOKS 256

/// Whether it is after this step (1 for the first) of so many: evenly spaced, the last among them.
bool hd_timeline_looks(uint64_t step, size_t op_count);

/// Fills it in, in the process whose it is. Calls no allocator.
void hd_moment_take(struct hd_moment *moment, const struct hd_engine *engine,
                    const struct hd_step *step, bool looks);

/// What memory a trace took over time.
struct hd_timeline_use {
    double mapped;        // bytes after each operation, added up
    double live;          // the same of usable bytes
    size_t resident_peak; // the most that was seen when it was looked at
};

void hd_timeline_add(struct hd_timeline_use *use, const struct hd_moment *moment);

struct hd_timeline_use hd_timeline_use(const struct hd_moment *moments, size_t count);

#endif
