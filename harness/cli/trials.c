// SPDX-License-Identifier: MIT
/// trials.c: one trace, carried out on each of some allocators.
#include "harness/cli/trials.h"

#include "harness/cli/command.h"
#include "harness/cli/progress.h"
#include "harness/cli/usage.h"

#include <inttypes.h>

static enum hd_status check_seen(const char *name, const struct hd_conditions *conditions,
                                 const struct hd_result *result, struct hd_message *message)
{
    if (result->tap != HD_TAP_OFF) return HD_OK;
    if (conditions->tap == HD_TAP_GOT)
        return hd_fail(message, HD_UNAVAILABLE,
                       "patched imports show nothing of %.60s, which makes its calls by itself or "
                       "inside libc; try `--tap dispatch'",
                       name);
    return hd_fail(message, HD_UNAVAILABLE,
                   "the system calls of %.60s cannot be seen here: that takes Syscall User "
                   "Dispatch (Linux 5.11 on x86-64) or seccomp filters, and no valgrind; "
                   "`--tap dispatch' and `--tap seccomp' say why they do not work",
                   name);
}

static enum hd_status run_each(struct hd_trials *trials, const struct hd_conditions *conditions,
                               struct hd_message *message)
{
    struct hd_conditions telling = *conditions;
    telling.tell = hd_progress_steps;
    enum hd_status status = HD_OK;
    for (size_t i = 0; status == HD_OK && i < trials->roster.count; i++) {
        const char *name = trials->roster.names[i];
        hd_progress_show(1, 1, trials->inputs.items[0].path, name);
        status = hd_runner_run(name, trials->trace, &telling, &trials->results[i], message);
        if (status != HD_OK) break;
        trials->result_count++;
        status = check_seen(name, conditions, &trials->results[i], message);
    }
    hd_progress_clear();
    return status;
}

int hd_trials_open(struct hd_trials *trials, char *path, const struct hd_allocator_options *options,
                   const struct hd_conditions *conditions)
{
    *trials = (struct hd_trials){0};
    struct hd_message message;
    bool located = false;
    enum hd_status status = hd_input_check(path, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    status = hd_inputs_read(&trials->inputs, &path, 1, &located, &message);
    if (status == HD_OK) {
        trials->trace = &trials->inputs.items[0].trace;
        status = hd_roster_select(options, &trials->roster, &message);
    }
    if (status == HD_OK) status = run_each(trials, conditions, &message);
    if (status == HD_OK) return HD_OK;
    return located ? hd_complain_located(status, &message) : hd_complain(status, &message);
}

void hd_trials_close(struct hd_trials *trials)
{
    for (size_t i = 0; i < trials->result_count; i++)
        hd_result_release(&trials->results[i]);
    hd_inputs_close(&trials->inputs);
}

int hd_trials_status(const struct hd_trials *trials)
{
    for (size_t i = 0; i < trials->result_count; i++)
        if (trials->results[i].run->finding_count != 0) return HD_EXIT_FINDING;
    return HD_OK;
}

int hd_trials_verdict(const struct hd_trials *trials, FILE *file)
{
    for (size_t i = 0; i < trials->result_count; i++) {
        const struct hd_run *run = trials->results[i].run;
        for (uint32_t k = 0; k < run->finding_count; k++) {
            char signature[HD_SIGNATURE_MAX];
            const struct hd_finding *finding = &run->findings[k];
            hd_finding_signature(finding, signature);
            (void)fprintf(file, "%s: BROKEN %s ", trials->roster.names[i], signature);
            if (finding->at_end)
                (void)fprintf(file, "at the end: %s\n", finding->operation);
            else
                (void)fprintf(file, "at step %" PRIu64 ": %s\n", finding->step,
                              finding->operation);
        }
    }
    return hd_trials_status(trials);
}
