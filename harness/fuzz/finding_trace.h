// SPDX-License-Identifier: MIT
/// finding_trace.h: the trace of a finding, with what it shows behind it.
#ifndef HD_FINDING_TRACE_H
#define HD_FINDING_TRACE_H

#include "harness/trace/trace.h"
#include "oracles/finding.h"

#include <stdbool.h>

/// True, and the file has the time of now, where there is a trace at `path` already.
bool hd_finding_trace_is_known(const char *path);

/// Puts the trace at `path` when it is whole, for others look there meanwhile; behind it a comment,
/// `# NAME: SIGNATURE at step N: EVIDENCE`. 0; or an errno, when it could not be kept, EEXIST where
/// there is one already. Allocates nothing, so that it can be called from a signal handler.
HD_MUST_USE int hd_finding_trace_keep(const char *path, const struct hd_trace *trace,
                                      const char *name, const struct hd_finding *finding);

#endif
