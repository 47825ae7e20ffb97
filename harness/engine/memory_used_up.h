// SPDX-License-Identifier: MIT
/// memory_used_up.h: whether an allocator has used up its memory limit on next to nothing.
#ifndef HD_MEMORY_USED_UP_H
#define HD_MEMORY_USED_UP_H

#include "harness/engine/engine.h"

/// True when less than a quarter of the limit is left.
bool hd_memory_nearly_used_up(const struct hd_memory_limit *limit);

/// Judges a step that was answered NULL. True, and a finding of `progress` in `run`, when it asked
/// for little, little lives, and the limit is nearly used up all the same.
bool hd_judge_memory_used_up(const struct hd_engine *engine, const struct hd_step *step,
                             struct hd_run *run);

#endif
