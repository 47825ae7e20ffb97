// SPDX-License-Identifier: MIT
/// writer.h: a trace written in any form that is written, one operation at a time.
#ifndef HD_WRITER_H
#define HD_WRITER_H

#include "harness/trace/sink.h"
#include "harness/trace/trace.h"
#include "harness/trace/writers/plain.h"

struct hd_writer;

/// A form. Each function fails with HD_BAD_INPUT where the form cannot say it, with HD_UNAVAILABLE
/// where a write fails.
struct hd_form_writer {
    enum hd_status (*begin)(struct hd_writer *writer, struct hd_message *message); // NULL: nothing
    enum hd_status (*put)(struct hd_writer *writer, const struct hd_op *op,
                          struct hd_message *message);
    enum hd_status (*end)(struct hd_writer *writer, struct hd_message *message); // NULL: nothing
    void (*close)(struct hd_writer *writer); // after failure too; NULL: nothing
};

extern const struct hd_form_writer hd_write_text;
extern const struct hd_form_writer hd_write_binary;
extern const struct hd_form_writer hd_write_rep;
extern const struct hd_form_writer hd_write_mtrace;

struct hd_writer {
    struct hd_sink *sink;
    const struct hd_form_writer *form;
    struct hd_plain plain; // of forms that say little
    struct {
        struct hd_sink body; // to a nameless file: the header before it has counts
        int fd;
        uint64_t ids;
        uint64_t operations;
    } rep;
};

/// Begins to write a trace of this form to `sink`, which is the caller's. `lenient`: what the form
/// cannot say is said plainer, or left out, and counted in writer->plain. After failure too the
/// writer must be ended.
HD_MUST_USE enum hd_status hd_writer_begin(struct hd_writer *writer, struct hd_sink *sink,
                                           enum hd_form form, bool lenient,
                                           struct hd_message *message);

HD_MUST_USE enum hd_status hd_writer_put(struct hd_writer *writer, const struct hd_op *op,
                                         struct hd_message *message);

/// If `status`, how it went so far, is HD_OK, writes what is left to write. Returns how all went.
HD_MUST_USE enum hd_status hd_writer_end(struct hd_writer *writer, enum hd_status status,
                                         struct hd_message *message);

#endif
