// SPDX-License-Identifier: MIT
/// engine_rig.h: an engine, an allocator with a script, and what came of the last trace on them.
#ifndef HD_TEST_ENGINE_RIG_H
#define HD_TEST_ENGINE_RIG_H

#include "harness/engine/engine.h"
#include "tests/unit/scripted.h"

#define OPS_MAX 64

extern struct hd_engine engine;
extern struct hd_heap heap; // the scripted allocator's
extern struct hd_arena arena;
extern struct hd_run run;
extern struct hd_outcome outcomes[OPS_MAX];

/// To be the group's setup.
int open_rig(void **state);

/// The trace of these lines of text, at most OPS_MAX; fails the test when they are none.
struct hd_trace trace_of(const char *operations);

/// Sets `run` and `outcomes`.
void carry_out(const struct hd_subject *subject, const char *operations);

/// The same on a fresh scripted allocator.
void carry_out_with(enum misdeed misdeed, unsigned at, const char *operations);

/// All signatures in `run`, each ended by a blank.
const char *signatures(void);

/// How many calls of the kind the allocator was given; `block` 0: for any block.
unsigned calls_of(enum hd_op_kind kind, uintptr_t block);

#endif
