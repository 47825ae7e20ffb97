// SPDX-License-Identifier: MIT
/// bare.c: call, fill, remember the pointer.
#include "harness/engine/bare.h"

#include "harness/engine/call.h"
#include "harness/model/pattern.h"

#include <string.h>

/// All that a plain program keeps of a block.
struct bare_block {
    uintptr_t address; // 0: none
    size_t filled;     // bytes
};

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static void take_block(const struct hd_subject *subject, struct bare_block *block, uintptr_t result,
                       size_t size, size_t kept)
{
    const struct hd_allocator *allocator = &subject->allocator;
    if (allocator->usable_size != NULL)
        size = allocator->usable_size(subject->heap, (void *)result);
    *block = (struct bare_block){.address = result, .filled = smaller(size, HD_PATTERN_WHOLE)};
    if (kept < block->filled) memset((uint8_t *)result + kept, 0x5a, block->filled - kept);
}

static void carry_out(const struct hd_subject *subject, const struct hd_op *op,
                      struct bare_block *block)
{
    const struct hd_answer answer = hd_call(subject, op, block->address);
    const unsigned operands = hd_op_infos[op->kind].operands;
    if (op->kind == HD_OP_WRITE) memset((void *)block->address, 0x5a, block->filled);
    if (op->kind == HD_OP_FREE) *block = (struct bare_block){0};
    if ((operands & HD_RESULT) == 0) return;

    bool overflow;
    const size_t size = hd_call_size(op, &overflow);
    if (answer.result != 0)
        take_block(subject, block, answer.result, size, smaller(block->filled, size));
    else if ((operands & HD_SLOT) != 0 && size == 0)
        *block = (struct bare_block){0};
}

void hd_bare_run(const struct hd_subject *subject, const struct hd_trace *trace,
                 struct hd_arena *arena)
{
    const size_t used = arena->used;
    const size_t bytes = ((size_t)trace->slot_count + 1) * sizeof(struct bare_block); // free_null's
    struct bare_block *blocks = hd_arena_take(arena, bytes, _Alignof(struct bare_block));
    memset(blocks, 0, bytes);
    for (size_t i = 0; i < trace->count; i++) {
        const struct hd_op *op = &trace->ops[i];
        if (!hd_call_offered(&subject->allocator, op->kind)) continue;
        if (!hd_call_applies(op, blocks[op->slot].address != 0)) continue;
        carry_out(subject, op, &blocks[op->slot]);
    }
    for (uint32_t slot = 0; slot < trace->slot_count; slot++) {
        if (blocks[slot].address == 0) continue;
        subject->allocator.release(subject->heap, (void *)blocks[slot].address);
    }
    hd_arena_reset(arena, used);
}
