// SPDX-License-Identifier: MIT
/// test_oracles_choices.c: the same choice each time, and what is none.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "oracles/choices.h"
#include "tests/unit/judging.h"

#define OLD {.address = 0x9000, .size = 8, .usable = 8}

enum { EITHER = HD_ZERO_OPEN, GIVES_NULL = HD_ZERO_NULL, GIVES_BLOCK = HD_ZERO_BLOCK };

static const struct {
    const char *name;
    struct hd_op op;
    struct hd_block before;
    size_t size;
    uintptr_t result;
    int errno_after;
    int status;
    uint8_t chosen; // for every request
    enum hd_verdict want;
    const char *place;
} rows[] = {
    {"a block again", {.kind = HD_OP_MALLOC}, {0}, 0, 0x1000, EDOM, 0, GIVES_BLOCK, HD_HOLDS, ""},
    {"NULL again", {.kind = HD_OP_MALLOC}, {0}, 0, 0, EDOM, 0, GIVES_NULL, HD_HOLDS, ""},
    {"a block where NULL was", {.kind = HD_OP_MALLOC}, {0}, 0, 0x1000, EDOM, 0, GIVES_NULL,
     HD_BROKEN, "block-where-null"},
    {"NULL where a block was", {.kind = HD_OP_MALLOC}, {0}, 0, 0, EDOM, 0, GIVES_BLOCK, HD_BROKEN,
     "null-where-block"},
    {"a block, the first answer", {.kind = HD_OP_MALLOC}, {0}, 0, 0x1000, EDOM, 0, EITHER,
     HD_NOT_JUDGED, ""},
    {"NULL, the first answer", {.kind = HD_OP_MALLOC}, {0}, 0, 0, EDOM, 0, EITHER, HD_NOT_JUDGED,
     ""},
    {"NULL for want of memory", {.kind = HD_OP_MALLOC}, {0}, 0, 0, ENOMEM, 0, GIVES_BLOCK,
     HD_NOT_JUDGED, ""},
    {"NULL, errno changed to a greater one", {.kind = HD_OP_MALLOC}, {0}, 0, 0, EOVERFLOW, 0,
     GIVES_BLOCK, HD_NOT_JUDGED, ""},
    {"a block, errno changed", {.kind = HD_OP_MALLOC}, {0}, 0, 0x1000, EAGAIN, 0, GIVES_NULL,
     HD_BROKEN, "block-where-null"},
    {"a byte is no choice", {.kind = HD_OP_MALLOC}, {0}, 1, 0x1000, EDOM, 0, GIVES_NULL,
     HD_NOT_JUDGED, ""},
    {"calloc", {.kind = HD_OP_CALLOC, .extra = 8}, {0}, 0, 0x1000, EDOM, 0, GIVES_NULL, HD_BROKEN,
     "block-where-null"},
    {"realloc of NULL", {.kind = HD_OP_REALLOC}, {0}, 0, 0, EDOM, 0, GIVES_BLOCK, HD_BROKEN,
     "null-where-block"},
    {"realloc of a block", {.kind = HD_OP_REALLOC}, OLD, 0, 0x1000, EDOM, 0, GIVES_NULL, HD_BROKEN,
     "block-where-null"},
    {"reallocarray is not held", {.kind = HD_OP_REALLOCARRAY, .extra = 8}, OLD, 0, 0x1000, EDOM, 0,
     GIVES_NULL, HD_NOT_JUDGED, ""},
    {"aligned_alloc", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 4096}, {0}, 0, 0, EDOM, 0, GIVES_BLOCK,
     HD_BROKEN, "null-where-block"},
    {"aligned_alloc, not supported", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 4096}, {0}, 0, 0,
     EINVAL, 0, GIVES_BLOCK, HD_NOT_JUDGED, ""},
    {"aligned_alloc, more than a page", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 8192}, {0}, 0, 0,
     EDOM, 0, GIVES_BLOCK, HD_NOT_JUDGED, ""},
    {"aligned_alloc, a bad alignment", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 3}, {0}, 0, 0, EDOM,
     0, GIVES_BLOCK, HD_NOT_JUDGED, ""},
    {"posix_memalign", {.kind = HD_OP_POSIX_MEMALIGN, .extra = 8}, {0}, 0, 0, EDOM, 0, GIVES_BLOCK,
     HD_BROKEN, "null-where-block"},
    {"posix_memalign fails", {.kind = HD_OP_POSIX_MEMALIGN, .extra = 8}, {0}, 0, 0, EDOM, ENOMEM,
     GIVES_BLOCK, HD_NOT_JUDGED, ""},
    {"posix_memalign fails, less than 0", {.kind = HD_OP_POSIX_MEMALIGN, .extra = 8}, {0}, 0, 0,
     EDOM, -1, GIVES_BLOCK, HD_NOT_JUDGED, ""},
    {"memalign is not held", {.kind = HD_OP_MEMALIGN, .extra = 8}, {0}, 0, 0, EDOM, 0, GIVES_BLOCK,
     HD_NOT_JUDGED, ""},
};

static struct hd_step step_of(size_t i, const struct hd_choice_policy *choices)
{
    return (struct hd_step){.op = &rows[i].op,
                            .choices = choices,
                            .before = rows[i].before,
                            .size = rows[i].size,
                            .result = rows[i].result,
                            .status = rows[i].status,
                            .errno_before = EDOM,
                            .errno_after = rows[i].errno_after,
                            .tapped = true};
}

/// The bytes behind the answers too: who looks there is not to find an open one by chance.
static void chosen_by_all(uint8_t chosen, struct hd_choice_policy *choices)
{
    memset(choices, chosen, sizeof *choices);
}

static void the_same_choice_each_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct hd_choice_policy choices;
        chosen_by_all(rows[i].chosen, &choices);
        struct hd_step step = step_of(i, &choices);
        assert_judged(rows[i].name, hd_oracle_choices.judge, NULL, &step, rows[i].want,
                      rows[i].place);
        step.untouchable = true;
        assert_judged(rows[i].name, hd_oracle_choices.judge, NULL, &step, HD_NOT_JUDGED, "");
    }
}

static void each_request_has_its_own_choice(void **state)
{
    (void)state;
    static const struct {
        struct hd_op op;
        struct hd_block before;
        enum hd_zero_request request;
    } requests[] = {
        {{.kind = HD_OP_MALLOC}, {0}, HD_ZERO_MALLOC},
        {{.kind = HD_OP_CALLOC}, {0}, HD_ZERO_CALLOC},
        {{.kind = HD_OP_REALLOC}, {0}, HD_ZERO_REALLOC_NULL},
        {{.kind = HD_OP_REALLOC}, OLD, HD_ZERO_REALLOC},
        {{.kind = HD_OP_ALIGNED_ALLOC, .extra = 8}, {0}, HD_ZERO_ALIGNED_ALLOC},
        {{.kind = HD_OP_POSIX_MEMALIGN, .extra = 8}, {0}, HD_ZERO_POSIX_MEMALIGN},
        {{.kind = HD_OP_REALLOCARRAY}, {0}, HD_ZERO_REQUESTS},
        {{.kind = HD_OP_VALLOC}, {0}, HD_ZERO_REQUESTS},
    };
    for (size_t i = 0; i < ROWS(requests); i++) {
        const struct hd_step step = {.op = &requests[i].op, .before = requests[i].before};
        assert_int_equal(hd_choice_of(&step), requests[i].request);
    }
}

/// NULL with errno as it was, where a block is given else.
static void null_is_no_choice_where_memory_may_be_wanting(void **state)
{
    (void)state;
    static const struct hd_syscall refused[] = {{.result = -ENOMEM}};
    static const struct hd_syscall served[] = {{.result = 0x7f0000000000}};
    static const struct hd_syscall done[] = {{.result = 0}};
    static const struct hd_syscall first_error[] = {{.result = -1}};
    static const struct hd_syscall last_error[] = {{.result = -4095}};
    static const struct hd_syscall past_errors[] = {{.result = -4096}};
    static const struct hd_syscall refused_second[] = {{.result = 0}, {.result = -ENOMEM}};
    static const struct {
        const char *name;
        bool tapped, wanting;
        const struct hd_syscall *calls;
        uint32_t call_count;
        enum hd_verdict want;
    } cases[] = {
        {"no call", true, false, NULL, 0, HD_BROKEN},
        {"a call that was served", true, false, served, 1, HD_BROKEN},
        {"a call that answers 0", true, false, done, 1, HD_BROKEN},
        {"an answer that is no error", true, false, past_errors, 1, HD_BROKEN},
        {"the first of the errors", true, false, first_error, 1, HD_NOT_JUDGED},
        {"the last of the errors", true, false, last_error, 1, HD_NOT_JUDGED},
        {"a call that failed", true, false, refused, 1, HD_NOT_JUDGED},
        {"the second call failed", true, false, refused_second, 2, HD_NOT_JUDGED},
        {"calls were refused before", true, true, NULL, 0, HD_NOT_JUDGED},
        {"nobody looked", false, false, NULL, 0, HD_NOT_JUDGED},
    };
    static const struct hd_choice_policy choices = {.zero = {[HD_ZERO_MALLOC] = HD_ZERO_BLOCK}};
    static const struct hd_op op = {.kind = HD_OP_MALLOC};
    for (size_t i = 0; i < ROWS(cases); i++) {
        const struct hd_step step = {.op = &op,
                                     .choices = &choices,
                                     .errno_before = EDOM,
                                     .errno_after = EDOM,
                                     .tapped = cases[i].tapped,
                                     .wanting = cases[i].wanting,
                                     .calls = cases[i].calls,
                                     .call_count = cases[i].call_count};
        assert_judged(cases[i].name, hd_oracle_choices.judge, NULL, &step, cases[i].want,
                      cases[i].want == HD_BROKEN ? "null-where-block" : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_choice_each_time),
        cmocka_unit_test(each_request_has_its_own_choice),
        cmocka_unit_test(null_is_no_choice_where_memory_may_be_wanting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
