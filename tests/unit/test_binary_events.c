// SPDX-License-Identifier: MIT
/// test_binary_events.c: the records of events, byte by byte.
#include "harness/trace/binary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct hd_op decode(const uint8_t record[HD_RECORD_SIZE])
{
    struct hd_op op;
    hd_binary_decode(record, &op);
    return op;
}

static bool same(const struct hd_op *a, const struct hd_op *b)
{
    return a->kind == b->kind && a->thread == b->thread && a->slot == b->slot &&
           a->size == b->size && a->extra == b->extra;
}

/// Append only, as syscalls.def up to its last refusable call.
static void canonical_system_calls_never_change(void **state)
{
    (void)state;
    static const char *const names[] = {"mmap", "brk", "mremap", "munmap", "madvise", "mprotect"};
    assert_int_equal(sizeof names / sizeof names[0], HD_REFUSABLES);
    for (unsigned id = 0; id < HD_REFUSABLES; id++) {
        const struct hd_op op = {.kind = HD_OP_REFUSE, .size = 1, .extra = id};
        uint8_t record[HD_RECORD_SIZE];
        hd_binary_encode(&op, record);
        assert_int_equal(record[15], 0);
        assert_int_equal(record[16], id);
        assert_string_equal(hd_syscall_names[id], names[id]);
    }
}

/// Canonical records of events: bytes 6 to 14 are the size, 15 and 16 the beginning of extra.
static void events_lie_where_the_drawing_says(void **state)
{
    (void)state;
    static const struct {
        struct hd_op op;
        uint8_t record[HD_RECORD_SIZE];
    } rows[] = {
        {{.kind = HD_OP_REFUSE, .size = 1}, {12}},
        {{.kind = HD_OP_REFUSE, .size = 3, .extra = HD_SYSCALL_mremap},
         {12, 0, 0, 0, 0, 0, 2, 2, [16] = HD_SYSCALL_mremap}},
        {{.kind = HD_OP_REFUSE, .thread = 2, .size = 64, .extra = HD_SYSCALL_mprotect},
         {12, 0x42, 0, 0, 0, 0, 6, 63, [16] = HD_SYSCALL_mprotect}},
        {{.kind = HD_OP_REFUSE_ALL, .size = 2}, {13, 0, 0, 0, 0, 0, 1, 1}},
        {{.kind = HD_OP_LIMIT, .size = 4096}, {14, 0, 0, 0, 0, 0, 13, 0, 16}},
        {{.kind = HD_OP_LIMIT, .size = UINT64_MAX},
         {14, 0, 0, 0, 0, 0, 64, 255, 255, 255, 255, 255, 255, 255, 255}},
        {{.kind = HD_OP_FOREIGN_SBRK, .size = 4096}, {15, 0, 0, 0, 0, 0, 13, 0, 16}},
        {{.kind = HD_OP_FOREIGN_SBRK, .size = (uint64_t)INT64_C(-4096)},
         {15, 0, 0, 0, 0, 0, 64, 0, 240, 255, 255, 255, 255, 255, 255}},
        {{.kind = HD_OP_FOREIGN_MMAP, .slot = 5}, {16, 0, 5, 0, 0, 0x30}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t record[HD_RECORD_SIZE];
        hd_binary_encode(&rows[i].op, record);
        assert_memory_equal(record, rows[i].record, sizeof record);
        const struct hd_op op = decode(record);
        assert_true(same(&op, &rows[i].op));
    }
}

/// The form of a system call, and of its payload all but the lowest byte, say nothing.
static void any_extra_is_a_system_call(void **state)
{
    (void)state;
    for (unsigned form = 0; form < 256; form++) {
        for (unsigned low = 0; low < 256; low++) {
            uint8_t record[HD_RECORD_SIZE] = {HD_OP_REFUSE};
            memset(record + 15, (int)form, HD_RECORD_SIZE - 15);
            record[16] = (uint8_t)low;
            assert_int_equal(decode(record).extra, low % HD_REFUSABLES);
        }
    }
}

static void canonical_times_are_the_lowest_bytes(void **state)
{
    (void)state;
    for (unsigned times = 1; times <= HD_TIMES_MAX; times++) {
        const struct hd_op op = {.kind = HD_OP_REFUSE_ALL, .size = times};
        uint8_t canonical[HD_RECORD_SIZE];
        hd_binary_encode(&op, canonical);
        for (unsigned form = 0; form <= canonical[6]; form++) {
            for (unsigned low = 0; low < 256; low++) {
                const uint8_t record[HD_RECORD_SIZE] = {HD_OP_REFUSE_ALL, 0,           0, 0, 0, 0,
                                                        (uint8_t)form,    (uint8_t)low};
                if (decode(record).size != times) continue;
                assert_int_equal(form, canonical[6]);
                assert_true(low >= canonical[7]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_system_calls_never_change),
        cmocka_unit_test(events_lie_where_the_drawing_says),
        cmocka_unit_test(any_extra_is_a_system_call),
        cmocka_unit_test(canonical_times_are_the_lowest_bytes),
    };
    return cmocka_run_group_tests_name("binary_events", tests, NULL, NULL);
}
