// SPDX-License-Identifier: MIT
/// convert.c: a trace file from one form to the other, in constant memory.
#include "harness/trace/binary.h"
#include "harness/trace/output.h"
#include "harness/trace/reader.h"
#include "harness/trace/sink.h"
#include "harness/trace/text_write.h"
#include "harness/trace/trace.h"

static enum hd_status write_op(struct hd_sink *sink, const struct hd_op *op, enum hd_form form,
                               struct hd_message *message)
{
    if (form == HD_FORM_TEXT) return hd_text_write_op(sink, op, message);

    uint8_t record[HD_RECORD_SIZE];
    hd_binary_encode(op, record);
    return hd_sink_put(sink, record, sizeof record, message);
}

static enum hd_status copy(struct hd_reader *reader, struct hd_sink *sink, enum hd_form form,
                           struct hd_message *message)
{
    enum hd_status status = HD_OK;
    if (form == HD_FORM_TEXT) status = hd_text_write_begin(sink, message);
    while (status == HD_OK) {
        struct hd_op op;
        bool end = false;
        status = hd_reader_next(reader, &op, &end, message);
        if (status != HD_OK) break;
        if (end) return hd_sink_flush(sink, message);
        status = write_op(sink, &op, form, message);
    }
    return status;
}

enum hd_status hd_trace_convert(const char *in, const char *out, enum hd_form form,
                                struct hd_message *message)
{
    uint8_t window[HD_SOURCE_WINDOW];
    struct hd_reader reader;
    enum hd_status status = hd_reader_open(&reader, in, window, message);
    if (status != HD_OK) return status;

    struct hd_output output;
    status = hd_output_open(&output, out, message);
    if (status == HD_OK) {
        struct hd_sink sink;
        hd_sink_open(&sink, output.name, output.fd);
        status = hd_output_finish(&output, copy(&reader, &sink, form, message), message);
    }
    hd_reader_close(&reader);
    return status;
}
