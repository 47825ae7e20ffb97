// SPDX-License-Identifier: MIT
/// bare.c: call, fill, remember the pointer.
#include "harness/engine/bare.h"

#include "harness/engine/call.h"
#include "harness/model/pattern.h"

#include <string.h>

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static void take_block(const struct hd_subject *subject, struct hd_bare_block *block,
                       uintptr_t result, size_t size, size_t kept)
{
    const struct hd_allocator *allocator = &subject->allocator;
    if (allocator->usable_size != NULL)
        size = allocator->usable_size(subject->heap, (void *)result);
    *block = (struct hd_bare_block){.address = result, .filled = smaller(size, HD_PATTERN_WHOLE)};
    if (kept < block->filled) memset((uint8_t *)result + kept, 0x5a, block->filled - kept);
}

static void carry_out(const struct hd_subject *subject, const struct hd_op *op,
                      struct hd_bare_block *block)
{
    const struct hd_answer answer = hd_call(subject, op, block->address);
    const unsigned operands = hd_op_infos[op->kind].operands;
    if (op->kind == HD_OP_WRITE) memset((void *)block->address, 0x5a, block->filled);
    if (op->kind == HD_OP_FREE) *block = (struct hd_bare_block){0};
    if ((operands & HD_RESULT) == 0) return;

    bool overflow;
    const size_t size = hd_call_size(op, &overflow);
    if (answer.result != 0)
        take_block(subject, block, answer.result, size, smaller(block->filled, size));
    else if ((operands & HD_SLOT) != 0 && size == 0)
        *block = (struct hd_bare_block){0};
}

void hd_bare_open(struct hd_bare *bare, const struct hd_subject *subject, uint32_t slot_count,
                  struct hd_arena *arena)
{
    const size_t bytes = ((size_t)slot_count + 1) * sizeof(struct hd_bare_block); // free_null's
    *bare = (struct hd_bare){
        .subject = subject, .arena = arena, .used_before = arena->used, .slot_count = slot_count};
    bare->blocks = hd_arena_take(arena, bytes, _Alignof(struct hd_bare_block));
    memset(bare->blocks, 0, bytes);
}

void hd_bare_carry_out(struct hd_bare *bare, const struct hd_op *ops, size_t count)
{
    const struct hd_subject *subject = bare->subject;
    struct hd_bare_block *blocks = bare->blocks;
    for (size_t i = 0; i < count; i++) {
        const struct hd_op *op = &ops[i];
        if (!hd_call_offered(&subject->allocator, op->kind)) continue;
        if (!hd_call_applies(op, blocks[op->slot].address != 0)) continue;
        carry_out(subject, op, &blocks[op->slot]);
    }
}

void hd_bare_carry_out_from(struct hd_bare *bare, const struct hd_trace *trace, size_t from)
{
    for (struct hd_window window = {.to = from}; hd_trace_walk(trace, &window);)
        hd_bare_carry_out(bare, trace->ops + window.from, window.to - window.from);
}

void hd_bare_close(struct hd_bare *bare)
{
    const struct hd_subject *subject = bare->subject;
    for (uint32_t slot = 0; slot < bare->slot_count; slot++) {
        if (bare->blocks[slot].address == 0) continue;
        subject->allocator.release(subject->heap, (void *)bare->blocks[slot].address);
    }
    hd_arena_reset(bare->arena, bare->used_before);
}

void hd_bare_run(const struct hd_subject *subject, const struct hd_trace *trace,
                 struct hd_arena *arena)
{
    struct hd_bare bare;
    hd_bare_open(&bare, subject, trace->slot_count, arena);
    hd_bare_carry_out_from(&bare, trace, 0);
    hd_bare_close(&bare);
}
