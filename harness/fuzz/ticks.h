// SPDX-License-Identifier: MIT
/// ticks.h: a tick a second, and how much of that second who carries a run out had the processor.
#ifndef HD_TICKS_H
#define HD_TICKS_H

#include <stdint.h>

#define HD_TICK_NS UINT64_C(1000000000)

/// Has `tick` called once a second, in a signal handler of the calling thread, which is the one that
/// carries runs out or hands them out. It may be inside a sanitizer's runtime then, which must not
/// be entered. `own_ns` is how much of the second the thread at work had, or could have had, had
/// not others had the processor. To be called once. It costs a run nothing.
void hd_ticks_start(void (*tick)(uint64_t own_ns));

#endif
