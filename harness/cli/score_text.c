// SPDX-License-Identifier: MIT
/// score_text.c: what was found by what, as tables for a person.
#include "harness/cli/score.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAME_WIDTH  39 // of the longest name in faults.def
#define PLACE_WIDTH 32

/// The end of it, which tells paths apart.
static const char *tail(const char *text)
{
    const size_t length = strlen(text);
    return length > NAME_WIDTH ? text + length - NAME_WIDTH : text;
}

static const char *text_or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

// ---------------------------------------------------------------------------- replaying

void hd_score_text_replay_head(const struct hd_score *score)
{
    (void)printf("by replaying %zu trace%s\n%-*s  %-11s %6s  %-*s  %s\n", score->inputs->count,
                 score->inputs->count == 1 ? "" : "s", NAME_WIDTH, "fault", "oracle", "s",
                 PLACE_WIDTH, "step of", "on so many traces, by");
    (void)fflush(stdout);
}

static void print_count(const char **separator, size_t count, const char *oracle)
{
    if (count == 0) return;
    (void)printf("%s%zu %s", *separator, count, oracle);
    *separator = ", ";
}

/// The oracle that it is for first.
static void print_oracles(const struct hd_score_row *row)
{
    const char *separator = "";
    const char *expected = text_or_dash(row->suspect.oracle);
    for (size_t i = 0; i < HD_ORACLES; i++)
        if (strcmp(hd_oracles[i]->name, expected) == 0)
            print_count(&separator, row->replayed.found[i], expected);
    for (size_t i = 0; i < HD_ORACLES; i++)
        if (strcmp(hd_oracles[i]->name, expected) != 0)
            print_count(&separator, row->replayed.found[i], hd_oracles[i]->name);
}

void hd_score_text_replay_row(const struct hd_score_row *row)
{
    const struct hd_replayed *replayed = &row->replayed;
    (void)printf("%-*s  %-11s", NAME_WIDTH, tail(row->suspect.name),
                 text_or_dash(row->suspect.oracle));
    if (!replayed->any) {
        (void)printf(" %6s  %-*s  nothing\n", "-", PLACE_WIDTH, "-");
    } else {
        char place[256];
        const char *slash = strrchr(replayed->trace, '/');
        (void)snprintf(place, sizeof place, "%" PRIu64 " of %.200s", replayed->finding.step,
                       slash != NULL ? slash + 1 : replayed->trace);
        (void)printf(" %6.2f  %-*s  ", replayed->seconds, PLACE_WIDTH, place);
        print_oracles(row);
        (void)printf("\n");
    }
    (void)fflush(stdout);
}

void hd_score_text_replay_end(const struct hd_score *score)
{
    size_t faults = 0, found = 0, known = 0, by_oracle = 0, accused = 0;
    for (size_t i = 0; i < score->count; i++) {
        const struct hd_score_row *row = &score->rows[i];
        accused += row->suspect.correct && row->replayed.any;
        if (row->suspect.correct) continue;
        faults++;
        found += row->replayed.any;
        known += row->suspect.oracle != NULL;
        by_oracle += row->replayed.by_oracle;
    }
    (void)printf("%zu of %zu found", found, faults);
    if (known > 0) (void)printf(", %zu by the oracle that they are for", by_oracle);
    if (accused > 0) (void)printf("; %zu correct ones accused", accused);
    (void)printf("\n");
}

// ---------------------------------------------------------------------------- fuzzing

void hd_score_text_fuzz_head(const struct hd_score *score)
{
    const struct hd_score_options *options = &score->options;
    if (options->replays) (void)printf("\n");
    (void)printf("by fuzzing, at most %.0f s", options->time);
    if (options->inputs > 0) (void)printf(" and %" PRIu64 " inputs", options->inputs);
    (void)printf(", %u round%s%s\n%-*s", options->rounds, options->rounds == 1 ? "" : "s",
                 options->rounds == 1 ? "" : "; medians", NAME_WIDTH, "");
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (options->settings[i]) (void)printf("  %-21s", hd_hunt_settings[i].name);
    (void)printf("\n%-*s", NAME_WIDTH, "fault");
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (options->settings[i]) (void)printf("  %5s %6s %8s", "found", "s", "inputs");
    (void)printf("  finding\n");
    (void)fflush(stdout);
}

static void print_found(const struct hd_time_to_find *found)
{
    (void)printf("  %2u/%-2u", found->found, found->rounds);
    if (isinf(found->seconds))
        (void)printf(" %6s %8s", "-", "-");
    else
        (void)printf(" %6.2f %8.0f", found->seconds, found->inputs);
}

/// The finding of the first setting that has one, and whether it is the one that should be.
static void print_finding(const struct hd_score *score, const struct hd_score_row *row)
{
    const char *oracle = row->suspect.oracle;
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++) {
        const struct hd_time_to_find *found = &row->found[i];
        if (!score->options.settings[i] || found->found == 0) continue;
        (void)printf("  %s", found->signature);
        if (found->same < found->found) (void)printf(" %u/%u", found->same, found->found);
        if (oracle != NULL && found->by_oracle < found->found)
            (void)printf("; %s %u/%u", oracle, found->by_oracle, found->found);
        return;
    }
    (void)printf("  -");
}

void hd_score_text_fuzz_row(const struct hd_score *score, const struct hd_score_row *row)
{
    (void)printf("%-*s", NAME_WIDTH, tail(row->suspect.name));
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (score->options.settings[i]) print_found(&row->found[i]);
    print_finding(score, row);
    (void)printf("\n");
    (void)fflush(stdout);
}

void hd_score_text_fuzz_end(const struct hd_score *score)
{
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++) {
        struct hd_score_sum sum;
        if (!score->options.settings[i]) continue;
        hd_score_sum(score, i, &sum);
        (void)printf("%s: %zu of %zu found in 9 of 10 rounds or more", hd_hunt_settings[i].name,
                     sum.reliable, sum.faults);
        if (sum.inputs_of > 0)
            (void)printf("; %.0f inputs, the geometric mean of %zu", sum.inputs, sum.inputs_of);
        (void)printf("\n");
    }
}
