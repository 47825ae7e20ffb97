// SPDX-License-Identifier: MIT
/// mutator.c: a few mutations at a time, drawn by weight.
#include "harness/fuzz/mutator/mutator.h"

#include "harness/fuzz/mutator/mutations.h"
#include "harness/trace/binary.h"

#define STACKED_MAX    4  // mutations at a time
#define TRIES_MAX      16 // for one that can be applied
#define START_MAX      24 // operations of a trace made of nothing
#define START_OVER     4  // one trace in so many
#define LONG           64
#define HEAVY_MIB      16
#define SERVED_MIB_MAX 256

const struct hd_mutation hd_mutations[HD_MUTATIONS] = {
#define HD_MUTATION(word, share, sentence)                                                         \
    [HD_MUTATION_##word] = {                                                                       \
        .name = #word, .weight = (share), .purpose = (sentence), .apply = hd_mutation_##word},
#include "harness/fuzz/mutator/mutations.def"
#undef HD_MUTATION
};

enum {
#define HD_MUTATION(name, weight, purpose) FIRST_##name, LAST_##name = FIRST_##name + (weight)-1,
#include "harness/fuzz/mutator/mutations.def"
#undef HD_MUTATION
    SUM_OF_WEIGHTS
};

static const uint8_t shares[SUM_OF_WEIGHTS] = {
#define HD_MUTATION(name, weight, purpose) [FIRST_##name... LAST_##name] = HD_MUTATION_##name,
#include "harness/fuzz/mutator/mutations.def"
#undef HD_MUTATION
};

/// One in four inputs does without some kinds ("swarm testing", Groce and others, 2012): what an
/// operation always brings about hides what comes of its absence. malloc is never off.
static uint64_t kinds_off(uint64_t *random)
{
    if (!hd_random_once_in(random, 4)) return 0;
    const uint64_t off = hd_random_next(random) & hd_random_next(random);
    return off & ~(UINT64_C(1) << HD_OP_MALLOC);
}

static void mutate_once(struct hd_draft *draft)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        const size_t id = shares[hd_draft_below(draft, SUM_OF_WEIGHTS)];
        if (hd_mutations[id].apply(draft)) return;
    }
}

/// What longer traces make happen more often looks new to an engine, and most mutations add. So
/// that not all come to be as long as they may, which makes them slow, half of those of LONG
/// operations are cut first, of shorter ones the fewer the shorter they are.
static void prune(struct hd_draft *draft)
{
    if (hd_draft_below(draft, LONG) < draft->count) (void)hd_mutation_erase_run(draft);
}

/// What the operation may have served and filled, in MiB; what asks for more is refused.
static uint64_t weight_of(const struct hd_op *op)
{
    uint64_t bytes = op->size;
    const unsigned operands = hd_op_infos[op->kind].operands;
    if ((operands & HD_RESULT) == 0) return 0;
    if ((operands & HD_COUNT) != 0 && __builtin_mul_overflow(op->size, op->extra, &bytes)) return 0;
    return bytes >> 20 < SERVED_MIB_MAX ? bytes >> 20 : 0;
}

/// The same for traces that ask for much memory: to fill a page takes as long as several
/// operations. The heaviest operations are taken out, the fewer the lighter all are together.
static void lighten(struct hd_draft *draft)
{
    for (int i = 0; i < STACKED_MAX && draft->count > 1; i++) {
        size_t heaviest = 0;
        uint64_t sum = 0;
        for (size_t at = 0; at < draft->count; at++) {
            const uint64_t weight = weight_of(&draft->ops[at]);
            if (weight > weight_of(&draft->ops[heaviest])) heaviest = at;
            sum += weight;
        }
        if (hd_draft_below(draft, HEAVY_MIB) >= sum) return;
        hd_draft_erase(draft, heaviest, 1);
    }
}

/// All on the first thread, which does not end: to start another takes longer than most inputs do.
static void gather(struct hd_draft *draft)
{
    size_t to = 0;
    for (size_t i = 0; i < draft->count; i++) {
        draft->ops[to] = draft->ops[i];
        draft->ops[to].thread = 0;
        to += draft->ops[to].kind != HD_OP_THREAD_END;
    }
    draft->count = to > 0 ? to : 1;
}

/// Some traces are made anew, whatever went in: an engine keeps what looks new and builds on it,
/// and what many operations have prepared is not where a few are enough.
static void start_over(struct hd_draft *draft)
{
    if (hd_random_once_in(&draft->random, START_OVER)) draft->count = 0;
}

/// A trace of some operations, of nothing or behind the only one.
static void begin(struct hd_draft *draft)
{
    const uint64_t most = draft->count_max < START_MAX ? draft->count_max : START_MAX;
    const size_t at = draft->count;
    hd_mutation_add_new(draft, at, 1 + (size_t)hd_draft_below(draft, most));
    if (draft->run_count == 0) // all that the dice gave are off; malloc never is
        hd_draft_add(draft, hd_op_of(HD_OP_MALLOC, 0, 0, 0));
    (void)hd_draft_insert_run(draft, at);
}

size_t hd_mutate(uint8_t *data, size_t size, size_t size_max, uint64_t seed)
{
    static struct hd_draft draft;
    if (size_max < HD_RECORD_SIZE) return 0;
    const size_t fit = size_max / HD_RECORD_SIZE;
    draft.count_max = fit < HD_DRAFT_MAX ? fit : HD_DRAFT_MAX;
    draft.random = seed;
    draft.run_count = 0;
    hd_draft_decode(&draft, data, size);
    draft.off = kinds_off(&draft.random);
    start_over(&draft);

    if (draft.count == 0 || (draft.count == 1 && hd_draft_below(&draft, 4) != 0))
        begin(&draft);
    else if (hd_random_once_in(&draft.random, 2)) {
        prune(&draft);
        lighten(&draft);
        gather(&draft);
    }
    // Half of the time one, a quarter of the time two, ...
    uint64_t count = 1;
    while (count < STACKED_MAX && hd_random_once_in(&draft.random, 2))
        count++;
    for (uint64_t i = 0; i < count; i++)
        mutate_once(&draft);
    return hd_draft_encode(&draft, data);
}
