// SPDX-License-Identifier: MIT
/// compare_text.c: allocators beside each other: contract, policies, choices, footprints.
#include "harness/cli/compare.h"
#include "harness/cli/sides.h"
#include "harness/cli/size_text.h"

#include <inttypes.h>
#include <stdio.h>

// ---------------------------------------------------------------------------- contract

static void print_found(const struct hd_roster *roster, const struct hd_tally_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct hd_tally_line *line = &list->lines[i];
        const struct hd_finding *finding = &line->finding;
        (void)printf("  ");
        hd_tally_print_names(roster, line->allocators);
        (void)printf("  %s  in %zu %s\n    %s, ", line->signature, line->traces,
                     line->traces == 1 ? "trace" : "traces", line->first);
        if (finding->at_end)
            (void)printf("at the end: %s\n", finding->operation);
        else
            (void)printf("step %" PRIu64 ": %s\n", finding->step, finding->operation);
        (void)printf("    %s\n", finding->evidence);
    }
}

static void print_contract(const struct hd_tally *tally)
{
    const bool kept = tally->findings.count == 0 && tally->differences.count == 0;
    (void)printf("contract: what the standards fix%s\n",
                 kept ? ", all of them keep" : ", and who breaks it");
    print_found(tally->roster, &tally->findings);
    print_found(tally->roster, &tally->differences);
}

// ---------------------------------------------------------------------------- policies

static void print_policies(const struct hd_roster *roster)
{
    static struct hd_side sides[HD_CONTESTANTS_MAX];
    size_t alike = 0;
    (void)printf("\npolicies: what a probe of each finds, where they differ\n");
    for (enum hd_question question = 0; question < HD_QUESTIONS; question++) {
        hd_compared_answers(roster->count, question, sides);
        if (hd_sides_agree(sides, roster->count) != NULL) {
            alike++;
            continue;
        }
        (void)printf("  %s: %s\n", hd_question_section(question), hd_question_labels[question]);
        hd_sides_print(sides, roster);
    }
    (void)printf("  and %zu of %u questions that all answer alike; `heapduel probe' has each\n",
                 alike, (unsigned)HD_QUESTIONS);
}

// ---------------------------------------------------------------------------- choices

/// `12 block, 3 NULL ENOMEM`; the word alone where it is the only one: then numbers may differ for
/// an allocator that had other slots filled.
static void answer_text(const uint64_t counts[HD_ANSWERS], struct hd_side *side)
{
    size_t kinds = 0;
    for (size_t answer = 0; answer < HD_ANSWERS; answer++)
        kinds += counts[answer] != 0;
    size_t used = 0;
    side->text[0] = '\0';
    for (size_t answer = 0; answer < HD_ANSWERS; answer++) {
        if (counts[answer] == 0) continue;
        char number[24] = "";
        if (kinds > 1) (void)snprintf(number, sizeof number, "%" PRIu64 " ", counts[answer]);
        used += (size_t)snprintf(side->text + used, sizeof side->text - used, "%s%s%s",
                                 used != 0 ? ", " : "", number, hd_answer_texts[answer]);
    }
}

static void find_sides(const struct hd_tally *tally, size_t id,
                       struct hd_side sides[HD_CONTESTANTS_MAX])
{
    for (size_t i = 0; i < tally->roster->count; i++)
        answer_text(tally->choices[id].counts[i], &sides[i]);
}

static void print_choice(const struct hd_tally *tally, size_t id)
{
    const struct hd_choice *choice = &tally->choices[id];
    static struct hd_side sides[HD_CONTESTANTS_MAX];
    find_sides(tally, id, sides);
    char operation[HD_OP_TEXT_MAX];
    (void)hd_op_format(&tally->choice_ops[id], operation);
    (void)printf("  %s\n    %" PRIu64 " step%s, first %s, step %" PRIu64 ": %s\n",
                 hd_choice_labels[id], choice->differs, choice->differs == 1 ? "" : "s",
                 tally->choice_paths[id], choice->step, operation);
    hd_sides_print(sides, tally->roster);
}

static void print_choices(const struct hd_tally *tally)
{
    (void)printf("\nchoices: what the standards leave open, or a policy declares, and they do"
                 " differently\n");
    size_t shown = 0;
    for (size_t id = 0; id < HD_CHOICES; id++) {
        if (tally->choices[id].differs == 0) continue;
        print_choice(tally, id);
        shown++;
    }
    if (shown == 0) (void)printf("  none\n");
}

/// Where they do the same, and what: but for the number of times, which depends on what their slots
/// held.
static void print_alike(const struct hd_tally *tally)
{
    bool titled = false;
    for (size_t id = 0; id < HD_CHOICES; id++) {
        if (tally->choices[id].step == 0 || tally->choices[id].differs != 0) continue;
        static struct hd_side sides[HD_CONTESTANTS_MAX];
        find_sides(tally, id, sides);
        if (!titled) (void)printf("  and alike\n");
        titled = true;
        const char *answer = hd_sides_agree(sides, tally->roster->count);
        (void)printf("    %s%s%s\n", hd_choice_labels[id], answer != NULL ? ": " : "",
                     answer != NULL ? answer : "");
    }
}

// ---------------------------------------------------------------------------- footprints

/// The calls that have a column.
static const enum hd_syscall_id columns[] = {HD_SYSCALL_brk,     HD_SYSCALL_mmap,
                                             HD_SYSCALL_munmap,  HD_SYSCALL_mremap,
                                             HD_SYSCALL_madvise, HD_SYSCALL_mprotect};
#define COLUMNS (sizeof columns / sizeof columns[0])

static void print_calls(const struct hd_roster *roster)
{
    const int width = hd_roster_width(roster);
    (void)printf("  %-*s  %10s  %6s", width, "calls", "operations", "calls");
    for (size_t i = 0; i < COLUMNS; i++)
        (void)printf("  %8s", hd_syscall_names[columns[i]]);
    (void)printf("  %6s  %8s\n", "others", "most");
    for (size_t i = 0; i < roster->count; i++) {
        const struct hd_footprint *footprint = &hd_compared.of[i].footprint;
        uint64_t all = 0;
        uint64_t others = 0;
        for (size_t id = 0; id < HD_SYSCALLS; id++)
            all += footprint->calls[id];
        others = all;
        for (size_t k = 0; k < COLUMNS; k++)
            others -= footprint->calls[columns[k]];
        (void)printf("  %-*s  %10" PRIu64 "  %6" PRIu64, width, roster->names[i],
                     hd_compared.of[i].operations, all);
        for (size_t k = 0; k < COLUMNS; k++)
            (void)printf("  %8" PRIu64, footprint->calls[columns[k]]);
        (void)printf("  %6" PRIu64 "  %8" PRIu64 "\n", others, footprint->calls_max);
    }
}

static void print_size(size_t bytes)
{
    char text[HD_SIZE_TEXT_MAX];
    (void)printf("  %10s", hd_size_text(bytes, text));
}

static void print_ratio(double bytes, double to)
{
    (void)printf("  %8.2f", to > 0 ? bytes / to : 0.0);
}

static void print_memory(const struct hd_roster *roster)
{
    const int width = hd_roster_width(roster);
    (void)printf("  %-*s    %-42s  over time    %-20s    %s\n", width, "memory", "at most",
                 "at a trace's end", "after all is freed");
    (void)printf("  %-*s  %10s  %10s  %8s  %10s  %10s  %10s  %10s  %10s  %10s\n", width, "",
                 "demand", "mapped", "ratio", "resident", "ratio", "mapped", "resident", "mapped",
                 "resident");
    for (size_t i = 0; i < roster->count; i++) {
        const struct hd_footprint *footprint = &hd_compared.of[i].footprint;
        const struct hd_timeline_use *use = &hd_compared.of[i].use;
        (void)printf("  %-*s", width, roster->names[i]);
        print_size(footprint->demand);
        print_size(footprint->mapped_peak);
        print_ratio((double)footprint->mapped_peak, (double)footprint->demand);
        print_size(use->resident_peak);
        (void)printf("  ");
        print_ratio(use->mapped, use->live);
        print_size(footprint->mapped_end);
        print_size(footprint->resident_end);
        print_size(footprint->mapped_after);
        print_size(footprint->resident_after);
        (void)printf("\n");
    }
}

static void print_times(const struct hd_roster *roster)
{
    const int width = hd_roster_width(roster);
    (void)printf("\n  %-*s  %10s  %12s  over %zu trace%s in which no request failed\n", width,
                 "time", "ms", "ns each", hd_compared.timed, hd_compared.timed == 1 ? "" : "s");
    for (size_t i = 0; i < roster->count && hd_compared.timed != 0; i++) {
        const double ns = (double)hd_compared.of[i].bare_ns;
        (void)printf("  %-*s", width, roster->names[i]);
        if (hd_compared.of[i].not_timed)
            (void)printf("  a bare run did not end\n");
        else
            (void)printf("  %10.2f  %12.1f\n", ns / 1e6,
                         ns / (double)hd_compared.of[i].bare_operations);
    }
}

static void print_footprints(const struct hd_roster *roster)
{
    (void)printf("\nfootprints: what each asked of the kernel, over %zu trace%s",
                 hd_compared.traces, hd_compared.traces == 1 ? "" : "s");
    if (hd_compared.left_out != 0)
        (void)printf("; %zu left out, broken or not seen on one of them", hd_compared.left_out);
    (void)printf("\n");
    if (hd_compared.traces == 0) return;
    print_calls(roster);
    (void)printf("\n");
    print_memory(roster);
    if (hd_compared.times) print_times(roster);
}

// ---------------------------------------------------------------------------- the page

static void end(const struct hd_tally *tally, const struct hd_footprint_book *book, bool verbose)
{
    (void)book;
    (void)verbose;
    print_contract(tally);
    print_policies(tally->roster);
    print_choices(tally);
    print_alike(tally);
    print_footprints(tally->roster);
    (void)printf("\n%zu steps; ", hd_compared.steps);
    hd_tally_print_summary(tally);
}

const struct hd_reporter hd_reporter_compare_text = {
    .begin = hd_compared_begin, .trace = hd_compared_add, .end = end};
