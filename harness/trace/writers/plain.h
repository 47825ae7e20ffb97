// SPDX-License-Identifier: MIT
/// plain.h: operations for forms that know malloc, realloc and free alone, on one thread.
#ifndef HD_PLAIN_H
#define HD_PLAIN_H

#include "allocators/status.h"
#include "harness/trace/op.h"

#include <stdbool.h>

struct hd_plain {
    bool lenient;
    uint64_t number;         // of the operation looked at, from 1
    uint64_t plainer;        // operations that lost something: alignment, thread, zeroing
    uint64_t left_out;       // operations that were not written
    struct hd_message first; // what was lost first
    uint8_t *live;           // a bit a slot, from mmap; NULL: no slot was looked at
};

void hd_plain_open(struct hd_plain *plain, bool lenient);

/// What of `op` can be said goes into `said`, a malloc, realloc, free or free_null on thread 0;
/// `says` tells whether there is anything. An operation that would be skipped when carried out (a
/// free of nothing) cannot be said. HD_BAD_INPUT: something cannot be said, and the writer is not
/// lenient; HD_UNAVAILABLE: no memory.
HD_MUST_USE enum hd_status hd_plain_say(struct hd_plain *plain, const struct hd_op *op,
                                        struct hd_op *said, bool *says, struct hd_message *message);

/// The operation looked at, or part of it (`says`), cannot be said, for the reason `what`. Returns
/// as hd_plain_say does.
HD_MUST_USE enum hd_status hd_plain_lose(struct hd_plain *plain, const struct hd_op *op, bool says,
                                         const char *what, struct hd_message *message);

/// Whether the slot that the operation works on holds a block by now.
bool hd_plain_lives(const struct hd_plain *plain, const struct hd_op *op);

void hd_plain_close(struct hd_plain *plain);

#endif
