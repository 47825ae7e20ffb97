// SPDX-License-Identifier: MIT
/// convert.h: what writing a whole trace and writing windows of it share.
#ifndef HD_CONVERT_H
#define HD_CONVERT_H

#include "harness/trace/importers/import.h"
#include "harness/trace/output.h"
#include "harness/trace/trace.h"
#include "harness/trace/writers/writer.h"

/// Begins to write to the output, as the conversion says. hd_convert_end must follow, after failure
/// too.
HD_MUST_USE enum hd_status hd_convert_begin(struct hd_writer *writer, struct hd_sink *sink,
                                            const struct hd_output *output,
                                            const struct hd_conversion *conversion,
                                            struct hd_message *message);

/// Ends it, adds up what was lost, and returns how all went; the output is left to finish.
HD_MUST_USE enum hd_status hd_convert_end(struct hd_writer *writer,
                                          struct hd_conversion *conversion, enum hd_status status,
                                          struct hd_message *message);

void hd_convert_note_skipped(const struct hd_import *import, struct hd_conversion *conversion);

#endif
