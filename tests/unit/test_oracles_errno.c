// SPDX-License-Identifier: MIT
/// test_oracles_errno.c: what a call says besides its block: errno, consistent; and signatures.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "tests/unit/judging.h"

#define PTR      ((uintptr_t)0x5a5a5a5a)
#define TOO_LARGE ((size_t)PTRDIFF_MAX + 1)

static const struct hd_policy plain;
static const struct hd_policy changes = {.free_changes_errno = true};
static const struct hd_policy no_errno = {.overflow_no_errno = true};
static const struct hd_policy bad_no_errno = {.bad_alignment_no_errno = true};
static const struct hd_policy small_errno = {.errno_size_max = 100};
static const struct hd_policy rounded = {.bad_alignment_served = true};

static const struct {
    const char *name;
    struct hd_op op;
    const struct hd_policy *policy;
    size_t size;
    bool overflow;
    uintptr_t result;
    int errno_after;
    enum hd_verdict want;
    const char *place;
} rows[] = {
    {"a block", {.kind = HD_OP_MALLOC}, &plain, 8, false, 0x1000, EDOM, HD_HOLDS, ""},
    {"a block and errno changed", {.kind = HD_OP_MALLOC}, &plain, 8, false, 0x1000, EAGAIN,
     HD_HOLDS, ""},
    {"a block and errno 0", {.kind = HD_OP_MALLOC}, &plain, 8, false, 0x1000, 0, HD_BROKEN,
     "set-to-zero"},
    {"realloc, errno 0", {.kind = HD_OP_REALLOC}, &plain, 8, false, 0x1000, 0, HD_BROKEN,
     "set-to-zero"},
    {"a block and errno -1", {.kind = HD_OP_MALLOC}, &plain, 8, false, 0x1000, -1, HD_HOLDS, ""},
    {"no bytes, errno 0", {.kind = HD_OP_MALLOC}, &plain, 0, false, 0, 0, HD_BROKEN,
     "set-to-zero"},
    {"free may change errno, and clears it", {.kind = HD_OP_FREE}, &changes, 0, false, 0, 0,
     HD_BROKEN, "set-to-zero"},
    {"NULL, ENOMEM", {.kind = HD_OP_MALLOC}, &plain, 8, false, 0, ENOMEM, HD_HOLDS, ""},
    {"NULL, errno untouched", {.kind = HD_OP_MALLOC}, &plain, 8, false, 0, EDOM, HD_BROKEN,
     "wrong-errno"},
    {"NULL, EINVAL", {.kind = HD_OP_MALLOC}, &plain, 8, false, 0, EINVAL, HD_BROKEN, "wrong-errno"},
    {"NULL, errno 0", {.kind = HD_OP_MALLOC}, &plain, 8, false, 0, 0, HD_BROKEN, "wrong-errno"},
    {"NULL for one byte", {.kind = HD_OP_MALLOC}, &plain, 1, false, 0, EDOM, HD_BROKEN,
     "wrong-errno"},
    {"NULL for no bytes", {.kind = HD_OP_MALLOC}, &plain, 0, false, 0, EDOM, HD_NOT_JUDGED, ""},
    {"realloc to no bytes", {.kind = HD_OP_REALLOC}, &plain, 0, false, 0, EDOM, HD_NOT_JUDGED, ""},
    {"realloc fails", {.kind = HD_OP_REALLOC}, &plain, 8, false, 0, EDOM, HD_BROKEN, "wrong-errno"},
    {"calloc wraps, ENOMEM", {.kind = HD_OP_CALLOC}, &plain, SIZE_MAX, true, 0, ENOMEM, HD_HOLDS,
     ""},
    {"calloc wraps, errno untouched", {.kind = HD_OP_CALLOC}, &plain, SIZE_MAX, true, 0, EDOM,
     HD_BROKEN, "wrong-errno"},
    {"calloc wraps, said to leave errno", {.kind = HD_OP_CALLOC}, &no_errno, SIZE_MAX, true, 0,
     EDOM, HD_NOT_JUDGED, ""},
    {"no wrap, whatever is said of wraps", {.kind = HD_OP_CALLOC}, &no_errno, SIZE_MAX, false, 0,
     EDOM, HD_BROKEN, "wrong-errno"},

    {"aligned_alloc, ENOMEM", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 64}, &plain, 8, false, 0,
     ENOMEM, HD_HOLDS, ""},
    {"aligned_alloc, not supported", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 64}, &plain, 8, false,
     0, EINVAL, HD_HOLDS, ""},
    {"aligned_alloc, errno untouched", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 64}, &plain, 8, false,
     0, EDOM, HD_BROKEN, "wrong-errno"},
    {"aligned_alloc, errno 0", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 64}, &plain, 8, false, 0, 0,
     HD_BROKEN, "wrong-errno"},
    {"aligned_alloc 48, EINVAL", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48}, &plain, 8, false, 0,
     EINVAL, HD_HOLDS, ""},
    {"aligned_alloc 48, ENOMEM", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48}, &plain, 8, false, 0,
     ENOMEM, HD_BROKEN, "wrong-errno"},
    {"aligned_alloc 48, ENOMEM, PTRDIFF_MAX", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48}, &plain,
     PTRDIFF_MAX, false, 0, ENOMEM, HD_BROKEN, "wrong-errno"},
    {"aligned_alloc 48, ENOMEM, too large", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48}, &plain,
     TOO_LARGE, false, 0, ENOMEM, HD_HOLDS, ""},
    {"aligned_alloc 48, EDOM, too large", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48}, &plain,
     TOO_LARGE, false, 0, EDOM, HD_BROKEN, "wrong-errno"},
    {"aligned_alloc 48, rounded, ENOMEM", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48}, &rounded, 8,
     false, 0, ENOMEM, HD_HOLDS, ""},
    {"aligned_alloc 48, EDOM, said to leave errno", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48},
     &bad_no_errno, 8, false, 0, EDOM, HD_NOT_JUDGED, ""},
    {"aligned_alloc 64, EDOM, not what was said", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 64},
     &bad_no_errno, 8, false, 0, EDOM, HD_BROKEN, "wrong-errno"},
    {"smaller than sets errno, untouched", {.kind = HD_OP_MALLOC}, &small_errno, 99, false, 0, EDOM,
     HD_BROKEN, "wrong-errno"},
    {"as large as sets errno, untouched", {.kind = HD_OP_MALLOC}, &small_errno, 100, false, 0, EDOM,
     HD_BROKEN, "wrong-errno"},
    {"larger than sets errno, untouched", {.kind = HD_OP_MALLOC}, &small_errno, 101, false, 0, EDOM,
     HD_NOT_JUDGED, ""},

    {"free leaves errno", {.kind = HD_OP_FREE}, &plain, 0, false, 0, EDOM, HD_HOLDS, ""},
    {"free changes errno", {.kind = HD_OP_FREE}, &plain, 0, false, 0, EINVAL, HD_BROKEN,
     "changed-by-free"},
    {"free zeroes errno", {.kind = HD_OP_FREE}, &plain, 0, false, 0, 0, HD_BROKEN,
     "changed-by-free"},
    {"free changes errno to a larger one", {.kind = HD_OP_FREE}, &plain, 0, false, 0, ERANGE,
     HD_BROKEN, "changed-by-free"},
    {"free changes errno and says so", {.kind = HD_OP_FREE}, &changes, 0, false, 0, EINVAL,
     HD_NOT_JUDGED, ""},
    {"free(NULL) leaves errno", {.kind = HD_OP_FREE_NULL}, &plain, 0, false, 0, EDOM, HD_HOLDS, ""},
    {"a thread's last free changes errno", {.kind = HD_OP_THREAD_END}, &plain, 0, false, 0, EINVAL,
     HD_BROKEN, "changed-by-free"},
    {"free(NULL) changes errno", {.kind = HD_OP_FREE_NULL}, &plain, 0, false, 0, EINVAL, HD_BROKEN,
     "changed-by-free"},
};

static void errno_of_each_function(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_step step = {.op = &rows[i].op,
                                     .policy = rows[i].policy,
                                     .size = rows[i].size,
                                     .overflow = rows[i].overflow,
                                     .result = rows[i].result,
                                     .errno_before = EDOM,
                                     .errno_after = rows[i].errno_after};
        assert_judged(rows[i].name, hd_oracle_errno.judge, NULL, &step, rows[i].want,
                      rows[i].place);
    }
}

static const struct hd_policy changes_as_calls = {.free_errno_of_call = true};

static const struct {
    const char *name;
    const struct hd_policy *policy;
    long results[2]; // of its system calls
    uint32_t count;
    int errno_after;
    enum hd_verdict want;
} call_rows[] = {
    {"of the first call", &changes_as_calls, {-EINVAL, 0}, 2, EINVAL, HD_NOT_JUDGED},
    {"of the last call", &changes_as_calls, {0, -EINVAL}, 2, EINVAL, HD_NOT_JUDGED},
    {"none changed, one failed", &changes_as_calls, {-EINVAL, 0}, 2, EDOM, HD_HOLDS},
    {"of a call that a step before made", &changes_as_calls, {0, -EINVAL}, 1, EINVAL, HD_BROKEN},
    {"no calls", &changes_as_calls, {-EINVAL, 0}, 0, EINVAL, HD_BROKEN},
    {"a larger one than the call's", &changes_as_calls, {-EINVAL, -EINVAL}, 2, ERANGE, HD_BROKEN},
    {"a smaller one than the call's", &changes_as_calls, {-EINVAL, -EINVAL}, 2, EAGAIN, HD_BROKEN},
    {"the call gave that number", &changes_as_calls, {EINVAL, EINVAL}, 2, EINVAL, HD_BROKEN},
    {"of the first call, and not said", &plain, {-EINVAL, 0}, 2, EINVAL, HD_BROKEN},
};

static void free_may_leave_the_errno_of_its_calls(void **state)
{
    (void)state;
    static const struct hd_op op = {.kind = HD_OP_FREE};
    for (size_t i = 0; i < ROWS(call_rows); i++) {
        const struct hd_syscall calls[2] = {{.result = call_rows[i].results[0]},
                                            {.result = call_rows[i].results[1]}};
        const struct hd_step step = {.op = &op,
                                     .policy = call_rows[i].policy,
                                     .calls = calls,
                                     .call_count = call_rows[i].count,
                                     .errno_before = EDOM,
                                     .errno_after = call_rows[i].errno_after};
        const enum hd_verdict want = call_rows[i].want;
        assert_judged(call_rows[i].name, hd_oracle_errno.judge, NULL, &step, want,
                      want == HD_BROKEN ? "changed-by-free" : "");
    }
}

static void errno_is_told_by_its_name(void **state)
{
    (void)state;
    static const struct {
        int errno_after;
        const char *evidence;
    } told[] = {
        {EINVAL, "errno was EDOM before free and is EINVAL after it"},
        {0, "errno was EDOM before free and is 0 after it"},
        {-1, "errno was EDOM before free and is no errno value after it"},
        {99999, "errno was EDOM before free and is no errno value after it"},
    };
    static const struct hd_op op = {.kind = HD_OP_FREE};
    for (size_t i = 0; i < ROWS(told); i++) {
        const struct hd_step step = {.op = &op,
                                     .policy = &plain,
                                     .errno_before = EDOM,
                                     .errno_after = told[i].errno_after};
        struct hd_finding finding;
        assert_int_equal(hd_oracle_errno.judge(NULL, &step, &finding), HD_BROKEN);
        assert_string_equal(finding.evidence, told[i].evidence);
    }
}

static const struct {
    const char *name;
    uint64_t alignment;
    size_t size;
    uintptr_t pointer_after;
    int status;
    enum hd_verdict want;
    const char *place;
} posix_rows[] = {
    {"a block", 64, 8, 0x1000, 0, HD_HOLDS, ""},
    {"a block that lies higher", 64, 8, PTR + 0x1000, 0, HD_HOLDS, ""},
    {"NULL for no bytes", 64, 0, 0, 0, HD_NOT_JUDGED, ""},
    {"success and NULL", 64, 1, 0, 0, HD_BROKEN, "null-with-success"},
    {"success and the pointer as it was", 64, 1, PTR, 0, HD_BROKEN, "pointer-not-set"},
    {"no bytes and the pointer as it was", 64, 0, PTR, 0, HD_BROKEN, "pointer-not-set"},
    {"ENOMEM", 64, 8, PTR, ENOMEM, HD_HOLDS, ""},
    {"ENOMEM, pointer set to NULL", 64, 8, 0, ENOMEM, HD_HOLDS, ""},
    {"ENOMEM, pointer set", 64, 8, 0x1000, ENOMEM, HD_BROKEN, "pointer-set-on-failure"},
    {"ENOMEM, pointer set higher", 64, 8, PTR + 0x1000, ENOMEM, HD_BROKEN,
     "pointer-set-on-failure"},
    {"EINVAL, alignment is good", 64, 8, PTR, EINVAL, HD_BROKEN, "wrong-result"},
    {"returns -1", 64, 8, PTR, -1, HD_BROKEN, "wrong-result"},
    {"EINVAL, alignment 4", 4, 8, PTR, EINVAL, HD_HOLDS, ""},
    {"EINVAL, alignment 24", 24, 8, PTR, EINVAL, HD_HOLDS, ""},
    {"EINVAL, pointer set", 24, 8, 0x1000, EINVAL, HD_BROKEN, "pointer-set-on-failure"},
    {"ENOMEM, alignment 24", 24, 8, PTR, ENOMEM, HD_BROKEN, "wrong-result"},
    {"ENOMEM, alignment 24, PTRDIFF_MAX", 24, PTRDIFF_MAX, PTR, ENOMEM, HD_BROKEN, "wrong-result"},
    {"ENOMEM, alignment 24, too large", 24, TOO_LARGE, PTR, ENOMEM, HD_HOLDS, ""},
    {"EINVAL, alignment 24, too large", 24, TOO_LARGE, PTR, EINVAL, HD_HOLDS, ""},
    {"EPERM, alignment 24, too large", 24, TOO_LARGE, PTR, EPERM, HD_BROKEN, "wrong-result"},
    {"EINVAL, alignment is good, too large", 64, TOO_LARGE, PTR, EINVAL, HD_BROKEN, "wrong-result"},
    {"EPERM, no bytes", 64, 0, PTR, EPERM, HD_HOLDS, ""},
    {"EINVAL, no bytes", 64, 0, PTR, EINVAL, HD_HOLDS, ""},
    {"EINVAL, one byte", 64, 1, PTR, EINVAL, HD_BROKEN, "wrong-result"},
    {"ENOMEM, alignment 24, no bytes", 24, 0, PTR, ENOMEM, HD_HOLDS, ""},
    {"EINVAL, no bytes, pointer set", 64, 0, 0x1000, EINVAL, HD_BROKEN, "pointer-set-on-failure"},
    {"returns -1, no bytes", 64, 0, PTR, -1, HD_BROKEN, "wrong-result"},
};

static void posix_memalign_returns_its_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(posix_rows); i++) {
        const struct hd_op op = {.kind = HD_OP_POSIX_MEMALIGN, .extra = posix_rows[i].alignment};
        const uintptr_t after = posix_rows[i].pointer_after;
        const struct hd_step step = {
            .op = &op,
            .policy = &plain,
            .size = posix_rows[i].size,
            .result = posix_rows[i].status == 0 && after != PTR ? after : 0,
            .status = posix_rows[i].status,
            .pointer_before = PTR,
            .pointer_after = after,
            .errno_before = EDOM,
            .errno_after = EAGAIN}; // posix_memalign may set it or not
        assert_judged(posix_rows[i].name, hd_oracle_errno.judge, NULL, &step, posix_rows[i].want,
                      posix_rows[i].place);
    }
}

static void posix_memalign_leaves_errno_or_sets_one(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int before;
        int after;
        enum hd_verdict want;
    } errnos[] = {
        {"as it was", EDOM, EDOM, HD_HOLDS},
        {"cleared", EDOM, 0, HD_BROKEN},
        {"cleared, of less than 0", -1, 0, HD_BROKEN},
        {"0 before", 0, 0, HD_HOLDS},
        {"0 before, set", 0, ENOMEM, HD_HOLDS},
    };
    for (size_t i = 0; i < ROWS(errnos); i++) {
        const struct hd_op op = {.kind = HD_OP_POSIX_MEMALIGN, .extra = 64};
        const struct hd_step step = {.op = &op,
                                     .policy = &plain,
                                     .size = 8,
                                     .result = 0x1000,
                                     .pointer_before = PTR,
                                     .pointer_after = 0x1000,
                                     .errno_before = errnos[i].before,
                                     .errno_after = errnos[i].after};
        assert_judged(errnos[i].name, hd_oracle_errno.judge, NULL, &step, errnos[i].want,
                      errnos[i].want == HD_BROKEN ? "set-to-zero" : "");
    }
}

static void errno_says_what_was_asked_and_whether_errno_was_set(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        bool overflow;
        int errno_after;
        const char *evidence;
    } told[] = {
        {8, false, EDOM, "NULL for 8 bytes, and errno was not set"},
        {8, false, EINVAL, "NULL for 8 bytes with errno EINVAL"},
        {8, false, 0, "NULL for 8 bytes with errno 0"},
        {8, false, ENOSYS, "NULL for 8 bytes with errno ENOSYS"}, // greater than EDOM
        {SIZE_MAX, true, EDOM, "NULL for a product past SIZE_MAX, and errno was not set"},
        {SIZE_MAX, true, EAGAIN, "NULL for a product past SIZE_MAX with errno EAGAIN"},
    };
    for (size_t i = 0; i < ROWS(told); i++) {
        const struct hd_op op = {.kind = HD_OP_CALLOC};
        const struct hd_step step = {.op = &op,
                                     .policy = &plain,
                                     .size = told[i].size,
                                     .overflow = told[i].overflow,
                                     .errno_before = EDOM,
                                     .errno_after = told[i].errno_after};
        struct hd_finding finding;
        assert_int_equal(hd_oracle_errno.judge(NULL, &step, &finding), HD_BROKEN);
        assert_string_equal(finding.evidence, told[i].evidence);
    }
}

static void consistent_is_the_allocators_own_word(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum hd_walk walk;
        enum hd_verdict want;
        const char *place;
    } walks[] = {
        {"not walked", HD_NOT_WALKED, HD_NOT_JUDGED, ""},
        {"walked", HD_WALK_HOLDS, HD_HOLDS, ""},
        {"walked and broken", HD_WALK_BROKEN, HD_BROKEN, "walk"},
    };
    for (size_t i = 0; i < ROWS(walks); i++) {
        const struct hd_op op = {.kind = HD_OP_FREE};
        const struct hd_step step = {.op = &op, .policy = &plain, .walk = walks[i].walk};
        assert_judged(walks[i].name, hd_oracle_consistent.judge, NULL, &step, walks[i].want,
                      walks[i].place);
    }
}

static void a_signature_is_oracle_operation_and_place(void **state)
{
    (void)state;
    struct hd_finding finding = {
        .oracle = "errno", .kind = HD_OP_POSIX_MEMALIGN, .step = 7, .repeats = 3};
    assert_int_equal(hd_finding_set(&finding, "wrong-result", "%d is not %d", 1, 2), HD_BROKEN);
    char signature[HD_SIGNATURE_MAX];
    hd_finding_signature(&finding, signature);
    assert_string_equal(signature, "errno/posix_memalign/wrong-result");
    assert_string_equal(finding.evidence, "1 is not 2");
    finding.step = 8; // where and what it was is not in it
    (void)hd_finding_set(&finding, "wrong-result", "other words");
    char again[HD_SIGNATURE_MAX];
    hd_finding_signature(&finding, again);
    assert_string_equal(signature, again);
}

static void the_longest_names_fit_a_signature(void **state)
{
    (void)state;
    struct hd_finding finding = {.oracle = "abcdefghijklmnopqrstuvw", .kind = HD_OP_USABLE_SIZE};
    char evidence[1000];
    memset(evidence, 'x', sizeof evidence - 1);
    evidence[sizeof evidence - 1] = '\0';
    (void)hd_finding_set(&finding, "a-place-of-thirty-nine-characters-in-all", "%s", evidence);
    assert_int_equal(strlen(finding.evidence), sizeof finding.evidence - 1);
    assert_int_equal(strlen(finding.place), sizeof finding.place - 1);
    char signature[HD_SIGNATURE_MAX];
    hd_finding_signature(&finding, signature);
    assert_non_null(strstr(signature, "/malloc_usable_size/a-place"));
    assert_int_equal(strlen(signature), 23 + 1 + 18 + 1 + 39);
}

/// Who is asked when, whose word keeps the harness off a block, and whose findings leave the heap
/// as sound as it was.
static const struct {
    const char *name;
    const struct hd_oracle *oracle;
    uint32_t before, after;
    bool guards, harmless;
} seats[] = {
    {"limits", &hd_oracle_limits, 0, HD_OPS_RESULT, true, false},
    {"overlap", &hd_oracle_overlap, 0, HD_OPS_RESULT, true, false},
    {"mapped", &hd_oracle_mapped, 0, HD_OPS_ALL, true, false},
    {"usable", &hd_oracle_usable, HD_OPS(FREE) | HD_OPS_RESIZE | HD_OPS(WRITE),
     HD_OPS_RESULT | HD_OPS(USABLE_SIZE), false, false},
    {"alignment", &hd_oracle_alignment, 0, HD_OPS_RESULT, false, true},
    // No standard says what memalign and valloc do with errno.
    {"errno", &hd_oracle_errno, 0,
     (HD_OPS_RESULT & ~(HD_OPS(MEMALIGN) | HD_OPS(VALLOC))) | HD_OPS(FREE) | HD_OPS(FREE_NULL) |
         HD_OPS(THREAD_END),
     false, true},
    {"choices", &hd_oracle_choices, 0,
     HD_OPS(MALLOC) | HD_OPS(CALLOC) | HD_OPS(REALLOC) | HD_OPS(ALIGNED_ALLOC) |
         HD_OPS(POSIX_MEMALIGN),
     false, true},
    {"zero", &hd_oracle_zero, 0, HD_OPS(CALLOC), false, true},
    {"realloc", &hd_oracle_realloc, 0, HD_OPS(REALLOC) | HD_OPS(REALLOCARRAY), false, false},
    {"content", &hd_oracle_content,
     HD_OPS(FREE) | HD_OPS(REALLOC) | HD_OPS(REALLOCARRAY) | HD_OPS(WRITE), 0, false, false},
    {"own_memory", &hd_oracle_own_memory, 0, HD_OPS_ALL, false, false},
    {"syscalls", &hd_oracle_syscalls, 0, HD_OPS_ALL, false, true},
    {"footprint", &hd_oracle_footprint, 0, HD_OPS_ALL, false, false},
    {"whole_again", &hd_oracle_whole_again, 0, HD_OPS(MALLOC), false, false},
    {"consistent", &hd_oracle_consistent, 0, HD_OPS_ALL, false, false},
    {"progress", &hd_oracle_progress, 0, 0, false, false},
};

static void each_oracle_has_its_seat(void **state)
{
    (void)state;
    assert_int_equal(ROWS(seats), HD_ORACLES);
    assert_int_equal(HD_OPS_RESULT, HD_OPS(MALLOC) | HD_OPS(CALLOC) | HD_OPS(REALLOC) |
                                        HD_OPS(REALLOCARRAY) | HD_OPS(ALIGNED_ALLOC) |
                                        HD_OPS(POSIX_MEMALIGN) | HD_OPS(MEMALIGN) | HD_OPS(VALLOC));
    for (size_t i = 0; i < ROWS(seats); i++) {
        const struct hd_oracle *oracle = seats[i].oracle;
        assert_ptr_equal(oracle, hd_oracles[i]);
        assert_string_equal(oracle->name, seats[i].name);
        assert_int_equal(oracle->ops_before, seats[i].before);
        assert_int_equal(oracle->ops_after, seats[i].after);
        assert_int_equal(oracle->guards, seats[i].guards);
        assert_int_equal(oracle->harmless, seats[i].harmless);
        assert_int_equal(oracle->judge_before != NULL, seats[i].before != 0);
        assert_int_equal(oracle->judge != NULL, seats[i].after != 0);
        if (strchr(oracle->property, ' ') == NULL || *oracle->rests_on == '\0')
            fail_msg("%s: its property is a sentence, and it rests on a clause", oracle->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errno_of_each_function),
        cmocka_unit_test(free_may_leave_the_errno_of_its_calls),
        cmocka_unit_test(errno_is_told_by_its_name),
        cmocka_unit_test(posix_memalign_returns_its_error),
        cmocka_unit_test(posix_memalign_leaves_errno_or_sets_one),
        cmocka_unit_test(errno_says_what_was_asked_and_whether_errno_was_set),
        cmocka_unit_test(consistent_is_the_allocators_own_word),
        cmocka_unit_test(a_signature_is_oracle_operation_and_place),
        cmocka_unit_test(the_longest_names_fit_a_signature),
        cmocka_unit_test(each_oracle_has_its_seat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
