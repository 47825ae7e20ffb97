// SPDX-License-Identifier: MIT
/// test_refusals.c: which call is refused: the n-th, all that ask for memory, those past a limit;
/// and which finds no memory.
#include "harness/tap/refusals.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/mman.h>

#define BREAK      UINT64_C(0x555555800000)
#define SOMEWHERE  UINT64_C(0x7f0000000000)
#define READ_WRITE (PROT_READ | PROT_WRITE)
#define ANY        INT64_MAX

static const struct hd_tap_refusals none = {.growth_max = ANY, .memory_max = ANY};

/// Decides about a call, and where it is not refused counts it as made, with success.
static bool goes_through(struct hd_tap_refusals *refusals, enum hd_syscall_id id,
                         const uint64_t args[6])
{
    if (hd_refusals_decide(refusals, id, args, BREAK)) return false;
    const int64_t result = id == HD_SYSCALL_brk ? (int64_t)args[0] : (int64_t)SOMEWHERE;
    hd_refusals_made(refusals, id, args, result, BREAK);
    return true;
}

/// Arguments with which a call of this kind asks for something.
static const uint64_t *arguments(enum hd_syscall_id id)
{
    static const uint64_t args[HD_REFUSABLES][6] = {
        [HD_SYSCALL_mmap] = {0, 4096, READ_WRITE},
        [HD_SYSCALL_brk] = {BREAK + 4096},
        [HD_SYSCALL_mremap] = {SOMEWHERE, 4096, 8192, MREMAP_MAYMOVE},
        [HD_SYSCALL_munmap] = {SOMEWHERE, 4096},
        [HD_SYSCALL_madvise] = {SOMEWHERE, 4096, MADV_DONTNEED},
        [HD_SYSCALL_mprotect] = {SOMEWHERE, 4096, READ_WRITE},
    };
    return args[id];
}

// ---------------------------------------------------------------------------- the n-th call

static void the_nth_call_of_each_kind_is_refused_and_no_other(void **state)
{
    (void)state;
    static const unsigned wanted[] = {1, 2, 63, 64};
    for (enum hd_syscall_id id = 0; id < HD_REFUSABLES; id++) {
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
            struct hd_tap_refusals refusals = none;
            refusals.pending[id] = UINT64_C(1) << (wanted[i] - 1);
            for (unsigned n = 1; n <= 130; n++)
                if (goes_through(&refusals, id, arguments(id)) != (n != wanted[i]))
                    fail_msg("%s %u: call %u", hd_syscall_names[id], wanted[i], n);
        }
    }
}

static void several_can_be_pending(void **state)
{
    (void)state;
    const uint64_t pending = UINT64_C(0x8000000000000029); // the calls 1, 4, 6 and 64
    struct hd_tap_refusals refusals = none;
    refusals.pending[HD_SYSCALL_mmap] = pending;
    refusals.pending[HD_SYSCALL_munmap] = 2;
    for (unsigned n = 0; n < 130; n++) {
        const bool refused = n < 64 && (pending >> n & 1) != 0;
        assert_int_equal(goes_through(&refusals, HD_SYSCALL_mmap, arguments(HD_SYSCALL_mmap)),
                         !refused);
        if (n < 10)
            assert_int_equal(
                goes_through(&refusals, HD_SYSCALL_munmap, arguments(HD_SYSCALL_munmap)), n != 1);
    }
}

static void calls_of_another_kind_do_not_count(void **state)
{
    (void)state;
    static const uint64_t args[6] = {0};
    struct hd_tap_refusals refusals = none;
    refusals.pending[HD_SYSCALL_mremap] = 1;
    for (enum hd_syscall_id id = 0; id < HD_SYSCALLS; id++) {
        const uint64_t *with = id < HD_REFUSABLES ? arguments(id) : args;
        if (id != HD_SYSCALL_mremap) assert_true(goes_through(&refusals, id, with));
    }
    assert_false(goes_through(&refusals, HD_SYSCALL_mremap, arguments(HD_SYSCALL_mremap)));
}

static void asking_where_the_break_is_is_neither_refused_nor_counted(void **state)
{
    (void)state;
    struct hd_tap_refusals refusals = {.all = true, .growth_max = 0, .memory_max = 0, .growth = 1};
    refusals.pending[HD_SYSCALL_brk] = 1;
    assert_true(goes_through(&refusals, HD_SYSCALL_brk, (const uint64_t[6]){0}));
    assert_true(goes_through(&refusals, HD_SYSCALL_brk, (const uint64_t[6]){BREAK}));
    assert_int_equal(refusals.pending[HD_SYSCALL_brk], 1);
    refusals.all = false;
    refusals.growth_max = ANY;
    assert_false(goes_through(&refusals, HD_SYSCALL_brk, (const uint64_t[6]){BREAK + 1}));
    assert_true(goes_through(&refusals, HD_SYSCALL_brk, (const uint64_t[6]){BREAK + 1}));
}

// ---------------------------------------------------------------------------- all calls

static void all_that_ask_for_memory_are_refused_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum hd_syscall_id id;
        uint64_t args[6];
        bool refused;
    } rows[] = {
        {"mmap", HD_SYSCALL_mmap, {0, 4096, READ_WRITE}, true},
        {"mmap without access", HD_SYSCALL_mmap, {0, 4096, PROT_NONE}, true},
        {"mmap past PTRDIFF_MAX", HD_SYSCALL_mmap, {0, UINT64_MAX - 4095, READ_WRITE}, true},
        {"break up", HD_SYSCALL_brk, {BREAK + 1}, true},
        {"break down", HD_SYSCALL_brk, {BREAK - 1}, false},
        {"break asked", HD_SYSCALL_brk, {0}, false},
        {"mremap larger", HD_SYSCALL_mremap, {SOMEWHERE, 4096, 8192}, true},
        {"mremap past PTRDIFF_MAX", HD_SYSCALL_mremap, {SOMEWHERE, 4096, UINT64_MAX}, true},
        {"mremap of the same size", HD_SYSCALL_mremap, {SOMEWHERE, 4096, 4096, 1}, false},
        {"mremap that leaves the old",
         HD_SYSCALL_mremap,
         {SOMEWHERE, 4096, 4096, MREMAP_MAYMOVE | MREMAP_DONTUNMAP},
         true},
        {"mremap smaller", HD_SYSCALL_mremap, {SOMEWHERE, 8192, 4096}, false},
        {"munmap", HD_SYSCALL_munmap, {SOMEWHERE, 4096}, false},
        {"mprotect to access", HD_SYSCALL_mprotect, {SOMEWHERE, 4096, READ_WRITE}, true},
        {"mprotect to read", HD_SYSCALL_mprotect, {SOMEWHERE, 4096, PROT_READ}, true},
        {"mprotect to none", HD_SYSCALL_mprotect, {SOMEWHERE, 4096, PROT_NONE}, false},
        {"madvise", HD_SYSCALL_madvise, {SOMEWHERE, 4096, MADV_WILLNEED}, false},
        {"mincore", HD_SYSCALL_mincore, {SOMEWHERE, 4096}, false},
        {"other", HD_SYSCALL_OTHER, {0}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_tap_refusals refusals = none;
        for (unsigned n = 0; n < 100; n++) { // all means not only those that 64 bits hold
            refusals.all = true;
            if (hd_refusals_decide(&refusals, rows[i].id, rows[i].args, BREAK) != rows[i].refused)
                fail_msg("%s", rows[i].name);
            refusals.all = false;
            if (hd_refusals_decide(&refusals, rows[i].id, rows[i].args, BREAK))
                fail_msg("%s is refused when nothing is", rows[i].name);
        }
    }
}

// ---------------------------------------------------------------------------- a limit

#define LIMIT (10 * 4096)

/// Of a limit on growth, and of the memory that there is: calls that go past it.
static const struct {
    const char *name;
    int64_t growth; // so far, of LIMIT
    enum hd_syscall_id id;
    uint64_t args[6];
    bool past;
} against_limit[] = {
    {"all of it", 0, HD_SYSCALL_mmap, {0, LIMIT, READ_WRITE}, false},
    {"one past, and a page with it", 0, HD_SYSCALL_mmap, {0, LIMIT + 1, READ_WRITE}, true},
    {"the rest", LIMIT - 4096, HD_SYSCALL_mmap, {0, 1, READ_WRITE}, false},
    {"a page past the rest", LIMIT - 4096, HD_SYSCALL_mmap, {0, 4097, READ_WRITE}, true},
    {"unmapped before", -4096, HD_SYSCALL_mmap, {0, LIMIT + 4096, READ_WRITE}, false},
    {"a page past that", -4096, HD_SYSCALL_mmap, {0, LIMIT + 4097, READ_WRITE}, true},
    {"read only counts", 0, HD_SYSCALL_mmap, {0, LIMIT + 1, PROT_READ}, true},
    {"reserving does not", 0, HD_SYSCALL_mmap, {0, LIMIT + 1, PROT_NONE}, false},
    {"past PTRDIFF_MAX", 0, HD_SYSCALL_mmap, {0, UINT64_MAX - 4095, READ_WRITE}, true},
    {"all there is", 0, HD_SYSCALL_mmap, {0, UINT64_MAX, READ_WRITE}, true},
    {"mprotect to it", 0, HD_SYSCALL_mprotect, {SOMEWHERE, LIMIT, READ_WRITE}, false},
    {"mprotect past it", 0, HD_SYSCALL_mprotect, {SOMEWHERE, LIMIT + 1, PROT_READ}, true},
    {"break to it", 0, HD_SYSCALL_brk, {BREAK + LIMIT}, false},
    {"break one past", 0, HD_SYSCALL_brk, {BREAK + LIMIT + 1}, true},
    {"break down", LIMIT, HD_SYSCALL_brk, {BREAK - 1}, false},
    {"break asked", 2 * LIMIT, HD_SYSCALL_brk, {0}, false},
    {"break past PTRDIFF_MAX", 0, HD_SYSCALL_brk, {UINT64_MAX}, true},
    {"mremap to it", LIMIT - 4096, HD_SYSCALL_mremap, {SOMEWHERE, 4096, 8192}, false},
    {"mremap one past", LIMIT - 4096, HD_SYSCALL_mremap, {SOMEWHERE, 4096, 8193}, true},
    {"mremap past PTRDIFF_MAX", 0, HD_SYSCALL_mremap, {SOMEWHERE, 1, UINT64_MAX}, true},
    {"mremap that leaves the old",
     LIMIT,
     HD_SYSCALL_mremap,
     {SOMEWHERE, 4096, 4096, MREMAP_MAYMOVE | MREMAP_DONTUNMAP},
     true},
    {"mremap smaller past it", 2 * LIMIT, HD_SYSCALL_mremap, {SOMEWHERE, 8192, 4096}, false},
    {"munmap past it", 2 * LIMIT, HD_SYSCALL_munmap, {SOMEWHERE, 4096}, false},
    {"madvise past it", 2 * LIMIT, HD_SYSCALL_madvise, {SOMEWHERE, 4096}, false},
    {"other past it", 2 * LIMIT, HD_SYSCALL_OTHER, {SOMEWHERE, 4096, READ_WRITE}, false},
};

static void what_would_grow_past_the_limit_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof against_limit / sizeof against_limit[0]; i++) {
        const struct hd_tap_refusals before = {
            .growth_max = LIMIT, .memory_max = ANY, .growth = against_limit[i].growth};
        struct hd_tap_refusals refusals = before;
        const enum hd_syscall_id id = against_limit[i].id;
        const uint64_t *args = against_limit[i].args;
        if (hd_refusals_decide(&refusals, id, args, BREAK) != against_limit[i].past)
            fail_msg("%s", against_limit[i].name);
        assert_memory_equal(&refusals, &before, sizeof before);
        assert_false(hd_refusals_no_memory(&refusals, id, args, BREAK));
    }
}

static void past_the_memory_that_there_is_nothing_is_refused_but_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof against_limit / sizeof against_limit[0]; i++) {
        struct hd_tap_refusals refusals = {
            .growth_max = ANY, .memory_max = LIMIT, .growth = against_limit[i].growth};
        const enum hd_syscall_id id = against_limit[i].id;
        const uint64_t *args = against_limit[i].args;
        if (hd_refusals_no_memory(&refusals, id, args, BREAK) != against_limit[i].past)
            fail_msg("%s", against_limit[i].name);
        assert_false(hd_refusals_decide(&refusals, id, args, BREAK));
    }
}

static int64_t known_growth;
static unsigned times_asked;

static int64_t as_known(struct hd_tap_account *account, enum hd_syscall_id id,
                        const uint64_t args[6], uintptr_t break_now)
{
    (void)account, (void)id, (void)args, (void)break_now;
    times_asked++;
    return known_growth;
}

static void near_the_limit_who_knows_the_growth_is_asked(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint64_t size;
        int64_t known; // after the call
        unsigned asked;
        bool past;
    } rows[] = {
        {"far from it", LIMIT - 4096, LIMIT + 1, 0, false},
        {"seems past, and is not", LIMIT, LIMIT, 1, false},
        {"seems past, and is", LIMIT, LIMIT + 1, 1, true},
    };
    struct hd_tap_account account = {.growth_after = as_known};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint64_t args[6] = {0, rows[i].size, READ_WRITE};
        struct hd_tap_refusals refusals = {
            .growth_max = LIMIT, .memory_max = LIMIT, .growth = 4096, .account = &account};
        known_growth = rows[i].known;
        times_asked = 0;
        if (hd_refusals_decide(&refusals, HD_SYSCALL_mmap, args, BREAK) != rows[i].past ||
            hd_refusals_no_memory(&refusals, HD_SYSCALL_mmap, args, BREAK) != rows[i].past ||
            times_asked != 2 * rows[i].asked)
            fail_msg("%s: asked %u times", rows[i].name, times_asked);
    }
}

static void without_a_limit_nothing_is_past_it(void **state)
{
    (void)state;
    static const int64_t growths[] = {0, -4096, 4096, INT64_MIN / 2, INT64_MAX / 2};
    for (size_t i = 0; i < sizeof growths / sizeof growths[0]; i++) {
        struct hd_tap_refusals refusals = {
            .growth_max = ANY, .memory_max = ANY, .growth = growths[i]};
        static const uint64_t sizes[] = {1, 4096, INT64_MAX, UINT64_MAX};
        for (size_t j = 0; j < sizeof sizes / sizeof sizes[0]; j++) {
            const uint64_t args[6] = {0, sizes[j], READ_WRITE};
            assert_false(hd_refusals_decide(&refusals, HD_SYSCALL_mmap, args, BREAK));
            assert_false(hd_refusals_no_memory(&refusals, HD_SYSCALL_mmap, args, BREAK));
        }
    }
}

static void calls_that_were_made_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum hd_syscall_id id;
        uint64_t args[6];
        int64_t result;
        int64_t growth;
    } rows[] = {
        {"mmap", HD_SYSCALL_mmap, {0, 8192, READ_WRITE}, 0x7f0000000000, 8192},
        {"mmap that failed", HD_SYSCALL_mmap, {0, 8192, READ_WRITE}, -ENOMEM, 0},
        {"the last error", HD_SYSCALL_mmap, {0, 8192, READ_WRITE}, -4095, 0},
        {"no error any more", HD_SYSCALL_mmap, {0, 8192, READ_WRITE}, -4096, 8192},
        {"mmap without access", HD_SYSCALL_mmap, {0, 8192, PROT_NONE}, 0x7f0000000000, 0},
        {"mmap of a part of a page", HD_SYSCALL_mmap, {0, 8191, READ_WRITE}, 0x7f0000000000, 8192},
        {"munmap", HD_SYSCALL_munmap, {SOMEWHERE, 4096}, 0, 0},
        {"munmap that failed", HD_SYSCALL_munmap, {SOMEWHERE, 4096}, -EINVAL, 0},
        {"mremap up", HD_SYSCALL_mremap, {SOMEWHERE, 4096, 12288}, 0x7f0000000000, 8192},
        {"mremap down", HD_SYSCALL_mremap, {SOMEWHERE, 12288, 4096}, 0x7f0000000000, 0},
        {"mremap that failed", HD_SYSCALL_mremap, {SOMEWHERE, 4096, 12288}, -ENOMEM, 0},
        {"break up", HD_SYSCALL_brk, {BREAK + 100}, (int64_t)BREAK + 100, 100},
        {"break down", HD_SYSCALL_brk, {BREAK - 100}, (int64_t)BREAK - 100, 0},
        {"break that stayed", HD_SYSCALL_brk, {BREAK + 100}, (int64_t)BREAK, 0},
        {"break asked", HD_SYSCALL_brk, {0}, (int64_t)BREAK, 0},
        {"mprotect to access", HD_SYSCALL_mprotect, {SOMEWHERE, 4096, READ_WRITE}, 0, 4096},
        {"mprotect to none", HD_SYSCALL_mprotect, {SOMEWHERE, 4096, PROT_NONE}, 0, 0},
        {"madvise", HD_SYSCALL_madvise, {SOMEWHERE, 4096, MADV_DONTNEED}, 0, 0},
        {"other", HD_SYSCALL_OTHER, {1, 2, 3, 4, 5, 6}, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_tap_refusals refusals = {.growth_max = 1, .growth = 1000000};
        hd_refusals_made(&refusals, rows[i].id, rows[i].args, rows[i].result, BREAK);
        if (refusals.growth != 1000000 + rows[i].growth)
            fail_msg("%s: %lld", rows[i].name, (long long)refusals.growth - 1000000);
    }
}

// ---------------------------------------------------------------------------- answers

static void a_refusal_is_answered_as_the_kernel_would(void **state)
{
    (void)state;
    static const struct {
        enum hd_syscall_id id;
        int64_t answer;
    } rows[] = {
        {HD_SYSCALL_mmap, -ENOMEM},   {HD_SYSCALL_brk, (int64_t)BREAK},
        {HD_SYSCALL_mremap, -ENOMEM}, {HD_SYSCALL_munmap, -ENOMEM},
        {HD_SYSCALL_madvise, -EINVAL}, {HD_SYSCALL_mprotect, -ENOMEM},
    };
    assert_int_equal(sizeof rows / sizeof rows[0], HD_REFUSABLES);
    for (size_t i = 0; i < HD_REFUSABLES; i++)
        assert_int_equal(hd_refusals_answer(rows[i].id, BREAK), rows[i].answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_call_of_each_kind_is_refused_and_no_other),
        cmocka_unit_test(several_can_be_pending),
        cmocka_unit_test(calls_of_another_kind_do_not_count),
        cmocka_unit_test(asking_where_the_break_is_is_neither_refused_nor_counted),
        cmocka_unit_test(all_that_ask_for_memory_are_refused_at_once),
        cmocka_unit_test(what_would_grow_past_the_limit_is_refused),
        cmocka_unit_test(past_the_memory_that_there_is_nothing_is_refused_but_fails),
        cmocka_unit_test(near_the_limit_who_knows_the_growth_is_asked),
        cmocka_unit_test(without_a_limit_nothing_is_past_it),
        cmocka_unit_test(calls_that_were_made_are_counted),
        cmocka_unit_test(a_refusal_is_answered_as_the_kernel_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
