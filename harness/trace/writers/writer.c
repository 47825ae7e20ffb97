// SPDX-License-Identifier: MIT
/// writer.c: a trace written in any form that is written, and the two forms of our own.
#include "harness/trace/writers/writer.h"

#include "harness/trace/binary.h"
#include "harness/trace/text_write.h"

static enum hd_status begin_text(struct hd_writer *writer, struct hd_message *message)
{
    return hd_text_write_begin(writer->sink, message);
}

static enum hd_status put_text(struct hd_writer *writer, const struct hd_op *op,
                               struct hd_message *message)
{
    return hd_text_write_op(writer->sink, op, message);
}

static enum hd_status put_binary(struct hd_writer *writer, const struct hd_op *op,
                                 struct hd_message *message)
{
    uint8_t record[HD_RECORD_SIZE];
    hd_binary_encode(op, record);
    return hd_sink_put(writer->sink, record, sizeof record, message);
}

const struct hd_form_writer hd_write_text = {.begin = begin_text, .put = put_text};
const struct hd_form_writer hd_write_binary = {.put = put_binary};

static const struct hd_form_writer *const forms[HD_FORMS] = {
    [HD_FORM_TEXT] = &hd_write_text,
    [HD_FORM_BINARY] = &hd_write_binary,
    [HD_FORM_REP] = &hd_write_rep,
    [HD_FORM_MTRACE] = &hd_write_mtrace,
};

enum hd_status hd_writer_begin(struct hd_writer *writer, struct hd_sink *sink, enum hd_form form,
                               bool lenient, struct hd_message *message)
{
    writer->sink = sink;
    writer->form = forms[form];
    hd_plain_open(&writer->plain, lenient);
    writer->rep.fd = -1;
    return writer->form->begin != NULL ? writer->form->begin(writer, message) : HD_OK;
}

enum hd_status hd_writer_put(struct hd_writer *writer, const struct hd_op *op,
                             struct hd_message *message)
{
    return writer->form->put(writer, op, message);
}

enum hd_status hd_writer_end(struct hd_writer *writer, enum hd_status status,
                             struct hd_message *message)
{
    if (status == HD_OK && writer->form->end != NULL) status = writer->form->end(writer, message);
    if (writer->form->close != NULL) writer->form->close(writer);
    hd_plain_close(&writer->plain);
    return status;
}
