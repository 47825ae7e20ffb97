// SPDX-License-Identifier: MIT
/// policy_trial.c: a ladder of sizes, a churn, a request that fails; many tiny blocks; threads.
#include "harness/runner/policy_trial.h"

#include <string.h>

#define SLOTS       512
#define CHURN       20000
#define LADDER_BITS 25 // up to 32 MiB
#define OPS_MAX     (CHURN * 2 + LADDER_BITS * 64 + SLOTS)
#define TINY_BLOCKS 20000
#define THREADS     12 // more than there are arenas, where they follow the processors

// Room to spare: another trace may be four times as demanding of what this one has shown.
#define CALLS_LEAST  64
#define CALLS_ROOM   4
#define FACTOR_LEAST 4
#define FACTOR_ROOM  2
#define BASE_LEAST   ((size_t)64 << 20)
#define BASE_ROOM    2

#define PER_BLOCK_LEAST 64 // bytes
#define PER_BLOCK_ROOM  2

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
    uint8_t thread;
};

static void add(struct maker *maker, enum hd_op_kind kind, uint32_t slot, uint64_t size,
                uint64_t extra)
{
    HD_ASSERT(maker->count < OPS_MAX);
    maker->ops[maker->count++] = (struct hd_op){.kind = (uint8_t)kind,
                                                .thread = maker->thread,
                                                .slot = slot,
                                                .size = size,
                                                .extra = extra};
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

/// Sizes up and down, then a churn: how many calls, how much for large blocks.
static struct hd_trace make_varied(struct hd_arena *arena)
{
    struct maker maker = {.ops = hd_arena_take(arena, OPS_MAX * sizeof(struct hd_op), 8)};
    add(&maker, HD_OP_MALLOC, 0, PTRDIFF_MAX - 65536, 0); // nobody has so much
    add(&maker, HD_OP_FREE, 0, 0, 0);
    add_ladder(&maker);
    add_churn(&maker);
    return (struct hd_trace){.ops = maker.ops, .count = maker.count, .slot_count = SLOTS};
}

/// Many tiny blocks at once: what a block costs whatever its size.
static struct hd_trace make_tiny(struct hd_arena *arena)
{
    struct maker maker = {.ops = hd_arena_take(arena, OPS_MAX * sizeof(struct hd_op), 8)};
    for (uint32_t slot = 0; slot < TINY_BLOCKS; slot++)
        add(&maker, HD_OP_MALLOC, slot, 1 + slot % 16, 0);
    return (struct hd_trace){.ops = maker.ops, .count = maker.count, .slot_count = TINY_BLOCKS};
}

/// Each thread frees what the one before it got.
static struct hd_trace make_threaded(struct hd_arena *arena)
{
    static const uint64_t sizes[] = {24, 5000, 200000};
    struct maker maker = {.ops = hd_arena_take(arena, OPS_MAX * sizeof(struct hd_op), 8)};
    for (; maker.thread < THREADS; maker.thread++) {
        for (uint32_t slot = 0; slot < 3; slot++) {
            add(&maker, HD_OP_FREE, slot, 0, 0);
            add(&maker, HD_OP_MALLOC, slot, sizes[slot], 0);
        }
    }
    return (struct hd_trace){.ops = maker.ops, .count = maker.count, .slot_count = 3};
}

// ---------------------------------------------------------------------------- what it shows

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static void learn_calls(struct hd_kernel_policy *policy, const struct hd_footprint *seen)
{
    for (unsigned id = 0; id < HD_SYSCALLS; id++)
        if (seen->calls[id] != 0) policy->calls |= UINT64_C(1) << id;
    const size_t most = larger(CALLS_LEAST, CALLS_ROOM * seen->calls_max);
    policy->calls_max = (uint32_t)larger(policy->calls_max, most);
}

static void learn_varied(struct hd_kernel_policy *policy, const struct hd_footprint *seen)
{
    policy->calls = ALWAYS_FINE;
    learn_calls(policy, seen);
    const size_t factor = seen->demand > 0 ? seen->mapped_peak / seen->demand + 1 : 1;
    policy->mapped_factor = (uint32_t)larger(FACTOR_LEAST, FACTOR_ROOM * factor);
    policy->mapped_base = larger(BASE_LEAST, BASE_ROOM * seen->mapped_after);
}

static void learn_tiny(struct hd_kernel_policy *policy, const struct hd_footprint *seen)
{
    policy->mapped_per_block =
        larger(PER_BLOCK_LEAST, PER_BLOCK_ROOM * seen->mapped_peak / TINY_BLOCKS);
}

static enum hd_status try_trace(const char *spec, const struct hd_trace *trace,
                                const struct hd_conditions *conditions,
                                void (*learn)(struct hd_kernel_policy *, const struct hd_footprint *),
                                struct hd_trial *trial, struct hd_message *message)
{
    struct hd_result result;
    const enum hd_status status = hd_runner_run(spec, trace, conditions, &result, message);
    if (status != HD_OK) return status;
    const struct hd_run *run = result.run;
    trial->learned = run->finding_count == 0 && run->footprint.tapped;
    if (run->finding_count > 0) hd_finding_signature(&run->findings[0], trial->broke);
    if (trial->learned) learn(&trial->policy, &run->footprint);
    hd_result_release(&result);
    return HD_OK;
}

/// One that takes a single thread at all times is held to what it does there.
static enum hd_status try_threads(const char *spec, const struct hd_trace *trace,
                                  const struct hd_conditions *conditions, struct hd_trial *trial,
                                  struct hd_message *message)
{
    struct hd_trial threaded = *trial;
    const enum hd_status status =
        try_trace(spec, trace, conditions, learn_calls, &threaded, message);
    if (threaded.learned) trial->policy = threaded.policy;
    return status;
}

enum hd_status hd_policy_trial(const char *spec, const struct hd_conditions *conditions,
                               struct hd_trial *trial, struct hd_message *message)
{
    *trial = (struct hd_trial){0};
    struct hd_conditions plain = *conditions;
    plain.held = NULL;
    struct hd_arena arena;
    hd_arena_open(&arena, 3 * OPS_MAX * sizeof(struct hd_op));
    const struct hd_trace varied = make_varied(&arena);
    const struct hd_trace tiny = make_tiny(&arena);
    const struct hd_trace threaded = make_threaded(&arena);
    enum hd_status status = try_trace(spec, &varied, &plain, learn_varied, trial, message);
    if (status == HD_OK && trial->learned)
        status = try_trace(spec, &tiny, &plain, learn_tiny, trial, message);
    if (status == HD_OK && trial->learned)
        status = try_threads(spec, &threaded, &plain, trial, message);
    hd_arena_close(&arena);
    if (!trial->learned) trial->policy = (struct hd_kernel_policy){0};
    return status;
}
