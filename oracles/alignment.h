// SPDX-License-Identifier: MIT
/// alignment.h: what a step's block must be a multiple of.
#ifndef HD_ALIGNMENT_H
#define HD_ALIGNMENT_H

#include "oracles/oracle.h"

/// In bytes; 0: nothing is promised. Reads the step's operation, size and policy alone.
uint64_t hd_alignment_required(const struct hd_step *step);

#endif
