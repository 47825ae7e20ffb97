// SPDX-License-Identifier: MIT
/// pause.h: code that is covered runs, and the engine is not told. One file an engine.
#ifndef HD_PAUSE_H
#define HD_PAUSE_H

#include <link.h>

/// A library that may count its own coverage, beside the program; NULL: there is none.
void hd_coverage_watch(const struct link_map *library);

/// From the first to the second what is covered counts for nothing.
void hd_coverage_pause(void);
void hd_coverage_resume(void);

#endif
