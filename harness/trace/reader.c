// SPDX-License-Identifier: MIT
/// reader.c: a trace of any form that is read, packed or not, one operation at a time.
#include "harness/trace/reader.h"

#include "harness/trace/binary.h"
#include "harness/trace/form.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/// Looks at a first piece of the content. A text is known by its first bytes, so that one typed at
/// a terminal or coming through a pipe is not waited for longer than that.
static enum hd_status detect_form(struct hd_reader *reader, struct hd_message *message)
{
    _Static_assert(HD_FORM_LOOKED_AT <= HD_SOURCE_WINDOW, "looked at in one piece");
    struct hd_source *source = &reader->source;
    enum hd_status status = hd_source_peek(source, sizeof HD_TEXT_MAGIC - 1, message);
    if (status == HD_OK && !hd_form_begins_text(source->next, hd_source_ready(source)))
        status = hd_source_peek(source, HD_FORM_LOOKED_AT, message);
    if (status != HD_OK) return status;

    size_t ready = hd_source_ready(source);
    if (ready > HD_FORM_LOOKED_AT) ready = HD_FORM_LOOKED_AT;
    reader->form = hd_form_detect(source->next, ready);
    if (!hd_form_begins_text(source->next, ready))
        reader->importer = hd_importer_find(source->next, ready, reader->unpacker != NULL);
    return HD_OK;
}

/// Puts an unpacker between, if there is anything to unpack.
static enum hd_status unpack(struct hd_reader *reader, struct hd_message *message)
{
    struct hd_source *source = &reader->source;
    enum hd_status status = hd_source_peek(source, HD_PACKING_LOOKED_AT, message);
    if (status != HD_OK) return status;
    const enum hd_packing packing = hd_packing_detect(source->next, hd_source_ready(source));
    if (packing == HD_PACKING_NONE) return HD_OK;

    reader->packed = *source;
    status = hd_unpacker_open(&reader->unpacker, &reader->packed, packing, message);
    if (status == HD_OK) hd_source_from_unpacker(source, reader->packed.name, reader->unpacker);
    return status;
}

/// The source is open; the rest is set from what it holds.
static enum hd_status begin(struct hd_reader *reader, bool lenient, struct hd_message *message)
{
    reader->unpacker = NULL;
    reader->importer = NULL;
    reader->import = (struct hd_import){.lenient = lenient, .lines = {.source = &reader->source}};
    hd_text_reader_open(&reader->text, &reader->source);
    const enum hd_status status = unpack(reader, message);
    return status == HD_OK ? detect_form(reader, message) : status;
}

static void end(struct hd_reader *reader)
{
    const int fd = reader->unpacker != NULL ? reader->packed.fd : reader->source.fd;
    hd_unpacker_close(reader->unpacker);
    hd_import_close(&reader->import);
    if (reader->owns_fd) (void)close(fd); // only read from: nothing can be lost
}

/// The source is open, and has been closed when this returns.
static enum hd_status use_source(struct hd_reader *reader, bool lenient, hd_reader_user *use,
                                 void *context, struct hd_message *message)
{
    enum hd_status status = begin(reader, lenient, message);
    if (status == HD_OK) status = use(reader, context, message);
    end(reader);
    return status;
}

enum hd_status hd_reader_use_file(const char *path, bool lenient, hd_reader_user *use,
                                  void *context, struct hd_message *message)
{
    uint8_t window[HD_SOURCE_WINDOW];
    const bool standard = strcmp(path, "-") == 0;
    const int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return hd_fail(message, HD_UNAVAILABLE, "cannot open %.400s: %m", path);

    struct hd_reader reader = {.owns_fd = !standard};
    hd_source_from_file(&reader.source, standard ? "standard input" : path, fd, window);
    return use_source(&reader, lenient, use, context, message);
}

enum hd_status hd_reader_use_bytes(const char *name, const uint8_t *bytes, size_t size,
                                   hd_reader_user *use, void *context, struct hd_message *message)
{
    struct hd_reader reader = {.owns_fd = false};
    hd_source_from_memory(&reader.source, name, bytes, size);
    return use_source(&reader, false, use, context, message);
}

static enum hd_status next_record(struct hd_source *source, struct hd_op *op, bool *end,
                                  struct hd_message *message)
{
    const enum hd_status status = hd_source_peek(source, HD_RECORD_SIZE, message);
    if (status != HD_OK) return status;

    const size_t ready = hd_source_ready(source);
    const size_t size = ready < HD_RECORD_SIZE ? ready : HD_RECORD_SIZE;
    *end = size == 0;
    if (*end) return HD_OK;

    uint8_t record[HD_RECORD_SIZE] = {0}; // a record cut short goes on with zeros
    memcpy(record, source->next, size);
    source->next += size;
    hd_binary_decode(record, op);
    return HD_OK;
}

/// Reads on until that made an operation.
static enum hd_status next_imported(struct hd_reader *reader, struct hd_op *op, bool *end,
                                    struct hd_message *message)
{
    struct hd_import *import = &reader->import;
    import->message = message;
    while (!hd_import_take(import, op)) {
        const enum hd_status status = reader->importer->read(import, end);
        if (status != HD_OK || *end) return status;
    }
    return HD_OK;
}

enum hd_status hd_reader_next(struct hd_reader *reader, struct hd_op *op, bool *end,
                              struct hd_message *message)
{
    *end = false;
    if (reader->importer != NULL) return next_imported(reader, op, end, message);
    return reader->form == HD_FORM_TEXT ? hd_text_reader_next(&reader->text, op, end, message)
                                        : next_record(&reader->source, op, end, message);
}

enum hd_status hd_reader_read_all(struct hd_reader *reader, hd_reader_taker *take, void *context,
                                  struct hd_message *message)
{
    for (;;) {
        struct hd_op op;
        bool end = false;
        enum hd_status status = hd_reader_next(reader, &op, &end, message);
        if (status != HD_OK || end) return status;
        status = take(context, &op, message);
        if (status != HD_OK) return status;
    }
}
