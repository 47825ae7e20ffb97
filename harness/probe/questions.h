// SPDX-License-Identifier: MIT
/// questions.h: how each question is asked.
#ifndef HD_PROBE_QUESTIONS_H
#define HD_PROBE_QUESTIONS_H

#include "harness/probe/probe.h"

/// Indexed by enum hd_question: it takes a process of its own.
extern const bool hd_question_alone[HD_QUESTIONS];

_Static_assert(HD_QUESTIONS < 64, "a set of questions is one word");

#endif
