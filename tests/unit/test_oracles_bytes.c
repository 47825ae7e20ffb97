// SPDX-License-Identifier: MIT
/// test_oracles_bytes.c: what blocks hold: zero, realloc, content, usable. On real memory.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "harness/model/pattern.h"
#include "tests/unit/judging.h"

#define NOWHERE SIZE_MAX // no byte is changed
#define NEW     2048     // offset of the block after realloc

static const struct hd_policy plain;
static struct hd_model model;
static uint8_t memory[8192];

static int open_model(void **state)
{
    (void)state;
    hd_model_open(&model);
    return 0;
}

static int close_model(void **state)
{
    (void)state;
    hd_model_close(&model);
    return 0;
}

static uintptr_t at(size_t offset) { return (uintptr_t)memory + offset; }

// ---------------------------------------------------------------------------- zero

static void zero(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t size;
        size_t set; // the byte that is 1
        bool null, untouchable;
        enum hd_verdict want;
    } rows[] = {
        {"all zero", 100, NOWHERE, false, false, HD_HOLDS},
        {"first byte", 100, 0, false, false, HD_BROKEN},
        {"last byte", 100, 99, false, false, HD_BROKEN},
        {"a byte past the end", 100, 100, false, false, HD_HOLDS},
        {"the only byte", 1, 0, false, false, HD_BROKEN},
        {"no bytes", 0, 0, false, false, HD_NOT_JUDGED},
        {"NULL", 100, 0, true, false, HD_NOT_JUDGED},
        {"no block of its own", 100, 0, false, true, HD_NOT_JUDGED},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        memset(memory, 0, sizeof memory);
        if (rows[i].set != NOWHERE) memory[rows[i].set] = 1;
        const struct hd_op op = {.kind = HD_OP_CALLOC};
        const struct hd_step step = {.op = &op,
                                     .policy = &plain,
                                     .size = rows[i].size,
                                     .result = rows[i].null ? 0 : at(0),
                                     .untouchable = rows[i].untouchable};
        assert_judged(rows[i].name, hd_oracle_zero.judge, &model, &step, rows[i].want,
                      rows[i].want == HD_BROKEN ? "not-zero" : "");
    }
}

static void zero_names_the_byte(void **state)
{
    (void)state;
    memset(memory, 0, sizeof memory);
    memory[37] = 0xfe;
    const struct hd_op op = {.kind = HD_OP_CALLOC};
    const struct hd_step step = {.op = &op, .policy = &plain, .size = 40, .result = at(0)};
    struct hd_finding finding;
    assert_int_equal(hd_oracle_zero.judge(&model, &step, &finding), HD_BROKEN);
    assert_ptr_equal(strstr(finding.evidence, "byte 37 of calloc's 40 bytes"), finding.evidence);
    assert_non_null(strstr(finding.evidence, "is 0xfe"));
}

// ---------------------------------------------------------------------------- realloc

struct realloc_row {
    const char *name;
    size_t old_size, old_usable, new_size;
    size_t flipped; // byte of the new block, or of the old one where the result is NULL
    bool null, no_old, untouchable;
    enum hd_verdict want;
    const char *place;
};

static const struct realloc_row realloc_rows[] = {
    {"grown", 40, 48, 100, NOWHERE, false, false, false, HD_HOLDS, ""},
    {"grown, first byte lost", 40, 48, 100, 0, false, false, false, HD_BROKEN, "prefix-lost"},
    {"grown, last byte lost", 40, 48, 100, 39, false, false, false, HD_BROKEN, "prefix-lost"},
    {"grown, a byte past the old size", 40, 48, 100, 40, false, false, false, HD_HOLDS, ""},
    {"shrunk", 40, 48, 10, NOWHERE, false, false, false, HD_HOLDS, ""},
    {"shrunk, last byte lost", 40, 48, 10, 9, false, false, false, HD_BROKEN, "prefix-lost"},
    {"shrunk, a byte past the new size", 40, 48, 10, 10, false, false, false, HD_HOLDS, ""},
    {"same size, last byte lost", 40, 48, 40, 39, false, false, false, HD_BROKEN, "prefix-lost"},
    {"from no bytes", 0, 8, 10, 0, false, false, false, HD_NOT_JUDGED, ""},
    {"to no bytes, a block", 40, 48, 0, 0, false, false, false, HD_NOT_JUDGED, ""},
    {"to no bytes, NULL", 40, 48, 0, 0, true, false, false, HD_NOT_JUDGED, ""},
    {"of no block", 40, 48, 10, 0, false, true, false, HD_NOT_JUDGED, ""},
    {"of no block, failed", 40, 48, 10, NOWHERE, true, true, false, HD_NOT_JUDGED, ""},
    {"no block of its own", 40, 48, 100, 0, false, false, true, HD_NOT_JUDGED, ""},
    {"failed", 40, 48, 100, NOWHERE, true, false, false, HD_HOLDS, ""},
    {"failed, first byte changed", 40, 48, 100, 0, true, false, false, HD_BROKEN,
     "old-block-changed"},
    {"failed, last usable byte changed", 40, 48, 100, 47, true, false, false, HD_BROKEN,
     "old-block-changed"},
    {"failed, a byte past it", 40, 48, 100, 48, true, false, false, HD_HOLDS, ""},
    {"failed to one byte, changed", 40, 48, 1, 47, true, false, false, HD_BROKEN,
     "old-block-changed"},
};

static void judge_realloc(const struct realloc_row *row)
{
    hd_model_reset(&model, 2);
    memset(memory, 0, sizeof memory);
    hd_model_adopt(&model, 1, at(0), row->old_size, row->old_usable, 0, hd_model_next_key(&model));
    const struct hd_op op = {.kind = HD_OP_REALLOC, .slot = 1};
    struct hd_step step = {.op = &op,
                           .policy = &plain,
                           .size = row->new_size,
                           .result = row->null ? 0 : at(NEW),
                           .untouchable = row->untouchable};
    if (!row->no_old) step.before = *hd_model_block(&model, 1);
    memcpy(memory + NEW, memory, row->old_usable);
    if (row->flipped != NOWHERE) memory[(row->null ? 0 : NEW) + row->flipped] ^= 0x20;
    if (!row->null) hd_model_drop(&model, 1);
    assert_judged(row->name, hd_oracle_realloc.judge, &model, &step, row->want, row->place);
}

static void realloc_keeps_the_smaller_of_both_sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(realloc_rows); i++) judge_realloc(&realloc_rows[i]);
}

/// What the engine does before the call: slot 1's block, and its first byte that is wrong.
static void look_at_block(struct hd_step *step)
{
    step->before = *hd_model_block(&model, 1);
    step->first_wrong = hd_pattern_check(step->before.address, step->before.usable,
                                         step->before.usable, step->before.key);
}

// ---------------------------------------------------------------------------- content

static void content(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t size, usable, flipped;
        bool no_block;
        enum hd_verdict want;
        const char *place;
    } rows[] = {
        {"whole", 20, 24, NOWHERE, false, HD_HOLDS, ""},
        {"first byte", 20, 24, 0, false, HD_BROKEN, "changed"},
        {"last byte", 20, 24, 19, false, HD_BROKEN, "changed"},
        {"first usable byte past the size", 20, 24, 20, false, HD_HOLDS, ""},
        {"one byte", 1, 1, 0, false, HD_BROKEN, "changed"},
        {"asked for nothing, one usable", 0, 1, 0, false, HD_NOT_JUDGED, ""},
        {"holds nothing", 0, 0, 0, false, HD_NOT_JUDGED, ""},
        {"no block", 20, 24, 0, true, HD_NOT_JUDGED, ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        hd_model_reset(&model, 2);
        hd_model_adopt(&model, 1, at(0), rows[i].size, rows[i].usable, 0, 5);
        const struct hd_op op = {.kind = HD_OP_FREE, .slot = 1};
        struct hd_step step = {.op = &op, .policy = &plain};
        if (rows[i].flipped != NOWHERE) memory[rows[i].flipped] ^= 0x08;
        look_at_block(&step);
        if (rows[i].no_block) step.before.address = 0; // then the rest says nothing
        assert_judged(rows[i].name, hd_oracle_content.judge_before, &model, &step, rows[i].want,
                      rows[i].place);
    }
}

// ---------------------------------------------------------------------------- usable

static void usable_bytes_past_the_size_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t size, usable, flipped;
        bool no_block;
        enum hd_verdict want;
    } rows[] = {
        {"whole", 20, 24, NOWHERE, false, HD_HOLDS},
        {"first usable byte past the size", 20, 24, 20, false, HD_BROKEN},
        {"last usable byte", 20, 24, 23, false, HD_BROKEN},
        {"last usable byte, no whole word", 20, 29, 28, false, HD_BROKEN},
        {"a byte past the usable ones", 20, 24, 24, false, HD_HOLDS},
        {"last byte asked for, in the word of the first past it", 20, 24, 19, false,
         HD_NOT_JUDGED},
        {"a byte long before", 20, 24, 0, false, HD_NOT_JUDGED},
        {"as much usable as asked for", 24, 24, 23, false, HD_NOT_JUDGED},
        {"asked for nothing, one usable", 0, 1, 0, false, HD_BROKEN},
        {"asked for nothing, one usable, whole", 0, 1, NOWHERE, false, HD_HOLDS},
        {"holds nothing", 0, 0, 0, false, HD_NOT_JUDGED},
        {"no block", 20, 24, 20, true, HD_NOT_JUDGED},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        hd_model_reset(&model, 2);
        hd_model_adopt(&model, 1, at(0), rows[i].size, rows[i].usable, 0, 5);
        const struct hd_op op = {.kind = HD_OP_FREE, .slot = 1};
        struct hd_step step = {.op = &op, .policy = &plain};
        if (rows[i].flipped != NOWHERE) memory[rows[i].flipped] ^= 0x08;
        look_at_block(&step);
        if (rows[i].no_block) step.before.address = 0; // then the rest says nothing
        assert_judged(rows[i].name, hd_oracle_usable.judge_before, &model, &step, rows[i].want,
                      rows[i].want == HD_BROKEN ? "changed" : "");
    }
}

static void damage_from_asked_to_usable_bytes_is_told_by_content_alone(void **state)
{
    (void)state;
    hd_model_reset(&model, 2);
    hd_model_adopt(&model, 1, at(0), 20, 32, 0, 5);
    memset(memory, 0, 32);
    const struct hd_op op = {.kind = HD_OP_FREE, .slot = 1};
    struct hd_step step = {.op = &op, .policy = &plain};
    look_at_block(&step);
    assert_judged("usable", hd_oracle_usable.judge_before, &model, &step, HD_NOT_JUDGED, "");
    assert_judged("content", hd_oracle_content.judge_before, &model, &step, HD_BROKEN, "changed");
}

static void a_changed_usable_byte_is_told_with_the_usable_size(void **state)
{
    (void)state;
    static const size_t changed[] = {20, 30}; // the first past those asked for, and a later one
    for (size_t i = 0; i < ROWS(changed); i++) {
        hd_model_reset(&model, 2);
        hd_model_adopt(&model, 1, at(0), 20, 32, 0, 5);
        const size_t byte = changed[i];
        memory[byte] ^= 0xff;
        const struct hd_op op = {.kind = HD_OP_FREE, .slot = 1};
        struct hd_step step = {.op = &op};
        look_at_block(&step);
        struct hd_finding finding;
        assert_int_equal(hd_oracle_usable.judge_before(&model, &step, &finding), HD_BROKEN);
        char want[128];
        (void)snprintf(want, sizeof want,
                       "slot 1 byte %zu holds 0x%02x, not 0x%02x; its 20 bytes, 32 usable, are at"
                       " %#lx",
                       byte, memory[byte], hd_pattern_byte(byte, 5), (unsigned long)at(0));
        assert_string_equal(finding.evidence, want);
    }
}

// ---------------------------------------------------------------------------- evidence

static void content_names_slot_byte_and_what_it_holds(void **state)
{
    (void)state;
    hd_model_reset(&model, 4);
    hd_model_adopt(&model, 1, at(0), 30, 32, 0, 5);
    memory[9] ^= 0xff;
    const struct hd_op op = {.kind = HD_OP_WRITE, .slot = 1};
    struct hd_step step = {.op = &op};
    look_at_block(&step);
    struct hd_finding finding;
    assert_int_equal(hd_oracle_content.judge_before(&model, &step, &finding), HD_BROKEN);
    char want[128];
    (void)snprintf(want, sizeof want,
                   "slot 1 byte 9 holds 0x%02x, not 0x%02x; its 30 bytes are at %#lx", memory[9],
                   hd_pattern_byte(9, 5), (unsigned long)at(0));
    assert_string_equal(finding.evidence, want);
}

static void content_names_the_slot_whose_bytes_they_are(void **state)
{
    (void)state;
    hd_model_reset(&model, 4);
    hd_model_adopt(&model, 1, at(0), 30, 32, 0, 5);
    hd_model_adopt(&model, 3, at(64), 64, 64, 0, hd_pattern_key(9));
    memcpy(memory + 9, memory + 64 + 21, 20);
    const struct hd_op op = {.kind = HD_OP_WRITE, .slot = 1};
    struct hd_step step = {.op = &op};
    look_at_block(&step);
    struct hd_finding finding;
    assert_int_equal(hd_oracle_content.judge_before(&model, &step, &finding), HD_BROKEN);
    assert_non_null(strstr(finding.evidence, "slot 1 byte 9 holds slot 3's byte 21, not 0x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zero),
        cmocka_unit_test(zero_names_the_byte),
        cmocka_unit_test(realloc_keeps_the_smaller_of_both_sizes),
        cmocka_unit_test(content),
        cmocka_unit_test(usable_bytes_past_the_size_are_kept),
        cmocka_unit_test(damage_from_asked_to_usable_bytes_is_told_by_content_alone),
        cmocka_unit_test(a_changed_usable_byte_is_told_with_the_usable_size),
        cmocka_unit_test(content_names_slot_byte_and_what_it_holds),
        cmocka_unit_test(content_names_the_slot_whose_bytes_they_are),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
