// SPDX-License-Identifier: MIT
/// score_fuzzing.c: hunts for the bugs of each library, each setting and each round.
#include "harness/campaign/hunts.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/progress.h"
#include "harness/cli/score.h"

#include <math.h>
#include <stdio.h>

/// What goes on, for the events.
struct hunting {
    struct hd_score *score;
    struct hd_hunt *hunts;
    size_t hunt_count;
    size_t done;
    size_t shown; // rows
};

static void *take(struct hd_score *score, size_t count, size_t size)
{
    return hd_arena_take(&score->arena, count * size, _Alignof(max_align_t));
}

static unsigned setting_count(const struct hd_score_options *options)
{
    unsigned count = 0;
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        count += options->settings[i];
    return count;
}

static void plan_row(struct hunting *hunting, const struct hd_score_row *row)
{
    const struct hd_score_options *options = &hunting->score->options;
    for (size_t setting = 0; setting < HD_HUNT_SETTINGS; setting++)
        for (unsigned round = 0; options->settings[setting] && round < options->rounds; round++)
            hunting->hunts[hunting->hunt_count++] =
                (struct hd_hunt){.spec = row->suspect.spec,
                                 .held = row->suspect.held,
                                 .option = hd_hunt_settings[setting].option,
                                 .seed = round + 1,
                                 .time = options->time,
                                 .inputs = options->inputs};
}

static void plan(struct hunting *hunting)
{
    struct hd_score *score = hunting->score;
    const size_t of_row = (size_t)setting_count(&score->options) * score->options.rounds;
    hunting->hunts = take(score, score->count * of_row, sizeof *hunting->hunts);
    for (size_t i = 0; i < score->count; i++) {
        struct hd_score_row *row = &score->rows[i];
        row->results = take(score, of_row, sizeof *row->results);
        row->awaited = of_row;
        plan_row(hunting, row);
    }
}

// ---------------------------------------------------------------------------- the hunts

static void add_up(const struct hd_score_options *options, struct hd_score_row *row)
{
    const struct hd_hunt_result *results = row->results;
    for (size_t setting = 0; setting < HD_HUNT_SETTINGS; setting++) {
        if (!options->settings[setting]) continue;
        hd_time_to_find_of(results, options->rounds, row->suspect.oracle, &row->found[setting]);
        results += options->rounds;
    }
}

static bool enough(void *context)
{
    (void)context;
    return hd_interrupted();
}

static void began(void *context, size_t index)
{
    const struct hunting *hunting = context;
    const size_t of_row = hunting->hunt_count / hunting->score->count;
    hd_progress_show(hunting->done + 1, hunting->hunt_count, "fuzzing",
                     hunting->score->rows[index / of_row].suspect.name);
}

/// Rows are shown in order, each when all of it is there.
static void done(void *context, size_t index, const struct hd_hunt_result *result)
{
    struct hunting *hunting = context;
    struct hd_score *score = hunting->score;
    const size_t of_row = hunting->hunt_count / score->count;
    struct hd_score_row *row = &score->rows[index / of_row];
    row->results[index % of_row] = *result;
    row->awaited--;
    hunting->done++;
    for (; hunting->shown < score->count; hunting->shown++) {
        row = &score->rows[hunting->shown];
        if (row->awaited > 0) break;
        add_up(&score->options, row);
        hd_progress_clear();
        if (!score->json) hd_score_text_fuzz_row(score, row);
    }
}

enum hd_status hd_score_fuzz(struct hd_score *score, struct hd_message *message)
{
    struct hunting hunting = {.score = score};
    plan(&hunting);
    const struct hd_hunts hunts = {.hunts = hunting.hunts,
                                   .count = hunting.hunt_count,
                                   .jobs = score->options.jobs,
                                   .enough = enough,
                                   .began = began,
                                   .done = done,
                                   .context = &hunting};
    if (!score->json) hd_score_text_fuzz_head(score);
    const enum hd_status status = hd_hunts_run(&hunts, message);
    hd_progress_clear();
    if (status == HD_OK && !score->json) hd_score_text_fuzz_end(score);
    return status;
}

// ---------------------------------------------------------------------------- the sum

/// Whether every setting that is asked for has a median.
static bool has_medians(const struct hd_score *score, const struct hd_score_row *row)
{
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (score->options.settings[i] && isinf(row->found[i].inputs)) return false;
    return true;
}

void hd_score_sum(const struct hd_score *score, size_t setting, struct hd_score_sum *sum)
{
    double logarithms = 0;
    *sum = (struct hd_score_sum){0};
    for (size_t i = 0; i < score->count; i++) {
        const struct hd_score_row *row = &score->rows[i];
        if (row->suspect.correct) continue;
        sum->faults++;
        sum->reliable += hd_time_to_find_reliable(&row->found[setting]);
        if (!has_medians(score, row)) continue;
        logarithms += log(row->found[setting].inputs);
        sum->inputs_of++;
    }
    sum->inputs = sum->inputs_of > 0 ? exp(logarithms / (double)sum->inputs_of) : NAN;
}
