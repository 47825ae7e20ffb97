// SPDX-License-Identifier: MIT
/// workload.c: a steady load, made by a generator with a fixed seed.
#include "harness/bench/workload.h"

#include "harness/bench/random.h"

#include <stdbool.h>

static uint64_t block_size(struct hd_random *random)
{
    const uint64_t percent = hd_random_next(random) % 100;
    if (percent < 60) return hd_random_between(random, 8, 128);
    if (percent < 90) return hd_random_between(random, 129, 1024);
    if (percent < 99) return hd_random_between(random, 1025, 4096);
    return hd_random_between(random, 4097, 32768);
}

static struct hd_op new_block(struct hd_random *random, uint32_t slot)
{
    struct hd_op op = {.kind = HD_OP_MALLOC, .slot = slot, .size = block_size(random)};
    if (hd_random_next(random) % 10 == 0) {
        op.kind = HD_OP_CALLOC;
        op.extra = 1;
    }
    return op;
}

/// A load under way.
struct load {
    struct hd_random random;
    uint32_t live;
    uint32_t allocated; // of the first part
    bool replaces;      // the block of the slot was freed
    uint32_t slot;
};

static struct hd_op next_op(struct load *load)
{
    struct hd_random *random = &load->random;
    if (load->allocated < load->live) return new_block(random, load->allocated++);
    if (load->replaces) {
        load->replaces = false;
        return new_block(random, load->slot);
    }
    load->slot = (uint32_t)(hd_random_next(random) % load->live);
    if (hd_random_next(random) % 10 == 0)
        return (struct hd_op){
            .kind = HD_OP_REALLOC, .slot = load->slot, .size = block_size(random)};
    load->replaces = true;
    return (struct hd_op){.kind = HD_OP_FREE, .slot = load->slot};
}

/// Whether a load of so many operations goes on after `count`.
static bool goes_on(const struct load *load, size_t count, size_t operations)
{
    return count < operations || load->allocated < load->live || load->replaces;
}

void hd_workload_make(struct hd_arena *arena, uint32_t live, size_t operations,
                      struct hd_trace *trace)
{
    struct load load = {.random = {.state = live}, .live = live};
    const size_t room = (operations > live ? operations : live) + 1;
    struct hd_op *ops = hd_arena_take(arena, room * sizeof *ops, _Alignof(struct hd_op));
    size_t count = 0;
    while (goes_on(&load, count, operations)) ops[count++] = next_op(&load);
    *trace = (struct hd_trace){.ops = ops, .count = count, .slot_count = live};
}

enum hd_status hd_workload_spool(struct hd_spool *spool, uint32_t live, size_t operations,
                                 struct hd_trace *trace, struct hd_message *message)
{
    struct load load = {.random = {.state = live}, .live = live};
    for (size_t count = 0; goes_on(&load, count, operations); count++) {
        const struct hd_op op = next_op(&load);
        const enum hd_status status = hd_spool_put(spool, &op, message);
        if (status != HD_OK) return status;
    }
    return hd_spool_take(spool, trace, message);
}

#define SMALL_OPERATIONS 20
#define SMALL_SLOTS      8

void hd_workload_make_small(struct hd_arena *arena, uint64_t number, struct hd_trace *trace)
{
    struct hd_random random = {.state = number};
    bool lives[SMALL_SLOTS] = {false};
    struct hd_op *ops =
        hd_arena_take(arena, SMALL_OPERATIONS * sizeof *ops, _Alignof(struct hd_op));
    for (size_t i = 0; i < SMALL_OPERATIONS; i++) {
        const uint32_t slot = (uint32_t)(hd_random_next(&random) % SMALL_SLOTS);
        const bool resizes = hd_random_next(&random) % 10 == 0;
        if (!lives[slot])
            ops[i] = new_block(&random, slot);
        else if (resizes)
            ops[i] = (struct hd_op){
                .kind = HD_OP_REALLOC, .slot = slot, .size = block_size(&random)};
        else
            ops[i] = (struct hd_op){.kind = HD_OP_FREE, .slot = slot};
        lives[slot] = ops[i].kind != HD_OP_FREE;
    }
    *trace = (struct hd_trace){.ops = ops, .count = SMALL_OPERATIONS, .slot_count = SMALL_SLOTS};
}
