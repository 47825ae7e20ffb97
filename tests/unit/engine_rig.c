// SPDX-License-Identifier: MIT
/// engine_rig.c: carrying out a text on the scripted allocator.
#include "tests/unit/engine_rig.h"

#include "tests/unit/malloc_counter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

struct hd_engine engine;
struct hd_heap heap;
struct hd_arena arena;
struct hd_run run;
struct hd_outcome outcomes[OPS_MAX];

int open_rig(void **state)
{
    (void)state;
    hd_arena_open(&arena, (size_t)64 << 20);
    malloc_counter_start();
    return 0;
}

struct hd_trace trace_of(const char *operations)
{
    static char text[4096];
    const int length = snprintf(text, sizeof text, "heapduel-trace 1\n%s\n", operations);
    struct hd_trace trace;
    struct hd_message message;
    if (hd_trace_read_bytes("test", (const uint8_t *)text, (size_t)length, &arena, &trace,
                            &message) != HD_OK)
        fail_msg("%s", message.text);
    assert_true(trace.count <= OPS_MAX);
    return trace;
}

void carry_out(const struct hd_subject *subject, const char *operations)
{
    const struct hd_trace trace = trace_of(operations);
    memset(outcomes, 0, sizeof outcomes);
    hd_engine_open(&engine, subject);
    hd_engine_run(&engine, &trace, &run, outcomes);
    hd_engine_close(&engine);
}

void carry_out_with(enum misdeed misdeed, unsigned at, const char *operations)
{
    const struct hd_subject subject = scripted_subject(&heap, misdeed, at);
    carry_out(&subject, operations);
}

const char *signatures(void)
{
    static char all[HD_RUN_FINDINGS_MAX * (HD_SIGNATURE_MAX + 1) + 1];
    all[0] = '\0';
    for (unsigned i = 0; i < run.finding_count; i++) {
        char one[HD_SIGNATURE_MAX];
        hd_finding_signature(&run.findings[i], one);
        (void)strcat(strcat(all, one), " ");
    }
    return all;
}

unsigned calls_of(enum hd_op_kind kind, uintptr_t block)
{
    unsigned count = 0;
    for (unsigned i = 0; i < heap.call_count; i++)
        count += heap.calls[i].kind == kind && (block == 0 || heap.calls[i].block == block);
    return count;
}
