// SPDX-License-Identifier: MIT
/// families.c: the counters that are set, family by family.
#include "harness/fuzz/families.h"

static const struct {
    const char *name;
    size_t first;
    size_t counters;
} families[HD_BEHAVIOURS] = {
#define HD_BEHAVIOUR(id, counters, what)                                                           \
    [HD_BEHAVIOUR_##id] = {#id, offsetof(struct hd_counters, id), (counters)},
#include "harness/fuzz/behaviours.def"
#undef HD_BEHAVIOUR
};

struct hd_behaviour_family hd_behaviour_family(enum hd_behaviour_id id,
                                               const uint8_t seen[static HD_COUNTERS])
{
    struct hd_behaviour_family family = {.name = families[id].name,
                                         .counters = families[id].counters};
    for (size_t i = 0; i < family.counters; i++)
        family.seen += seen[families[id].first + i] != 0;
    return family;
}
