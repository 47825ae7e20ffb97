// SPDX-License-Identifier: MIT
/// minimized.h: what came of making a trace smaller, and the file that it is written to.
#ifndef HD_REDUCE_MINIMIZED_H
#define HD_REDUCE_MINIMIZED_H

#include "harness/reduce/minimize.h"
#include "harness/trace/output.h"

enum hd_minimized_end { HD_MINIMIZED_WHOLE, HD_MINIMIZED_BUDGET, HD_MINIMIZED_INTERRUPTED };

struct hd_minimized {
    const char *path;   // of the trace given
    const char *output; // of the one written; `-`: standard output
    const char *policy; // a file; NULL: none was given
    size_t count;       // of operations given
    uint64_t step;      // of the finding in the trace given
    struct hd_kept kept;
    struct hd_minimize minimize;
    enum hd_minimized_end end;
    double budget; // seconds
    double taken;  // seconds
};

/// Writes the trace, in comments the finding and the command that shows it again.
HD_MUST_USE enum hd_status hd_minimized_write(const struct hd_minimized *minimized,
                                              const struct hd_output *output,
                                              struct hd_message *message);

/// That command: `heapduel run ...`, quoted for a shell; cut with `...` when it is longer.
#define HD_MINIMIZED_COMMAND_MAX 960
void hd_minimized_command(const struct hd_minimized *minimized,
                          char command[HD_MINIMIZED_COMMAND_MAX]);

#endif
