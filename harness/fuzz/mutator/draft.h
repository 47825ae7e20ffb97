// SPDX-License-Identifier: MIT
/// draft.h: a trace that is being changed.
///
/// A draft has room for the longest trace there may be and takes memory from nobody, so that the
/// heap under test, which may be the process's, is left alone.
#ifndef HD_DRAFT_H
#define HD_DRAFT_H

#include "harness/fuzz/mutator/random.h"
#include "harness/trace/op.h"

/// More operations than that are cut off: 1.5 MiB of records, AFL++ has inputs of 1 MiB at most.
#define HD_DRAFT_MAX ((size_t)1 << 16)

struct hd_draft {
    struct hd_op ops[HD_DRAFT_MAX];
    size_t count;
    size_t count_max;               // at least 1, at most HD_DRAFT_MAX
    struct hd_op run[HD_DRAFT_MAX]; // what is being put together, to be inserted
    size_t run_count;
    uint64_t random; // the state of random.h
    uint64_t off;    // set of operation kinds that are not to be made: bit 1 << kind
};
_Static_assert(HD_OP_KINDS <= 64, "a set of kinds is one word");

/// Reads records. What does not fill one is read as if zeros followed, and left out when
/// there is no room for it. `count_max` is set before.
void hd_draft_decode(struct hd_draft *draft, const uint8_t *bytes, size_t size);

/// Writes canonical records; returns their size in bytes.
size_t hd_draft_encode(const struct hd_draft *draft, uint8_t *bytes);

static inline bool hd_draft_is_on(const struct hd_draft *draft, uint8_t kind)
{
    return (draft->off >> kind & 1) == 0;
}

/// Whether operations of the kind are to be made anew, of any thread: not the ends of threads, which
/// say nothing where there is none to end.
static inline bool hd_draft_makes(const struct hd_draft *draft, uint8_t kind)
{
    return kind != HD_OP_THREAD_END && hd_draft_is_on(draft, kind);
}

static inline uint64_t hd_draft_below(struct hd_draft *draft, uint64_t count)
{
    return hd_random_below(&draft->random, count);
}

/// Any of the draft's operations. pre: count > 0.
static inline size_t hd_draft_any(struct hd_draft *draft)
{
    return (size_t)hd_draft_below(draft, draft->count);
}

/// Where something can be put: before any of the operations, or behind the last.
static inline size_t hd_draft_gap(struct hd_draft *draft)
{
    return (size_t)hd_draft_below(draft, draft->count + 1);
}

/// Any run of the draft's operations, of `length_max` at most: where it begins. pre: count > 0.
size_t hd_draft_any_run(struct hd_draft *draft, size_t length_max, size_t *length);

/// An operation with any of these operands, the first from a random place on, round the end.
/// `count` when there is none.
size_t hd_draft_any_with(struct hd_draft *draft, unsigned operands);

static inline struct hd_op hd_op_of(uint8_t kind, uint32_t slot, uint64_t size, uint64_t extra)
{
    return (struct hd_op){.kind = kind, .slot = slot, .size = size, .extra = extra};
}

/// Adds a copy to the run, unless its kind is off or the run is as long as the draft can be.
void hd_draft_add(struct hd_draft *draft, struct hd_op op);

/// Puts the run before operation `at` (or before one nearer to the beginning, when it does not fit
/// otherwise), and begins a new one. What then lies past count_max falls off the end. False: the
/// run was empty.
bool hd_draft_insert_run(struct hd_draft *draft, size_t at);

/// How many more operations fit.
static inline size_t hd_draft_room(const struct hd_draft *draft)
{
    return draft->count_max - draft->count;
}

/// Takes operations out. pre: at + count <= draft->count.
void hd_draft_erase(struct hd_draft *draft, size_t at, size_t count);

#endif
