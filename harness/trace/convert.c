// SPDX-License-Identifier: MIT
/// convert.c: a trace file from one form to another, in constant memory.
#include "harness/trace/convert.h"

#include "harness/trace/output.h"
#include "harness/trace/reader.h"

enum hd_status hd_convert_begin(struct hd_writer *writer, struct hd_sink *sink,
                                const struct hd_output *output,
                                const struct hd_conversion *conversion, struct hd_message *message)
{
    hd_sink_open(sink, output->name, output->fd);
    const enum hd_status packed = conversion->packed ? hd_sink_pack(sink, message) : HD_OK;
    const enum hd_status status =
        hd_writer_begin(writer, sink, conversion->form, conversion->lenient, message);
    return packed != HD_OK ? packed : status;
}

enum hd_status hd_convert_end(struct hd_writer *writer, struct hd_conversion *conversion,
                              enum hd_status status, struct hd_message *message)
{
    const struct hd_plain *plain = &writer->plain;
    if (conversion->plainer + conversion->left_out == 0) conversion->lost_first = plain->first;
    conversion->plainer += plain->plainer;
    conversion->left_out += plain->left_out;
    status = hd_writer_end(writer, status, message);
    return hd_sink_finish(writer->sink, status, message);
}

void hd_convert_note_skipped(const struct hd_import *import, struct hd_conversion *conversion)
{
    conversion->skipped = import->skipped;
    conversion->skipped_first = import->first;
}

static enum hd_status write_op(void *writer, const struct hd_op *op, struct hd_message *message)
{
    return hd_writer_put(writer, op, message);
}

struct converting {
    struct hd_conversion *conversion;
    const char *out;
};

static enum hd_status convert(struct hd_reader *reader, void *context, struct hd_message *message)
{
    const struct converting *converting = context;
    struct hd_conversion *conversion = converting->conversion;
    struct hd_output output;
    enum hd_status status = hd_output_open(&output, converting->out, message);
    if (status != HD_OK) return status;
    struct hd_sink sink;
    struct hd_writer writer;
    status = hd_convert_begin(&writer, &sink, &output, conversion, message);
    if (status == HD_OK) status = hd_reader_read_all(reader, write_op, &writer, message);
    status = hd_convert_end(&writer, conversion, status, message);
    hd_convert_note_skipped(&reader->import, conversion);
    return hd_output_finish(&output, status, message);
}

enum hd_status hd_trace_convert(const char *in, const char *out, struct hd_conversion *conversion,
                                struct hd_message *message)
{
    struct converting converting = {.conversion = conversion, .out = out};
    return hd_reader_use_file(in, conversion->lenient, convert, &converting, message);
}
