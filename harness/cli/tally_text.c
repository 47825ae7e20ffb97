// SPDX-License-Identifier: MIT
/// tally_text.c: the end of the report, for a person.
#include "harness/cli/tally.h"

#include <inttypes.h>
#include <stdio.h>

static void print_verdicts(const struct hd_tally *tally)
{
    (void)printf("%-12s  %12s  %12s  %12s\n", "oracle", "holds", "broken", "not judged");
    for (size_t i = 0; i < HD_ORACLES; i++) {
        const uint64_t *verdicts = tally->verdicts[i];
        (void)printf("%-12s  %12" PRIu64 "  %12" PRIu64 "  %12" PRIu64 "\n", hd_oracles[i]->name,
                     verdicts[HD_HOLDS], verdicts[HD_BROKEN], verdicts[HD_NOT_JUDGED]);
    }
}

// ---------------------------------------------------------------------------- choices

static void print_answers(const uint64_t counts[HD_ANSWERS])
{
    const char *comma = "";
    for (size_t answer = 0; answer < HD_ANSWERS; answer++) {
        if (counts[answer] == 0) continue;
        (void)printf("%s%" PRIu64 " %s", comma, counts[answer], hd_answer_texts[answer]);
        comma = ", ";
    }
    (void)printf("%s\n", *comma == '\0' ? "-" : "");
}

static void print_choice(const struct hd_tally *tally, size_t id)
{
    const struct hd_choice *choice = &tally->choices[id];
    const int width = hd_roster_width(tally->roster);
    (void)printf("  %s (first in %s at step %" PRIu64 ")\n", hd_choice_labels[id],
                 tally->choice_paths[id], choice->step);
    for (size_t i = 0; i < tally->roster->count; i++) {
        (void)printf("    %-*s  ", width, tally->roster->names[i]);
        print_answers(choice->counts[i]);
    }
}

static void print_choices(const struct hd_tally *tally, bool all)
{
    bool titled = false;
    for (size_t id = 0; id < HD_CHOICES; id++) {
        const struct hd_choice *choice = &tally->choices[id];
        if (choice->step == 0 || !(all || choice->differs != 0)) continue;
        if (!titled) (void)printf("\n%s\n", all ? "choices:" : "choices in which they differ:");
        titled = true;
        print_choice(tally, id);
    }
}

// ---------------------------------------------------------------------------- what was found

void hd_tally_print_names(const struct hd_roster *roster, uint32_t set)
{
    for (; set != 0; set &= set - 1)
        (void)printf("%s%s", roster->names[__builtin_ctz(set)], (set & (set - 1)) != 0 ? ", " : "");
}

static void print_list(const struct hd_tally *tally, const char *title,
                       const struct hd_tally_list *list)
{
    if (list->count != 0) (void)printf("\n%s:\n", title);
    for (size_t i = 0; i < list->count; i++) {
        const struct hd_tally_line *line = &list->lines[i];
        (void)printf("  ");
        hd_tally_print_names(tally->roster, line->allocators);
        (void)printf("  %s  in %zu %s, first %s\n", line->signature, line->traces,
                     line->traces == 1 ? "trace" : "traces", line->first);
    }
}

static void print_count(size_t count, const char *what, const char *after)
{
    (void)printf("%zu %s%s%s", count, what, count == 1 ? "" : "s", after);
}

void hd_tally_print_summary(const struct hd_tally *tally)
{
    print_count(tally->traces, "trace", ", ");
    print_count(tally->roster->count, "allocator", ", ");
    print_count(tally->findings.count, "finding", ", ");
    print_count(tally->differences.count, "difference", tally->growths != 0 ? ", " : "\n");
    if (tally->growths != 0) print_count(tally->growths, "growth", "\n");
}

void hd_tally_print(const struct hd_tally *tally, bool all_choices)
{
    print_verdicts(tally);
    print_choices(tally, all_choices);
    print_list(tally, "findings", &tally->findings);
    print_list(tally, "differences, by who deviates", &tally->differences);
    (void)printf("\n");
    hd_tally_print_summary(tally);
}
