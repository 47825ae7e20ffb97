// SPDX-License-Identifier: MIT
/// compare.h: one trace as several allocators answered it: where they must agree, and where not.
///
/// Where the contract fixes the answer, allocators that disagree are a difference, which is a
/// finding of the oracle `differential`. Where it leaves a choice, or where an allocator's policy
/// declares that it deviates, the answers are a row of the table of choices. Plain data, no heap: a
/// fuzz target compares too.
#ifndef HD_COMPARE_H
#define HD_COMPARE_H

#include "harness/compare/choices.h"
#include "harness/trace/trace.h"

#include <stddef.h>
#include <stdint.h>

/// What is compared by no single allocator's step, and so has no judge of its own: for lists.
extern const struct hd_oracle hd_oracle_differential;

/// Steps at which allocators disagree about what the contract fixes. The evidence names both sides:
/// `glibc, jemalloc: NULL ENOMEM; mine: block`.
struct hd_difference {
    struct hd_finding finding;
    uint32_t deviators; // set of contestants, by index: those in the wrong
    struct hd_outcome answers[HD_CONTESTANTS_MAX];
};

#define HD_DIFFERENCES_MAX 16

/// What came of comparing. Large: keep it in static memory or an arena.
struct hd_comparison {
    // Each signature with the same deviators once, in the order found; more are counted only.
    struct hd_difference differences[HD_DIFFERENCES_MAX];
    uint32_t difference_count;
    uint64_t differences_dropped;
    struct hd_choice choices[HD_CHOICES];
};

/// Compares the answers of `count` contestants, at most HD_CONTESTANTS_MAX, to each operation of
/// the trace. `comparison` is overwritten. Outcomes of a trace in a spool lie in shared mappings of
/// files.
void hd_compare(const struct hd_trace *trace, const struct hd_contestant *contestants, size_t count,
                struct hd_comparison *comparison);

/// The sides of a difference, one after the other: those contestants of `left` (at first
/// hd_difference_answered) that answered as its lowest did; takes them out of `left`. 0: no more.
uint32_t hd_difference_next_side(const struct hd_difference *difference, uint32_t *left);

/// The contestants that answered, as a set.
uint32_t hd_difference_answered(const struct hd_difference *difference);

#define HD_OUTCOME_TEXT_MAX 64

/// An outcome in words: `NULL ENOMEM`, `block, an oracle broke`.
void hd_outcome_format(const struct hd_outcome *outcome, char text[HD_OUTCOME_TEXT_MAX]);

#endif
