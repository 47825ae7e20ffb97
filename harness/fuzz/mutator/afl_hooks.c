// SPDX-License-Identifier: MIT
/// afl_hooks.c: AFL++'s way to the mutator: libheapduel_mutator.so, named in
/// AFL_CUSTOM_MUTATOR_LIBRARY. Its own havoc goes on besides.
///
/// Trimming takes out runs of operations where AFL++ would cut bytes: halves first, then ever
/// shorter ones, each from the beginning to the end.
#include "harness/fuzz/mutator/draft.h"
#include "harness/fuzz/mutator/mutator.h"
#include "harness/trace/binary.h"

#include <stdlib.h>
#include <string.h>

#define EXPORT        __attribute__((visibility("default")))
#define BYTES_MAX     (HD_DRAFT_MAX * HD_RECORD_SIZE)
#define GROWN_MAX     4096 // bytes, as libFuzzer's -max_len: long traces are slow
#define CROSSOVER_ONE 8    // call in so many, when there is another input
#define TRIM_STEPS    512  // runs of the target that trimming one input may cost

struct mutator {
    uint64_t random;
    uint8_t bytes[BYTES_MAX];   // what fuzz and trim give out
    uint8_t trimmed[BYTES_MAX]; // the smallest so far
    size_t count;               // of its operations
    size_t at, length;          // the run tried next
    int32_t step;
};

// The interface is documented in AFL++'s docs/custom_mutators.md; its types are in no header that
// Debian installs.
EXPORT void *afl_custom_init(void *afl, unsigned int seed);
EXPORT size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf,
                              uint8_t *add_buf, size_t add_buf_size, size_t max_size);
EXPORT int32_t afl_custom_init_trim(void *data, uint8_t *buf, size_t buf_size);
EXPORT size_t afl_custom_trim(void *data, uint8_t **out_buf);
EXPORT int32_t afl_custom_post_trim(void *data, uint8_t success);
EXPORT void afl_custom_deinit(void *data);

/// NULL ends afl-fuzz. The heap is afl-fuzz's own: the target runs in another process.
void *afl_custom_init(void *afl, unsigned int seed)
{
    (void)afl;
    struct mutator *mutator = calloc(1, sizeof *mutator);
    if (mutator != NULL) mutator->random = seed;
    return mutator;
}

void afl_custom_deinit(void *data)
{
    free(data);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf,
                       uint8_t *add_buf, size_t add_buf_size, size_t max_size)
{
    struct mutator *mutator = data;
    const size_t grown = buf_size > GROWN_MAX ? buf_size : GROWN_MAX;
    const size_t out_max = least(least(max_size, grown), BYTES_MAX);
    const uint64_t seed = hd_random_next(&mutator->random);
    *out_buf = mutator->bytes;
    if (add_buf != NULL && seed % CROSSOVER_ONE == 0)
        return hd_crossover(buf, buf_size, add_buf, add_buf_size, mutator->bytes, out_max, seed);

    const size_t size = least(buf_size, out_max);
    memcpy(mutator->bytes, buf, size);
    return hd_mutate(mutator->bytes, size, out_max, seed);
}

// ---------------------------------------------------------------------------- trimming

/// The number of steps, at most; 0: nothing to trim.
int32_t afl_custom_init_trim(void *data, uint8_t *buf, size_t buf_size)
{
    struct mutator *mutator = data;
    mutator->count = least(buf_size, BYTES_MAX) / HD_RECORD_SIZE;
    memcpy(mutator->trimmed, buf, mutator->count * HD_RECORD_SIZE);
    mutator->at = 0;
    mutator->length = mutator->count / 2;
    mutator->step = 0;
    return mutator->length > 0 ? TRIM_STEPS : 0;
}

/// The smallest so far without the run that is tried. At least one operation is left.
size_t afl_custom_trim(void *data, uint8_t **out_buf)
{
    struct mutator *mutator = data;
    const size_t begin = mutator->at * HD_RECORD_SIZE;
    const size_t end = (mutator->at + mutator->length) * HD_RECORD_SIZE;
    const size_t size = mutator->count * HD_RECORD_SIZE;
    memcpy(mutator->bytes, mutator->trimmed, begin);
    memcpy(mutator->bytes + begin, mutator->trimmed + end, size - end);
    *out_buf = mutator->bytes;
    return size - (end - begin);
}

/// Moves on to the next run; the step, or TRIM_STEPS when there is none.
int32_t afl_custom_post_trim(void *data, uint8_t success)
{
    struct mutator *mutator = data;
    if (success) {
        mutator->count -= mutator->length;
        memcpy(mutator->trimmed, mutator->bytes, mutator->count * HD_RECORD_SIZE);
    } else {
        mutator->at += mutator->length;
    }
    if (mutator->at + mutator->length > mutator->count || mutator->length == mutator->count) {
        mutator->at = 0;
        mutator->length = least(mutator->length, mutator->count) / 2;
    }
    mutator->step++;
    return mutator->length == 0 ? TRIM_STEPS : mutator->step;
}
