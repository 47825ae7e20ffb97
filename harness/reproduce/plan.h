// SPDX-License-Identifier: MIT
/// plan.h: the operations that the program makes, each with what is known of its block.
#ifndef HD_REPRODUCE_PLAN_H
#define HD_REPRODUCE_PLAN_H

#include "harness/base/arena.h"
#include "harness/reproduce/reproduce.h"

/// A block as the program knows it.
struct hd_planned_block {
    bool lives;
    size_t size;      // bytes asked for
    uint32_t filling; // which of the program's fillings it holds, from 1; 0: none
};

/// One operation that was carried out.
struct hd_planned_step {
    struct hd_op op;
    enum hd_outcome_kind outcome;   // HD_OUTCOME_NONE: not known, of a step at the end
    size_t size;                    // bytes in all; SIZE_MAX when count x size overflows
    bool overflow;
    struct hd_planned_block before; // the slot's block
    uint32_t filling;               // that follows the call; 0: none
    bool trims;                     // malloc_trim follows it
    bool ends_refusals;             // before it: from here on nothing is refused
    bool ends_refuse_all;           // the last one during which all is refused
};

#define HD_UNNUMBERED UINT32_MAX

/// All up to the finding's step, which is the last.
struct hd_plan {
    struct hd_planned_step *steps;
    size_t count;
    struct hd_planned_block *blocks; // by slot: what lives behind the last step, less its result
    uint32_t slot_count;
    uint32_t *numbers;   // by slot: what the program calls it; HD_UNNUMBERED: no step names it
    uint32_t slots_used; // how many slots the steps name
    uint32_t slot_max;   // the largest of them
    uint32_t number_max;
    uint32_t fillings;
    uint8_t first_thread; // is the program's own
    uint8_t thread_max;
    bool has_threads;     // others than that
};

/// What lies in the arena lives as long as that. `fills`: every new block is filled.
void hd_plan_make(const struct hd_reproduction *reproduction, bool fills, struct hd_arena *arena,
                  struct hd_plan *plan);

static inline const struct hd_planned_step *hd_plan_last(const struct hd_plan *plan)
{
    return &plan->steps[plan->count - 1];
}

#endif
