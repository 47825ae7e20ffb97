// SPDX-License-Identifier: MIT
/// faults.c: faults.def as a table.
#include "allocators/faulty/faults.h"

#include <string.h>

const struct hd_fault hd_faults[] = {
#define POLICY(...)                            (&(const struct hd_held_policy){.kernel = {__VA_ARGS__}})
#define HD_FAULT(name, oracle, wrong, recalls) {#name, #oracle, false, NULL},
#define HD_NEIGHBOUR(name, oracle, does)       {#name, #oracle, true, NULL},
#define HD_FAULT_UNDER(name, oracle, wrong, recalls, ...)                                          \
    {#name, #oracle, false, POLICY(__VA_ARGS__)},
#define HD_NEIGHBOUR_UNDER(name, oracle, does, ...) {#name, #oracle, true, POLICY(__VA_ARGS__)},
#define HD_UNLOADABLE(name, why)
#include "allocators/faulty/faults.def"
#undef POLICY
#undef HD_FAULT
#undef HD_NEIGHBOUR
#undef HD_FAULT_UNDER
#undef HD_NEIGHBOUR_UNDER
#undef HD_UNLOADABLE
};
const size_t hd_fault_count = sizeof hd_faults / sizeof hd_faults[0];

const struct hd_fault *hd_fault_of(const char *spec)
{
    const char *slash = strrchr(spec, '/');
    const char *file = slash != NULL ? slash + 1 : spec;
    for (size_t i = 0; i < hd_fault_count; i++) {
        const size_t length = strlen(hd_faults[i].name);
        if (strncmp(file, hd_faults[i].name, length) == 0 && strcmp(file + length, ".so") == 0)
            return &hd_faults[i];
    }
    return NULL;
}
