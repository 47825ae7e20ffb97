// SPDX-License-Identifier: MIT
/// test_model.c: the model keeps its books, and tells whose bytes lie in a block.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/model/model.h"
#include "harness/model/pattern.h"

#define ROOM ((size_t)4 << 20)

static struct hd_model model;
static uint8_t *memory;

static int open_model(void **state)
{
    (void)state;
    hd_model_open(&model);
    hd_model_reset(&model, 16);
    memory = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED;
}

static int close_model(void **state)
{
    (void)state;
    hd_model_close(&model);
    return munmap(memory, ROOM);
}

static uintptr_t at(size_t offset) { return (uintptr_t)memory + offset; }

static void adopt(uint32_t slot, size_t offset, size_t size, size_t usable)
{
    hd_model_adopt(&model, slot, at(offset), size, usable, 0, hd_model_next_key(&model));
}

static size_t first_wrong(uint32_t slot)
{
    const struct hd_block *block = hd_model_block(&model, slot);
    return hd_pattern_check(block->address, block->usable, block->usable, block->key);
}

static void an_adopted_block_is_filled_and_found(void **state)
{
    (void)state;
    adopt(3, 64, 20, 24);
    const struct hd_block *block = hd_model_block(&model, 3);
    assert_non_null(block);
    assert_int_equal(block->address, at(64));
    assert_int_equal(block->size, 20);
    assert_int_equal(block->usable, 24);
    assert_int_equal(first_wrong(3), 24);
    assert_int_equal(memory[63], 0);
    assert_int_equal(memory[88], 0);
    assert_int_equal(model.live_count, 1);
    assert_int_equal(model.live_bytes, 24);
    assert_int_equal(hd_model_neighbours(&model, at(64)).below, 3);
    assert_int_equal(hd_model_neighbours(&model, at(63)).above, 3);
    assert_null(hd_model_block(&model, 2));
}

static void kept_bytes_are_not_written(void **state)
{
    (void)state;
    const uint64_t key = hd_model_next_key(&model);
    memset(memory, 0x77, 64);
    hd_model_adopt(&model, 0, at(0), 32, 48, 24, key);
    assert_int_equal(memory[23], 0x77);
    assert_int_equal(memory[24], hd_pattern_byte(24, key));
    assert_int_equal(memory[47], hd_pattern_byte(47, key));
    assert_int_equal(memory[48], 0x77);
}

static void a_large_block_is_filled_anew_even_where_bytes_are_kept(void **state)
{
    (void)state;
    const size_t size = HD_PATTERN_WHOLE + 1;
    hd_model_adopt(&model, 0, at(0), size, size, HD_PATTERN_WHOLE, hd_model_next_key(&model));
    assert_int_equal(first_wrong(0), size);
}

static void each_filling_has_another_key(void **state)
{
    (void)state;
    adopt(0, 0, 64, 64);
    adopt(1, 64, 64, 64);
    const uint64_t first = hd_model_block(&model, 0)->key;
    assert_int_not_equal(first, hd_model_block(&model, 1)->key);
    hd_model_refill(&model, 0);
    assert_int_not_equal(first, hd_model_block(&model, 0)->key);
    assert_int_not_equal(hd_model_block(&model, 1)->key, hd_model_block(&model, 0)->key);
    assert_int_equal(first_wrong(0), 64);
    assert_int_equal(first_wrong(1), 64);
}

static void a_refill_writes_over_what_was_wrong(void **state)
{
    (void)state;
    adopt(0, 0, 40, 48);
    memory[0] ^= 1;
    memory[47] ^= 1;
    assert_int_equal(first_wrong(0), 0);
    hd_model_refill(&model, 0);
    assert_int_equal(first_wrong(0), 48);
}

static void a_dropped_block_is_gone_and_its_bytes_untouched(void **state)
{
    (void)state;
    adopt(0, 0, 64, 64);
    adopt(1, 64, 10, 16);
    uint8_t before[64];
    memcpy(before, memory, sizeof before);
    hd_model_drop(&model, 0);
    assert_null(hd_model_block(&model, 0));
    assert_memory_equal(memory, before, sizeof before);
    assert_int_equal(model.live_count, 1);
    assert_int_equal(model.live_bytes, 16);
    assert_int_equal(hd_model_neighbours(&model, at(0)).below, HD_NO_SLOT);
    assert_int_equal(hd_model_neighbours(&model, at(0)).above, 1);
    adopt(0, 8, 8, 8); // the slot can be had again
    assert_int_equal(model.live_bytes, 24);
}

static void shrinking_believes_less_of_a_block(void **state)
{
    (void)state;
    adopt(0, 0, 16, 64);
    hd_model_shrink_usable(&model, 0, 24);
    assert_int_equal(hd_model_block(&model, 0)->usable, 24);
    assert_int_equal(hd_model_block(&model, 0)->size, 16);
    assert_int_equal(model.live_bytes, 24);
    memory[24] ^= 1; // no longer the block's
    assert_int_equal(first_wrong(0), 24);
    hd_model_drop(&model, 0);
    assert_int_equal(model.live_bytes, 0);
}

static void a_large_block_holds_its_pattern_at_whatever_size_it_is_shrunk_to(void **state)
{
    (void)state;
    static const size_t sizes[] = {100,       HD_PATTERN_WHOLE, HD_PATTERN_WHOLE + 100,
                                   300 << 10, (1 << 20) + 12345, (3 << 20) - 1};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        memset(memory, 0, ROOM);
        adopt(0, 0, 16, 3 << 20);
        hd_model_shrink_usable(&model, 0, sizes[i]);
        assert_int_equal(first_wrong(0), sizes[i]);
        hd_model_drop(&model, 0);
    }
}

static void shrinking_a_large_block_does_not_hide_what_is_wrong_in_it(void **state)
{
    (void)state;
    adopt(0, 0, 16, 3 << 20);
    memory[100] ^= 1;
    hd_model_shrink_usable(&model, 0, 1 << 20);
    assert_int_equal(first_wrong(0), 100);
    hd_model_drop(&model, 0);
}

static void a_reset_model_is_empty_and_repeats_its_keys(void **state)
{
    (void)state;
    adopt(0, 0, 64, 64);
    adopt(15, 64, 64, 64);
    const uint64_t key = hd_model_block(&model, 0)->key;
    hd_model_reset(&model, 16);
    assert_int_equal(model.live_count, 0);
    assert_int_equal(model.live_bytes, 0);
    assert_null(hd_model_block(&model, 0));
    assert_null(hd_model_block(&model, 15));
    assert_int_equal(hd_model_neighbours(&model, 0).above, HD_NO_SLOT);
    adopt(0, 0, 64, 64);
    assert_int_equal(hd_model_block(&model, 0)->key, key);
}

static void a_run_with_the_highest_slot_leaves_nothing_behind(void **state)
{
    (void)state;
    hd_model_reset(&model, HD_SLOT_MAX + 1);
    adopt(HD_SLOT_MAX, 0, 8, 8);
    adopt(HD_SLOT_MAX / 2, 64, 8, 8);
    hd_model_reset(&model, HD_SLOT_MAX + 1);
    assert_int_equal(model.live_count, 0);
    assert_null(hd_model_block(&model, HD_SLOT_MAX));
    assert_null(hd_model_block(&model, HD_SLOT_MAX / 2));
    hd_model_reset(&model, 2);
    adopt(1, 0, 8, 8);
    assert_int_equal(hd_model_neighbours(&model, 0).above, 1);
}

/// How much of the arena past `from` is resident, in pages.
static size_t resident_pages(const struct hd_arena *arena, size_t bytes)
{
    static unsigned char pages[1 << 16];
    assert_int_equal(mincore(arena->base, bytes, pages), 0);
    size_t count = 0;
    for (size_t i = 0; i < bytes / 4096; i++) count += pages[i] & 1;
    return count;
}

static void the_memory_of_a_large_run_is_given_back(void **state)
{
    (void)state;
    const uint32_t slots = 1 << 18; // 8 MiB of blocks
    hd_model_reset(&model, slots);
    for (uint32_t slot = 0; slot < slots; slot += 16) adopt(slot, slot / 16 * 8, 8, 8);
    assert_true(resident_pages(&model.slots_arena, (size_t)8 << 20) >= 2000);
    hd_model_reset(&model, 1);
    assert_true(resident_pages(&model.slots_arena, (size_t)8 << 20) <= 1);
}

static void slots_numbered_on_and_on_take_no_memory(void **state)
{
    (void)state;
    const uint32_t slots = 1 << 21; // 64 MiB of blocks
    const uint32_t keeps = 1 << 16; // every so many one stays
    hd_model_reset(&model, slots);
    for (uint32_t slot = 0; slot < slots; slot++) {
        adopt(slot, slot % keeps == 0 ? slot / keeps * 8 : 4096, 8, 8);
        if (slot % keeps != 0) hd_model_drop(&model, slot);
    }
    // 8192 pages may be empty and stay.
    assert_true(resident_pages(&model.slots_arena, (size_t)64 << 20) <= 8192 + slots / keeps);
    for (uint32_t slot = 0; slot < slots; slot += keeps) {
        assert_int_equal(hd_model_block(&model, slot)->address, at(slot / keeps * 8));
        assert_int_equal(first_wrong(slot), 8);
    }
    assert_null(hd_model_block(&model, 1));
    adopt(1, 4096, 8, 8); // its page may have been given back
    assert_int_equal(hd_model_block(&model, 1)->address, at(4096));
}

// ---------------------------------------------------------------------------- whose bytes

#define VICTIM 1
#define OTHER  2

/// Slot VICTIM at 0, slot OTHER `distance` bytes on and written later.
static void lay_over(size_t distance, size_t victim_size, size_t other_size)
{
    hd_model_reset(&model, 16);
    memset(memory, 0, 4096);
    adopt(VICTIM, 0, victim_size, victim_size);
    adopt(OTHER, distance, other_size, other_size);
    adopt(7, 2048, 64, 64); // a bystander on each side of the question
}

static void an_overlap_is_attributed_at_all_shifts(void **state)
{
    (void)state;
    for (size_t distance = 1; distance <= 48; distance++) {
        lay_over(distance, 128, 256);
        const size_t wrong = first_wrong(VICTIM);
        assert_in_range(wrong, distance, distance + 2); // a byte may be equal by chance
        uint32_t owner = 99;
        size_t offset = 99;
        assert_true(hd_model_whose_bytes(&model, at(0), 128, wrong, &owner, &offset));
        assert_int_equal(owner, OTHER);
        assert_int_equal(offset, wrong - distance);
    }
}

static void every_byte_of_an_overlap_is_attributed(void **state)
{
    (void)state;
    for (size_t distance = 40; distance < 48; distance++) {
        lay_over(distance, 128, 256);
        for (size_t wrong = distance; wrong + 15 <= 128; wrong++) {
            uint32_t owner = 99;
            size_t offset = 99;
            assert_true(hd_model_whose_bytes(&model, at(0), 128, wrong, &owner, &offset));
            assert_int_equal(owner, OTHER);
            assert_int_equal(offset, wrong - distance);
        }
    }
}

static void a_shifted_copy_of_its_own_bytes_is_attributed(void **state)
{
    (void)state;
    hd_model_reset(&model, 16);
    adopt(VICTIM, 0, 256, 256);
    memmove(memory, memory + 19, 200);
    uint32_t owner = 99;
    size_t offset = 99;
    assert_true(hd_model_whose_bytes(&model, at(0), 256, 0, &owner, &offset));
    assert_int_equal(owner, VICTIM);
    assert_int_equal(offset, 19);
}

static void a_foreign_byte_of_nobody_is_nobodys(void **state)
{
    (void)state;
    hd_model_reset(&model, 16);
    adopt(VICTIM, 0, 64, 64);
    adopt(OTHER, 64, 64, 64);
    for (size_t wrong = 0; wrong < 64; wrong++) {
        uint32_t owner = 99;
        size_t offset = 99;
        memory[wrong] ^= 0xff; // the words after it are its own again
        assert_false(hd_model_whose_bytes(&model, at(0), 64, wrong, &owner, &offset));
        memory[wrong] ^= 0xff;
        assert_int_equal(owner, 99);
    }
}

static void bytes_before_a_block_are_not_that_blocks(void **state)
{
    (void)state;
    lay_over(40, 128, 64);
    uint32_t owner;
    size_t offset;
    memset(memory + 36, 0xee, 4); // a header in front of it
    assert_false(hd_model_whose_bytes(&model, at(0), 128, 36, &owner, &offset));
    assert_true(hd_model_whose_bytes(&model, at(0), 128, 40, &owner, &offset));
    assert_int_equal(offset, 0);
    memory[39] = hd_pattern_byte(SIZE_MAX, hd_model_block(&model, OTHER)->key);
    assert_false(hd_model_whose_bytes(&model, at(0), 128, 39, &owner, &offset));
}

static void nothing_past_the_readable_bytes_is_read(void **state)
{
    (void)state;
    uint8_t *end = memory + ROOM - 4096;
    assert_int_equal(mprotect(end, 4096, PROT_NONE), 0);
    const size_t start = ROOM - 4096 - 64;
    for (size_t wrong = 0; wrong < 64; wrong++) {
        uint32_t owner;
        size_t offset;
        assert_false(hd_model_whose_bytes(&model, at(start), 64, wrong, &owner, &offset));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_model, close_model)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_adopted_block_is_filled_and_found),
        TEST(kept_bytes_are_not_written),
        TEST(a_large_block_is_filled_anew_even_where_bytes_are_kept),
        TEST(each_filling_has_another_key),
        TEST(a_refill_writes_over_what_was_wrong),
        TEST(a_dropped_block_is_gone_and_its_bytes_untouched),
        TEST(shrinking_believes_less_of_a_block),
        TEST(a_large_block_holds_its_pattern_at_whatever_size_it_is_shrunk_to),
        TEST(shrinking_a_large_block_does_not_hide_what_is_wrong_in_it),
        TEST(a_reset_model_is_empty_and_repeats_its_keys),
        TEST(a_run_with_the_highest_slot_leaves_nothing_behind),
        TEST(the_memory_of_a_large_run_is_given_back),
        TEST(slots_numbered_on_and_on_take_no_memory),
        TEST(an_overlap_is_attributed_at_all_shifts),
        TEST(every_byte_of_an_overlap_is_attributed),
        TEST(a_shifted_copy_of_its_own_bytes_is_attributed),
        TEST(a_foreign_byte_of_nobody_is_nobodys),
        TEST(bytes_before_a_block_are_not_that_blocks),
        TEST(nothing_past_the_readable_bytes_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
