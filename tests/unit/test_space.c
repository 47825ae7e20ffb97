// SPDX-License-Identifier: MIT
/// test_space.c: the map of memory against one with a byte a page.
#include "harness/tap/space.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/unit/random_ops.h"
#include "tests/unit/space_picture.h"

#define WINDOW 256 // pages

static struct hd_space space;

static int open_space(void **state)
{
    (void)state;
    hd_space_open(&space);
    return 0;
}

static int close_space(void **state)
{
    (void)state;
    hd_space_close(&space);
    return 0;
}

// ---------------------------------------------------------------------------- copies

static void a_copy_is_the_same_and_apart(void **state)
{
    (void)state;
    struct hd_space original;
    hd_space_open(&original);
    for (size_t page = 0; page < 200; page += 2)
        hd_space_set(&original, P(page), P(page + 1), PROT_READ | PROT_WRITE, HD_OWNER_ALLOCATOR);
    original.brk_end = P(200);
    hd_space_set(&space, P(10), P(20), PROT_READ, HD_OWNER_FOREIGN);

    hd_space_copy(&space, &original);
    assert_int_equal(space.count, 100);
    assert_memory_equal(space.regions, original.regions, 100 * sizeof space.regions[0]);
    assert_int_equal(space.mapped, original.mapped);
    assert_int_equal(space.brk_end, P(200));

    hd_space_set(&space, P(0), P(200), 0, HD_OWNER_NOBODY);
    assert_int_equal(space.count, 0);
    assert_int_equal(original.count, 100);
    hd_space_close(&original);
}

// ---------------------------------------------------------------------------- tables

static void an_empty_map_has_nothing(void **state)
{
    (void)state;
    assert_int_equal(space.count, 0);
    assert_null(hd_space_find(&space, 0));
    assert_null(hd_space_find(&space, BASE));
    assert_null(hd_space_find(&space, UINTPTR_MAX));
    assert_int_equal(hd_space_first_unwritable(&space, P(0), P(1)), P(0));
    assert_int_equal(hd_space_resident(&space), 0);
}

static void setting_a_range_cuts_and_joins_what_was_there(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *before;
        unsigned from, to; // pages
        char kind;
        const char *after;
        size_t regions;
    } rows[] = {
        {"in nothing", "........", 2, 4, 'a', "..aa....", 1},
        {"nothing of nothing", "........", 2, 2, 'a', "........", 0},
        {"backwards", "..aa....", 4, 2, 'b', "..aa....", 1},
        {"out of nothing", "........", 2, 4, '.', "........", 0},
        {"over it all", "..aa....", 2, 4, 'b', "..bb....", 1},
        {"the same again", "..aa....", 2, 4, 'a', "..aa....", 1},
        {"inside the same", "aaaaaaaa", 3, 4, 'a', "aaaaaaaa", 1},
        {"in the middle", "aaaaaaaa", 3, 4, 'b', "aaabaaaa", 3},
        {"a hole", "aaaaaaaa", 3, 4, '.', "aaa.aaaa", 2},
        {"the head", "..aaaa..", 1, 3, 'b', ".bbaaa..", 2},
        {"the tail", "..aaaa..", 5, 7, 'b', "..aaabb.", 2},
        {"takes the head", "..aaaa..", 1, 3, '.', "...aaa..", 1},
        {"takes the tail", "..aaaa..", 5, 7, '.', "..aaa...", 1},
        {"touches the left one", "aa......", 2, 4, 'b', "aabb....", 2},
        {"joins the left one", "aa......", 2, 4, 'a', "aaaa....", 1},
        {"one page off the left one", "aa......", 3, 4, 'a', "aa.a....", 2},
        {"joins the right one", "....aa..", 2, 4, 'a', "..aaaa..", 1},
        {"one page off the right one", "....aa..", 2, 3, 'a', "..a.aa..", 2},
        {"joins both", "aa..aa..", 2, 4, 'a', "aaaaaa..", 1},
        {"joins what it is like", "bb..aa..", 2, 4, 'a', "bbaaaa..", 2},
        {"another protection does not join", "nn..rr..", 2, 4, 'a', "nnaarr..", 3},
        {"over several", "abnrbhf.", 1, 6, 'a', "aaaaaaf.", 2},
        {"out of several", "abnrbhf.", 1, 6, '.', "a.....f.", 2},
        {"over ends of two", "aabb.nn.", 1, 6, 'h', "ahhhhhn.", 3},
        {"fills a hole of its kind", "aaa.aaaa", 3, 4, 'a', "aaaaaaaa", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char seen[9];
        hd_space_set(&space, P(0), P(8), 0, HD_OWNER_NOBODY);
        draw(&space, rows[i].before);
        enum hd_owner owner = HD_OWNER_NOBODY;
        int prot = 0;
        for (size_t kind = 0; kind < KINDS_OF_PAGE; kind++) {
            if (kinds_of_page[kind].character != rows[i].kind) continue;
            owner = kinds_of_page[kind].owner;
            prot = kinds_of_page[kind].prot;
        }
        hd_space_set(&space, P(rows[i].from), P(rows[i].to), prot, owner);
        see(&space, seen, 8);
        if (strcmp(seen, rows[i].after) != 0 || space.count != rows[i].regions)
            fail_msg("%s: %s in %zu regions", rows[i].name, seen, space.count);
        assert_int_equal(space.mapped, count_pages(seen, "arb") * PAGE);
        assert_int_equal(space.reserved, count_pages(seen, "n") * PAGE);
    }
}

static void a_region_is_found_by_each_of_its_bytes_and_before_it(void **state)
{
    (void)state;
    hd_space_set(&space, 1000, 2000, READ_WRITE, HD_OWNER_ALLOCATOR); // to the byte
    hd_space_set(&space, 2000, 2001, READ_WRITE, HD_OWNER_BREAK);
    hd_space_set(&space, 3000, 4000, READ_WRITE, HD_OWNER_ALLOCATOR);
    static const struct {
        uintptr_t address;
        uintptr_t start; // 0: none
    } rows[] = {{0, 1000},    {999, 1000},  {1000, 1000}, {1999, 1000}, {2000, 2000},
                {2001, 3000}, {2999, 3000}, {3000, 3000}, {3999, 3000}, {4000, 0},
                {UINTPTR_MAX, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_region *region = hd_space_find(&space, rows[i].address);
        assert_int_equal(region != NULL ? region->start : 0, rows[i].start);
    }
}

static void the_first_byte_that_cannot_hold_a_block_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *picture;
        uint64_t from, to; // bytes after BASE
        uint64_t want;
    } rows[] = {
        {"all of a region", ".aa.", 4096, 12288, 12288},
        {"one byte before it", ".aa.", 4095, 12288, 4095},
        {"one byte past it", ".aa.", 4096, 12289, 12288},
        {"its first byte", ".aa.", 4096, 4097, 4097},
        {"its last byte", ".aa.", 12287, 12288, 12288},
        {"behind it", ".aa.", 12288, 12289, 12288},
        {"none", ".aa.", 0, 0, 0},
        {"over three kinds", "abha", 1, 16384, 16384},
        {"a hole", "ab.a", 1, 16384, 8192},
        {"read only", "abra", 1, 16384, 8192},
        {"reserved", "abna", 1, 16384, 8192},
        {"foreign", "abfa", 1, 16384, 8192},
        {"up to the foreign one", "abfa", 1, 8192, 8192},
        {"from the foreign one on", "abfa", 8192, 16384, 8192},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hd_space_set(&space, P(0), P(4), 0, HD_OWNER_NOBODY);
        draw(&space, rows[i].picture);
        const uintptr_t found =
            hd_space_first_unwritable(&space, BASE + rows[i].from, BASE + rows[i].to);
        if (found != BASE + rows[i].want) fail_msg("%s: %#zx", rows[i].name, found - BASE);
    }
}

static void the_peak_is_of_memory_that_the_allocator_can_access(void **state)
{
    (void)state;
    draw(&space, "aab.nnhf");
    assert_int_equal(space.mapped_peak, 3 * PAGE);
    hd_space_set(&space, P(1), P(3), 0, HD_OWNER_NOBODY);
    assert_int_equal(space.mapped, PAGE);
    assert_int_equal(space.mapped_peak, 3 * PAGE);
    hd_space_restart_peak(&space);
    assert_int_equal(space.mapped_peak, PAGE);
    hd_space_set(&space, P(0), P(2), READ_WRITE, HD_OWNER_ALLOCATOR); // one of them is not new
    assert_int_equal(space.mapped_peak, 2 * PAGE);
}

// ---------------------------------------------------------------------------- by chance

static char model[WINDOW + 1];
static size_t model_peak;

static void compare(void)
{
    const struct hd_region *before = NULL;
    for (size_t page = 0; page < WINDOW; page++) {
        const char seen = look(&space, P(page));
        if (seen != model[page]) fail_msg("page %zu: %c, not %c", page, seen, model[page]);
    }
    for (size_t i = 0; i < space.count; i++) {
        const struct hd_region *region = &space.regions[i];
        if (region->start >= region->end) fail_msg("an empty region");
        if (before != NULL && before->end > region->start) fail_msg("regions share bytes");
        if (before != NULL && before->end == region->start && before->prot == region->prot &&
            before->owner == region->owner)
            fail_msg("neighbours that are alike");
        before = region;
    }
    const size_t mapped = count_pages(model, "arb") * PAGE;
    if (mapped > model_peak) model_peak = mapped;
    assert_int_equal(space.mapped, mapped);
    assert_int_equal(space.mapped_peak, model_peak);
    assert_int_equal(space.reserved, count_pages(model, "n") * PAGE);
}

static uintptr_t first_unwritable_of_model(size_t from, size_t to)
{
    size_t page = from;
    while (page < to && strchr("abh", model[page]) != NULL)
        page++;
    return P(page);
}

static void two_hundred_thousand_changes_are_those_of_a_byte_a_page(void **state)
{
    (void)state;
    uint64_t random = 7;
    memset(model, '.', WINDOW);
    for (unsigned step = 0; step < 200000; step++) {
        const size_t kind = random_below(&random, KINDS_OF_PAGE + 2); // two of them: nobody
        const bool known = kind < KINDS_OF_PAGE;
        const size_t from = random_below(&random, WINDOW);
        const size_t longest = random_below(&random, 50) == 0 ? WINDOW - from : 8;
        size_t to = from + random_below(&random, longest + 1);
        if (to > WINDOW) to = WINDOW;
        hd_space_set(&space, P(from), P(to), known ? kinds_of_page[kind].prot : 0,
                     known ? kinds_of_page[kind].owner : HD_OWNER_NOBODY);
        for (size_t page = from; page < to; page++)
            model[page] = known ? kinds_of_page[kind].character : '.';
        compare();
        assert_int_equal(hd_space_first_unwritable(&space, P(from), P(to)),
                         first_unwritable_of_model(from, to));
        if (random_below(&random, 1000) == 0) {
            hd_space_restart_peak(&space);
            model_peak = space.mapped;
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_space, close_space)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_copy_is_the_same_and_apart),
        TEST(an_empty_map_has_nothing),
        TEST(setting_a_range_cuts_and_joins_what_was_there),
        TEST(a_region_is_found_by_each_of_its_bytes_and_before_it),
        TEST(the_first_byte_that_cannot_hold_a_block_is_told),
        TEST(the_peak_is_of_memory_that_the_allocator_can_access),
        TEST(two_hundred_thousand_changes_are_those_of_a_byte_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
