// SPDX-License-Identifier: MIT
/// test_space_apply.c: what each system call does to the map, before and after, a character a page.
#include "harness/tap/space.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/syscall.h>

#include "tests/unit/space_picture.h"

#define WINDOW     10
#define NOWHERE    0
#define FIXED      (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)
#define ANYWHERE   (MAP_PRIVATE | MAP_ANONYMOUS)
#define MAY_MOVE   MREMAP_MAYMOVE
#define TO_FIXED   (MREMAP_MAYMOVE | MREMAP_FIXED)
#define LEAVES_OLD (MREMAP_MAYMOVE | MREMAP_DONTUNMAP)

#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif

struct row {
    const char *name;
    const char *before;
    uint64_t args[5];
    uint64_t result;
    const char *after;
    uint64_t lost[2];
    bool discarded;
    uint64_t stray; // NOWHERE: none
    enum hd_owner owner;
    // Of brk.
    uint64_t break_before;
    uint64_t break_seen;
    bool shared;
};

#define ERROR(number) ((uint64_t) - (number))

static void try_row(const struct row *row, long number, bool refused)
{
    struct hd_space space;
    hd_space_open(&space);
    draw(&space, row->before);
    space.brk_end = row->break_seen;
    struct hd_syscall call = {.number = number,
                              .result = (int64_t)row->result,
                              .break_before = row->break_before,
                              .refused = refused};
    memcpy(call.args, row->args, sizeof row->args);
    struct hd_effect effect;
    memset(&effect, 0xff, sizeof effect);
    hd_space_apply(&space, &call, &effect);

    char seen[WINDOW + 1];
    see(&space, seen, WINDOW);
    if (strcmp(seen, row->after) != 0) fail_msg("%s: %s, not %s", row->name, seen, row->after);
    const bool lost = effect.lost_end > effect.lost_start;
    if (lost != (row->lost[0] != row->lost[1]) ||
        (lost && (effect.lost_start != row->lost[0] || effect.lost_end != row->lost[1])))
        fail_msg("%s: lost %#zx to %#zx", row->name, effect.lost_start, effect.lost_end);
    if (effect.discarded != row->discarded) fail_msg("%s: discarded or not", row->name);
    if (effect.stray != row->stray ||
        (row->stray != NOWHERE && effect.stray_owner != row->owner))
        fail_msg("%s: stray %#zx, owner %d", row->name, effect.stray, (int)effect.stray_owner);
    if (number == SYS_brk) assert_int_equal(space.brk_end, row->result);
    assert_int_equal(space.break_shared, row->shared);
    assert_int_equal(space.mapped, count_pages(seen, "arb") * PAGE);
    assert_int_equal(space.reserved, count_pages(seen, "n") * PAGE);
    hd_space_close(&space);
}

#define TRY_ROWS(rows, number)                                                                     \
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows)[0]; i++)                                    \
    try_row(&(rows)[i], (number), false)

// clang-format off
static void mmap_takes_memory(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"anywhere", "..........", {0, 8192, READ_WRITE, ANYWHERE}, P(2), "..aa......",
         .stray = NOWHERE},
        {"a byte is a page", "..........", {0, 1, READ_WRITE, ANYWHERE}, P(2), "..a.......",
         .stray = NOWHERE},
        {"a page and a byte", "..........", {0, 4097, READ_WRITE, ANYWHERE}, P(2), "..aa......",
         .stray = NOWHERE},
        {"without access", "..........", {0, 8192, PROT_NONE, ANYWHERE}, P(2), "..nn......",
         .stray = NOWHERE},
        {"failed", "..........", {0, 8192, READ_WRITE, ANYWHERE}, ERROR(ENOMEM), "..........",
         .stray = NOWHERE},
        {"failed over its own", "aaaaaaaaaa", {P(2), 8192, PROT_NONE, FIXED}, ERROR(ENOMEM),
         "aaaaaaaaaa", .stray = NOWHERE},
        {"where something was that went unseen", "..hh......", {0, 8192, READ_WRITE, ANYWHERE},
         P(2), "..aa......", .stray = NOWHERE},
        {"fixed over nothing", "..........", {P(2), 8192, READ_WRITE, FIXED}, P(2), "..aa......",
         .lost = {P(2), P(4)}},
        {"fixed over its own", "aaaaaa....", {P(2), 8192, PROT_NONE, FIXED}, P(2), "aannaa....",
         .lost = {P(2), P(4)}},
        {"fixed over its own and nothing", "aaa.......", {P(2), 8192, READ_WRITE, FIXED}, P(2),
         "aaaa......", .lost = {P(2), P(4)}},
        {"fixed over its break", "..bb......", {P(2), 4096, READ_WRITE, FIXED}, P(2),
         "..ab......", .lost = {P(2), P(3)}},
        {"fixed over the last page before a foreign one", "aaaf......",
         {P(2), 4096, READ_WRITE, FIXED}, P(2), "aaaf......", .lost = {P(2), P(3)}},
        {"fixed over a foreign one", "aaaf......", {P(2), 8192, READ_WRITE, FIXED}, P(2),
         "aaaa......", .lost = {P(2), P(4)}, .stray = P(3), .owner = HD_OWNER_FOREIGN},
        {"fixed over what was before", "hhhh......", {P(2), 4096, READ_WRITE, FIXED}, P(2),
         "hhah......", .lost = {P(2), P(3)}, .stray = P(2), .owner = HD_OWNER_BEFORE},
        {"fixed over nothing and what was before", "...h......", {P(2), 8192, READ_WRITE, FIXED},
         P(2), "..aa......", .lost = {P(2), P(4)}, .stray = P(3), .owner = HD_OWNER_BEFORE},
        {"fixed over what was before and a foreign one", "..hf......",
         {P(2), 8192, READ_WRITE, FIXED}, P(2), "..aa......", .lost = {P(2), P(4)},
         .stray = P(3), .owner = HD_OWNER_FOREIGN},
        {"fixed where nothing is", "..........",
         {P(2), 8192, READ_WRITE, ANYWHERE | MAP_FIXED_NOREPLACE}, P(2), "..aa......",
         .stray = NOWHERE},
    };
    TRY_ROWS(rows, SYS_mmap);
}

static void munmap_gives_memory_back(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"all", "..aa......", {P(2), 8192}, 0, "..........", .lost = {P(2), P(4)}},
        {"the middle", "aaaaa.....", {P(2), 4096}, 0, "aa.aa.....", .lost = {P(2), P(3)}},
        {"a byte is a page", "aaaaa.....", {P(2), 1}, 0, "aa.aa.....", .lost = {P(2), P(3)}},
        {"two kinds", "anba......", {P(1), 8192}, 0, "a..a......", .lost = {P(1), P(3)}},
        {"failed", "..aa......", {P(2), 8192}, ERROR(EINVAL), "..aa......", .stray = NOWHERE},
        {"a page too long, into nothing", "..aa......", {P(2), 12288}, 0, "..........",
         .lost = {P(2), P(5)}, .stray = P(4), .owner = HD_OWNER_NOBODY},
        {"a page too long, into a foreign one", "..aaf.....", {P(2), 12288}, 0, "..........",
         .lost = {P(2), P(5)}, .stray = P(4), .owner = HD_OWNER_FOREIGN},
        {"a byte too long, into a foreign one", "..aaf.....", {P(2), 8193}, 0, "..........",
         .lost = {P(2), P(5)}, .stray = P(4), .owner = HD_OWNER_FOREIGN},
        {"up to the foreign one", "..aaf.....", {P(2), 8192}, 0, "....f.....",
         .lost = {P(2), P(4)}},
        {"a page too long, into what was before", "..aah.....", {P(2), 12288}, 0, "..........",
         .lost = {P(2), P(5)}, .stray = P(4), .owner = HD_OWNER_BEFORE},
        {"a page too early", "..aa......", {P(1), 12288}, 0, "..........", .lost = {P(1), P(4)},
         .stray = P(1), .owner = HD_OWNER_NOBODY},
        {"a hole inside", "..a.a.....", {P(2), 12288}, 0, "..........", .lost = {P(2), P(5)},
         .stray = P(3), .owner = HD_OWNER_NOBODY},
        {"nothing at all", "a...a.....", {P(2), 4096}, 0, "a...a.....", .lost = {P(2), P(3)},
         .stray = P(2), .owner = HD_OWNER_NOBODY},
        {"the gravest: nothing, before", "ah.a......", {P(0), 16384}, 0, "..........",
         .lost = {P(0), P(4)}, .stray = P(2), .owner = HD_OWNER_NOBODY},
        {"the gravest: foreign, nothing, before", "ah.faf....", {P(0), 24576}, 0, "..........",
         .lost = {P(0), P(6)}, .stray = P(3), .owner = HD_OWNER_FOREIGN},
        {"the gravest: foreign first", "f.ha......", {P(0), 16384}, 0, "..........",
         .lost = {P(0), P(4)}, .stray = P(0), .owner = HD_OWNER_FOREIGN},
    };
    TRY_ROWS(rows, SYS_munmap);
}

static void mremap_moves_memory(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"larger in place", "..aa......", {P(2), 8192, 16384, MAY_MOVE}, P(2), "..aaaa....",
         .stray = NOWHERE},
        {"larger elsewhere", "..aah.....", {P(2), 8192, 12288, MAY_MOVE}, P(6), "....h.aaa.",
         .lost = {P(2), P(4)}},
        {"smaller", "aaaaa.....", {P(1), 12288, 4096, MAY_MOVE}, P(1), "aa..a.....",
         .lost = {P(2), P(4)}},
        {"smaller by less than a page", "aaaaa.....", {P(1), 12288, 8193, MAY_MOVE}, P(1),
         "aaaaa.....", .stray = NOWHERE},
        {"smaller over several kinds", "arnb......", {P(0), 16384, 12288, MAY_MOVE}, P(0),
         "arn.......", .lost = {P(3), P(4)}},
        {"of the same size", "aaaaa.....", {P(1), 8192, 8192, MAY_MOVE}, P(1), "aaaaa.....",
         .stray = NOWHERE},
        {"keeps its protection", "..nn......", {P(2), 8192, 8192, TO_FIXED, P(6)}, P(6),
         "......nn..", .lost = {P(2), P(4)}},
        {"the old stays, emptied", "..aa......", {P(2), 8192, 8192, LEAVES_OLD}, P(6),
         "..aa..aa..", .lost = {P(2), P(4)}, .discarded = true},
        {"failed", "..aa......", {P(2), 8192, 16384, 0}, ERROR(ENOMEM), "..aa......",
         .stray = NOWHERE},
        {"a page too long, foreign", "..af......", {P(2), 8192, 8192, TO_FIXED, P(6)}, P(6),
         "......aa..", .lost = {P(2), P(4)}, .stray = P(3), .owner = HD_OWNER_FOREIGN},
        {"never seen", "..........", {P(2), 8192, 8192, TO_FIXED, P(6)}, P(6), "......aa..",
         .lost = {P(2), P(4)}, .stray = P(2), .owner = HD_OWNER_NOBODY},
        {"out of what was before", "..hh......", {P(2), 8192, 8192, TO_FIXED, P(6)}, P(6),
         "......aa..", .lost = {P(2), P(4)}, .stray = P(2), .owner = HD_OWNER_BEFORE},
        {"onto a foreign one", "..aa...f..", {P(2), 8192, 8192, TO_FIXED, P(6)}, P(6),
         "......aa..", .lost = {P(2), P(4)}, .stray = P(7), .owner = HD_OWNER_FOREIGN},
        {"beside a foreign one", "..aa....f.", {P(2), 8192, 8192, TO_FIXED, P(6)}, P(6),
         "......aaf.", .lost = {P(2), P(4)}},
        {"several kinds and a hole", "ar.n......", {P(0), 16384, 16384, TO_FIXED, P(5)}, P(5),
         ".....ar.n.", .lost = {P(0), P(4)}, .stray = P(2), .owner = HD_OWNER_NOBODY},
        {"a hole over memory", "a.r..aaa..", {P(0), 12288, 12288, TO_FIXED, P(5)}, P(5),
         ".....aar..", .lost = {P(0), P(3)}, .stray = P(1), .owner = HD_OWNER_NOBODY},
        {"several kinds, the old stay", "ar........", {P(0), 8192, 8192, LEAVES_OLD}, P(5),
         "ar...ar...", .lost = {P(0), P(2)}, .discarded = true},
        {"one page of three", "aaaa......", {P(1), 4096, 4096, TO_FIXED, P(6)}, P(6),
         "a.aa..a...", .lost = {P(1), P(2)}},
    };
    TRY_ROWS(rows, SYS_mremap);
}

static void mprotect_changes_access(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"all to nothing", "..aa......", {P(2), 8192, PROT_NONE}, 0, "..nn......",
         .lost = {P(2), P(4)}},
        {"a part to nothing", "aaaa......", {P(1), 4096, PROT_NONE}, 0, "anaa......",
         .lost = {P(1), P(2)}},
        {"a part to access", "nnnn......", {P(1), 8192, READ_WRITE}, 0, "naan......",
         .stray = NOWHERE},
        {"to read only", "aaaa......", {P(1), 8192, PROT_READ}, 0, "arra......",
         .lost = {P(1), P(3)}},
        {"a byte is a page", "nnnn......", {P(1), 1, READ_WRITE}, 0, "nann......",
         .stray = NOWHERE},
        {"several kinds, each stays its owner's", "nrba......", {P(0), 16384, READ_WRITE}, 0,
         "aaba......", .stray = NOWHERE},
        {"failed", "aaaa......", {P(1), 8192, PROT_NONE}, ERROR(ENOMEM), "aaaa......",
         .stray = NOWHERE},
        {"a page too long, into a foreign one", "aaf.......", {P(1), 8192, READ_WRITE}, 0,
         "aaf.......", .stray = P(2), .owner = HD_OWNER_FOREIGN},
        {"a page too long, into nothing", "nn........", {P(1), 8192, READ_WRITE}, 0, "na........",
         .stray = P(2), .owner = HD_OWNER_NOBODY},
        {"what was before", "hh........", {P(1), 4096, READ_WRITE}, 0, "hh........",
         .stray = P(1), .owner = HD_OWNER_BEFORE},
        {"up to a hole", "nn.n......", {P(0), 16384, READ_WRITE}, ERROR(ENOMEM), "aa.n......",
         .stray = P(2), .owner = HD_OWNER_NOBODY},
        {"up to a hole, to nothing", "aa.a......", {P(0), 16384, PROT_NONE}, ERROR(ENOMEM),
         "nn.a......", .lost = {P(0), P(2)}, .stray = P(2), .owner = HD_OWNER_NOBODY},
        {"from a hole on", ".aaa......", {P(0), 16384, PROT_NONE}, ERROR(ENOMEM), ".aaa......",
         .stray = P(0), .owner = HD_OWNER_NOBODY},
        {"a hole and another error", "nn.n......", {P(0), 16384, READ_WRITE}, ERROR(EACCES),
         "nn.n......", .stray = NOWHERE},
        {"over a hole that went unseen", "n.n.......", {P(0), 12288, READ_WRITE}, 0, "a.a.......",
         .stray = P(1), .owner = HD_OWNER_NOBODY},
    };
    TRY_ROWS(rows, SYS_mprotect);
}

static void madvise_may_take_contents(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"not needed", "aaaa......", {P(1), 8192, MADV_DONTNEED}, 0, "aaaa......",
         .lost = {P(1), P(3)}, .discarded = true},
        {"a byte is a page", "aaaa......", {P(1), 1, MADV_DONTNEED}, 0, "aaaa......",
         .lost = {P(1), P(2)}, .discarded = true},
        {"free", "aaaa......", {P(1), 8192, MADV_FREE}, 0, "aaaa......", .lost = {P(1), P(3)},
         .discarded = true},
        {"remove", "aaaa......", {P(1), 8192, MADV_REMOVE}, 0, "aaaa......",
         .lost = {P(1), P(3)}, .discarded = true},
        {"not needed, locked", "aaaa......", {P(1), 8192, MADV_DONTNEED_LOCKED}, 0, "aaaa......",
         .lost = {P(1), P(3)}, .discarded = true},
        {"huge pages", "aaaa......", {P(1), 8192, MADV_HUGEPAGE}, 0, "aaaa......",
         .stray = NOWHERE},
        {"cold", "aaaa......", {P(1), 8192, MADV_COLD}, 0, "aaaa......", .stray = NOWHERE},
        {"no dump", "aaaa......", {P(1), 8192, MADV_DONTDUMP}, 0, "aaaa......", .stray = NOWHERE},
        {"failed", "aaaa......", {P(1), 8192, MADV_DONTNEED}, ERROR(EINVAL), "aaaa......",
         .stray = NOWHERE},
        {"around a hole", "aa.a......", {P(0), 16384, MADV_DONTNEED}, ERROR(ENOMEM), "aa.a......",
         .lost = {P(0), P(4)}, .discarded = true, .stray = P(2), .owner = HD_OWNER_NOBODY},
        {"no hole, but no memory", "aaaa......", {P(0), 16384, MADV_DONTNEED}, ERROR(ENOMEM),
         "aaaa......", .stray = NOWHERE},
        {"a page too long, foreign", "aaf.......", {P(1), 8192, MADV_DONTNEED}, 0, "aaf.......",
         .lost = {P(1), P(3)}, .discarded = true, .stray = P(2), .owner = HD_OWNER_FOREIGN},
        {"huge pages, foreign", "aaf.......", {P(1), 8192, MADV_HUGEPAGE}, 0, "aaf.......",
         .stray = P(2), .owner = HD_OWNER_FOREIGN},
    };
    TRY_ROWS(rows, SYS_madvise);
}

static void brk_moves_the_break(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"up, first seen", "..........", {P(4)}, P(4), "..bb......", .break_before = P(2)},
        {"up", "bb........", {P(4)}, P(4), "bbbb......", .break_before = P(2), .break_seen = P(2)},
        {"down", "bbbb......", {P(2)}, P(2), "bb........", .lost = {P(2), P(4)},
         .break_before = P(4),
         .break_seen = P(4)},
        {"down, with a protected page", "bbbn......", {P(2)}, P(2), "bb........",
         .lost = {P(2), P(4)},
         .break_before = P(4), .break_seen = P(4)},
        {"asked", "bb........", {0}, P(2), "bb........", .break_before = P(2), .break_seen = P(2)},
        {"refused", "bb........", {P(4)}, P(2), "bb........", .break_before = P(2),
         .break_seen = P(2)},
        {"asked, first seen", "..........", {0}, P(2), "..........", .break_before = P(2)},
        {"moved up unseen, then up", "bb........", {P(6)}, P(6), "bbhhbb....",
         .break_before = P(4), .break_seen = P(2), .shared = true},
        {"moved up unseen, then asked", "bb........", {0}, P(4), "bbhh......",
         .break_before = P(4), .break_seen = P(2), .shared = true},
        {"moved down unseen, then up", "bbbb......", {P(4)}, P(4), "bbbb......",
         .break_before = P(2), .break_seen = P(4), .shared = true},
        {"moved down unseen, then asked", "bbbb......", {0}, P(2), "bb........",
         .break_before = P(2), .break_seen = P(4), .shared = true},
        {"down into what was before", "hhbb......", {P(1)}, P(1), "h.........",
         .lost = {P(1), P(4)}, .stray = P(1), .owner = HD_OWNER_BEFORE, .break_before = P(4),
         .break_seen = P(4)},
        {"moved up unseen, then down over that", "bb........", {P(1)}, P(1), "b.........",
         .lost = {P(1), P(4)}, .stray = P(2), .owner = HD_OWNER_BEFORE, .break_before = P(4),
         .break_seen = P(2), .shared = true},
        {"down to where the own part begins", "hhbb......", {P(2)}, P(2), "hh........",
         .lost = {P(2), P(4)}, .break_before = P(4), .break_seen = P(4)},
    };
    TRY_ROWS(rows, SYS_brk);
}

static void a_break_moved_unseen_is_shared_once_the_allocator_moves_it(void **state)
{
    (void)state;
    struct hd_space space;
    char seen[WINDOW + 1];
    hd_space_open(&space);
    hd_space_meet_break(&space, P(2)); // first seen, nobody has moved it
    assert_false(space.break_moved);
    hd_space_meet_break(&space, P(4));
    see(&space, seen, WINDOW);
    assert_string_equal(seen, "..hh......");
    hd_space_meet_break(&space, P(3));
    see(&space, seen, WINDOW);
    assert_string_equal(seen, "..h.......");
    assert_true(space.break_moved);
    assert_false(space.break_shared);

    struct hd_effect effect;
    const struct hd_syscall raised = {
        .number = SYS_brk, .args = {P(4)}, .result = (int64_t)P(4), .break_before = P(3)};
    hd_space_apply(&space, &raised, &effect);
    see(&space, seen, WINDOW);
    assert_string_equal(seen, "..hb......");
    assert_true(space.break_shared);
    hd_space_close(&space);
}

static void a_break_in_the_middle_of_a_page_has_the_page(void **state)
{
    (void)state;
    enum { PAGE_SIZE = 4096 };
    const uintptr_t start = 0x10000000;
    static const struct {
        uintptr_t advised; // bytes from `start`
        uintptr_t stray;   // from `start`; 0: none
    } rows[] = {{PAGE_SIZE, 0}, {2 * PAGE_SIZE, 0}, {3 * PAGE_SIZE, 2 * PAGE_SIZE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_space odd;
        struct hd_effect effect;
        hd_space_open(&odd);
        const struct hd_syscall raised = {.number = SYS_brk,
                                          .args = {start + PAGE_SIZE + 152},
                                          .result = (int64_t)start + PAGE_SIZE + 152,
                                          .break_before = start};
        hd_space_apply(&odd, &raised, &effect);
        const struct hd_syscall advised = {
            .number = SYS_madvise, .args = {start, rows[i].advised, MADV_DONTNEED}};
        hd_space_apply(&odd, &advised, &effect);
        assert_int_equal(effect.stray, rows[i].stray != 0 ? start + rows[i].stray : 0);
        hd_space_close(&odd);
    }
}

static void a_refused_or_unknown_call_changes_nothing(void **state)
{
    (void)state;
    static const struct row refused = {"refused", "abnrhf....", {P(0), 8192, PROT_NONE},
                                       ERROR(ENOMEM), "abnrhf....", .stray = NOWHERE};
    static const long numbers[] = {SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        try_row(&refused, numbers[i], true);
    static const struct row over_a_hole = {"refused over a hole", "a.a.......",
                                           {P(0), 12288, PROT_NONE}, ERROR(ENOMEM), "a.a.......",
                                           .stray = NOWHERE};
    try_row(&over_a_hole, SYS_mprotect, true);
    static const struct row other = {"another call", "abnrhf....", {P(0), 8192}, 0, "abnrhf....",
                                     .stray = NOWHERE};
    try_row(&other, SYS_mincore, false);
    try_row(&other, SYS_getpid, false);
    try_row(&other, -1, false);
}
// clang-format on

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mmap_takes_memory),
        cmocka_unit_test(munmap_gives_memory_back),
        cmocka_unit_test(mremap_moves_memory),
        cmocka_unit_test(mprotect_changes_access),
        cmocka_unit_test(madvise_may_take_contents),
        cmocka_unit_test(brk_moves_the_break),
        cmocka_unit_test(a_break_moved_unseen_is_shared_once_the_allocator_moves_it),
        cmocka_unit_test(a_break_in_the_middle_of_a_page_has_the_page),
        cmocka_unit_test(a_refused_or_unknown_call_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
