// SPDX-License-Identifier: MIT
/// faults.h: the mistakes of faults.def, as a question that the code asks where each could be made.
///
/// brkmap is built with BRKMAP_FAULT left out: then every answer is a constant false, and nothing
/// of a mistake is in the program. A library of allocators/faulty is built with one of the names.
#ifndef BRKMAP_FAULTS_H
#define BRKMAP_FAULTS_H

#include <stdbool.h>

#ifndef BRKMAP_FAULT
#define BRKMAP_FAULT none
#endif

enum brkmap_fault {
    brkmap_fault_none,
#define HD_FAULT(name, oracle, wrong, recalls) brkmap_fault_##name,
#define HD_NEIGHBOUR(name, oracle, does)       brkmap_fault_##name,
#include "allocators/brkmap/faults.def"
#undef HD_FAULT
#undef HD_NEIGHBOUR
};

#define BRKMAP_JOIN(a, b)  a##b
#define BRKMAP_FAULT_OF(a) BRKMAP_JOIN(brkmap_fault_, a)

/// Whether this build makes that mistake.
static inline bool brkmap_has_fault(enum brkmap_fault fault)
{
    return fault == BRKMAP_FAULT_OF(BRKMAP_FAULT);
}

#endif
