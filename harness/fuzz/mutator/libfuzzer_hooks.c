// SPDX-License-Identifier: MIT
/// libfuzzer_hooks.c: libFuzzer's way to the mutator.
#include "harness/fuzz/mutator/mutator.h"
#include "harness/fuzz/target.h"

// One call in so many is left to libFuzzer's own mutator, so that no bytes are out of reach: forms
// that are not canonical, threads, slots far up.
#define OWN_SHARE 8

// Where there are hooks libFuzzer knows two mutators and draws them alike: the other one has to
// do more of the work.
#define CROSSOVER_SHARE 4

// libFuzzer's: what it declares itself (FuzzerInterface.h) is C++.
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t out_max, unsigned int seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned int seed)
{
    if (hd_target_mutator() == HD_MUTATOR_NONE) return size;
    if (hd_target_mutator() == HD_MUTATOR_BYTES || seed % OWN_SHARE == 0)
        return LLVMFuzzerMutate(data, size, size_max);
    const size_t mutated = hd_mutate(data, size, size_max, seed);
    return mutated != 0 ? mutated : LLVMFuzzerMutate(data, size, size_max);
}

/// 0: libFuzzer takes another mutation. Its own crosses inputs over as well.
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t out_max, unsigned int seed)
{
    if (hd_target_mutator() != HD_MUTATOR_TRACE || seed % CROSSOVER_SHARE != 0) return 0;
    return hd_crossover(a, a_size, b, b_size, out, out_max, seed);
}
