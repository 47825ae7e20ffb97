// SPDX-License-Identifier: MIT
/// check_faulty.c: the oracles see the faults of faults.def, and let their neighbours pass.
///
/// `check_faulty NAME` runs faulty/NAME.so over the seeds. A fault must be found by the oracle that
/// its line names: other oracles may see it too, and don't count. A neighbour must pass them all
/// without a finding, and its oracle must have judged it. Both run with the tap, and some under a
/// kernel policy. What cannot be loaded must say so.
#include "allocators/startup.h"
#include "harness/runner/runner.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum kind { FAULT, NEIGHBOUR, UNLOADABLE };

static const struct row {
    const char *name;
    enum kind kind;
    enum hd_oracle_id oracle;
    const struct hd_held_policy *held; // NULL: a library's own, which has none
} rows[] = {
#define POLICY(...) (&(const struct hd_held_policy){.kernel = {__VA_ARGS__}})
#define HD_FAULT(name, oracle, wrong, recalls)   {#name, FAULT, HD_ORACLE_##oracle, NULL},
#define HD_NEIGHBOUR(name, oracle, does)         {#name, NEIGHBOUR, HD_ORACLE_##oracle, NULL},
#define HD_UNLOADABLE(name, why)                 {#name, UNLOADABLE, HD_ORACLES, NULL},
#define HD_FAULT_UNDER(name, oracle, wrong, recalls, ...)                                          \
    {#name, FAULT, HD_ORACLE_##oracle, POLICY(__VA_ARGS__)},
#define HD_NEIGHBOUR_UNDER(name, oracle, does, ...)                                                \
    {#name, NEIGHBOUR, HD_ORACLE_##oracle, POLICY(__VA_ARGS__)},
#include "allocators/faulty/faults.def"
#undef POLICY
#undef HD_FAULT
#undef HD_NEIGHBOUR
#undef HD_UNLOADABLE
#undef HD_FAULT_UNDER
#undef HD_NEIGHBOUR_UNDER
};

// A fault that hangs is to be found soon; a neighbour has the time that a slow machine takes.
static const struct hd_conditions limits[] = {
    [FAULT] = {.deadline_ms = 2000, .memory_bytes = (size_t)256 << 20, .tap = HD_TAP_AUTO},
    [NEIGHBOUR] = {.deadline_ms = 60000, .memory_bytes = (size_t)256 << 20, .tap = HD_TAP_AUTO},
    [UNLOADABLE] = {.deadline_ms = 2000, .memory_bytes = (size_t)256 << 20, .tap = HD_TAP_AUTO},
};

/// What came of running one library over all seeds.
struct tally {
    bool caught;    // by its oracle
    bool accused;   // by any
    uint64_t holds; // verdicts of its oracle
};

static void print_finding(const char *seed, const struct hd_finding *finding)
{
    char signature[HD_SIGNATURE_MAX];
    hd_finding_signature(finding, signature);
    (void)printf("found by %s: %s\n  %s, step %" PRIu64 ": %s\n  %s\n", finding->oracle, signature,
                 seed, finding->step, finding->operation, finding->evidence);
}

/// Adds one run to the tally, and prints what matters of it: of a fault the finding that catches
/// it, of a neighbour every one.
static void count(const struct row *row, const char *seed, const struct hd_run *run,
                  struct tally *tally)
{
    tally->holds += run->verdicts[row->oracle][HD_HOLDS];
    for (uint32_t i = 0; i < run->finding_count; i++) {
        const struct hd_finding *finding = &run->findings[i];
        const bool by_its_oracle = strcmp(finding->oracle, hd_oracles[row->oracle]->name) == 0;
        if (row->kind == NEIGHBOUR || (by_its_oracle && !tally->caught))
            print_finding(seed, finding);
        tally->accused = true;
        tally->caught |= by_its_oracle;
    }
}

/// Runs the seeds in turn, of a fault until one shows it.
static enum hd_status run_seeds(const struct row *row, const char *library, const glob_t *seeds,
                                struct tally *tally, struct hd_message *message)
{
    struct hd_arena arena;
    hd_arena_open(&arena, (size_t)64 << 20);
    enum hd_status status = HD_OK;
    for (size_t i = 0; i < seeds->gl_pathc && !(row->kind == FAULT && tally->caught); i++) {
        const char *seed = seeds->gl_pathv[i];
        struct hd_trace trace;
        struct hd_result result;
        struct hd_conditions conditions = limits[row->kind];
        conditions.held = row->held;
        hd_arena_reset(&arena, 0);
        status = hd_trace_read(seed, &arena, &trace, message);
        if (status == HD_OK)
            status = hd_runner_run(library, &trace, &conditions, &result, message);
        if (status != HD_OK) break;
        count(row, strrchr(seed, '/') + 1, result.run, tally);
        hd_result_release(&result);
    }
    hd_arena_close(&arena);
    return status;
}

/// NULL, or what is not as it must be.
static const char *complaint(const struct row *row, const char *library, enum hd_status status,
                             const struct tally *tally, const struct hd_message *message)
{
    if (row->kind == UNLOADABLE) {
        if (status != HD_UNAVAILABLE) return "it was loaded, or refused with another status";
        return strstr(message->text, library) != NULL ? NULL : "the message does not name the file";
    }
    if (status != HD_OK) return message->text;
    if (row->kind == FAULT) return tally->caught ? NULL : "its oracle finds it on no seed";
    if (tally->accused) return "it is correct, and accused";
    return tally->holds > 0 ? NULL : "its oracle never judged it";
}

static int check(const struct row *row, const glob_t *seeds)
{
    char library[4096];
    (void)snprintf(library, sizeof library, FAULTY "%s.so", row->name);
    struct tally tally = {0};
    struct hd_message message = {""};
    const enum hd_status status = run_seeds(row, library, seeds, &tally, &message);
    const char *wrong = complaint(row, library, status, &tally, &message);
    if (wrong != NULL)
        (void)printf("%s%s%s: %s\n", row->name, row->kind == UNLOADABLE ? "" : ", of oracle ",
                     row->kind == UNLOADABLE ? "" : hd_oracles[row->oracle]->name, wrong);
    else if (row->kind == NEIGHBOUR)
        (void)printf("passes; %s held %" PRIu64 " times\n", hd_oracles[row->oracle]->name,
                     tally.holds);
    else if (row->kind == UNLOADABLE)
        (void)printf("refused: %s\n", message.text);
    return wrong != NULL;
}

int main(int argc, char **argv)
{
    hd_runner_serve(argv);
    hd_startup(argv);
    const char *name = argc == 2 ? argv[1] : "";
    glob_t seeds;
    if (glob(SEEDS "*.trace", 0, NULL, &seeds) != 0) {
        (void)fputs("check_faulty: no *.trace in " SEEDS "\n", stderr);
        return 3;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, name) != 0) continue;
        const int failed = check(&rows[i], &seeds);
        globfree(&seeds);
        return failed;
    }
    (void)fprintf(stderr, "usage: check_faulty NAME, a name of faults.def, not '%s'\n", name);
    return 2;
}
