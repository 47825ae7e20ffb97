// SPDX-License-Identifier: MIT
/// workload.h: traces of a given number of live blocks, to measure with.
#ifndef HD_WORKLOAD_H
#define HD_WORKLOAD_H

#include "harness/trace/spool.h"

/// A trace in the arena that allocates `live` blocks and then replaces random ones among them until
/// it has `operations` operations (at least what the first part takes), nine in ten by free and
/// malloc or calloc, one in ten by realloc. Sizes are those of programs: most below 128 bytes, few
/// above 1 KiB, none above 32 KiB. The same arguments give the same trace.
void hd_workload_make(struct hd_arena *arena, uint32_t live, size_t operations,
                      struct hd_trace *trace);

/// The same trace in a spool. Fails as hd_spool_put.
HD_MUST_USE enum hd_status hd_workload_spool(struct hd_spool *spool, uint32_t live,
                                             size_t operations, struct hd_trace *trace,
                                             struct hd_message *message);

/// The `number`-th small trace of such operations: 20 over at most 8 live blocks, from an empty
/// heap. The same number gives the same trace.
void hd_workload_make_small(struct hd_arena *arena, uint64_t number, struct hd_trace *trace);

#endif
