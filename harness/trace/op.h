// SPDX-License-Identifier: MIT
/// op.h: one operation of a trace, and what is known of each kind.
#ifndef HD_OP_H
#define HD_OP_H

#include "allocators/syscalls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What an operation is given; see ops.def.
enum hd_operand {
    HD_SLOT = 1 << 0,      // works on the block in `slot`
    HD_RESULT = 1 << 1,    // puts the block it returns into `slot`
    HD_COUNT = 1 << 2,     // `extra` is a number of elements
    HD_ALIGNMENT = 1 << 3, // `extra` is an alignment in bytes
    HD_SIZE = 1 << 4,      // `size` is a number of bytes
    HD_SYSCALL = 1 << 5,   // `extra` is an enum hd_syscall_id below HD_REFUSABLES
    HD_TIMES = 1 << 6,     // `size` is a number from 1 to HD_TIMES_MAX
    HD_DELTA = 1 << 7,     // `size` is a number of bytes up or down: an int64_t, two's complement
};

enum hd_op_kind {
#define HD_OP(id, text, operands, weight) HD_OP_##id,
#include "harness/trace/ops.def"
#undef HD_OP
    HD_OP_KINDS
};

/// Slots are 0 to HD_SLOT_MAX; threads 0 to HD_THREAD_MAX.
#define HD_SLOT_MAX   ((UINT32_C(1) << 28) - 1)
#define HD_THREAD_MAX 63

/// The most threads of a fuzz target's input; numbers are taken modulo this.
#define HD_INPUT_THREADS 4

/// Its number in a run. The thread of a trace's first operation, `first`, is the process's own, 0.
static inline uint8_t hd_thread_number(uint8_t first, uint8_t thread)
{
    if (thread == first) return 0;
    return thread == 0 ? first : thread;
}

/// How far ahead, or how often, an event can refuse.
#define HD_TIMES_MAX 64

/// The operands in `extra`, and those in `size`; a kind takes at most one of each.
#define HD_IN_EXTRA (HD_SYSCALL | HD_COUNT | HD_ALIGNMENT)
#define HD_IN_SIZE  (HD_SIZE | HD_TIMES | HD_DELTA)

/// One operation. Fields that its kind has no use for are 0: then equal operations are equal bytes.
struct hd_op {
    uint8_t kind;   // enum hd_op_kind
    uint8_t thread; // which thread carries it out; 0 is the first
    uint32_t slot;
    uint64_t size;  // bytes or times, as the kind says
    uint64_t extra; // count, alignment or system call, as the kind says
};

/// What ops.def says of a kind.
struct hd_op_info {
    const char *text;  // the word in the text form; also the C function's name where there is one
    unsigned operands; // set of enum hd_operand
    unsigned weight;
};

/// Indexed by enum hd_op_kind.
extern const struct hd_op_info hd_op_infos[HD_OP_KINDS];

/// True when every field is in the range that its kind gives it, and 0 where it has no use for it.
bool hd_op_well_formed(const struct hd_op *op);

/// Makes `slot_count` so large that the slot which the operation names, if it names one, is below.
static inline void hd_op_count_slot(const struct hd_op *op, uint32_t *slot_count)
{
    if (!(hd_op_infos[op->kind].operands & (HD_SLOT | HD_RESULT))) return;
    if (op->slot >= *slot_count) *slot_count = op->slot + 1;
}

/// Longest text of one operation, with its terminating zero.
#define HD_OP_TEXT_MAX 128

/// Writes the operation as one line of the text form, without a newline, zero-terminated; returns
/// its length. Pre: `op` is well formed. Allocates nothing.
size_t hd_op_format(const struct hd_op *op, char text[HD_OP_TEXT_MAX]);

#endif
