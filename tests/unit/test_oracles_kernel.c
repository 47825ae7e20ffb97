// SPDX-License-Identifier: MIT
/// test_oracles_kernel.c: what is asked of the kernel: mapped, usable's place, own_memory,
/// syscalls, footprint, whole_again.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tests/unit/judging.h"

static const struct hd_policy plain;
static const struct hd_op an_op = {.kind = HD_OP_MALLOC, .slot = 1};

// ---------------------------------------------------------------------------- mapped: what calls
// took

// Blocks in `memory`, by offset: slot 0 64 to 128, slot 1 192 to 256 (of which 32 were asked), slot
// 2 at 320 and slot 3 at 328 without bytes, slot 4 384 to 400.
static uint8_t memory[512];
static struct hd_model model;
static struct hd_space own_space;

/// All of the memory is the allocator's, but for what lies in [start, end), by offset.
static void have_all_but(size_t start, size_t end)
{
    const uintptr_t base = (uintptr_t)memory;
    hd_space_set(&own_space, base, base + sizeof memory, PROT_READ | PROT_WRITE,
                 HD_OWNER_ALLOCATOR);
    hd_space_set(&own_space, base + start, base + end, 0, HD_OWNER_NOBODY);
}

static int open_model(void **state)
{
    (void)state;
    hd_space_open(&own_space);
    hd_model_open(&model);
    hd_model_reset(&model, 5);
    const uintptr_t base = (uintptr_t)memory;
    hd_model_adopt(&model, 0, base + 64, 64, 64, 0, 1);
    hd_model_adopt(&model, 1, base + 192, 32, 64, 0, 2);
    hd_model_adopt(&model, 2, base + 320, 0, 0, 0, 3);
    hd_model_adopt(&model, 3, base + 328, 0, 0, 0, 4);
    hd_model_adopt(&model, 4, base + 384, 16, 16, 0, 5);
    return 0;
}

static int close_model(void **state)
{
    (void)state;
    hd_model_close(&model);
    hd_space_close(&own_space);
    return 0;
}

static const struct {
    const char *name;
    size_t start, end; // offsets into `memory`
    uint32_t slot;     // the one that is hit
} loss_rows[] = {
    {"nothing, inside a block", 80, 80, HD_NO_SLOT},
    {"before the first", 0, 64, HD_NO_SLOT},
    {"the first byte of the first", 0, 65, 0},
    {"exactly a block", 64, 128, 0},
    {"its last byte", 127, 128, 0},
    {"from its end on", 128, 192, HD_NO_SLOT},
    {"from its end on, and a byte of the next", 128, 193, 1},
    {"usable bytes past those asked", 255, 256, 1},
    {"from the end of the usable bytes on", 256, 320, HD_NO_SLOT},
    {"over blocks of no bytes", 256, 384, HD_NO_SLOT},
    {"from a block of no bytes on", 320, 384, HD_NO_SLOT},
    {"from between two of them on", 325, 384, HD_NO_SLOT},
    {"over them and a byte behind", 256, 385, 4},
    {"from one of them on, and a byte behind", 320, 385, 4},
    {"the last one's last byte", 399, 400, 4},
    {"behind the last", 400, 512, HD_NO_SLOT},
};

/// NULL was answered, so only the calls are judged.
static struct hd_step step_with(const struct hd_syscall *calls, const struct hd_effect *effects,
                                uint32_t count)
{
    return (struct hd_step){.op = &an_op,
                            .policy = &plain,
                            .tapped = true,
                            .threads_seen = true,
                            .threads = 1,
                            .calls = calls,
                            .effects = effects,
                            .space = &own_space,
                            .call_count = count};
}

static void mapped_by_what_a_call_took(void **state)
{
    (void)state;
    const uintptr_t base = (uintptr_t)memory;
    for (size_t i = 0; i < ROWS(loss_rows); i++) {
        const struct hd_syscall calls[] = {{.number = SYS_madvise}, {.number = SYS_munmap}};
        struct hd_effect effects[] = {
            {0}, {.lost_start = base + loss_rows[i].start, .lost_end = base + loss_rows[i].end}};
        struct hd_step step = step_with(calls, effects, 2);
        const bool hit = loss_rows[i].slot != HD_NO_SLOT;
        have_all_but(loss_rows[i].start, loss_rows[i].end);
        assert_judged(loss_rows[i].name, hd_oracle_mapped.judge, &model, &step,
                      hit ? HD_BROKEN : HD_HOLDS, hit ? "live-block-lost" : "");
        step.untouchable = true;
        assert_judged("an untouchable result hides nothing", hd_oracle_mapped.judge, &model, &step,
                      hit ? HD_BROKEN : HD_HOLDS, hit ? "live-block-lost" : "");
        step.tapped = false;
        assert_judged("not tapped", hd_oracle_mapped.judge, &model, &step, HD_NOT_JUDGED, "");
        step.tapped = true;
        effects[1].over_start = effects[1].lost_start;
        effects[1].over_end = effects[1].lost_end;
        effects[1].lost_start = effects[1].lost_end = 0;
        assert_judged("mapped over", hd_oracle_mapped.judge, &model, &step,
                      hit ? HD_BROKEN : HD_HOLDS, hit ? "live-block-lost" : "");
        if (!hit) continue;
        char slot[32];
        (void)snprintf(slot, sizeof slot, "slot %u ", loss_rows[i].slot);
        struct hd_finding finding;
        assert_int_equal(hd_oracle_mapped.judge(&model, &step, &finding), HD_BROKEN);
        if (strstr(finding.evidence, slot) == NULL)
            fail_msg("%s: %s", loss_rows[i].name, finding.evidence);
    }
}

static void mapped_says_what_was_done(void **state)
{
    (void)state;
    static const struct {
        long number;
        bool discarded;
        const char *text;
    } rows[] = {
        {SYS_munmap, false, "given back by munmap"},
        {SYS_madvise, true, "discarded, or made a guard, by madvise"},
        {SYS_mprotect, false, "made unreadable or read-only by mprotect"},
        {SYS_pkey_mprotect, false, "made unreadable or read-only by pkey_mprotect"},
        {SYS_mremap, false, "moved away, cut off or mapped over by mremap"},
        {SYS_brk, false, "given back by brk"},
        {SYS_mmap, false, "mapped anew by mmap"},
    };
    const uintptr_t base = (uintptr_t)memory;
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_syscall call = {.number = rows[i].number};
        const struct hd_effect effect = {
            .lost_start = base + 64, .lost_end = base + 72, .discarded = rows[i].discarded};
        const struct hd_step step = step_with(&call, &effect, 1);
        have_all_but(64, 72);
        struct hd_finding finding;
        assert_int_equal(hd_oracle_mapped.judge(&model, &step, &finding), HD_BROKEN);
        if (strstr(finding.evidence, rows[i].text) == NULL) fail_msg("%s", finding.evidence);
        assert_non_null(strstr(finding.evidence, ": 64 bytes at "));
    }
}

static void mapped_looks_at_blocks_as_they_are_at_the_end(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool gone, changed, lazily;
        enum hd_verdict want;
    } rows[] = {
        {"put back, with what it held", false, false, false, HD_HOLDS},
        {"put back, its last byte another", false, true, false, HD_BROKEN},
        {"there until the kernel likes", false, false, true, HD_BROKEN},
        {"gone, one byte of it", true, false, false, HD_BROKEN},
    };
    const uintptr_t base = (uintptr_t)memory;
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_syscall call = {.number = SYS_mmap};
        const struct hd_effect effect = {
            .lost_start = base + 64, .lost_end = base + 128, .lazily = rows[i].lazily};
        const struct hd_step step = step_with(&call, &effect, 1);
        have_all_but(127, rows[i].gone ? 128 : 127);
        if (rows[i].changed) memory[127] ^= 0xff;
        assert_judged(rows[i].name, hd_oracle_mapped.judge, &model, &step, rows[i].want,
                      rows[i].want == HD_BROKEN ? "live-block-lost" : "");
        if (rows[i].changed) memory[127] ^= 0xff;
    }
}

static void mapped_looks_at_every_block_and_call(void **state)
{
    (void)state;
    const uintptr_t base = (uintptr_t)memory;
    const struct {
        const char *name;
        struct hd_effect first, second;
        uint32_t count;
        const char *slot; // the one that is hit, NULL: none
    } rows[] = {
        {"the first block is put back, the second is not",
         {.lost_start = base + 64, .lost_end = base + 256}, {0}, 1, "slot 1 "},
        {"of two calls the first", {.lost_start = base + 192, .lost_end = base + 256},
         {.lost_start = base, .lost_end = base + 64}, 2, "slot 1 "},
        {"a call that a step before made", {0},
         {.lost_start = base + 192, .lost_end = base + 256}, 1, NULL},
    };
    have_all_but(192, 256);
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_syscall calls[] = {{.number = SYS_munmap}, {.number = SYS_munmap}};
        const struct hd_effect effects[] = {rows[i].first, rows[i].second};
        const struct hd_step step = step_with(calls, effects, rows[i].count);
        const bool hit = rows[i].slot != NULL;
        assert_judged(rows[i].name, hd_oracle_mapped.judge, &model, &step,
                      hit ? HD_BROKEN : HD_HOLDS, hit ? "live-block-lost" : "");
        struct hd_finding finding;
        if (!hit) continue;
        assert_int_equal(hd_oracle_mapped.judge(&model, &step, &finding), HD_BROKEN);
        if (strstr(finding.evidence, rows[i].slot) == NULL)
            fail_msg("%s: %s", rows[i].name, finding.evidence);
    }
}

// ---------------------------------------------------------------------------- mapped: the result

static const struct {
    const char *name;
    size_t size;
    uintptr_t unwritable; // of a result at 0x1000
    enum hd_owner home;
    bool null, untouchable, called;
    enum hd_verdict want;
} home_rows[] = {
    {.name = "all of it writable", .size = 24, .unwritable = 0x1018, .home = HD_OWNER_ALLOCATOR,
     .want = HD_HOLDS},
    {.name = "all but its last byte", .size = 24, .unwritable = 0x1017,
     .home = HD_OWNER_ALLOCATOR, .want = HD_BROKEN},
    {.name = "none of it", .size = 24, .unwritable = 0x1000, .want = HD_BROKEN},
    {.name = "one byte, none of it", .size = 1, .unwritable = 0x1000, .want = HD_BROKEN},
    {.name = "one byte, writable", .size = 1, .unwritable = 0x1001, .home = HD_OWNER_BREAK,
     .want = HD_HOLDS},
    {.name = "no bytes, nowhere", .size = 0, .unwritable = 0x1000, .want = HD_NOT_JUDGED},
    {.name = "no bytes, behind a page of its own", .size = 0, .unwritable = 0x1000,
     .home = HD_OWNER_ALLOCATOR, .want = HD_NOT_JUDGED},
    {.name = "in the break", .size = 24, .unwritable = 0x2000, .home = HD_OWNER_BREAK,
     .want = HD_HOLDS},
    {.name = "in what was there before", .size = 24, .unwritable = 0x2000,
     .home = HD_OWNER_BEFORE, .want = HD_NOT_JUDGED},
    {.name = "NULL without a call", .size = 24, .null = true, .want = HD_NOT_JUDGED},
    {.name = "NULL after a call", .size = 24, .null = true, .called = true, .want = HD_HOLDS},
    {.name = "no block", .size = 24, .untouchable = true, .want = HD_NOT_JUDGED},
    {.name = "no block, after a call", .size = 24, .untouchable = true, .called = true,
     .want = HD_HOLDS},
};

static void mapped_by_where_the_result_lies(void **state)
{
    (void)state;
    static const struct hd_syscall call = {.number = SYS_mmap};
    static const struct hd_effect effect;
    for (size_t i = 0; i < ROWS(home_rows); i++) {
        struct hd_step step = step_with(&call, &effect, home_rows[i].called ? 1 : 0);
        step.size = home_rows[i].size;
        step.result = home_rows[i].null ? 0 : 0x1000;
        step.unwritable = home_rows[i].unwritable;
        step.home = home_rows[i].home;
        step.untouchable = home_rows[i].untouchable;
        const enum hd_verdict want = home_rows[i].want;
        assert_judged(home_rows[i].name, hd_oracle_mapped.judge, &model, &step, want,
                      want == HD_BROKEN ? "not-mapped" : "");
        step.tapped = false;
        assert_judged(home_rows[i].name, hd_oracle_mapped.judge, &model, &step, HD_NOT_JUDGED, "");
    }
}

// ---------------------------------------------------------------------------- usable, by its place

static void usable_ends_where_what_is_mapped_ends(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t usable;
        uintptr_t unwritable; // of a result at 0x1000, 16 bytes asked
        bool untapped;
        enum hd_verdict want;
    } rows[] = {
        {"all of it writable", 32, 0x1020, false, HD_HOLDS},
        {"more than that", 32, 0x2000, false, HD_HOLDS},
        {"all but its last byte", 32, 0x101f, false, HD_BROKEN},
        {"none of it", 32, 0x1000, false, HD_BROKEN},
        {"not tapped", 32, 0x1000, true, HD_HOLDS},
        {"less than asked comes first", 15, 0x1000, false, HD_BROKEN},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_step step = {.op = &an_op,
                                     .policy = &plain,
                                     .size = 16,
                                     .result = 0x1000,
                                     .usable = rows[i].usable,
                                     .usable_answered = true,
                                     .tapped = !rows[i].untapped,
                                     .unwritable = rows[i].unwritable};
        const char *place = rows[i].usable < 16 ? "less-than-asked" : "not-mapped";
        assert_judged(rows[i].name, hd_oracle_usable.judge, &model, &step, rows[i].want,
                      rows[i].want == HD_BROKEN ? place : "");
    }
}

// ---------------------------------------------------------------------------- own_memory

static void own_memory(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct hd_effect first, second;
        uint32_t count;
        uintptr_t changed;
        bool untapped, threads_unseen;
        enum hd_verdict want;
        const char *place;
    } rows[] = {
        {.name = "no calls", .want = HD_NOT_JUDGED},
        {.name = "its own", .count = 1, .want = HD_HOLDS},
        {.name = "a library's data", .first = {.stray = 0x1000, .stray_owner = HD_OWNER_BEFORE},
         .count = 1, .want = HD_HOLDS},
        {.name = "nobody's", .first = {.stray = 0x1000, .stray_owner = HD_OWNER_NOBODY},
         .count = 1, .want = HD_BROKEN, .place = "not-its-own"},
        {.name = "nobody's, or a thread's that was not seen to start",
         .first = {.stray = 0x1000, .stray_owner = HD_OWNER_NOBODY},
         .count = 1, .threads_unseen = true, .want = HD_HOLDS},
        {.name = "somebody's, whatever threads have",
         .first = {.stray = 0x1000, .stray_owner = HD_OWNER_FOREIGN},
         .count = 1, .threads_unseen = true, .want = HD_BROKEN, .place = "foreign"},
        {.name = "the second call, after one that a thread's may excuse",
         .first = {.stray = 0x1000, .stray_owner = HD_OWNER_NOBODY},
         .second = {.stray = 0x1000, .stray_owner = HD_OWNER_FOREIGN},
         .count = 2, .threads_unseen = true, .want = HD_BROKEN, .place = "foreign"},
        {.name = "somebody's", .first = {.stray = 0x1000, .stray_owner = HD_OWNER_FOREIGN},
         .count = 1, .want = HD_BROKEN, .place = "foreign"},
        {.name = "the second call", .first = {.stray = 0x1000, .stray_owner = HD_OWNER_BEFORE},
         .second = {.stray = 0x1000, .stray_owner = HD_OWNER_FOREIGN},
         .count = 2, .want = HD_BROKEN, .place = "foreign"},
        {.name = "left over from an earlier step",
         .second = {.stray = 0x1000, .stray_owner = HD_OWNER_FOREIGN},
         .count = 1, .want = HD_HOLDS},
        {.name = "not tapped", .first = {.stray = 0x1000, .stray_owner = HD_OWNER_FOREIGN},
         .count = 1, .untapped = true, .want = HD_NOT_JUDGED},
        {.name = "written to", .changed = 0x1001, .want = HD_BROKEN, .place = "foreign-written"},
        {.name = "written to, not tapped", .changed = 0x1001, .untapped = true,
         .want = HD_BROKEN, .place = "foreign-written"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_syscall calls[] = {{.number = SYS_munmap}, {.number = SYS_munmap}};
        const struct hd_effect effects[] = {rows[i].first, rows[i].second};
        struct hd_step step = step_with(calls, effects, rows[i].count);
        step.tapped = !rows[i].untapped;
        step.threads_seen = !rows[i].threads_unseen;
        step.foreign_changed = rows[i].changed;
        assert_judged(rows[i].name, hd_oracle_own_memory.judge, NULL, &step, rows[i].want,
                      rows[i].place != NULL ? rows[i].place : "");
    }
}

static void own_memory_says_which_call_and_where(void **state)
{
    (void)state;
    static const struct {
        enum hd_owner owner;
        const char *evidence;
    } rows[] = {
        {HD_OWNER_NOBODY, "munmap works on 0x2000, which the allocator never had, or has given "
                          "back; its arguments are 0x1000, 8192"},
        {HD_OWNER_FOREIGN, "munmap works on 0x2000, which somebody else mapped; its arguments are "
                           "0x1000, 8192"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_syscall call = {.number = SYS_munmap, .args = {0x1000, 8192, 3}};
        const struct hd_effect effect = {.stray = 0x2000, .stray_owner = rows[i].owner};
        const struct hd_step step = step_with(&call, &effect, 1);
        struct hd_finding finding;
        assert_int_equal(hd_oracle_own_memory.judge(NULL, &step, &finding), HD_BROKEN);
        assert_string_equal(finding.evidence, rows[i].evidence);
    }
}

// ---------------------------------------------------------------------------- syscalls

static void syscalls(void **state)
{
    (void)state;
    static const struct hd_policy listed = {
        .kernel = {.calls = HD_CALLS(mmap) | HD_CALLS(munmap)}};
    static const struct hd_policy few = {.kernel = {.calls_max = 2}};
    static const struct hd_policy both = {.kernel = {.calls = HD_CALLS(mmap), .calls_max = 2}};
    static const struct hd_policy others = {
        .kernel = {.calls = UINT64_C(1) << HD_SYSCALL_OTHER}};
    static const struct {
        const char *name;
        const struct hd_policy *policy;
        long numbers[3];
        uint32_t count;
        enum hd_proof proof;
        enum hd_verdict want;
        const char *place;
    } rows[] = {
        {"no policy", &plain, {SYS_getppid}, 1, HD_PROOF_NONE, HD_NOT_JUDGED, ""},
        {"none made", &listed, {0}, 0, HD_PROOF_NONE, HD_HOLDS, ""},
        {"listed", &listed, {SYS_mmap, SYS_munmap}, 2, HD_PROOF_NONE, HD_HOLDS, ""},
        {"any number of those listed", &listed, {SYS_mmap, SYS_mmap, SYS_mmap}, 3, HD_PROOF_NONE,
         HD_HOLDS, ""},
        {"not listed", &listed, {SYS_brk}, 1, HD_PROOF_NONE, HD_BROKEN, "not-listed"},
        {"the last not listed", &listed, {SYS_mmap, SYS_munmap, SYS_madvise}, 3, HD_PROOF_NONE,
         HD_BROKEN, "not-listed"},
        {"without a line in the list of all", &listed, {SYS_getppid}, 1, HD_PROOF_NONE, HD_BROKEN,
         "not-listed"},
        {"others are listed", &others, {SYS_getppid}, 1, HD_PROOF_NONE, HD_HOLDS, ""},
        {"others are listed, not mmap", &others, {SYS_mmap}, 1, HD_PROOF_NONE, HD_BROKEN,
         "not-listed"},
        {"one less", &few, {SYS_mmap}, 1, HD_PROOF_NONE, HD_HOLDS, ""},
        {"as many as it may", &few, {SYS_mmap, SYS_getppid}, 2, HD_PROOF_NONE, HD_HOLDS, ""},
        {"one more", &few, {SYS_mmap, SYS_mmap, SYS_mmap}, 3, HD_PROOF_NONE, HD_BROKEN,
         "too-many"},
        {"one more, while it trims", &few, {SYS_mmap, SYS_mmap, SYS_mmap}, 3, HD_PROOF_EMPTY,
         HD_HOLDS, ""},
        {"one more, at another proof", &few, {SYS_mmap, SYS_mmap, SYS_mmap}, 3, HD_PROOF_CAPACITY,
         HD_BROKEN, "too-many"},
        {"not listed, while it trims", &listed, {SYS_brk}, 1, HD_PROOF_EMPTY, HD_BROKEN,
         "not-listed"},
        {"listed, one more than it may", &both, {SYS_mmap, SYS_mmap, SYS_mmap}, 3, HD_PROOF_NONE,
         HD_BROKEN, "too-many"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct hd_syscall calls[3] = {{0}};
        const struct hd_effect effects[3] = {{0}};
        for (size_t j = 0; j < 3; j++) calls[j].number = rows[i].numbers[j];
        struct hd_step step = step_with(calls, effects, rows[i].count);
        step.policy = rows[i].policy;
        step.proof = rows[i].proof;
        assert_judged(rows[i].name, hd_oracle_syscalls.judge, NULL, &step, rows[i].want,
                      rows[i].place);
        step.tapped = false;
        assert_judged(rows[i].name, hd_oracle_syscalls.judge, NULL, &step, HD_NOT_JUDGED, "");
    }
}

static void syscalls_may_be_any_number_while_a_thread_ends(void **state)
{
    (void)state;
    static const struct hd_policy both = {.kernel = {.calls = HD_CALLS(mmap), .calls_max = 1}};
    static const struct {
        const char *name;
        uint8_t kind;
        long number;
        enum hd_verdict want;
        const char *place;
    } rows[] = {
        {"a thread ends", HD_OP_THREAD_END, SYS_mmap, HD_HOLDS, ""},
        {"none ends", HD_OP_FREE_NULL, SYS_mmap, HD_BROKEN, "too-many"},
        {"a thread ends, not listed", HD_OP_THREAD_END, SYS_brk, HD_BROKEN, "not-listed"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_op op = {.kind = rows[i].kind};
        const struct hd_syscall calls[2] = {{.number = SYS_mmap}, {.number = rows[i].number}};
        const struct hd_effect effects[2] = {{0}};
        struct hd_step step = step_with(calls, effects, 2);
        step.policy = &both;
        step.op = &op;
        assert_judged(rows[i].name, hd_oracle_syscalls.judge, NULL, &step, rows[i].want,
                      rows[i].place);
    }
}

static void syscalls_may_be_more_for_large_blocks_and_for_those_before(void **state)
{
    (void)state;
    static const size_t piece = (size_t)64 << 10;
    const struct {
        const char *name;
        size_t size, before;
        uint64_t late;
        uint32_t count;
        enum hd_verdict want;
    } rows[] = {
        {"a byte less than a piece", piece - 1, 0, 0, 3, HD_BROKEN},
        {"a piece", piece, 0, 0, 3, HD_HOLDS},
        {"a piece, two calls more", piece, 0, 0, 4, HD_BROKEN},
        {"two pieces, two calls more", 2 * piece, 0, 0, 4, HD_HOLDS},
        {"a thousand pieces", 1000 * piece, 0, 0, 1002, HD_HOLDS},
        {"a thousand pieces, and one call more", 1000 * piece, 0, 0, 1003, HD_BROKEN},
        {"less than a thousand pieces", 1000 * piece - 1, 0, 0, 1002, HD_BROKEN},
        {"a block of a piece ends", 0, piece, 0, 3, HD_HOLDS},
        {"a block of less ends", 0, piece - 1, 0, 3, HD_BROKEN},
        {"grown to a piece", piece, 1, 0, 3, HD_HOLDS},
        {"shrunk from a piece", 1, piece, 0, 3, HD_HOLDS},
        {"moved, and both less", piece - 1, piece - 1, 0, 3, HD_BROKEN},
        {"what earlier operations left", 1, 0, 100, 102, HD_HOLDS},
        {"and one call more", 1, 0, 100, 103, HD_BROKEN},
        {"what they left, and a piece", piece, 0, 100, 103, HD_HOLDS},
    };
    static const struct hd_policy few = {.kernel = {.calls_max = 2}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct hd_step step = step_with(NULL, NULL, rows[i].count);
        step.policy = &few;
        step.size = rows[i].size;
        step.before.usable = rows[i].before;
        step.purges = rows[i].late;
        assert_judged(rows[i].name, hd_oracle_syscalls.judge, NULL, &step, rows[i].want,
                      rows[i].want == HD_BROKEN ? "too-many" : "");
    }
}

// ---------------------------------------------------------------------------- footprint

static const struct {
    const char *name;
    struct hd_kernel_policy policy;
    size_t mapped, demand, blocks;
    uint32_t threads; // 0: one
    enum hd_proof proof;
    bool disturbed, forgotten;
    enum hd_verdict want;
    const char *place;
} footprint_rows[] = {
    {.name = "no policy", .mapped = SIZE_MAX, .want = HD_NOT_JUDGED},
    {.name = "no factor", .policy = {.mapped_base = 1}, .mapped = 100, .want = HD_NOT_JUDGED},
    {.name = "as much as it may", .policy = {.mapped_factor = 3, .mapped_base = 10},
     .mapped = 40, .demand = 10, .want = HD_HOLDS},
    {.name = "a byte more", .policy = {.mapped_factor = 3, .mapped_base = 10}, .mapped = 41,
     .demand = 10, .want = HD_BROKEN, .place = "too-much-mapped"},
    {.name = "a byte more, disturbed", .policy = {.mapped_factor = 3, .mapped_base = 10},
     .mapped = 41, .demand = 10, .disturbed = true, .want = HD_NOT_JUDGED},
    {.name = "a byte more, forgotten ones are in the demand",
     .policy = {.mapped_factor = 3, .mapped_base = 10}, .mapped = 41, .demand = 10,
     .forgotten = true, .want = HD_BROKEN, .place = "too-much-mapped"},
    {.name = "no base", .policy = {.mapped_factor = 1}, .mapped = 10, .demand = 10,
     .want = HD_HOLDS},
    {.name = "no base, a byte more", .policy = {.mapped_factor = 1}, .mapped = 11, .demand = 10,
     .want = HD_BROKEN, .place = "too-much-mapped"},
    {.name = "as much as it may for each block",
     .policy = {.mapped_factor = 1, .mapped_per_block = 100}, .mapped = 310, .demand = 10,
     .blocks = 3, .want = HD_HOLDS},
    {.name = "a byte more than for each block",
     .policy = {.mapped_factor = 1, .mapped_per_block = 100}, .mapped = 311, .demand = 10,
     .blocks = 3, .want = HD_BROKEN, .place = "too-much-mapped"},
    {.name = "a product for blocks that does not fit",
     .policy = {.mapped_factor = 1, .mapped_per_block = 2}, .mapped = 100, .demand = 10,
     .blocks = SIZE_MAX / 2 + 1, .want = HD_HOLDS},
    {.name = "a sum with blocks that does not fit",
     .policy = {.mapped_factor = 1, .mapped_per_block = 1}, .mapped = 100, .demand = 10,
     .blocks = SIZE_MAX - 9, .want = HD_HOLDS},
    {.name = "a sum that does not fit, and all there is", .policy = {.mapped_factor = 2},
     .mapped = SIZE_MAX, .demand = SIZE_MAX, .want = HD_HOLDS},
    {.name = "less than it may", .policy = {.mapped_factor = 3, .mapped_base = 10}, .mapped = 39,
     .demand = 10, .want = HD_HOLDS},
    {.name = "a product that does not fit", .policy = {.mapped_factor = 2}, .mapped = 100,
     .demand = SIZE_MAX / 2 + 1, .want = HD_HOLDS},
    {.name = "a sum that does not fit", .policy = {.mapped_factor = 1, .mapped_base = 11},
     .mapped = 100, .demand = SIZE_MAX - 10, .want = HD_HOLDS},
    {.name = "the largest sum", .policy = {.mapped_factor = 1, .mapped_base = 10},
     .mapped = SIZE_MAX, .demand = SIZE_MAX - 10, .want = HD_HOLDS},
    {.name = "as much as it may for each of three threads",
     .policy = {.mapped_factor = 3, .mapped_per_block = 5, .mapped_base = 10}, .mapped = 135,
     .demand = 10, .blocks = 1, .threads = 3, .want = HD_HOLDS},
    {.name = "a byte more than for each of three threads",
     .policy = {.mapped_factor = 3, .mapped_per_block = 5, .mapped_base = 10}, .mapped = 136,
     .demand = 10, .blocks = 1, .threads = 3, .want = HD_BROKEN, .place = "too-much-mapped"},
    {.name = "a product for threads that does not fit", .policy = {.mapped_factor = 1},
     .mapped = 100, .demand = SIZE_MAX / 2 + 1, .threads = 2, .want = HD_HOLDS},
    {.name = "all but a byte, by three threads", .policy = {.mapped_after = 50}, .mapped = 51,
     .threads = 3, .proof = HD_PROOF_EMPTY, .want = HD_BROKEN, .place = "not-given-back"},

    {.name = "given back", .policy = {.mapped_after = 50}, .mapped = 50, .proof = HD_PROOF_EMPTY,
     .want = HD_HOLDS},
    {.name = "more given back", .policy = {.mapped_after = 50}, .mapped = 49,
     .proof = HD_PROOF_EMPTY, .want = HD_HOLDS},
    {.name = "all but a byte", .policy = {.mapped_after = 50}, .mapped = 51,
     .proof = HD_PROOF_EMPTY, .want = HD_BROKEN, .place = "not-given-back"},
    {.name = "all but a byte, disturbed", .policy = {.mapped_after = 50}, .mapped = 51,
     .proof = HD_PROOF_EMPTY, .disturbed = true, .want = HD_NOT_JUDGED},
    {.name = "all but a byte, a block may live", .policy = {.mapped_after = 50}, .mapped = 51,
     .proof = HD_PROOF_EMPTY, .forgotten = true, .want = HD_NOT_JUDGED},
    {.name = "not yet empty", .policy = {.mapped_after = 50}, .mapped = 51,
     .want = HD_NOT_JUDGED},
    {.name = "a block asked for again", .policy = {.mapped_after = 50}, .mapped = 51,
     .proof = HD_PROOF_RECOVERY, .want = HD_NOT_JUDGED},
    {.name = "nothing said of after, empty", .policy = {.mapped_factor = 1}, .mapped = 10,
     .demand = 10, .proof = HD_PROOF_EMPTY, .want = HD_HOLDS},
    {.name = "given back, yet too much",
     .policy = {.mapped_factor = 1, .mapped_after = 50}, .mapped = 50, .demand = 49,
     .proof = HD_PROOF_EMPTY, .want = HD_BROKEN, .place = "too-much-mapped"},
    {.name = "little enough, yet not given back",
     .policy = {.mapped_factor = 1, .mapped_after = 50}, .mapped = 51, .demand = 60,
     .proof = HD_PROOF_EMPTY, .want = HD_BROKEN, .place = "not-given-back"},
};

static void footprint(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(footprint_rows); i++) {
        const struct hd_policy policy = {.kernel = footprint_rows[i].policy};
        // What is reserved, or was mapped once, is not counted.
        const struct hd_space space = {.mapped = footprint_rows[i].mapped,
                                       .mapped_peak = SIZE_MAX,
                                       .reserved = SIZE_MAX};
        struct hd_step step = step_with(NULL, NULL, 0);
        step.policy = &policy;
        step.space = &space;
        step.demand = footprint_rows[i].demand;
        step.blocks = footprint_rows[i].blocks;
        if (footprint_rows[i].threads != 0) step.threads = footprint_rows[i].threads;
        step.proof = footprint_rows[i].proof;
        step.disturbed = footprint_rows[i].disturbed;
        step.forgotten = footprint_rows[i].forgotten;
        assert_judged(footprint_rows[i].name, hd_oracle_footprint.judge, NULL, &step,
                      footprint_rows[i].want,
                      footprint_rows[i].place != NULL ? footprint_rows[i].place : "");
        step.tapped = false;
        assert_judged(footprint_rows[i].name, hd_oracle_footprint.judge, NULL, &step,
                      HD_NOT_JUDGED, "");
    }
}

static void footprint_says_what_counted(void **state)
{
    (void)state;
    static const struct {
        uint32_t threads;
        const char *evidence;
    } rows[] = {
        {1, "101 bytes are mapped, and no more than 10 in 3 blocks were ever needed at once; the "
            "policy has at most 20 for that"},
        {2, "101 bytes are mapped, and no more than 10 in 3 blocks were ever needed at once, by "
            "several threads; the policy has at most 40 for that"},
    };
    static const struct hd_policy policy = {.kernel = {.mapped_factor = 2}};
    static const struct hd_space space = {.mapped = 101};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct hd_step step = step_with(NULL, NULL, 0);
        step.policy = &policy;
        step.space = &space;
        step.demand = 10;
        step.blocks = 3;
        step.threads = rows[i].threads;
        struct hd_finding finding;
        assert_int_equal(hd_oracle_footprint.judge(NULL, &step, &finding), HD_BROKEN);
        assert_string_equal(finding.evidence, rows[i].evidence);
    }
}

// ---------------------------------------------------------------------------- whole_again

static void whole_again(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum hd_proof proof;
        uintptr_t result;
        bool forgotten;
        enum hd_verdict want;
        const char *place;
    } rows[] = {
        {"any malloc", HD_PROOF_NONE, 0x1000, false, HD_NOT_JUDGED, ""},
        {"any malloc refused", HD_PROOF_NONE, 0, false, HD_NOT_JUDGED, ""},
        {"empty", HD_PROOF_EMPTY, 0, false, HD_NOT_JUDGED, ""},
        {"the largest block", HD_PROOF_CAPACITY, 0x1000, false, HD_HOLDS, ""},
        {"the largest block refused", HD_PROOF_CAPACITY, 0, false, HD_BROKEN, "pool-in-pieces"},
        {"the largest block, one may live", HD_PROOF_CAPACITY, 0x1000, true, HD_HOLDS, ""},
        {"the largest block refused, one may live", HD_PROOF_CAPACITY, 0, true, HD_NOT_JUDGED, ""},
        {"a small block", HD_PROOF_RECOVERY, 0x1000, false, HD_HOLDS, ""},
        {"a small block refused", HD_PROOF_RECOVERY, 0, false, HD_BROKEN, "still-refuses"},
        {"a small block refused, one may live", HD_PROOF_RECOVERY, 0, true, HD_BROKEN,
         "still-refuses"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_step step = {.op = &an_op,
                                     .policy = &plain,
                                     .size = 64,
                                     .result = rows[i].result,
                                     .proof = rows[i].proof,
                                     .forgotten = rows[i].forgotten};
        assert_judged(rows[i].name, hd_oracle_whole_again.judge, NULL, &step, rows[i].want,
                      rows[i].place);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mapped_by_what_a_call_took),
        cmocka_unit_test(mapped_says_what_was_done),
        cmocka_unit_test(mapped_looks_at_blocks_as_they_are_at_the_end),
        cmocka_unit_test(mapped_looks_at_every_block_and_call),
        cmocka_unit_test(mapped_by_where_the_result_lies),
        cmocka_unit_test(usable_ends_where_what_is_mapped_ends),
        cmocka_unit_test(own_memory),
        cmocka_unit_test(own_memory_says_which_call_and_where),
        cmocka_unit_test(syscalls),
        cmocka_unit_test(syscalls_may_be_any_number_while_a_thread_ends),
        cmocka_unit_test(syscalls_may_be_more_for_large_blocks_and_for_those_before),
        cmocka_unit_test(footprint),
        cmocka_unit_test(footprint_says_what_counted),
        cmocka_unit_test(whole_again),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
