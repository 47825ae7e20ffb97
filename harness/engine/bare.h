// SPDX-License-Identifier: MIT
/// bare.h: the same calls with nothing checked: what a run costs without heapduel.
#ifndef HD_BARE_H
#define HD_BARE_H

#include "allocators/allocator.h"
#include "harness/trace/trace.h"

/// All that a plain program keeps of a block.
struct hd_bare_block {
    uintptr_t address; // 0: none
    size_t filled;     // bytes
};

struct hd_bare {
    const struct hd_subject *subject;
    struct hd_bare_block *blocks; // by slot
    struct hd_arena *arena;       // holds them
    size_t used_before;           // of the arena
    uint32_t slot_count;
};

/// Carries out the trace with the calls that hd_engine_run makes (malloc_usable_size of each new
/// block among them), fills each block once by memset over its usable size (of a resized one, what
/// it gained), judges nothing, and at the end frees what is left in the order of the slots.
/// Of a block larger than HD_PATTERN_WHOLE only so many bytes are filled: the engine samples too.
void hd_bare_run(const struct hd_subject *subject, const struct hd_trace *trace,
                 struct hd_arena *arena);

/// The same in parts, to measure one of them: no block in any slot; any number of operations, whose
/// slots are below `slot_count`, or those of a trace from one on; the frees at the end. Subject and
/// arena stay the caller's.
void hd_bare_open(struct hd_bare *bare, const struct hd_subject *subject, uint32_t slot_count,
                  struct hd_arena *arena);
void hd_bare_carry_out(struct hd_bare *bare, const struct hd_op *ops, size_t count);
void hd_bare_carry_out_from(struct hd_bare *bare, const struct hd_trace *trace, size_t from);
void hd_bare_close(struct hd_bare *bare);

#endif
