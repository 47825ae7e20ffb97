// SPDX-License-Identifier: MIT
/// test_page_index.c: the index against a sorted array, over address mixes of every density.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "harness/model/page_index.h"

#define ENTRIES_MAX 5000
#define LAST        (HD_ADDRESS_END - 1)

struct entry {
    uintptr_t address;
    uint32_t slot;
};

static struct entry sorted[ENTRIES_MAX];
static size_t sorted_count;
static struct hd_arena arena;
static struct hd_page_index page_index;
static uint64_t random_state;

static int open_index(void **state)
{
    (void)state;
    hd_arena_open(&arena, (size_t)4 << 30);
    hd_page_index_open(&page_index, &arena);
    sorted_count = 0;
    random_state = 1;
    return 0;
}

static int close_index(void **state)
{
    (void)state;
    hd_arena_close(&arena);
    return 0;
}

static uint64_t random_number(void) // splitmix64
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/// How many entries start at or before the address.
static size_t rank(uintptr_t address)
{
    size_t low = 0;
    size_t high = sorted_count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (sorted[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool holds(uintptr_t address)
{
    const size_t at = rank(address);
    return at > 0 && sorted[at - 1].address == address;
}

static void insert(uintptr_t address, uint32_t slot)
{
    const size_t at = rank(address);
    memmove(&sorted[at + 1], &sorted[at], (sorted_count - at) * sizeof sorted[0]);
    sorted[at] = (struct entry){address, slot};
    sorted_count++;
    hd_page_index_insert(&page_index, address, slot);
}

static void take_out(uintptr_t address)
{
    const size_t at = rank(address);
    memmove(&sorted[at - 1], &sorted[at], (sorted_count - at) * sizeof sorted[0]);
    sorted_count--;
    hd_page_index_remove(&page_index, address);
}

static void compare_at(uintptr_t address)
{
    const size_t at = rank(address);
    const struct hd_neighbours found = hd_page_index_neighbours(&page_index, address);
    assert_int_equal(found.below, at > 0 ? sorted[at - 1].slot : HD_NO_SLOT);
    assert_int_equal(found.above, at < sorted_count ? sorted[at].slot : HD_NO_SLOT);
}

static void compare_around(uintptr_t address)
{
    compare_at(address);
    if (address > 0) compare_at(address - 1);
    if (address < LAST) compare_at(address + 1);
}

// ---------------------------------------------------------------------------- address mixes

static uintptr_t blocks_of_16(void) { return 0x7f0000001000 + random_number() % 256 * 16; }
static uintptr_t blocks_of_8(void) { return 0x555500000000 + random_number() % 2048 * 8; }
static uintptr_t bytes_of_a_page(void) { return 0x400000 + random_number() % 4096; }
static uintptr_t sparse_pages(void) { return random_number() % (HD_ADDRESS_END >> 12) << 12; }
static uintptr_t anywhere(void) { return random_number() % HD_ADDRESS_END; }

static uintptr_t both_ends(void)
{
    const uintptr_t near = random_number() % 64;
    return random_number() % 2 == 0 ? near : LAST - near;
}

/// On both sides of where a digit of the directory's last, middle and first level turns.
static uintptr_t borders(void)
{
    static const unsigned bits[] = {12, 18, 24, 30, 36, 42};
    const uintptr_t unit = UINT64_C(1) << bits[random_number() % 6];
    return unit * (1 + random_number() % 3) - 24 + random_number() % 6 * 8;
}

static uintptr_t everything(void)
{
    static uintptr_t (*const mixes[])(void) = {blocks_of_16, blocks_of_8, bytes_of_a_page,
                                               sparse_pages, anywhere, both_ends, borders};
    return mixes[random_number() % 7]();
}

static const struct {
    const char *name;
    uintptr_t (*draw)(void);
    unsigned steps;
    size_t count_max; // entries at once
} mixes[] = {
    {"blocks of 16 bytes in a page", blocks_of_16, 40000, 256},
    {"blocks of 8 bytes in four pages", blocks_of_8, 60000, 2048},
    {"every byte of a page", bytes_of_a_page, 60000, 4096},
    {"pages all over the address space", sparse_pages, 60000, 3000},
    {"bytes all over the address space", anywhere, 60000, 3000},
    {"the first and last addresses", both_ends, 20000, 128},
    {"clusters at directory borders", borders, 40000, 128},
    {"everything", everything, 100000, 4900},
};

static void clear(void)
{
    while (sorted_count > 0) take_out(sorted[random_number() % sorted_count].address);
}

static void neighbours_are_those_of_a_sorted_array(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mixes / sizeof mixes[0]; i++) {
        random_state = i + 1;
        bool growing = true;
        for (unsigned step = 0; step < mixes[i].steps; step++) {
            const uintptr_t address = mixes[i].draw();
            const bool wanted = random_number() % 8 != 0 ? growing : !growing;
            if (holds(address) != wanted) {
                if (wanted && sorted_count < mixes[i].count_max)
                    insert(address, (uint32_t)(random_number() % UINT32_MAX));
                else if (!wanted)
                    take_out(address);
            } else if (!wanted && sorted_count > 0 && step % 4 == 0) {
                take_out(sorted[random_number() % sorted_count].address);
            }
            if (step % 5000 == 4999) growing = !growing;
            compare_around(address);
            compare_around(mixes[i].draw());
        }
        compare_around(0);
        compare_around(LAST);
        clear();
        compare_around(0);
    }
}

static void an_empty_index_has_no_neighbours(void **state)
{
    (void)state;
    static const uintptr_t addresses[] = {0, 1, 4095, 4096, UINT64_C(1) << 36, LAST};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        const struct hd_neighbours found = hd_page_index_neighbours(&page_index, addresses[i]);
        assert_int_equal(found.below, HD_NO_SLOT);
        assert_int_equal(found.above, HD_NO_SLOT);
    }
}

static void first_and_last_address_are_each_others_neighbours(void **state)
{
    (void)state;
    insert(0, 7);
    insert(LAST, 9);
    compare_around(0);
    compare_around(LAST);
    compare_at(HD_ADDRESS_END / 2);
    assert_int_equal(hd_page_index_neighbours(&page_index, 0).above, 9);
    assert_int_equal(hd_page_index_neighbours(&page_index, LAST - 1).below, 7);
}

static void every_byte_of_a_page_can_begin_a_block(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4096; i++) insert(0x1000 + (i * 1337 & 4095), i); // an odd stride
    assert_int_equal(sorted_count, 4096);
    for (uintptr_t address = 0xff0; address < 0x2010; address++) compare_at(address);
    for (unsigned i = 0; i < 4096; i++) take_out(0x1000 + (i * 2741 & 4095));
    an_empty_index_has_no_neighbours(NULL);
}

static void insert_again_and_again(uintptr_t (*draw)(void), unsigned count)
{
    size_t used = 0;
    for (unsigned round = 0; round < 20; round++) {
        random_state = 42;
        for (unsigned i = 0; i < count; i++) {
            const uintptr_t address = draw();
            if (!holds(address)) insert(address, i);
        }
        if (round == 0) used = arena.used;
        assert_int_equal(arena.used, used);
        clear();
        assert_int_equal(arena.used, used);
    }
}

static void the_same_set_again_takes_no_more_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mixes / sizeof mixes[0]; i++) {
        close_index(NULL);
        open_index(NULL);
        insert_again_and_again(mixes[i].draw, 1000);
    }
}

static void a_page_that_grew_serves_another_one_when_it_is_empty(void **state)
{
    (void)state;
    size_t used = 0;
    for (unsigned page = 0; page < 50; page++) {
        for (unsigned i = 0; i < 500; i++) insert(((uintptr_t)page << 12) + i * 8, i);
        if (page == 0) used = arena.used;
        clear();
    }
    assert_int_equal(arena.used, used);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_index, close_index)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_index_has_no_neighbours),
        TEST(first_and_last_address_are_each_others_neighbours),
        TEST(every_byte_of_a_page_can_begin_a_block),
        TEST(neighbours_are_those_of_a_sorted_array),
        TEST(the_same_set_again_takes_no_more_memory),
        TEST(a_page_that_grew_serves_another_one_when_it_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
