// SPDX-License-Identifier: MIT
/// check.h: whether a heap is fresh: the same trace must give the same pointers and the same calls.
#ifndef HD_FRESH_CHECK_H
#define HD_FRESH_CHECK_H

#include "harness/fresh/fresh.h"

/// What an allocator answered in a run, and what it asked of the kernel, in a number: each step's
/// block and usable size, each system call's number, and of those that work on memory the arguments
/// and the answer. Other calls' arguments are addresses of the harness's, and random registers.
struct hd_digest {
    struct hd_observer observer;
    struct hd_engine *engine;
    const struct hd_observer *before;
    uint64_t value;
};

/// Looks on at the engine's runs from here to hd_digest_end, beside the observer that it has.
void hd_digest_begin(struct hd_digest *digest, struct hd_engine *engine);

/// The digest of what came since.
uint64_t hd_digest_end(struct hd_digest *digest);

/// Begins a run on a fresh heap, carries the trace out, and answers its digest, with the number of
/// findings. The heap is yet to be put back. `run` is overwritten.
uint64_t hd_digest_run(struct hd_fresh *fresh, const struct hd_trace *trace, struct hd_run *run);

/// Carries the trace out some times, each time on a fresh heap, first with nothing parked, so that
/// the kernel gives each answer, then with more and more: HD_OK when all had the same digest. What
/// was parked before goes, as the kernel may now have other places for it: the process itself maps
/// memory between inputs. HD_UNAVAILABLE: they had not, or the heap could not be put back. `run` is
/// overwritten. pre: the heap is fresh; so it is afterwards, where HD_OK.
HD_MUST_USE enum hd_status hd_fresh_check(struct hd_fresh *fresh, const struct hd_trace *trace,
                                          struct hd_run *run, struct hd_message *message);

#endif
