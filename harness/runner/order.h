// SPDX-License-Identifier: MIT
/// order.h: a trace to be carried out on an allocator, written down for a child (job.h).
#ifndef HD_ORDER_H
#define HD_ORDER_H

#include "harness/runner/job.h"

/// What a child is handed, and where it lies here. The parts are looked for by the order's own
/// shape: the one in the job may have been written over.
struct hd_order {
    int files[HD_JOB_FILES];
    bool copied; // the file of the operations is ours
    struct hd_job_shape shape;
    struct hd_job *job;
    struct hd_outcome *outcomes;
    const struct hd_trace *trace;
};

/// Writes the job down in files of its own. `trace` must stay as long as the order. Fails as
/// hd_watched_map does, and where `spec` is too long; then there is nothing to give back.
HD_MUST_USE enum hd_status hd_order_make(const char *spec, const struct hd_trace *trace,
                                         const struct hd_conditions *conditions,
                                         struct hd_order *order, struct hd_message *message);

/// Once a child has its own descriptors of the files; what is mapped stays.
void hd_order_close_files(struct hd_order *order);

/// Gives back what was mapped of an order of this shape; NULL: nothing was.
void hd_order_unmap(struct hd_job *job, struct hd_outcome *outcomes,
                    const struct hd_job_shape *shape);

/// What is mapped for outcomes, bytes.
size_t hd_order_outcome_bytes(const struct hd_job_shape *shape);

#endif
