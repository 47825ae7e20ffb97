// SPDX-License-Identifier: MIT
/// malloc_bench.c: the traces of malloc-bench, protocol buffers in gzip.
///
///     Tracefile  1: TraceLine (many)   2: the most blocks at once
///     TraceLine  1: malloc {1: id, 2: size, 3: alignment}     2: free {1: id}
///                3: realloc {1: id, 2: old id, 3: size}       4: calloc {1: id, 2: count, 3: size}
///
/// An id that is not there is NULL; other numbers that are not there are 0. Ids are slots already.
#include "harness/trace/importers/importer.h"

#include <inttypes.h>

enum wire { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };
enum { LINES = 1, MALLOC = 1, FREE = 2, REALLOC = 3, CALLOC = 4, FIELDS = 4 };

/// A TraceLine is a few numbers; what is longer is no trace.
#define LINE_MAX_BYTES 1024

/// Bytes of a message, read from left to right.
struct piece {
    const uint8_t *next;
    const uint8_t *end;
};

struct field {
    uint64_t number;
    uint64_t value; // of a VARINT; of others 0
    enum wire wire;
    struct piece bytes; // of BYTES
};

static bool take_varint(struct piece *piece, uint64_t *value)
{
    enum { BITS = 7, LONGEST = 70 };
    *value = 0;
    for (unsigned shift = 0; shift < LONGEST && piece->next < piece->end; shift += BITS) {
        const uint8_t byte = *piece->next++;
        const uint64_t bits = byte & 0x7f;
        if (shift == LONGEST - BITS && bits > 1) return false; // past 64 bits
        *value |= bits << shift;
        if (byte == bits) return true;
    }
    return false;
}

static bool take_bytes(struct piece *piece, uint64_t size, struct piece *bytes)
{
    if (size > (uint64_t)(piece->end - piece->next)) return false;
    *bytes = (struct piece){.next = piece->next, .end = piece->next + size};
    piece->next += size;
    return true;
}

static bool take_field(struct piece *piece, struct field *field)
{
    uint64_t tag = 0;
    uint64_t size = 0;
    *field = (struct field){0};
    if (!take_varint(piece, &tag)) return false;
    field->number = tag >> 3;
    field->wire = (enum wire)(tag & 7);
    switch (field->wire) {
    case VARINT: return take_varint(piece, &field->value);
    case FIXED64: return take_bytes(piece, 8, &field->bytes);
    case FIXED32: return take_bytes(piece, 4, &field->bytes);
    case BYTES: return take_varint(piece, &size) && take_bytes(piece, size, &field->bytes);
    default: return false;
    }
}

/// One call of a TraceLine.
struct call {
    uint64_t kind;
    bool has[FIELDS];
    uint64_t value[FIELDS]; // by number; 0: not there
};

static bool read_line(struct piece line, struct call *call)
{
    struct field field;
    *call = (struct call){0};
    if (!take_field(&line, &field) || field.wire != BYTES || line.next != line.end) return false;
    call->kind = field.number;
    struct piece body = field.bytes;
    while (body.next < body.end) {
        if (!take_field(&body, &field)) return false;
        if (field.number >= FIELDS || field.wire != VARINT) continue; // hints, or newer than this
        call->has[field.number] = true;
        call->value[field.number] = field.value;
    }
    return call->kind >= MALLOC && call->kind <= CALLOC;
}

/// A whole first line, and it is one.
static bool recognizes(const uint8_t *bytes, size_t size)
{
    struct piece file = {.next = bytes, .end = bytes + size};
    struct field field;
    struct call call;
    return take_field(&file, &field) && field.number == LINES && field.wire == BYTES &&
           read_line(field.bytes, &call);
}

static uint64_t id_of(const struct call *call, unsigned number)
{
    return call->has[number] ? call->value[number] : HD_NO_BLOCK;
}

static enum hd_status tell(struct hd_import *import, const struct call *call)
{
    const uint64_t id = id_of(call, 1);
    if (call->value[1] > HD_SLOT_MAX)
        return hd_import_fail(import, "expected an id up to %" PRIu32 ", found %" PRIu64,
                              HD_SLOT_MAX, call->value[1]);
    switch (call->kind) {
    case FREE: return hd_import_freed(import, id);
    case REALLOC: return hd_import_resized(import, id_of(call, 2), id, call->value[3]);
    case CALLOC: return hd_import_made(import, HD_OP_CALLOC, id, call->value[3], call->value[2]);
    default: break;
    }
    if (!call->has[3]) return hd_import_made(import, HD_OP_MALLOC, id, call->value[2], 0);
    return hd_import_made(import, HD_OP_ALIGNED_ALLOC, id, call->value[2], call->value[3]);
}

static enum hd_status read_next(struct hd_import *import, bool *end)
{
    struct hd_source *source = import->lines.source;
    struct field field;
    struct call call;
    const enum hd_status status = hd_source_peek(source, LINE_MAX_BYTES, import->message);
    if (status != HD_OK) return status;
    *end = hd_source_ready(source) == 0;
    if (*end) return HD_OK;

    import->blocks.names_are_slots = true;
    struct piece file = {.next = source->next, .end = source->end};
    if (!take_field(&file, &field))
        return hd_import_fail(import, "a TraceLine that is cut short, or none");
    const bool line = field.number == LINES && field.wire == BYTES;
    if (line && !read_line(field.bytes, &call))
        return hd_import_fail(import, "not one malloc, free, realloc or calloc in a TraceLine");
    source->next = file.next;
    return line ? tell(import, &call) : HD_OK;
}

const struct hd_importer hd_importer_malloc_bench = {
    .name = "malloc-bench",
    .packed_only = true,
    .recognizes = recognizes,
    .read = read_next,
};
