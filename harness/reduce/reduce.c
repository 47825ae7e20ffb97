// SPDX-License-Identifier: MIT
/// reduce.c: going over a trace until nothing helps any more; one trial.
#include "harness/reduce/passes.h"

#include <string.h>

// Trials that did not fail, by their hash: a later one takes the place of an earlier. The last time
// over the trace costs next to nothing by it.
#define REJECTED ((size_t)1 << 16)

// ---------------------------------------------------------------------------- one trial

/// The finaliser of splitmix64 (Steele, Lea and Flood, 2014).
static uint64_t mix(uint64_t hash, uint64_t value)
{
    uint64_t z = (hash ^ value) + UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t hash_ops(const struct hd_op *ops, size_t count)
{
    uint64_t hash = mix(1, count);
    for (size_t i = 0; i < count; i++) {
        const struct hd_op *op = &ops[i];
        hash = mix(hash, (uint64_t)op->slot << 16 | (uint64_t)op->thread << 8 | op->kind);
        hash = mix(mix(hash, op->size), op->extra);
    }
    return hash;
}

static struct hd_trace trace_of(const struct hd_op *ops, size_t count)
{
    struct hd_trace trace = {.ops = ops, .count = count};
    for (size_t i = 0; i < count; i++)
        if (hd_names_slot(&ops[i]) && ops[i].slot >= trace.slot_count)
            trace.slot_count = ops[i].slot + 1;
    return trace;
}

bool hd_reduction_try(struct hd_reduction *reduction, size_t count)
{
    if (reduction->stopped) return false;
    const uint64_t hash = hash_ops(reduction->trial, count);
    uint64_t *known = &reduction->rejected[hash % REJECTED];
    if (*known == hash) return false;
    reduction->stopped = reduction->enough != NULL && reduction->enough(reduction->context);
    if (reduction->stopped) return false;

    reduction->trials++;
    const struct hd_trace trace = trace_of(reduction->trial, count);
    if (!reduction->still_fails(reduction->context, &trace)) {
        *known = hash;
        return false;
    }
    struct hd_op *before = reduction->ops;
    reduction->ops = reduction->trial;
    reduction->trial = before;
    reduction->count = count;
    return true;
}

void hd_reduction_copy(struct hd_reduction *reduction)
{
    memcpy(reduction->trial, reduction->ops, reduction->count * sizeof reduction->ops[0]);
}

struct hd_trace hd_reduction_trace(const struct hd_reduction *reduction)
{
    return trace_of(reduction->ops, reduction->count);
}

// ---------------------------------------------------------------------------- over and over

void hd_reduce(struct hd_reduction *reduction, const struct hd_trace *trace, struct hd_arena *arena)
{
    const size_t bytes = trace->count * sizeof trace->ops[0];
    reduction->ops = hd_arena_take(arena, bytes, _Alignof(struct hd_op));
    reduction->trial = hd_arena_take(arena, bytes, _Alignof(struct hd_op));
    reduction->rejected = hd_arena_take(arena, REJECTED * sizeof(uint64_t), _Alignof(uint64_t));
    memset(reduction->rejected, 0, REJECTED * sizeof(uint64_t));
    memcpy(reduction->ops, trace->ops, bytes);
    reduction->count = trace->count;
    reduction->trials = 0;
    reduction->stopped = false;
    reduction->round = 0;

    (void)hd_reduce_prefix(reduction);
    bool helped;
    do {
        helped = hd_reduce_ddmin(reduction);
        helped |= hd_reduce_pairs(reduction);
        helped |= hd_reduce_twos(reduction);
        helped |= hd_reduce_merge(reduction);
        helped |= hd_reduce_threads(reduction);
        helped |= hd_reduce_values(reduction);
        helped |= hd_reduce_renumber(reduction);
        reduction->round++;
    } while (helped && !reduction->stopped);
}
