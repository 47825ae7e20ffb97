// SPDX-License-Identifier: MIT
/// write_mtrace.c: the form of glibc's mtrace(3) (importers/mtrace.c); a slot is an address.
#include "harness/trace/importers/mtrace_own.h"
#include "harness/trace/writers/writer.h"

#include <inttypes.h>
#include <stdio.h>

enum { LINE_BYTES = 160 };

static enum hd_status begin(struct hd_writer *writer, struct hd_message *message)
{
    static const char line[] = "= Start\n";
    return hd_sink_put(writer->sink, line, sizeof line - 1, message);
}

/// free(NULL) is not written there, and a realloc of NULL is as a malloc.
static enum hd_status put(struct hd_writer *writer, const struct hd_op *op,
                          struct hd_message *message)
{
    struct hd_op said;
    bool says = false;
    if (op->kind == HD_OP_FREE_NULL) {
        writer->plain.number++;
        return hd_plain_lose(&writer->plain, op, false, "free of NULL", message);
    }
    const bool resizes = hd_plain_lives(&writer->plain, op);
    enum hd_status status = hd_plain_say(&writer->plain, op, &said, &says, message);
    if (status != HD_OK || !says) return status;
    if (said.kind == HD_OP_REALLOC && !resizes)
        status = hd_plain_lose(&writer->plain, op, true, "realloc of NULL", message);
    if (status != HD_OK) return status;

    char line[LINE_BYTES];
    int length = 0;
    const uint64_t address = hd_mtrace_address(said.slot);
    if (said.kind == HD_OP_FREE)
        length = snprintf(line, sizeof line, "@ " HD_MTRACE_CALLER " - %#" PRIx64 "\n", address);
    else if (said.kind == HD_OP_MALLOC || !resizes)
        length = snprintf(line, sizeof line, "@ " HD_MTRACE_CALLER " + %#" PRIx64 " %#" PRIx64 "\n",
                          address, said.size);
    else
        length = snprintf(line, sizeof line,
                          "@ " HD_MTRACE_CALLER " < %#" PRIx64 "\n"
                          "@ " HD_MTRACE_CALLER " > %#" PRIx64 " %#" PRIx64 "\n",
                          address, address, said.size);
    return hd_sink_put(writer->sink, line, (size_t)length, message);
}

static enum hd_status end(struct hd_writer *writer, struct hd_message *message)
{
    static const char line[] = "= End\n";
    return hd_sink_put(writer->sink, line, sizeof line - 1, message);
}

const struct hd_form_writer hd_write_mtrace = {.begin = begin, .put = put, .end = end};
