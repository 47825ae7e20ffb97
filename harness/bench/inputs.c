// SPDX-License-Identifier: MIT
/// inputs.c: the mutator, again and again.
#include "harness/bench/inputs.h"

#include "harness/fuzz/mutator/mutator.h"
#include "harness/trace/binary.h"

#define OPERATIONS_MAX 40
#define ROUNDS         6

void hd_inputs_make(struct hd_arena *arena, uint64_t number, struct hd_trace *trace)
{
    uint8_t bytes[OPERATIONS_MAX * HD_RECORD_SIZE];
    size_t size = 0;
    for (uint64_t round = 0; round < ROUNDS; round++)
        size = hd_mutate(bytes, size, sizeof bytes, number * ROUNDS + round);
    hd_trace_decode_input(bytes, size, arena, trace);
}
