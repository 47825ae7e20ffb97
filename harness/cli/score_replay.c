// SPDX-License-Identifier: MIT
/// score_replay.c: all traces on one library after the other.
#include "harness/base/clock.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/progress.h"
#include "harness/cli/score.h"

#include <string.h>

static bool is_of(const struct hd_finding *finding, const char *oracle)
{
    return oracle != NULL && strcmp(finding->oracle, oracle) == 0;
}

/// The first finding of the oracle that should have one; else of any. NULL: there is none.
static const struct hd_finding *telling(const struct hd_run *run, const char *oracle)
{
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (is_of(&run->findings[i], oracle)) return &run->findings[i];
    return run->finding_count > 0 ? run->findings : NULL;
}

static void count_oracles(struct hd_replayed *replayed, const struct hd_run *run)
{
    for (size_t oracle = 0; oracle < HD_ORACLES; oracle++)
        for (uint32_t i = 0; i < run->finding_count; i++) {
            if (!is_of(&run->findings[i], hd_oracles[oracle]->name)) continue;
            replayed->found[oracle]++;
            break;
        }
}

/// `seconds`: since the first trace.
static void add_run(struct hd_score_row *row, const char *trace, const struct hd_run *run,
                    double seconds)
{
    struct hd_replayed *replayed = &row->replayed;
    const struct hd_finding *finding = telling(run, row->suspect.oracle);
    replayed->traces++;
    count_oracles(replayed, run);
    if (finding == NULL) return;
    const bool by_oracle = is_of(finding, row->suspect.oracle);
    if (!replayed->any || (by_oracle && !replayed->by_oracle)) {
        replayed->trace = trace;
        replayed->finding = *finding;
        replayed->seconds = seconds;
    }
    replayed->any = true;
    replayed->by_oracle |= by_oracle;
}

/// Each costs a deadline, and the next trace mostly hangs as well.
static bool hung(const struct hd_run *run)
{
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (strncmp(run->findings[i].place, "hang-", 5) == 0) return true;
    return false;
}

static enum hd_status replay(const struct hd_inputs *inputs, struct hd_score_row *row,
                             struct hd_message *message)
{
    const struct hd_conditions conditions = hd_suspects_conditions(&row->suspect);
    const double begin = hd_now_s();
    bool over = false;
    for (size_t i = 0; i < inputs->count && !over; i++) {
        struct hd_result result;
        const struct hd_input *input = &inputs->items[i];
        const enum hd_status status =
            hd_runner_run(row->suspect.spec, &input->trace, &conditions, &result, message);
        if (status != HD_OK) return status;
        add_run(row, input->path, result.run, hd_now_s() - begin);
        over = hung(result.run);
        hd_result_release(&result);
        if (hd_interrupted()) return hd_fail(message, HD_UNAVAILABLE, "stopped by a signal");
    }
    return HD_OK;
}

enum hd_status hd_score_replay(struct hd_score *score, struct hd_message *message)
{
    if (!score->json) hd_score_text_replay_head(score);
    for (size_t i = 0; i < score->count; i++) {
        struct hd_score_row *row = &score->rows[i];
        hd_progress_show(i + 1, score->count, "all traces", row->suspect.name);
        const enum hd_status status = replay(score->inputs, row, message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        if (!score->json) hd_score_text_replay_row(row);
    }
    if (!score->json) hd_score_text_replay_end(score);
    return HD_OK;
}
