// SPDX-License-Identifier: MIT
/// slice.c: windows of a long trace that stand alone.
///
/// A window works on few of the blocks that live where it begins. Only these are made before it: a
/// heap of a hundred thousand blocks in front of two hundred operations would be no seed, since an
/// engine would spend its changes on it; and without any, the frees that make a window interesting
/// would be skipped.
#include "harness/trace/convert.h"
#include "harness/trace/maker.h"
#include "harness/trace/reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/// A slot of the whole trace.
struct block {
    struct hd_maker maker;
    uint64_t window; // the last that named the slot
    uint32_t slot;   // in that window
};

struct slicer {
    struct hd_arena arena;
    struct block *blocks;    // by slot
    struct hd_op *ops;       // of the window
    struct hd_maker *before; // to be carried out before it
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
            if (block->maker.born != 0) {
                struct hd_maker *maker = &slicer->before[slicer->before_count++];
                *maker = block->maker;
                maker->op.slot = block->slot;
            }
        }
        hd_maker_follow(&block->maker, op, slicer->done + i + 1);
        op->slot = block->slot;
    }
}

static enum hd_status write_window(struct slicer *slicer, struct hd_message *message)
{
    char path[PATH_MAX];
    struct hd_output output;
    struct hd_sink sink;
    struct hd_writer writer;
    struct hd_conversion *conversion = slicer->conversion;
    look_ahead(slicer);
    hd_makers_sort(slicer->before, slicer->before_count);
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
    const size_t alignment = _Alignof(struct block);
    hd_arena_open(&slicer->arena, blocks + ops + before + 2 * alignment);
    slicer->ops = hd_arena_take(&slicer->arena, ops, alignment);
    slicer->before = hd_arena_take(&slicer->arena, before, alignment);
    slicer->blocks = hd_arena_take(&slicer->arena, blocks, alignment);
}

static enum hd_status slice(struct hd_reader *reader, void *context, struct hd_message *message)
{
    struct slicer *slicer = context;
    if (mkdir(slicer->folder, 0777) != 0 && errno != EEXIST)
        return hd_fail(message, HD_UNAVAILABLE, "cannot make %.400s: %m", slicer->folder);
    take(slicer);
    const enum hd_status status = cut(reader, slicer, message);
    hd_arena_close(&slicer->arena);
    hd_convert_note_skipped(&reader->import, slicer->conversion);
    return status;
}

enum hd_status hd_trace_slice(const char *in, const char *folder, size_t size, const char *ending,
                              struct hd_conversion *conversion, struct hd_message *message)
{
    struct slicer slicer = {
        .conversion = conversion, .folder = folder, .ending = ending, .size = size};
    return hd_reader_use_file(in, conversion->lenient, slice, &slicer, message);
}
