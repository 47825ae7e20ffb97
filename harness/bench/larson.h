// SPDX-License-Identifier: MIT
/// larson.h: a server whose workers come and go: each thread frees what the one before it
/// allocated.
///
/// After P.-A. Larson and M. Krishnan, "Memory Allocation for Long-Running Server Applications",
/// ISMM 1998, with the numbers that mimalloc-bench runs its program with (5000 blocks a thread of 8
/// to 1000 bytes). The main thread allocates the blocks. A thread replaces random ones among its
/// blocks by new ones of random sizes, ends, and a new thread goes on with them. There the time is
/// fixed, here the work is: HD_LARSON_GENERATIONS threads one after the other, by hd_load.threads
/// at once, `count` replacements each.
#ifndef HD_LARSON_H
#define HD_LARSON_H

#include "harness/bench/load.h"

#define HD_LARSON_BLOCKS      5000
#define HD_LARSON_SIZE_MIN    8
#define HD_LARSON_SIZE_MAX    1000
#define HD_LARSON_GENERATIONS 4
#define HD_LARSON_THREADS_MAX 16

/// As the functions of load.h, of HD_LOAD_LARSON. A thread that cannot be had is a call that was
/// not served.
uint64_t hd_larson_operations(const struct hd_load *load);
size_t hd_larson_room(const struct hd_load *load);
uint64_t hd_larson_run(const struct hd_load *load, const struct hd_subject *subject, void *room);

#endif
