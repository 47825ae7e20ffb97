// SPDX-License-Identifier: MIT
/// run_text.c: the report for a person: each trace as soon as it is done.
#include "harness/cli/reporter.h"

#include <inttypes.h>
#include <stdio.h>

static enum hd_status begin(const struct hd_roster *roster, const struct hd_conditions *conditions,
                            struct hd_message *message)
{
    (void)roster;
    (void)conditions;
    (void)message;
    return HD_OK;
}

static void print_finding(const struct hd_finding *finding, size_t count)
{
    char signature[HD_SIGNATURE_MAX];
    hd_finding_signature(finding, signature);
    (void)printf("    %s ", signature);
    if (finding->at_end)
        (void)printf("at the end: %s\n", finding->operation);
    else
        (void)printf("at step %" PRIu64 " of %zu: %s\n", finding->step, count, finding->operation);
    (void)printf("      %s\n", finding->evidence);
    if (finding->repeats != 0)
        (void)printf("      and %" PRIu64 " more with this signature\n", finding->repeats);
}

static void print_footprint(const struct hd_footprint *footprint)
{
    uint64_t calls = 0;
    for (size_t id = 0; id < HD_SYSCALLS; id++)
        calls += footprint->calls[id];
    (void)printf("    %" PRIu64 " system calls, %zu bytes mapped at most for %zu live at once, %zu"
                 " after all was freed\n",
                 calls, footprint->mapped_peak, footprint->demand, footprint->mapped_after);
}

static void print_threads(const struct hd_run *run)
{
    if (run->threads > 1) (void)printf(", on %" PRIu32 " threads", run->threads);
    if (run->misplaced != 0)
        (void)printf(", %" PRIu64 " of them not on their own: no more could be started",
                     run->misplaced);
}

static void print_run(const char *name, int width, const struct hd_run *run, size_t count,
                      bool verbose)
{
    (void)printf("  %-*s  %-6s  %" PRIu64 " carried out, %" PRIu64 " skipped, %" PRIu64
                 " not offered",
                 width, name, run->finding_count == 0 ? "holds" : "BROKEN", run->operations,
                 run->skipped, run->not_offered);
    print_threads(run);
    (void)printf("\n");
    if (verbose && run->footprint.tapped) print_footprint(&run->footprint);
    for (uint32_t i = 0; i < run->finding_count; i++)
        print_finding(&run->findings[i], count);
    if (run->findings_dropped != 0)
        (void)printf("    and %" PRIu64 " more, with other signatures, that were not kept\n",
                     run->findings_dropped);
}

static void print_differences(const struct hd_comparison *comparison, size_t count)
{
    if (comparison->difference_count != 0) (void)printf("  differences\n");
    for (uint32_t i = 0; i < comparison->difference_count; i++)
        print_finding(&comparison->differences[i].finding, count);
    if (comparison->differences_dropped != 0)
        (void)printf("    and %" PRIu64 " more that were not kept\n",
                     comparison->differences_dropped);
}

/// Of a folder, only traces in which something was found: it may hold thousands.
static void print_trace(const struct hd_trace_results *trace, bool verbose)
{
    const struct hd_input *input = trace->input;
    if (input->from_folder && !verbose && !hd_trace_results_found(trace)) return;

    const size_t count = input->trace.count;
    (void)printf("%s: %zu operation%s\n", input->path, count, count == 1 ? "" : "s");
    const int width = hd_roster_width(trace->roster);
    for (size_t i = 0; i < trace->roster->count; i++)
        print_run(trace->roster->names[i], width, trace->results[i].run, count, verbose);
    print_differences(trace->comparison, count);
    (void)printf("\n");
    (void)fflush(stdout); // whoever waits for a long run sees what was found so far
}

static void end(const struct hd_tally *tally, const struct hd_footprint_book *book, bool verbose)
{
    hd_tally_print(tally, verbose);
    hd_footprint_print(book);
}

const struct hd_reporter hd_reporter_text = {.begin = begin, .trace = print_trace, .end = end};
