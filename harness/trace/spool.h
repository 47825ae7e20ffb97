// SPDX-License-Identifier: MIT
/// spool.h: the operations of traces in a temporary file, mapped to be read as an array.
///
/// However many there are, they take no memory but what the kernel keeps of the file as long as it
/// has room: a walk that lets go of what it has passed (hd_trace_walk) needs that of one window.
/// Another process that is handed the file has them too.
#ifndef HD_SPOOL_H
#define HD_SPOOL_H

#include "harness/trace/sink.h"
#include "harness/trace/trace.h"

struct hd_spool {
    int file;
    const struct hd_op *ops; // of all traces, one behind the other
    size_t reserved;         // bytes of address space
    size_t count;            // operations put
    struct hd_trace under_way;
    struct hd_sink sink;
};

/// An empty one; may not be moved in memory. HD_UNAVAILABLE: no file or no address space; then
/// there is nothing to close.
HD_MUST_USE enum hd_status hd_spool_open(struct hd_spool *spool, struct hd_message *message);

/// Unmaps: traces taken from it are dead. One that is all zero is closed already.
void hd_spool_close(struct hd_spool *spool);

/// Adds an operation to the trace under way. HD_UNAVAILABLE: there is no room in the file.
HD_MUST_USE enum hd_status hd_spool_put(struct hd_spool *spool, const struct hd_op *op,
                                        struct hd_message *message);

/// Ends the trace under way, which is to be had from now on; the next one begins. Fails as above.
HD_MUST_USE enum hd_status hd_spool_take(struct hd_spool *spool, struct hd_trace *trace,
                                         struct hd_message *message);

/// Reads a trace file into it: as hd_trace_read does into an arena, streaming.
HD_MUST_USE enum hd_status hd_spool_read(struct hd_spool *spool, const char *path,
                                         struct hd_trace *trace, struct hd_message *message);

/// Where in the file the operations of a trace that was taken begin, in bytes.
size_t hd_spool_offset(const struct hd_trace *trace);

/// In another process: `count` operations from `offset` on in the file, which may be closed then.
/// `spool` is to be closed. False: they cannot be mapped; then there is nothing to close.
bool hd_spool_map(struct hd_spool *spool, int file, size_t offset, size_t count,
                  struct hd_trace *trace);

#endif
