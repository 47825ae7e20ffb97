// SPDX-License-Identifier: MIT
/// test_compare.c: what counts as a difference, what as a choice, on each side of each line.
#include "harness/compare/compare.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PAST     ((uint64_t)PTRDIFF_MAX + 1)
#define HALF     (UINT64_C(1) << 63)
#define MIB      (UINT64_C(1) << 20)
#define NO_PLACE NULL

#define BLOCK        {.kind = HD_OUTCOME_BLOCK}
#define BLOCK_BROKEN {.kind = HD_OUTCOME_BLOCK, .broken = true}
#define NULL_ENOMEM  {.kind = HD_OUTCOME_NULL, .error = ENOMEM}
#define NULL_EINVAL  {.kind = HD_OUTCOME_NULL, .error = EINVAL}
#define NULL_BARE    {.kind = HD_OUTCOME_NULL}
#define DONE         {.kind = HD_OUTCOME_DONE}
#define LOST         {.kind = HD_OUTCOME_LOST, .broken = true}
#define SKIPPED      {.kind = HD_OUTCOME_SKIPPED}
#define NOT_OFFERED  {.kind = HD_OUTCOME_NOT_OFFERED}
#define NONE         {.kind = HD_OUTCOME_NONE}
#define HELD_BLOCK   {.kind = HD_OUTCOME_BLOCK, .held = true}
#define HELD_NULL    {.kind = HD_OUTCOME_NULL, .held = true}

#define ALIGNED(size_, alignment)                                                                  \
    {.kind = HD_OP_ALIGNED_ALLOC, .size = (size_), .extra = (alignment)}
#define POSIX(size_, alignment)                                                                    \
    {.kind = HD_OP_POSIX_MEMALIGN, .size = (size_), .extra = (alignment)}
#define MEMALIGN(size_, alignment)                                                                 \
    {.kind = HD_OP_MEMALIGN, .size = (size_), .extra = (alignment)}

static const struct hd_policy plain;
static const struct hd_policy rounding = {.bad_alignment_served = true};

/// Two allocators, `good` and `mine`, at one operation.
static void compare_two(struct hd_op op, struct hd_outcome good, struct hd_outcome mine,
                        const struct hd_policy *policy, struct hd_comparison *comparison)
{
    const struct hd_trace trace = {.ops = &op, .count = 1, .slot_count = 1};
    const struct hd_contestant contestants[] = {
        {.name = "good", .outcomes = &good},
        {.name = "mine", .outcomes = &mine, .policy = *policy},
    };
    hd_compare(&trace, contestants, 2, comparison);
}

// ---------------------------------------------------------------------------- differences

static const struct {
    const char *name;
    struct hd_op op;
    struct hd_outcome good, mine;
    const struct hd_policy *policy; // of mine
    const char *place;              // NO_PLACE: no difference
} differences[] = {
    {"the largest size may be served", {HD_OP_MALLOC, 0, 0, PTRDIFF_MAX, 0}, NULL_ENOMEM, BLOCK,
     &plain, NO_PLACE},
    {"one byte more may not", {HD_OP_MALLOC, 0, 0, PAST, 0}, NULL_ENOMEM, BLOCK, &plain,
     "past-ptrdiff-max"},
    {"refused by both", {HD_OP_MALLOC, 0, 0, PAST, 0}, NULL_ENOMEM, NULL_ENOMEM, &plain, NO_PLACE},
    {"refused by both, another errno", {HD_OP_MALLOC, 0, 0, PAST, 0}, NULL_ENOMEM, NULL_EINVAL,
     &plain, NO_PLACE},
    {"served by both", {HD_OP_MALLOC, 0, 0, PAST, 0}, BLOCK, BLOCK, &plain, NO_PLACE},
    {"a product that just fits", {HD_OP_CALLOC, 0, 0, HALF - 1, 1}, NULL_ENOMEM, BLOCK, &plain,
     NO_PLACE},
    {"a product that fits but is too large", {HD_OP_CALLOC, 0, 0, HALF, 1}, NULL_ENOMEM, BLOCK,
     &plain, "past-ptrdiff-max"},
    {"a product that overflows", {HD_OP_CALLOC, 0, 0, HALF, 2}, NULL_ENOMEM, BLOCK, &plain,
     "product-overflows"},
    {"reallocarray overflows too", {HD_OP_REALLOCARRAY, 0, 0, HALF, 2}, NULL_ENOMEM, BLOCK, &plain,
     "product-overflows"},
    {"an overflow without errno", {HD_OP_CALLOC, 0, 0, HALF, 2}, NULL_ENOMEM, NULL_BARE, &plain,
     NO_PLACE},
    {"aligned_alloc, a power of two", ALIGNED(64, 64), NULL_ENOMEM, BLOCK, &plain, NO_PLACE},
    {"aligned_alloc, none", ALIGNED(64, 48), NULL_EINVAL, BLOCK, &plain, "bad-alignment"},
    {"aligned_alloc, 0", ALIGNED(64, 0), NULL_EINVAL, BLOCK, &plain, "bad-alignment"},
    {"aligned_alloc, none, declared", ALIGNED(64, 48), NULL_EINVAL, BLOCK, &rounding, NO_PLACE},
    {"rounding declares no size", ALIGNED(PAST, 48), NULL_EINVAL, BLOCK, &rounding,
     "past-ptrdiff-max"},
    {"rounding is aligned_alloc's", POSIX(64, 48), NULL_EINVAL, BLOCK, &rounding, "bad-alignment"},
    {"posix_memalign, a pointer's size", POSIX(64, 8), NULL_ENOMEM, BLOCK, &plain, NO_PLACE},
    {"posix_memalign, less", POSIX(64, 4), NULL_EINVAL, BLOCK, &plain, "bad-alignment"},
    {"memalign has no standard", MEMALIGN(64, 48), NULL_EINVAL, BLOCK, &plain, NO_PLACE},
    {"broken on one", {HD_OP_MALLOC, 0, 0, 8, 0}, BLOCK, BLOCK_BROKEN, &plain, "broken"},
    {"broken on both", {HD_OP_MALLOC, 0, 0, 8, 0}, BLOCK_BROKEN, BLOCK_BROKEN, &plain, NO_PLACE},
    {"the fixed answer goes before broken", {HD_OP_MALLOC, 0, 0, PAST, 0}, NULL_ENOMEM,
     BLOCK_BROKEN, &plain, "past-ptrdiff-max"},
    {"a crash of one", {HD_OP_FREE, 0, 0, 0, 0}, DONE, LOST, &plain, "broken"},
    {"one did not come this far", {HD_OP_FREE, 0, 0, 0, 0}, DONE, NONE, &plain, NO_PLACE},
    {"broken, the other skipped it", {HD_OP_MALLOC, 0, 0, 8, 0}, SKIPPED, BLOCK_BROKEN, &plain,
     NO_PLACE},
    {"too large, the other offers it not", {HD_OP_CALLOC, 0, 0, PAST, 1}, NOT_OFFERED, BLOCK,
     &plain, NO_PLACE},
};

static void tells_differences(void **state)
{
    (void)state;
    static struct hd_comparison comparison;
    for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++) {
        print_message("%s\n", differences[i].name);
        compare_two(differences[i].op, differences[i].good, differences[i].mine,
                    differences[i].policy, &comparison);
        assert_int_equal(comparison.difference_count, differences[i].place != NO_PLACE);
        if (differences[i].place == NO_PLACE) continue;
        const struct hd_difference *difference = &comparison.differences[0];
        assert_string_equal(difference->finding.place, differences[i].place);
        assert_string_equal(difference->finding.oracle, "differential");
        assert_int_equal(difference->finding.step, 1);
        assert_int_equal(difference->deviators, 2);
    }
}

/// Four allocators at one operation: the evidence names all sides in the order given.
static void shows_both_sides(void **state)
{
    (void)state;
    static struct hd_comparison comparison;
    const struct hd_op op = {.kind = HD_OP_MALLOC, .slot = 1, .size = PAST};
    const struct hd_trace trace = {.ops = &op, .count = 1, .slot_count = 2};
    const struct hd_outcome refused = NULL_ENOMEM;
    const struct hd_outcome served = BLOCK_BROKEN;
    const struct hd_outcome lost = LOST;
    const struct hd_contestant contestants[] = {
        {.name = "glibc", .outcomes = &refused},
        {.name = "mine", .outcomes = &served},
        {.name = "jemalloc", .outcomes = &refused},
        {.name = "other", .outcomes = &lost},
    };
    hd_compare(&trace, contestants, 4, &comparison);
    assert_int_equal(comparison.difference_count, 1);
    const struct hd_finding *finding = &comparison.differences[0].finding;
    assert_string_equal(finding->evidence, "glibc, jemalloc: NULL ENOMEM; mine: block, an oracle "
                                           "broke; other: crash or hang");
    assert_string_equal(finding->operation, "1 = malloc PTRDIFF_MAX+1");
    char signature[HD_SIGNATURE_MAX];
    hd_finding_signature(finding, signature);
    assert_string_equal(signature, "differential/malloc/past-ptrdiff-max");
}

static void long_names_are_cut(void **state)
{
    (void)state;
    static struct hd_comparison comparison;
    char name[1000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    const struct hd_op op = {.kind = HD_OP_MALLOC, .size = PAST};
    const struct hd_trace trace = {.ops = &op, .count = 1, .slot_count = 1};
    const struct hd_outcome refused = NULL_ENOMEM;
    const struct hd_outcome served = BLOCK;
    const struct hd_contestant contestants[] = {
        {.name = name, .outcomes = &refused}, {.name = name, .outcomes = &served}};
    hd_compare(&trace, contestants, 2, &comparison);
    assert_int_equal(comparison.difference_count, 1);
    const struct hd_finding *finding = &comparison.differences[0].finding;
    assert_int_equal(strlen(finding->evidence), sizeof finding->evidence - 1);
}

/// The same difference again is a repeat; with other deviators or of another kind it is not.
static void repeats_are_counted(void **state)
{
    (void)state;
    static struct hd_comparison comparison;
    const struct hd_op ops[] = {
        {.kind = HD_OP_MALLOC, .size = PAST},
        {.kind = HD_OP_MALLOC, .size = PAST + 1},
        {.kind = HD_OP_VALLOC, .size = PAST},
        {.kind = HD_OP_MALLOC, .size = PAST},
    };
    const struct hd_trace trace = {.ops = ops, .count = 4, .slot_count = 1};
    const struct hd_outcome good[] = {NULL_ENOMEM, NULL_ENOMEM, NULL_ENOMEM, BLOCK};
    const struct hd_outcome mine[] = {BLOCK, BLOCK, BLOCK, NULL_ENOMEM};
    const struct hd_contestant contestants[] = {{.name = "good", .outcomes = good},
                                                {.name = "mine", .outcomes = mine}};
    hd_compare(&trace, contestants, 2, &comparison);
    assert_int_equal(comparison.difference_count, 3);
    assert_int_equal(comparison.differences[0].finding.repeats, 1);
    assert_int_equal(comparison.differences[1].finding.step, 3);
    assert_int_equal(comparison.differences[1].finding.repeats, 0);
    assert_int_equal(comparison.differences[2].deviators, 1);
}

// ---------------------------------------------------------------------------- choices

static const struct {
    const char *name;
    struct hd_op op;
    struct hd_outcome good, mine;
    enum hd_choice_id row; // HD_CHOICES: none
    enum hd_answer_kind good_answer, mine_answer;
} choices[] = {
    {"malloc of nothing", {HD_OP_MALLOC, 0, 0, 0, 0}, BLOCK, NULL_BARE, HD_CHOICE_MALLOC_0,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL},
    {"malloc of a byte", {HD_OP_MALLOC, 0, 0, 1, 0}, BLOCK, NULL_ENOMEM, HD_CHOICE_SMALL,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL_ENOMEM},
    {"malloc of 1 MiB", {HD_OP_MALLOC, 0, 0, MIB, 0}, BLOCK, NULL_ENOMEM, HD_CHOICE_SMALL,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL_ENOMEM},
    {"malloc of more", {HD_OP_MALLOC, 0, 0, MIB + 1, 0}, BLOCK, NULL_ENOMEM, HD_CHOICE_LARGE,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL_ENOMEM},
    {"malloc of the most", {HD_OP_MALLOC, 0, 0, PTRDIFF_MAX, 0}, NULL_ENOMEM, NULL_BARE,
     HD_CHOICE_LARGE, HD_ANSWER_NULL_ENOMEM, HD_ANSWER_NULL},
    {"malloc of too much", {HD_OP_MALLOC, 0, 0, PAST, 0}, NULL_ENOMEM, NULL_BARE, HD_CHOICES,
     HD_ANSWER_BLOCK, HD_ANSWER_BLOCK},
    {"calloc, no elements", {HD_OP_CALLOC, 0, 0, 8, 0}, BLOCK, NULL_BARE, HD_CHOICE_CALLOC_0,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL},
    {"calloc, empty elements", {HD_OP_CALLOC, 0, 0, 0, 8}, BLOCK, NULL_BARE, HD_CHOICE_CALLOC_0,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL},
    {"calloc overflows", {HD_OP_CALLOC, 0, 0, HALF, 2}, NULL_ENOMEM, NULL_BARE, HD_CHOICE_OVERFLOW,
     HD_ANSWER_NULL_ENOMEM, HD_ANSWER_NULL},
    {"valloc of nothing", {HD_OP_VALLOC, 0, 0, 0, 0}, BLOCK, NULL_BARE, HD_CHOICE_ALIGNED_0,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL},
    {"realloc of a block to nothing", {HD_OP_REALLOC, 0, 0, 0, 0}, HELD_BLOCK, HELD_NULL,
     HD_CHOICE_REALLOC_0, HD_ANSWER_BLOCK, HD_ANSWER_NULL},
    {"realloc of NULL to nothing", {HD_OP_REALLOC, 0, 0, 0, 0}, BLOCK, NULL_BARE,
     HD_CHOICE_REALLOC_NULL_0, HD_ANSWER_BLOCK, HD_ANSWER_NULL},
    {"reallocarray of a block to nothing", {HD_OP_REALLOCARRAY, 0, 0, 8, 0}, HELD_BLOCK, HELD_NULL,
     HD_CHOICE_REALLOC_0, HD_ANSWER_BLOCK, HD_ANSWER_NULL},
    {"realloc of a block to a byte", {HD_OP_REALLOC, 0, 0, 1, 0}, HELD_BLOCK, HELD_NULL,
     HD_CHOICE_SMALL, HD_ANSWER_BLOCK, HD_ANSWER_NULL},
    {"aligned_alloc, a multiple", ALIGNED(128, 64), BLOCK, NULL_EINVAL, HD_CHOICE_SMALL,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL_EINVAL},
    {"aligned_alloc, no multiple", ALIGNED(65, 64), BLOCK, NULL_EINVAL, HD_CHOICE_NOT_MULTIPLE,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL_EINVAL},
    {"aligned_alloc of nothing", ALIGNED(0, 64), BLOCK, NULL_EINVAL, HD_CHOICE_ALIGNED_0,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL_EINVAL},
    {"aligned_alloc, bad alignment", ALIGNED(0, 48), NULL_EINVAL, BLOCK, HD_CHOICE_BAD_ALIGNMENT,
     HD_ANSWER_NULL_EINVAL, HD_ANSWER_BLOCK},
    {"posix_memalign, no multiple", POSIX(65, 64), BLOCK, NULL_EINVAL, HD_CHOICE_SMALL,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL_EINVAL},
    {"posix_memalign, bad alignment", POSIX(64, 4), NULL_EINVAL, NULL_BARE, HD_CHOICES,
     HD_ANSWER_BLOCK, HD_ANSWER_BLOCK},
    {"memalign, a power of two", MEMALIGN(65, 32), BLOCK, NULL_EINVAL, HD_CHOICE_SMALL,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL_EINVAL},
    {"memalign, none", MEMALIGN(65, 33), BLOCK, NULL_EINVAL, HD_CHOICE_MEMALIGN_ODD,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL_EINVAL},
    {"memalign to more than 1 MiB", MEMALIGN(1, 2 * MIB), BLOCK, NULL_ENOMEM, HD_CHOICE_LARGE,
     HD_ANSWER_BLOCK, HD_ANSWER_NULL_ENOMEM},
    {"not offered", {HD_OP_USABLE_SIZE, 0, 0, 0, 0}, DONE, NOT_OFFERED, HD_CHOICE_NOT_OFFERED,
     HD_ANSWER_CARRIED_OUT, HD_ANSWER_NOT_OFFERED},
    {"an oracle broke", {HD_OP_MALLOC, 0, 0, 1, 0}, NULL_ENOMEM, BLOCK_BROKEN, HD_CHOICES,
     HD_ANSWER_BLOCK, HD_ANSWER_BLOCK},
};

/// The row of choices[] that differs; HD_CHOICES when none does.
static enum hd_choice_id differing_row(const struct hd_comparison *comparison)
{
    enum hd_choice_id row = HD_CHOICES;
    for (unsigned id = 0; id < HD_CHOICES; id++) {
        if (!comparison->choices[id].differs) continue;
        assert_int_equal(row, HD_CHOICES);
        row = id;
    }
    return row;
}

static void tells_choices(void **state)
{
    (void)state;
    static struct hd_comparison comparison;
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        print_message("%s\n", choices[i].name);
        compare_two(choices[i].op, choices[i].good, choices[i].mine, &rounding, &comparison);
        assert_int_equal(differing_row(&comparison), choices[i].row);
        if (choices[i].row == HD_CHOICES) continue;
        const struct hd_choice *choice = &comparison.choices[choices[i].row];
        assert_int_equal(choice->counts[0][choices[i].good_answer], 1);
        assert_int_equal(choice->counts[1][choices[i].mine_answer], 1);
        assert_int_equal(choice->step, 1);
    }
}

/// One that skipped a step, as its slot is not as the other's, has not chosen differently.
static void skipping_is_no_choice(void **state)
{
    (void)state;
    static struct hd_comparison comparison;
    const struct hd_op op = {.kind = HD_OP_MALLOC, .size = 8};
    const struct hd_outcome block = BLOCK;
    const struct hd_outcome skipped = SKIPPED;
    compare_two(op, block, skipped, &plain, &comparison);
    assert_int_equal(differing_row(&comparison), HD_CHOICES);
    assert_int_equal(comparison.choices[HD_CHOICE_SMALL].counts[0][HD_ANSWER_BLOCK], 1);
}

static void traces_add_up(void **state)
{
    (void)state;
    static struct hd_comparison same;
    static struct hd_comparison differing;
    static struct hd_choice all[HD_CHOICES];
    const struct hd_op op = {.kind = HD_OP_MALLOC};
    const struct hd_outcome block = BLOCK;
    const struct hd_outcome none = NULL_BARE;
    compare_two(op, block, block, &plain, &same);
    compare_two(op, block, none, &plain, &differing);
    hd_choices_add(all, same.choices);
    assert_false(all[HD_CHOICE_MALLOC_0].differs);
    hd_choices_add(all, differing.choices);
    assert_true(all[HD_CHOICE_MALLOC_0].differs);
    assert_int_equal(all[HD_CHOICE_MALLOC_0].counts[0][HD_ANSWER_BLOCK], 2);
    assert_int_equal(all[HD_CHOICE_MALLOC_0].counts[1][HD_ANSWER_BLOCK], 1);
    assert_int_equal(all[HD_CHOICE_MALLOC_0].counts[1][HD_ANSWER_NULL], 1);
    assert_int_equal(all[HD_CHOICE_MALLOC_0].step, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_differences),     cmocka_unit_test(shows_both_sides),
        cmocka_unit_test(long_names_are_cut),    cmocka_unit_test(repeats_are_counted),
        cmocka_unit_test(tells_choices),         cmocka_unit_test(skipping_is_no_choice),
        cmocka_unit_test(traces_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
