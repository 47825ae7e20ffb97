// SPDX-License-Identifier: MIT
/// allocator.h: what is tested. Every allocator is one `struct hd_allocator`, and nothing else.
///
/// Throughout: sizes and alignments are bytes. A block returned is the caller's until it is given
/// to `release` or `resize` of the same heap. An allocator is called from one thread at a time.
#ifndef HD_ALLOCATOR_H
#define HD_ALLOCATOR_H

#include <stdbool.h>
#include <stddef.h>

/// An allocator's own state: an instance, or the functions of a loaded library. Only the allocator
/// looks inside.
struct hd_heap;

/// Where the standard leaves a choice, or where an allocator is known to deviate from it and says
/// so: what this allocator promises. All zero is the plain contract of C17 and POSIX.1-2024, which
/// an allocator without a policy is held to.
struct hd_policy {
    size_t alignment_min;       // every block is a multiple of this; 0: what C17 7.22.3p1 asks
    bool free_changes_errno;    // POSIX.1-2024 free: errno is left alone; older libraries may not
    bool overflow_no_errno;     // calloc and reallocarray may leave errno when count x size wraps
    bool bad_alignment_rounded; // aligned_alloc takes an alignment that is no power of two
};

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
    size_t (*usable_size)(struct hd_heap *heap, void *block); // malloc_usable_size
    bool (*consistent)(struct hd_heap *heap); // walks all metadata; false: an invariant broke
};

/// An allocator ready to be called: its functions and the heap to give them.
struct hd_subject {
    struct hd_allocator allocator;
    struct hd_heap *heap;
};

#endif
