// SPDX-License-Identifier: MIT
/// allocator.h: what is tested. Every allocator is one `struct hd_allocator`, and nothing else.
///
/// Throughout: sizes and alignments are bytes. A block returned is the caller's until it is given
/// to `release` or `resize` of the same heap. An allocator is called from one thread at a time.
#ifndef HD_ALLOCATOR_H
#define HD_ALLOCATOR_H

#include "allocators/syscalls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// An allocator's own state: an instance, or the functions of a loaded library. Only the allocator
/// looks inside.
struct hd_heap;

/// A large block may be worked on piece by piece. Bytes.
#define HD_PIECE_BYTES ((size_t)64 << 10)

/// A smaller block may come from what an allocator keeps for a thread alone. Bytes.
#define HD_SMALL_BYTES ((size_t)32 << 10)

/// What an allocator promises to ask of the kernel. A member that is zero promises nothing.
///
/// `demand` is the most that lived at once, in usable bytes, and for each aligned call its
/// alignment besides: to place one block well an allocator may have to map that much.
struct hd_kernel_policy {
    hd_syscall_set calls;   // it makes no others
    // An operation makes at most so many, and one more for each piece of its block. What blocks
    // freed before had may be given back too, once: by one call for each of them and one a piece.
    // 0: not bounded.
    uint32_t calls_max;
    // What it has mapped is at most mapped_factor x demand + mapped_per_block x the most blocks
    // that lived at once + mapped_base, for each thread that called. All zero: not bounded.
    uint32_t mapped_factor;
    size_t mapped_per_block; // bytes
    size_t mapped_base;      // bytes
    size_t mapped_after;    // bytes still mapped at most when all is freed, and trimmed
    bool realloc_0_frees;   // where realloc to no bytes gives NULL the block is freed, and counts as
                            // needed no more. Else nobody knows (C17 7.22.3.5p3)
};

/// Requests of no bytes, for which C17 7.22.3p1 and 7.22.3.5p3 leave it to the allocator whether it
/// gives a block or NULL. Each function makes its own choice.
enum hd_zero_request {
#define HD_ZERO_REQUEST(id, word, text) HD_ZERO_##id,
#include "allocators/zero_requests.def"
#undef HD_ZERO_REQUEST
    HD_ZERO_REQUESTS
};

enum hd_zero_answer { HD_ZERO_OPEN, HD_ZERO_NULL, HD_ZERO_BLOCK }; // open: either

/// How many ranges of sizes hd_choice_policy.alignment tells apart: 1, 2-3, 4-7, 8-15 bytes.
#define HD_TINY_RANGES 4

/// What an allocator chose where the standards leave it a choice. All zero: nothing is known, and
/// what it answers first in a run is what it is held to for the rest of that.
struct hd_choice_policy {
    uint8_t zero[HD_ZERO_REQUESTS];    // enum hd_zero_answer
    uint8_t alignment[HD_TINY_RANGES]; // every block of such a size is a multiple of this; 0: what
                                       // C17 7.22.3p1 asks
};

/// What an allocator is held to that can be found by trying, or read from a file.
struct hd_held_policy {
    struct hd_kernel_policy kernel;
    struct hd_choice_policy choices;
};

/// What an allocator promises beyond the standard, and where it is known to deviate from it. All
/// zero is the plain contract of C17 and POSIX.1-2024, which an allocator without a policy is held
/// to. docs/allocators.md has the evidence for each deviation of a known allocator.
struct hd_policy {
    size_t alignment_min;  // every block is a multiple of this; 0: what C17 7.22.3p1 asks
    size_t errno_size_max; // a larger request is refused with errno as it was; 0: none is

    // Aligned calls are not aligned so when their size is a power of two up to `size_max`, and the
    // alignment at least `alignment_min` but no more than the size. 0: they all are.
    struct {
        size_t alignment_min;
        size_t size_max;
    } misaligns;

    // Others must move the break by multiples of this, in bytes: else it aborts. 0: by any number.
    size_t foreign_break_multiple;

    bool free_changes_errno;      // as before POSIX.1-2024
    bool free_errno_of_call;      // the same, but only of a system call that failed inside free
    bool overflow_no_errno;       // calloc whose product wraps is refused with errno as it was
    bool bad_alignment_served;    // aligned_alloc rounds an alignment that is no power of two
    bool bad_alignment_no_errno;  // aligned_alloc refuses one with errno as it was
    bool bad_alignment_undefined; // the aligned family must not be given one: C11 before DR 460
    bool dies_when_refused;       // aborts where the kernel refuses memory, instead of failing
    bool thread_dies_when_refused; // the same, but only in one of several threads, and before that
                                   // has got a new block of less than HD_SMALL_BYTES, other
                                   // than those it freed

    struct hd_kernel_policy kernel;
    struct hd_choice_policy choices;
};

/// From here on the policy is `held` where that has a say.
static inline void hd_policy_hold(struct hd_policy *policy, const struct hd_held_policy *held)
{
    policy->kernel = held->kernel;
    policy->choices = held->choices;
}

/// One allocator under test.
struct hd_allocator {
    const char *name;    // key in --allocator, in reports and in file names
    const char *summary; // one line, for `heapduel list`
    struct hd_policy policy;

    // Required. Not named malloc and free: vendor headers define those as macros.
    void *(*allocate)(struct hd_heap *heap, size_t size);
    void (*release)(struct hd_heap *heap, void *block); // NULL is a no-op

    // Optional. NULL: not offered; the engine skips the operation and counts the skip.
    // Each has the contract of the C or POSIX function that its comment names.
    void *(*allocate_zeroed)(struct hd_heap *heap, size_t count, size_t size); // calloc
    void *(*resize)(struct hd_heap *heap, void *block, size_t size);           // realloc
    void *(*resize_array)(struct hd_heap *heap, void *block, size_t count,
                          size_t size);                                            // reallocarray
    void *(*allocate_aligned)(struct hd_heap *heap, size_t alignment, size_t size); // aligned_alloc
    int (*allocate_posix)(struct hd_heap *heap, void **block, size_t alignment,
                          size_t size); // posix_memalign
    void *(*allocate_memalign)(struct hd_heap *heap, size_t alignment, size_t size); // memalign
    void *(*allocate_page_aligned)(struct hd_heap *heap, size_t size);               // valloc
    void *(*allocate_pages)(struct hd_heap *heap, size_t size); // pvalloc; no operation calls it
    size_t (*usable_size)(struct hd_heap *heap, void *block); // malloc_usable_size
    void (*trim)(struct hd_heap *heap); // malloc_trim(0): gives back to the kernel what it can
    bool (*consistent)(struct hd_heap *heap); // walks all metadata; false: an invariant broke
    size_t (*capacity)(struct hd_heap *heap); // bytes of the largest block when none lives
    // Its own state, not what it got from the kernel, is as before its first call. To be called
    // when all it got since then is given back, whatever state it is in.
    void (*reset)(struct hd_heap *heap);
};

/// Makes one system call.
typedef int64_t hd_kernel_caller(long number, const uint64_t args[6]);

/// An allocator ready to be called: its functions and the heap to give them.
struct hd_subject {
    struct hd_allocator allocator;
    struct hd_heap *heap;

    // From here on its system calls are made by `caller`, which answers as the kernel does (-4095 to
    // -1 is -errno), or where that is NULL by itself again. NULL: it makes them itself, as libraries
    // do; one that is compiled in has this, since by where a call was made it cannot be told from
    // the harness.
    void (*lend_kernel)(hd_kernel_caller *caller);

    const void *library; // its struct link_map; NULL: it is compiled in

    bool unseen; // the tap that is open does not see its system calls
};

#endif
