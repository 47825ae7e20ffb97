// SPDX-License-Identifier: MIT
/// test_brkmap.c: what brkmap.h promises, on the real kernel.
#include "allocators/brkmap/heap.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

static struct brkmap_heap *heap(void)
{
    return brkmap_default_heap();
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static bool all_bytes(const unsigned char *block, size_t size, unsigned char want)
{
    for (size_t i = 0; i < size; i++) {
        if (block[i] != want) return false;
    }
    return true;
}

static void sizes_around_powers_of_two_are_writable_and_kept(void **state)
{
    (void)state;
    enum { POWERS = 22, AROUND = 35 };
    unsigned char *blocks[POWERS][AROUND];
    size_t sizes[POWERS][AROUND];
    for (int power = 0; power < POWERS; power++) {
        for (int i = 0; i < AROUND; i++) {
            const ptrdiff_t size = ((ptrdiff_t)1 << power) + i - AROUND / 2;
            unsigned char *block = brkmap_malloc(heap(), size < 0 ? 0 : (size_t)size);
            assert_non_null(block);
            assert_int_equal((uintptr_t)block % 16, 0);
            sizes[power][i] = brkmap_usable_size(heap(), block);
            assert_true((ptrdiff_t)sizes[power][i] >= size);
            memset(block, power * AROUND + i, sizes[power][i]);
            blocks[power][i] = block;
        }
    }
    assert_true(brkmap_consistent(heap()));
    for (int power = 0; power < POWERS; power++) {
        for (int i = 0; i < AROUND; i++) {
            const unsigned char want = (unsigned char)(power * AROUND + i);
            assert_true(all_bytes(blocks[power][i], sizes[power][i], want));
            brkmap_free(heap(), blocks[power][i]);
        }
    }
    assert_true(brkmap_consistent(heap()));
}

static void every_alignment_is_kept(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 100, 4096, 100000, 131072, 1000000};
    for (size_t alignment = 1; alignment <= (size_t)1 << 26; alignment *= 2) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            unsigned char *block = brkmap_aligned_alloc(heap(), alignment, sizes[i]);
            assert_non_null(block);
            assert_int_equal((uintptr_t)block % alignment, 0);
            assert_int_equal((uintptr_t)block % 16, 0);
            memset(block, 0xa5, brkmap_usable_size(heap(), block));
            assert_true(brkmap_consistent(heap()));
            unsigned char *grown = brkmap_realloc(heap(), block, sizes[i] + 5000);
            assert_non_null(grown);
            assert_true(all_bytes(grown, sizes[i], 0xa5));
            brkmap_free(heap(), grown);
        }
    }
    assert_true(brkmap_consistent(heap()));
}

struct live {
    unsigned char *block;
    size_t size;
    unsigned char byte;
};

static size_t random_size(uint64_t *random)
{
    const uint64_t r = next_random(random);
    return (size_t)(next_random(random) % (UINT64_C(1) << (r % 100 < 97 ? r % 13 : r % 20)));
}

static void one_random_operation(struct live *live, uint64_t *random)
{
    const size_t size = random_size(random);
    const uint64_t kind = next_random(random) % 4;
    assert_true(all_bytes(live->block, live->size, live->byte));
    if (live->block != NULL && kind == 0) {
        unsigned char *block = brkmap_realloc(heap(), live->block, size);
        assert_non_null(block);
        assert_true(all_bytes(block, size < live->size ? size : live->size, live->byte));
        live->block = block;
    } else if (live->block != NULL) {
        brkmap_free(heap(), live->block);
        *live = (struct live){0};
        return;
    } else if (kind == 1) {
        live->block = brkmap_calloc(heap(), 1, size);
        assert_true(all_bytes(live->block, size, 0));
    } else if (kind == 2) {
        const size_t alignment = (size_t)1 << next_random(random) % 14;
        live->block = brkmap_aligned_alloc(heap(), alignment, size);
        assert_int_equal((uintptr_t)live->block % alignment, 0);
    } else {
        live->block = brkmap_malloc(heap(), size);
    }
    assert_non_null(live->block);
    live->size = size;
    live->byte = (unsigned char)next_random(random);
    memset(live->block, live->byte, size);
}

static void a_random_load_keeps_every_byte(void **state)
{
    (void)state;
    static struct live live[1024];
    uint64_t random = 88172645463325252;
    for (int i = 0; i < 200000; i++) {
        one_random_operation(&live[next_random(&random) % 1024], &random);
        if (i % 1000 == 0) assert_true(brkmap_consistent(heap()));
    }
    for (size_t i = 0; i < 1024; i++) {
        brkmap_free(heap(), live[i].block);
    }
    assert_true(brkmap_consistent(heap()));
    assert_int_equal(heap()->mapped_count, 0);
    assert_int_equal(heap()->mapped_bytes, 0);
}

static void what_cannot_be_had_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t alignment; // 1: malloc and realloc as well
        size_t size;
        int error;
    } cases[] = {
        {"the largest size", 1, SIZE_MAX, ENOMEM},
        {"a header wraps", 1, SIZE_MAX - 15, ENOMEM},
        {"past PTRDIFF_MAX", 1, (size_t)PTRDIFF_MAX + 1, ENOMEM},
        {"PTRDIFF_MAX itself", 1, PTRDIFF_MAX, ENOMEM},
        {"pages past PTRDIFF_MAX", 1, PTRDIFF_MAX - 4096, ENOMEM},
        {"alignment 0", 0, 64, EINVAL},
        {"alignment 3", 3, 64, EINVAL},
        {"alignment of all ones", SIZE_MAX, 64, EINVAL},
        {"alignment 2^63", (size_t)1 << 63, 64, ENOMEM},
        {"alignment 2^63 and PTRDIFF_MAX", (size_t)1 << 63, PTRDIFF_MAX, ENOMEM},
        {"alignment 2^62", (size_t)1 << 62, 1, ENOMEM},
        {"alignment + size wraps", (size_t)1 << 63, (size_t)1 << 63, ENOMEM},
        {"a page and the largest size", 4096, SIZE_MAX - 4095, ENOMEM},
    };
    unsigned char *kept = brkmap_malloc(heap(), 100);
    memset(kept, 7, 100);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        errno = 0;
        if (brkmap_aligned_alloc(heap(), cases[i].alignment, cases[i].size) != NULL ||
            errno != cases[i].error)
            fail_msg("%s: errno %d", cases[i].name, errno);
        void *untouched = kept;
        errno = 0;
        const int error =
            brkmap_posix_memalign(heap(), &untouched, cases[i].alignment, cases[i].size);
        assert_int_equal(error, cases[i].alignment == 1 ? EINVAL : cases[i].error);
        assert_int_equal(errno, 0);
        assert_ptr_equal(untouched, kept);
        if (cases[i].alignment != 1) continue;

        assert_null(brkmap_malloc(heap(), cases[i].size));
        assert_int_equal(errno, ENOMEM);
        errno = 0;
        assert_null(brkmap_realloc(heap(), kept, cases[i].size));
        assert_int_equal(errno, ENOMEM);
        assert_true(all_bytes(kept, 100, 7));
    }
    brkmap_free(heap(), kept);
    assert_true(brkmap_consistent(heap()));
}

static void products_that_overflow_are_refused(void **state)
{
    (void)state;
    void *kept = brkmap_malloc(heap(), 100);
    static const size_t factors[][2] = {
        {SIZE_MAX, 2}, {(size_t)1 << 32, (size_t)1 << 32}, {SIZE_MAX / 2 + 1, 2}, {1, SIZE_MAX}};
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        errno = 0;
        assert_null(brkmap_calloc(heap(), factors[i][0], factors[i][1]));
        assert_int_equal(errno, ENOMEM);
        errno = 0;
        assert_null(brkmap_reallocarray(heap(), kept, factors[i][0], factors[i][1]));
        assert_int_equal(errno, ENOMEM);
    }
    brkmap_free(heap(), kept);
}

static void errno_is_left_alone_by_success(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 100, 200000, 3000000};
    errno = 4711;
    for (size_t i = 0; i < 4; i++) {
        void *block = brkmap_calloc(heap(), 1, sizes[i]);
        block = brkmap_realloc(heap(), block, sizes[3 - i]);
        brkmap_free(heap(), block);
        brkmap_free(heap(), brkmap_aligned_alloc(heap(), 65536, sizes[i]));
    }
    brkmap_free(heap(), NULL);
    assert_int_equal(errno, 4711);
}

static void realloc_keeps_the_prefix_over_the_threshold(void **state)
{
    (void)state;
    static const size_t sizes[] = {1,      40,    131071, 131072, 4000,    0,     300000,
                                   131073, 65536, 400000, 130000, 5000000, 16384, 16385};
    size_t filled = 0;
    unsigned char *block = NULL;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        block = brkmap_realloc(heap(), block, sizes[i]);
        assert_non_null(block);
        assert_true(all_bytes(block, filled < sizes[i] ? filled : sizes[i], 0x3c));
        memset(block, 0x3c, sizes[i]);
        filled = sizes[i];
        assert_true(brkmap_consistent(heap()));
    }
    brkmap_free(heap(), block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_around_powers_of_two_are_writable_and_kept),
        cmocka_unit_test(every_alignment_is_kept),
        cmocka_unit_test(a_random_load_keeps_every_byte),
        cmocka_unit_test(what_cannot_be_had_is_refused),
        cmocka_unit_test(products_that_overflow_are_refused),
        cmocka_unit_test(errno_is_left_alone_by_success),
        cmocka_unit_test(realloc_keeps_the_prefix_over_the_threshold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
