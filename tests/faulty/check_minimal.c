// SPDX-License-Identifier: MIT
/// check_minimal.c: the fault that a seed shows is shown by a few operations of it.
///
/// `check_minimal NAME` takes the first seed on which the oracle named in faults.def finds
/// faulty/NAME.so, and makes it smaller with that finding kept. What comes of it must be 1-minimal,
/// have the finding still, and hold at most OPERATIONS_MAX operations, or as many as the list below
/// says and why.
#include "allocators/startup.h"
#include "harness/base/clock.h"
#include "harness/reduce/minimize.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OPERATIONS_MAX 8
#define SECONDS_MAX    60 // a machine under load, sanitizers; else a second or two

static const struct fault {
    const char *name;
    enum hd_oracle_id oracle;
    const struct hd_held_policy *held;
} faults[] = {
#define POLICY(...)                            (&(const struct hd_held_policy){.kernel = {__VA_ARGS__}})
#define HD_FAULT(name, oracle, wrong, recalls) {#name, HD_ORACLE_##oracle, NULL},
#define HD_FAULT_UNDER(name, oracle, wrong, recalls, ...)                                          \
    {#name, HD_ORACLE_##oracle, POLICY(__VA_ARGS__)},
#define HD_NEIGHBOUR(name, oracle, does)
#define HD_NEIGHBOUR_UNDER(name, oracle, does, ...)
#define HD_UNLOADABLE(name, why)
#include "allocators/faulty/faults.def"
#undef POLICY
#undef HD_FAULT
#undef HD_FAULT_UNDER
#undef HD_NEIGHBOUR
#undef HD_NEIGHBOUR_UNDER
#undef HD_UNLOADABLE
};

/// Faults that need more, with the most that they need.
static const struct exception {
    const char *name;
    size_t operations_max;
    const char *why;
} exceptions[] = {
    {"cache_one_too_many", 20,
     "eight blocks of a class and one of the next must be freed before they share a place"},
    {NULL, 0, NULL},
};

static const struct hd_conditions conditions = {
    .deadline_ms = 2000, .memory_bytes = (size_t)128 << 20, .tap = HD_TAP_AUTO};

static bool enough(void *begin)
{
    return hd_now_s() - *(const double *)begin > SECONDS_MAX;
}

// ---------------------------------------------------------------------------- the seed

/// The signature of the first finding of the fault's oracle; false: it has none in this run.
static bool find_signature(const struct fault *fault, const struct hd_run *run,
                           char signature[HD_SIGNATURE_MAX])
{
    for (uint32_t i = 0; i < run->finding_count; i++) {
        if (strcmp(run->findings[i].oracle, hd_oracles[fault->oracle]->name) != 0) continue;
        hd_finding_signature(&run->findings[i], signature);
        return true;
    }
    return false;
}

/// Reads the first seed that shows the fault. False: none does, or `message` says what is in the
/// way.
static bool find_seed(const struct fault *fault, const char *library, struct hd_arena *arena,
                      struct hd_trace *trace, char signature[HD_SIGNATURE_MAX],
                      struct hd_message *message)
{
    glob_t seeds;
    if (glob(SEEDS "*.trace", 0, NULL, &seeds) != 0) return false;
    bool found = false;
    struct hd_conditions with_policy = conditions;
    with_policy.held = fault->held;
    for (size_t i = 0; i < seeds.gl_pathc && !found; i++) {
        struct hd_result result;
        hd_arena_reset(arena, 0);
        if (hd_trace_read(seeds.gl_pathv[i], arena, trace, message) != HD_OK) break;
        if (hd_runner_run(library, trace, &with_policy, &result, message) != HD_OK) break;
        found = find_signature(fault, result.run, signature);
        hd_result_release(&result);
        if (found) (void)printf("%s, ", strrchr(seeds.gl_pathv[i], '/') + 1);
    }
    globfree(&seeds);
    return found;
}

// ---------------------------------------------------------------------------- what is right

static size_t operations_max(const struct fault *fault)
{
    for (size_t i = 0; exceptions[i].name != NULL; i++) {
        if (strcmp(exceptions[i].name, fault->name) != 0) continue;
        (void)printf("%zu operations are allowed: %s\n", exceptions[i].operations_max,
                     exceptions[i].why);
        return exceptions[i].operations_max;
    }
    return OPERATIONS_MAX;
}

static const char *complaint(const struct fault *fault, const struct hd_minimize *minimize)
{
    if (minimize->reduction.stopped) return "too slow";
    if (!minimize->confirmed) return "the smallest trace has not the finding";
    return minimize->reduction.count > operations_max(fault) ? "too many operations" : NULL;
}

static void print_trace(const struct hd_minimize *minimize, const struct hd_finding *finding)
{
    (void)printf("%s\n", finding->evidence);
    for (size_t i = 0; i < minimize->reduction.count; i++) {
        char text[HD_OP_TEXT_MAX];
        (void)hd_op_format(&minimize->reduction.ops[i], text);
        (void)printf("    %s\n", text);
    }
}

static int check(const struct fault *fault)
{
    static struct hd_kept kept;
    static struct hd_minimize minimize;
    char library[4096];
    char signature[HD_SIGNATURE_MAX];
    struct hd_message message = {"no seed shows it"};
    struct hd_trace trace;
    struct hd_arena arena;
    double begin = hd_now_s();
    (void)snprintf(library, sizeof library, FAULTY "%s.so", fault->name);
    hd_arena_open(&arena, (size_t)64 << 20);
    const char *wrong = message.text;
    if (find_seed(fault, library, &arena, &trace, signature, &message)) {
        kept = (struct hd_kept){
            .specs = {library}, .held = {fault->held}, .count = 1, .conditions = conditions};
        minimize = (struct hd_minimize){.enough = enough, .context = &begin};
        wrong = "it shows in no run of the seed";
        begin = hd_now_s();
        if (hd_calibrate(&kept, &trace, signature, &minimize.calibration))
            wrong = hd_minimize(&minimize, &kept, &trace, &arena, &message) == HD_OK
                        ? complaint(fault, &minimize)
                        : message.text;
        (void)printf("%s: %zu operations, %zu after %" PRIu64 " trials, %u rounds, in %.2f s\n",
                     signature, trace.count, minimize.reduction.count, minimize.trials,
                     minimize.reduction.round, hd_now_s() - begin);
        print_trace(&minimize, &kept.finding);
    }
    if (wrong != NULL) (void)printf("%s: %s\n", fault->name, wrong);
    hd_arena_close(&arena);
    return wrong != NULL;
}

int main(int argc, char **argv)
{
    hd_runner_serve(argv);
    hd_startup(argv);
    const char *name = argc == 2 ? argv[1] : "";
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (strcmp(faults[i].name, name) == 0) return check(&faults[i]);
    (void)fprintf(stderr, "usage: check_minimal NAME, a fault of faults.def, not '%s'\n", name);
    return 2;
}
