// SPDX-License-Identifier: MIT
/// kernel_probe.c: a ladder of sizes, a churn, and a request that fails.
#include "harness/runner/kernel_probe.h"

#include <string.h>

#define SLOTS       512
#define CHURN       20000
#define LADDER_BITS 25 // up to 32 MiB
#define OPS_MAX     (CHURN * 2 + LADDER_BITS * 64 + SLOTS)
#define DEADLINE_MS 2000

// Room to spare: another trace may be four times as demanding of what this one has shown.
#define CALLS_LEAST  64
#define CALLS_ROOM   4
#define FACTOR_LEAST 4
#define FACTOR_ROOM  2
#define BASE_LEAST   ((size_t)64 << 20)
#define BASE_ROOM    2

/// Calls that change no state outside the process, that any multi-threaded allocator may make where
/// it did not happen to in a short trial, or that say what went wrong.
#define ALWAYS_FINE                                                                                \
    (HD_CALLS(mmap) | HD_CALLS(brk) | HD_CALLS(mremap) | HD_CALLS(munmap) | HD_CALLS(madvise) |    \
     HD_CALLS(mprotect) | HD_CALLS(mincore) | HD_CALLS(getrandom) | HD_CALLS(futex) |              \
     HD_CALLS(sched_yield) | HD_CALLS(clock_gettime) | HD_CALLS(nanosleep) |                       \
     HD_CALLS(clock_nanosleep) | HD_CALLS(getcpu) | HD_CALLS(sched_getaffinity) |                  \
     HD_CALLS(getpid) | HD_CALLS(gettid) | HD_CALLS(membarrier) | HD_CALLS(prctl) |                \
     HD_CALLS(rt_sigprocmask) | HD_CALLS(write) | HD_CALLS(writev))

// ---------------------------------------------------------------------------- the made trace

struct maker {
    struct hd_op *ops;
    size_t count;
    uint64_t random;
};

static void add(struct maker *maker, enum hd_op_kind kind, uint32_t slot, uint64_t size,
                uint64_t extra)
{
    HD_ASSERT(maker->count < OPS_MAX);
    maker->ops[maker->count++] =
        (struct hd_op){.kind = (uint8_t)kind, .slot = slot, .size = size, .extra = extra};
}

/// A linear congruential step (Knuth's MMIX constants); the high bits are good enough here.
static uint64_t next(struct maker *maker)
{
    maker->random = maker->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return maker->random >> 33;
}

/// Each size up and down: malloc, realloc and aligned.
static void add_ladder(struct maker *maker)
{
    for (uint32_t bits = 0; bits < LADDER_BITS; bits++) {
        const uint64_t size = UINT64_C(1) << bits;
        add(maker, HD_OP_MALLOC, 0, size - 1, 0);
        add(maker, HD_OP_MALLOC, 1, size, 0);
        add(maker, HD_OP_CALLOC, 2, size + 1, 1);
        add(maker, HD_OP_REALLOC, 0, size * 2, 0);
        add(maker, HD_OP_MEMALIGN, 3, size, 64);
        add(maker, HD_OP_REALLOC, 0, size / 2 + 1, 0);
        for (uint32_t slot = 0; slot < 4; slot++)
            add(maker, HD_OP_FREE, slot, 0, 0);
    }
}

/// Random replacement among SLOTS blocks: mostly small, some of tens of KiB, few of hundreds.
static void add_churn(struct maker *maker)
{
    for (size_t i = 0; i < CHURN; i++) {
        const uint32_t slot = (uint32_t)(next(maker) % SLOTS);
        const unsigned bits = next(maker) % 16 == 0 ? 19 : next(maker) % 4 == 0 ? 15 : 9;
        add(maker, HD_OP_FREE, slot, 0, 0);
        add(maker, HD_OP_MALLOC, slot, next(maker) % (UINT64_C(1) << bits), 0);
    }
}

static struct hd_trace make_trace(struct hd_arena *arena)
{
    struct maker maker = {.ops = hd_arena_take(arena, OPS_MAX * sizeof(struct hd_op), 8)};
    add(&maker, HD_OP_MALLOC, 0, PTRDIFF_MAX - 65536, 0); // nobody has so much
    add(&maker, HD_OP_FREE, 0, 0, 0);
    add_ladder(&maker);
    add_churn(&maker);
    return (struct hd_trace){.ops = maker.ops, .count = maker.count, .slot_count = SLOTS};
}

// ---------------------------------------------------------------------------- what it shows

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static struct hd_kernel_policy policy_from(const struct hd_footprint *seen)
{
    struct hd_kernel_policy policy = {.calls = ALWAYS_FINE};
    for (unsigned id = 0; id < HD_SYSCALLS; id++)
        if (seen->calls[id] != 0) policy.calls |= UINT64_C(1) << id;
    policy.calls_max = (uint32_t)larger(CALLS_LEAST, CALLS_ROOM * seen->calls_max);
    const size_t factor = seen->demand > 0 ? seen->mapped_peak / seen->demand + 1 : 1;
    policy.mapped_factor = (uint32_t)larger(FACTOR_LEAST, FACTOR_ROOM * factor);
    policy.mapped_base = larger(BASE_LEAST, BASE_ROOM * seen->mapped_after);
    return policy;
}

static bool says_something(const struct hd_kernel_policy *policy)
{
    return policy->calls != 0 || policy->calls_max != 0 || policy->mapped_factor != 0 ||
           policy->mapped_after != 0;
}

static struct hd_kernel_policy learn(const struct hd_result *result)
{
    if (says_something(&result->policy.kernel)) return result->policy.kernel;
    const struct hd_run *run = result->run;
    const bool whole = run->phase == HD_PHASE_DONE && run->finding_count == 0;
    if (!whole || !run->footprint.tapped) return (struct hd_kernel_policy){0};
    return policy_from(&run->footprint);
}

enum hd_status hd_kernel_probe(const char *spec, const struct hd_conditions *conditions,
                               struct hd_kernel_policy *policy, struct hd_message *message)
{
    struct hd_arena arena;
    hd_arena_open(&arena, OPS_MAX * sizeof(struct hd_op));
    const struct hd_trace trace = make_trace(&arena);
    struct hd_conditions trial = *conditions;
    if (trial.deadline_ms == 0 || trial.deadline_ms > DEADLINE_MS) trial.deadline_ms = DEADLINE_MS;
    trial.kernel = NULL;
    struct hd_result result;
    const enum hd_status status = hd_runner_run(spec, &trace, &trial, &result, message);
    hd_arena_close(&arena);
    if (status != HD_OK) return status;
    *policy = learn(&result);
    hd_result_release(&result);
    return HD_OK;
}
