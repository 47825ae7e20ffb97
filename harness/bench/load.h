// SPDX-License-Identifier: MIT
/// load.h: work that allocators are compared at, the same calls to each.
///
/// Blocks are written to once in each page, as a program would have them resident, and otherwise
/// left alone: what is measured is the allocator. It is called by the function pointers of struct
/// hd_allocator, a loaded library's through one more jump than what is compiled in.
#ifndef HD_LOAD_H
#define HD_LOAD_H

#include "allocators/allocator.h"
#include "harness/base/page.h"
#include "harness/trace/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hd_load_family {
    HD_LOAD_REPLAY, // a trace, its events left out, all on one thread; then what is left is freed
    HD_LOAD_LARSON, // a server, after Larson and Krishnan (ISMM 1998), see larson.h
    HD_LOAD_PAIRS,  // malloc and free, `count` times
    HD_LOAD_BURSTS, // `count` mallocs, then the frees in the same order; HD_LOAD_BURSTS_MADE times
    HD_LOAD_GROWTH, // realloc grows two blocks in turn, up to `size`; then frees; `count` times
    HD_LOAD_FAMILIES,
};

/// As `--load` takes them, by enum hd_load_family.
extern const char *const hd_load_families[HD_LOAD_FAMILIES];

#define HD_LOAD_BURSTS_MADE 10

struct hd_load {
    const char *name;
    enum hd_load_family family;
    unsigned threads;
    size_t size;                  // bytes, of a block
    size_t count;                 // as the family has it
    size_t step;                  // bytes that HD_LOAD_GROWTH grows by; 0: by a half
    const struct hd_trace *trace; // of HD_LOAD_REPLAY; NULL else
};

/// Those of loads.def.
#define HD_LOAD(...) +1
enum {
    HD_LOADS_FIXED = 0
#include "harness/bench/loads.def"
};
#undef HD_LOAD
extern const struct hd_load hd_loads[HD_LOADS_FIXED];

/// Whether the subject can be given it: larson on several threads wants one that is not compiled
/// in, for that takes one thread at a time (allocator.h); growth wants realloc.
bool hd_load_suits(const struct hd_load *load, const struct hd_subject *subject);

/// Calls of the allocator's that it makes; of a replay, operations of the trace.
uint64_t hd_load_operations(const struct hd_load *load);

/// Bytes that hd_load_run needs for itself.
size_t hd_load_room(const struct hd_load *load);

/// Carries it out; all is freed at the end. `room` has hd_load_room bytes, all zero, aligned as a
/// pointer. pre: it suits. Returns how many calls the allocator did not serve: of a replay those
/// that it does not offer or answered with NULL, of another load at most 1, with which it ends, and
/// blocks may be left.
uint64_t hd_load_run(const struct hd_load *load, const struct hd_subject *subject, void *room);

/// Of a larger block only so many bytes are written to: a fuzzer's trace may ask for anything.
#define HD_LOAD_TOUCHED ((size_t)64 << 20)

/// Writes to each page of a block, and to its last byte. That a block went from thread to thread by
/// way of the allocator's own locks, ThreadSanitizer does not know.
__attribute__((no_sanitize("thread"))) static inline void hd_load_touch(void *block, size_t size)
{
    volatile uint8_t *bytes = block;
    if (size == 0) return;
    if (size > HD_LOAD_TOUCHED) size = HD_LOAD_TOUCHED;
    for (size_t at = 0; at < size; at += HD_PAGE)
        bytes[at] = 1;
    bytes[size - 1] = 1;
}

#endif
