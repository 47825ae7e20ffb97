// SPDX-License-Identifier: MIT
/// test_layout_rows.c: whose each part of an address space is, where a mapping is not one owner's.
#include "harness/cli/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PROGRAM "/usr/bin/heapduel"

static struct hd_snapshot snapshot;

static void set_maps(const char *text)
{
    memset(&snapshot, 0, sizeof snapshot);
    snapshot.maps_size = strlen(text);
    memcpy(snapshot.maps, text, snapshot.maps_size);
}

static void add_region(uintptr_t start, uintptr_t end, enum hd_owner owner)
{
    snapshot.regions[snapshot.region_count++] =
        (struct hd_region){.start = start, .end = end, .owner = owner};
}

struct row {
    uintptr_t start;
    uintptr_t end;
    const char *owner;
    const char *what;
    size_t blocks;
};

static void check(const struct row *rows, size_t count)
{
    struct hd_layout layout;
    hd_layout_open(&layout, &snapshot, PROGRAM);
    assert_int_equal(layout.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(layout.rows[i].start, rows[i].start);
        assert_int_equal(layout.rows[i].end, rows[i].end);
        assert_string_equal(layout.rows[i].owner, rows[i].owner);
        assert_string_equal(layout.rows[i].what, rows[i].what);
        assert_int_equal(layout.rows[i].block_count, rows[i].blocks);
    }
    hd_layout_close(&layout);
}

static void files_and_the_kernels_words_are_told_apart(void **state)
{
    (void)state;
    set_maps("1000-2000 r-xp 00000000 08:01 7     /usr/bin/heapduel\n"
             "2000-3000 rw-p 00001000 08:01 7     /usr/bin/heapduel\n"
             "3000-9000 rw-p 00000000 00:00 0 \n"
             "a000-b000 rw-p 00000000 00:00 0 \n"
             "b000-c000 r--p 00000000 08:01 9     /usr/lib/x y/libfoo.so.1 (deleted)\n"
             "c000-d000 rw-s 00000000 00:01 9     /memfd:heapduel-job (deleted)\n"
             "d000-e000 r-xp 00000000 00:00 0     [vdso]\n"
             "e000-f000 rw-p 00000000 00:00 0     [stack]\n"
             "f000-"); // cut
    const struct row rows[] = {
        {0x1000, 0x2000, "program", "text", 0},
        {0x2000, 0x3000, "program", "data", 0},
        {0x3000, 0x9000, "program", "bss", 0},
        {0xa000, 0xb000, "other", "mapping", 0},
        {0xb000, 0xc000, "libfoo.so.1", "read-only data", 0},
        {0xc000, 0xd000, "harness", "record", 0},
        {0xd000, 0xe000, "kernel", "[vdso]", 0},
        {0xe000, 0xf000, "program", "stack", 0},
    };
    check(rows, sizeof rows / sizeof rows[0]);
}

static void a_mapping_of_several_owners_is_several_rows(void **state)
{
    (void)state;
    set_maps("10000-20000 rw-p 00000000 00:00 0     [heap]\n"
             "30000-40000 rw-p 00000000 00:00 0 \n");
    add_region(0x10000, 0x12000, HD_OWNER_BEFORE);
    add_region(0x12000, 0x15000, HD_OWNER_BREAK);
    add_region(0x15000, 0x16000, HD_OWNER_FOREIGN);
    add_region(0x16000, 0x1f010, HD_OWNER_BREAK); // its last page goes on behind the break
    add_region(0x34000, 0x38000, HD_OWNER_ALLOCATOR);
    snapshot.ours[snapshot.ours_count++] = (struct hd_arena_range){0x30000, 0x34000};
    snapshot.ours[snapshot.ours_count++] = (struct hd_arena_range){0x3f000, 0x40000};
    snapshot.blocks[0] = (struct hd_snapshot_block){.address = 0x12010, .size = 10};
    snapshot.blocks[1] = (struct hd_snapshot_block){.address = 0x14ff0, .size = 20};
    snapshot.blocks[2] = (struct hd_snapshot_block){.address = 0x16000, .size = 30};
    snapshot.blocks[3] = (struct hd_snapshot_block){.address = 0x34000, .size = 40};
    snapshot.block_count = snapshot.blocks_live = 4;
    const struct row rows[] = {
        {0x10000, 0x12000, "program", "heap, from before", 0},
        {0x12000, 0x15000, "allocator", "heap", 2},
        {0x15000, 0x16000, "foreign", "heap", 0},
        {0x16000, 0x20000, "allocator", "heap", 1},
        {0x30000, 0x34000, "harness", "mapping", 0},
        {0x34000, 0x38000, "allocator", "mapping", 1},
        {0x38000, 0x3f000, "other", "mapping", 0},
        {0x3f000, 0x40000, "harness", "mapping", 0},
    };
    check(rows, sizeof rows / sizeof rows[0]);
}

static void sums_are_the_allocators(void **state)
{
    (void)state;
    set_maps("10000-14000 rw-p 00000000 00:00 0 \n"
             "14000-20000 ---p 00000000 00:00 0 \n"
             "30000-40000 rw-p 00000000 00:00 0 \n");
    add_region(0x10000, 0x20000, HD_OWNER_ALLOCATOR);
    snapshot.blocks[0] = (struct hd_snapshot_block){.address = 0x10010, .size = 100};
    snapshot.blocks[1] = (struct hd_snapshot_block){.address = 0x30010, .size = 1};
    snapshot.block_count = snapshot.blocks_live = 2;
    struct hd_layout layout;
    hd_layout_open(&layout, &snapshot, PROGRAM);
    assert_int_equal(layout.mapped, 0x4000);
    assert_int_equal(layout.reserved, 0xc000);
    assert_int_equal(layout.live, 101);
    assert_int_equal(layout.blocks, 2);
    hd_layout_close(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_and_the_kernels_words_are_told_apart),
        cmocka_unit_test(a_mapping_of_several_owners_is_several_rows),
        cmocka_unit_test(sums_are_the_allocators),
    };
    return cmocka_run_group_tests_name("layout_rows", tests, NULL, NULL);
}
