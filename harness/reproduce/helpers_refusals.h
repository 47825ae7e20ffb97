// SPDX-License-Identifier: MIT
/// helpers_refusals.h: the texts of helpers.def for programs in which the kernel refuses.
#ifndef HD_REPRODUCE_HELPERS_REFUSALS_H
#define HD_REPRODUCE_HELPERS_REFUSALS_H

/// A call that the filter lets through; the n-th call; how much a call adds; all; past a limit.
extern const char text_door[];
extern const char text_refuse[];
extern const char text_growth[];
extern const char text_refuse_all[];
extern const char text_limit[];

/// The handler and the filter. In it a line `!r`, `!a` or `!l` in front is for programs with
/// refuse, with refuse_all, with a limit.
extern const char text_watch[];

#endif
