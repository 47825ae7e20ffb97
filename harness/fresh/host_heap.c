// SPDX-License-Identifier: MIT
/// host_heap.c: chunks of size classes, four to a doubling, and a list of the free ones of each.
///
///     chunk
///     | header | block ...                    |    as asked
///     | (unused) ... | header | block ...     |    aligned
///     | next free chunk of its class | ...    |    free
#include "harness/fresh/host_heap.h"

#include "harness/base/arena.h"
#include "harness/base/page.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#define RESERVED   ((size_t)64 << 30)
#define ALIGNMENT  ((size_t)16)
#define CLASSES    (4 * 64)
#define CHUNK_MIN  ((size_t)32)
#define CHUNK_MAX  ((size_t)1 << 62)   // far more than there is
#define GIVEN_BACK ((size_t)256 << 10) // a free chunk's pages, where it is as large as this

/// In front of each block.
struct header {
    size_t class;
    uintptr_t chunk;
};

struct free_chunk {
    struct free_chunk *next;
};

static struct hd_arena arena;
static struct free_chunk *free_chunks[CLASSES];
static atomic_flag lock = ATOMIC_FLAG_INIT;

// ---------------------------------------------------------------------------- the lock

static void acquire(void)
{
    while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire))
        (void)sched_yield();
}

static void release(void)
{
    atomic_flag_clear_explicit(&lock, memory_order_release);
}

void hd_host_heap_watch_forks(void)
{
    (void)pthread_atfork(acquire, release, release);
}

// ---------------------------------------------------------------------------- chunks

/// 32, 40, 48, 56, 64, 80, 96, 112, ...
static size_t size_of(size_t class)
{
    return (4 + class % 4) << (class / 4) << 3;
}

/// The smallest that is so large. pre: CHUNK_MIN to CHUNK_MAX.
static size_t class_of(size_t size)
{
    const unsigned length = 64 - (unsigned)__builtin_clzl(size - 1); // bits; of 33 to 64: 6
    const size_t doubling = size > CHUNK_MIN ? length - 6 : 0;
    const size_t unit = (size_t)8 << doubling;
    return doubling * 4 + (size + unit - 1) / unit - 4;
}

/// 0: the arena is used up. `*zero`: nobody has written to it.
static uintptr_t take_chunk(size_t class, bool *zero)
{
    acquire();
    if (arena.base == NULL) hd_arena_open(&arena, RESERVED);
    struct free_chunk *chunk = free_chunks[class];
    *zero = chunk == NULL;
    if (chunk != NULL)
        free_chunks[class] = chunk->next;
    else if (size_of(class) + ALIGNMENT <= arena.reserved - arena.used)
        chunk = hd_arena_take(&arena, size_of(class), ALIGNMENT);
    release();
    return (uintptr_t)chunk;
}

static void give_chunk(uintptr_t start, size_t class)
{
    struct free_chunk *chunk = (struct free_chunk *)start;
    const size_t size = size_of(class);
    if (size >= GIVEN_BACK) {
        const uintptr_t page = hd_page_from(start);
        const uintptr_t end = hd_page_of(start + size);
        (void)madvise((void *)page, end - page, MADV_DONTNEED);
    }
    acquire();
    chunk->next = free_chunks[class];
    free_chunks[class] = chunk;
    release();
}

// ---------------------------------------------------------------------------- blocks

static struct header *header_of(void *block)
{
    return (struct header *)block - 1;
}

/// pre: `alignment` is a power of two.
static void *allocate(size_t size, size_t alignment, bool *zero)
{
    const size_t besides = sizeof(struct header) + (alignment > ALIGNMENT ? alignment : 0);
    size_t needed;
    size_t class = 0;
    uintptr_t chunk = 0;
    if (!__builtin_add_overflow(size, besides, &needed) && needed <= CHUNK_MAX) {
        class = class_of(needed > CHUNK_MIN ? needed : CHUNK_MIN);
        chunk = take_chunk(class, zero);
    }
    if (chunk == 0) {
        errno = ENOMEM;
        return NULL;
    }
    uintptr_t start = chunk + sizeof(struct header);
    if (alignment > ALIGNMENT) start = (start + alignment - 1) & ~(alignment - 1);
    *header_of((void *)start) = (struct header){.class = class, .chunk = chunk};
    return (void *)start;
}

void *hd_host_allocate(size_t size)
{
    bool zero;
    return allocate(size, ALIGNMENT, &zero);
}

void *hd_host_allocate_zeroed(size_t count, size_t size)
{
    size_t bytes;
    bool zero;
    if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX; // more than there is
    void *block = allocate(bytes, ALIGNMENT, &zero);
    if (block != NULL && !zero) memset(block, 0, bytes);
    return block;
}

void *hd_host_allocate_aligned(size_t alignment, size_t size)
{
    bool zero;
    if (alignment != 0 && (alignment & (alignment - 1)) == 0)
        return allocate(size, alignment, &zero);
    errno = EINVAL;
    return NULL;
}

void hd_host_release(void *block)
{
    const int error = errno;
    give_chunk(header_of(block)->chunk, header_of(block)->class);
    errno = error;
}

size_t hd_host_usable_size(void *block)
{
    const struct header *header = header_of(block);
    return header->chunk + size_of(header->class) - (uintptr_t)block;
}

void *hd_host_resize(void *block, size_t size)
{
    if (block == NULL) return hd_host_allocate(size);
    const size_t usable = hd_host_usable_size(block);
    if (size != 0 && size <= usable && size >= usable / 2) return block;
    void *other = size != 0 ? hd_host_allocate(size) : NULL;
    if (other == NULL && size != 0) return NULL;
    if (other != NULL) memcpy(other, block, size < usable ? size : usable);
    hd_host_release(block);
    return other;
}

bool hd_host_holds(const void *address)
{
    return (uintptr_t)address - (uintptr_t)arena.base < arena.reserved;
}
