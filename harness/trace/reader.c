// SPDX-License-Identifier: MIT
/// reader.c: a trace of either form, one operation at a time.
#include "harness/trace/reader.h"

#include "harness/trace/binary.h"
#include "harness/trace/form.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/// Looks at a first piece of the content. A text is known by its first bytes, so that one typed at
/// a terminal or coming through a pipe is not waited for longer than that.
static enum hd_status detect_form(struct hd_source *source, enum hd_form *form,
                                  struct hd_message *message)
{
    _Static_assert(HD_FORM_LOOKED_AT <= HD_SOURCE_WINDOW, "looked at in one piece");
    enum hd_status status = hd_source_peek(source, sizeof HD_TEXT_MAGIC - 1, message);
    if (status == HD_OK && !hd_form_begins_text(source->next, hd_source_ready(source)))
        status = hd_source_peek(source, HD_FORM_LOOKED_AT, message);
    if (status != HD_OK) return status;

    const size_t ready = hd_source_ready(source);
    *form = hd_form_detect(source->next, ready < HD_FORM_LOOKED_AT ? ready : HD_FORM_LOOKED_AT);
    return HD_OK;
}

static enum hd_status begin(struct hd_reader *reader, struct hd_message *message)
{
    hd_text_reader_open(&reader->text, &reader->source);
    return detect_form(&reader->source, &reader->form, message);
}

enum hd_status hd_reader_open(struct hd_reader *reader, const char *path,
                              uint8_t window[HD_SOURCE_WINDOW], struct hd_message *message)
{
    const bool standard = strcmp(path, "-") == 0;
    const int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return hd_fail(message, HD_UNAVAILABLE, "cannot open %.400s: %m", path);

    reader->owns_fd = !standard;
    hd_source_from_file(&reader->source, standard ? "standard input" : path, fd, window);
    const enum hd_status status = begin(reader, message);
    if (status != HD_OK) hd_reader_close(reader);
    return status;
}

void hd_reader_open_bytes(struct hd_reader *reader, const char *name, const uint8_t *bytes,
                          size_t size)
{
    struct hd_message message;
    reader->owns_fd = false;
    hd_source_from_memory(&reader->source, name, bytes, size);
    const enum hd_status status = begin(reader, &message);
    HD_ASSERT(status == HD_OK); // memory can always be read
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

enum hd_status hd_reader_next(struct hd_reader *reader, struct hd_op *op, bool *end,
                              struct hd_message *message)
{
    *end = false;
    return reader->form == HD_FORM_TEXT ? hd_text_reader_next(&reader->text, op, end, message)
                                        : next_record(&reader->source, op, end, message);
}

void hd_reader_close(struct hd_reader *reader)
{
    if (reader->owns_fd) (void)close(reader->source.fd); // only read from: nothing can be lost
    reader->owns_fd = false;
}
