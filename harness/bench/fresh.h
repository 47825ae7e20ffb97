// SPDX-License-Identifier: MIT
/// fresh.h: work that is measured in a child process of its own: a fresh heap, no tap yet.
#ifndef HD_FRESH_H
#define HD_FRESH_H

#include "allocators/status.h"

#include <stdint.h>

/// What the child tells its parent.
struct hd_fresh {
    uint64_t elapsed_ns; // of what was measured; 0: it never came to that
    uint64_t syscalls;   // that the tap saw meanwhile
    enum hd_status status;
    struct hd_message message;
};

typedef void hd_fresh_work(const void *context, struct hd_fresh *result);

/// Calls `work` in a child. The work's own status, or HD_UNAVAILABLE: no child could be had, or it
/// died first; then the message names `what`.
HD_MUST_USE enum hd_status hd_fresh_run(hd_fresh_work *work, const void *context, const char *what,
                                        struct hd_fresh *result, struct hd_message *message);

#endif
