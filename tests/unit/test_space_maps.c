// SPDX-License-Identifier: MIT
/// test_space_maps.c: what the kernel says of real mappings: which are there, how much is resident.
#include "harness/tap/space.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define PAGE       ((size_t)4096)
#define READ_WRITE (PROT_READ | PROT_WRITE)

static struct hd_space space;
static int in_data = 1; // of the main program

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

/// A mapping of small pages, between two that cannot be accessed, so that it joins no neighbour.
static uint8_t *map(size_t pages, int prot, int flags)
{
    uint8_t *around = mmap(NULL, (pages + 2) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(around, MAP_FAILED);
    uint8_t *memory = mmap(around + PAGE, pages * PAGE, prot, flags | MAP_ANONYMOUS | MAP_FIXED, -1,
                           0);
    assert_ptr_equal(memory, around + PAGE);
    (void)madvise(memory, pages * PAGE, MADV_NOHUGEPAGE);
    return memory;
}

static void unmap(uint8_t *memory, size_t pages)
{
    assert_int_equal(munmap(memory - PAGE, (pages + 2) * PAGE), 0);
}

/// Tells the map of the memory as if an allocator had mapped it.
static void apply_mmap(const uint8_t *memory, size_t pages, int prot)
{
    const struct hd_syscall call = {.number = SYS_mmap,
                                    .args = {0, pages * PAGE, (uint64_t)prot,
                                             MAP_PRIVATE | MAP_ANONYMOUS, UINT64_MAX, 0},
                                    .result = (int64_t)(uintptr_t)memory};
    struct hd_effect effect;
    hd_space_apply(&space, &call, &effect);
}

static enum hd_owner owner_of(const void *address)
{
    const struct hd_region *region = hd_space_find(&space, (uintptr_t)address);
    if (region == NULL || region->start > (uintptr_t)address) return HD_OWNER_NOBODY;
    return region->owner;
}

// ---------------------------------------------------------------------------- residence

static void the_pages_that_were_touched_are_resident(void **state)
{
    (void)state;
    static const struct {
        size_t pages;
        size_t touched[6];
        size_t count;
    } rows[] = {
        {1, {0}, 0},
        {1, {0}, 1},
        {64, {0, 1, 17, 62, 63}, 5},
        {1024, {0, 1023}, 2},
        {1025, {1023, 1024}, 2},
        {3000, {0, 1023, 1024, 2047, 2048, 2999}, 6}, // more than is asked about at once
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t *memory = map(rows[i].pages, READ_WRITE, MAP_PRIVATE);
        apply_mmap(memory, rows[i].pages, READ_WRITE);
        assert_int_equal(hd_space_resident(&space), 0);
        for (size_t j = 0; j < rows[i].count; j++) {
            memory[rows[i].touched[j] * PAGE + j] = 1;
            assert_int_equal(hd_space_resident(&space), (j + 1) * PAGE);
        }
        assert_int_equal(madvise(memory, rows[i].pages * PAGE, MADV_DONTNEED), 0);
        assert_int_equal(hd_space_resident(&space), 0);
        unmap(memory, rows[i].pages);
        hd_space_set(&space, 0, UINTPTR_MAX, 0, HD_OWNER_NOBODY);
    }
}

static void only_the_allocators_own_pages_count_as_resident(void **state)
{
    (void)state;
    uint8_t *memory = map(8, READ_WRITE, MAP_PRIVATE);
    for (size_t page = 0; page < 8; page++)
        memory[page * PAGE] = 1;
    const uintptr_t start = (uintptr_t)memory;
    hd_space_set(&space, start, start + PAGE, READ_WRITE, HD_OWNER_BREAK);
    hd_space_set(&space, start + PAGE, start + 3 * PAGE, PROT_NONE, HD_OWNER_ALLOCATOR);
    assert_int_equal(hd_space_resident(&space), 3 * PAGE);
    hd_space_set(&space, start + 3 * PAGE, start + 6 * PAGE, READ_WRITE, HD_OWNER_BEFORE);
    hd_space_set(&space, start + 6 * PAGE, start + 8 * PAGE, READ_WRITE, HD_OWNER_FOREIGN);
    assert_int_equal(hd_space_resident(&space), 3 * PAGE);
    unmap(memory, 8);
    assert_int_equal(hd_space_resident(&space), 0); // no longer there, whatever the map believes
}

// ---------------------------------------------------------------------------- one mapping

static void private_writable_memory_can_be_learned_of(void **state)
{
    (void)state;
    uint8_t *memory = map(8, READ_WRITE, MAP_PRIVATE);
    assert_true(hd_space_learn(&space, (uintptr_t)memory + 3 * PAGE + 5));
    const struct hd_region *region = hd_space_find(&space, (uintptr_t)memory);
    assert_non_null(region);
    assert_int_equal(region->start, memory);
    assert_int_equal(region->end, memory + 8 * PAGE);
    assert_int_equal(region->prot, READ_WRITE);
    assert_int_equal(region->owner, HD_OWNER_BEFORE);
    assert_int_equal(space.count, 1);
    assert_int_equal(space.mapped, 0);
    unmap(memory, 8);
}

static void both_ends_of_a_mapping_are_its_own(void **state)
{
    (void)state;
    uint8_t *memory = map(2, READ_WRITE, MAP_PRIVATE);
    assert_false(hd_space_learn(&space, (uintptr_t)memory - 1));
    assert_false(hd_space_learn(&space, (uintptr_t)memory + 2 * PAGE));
    assert_int_equal(space.count, 0);
    assert_true(hd_space_learn(&space, (uintptr_t)memory));
    hd_space_set(&space, 0, UINTPTR_MAX, 0, HD_OWNER_NOBODY);
    assert_true(hd_space_learn(&space, (uintptr_t)memory + 2 * PAGE - 1));
    unmap(memory, 2);
}

static void what_is_known_stays_as_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t from, to; // of 8 pages: known to be the allocator's
        size_t regions;
    } rows[] = {{"head", 0, 2, 2}, {"middle", 3, 5, 3}, {"tail", 6, 8, 2}, {"all", 0, 8, 1}};
    uint8_t *memory = map(8, READ_WRITE, MAP_PRIVATE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hd_space_set(&space, 0, UINTPTR_MAX, 0, HD_OWNER_NOBODY);
        apply_mmap(memory + rows[i].from * PAGE, rows[i].to - rows[i].from, READ_WRITE);
        assert_true(hd_space_learn(&space, (uintptr_t)memory));
        if (space.count != rows[i].regions) fail_msg("%s: %zu", rows[i].name, space.count);
        for (size_t page = 0; page < 8; page++) {
            const bool own = page >= rows[i].from && page < rows[i].to;
            if (owner_of(memory + page * PAGE) != (own ? HD_OWNER_ALLOCATOR : HD_OWNER_BEFORE))
                fail_msg("%s: page %zu", rows[i].name, page);
        }
    }
    unmap(memory, 8);
}

static void a_reserve_that_was_opened_unseen_is_writable(void **state)
{
    (void)state;
    uint8_t *memory = map(4, READ_WRITE, MAP_PRIVATE);
    apply_mmap(memory, 4, PROT_NONE); // as it was when the tap saw it mapped
    assert_int_equal(space.mapped, 0);
    assert_true(hd_space_learn(&space, (uintptr_t)memory + PAGE));
    assert_int_equal(hd_space_first_unwritable(&space, (uintptr_t)memory,
                                               (uintptr_t)memory + 4 * PAGE),
                     (uintptr_t)memory + 4 * PAGE);
    assert_int_equal(owner_of(memory + PAGE), HD_OWNER_ALLOCATOR);
    assert_int_equal(space.mapped, 4 * PAGE);
    assert_int_equal(space.reserved, 0);
    unmap(memory, 4);
}

static void what_is_anothers_stays_anothers(void **state)
{
    (void)state;
    uint8_t *memory = map(2, READ_WRITE, MAP_PRIVATE);
    hd_space_set(&space, (uintptr_t)memory, (uintptr_t)memory + 2 * PAGE, PROT_NONE,
                 HD_OWNER_FOREIGN);
    assert_true(hd_space_learn(&space, (uintptr_t)memory));
    assert_int_equal(hd_space_first_unwritable(&space, (uintptr_t)memory,
                                               (uintptr_t)memory + 2 * PAGE),
                     (uintptr_t)memory);
    unmap(memory, 2);
}

static void where_a_block_lies_shared_and_executable_memory_is_learned_of(void **state)
{
    (void)state;
    uint8_t *shared = map(1, READ_WRITE, MAP_SHARED);
    uint8_t *code = map(1, READ_WRITE | PROT_EXEC, MAP_PRIVATE);
    uint8_t *written_only = map(1, PROT_WRITE, MAP_PRIVATE);
    uint8_t *const all[] = {shared, code, written_only};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const uintptr_t start = (uintptr_t)all[i];
        assert_true(hd_space_learn(&space, start));
        assert_int_equal(hd_space_first_unwritable(&space, start, start + PAGE), start + PAGE);
        unmap(all[i], 1);
    }
    hd_space_set(&space, 0, UINTPTR_MAX, 0, HD_OWNER_NOBODY);
}

static void what_cannot_hold_a_heap_is_not_learned_of(void **state)
{
    (void)state;
    uint8_t *read_only = map(1, PROT_READ, MAP_PRIVATE);
    uint8_t *noted = map(1, READ_WRITE, MAP_SHARED);
    hd_arena_note(noted, PAGE);
    const struct {
        const char *name;
        uintptr_t address;
    } rows[] = {
        {"nothing", 8},
        {"read only", (uintptr_t)read_only},
        {"noted as the harness's", (uintptr_t)noted},
        {"the program's code", (uintptr_t)what_cannot_hold_a_heap_is_not_learned_of},
        {"the stack", (uintptr_t)__builtin_frame_address(0)},
        {"the harness's own", (uintptr_t)space.arena.base},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (hd_space_learn(&space, rows[i].address)) fail_msg("%s is learned of", rows[i].name);
    assert_int_equal(space.count, 0);
    unmap(read_only, 1);
}

// ---------------------------------------------------------------------------- all of them

static void all_private_memory_can_be_learned_of(void **state)
{
    (void)state;
    uint8_t *mine = map(3, READ_WRITE, MAP_PRIVATE);
    uint8_t *read_only = map(1, PROT_READ, MAP_PRIVATE);
    uint8_t *shared = map(1, READ_WRITE, MAP_SHARED);
    apply_mmap(mine + PAGE, 1, READ_WRITE);
    hd_space_learn_all(&space);

    const struct {
        const char *name;
        const void *address;
        enum hd_owner owner;
    } rows[] = {
        {"before the allocator's", mine, HD_OWNER_BEFORE},
        {"the allocator's", mine + PAGE, HD_OWNER_ALLOCATOR},
        {"behind the allocator's", mine + 2 * PAGE, HD_OWNER_BEFORE},
        {"no access", mine - PAGE, HD_OWNER_BEFORE},
        {"read only", read_only, HD_OWNER_BEFORE},
        {"shared", shared, HD_OWNER_NOBODY},
        {"data of the program", &in_data, HD_OWNER_BEFORE},
        {"data of a library", stdout, HD_OWNER_BEFORE},
        {"code", (const void *)(uintptr_t)all_private_memory_can_be_learned_of, HD_OWNER_NOBODY},
        {"the stack", __builtin_frame_address(0), HD_OWNER_NOBODY},
        {"the harness's own", space.arena.base, HD_OWNER_NOBODY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (owner_of(rows[i].address) != rows[i].owner)
            fail_msg("%s: %d", rows[i].name, (int)owner_of(rows[i].address));
    assert_int_equal(space.mapped, PAGE);
    unmap(mine, 3);
    unmap(read_only, 1);
    unmap(shared, 1);
}

static void more_mappings_than_one_read_gives_are_all_learned_of(void **state)
{
    (void)state;
    enum { PAGES = 2000 };
    uint8_t *memory = map(PAGES, READ_WRITE, MAP_PRIVATE);
    for (size_t page = 0; page < PAGES; page += 2)
        assert_int_equal(mprotect(memory + page * PAGE, PAGE, PROT_READ), 0);
    hd_space_learn_all(&space);
    for (size_t page = 0; page < PAGES; page++) {
        const uintptr_t start = (uintptr_t)memory + page * PAGE;
        const struct hd_region *region = hd_space_find(&space, start);
        assert_non_null(region);
        assert_int_equal(region->start, start);
        assert_int_equal(region->end, start + PAGE);
        assert_int_equal(region->prot, page % 2 == 0 ? PROT_READ : READ_WRITE);
    }
    unmap(memory, PAGES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_space, close_space)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_pages_that_were_touched_are_resident),
        TEST(only_the_allocators_own_pages_count_as_resident),
        TEST(private_writable_memory_can_be_learned_of),
        TEST(both_ends_of_a_mapping_are_its_own),
        TEST(what_is_known_stays_as_it_is),
        TEST(a_reserve_that_was_opened_unseen_is_writable),
        TEST(what_is_anothers_stays_anothers),
        TEST(where_a_block_lies_shared_and_executable_memory_is_learned_of),
        TEST(what_cannot_hold_a_heap_is_not_learned_of),
        TEST(all_private_memory_can_be_learned_of),
        TEST(more_mappings_than_one_read_gives_are_all_learned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
