// SPDX-License-Identifier: MIT
/// test_brkmap_refused.c: brkmap over a kernel that refuses the n-th call.
///
/// This file defines all of kernel.h, so the linker leaves the real one out of the archive.
#include "allocators/brkmap/heap.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum call { LOOK, BRK, MAP, UNMAP, REMAP, CALLS };

static struct {
    int calls[CALLS];
    int refuse[CALLS]; // refuse the n-th from here, counted down; -1: every one
} kernel;

static bool refused(enum call call)
{
    kernel.calls[call]++;
    if (kernel.refuse[call] < 0) return true;
    return kernel.refuse[call] > 0 && --kernel.refuse[call] == 0;
}

// A break of our own: a reserved range, so that nobody else moves it.
static unsigned char arena[1 << 20] __attribute__((aligned(4096)));
static uintptr_t arena_break = (uintptr_t)arena;

uintptr_t brkmap_kernel_brk(uintptr_t wanted)
{
    if (wanted == 0) kernel.calls[LOOK]++;
    if (wanted == 0 || refused(BRK)) return arena_break;
    const uintptr_t start = (uintptr_t)arena;
    if (wanted >= start && wanted - start <= sizeof arena) arena_break = wanted;
    return arena_break;
}

uintptr_t brkmap_kernel_map(size_t length)
{
    if (refused(MAP)) return 0;
    void *start = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return start == MAP_FAILED ? 0 : (uintptr_t)start;
}

bool brkmap_kernel_unmap(uintptr_t start, size_t length)
{
    return !refused(UNMAP) && munmap((void *)start, length) == 0;
}

uintptr_t brkmap_kernel_remap(uintptr_t start, size_t length_old, size_t length_new)
{
    if (refused(REMAP)) return 0;
    void *moved = mremap((void *)start, length_old, length_new, MREMAP_MAYMOVE);
    return moved == MAP_FAILED ? 0 : (uintptr_t)moved;
}

static struct brkmap_heap heap;

static int start_over(void **state)
{
    (void)state;
    memset(&heap, 0, sizeof heap);
    memset(&kernel, 0, sizeof kernel);
    arena_break = (uintptr_t)arena;
    return 0;
}

static void the_first_byte_takes_two_calls(void **state)
{
    (void)state;
    void *block = brkmap_malloc(brkmap_default_heap(), 1);
    assert_non_null(block);
    assert_int_equal(kernel.calls[LOOK], 1);
    assert_int_equal(kernel.calls[BRK], 1);
    brkmap_free(brkmap_default_heap(), block);
    assert_non_null(brkmap_malloc(brkmap_default_heap(), 1000));
    for (enum call call = LOOK; call < CALLS; call++)
        assert_int_equal(kernel.calls[call], call <= BRK ? 1 : 0);
    brkmap_reset(brkmap_default_heap());
}

static void a_refused_break_is_served_by_an_arena(void **state)
{
    (void)state;
    kernel.refuse[BRK] = -1;
    unsigned char *blocks[10];
    for (size_t i = 0; i < 10; i++) {
        blocks[i] = i % 2 == 0 ? brkmap_malloc(&heap, i * 10) : brkmap_aligned_alloc(&heap, 256, i);
        assert_non_null(blocks[i]);
        memset(blocks[i], (int)i, brkmap_usable_size(&heap, blocks[i]));
    }
    assert_int_equal(heap.held, BRKMAP_ARENA);
    assert_true(brkmap_consistent(&heap));
    for (size_t i = 0; i < 10; i++) {
        blocks[i] = brkmap_realloc(&heap, blocks[i], 5000);
        assert_non_null(blocks[i]);
        brkmap_free(&heap, blocks[i]);
    }
    assert_int_equal(heap.held, 0);
    assert_int_equal(kernel.calls[MAP], 1);
    assert_int_equal(kernel.calls[UNMAP], 1);
    assert_true(brkmap_consistent(&heap));
}

static void each_arena_goes_when_it_is_empty(void **state)
{
    (void)state;
    enum { COUNT = 40 };
    kernel.refuse[BRK] = -1;
    void *blocks[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        blocks[i] = brkmap_malloc(&heap, 100000);
        assert_non_null(blocks[i]);
    }
    assert_int_equal(heap.held, 4 * BRKMAP_ARENA);
    kernel.refuse[UNMAP] = 1; // that one stays, and goes with a later trim
    for (size_t i = 0; i < COUNT; i++) {
        brkmap_free(&heap, blocks[i]);
        assert_true(brkmap_consistent(&heap));
    }
    assert_int_equal(heap.held, BRKMAP_ARENA);
    assert_int_equal(heap.used, 0);
    assert_true(brkmap_trim(&heap, 0));
    assert_int_equal(heap.held, 0);
    assert_false(brkmap_trim(&heap, 0));
}

static void without_an_arena_a_small_block_has_pages_of_its_own(void **state)
{
    (void)state;
    kernel.refuse[BRK] = -1;
    kernel.refuse[MAP] = 1;
    void *block = brkmap_malloc(&heap, 10);
    assert_non_null(block);
    assert_int_equal(heap.mapped_count, 1);
    brkmap_free(&heap, block);
    assert_int_equal(heap.mapped_count, 0);
    assert_int_equal(heap.held, 0);
}

static void both_refused_is_enomem_and_keeps_the_block(void **state)
{
    (void)state;
    unsigned char *block = brkmap_malloc(&heap, 1000);
    void *above = brkmap_malloc(&heap, 1000);
    memset(block, 9, 1000);
    kernel.refuse[BRK] = kernel.refuse[MAP] = -1;
    errno = 0;
    assert_null(brkmap_realloc(&heap, block, 300000));
    assert_int_equal(errno, ENOMEM);
    errno = 0;
    assert_null(brkmap_calloc(&heap, 3, 100000));
    assert_int_equal(errno, ENOMEM);
    errno = 0;
    void *untouched = above;
    assert_int_equal(brkmap_posix_memalign(&heap, &untouched, 1 << 18, 1), ENOMEM);
    assert_int_equal(errno, 0);
    assert_ptr_equal(untouched, above);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(block[i], 9);
    }
    assert_true(brkmap_consistent(&heap));
}

static void a_refused_mremap_is_a_move_or_keeps_the_block(void **state)
{
    (void)state;
    unsigned char *block = brkmap_malloc(&heap, 200000);
    memset(block, 9, 200000);
    kernel.refuse[REMAP] = -1;
    block = brkmap_realloc(&heap, block, 400000);
    assert_non_null(block);
    assert_int_equal(heap.mapped_count, 1);

    kernel.refuse[MAP] = -1;
    const size_t usable = brkmap_usable_size(&heap, block);
    errno = 0;
    assert_null(brkmap_realloc(&heap, block, 800000));
    assert_int_equal(errno, ENOMEM);
    errno = 0;
    assert_ptr_equal(brkmap_realloc(&heap, block, 10), block); // it fits where it is
    assert_int_equal(errno, 0);
    assert_int_equal(brkmap_usable_size(&heap, block), usable);
    for (size_t i = 0; i < 200000; i++) {
        assert_int_equal(block[i], 9);
    }
    brkmap_free(&heap, block);
}

static void pages_that_cannot_be_given_back_stay_with_the_block(void **state)
{
    (void)state;
    kernel.refuse[UNMAP] = 1;
    void *first = brkmap_aligned_alloc(&heap, 1 << 20, 4096);
    kernel.refuse[UNMAP] = 2;
    void *second = brkmap_aligned_alloc(&heap, 1 << 20, 4096);
    assert_int_equal((uintptr_t)first % (1 << 20), 0);
    assert_int_equal((uintptr_t)second % (1 << 20), 0);
    kernel.refuse[UNMAP] = 0;
    brkmap_free(&heap, first);
    brkmap_free(&heap, second);
    assert_int_equal(heap.mapped_bytes, 0);
}

static void a_refused_trim_changes_nothing(void **state)
{
    (void)state;
    void *blocks[5];
    for (int i = 0; i < 5; i++) {
        blocks[i] = brkmap_malloc(&heap, 100000);
    }
    kernel.refuse[BRK] = -1;
    const uintptr_t before = arena_break;
    for (int i = 0; i < 5; i++) {
        brkmap_free(&heap, blocks[i]);
    }
    assert_int_equal(arena_break, before);
    assert_true(brkmap_consistent(&heap));
    kernel.refuse[BRK] = 0;
    brkmap_free(&heap, brkmap_malloc(&heap, 16));
    assert_true(arena_break < before);
    assert_true(brkmap_consistent(&heap));
}

static void a_moved_break_starts_a_new_segment(void **state)
{
    (void)state;
    unsigned char *first = brkmap_malloc(&heap, 50000);
    memset((void *)arena_break, 0xee, 4099); // another's memory, and no multiple of 16
    const uintptr_t theirs = arena_break;
    arena_break += 4099;
    unsigned char *blocks[6];
    for (int i = 0; i < 6; i++) {
        blocks[i] = brkmap_malloc(&heap, 100000);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        memset(blocks[i], i, 100000);
    }
    assert_non_null(heap.segments->next);
    for (int i = 0; i < 6; i++) {
        brkmap_free(&heap, blocks[i]);
    }
    brkmap_free(&heap, first);
    for (size_t i = 0; i < 4099; i++) {
        assert_int_equal(((unsigned char *)theirs)[i], 0xee);
    }
    assert_true(arena_break >= theirs + 4099);
    assert_true(brkmap_consistent(&heap));
}

static void a_break_above_the_top_is_not_moved_back(void **state)
{
    (void)state;
    void *blocks[5];
    for (int i = 0; i < 5; i++) {
        blocks[i] = brkmap_malloc(&heap, 100000);
    }
    arena_break += 4096;
    const uintptr_t theirs = arena_break;
    for (int i = 0; i < 5; i++) {
        brkmap_free(&heap, blocks[i]);
    }
    assert_int_equal(arena_break, theirs);
    assert_true(brkmap_consistent(&heap));
}

#define TEST(function) cmocka_unit_test_setup(function, start_over)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_byte_takes_two_calls),
        TEST(a_refused_break_is_served_by_an_arena),
        TEST(each_arena_goes_when_it_is_empty),
        TEST(without_an_arena_a_small_block_has_pages_of_its_own),
        TEST(both_refused_is_enomem_and_keeps_the_block),
        TEST(a_refused_mremap_is_a_move_or_keeps_the_block),
        TEST(pages_that_cannot_be_given_back_stay_with_the_block),
        TEST(a_refused_trim_changes_nothing),
        TEST(a_moved_break_starts_a_new_segment),
        TEST(a_break_above_the_top_is_not_moved_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
