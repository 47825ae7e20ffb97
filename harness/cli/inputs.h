// SPDX-License-Identifier: MIT
/// inputs.h: the traces given to a command: files, folders of them, standard input.
#ifndef HD_INPUTS_H
#define HD_INPUTS_H

#include "harness/trace/spool.h"

struct hd_input {
    char *path;
    struct hd_trace trace;
    bool from_folder; // found in one, not named itself
};

struct hd_inputs {
    struct hd_input *items;
    size_t count;
    size_t capacity;
    struct hd_spool spool; // the operations
};

/// Finds and reads all traces: a file of any name, `-`, or a folder, of which every `*.trace` and
/// `*.bin` is taken, packed (`*.zst`) or not, in folders below it too, by name. HD_BAD_INPUT: there
/// is no such file, a folder has none, or a trace is malformed. HD_UNAVAILABLE: one cannot be read,
/// or there is no room for temporary files. `located`: the message begins with its place in a
/// trace.
HD_MUST_USE enum hd_status hd_inputs_read(struct hd_inputs *inputs, char *const *paths,
                                          size_t path_count, bool *located,
                                          struct hd_message *message);

/// Gives back what was read, after failure too. One that is all zero is closed already.
void hd_inputs_close(struct hd_inputs *inputs);

/// HD_BAD_INPUT when there is nothing at `path`, or a folder; for commands that take one trace.
HD_MUST_USE enum hd_status hd_input_check(const char *path, struct hd_message *message);

#endif
