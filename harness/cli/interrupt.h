// SPDX-License-Identifier: MIT
/// interrupt.h: Ctrl-C ends long work in order.
#ifndef HD_INTERRUPT_H
#define HD_INTERRUPT_H

#include <stdbool.h>

/// From now on the first SIGINT or SIGTERM is remembered; a second one ends the process. So is
/// SIGHUP, unless it is ignored; further ones do nothing.
void hd_interrupt_watch(void);

/// Whether the first has come.
bool hd_interrupted(void);

#endif
