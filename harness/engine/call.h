// SPDX-License-Identifier: MIT
/// call.h: one operation as a call of the allocator's function.
#ifndef HD_CALL_H
#define HD_CALL_H

#include "allocators/allocator.h"
#include "harness/trace/op.h"

#include <stdbool.h>
#include <stdint.h>

/// What errno and posix_memalign's pointer hold before each call: values that no allocator sets.
#define HD_ERRNO_BEFORE   EDOM
#define HD_POINTER_BEFORE ((uintptr_t)0x5a5a5a5a)

/// What came back.
struct hd_answer {
    uintptr_t result;        // the block, 0 for NULL; 0 for operations that return none
    uintptr_t pointer_after; // posix_memalign: its pointer, whatever the result
    size_t usable;           // malloc_usable_size's answer
    int status;              // posix_memalign's result
    int errno_after;
};

/// True when the allocator has the function that the operation calls; `write` and
/// the events call none.
bool hd_call_offered(const struct hd_allocator *allocator, enum hd_op_kind kind);

/// True for an operation that is no call of the allocator's but something that happens around it;
/// of those, for one that makes the kernel refuse.
bool hd_call_is_event(enum hd_op_kind kind);
bool hd_call_refuses(enum hd_op_kind kind);

/// True when the operation makes sense on a slot that holds a block, or holds none: one that makes
/// a new block needs an empty slot, one that works on a block needs a block; realloc takes either.
/// `thread_end` does not, for whoever has no threads but the first (harness/engine/hand_out.h).
static inline bool hd_call_applies(const struct hd_op *op, bool slot_holds_block)
{
    const unsigned operands = hd_op_infos[op->kind].operands;
    const bool takes = (operands & HD_SLOT) != 0;
    const bool makes = (operands & HD_RESULT) != 0;
    if (op->kind == HD_OP_THREAD_END) return false;
    if (takes && makes) return true;
    return takes ? slot_holds_block : !makes || !slot_holds_block;
}

/// Calls the function, which must be offered, with `block` (0: NULL) as the slot's block, and with
/// the tap armed. `write` and events call nothing; `thread_end` calls free(NULL).
struct hd_answer hd_call(const struct hd_subject *subject, const struct hd_op *op, uintptr_t block);

/// Bytes that the operation asks for, count x size; SIZE_MAX and `*overflow` when that overflows.
static inline size_t hd_call_size(const struct hd_op *op, bool *overflow)
{
    size_t size = op->size;
    *overflow = (hd_op_infos[op->kind].operands & HD_COUNT) != 0 &&
                __builtin_mul_overflow(op->size, op->extra, &size);
    return *overflow ? SIZE_MAX : size;
}

#endif
