// SPDX-License-Identifier: MIT
/// syscalls_text.c: one allocator after the other, and the tables.
#include "harness/cli/steps.h"
#include "harness/cli/syscalls.h"
#include "harness/notation/summary.h"

#include <inttypes.h>
#include <stdio.h>

static void print_told(const struct hd_told *told, bool brief)
{
    for (size_t i = 0; i < told->count; i++) {
        const struct hd_told_step *step = &told->steps[i];
        if (brief && step->step.call_count == 0) continue;
        (void)printf("  %s\n", step->title);
        for (size_t k = 0; k < step->step.call_count; k++)
            (void)printf("    %s\n", step->lines[k]);
    }
}

static void print_dropped(const struct hd_result *result)
{
    if (result->calls_dropped != 0)
        (void)printf("  and %" PRIu64 " more calls, that were not written down\n", result->calls_dropped);
}

void hd_syscalls_text(const struct hd_syscalls_view *view)
{
    const struct hd_trials *trials = view->trials;
    for (size_t i = 0; i < trials->result_count; i++) {
        struct hd_told told;
        hd_told_open(&told, &trials->results[i], trials->trace, view->relative);
        (void)printf("%s%s\n", i > 0 ? "\n" : "", trials->roster.names[i]);
        print_told(&told, view->brief);
        print_dropped(&trials->results[i]);
        hd_told_close(&told);
    }
}

void hd_syscalls_summary(const struct hd_syscalls_view *view)
{
    const struct hd_trials *trials = view->trials;
    for (size_t i = 0; i < trials->result_count; i++) {
        static struct hd_summary summary;
        const struct hd_result *result = &trials->results[i];
        summary = (struct hd_summary){0};
        for (size_t k = 0; k < result->call_count; k++)
            hd_summary_add(&summary, &result->calls[k].call, 1);
        (void)printf("%s%s\n", i > 0 ? "\n" : "", trials->roster.names[i]);
        hd_summary_write(&summary, stdout);
        print_dropped(result);
    }
}
