// SPDX-License-Identifier: MIT
/// test_brkmap_heap.c: how brkmap does it: chunks, segments, mappings, and a break it shares.
#include "allocators/brkmap/heap.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct brkmap_heap *heap(void)
{
    return brkmap_default_heap();
}

static bool all_bytes(const unsigned char *block, size_t size, unsigned char want)
{
    for (size_t i = 0; i < size; i++) {
        if (block[i] != want) return false;
    }
    return true;
}

static void realloc_stays_in_place_where_it_can(void **state)
{
    (void)state;
    void *block = brkmap_malloc(heap(), 2000);
    void *above = brkmap_malloc(heap(), 2000);
    void *fence = brkmap_malloc(heap(), 16);
    assert_ptr_equal(brkmap_realloc(heap(), block, 500), block);
    assert_ptr_equal(brkmap_realloc(heap(), block, 1900), block);
    brkmap_free(heap(), above);
    assert_ptr_equal(brkmap_realloc(heap(), block, 3900), block);
    brkmap_free(heap(), block);
    brkmap_free(heap(), fence);
    assert_true(brkmap_consistent(heap()));
}

static void a_freed_chunk_joins_both_neighbours(void **state)
{
    (void)state;
    static struct brkmap_heap own;
    void *blocks[4];
    for (int i = 0; i < 4; i++) {
        blocks[i] = brkmap_malloc(&own, 1000);
    }
    brkmap_free(&own, blocks[0]);
    brkmap_free(&own, blocks[2]);
    brkmap_free(&own, blocks[1]);
    assert_true(brkmap_consistent(&own));
    assert_ptr_equal(brkmap_malloc(&own, 3000), blocks[0]);
    brkmap_free(&own, blocks[0]);
    brkmap_free(&own, blocks[3]);
}

static void a_run_is_cut_from_one_free_chunk(void **state)
{
    (void)state;
    static const struct {
        size_t hole, most, size; // bytes of a free chunk, chunks of 112 bytes wanted, bytes got
    } cases[] = {
        {112, 8, 112},           // one fits
        {112 + 16, 8, 112 + 16}, // what is left over is no chunk: the only one has it
        {112 + 32, 8, 112},
        {3 * 112, 8, 3 * 112},
        {3 * 112 + 16, 8, 2 * 112}, // of several none has it
        {3 * 112 + 32, 8, 3 * 112},
        {9 * 112, 8, 8 * 112},
        {8 * 112 + 16, 8, 7 * 112},
        {8 * 112, 1, 112},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static struct brkmap_heap own;
        brkmap_reset(&own);
        struct chunk *hole = brkmap_chunk_take(&own, cases[i].hole);
        (void)brkmap_chunk_take(&own, 32); // keeps the hole from what follows
        brkmap_chunk_release(&own, hole);
        struct chunk *run = brkmap_chunk_take_run(&own, 112, cases[i].most, true);
        assert_ptr_equal(run, hole);
        assert_int_equal(brkmap_size(run), cases[i].size);
        assert_true(brkmap_consistent(&own));
        while (run != NULL) {
            struct chunk *rest = brkmap_chunk_cut(run, 112);
            assert_true(brkmap_size(run) == 112 || brkmap_size(run) == 112 + 16);
            brkmap_chunk_release(&own, run);
            assert_true(brkmap_consistent(&own));
            run = rest;
        }
    }
}

static void only_neighbours_in_use_become_one(void **state)
{
    (void)state;
    static struct brkmap_heap own;
    struct chunk *chunks[5];
    for (size_t i = 0; i < 5; i++)
        chunks[i] = brkmap_chunk_take(&own, 48);
    brkmap_chunk_release(&own, chunks[3]);
    assert_false(brkmap_chunk_unite(chunks[1], chunks[0]));
    assert_false(brkmap_chunk_unite(chunks[0], chunks[2]));
    assert_false(brkmap_chunk_unite(chunks[2], chunks[3]));
    assert_true(brkmap_chunk_unite(chunks[0], chunks[1]));
    assert_true(brkmap_chunk_unite(chunks[0], chunks[2]));
    assert_int_equal(brkmap_size(chunks[0]), 3 * 48);
    assert_false(brkmap_is(chunks[1], BRKMAP_IN_USE)); // a second free of it is seen
    assert_true(brkmap_consistent(&own));
}

/// The break goes down with the first last free; what is asked for again stays the next time.
static void what_is_asked_for_again_is_kept(void **state)
{
    (void)state;
    enum { COUNT = 3000, SIZE = 2000 };
    static struct brkmap_heap own;
    static void *blocks[COUNT];
    size_t held[3];
    for (size_t round = 0; round < 3; round++) {
        for (size_t k = 0; k < COUNT; k++)
            blocks[k] = brkmap_malloc(&own, SIZE);
        for (size_t k = 0; k < COUNT; k++)
            brkmap_free(&own, blocks[k]);
        held[round] = own.held;
        assert_true(brkmap_consistent(&own));
    }
    assert_true(held[0] < 1 << 20);
    assert_true(held[1] > COUNT * SIZE);
    assert_int_equal(held[2], held[1]);
    assert_true(brkmap_trim(&own, 0));
    assert_true(own.held < held[0]);
}

static void no_more_is_kept_than_the_bound(void **state)
{
    (void)state;
    enum { COUNT = 1000, SIZE = 100000 };
    static struct brkmap_heap own;
    static void *blocks[COUNT];
    for (int round = 0; round < 3; round++) {
        for (size_t k = 0; k < COUNT; k++)
            blocks[k] = brkmap_malloc(&own, SIZE);
        for (size_t k = 0; k < COUNT; k++)
            brkmap_free(&own, blocks[k]);
        assert_true(own.held < BRKMAP_BREATH_MAX + (1 << 20));
    }
    assert_true(brkmap_trim(&own, 0));
}

static void glibc_and_brkmap_share_the_break(void **state)
{
    (void)state;
    enum { COUNT = 400 };
    static unsigned char *ours[COUNT], *theirs[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        const size_t size = 1000 + i * 50;
        ours[i] = brkmap_malloc(heap(), size);
        theirs[i] = malloc(size); // glibc's, but under a sanitizer
        assert_non_null(ours[i]);
        assert_non_null(theirs[i]);
        memset(ours[i], (int)i, size);
        memset(theirs[i], (int)~i, size);
        if (i % 10 == 0) assert_ptr_not_equal(sbrk(24), (void *)-1);
    }
    assert_true(brkmap_consistent(heap()));
    for (size_t i = 0; i < COUNT; i++) {
        const size_t size = 1000 + i * 50;
        assert_true(all_bytes(ours[i], size, (unsigned char)i));
        assert_true(all_bytes(theirs[i], size, (unsigned char)~i));
        brkmap_free(heap(), ours[i]);
        free(theirs[i]);
    }
    assert_true(brkmap_consistent(heap()));
}

static void sbrk_sees_the_break_we_moved(void **state)
{
    (void)state;
    static struct brkmap_heap own;
    for (int i = 0; i < 20; i++) {
        assert_non_null(brkmap_malloc(&own, 100000));
        assert_int_equal((uintptr_t)sbrk(0), brkmap_kernel_brk(0));
    }
}

static void the_top_is_given_back(void **state)
{
    (void)state;
    static struct brkmap_heap own;
    static void *blocks[1000];
    for (size_t i = 0; i < 1000; i++) {
        blocks[i] = brkmap_malloc(&own, 4000);
    }
    const uintptr_t high = brkmap_kernel_brk(0);
    for (size_t i = 0; i < 1000; i++) {
        brkmap_free(&own, blocks[i]);
    }
    const uintptr_t low = brkmap_kernel_brk(0);
    assert_true(high - low > 3500000);
    assert_int_equal(own.top->end, low);
    assert_true(brkmap_consistent(&own));
    brkmap_free(&own, brkmap_malloc(&own, 100000));
}

/// What the kernel's page is: under an emulator it may be smaller than the largest, which lengths
/// are multiples of, and then more of a mapping's ends is given back.
enum { PAGE_MIN = 4096 };

static void assert_pages(size_t bytes, size_t above, size_t most)
{
    assert_int_equal(bytes % PAGE_MIN, 0);
    assert_in_range(bytes, above + 1, most);
}

static void large_blocks_have_mappings_of_their_own(void **state)
{
    (void)state;
    static struct brkmap_heap own;
    void *small = brkmap_malloc(&own, 100000);
    assert_int_equal(own.mapped_count, 0);
    void *large = brkmap_malloc(&own, 131072);
    assert_int_equal(own.mapped_count, 1);
    const size_t one = own.mapped_bytes;
    assert_pages(one, 131072, 131072 + BRKMAP_PAGE);
    void *aligned = brkmap_aligned_alloc(&own, 1 << 20, 4096);
    assert_pages(own.mapped_bytes - one, 4096, 2 * BRKMAP_PAGE);
    brkmap_free(&own, aligned);
    brkmap_free(&own, large);
    brkmap_free(&own, small);
    assert_int_equal(own.mapped_bytes, 0);
}

/// Instead of dying of the signal, of which who emulates another processor would say something too.
static void exit_of_abort(int signal)
{
    _exit(128 + signal);
}

/// Does it in a child, and compares all that is said there.
static void assert_dies(void (*it)(char *block), void *block, const char *want)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGABRT, exit_of_abort);
        (void)dup2(ends[1], STDERR_FILENO);
        it(block);
        _exit(0);
    }
    close(ends[1]);
    char said[256] = "";
    const ssize_t length = read(ends[0], said, sizeof said - 1);
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_string_equal(said, want);
    assert_int_equal(length, strlen(want));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGABRT);
}

static void frees(char *block)
{
    brkmap_free(heap(), block);
}

static void a_bad_free_aborts_with_one_line(void **state)
{
    (void)state;
    static const char line[] = "brkmap: free(): not a live block\n";
    char *block = brkmap_malloc(heap(), 100);
    char *above = brkmap_malloc(heap(), 100);
    assert_dies(frees, block + 8, line);
    brkmap_free(heap(), block);
    assert_dies(frees, block, line);
    brkmap_free(heap(), above);
    assert_dies(frees, above, line); // its header is inside a joined chunk by now
    char *large = brkmap_malloc(heap(), 5000);
    brkmap_free(heap(), large);
    assert_dies(frees, large, line);
    _Alignas(16) size_t tiny[4] = {0, 16 | BRKMAP_IN_USE | BRKMAP_PREV_IN_USE};
    assert_dies(frees, &tiny[2], line); // no chunk is as small
}

static void frees_with_more(char *block)
{
    brkmap_free_sized(heap(), block, brkmap_usable_size(heap(), block) + 1);
}

static void frees_inside_sized(char *block)
{
    brkmap_free_sized(heap(), block + 8, 1);
}

static void frees_as_aligned(char *block)
{
    brkmap_free_aligned_sized(heap(), block, 4096, 1);
}

static void frees_as_aligned_by_3(char *block)
{
    brkmap_free_aligned_sized(heap(), block, 3, 1);
}

static void resizes_inside(char *block)
{
    (void)brkmap_realloc(heap(), block + 8, 10);
}

static void asks_inside(char *block)
{
    (void)brkmap_usable_size(heap(), block + 8);
}

static void what_a_call_is_told_wrong_is_noticed(void **state)
{
    (void)state;
    static const struct {
        void (*it)(char *block);
        const char *line;
    } cases[] = {
        {frees_with_more, "brkmap: free_sized(): not the size of the block\n"},
        {frees_inside_sized, "brkmap: free_sized(): not a live block\n"},
        {frees_as_aligned, "brkmap: free_aligned_sized(): not the alignment of the block\n"},
        {frees_as_aligned_by_3, "brkmap: free_aligned_sized(): not the alignment of the block\n"},
        {resizes_inside, "brkmap: realloc(): not a live block\n"},
        {asks_inside, "brkmap: malloc_usable_size(): not a live block\n"},
    };
    char *page = brkmap_aligned_alloc(heap(), 4096, 100);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_dies(cases[i].it, page + (cases[i].it == frees_as_aligned ? 16 : 0), cases[i].line);
    brkmap_free_sized(heap(), page, brkmap_usable_size(heap(), page));
    brkmap_free_sized(heap(), NULL, 1);
    brkmap_free_aligned_sized(heap(), brkmap_aligned_alloc(heap(), 4096, 100), 4096, 100);
    brkmap_free_aligned_sized(heap(), NULL, 3, 1);
    assert_true(brkmap_consistent(heap()));
}

static struct brkmap_heap broken;

static void takes_what_was_overwritten(char *block)
{
    ((void **)block)[1] = block - BRKMAP_HEADER; // its link back: to itself
    (void)brkmap_malloc(&broken, 1000);
}

static void frees_above_what_was_overwritten(char *block)
{
    *(size_t *)(block - BRKMAP_HEADER) = 48; // the tag of the free chunk below it
    brkmap_free(&broken, block);
}

static void what_was_overwritten_is_noticed(void **state)
{
    (void)state;
    void *block = brkmap_malloc(&broken, 1000);
    void *above = brkmap_malloc(&broken, 1000);
    brkmap_free(&broken, block);
    assert_dies(takes_what_was_overwritten, block, "brkmap: a free block was overwritten\n");
    assert_dies(frees_above_what_was_overwritten, above,
                "brkmap: a block was written before its begin\n");
    brkmap_free(&broken, above);
}

static void a_broken_tag_is_not_consistent(void **state)
{
    (void)state;
    static struct brkmap_heap own;
    void *block = brkmap_malloc(&own, 1000);
    void *above = brkmap_malloc(&own, 1000);
    brkmap_free(&own, block);
    assert_true(brkmap_consistent(&own));

    struct chunk *chunk = brkmap_chunk_of(block);
    size_t *const words[] = {&brkmap_chunk_of(above)->prev_size,
                             &chunk->header,
                             (size_t *)&chunk->next,
                             (size_t *)&chunk->prev,
                             &own.bins_used[0],
                             &brkmap_fence(own.top)->header};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        *words[i] ^= 16;
        if (brkmap_consistent(&own)) fail_msg("word %zu may be anything", i);
        *words[i] ^= 16;
        assert_true(brkmap_consistent(&own));
    }
    brkmap_free(&own, above);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(realloc_stays_in_place_where_it_can),
        cmocka_unit_test(a_freed_chunk_joins_both_neighbours),
        cmocka_unit_test(a_run_is_cut_from_one_free_chunk),
        cmocka_unit_test(only_neighbours_in_use_become_one),
        cmocka_unit_test(what_is_asked_for_again_is_kept),
        cmocka_unit_test(no_more_is_kept_than_the_bound),
        cmocka_unit_test(glibc_and_brkmap_share_the_break),
        cmocka_unit_test(sbrk_sees_the_break_we_moved),
        cmocka_unit_test(the_top_is_given_back),
        cmocka_unit_test(large_blocks_have_mappings_of_their_own),
        cmocka_unit_test(a_bad_free_aborts_with_one_line),
        cmocka_unit_test(what_a_call_is_told_wrong_is_noticed),
        cmocka_unit_test(what_was_overwritten_is_noticed),
        cmocka_unit_test(a_broken_tag_is_not_consistent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
