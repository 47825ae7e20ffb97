// SPDX-License-Identifier: MIT
/// families.h: what was ever shown of an allocator's behaviour, by family of behaviours.def.
#ifndef HD_FAMILIES_H
#define HD_FAMILIES_H

#include "harness/fuzz/counters.h"

enum hd_behaviour_id {
#define HD_BEHAVIOUR(id, counters, what) HD_BEHAVIOUR_##id,
#include "harness/fuzz/behaviours.def"
#undef HD_BEHAVIOUR
    HD_BEHAVIOURS
};

struct hd_behaviour_family {
    const char *name; // as in behaviours.def
    size_t counters;
    size_t seen; // of them, ever hit
};

/// `seen` is 1 for each counter that was ever hit, by its number.
struct hd_behaviour_family hd_behaviour_family(enum hd_behaviour_id id,
                                               const uint8_t seen[static HD_COUNTERS]);

#endif
