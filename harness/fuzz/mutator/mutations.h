// SPDX-License-Identifier: MIT
/// mutations.h: the table of mutations, one function each.
#ifndef HD_MUTATIONS_H
#define HD_MUTATIONS_H

#include "harness/fuzz/mutator/draft.h"

enum hd_mutation_id {
#define HD_MUTATION(name, weight, purpose) HD_MUTATION_##name,
#include "harness/fuzz/mutator/mutations.def"
#undef HD_MUTATION
    HD_MUTATIONS
};

struct hd_mutation {
    const char *name;
    unsigned weight;
    const char *purpose;
    bool (*apply)(struct hd_draft *draft); // false: it could not, and the draft is as it was
};

/// Indexed by enum hd_mutation_id.
extern const struct hd_mutation hd_mutations[HD_MUTATIONS];

// Each takes a draft of at least one operation with an empty run, and leaves such a one.
#define HD_MUTATION(name, weight, purpose) bool hd_mutation_##name(struct hd_draft *draft);
#include "harness/fuzz/mutator/mutations.def"
#undef HD_MUTATION

/// Adds `count` random operations to the run, each applying where it stands once the run is
/// inserted at `at`, as far as it can. pre: count <= HD_OCCUPANCY_MORE.
void hd_mutation_add_new(struct hd_draft *draft, size_t at, size_t count);

/// An allocating operation of `size` bytes, mostly malloc, some of the family.
struct hd_op hd_mutation_ask_for(struct hd_draft *draft, uint32_t slot, uint64_t size);

#endif
