// SPDX-License-Identifier: MIT
/// file.h: from a trace to a program in a file.
#ifndef HD_REPRODUCE_FILE_H
#define HD_REPRODUCE_FILE_H

#include "harness/reproduce/reproduce.h"

/// Runs the trace as hd_reproduce wants it. `finding` is the first, or that of `signature`; NULL:
/// there is none. `result` is to be released when the answer is HD_OK. Fails as hd_runner_run.
HD_MUST_USE enum hd_status hd_reproduction_run(const char *name, const struct hd_trace *trace,
                                               const struct hd_conditions *conditions,
                                               const char *signature, struct hd_result *result,
                                               const struct hd_finding **finding,
                                               struct hd_message *message);

/// Writes the program to `path`, whole or not at all; "-" is standard output. One that cannot show
/// the finding is written too, and then the answer is HD_UNAVAILABLE as from hd_reproduce.
HD_MUST_USE enum hd_status hd_reproduction_write(const struct hd_reproduction *reproduction,
                                                 const char *path, struct hd_message *message);

/// Both for one allocator. HD_BAD_INPUT: the run does not have the finding.
HD_MUST_USE enum hd_status hd_reproduction_make(const char *name, const struct hd_trace *trace,
                                                const struct hd_conditions *conditions,
                                                const char *signature, const char *path,
                                                struct hd_message *message);

#endif
