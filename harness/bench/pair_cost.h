// SPDX-License-Identifier: MIT
/// pair_cost.h: what one mmap(2) of a page and its munmap(2) cost when somebody looks on.
#ifndef HD_PAIR_COST_H
#define HD_PAIR_COST_H

#include "allocators/status.h"
#include "harness/tap/tap.h"

/// Nanoseconds of a pair, made through libc. 0: cannot be done here.
struct hd_pair_cost {
    double native_ns;
    double tapped_ns[HD_TAP_WAYS]; // logged, by each way; not by HD_TAP_OFF
    double strace_ns;              // `strace -f -e trace=memory --seccomp-bpf`, to /dev/null
};

/// Each in turn in a process of its own, three times `rounds` times (strace: `rounds` times), and
/// medians of processor time; strace's own is counted with that of the process it traces. A way
/// that does not work here, or that does not see libc's calls, is 0, and so is strace where it is
/// not installed, is too old, or may not trace. HD_UNAVAILABLE: a child failed.
HD_MUST_USE enum hd_status hd_pair_cost_measure(unsigned rounds, struct hd_pair_cost *cost,
                                                struct hd_message *message);

/// To be called first in main of a program that calls hd_pair_cost_measure: what strace is given to
/// run is this program. There it makes pairs and does not return; else it does nothing.
void hd_pair_serve(char **argv);

#endif
