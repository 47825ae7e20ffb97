// SPDX-License-Identifier: MIT
/// reader.h: a trace of any form that is read, packed or not, one operation at a time.
#ifndef HD_READER_H
#define HD_READER_H

#include "harness/trace/importers/importer.h"
#include "harness/trace/source.h"
#include "harness/trace/text_read.h"
#include "harness/trace/trace.h"
#include "harness/trace/unpack.h"

/// May not be moved in memory. Who is handed one finds it open, and leaves it so.
struct hd_reader {
    struct hd_source packed;      // as the file is; used where it is packed
    struct hd_unpacker *unpacker; // NULL: it is not
    struct hd_source source;
    const struct hd_importer *importer; // of a foreign format; NULL: it is one of our own
    struct hd_import import;
    enum hd_form form; // where there is no importer; as told by the content: see hd_trace_read
    struct hd_text_reader text;
    bool owns_fd; // the descriptor is to be closed
};

/// Reads what it will of a reader; returns what came of that.
typedef enum hd_status hd_reader_user(struct hd_reader *reader, void *context,
                                      struct hd_message *message);

/// Opens a file ("-" is standard input), has `use` read from it, and closes it. HD_UNAVAILABLE when
/// it cannot be opened or read, HD_BAD_INPUT when it is packed and damaged: then `use` was not
/// called. Else what that returned. `lenient`: what cannot be in a foreign format is skipped
/// (importers/import.h).
HD_MUST_USE enum hd_status hd_reader_use_file(const char *path, bool lenient, hd_reader_user *use,
                                              void *context, struct hd_message *message);

/// The same from memory, nothing skipped.
HD_MUST_USE enum hd_status hd_reader_use_bytes(const char *name, const uint8_t *bytes, size_t size,
                                               hd_reader_user *use, void *context,
                                               struct hd_message *message);

/// Reads the next operation into `op`, or sets `end` when there is none. Fails as
/// hd_text_reader_next does, foreign formats too; the binary form is never malformed.
HD_MUST_USE enum hd_status hd_reader_next(struct hd_reader *reader, struct hd_op *op, bool *end,
                                          struct hd_message *message);

/// Takes an operation that was read; what it returns ends the reading where it is not HD_OK.
typedef enum hd_status hd_reader_taker(void *context, const struct hd_op *op,
                                       struct hd_message *message);

/// Reads to the end, and has each operation taken. Fails as hd_reader_next and `take` do.
HD_MUST_USE enum hd_status hd_reader_read_all(struct hd_reader *reader, hd_reader_taker *take,
                                              void *context, struct hd_message *message);

#endif
