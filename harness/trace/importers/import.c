// SPDX-License-Identifier: MIT
/// import.c: what a foreign trace tells of blocks, made into operations.
#include "harness/trace/importers/import.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// ---------------------------------------------------------------------------- what is wrong

static enum hd_status fail_at(struct hd_import *import, const char *format, va_list args)
{
    char what[sizeof import->message->text];
    (void)vsnprintf(what, sizeof what, format, args);
    if (import->line.number != 0)
        return hd_text_fail(&import->line, 0, import->message, "%s", what);
    return hd_fail(import->message, HD_BAD_INPUT, "%.200s: behind byte %" PRIu64 ": %s",
                   import->lines.source->name, hd_source_offset(import->lines.source), what);
}

enum hd_status hd_import_fail(struct hd_import *import, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const enum hd_status status = fail_at(import, format, args);
    va_end(args);
    return status;
}

enum hd_status hd_import_doubt(struct hd_import *import, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const enum hd_status status = fail_at(import, format, args);
    va_end(args);
    if (!import->lenient) return status;
    if (import->skipped++ == 0) import->first = *import->message;
    return HD_OK;
}

/// Says where, if what failed below did not know.
static enum hd_status with_place(struct hd_import *import, enum hd_status status)
{
    if (status != HD_BAD_INPUT) return status;
    const struct hd_message what = *import->message;
    return hd_import_fail(import, "%s", what.text);
}

static enum hd_status not_live(struct hd_import *import, uint64_t name)
{
    return hd_import_doubt(import, "no live block is %#" PRIx64, name);
}

static enum hd_status live_already(struct hd_import *import, uint64_t name)
{
    return hd_import_doubt(import, "block %#" PRIx64 " lives already", name);
}

// ---------------------------------------------------------------------------- the queue

static void put(struct hd_import *import, enum hd_op_kind kind, uint32_t slot, uint64_t size,
                uint64_t extra)
{
    if (import->taken == import->queued) import->taken = import->queued = 0;
    HD_ASSERT(import->queued < HD_IMPORT_QUEUE);
    struct hd_op *op = &import->queue[import->queued++];
    memset(op, 0, sizeof *op); // the padding too: equal operations are equal bytes
    op->kind = (uint8_t)kind;
    op->thread = import->thread;
    op->slot = slot;
    op->size = size;
    op->extra = extra;
}

bool hd_import_take(struct hd_import *import, struct hd_op *op)
{
    if (import->taken == import->queued) return false;
    memcpy(op, &import->queue[import->taken++], sizeof *op);
    return true;
}

// ---------------------------------------------------------------------------- blocks

/// A call that gave no block.
static enum hd_status made_nothing(struct hd_import *import, enum hd_op_kind kind, uint64_t size,
                                   uint64_t extra)
{
    uint32_t slot = 0;
    const enum hd_status status = hd_blocks_spare_slot(&import->blocks, &slot, import->message);
    if (status != HD_OK) return with_place(import, status);
    put(import, kind, slot, size, extra);
    put(import, HD_OP_FREE, slot, 0, 0);
    return HD_OK;
}

enum hd_status hd_import_made(struct hd_import *import, enum hd_op_kind kind, uint64_t name,
                              uint64_t size, uint64_t extra)
{
    if (name == HD_NO_BLOCK) return made_nothing(import, kind, size, extra);
    if (hd_blocks_find(&import->blocks, name, NULL)) return live_already(import, name);
    uint32_t slot = 0;
    const enum hd_status status = hd_blocks_add(&import->blocks, name, &slot, import->message);
    if (status == HD_OK) put(import, kind, slot, size, extra);
    return with_place(import, status);
}

enum hd_status hd_import_freed(struct hd_import *import, uint64_t name)
{
    uint32_t slot = 0;
    if (name == HD_NO_BLOCK) {
        put(import, HD_OP_FREE_NULL, 0, 0, 0);
        return HD_OK;
    }
    if (!hd_blocks_find(&import->blocks, name, &slot)) return not_live(import, name);
    put(import, HD_OP_FREE, slot, 0, 0);
    return hd_blocks_remove(&import->blocks, name, import->message);
}

enum hd_status hd_import_resized(struct hd_import *import, uint64_t old, uint64_t name,
                                 uint64_t size)
{
    uint32_t slot = 0;
    if (old == HD_NO_BLOCK) return hd_import_made(import, HD_OP_REALLOC, name, size, 0);
    if (!hd_blocks_find(&import->blocks, old, &slot)) return not_live(import, old);
    if (name != old && name != HD_NO_BLOCK && hd_blocks_find(&import->blocks, name, NULL))
        return live_already(import, name);

    put(import, HD_OP_REALLOC, slot, size, 0);
    if (name == HD_NO_BLOCK && size == 0) {
        put(import, HD_OP_FREE, slot, 0, 0);
        return hd_blocks_remove(&import->blocks, old, import->message);
    }
    if (name == old || name == HD_NO_BLOCK) return HD_OK;
    return hd_blocks_rename(&import->blocks, old, name, import->message);
}

// ---------------------------------------------------------------------------- threads and lines

/// A number that no thread has, else one that fewest have; the first thread has its own alone.
static uint32_t choose_number(const struct hd_import *import)
{
    if (import->threads_seen == 0) return 0;
    uint32_t best = 1;
    for (uint32_t number = 2; number <= HD_THREAD_MAX; number++)
        if (import->threads_of[number] < import->threads_of[best]) best = number;
    return best;
}

enum hd_status hd_import_thread(struct hd_import *import, uint64_t name)
{
    uint32_t number = 0;
    if (!hd_name_map_find(&import->threads, name, &number)) {
        number = choose_number(import);
        const enum hd_status status =
            hd_name_map_add(&import->threads, name, number, import->message);
        if (status != HD_OK) return status;
        import->threads_of[number]++;
        import->threads_seen++;
    }
    import->thread = (uint8_t)number;
    return HD_OK;
}

void hd_import_thread_ended(struct hd_import *import, uint64_t name)
{
    uint32_t number = 0;
    if (!hd_name_map_find(&import->threads, name, &number) || number == 0) return;
    hd_name_map_remove(&import->threads, name);
    import->thread = (uint8_t)number;
    if (--import->threads_of[number] == 0) put(import, HD_OP_THREAD_END, 0, 0, 0);
}

enum hd_status hd_import_line(struct hd_import *import, bool *end)
{
    struct hd_text_line line;
    bool rest = true;
    while (rest) {
        rest = import->lines.cut; // what comes next belongs to the line before
        const enum hd_status status =
            hd_text_lines_next(&import->lines, HD_IMPORT_LINE_MAX, &line, end, import->message);
        if (status != HD_OK || *end) return status;
    }
    if (line.length > HD_IMPORT_LINE_MAX) line.length = HD_IMPORT_LINE_MAX;
    import->line = line;
    return HD_OK;
}

void hd_import_close(struct hd_import *import)
{
    hd_blocks_close(&import->blocks);
    hd_name_map_close(&import->threads);
}
