// SPDX-License-Identifier: MIT
/// check_brkmap.c: brkmap on another processor: its own way into the kernel, its larger page, and a
/// memory model that reorders more. Threads fill, check and free blocks, their own and each
/// other's.
#include "allocators/brkmap/cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 3, SHARED = 32, OPERATIONS = 20000 };

#define CHECK(truth)                                                                               \
    do {                                                                                           \
        if (truth) break;                                                                          \
        (void)fprintf(stderr, "check_brkmap.c:%d: not so: %s\n", __LINE__, #truth);                \
        abort();                                                                                   \
    } while (0)

struct note {
    size_t size;
    unsigned char bytes[];
};

static struct note *_Atomic shared[SHARED];

static void check_and_free(struct note *note)
{
    for (size_t i = 0; note != NULL && i < note->size; i++)
        CHECK(note->bytes[i] == (unsigned char)note->size);
    brkmap_free(brkmap_default_heap(), note);
}

static void *works(void *seed)
{
    uint32_t random = (uint32_t)(uintptr_t)seed;
    for (int i = 0; i < OPERATIONS; i++) {
        random = random * 1664525 + 1013904223;
        const size_t size = (random >> 8) % (i % 50 == 0 ? 300000 : 1500);
        struct note *mine = brkmap_malloc(brkmap_default_heap(), sizeof *mine + size);
        CHECK(mine != NULL && (uintptr_t)mine % BRKMAP_ALIGNMENT == 0);
        mine->size = size;
        memset(mine->bytes, (int)(size & 255), size);
        check_and_free(
            __atomic_exchange_n(&shared[(random >> 4) % SHARED], mine, __ATOMIC_ACQ_REL));
    }
    return NULL;
}

static void threads_share_the_heap(void)
{
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, works, (void *)(i + 1)) == 0);
    for (size_t i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    for (size_t i = 0; i < SHARED; i++)
        check_and_free(shared[i]);
    CHECK(brkmap_consistent(brkmap_default_heap()));
}

static void large_blocks_grow_and_the_break_is_shared(void)
{
    unsigned char *block = brkmap_aligned_alloc(brkmap_default_heap(), 1 << 20, 1);
    CHECK((uintptr_t)block % (1 << 20) == 0);
    *block = 7;
    for (size_t size = 1 << 10; size <= (size_t)64 << 20; size *= 4) {
        block = brkmap_realloc(brkmap_default_heap(), block, size);
        CHECK(block != NULL && *block == 7);
        block[size - 1] = 7;
        CHECK(sbrk(24) != (void *)-1);
        CHECK(brkmap_consistent(brkmap_default_heap()));
    }
    brkmap_free(brkmap_default_heap(), block);
    CHECK(brkmap_malloc(brkmap_default_heap(), PTRDIFF_MAX) == NULL);
}

int main(void)
{
    threads_share_the_heap();
    large_blocks_grow_and_the_break_is_shared();
    (void)brkmap_trim(brkmap_default_heap(), 0);
    CHECK(brkmap_consistent(brkmap_default_heap()));
    (void)puts("brkmap works");
    return 0;
}
