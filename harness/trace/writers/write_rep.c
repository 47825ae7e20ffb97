// SPDX-License-Identifier: MIT
/// write_rep.c: the .rep form of CS:APP's malloc lab (importers/rep.c); slots are its ids.
#include "harness/base/temporary.h"
#include "harness/trace/writers/writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_BYTES = 64 };

static enum hd_status cannot(const char *what, struct hd_message *message)
{
    return hd_fail(message, HD_UNAVAILABLE, "cannot %s a file in the folder for temporary ones: %m",
                   what);
}

static enum hd_status begin(struct hd_writer *writer, struct hd_message *message)
{
    writer->rep.fd = hd_temporary_file();
    if (writer->rep.fd < 0) return cannot("create", message);
    hd_sink_open(&writer->rep.body, "a temporary file", writer->rep.fd);
    writer->rep.ids = 0;
    writer->rep.operations = 0;
    return HD_OK;
}

static enum hd_status put(struct hd_writer *writer, const struct hd_op *op,
                          struct hd_message *message)
{
    struct hd_op said;
    bool says = false;
    const enum hd_status status = hd_plain_say(&writer->plain, op, &said, &says, message);
    if (status != HD_OK || !says) return status;

    char line[LINE_BYTES];
    int length = 0;
    switch (said.kind) {
    case HD_OP_FREE: length = snprintf(line, sizeof line, "f %" PRIu32 "\n", said.slot); break;
    case HD_OP_FREE_NULL: length = snprintf(line, sizeof line, "f -1\n"); break;
    default:
        length = snprintf(line, sizeof line, "%c %" PRIu32 " %" PRIu64 "\n",
                          said.kind == HD_OP_REALLOC ? 'r' : 'a', said.slot, said.size);
    }
    writer->rep.operations++;
    if (said.kind != HD_OP_FREE_NULL && said.slot >= writer->rep.ids)
        writer->rep.ids = (uint64_t)said.slot + 1;
    return hd_sink_put(&writer->rep.body, line, (size_t)length, message);
}

static enum hd_status copy_body(struct hd_writer *writer, struct hd_message *message)
{
    uint8_t bytes[HD_SINK_BUFFER];
    if (lseek(writer->rep.fd, 0, SEEK_SET) != 0) return cannot("read", message);
    for (;;) {
        const ssize_t got = read(writer->rep.fd, bytes, sizeof bytes);
        if (got < 0) return cannot("read", message);
        if (got == 0) return HD_OK;
        const enum hd_status status = hd_sink_put(writer->sink, bytes, (size_t)got, message);
        if (status != HD_OK) return status;
    }
}

/// Suggested heap size 0, ids, operations, weight 1: then all that was gathered.
static enum hd_status end(struct hd_writer *writer, struct hd_message *message)
{
    char header[2 * LINE_BYTES];
    const int length = snprintf(header, sizeof header, "0\n%" PRIu64 "\n%" PRIu64 "\n1\n",
                                writer->rep.ids, writer->rep.operations);
    enum hd_status status = hd_sink_finish(&writer->rep.body, HD_OK, message);
    if (status == HD_OK) status = hd_sink_put(writer->sink, header, (size_t)length, message);
    return status == HD_OK ? copy_body(writer, message) : status;
}

static void close_body(struct hd_writer *writer)
{
    if (writer->rep.fd >= 0) (void)close(writer->rep.fd); // nameless: gone with it
    writer->rep.fd = -1;
}

const struct hd_form_writer hd_write_rep = {
    .begin = begin, .put = put, .end = end, .close = close_body};
