// SPDX-License-Identifier: MIT
/// test_binary.c: every 24 bytes are an operation, and every operation has one canonical record.
#include "harness/trace/binary.h"

#include "harness/trace/trace.h"
#include "tests/unit/random_ops.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct hd_op decode(const uint8_t record[HD_RECORD_SIZE])
{
    struct hd_op op;
    hd_binary_decode(record, &op);
    return op;
}

static void fill_randomly(uint64_t *seed, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)random_next(seed);
}

static void zeros_are_the_smallest_operation(void **state)
{
    (void)state;
    static const uint8_t zeros[HD_RECORD_SIZE];
    const struct hd_op op = decode(zeros);
    assert_int_equal(op.kind, HD_OP_MALLOC);
    assert_int_equal(op.thread, 0);
    assert_int_equal(op.slot, 0);
    assert_int_equal(op.size, 0);
    assert_int_equal(op.extra, 0);
}

static uint8_t kind_of_byte(unsigned byte)
{
    const uint8_t record[HD_RECORD_SIZE] = {(uint8_t)byte};
    return decode(record).kind;
}

/// Append only, as ops.def: a row that changes is every kept trace meaning something else.
static void canonical_operation_bytes_never_change(void **state)
{
    (void)state;
    static const char *const words[] = {
        "malloc",
        "free",
        "realloc",
        "calloc",
        "reallocarray",
        "aligned_alloc",
        "posix_memalign",
        "memalign",
        "valloc",
        "free_null",
        "malloc_usable_size",
        "write",
        "refuse",
        "refuse_all",
        "limit",
        "foreign_sbrk",
        "foreign_mmap",
        "thread_end",
    };
    assert_int_equal(sizeof words / sizeof words[0], HD_OP_KINDS);
    for (unsigned kind = 0; kind < HD_OP_KINDS; kind++) {
        const uint8_t record[HD_RECORD_SIZE] = {(uint8_t)kind};
        uint8_t canonical[HD_RECORD_SIZE];
        const struct hd_op op = decode(record);
        hd_binary_encode(&op, canonical);
        assert_int_equal(op.kind, kind);
        assert_memory_equal(canonical, record, sizeof record);
        assert_string_equal(hd_op_infos[kind].text, words[kind]);
    }
}

static void numbers_past_the_last_operation_begin_anew(void **state)
{
    (void)state;
    for (unsigned byte = HD_OP_KINDS; byte < 64; byte++)
        assert_int_equal(kind_of_byte(byte), kind_of_byte(byte - HD_OP_KINDS));
}

static void operation_bytes_from_64_follow_the_weights(void **state)
{
    (void)state;
    unsigned counts[HD_OP_KINDS] = {0};
    uint8_t last = 0;
    assert_int_equal(kind_of_byte(64), HD_OP_MALLOC);
    for (unsigned byte = 64; byte < 256; byte++) {
        const uint8_t kind = kind_of_byte(byte);
        assert_true(kind >= last); // in the order of ops.def
        counts[kind]++;
        last = kind;
    }
    assert_int_equal(last, HD_OP_KINDS - 1);
    for (unsigned kind = 0; kind < HD_OP_KINDS; kind++)
        assert_int_equal(counts[kind], hd_op_infos[kind].weight);
}

static void thread_code_says_how_many_bits_count(void **state)
{
    (void)state;
    static const struct {
        uint8_t byte, thread;
        bool canonical;
    } rows[] = {
        {0x00, 0, true},  {0x01, 0, false}, {0x3f, 0, false}, {0x40, 0, false},
        {0x41, 1, true},  {0x43, 3, true},  {0x44, 0, false}, {0x7f, 3, false},
        {0x80, 0, false}, {0x83, 3, false}, {0x84, 0, false}, {0xbf, 3, false},
        {0xc0, 0, false}, {0xc3, 3, false}, {0xc4, 4, true},  {0xff, 63, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint8_t record[HD_RECORD_SIZE] = {0, rows[i].byte};
        uint8_t canonical[HD_RECORD_SIZE];
        const struct hd_op op = decode(record);
        assert_int_equal(op.thread, rows[i].thread);
        hd_binary_encode(&op, canonical);
        assert_int_equal(canonical[1] == rows[i].byte, rows[i].canonical);
    }
}

static void canonical_threads_are_the_lowest_bytes(void **state)
{
    (void)state;
    for (unsigned thread = 0; thread <= HD_THREAD_MAX; thread++) {
        const struct hd_op op = {.thread = (uint8_t)thread};
        uint8_t canonical[HD_RECORD_SIZE];
        hd_binary_encode(&op, canonical);
        for (unsigned byte = 0; byte <= canonical[1]; byte++) {
            const uint8_t record[HD_RECORD_SIZE] = {0, (uint8_t)byte};
            assert_int_equal(decode(record).thread == thread, byte == canonical[1]);
        }
    }
}

static void slot_code_says_how_many_bits_count(void **state)
{
    (void)state;
    static const uint32_t largest[16] = {0,  1,  3,  7,  7,   15,   15,      15,
                                         31, 31, 63, 63, 255, 4095, 1048575, HD_SLOT_MAX};
    for (unsigned code = 0; code < 16; code++) {
        const uint8_t ones[HD_RECORD_SIZE] = {0, 0, 255, 255, 255, (uint8_t)(code << 4 | 15)};
        const uint8_t one[HD_RECORD_SIZE] = {0, 0, 1, 0, 0, (uint8_t)(code << 4)};
        assert_int_equal(decode(ones).slot, largest[code]);
        assert_int_equal(decode(one).slot, code > 0);
    }
}

static void fields_lie_where_the_drawing_says(void **state)
{
    (void)state;
    // reallocarray, thread 7, slot 0x123 of 12 bits, count 0x0201 exact, size SIZE_MAX - 5.
    const uint8_t record[HD_RECORD_SIZE] = {4, 0xc7, 0x23, 0x01, 0, 0xd0, 247, 5, 0, 0, 0, 0,
                                            0, 0,    0,    10,   1, 2,    0,   0, 0, 0, 0, 0};
    const struct hd_op op = decode(record);
    assert_int_equal(op.kind, HD_OP_REALLOCARRAY);
    assert_int_equal(op.thread, 7);
    assert_int_equal(op.slot, 0x123);
    assert_int_equal(op.extra, 0x201);
    assert_true(op.size == UINT64_MAX - 5);
}

static void fields_without_use_are_zero(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (unsigned i = 0; i < 20000; i++) {
        uint8_t record[HD_RECORD_SIZE];
        fill_randomly(&seed, record, sizeof record);
        const struct hd_op op = decode(record);
        const unsigned operands = hd_op_infos[op.kind].operands;
        if (!(operands & (HD_SLOT | HD_RESULT))) assert_int_equal(op.slot, 0);
        if (!(operands & HD_IN_SIZE)) assert_int_equal(op.size, 0);
        if (!(operands & HD_IN_EXTRA)) assert_int_equal(op.extra, 0);
    }
}

static void encoded_operations_decode_to_themselves(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (unsigned i = 0; i < 100000; i++) {
        uint8_t record[HD_RECORD_SIZE];
        const struct hd_op op = random_op(&seed);
        hd_binary_encode(&op, record);
        const struct hd_op again = decode(record);
        assert_memory_equal(&op, &again, sizeof op);
    }
}

static void any_record_has_one_canonical_record(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (unsigned i = 0; i < 100000; i++) {
        uint8_t any[HD_RECORD_SIZE];
        uint8_t canonical[HD_RECORD_SIZE];
        uint8_t again[HD_RECORD_SIZE];
        fill_randomly(&seed, any, sizeof any);
        const struct hd_op first = decode(any);
        hd_binary_encode(&first, canonical);
        const struct hd_op op = decode(canonical);
        assert_memory_equal(&first, &op, sizeof op);
        hd_binary_encode(&op, again);
        assert_memory_equal(canonical, again, sizeof again);
    }
}

/// With each of the 256 operation bytes, and ones or zeros after it.
static void any_operation_byte_is_a_well_formed_operation(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (unsigned byte = 0; byte < 256; byte++) {
        for (unsigned round = 0; round < 300; round++) {
            uint8_t record[HD_RECORD_SIZE];
            uint8_t canonical[HD_RECORD_SIZE];
            fill_randomly(&seed, record, sizeof record);
            if (round < 2) memset(record, round == 0 ? 0 : 255, sizeof record);
            record[0] = (uint8_t)byte;
            const struct hd_op op = decode(record);
            assert_true(hd_op_well_formed(&op));
            hd_binary_encode(&op, canonical);
            const struct hd_op again = decode(canonical);
            assert_memory_equal(&op, &again, sizeof op);
        }
    }
}

static void any_byte_string_decodes(void **state)
{
    (void)state;
    struct hd_arena arena;
    uint64_t seed = 4;
    hd_arena_open(&arena, 1 << 20);
    for (size_t size = 0; size <= 64; size++) {
        for (unsigned round = 0; round < 500; round++) {
            uint8_t bytes[96] = {0};
            struct hd_trace cut;
            struct hd_trace whole;
            fill_randomly(&seed, bytes, size);
            const size_t count = (size + HD_RECORD_SIZE - 1) / HD_RECORD_SIZE;

            hd_arena_reset(&arena, 0);
            hd_trace_decode(bytes, size, &arena, &cut);
            hd_trace_decode(bytes, count * HD_RECORD_SIZE, &arena, &whole);
            assert_int_equal(cut.count, count);
            assert_int_equal(cut.slot_count, whole.slot_count);
            assert_memory_equal(cut.ops, whole.ops, count * sizeof cut.ops[0]);
            for (size_t i = 0; i < count; i++)
                assert_true(cut.ops[i].kind < HD_OP_KINDS);
        }
    }
    hd_arena_close(&arena);
}

static void an_input_is_the_same_on_few_threads(void **state)
{
    (void)state;
    struct hd_arena arena;
    uint64_t seed = 5;
    unsigned on_others = 0;
    hd_arena_open(&arena, 1 << 20);
    for (unsigned round = 0; round < 500; round++) {
        uint8_t bytes[96];
        struct hd_trace trace;
        struct hd_trace input;
        fill_randomly(&seed, bytes, sizeof bytes);
        hd_arena_reset(&arena, 0);
        hd_trace_decode(bytes, sizeof bytes, &arena, &trace);
        hd_trace_decode_input(bytes, sizeof bytes, &arena, &input);
        assert_int_equal(input.count, trace.count);
        assert_int_equal(input.slot_count, trace.slot_count);
        for (size_t i = 0; i < trace.count; i++) {
            struct hd_op op = trace.ops[i];
            on_others += op.thread >= HD_INPUT_THREADS;
            op.thread %= HD_INPUT_THREADS;
            assert_memory_equal(&input.ops[i], &op, sizeof op);
        }
    }
    assert_true(on_others > 0);
    hd_arena_close(&arena);
}

static void slot_count_is_one_past_the_highest_named(void **state)
{
    (void)state;
    struct hd_arena arena;
    struct hd_trace trace;
    hd_arena_open(&arena, 1 << 20);
    uint8_t records[3 * HD_RECORD_SIZE] = {0};
    records[0] = HD_OP_FREE_NULL; // names no slot, whatever its slot field says
    records[2] = 200;
    records[5] = 0xc0;
    hd_trace_decode(records, HD_RECORD_SIZE, &arena, &trace);
    assert_int_equal(trace.ops[0].kind, HD_OP_FREE_NULL);
    assert_int_equal(trace.slot_count, 0);
    for (unsigned kind = HD_OP_REFUSE; kind <= HD_OP_FOREIGN_SBRK; kind++) {
        records[0] = (uint8_t)kind;
        hd_trace_decode(records, HD_RECORD_SIZE, &arena, &trace);
        assert_int_equal(trace.ops[0].kind, kind);
        assert_int_equal(trace.slot_count, 0);
    }
    records[0] = HD_OP_FOREIGN_MMAP;
    hd_trace_decode(records, HD_RECORD_SIZE, &arena, &trace);
    assert_int_equal(trace.slot_count, 201);
    records[0] = HD_OP_FREE_NULL;
    hd_trace_decode(records, 2 * HD_RECORD_SIZE, &arena, &trace);
    assert_int_equal(trace.slot_count, 1);
    memset(records + 2 * HD_RECORD_SIZE + 2, 255, 4);
    hd_trace_decode(records, sizeof records, &arena, &trace);
    assert_int_equal(trace.slot_count, HD_SLOT_MAX + 1);
    hd_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeros_are_the_smallest_operation),
        cmocka_unit_test(canonical_operation_bytes_never_change),
        cmocka_unit_test(numbers_past_the_last_operation_begin_anew),
        cmocka_unit_test(operation_bytes_from_64_follow_the_weights),
        cmocka_unit_test(thread_code_says_how_many_bits_count),
        cmocka_unit_test(canonical_threads_are_the_lowest_bytes),
        cmocka_unit_test(slot_code_says_how_many_bits_count),
        cmocka_unit_test(fields_lie_where_the_drawing_says),
        cmocka_unit_test(fields_without_use_are_zero),
        cmocka_unit_test(encoded_operations_decode_to_themselves),
        cmocka_unit_test(any_record_has_one_canonical_record),
        cmocka_unit_test(any_operation_byte_is_a_well_formed_operation),
        cmocka_unit_test(any_byte_string_decodes),
        cmocka_unit_test(an_input_is_the_same_on_few_threads),
        cmocka_unit_test(slot_count_is_one_past_the_highest_named),
    };
    return cmocka_run_group_tests_name("binary", tests, NULL, NULL);
}
