// SPDX-License-Identifier: MIT
/// slice.c: windows of a long trace that stand alone.
///
/// A window works on few of the blocks that live where it begins. Only these are made before it: a
/// heap of a hundred thousand blocks in front of two hundred operations would be no seed, since an
/// engine would spend its changes on it; and without any, the frees that make a window interesting
/// would be skipped.
#include "harness/trace/convert.h"
#include "harness/trace/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/// A slot of the whole trace.
struct block {
    struct hd_op maker; // an operation that makes it as it is now
    uint64_t born;      // which operation made it, from 1; 0: it does not live
    uint64_t window;    // the last that named the slot
    uint32_t slot;      // in that window
};

/// What makes a block that a window works on.
struct maker {
    struct hd_op op;
    uint64_t born;
};

struct slicer {
    struct hd_arena arena;
    struct block *blocks; // by slot
    struct hd_op *ops;    // of the window
    struct maker *before; // to be carried out before it
    struct hd_conversion *conversion;
    const char *folder;
    const char *ending;
    size_t size;  // operations in a window
    size_t count; // gathered
    size_t before_count;
    uint64_t done;       // operations before the window
    uint32_t slot_count; // of the window
};

static bool names_slot(const struct hd_op *op)
{
    return (hd_op_infos[op->kind].operands & (HD_SLOT | HD_RESULT)) != 0;
}

/// What the operation makes of its slot's block, if it is carried out.
static void follow(struct block *block, const struct hd_op *op, uint64_t number)
{
    const unsigned operands = hd_op_infos[op->kind].operands;
    const bool takes = (operands & HD_SLOT) != 0;
    uint64_t size = op->size;
    if (op->kind == HD_OP_FREE) block->born = 0;
    if (!(operands & HD_RESULT) || (!takes && block->born != 0)) return;

    if (takes && (operands & HD_COUNT) && __builtin_mul_overflow(op->size, op->extra, &size))
        return;
    if (block->born == 0) block->born = number;
    block->maker = *op;
    if (!takes) return;
    block->maker.kind = HD_OP_MALLOC; // what realloc gives is as malloc gives it
    block->maker.size = size;
    block->maker.extra = 0;
}

/// Renames the slots of the window, and gathers what must be made before it.
static void look_ahead(struct slicer *slicer)
{
    slicer->before_count = 0;
    slicer->slot_count = 0;
    const uint64_t window = slicer->conversion->windows + 1;
    for (size_t i = 0; i < slicer->count; i++) {
        struct hd_op *op = &slicer->ops[i];
        if (!names_slot(op)) continue;
        struct block *block = &slicer->blocks[op->slot];
        if (block->window != window) {
            block->window = window;
            block->slot = slicer->slot_count++;
            if (block->born != 0) {
                struct maker *maker = &slicer->before[slicer->before_count++];
                *maker = (struct maker){.op = block->maker, .born = block->born};
                maker->op.slot = block->slot;
            }
        }
        follow(block, op, slicer->done + i + 1);
        op->slot = block->slot;
    }
}

static int by_age(const void *a, const void *b)
{
    const uint64_t born_a = ((const struct maker *)a)->born;
    const uint64_t born_b = ((const struct maker *)b)->born;
    return born_a < born_b ? -1 : born_a > born_b;
}

static enum hd_status write_window(struct slicer *slicer, struct hd_message *message)
{
    char path[PATH_MAX];
    struct hd_output output;
    struct hd_sink sink;
    struct hd_writer writer;
    struct hd_conversion *conversion = slicer->conversion;
    look_ahead(slicer);
    qsort(slicer->before, slicer->before_count, sizeof *slicer->before, by_age);
    conversion->windows++;
    if (snprintf(path, sizeof path, "%s/%06zu%s", slicer->folder, (size_t)conversion->windows,
                 slicer->ending) >= (int)sizeof path)
        return hd_fail(message, HD_BAD_INPUT, "%.400s: the name is too long", slicer->folder);
    enum hd_status status = hd_output_open(&output, path, message);
    if (status != HD_OK) return status;
    status = hd_convert_begin(&writer, &sink, &output, conversion, message);
    for (size_t i = 0; status == HD_OK && i < slicer->before_count; i++)
        status = hd_writer_put(&writer, &slicer->before[i].op, message);
    for (size_t i = 0; status == HD_OK && i < slicer->count; i++)
        status = hd_writer_put(&writer, &slicer->ops[i], message);
    status = hd_convert_end(&writer, conversion, status, message);
    slicer->done += slicer->count;
    slicer->count = 0;
    return hd_output_finish(&output, status, message);
}

static enum hd_status cut(struct hd_reader *reader, struct slicer *slicer,
                          struct hd_message *message)
{
    for (;;) {
        bool end = false;
        enum hd_status status = hd_reader_next(reader, &slicer->ops[slicer->count], &end, message);
        if (status != HD_OK) return status;
        if (end) return slicer->count > 0 ? write_window(slicer, message) : HD_OK;
        if (++slicer->count == slicer->size) status = write_window(slicer, message);
        if (status != HD_OK) return status;
    }
}

static void take(struct slicer *slicer)
{
    const size_t blocks = ((size_t)HD_SLOT_MAX + 1) * sizeof *slicer->blocks;
    const size_t ops = slicer->size * sizeof *slicer->ops;
    const size_t before = slicer->size * sizeof *slicer->before;
    const size_t alignment = _Alignof(struct maker);
    hd_arena_open(&slicer->arena, blocks + ops + before + 2 * alignment);
    slicer->ops = hd_arena_take(&slicer->arena, ops, alignment);
    slicer->before = hd_arena_take(&slicer->arena, before, alignment);
    slicer->blocks = hd_arena_take(&slicer->arena, blocks, alignment);
}

enum hd_status hd_trace_slice(const char *in, const char *folder, size_t size, const char *ending,
                              struct hd_conversion *conversion, struct hd_message *message)
{
    uint8_t window[HD_SOURCE_WINDOW];
    struct hd_reader reader;
    struct slicer slicer = {
        .conversion = conversion, .folder = folder, .ending = ending, .size = size};
    enum hd_status status = hd_reader_open(&reader, in, conversion->lenient, window, message);
    if (status != HD_OK) return status;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        status = hd_fail(message, HD_UNAVAILABLE, "cannot make %.400s: %m", folder);
    if (status == HD_OK) {
        take(&slicer);
        status = cut(&reader, &slicer, message);
        hd_arena_close(&slicer.arena);
    }
    hd_convert_note_skipped(&reader.import, conversion);
    hd_reader_close(&reader);
    return status;
}
