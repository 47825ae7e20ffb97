// SPDX-License-Identifier: MIT
/// prober.h: what the questions ask with, in a probe's child. No function here calls libc's malloc.
#ifndef HD_PROBER_H
#define HD_PROBER_H

#include "allocators/allocator.h"
#include "harness/engine/call.h"
#include "harness/engine/memory_limit.h"
#include "harness/probe/probe.h"
#include "harness/tap/space.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a child is told and what it tells, in memory shared with the process that watches it. The
/// allocator may write over it: probe.c believes none of it unchecked.
struct hd_probe_page {
    // What to do. `conditions.held` points to nothing.
    char spec[4096];
    struct hd_conditions conditions;
    pid_t parent;
    uint64_t wanted; // a set of enum hd_question

    // What came of it.
    volatile uint32_t asking; // the question under way; when the child has ended, the next to ask
    volatile bool afterwards; // in ordinary calls after those that it is about
    bool loaded;
    bool finished; // the child came to its own end: an allocator may end it with status 0 too
    enum hd_status status;
    struct hd_message message;
    uint32_t nulls[HD_ZERO_REQUESTS];  // how often a request of no bytes was answered by NULL
    uint32_t blocks[HD_ZERO_REQUESTS]; // and by a block
    struct hd_probe probe;
};

#define HD_PROBE_CHILD_NAME "heapduel-probe"

struct hd_prober {
    struct hd_subject subject;
    struct hd_probe_page *page;
    struct hd_told *told;         // the answer under way
    struct hd_space space;        // of the allocator, as far as the tap sees it
    bool tapped;                  // every call so far was seen
    struct hd_memory_limit limit; // holds
    size_t lost[HD_SYSCALLS];     // bytes that calls gave back or discarded, since it was cleared
};

/// A question of questions.def: sets `prober->told`.
#define HD_SECTION(title)
#define HD_QUESTION(id, how, label) void hd_ask_##id(struct hd_prober *prober);
#include "harness/probe/questions.def"
#undef HD_QUESTION
#undef HD_SECTION

// ---------------------------------------------------------------------------- calls

/// True when the function that the operation calls is offered; else the answer is that it is not.
bool hd_prober_offers(struct hd_prober *prober, enum hd_op_kind kind);

/// hd_call, with what it asked of the kernel taken down. The calls stay in the tap's log.
struct hd_answer hd_prober_call(struct hd_prober *prober, enum hd_op_kind kind, uintptr_t block,
                                uint64_t extra, uint64_t size);

/// malloc, 0 for NULL; and free, for which 0 is fine.
uintptr_t hd_prober_malloc(struct hd_prober *prober, size_t size);
void hd_prober_free(struct hd_prober *prober, uintptr_t block);

/// malloc_usable_size; `size` where it is not offered.
size_t hd_prober_usable(struct hd_prober *prober, uintptr_t block, size_t size);

/// malloc_trim, with what it asked of the kernel taken down. False: it is not offered.
bool hd_prober_trim(struct hd_prober *prober);

/// Takes down what the tap's log holds.
void hd_prober_take_calls(struct hd_prober *prober);

/// The child's forks try what may not be survived, or what must come first in a process. Returns
/// what `attempt` returns, 0 to 100, or -1 when it ended the fork.
int hd_prober_in_fork(struct hd_prober *prober, int (*attempt)(struct hd_prober *, uint64_t),
                      uint64_t argument);

// ---------------------------------------------------------------------------- answers

void hd_tell_words(struct hd_told *told, const char *format, ...) HD_PRINTF(2, 3);
void hd_tell_bytes(struct hd_told *told, uint64_t number);
void hd_tell_nothing(struct hd_told *told, const char *why);

/// Adds a row to the answer, which becomes a table. False: there is no room.
bool hd_tell_row(struct hd_prober *prober, uint64_t from, uint64_t to, uint64_t value);

/// How often each answer came, in the order in which they came first.
#define HD_VOTES_MAX 5
struct hd_votes {
    struct {
        char word[48];
        uint32_t count;
    } each[HD_VOTES_MAX];
    uint32_t used;
    uint32_t others; // that found no room
};

void hd_vote(struct hd_votes *votes, const char *format, ...) HD_PRINTF(2, 3);

/// The one answer, or that it varies; nothing where there was no vote.
void hd_tell_votes(const struct hd_votes *votes, struct hd_told *told);

/// What a call gave, in the words of the table of choices: `block`, `NULL`, `NULL ENOMEM`.
#define HD_WORD_MAX 48
void hd_answer_word(enum hd_op_kind kind, const struct hd_answer *answer, char word[HD_WORD_MAX]);

#endif
