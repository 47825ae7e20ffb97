// SPDX-License-Identifier: MIT
/// keeper.h: a process that ends the engines' process groups when we are killed and cannot.
///
/// The kernel ends our children then (process.c asks for it), but not what they have started: the
/// process in which libFuzzer merges, what afl-cmin runs. Where no keeper can be started those end
/// by themselves.
#ifndef HD_CAMPAIGN_KEEPER_H
#define HD_CAMPAIGN_KEEPER_H

#include <sys/types.h>

/// This group is to end with us; starts the keeper, where there is none.
void hd_keeper_note(pid_t group);

/// It is over. To be called before its leader is reaped: after that the number may be another's.
void hd_keeper_forget(pid_t group);

/// Ends the keeper, and no group.
void hd_keeper_end(void);

#endif
