// SPDX-License-Identifier: MIT
/// test_host_heap.c: the program's own heap: blocks are apart, aligned and whole, by any thread and
/// over a fork, and none of it is got by the break.
#include "harness/fresh/host_heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCKS 3000
#define LIVE   1000 // at a time

static bool holds_only(const uint8_t *block, size_t size, uint8_t byte)
{
    return size == 0 || (block[0] == byte && memcmp(block, block + 1, size - 1) == 0);
}

/// All sizes up to some, then doublings of them.
static size_t size_of_block(size_t i)
{
    return i < 2000 ? i : (i % 100) << i / 100 % 13;
}

/// Each block is filled over its usable size, by bytes that are `whose`.
static bool blocks_are_apart(uint8_t whose)
{
    static _Thread_local uint8_t *blocks[BLOCKS];
    bool apart = true;
    for (size_t i = 0; i < BLOCKS + LIVE; i++) {
        if (i >= LIVE) {
            uint8_t *old = blocks[i - LIVE];
            const uint8_t byte = (uint8_t)((i - LIVE) % 128 + whose);
            apart = holds_only(old, hd_host_usable_size(old), byte) && apart;
            hd_host_release(old);
        }
        if (i >= BLOCKS) continue;
        uint8_t *block = hd_host_allocate(size_of_block(i));
        apart = block != NULL && hd_host_usable_size(block) >= size_of_block(i) &&
                (uintptr_t)block % 16 == 0 && hd_host_holds(block) && apart;
        if (!apart) return false;
        memset(block, (uint8_t)(i % 128 + whose), hd_host_usable_size(block));
        blocks[i] = block;
    }
    return apart;
}

static void blocks_share_no_byte_and_are_aligned(void **state)
{
    (void)state;
    const void *end = sbrk(0);
    for (int i = 0; i < 3; i++)
        assert_true(blocks_are_apart(0));
    assert_ptr_equal(sbrk(0), end);
    assert_false(hd_host_holds(&end));
    assert_false(hd_host_holds(NULL));
}

// ---------------------------------------------------------------------------- requests

static const struct {
    const char *name;
    size_t alignment;
    size_t size;
    int error; // 0: there is a block
} requests[] = {
    {"no bytes", 16, 0, 0},
    {"less than any object's", 1, 10, 0},
    {"a line", 64, 100, 0},
    {"a page", 4096, 1, 0},
    {"more than a page", 1 << 20, 100000, 0},
    {"no alignment", 0, 10, EINVAL},
    {"no power of two", 48, 10, EINVAL},
    {"more than there is", 16, (size_t)1 << 45, ENOMEM},
    {"past what a pointer can tell apart", 16, PTRDIFF_MAX, ENOMEM},
    {"that overflows", 4096, SIZE_MAX, ENOMEM},
};

static void a_request_gives_an_aligned_block_or_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        print_message("%s\n", requests[i].name);
        errno = EDOM;
        uint8_t *block = hd_host_allocate_aligned(requests[i].alignment, requests[i].size);
        assert_int_equal(errno, requests[i].error != 0 ? requests[i].error : EDOM);
        assert_int_equal(block == NULL, requests[i].error != 0);
        if (block == NULL) continue;
        assert_int_equal((uintptr_t)block % requests[i].alignment, 0);
        assert_true(hd_host_usable_size(block) >= requests[i].size);
        memset(block, 1, hd_host_usable_size(block));
        hd_host_release(block);
    }
}

static void zeroed_blocks_are_zero_where_others_were(void **state)
{
    (void)state;
    for (size_t size = 1; size < (size_t)4 << 20; size = size * 3 + 1) {
        uint8_t *dirty = hd_host_allocate(size);
        memset(dirty, 1, hd_host_usable_size(dirty));
        hd_host_release(dirty);
        uint8_t *block = hd_host_allocate_zeroed(size, 1);
        assert_true(holds_only(block, size, 0));
        hd_host_release(block);
    }
    errno = 0;
    assert_null(hd_host_allocate_zeroed(SIZE_MAX / 2, 3));
    assert_int_equal(errno, ENOMEM);
}

static void a_block_that_is_resized_keeps_what_fits(void **state)
{
    (void)state;
    uint8_t *block = hd_host_resize(NULL, 1);
    size_t held = 1;
    block[0] = 7;
    static const size_t sizes[] = {40, 39, 4000, 1 << 20, 1 << 22, 300, 1};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        block = hd_host_resize(block, sizes[i]);
        if (sizes[i] < held) held = sizes[i];
        assert_true(holds_only(block, held, 7));
        memset(block, 7, sizes[i]);
        held = sizes[i];
    }
    assert_null(hd_host_resize(block, (size_t)1 << 45));
    assert_true(holds_only(block, held, 7));
    assert_null(hd_host_resize(block, 0));
    assert_ptr_equal(hd_host_allocate(1), block); // it was freed
}

static void releasing_leaves_errno_alone(void **state)
{
    (void)state;
    void *small = hd_host_allocate(1);
    void *large = hd_host_allocate((size_t)4 << 20);
    errno = EDOM;
    hd_host_release(small);
    hd_host_release(large);
    assert_int_equal(errno, EDOM);
}

// ---------------------------------------------------------------------------- threads

static atomic_bool stop;

static void *use_heap(void *whose)
{
    bool apart = true;
    while (!atomic_load(&stop))
        apart = blocks_are_apart(*(const uint8_t *)whose) && apart;
    return apart ? whose : NULL;
}

/// While two threads use the heap children are forked, at any point of theirs.
static void threads_share_it_and_a_child_of_theirs_can_use_it(void **state)
{
    (void)state;
    static uint8_t whose[2] = {64, 127};
    pthread_t threads[2];
    atomic_store(&stop, false);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_heap, &whose[i]), 0);
    for (int i = 0; i < 40; i++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)alarm(60); // one that hangs is killed
            _exit(blocks_are_apart(0) ? 0 : 1);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < 2; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, &whose[i]);
    }
}

int main(void)
{
    hd_host_heap_watch_forks();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_share_no_byte_and_are_aligned),
        cmocka_unit_test(a_request_gives_an_aligned_block_or_an_error),
        cmocka_unit_test(zeroed_blocks_are_zero_where_others_were),
        cmocka_unit_test(a_block_that_is_resized_keeps_what_fits),
        cmocka_unit_test(releasing_leaves_errno_alone),
        cmocka_unit_test(threads_share_it_and_a_child_of_theirs_can_use_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
