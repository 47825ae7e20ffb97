// SPDX-License-Identifier: MIT
/// test_runner_memory.c: what is resident, here and in the child, does not grow with a trace.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/resource.h>

#include "allocators/startup.h"
#include "harness/runner/runner.h"
#include "harness/trace/spool.h"

#define SHORT 1000
#define LONG  2000000 // operations: 48 MB of them, and 8 MB of outcomes
#define SLOTS 64
#define ROOM  ((size_t)12 << 20) // bytes; a sanitizer's shadow takes some

/// Blocks of 24 bytes come and go.
static void put_trace(struct hd_spool *spool, size_t count, struct hd_trace *trace)
{
    struct hd_message message;
    struct hd_op op;
    memset(&op, 0, sizeof op);
    for (size_t i = 0; i < count; i++) {
        op.kind = i / SLOTS % 2 == 0 ? HD_OP_MALLOC : HD_OP_FREE;
        op.slot = (uint32_t)(i % SLOTS);
        op.size = op.kind == HD_OP_MALLOC ? 24 : 0;
        assert_int_equal(hd_spool_put(spool, &op, &message), HD_OK);
    }
    assert_int_equal(hd_spool_take(spool, trace, &message), HD_OK);
}

/// The most that was resident so far, in this process or in a child that ended.
static size_t peak_of(int who)
{
    struct rusage usage;
    assert_int_equal(getrusage(who, &usage), 0);
    return (size_t)usage.ru_maxrss * 1024;
}

/// All of it must have been carried out, and outcomes from all over it be there. Few are looked at:
/// what is looked at is resident.
static void carry_out(const struct hd_trace *trace, const struct hd_conditions *conditions)
{
    struct hd_message message;
    struct hd_result result;
    if (hd_runner_run("brkmap", trace, conditions, &result, &message) != HD_OK)
        fail_msg("%s", message.text);
    assert_int_equal(result.run->finding_count, 0);
    assert_int_equal(result.run->skipped, 0);
    assert_int_equal(result.count, trace->count);
    for (size_t i = 0; i < trace->count; i += trace->count / 7)
        assert_int_equal(result.outcomes[i].kind,
                         trace->ops[i].kind == HD_OP_MALLOC ? HD_OUTCOME_BLOCK : HD_OUTCOME_DONE);
    hd_result_release(&result);
}

static void memory_does_not_grow_with_the_trace(void **state)
{
    (void)state;
    struct hd_conditions conditions = HD_CONDITIONS_DEFAULT;
    conditions.deadline_ms = 0;
    conditions.sums_timeline = true;
    struct hd_message message;
    struct hd_spool spool;
    struct hd_trace trace;
    assert_int_equal(hd_spool_open(&spool, &message), HD_OK);
    put_trace(&spool, SHORT, &trace);
    carry_out(&trace, &conditions);
    const size_t here = peak_of(RUSAGE_SELF);
    const size_t child = peak_of(RUSAGE_CHILDREN);

    put_trace(&spool, LONG, &trace);
    carry_out(&trace, &conditions);
    assert_in_range(peak_of(RUSAGE_SELF) - here, 0, ROOM);
    assert_in_range(peak_of(RUSAGE_CHILDREN) - child, 0, ROOM);
    hd_spool_close(&spool);
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_runner_serve(argv);
    hd_startup(argv);
    const struct CMUnitTest tests[] = {cmocka_unit_test(memory_does_not_grow_with_the_trace)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
