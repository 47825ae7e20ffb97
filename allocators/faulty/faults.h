// SPDX-License-Identifier: MIT
/// faults.h: the lines of faults.def, for whoever runs these libraries.
#ifndef HD_FAULTS_H
#define HD_FAULTS_H

#include "allocators/allocator.h"

#include <stdbool.h>
#include <stddef.h>

struct hd_fault {
    const char *name;           // of its library, NAME.so
    const char *oracle;         // that finds it, or that must let it pass
    bool correct;               // a neighbour
    const struct hd_held_policy *held; // that it is run under; NULL: none
};

/// Those that can be loaded, in the order of faults.def.
extern const struct hd_fault hd_faults[];
extern const size_t hd_fault_count;

/// Of a library with this path; NULL: it is none of these.
const struct hd_fault *hd_fault_of(const char *spec);

#endif
