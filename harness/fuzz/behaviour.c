// SPDX-License-Identifier: MIT
/// behaviour.c: from a step to the counters of each family.
#include "harness/fuzz/behaviour.h"

#include "harness/fuzz/counters.h"
#include "harness/fuzz/own_stats.h"

#include <string.h>

static uint8_t nowhere[HD_COUNTERS];
static uint8_t *seen = nowhere; // by a counter's number: 1 when it was ever hit

/// Engines group counts (1, 2, 3, 4 to 7, ...), so that each group is something new once.
static inline void count(uint8_t *family, size_t index)
{
    if (family[index] < UINT8_MAX) family[index]++;
    seen[(size_t)(&family[index] - (uint8_t *)&hd_counters)] = 1;
}

/// Of what comes with nearly each step only the first time in an input tells anything.
static inline void mark(uint8_t *family, size_t index)
{
    family[index] = 1;
    seen[(size_t)(&family[index] - (uint8_t *)&hd_counters)] = 1;
}

// ---------------------------------------------------------------------------- classes

static inline unsigned length_of(size_t number) // in bits
{
    return number == 0 ? 0 : 64 - (unsigned)__builtin_clzll(number);
}

static inline unsigned at_most(unsigned number, unsigned most)
{
    return number < most ? number : most;
}

/// Small blocks, up to a page, up to where most allocators map a block by itself, beyond.
static inline unsigned size_class(size_t size)
{
    // Up to 15, 63, 255, 1023, 4095, 65535, 1 MiB, more.
    static const uint8_t classes[HD_SIZE_LENGTHS] = {
        [5 ... 6] = 1,   [7 ... 8] = 2,   [9 ... 10] = 3, [11 ... 12] = 4,
        [13 ... 16] = 5, [17 ... 20] = 6, [21 ... 64] = 7};
    return classes[length_of(size)];
}

/// 0, 1, 2: smaller, as many bits, larger.
static inline unsigned relation(size_t size, size_t to)
{
    const unsigned one = length_of(size);
    const unsigned other = length_of(to);
    return 1U + (one > other) - (one < other);
}

/// Touching, a header between, a cache line or two, half a page, a page, 128 KiB, more.
static inline unsigned gap_class(size_t gap)
{
    static const uint8_t classes[HD_SIZE_LENGTHS] = {
        [1 ... 5] = 1, [6 ... 7] = 2, [8 ... 11] = 3, [12] = 4, [13 ... 17] = 5, [18 ... 64] = 6};
    return classes[length_of(gap)];
}

// ---------------------------------------------------------------------------- families

static void show_outcome(const struct hd_step *step, size_t size)
{
    const bool gives = (hd_op_infos[step->op->kind].operands & HD_RESULT) != 0;
    const size_t row = step->op->kind * (size_t)HD_SIZE_LENGTHS + length_of(size);
    count(hd_counters.OUTCOME, row * 2 + (gives && step->result == 0));
}

static void show_reuse(const struct hd_behaviour *behaviour, const struct hd_step *step)
{
    const unsigned remembered = at_most(behaviour->frees, HD_FREED_MAX);
    for (unsigned ago = 1; ago <= remembered; ago++) {
        const unsigned i = (behaviour->frees - ago) % HD_FREED_MAX;
        const size_t offset = step->result - behaviour->freed[i].address;
        const size_t size = behaviour->freed[i].size;
        if (offset > size || (offset == size && size != 0)) continue;
        const size_t row = length_of(ago - 1) * 2 + (offset != 0);
        mark(hd_counters.REUSE,
             (row * HD_RELATIONS + relation(step->size, size)) * HD_SIZE_CLASSES +
                 size_class(step->size));
        return;
    }
}

static void show_neighbour(const struct hd_step *step, const struct hd_block *near, bool above)
{
    if (near == NULL || near->address == 0) return;
    const uintptr_t low_end = above ? step->result + step->usable : near->address + near->usable;
    const uintptr_t high = above ? near->address : step->result;
    const size_t gap = high > low_end ? high - low_end : 0;
    const size_t row = above * (size_t)HD_GAPS + gap_class(gap);
    mark(hd_counters.NEIGHBOUR,
         (row * HD_RELATIONS + relation(near->size, step->size)) * HD_SIZE_CLASSES +
             size_class(step->size));
}

static void show_alignment(const struct hd_step *step)
{
    const bool asked = (hd_op_infos[step->op->kind].operands & HD_ALIGNMENT) != 0;
    const unsigned bits = at_most((unsigned)__builtin_ctzll(step->result), HD_ALIGNMENTS - 1);
    const size_t row = asked * (size_t)HD_ALIGNMENTS + bits;
    mark(hd_counters.ALIGNMENT, row * HD_SIZE_CLASSES + size_class(step->size));
}

static void show_resize(const struct hd_step *step)
{
    const uintptr_t before = step->before.address;
    const unsigned move = step->result == before ? 0 : step->result > before ? 1 : 2;
    const unsigned length = at_most(length_of(step->size), HD_RESIZE_LENGTHS - 1);
    const size_t row = move * (size_t)HD_RELATIONS + relation(step->size, step->before.size);
    count(hd_counters.RESIZE, row * HD_RESIZE_LENGTHS + length);
}

static void show_block(const struct hd_behaviour *behaviour, const struct hd_step *step)
{
    const uintptr_t before = step->before.address;
    show_alignment(step);
    if (before != 0) show_resize(step);
    if (step->result == before) return;
    show_reuse(behaviour, step);
    show_neighbour(step, step->below, false);
    show_neighbour(step, step->above, true);
}

static void show_call_count(const struct hd_step *step)
{
    const unsigned many = at_most(length_of(step->call_count - 1), HD_CALL_COUNTS - 1);
    mark(hd_counters.CALLS, step->op->kind * (size_t)HD_CALL_COUNTS + many);
}

static void show_calls(const struct hd_step *step)
{
    const size_t kind = step->op->kind;
    for (uint32_t i = 0; i < step->call_count; i++) {
        const enum hd_syscall_id id = hd_syscall_of(step->calls[i].number);
        count(hd_counters.SYSCALL, kind * HD_SYSCALLS + id);
        if (step->calls[i].refused) count(hd_counters.REFUSED, kind * HD_REFUSABLES + id);
    }
}

/// Bytes got from the kernel in this run that hold no block, by those that do.
static void show_growth(struct hd_behaviour *behaviour, const struct hd_step *step)
{
    const size_t live = behaviour->engine->model.live_bytes;
    const size_t mapped = step->space->mapped;
    if (mapped <= behaviour->mapped_before || mapped - behaviour->mapped_before <= live) return;
    const unsigned free_length = length_of(mapped - behaviour->mapped_before - live);
    const unsigned live_length = length_of(live | 4095); // of a page at least
    if (free_length <= live_length) return;
    const unsigned ratio = at_most(free_length - live_length, HD_RATIOS) - 1;
    if (ratio < behaviour->ratio_max) return;
    behaviour->ratio_max = ratio + 1;
    mark(hd_counters.GROWTH, step->op->kind * (size_t)HD_RATIOS + ratio);
}

// ---------------------------------------------------------------------------- a run

static void remember_freed(struct hd_behaviour *behaviour, const struct hd_block *block)
{
    const unsigned i = behaviour->frees++ % HD_FREED_MAX;
    behaviour->freed[i].address = block->address;
    behaviour->freed[i].size = block->usable;
}

static bool freed_block(const struct hd_step *step)
{
    if (step->before.address == 0 || step->result == step->before.address) return false;
    return step->op->kind == HD_OP_FREE || step->result != 0;
}

/// What depends on where the heap began.
static void show_places(struct hd_behaviour *behaviour, const struct hd_step *step)
{
    if (step->call_count > 0) show_call_count(step);
    if (step->tapped) show_growth(behaviour, step);
    if (behaviour->at_end) return;
    if (step->result != 0) show_block(behaviour, step);
    if (freed_block(step)) remember_freed(behaviour, &step->before);
}

static void observe_step(void *context, const struct hd_step *step)
{
    struct hd_behaviour *behaviour = context;
    const bool sized = (hd_op_infos[step->op->kind].operands & HD_SIZE) != 0;
    if (step->call_count > 0) show_calls(step);
    if (!behaviour->at_end) show_outcome(step, sized ? step->size : step->before.size);
    if (behaviour->fresh) show_places(behaviour, step);
}

static void observe_trace_begin(void *context, const struct hd_engine *engine)
{
    struct hd_behaviour *behaviour = context;
    behaviour->frees = 0;
    behaviour->mapped_before = engine->kernel_side.space.mapped;
    behaviour->ratio_max = 0;
    behaviour->at_end = false;
}

static void observe_trace_end(void *context, const struct hd_engine *engine)
{
    struct hd_behaviour *behaviour = context;
    (void)engine;
    behaviour->at_end = true;
}

void hd_behaviour_watch(struct hd_behaviour *behaviour, struct hd_engine *engine, bool fresh)
{
    *behaviour = (struct hd_behaviour){.engine = engine,
                                       .fresh = fresh,
                                       .observer = {.trace_begin = observe_trace_begin,
                                                    .step = observe_step,
                                                    .trace_end = observe_trace_end,
                                                    .context = behaviour}};
    engine->observer = &behaviour->observer;
    seen = hd_own_stats()->behaviours;
}

void hd_behaviour_show(void)
{
    mark(hd_counters.INPUT, 0);
    hd_counters_show();
}
