// SPDX-License-Identifier: MIT
/// load.c: the loads of one thread, each a loop of a few lines.
#include "harness/bench/load.h"

#include "harness/bench/larson.h"
#include "harness/engine/call.h"

const char *const hd_load_families[HD_LOAD_FAMILIES] = {
    [HD_LOAD_REPLAY] = "replay", [HD_LOAD_LARSON] = "larson", [HD_LOAD_PAIRS] = "pairs",
    [HD_LOAD_BURSTS] = "bursts", [HD_LOAD_GROWTH] = "growth",
};

const struct hd_load hd_loads[HD_LOADS_FIXED] = {
#define HD_LOAD(family, name, threads, size, count, step)                                          \
    {name, HD_LOAD_##family, threads, size, count, step, NULL},
#include "harness/bench/loads.def"
#undef HD_LOAD
};

// ---------------------------------------------------------------------------- a trace

/// False: the call was not served.
static bool replay_op(const struct hd_subject *subject, const struct hd_op *op, uintptr_t *block)
{
    const struct hd_answer answer = hd_call(subject, op, *block);
    const unsigned operands = hd_op_infos[op->kind].operands;
    if (op->kind == HD_OP_FREE) *block = 0;
    if ((operands & HD_RESULT) == 0) return true;

    bool overflow;
    const size_t size = hd_call_size(op, &overflow);
    if (answer.result != 0) hd_load_touch((void *)answer.result, size);
    // A realloc that failed left the old block; one to no bytes freed it.
    if (answer.result != 0 || (operands & HD_SLOT) == 0 || size == 0) *block = answer.result;
    return answer.result != 0 || size == 0;
}

static uint64_t replay(const struct hd_load *load, const struct hd_subject *subject, void *room)
{
    const struct hd_trace *trace = load->trace;
    uintptr_t *blocks = room;
    uint64_t unserved = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct hd_op *op = &trace->ops[i];
        if (hd_call_is_event(op->kind) || !hd_call_applies(op, blocks[op->slot] != 0)) continue;
        const bool served = hd_call_offered(&subject->allocator, op->kind) &&
                            replay_op(subject, op, &blocks[op->slot]);
        unserved += !served;
    }
    for (uint32_t slot = 0; slot < trace->slot_count; slot++)
        if (blocks[slot] != 0) subject->allocator.release(subject->heap, (void *)blocks[slot]);
    return unserved;
}

// ---------------------------------------------------------------------------- equal blocks

static uint64_t pairs(const struct hd_load *load, const struct hd_subject *subject, void *room)
{
    (void)room;
    const struct hd_allocator *allocator = &subject->allocator;
    for (size_t i = 0; i < load->count; i++) {
        volatile uint8_t *block = allocator->allocate(subject->heap, load->size);
        if (block == NULL) return 1;
        *block = 1; // else a compiler or a kernel could tell that nobody wants it
        allocator->release(subject->heap, (void *)block);
    }
    return 0;
}

static uint64_t bursts(const struct hd_load *load, const struct hd_subject *subject, void *room)
{
    const struct hd_allocator *allocator = &subject->allocator;
    void **blocks = room;
    for (unsigned burst = 0; burst < HD_LOAD_BURSTS_MADE; burst++) {
        for (size_t i = 0; i < load->count; i++) {
            blocks[i] = allocator->allocate(subject->heap, load->size);
            if (blocks[i] == NULL) return 1;
            hd_load_touch(blocks[i], load->size);
        }
        for (size_t i = 0; i < load->count; i++)
            allocator->release(subject->heap, blocks[i]);
    }
    return 0;
}

// ---------------------------------------------------------------------------- realloc

#define GROWN_FROM 16 // bytes

static size_t grown(const struct hd_load *load, size_t size)
{
    const size_t next = size + (load->step != 0 ? load->step : size / 2);
    return next < load->size ? next : load->size;
}

static uint64_t grow(const struct hd_load *load, const struct hd_subject *subject, void *room)
{
    const struct hd_allocator *allocator = &subject->allocator;
    void **blocks = room;
    for (size_t i = 0; i < load->count; i++) {
        blocks[0] = blocks[1] = NULL;
        size_t filled = 0;
        for (size_t size = GROWN_FROM;; size = grown(load, size)) {
            for (size_t side = 0; side < 2; side++) {
                void *moved = allocator->resize(subject->heap, blocks[side], size);
                if (moved == NULL) return 1;
                blocks[side] = moved;
                hd_load_touch((uint8_t *)moved + filled, size - filled);
            }
            filled = size;
            if (size == load->size) break;
        }
        allocator->release(subject->heap, blocks[0]);
        allocator->release(subject->heap, blocks[1]);
    }
    return 0;
}

/// Of both blocks, with their frees.
static uint64_t growth_operations(const struct hd_load *load)
{
    uint64_t steps = 1;
    for (size_t size = GROWN_FROM; size < load->size; size = grown(load, size))
        steps++;
    return 2 * (steps + 1);
}

// ---------------------------------------------------------------------------- any of them

bool hd_load_suits(const struct hd_load *load, const struct hd_subject *subject)
{
    if (load->family == HD_LOAD_GROWTH) return subject->allocator.resize != NULL;
    return load->threads == 1 || subject->library != NULL;
}

uint64_t hd_load_operations(const struct hd_load *load)
{
    switch (load->family) {
    case HD_LOAD_REPLAY: return load->trace->count;
    case HD_LOAD_LARSON: return hd_larson_operations(load);
    case HD_LOAD_PAIRS: return 2 * load->count;
    case HD_LOAD_BURSTS: return 2 * load->count * HD_LOAD_BURSTS_MADE;
    case HD_LOAD_GROWTH: return load->count * growth_operations(load);
    case HD_LOAD_FAMILIES: break;
    }
    HD_ASSERT(false);
}

size_t hd_load_room(const struct hd_load *load)
{
    switch (load->family) {
    case HD_LOAD_REPLAY: return ((size_t)load->trace->slot_count + 1) * sizeof(uintptr_t);
    case HD_LOAD_LARSON: return hd_larson_room(load);
    case HD_LOAD_PAIRS: return 0;
    case HD_LOAD_BURSTS: return load->count * sizeof(void *);
    case HD_LOAD_GROWTH: return 2 * sizeof(void *);
    case HD_LOAD_FAMILIES: break;
    }
    HD_ASSERT(false);
}

uint64_t hd_load_run(const struct hd_load *load, const struct hd_subject *subject, void *room)
{
    static uint64_t (*const runs[HD_LOAD_FAMILIES])(const struct hd_load *,
                                                    const struct hd_subject *, void *) = {
        [HD_LOAD_REPLAY] = replay, [HD_LOAD_LARSON] = hd_larson_run, [HD_LOAD_PAIRS] = pairs,
        [HD_LOAD_BURSTS] = bursts, [HD_LOAD_GROWTH] = grow,
    };
    return runs[load->family](load, subject, room);
}
